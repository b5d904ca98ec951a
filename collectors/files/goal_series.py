"""Goals' values from a CSV file: a line a value, read whole or not at all.

    mål;period;värde;enhet;källa;märke;osäkerhet
    avfall-materialatervinning;2024;38,5;%;Avfallsplanen s. 12;V;

`period` is a year, or a month that a rolling year ends with (2024-06). `märke` is V, S, D or U, and U where it is not given.
`osäkerhet` is the half width of the 90 % interval. Headers may be English: goal, period, value, unit, source, mark, uncertainty.

Every fault names its line and the way out; where there is one, nothing of the file is used: half a series looks like one that
ended.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from collectors.files.cells import Reason, Refusal, number_of
from collectors.files.tables import split
from config.domain.assessments import GoalRecord, GoalValue
from config.domain.factors import Mark
from config.domain.goals import Goal, Goals
from config.domain.indicators import Missing
from config.errors import ConfigurationError
from config.municipality.faults import Fault, meant, refuse
from config.municipality.goal_checks import unit_scale

HEADERS: Mapping[str, tuple[str, ...]] = {
    "goal": ("mål", "goal", "id"),
    "period": ("period", "år", "year", "datum", "date"),
    "value": ("värde", "value"),
    "unit": ("enhet", "unit"),
    "source": ("källa", "source"),
    "mark": ("märke", "mark"),
    "uncertainty": ("osäkerhet", "uncertainty"),
}
NEEDED = ("goal", "period", "value", "unit", "source")
SHOWN = 60  # characters of a cell
LARGEST = 5_000_000  # bytes; a municipality's goals of a century are a thousandth of it


@dataclass(frozen=True, slots=True)
class _Line:
    """`spare`: it has more cells than the header."""

    number: int
    cells: Mapping[str, str]
    spare: bool


def read_goal_series(path: Path, goals: Goals, today: date) -> tuple[GoalRecord, ...]:
    """The file's values in their goals' units, in its order.

    Args:
        today: no period that ends later has a value yet.
    Raises:
        ConfigurationError: the file cannot be read, or every fault in it, one a line ("file:line: what; way out").
    """
    separator, lines = _lines(path)
    faults: list[Fault] = []
    records: list[GoalRecord] = []
    first: dict[tuple[str, date], int] = {}
    for line in lines:
        found = _record(path, line, goals, today, separator)
        if isinstance(found, Fault):
            faults.append(found)
            continue
        key = (found.goal, found.value.end)
        if key in first:
            faults.append(
                _fault(
                    path,
                    line.number,
                    f"{found.goal} has a value of {found.value.end} on line {first[key]} already; keep one of them",
                    f"{found.goal} har redan ett värde för {found.value.end} på rad {first[key]}; behåll ett av dem",
                )
            )
        first.setdefault(key, line.number)
        records.append(found)
    if faults:
        raise refuse(faults)
    if not records:
        raise ConfigurationError(f"{path.name}: no value below the header; write a line a value")
    return tuple(records)


def _lines(path: Path) -> tuple[str, list[_Line]]:
    """The separator, and the lines below the header."""
    try:
        if path.stat().st_size > LARGEST:
            raise ConfigurationError(f"{path.name}: larger than {LARGEST} bytes; is it a file of goals' values?")
        content = path.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read: {error.strerror}") from error
    texts = _text(content).splitlines()
    for number, text in enumerate(texts[:50], start=1):
        for separator in (";", "\t", ","):
            names = [cell.strip().lower() for cell in split(text, separator)]
            places = {key: names.index(name) for key, known in HEADERS.items() for name in known[::-1] if name in names}
            if len(names) > 1 and set(NEEDED) <= places.keys():
                return separator, [
                    _Line(
                        below,
                        {key: cells[place].strip() for key, place in places.items() if place < len(cells)},
                        any(cell.strip() for cell in cells[len(names) :]),
                    )
                    for below, line in enumerate(texts[number:], start=number + 1)
                    if line.strip() and (cells := split(line, separator))
                ]
    begins = repr(next((text.strip()[:120] for text in texts if text.strip()), ""))
    raise ConfigurationError(
        f"{path.name}:1: no header with mål;period;värde;enhet;källa (goal;period;value;unit;source); "
        f"the file begins with {begins}"
    )


def _text(content: bytes) -> str:
    """As Excel writes it: UTF-8 with or without its mark, UTF-16 with it, else Windows-1252."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _record(path: Path, line: _Line, goals: Goals, today: date, separator: str) -> GoalRecord | Fault:
    if line.spare:
        return _fault(
            path,
            line.number,
            "more columns than the header; write a decimal point where commas separate columns, and texts with a comma in quotes",
            "fler kolumner än rubriken; skriv decimalpunkt där kommat skiljer kolumner åt, och text med komma inom citattecken",
        )
    missing = [key for key in NEEDED if not line.cells.get(key)]
    if missing:
        names = ", ".join(missing)
        return _fault(path, line.number, f"{names} not given; fill it in", f"{names} saknas; fyll i")
    cells = line.cells
    goal = goals.goal(cells["goal"])
    if isinstance(goal, Missing):
        out, out_sv = meant(cells["goal"], [item.id for item in goals.goals])
        return _fault(path, line.number, f"no goal {cells['goal']!r}; {out}", f"målet {cells['goal']!r} finns inte; {out_sv}")
    end = _end(cells["period"])
    if end is None:
        return _fault(
            path,
            line.number,
            f"{cells['period']!r} is no period; write a year (2024) or the month a rolling year ends with (2024-06)",
            f"{cells['period']!r} är ingen period; skriv ett år (2024) eller månaden då tolv månader slutar (2024-06)",
        )
    if end > today:
        return _fault(
            path,
            line.number,
            f"{cells['period']} is not over; enter it after {end}",
            f"{cells['period']} är inte slut; för in det efter {end}",
        )
    numbers = _numbers(path, line, separator)
    if isinstance(numbers, Fault):
        return numbers
    mark = cells.get("mark") or Mark.UNVERIFIED.value
    if mark not in {known.value for known in Mark}:
        return _fault(
            path, line.number, f"{mark!r} is no mark; write V, S, D or U", f"{mark!r} är inget märke; skriv V, S, D eller U"
        )
    return _in_goals_unit(path, line, goal, end, numbers, Mark(mark))


