"""Where other pages lead to reports."""

from collections.abc import Collection

from fastapi import Request

from config.domain.indicators import Subject
from services.reports.printing import period_text
from services.reports.report import REPORT_NAMES, ReportKind
from services.web.reports.readable import ReadableReports
from services.web.shell import Entry, language_of, suffix_of
from services.web.visitor import Visitor, visitor_of

MOST = 3
ARCHIVE = "/rapporter"


def report_links(
    reports: ReadableReports | None,
    request: Request,
    subject: Subject,
    kinds: Collection[ReportKind] = tuple(ReportKind),
    most: int = MOST,
    visitor: Visitor | None = None,
) -> list[Entry]:
    """To the latest reports of the subject that they may read: "Månadsrapport oktober 2026".

    Args:
        visitor: who they are; who asks, where not given.
    """
    if reports is None:
        return []
    language, suffix = language_of(request), suffix_of(request)
    return [
        Entry(
            f"{REPORT_NAMES[each.kind].said(language)} {period_text(each.period, language)}",
            f"{ARCHIVE}/{each.number}{suffix}",
            here=False,
        )
        for each in reports.latest_of(visitor or visitor_of(request), subject, kinds, most)
    ]
