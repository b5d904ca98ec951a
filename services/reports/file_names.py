"""What a report's files are called where people keep them."""

import unicodedata

from config.domain.figure_names import period_name
from services.reports.report import REPORT_NAMES, Publication
from services.reports.wording import Language

LONGEST = 60  # characters of a subject's name: with number and period a path stays short enough everywhere


def file_name(publication: Publication, language: Language, suffix: str) -> str:
    """ "manadsrapport-bjorkskolan-2026-10-er-2026-0017.sv.pdf": plain letters, so that it survives mail and old disks."""
    report = publication.report
    said = (REPORT_NAMES[report.kind].said(language), report.subject_name.said(language), period_name(report.period))
    parts = [_plain(text) for text in (*said, publication.name) if text]
    return f"{'-'.join(part for part in parts if part)}.{language}.{suffix}"


def _plain(text: str) -> str:
    """Small letters a to z, figures and hyphens: å, ä as a, ö as o."""
    bare = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return "-".join("".join(each if each.isalnum() else " " for each in bare).split())[:LONGEST]
