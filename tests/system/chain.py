"""Receiver and intake as they run in the product, over test parts; also as processes of their own for the kill tests.

python -m tests.system.chain receive --port 1883 --journal DIR
python -m tests.system.chain intake --journal DIR --state FILE --influxdb URL --database NAME
"""

import argparse
import signal
import threading
from pathlib import Path

import collectors.decoders
from collectors.decoding import Decoder
from collectors.identification import Identification
from collectors.intake import Intake, Ports, Reception
from collectors.journal import JournalReader, JournalWriter, Progress
from collectors.mqtt.session import Protocol, Session, SessionOptions
from collectors.remembered import Remembered
from collectors.routing import Routing
from config.domain.clock import SystemClock
from config.domain.estate import Portfolio
from config.domain.sources import Source
from config.shelf import entries
from services.state.state import State
from services.store.influxdb import InfluxStore
from services.store.influxwire import InfluxTarget, InfluxVersion
from services.store.timeseries import TimeSeriesStore
from tests.system.estate import SOURCES, portfolio_of

CLIENT_ID = "energimonitor-test"


def decoders() -> list[Decoder]:
    return entries(collectors.decoders, "DECODER", Decoder)


def session(
    port: int,
    journal: JournalWriter,
    *,
    batched: bool = True,
    protocol: Protocol = Protocol.AUTO,
    topics: tuple[str, ...] = tuple(source.topic for source in SOURCES),
) -> Session:
    """A session with a local broker."""
    options = SessionOptions("127.0.0.1", port, CLIENT_ID, topics, protocol=protocol, batched=batched)
    return Session(options, journal, SystemClock())


def intake(
    folder: Path,
    store: TimeSeriesStore,
    state: State,
    portfolio: Portfolio,
    sources: tuple[Source, ...] = SOURCES,
    stop_share: float | None = None,
) -> Intake:
    """An intake of the journal in `folder`, as services.app wires it."""
    shelf = decoders()
    progress = Progress(folder)
    remembered = Remembered(shelf)
    for message in progress.remembered():
        remembered.observe(message)
    reception = Reception(Routing(sources, shelf), Identification(portfolio), remembered)
    ports = Ports(store, state.dirty_hours, state.dead_letters, state.unknown_devices)
    return Intake(JournalReader(folder), progress, reception, ports, stop_share=stop_share)


def estate_portfolio(buildings: int = 16) -> Portfolio:
    """Buildings named by position: the feed's meters are numbered the same way."""
    return portfolio_of([f"b{number:02}" for number in range(buildings)])


def main() -> None:
    """One of the two processes, until SIGTERM."""
    parser = argparse.ArgumentParser()
    parser.add_argument("role", choices=("receive", "intake"))
    parser.add_argument("--journal", type=Path, required=True)
    parser.add_argument("--port", type=int)
    parser.add_argument("--stock", action="store_true", help="stock paho in place of the batched reader")
    parser.add_argument("--state", type=Path)
    parser.add_argument("--influxdb")
    parser.add_argument("--version", type=InfluxVersion, default=InfluxVersion.V1)
    parser.add_argument("--org", default="")
    parser.add_argument("--token", default="")
    parser.add_argument("--database")
    parser.add_argument("--buildings", type=int, default=16)
    options = parser.parse_args()
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    if options.role == "receive":
        with JournalWriter(options.journal) as journal:
            session(options.port, journal, batched=not options.stock).run(stop)
        return
    target = InfluxTarget(options.influxdb, options.database, options.version, org=options.org, token=options.token)
    known = {decoder.family for decoder in decoders()}
    sources = tuple(source for source in SOURCES if source.family in known)
    intake(options.journal, InfluxStore(target), State.open(options.state), estate_portfolio(options.buildings), sources).run(
        stop
    )


if __name__ == "__main__":
    main()
