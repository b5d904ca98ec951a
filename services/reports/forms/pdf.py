"""A report as PDF/UA-1: tagged, with its fonts and its data in it, set by Typst from the files in `typst/`.

Texts reach Typst as data and are never read as markup. The same report gives the same bytes: the clock is the publication's, the
fonts are ours. A warning of Typst's (a font that is not there, a layout that does not settle) is an error here. Safe in threads
and in spawned processes: every report has a compiler of its own, which costs two milliseconds.
"""

import json
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import typst

from config.errors import ReportError
from services.reports.forms.charts import chart_svg
from services.reports.forms.pdf_document import ChartDrawer, pdf_document
from services.reports.forms.typeface import FAMILY, FOLDER, typeface
from services.reports.printing import PrintedReport
from services.reports.report import ReportKind
from services.reports.report_json import publication_json

SOURCE = Path(__file__).parent / "typst"
_NO_PACKAGES = str(SOURCE / "packages")  # not there: a package can neither be found nor kept
SHEET_SCALES = ("1", "0.95", "0.9", "0.85", "0.8", "0.75", "0.7")  # of a sheet's type: smaller where it does not fit on its page
_TOO_LONG = "energimonitor: too long"  # what our files say
_ANSWERS = {  # what Typst or our files say → what to do, in English and Swedish
    _TOO_LONG: (
        "does not fit on one page: fewer sentences, rows or labels",
        "ryms inte på en sida: färre meningar, rader eller etiketter",
    ),
    "energimonitor: too wide": (
        "a table has more columns than a page is wide: fewer columns, or shorter words",
        "en tabell har fler kolumner än sidan rymmer: färre kolumner, eller kortare ord",
    ),
    "could not be displayed with": (
        f"{FAMILY} lacks a sign that a text has: write the name without it",
        f"{FAMILY} saknar ett tecken som en text har: skriv namnet utan det",
    ),
}
_SIGN = re.compile(r'the text `"(?P<sign>[^`]+)"` could not be displayed with')
_OURS = (
    "Typst cannot set it, which is our fault: report it",
    "Typst kan inte sätta den, vilket är vårt fel: rapportera det",
)


class _TooLong(ReportError):
    """More than the page of a sheet."""


@dataclass(frozen=True)
class PdfForm:
    """`fonts`: folder of the typeface. `draw`: gives a chart as SVG."""

    fonts: Path = FOLDER
    draw: ChartDrawer = chart_svg
    media_type: str = "application/pdf"
    suffix: str = "pdf"

    def render(self, report: PrintedReport) -> bytes:
        if report.publication.report.kind is not ReportKind.SHEET:
            return self._set("report.typ", report)
        *larger, last = SHEET_SCALES
        for scale in larger:
            with suppress(_TooLong):
                return self._set("sheet.typ", report, scale)
        return self._set("sheet.typ", report, last)

    def _set(self, source: str, report: PrintedReport, scale: str = "1") -> bytes:
        publication = report.publication
        inputs = {
            "family": FAMILY,
            "scale": scale,
            "report": json.dumps(pdf_document(report, self.draw, float(scale)), ensure_ascii=False, sort_keys=True),
            "data": publication_json(publication).decode(),
        }
        compiler = typst.Compiler(
            str(SOURCE / source),
            root=str(SOURCE),
            font_paths=typeface(self.fonts),
            ignore_system_fonts=True,
            package_path=_NO_PACKAGES,
            package_cache_path=_NO_PACKAGES,
        )
        try:
            pdf, warnings = compiler.compile_with_warnings(
                format="pdf",
                pdf_standards=["ua-1"],
                timestamp=publication.published or publication.report.known,
                sys_inputs=inputs,
            )
        except typst.TypstError as error:
            raise _fault(report, str(error.message)) from error
        if warnings or not isinstance(pdf, bytes):
            raise _fault(report, "; ".join(warning.message for warning in warnings))
        return pdf


def _fault(report: PrintedReport, said: str) -> ReportError:
    english, swedish = next((answer for key, answer in _ANSWERS.items() if key in said), _OURS)
    kind = _TooLong if _TOO_LONG in said else ReportError
    sign = _SIGN.search(said)
    detail = sign["sign"] if sign else said
    return kind(f"PDF of “{report.title}”: {english} ({detail})", f"PDF av ”{report.title}”: {swedish} ({detail})")
