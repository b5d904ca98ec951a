"""What the ways of correcting energy to normal weather have in common: which energy, what stands with it, what is said. A part of
the shelf."""

from collections.abc import Sequence

import orjson
import polars as pl

from config.domain.indicators import Missing
from services.figures.calculation import Basis
from services.figures.factors_used import merged_factors
from services.figures.frames import exact_sum
from services.indicators._totals import rounded
from services.indicators.specific_energy import PARTS
from services.indicators.specific_energy import calculate as heated_energy

HEAT = [carrier for carrier, part in PARTS.items() if part == "heat"]
WEATHER_SHARE = 0.9  # of the days with heat must have a temperature
# House rules, half widths of the 90 % interval [U]: how far a day of a neighbouring station may lie from the municipality's own,
# all of a month's to the same side, and how far a day of which no station knows may lie from the month's other days.
BRIDGED_K, UNKNOWN_K = 1.0, 5.0
NO_WEATHER = Missing(
    "Temperatur saknas för mer än en tiondel av dygnen: energimonitor weather show visar luckorna.",
    "Temperatures are missing for more than a tenth of the days: energimonitor weather show tells the gaps.",
)
_NO_NORMAL = Missing(
    "Normalåret saknas: energimonitor weather show säger varför.", "No normal year: energimonitor weather show says why."
)
UNMETERED = '{"degree-days":"no heat metered"}'
_PERIOD = ("subject", "start")
_GIVEN = ("indicator", "carrier", "subject_kind", "subject", "period", "start", "end", "zone", "value", "uncertainty", "partial")
COLUMNS = (
    *_GIVEN,
    *("coverage", "weight", "method", "calculation", "reason", "reason_en", "lacks", "factors", "energy", "metered_uncertainty"),
)


def heated_months(basis: Basis) -> pl.DataFrame:
    """`heated_building_energy` by building, month and carrier ("": in all), with `month`, its first day.

    `energy` and `metered_uncertainty` are those of the metered energy, and stay beside what is made of it. [kWh]
    """
    return heated_energy(basis).with_columns(
        pl.col("start").dt.convert_time_zone(basis.zone).dt.date().alias("month"),
        pl.col("value").alias("energy"),
        pl.col("uncertainty").alias("metered_uncertainty"),
    )


def no_normal(basis: Basis, table: pl.DataFrame) -> tuple[tuple[pl.Expr, pl.Expr], pl.Expr]:
    """For `said`: why there is nothing to correct to, where `table` of the normal year is empty."""
    sv, en = basis.weather.lacking
    return words(Missing(sv, en) if sv else _NO_NORMAL), pl.lit(table.is_empty())


def told(name: str, text: pl.Expr) -> pl.Expr:
    """A factor by name, of a text that needs no escaping."""
    return pl.concat_str(pl.lit(f'"{name}":"'), text, pl.lit('"'))


def quoted(text: str) -> str:
    """For `told`: as it stands between the quotes of JSON."""
    return orjson.dumps(text).decode()[1:-1]


def both(energy: pl.Expr, weather: pl.Expr) -> pl.Expr:
    """Two uncertainties that have nothing to do with each other."""
    return rounded((energy * energy + weather * weather).sqrt())


def said(
    frame: pl.DataFrame,
    indicator: str,
    method: str,
    lacks: Sequence[tuple[tuple[pl.Expr, pl.Expr], pl.Expr]],
) -> pl.DataFrame:
    """The rows of one indicator, columns `COLUMNS`; what they lack blocks their value, and is said.

    Args:
        frame: `value` as corrected, and what else a figure of the energy has.
        lacks: reasons (see `words`) and where they hold, the first to be said first. Of energy that is not known itself the
            energy's own reason stands: no weather would mend it.
    """
    known = pl.col("energy").is_not_null()
    asked = [(reasons, where.fill_null(value=True)) for reasons, where in lacks]
    blocked = known & pl.any_horizontal(*(where for _, where in asked))
    given = known & ~blocked
    return frame.with_columns(
        pl.when(given).then(pl.col("value")).alias("value"),
        # a year is the sum of its months' partials, so a corrected month's is the corrected energy
        pl.when(given).then(pl.col("value")).otherwise(pl.col("energy")).fill_null(0.0).alias("partial"),
        pl.when(blocked).then(pl.lit("input")).otherwise("lacks").alias("lacks"),
        *(
            pl.when(blocked)
            .then(pl.coalesce(*(pl.when(where).then(reasons[place]) for reasons, where in asked)))
            .otherwise(pl.col(name))
            .alias(name)
            for place, name in enumerate(("reason", "reason_en"))
        ),
        pl.lit(indicator).alias("indicator"),
        pl.lit(method).alias("calculation"),
    ).select(COLUMNS)


def words(missing: Missing) -> tuple[pl.Expr, pl.Expr]:
    return pl.lit(missing.reason_sv), pl.lit(missing.reason_en)


def with_the_rest(totals: pl.DataFrame, part: pl.DataFrame, indicator: str, method: str) -> pl.DataFrame:
    """All energy of heated buildings, with heat as corrected in place of heat as metered; columns `COLUMNS`.

    Args:
        totals: of `heated_months`, carrier "".
        part: of `said`, by heat carrier.
    """
    lacking = pl.col("value").is_null() & pl.col("energy").is_not_null()
    squares = pl.col("uncertainty") * pl.col("uncertainty") - pl.col("metered_uncertainty") * pl.col("metered_uncertainty")
    moved = (
        part.sort(*_PERIOD, "carrier")
        .group_by(_PERIOD, maintain_order=True)
        .agg(
            exact_sum(pl.col("value") - pl.col("energy")).alias("moved"),
            exact_sum(squares).alias("doubt"),
            lacking.any().alias("blocked"),
            pl.col("reason").filter(lacking).first().alias("why"),
            pl.col("reason_en").filter(lacking).first().alias("why_en"),
            pl.col("factors").unique().sort().str.join("\n").alias("terms"),
        )
    )
    blocked = pl.col("blocked").fill_null(value=False) & pl.col("energy").is_not_null()
    variance = pl.col("uncertainty") * pl.col("uncertainty")
    return (
        totals.join(moved, on=_PERIOD, how="left", maintain_order="left")
        .with_columns(pl.col("moved").fill_null(0.0), merged_factors("terms").fill_null(UNMETERED))
        .with_columns(
            pl.when(~blocked).then(pl.col("energy") + pl.col("moved")).alias("value"),
            pl.when(~blocked).then(pl.col("energy") + pl.col("moved")).otherwise("energy").fill_null(0.0).alias("partial"),
            rounded((variance + pl.col("doubt").fill_null(0.0).clip(lower_bound=0.0)).sqrt()).alias("uncertainty"),
            pl.when(blocked).then("why").otherwise("reason").alias("reason"),
            pl.when(blocked).then("why_en").otherwise("reason_en").alias("reason_en"),
            pl.when(blocked).then(pl.lit("input")).otherwise("lacks").alias("lacks"),
            pl.col("terms").alias("factors"),
            pl.lit(indicator).alias("indicator"),
            pl.lit(method).alias("calculation"),
        )
        .select(COLUMNS)
    )
