"""What energy and water cost, by the dated price lists of each point: what the bill of the month should be.

Without VAT; `cost_with_vat` beside it. Of a building's main points, since a supplier bills what comes in; a sub-meter has a cost
where a price list is named for it, and is added to nothing. What is sent out or made is no cost. A price list that lacks a day, a
price or an agreed power makes the cost missing, and says what to enter; `cost_known` is what of it is known all the same.

Months are those of the local clock, as all figures' are. A supplier's bill follows UTC+1 all year, and may differ by the hour at
either end of a summer month.

`basis.context` may hold:
    "prices": columns `area`, `time`, `sek_per_kwh`: day-ahead prices of each hour, without VAT.
    "holidays": public holidays and free eves, for windows that leave them out.
    "earlier_peaks": columns `point`, `month`, `kw`, and "earlier_days": `point`, `day`, `kwh`: of months before those asked for,
        of points whose price list goes by the highest power of several months.
"""

from collections.abc import Mapping
from typing import Any

import polars as pl

from config.domain.estate import Carrier, Direction, MeteringPoint, Portfolio
from config.domain.indicators import Missing
from services.analysis.bill.billing import bill, months_asked
from services.analysis.bill.frames import NO_VAT, PARTS
from services.analysis.bill.quantities import HOUR, Used
from services.figures.calculation import Basis, Calculation, Over, Ratio
from services.figures.factors_used import merged_factors
from services.figures.frames import completed, exact_sum
from services.indicators._totals import rounded
from services.indicators.specific_energy import NO_AREA

METHOD = "cost-1"
ROLLING_MONTHS = 12  # the longest that a price list may look back for its power
_PERIOD = ("start", "end", "zone")
_SEK = {"cost": "sek", "cost_with_vat": "sek_with_vat", **{f"cost_{part}": f"{part}_sek" for part in PARTS}}


def calculate(basis: Basis) -> pl.DataFrame:
    """Rows of `cost`, `cost_with_vat`, its parts by what they are charged on, and `cost_known`, by month. [SEK]"""
    billed = _billed(basis)
    if not billed:
        return completed(_nothing(basis))
    totals = _of_points(basis, billed)
    main = totals.filter(pl.col("level") == "main").with_columns(pl.col("building").alias("subject"))
    points = totals.with_columns(pl.lit("point").alias("subject_kind"), pl.col("point").alias("subject"))
    carriers = main.with_columns(pl.lit("building").alias("subject_kind"))
    whole = carriers.with_columns(pl.lit("").alias("carrier"))
    vat = basis.tariffs.vat_share
    parts = [_figures(rows, name, vat) for rows in (points, carriers) for name in ("cost", "cost_with_vat")]
    parts += [_figures(whole, name, vat) for name in _SEK]
    # where nothing is known there is no known part: a 0 would look like one
    parts.append(_known(whole))
    return completed(pl.concat(parts))


def _billed(basis: Basis) -> dict[str, MeteringPoint]:
    """Points that a supplier bills, or that a price list is named for."""
    wanted = set(basis.buildings)
    return {
        point.id: point
        for point in basis.portfolio.points.values()
        if point.building in wanted
        and point.carrier is not Carrier.SOLAR
        and point.direction is not Direction.EXPORT
        and (point.parent is None or point.tariffs)
    }


def _of_points(basis: Basis, billed: Mapping[str, MeteringPoint]) -> pl.DataFrame:
    """TOTALS of the bills with `building`, `level`, `start`, `end`, `zone`, `weight` (point-hours)."""
    months = basis.periods.filter(pl.col("period") == "month").select(pl.col("first_day").alias("month"), *_PERIOD)
    asked = months_asked(_installed(basis.portfolio, billed), months["month"], basis.until, basis.zone)
    context = basis.context
    used = Used(
        basis.hours.filter(pl.col("point").is_in(list(billed))).select("point", "time", "value", "method").sort("point", "time"),
        HOUR,
        flow=_of_gauges(basis, {point.id: point.flow for point in billed.values()}),
        reactive=_of_gauges(basis, {point.id: point.reactive for point in billed.values()}),
        **{name: context[key] for name, key in _CONTEXT.items() if key in context},
        uncertainty=_uncertainty(basis),
    )
    found = bill(billed.values(), basis.tariffs, asked, used, basis.zone, context.get("holidays", ()))
    told = pl.DataFrame(
        [(item.id, item.building, "main" if item.parent is None else "sub") for item in billed.values()],
        schema=dict.fromkeys(("point", "building", "level"), pl.String),
        orient="row",
    )
    expected = basis.sums.filter((pl.col("subject_kind") == "point") & (pl.col("period") == "month"))
    weights = expected.select(pl.col("subject").alias("point"), "start", pl.col("expected").alias("weight"))
    return (
        found.totals.join(told, on="point", maintain_order="left")
        .join(months, on="month", maintain_order="left")
        .join(weights, on=["point", "start"], how="left", maintain_order="left")
        .with_columns(pl.col("weight").fill_null(0.0))
    )


_CONTEXT = {"prices": "prices", "peaks": "earlier_peaks", "days": "earlier_days"}


def _installed(portfolio: Portfolio, billed: Mapping[str, MeteringPoint]) -> dict[str, tuple[Any, Any]]:
    """From a point's first meter to the end of its last one (None: it is still there)."""
    spans: dict[str, tuple[Any, Any]] = {}
    for item in portfolio.installations:
        if item.point in billed:
            start, end = spans.get(item.point, (item.start, item.end))
            open_ended = end is None or item.end is None
            spans[item.point] = (min(start, item.start), None if open_ended else max(end, item.end))
    return spans


