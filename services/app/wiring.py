"""Makes the parts that settings name, and nothing more. Everything that opens a file or a connection opens it here."""

import os
from dataclasses import replace
from datetime import timedelta
from functools import cache
from importlib.metadata import version
from operator import attrgetter
from typing import TYPE_CHECKING

from pydantic import SecretStr

import collectors.decoders
import dashboards.board
import dashboards.citizens
import dashboards.environment_team
import dashboards.facility_managers
from collectors.decoding import Decoder
from collectors.groups import by_group
from collectors.identification import Identification
from collectors.intake import STOP_SHARE, Intake, Ports, Reception
from collectors.journal import JournalReader, JournalRetention, JournalWriter, Progress
from collectors.mqtt.session import Protocol, Session, SessionOptions
from collectors.prices.day_ahead import DayAheadPrices
from collectors.remembered import Remembered
from collectors.routing import Routing
from collectors.weather.fetching import PoliteFetcher
from collectors.weather.smhi import SmhiObservations
from collectors.weather.strang import Strang
from config.domain.clock import Clock
from config.domain.deviations import Rules, Savings
from config.domain.panels import Dashboard
from config.errors import ConfigurationError
from config.loading import Municipality, load_municipality
from config.settings import Settings, StoreKind, load_settings
from config.shelf import entries
from services.app.collector_figures import CollectorFigures
from services.app.timetable import Parts
from services.figures.calculation import Limits
from services.grafana.client import GrafanaClient
from services.grafana.provisioning import Choices, Wanted, wanted
from services.jobs.deviate import Judging
from services.jobs.housekeeping import Retention
from services.jobs.marginal_prices import MarginalPrices, stored_spot
from services.jobs.savings import SavingsModel
from services.jobs.surroundings import Surroundings
from services.reports.figure_export import Sources
from services.reports.lineage import LineageReader
from services.state.sessions import FORGOTTEN
from services.state.state import State
from services.store.duckdb import DuckDBStore
from services.store.influxdb import InfluxStore
from services.store.influxwire import InfluxTarget, InfluxVersion
from services.store.setup import ensure_database
from services.store.timeseries import TimeSeriesStore

if TYPE_CHECKING:
    from services.reports.archive import ReportArchive
    from services.reports.making import ReportMaker

RUNS_KEPT = timedelta(days=400)
DEAD_LETTERS_KEPT = timedelta(days=400)
COUNTS_KEPT = timedelta(days=400)
DEVIATION_DAYS_KEPT = timedelta(days=500)  # they are compared on the year before
TLS_PORT, PLAIN_PORT = 8883, 1883


def settings() -> Settings:
    """Of this process's environment."""
    return load_settings(os.environ)


@cache
def decoders() -> tuple[Decoder, ...]:
    """The shelf."""
    return tuple(entries(collectors.decoders, "DECODER", Decoder))


def families() -> frozenset[str]:
    """Every name that `family` may have in sources.yaml and portfolio.yaml."""
    return frozenset(by_group(decoders()))


def boards() -> tuple[Dashboard, ...]:
    """Every dashboard: the facility managers' first, those of an audience in their places."""
    folders = (dashboards.facility_managers, dashboards.environment_team, dashboards.board, dashboards.citizens)
    shelves = (sorted(entries(folder, "DASHBOARD", Dashboard), key=attrgetter("place")) for folder in folders)
    return tuple(board for shelf in shelves for board in shelf)


def municipality(chosen: Settings) -> Municipality:
    """The municipality's YAML. Raises ConfigurationError with all its faults."""
    return load_municipality(chosen.municipality, families())


def influx_target(chosen: Settings) -> InfluxTarget:
    """InfluxDB as we reach it.

    Raises:
        ConfigurationError: the settings name none.
    """
    if chosen.influxdb_url is None:
        raise ConfigurationError(
            "no InfluxDB is named: set ENERGIMONITOR_STORE and ENERGIMONITOR_INFLUXDB_URL",
            "ingen InfluxDB är angiven: sätt ENERGIMONITOR_STORE och ENERGIMONITOR_INFLUXDB_URL",
        )
    return InfluxTarget(
        url=chosen.influxdb_url,
        database=chosen.influxdb_database,
        version=InfluxVersion.V1 if chosen.store is StoreKind.INFLUXDB1 else InfluxVersion.V2,
        org=chosen.influxdb_org,
        token=_secret(chosen.influxdb_token),
        username=chosen.influxdb_username,
        password=_secret(chosen.influxdb_password),
        ca_file=chosen.influxdb_ca_file,
    )


def open_store(chosen: Settings) -> TimeSeriesStore:
    """The time-series store. InfluxDB is not asked for anything yet."""
    if chosen.store is StoreKind.DUCKDB:
        chosen.data_dir.mkdir(parents=True, exist_ok=True)
        return DuckDBStore(chosen.data_dir / "energimonitor.duckdb")
    return InfluxStore(influx_target(chosen))


