"""A printed report as the plain values that the Typst files set: texts as they stand, and what the columns' widths follow from.

Typst measures the widest texts of a column, which are chosen here; measuring all of a long table would take minutes.
"""

from collections.abc import Callable, Iterable
from itertools import accumulate
from typing import Any

from services.reports.forms.grounds import grounds
from services.reports.printing import PrintedCell, PrintedChart, PrintedReport, PrintedTable
from services.reports.report import ReportKind
from services.reports.wording import Language, pick

ChartDrawer = Callable[[PrintedChart, Language, int], str]
LONGEST_WORD = 32  # letters; longer ones may be broken anywhere, so that they fit a column
PIECE = 12
BREAK = "\u200b"  # zero width space: a line may end here
MEASURED = 6  # texts a column whose widths Typst measures
CAPTION, SIDE_BY_SIDE = 3, 100  # rows: what a table's own heading is worth, and what two columns of a page hold
LEDGER = 14  # months or years that a chart's table may have side by side
_WIDE, _NARROW = frozenset("MWmw@%–—≈ÅÄÖ"), frozenset("ijlftrI.,:;'’()|\u00a0 -")

Plain = dict[str, Any]


def pdf_document(report: PrintedReport, draw: ChartDrawer, width: int) -> Plain:
    """`draw`: gives a chart as SVG, so many px wide."""
    language, publication = report.language, report.publication
    document: Plain = _broken(
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
                    "charts": [_chart(chart) for chart in section.charts],
                    "tables": [_table(table) for table in section.tables],
                    "empty": section.empty,
                }
                for section in report.sections
            ],
            "changes": _table(report.changes) if report.changes is not None else None,
            "legend": report.legend,
            "grounds": _grounds(report),
            "footer": _footer(report),
            "words": _words(language),
        }
    )
    for section, printed in zip(document["sections"], report.sections, strict=True):
        for chart, whole in zip(section["charts"], printed.charts, strict=True):
            chart |= {"svg": draw(whole, language, width), "alt": whole.alt}
    return document | {
        "lang": language,
        "sheet": publication.report.kind is ReportKind.SHEET,
        "mark": pick(language, "Förhandsvisning", "Preview") if publication.published is None else "",
        "name": report.title,
        "keywords": [report.kind, report.subject, report.period],
        "file": f"{publication.name or pick(language, 'forhandsvisning', 'preview')}.json",
    }


def _chart(chart: PrintedChart) -> Plain:
    return {"title": chart.title, "twin": _table(chart.twin), "ledger": _ledger(chart)}


def _table(table: PrintedTable) -> Plain:
    heads = [table.corner, *(head.text for head in table.heads)]
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
        texts = {_breakable(row[place].text) for row in rows}
        columns.append(
            {
                "head": head,
                "head_words": _widest(_pieces([_breakable(head)])),
                "numeric": numeric[place],
                "texts": _widest(texts),
                "words": _widest(_pieces(texts)),
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
    """`halves`: the tables side by side, where they fit on about a page so; else all of them in the first, to run on."""
    found = grounds(report)
    tables = [
        {"caption": table.caption, "rows": [[row.rows, row.coverage, row.margin, row.methods] for row in table.rows]}
        for table in found.tables
    ]
    lengths = list(accumulate(len(table.rows) + CAPTION for table in found.tables))
    middle = next((at + 1 for at, length in enumerate(lengths) if 2 * length >= lengths[-1]), 0)
    halves = (tables[:middle], tables[middle:]) if lengths and lengths[-1] <= SIDE_BY_SIDE else (tables, [])
    return {"methods": list(found.methods.items()), "halves": halves}


def _footer(report: PrintedReport) -> str:
    publication = report.publication
    edition = pick(report.language, "utgåva", "edition")
    name = f"{publication.number} · {edition} {publication.edition}" if publication.number else report.name
    title = [report.title] if len(report.title) <= 60 else []
    return " · ".join([report.kind, name, *title])


def _words(language: Language) -> Plain:
    """What belongs to the pages themselves."""
    return {
        "page": pick(language, "Sida", "Page"),
        "of": pick(language, "av", "of"),
        "contents": pick(language, "Innehåll", "Contents"),
        "no_rows": pick(language, "Inga rader.", "No rows."),
        "attached": pick(
            language,
            "Rapporten som data (JSON): varje siffra med enhet, täckning, ±, metod och faktorer",
            "The report as data (JSON): every figure with unit, coverage, ±, method and factors",
        ),
        "grounds": pick(language, "Metod och täckning", "Method and coverage"),
        "grounds_lead": pick(
            language,
            "Så säkra är siffrorna. Täckning är hur stor del av perioden som är uppmätt, i procent. ± är halva bredden av det "
            "intervall där nio fall av tio hamnar, i siffrans enhet; – där det inte är beräknat. Står flera värden efter "
            "varandra följer de tabellens kolumner. Metodens nummer leder till listan.",
            "How certain the figures are. Coverage is the share of the period that is measured, in per cent. ± is half the width "
            "of the interval that nine cases of ten fall in, in the figure's unit; – where it is not calculated. Several values "
            "follow the columns of the table. The number of the method leads to the list.",
        ),
        "methods": pick(language, "Metoder och faktorer", "Methods and factors"),
        "grounds_heads": [
            pick(language, "Rad", "Row"),
            pick(language, "Täckning, %", "Coverage, %"),
            "± (90 %)",
            pick(language, "Metod", "Method"),
        ],
    }


def _broken(value: Any) -> Any:
    """The value with every text breakable."""
    if isinstance(value, str):
        return _breakable(value)
    if isinstance(value, dict):
        return {key: _broken(each) for key, each in value.items()}
    return [_broken(each) for each in value] if isinstance(value, list | tuple) else value


def _breakable(text: str) -> str:
    """With places to break in words that no column could hold."""
    if len(text) <= LONGEST_WORD:
        return text
    return " ".join(_cut(word) if len(word) > LONGEST_WORD else word for word in text.split(" "))


def _cut(word: str) -> str:
    return BREAK.join(word[at : at + PIECE] for at in range(0, len(word), PIECE))


def _pieces(texts: Iterable[str]) -> set[str]:
    return {piece for text in texts for word in text.split() for piece in word.split(BREAK)}


def _widest(texts: Iterable[str]) -> list[str]:
    return sorted(texts, key=lambda text: (-_weight(text), text))[:MEASURED]


def _weight(text: str) -> float:
    """About how wide it is, in figures."""
    return sum(1.6 if sign in _WIDE else 0.5 if sign in _NARROW else 1.0 for sign in text)
