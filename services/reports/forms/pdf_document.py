"""A printed report as the plain values that the Typst files set: texts as they stand, and what the columns' widths follow from.

Typst measures the widest texts of a column, which are chosen here; measuring all of a long table would take minutes.
"""

import re
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
BREAK, JOIN = "\u200b", "\u2060"  # of no width: a line may end here, and may not
MEASURED = 6  # texts a column whose widths Typst measures
CAPTION, SIDE_BY_SIDE = 3, 100  # rows of the appendix: what a table's heading is worth, what two columns of a page hold
NARROW = 18  # letters of a line of it, in half of the page
LEDGER = 14  # months or years that a chart's table may have side by side
PAGE, PIXEL, SHEET_PIXEL = 470.5, 0.64, 0.76  # pt: of the text's width, of a pixel of a chart, of one that is pinned up
TWIN_SIZE, TWIN_PAD, TWIN_GAP, TWIN_MOST = 7.5, 6.0, 16.0, 190.0  # pt: of a chart's table, its text and space (see tables.typ)
FOOTER = 60  # letters: a longer title or subject would not fit beside the number
HEAD_LINE = 11.0  # letters: a heading that is longer is set in lines of no less
_WIDE, _NARROW = frozenset("MWmw@%–—≈ÅÄÖ"), frozenset("ijlftrI.,:;'’()|\u00a0 -")

_END = re.compile(f" (?!{JOIN})|\n|{BREAK}|(?<=–)")  # a line may end there
_UNIT = re.compile(r"\b(CO₂|[kMG]?Wh|t?kr|kg|ton|g)/")

Plain = dict[str, Any]


def pdf_document(report: PrintedReport, draw: ChartDrawer, scale: float) -> Plain:
    """`draw`: gives a chart as SVG, so many px wide. `scale`: of a sheet's type, and of the letters in its charts."""
    language, publication = report.language, report.publication
    sheet = publication.report.kind is ReportKind.SHEET
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
                    "charts": [_chart(chart, sheet) for chart in section.charts],
                    "tables": [_table(table) | {"captioned": table.caption != section.title} for table in section.tables],
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
        return max(*map(_weight, texts), min(_weight(column["head"]), HEAD_LINE))

    return sum(0.52 * TWIN_SIZE * letters(column) + TWIN_PAD for column in table["columns"])


def _table(table: PrintedTable) -> Plain:
    heads = [table.corner, *(_held(head.text, head.unit) for head in table.heads)]
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


def _footer(report: PrintedReport) -> str:
    publication = report.publication
    edition = pick(report.language, "utgåva", "edition")
    name = f"{publication.number} · {edition} {publication.edition}" if publication.number else report.name
    short = [text for text in (report.title, report.subject) if len(text) <= FOOTER]
    return " · ".join([report.kind, name, *short[:1]])


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
            "intervall där nio fall av tio hamnar, i siffrans enhet: 0 där det är mindre än siffrorna visar, – där det inte är "
            "beräknat. Flera värden i följd är tabellens kolumner. Metodernas nummer och faktorernas bokstäver "
            "leder till listorna.",
            "How certain the figures are. Coverage is the share of the period that is measured, in per cent. ± is half the width "
            "of the interval that nine cases of ten fall in, in the figure's unit: 0 where it is less than the digits show, – "
            "where it is not calculated. Several values follow the columns of the table. The numbers of the methods and the "
            "letters of the factors lead to the lists.",
        ),
        "methods": pick(language, "Metoder", "Methods"),
        "factors": pick(language, "Faktorer och källor", "Factors and sources"),
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


def _held(text: str, unit: str) -> str:
    """With a short unit on the line of the word before it."""
    return f"{text.removesuffix(unit)}{JOIN}{unit}" if 0 < len(unit) <= 2 else text


def _breakable(text: str) -> str:
    """With places to break in words that no column could hold, and none in units."""
    text = _UNIT.sub(rf"\1/{JOIN}", text.replace(" CO₂", f" {JOIN}CO₂"))
    if len(text) <= LONGEST_WORD:
        return text
    return " ".join(_cut(word) if len(word) > LONGEST_WORD else word for word in text.split(" "))


def _cut(word: str) -> str:
    return BREAK.join(word[at : at + PIECE] for at in range(0, len(word), PIECE))


def _pieces(texts: Iterable[str]) -> set[str]:
    return {piece for text in texts for piece in _END.split(text)}


def _widest(texts: Iterable[str]) -> list[str]:
    return sorted(texts, key=lambda text: (-_weight(text), text))[:MEASURED]


def _weight(text: str) -> float:
    """About how wide it is, in figures."""
    return sum(1.6 if sign in _WIDE else 0.5 if sign in _NARROW else 1.0 for sign in text)
