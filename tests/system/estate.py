"""The estate data as a small municipality: sixteen buildings whose hourly use, added up, is what their meters' registers show.

Electricity is published as an AMS reader does, heat as wmbusmeters does. The registers are ours (the archive has hourly use);
each reading's value is the number that stands in the message, so the store can be compared with it to the last bit.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl

from config.domain.estate import (
    Building,
    Carrier,
    Direction,
    Installation,
    Meter,
    MeteringPoint,
    Owner,
    Portfolio,
    Register,
)
from config.domain.sources import Source

SOURCES = (Source("ams/+", "amsleser"), Source("wmbusmeters/+", "wmbusmeters"))
BASE_KWH = 100_000.0


@dataclass(frozen=True, slots=True)
class Feed:
    """What is published and what must lie in the store: columns `meter`, `register`, `time`, `value`."""

    portfolio: Portfolio
    readings: pl.DataFrame

    def messages(self) -> Iterator[tuple[bytes, bytes]]:
        """(topic, payload) of every reading, in order of time as the meters would send them."""
        stamps = self.readings["time"].dt.epoch("s").to_list()
        rows = zip(self.readings["meter"].to_list(), stamps, self.readings["value"].to_list(), strict=True)
        for meter, seconds, value in rows:
            device = meter.partition("-")[2]
            if meter.startswith("el-"):
                body = f'{{"id":"{device}","up":1,"t":{seconds},"data":{{"meterId":"{device}","tPI":{value!r},"rtc":{seconds}}}}}'
                yield f"ams/{device}".encode(), body.encode()
            else:
                time = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
                body = (
                    f'{{"media":"heat","meter":"kamheat","name":"{device}","id":"{device}","status":"OK",'
                    f'"total_energy_consumption_kwh":{value!r},"timestamp":"{time}"}}'
                )
                yield f"wmbusmeters/{device}".encode(), body.encode()


def portfolio_of(buildings: list[str]) -> Portfolio:
    """Two points a building; device ids are the position in the list, eight digits."""
    owner = Owner("estate", "Cambridge University Estates", "company")
    points, meters, installations = {}, {}, []
    since = datetime(2018, 1, 1, tzinfo=UTC)
    for index, building in enumerate(buildings):
        for prefix, carrier, family, quantity, number in (
            ("el", Carrier.ELECTRICITY, "amsleser", "active_energy_import", 10_000_000 + index),
            ("heat", Carrier.DISTRICT_HEATING, "wmbusmeters", "heat_energy", 20_000_000 + index),
        ):
            point, meter = f"p-{prefix}-{building}", f"{prefix}-{number}"
            points[point] = MeteringPoint(point, point, building, carrier, Direction.IMPORT, resolution=0.1, interval_s=3600)
            meters[meter] = Meter(meter, family, str(number), (Register(quantity),))
            installations.append(Installation(point, meter, quantity, since))
    return Portfolio(
        municipality="Estate",
        timezone="Europe/London",
        owners={owner.id: owner},
        buildings={name: Building(name, name, "university", owner.id, None) for name in buildings},
        points=points,
        meters=meters,
        installations=tuple(installations),
    )


def feed(data: Path, hours: int | None = None) -> Feed:
    """The whole archive, or its first `hours` hours, as registers at the end of each hour."""
    use = pl.read_csv(data / "estate" / "hourly.csv.gz", try_parse_dates=True)
    buildings = sorted(use["building"].unique().to_list())
    if hours is not None:
        use = use.filter(pl.col("time") < use["time"].min() + timedelta(hours=hours))
    parts = []
    for index, building in enumerate(buildings):
        rows = use.filter(pl.col("building") == building).sort("time")
        for column, prefix, register, number in (
            ("electricity_kwh", "el", "active_energy_import", 10_000_000 + index),
            ("heat_kwh", "heat", "heat_energy", 20_000_000 + index),
        ):
            parts.append(
                rows.select(
                    pl.lit(f"{prefix}-{number}").alias("meter"),
                    pl.lit(register).alias("register"),
                    (pl.col("time") + timedelta(hours=1)).cast(pl.Datetime("us", "UTC")).alias("time"),
                    (pl.col(column).fill_null(0.0).cum_sum() + BASE_KWH).round(2).alias("value"),
                )
            )
    return Feed(portfolio_of(buildings), pl.concat(parts).sort("time", "meter"))


def compare(expected: pl.DataFrame, stored: pl.DataFrame) -> dict[str, int]:
    """How many readings are missing, more than once, strange, or of another value in the store."""
    keys = ["meter", "register", "time"]
    both = expected.join(stored.select(*keys, pl.col("value").alias("stored")), on=keys, how="left")
    return {
        "expected": expected.height,
        "stored": stored.height,
        "missing": both["stored"].null_count(),
        "doubled": stored.height - stored.select(keys).unique().height,
        "strange": stored.join(expected, on=keys, how="anti").height,
        "different": both.filter(pl.col("stored").is_not_null() & (pl.col("stored") != pl.col("value"))).height,
    }
