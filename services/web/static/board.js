// Renews the panels in place every few seconds. Without it the page is whole, and renews itself each minute.
"use strict";

const EVERY_MS = 10_000;
const live = document.getElementById("live");
const panels = document.getElementById("panels");
let stamp = live ? live.textContent.trim().split(" ").pop() : "";
let timer = 0;

function open_tables() {
  return new Set([...panels.querySelectorAll("details[open]")].map((each) => each.id));
}

// Only what changed is replaced, so that a reader's place and choice stay.
function put_in_place(text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  const open = open_tables();
  for (const fresh of page.querySelectorAll("section.panel")) {
    const old = document.getElementById(fresh.id);
    if (!old) continue;
    for (const each of fresh.querySelectorAll("details")) each.open = open.has(each.id);
    if (old.isEqualNode(fresh) || old.contains(document.activeElement)) continue;
    old.replaceWith(document.adoptNode(fresh));
  }
  stamp = page.getElementById("stamp").textContent;
}

async function renew() {
  try {
    const answer = await fetch(live.dataset.source, { cache: "no-store", signal: AbortSignal.timeout(EVERY_MS * 2) });
    if (!answer.ok) throw new Error(String(answer.status));
    put_in_place(await answer.text());
    live.classList.remove("lost");
    live.setAttribute("role", "none"); // a new time every ten seconds is not read aloud; a lost contact is
    live.textContent = `${live.dataset.updated} ${stamp}`;
  } catch {
    live.setAttribute("role", "status");
    live.classList.add("lost");
    live.textContent = `${live.dataset.lost} ${stamp}`;
  } finally {
    schedule();
  }
}

function schedule() {
  clearTimeout(timer);
  if (!document.hidden) timer = setTimeout(renew, EVERY_MS);
}

if (live && panels) {
  document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : renew()));
  schedule();
}
