"""Four measured years of sixteen buildings through the whole chain, and every reading compared.

    python -m tests.system.estate_run ../shared/data [--store influxdb1|influxdb2|duckdb] [--hours N]

The hourly use becomes registers, published at full speed through a real Mosquitto; session, journal and intake run as in
the product. At the end the store is read back and each reading compared with what was published, to the last bit.
"""

import argparse
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from collectors.journal import JournalWriter
from config.domain.series import READINGS, SeriesQuery
from services.state.state import State
from services.store.duckdb import DuckDBStore
from services.store.influxdb import InfluxStore
from services.store.influxwire import InfluxTarget, InfluxVersion
from services.store.timeseries import TimeSeriesStore
from tests.servers import Influxd1, Influxd2, Mosquitto
from tests.system import chain
from tests.system.estate import Feed, compare, feed
from tests.system.publishing import publish

PATIENCE_S = 1_200.0


@contextmanager
def opened(kind: str, folder: Path) -> Iterator[TimeSeriesStore]:
    """A store of the kind, on a server of its own."""
    if kind == "duckdb":
        store: TimeSeriesStore = DuckDBStore(folder / "estate.duckdb")
        yield store
        store.close()
        return
    server = Influxd2(folder / "influxd2") if kind == "influxdb2" else Influxd1(folder / "influxd1")
    with server:
        if isinstance(server, Influxd2):
            server.create_bucket("estate")
            target = InfluxTarget(server.url, "estate", InfluxVersion.V2, org=server.org, token=server.token)
        else:
            server.create_database("estate")
            target = InfluxTarget(server.url, "estate", InfluxVersion.V1)
        store = InfluxStore(target)
        yield store
        store.close()


def run(folder: Path, store: TimeSeriesStore, estate: Feed, say: Callable[[str], None]) -> tuple[dict[str, int], float]:
    """What was counted, and the seconds from the first message to the last one stored."""
    total = estate.readings.height
    state = State.open(folder / "state.sqlite")
    stop = threading.Event()
    with Mosquitto(folder / "mosquitto") as broker, JournalWriter(folder / "journal") as journal:
        session = chain.session(broker.port, journal)
        intake = chain.intake(folder / "journal", store, state, estate.portfolio)
        threads = [threading.Thread(target=part.run, args=(stop,)) for part in (session, intake)]
        for thread in threads:
            thread.start()
        while not session.figures.connected:
            time.sleep(0.05)
        time.sleep(0.5)
        begun = time.monotonic()
        publish(broker.port, estate.messages(), progress=lambda count: _every(count, total, say))
        while intake.figures.messages < total and time.monotonic() - begun < PATIENCE_S:
            time.sleep(0.1)
        seconds = time.monotonic() - begun
        stop.set()
        for thread in threads:
            thread.join(60)
    counted = compare(estate.readings, store.read(SeriesQuery(READINGS)))
    counted["dead letters"] = state.dead_letters.count()
    state.close()
    return counted, seconds


def _every(count: int, total: int, say: Callable[[str], None]) -> None:
    if count % 100_000 < 200:
        say(f"{count:,} of {total:,} published")


def main() -> None:
    """Print the account."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--store", choices=("influxdb1", "influxdb2", "duckdb"), default="influxdb1")
    parser.add_argument("--hours", type=int)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary, opened(options.store, Path(temporary)) as store:
        estate = feed(options.data, options.hours)
        counted, seconds = run(Path(temporary), store, estate, lambda words: print(words, file=sys.stderr))
    rate = counted["expected"] / seconds
    print(
        f"{options.store}: {seconds:.0f} s, {rate:,.0f} readings/s; "
        + ", ".join(f"{name} {count}" for name, count in counted.items())
    )


if __name__ == "__main__":
    main()