def _in_goals_unit(
    path: Path, line: _Line, goal: Goal, end: date, numbers: tuple[float, float], mark: Mark
) -> GoalRecord | Fault:
    unit = line.cells["unit"]
    scale = unit_scale(unit, goal.unit)
    if scale is None:
        return _fault(
            path,
            line.number,
            f"{goal.id} is in {goal.unit!r}, not {unit!r}; turn the values into it",
            f"{goal.id} är i {goal.unit!r}, inte {unit!r}; räkna om värdena",
        )
    value, uncertainty = numbers
    return GoalRecord(goal.id, goal.unit, GoalValue(end, value * scale, line.cells["source"], mark, uncertainty * scale))


def _numbers(path: Path, line: _Line, separator: str) -> tuple[float, float] | Fault:
    """Value and uncertainty."""
    read = []
    for key in ("value", "uncertainty"):
        text = line.cells.get(key, "")
        try:
            number = number_of(text, None, separator)
        except Refusal as refusal:
            return _number_fault(path, line.number, text, refusal.reason)
        if number is None and key == "value":
            return _fault(
                path,
                line.number,
                f"{text!r} is no value; leave the line out where there is none",
                f"{text!r} är inget värde; utelämna raden om det inte finns något",
            )
        if key == "uncertainty" and number is not None and number < 0:
            return _fault(path, line.number, f"uncertainty {text} is below 0", f"osäkerheten {text} är under 0")
        read.append(number or 0.0)
    return read[0], read[1]


def _number_fault(path: Path, number: int, given: str, reason: Reason) -> Fault:
    text = given if len(given) <= SHOWN else f"{given[:SHOWN]}…"
    if reason is Reason.COMMA:
        return _fault(
            path,
            number,
            f"{text!r}: a comma separates the columns here; write a decimal point, or separate columns by semicolons",
            f"{text!r}: kommat skiljer kolumnerna åt här; skriv decimalpunkt, eller skilj kolumnerna åt med semikolon",
        )
    return _fault(
        path,
        number,
        f"{text!r} is no number ({reason.en}); write digits only, the unit has its own column",
        f"{text!r} är inget tal ({reason.sv}); skriv bara siffror, enheten har sin egen kolumn",
    )


def _end(text: str) -> date | None:
    """The last day of a year, or of a month; None where it is neither."""
    found = re.fullmatch(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", text)
    if found is None or not 1900 <= int(found[1]) <= 2100:
        return None
    year, month = int(found[1]), int(found[2] or 12)
    if not 1 <= month <= 12:
        return None
    last = (date(year, month, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return last if found[3] is None or int(found[3]) == last.day else None


def _fault(path: Path, line: int, text: str, text_sv: str) -> Fault:
    return Fault(path.name, line, "", text, text_sv)
