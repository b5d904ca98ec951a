"""Own solar electricity of buildings: made, sent out, used on the spot. A part of the shelf."""

import polars as pl

from config.domain.estate import Carrier, Direction
from services.figures.calculation import Basis
from services.figures.frames import exact_sum
from services.indicators._supply import PERIOD, QUANTITIES, is_net, netted, periods_asked
from services.indicators._totals import rounded

SOLAR_PLANT = "solar_plant"
PARTS = ("made", "out", "net")
_KNOWN = ("coverage", "measured")
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


def own_solar(basis: Basis) -> pl.DataFrame:
    """Own solar electricity of buildings that make any, or send out what no known cells made; by period. [kWh]

    Columns `subject` (the building), `carrier` ("solar"), `year`, those of a period; `produced`, `exported` (of it `net_out` by
    net registers, that have taken it off already), and `value`: used on the spot; `uncertainty`, `coverage` (0 where a
    register is silent), `expected`, `measured`; `reason` and `reason_en` where it lacks an input, else "".
    """
    rows = _parts(basis)
    produced = pl.col("made_value")
    # a register that is there and has no reading is not nought; one that is not there is
    sent = pl.lit(0.0)
    for name in ("out", "net"):
        sent = sent + pl.when(pl.col(f"{name}_expected") > 0).then(pl.col(f"{name}_value")).otherwise(0.0)
    # an export meter that was put up after the cells says nothing of the months before
    measures = (pl.col("out_expected") + pl.col("net_expected") > 0) | (pl.col("measures") & (pl.col("made_expected") <= 0))
    exported = pl.when(measures).then(sent).when("plant").then(produced)
    own = produced - exported
    unmade = ~pl.col("makes") & (exported > 0)
    unmeasured = pl.col("makes") & ~measures & ~pl.col("plant")
    too_much = (own < -(SLACK * produced + 1.0)).fill_null(value=False)
    expected = pl.sum_horizontal(f"{name}_expected" for name in PARTS)

    unheard = pl.col("value").is_null() & (pl.col("reason") == "")

    def weighed(quantity: str) -> pl.Expr:
        known = pl.sum_horizontal((pl.col(f"{name}_{quantity}") * pl.col(f"{name}_expected")).fill_null(0.0) for name in PARTS)
        return pl.when(expected > 0).then(known / expected).otherwise(0.0).alias(quantity)

    def said(place: int) -> pl.Expr:
        return (
            pl.when(unmade)
            .then(pl.lit(NO_SOLAR_METER[place]))
            .when(unmeasured)
            .then(pl.lit(NO_EXPORT_METER[place]))
            .when(too_much)
            .then(pl.lit(MORE_OUT_THAN_MADE[place]))
            .otherwise(pl.lit(""))
        )

    return (
        rows.filter(pl.col("makes") | unmade.fill_null(value=False))
        .with_columns(
            produced.alias("produced"),
            exported.alias("exported"),
            pl.col("net_value").fill_null(0.0).alias("net_out"),
            pl.when(pl.col("makes") & ~unmeasured & ~too_much).then(own.clip(lower_bound=0.0)).alias("value"),
            rounded(pl.sum_horizontal(pl.col(f"{name}_uncertainty").fill_null(0.0) ** 2 for name in PARTS).sqrt()).alias(
                "uncertainty"
            ),
            weighed("coverage"),
            weighed("measured"),
            expected.alias("expected"),
            pl.lit(Carrier.SOLAR.value).alias("carrier"),
            said(0).alias("reason"),
            said(1).alias("reason_en"),
        )
        .with_columns(pl.when(unheard).then(0.0).otherwise(pl.col(name)).alias(name) for name in _KNOWN)
        .select("subject", "carrier", "year", *PERIOD, "produced", "exported", "net_out", *QUANTITIES, "reason", "reason_en")
    )


def _parts(basis: Basis) -> pl.DataFrame:
    """A row a building with cells or an export register, and period: what was made, what export and net registers sent out.

    Columns of a period, `subject`, `year`, whether it `makes`, `measures` what is sent out, is a `plant`; and for each of PARTS
    `<part>_value` and so on, `<part>_expected` 0 where there is no such register.
    """
    points = [point for point in basis.portfolio.points.values() if point.building in set(basis.buildings)]
    made = {point.building for point in points if point.carrier is Carrier.SOLAR and point.parent is None}
    measured = {
        point.building for point in points if point.carrier is Carrier.ELECTRICITY and point.direction is not Direction.IMPORT
    }
    plants = {name for name in basis.buildings if basis.portfolio.buildings[name].kind == SOLAR_PLANT}
    rows = pl.DataFrame(
        [(name, name in made, name in measured, name in plants) for name in basis.buildings if name in made | measured],
        schema={"subject": pl.String, "makes": pl.Boolean, "measures": pl.Boolean, "plant": pl.Boolean},
        orient="row",
    ).join(periods_asked(basis), how="cross", maintain_order="left")
    sums = basis.sums.filter(pl.col("subject_kind") == "building")
    tables = {
        "made": sums.filter(pl.col("reported_as") == Carrier.SOLAR.value),
        "out": sums.filter(pl.col("reported_as") == f"{Carrier.ELECTRICITY.value}_export"),
        "net": _sent_by_net(basis, [point.id for point in points if point.parent is None and is_net(point)]),
    }
    on = ("subject", "period", "start")
    for name in PARTS:
        part = tables[name].select(*on, *(pl.col(quantity).alias(f"{name}_{quantity}") for quantity in QUANTITIES))
        rows = rows.join(part, on=on, how="left", maintain_order="left")
    return rows.with_columns(pl.col(f"{name}_expected").fill_null(0.0) for name in PARTS)


def _sent_by_net(basis: Basis, points: list[str]) -> pl.DataFrame:
    """What net registers sent out, by building and period; null where one of them has no reading. Columns as QUANTITIES."""
    return (
        basis.sums.filter((pl.col("subject_kind") == "point") & pl.col("subject").is_in(points))
        .join(netted(basis), on=("subject", "period", "start"), how="left", maintain_order="left")
        .sort("building", "period", "start", "subject")
        .group_by(pl.col("building").alias("subject"), "period", "start", maintain_order=True)
        .agg(
            pl.when((pl.col("value").is_not_null() | (pl.col("expected") <= 0)).all()).then(exact_sum("out")).alias("value"),
            pl.lit(0.0).alias("uncertainty"),
            *(exact_sum(pl.col(name) * pl.col("expected")).alias(name) for name in ("coverage", "measured")),
            exact_sum("expected").alias("expected"),
        )
        .with_columns((pl.col("coverage", "measured") / pl.col("expected")).fill_nan(0.0))
    )
