"""The archive of reports on the board, put together from the settings."""

from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter

import services.web.reports
from config.domain.clock import Clock
from config.domain.indicators import Subject
from config.domain.periods import Period
from config.loading import Municipality
from config.settings import Settings
from services.app.reporting import delivery
from services.app.wiring import report_archive, report_maker
from services.reports.planned_sending import PlannedSending
from services.reports.report import Report, ReportKind
from services.reports.report_keeping import ReportKeeping
from services.state.report_mail_keeping import ReportMailKeeping
from services.state.state import State
from services.store.timeseries import TimeSeriesStore
from services.web.reports.deliveries import ToldMails, delivery_routes, waiting_reports
from services.web.reports.known_now import MadeReports, known_now_routes
from services.web.reports.links import ARCHIVE
from services.web.reports.pages import ReportPage, report_routes
from services.web.reports.readable import ReadableReports
from services.web.shell import Place
from services.web.signing.addresses import Addresses
from services.web.visitor import Rights

TEMPLATES = (Path(services.web.reports.__path__[0]) / "templates",)
PLACES = (Place("Rapporter", "Reports", ARCHIVE, lambda visitor: visitor.rights is not Rights.PUBLIC),)


@dataclass(frozen=True, slots=True)
class ReportPages:
    """What `create_app` is given. `readable`: for pages that lead to reports."""

    readable: ReadableReports
    routers: tuple[APIRouter, ...]
    templates: tuple[Path, ...] = TEMPLATES
    places: tuple[Place, ...] = PLACES


def report_pages(
    chosen: Settings, town: Municipality, store: TimeSeriesStore, state: State, clock: Clock, addresses: Addresses
) -> ReportPages:
    """The archive in the data directory, and reports as they are known now."""
    archive, maker = report_archive(chosen, town, state, clock), report_maker(chosen, town, store, state)

    def make(kind: ReportKind, subject: Subject, period: Period) -> Report:
        return maker.make(kind, subject, period, maker.material(clock.now().replace(microsecond=0)))

    readable = ReadableReports(town.portfolio, archive)
    keeping = ReportKeeping(archive, state.audit, clock)
    page = ReportPage(readable, ToldMails(state, town.timezone))
    plans = [plan for readers in town.audiences for plan in readers.reports]
    sending = PlannedSending(plans, delivery(chosen, state, archive, clock))
    routers = (
        known_now_routes(readable, MadeReports(make, clock), keeping, sending, addresses),  # before the editions': "nu" is none
        report_routes(page, waiting_reports(state, plans, readable)),
        delivery_routes(page, state, ReportMailKeeping(state, clock), addresses),
    )
    return ReportPages(readable, routers)
