// The page "compare your own" with JavaScript: reads the form and the file here, and sends neither.
import { decoded, median, months_of, number_of, result_of, written_number } from "/static/own-use.js";

const LARGEST_BYTES = 5_000_000, ALIKE = 0.005;
const form = document.getElementById("own"), result = document.getElementById("result"), drop = document.getElementById("drop");
const words = JSON.parse(document.getElementById("words").textContent);
const language = document.documentElement.lang;
let dropped = null, beside = null;

const filled = (text, ...parts) => parts.reduce((said, part) => said.replace("{}", () => part), text);
const shown = (value, decimals) => {
  const size = Math.abs(value), digits = decimals ?? (size >= 100 || size === 0 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3);
  return value.toLocaleString(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
};

function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

async function rows_of(path) {
  const found = [];
  for (let address = `${words.root}${path}`; address; ) {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(String(answer.status));
    const page = await answer.json();
    found.push(...page.rows);
    address = page.next;
  }
  return found;
}

// What one is compared with: public, the same for everybody, and fetched once.
async function others() {
  if (beside === null) {
    const [days, buildings] = await Promise.all([rows_of(`/degree-days?from=${words.from}`), rows_of("/comparison")]);
    const weather = {};
    for (const row of days) weather[row.month] = { actual: row.degree_days, normal: row.normal_degree_days, days: row.days_in_month };
    beside = { weather, buildings };
  }
  return beside;
}

async function own_of(fields) {
  const area_m2 = written_number(fields.get("area")), share = fields.get("share").trim() ? number_of(fields.get("share")) : null;
  if (area_m2 === null) return { fault: { code: "area", detail: "" } };
  if (fields.get("share").trim() && share === null) return { fault: { code: "share", detail: "" } };
  const own = { area_m2, use: fields.get("use"), share: share === null ? null : share / 100, as_one: false };
  const file = dropped ?? (fields.get("file").size ? fields.get("file") : null);
  if (file && file.size > LARGEST_BYTES) return { fault: { code: "too_large", detail: "" } };
  const text = file ? decoded(new Uint8Array(await file.arrayBuffer())) : fields.get("text");
  if (text.trim() || file) {
    const months = months_of(text);
    return months.fault ? months : { ...own, kwh: months.kwh };
  }
  const kwh = written_number(fields.get("kwh"));
  if (kwh === null) return { fault: { code: "kwh", detail: "" } };
  if (!fields.get("year")) return { fault: { code: "year", detail: "" } };
  return { ...own, as_one: true, kwh: { [`${fields.get("year")}-01`]: kwh } };
}

function told(fault) {
  return element("p", filled(words.faults[fault.code], fault.detail), { class: "wrong", role: "alert" });
}

function verdict(mine, values) {
  if (!values.length) return words.said.nothing;
  const middle = median(values), apart = middle > 0 ? mine / middle - 1 : 0;
  if (Math.abs(apart) < ALIKE) return words.said.alike;
  return filled(apart > 0 ? words.said.above : words.said.below, shown(Math.abs(apart) * 100, 0));
}

function bars_of(entries) {
  const list = element("ul", undefined, { class: "bars" }), longest = Math.max(...entries.map((each) => each.value));
  const svg = "http://www.w3.org/2000/svg";
  for (const each of entries) {
    const line = element("li", undefined, each.mine ? { class: "mine" } : {}), name = element("span");
    if (each.address) name.append(element("a", each.name, { href: each.address }));
    else name.textContent = each.name;
    const picture = document.createElementNS(svg, "svg"), bar = document.createElementNS(svg, "rect");
    for (const [key, value] of Object.entries({ viewBox: "0 0 100 4", preserveAspectRatio: "none", "aria-hidden": "true", focusable: "false" })) picture.setAttribute(key, value);
    bar.setAttribute("width", ((100 * each.value) / longest).toFixed(2));
    bar.setAttribute("height", "4");
    picture.append(bar);
    line.append(name, element("span", shown(each.value)), picture);
    list.append(line);
  }
  return list;
}

function months_table(found) {
  const english = language === "en";
  const heads = english ? ["Month", "kWh, as metered", "kWh, normal year"] : ["Månad", "kWh, som mätt", "kWh, normalt år"];
  const rows = found.months.length > 1 ? found.months.map((each) => [each.name, shown(each.kwh, 0), shown(each.corrected_kwh, 0)]) : [];
  rows.push([english ? "Sum" : "Summa", shown(found.kwh, 0), shown(found.corrected_kwh, 0)], ["Per m²", shown(found.per_m2), shown(found.corrected_per_m2)]);
  const table = element("table"), head = table.createTHead().insertRow(), body = table.createTBody();
  heads.forEach((text, at) => head.append(element("th", text, at ? { scope: "col", class: "number" } : { scope: "col" })));
  for (const [name, ...numbers] of rows) {
    const row = body.insertRow();
    row.append(element("th", name, { scope: "row" }), ...numbers.map((text) => element("td", text, { class: "number" })));
  }
  const region = element("div", undefined, { class: "scroll", tabindex: "0", role: "region", "aria-label": english ? "Month by month" : "Månad för månad" });
  region.append(table);
  return region;
}

function sentences(own, found) {
  const said = [`${filled(words.said.period, found.first, found.last)}.`];
  if (own.use !== "electricity") {
    said.push(filled(found.is_assumed ? words.said.assumed : words.said.share, shown(found.share * 100, 0)));
    const left = found.months.filter((each) => !each.is_corrected).map((each) => each.name);
    if (left.length) said.push(filled(words.said.not_corrected, left.join(", ")));
  }
  said.push(`${language === "en" ? "Compared with" : "Jämförs med"} ${words.compared_with[own.use]}.`);
  return said.map((text) => element("p", text));
}

async function compare() {
  const fields = new FormData(form), own = await own_of(fields);
  if (own.fault) return [told(own.fault)];
  let known;
  try {
    known = await others();
  } catch {
    return [element("p", words.said.not_reached, { class: "wrong", role: "alert" })];
  }
  const found = result_of(own, known.weather);
  if (found.fault) return [told(found.fault)];
  const [indicator, carrier] = words.compared[own.use];
  const same = known.buildings.filter((row) => row.kind === fields.get("kind") && row.indicator === indicator && row.carrier === carrier && row.value !== null);
  const entries = same.map((row) => ({ name: row.name, value: row.value, address: `/oppet/byggnad/${encodeURIComponent(row.building)}${words.suffix}` }));
  entries.push({ name: words.said.yours, value: found.corrected_per_m2, mine: true });
  entries.sort((a, b) => a.value - b.value);
  const section = element("section", undefined, { class: "panel" });
  section.append(
    element("h2", language === "en" ? "Result" : "Resultat"),
    element("p", verdict(found.corrected_per_m2, same.map((row) => row.value)), { class: "big" }),
    element("p", words.said.per_m2, { class: "quiet" }), bars_of(entries), ...sentences(own, found), months_table(found),
  );
  return [section];
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  result.replaceChildren(...(await compare()));
  result.focus();
});
for (const name of ["dragover", "dragleave", "drop"]) {
  drop.addEventListener(name, (event) => {
    event.preventDefault();
    drop.classList.toggle("over", name === "dragover");
    if (name !== "drop" || !event.dataTransfer.files.length) return;
    dropped = event.dataTransfer.files[0];
    drop.querySelector(".hint").textContent = dropped.name;
  });
}
document.getElementById("file").addEventListener("change", () => (dropped = null));
document.getElementById("where").hidden = true;
document.getElementById("where-browser").hidden = false;
