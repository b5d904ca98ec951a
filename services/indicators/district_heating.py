"""How well a building uses district heating: temperatures, cubic metres a megawatt-hour, overflow, what 1 °C would save.

From the heat meter's own counters where it sends them: volume, and volume times temperature (E8, E9), whose
differences give the mean temperature of the water that flowed, exactly. Where it does not, from the hour's mean temperatures and
its volume. Means over periods and buildings are weighted by volume: they are ratios of sums. Of a building with several heat
meters each has its own figures as well.

What a return temperature 1 °C lower saves, for the same heat in the building:

- `saved_volume_1c` [m³]: V/(ΔT + 1) of water;
- `saved_cost_1c` [SEK]: that water at the flow price of the price list; nought where it charges no flow;
- `returned_heat_1c` [kWh]: the heat that a degree carries back to the network, V·1.149 kWh/(m³·K). The meter counts none of it.

`overflow_volume` [m³] is the water beyond what the same heat would have needed at a temperature drop of 45 °C: V - E/(1.149·45).
The 45 °C is our own yardstick [U], not the supplier's; `basis.context` may hold another as "heat_drop_c".
"""

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

from config.domain.estate import Agreed, Carrier, MeteringPoint
from config.domain.indicators import Missing
from config.domain.tariffs import ComponentKind, Tariffs
from services.analysis.bill.frames import NO_TARIFF
from services.analysis.deviations._heat import KWH_PER_M3_K
from services.figures.calculation import Basis, Calculation, Over, Ratio
from services.figures.frames import completed, exact_sum

METHOD = "district-heating-2"
HEAT = Carrier.DISTRICT_HEATING.value
REFERENCE_DROP_C = 45.0
NO_VOLUME = Missing(
    "Värmemätaren sänder ingen volym (register volume), eller för få timmar av den.",
    "The heat meter sends no volume (register volume), or too few hours of it.",
)
NO_TEMPERATURE = Missing(
    "Värmemätaren sänder inga temperaturer (E8/E9, eller flow_temperature och return_temperature).",
    "The heat meter sends no temperatures (E8/E9, or flow_temperature and return_temperature).",
)
_SIDES = ("flow_heat", "return_heat")


def calculate(basis: Basis) -> pl.DataFrame:
    """Rows of `heat_volume`, `saved_volume_1c`, `overflow_volume` [m³], `flow_heat`, `return_heat`, `drop_heat` [m³·°C],
    `saved_cost_1c` [SEK], `returned_heat_1c` [kWh], by month, of buildings and of the heat meters of those that have several."""
    heat = [point for point in basis.portfolio.points.values() if point.carrier is Carrier.DISTRICT_HEATING]
    heat = [point for point in heat if point.building in set(basis.buildings)]
    hours = _hours(basis, heat)
    main = [point.id for point in heat if point.parent is None]
    in_all = _months(basis, hours.filter(pl.col("point").is_in(main)), "building")
    of_points = _months(basis, hours, "point")
    several = {point.building for point in heat if sum(other.building == point.building for other in heat) > 1}
    shown = [point.id for point in heat if point.building in several]
    return pl.concat(
        [
            *_indicators(basis, pl.concat([in_all, of_points.filter(pl.col("subject").is_in(shown))])),
            *_costs(basis, of_points, [point for point in heat if point.parent is None], shown),
        ]
    )


def _months(basis: Basis, hours: pl.DataFrame, kind: str) -> pl.DataFrame:
    """`basis.sums` of heat by month, of buildings or points, with what flowed: `volume`, its hours, `flow`, `back`, `drop`."""
    sums = basis.sums.filter(
        (pl.col("subject_kind") == kind) & (pl.col("reported_as") == HEAT) & (pl.col("period") == "month")
    ).with_columns(pl.col("start").dt.convert_time_zone(basis.zone).dt.date().alias("month"), pl.lit(HEAT).alias("carrier"))
    month = pl.col("time").dt.convert_time_zone(basis.zone).dt.date().dt.month_start().alias("month")
    by_month = hours.group_by(pl.col(kind).alias("subject"), month, maintain_order=True).agg(
        pl.when(pl.col("volume").is_not_null().any()).then(exact_sum("volume")).alias("volume"),
        pl.col("volume").count().alias("volume_hours"),
        *(pl.when(pl.col(name).is_not_null().any()).then(exact_sum(name)).alias(name) for name in _SIDES),
        *(pl.col(name).count().alias(f"{name}_hours") for name in _SIDES),
        *(exact_sum(pl.when(pl.col(name).is_not_null()).then(pl.col("volume"))).alias(f"{name}_volume") for name in _SIDES),
    )
    rows = sums.rename({"value": "energy"}).join(by_month, on=["subject", "month"], how="left", maintain_order="left")
    # the mean temperature of the hours that tell it, for all of the month's water
    flow, back = (pl.col(name) / pl.col(f"{name}_volume") * pl.col("volume") for name in _SIDES)
    return rows.with_columns(
        flow.alias("flow"),
        back.alias("back"),
        ((flow - back) / pl.col("volume")).alias("drop"),
        pl.min_horizontal("flow_heat_hours", "return_heat_hours").alias("fewer"),
    )


