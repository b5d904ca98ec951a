"""An archive with a few reports of the example municipality, in forms that cost nothing to draw."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from config.domain.clock import Clock
from config.domain.figure_names import named_period
from config.domain.indicators import PORTFOLIO, Subject, SubjectKind
from services.reports.archive import ReportArchive
from services.reports.printing import PrintedReport
from services.reports.report import Publication, Report, ReportKind, Words
from services.reports.report_json import publication_json, publication_of
from services.state.report_mails import MailWords
from services.state.state import State
from tests.dashboards import example
from tests.services.reports.example_report import REPORT, USE

RINK = Subject(SubjectKind.BUILDING, "ishallen")
SCHOOL = Subject(SubjectKind.BUILDING, example.SCHOOL)
WHOLE = Subject(SubjectKind.PORTFOLIO, PORTFOLIO)
COMMITTEE = Subject(SubjectKind.OWNER, "skolnamnden")
RINKS, SCHOOLS_SHEET, RINKS_SHEET, TREND, COMMITTEES = (f"ER-2026-000{n}" for n in range(1, 6))
ANNA, BO = "anna@example.se", "bo@example.se"
DOUBTFUL = "brev-anna"  # the mail's id


class PlainForm:
    """A form whose bytes say what they are."""

    def __init__(self, suffix: str, media_type: str) -> None:
        self.suffix = suffix
        self.media_type = media_type

    def render(self, report: PrintedReport) -> bytes:
        return f"{report.name} {report.language} {self.suffix} {report.title}".encode()


FORMS = (PlainForm("pdf", "application/pdf"), PlainForm("html", "text/html"), PlainForm("csv", "text/csv"))


def report(kind: ReportKind, subject: Subject, name: str, period: str = "2026-10") -> Report:
    """The example report, of something else."""
    told = _again(REPORT, ("bjorkskolan", subject.id), ("Björkskolan", name))
    title = f"{name}, {period}"
    if kind is ReportKind.SHEET:  # of the building alone
        told = replace(told, sections=tuple(each for each in told.sections if each.key != "course"))
    return replace(told, kind=kind, subject=subject, period=named_period(period, example.ZONE), title=Words(title, title))


def otherwise(of: Report, use: float = 61_111.0) -> Report:
    """The same with another use, as it may be known later. [kWh]"""
    return _again(of, (f"{USE.value}", f"{use}"))


def _again(of: Report, *changes: tuple[str, str]) -> Report:
    told = publication_json(Publication(of)).decode()
    for old, new in changes:
        told = told.replace(old, new)
    return publication_of(told.encode()).report


def archive_in(folder: Path, state: State, clock: Clock) -> ReportArchive:
    """Over the board's folder."""
    return ReportArchive(state.published_reports, folder / "reports", FORMS, clock)


def fill_archive(folder: Path, state: State, clock: Clock) -> ReportArchive:
    """Five reports, and a mail of the first that nobody knows the end of."""
    archive = archive_in(folder, state, clock)
    for kind, subject, name, period in (
        (ReportKind.MONTHLY, RINK, "Ishallen", "2026-10"),
        (ReportKind.SHEET, SCHOOL, "Soltorgets skola", "2026-10"),
        (ReportKind.SHEET, RINK, "Ishallen", "2026-10"),
        (ReportKind.TREND, WHOLE, "Hela beståndet", "2026-08-ytd"),
        (ReportKind.OWNER, COMMITTEE, "Skolnämnden", "2026-10"),
    ):
        archive.publish(report(kind, subject, name, period))
    now, mails = clock.now(), state.report_mails
    mails.queue(RINKS, 1, "sv", {ANNA: DOUBTFUL, BO: "brev-bo"}, ("abc", b"content"), now)
    attempt = mails.attempt(DOUBTFUL, now, now + timedelta(minutes=15))
    assert attempt is not None
    mails.handing_over(DOUBTFUL, attempt, now)
    mails.in_doubt(DOUBTFUL, attempt, now, MailWords("Servern svarade inte efteråt.", "The server did not answer afterwards."))
    return archive
