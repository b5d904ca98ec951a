"""LINES and COLUMNS: values over time, a line or a row of bars each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from config.domain.panels import Link, Panel, PanelKind, PanelQuery, Role
from config.domain.series import GOAL_LINES, Every
from config.domain.windows import Span
from services.reports.wording import DASH, change_text
from services.web.view.asking import Line, Point, lines
from services.web.view.cells import missing_cell, point_cell, value_text
from services.web.view.grains import Grain, axis_text, drawn_at, grain_of, leaves_gaps, time_text
from services.web.view.hours import difference_text
from services.web.view.links import goal_address
from services.web.view.names import name_of
from services.web.view.rows import row_name
from services.web.view.situation import Situation
from services.web.view.values import Cell, Columns, Drawn, Head, Lines, Mark, Part, Table, TableRow

ADD_UP = frozenset({"kWh", "MWh", "m3", "kr", "kg", "ton"})  # units whose values over time may be added
MOST_TOLD = 4  # lines that a sentence speaks of
MOST_DRAWN = 16  # lines that an eye can follow; the table has all
YEARS_AHEAD = {Span.MONTHS_BEFORE: 1, Span.SAME_MONTH: 1, Span.ROLLING_YEAR_BEFORE: 1}
STEP = {Every.QUARTER: timedelta(minutes=15), Every.HOUR: timedelta(hours=1)}
ROLES_OF_LINES = {"path": "path", "forecast": "forecast", "low": "edge", "high": "edge"}


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A line and what it is called."""

    name: str
    line: Line
    compared: bool


def time_parts(situation: Situation, panel: Panel) -> tuple[Part, ...]:
    """One part, or one a value of the panel's facet."""
    values, then = lines(situation, panel, Role.VALUE), lines(situation, panel, Role.COMPARISON)
    facets = dict.fromkeys(line.facet for line in (*values, *then))
    return tuple(
        _part(situation, panel, facet, [*_named(situation, panel, values, facet), *_named(situation, panel, then, facet)])
        for facet in facets
    )


def _named(situation: Situation, panel: Panel, found: Sequence[Line], facet: str) -> Iterable[_Drawn]:
    """With the query's label where two queries have the same row, or there are no rows."""
    asked = {id(line.query) for line in found if line.facet == facet}
    several = len(asked) > 1 and len({(line.key) for line in found}) < len({(id(line.query), line.key) for line in found})
    own = [line for line in found if line.facet == facet]
    if panel.ranked_by or panel.most:
        own.sort(key=lambda line: -(line.last.value or 0.0))
    for line in own[: panel.most] if panel.most else own:
        compared = line.query.role is Role.COMPARISON
        label = situation.pick(line.query.label_sv, line.query.label_en)
        row = row_name(situation, panel, line.query, line.key)
        apart = several or compared
        one_row = not line.key or (panel.facet == panel.rows and bool(line.key))
        yield _Drawn(label[:1].upper() + label[1:] if one_row else f"{row}, {label}" if apart else row, line, compared)


def _part(situation: Situation, panel: Panel, facet: str, found: list[_Drawn]) -> Part:
    query = found[0].line.query
    grain = grain_of(query.query)
    times = _times(situation, [each for each in found if not each.compared] or found)
    table = _table(situation, found, times, grain)
    seen = _since_the_first(situation, found, times) if grain is Grain.YEAR else times
    drawn = tuple(
        Drawn(each.name, place, _role(panel, each), tuple(_marks(situation, each, seen, grain)))
        for place, each in enumerate(found[:MOST_DRAWN])
    )
    if panel.kind is PanelKind.COLUMNS:
        labels = tuple(axis_text(situation, at, grain, row) for at, row in seen.items())
        picture: Lines | Columns = Columns(drawn, labels, panel.stacked)
    else:
        picture = Lines(drawn)
    name = name_of(situation, query, panel.facet, facet) if facet or panel.facet else ""
    unit = panel.unit or query.unit
    address = goal_address(situation, facet) if panel.link is Link.GOAL and panel.facet == "goal" else ""
    return Part(facet or "all", name, unit, _summary(situation, found, grain, unit), table, picture, address=address)


