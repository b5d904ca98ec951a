"""A report to look at before anybody else does: its files, and its mail as it would be sent."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from config.errors import ReportError
from services.mail.mail import Attachment, composed
from services.reports.file_names import file_name
from services.reports.letter import letter
from services.reports.printing import printed
from services.reports.rendering import report_forms
from services.reports.report import Publication
from services.reports.wording import Language

MAIL = "eml"  # a mail in a file, which every mail program opens
NOBODY = "forhandsvisning@example.invalid"


def preview_files(publication: Publication, language: Language, suffixes: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """File name and bytes of each form asked for.

    Raises:
        ReportError: there is no such form, or it cannot be drawn.
    """
    page = printed(publication, language)
    forms = {form.suffix: form for form in report_forms()}
    for suffix in suffixes:
        name = file_name(publication, language, suffix)
        if suffix == MAIL:
            yield name, _mail(publication, language, forms["pdf"].render(page))
        elif suffix in forms:
            yield name, forms[suffix].render(page)
        else:
            known = ", ".join((*forms, MAIL))
            raise ReportError(f"no form {suffix!r}; there are {known}", f"ingen form {suffix!r}; det finns {known}")


def _mail(publication: Publication, language: Language, pdf: bytes) -> bytes:
    attached = Attachment(file_name(publication, language, "pdf"), "application/pdf", pdf)
    said = letter(publication, language)
    mail = replace(said, id="forhandsvisning", to=NOBODY, written=publication.report.known, attachments=(attached,))
    return composed(mail, NOBODY).as_bytes()
