"""The seam that every form fills."""

from typing import Protocol

from services.reports.printing import PrintedReport


class ReportRenderer(Protocol):
    """Gives a report a form, and adds no figure and no word of its own; the same report gives the same bytes.

    Attributes:
        media_type: as "application/pdf".
        suffix: of its file, as "pdf".

    Raises:
        ReportError: it cannot be drawn as it must be (a font is missing, a text does not fit).
    """

    media_type: str
    suffix: str

    def render(self, report: PrintedReport) -> bytes: ...
