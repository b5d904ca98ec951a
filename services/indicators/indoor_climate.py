"""Hours that occupied rooms are too cold, too warm or stuffy, counted over the sensors of a building, by month.

An hour of a sensor counts by its mean. Which hours are occupied, and what is too much, is the municipality's to say: a building
whose kind has no range is missing, and says where to enter it. It stands beside the energy used: saving that makes
rooms cold is none.

`basis.context` may hold:
    "indoor": `config.domain.indoor.IndoorRanges`.
    "calendar": `config.domain.calendar.MunicipalCalendar`.
"""

from datetime import date
from typing import Any

import polars as pl

from config.domain.calendar import MunicipalCalendar
from config.domain.indicators import Missing
from config.domain.indoor import IndoorRange, IndoorRanges
from services.analysis.calendar import BREAK, calendar_days
from services.figures.calculation import Basis, Calculation, Over, Ratio
from services.figures.frames import completed

METHOD = "indoor-climate-1"
TEMPERATURE, CO2 = "indoor_temperature", "co2"
_KEY = ("building", "month")
_ROOMS: dict[str, Any] = {"building": pl.String, "quantity": pl.String, "sensors": pl.Int64}
_RANGES: dict[str, Any] = {
    **dict.fromkeys(("building", "range"), pl.String),
    **dict.fromkeys(("lowest", "highest", "stuffy"), pl.Float64),
    **dict.fromkeys(("first_hour", "last_hour"), pl.Int64),
    **dict.fromkeys(("every_day", "in_breaks"), pl.Boolean),
}
_OCCUPIED: dict[str, Any] = {
    "building": pl.String,
    "time": pl.Datetime("us", "UTC"),
    "month": pl.Date,
    **dict.fromkeys(("lowest", "highest", "stuffy"), pl.Float64),
}

NO_RANGE = Missing(
    "Gränser för inomhusklimatet saknas för byggnadens slag: ange dem i indoor.yaml.",
    "No range of the indoor climate for the building's kind: enter it in indoor.yaml.",
)
NO_LIMIT = Missing(
    "Gräns för koldioxid saknas för byggnadens slag: ange highest_co2_ppm i indoor.yaml.",
    "No limit of carbon dioxide for the building's kind: enter highest_co2_ppm in indoor.yaml.",
)
NO_HOURS = Missing(
    "Ingen givare har sänt medan lokalerna används: kontrollera givarna.",
    "No sensor has sent while the rooms are occupied: check the sensors.",
)


def calculate(basis: Basis) -> pl.DataFrame:
    """Rows of `indoor_hours`, `indoor_hours_cold`, `indoor_hours_warm`, `indoor_hours_outside`, `co2_hours`, `co2_hours_high`.
    [h of sensors]"""
    rooms = _rooms(basis)
    ranges = _ranges(basis)
    months = basis.periods.filter(pl.col("period") == "month").select(
        pl.col("first_day").alias("month"), "period", "start", "end", "zone"
    )
    occupied = _occupied(basis, ranges)
    counted = (
        basis.gauges.filter(pl.col("quantity").is_in([TEMPERATURE, CO2]))
        .join(occupied, on=["building", "time"], maintain_order="left")
        .group_by(*_KEY, "quantity", maintain_order=True)
        .agg(
            pl.len().cast(pl.Float64).alias("known"),
            (pl.col("value") < pl.col("lowest")).sum().cast(pl.Float64).alias("cold"),
            (pl.col("value") > pl.col("highest")).sum().cast(pl.Float64).alias("warm"),
            (pl.col("value") > pl.col("stuffy")).sum().cast(pl.Float64).alias("high"),
        )
    )
    expected = occupied.group_by(_KEY).agg(pl.len().cast(pl.Float64).alias("hours"))
    rows = (
        rooms.join(months, how="cross")
        .join(ranges, on="building", how="left", maintain_order="left")
        .join(expected, on=_KEY, how="left", maintain_order="left")
        .join(counted, on=[*_KEY, "quantity"], how="left", maintain_order="left")
        .with_columns(pl.col("known", "cold", "warm", "high", "hours").fill_null(0.0))
    )
    warmth, air = rows.filter(pl.col("quantity") == TEMPERATURE), rows.filter(pl.col("quantity") == CO2)
    parts = [
        _figures(warmth, "indoor_hours", pl.col("known")),
        _figures(warmth, "indoor_hours_cold", pl.col("cold")),
        _figures(warmth, "indoor_hours_warm", pl.col("warm")),
        _figures(warmth, "indoor_hours_outside", pl.col("cold") + pl.col("warm")),
        _figures(air, "co2_hours", pl.col("known"), limit=True),
        _figures(air, "co2_hours_high", pl.col("high"), limit=True),
    ]
    return completed(pl.concat(parts))


def _rooms(basis: Basis) -> pl.DataFrame:
    """How many sensors of each quantity the portfolio says that a building has; those without any have no row."""
    portfolio = basis.portfolio
    found = {
        (portfolio.points[item.point].building, register.quantity, item.meter, register.channel)
        for item in portfolio.installations
        for register in portfolio.meters[item.meter].registers
        if register.quantity in (TEMPERATURE, CO2) and portfolio.points[item.point].building in basis.buildings
    }
    counts: dict[tuple[str, str], int] = {}
    for building, quantity, _, _ in found:
        counts[building, quantity] = counts.get((building, quantity), 0) + 1
    return pl.DataFrame([(*key, number) for key, number in sorted(counts.items())], schema=_ROOMS, orient="row")


