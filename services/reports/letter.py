"""A publication's mail: its first page, to nobody yet and with nothing attached."""

from datetime import UTC, datetime

from services.mail.mail import Mail
from services.reports.forms.mail_body import mail_body
from services.reports.printing import printed
from services.reports.report import Publication
from services.reports.wording import Language

_BEGINNING = datetime.fromtimestamp(0, UTC)  # who sends it knows when it was written


def letter(publication: Publication, language: Language, address: str = "") -> Mail:
    """The same publication gives the same mail.

    Args:
        address: of the report in the archive; "" where the board has none.

    Raises:
        ReportError: its chart cannot be drawn.
    """
    body = mail_body(printed(publication, language), address)
    written = publication.published or _BEGINNING
    return Mail("", "", body.subject, body.text, written, body.html, language, images=body.images)