def _saved() -> pl.Expr:
    return pl.when(pl.col("drop") > 0).then(pl.col("volume") / (pl.col("drop") + 1))


def _indicators(basis: Basis, rows: pl.DataFrame) -> list[pl.DataFrame]:
    a_cubic_metre = KWH_PER_M3_K * float(basis.context.get("heat_drop_c", REFERENCE_DROP_C))
    volume, fewer = pl.col("volume"), pl.col("fewer")
    over = _rows(rows, "overflow_volume", volume - pl.col("energy") * (1 / a_cubic_metre), pl.col("volume_hours"), NO_VOLUME)
    return [
        _rows(rows, "heat_volume", volume, pl.col("volume_hours"), NO_VOLUME),
        _rows(rows, "flow_heat", pl.col("flow"), pl.col("flow_heat_hours"), NO_TEMPERATURE),
        _rows(rows, "return_heat", pl.col("back"), pl.col("return_heat_hours"), NO_TEMPERATURE),
        _rows(rows, "drop_heat", pl.col("flow") - pl.col("back"), fewer, NO_TEMPERATURE),
        _rows(rows, "saved_volume_1c", _saved(), fewer, NO_TEMPERATURE),
        _rows(rows, "returned_heat_1c", volume * KWH_PER_M3_K, pl.col("volume_hours"), NO_VOLUME),
        over,
    ]


def _costs(basis: Basis, rows: pl.DataFrame, main: Sequence[MeteringPoint], shown: Sequence[str]) -> list[pl.DataFrame]:
    """`saved_cost_1c` of points, and of buildings as the sum of their main points'."""
    months = rows["month"].unique().sort().to_list()
    prices = _prices(main, basis.tariffs, months)
    priced = rows.join(prices, on=["subject", "month"], maintain_order="left").with_columns(
        (_saved() * pl.col("price")).alias("sek")
    )
    # of a meter that tells no volume no price would help
    lacking = pl.col("price").is_null() & _saved().is_not_null()
    keys = ("building", "carrier", "period", "start", "end", "zone")
    added = (
        priced.sort("building", "start", "subject")
        .group_by(keys, maintain_order=True)
        .agg(
            exact_sum("sek").alias("partial"),
            pl.col("sek").is_not_null().any().alias("any"),
            lacking.any().alias("lacking"),
            *(pl.col(name).filter(lacking).first().alias(name) for name in ("reason", "reason_en")),
            pl.col("fewer").sum(),
            exact_sum("expected").alias("expected"),
        )
        .with_columns(
            pl.lit("building").alias("subject_kind"),
            pl.col("building").alias("subject"),
            pl.when(pl.col("any") & ~pl.col("lacking")).then("partial").alias("sek"),
        )
    )
    points = priced.filter(pl.col("subject").is_in(shown)).with_columns(lacking.alias("lacking"))
    return [
        _rows(part, "saved_cost_1c", pl.col("sek"), pl.col("fewer"), NO_TEMPERATURE, lacking=pl.col("lacking"))
        for part in (added, points)
    ]


