"""CSV: every figure of the report, one a row, for a spreadsheet or a program.

UTF-8 with BOM, `;` and decimal comma in both languages, since Excel in Sweden opens both; CRLF, and quotes as in RFC 4180.
Numbers have all their digits (the shortest text that gives the same double), no spaces and the ASCII minus. A text that Excel
would take for a formula gets an apostrophe before it; numbers do not.
"""

import csv
from collections.abc import Iterator
from datetime import date, datetime
from io import StringIO

from services.reports.printing import PrintedCell, PrintedReport, figure_table

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # what a spreadsheet calculates instead of showing (OWASP, CSV injection)


class CsvForm:
    """Fills `ReportRenderer`."""

    media_type = "text/csv"
    suffix = "csv"

    def render(self, report: PrintedReport) -> bytes:
        text = StringIO(newline="")
        table = figure_table(report)
        rows = csv.writer(text, delimiter=";", lineterminator="\r\n")
        rows.writerow([_text(each) for each in (table.corner, *(head.text for head in table.heads))])
        for row in table.rows:
            rows.writerow([_text(row.text), *_cells(row.cells)])
        return text.getvalue().encode("utf-8-sig")


def _cells(cells: tuple[PrintedCell, ...]) -> Iterator[str]:
    for cell in cells:
        value = cell.value
        if isinstance(value, datetime):
            yield value.isoformat(" ", "minutes")
        elif isinstance(value, date):
            yield value.isoformat()
        elif value is not None:
            yield repr(float(value)).removesuffix(".0").replace(".", ",")
        else:
            yield _text(cell.text)


def _text(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
