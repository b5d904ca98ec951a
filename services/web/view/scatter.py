"""SCATTER: one value against another, and against what is expected; the last day stands out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from config.domain.panels import Panel, Role
from services.reports.wording import day_name
from services.web.view.cells import column_cell, value_text
from services.web.view.hours import difference_text
from services.web.view.names import name_of
from services.web.view.situation import Situation
from services.web.view.values import Dot, Head, Part, Scatter, Table, TableRow


def scatter_parts(situation: Situation, panel: Panel) -> tuple[Part, ...]:
    """One part, or one a value of the panel's facet (of its rows, where it has no facet)."""
    tag = panel.facet or panel.rows
    facets: dict[str, list[dict[str, Any]]] = {}
    for query in panel.role(Role.VALUE):
        for row in situation.read(query).sort("time").iter_rows(named=True):
            facets.setdefault(str(row[tag]) if tag else "", []).append(row)
    return tuple(_part(situation, panel, facet, rows) for facet, rows in facets.items())


def _part(situation: Situation, panel: Panel, facet: str, rows: list[dict[str, Any]]) -> Part:
    query = panel.role(Role.VALUE)[0]
    across, up, *expected = query.columns
    known = [row for row in rows if row[across.name] is not None and row[up.name] is not None]
    latest = max((row["time"] for row in known), default=None)
    dots = tuple(
        Dot(
            float(row[across.name]),
            float(row[up.name]),
            None if not expected or row[expected[0].name] is None else float(row[expected[0].name]),
            _day(situation, row["time"]),
            f"{value_text(situation, row[up.name], up.unit)}, {value_text(situation, row[across.name], across.unit)}",
            row["time"] == latest,
            row.get("coverage") is not None and row["coverage"] < 1,
        )
        for row in known
    )
    heads = tuple(Head(situation.pick(column.label_sv, column.label_en), column.unit) for column in query.columns)
    shown, beyond = situation.room(rows[::-1])
    table = Table(
        situation.pick("dygn", "day"),
        heads,
        tuple(
            TableRow(
                f"{situation.local(row['time']):%Y-%m-%d}",
                _day(situation, row["time"]),
                tuple(column_cell(situation, query, column, row) for column in query.columns),
            )
            for row in shown
        ),
        beyond=beyond,
    )
    labels = [head.label for head in heads]
    picture = Scatter(
        dots,
        _axis(labels[0], across.unit),
        _axis(labels[1], up.unit),
        labels[2] if expected else "",
        "" if latest is None else _day(situation, latest),
    )
    name = name_of(situation, query, panel.facet or panel.rows, facet) if facet else ""
    return Part(facet or "all", name, up.unit, _summary(situation, panel, known), table, picture)


def _axis(label: str, unit: str) -> str:
    return f"{label} ({unit})" if unit else label


def _day(situation: Situation, at: datetime) -> str:
    local = situation.local(at)
    name = day_name(local.date(), situation.language)
    return name if local.year == situation.local(situation.now).year else f"{name} {local.year}"


def _summary(situation: Situation, panel: Panel, known: list[dict[str, Any]]) -> str:
    if not known:
        return situation.pick("Inget dygn har båda värdena.", "No day has both values.")
    query = panel.role(Role.VALUE)[0]
    across, up, *expected = query.columns
    last: Mapping[str, Any] = known[-1]
    day, value, at = (
        _day(situation, last["time"]),
        value_text(situation, last[up.name], up.unit),
        value_text(situation, last[across.name], across.unit),
    )
    text = situation.pick(f"Senast, {day}: {value} vid {at}.", f"Latest, {day}: {value} at {at}.")
    if not expected or last[expected[0].name] is None:
        return text
    model = value_text(situation, last[expected[0].name], up.unit)
    expects = situation.pick(f"Väntat vid den temperaturen är {model}.", f"Expected at that temperature is {model}.")
    return f"{text} {expects} {difference_text(situation, last[up.name] - last[expected[0].name], up.unit)}"