def _ranges(basis: Basis) -> pl.DataFrame:
    known: IndoorRanges = basis.context.get("indoor", IndoorRanges())
    rows = []
    for name in basis.buildings:
        found: IndoorRange | None = known.of(basis.portfolio.buildings[name].kind)
        if found is not None:
            limits = (found.lowest_c, found.highest_c, found.highest_co2_ppm)
            rows.append((name, f"{found.id}{found.mark.words}", *limits, *found.hours, found.every_day, found.in_school_breaks))
    return pl.DataFrame(rows, schema=_RANGES, orient="row")


def _occupied(basis: Basis, ranges: pl.DataFrame) -> pl.DataFrame:
    """`building`, `time`, `month` and the limits of each hour, so far, that its rooms are occupied."""
    calendar: MunicipalCalendar = basis.context.get("calendar", MunicipalCalendar())
    months = basis.periods.filter(pl.col("period") == "month")
    schools = [name for name in basis.buildings if basis.portfolio.buildings[name].kind in calendar.school_kinds]
    parts = [
        pl.DataFrame({"time": pl.datetime_range(start, end, "1h", closed="left", eager=True, time_unit="us")})
        for start, end in months.select("start", "end").iter_rows()
    ]
    hours = pl.concat([pl.DataFrame(schema={"time": pl.Datetime("us", "UTC")}), *parts]).filter(pl.col("time") < basis.until)
    there = pl.col("time").dt.convert_time_zone(basis.zone)
    clock = hours.with_columns(
        there.dt.date().alias("day"), there.dt.hour().alias("hour"), there.dt.date().dt.month_start().alias("month")
    )
    first, last = months["first_day"].min(), months["last_day"].max()
    if not isinstance(first, date) or not isinstance(last, date):
        return pl.DataFrame(schema=_OCCUPIED)
    days = calendar_days(calendar, first, last)
    in_break = (pl.col("school") == BREAK).fill_null(value=False) & pl.col("building").is_in(schools)
    return (
        clock.join(days.select("day", "working", "school"), on="day", maintain_order="left")
        .join(ranges, how="cross", maintain_order="left")
        .filter(
            (pl.col("hour") >= pl.col("first_hour"))
            & (pl.col("hour") < pl.col("last_hour"))
            & (pl.col("working") | pl.col("every_day"))
            & (~in_break | pl.col("in_breaks"))
        )
        .select("building", "time", "month", "lowest", "highest", "stuffy")
    )


def _figures(rows: pl.DataFrame, indicator: str, value: pl.Expr, *, limit: bool = False) -> pl.DataFrame:
    no_range = pl.col("range").is_null()
    no_limit = pl.col("stuffy").is_null() & pl.lit(limit)
    whole = pl.col("sensors") * pl.col("hours")
    lacks = [
        (no_range, NO_RANGE, "input"),
        (no_limit, NO_LIMIT, "input"),
        ((whole > 0) & (pl.col("known") == 0), NO_HOURS, "coverage"),
    ]
    reason, reason_en, kind = pl.lit(""), pl.lit(""), pl.lit("")
    for where, missing, what in reversed(lacks):
        reason = pl.when(where).then(pl.lit(missing.reason_sv)).otherwise(reason)
        reason_en = pl.when(where).then(pl.lit(missing.reason_en)).otherwise(reason_en)
        kind = pl.when(where).then(pl.lit(what)).otherwise(kind)
    return rows.select(
        pl.lit(indicator).alias("indicator"),
        pl.lit("building").alias("subject_kind"),
        pl.col("building").alias("subject"),
        "period",
        "start",
        "end",
        "zone",
        pl.when(kind == "").then(value).alias("value"),
        pl.when(whole > 0).then(pl.col("known") / whole).otherwise(1.0).alias("coverage"),
        whole.alias("weight"),
        pl.lit(METHOD).alias("calculation"),
        reason.alias("reason"),
        reason_en.alias("reason_en"),
        kind.alias("lacks"),
        pl.concat_str(pl.lit('{"indoor-range":"'), pl.col("range").fill_null("-"), pl.lit('"}')).alias("factors"),
    )


_NEVER = Missing("Lokalerna användes inte under perioden.", "The rooms were not occupied in the period.")
CALCULATION = Calculation(
    dict.fromkeys(
        ("indoor_hours", "indoor_hours_cold", "indoor_hours_warm", "indoor_hours_outside", "co2_hours", "co2_hours_high"),
        Over.SUM,
    ),
    calculate,
    made_of=(),
    ratios=(
        Ratio("indoor_outside_share", "indoor_hours_outside", "indoor_hours", _NEVER, scale=100.0),
        Ratio("indoor_cold_share", "indoor_hours_cold", "indoor_hours", _NEVER, scale=100.0),
        Ratio("indoor_warm_share", "indoor_hours_warm", "indoor_hours", _NEVER, scale=100.0),
        Ratio("co2_high_share", "co2_hours_high", "co2_hours", _NEVER, scale=100.0),
    ),
)