def prepare_store(chosen: Settings) -> bool:
    """Make bucket or database where it is missing and we may; whether it was made."""
    return chosen.store is not StoreKind.DUCKDB and ensure_database(influx_target(chosen))


def open_state(chosen: Settings) -> State:
    """Everything that is not a time series."""
    chosen.data_dir.mkdir(parents=True, exist_ok=True)
    return State.open(chosen.data_dir / "state.sqlite")


def journal_writer(chosen: Settings) -> JournalWriter:
    return JournalWriter(chosen.journal, chosen.journal_cap_bytes)


def routing(town: Municipality) -> Routing:
    return Routing(town.sources, decoders())


def session_options(chosen: Settings, town: Municipality) -> SessionOptions:
    """The broker that the settings name.

    Raises:
        ConfigurationError: they name none.
    """
    if chosen.broker_host is None:
        raise ConfigurationError(
            "no broker is named: set ENERGIMONITOR_BROKER_HOST, or run `energimonitor up` for a trial",
            "ingen mäklare är angiven: sätt ENERGIMONITOR_BROKER_HOST, eller kör `energimonitor up` för ett prov",
        )
    return SessionOptions(
        host=chosen.broker_host,
        port=chosen.broker_port or (TLS_PORT if chosen.broker_tls else PLAIN_PORT),
        client_id=chosen.broker_client_id,
        topics=routing(town).filters,
        protocol=Protocol(chosen.broker_protocol),
        username=chosen.broker_username,
        password=_secret(chosen.broker_password) or None,
        tls=chosen.broker_tls,
        ca_file=chosen.broker_ca_file,
        certificate=chosen.broker_certificate,
        key=chosen.broker_key,
        keepalive_s=chosen.broker_keepalive_s,
        session_expiry_s=chosen.broker_session_expiry_s,
    )


def session(options: SessionOptions, journal: JournalWriter, clock: Clock) -> Session:
    return Session(options, journal, clock)


def ports(town: Municipality, store: TimeSeriesStore, state: State) -> Ports:
    """Where the intake's results go."""
    kept = state.dirty_hours, state.dead_letters, state.unknown_devices, state.message_counts
    return Ports(store, *kept, town.timezone)


def intake(
    chosen: Settings, town: Municipality, store: TimeSeriesStore, state: State, stop_share: float | None = STOP_SHARE
) -> Intake:
    """The journal's reader, with what it remembered when it last ran."""
    progress = Progress(chosen.journal)
    remembered = Remembered(decoders())
    for message in progress.remembered():
        remembered.observe(message)
    reception = Reception(routing(town), Identification(town.portfolio), remembered)
    return Intake(JournalReader(chosen.journal), progress, reception, ports(town, store, state), stop_share=stop_share)


def parts(chosen: Settings, town: Municipality, store: TimeSeriesStore, state: State, clock: Clock) -> Parts:
    """What the jobs of the timetable are made of."""
    retentions = (
        Retention("journal", JournalRetention(chosen.journal), timedelta(days=chosen.journal_keep_days)),
        Retention("runs", state.runs, RUNS_KEPT),
        Retention("dead letters", state.dead_letters, DEAD_LETTERS_KEPT),
        Retention("message counts", state.message_counts, COUNTS_KEPT),
        Retention("log of changes", state.audit, timedelta(days=chosen.audit_keep_days)),
        Retention("sessions", state.sessions, timedelta(hours=chosen.session_hours)),
        Retention("attempts to sign in", state.sign_in_attempts, FORGOTTEN),
        Retention("alerts", state.alerts, RUNS_KEPT),
        Retention("words of reports' mails", state.report_mails, RUNS_KEPT),
        Retention("days that deviations are judged on", state.deviation_days, DEVIATION_DAYS_KEPT),
    )
    return Parts(
        town.portfolio,
        store,
        state,
        clock,
        surroundings(town, store),
        limits(chosen),
        retentions,
        town.weather,
        weather_source(chosen, town, clock),
        price_source(chosen, clock),
        judging(chosen, town, store),
        town.goals,
        CollectorFigures(chosen.data_dir, chosen.journal),
    )


def limits(chosen: Settings) -> Limits:
    """Below which figures are not published."""
    return Limits(chosen.min_coverage, chosen.max_uncertainty)


def weather_source(chosen: Settings, town: Municipality, clock: Clock) -> SmhiObservations | None:
    """Where weather comes from; None where nothing may be fetched."""
    if chosen.weather == "off":
        return None
    fetcher = PoliteFetcher(chosen.data_dir / "weather", clock)
    model = Strang(fetcher, clock, town.weather.hours_since, chosen.weather_model_url)
    return SmhiObservations(fetcher, chosen.weather_url, model)


def price_source(chosen: Settings, clock: Clock) -> DayAheadPrices | None:
    """Where day-ahead prices come from; None where nothing may be fetched."""
    if chosen.prices == "off":
        return None
    fetcher = PoliteFetcher(chosen.data_dir / "prices", clock, setting="ENERGIMONITOR_PRICES_URL")
    return DayAheadPrices(fetcher, chosen.prices_url)


