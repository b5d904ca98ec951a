"""The timetable: every job, on one screen.

When a job looks says nothing about what it will find to do: that is in the state (dirty hours, dirty days, watermarks), so a
missed look costs nothing and one too many changes nothing. Times are UTC. Alerts, which tell that jobs hang, stand beside it on
a thread of their own (`services.app.alerts`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from config.domain.clock import Clock
from config.domain.estate import Portfolio
from config.domain.goals import Goals
from config.domain.weather import WeatherPlan
from services.figures.calculation import Limits
from services.jobs.deviate import DeviateJob, Judging
from services.jobs.housekeeping import HousekeepingJob, Retention
from services.jobs.indicate import IndicateJob
from services.jobs.job import Job
from services.jobs.notice import NoticeJob
from services.jobs.pictures.buildings import BuildingsPicture
from services.jobs.pictures.change_parts import ChangePartsJob
from services.jobs.pictures.deviations import DeviationsPicture
from services.jobs.pictures.events import EventsPicture
from services.jobs.pictures.goals import GoalLinesPicture, GoalsPicture
from services.jobs.pictures.intake_troubles import IntakeTroublesPicture
from services.jobs.pictures.job import PicturesJob
from services.jobs.pictures.meter_days import MeterDaysPicture
from services.jobs.pictures.restatements import RestatementsPicture
from services.jobs.pictures.service import Collector, ServicePicture
from services.jobs.pictures.signature import SignatureJob
from services.jobs.prices import PriceKeeper, PricesJob, PriceSource, RefusedDays
from services.jobs.report import Reporting, ReportJob, ReportMailsJob
from services.jobs.restate import RestateJob
from services.jobs.scheduler import Scheduled, trigger
from services.jobs.settle import SettleJob
from services.jobs.surroundings import Surroundings
from services.jobs.weather import TouchedBuildings, WeatherJob, WeatherKeeper, WeatherSource
from services.reports.goal_standing import GoalStanding
from services.state.state import State
from services.store.timeseries import TimeSeriesStore

_SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Parts:
    """What jobs are made of."""

    portfolio: Portfolio
    store: TimeSeriesStore
    state: State
    clock: Clock
    surroundings: Surroundings
    limits: Limits = field(default_factory=Limits)
    retentions: tuple[Retention, ...] = ()
    weather: WeatherPlan = field(default_factory=WeatherPlan)
    weather_source: WeatherSource | None = None  # None where nothing may be fetched
    price_source: PriceSource | None = None  # None where nothing may be fetched
    judging: Judging = field(default_factory=Judging)
    goals: Goals = field(default_factory=Goals)
    collector: Collector | None = None  # None where nothing is collected here
    reporting: Reporting | None = None  # None where no report goes out by itself


@dataclass(frozen=True, slots=True)
class Row:
    """`hour` and `minute` are cron fields, UTC."""

    name: str
    hour: str
    minute: str
    make: Callable[[Parts], Job[Any]]


def weather_job(parts: Parts) -> WeatherJob:
    """The weather's, whose changes touch every building."""
    touched = TouchedBuildings(parts.portfolio, parts.state.dirty_days, parts.clock)
    keeper = WeatherKeeper(parts.store, parts.weather, parts.portfolio.timezone, parts.clock, touched)
    return WeatherJob(parts.weather, parts.weather_source, keeper, parts.state.weather, parts.clock)


def price_job(parts: Parts) -> PricesJob:
    """The day-ahead prices that price lists ask for."""
    return PricesJob(parts.price_source, price_keeper(parts), parts.state.watermarks, parts.clock)


def price_keeper(parts: Parts) -> PriceKeeper:
    """What keeps them, fetched or imported."""
    refused = RefusedDays(parts.state.watermarks)
    return PriceKeeper(parts.portfolio, parts.surroundings.tariffs, parts.store, parts.state.dirty_days, refused, parts.clock)


