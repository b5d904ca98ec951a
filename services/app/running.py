"""The service's parts as tasks that run together, in one process or in several."""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from fastapi import FastAPI

from collectors.intake import STOP_SHARE, Intake
from collectors.mqtt.session import Session, SessionOptions
from collectors.simulation.faults import Fault
from collectors.simulation.meters import simulated_meters
from collectors.simulation.publisher import Pace, Publisher, publish_history, publish_live
from config.domain.clock import Clock
from config.errors import ConfigurationError
from config.loading import Municipality
from config.settings import Settings
from services.app import alerts, wiring
from services.app.embedded_broker import METERS, EmbeddedBroker
from services.app.heartbeat import beat
from services.app.notices import Ailment, notices
from services.app.open_data import open_pages
from services.app.people import odd, people
from services.app.report_pages import report_pages
from services.app.reporting import reporting
from services.app.timetable import scheduled
from services.app.together import Task
from services.grafana.keeping import keep_provisioned
from services.grafana.provisioning import Wanted, provision
from services.jobs.scheduler import Scheduled, Scheduler
from services.reports.goal_standing import GoalStanding
from services.state.alerts import MessageState
from services.state.state import State
from services.store.timeseries import TimeSeriesStore
from services.web.application import create_app
from services.web.serving import serve
from services.web.shell import Trouble
from services.web.signing.limits import CHANGING, Rate

log = logging.getLogger(__name__)

SIMULATION_ENDS = timedelta(days=400)  # loads are laid over time so far ahead
TELL_EVERY = 10_000  # messages of history between two lines of progress


def collecting(
    chosen: Settings,
    town: Municipality,
    options: SessionOptions,
    store: TimeSeriesStore,
    state: State,
    clock: Clock,
    *,
    receive: bool = True,
    take_in: bool = True,
    accept_dead_letters: bool = False,
    subscribed: threading.Event | None = None,
) -> dict[str, Task]:
    """Receiver and intake; either may run without the other, they meet in the journal.

    Args:
        subscribed: set when the broker keeps for us what is published.
    """
    tasks: dict[str, Task] = {}
    receiver = wiring.session(options, wiring.journal_writer(chosen), clock) if receive else None
    reader: Intake | None = None
    if receiver is not None:
        receiver.subscribed = subscribed or receiver.subscribed
        tasks["receiver"] = receiver.run
    if take_in:
        reader = wiring.intake(chosen, town, store, state, None if accept_dead_letters else STOP_SHARE)
        tasks["intake"] = reader.run
    tasks["collector's heartbeat"] = beat(chosen.data_dir, "collector", clock, lambda: _collector_figures(receiver, reader))
    return tasks


def simulating(
    chosen: Settings,
    town: Municipality,
    broker: EmbeddedBroker,
    faults: Sequence[Fault],
    clock: Clock,
    tell: Callable[[str], None],
) -> dict[str, Task]:
    """The simulated meters, live and with their history beside it.

    They begin when the collector listens: the embedded broker would not keep for it what came before.
    """
    meters = simulated_meters(town.portfolio, clock.now() + SIMULATION_ENDS)
    pace = Pace(history=timedelta(days=chosen.simulation_history_days))
    words = (METERS, broker.passwords[METERS])
    tell(f"Simulerar {len(meters)} mätare: allt som visas är exempeldata.")

    def live(stop: threading.Event) -> None:
        if broker.wait_for_collector(stop):
            with Publisher("127.0.0.1", broker.port, *words, client_id="simulation-live") as publisher:
                publish_live(meters, faults, pace, publisher.publish, clock, stop)

    def history(stop: threading.Event) -> None:
        told = 0

        def progress(at: datetime, sent: int) -> None:
            nonlocal told
            if sent - told >= TELL_EVERY:
                told = sent
                tell(f"Historik: {sent} meddelanden, till och med {at:%Y-%m-%d %H}:00 UTC")

        if broker.wait_for_collector(stop):
            with Publisher("127.0.0.1", broker.port, *words, client_id="simulation-history") as publisher:
                publish_history(meters, faults, pace, publisher.publish, clock, stop, progress)
                publisher.drain()
                tell("Historiken är sänd.")
                # amqtt acknowledges before it hands out, and forgets what waits of a client that has gone
                stop.wait()

    return {"simulation": live, "simulated history": history}


def _collector_figures(receiver: Session | None, reader: Intake | None) -> dict[str, object]:
    figures: dict[str, object] = {}
    troubles, ails = [], []
    if receiver is not None:
        seen = receiver.figures
        figures |= {"received": seen.received, "connected": seen.connected, "sessions_lost": seen.sessions_lost}
        figures |= {"dropped_by_broker": seen.dropped_by_broker, "last_received": seen.last_received}
        if not seen.connected:
            troubles.append(seen.trouble or "not connected to the broker yet")
            ails.append(Ailment.RECEIVING)
    if reader is not None:
        taken = reader.figures
        figures |= {"taken_in": taken.messages, "readings": taken.readings, "dead_letters": taken.dead_letters}
        if taken.trouble:
            troubles.append(taken.trouble)
            ails.append(Ailment.STORING)
    return figures | {"trouble": "; ".join(troubles), "ails": ails}


