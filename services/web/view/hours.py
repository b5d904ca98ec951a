"""BARS: the hours of a day, beside those of another."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from config.domain.panels import Panel, Role
from config.domain.periods import local_date
from services.reports.wording import DASH, day_name
from services.web.view.asking import Line, lines
from services.web.view.cells import value_text
from services.web.view.figures import SETTLED_WITHIN
from services.web.view.rows import rows_of
from services.web.view.situation import Situation
from services.web.view.values import Cell, Head, HourBars, HourRow, Key, Part, Table, TableRow

HOUR = timedelta(hours=1)
Wall = tuple[int, int]  # hour of the clock, and which of the two when it is set back


def hour_parts(situation: Situation, panel: Panel) -> tuple[Part, ...]:
    """One part a row."""
    zone, values = situation.portfolio.timezone, lines(situation, panel, Role.VALUE)
    now_of = {line.key: line for line in values}
    then_of = {line.key: line for line in lines(situation, panel, Role.COMPARISON)}
    today = panel.role(Role.VALUE)[0].window.period(situation.now, zone)
    compared = panel.role(Role.COMPARISON)
    then_day = ""
    if compared:
        then_day = day_name(local_date(compared[0].window.period(situation.now, zone).start, zone), situation.language)
    starts = [today.start + number * HOUR for number in range(today.hours)]
    parts = []
    for key, name in rows_of(situation, panel, values):
        hours = _hours(situation, panel, starts, now_of.get(key), _by_wall_clock(situation, then_of.get(key)))
        bars = HourBars(situation.pick("idag", "today"), then_day, hours)
        summary = _summary(situation, panel, hours, then_day)
        parts.append(Part(_id(key), name, panel.unit, summary, _table(situation, panel, starts, bars), bars))
    return tuple(parts)


def _id(key: Key) -> str:
    return "-".join(key) or "all"


def _hours(
    situation: Situation,
    panel: Panel,
    starts: Sequence[datetime],
    line: Line | None,
    then: Mapping[Wall, tuple[float, float | None]],
) -> tuple[HourRow, ...]:
    points = {point.at: point for point in line.points} if line else {}
    texts = {"missing": situation.missing, "waiting": situation.pick("väntar", "waiting")}
    rows = []
    for start in starts:
        local, point = situation.local(start), points.get(start)
        value, coverage = (point.value, point.coverage) if point else (None, None)
        before, before_coverage = then.get((local.hour, local.fold), (None, None))
        state = _state(situation, start, value, coverage)
        rows.append(
            HourRow(
                label=f"{local:%H}{DASH}{situation.local(start + HOUR):%H}",
                value=value,
                text=texts.get(state, "") if value is None else value_text(situation, value, panel.unit),
                coverage=coverage if value is not None else None,
                coverage_text="" if value is None or coverage is None else situation.covered(coverage),
                state=state,
                then=before,
                then_text=situation.missing if before is None else value_text(situation, before, panel.unit),
                then_coverage=before_coverage,
                then_estimated=before is not None and before_coverage is not None and before_coverage < 1,
            )
        )
    return tuple(rows)


def _state(situation: Situation, start: datetime, value: float | None, coverage: float | None) -> str:
    if value is not None:
        return "estimated" if coverage is not None and coverage < 1 else "measured"
    if start + HOUR > situation.now:
        return "ahead"
    return "waiting" if start + HOUR + SETTLED_WITHIN > situation.now else "missing"


def _by_wall_clock(situation: Situation, line: Line | None) -> dict[Wall, tuple[float, float | None]]:
    placed = ((situation.local(point.at), point) for point in (line.points if line else ()))
    return {(local.hour, local.fold): (point.value, point.coverage) for local, point in placed if point.value is not None}


def _summary(situation: Situation, panel: Panel, hours: Sequence[HourRow], day: str) -> str:
    """Only hours that both days have are compared."""
    both = [(row.value, row.then, row.coverage) for row in hours if row.value is not None and row.then is not None]
    known = [row.value for row in hours if row.value is not None]
    missing = sum(row.state == "missing" for row in hours)
    gaps = ""
    if missing:
        hours_sv, hours_en = ("timme", "hour is") if missing == 1 else ("timmar", "hours are")
        gaps = situation.pick(f" {missing} {hours_sv} saknas.", f" {missing} {hours_en} missing.")
    if not known:
        return situation.pick("Ingen timme är avräknad än idag.", "No hour of today is settled yet.") + gaps
    if not both:
        total = value_text(situation, sum(known), panel.unit)
        rest_sv, rest_en = (f"; {day} saknas.", f"; {day} is missing.") if day else (".", ".")
        swedish, english = f"Hittills idag {total} på {len(known)} timmar", f"So far today {total} in {len(known)} hours"
        return situation.pick(swedish + rest_sv, english + rest_en) + gaps
    now, then = sum(value for value, _, _ in both), sum(value for _, value, _ in both)
    covered = sum(1.0 if coverage is None else coverage for _, _, coverage in both) / len(both)
    count, today, before = len(both), *(value_text(situation, each, panel.unit) for each in (now, then))
    swedish = f"De {count} timmar som båda dagarna har: {today} idag, {before} {day}."
    english = f"The {count} hours that both days have: {today} today, {before} on {day}."
    covered_text = situation.covered(covered)
    told = difference_text(situation, now - then, panel.unit)
    return f"{situation.pick(swedish, english)} {told} {covered_text[0].upper()}{covered_text[1:]}.{gaps}"


def difference_text(situation: Situation, more: float, unit: str) -> str:
    """A sentence: how much more or less it is."""
    text = value_text(situation, abs(more), unit)
    if text == value_text(situation, 0.0, unit) or float(f"{abs(more):.3g}") == 0:
        return situation.pick("Det är lika mycket.", "That is the same.")
    way = situation.pick("mer" if more > 0 else "mindre", "more" if more > 0 else "less")
    return situation.pick(f"Det är {text} {way}.", f"That is {text} {way}.")


def _table(situation: Situation, panel: Panel, starts: Sequence[datetime], bars: HourBars) -> Table:
    calculated = situation.pick("beräknad", "calculated")
    rows = []
    for start, row in zip(starts, bars.hours, strict=True):
        note = f"{calculated}, {row.coverage_text}" if row.state == "estimated" else ""
        now = Cell(row.value, row.text, "" if row.state == "measured" else row.state, note, coverage=row.coverage)
        then_state = "missing" if row.then is None else "estimated" if row.then_estimated else ""
        then = Cell(row.then, row.then_text, then_state, calculated if row.then_estimated else "", coverage=row.then_coverage)
        cells = (now, then) if bars.then else (now,)
        rows.append(TableRow(situation.local(start).isoformat(timespec="minutes"), row.label, cells, state=row.state))
    heads = tuple(Head(label, panel.unit) for label in ((bars.today, bars.then) if bars.then else (bars.today,)))
    return Table(situation.pick("timme", "hour"), heads, tuple(rows))
