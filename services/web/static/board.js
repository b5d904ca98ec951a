// Draws the charts, and renews the panels in place every few seconds. Without it the page is whole: every chart has its table,
// and the page renews itself each minute.
"use strict";

const EVERY_MS = 10_000;
const live = document.getElementById("live");
const panels = document.getElementById("panels");
const asked = new Map(); // panel → as the server wrote it, before anything was drawn in it
let stamp = live ? live.textContent.trim().split(" ").pop() : "";
let timer = 0;

// Charts

const SWEDISH = document.documentElement.lang === "sv";
const NUMBERS = SWEDISH
  ? { decimal: ",", thousands: "\u00a0", grouping: [3], currency: ["", "\u00a0kr"], minus: "\u2212" }
  : { decimal: ".", thousands: ",", grouping: [3], currency: ["", " kr"], minus: "\u2212" };
const names = (options) => (index) =>
  new Intl.DateTimeFormat(document.documentElement.lang, { ...options, timeZone: "UTC" }).format(index);
const weekdays = (style) => [...Array(7).keys()].map((day) => names({ weekday: style })(Date.UTC(2023, 0, 1 + day)));
const months = (style) => [...Array(12).keys()].map((month) => names({ month: style })(Date.UTC(2023, month, 1)).replace(".", ""));
const TIMES = {
  dateTime: "%Y-%m-%d %H:%M", date: "%Y-%m-%d", time: "%H:%M", periods: ["", ""],
  days: weekdays("long"), shortDays: weekdays("short"), months: months("long"), shortMonths: months("short"),
};
const CLOCK = { year: "%Y", quarter: "%b %Y", month: "%b %Y", week: "%-d %b", date: "%-d %b", hours: "%H:%M", minutes: "%H:%M" };

const tip = document.createElement("div");
tip.id = "tip";
tip.hidden = true;
document.body.append(tip);

function show_tip(_handler, event, _item, value) {
  tip.hidden = value === undefined || value === null || value === "";
  if (tip.hidden) return;
  tip.textContent = String(value);
  const left = Math.min(event.clientX + 12, document.documentElement.clientWidth - tip.offsetWidth - 8);
  tip.style.left = `${Math.max(8, left)}px`;
  tip.style.top = `${event.clientY + 16}px`;
}

async function draw(place) {
  if (place.dataset.drawn || !window.vegaEmbed) return;
  place.dataset.drawn = "yes";
  const spec = JSON.parse(document.getElementById(place.id.replace("draw-", "spec-")).textContent);
  spec.config.axisTemporal = { format: CLOCK, labelOverlap: true };
  await window.vegaEmbed(place.firstElementChild, spec, {
    mode: "vega-lite", renderer: "svg", actions: false, defaultStyle: false,
    ast: true, // expressions are read, not made into code: the page's policy allows no code but its own
    tooltip: show_tip, formatLocale: NUMBERS, timeFormatLocale: TIMES,
  });
  place.classList.add("drawn");
}

const soon = new IntersectionObserver(
  (seen) => {
    for (const each of seen.filter((entry) => entry.isIntersecting)) {
      soon.unobserve(each.target);
      draw(each.target);
    }
  },
  { rootMargin: "600px" },
);

function draw_in(part) {
  for (const each of part.querySelectorAll(".vega")) soon.observe(each);
}

addEventListener("beforeprint", () => {
  for (const each of document.querySelectorAll(".vega")) draw(each);
});

// Renewal

function open_tables() {
  return new Set([...panels.querySelectorAll("details[open]")].map((each) => each.id));
}

// Only what changed is replaced, so that a reader's place and choice stay.
function put_in_place(text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  const open = open_tables();
  for (const fresh of page.querySelectorAll("section.panel")) {
    const old = document.getElementById(fresh.id);
    const written = fresh.outerHTML;
    if (!old || asked.get(fresh.id) === written || old.contains(document.activeElement)) continue;
    asked.set(fresh.id, written);
    for (const each of fresh.querySelectorAll("details")) each.open = open.has(each.id);
    for (const each of fresh.querySelectorAll(".vega")) {
      const drawn = document.getElementById(each.id); // keeps its height, so that nothing jumps
      if (drawn) each.style.minHeight = `${drawn.offsetHeight}px`;
    }
    old.replaceWith(document.adoptNode(fresh));
    draw_in(document.getElementById(fresh.id));
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

if (panels) {
  for (const each of panels.querySelectorAll("section.panel")) asked.set(each.id, each.outerHTML);
  draw_in(panels);
}
if (live && panels) {
  document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : renew()));
  schedule();
}