def judging(chosen: Settings, town: Municipality, store: TimeSeriesStore) -> Judging:
    """What deviations are judged by."""
    rules = Rules(chosen.deviation_share, chosen.deviation_least_kwh, per_week=chosen.deviations_per_week)
    prices = MarginalPrices(town.portfolio, town.factors, town.tariffs, town.calendar, stored_spot(store, town.timezone))
    return Judging(town.calendar, rules, prices, savings(town, store))


def savings(town: Municipality, store: TimeSeriesStore) -> Savings:
    """The model that verifies savings."""
    return SavingsModel(surroundings(town, store))


def surroundings(town: Municipality, store: TimeSeriesStore) -> Surroundings:
    """What figures need besides settled hours."""
    return Surroundings(town.portfolio, store, town.factors, town.tariffs, town.weather, town.calendar, town.indoor)


def lineage(town: Municipality, store: TimeSeriesStore, state: State) -> LineageReader:
    """Where published figures come from."""
    return LineageReader(town.portfolio, store, state, version("energimonitor"))


def figure_sources(chosen: Settings, town: Municipality, store: TimeSeriesStore) -> Sources:
    """What a figure's export takes from, besides the figures."""
    weather = surroundings(town, store).weather_reader
    return Sources(weather.years, chosen.municipality)


def report_maker(chosen: Settings, town: Municipality, store: TimeSeriesStore, state: State) -> "ReportMaker":
    """What makes reports of the published figures."""
    from services.reports.making import ReportMaker

    weather = surroundings(town, store).weather_reader
    simulated = chosen.simulated or town.examples > 0
    return ReportMaker(
        town.portfolio, store, state, town.goals, weather.years, version("energimonitor"), simulated, limits(chosen)
    )


def report_archive(chosen: Settings, town: Municipality, state: State, clock: Clock) -> "ReportArchive":
    """The published reports, in the data directory."""
    from services.reports.archive import ReportArchive
    from services.reports.causes import restatements
    from services.reports.rendering import report_forms

    return ReportArchive(
        state.published_reports,
        chosen.data_dir / "reports",
        report_forms(),
        clock,
        restatements(state.figure_changes, town.portfolio),
    )


def grafana(chosen: Settings) -> GrafanaClient:
    """Grafana's API.

    Raises:
        ConfigurationError: the settings name no Grafana.
    """
    if chosen.grafana_url is None:
        raise ConfigurationError(
            "no Grafana is named: set ENERGIMONITOR_GRAFANA_URL and ENERGIMONITOR_GRAFANA_TOKEN_FILE",
            "ingen Grafana är angiven: sätt ENERGIMONITOR_GRAFANA_URL och ENERGIMONITOR_GRAFANA_TOKEN_FILE",
        )
    ca_file = chosen.grafana_ca_file
    return GrafanaClient(
        chosen.grafana_url, token=_secret(chosen.grafana_token), ca_file=None if ca_file is None else str(ca_file)
    )


def grafana_wanted(chosen: Settings, town: Municipality, *, secret_is_elsewhere: bool = False) -> Wanted:
    """Everything that Grafana shall have, of the municipality as it is now."""
    choices = Choices(
        titles={readers.audience.value: readers.title_sv for readers in town.audiences},
        # those with a path first: a reader who chooses none sees one that has a picture
        goals={goal.id: goal.text_sv for goal in sorted(town.goals.goals, key=lambda goal: goal.measured_by is None)},
        board_url=chosen.board_url or "",
        addresses=tuple(address.strip() for address in chosen.grafana_alert_emails.split(",") if address.strip()),
        webhook=chosen.grafana_alert_webhook or "",
    )
    target = grafana_target(chosen, secret_is_elsewhere=secret_is_elsewhere)
    return wanted(boards(), town.portfolio, target, example=chosen.simulated or town.examples > 0, choices=choices)


def grafana_target(chosen: Settings, *, secret_is_elsewhere: bool = False) -> InfluxTarget:
    """The store as Grafana reaches it, with Grafana's own token: ours may write, and Grafana must not.

    Args:
        secret_is_elsewhere: Grafana takes the token from a file of its own, so none need be given here.
    Raises:
        ConfigurationError: Grafana has no token of its own.
    """
    target = influx_target(chosen)
    token = _secret(chosen.grafana_influxdb_token)
    if not token and target.token and not secret_is_elsewhere:
        raise ConfigurationError(
            "ENERGIMONITOR_GRAFANA_INFLUXDB_TOKEN_FILE: a file with a token for Grafana that may only read (docs/security.md)",
            "ENERGIMONITOR_GRAFANA_INFLUXDB_TOKEN_FILE: en fil med en nyckel för Grafana som bara får läsa (docs/security.md)",
        )
    return replace(target, url=chosen.grafana_influxdb_url or target.url, token=token or target.token)


def _secret(value: SecretStr | None) -> str:
    return "" if value is None else value.get_secret_value()
