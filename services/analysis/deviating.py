"""From settled hours to deviations: the days' use, and every detector of the shelf. Pure."""

from collections.abc import Sequence

import polars as pl

from config.domain.deviations import Deviation
from config.domain.estate import Carrier, Direction, Portfolio
from config.shelf import entries
from services.analysis import deviations as shelf
from services.analysis.deviations._seam import DAY_USE, Detector, Material

_NIGHT, _DAY = (0, 5), (6, 22)  # local hours; the last one outside
_FEWEST_NIGHT, _FEWEST_DAY = 3, 12  # measured hours that a slot needs
_PERCENTILE = 0.10  # of the hours 00-05: base load (domain facts section 2.3)


def detectors() -> Sequence[Detector]:
    """The shelf."""
    return entries(shelf, "DETECTOR", Detector)


def deviations(material: Material, using: Sequence[Detector] | None = None) -> list[Deviation]:
    """Every episode of every kind in the material."""
    return [item for detector in (detectors() if using is None else using) for item in detector.find(material)]


def day_use(hours: pl.DataFrame, portfolio: Portfolio) -> pl.DataFrame:
    """DAY_USE of the days in `hours` (columns `building`, `point`, `reported_as`, `level`, `time`, `day`, `value`, `method`).

    Electricity is what the building used: bought, and made on it, less what it sent out. Powers are taken of measured hours
    only: an hour that was spread or estimated accuses nobody. An hour counts when every meter that was installed has it.
    """
    points = _points(portfolio)
    own = (
        hours.filter(pl.col("level") == "main")
        .join(points, on="point")
        .filter((pl.col("time") >= pl.col("from")) & (pl.col("to").is_null() | (pl.col("time") < pl.col("to"))))
    )
    rows = (
        own.with_columns(
            (pl.col("value") * pl.col("sign")).alias("value"),
            pl.when(pl.col("method") == "measured").then(pl.col("value") * pl.col("sign")).alias("measured"),
            pl.when(pl.col("method") != "estimated").then(pl.col("value") * pl.col("sign")).alias("counted"),
        )
        .group_by("building", "use", "time", "day")
        .agg(
            pl.col("measured").sum().alias("kw"),
            pl.col("measured").is_not_null().sum().alias("measured_points"),
            pl.col("counted").sum().alias("kwh"),
            pl.col("counted").is_not_null().sum().alias("counted_points"),
        )
        .join(_installed(portfolio, hours), on=["building", "use", "day"])
        .with_columns(
            pl.when(pl.col("measured_points") >= pl.col("installed")).then(pl.col("kw")).alias("kw"),
            pl.when(pl.col("counted_points") >= pl.col("installed")).then(pl.col("kwh")).alias("kwh"),
            pl.col("time").dt.convert_time_zone(portfolio.timezone).dt.hour().alias("hour"),
        )
    )
    night = pl.col("kw").filter(pl.col("hour").is_between(*_NIGHT, closed="left"))
    daytime = pl.col("kw").filter(pl.col("hour").is_between(*_DAY, closed="left"))
    full = pl.col("kwh").is_not_null().sum() >= 23  # the day of the spring's clock change has no more
    return (
        rows.group_by("building", pl.col("use").alias("reported_as"), "day")
        .agg(
            pl.when(night.count() >= _FEWEST_NIGHT).then(night.mean()).alias("night_kw"),
            pl.when(daytime.count() >= _FEWEST_DAY).then(daytime.mean()).alias("day_kw"),
            pl.when(night.count() >= _FEWEST_NIGHT).then(night.quantile(_PERCENTILE, "linear")).alias("low_kw"),
            pl.when(full).then(pl.col("kwh").sum()).alias("kwh"),
        )
        .select(pl.col(name).cast(kind) for name, kind in DAY_USE.items())
        .sort("building", "reported_as", "day")
    )


def _points(portfolio: Portfolio) -> pl.DataFrame:
    """Installed stretches of the main points: what their energy counts towards, and with which sign."""
    rows = []
    for point in portfolio.points.values():
        stretches = portfolio.installations_of[point.id]
        if point.parent is not None or point.carrier is Carrier.WATER or not stretches:
            continue
        solar = point.carrier is Carrier.SOLAR
        use = Carrier.ELECTRICITY.value if solar else point.carrier.value
        sign = -1.0 if point.direction is Direction.EXPORT and not solar else 1.0
        rows.append((point.id, use, sign, stretches[0].start, stretches[-1].end))
    time = pl.Datetime("us", "UTC")
    return pl.DataFrame(
        rows, schema={"point": pl.String, "use": pl.String, "sign": pl.Float64, "from": time, "to": time}, orient="row"
    )


def _installed(portfolio: Portfolio, hours: pl.DataFrame) -> pl.DataFrame:
    """Columns `building`, `use`, `day`, `installed`: meters that must all have an hour."""
    zone = portfolio.timezone
    buildings = {point.id: point.building for point in portfolio.points.values()}
    points = _points(portfolio).with_columns(
        pl.col("point").replace_strict(buildings, return_dtype=pl.String).alias("building"),
        pl.col("from").dt.convert_time_zone(zone).dt.date().alias("first"),
        pl.col("to").dt.convert_time_zone(zone).dt.date().alias("last"),
    )
    days = hours.select("building", "day").unique()
    return (
        days.join(points, on="building")
        .filter((pl.col("day") >= pl.col("first")) & (pl.col("last").is_null() | (pl.col("day") < pl.col("last"))))
        .group_by("building", "use", "day")
        .agg(pl.len().alias("installed"))
    )
