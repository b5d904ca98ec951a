"""Reports that go out by themselves, put together: plans, makers, archive and the way to mailboxes."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from config.domain.clock import Clock
from config.domain.indicators import Subject
from config.domain.periods import Period
from config.domain.report_plans import ReportPlan
from config.loading import Municipality
from config.settings import Settings
from services.app.alerts import mail_sender
from services.app.wiring import report_archive, report_maker
from services.jobs.report import Reporting
from services.mail.mail import Mail
from services.reports.archive import ReportArchive
from services.reports.contents.material import Material
from services.reports.contents.readiness import too_little
from services.reports.delivery import ReportDelivery
from services.reports.letter import letter
from services.reports.making import ReportMaker
from services.reports.report import Publication, Report, ReportKind, Words
from services.reports.wording import Language
from services.state.state import State
from services.store.timeseries import TimeSeriesStore
from services.web.reports.links import ARCHIVE

SHARED = timedelta(minutes=1)  # reports made so soon after each other are of the same instant, and read each period once


def reporting(chosen: Settings, town: Municipality, store: TimeSeriesStore, state: State, clock: Clock) -> Reporting:
    """What the jobs make and send reports with."""
    archive, reports = report_archive(chosen, town, state, clock), report_maker(chosen, town, store, state)
    maker = _Maker(reports, clock)
    return Reporting(
        plans=[_of_those_that_are(plan, reports) for readers in town.audiences for plan in readers.reports],
        zone=town.timezone,
        calendar=town.calendar,
        make=maker.make,
        too_little=maker.too_little,
        publish=archive.publish,
        delivery=delivery(chosen, state, archive, clock),
    )


def _of_those_that_are(plan: ReportPlan, maker: ReportMaker) -> ReportPlan:
    """Sheets of every building are of those that have one; a plan of a single one that has none is kept, and fails aloud."""
    made = set(maker.subjects(ReportKind(plan.kind)))
    return replace(plan, subjects=tuple(each for each in plan.subjects if each in made) or plan.subjects)


def delivery(chosen: Settings, state: State, archive: ReportArchive, clock: Clock) -> ReportDelivery:
    """The way of published reports to mailboxes; they wait where the settings name no mail server."""
    return ReportDelivery(state.report_mails, archive, partial(_letter, chosen.board_url or ""), mail_sender(chosen), clock)


def _letter(board: str, publication: Publication, language: Language) -> Mail:
    place = f"{board.rstrip('/')}{ARCHIVE}/{publication.number}/{publication.edition}" if board else ""
    return letter(publication, language, place)


class _Maker:
    """Makes reports of what is published at the time."""

    def __init__(self, maker: ReportMaker, clock: Clock) -> None:
        self._maker = maker
        self._clock = clock
        self._material: Material | None = None

    def make(self, kind: ReportKind, subject: Subject, period: Period) -> Report:
        return self._maker.make(kind, subject, period, self._now())

    def too_little(self, subject: Subject, period: Period) -> Words | None:
        return too_little(self._now(), subject, period)

    def _now(self) -> Material:
        now: datetime = self._clock.now()
        if self._material is None or now - self._material.known >= SHARED:
            self._material = self._maker.material(now)
        return self._material