def _role(panel: Panel, each: _Drawn) -> str:
    if each.compared:
        return "comparison"
    return ROLES_OF_LINES.get(each.line.key[0], "") if panel.rows == "line" and each.line.key else ""


def _moved(situation: Situation, query: PanelQuery, at: datetime) -> datetime:
    """Where a value of a window of earlier stands beside the later one: on the same day a year on, or the same hour a week on."""
    if query.role is not Role.COMPARISON:
        return at
    local = situation.local(at)
    if query.window.span is Span.SAME_WEEKDAY:
        return _wall_moved(local, timedelta(days=7))
    years = YEARS_AHEAD.get(query.window.span, 0)
    if not years:
        return at
    later = local.replace(year=local.year + years, day=min(local.day, 28) if local.month == 2 else local.day)
    return later.astimezone(UTC)


def _wall_moved(local: datetime, by: timedelta) -> datetime:
    """The same wall clock so much later, whatever the clock did in between."""
    return (local.replace(tzinfo=None) + by).replace(tzinfo=local.tzinfo).astimezone(UTC)


def _times(situation: Situation, found: Sequence[_Drawn]) -> dict[datetime, dict[str, object] | None]:
    """Every time that a line has, and of hours and days those between: what is not there is then seen to be missing."""
    rows: dict[datetime, dict[str, object] | None] = {}
    for each in found:
        for point in each.line.points:
            rows.setdefault(_moved(situation, each.line.query, point.at), dict(point.row) if point.row else None)
    every = found[0].line.query.query.every
    if rows and every is not None and leaves_gaps(found[0].line.query.query):
        at, last = min(rows), max(rows)
        while at < last:
            rows.setdefault(at, None)
            at = _next(situation, at, every)
    return dict(sorted(rows.items()))


def _since_the_first(
    situation: Situation, found: Sequence[_Drawn], times: dict[datetime, dict[str, object] | None]
) -> dict[datetime, dict[str, object] | None]:
    """Without the years before any was measured: an axis that begins with nothing looks like a fault. The table has them."""
    known = [at for each in found for at, point in _by_time(situation, each).items() if point.value is not None]
    first = min(known, default=None)
    return times if first is None else {at: row for at, row in times.items() if at >= first}


def _next(situation: Situation, at: datetime, every: Every) -> datetime:
    return at + STEP[every] if every in STEP else _wall_moved(situation.local(at), timedelta(days=1))


def _by_time(situation: Situation, each: _Drawn) -> dict[datetime, Point]:
    return {_moved(situation, each.line.query, point.at): point for point in each.line.points}


def _marks(situation: Situation, each: _Drawn, times: dict[datetime, dict[str, object] | None], grain: Grain) -> Iterable[Mark]:
    points = _by_time(situation, each)
    for at, row in times.items():
        point = points.get(at)
        if point is None and not leaves_gaps(each.line.query.query):
            continue  # points that come when they come leave no gap
        label = time_text(situation, at, grain, row)
        short, place = axis_text(situation, at, grain, row), situation.wall(drawn_at(at, grain, row))
        if point is None or point.value is None:
            yield Mark(place, label, short, None, situation.missing)
        else:
            text = value_text(situation, point.value, each.line.query.unit)
            if point.estimated:
                text += situation.pick(" (beräknad)", " (calculated)")
            yield Mark(place, label, short, point.value, text, point.estimated)


def _table(situation: Situation, found: Sequence[_Drawn], times: dict[datetime, dict[str, object] | None], grain: Grain) -> Table:
    """The latest first: that is what is looked for."""
    columns = [_by_time(situation, each) for each in found]
    rows = []
    shown, beyond = situation.room(list(reversed(times.items())))
    for at, row in shown:
        cells = tuple(_cell(situation, each, column.get(at)) for each, column in zip(found, columns, strict=True))
        local = situation.local(at)
        key = f"{local:%Y-%m-%d}" if grain not in (Grain.HOUR, Grain.INSTANT) else local.isoformat(timespec="minutes")
        rows.append(TableRow(key, time_text(situation, at, grain, row), cells))
    heads = tuple(Head(each.name, each.line.query.unit) for each in found)
    return Table(situation.pick("tid", "time"), heads, tuple(rows), beyond=beyond)


