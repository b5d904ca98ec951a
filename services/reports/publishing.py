"""Many reports into the archive, drawn on several cores."""

from collections.abc import Iterator, Sequence

from services.reports.archive import ReportArchive
from services.reports.rendering import all_rendered
from services.reports.report import Publication, Report


def publish_all(archive: ReportArchive, reports: Sequence[Report], workers: int) -> Iterator[Publication]:
    """Each report's publication, in order, as it is published; one that says the same as before is the one that is there.

    Raises:
        ReportError: as of `ReportArchive.publish`; what was given before it is published, the rest is not.
    """
    drafts = [archive.draft(report) for report in reports]
    new = [draft.publication for draft in drafts if draft.is_new]
    drawn = all_rendered(new, min(workers, len(new)))
    for draft, report in zip(drafts, reports, strict=True):
        if not draft.is_new or archive.keep(draft.publication, next(drawn)):
            yield draft.publication
        else:  # another edition came first: drafted and drawn again, here
            yield archive.publish(report)