def timetable(chosen: Settings, town: Municipality, store: TimeSeriesStore, state: State, clock: Clock) -> Sequence[Scheduled]:
    """Every job, those of reports too, in order."""
    parts = wiring.parts(chosen, town, store, state, clock)
    return scheduled(replace(parts, reporting=reporting(chosen, town, store, state, clock)))


def scheduling(
    chosen: Settings,
    town: Municipality,
    store: TimeSeriesStore,
    state: State,
    clock: Clock,
    broker: SessionOptions | None = None,
) -> dict[str, Task]:
    """The jobs and the alerts by the clock, the outside watcher's call, and Grafana brought up to date where there is one.

    Args:
        broker: how alerts are published; None where no broker is named here.
    """
    speaking = alerts.voice(chosen, town, broker)

    def run(stop: threading.Event) -> None:
        rows = timetable(chosen, town, store, state, clock)
        told = Scheduled(alerts.alerting(chosen, town, store, state, clock, speaking), "*", alone=True)
        scheduler = Scheduler([*rows, told], state.runs, clock)
        scheduler.start()
        stop.wait()
        scheduler.stop()

    tasks: dict[str, Task] = {"jobs": run, "jobs' heartbeat": beat(chosen.data_dir, "jobs", clock, dict)}
    tasks |= alerts.watching(chosen, town, state, clock)
    if speaking is not None:
        tasks["voice at the broker"] = speaking.run
    if chosen.grafana_url is not None:
        client = wiring.grafana(chosen)
        want = _as_it_is_now(chosen, town)

        def keep(stop: threading.Event) -> None:
            keep_provisioned(lambda: provision(client, want()), stop)

        tasks["grafana"] = keep
    return tasks


def _as_it_is_now(chosen: Settings, town: Municipality) -> Callable[[], Wanted]:
    """What Grafana shall have, made again when the municipality's files have changed; as before where they are at fault."""
    made: dict[int, Wanted] = {_written(chosen.municipality): wiring.grafana_wanted(chosen, town)}

    def want() -> Wanted:
        written = _written(chosen.municipality)
        if written not in made:
            try:
                found = wiring.grafana_wanted(chosen, wiring.municipality(chosen))
            except ConfigurationError as error:
                log.warning("Grafana keeps the dashboards of before: %s", error)
                found = next(reversed(made.values()))
            made.clear()
            made[written] = found
        return made[written]

    return want


def _written(folder: Path) -> int:
    """When one of the municipality's files was last written, ns since 1970."""
    return max((file.stat().st_mtime_ns for file in folder.glob("*.yaml")), default=0)


def board(
    chosen: Settings, town: Municipality, store: TimeSeriesStore, state: State, clock: Clock, changing: Rate = CHANGING
) -> FastAPI:
    """The built-in board. It says so where another part of the service shows no sign of life.

    Args:
        changing: how many requests that may change something one address may make.
    """
    for swedish, english in odd(chosen):
        log.warning(swedish if chosen.language == "sv" else english)
    signed = people(chosen, town, store, state, clock)
    reports = report_pages(chosen, town, store, state, clock, signed.addresses)
    opened = open_pages(chosen, town, store, state, clock, signed.addresses, reports.readable)
    app = create_app(
        town.portfolio,
        wiring.boards(),
        store,
        clock,
        simulated=chosen.simulated,
        troubles=lambda: [*notices(chosen.data_dir, clock.now(), town.timezone), *_undelivered(state)],
        figures=wiring.lineage(town, store, state),
        goals=GoalStanding(town.goals, town.portfolio, store, state),
        reports=reports.readable,
        hosts=signed.hosts,
        visitor=signed.visitor,
        sign_in=signed.sign_in,
        routers=(*signed.routers, *reports.routers, *opened.routers),
        templates=(*signed.templates, *reports.templates, *opened.templates),
        places=(*reports.places, *signed.places, *opened.places),
        scripts=chosen.data_dir / "web",
    )
    return signed.guard(app, changing=changing)


def _undelivered(state: State) -> Sequence[Trouble]:
    failed = len(state.alerts.messages(MessageState.FAILED, 1_000))
    if not failed:
        return ()
    if failed == 1:
        return (
            Trouble("Ett larmmeddelande kunde inte lämnas till sin mottagare.", "A message of alerts could not be delivered."),
        )
    return (Trouble(f"{failed} larmmeddelanden kunde inte lämnas.", f"{failed} messages of alerts could not be delivered."),)


def showing(chosen: Settings, app: FastAPI, clock: Clock, ready: Callable[[str], None] | None = None) -> dict[str, Task]:
    """The board on its port."""
    return {
        "web": serve(app, chosen.web_host, chosen.web_port, ready),
        "web's heartbeat": beat(chosen.data_dir, "web", clock, dict),
    }