def _cell(situation: Situation, each: _Drawn, point: Point | None) -> Cell:
    """A line of a goal has its own days, and of those only what was measured has a coverage."""
    query = each.line.query
    of_goal = query.query.series is GOAL_LINES
    if point is None:
        return Cell(None, DASH) if of_goal else missing_cell(situation, "")
    if of_goal and each.line.key[0] in ROLES_OF_LINES:
        point = replace(point, coverage=None, estimated=False)
    return point_cell(situation, query, point, "")


def _summary(situation: Situation, found: Sequence[_Drawn], grain: Grain, unit: str) -> str:
    """What the latest is, against the year before where there is one, else between which values it has been."""
    values = [each for each in found if not each.compared]
    then = {each.line.key: each for each in found if each.compared}
    told = []
    for each in values[:MOST_TOLD]:
        known = [point for point in each.line.points if point.value is not None]
        if not known:
            told.append(f"{each.name}: {situation.missing}.")
        elif each.line.key in then or (not each.line.key and then):
            told.append(_compared(situation, each, then.get(each.line.key) or next(iter(then.values())), unit))
        else:
            told.append(_ranged(situation, each, known, grain, len(values) == 1))
    if len(values) > MOST_TOLD:
        more = len(values) - MOST_TOLD
        told.append(situation.pick(f"{more} till finns i tabellen.", f"{more} more are in the table."))
    return " ".join(told)


def _compared(situation: Situation, each: _Drawn, then: _Drawn, unit: str) -> str:
    """Only periods that both have."""
    before = {at: point.value for at, point in _by_time(situation, then).items()}
    both = [
        (point.value, before[at])
        for at, point in _by_time(situation, each).items()
        if point.value is not None and before.get(at) is not None
    ]
    if not both:
        return situation.pick(f"{each.name}: inget att jämföra med.", f"{each.name}: nothing to compare with.")
    pairs = [(now, old) for now, old in both if old is not None]
    if unit not in ADD_UP:
        now, old = pairs[-1]
        texts = value_text(situation, now, unit), value_text(situation, old, unit)
        change = f" ({change_text(now, old, situation.language)})" if old else ""
        return situation.pick(
            f"{each.name}: senast {texts[0]}, ett år tidigare {texts[1]}{change}.",
            f"{each.name}: latest {texts[0]}, a year earlier {texts[1]}{change}.",
        )
    total, total_then = sum(now for now, _ in pairs), sum(old for _, old in pairs)
    texts = value_text(situation, total, unit), value_text(situation, total_then, unit)
    change = f" ({change_text(total, total_then, situation.language)})" if total_then else ""
    count = len(pairs)
    swedish = f"{each.name}: {texts[0]} i de {count} perioder som båda åren har, mot {texts[1]} året före{change}."
    english = f"{each.name}: {texts[0]} in the {count} periods that both years have, against {texts[1]} the year before{change}."
    return f"{situation.pick(swedish, english)} {difference_text(situation, total - total_then, unit)}"


def _ranged(situation: Situation, each: _Drawn, known: Sequence[Point], grain: Grain, alone: bool) -> str:
    unit, last = each.line.query.unit, known[-1]

    def told(point: Point) -> str:
        assert point.value is not None  # noqa: S101 - only known points are told
        return f"{value_text(situation, point.value, unit)} ({time_text(situation, point.at, grain, point.row)})"

    name = situation.pick("Senast", "Latest") if alone else each.name + situation.pick(": senast", ": latest")
    if len(known) < 3 or not alone:
        return f"{name} {told(last)}."
    low = min(known, key=lambda point: point.value or 0.0)
    high = max(known, key=lambda point: point.value or 0.0)
    if low.value == high.value:
        return situation.pick(f"{name} {told(last)}, lika hela tiden.", f"{name} {told(last)}, the same all the time.")
    return situation.pick(
        f"{name} {told(last)}; lägst {told(low)}, högst {told(high)}.",
        f"{name} {told(last)}; lowest {told(low)}, highest {told(high)}.",
    )
