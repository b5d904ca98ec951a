"""veraPDF, which is not ours, finds every document to be PDF/UA-1."""

from dataclasses import replace
from pathlib import Path

import typst

from services.reports.forms.pdf import PdfForm
from services.reports.printing import printed
from services.reports.report import ReportKind
from services.reports.wording import LANGUAGES
from tests.services.reports.forms.test_pdf import EXAMPLES, SHEET, hostile
from tests.services.reports.forms.verapdf import broken_clauses


def test_every_kind_passes_and_an_untagged_document_does_not(tmp_path: Path) -> None:
    """Each kind, a preview and a re-issue, in both languages; the untagged one shows that the judge is awake."""
    form = PdfForm()
    published = EXAMPLES["published"]
    documents = {**EXAMPLES, "hostile": replace(published, report=hostile())}
    for kind in ReportKind:
        documents[kind] = SHEET if kind is ReportKind.SHEET else replace(published, report=replace(published.report, kind=kind))
    for name, publication in documents.items():
        for language in LANGUAGES.values():
            (tmp_path / f"{name}-{language}.pdf").write_bytes(form.render(printed(publication, language)))
    untagged = typst.compile(b'#set document(title: "a")\n= a', format="pdf", pdf_tags=False)
    assert isinstance(untagged, bytes)
    (tmp_path / "untagged.pdf").write_bytes(untagged)

    broken = broken_clauses(tmp_path)

    assert "7.1-3" in broken.pop("untagged.pdf")  # content that is neither tagged nor decoration
    assert {name: clauses for name, clauses in broken.items() if clauses} == {}
