// One's own use, read and reckoned in the browser so that it need not leave it. No page, no network, nothing kept.
// The same as services/web/citizens/own_file.py and own_use.py, which say why; what is changed there is changed here.

const LARGEST_BYTES = 5_000_000, MOST_LINES = 150_000, LOOKED_AT = 200, YEAR_MONTHS = 12;
const DAY = 1_440, HOUR = 60, SHORTEST_MONTH = 28 * DAY, LONGEST_MONTH = 31 * DAY;
const LEAST_RATIO = 0.5, GREATEST_RATIO = 2.0, LEAST_AREA_M2 = 10, MOST_AREA_M2 = 1_000_000, MOST_KWH = 1e9;
const EPOCH_DAYS = 719_163; // 1970-01-01, days since year 1 as Python counts them
export const ASSUMED_SHARE = { heat: 0.22, electric_heating: 0.5, electricity: 1.0 };

const CLOCK = "(?<hour>\\d{1,2})[:.](?<minute>\\d{2})(?:[:.]\\d{2}(?:[.,]\\d+)?)?";
const ZONE = "\\s*(?<zone>Z|[+-]\\d{2}:?\\d{2})?";
const UNTIL = "(?:\\s+[-–]\\s+.*)?";
const TIMES = [
  `(?<year>\\d{4})[-/.](?<month>\\d{1,2})(?:[-/.](?<day>\\d{1,2}))?(?:[ T]+${CLOCK})?${ZONE}${UNTIL}`,
  `(?<year>\\d{4})(?<month>\\d{2})(?:(?<day>\\d{2})(?:[ T]?(?<hour>\\d{2}):?(?<minute>\\d{2})(?::?\\d{2})?)?)?${ZONE}`,
  `(?<day>\\d{1,2})[-/.](?<month>\\d{1,2})[-/.](?<year>\\d{4})(?:[ T]+${CLOCK})?${UNTIL}`,
].map((pattern) => new RegExp(`^(?:${pattern})$`));
const NAMED = /^(?:(?<name>[a-zåäö]{3,12})\.?[ -]+(?<year>\d{4})|(?<year2>\d{4})[ -]+(?<name2>[a-zåäö]{3,12})\.?)$/;
const MONTHS = { jan: 1, feb: 2, mar: 3, apr: 4, maj: 5, may: 5, jun: 6, jul: 7, aug: 8, sep: 9, okt: 10, oct: 10, nov: 11, dec: 12 };
const CLOCK_ALONE = /^(?<hour>\d{1,2})[:.](?<minute>\d{2})(?:[:.]\d{2})?(?:\s*[-–].*)?$/;
const AROUND_NUMBER = /[\s\u00a0\u202f']|kwh$/g, GROUPED = /^[1-9]\d{0,2}[.,]\d{3}$/;
const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,2})?$/;
const WANTED = /kwh|mwh|\bwh\b|förbruk|forbruk|använd|anvand|uttag|energi|consum|usage|mängd|mangd|värde|varde|value/;
const UNWANTED = /kr|öre|sek|pris|kostnad|cost|price|temp|grad|effekt|inmat|produc|produkt|export|ställning|stallning|kvalit|status|m3|m³/;

const fault = (code, detail = "") => ({ fault: { code, detail } });
const count_in = (table, key) => table.set(key, (table.get(key) ?? 0) + 1);

