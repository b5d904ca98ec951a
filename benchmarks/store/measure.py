"""How fast each store writes and reads, on this machine: `python -m benchmarks.store.measure`.

Readings of 200 meters, one register each, a quarter of an hour apart, in the order in which they would come; written in
batches of 5,000 as intake does, written again (replay), then read. InfluxDB is started here where its program is found
(ENERGIMONITOR_TEST_INFLUXD2 names the one of version 2). Every figure is one run; counts are checked.
"""

import argparse
import gzip
import os
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl

from config.domain.readings import Reading
from config.domain.series import INTERVALS, READINGS, Aggregate, Every, SeriesQuery
from services.store.duckdb import DuckDBStore
from services.store.influxdb import BATCH, InfluxStore
from services.store.influxwire import InfluxTarget, InfluxVersion
from services.store.lineprotocol import LineWriter
from services.store.setup import ensure_database
from services.store.timeseries import TimeSeriesStore
from tests.servers import Influxd1, Influxd2

START = datetime(2022, 1, 1, tzinfo=UTC)
METERS = 200
QUARTER = timedelta(minutes=15)
STOCKHOLM = "Europe/Stockholm"


def batches(count: int) -> Iterator[list[Reading]]:
    """`count` readings, made before the clock is looked at."""
    ids = [f"735999100000{meter:06d}" for meter in range(METERS)]
    batch: list[Reading] = []
    for at in range(count):
        instant = START + QUARTER * (at // METERS)
        batch.append(Reading(ids[at % METERS], "active_energy_import", instant, at / 7, instant + timedelta(seconds=2)))
        if len(batch) == BATCH or at == count - 1:
            yield batch
            batch = []


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def lines_alone(count: int) -> tuple[float, float]:
    """Readings a second into lines, and into gzipped bodies: what our side costs."""
    made = list(batches(count))
    writer = LineWriter()
    to_lines = seconds(lambda: [writer.reading_lines(batch) for batch in made])
    to_bodies = seconds(lambda: [gzip.compress("\n".join(writer.reading_lines(batch).text).encode(), 1) for batch in made])
    return count / to_lines, count / to_bodies


def measure(store: TimeSeriesStore, count: int) -> dict[str, str]:
    made = list(batches(count))

    def write() -> None:
        for batch in made:
            store.write_readings(batch)

    def write_from_two_threads() -> None:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(store.write_readings, made))

    first, again, threaded = seconds(write), seconds(write), seconds(write_from_two_threads)
    frames: list[pl.DataFrame] = []
    read_all = seconds(lambda: frames.append(store.read(SeriesQuery(READINGS))))
    assert frames[0].height == count, frames[0].height
    one = SeriesQuery(READINGS, where={"meter": ("735999100000000007",)})
    read_one = seconds(lambda: frames.append(store.read(one)))
    hours = count // METERS // 4 * 4 // 4
    points = pl.DataFrame({"point": [f"p{point}" for point in range(METERS)]}).join(
        pl.DataFrame({"time": [START + timedelta(hours=hour) for hour in range(hours)]}), how="cross"
    )
    intervals = points.with_columns(
        pl.col("time").cast(pl.Datetime("us", "UTC")),
        building=pl.lit("b") + pl.col("point").str.slice(1).cast(pl.Int64).mod(30).cast(pl.String),
        carrier=pl.lit("electricity"),
        direction=pl.lit("import"),
        level=pl.lit("main"),
        value=pl.lit(1.5),
        coverage=pl.lit(1.0),
        method=pl.lit("measured"),
    )
    write_intervals = seconds(lambda: store.write_intervals(intervals))
    by_day = SeriesQuery(INTERVALS, aggregate=Aggregate.SUM, every=Every.DAY, by=("building",), zone=STOCKHOLM)
    aggregate = seconds(lambda: frames.append(store.read(by_day)))
    assert abs(float(frames[-1]["value"].sum()) - 1.5 * intervals.height) < 1
    return {
        "write /s": f"{count / first:,.0f}",
        "again /s": f"{count / again:,.0f}",
        "again, 2 threads": f"{count / threaded:,.0f}",
        "read all /s": f"{count / read_all:,.0f}",
        f"one meter, {frames[1].height} rows": f"{read_one * 1000:.0f} ms",
        "intervals /s": f"{intervals.height / write_intervals:,.0f}",
        f"days of {intervals.height:,} h": f"{aggregate * 1000:.0f} ms",
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1_000_000)
    count: int = parser.parse_args().count
    to_lines, to_bodies = lines_alone(min(count, 500_000))
    print(f"lines alone {to_lines:,.0f}/s, with gzip {to_bodies:,.0f}/s")
    folder = Path(tempfile.mkdtemp(prefix="store-"))
    rows: dict[str, dict[str, str]] = {}
    try:
        embedded = DuckDBStore(folder / "store.duckdb")
        rows["DuckDB"] = measure(embedded, count)
        embedded.close()
        rows["DuckDB"]["on disk"] = f"{(folder / 'store.duckdb').stat().st_size / 1e6:.0f} MB"
        with ExitStack() as stack:
            if shutil.which("influxd"):
                one = stack.enter_context(Influxd1(folder / "influxd1"))
                rows["InfluxDB 1"] = _served(InfluxTarget(one.url, "energi", InfluxVersion.V1), count)
        with ExitStack() as stack:
            if os.environ.get("ENERGIMONITOR_TEST_INFLUXD2"):
                two = stack.enter_context(Influxd2(folder / "influxd2"))
                rows["InfluxDB 2"] = _served(InfluxTarget(two.url, "energi", org=two.org, token=two.token), count)
    finally:
        shutil.rmtree(folder)
    columns = list(dict.fromkeys(column for row in rows.values() for column in row))
    print(f"{count:,} readings, batches of {BATCH:,}".ljust(40))
    print("".join(["store".ljust(12), *(column.rjust(max(14, len(column) + 2)) for column in columns)]))
    for name, row in rows.items():
        print("".join([name.ljust(12), *(row.get(column, "-").rjust(max(14, len(column) + 2)) for column in columns)]))
    print(f"largest memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB (all readings held)")


def _served(target: InfluxTarget, count: int) -> dict[str, str]:
    ensure_database(target)
    store = InfluxStore(target)
    try:
        return measure(store, count)
    finally:
        store.close()


if __name__ == "__main__":
    main()
