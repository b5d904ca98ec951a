"""HEAT_MAP: hours of the day across, days down."""

from datetime import date, datetime

from config.domain.panels import Panel, Role
from services.reports.wording import day_name
from services.web.view.asking import Line, Point, lines
from services.web.view.cells import missing_cell, point_cell, value_text
from services.web.view.names import name_of
from services.web.view.rows import row_name
from services.web.view.situation import Situation
from services.web.view.values import Head, HeatCell, HeatMap, Part, Table, TableRow

TWICE = "*"  # behind the hour that comes again when the clock is set back


def heat_parts(situation: Situation, panel: Panel) -> tuple[Part, ...]:
    """One part a row, or a value of the panel's facet."""
    return tuple(_part(situation, panel, line) for line in lines(situation, panel, Role.VALUE))


def _part(situation: Situation, panel: Panel, line: Line) -> Part:
    placed: dict[tuple[date, str], tuple[datetime, Point]] = {}
    for point in line.points:
        local = situation.local(point.at)
        placed[local.date(), _hour(local)] = (local, point)
    days = sorted({on for on, _ in placed}, reverse=True)
    hours = sorted({f"{hour:02}" for hour in range(24)} | {hour for _, hour in placed})
    names = {on: day_name(on, situation.language) for on in days}
    cells = tuple(
        HeatCell(on, names[on], hour, point.value, _text(situation, panel, point), point.estimated)
        for (on, hour), (_, point) in sorted(placed.items(), key=lambda each: each[1][0])
    )
    rows = tuple(
        TableRow(
            f"{on}",
            names[on],
            tuple(
                point_cell(situation, line.query, placed[on, hour][1], "")
                if (on, hour) in placed
                else missing_cell(situation, "")
                for hour in hours
            ),
        )
        for on in days
    )
    name = row_name(situation, panel, line.query, line.key) if line.key else ""
    if line.facet and panel.facet != panel.rows:
        facet = name_of(situation, line.query, panel.facet, line.facet)
        name = f"{facet}, {name}" if name else facet
    return Part(
        key="-".join((line.facet, *line.key)).strip("-") or "all",
        name=name,
        unit=panel.unit,
        summary=_summary(situation, panel, line),
        table=Table(situation.pick("dygn", "day"), tuple(Head(hour, panel.unit) for hour in hours), rows),
        picture=HeatMap(cells, tuple(hours), tuple(names[on] for on in days)),
    )


def _hour(local: datetime) -> str:
    return f"{local:%H}{TWICE if local.fold else ''}"


def _text(situation: Situation, panel: Panel, point: Point) -> str:
    if point.value is None:
        return situation.missing
    calculated = situation.pick(" (beräknad)", " (calculated)") if point.estimated else ""
    return value_text(situation, point.value, panel.unit) + calculated


def _summary(situation: Situation, panel: Panel, line: Line) -> str:
    known = [point for point in line.points if point.value is not None]
    if not known:
        return situation.pick("Inget värde är känt.", "No value is known.")
    high = max(known, key=lambda point: point.value or 0.0)
    low = min(known, key=lambda point: point.value or 0.0)
    text = situation.pick(
        f"Högst {_told(situation, panel, high)}, lägst {_told(situation, panel, low)}.",
        f"Highest {_told(situation, panel, high)}, lowest {_told(situation, panel, low)}.",
    )
    calculated = sum(point.estimated for point in known)
    if calculated:
        text += situation.pick(
            f" {calculated} av {len(known)} timmar är beräknade.", f" {calculated} of {len(known)} hours are calculated."
        )
    return text


def _told(situation: Situation, panel: Panel, point: Point) -> str:
    local = situation.local(point.at)
    day = day_name(local.date(), situation.language)
    when = situation.pick(f"{day} kl. {local:%H}", f"{day} at {local:%H}")
    return f"{value_text(situation, point.value or 0.0, panel.unit)} {when}"