export function decoded(bytes) {
  if (bytes.length > 1 && bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (bytes.length > 1 && bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

// {kwh: {"2026-01": …}} of the last twelve whole months in a row, or {fault: {code, detail}}.
export function months_of(text) {
  if (text.length > LARGEST_BYTES) return fault("too_large");
  const lines = text.replace(/^\ufeff/, "").split(/\r\n|\r|\n/).filter((line) => line.trim());
  if (!lines.length) return fault("empty");
  if (lines.length > MOST_LINES) return fault("too_large");
  const separator = separator_of(lines.slice(0, LOOKED_AT));
  if (separator === null) return fault("no_columns");
  const rows = lines.map((line) => cells_of(line, separator));
  const columns = columns_of(rows);
  if (columns.fault) return columns;
  const values = values_of(rows, columns);
  return values.fault ? values : by_month(values);
}

// In normal weather, by square metre. own: {kwh, area_m2, use, share (or null), as_one}; weather: month → {actual, normal, days}.
export function result_of(own, weather) {
  const names = Object.keys(own.kwh).sort();
  let total = 0;
  for (const name of Object.keys(own.kwh)) total += own.kwh[name];
  if (!(own.area_m2 >= LEAST_AREA_M2 && own.area_m2 <= MOST_AREA_M2)) return fault("area");
  if (own.share !== null && !(own.share >= 0 && own.share <= 1)) return fault("share");
  if (!(total > 0 && total <= MOST_KWH)) return fault("kwh");
  const covered = own.as_one ? year_from(names[0]) : names;
  const share = own.share ?? ASSUMED_SHARE[own.use];
  const known = (name) => weather[name] && weather[name].actual !== null && weather[name].normal !== null;
  const lacking = covered.filter((name) => !known(name));
  if (lacking.length && own.use !== "electricity") return fault("no_weather", lacking.join(", "));
  const months = corrected_months(own, names, covered, weather, share * total);
  const reached = months.reduce((sum, month) => sum + month.corrected_kwh, 0);
  return {
    months, kwh: total, corrected_kwh: reached, per_m2: total / own.area_m2, corrected_per_m2: reached / own.area_m2,
    share, is_assumed: own.share === null && own.use !== "electricity", first: covered[0], last: covered[covered.length - 1],
  };
}

export function median(values) {
  const ordered = [...values].sort((a, b) => a - b), half = Math.floor(ordered.length / 2);
  return ordered.length % 2 ? ordered[half] : (ordered[half - 1] + ordered[half]) / 2;
}

export function number_of(cell) {
  let text = cell.toLowerCase().replace(AROUND_NUMBER, "").replace(/\u2212/g, "-");
  if (text.includes(",") && text.includes(".")) {
    text = text.lastIndexOf(",") > text.lastIndexOf(".") ? text.replace(/\./g, "").replace(/,/g, ".") : text.replace(/,/g, "");
  }
  text = text.replace(/,/g, ".");
  return NUMBER.test(text) ? Number(text) : null;
}

/* "18.000" is eighteen to one and eighteen thousand to another. */
export function written_number(text) {
  return GROUPED.test(text.toLowerCase().replace(AROUND_NUMBER, "")) ? null : number_of(text);
}

function separator_of(lines) {
  for (const each of [";", "\t", ","]) {
    if (2 * lines.filter((line) => line.includes(each)).length >= lines.length) return each;
  }
  return null;
}

function cells_of(line, separator) {
  const cells = [];
  let cell = "", quoted = false;
  for (const letter of line) {
    if (letter === '"') quoted = !quoted;
    else if (letter === separator && !quoted) {
      cells.push(cell.trim());
      cell = "";
    } else cell += letter;
  }
  cells.push(cell.trim());
  return cells;
}

function columns_of(rows) {
  const time_in = (row) => row.findIndex((cell) => time_of(cell) !== null);
  const told = (row) => row.filter((cell) => number_of(cell) !== null || time_of(cell) !== null).length > 1;
  const first = rows.findIndex((row) => time_in(row) >= 0 && told(row));
  if (first < 0) return fault("no_rows");
  const time = time_in(rows[first]);
  const heads = first ? rows[first - 1].map((cell) => cell.toLowerCase()) : [];
  const shown = rows.slice(first, first + LOOKED_AT);
  const after = rows[first][time + 1] ?? "";
  const clock = CLOCK_ALONE.test(after) && number_of(after) === null ? time + 1 : null;
  const width = shown.reduce((most, row) => Math.max(most, row.length), 0);
  const numbers = [];
  for (let at = 0; at < width; at++) {
    if (at === time || at === clock || UNWANTED.test(heads[at] ?? "")) continue;
    if (shown.some((row) => at < row.length && number_of(row[at]) !== null)) numbers.push(at);
  }
  const named = numbers.filter((at) => at < heads.length && WANTED.test(heads[at]));
  const chosen = named.length ? named : numbers.length === 1 || !heads.length ? numbers : [];
  if (!chosen.length) return fault("no_value_column");
  const value = named.length ? chosen[0] : chosen[chosen.length - 1];
  return { time, clock, value, factor: factor_of(heads[value] ?? "") };
}

function factor_of(head) {
  if (head.includes("mwh")) return 1_000;
  return /(^|[^kmg])wh/.test(head) ? 0.001 : 1;
}

function values_of(rows, columns) {
  const found = [];
  for (const row of rows) {
    if (row.length <= Math.max(columns.time, columns.value)) continue;
    let time = time_of(row[columns.time]);
    const value = number_of(row[columns.value]);
    if (time === null || value === null) continue;
    if (columns.clock !== null) {
      const clock = CLOCK_ALONE.exec(row[columns.clock]);
      if (!clock) continue;
      time += Number(clock.groups.hour) * HOUR + Number(clock.groups.minute);
    }
    if (value < 0) return fault("negative", iso(time));
    found.push([time, value * columns.factor]);
  }
  return found.length > 1 ? found : fault("no_rows");
}

function by_month(values) {
  const step = step_of(values.map(([time]) => time).sort((a, b) => a - b));
  if (step === null) return fault("step");
  const twice = twice_in(values);
  if (twice !== null) return fault("twice", twice);
  const sums = new Map(), counts = new Map();
  for (const [time, value] of values) {
    const on = date_of(time), number = on.getUTCFullYear() * 12 + on.getUTCMonth();
    sums.set(number, (sums.get(number) ?? 0) + value);
    count_in(counts, number);
  }
  const whole = new Set([...counts].filter(([number, count]) => count >= least_rows(number, step)).map(([number]) => number));
  if (!whole.size) return fault("no_whole_month");
  const last = Math.max(...whole), wanted = Array.from({ length: YEAR_MONTHS }, (_, at) => last - YEAR_MONTHS + 1 + at);
  const lacking = wanted.filter((number) => !whole.has(number)).map(name_of);
  if (lacking.length) return fault("missing_months", lacking.join(", "));
  return { kwh: Object.fromEntries(wanted.map((number) => [name_of(number), sums.get(number)])) };
}

function step_of(minutes) {
  const distances = new Map();
  for (let at = 1; at < minutes.length; at++) if (minutes[at] > minutes[at - 1]) count_in(distances, minutes[at] - minutes[at - 1]);
  if (!distances.size) return null;
  let most = 0, common = 0;
  for (const [distance, count] of distances) {
    if (count > most || (count === most && distance < common)) [most, common] = [count, distance];
  }
  if (common >= SHORTEST_MONTH && common <= LONGEST_MONTH) return SHORTEST_MONTH;
  return [15, 30, HOUR, DAY].includes(common) ? common : null;
}

function least_rows(number, step) {
  if (step === SHORTEST_MONTH) return 1;
  const rows = (days_in(number) * DAY) / step;
  return step <= HOUR ? rows - HOUR / step : rows;
}

function twice_in(values) {
  const counts = new Map();
  for (const [time] of values) count_in(counts, time);
  for (const time of [...counts.keys()].sort((a, b) => a - b)) {
    const count = counts.get(time);
    if (count > 1 && !(count === 2 && is_repeated(time))) return iso(time);
  }
  return null;
}

function is_repeated(minutes) {
  const on = date_of(minutes);
  const last_sunday = on.getUTCMonth() === 9 && on.getUTCDay() === 0 && on.getUTCDate() > 24;
  return last_sunday && Math.floor((minutes % DAY) / HOUR) === 2;
}

function time_of(cell) {
  for (const pattern of TIMES) {
    const found = pattern.exec(cell);
    if (found) {
      const { year, month, day, hour, minute, zone } = found.groups;
      return minutes_of(year, Number(month), day, hour, minute, zone);
    }
  }
  const named = NAMED.exec(cell.toLowerCase());
  if (!named) return null;
  const month = MONTHS[(named.groups.name ?? named.groups.name2).slice(0, 3)];
  return month === undefined ? null : minutes_of(named.groups.year ?? named.groups.year2, month);
}

function minutes_of(year, month, day, hour, minute, zone) {
  const on = Number(day ?? 1);
  if (!(year >= 1990 && year <= 2100) || month < 1 || month > 12) return null;
  if (on < 1 || on > days_in(Number(year) * 12 + month - 1) || Number(hour ?? 0) > 24 || Number(minute ?? 0) > 59) return null;
  const days = Math.round(Date.UTC(Number(year), month - 1, on) / 86_400_000) + EPOCH_DAYS;
  const utc = zone !== undefined && ["Z", "+0000", "-0000"].includes(zone.replace(":", ""));
  return days * DAY + Number(hour ?? 0) * HOUR + Number(minute ?? 0) + (utc ? HOUR : 0);
}

function corrected_months(own, names, covered, weather, base_kwh) {
  if (own.use === "electricity") {
    return names.map((name) => ({ name, kwh: own.kwh[name], corrected_kwh: own.kwh[name], is_corrected: false }));
  }
  const known = covered.map((name) => weather[name]);
  const days = known.reduce((sum, each) => sum + each.days, 0);
  const parts = known.map((each) => ({ actual: each.actual, normal: each.normal, base: (base_kwh * each.days) / days }));
  const add = (one, other) => ({ actual: one.actual + other.actual, normal: one.normal + other.normal, base: one.base + other.base });
  const used = own.as_one ? [parts.reduce(add)] : parts;
  return names.map((name, at) => {
    const { actual, normal, base } = used[at], kwh = own.kwh[name];
    const ratio = normal / actual, is_corrected = actual > 0 && ratio >= LEAST_RATIO && ratio <= GREATEST_RATIO;
    const kept = Math.max(Math.min(base, kwh), 0);
    return { name, kwh, corrected_kwh: is_corrected ? (kwh - kept) * ratio + kept : kwh, is_corrected };
  });
}

function year_from(first) {
  const start = Number(first.slice(0, 4)) * 12 + Number(first.slice(5)) - 1;
  return Array.from({ length: 12 }, (_, at) => name_of(start + at));
}

const date_of = (minutes) => new Date((Math.floor(minutes / DAY) - EPOCH_DAYS) * 86_400_000);
const iso = (minutes) => date_of(minutes).toISOString().slice(0, 10);
const days_in = (number) => new Date(Date.UTC(Math.floor(number / 12), (number % 12) + 1, 0)).getUTCDate();
const name_of = (number) => `${Math.floor(number / 12)}-${String((number % 12) + 1).padStart(2, "0")}`;
