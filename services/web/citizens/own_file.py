"""A file from one's own grid or heat company as kWh by month. Pure; nothing of it is kept.

Seen and described: Vattenfall Eldistribution, Ellevio, E.ON, Borlänge Energi and others let their customers take out hours,
days or months as text with a column of time and one of kWh. They differ in everything else, so what is read here is what they
have in common: `;`, tab or comma between cells, decimal comma or point, lines above the columns, a sum below, a date alone, with
a clock or beside it. Hours are those of the file; of times that end with Z an hour is added, which is Swedish normal time.

The same reading is done in the browser by `static/own-use.js`, so that the file need not leave it; a test runs both on the same
files. What is changed here is changed there.

Left out on purpose: Excel workbooks and PDF bills (a browser has no reader of them), and weeks.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

LARGEST_BYTES = 5_000_000
MOST_LINES = 150_000
LOOKED_AT = 200  # lines that tell which character is between cells, and which columns hold numbers
YEAR_MONTHS = 12
MINUTES_OF_DAY, MINUTES_OF_HOUR = 1_440, 60
SHORTEST_MONTH, LONGEST_MONTH = 28 * MINUTES_OF_DAY, 31 * MINUTES_OF_DAY
_FIRST_YEAR, _LAST_YEAR = 1990, 2100
_OCTOBER, _SUNDAY = 10, 6
_CLOCK = r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.]\d{2}(?:[.,]\d+)?)?"
_COMPACT_CLOCK = r"(?P<hour>\d{2}):?(?P<minute>\d{2})(?::?\d{2})?"
_ZONE = r"\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?"
_UNTIL = r"(?:\s+[-–]\s+.*)?"
_TIMES = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        rf"(?P<year>\d{{4}})[-/.](?P<month>\d{{1,2}})(?:[-/.](?P<day>\d{{1,2}}))?(?:[ T]+{_CLOCK})?{_ZONE}{_UNTIL}",
        rf"(?P<year>\d{{4}})(?P<month>\d{{2}})(?:(?P<day>\d{{2}})(?:[ T]?{_COMPACT_CLOCK})?)?{_ZONE}",
        rf"(?P<day>\d{{1,2}})[-/.](?P<month>\d{{1,2}})[-/.](?P<year>\d{{4}})(?:[ T]+{_CLOCK})?{_UNTIL}",
    )
)
_NAMED = re.compile(
    r"(?P<name>[a-zåäö]{3,12})\.?[ -]+(?P<year>\d{4})|(?P<year2>\d{4})[ -]+(?P<name2>[a-zåäö]{3,12})\.?", re.ASCII
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan", "feb", "mar", "apr", "maj may", "jun", "jul", "aug", "sep", "okt oct", "nov", "dec"), start=1
    )
    for name in names.split()
}
_CLOCK_ALONE = re.compile(r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.]\d{2})?(?:\s*[-–].*)?", re.ASCII)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,2})?", re.ASCII)
_AROUND_NUMBER = re.compile(r"[\s\u00a0\u202f']|kwh$")
_GROUPED = re.compile(r"[1-9]\d{0,2}[.,]\d{3}", re.ASCII)
_WANTED = re.compile(r"kwh|mwh|\bwh\b|förbruk|forbruk|använd|anvand|uttag|energi|consum|usage|mängd|mangd|värde|varde|value")
_UNWANTED = re.compile(
    r"kr|öre|sek|pris|kostnad|cost|price|temp|grad|effekt|inmat|produc|produkt|export|ställning|stallning|kvalit|status|m3|m³"
)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a file cannot be used: a code of `own_words.FAULTS`, and what its sentence names."""

    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Months:
    """kWh by month, "2026-01" first to last: twelve in a row."""

    kwh: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class _Columns:
    time: int
    clock: int | None
    value: int
    factor: float


