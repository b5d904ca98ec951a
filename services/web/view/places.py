"""MAP: points that have a place. Drawn by position alone, without tiles from elsewhere."""

from typing import Any

from config.domain.panels import Panel, Role
from services.reports.wording import swedish_order
from services.web.view.cells import column_cell, value_text
from services.web.view.links import row_address
from services.web.view.names import name_of, tag_word
from services.web.view.situation import Situation
from services.web.view.values import Head, Part, Place, Places, Table, TableRow


def place_parts(situation: Situation, panel: Panel) -> tuple[Part, ...]:
    """One part; a row without a place is in the table only."""
    query = panel.role(Role.VALUE)[0]
    rows = list(situation.read(query).iter_rows(named=True))
    if not rows:
        return ()
    sized = query.columns[0]
    named = sorted(((_name(situation, panel, row), row) for row in rows), key=lambda each: swedish_order(each[0]))
    places = tuple(
        Place(
            name,
            row["latitude"],
            row["longitude"],
            None if row[sized.name] is None else float(row[sized.name]),
            situation.missing if row[sized.name] is None else value_text(situation, row[sized.name], sized.unit),
            row_address(situation, panel, query, str(row[panel.rows]), row),
        )
        for name, row in named
        if row["latitude"] is not None and row["longitude"] is not None
    )
    shown, beyond = situation.room(named)
    table = Table(
        tag_word(situation, panel.rows, query),
        tuple(Head(situation.pick(column.label_sv, column.label_en), column.unit) for column in query.columns),
        tuple(
            TableRow(
                str(row[panel.rows]),
                name,
                tuple(column_cell(situation, query, column, row) for column in query.columns),
                address=row_address(situation, panel, query, str(row[panel.rows]), row),
            )
            for name, row in shown
        ),
        beyond=beyond,
    )
    label = situation.pick(sized.label_sv, sized.label_en)
    return (Part("all", "", panel.unit, _summary(situation, len(rows), places, label), table, Places(places, label)),)


def _name(situation: Situation, panel: Panel, row: dict[str, Any]) -> str:
    return name_of(situation, panel.queries[0], panel.rows, str(row[panel.rows]), row)


def _summary(situation: Situation, all_rows: int, places: tuple[Place, ...], label: str) -> str:
    text = situation.pick(f"{len(places)} av {all_rows} har ett läge.", f"{len(places)} of {all_rows} have a place.")
    known = [place for place in places if place.size is not None]
    if not known:
        return text
    largest = max(known, key=lambda place: place.size or 0.0)
    most = situation.pick(f"Störst {label}: {largest.name}, {largest.text}.", f"Largest {label}: {largest.name}, {largest.text}.")
    return f"{text} {most}"
