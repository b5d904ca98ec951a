"""What was bought under which terms, what own solar electricity was used, and how figures of it are added. Parts of the shelf.

Bought is what came in: of a net register the hours in which more came in than went out, so that nothing sent out is taken off.
"""

from collections.abc import Mapping, Sequence

import polars as pl

from config.domain.estate import Carrier, Direction
from services.analysis.supply import KEY, terms
from services.figures.calculation import Basis
from services.figures.factors_used import merged_factors
from services.figures.frames import MEASURED_SHARE, STEPS, exact_sum
from services.figures.gates import NOT_INSTALLED, NOT_SETTLED

PERIOD = ("period", "start", "end", "zone")
SOLAR_PLANT = "solar_plant"
SLACK = 0.01  # more sent out than was made: so much is clocks that differ, more is a fault
NO_EXPORT_METER = (
    "Inmatningen till nätet mäts inte: ange mätpunkten (direction: export) i portfolio.yaml.",
    "What is sent out is not measured: enter the metering point (direction: export) in portfolio.yaml.",
)
NO_SOLAR_METER = (
    "Solcellernas produktion mäts inte: ange mätpunkten (carrier: solar) i portfolio.yaml.",
    "The production of the solar cells is not measured: enter the metering point (carrier: solar) in portfolio.yaml.",
)
MORE_OUT_THAN_MADE = (
    "Mer har matats ut än solcellerna gjorde: kontrollera mätarna och deras riktning.",
    "More was sent out than the solar cells made: check the meters and their direction.",
)
_QUANTITIES = ("value", "uncertainty", "coverage", "expected", "measured")


def bought(basis: Basis) -> pl.DataFrame:
    """A row a point and period, sub-meters too (column `level`). [kWh]

    Columns `subject` (the point), `building`, `level`, `carrier`, `network`, `contract`, `year`, those of a period, `value`,
    `uncertainty`, `coverage`, `expected`, `measured`.
    """
    wanted = set(basis.buildings)
    rows = [
        (point.id, *terms(point, basis.portfolio.buildings[point.building]))
        for point in basis.portfolio.points.values()
        if point.building in wanted
        and point.carrier not in (Carrier.WATER, Carrier.SOLAR)
        and point.direction is not Direction.EXPORT
    ]
    points = pl.DataFrame(rows, schema=dict.fromkeys(("subject", "carrier", "network", "contract"), pl.String), orient="row")
    out = netted(basis)
    return (
        basis.sums.filter(pl.col("subject_kind") == "point")
        .join(points, on="subject", maintain_order="left")
        .join(_years(basis), on=("period", "start"), maintain_order="left")
        .join(out, on=("subject", "period", "start"), how="left", maintain_order="left")
        .with_columns(pl.col("value") + pl.col("out").fill_null(0.0))
        .select("subject", "building", "level", *KEY, *PERIOD, *_QUANTITIES)
    )


def netted(basis: Basis) -> pl.DataFrame:
    """What net registers took off: energy sent out in the hours that ended below nought. [kWh]

    Columns `subject` (the point), `building`, `period`, `start`, `out` (above 0).
    """
    net = [point.id for point in basis.portfolio.points.values() if point.direction is Direction.NET]
    hours = basis.hours.filter(
        pl.col("point").is_in(net) & (pl.col("value") < 0) & (pl.col("reported_as") != Carrier.SOLAR.value)
    )
    parts = [
        hours.join(
            basis.periods.filter(pl.col("period") == kind).select("period", "start", "first_day"),
            left_on=key,
            right_on="first_day",
        )
        for kind, key in (("day", pl.col("day")), ("month", pl.col("day").dt.month_start()))
    ]
    return (
        pl.concat([part.select("point", "building", "level", "period", "start", "value") for part in parts])
        .sort("point", "period", "start")
        .group_by(pl.col("point").alias("subject"), "building", "level", "period", "start", maintain_order=True)
        .agg((-exact_sum("value")).alias("out"))
    )