def _prices(points: Sequence[MeteringPoint], tariffs: Tariffs, months: Sequence[date]) -> pl.DataFrame:
    """`subject` (the point), `month`, `price` of a cubic metre (null where not known), `reason`, `reason_en`. [SEK/m³]"""
    rows = []
    alike: dict[tuple[tuple[Agreed[str], ...], date], float | Missing] = {}
    for point in points:
        for month in months:
            found = alike.get((point.tariffs, month))
            if found is None:
                found = flow_price(point, tariffs, month)
                if not isinstance(found, Missing):  # which names the point
                    alike[point.tariffs, month] = found
            known = not isinstance(found, Missing)
            said = ("", "") if not isinstance(found, Missing) else (found.reason_sv, found.reason_en)
            rows.append((point.id, month, found if known else None, *said))
    schema = {"subject": pl.String, "month": pl.Date, "price": pl.Float64, "reason": pl.String, "reason_en": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def flow_price(point: MeteringPoint, tariffs: Tariffs, month: date) -> float | Missing:
    """What a cubic metre through the substation costs in a month, the mean of its days; 0 where no list charges it. [SEK/m³]"""
    total, days = 0.0, 0
    on = month.replace(day=1)
    while on.month == month.month:
        names = [agreed.value for agreed in point.tariffs if agreed.holds(on)]
        if not names:
            return Missing(NO_TARIFF.reason_sv.format(point.name), NO_TARIFF.reason_en.format(point.name))
        for name in names:
            found = tariffs.tariff(name, on)
            if isinstance(found, Missing):
                return found
            for item in found.components:
                if item.kind is ComponentKind.FLOW and (item.outside or not item.months or on.month in item.months):
                    total += item.price
        days += 1
        on += timedelta(days=1)
    return total / days


def _hours(basis: Basis, heat: Sequence[MeteringPoint]) -> pl.DataFrame:
    """`building`, `point`, `meter`, `time`, `volume`, `flow_heat`, `return_heat`: what flowed in each hour, and its heat above
    0 °C."""
    wanted = ["volume", "volume_temperature_flow", "volume_temperature_return", "flow_temperature", "return_temperature"]
    told = basis.gauges.filter(pl.col("quantity").is_in(wanted) & pl.col("point").is_in([point.id for point in heat]))
    wide = told.group_by("building", "point", "meter", "time", maintain_order=True).agg(
        pl.col("value").filter(pl.col("quantity") == name).first().alias(name) for name in wanted
    )
    # of an hour without its volume the temperature has no weight
    return wide.with_columns(
        *(
            pl.when(pl.col("volume").is_not_null())
            .then(pl.coalesce(f"volume_temperature_{side}", pl.col("volume") * pl.col(f"{side}_temperature")))
            .alias(f"{side}_heat")
            for side in ("flow", "return")
        )
    ).sort("building", "point", "meter", "time")


def _rows(
    rows: pl.DataFrame, indicator: str, value: pl.Expr, hours: pl.Expr, missing: Missing, lacking: pl.Expr | None = None
) -> pl.DataFrame:
    """Rows of one indicator. `lacking`: where an input lacks that `reason` and `reason_en` of the rows name."""
    blocked = pl.lit(value=False) if lacking is None else lacking
    reasons = [
        pl.lit(said) if lacking is None else pl.when(lacking).then(name).otherwise(pl.lit(said))
        for name, said in (("reason", missing.reason_sv), ("reason_en", missing.reason_en))
    ]
    partial = [] if "partial" in rows.columns else [value.alias("partial")]
    return completed(
        rows.with_columns(
            pl.lit(indicator).alias("indicator"),
            pl.lit(METHOD).alias("calculation"),
            value.alias("value"),
            *partial,
            pl.when(pl.col("expected") > 0).then(hours.fill_null(0) / pl.col("expected")).otherwise(0.0).alias("coverage"),
            # volume of class 2 and temperatures of a pair, EN 1434: some 2 % together; a stated bound, not a measured one [U]
            (0.02 * value.abs()).fill_null(0.0).alias("uncertainty"),
            pl.col("expected").alias("weight"),
            pl.when(blocked).then(pl.lit("input")).otherwise(pl.lit("coverage")).alias("lacks"),
            reasons[0].alias("reason"),
            reasons[1].alias("reason_en"),
        )
    )


_HEAT = (HEAT,)
CALCULATION = Calculation(
    dict.fromkeys(
        (
            "heat_volume",
            "flow_heat",
            "return_heat",
            "drop_heat",
            "saved_volume_1c",
            "saved_cost_1c",
            "returned_heat_1c",
            "overflow_volume",
        ),
        Over.SUM,
    ),
    calculate,
    ratios=(
        Ratio("flow_temperature", "flow_heat", "heat_volume", NO_VOLUME, carriers=_HEAT),
        Ratio("return_temperature", "return_heat", "heat_volume", NO_VOLUME, carriers=_HEAT),
        Ratio("temperature_drop", "drop_heat", "heat_volume", NO_VOLUME, carriers=_HEAT),
        Ratio("volume_per_energy", "heat_volume", "energy", NO_VOLUME, scale=1000.0, carriers=_HEAT),
        Ratio("overflow_share", "overflow_volume", "heat_volume", NO_VOLUME, scale=100.0, carriers=_HEAT),
    ),
    near_nought=frozenset({"overflow_volume", "overflow_share"}),
)
