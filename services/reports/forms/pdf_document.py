"""A printed report as the plain values that the Typst files set: its texts, and what the columns' widths follow from."""

from collections.abc import Callable
from itertools import accumulate
from typing import Any

from services.reports.forms.grounds import grounds
from services.reports.forms.pdf_lines import breakable, broken, held, pieces, weight, widest
from services.reports.forms.pdf_words import footer, page_words
from services.reports.printing import PrintedCell, PrintedChart, PrintedReport, PrintedTable
from services.reports.report import ReportKind
from services.reports.wording import Language, pick

ChartDrawer = Callable[[PrintedChart, Language, int], str]
CAPTION, SIDE_BY_SIDE = 3, 100  # rows of the appendix: what a table's heading is worth, what two columns of a page hold
NARROW = 18  # letters of a line of it, in half of the page
LEDGER = 14  # months or years that a chart's table may have side by side
PAGE, PIXEL, SHEET_PIXEL = 470.5, 0.64, 0.76  # pt: of the text's width, of a pixel of a chart, of one that is pinned up
TWIN_SIZE, TWIN_PAD, TWIN_GAP, TWIN_MOST = 7.5, 6.0, 16.0, 190.0  # pt: of a chart's table, its text and space (see tables.typ)
HEAD_LINE = 11.0  # letters: a heading that is longer is set in lines of no less

Plain = dict[str, Any]


def pdf_document(report: PrintedReport, draw: ChartDrawer, scale: float) -> Plain:
    """`draw`: gives a chart as SVG, so many px wide. `scale`: of a sheet's type, and of the letters in its charts."""
    language, publication = report.language, report.publication
    sheet = publication.report.kind is ReportKind.SHEET
    document: Plain = broken(
        {
            "kind": report.kind,
            "title": report.title,
            "facts": report.facts,
            "notices": report.notices,
            "sentences": report.sentences,
            "sections": [
                {
                    "title": section.title,
                    "sentences": section.sentences,
                    "charts": [_chart(chart, sheet) for chart in section.charts],
                    "tables": [_table(table) | {"captioned": table.caption != section.title} for table in section.tables],
                    "empty": section.empty,
                }
                for section in report.sections
            ],
            "changes": _table(report.changes) if report.changes is not None else None,
            "legend": report.legend,
            "grounds": _grounds(report),
            "footer": footer(report),
            "words": page_words(language),
        }
    )
    pixel = SHEET_PIXEL * scale if sheet else PIXEL
    for section, printed in zip(document["sections"], report.sections, strict=True):
        for chart, whole in zip(section["charts"], printed.charts, strict=True):
            width = PAGE - (chart["twin_width"] + TWIN_GAP if chart["place"] == "beside" else 0)
            chart |= {"svg": draw(whole, language, int(width / pixel)), "alt": whole.alt}
    return document | {
        "lang": language,
        "mark": pick(language, "Förhandsvisning", "Preview") if publication.published is None else "",
        "name": report.title,
        "keywords": [report.kind, report.subject, report.period],
        "file": f"{publication.name or pick(language, 'forhandsvisning', 'preview')}.json",
    }


def _chart(chart: PrintedChart, lying: bool) -> Plain:
    """Where its table stands: below and lying like the axis ("ledger"), "beside" it where it is narrow, or upright "below" it.

    `lying`: wherever that can be.
    """
    twin, ledger = _table(chart.twin), _ledger(chart)
    width = _width(twin)
    if ledger is not None and (lying or _width(ledger) <= PAGE):
        place = "ledger"
    else:
        place = "beside" if width <= TWIN_MOST and 4 < len(chart.twin.rows) <= LEDGER else "below"
    return {"title": chart.title, "twin": twin, "ledger": ledger, "place": place, "twin_width": width}


def _width(table: Plain) -> float:
    """About what a table needs in a chart's table's size of text with what its cells have beside it, rather too much. [pt]"""

    def letters(column: Plain) -> float:
        texts = (*column["texts"], *column["head_words"])
        return max(*map(weight, texts), min(weight(column["head"]), HEAD_LINE))

    return sum(0.52 * TWIN_SIZE * letters(column) + TWIN_PAD for column in table["columns"])


def _table(table: PrintedTable) -> Plain:
    heads = [table.corner, *(held(head.text, head.unit) for head in table.heads)]
    rows = [[PrintedCell(row.text), *row.cells] for row in table.rows]
    numeric = [False, *(head.numeric for head in table.heads)]
    return _plain(table, heads, rows, numeric, [row.strong for row in table.rows])


def _ledger(chart: PrintedChart) -> Plain | None:
    """A chart's table lying down, its labels side by side as on the axis; None where they are too many."""
    table = chart.twin
    if not 0 < len(table.rows) <= LEDGER:
        return None
    heads = [chart.unit, *(row.label for row in table.rows)]
    rows = [[PrintedCell(head.label), *(row.cells[place] for row in table.rows)] for place, head in enumerate(table.heads)]
    return _plain(table, heads, rows, [False] + [True] * len(table.rows), [False] * len(rows))


def _plain(
    table: PrintedTable, heads: list[str], rows: list[list[PrintedCell]], numeric: list[bool], strong: list[bool]
) -> Plain:
    columns = []
    for place, head in enumerate(heads):
        texts = {row[place].text for row in rows}
        columns.append(
            {
                "head": head,
                "head_words": widest(pieces([breakable(head)])),
                "numeric": numeric[place],
                "texts": widest(texts),
                "words": widest(pieces(map(breakable, texts))),
            }
        )
    return {
        "caption": table.caption,
        "columns": columns,
        "rows": [
            {"cells": [{"text": cell.text, "state": cell.state.value} for cell in row], "strong": bold}
            for row, bold in zip(rows, strong, strict=True)
        ],
        "note": table.note,
        "reasons": table.reasons,
    }


def _grounds(report: PrintedReport) -> Plain:
    """`wide`: some line tells of so many columns that it needs the width of the page."""
    found = grounds(report)
    tables = [
        {"caption": table.caption, "rows": [[row.rows, row.coverage, row.margin, row.methods] for row in table.rows]}
        for table in found.tables
    ]
    wide = any(len(text) > NARROW for table in tables for row in table["rows"] for text in row[1:])
    lengths = list(accumulate(len(table.rows) + CAPTION for table in found.tables))
    middle = next((at + 1 for at, length in enumerate(lengths) if 2 * length >= lengths[-1]), 0)
    halves = (tables[:middle], tables[middle:]) if not wide and lengths and lengths[-1] <= SIDE_BY_SIDE else (tables, [])
    return {
        "methods": [[place, method] for method, place in found.methods.items()],
        "factors": [[letter, factor] for factor, letter in found.factors.items()],
        "halves": halves,
        "wide": wide,
    }