def solar(basis: Basis) -> pl.DataFrame:
    """Own solar electricity of buildings that make or send out any, by period. [kWh]

    Columns `subject` (the building), `carrier` ("solar"), `year`, those of a period; `produced`, `exported`, and `value`: used on
    the spot; `uncertainty`, `coverage`, `expected`, `measured`; `reason` and `reason_en` where it lacks an input, else "".
    """
    buildings = [basis.portfolio.buildings[name] for name in basis.buildings]
    points = [point for point in basis.portfolio.points.values() if point.building in set(basis.buildings)]
    made = {point.building for point in points if point.carrier is Carrier.SOLAR}
    measured_out = {
        point.building for point in points if point.carrier is Carrier.ELECTRICITY and point.direction is not Direction.IMPORT
    }
    known = pl.DataFrame(
        [(item.id, item.id in made, item.id in measured_out, item.kind == SOLAR_PLANT) for item in buildings],
        schema={"subject": pl.String, "makes": pl.Boolean, "measures": pl.Boolean, "plant": pl.Boolean},
        orient="row",
    ).filter(pl.col("makes") | pl.col("measures"))
    of_buildings = basis.sums.filter(pl.col("subject_kind") == "building")
    solar_sums, export_sums = (
        of_buildings.filter(pl.col("reported_as") == name).select(
            "subject", "period", "start", *(pl.col(quantity).alias(f"{prefix}_{quantity}") for quantity in _QUANTITIES)
        )
        for prefix, name in (("made", Carrier.SOLAR.value), ("out", f"{Carrier.ELECTRICITY.value}_export"))
    )
    net = (
        netted(basis)
        .filter(pl.col("level") == "main")
        .group_by("building", "period", "start", maintain_order=True)
        .agg(exact_sum("out").alias("net_out"))
        .rename({"building": "subject"})
    )
    on = ("subject", "period", "start")
    rows = known.join(_years(basis), how="cross", maintain_order="left")
    for part in (solar_sums, export_sums, net):
        rows = rows.join(part, on=on, how="left", maintain_order="left")
    produced, net_out = pl.col("made_value"), pl.col("net_out").fill_null(0.0)
    # an export register that has no reading is not nought; one that is not there is a net register's, or none
    sent = pl.when(pl.col("out_expected").fill_null(0.0) > 0).then(pl.col("out_value") + net_out).otherwise(net_out)
    exported = pl.when(pl.col("measures")).then(sent).when(pl.col("plant")).then(produced)
    own = produced - exported
    unmade = ~pl.col("makes") & (exported > 0)
    unmeasured = pl.col("makes") & ~pl.col("measures") & ~pl.col("plant")
    too_much = own < -(SLACK * produced + 1.0)
    expected = pl.col("made_expected").fill_null(0.0) + pl.col("out_expected").fill_null(0.0)

    def weighed(name: str) -> pl.Expr:
        total = sum((pl.col(f"{part}_{name}") * pl.col(f"{part}_expected")).fill_null(0.0) for part in ("made", "out"))
        return pl.when(expected > 0).then(total / expected).otherwise(0.0).alias(name)

    spot = (
        pl.when(pl.col("makes") & ~unmeasured & ~too_much)
        .then(own.clip(lower_bound=0.0))
        .when(~pl.col("makes") & ~unmade)
        .then(0.0)
    )
    squares = (pl.col(f"{part}_uncertainty").fill_null(0.0) ** 2 for part in ("made", "out"))

    def reason(place: int) -> pl.Expr:
        return (
            pl.when(unmade)
            .then(pl.lit(NO_SOLAR_METER[place]))
            .when(unmeasured & (expected > 0))
            .then(pl.lit(NO_EXPORT_METER[place]))
            .when(too_much)
            .then(pl.lit(MORE_OUT_THAN_MADE[place]))
            .otherwise(pl.lit(""))
        )

    return rows.with_columns(
        produced.alias("produced"),
        exported.alias("exported"),
        spot.alias("value"),
        _rounded(pl.sum_horizontal(*squares).sqrt()).alias("uncertainty"),
        weighed("coverage"),
        weighed("measured"),
        expected.alias("expected"),
        pl.lit(Carrier.SOLAR.value).alias("carrier"),
        reason(0).alias("reason"),
        reason(1).alias("reason_en"),
    ).select("subject", "carrier", "year", *PERIOD, "produced", "exported", *_QUANTITIES, "reason", "reason_en")


