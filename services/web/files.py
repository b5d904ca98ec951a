"""A panel as a CSV file: exactly what its tables hold, numbers as the store gave them.

RFC 4180 with a byte order mark, so that Excel reads å, ä and ö; decimals have a point, as in every other file that we give out.
Beside a value stand its coverage, half width and state where any value of the column has them.
"""

import csv
from collections.abc import Iterable, Iterator
from io import StringIO

from services.reports.wording import Language, pick
from services.web.view.values import Cell, PanelView, Part

MARK = "\ufeff"
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def panel_csv(panel: PanelView, language: Language) -> str:
    """Every part, one after the other; where there are several, the first column says which."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    named = len(panel.parts) > 1
    for place, part in enumerate(panel.parts):
        head, rows = _part(part, language)
        lead = [pick(language, "del", "part")] if named else []
        if place == 0 or head != _part(panel.parts[place - 1], language)[0]:
            writer.writerow([*lead, *head])
        for row in rows:
            writer.writerow([*([_safe(part.name)] if named else []), *row])
    if not panel.parts:
        writer.writerow([panel.trouble or panel.empty])
    return MARK + out.getvalue()


def _part(part: Part, language: Language) -> tuple[list[str], list[list[str]]]:
    table = part.table
    columns = [[row.cells[place] for row in table.rows] for place in range(len(table.heads))]
    head = ["id", table.corner or pick(language, "vad", "what")]
    beside = []
    for column, each in zip(columns, table.heads, strict=True):
        names = _beside(column)
        beside.append(names)
        head.append(f"{each.label} [{each.unit}]" if each.unit and not each.is_text else each.label)
        head += [f"{each.label}: {pick(language, *WORDS[name])}" for name in names]
    rows = [
        [
            _safe(row.key),
            _safe(row.name),
            *(text for cell, names in zip(row.cells, beside, strict=True) for text in _texts(cell, names)),
        ]
        for row in table.rows
    ]
    return [_safe(each) for each in head], rows


WORDS = {
    "margin": ("±", "±"),
    "coverage": ("täckning", "coverage"),
    "state": ("läge", "state"),
    "reason": ("orsak", "reason"),
}


def _beside(column: Iterable[Cell]) -> list[str]:
    cells = list(column)
    has = {
        "margin": any(cell.margin is not None for cell in cells),
        "coverage": any(cell.coverage is not None for cell in cells),
        "state": any(cell.state for cell in cells),
        "reason": any(cell.reason for cell in cells),
    }
    return [name for name, any_has in has.items() if any_has]


def _texts(cell: Cell, beside: list[str]) -> Iterator[str]:
    yield _plain(cell.value)
    for name in beside:
        yield _plain(getattr(cell, name))


def _plain(value: float | str | None) -> str:
    if value is None:
        return ""
    return _safe(value) if isinstance(value, str) else repr(value)


def _safe(text: str) -> str:
    """A spreadsheet must not take words for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text
