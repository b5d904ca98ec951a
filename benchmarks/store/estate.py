"""Four measured years of 16 buildings into each store and back, number by number: `python -m benchmarks.store.estate FOLDER`.

FOLDER holds `hourly.csv.gz` (building, time, electricity_kwh, heat_kwh). Use is added up to registers, as meters send them; hours
come in random order within each week, and every tenth reading twice, as after a broker's reconnect.
"""

import argparse
import os
import random
import shutil
import tempfile
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl

from benchmarks.store.measure import seconds
from config.domain.readings import Reading
from config.domain.series import READINGS, SeriesQuery
from services.store.duckdb import DuckDBStore
from services.store.influxdb import BATCH, InfluxStore
from services.store.influxwire import InfluxTarget, InfluxVersion
from services.store.setup import ensure_database
from services.store.timeseries import TimeSeriesStore
from tests.servers import Influxd1, Influxd2

WEEK = 7 * 24 * 16 * 2  # readings


def registers(folder: Path) -> pl.DataFrame:
    """Columns `time`, `meter`, `register`, `value`: one row an hour and register, by time."""
    hours = pl.read_csv(folder / "hourly.csv.gz", try_parse_dates=False).with_columns(
        pl.col("time").str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_unit="us").dt.replace_time_zone("UTC")
    )
    long = hours.unpivot(["electricity_kwh", "heat_kwh"], index=["building", "time"], variable_name="register")
    return (
        long.sort("building", "register", "time")
        .with_columns(pl.col("value").fill_null(0).cum_sum().over("building", "register"), pl.col("time") + timedelta(hours=1))
        .rename({"building": "meter"})
        .select("time", "meter", "register", "value")
        .sort("time", "meter", "register")
    )


def as_sent(source: pl.DataFrame) -> list[Reading]:
    chance = random.Random(20_250_101)
    received: datetime = source["time"].max()  # type: ignore[assignment] # polars' word for any value
    ordered = [Reading(meter, register, time, value, received) for time, meter, register, value in source.iter_rows()]
    sent: list[Reading] = []
    for start in range(0, len(ordered), WEEK):
        week = ordered[start : start + WEEK]
        week += week[::10]
        chance.shuffle(week)
        sent += week
    return sent


def compare(store: TimeSeriesStore, source: pl.DataFrame, sent: list[Reading]) -> str:
    def write() -> None:
        for start in range(0, len(sent), BATCH):
            store.write_readings(sent[start : start + BATCH])

    writing = seconds(write)
    frames: list[pl.DataFrame] = []
    reading = seconds(lambda: frames.append(store.read(SeriesQuery(READINGS))))
    found = frames[0]
    keys = ["time", "meter", "register"]
    doubled = found.height - found.unique(keys).height
    missing = source.join(found, on=keys, how="anti").height
    different = source.join(found, on=keys, suffix="_found").filter(pl.col("value") != pl.col("value_found")).height
    surplus = found.join(source, on=keys, how="anti").height
    return (
        f"{len(sent):,} sent in {writing:.1f} s ({len(sent) / writing:,.0f}/s), {found.height:,} read in {reading:.1f} s: "
        f"{missing} missing, {doubled} doubled, {different} different, {surplus} too many"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    source = registers(parser.parse_args().folder)
    sent = as_sent(source)
    print(f"{source.height:,} registers of {source['meter'].n_unique()} buildings")
    folder = Path(tempfile.mkdtemp(prefix="estate-"))
    try:
        embedded = DuckDBStore(folder / "store.duckdb")
        print("DuckDB:", compare(embedded, source, sent))
        embedded.close()
        with ExitStack() as stack:
            targets: dict[str, InfluxTarget] = {}
            if shutil.which("influxd"):
                one = stack.enter_context(Influxd1(folder / "influxd1"))
                targets["InfluxDB 1"] = InfluxTarget(one.url, "energi", InfluxVersion.V1)
            if os.environ.get("ENERGIMONITOR_TEST_INFLUXD2"):
                two = stack.enter_context(Influxd2(folder / "influxd2"))
                targets["InfluxDB 2"] = InfluxTarget(two.url, "energi", org=two.org, token=two.token)
            for name, target in targets.items():
                ensure_database(target)
                store = InfluxStore(target)
                print(f"{name}:", compare(store, source, sent))
                store.close()
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
