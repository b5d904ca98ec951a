"""Power of a building or a point by the hour: the month's peak with its instant, base load, load factor, utilisation time.

Peaks are of hours of which every main point is measured: an hour that shares a register difference has none. They are lower than
those of quarters of the same load; the resolution stands beside the figure, and no two resolutions are compared.
Base load is a low percentile of the power between 00 and 05 (domain facts 2.3; the percentile is our convention) on the
month's days; it is given for whole months, of buildings.
"""

import polars as pl

from config.domain.indicators import Missing
from services.figures.calculation import Basis, Calculation, Over, Ratio
from services.figures.frames import completed
from services.figures.hours import installed_spans
from services.figures.sums import Z90

METHOD = "power-4"
CARRIERS = ("electricity", "district_heating")
NIGHT_ENDS = 5  # o'clock, local time
FEWEST_NIGHTS = 20  # of a month, for a percentile of its nights to mean anything
_KEY = ("building", "reported_as", "month")

NO_PEAK = Missing("Ingen uppmätt timme i perioden har en effekt.", "No measured hour of the period has a power.")


def calculate(basis: Basis) -> pl.DataFrame:
    """Rows of `peak_power` [kW] of buildings and points, and `base_energy` [kWh] of buildings, by month."""
    sums = basis.sums.filter((pl.col("period") == "month") & pl.col("reported_as").is_in(list(CARRIERS))).with_columns(
        pl.col("reported_as").alias("carrier"),
        pl.col("start").dt.convert_time_zone(basis.zone).dt.date().alias("month"),
        pl.col("expected").alias("weight"),
        pl.lit(METHOD).alias("calculation"),
    )
    power = _power(basis)
    buildings = sums.filter(pl.col("subject_kind") == "building")
    points = sums.filter(pl.col("subject_kind") == "point")
    return pl.concat(
        [
            _peaks(buildings, power.rename({"building": "subject"}), _rounding(basis, "building")),
            _peaks(points, _of_points(basis), _rounding(basis, "point")),
            _base(buildings, power, basis),
        ]
    )


def _power(basis: Basis) -> pl.DataFrame:
    """Hours of which every main point of building and carrier is measured: `building`, `reported_as`, `month`, `day`, `time`,
    `kw`; those of a building and month by time."""
    main = basis.hours.filter((pl.col("level") == "main") & pl.col("reported_as").is_in(list(CARRIERS))).with_columns(
        pl.col("day").dt.month_start().alias("month"), _is_measured().alias("is_measured")
    )
    # one main meter is the usual case, and there is nothing to add up
    alone = main.select("building", "reported_as", "point").unique().filter(pl.len().over("building", "reported_as") == 1)
    is_alone = pl.col("point").is_in(alone["point"].implode())
    points = main.group_by(*_KEY).agg(pl.col("point").n_unique().alias("points"))
    of_several = (
        main.filter(~is_alone)
        .group_by(*_KEY, "day", "time", maintain_order=True)
        .agg(pl.col("value").sum().alias("kw"), pl.col("is_measured").sum().alias("measured"))
        .join(points, on=_KEY, maintain_order="left")
        .filter(pl.col("measured") == pl.col("points"))
        .sort(*_KEY, "time")
    )
    of_one = main.filter(is_alone & pl.col("is_measured")).rename({"value": "kw"})
    return pl.concat([frame.select(*_KEY, "day", "time", "kw") for frame in (of_one, of_several)])


def _of_points(basis: Basis) -> pl.DataFrame:
    """Measured hours of points: `subject`, `reported_as`, `month`, `time`, `kw`, by time. What a price list goes by is one of
    these."""
    return basis.hours.filter(_is_measured() & pl.col("reported_as").is_in(list(CARRIERS))).select(
        pl.col("point").alias("subject"),
        "reported_as",
        pl.col("day").dt.month_start().alias("month"),
        "time",
        pl.col("value").alias("kw"),
    )


def _is_measured() -> pl.Expr:
    return (pl.col("method") == "measured") & pl.col("value").is_not_null()


def _rounding(basis: Basis, kind: str) -> pl.DataFrame:
    """`subject`, `reported_as`, `rounding`: what an hour of a register may be off, since it is read in steps at either edge. [kW]

    Resolution²/12 at each edge and of each main meter; the half width of the 90 % interval.
    """
    spans = installed_spans(basis.portfolio, basis.buildings)
    main = spans.filter(pl.col("level") == "main") if kind == "building" else spans
    return (
        main.sort("point")
        .group_by(pl.col(kind).alias("subject"), "reported_as", maintain_order=True)
        .agg((Z90 * (pl.col("resolution") ** 2 * (1 / 6)).sum().sqrt()).alias("rounding"))
    )