def totals(rows: pl.DataFrame, by: Sequence[str], rates: Mapping[str, pl.Expr]) -> pl.DataFrame:
    """Sums over `by` and period of what each row's kilowatt-hours give.

    Args:
        rows: `value` and `uncertainty` [kWh], `coverage`, `expected`, `measured`, `year`; `blocked`: it lacks an input, with
            `reason` and `reason_en`; `factors`.
        rates: quantity → what one kilowatt-hour gives of it.
    Returns:
        For each quantity its sum over what is known (null where nothing is) and `<quantity>_uncertainty`; `blocked`, `reason`,
        `reason_en`, `coverage`, `weight`, `method`, `lacks`, `factors`.
    """
    keys = [*by, "year", *PERIOD]
    blocked = pl.col("blocked")
    weight = pl.col("expected")
    known = pl.col("value").is_not_null()
    added = (
        rows.sort(*by, "period", "start")
        .group_by(keys, maintain_order=True)
        .agg(
            *(pl.when(known.any()).then(exact_sum(pl.col("value") * rate)).alias(name) for name, rate in rates.items()),
            *(
                _rounded((pl.col("uncertainty") * rate.fill_null(0.0)).pow(2).sum().sqrt()).alias(f"{name}_uncertainty")
                for name, rate in rates.items()
            ),
            blocked.any().alias("blocked"),
            pl.col("reason").filter(blocked).min(),
            pl.col("reason_en").filter(blocked).min(),
            exact_sum(pl.col("coverage") * weight).alias("covered_hours"),
            exact_sum(pl.col("measured") * weight).alias("measured_hours"),
            exact_sum(weight).alias("weight"),
        )
    )
    return (
        added.join(_factors(rows, by), on=[*by, "year"], how="left", maintain_order="left")
        .with_columns(
            pl.when(pl.col("weight") > 0).then(pl.col("covered_hours") / pl.col("weight")).otherwise(0.0).alias("coverage"),
            pl.when(pl.col("measured_hours") >= MEASURED_SHARE * pl.col("covered_hours"))
            .then(pl.lit("measured"))
            .otherwise(pl.lit("estimated"))
            .alias("method"),
            pl.when("blocked").then(pl.lit("input")).otherwise(pl.lit("coverage")).alias("lacks"),
            *(
                pl.when("blocked")
                .then(pl.col(name))
                .when(pl.col("weight") > 0)
                .then(pl.lit(NOT_SETTLED[place]))
                .otherwise(pl.lit(NOT_INSTALLED[place]))
                .alias(name)
                for place, name in enumerate(("reason", "reason_en"))
            ),
            pl.col("factors").fill_null("{}"),
        )
        .drop("covered_hours", "measured_hours")
    )


def figures(added: pl.DataFrame, indicator: str, quantity: str, calculation: str, *, whole: bool = True) -> pl.DataFrame:
    """Rows of one indicator, for `services.figures.frames.completed`.

    Args:
        added: of `totals`, with `subject` and `subject_kind`, and `carrier` where they are of one.
        whole: without all of its inputs the figure is missing and what is known of it is its `partial`; else it is what is known.
    """
    known = pl.col(quantity)
    return added.select(
        pl.lit(indicator).alias("indicator"),
        pl.col("carrier") if "carrier" in added.columns else pl.lit("").alias("carrier"),
        "subject_kind",
        "subject",
        *PERIOD,
        (pl.when(~pl.col("blocked")).then(known) if whole else known).alias("value"),
        known.fill_null(0.0).alias("partial"),
        pl.col(f"{quantity}_uncertainty").alias("uncertainty"),
        "coverage",
        "weight",
        "method",
        pl.lit(calculation).alias("calculation"),
        "reason",
        "reason_en",
        pl.col("lacks") if whole else pl.lit("coverage").alias("lacks"),
        "factors",
    )


def of_buildings(rows: pl.DataFrame) -> pl.DataFrame:
    """`bought` as rows of their buildings: a sub-meter's use is in its parent's."""
    return rows.filter(pl.col("level") == "main").with_columns(pl.col("building").alias("subject"))


def lacking_inputs() -> pl.Expr:
    """Rows whose rate is not wholly known (column `known`) and matters: of no use at all nothing lacks."""
    return (pl.col("known") < 1.0) & (pl.col("expected") > 0) & (pl.col("value").is_null() | (pl.col("value") != 0.0))


def _years(basis: Basis) -> pl.DataFrame:
    """The periods that are asked for, with the calendar year that their factors are of."""
    return basis.periods.select(*PERIOD, pl.col("first_day").dt.year().cast(pl.Int32).alias("year"))


def _factors(rows: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """What the figures of a year stand on, once a subject: the same for all its periods."""
    keys = [*by, "year"]
    return (
        rows.filter(pl.col("period") == "month")
        .select(*keys, "factors")
        .unique()
        .sort(*keys, "factors")
        .group_by(keys, maintain_order=True)
        .agg(pl.col("factors").str.join("\n"))
        .with_columns(merged_factors("factors"))
    )


def _rounded(value: pl.Expr) -> pl.Expr:
    """So that a last bit of a square root is never a change."""
    return (value * STEPS).round() * (1 / STEPS)