def pictures_job(parts: Parts) -> PicturesJob:
    """What the state knows, as series."""
    zone, store, state = parts.portfolio.timezone, parts.store, parts.state
    standing = GoalStanding(parts.goals, parts.portfolio, store, state)
    drawn = (
        DeviationsPicture(parts.portfolio, store, state.deviation_threads),
        EventsPicture(parts.portfolio, store, state),
        GoalsPicture(parts.goals, zone, store, standing),
        GoalLinesPicture(parts.goals, zone, store, standing),
        RestatementsPicture(zone, store, state),
        MeterDaysPicture(parts.portfolio, store, state.message_counts),
        IntakeTroublesPicture(store, state.dead_letters, state.unknown_devices, zone),
        ServicePicture(store, state, parts.collector),
        BuildingsPicture(parts.portfolio, store, state),  # behind the meters' days: it counts those that are silent
    )
    return PicturesJob(drawn, zone, parts.clock)


def signature_job(parts: Parts) -> SignatureJob:
    """Heat against outdoor temperature, day by day."""
    reader = parts.surroundings.weather_reader
    return SignatureJob(parts.portfolio, parts.store, parts.state.watermarks, parts.clock, reader)


TIMETABLE = (
    # notice: the first look after local midnight (22 or 23 UTC) closes the day
    Row("notice", "*", "0-59/15", lambda p: NoticeJob(p.portfolio, p.store, p.state, p.clock)),
    # restate: before indicate, so that one calculation serves readings and restatements
    Row("restate", "*", "*", lambda p: RestateJob(p.store, p.state, p.clock, p.surroundings, p.limits)),
    # settle and indicate every minute: a look costs a query of the state, and who imports or replays wants to see it
    Row("settle", "*", "*", lambda p: SettleJob(p.portfolio, p.store, p.state, p.clock)),
    Row("indicate", "*", "*", lambda p: IndicateJob(p.portfolio, p.store, p.state, p.clock, p.surroundings, p.limits)),
    # deviate: behind indicate, since prices and kilowatt-hours of the same day should agree
    Row("deviate", "*", "5-59/15", lambda p: DeviateJob(p.portfolio, p.store, p.state, p.clock, p.surroundings, p.judging)),
    # pictures: every minute, since a screen shows what a person just did; a look at what did not change costs some queries
    Row("pictures", "*", "*", pictures_job),
    # signature: yesterday's heat and temperature come during the morning, at no hour of their own
    Row("signature", "*", "10-59/15", signature_job),
    # change_parts: a late day restates a year; nobody waits for what it is made of
    Row("change_parts", "*", "12-59/15", lambda p: ChangePartsJob(p.portfolio, p.store, p.state.watermarks, p.clock)),
    # prices: those of tomorrow are there in the afternoon; a day that is not published yet is asked for each hour
    Row("prices", "*", "47", price_job),
    # weather: what was not asked for in three hours; half past, since SMHI's files are stamped twenty past
    Row("weather", "*", "32", weather_job),
    # report: a day's reports are made once; what waits for data is looked at now and then
    Row("report", "*", "8-59/15", lambda p: ReportJob(p.reporting, p.state.report_plans, p.clock)),
    # report_mails: a round is a query where nothing is due
    Row("report_mails", "*", "*", lambda p: ReportMailsJob(None if p.reporting is None else p.reporting.delivery)),
    Row("housekeeping", "3", "20", lambda p: HousekeepingJob(p.retentions, p.clock)),
)  # fmt: skip


def scheduled(parts: Parts) -> Sequence[Scheduled]:
    """The timetable with its jobs made, in order."""
    return [Scheduled(row.make(parts), row.minute, row.hour) for row in TIMETABLE]


def paces() -> dict[str, timedelta]:
    """Job → the time between two of its looks."""
    found = {}
    for row in TIMETABLE:
        fires = trigger(row)
        first = fires.get_next_fire_time(None, _SOME_DAY)
        found[row.name] = fires.get_next_fire_time(first, first + timedelta(seconds=1)) - first
    return found