def _of_gauges(basis: Basis, registers: Mapping[str, str]) -> pl.DataFrame:
    """`point`, `time`, `value` of the register that each point names."""
    meters = basis.portfolio.meters
    rows = {
        (item.point, item.meter, register.quantity, register.channel)
        for item in basis.portfolio.installations
        for register in meters[item.meter].registers
        if registers.get(item.point) == register.name
    }
    keys = ("point", "meter", "quantity", "channel")
    table = pl.DataFrame(sorted(rows), schema=dict.fromkeys(keys, pl.String), orient="row")
    return basis.gauges.join(table, on=list(keys), how="semi").select("point", "time", "value").sort("point", "time")


def _uncertainty(basis: Basis) -> pl.DataFrame:
    rows = basis.sums.filter((pl.col("subject_kind") == "point") & (pl.col("period") == "month"))
    first = pl.col("start").dt.convert_time_zone(basis.zone).dt.date().alias("month")
    return rows.select(pl.col("subject").alias("point"), first, "uncertainty")


def _figures(rows: pl.DataFrame, indicator: str, vat_share: float | None) -> pl.DataFrame:
    """The sum over `subject` and `carrier`; missing where any of it is, with what is known as its partial."""
    column = _SEK[indicator]
    part = column.removesuffix("_sek") if column.removesuffix("_sek") in PARTS else ""
    vat = 1.0 + (vat_share or 0.0) if indicator == "cost_with_vat" else 1.0
    # of a sum whose VAT is not entered what is known is known without it
    known = pl.coalesce(column, pl.col(f"{part}_known_sek" if part else "known_sek") * vat)
    prefix = f"{part}_" if part else ""
    no_vat = pl.lit(value=indicator == "cost_with_vat") & (pl.col("lacks") == "") & pl.col(column).is_null()
    told = rows.with_columns(
        pl.col(column).is_null().alias("lacking"),
        pl.when(no_vat).then(pl.lit("input")).otherwise("lacks").alias("lacks"),
        pl.when(no_vat).then(pl.lit(NO_VAT.reason_sv)).otherwise("reason").alias("reason"),
        pl.when(no_vat).then(pl.lit(NO_VAT.reason_en)).otherwise("reason_en").alias("reason_en"),
    )
    uncertainty = pl.col(f"{prefix}uncertainty") * vat
    added = _added(told, pl.col(column), known, uncertainty, pl.col(f"{prefix}coverage"))
    return added.with_columns(pl.lit(indicator).alias("indicator"))


def _known(rows: pl.DataFrame) -> pl.DataFrame:
    """What is known of the cost, of buildings of which anything is."""
    with_some = (pl.col("known_sek") != 0).any().over("subject", "start")
    told = rows.with_columns(pl.lit(value=False).alias("lacking")).filter(with_some | (pl.col("lacks") == ""))
    sek = pl.col("known_sek")
    return _added(told, sek, sek, pl.col("uncertainty"), pl.col("coverage")).with_columns(
        pl.lit("cost_known").alias("indicator"), pl.lit("coverage").alias("lacks")
    )


def _added(rows: pl.DataFrame, value: pl.Expr, known: pl.Expr, uncertainty: pl.Expr, coverage: pl.Expr) -> pl.DataFrame:
    lacking = pl.col("lacking")
    of_input = pl.col("lacks") == "input"
    first = pl.when(lacking & of_input).then(0).when(lacking).then(1).otherwise(2)
    weight = pl.col("weight")
    return (
        rows.sort("subject", "carrier", "start", "point")
        .group_by("subject_kind", "subject", "carrier", *_PERIOD, maintain_order=True)
        .agg(
            pl.when(~lacking.any()).then(exact_sum(value)).alias("value"),
            exact_sum(known).alias("partial"),
            rounded((uncertainty * uncertainty).sum().sqrt()).alias("uncertainty"),
            exact_sum(coverage * weight).alias("covered"),
            exact_sum(weight).alias("weight"),
            coverage.min().alias("least"),
            *(pl.col(name).sort_by(first, maintain_order=True).first() for name in ("reason", "reason_en", "lacks")),
            pl.col("factors").unique().sort().str.join("\n"),
        )
        .with_columns(
            pl.lit("month").alias("period"),
            pl.when(weight > 0).then(pl.col("covered") / weight).otherwise("least").alias("coverage"),
            merged_factors("factors"),
            pl.lit(METHOD).alias("calculation"),
        )
        .select(*_COLUMNS)
    )


_COLUMNS = (
    *("subject_kind", "subject", "carrier", "period", *_PERIOD, "value", "partial", "uncertainty", "coverage", "weight"),
    *("calculation", "reason", "reason_en", "lacks", "factors"),
)


def _nothing(basis: Basis) -> pl.DataFrame:
    empty = basis.sums.head(0).with_columns(pl.lit("").alias(name) for name in ("indicator", "calculation"))
    return empty.drop("building", "reported_as", "level", "expected", "measured")


_NO_ENERGY = Missing("Ingen energi köptes under perioden.", "No energy was bought in the period.")
_PRICED = tuple(carrier.value for carrier in Carrier if carrier not in (Carrier.WATER, Carrier.SOLAR))
CALCULATION = Calculation(
    {**dict.fromkeys(_SEK, Over.SUM), "cost_known": Over.SUM},
    calculate,
    made_of=("energy", "peak_power"),
    looks_back_months=ROLLING_MONTHS - 1,
    ratios=(
        Ratio("cost_per_energy", "cost", "energy_bought", _NO_ENERGY, carriers=_PRICED),
        Ratio("specific_cost", "cost", "area_m2", NO_AREA),
    ),
)