def _peaks(sums: pl.DataFrame, power: pl.DataFrame, rounding: pl.DataFrame) -> pl.DataFrame:
    """Of buildings or points; `power` names them `subject`."""
    key = ("subject", "reported_as", "month")
    peaks = power.group_by(key, maintain_order=True).agg(
        pl.col("kw").max().alias("value"),
        pl.col("time").get(pl.col("kw").arg_max()).alias("at"),  # the first of several
        pl.len().alias("hours"),
    )
    rows = sums.drop("value").join(peaks, on=key, how="left", maintain_order="left")
    rows = rows.join(rounding, on=["subject", "reported_as"], how="left", maintain_order="left")
    instant = pl.col("at").dt.strftime("%Y-%m-%dT%H:%MZ")
    return completed(
        rows.with_columns(
            pl.lit("peak_power").alias("indicator"),
            # an hour that was not measured may have held the peak; of no peak at all a year must not think that it was nought
            pl.when(pl.col("value").is_not_null()).then("measured").otherwise(0.0).alias("coverage"),
            pl.col("rounding").fill_null(0.0).alias("uncertainty"),
            pl.lit("coverage").alias("lacks"),
            pl.lit(NO_PEAK.reason_sv).alias("reason"),
            pl.lit(NO_PEAK.reason_en).alias("reason_en"),
            pl.when(pl.col("at").is_not_null())
            .then(pl.concat_str(pl.lit('{"at":"'), instant, pl.lit('","interval":"60 min"}')))
            .otherwise(pl.lit("{}"))
            .alias("factors"),
        )
    )


def _base(sums: pl.DataFrame, power: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    hour = pl.col("time").dt.convert_time_zone(basis.zone).dt.hour()
    nights = power.filter(hour < NIGHT_ENDS)
    base = nights.group_by(_KEY, maintain_order=True).agg(
        pl.col("kw").quantile(basis.limits.base_load_percentile / 100, "linear").alias("base_kw"),
        pl.col("kw").std().fill_null(0.0).alias("spread"),
        pl.col("day").n_unique().alias("nights"),
        pl.len().alias("n"),
    )
    points = (pl.col("end") - pl.col("start")).dt.total_hours()
    rows = sums.rename({"value": "used"}).join(base, on=_KEY, how="left", maintain_order="left")
    rows = rows.with_columns(points.alias("length"))
    whole = pl.col("expected") >= pl.col("length") - 0.5
    enough = pl.col("nights").fill_null(0) >= FEWEST_NIGHTS
    return completed(
        rows.with_columns(
            pl.lit("base_energy").alias("indicator"),
            pl.when(whole & enough).then(pl.col("base_kw") * pl.col("length")).alias("value"),
            # a month without one is no month of nought in the sum of a year
            pl.when(whole & enough).then("coverage").otherwise(0.0).alias("coverage"),
            # of a low percentile of n alike nights; good enough for a gate. Where it is not known it was at most what was used
            pl.when(whole & enough)
            .then(Z90 * pl.col("spread") / pl.col("n").sqrt() * pl.col("length"))
            .otherwise("used")
            .fill_null(0.0)
            .alias("uncertainty"),
            pl.lit("coverage").alias("lacks"),
            pl.when(whole)
            .then(pl.lit(f"Färre än {FEWEST_NIGHTS} uppmätta nätter i månaden."))
            .otherwise(pl.lit("Baslast ges för hela månader."))
            .alias("reason"),
            pl.when(whole)
            .then(pl.lit(f"Fewer than {FEWEST_NIGHTS} measured nights in the month."))
            .otherwise(pl.lit("Base load is given for whole months."))
            .alias("reason_en"),
        )
    )


_NO_USE = Missing("Ingen användning under perioden.", "No use in the period.")
CALCULATION = Calculation(
    {"peak_power": Over.MAX, "base_energy": Over.SUM},
    calculate,
    made_of=(),
    ratios=(
        Ratio("base_load", "base_energy", "hours", _NO_USE),
        Ratio("base_load_share", "base_energy", "energy", _NO_USE, scale=100.0),
        Ratio("load_factor", "energy", "peak_power", NO_PEAK, carriers=CARRIERS, per_hour=True),
        Ratio("utilisation_time", "energy", "peak_power", NO_PEAK, carriers=CARRIERS),
    ),
)