def decoded(content: bytes) -> str:
    """UTF-8 or UTF-16 by their marks, UTF-8 where it is that, else the Windows code page that Swedish programs write."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def months_of(text: str) -> Months | Fault:
    """The last twelve months in a row that the file has whole."""
    if len(text) > LARGEST_BYTES:
        return Fault("too_large")
    lines = [line for line in re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff")) if line.strip()]
    if not lines:
        return Fault("empty")
    if len(lines) > MOST_LINES:
        return Fault("too_large")
    separator = _separator(lines[:LOOKED_AT])
    if separator is None:
        return Fault("no_columns")
    rows = [_cells(line, separator) for line in lines]
    columns = _columns(rows)
    if isinstance(columns, Fault):
        return columns
    values = _values(rows, columns)
    return values if isinstance(values, Fault) else _by_month(values)


def _separator(lines: Sequence[str]) -> str | None:
    for each in (";", "\t", ","):
        if 2 * sum(each in line for line in lines) >= len(lines):
            return each
    return None


def _cells(line: str, separator: str) -> list[str]:
    cells, cell, quoted = [], "", False
    for letter in line:
        if letter == '"':
            quoted = not quoted
        elif letter == separator and not quoted:
            cells.append(cell.strip())
            cell = ""
        else:
            cell += letter
    return [*cells, cell.strip()]


def _columns(rows: Sequence[Sequence[str]]) -> _Columns | Fault:
    first = next((at for at, row in enumerate(rows) if _time_column(row) is not None and _has_number(row)), None)
    if first is None:
        return Fault("no_rows")
    time = _time_column(rows[first])
    assert time is not None  # noqa: S101 - that is how the row was found
    heads = [cell.lower() for cell in rows[first - 1]] if first else []
    shown = rows[first : first + LOOKED_AT]
    after = rows[first][time + 1] if time + 1 < len(rows[first]) else ""
    clock = time + 1 if _CLOCK_ALONE.fullmatch(after) and number_of(after) is None else None
    width = max(len(row) for row in shown)
    numbers = [
        at
        for at in range(width)
        if at not in (time, clock) and any(at < len(row) and number_of(row[at]) is not None for row in shown)
        and not _UNWANTED.search(heads[at] if at < len(heads) else "")
    ]  # fmt: skip
    named = [at for at in numbers if at < len(heads) and _WANTED.search(heads[at])]
    chosen = named or (numbers if len(numbers) == 1 or not heads else [])
    if not chosen:
        return Fault("no_value_column")
    value = chosen[0] if named else chosen[-1]
    return _Columns(time, clock, value, _factor(heads[value] if value < len(heads) else ""))


def _factor(head: str) -> float:
    if "mwh" in head:
        return 1_000.0
    return 0.001 if re.search(r"(^|[^kmg])wh", head) else 1.0


def _time_column(row: Sequence[str]) -> int | None:
    return next((at for at, cell in enumerate(row) if _time(cell) is not None), None)


def _has_number(row: Sequence[str]) -> bool:
    return sum(number_of(cell) is not None or _time(cell) is not None for cell in row) > 1


def _values(rows: Sequence[Sequence[str]], columns: _Columns) -> list[tuple[int, float]] | Fault:
    """Wall-clock minutes since year 1, and kWh, of every row that has both."""
    found = []
    for row in rows:
        if len(row) <= max(columns.time, columns.value):
            continue
        time, value = _time(row[columns.time]), number_of(row[columns.value])
        if time is None or value is None:
            continue
        if columns.clock is not None:
            clock = _CLOCK_ALONE.fullmatch(row[columns.clock])
            if clock is None:
                continue
            time += int(clock["hour"]) * MINUTES_OF_HOUR + int(clock["minute"])
        if value < 0:
            return Fault("negative", _date_of(time).isoformat())
        found.append((time, value * columns.factor))
    return found if len(found) > 1 else Fault("no_rows")


def _by_month(values: Sequence[tuple[int, float]]) -> Months | Fault:
    step = _step(sorted(time for time, _ in values))
    if step is None:
        return Fault("step")
    twice = _twice(values)
    if twice is not None:
        return Fault("twice", twice)
    sums: dict[int, float] = {}
    counts: Counter[int] = Counter()
    for time, value in values:
        on = _date_of(time)
        number = on.year * 12 + on.month - 1
        sums[number] = sums.get(number, 0.0) + value
        counts[number] += 1
    whole = {number for number, count in counts.items() if count >= _least(number, step)}
    if not whole:
        return Fault("no_whole_month")
    last = max(whole)
    wanted = range(last - YEAR_MONTHS + 1, last + 1)
    lacking = [_name(number) for number in wanted if number not in whole]
    if lacking:
        return Fault("missing_months", ", ".join(lacking))
    return Months({_name(number): sums[number] for number in wanted})


def _step(minutes: Sequence[int]) -> int | None:
    """The commonest distance between rows: minutes of a quarter, half or whole hour, a day, or the shortest month."""
    distances = Counter(later - earlier for earlier, later in pairwise(minutes) if later > earlier)
    if not distances:
        return None
    most = max(distances.values())
    common = min(distance for distance, count in distances.items() if count == most)
    if SHORTEST_MONTH <= common <= LONGEST_MONTH:
        return SHORTEST_MONTH
    return common if common in (15, 30, MINUTES_OF_HOUR, MINUTES_OF_DAY) else None


def _least(number: int, step: int) -> int:
    """Rows that a whole month has; an hour fewer where hours are counted, which the clock skips in March."""
    if step == SHORTEST_MONTH:
        return 1
    rows = _days_in(number) * MINUTES_OF_DAY // step
    return rows - MINUTES_OF_HOUR // step if step <= MINUTES_OF_HOUR else rows


def _twice(values: Sequence[tuple[int, float]]) -> str | None:
    """A time that stands twice, but for the hour that the clock repeats in October."""
    counts = Counter(time for time, _ in values)
    for minutes, count in sorted(counts.items()):
        if count > 1 and not (count == 2 and _is_repeated(minutes)):
            return _date_of(minutes).isoformat()
    return None


def _is_repeated(minutes: int) -> bool:
    on = _date_of(minutes)
    last_sunday = on.month == _OCTOBER and on.weekday() == _SUNDAY and on.day > 31 - 7
    return last_sunday and minutes % MINUTES_OF_DAY // MINUTES_OF_HOUR == 2


def _time(cell: str) -> int | None:
    for pattern in _TIMES:
        found = pattern.fullmatch(cell)
        if found is None:
            continue
        parts = found.groupdict()
        return _made(
            parts["year"], int(parts["month"]), parts.get("day"), parts.get("hour"), parts.get("minute"), parts.get("zone")
        )
    named = _NAMED.fullmatch(cell.lower())
    if named is None:
        return None
    month = _MONTHS.get((named["name"] or named["name2"])[:3])
    return None if month is None else _made(named["year"] or named["year2"], month, None, None, None, None)


def _made(year: str, month: int, day: str | None, hour: str | None, minute: str | None, zone: str | None) -> int | None:
    on = int(day or 1)
    if not _FIRST_YEAR <= int(year) <= _LAST_YEAR or not 1 <= month <= 12:
        return None
    if not 1 <= on <= _days_in(int(year) * 12 + month - 1) or int(hour or 0) > 24 or int(minute or 0) > 59:
        return None
    minutes = date(int(year), month, on).toordinal() * MINUTES_OF_DAY + int(hour or 0) * MINUTES_OF_HOUR + int(minute or 0)
    if zone is not None and zone.replace(":", "") in ("Z", "+0000", "-0000"):
        minutes += MINUTES_OF_HOUR
    return minutes


def number_of(cell: str) -> float | None:
    """With decimal comma or point, spaces or the other mark between thousands; None where it is no number, or of another unit."""
    text = re.sub(_AROUND_NUMBER, "", cell.lower()).replace("\u2212", "-")
    if "," in text and "." in text:
        text = text.replace(".", "").replace(",", ".") if text.rindex(",") > text.rindex(".") else text.replace(",", "")
    text = text.replace(",", ".")
    return float(text) if _NUMBER.fullmatch(text) else None


def written_number(text: str) -> float | None:
    """What a person wrote in a field; None also of "18.000", which is eighteen to one and eighteen thousand to another."""
    return None if _GROUPED.fullmatch(re.sub(_AROUND_NUMBER, "", text.lower())) else number_of(text)


def _date_of(minutes: int) -> date:
    return date.fromordinal(minutes // MINUTES_OF_DAY)


def _days_in(number: int) -> int:
    year, month = divmod(number, 12)
    return (date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1) - date(year, month + 1, 1)).days


def _name(number: int) -> str:
    return f"{number // 12}-{number % 12 + 1:02}"
