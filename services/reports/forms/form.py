"""The seam that every form fills, and a publication in all of them."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from services.reports.printing import PrintedReport, printed
from services.reports.report import Publication
from services.reports.wording import LANGUAGES

Rendered = Mapping[tuple[str, str], bytes]  # language and suffix → the form's bytes


class ReportRenderer(Protocol):
    """Gives a report a form, and adds no figure and no word of its own; the same report gives the same bytes.

    Attributes:
        media_type: as "application/pdf".
        suffix: of its file, as "pdf".

    Raises:
        ReportError: it cannot be drawn as it must be (a font is missing, a text does not fit).
    """

    @property
    def media_type(self) -> str: ...

    @property
    def suffix(self) -> str: ...

    def render(self, report: PrintedReport) -> bytes: ...


def rendered(publication: Publication, forms: Iterable[ReportRenderer]) -> Rendered:
    """The publication in every form and both languages. Raises ReportError where one cannot be drawn."""
    pages = {language: printed(publication, language) for language in LANGUAGES.values()}
    return {(language, form.suffix): form.render(page) for form in forms for language, page in pages.items()}
