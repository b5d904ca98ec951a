"""The EED line: what the energy of 2021 would be, cut by 1.9 % of it a year. A yardstick of our own, no duty of a municipality.

Directive (EU) 2023/1791, article 5, asks it of the nation's public bodies together; no Swedish quota per municipality was found.
Linear, measured against 2021, is our reading of it (domain facts 1.1, [U]); compound is the other one.

The line of a month is that of the same month of 2021, so that it adds up to years, rolling years and groups as energy does. The
leap day is not put right: the directive's line is of years. A month that is running has no line yet: what was used so far is not
compared with the whole of a month.
"""

from enum import StrEnum

import polars as pl

from config.domain.indicators import Missing
from services.figures.calculation import Basis, Calculation, Over, Ratio
from services.figures.frames import completed

METHOD = "eed-2"
BASE_YEAR = 2021
YEARLY = 0.019


class Reading(StrEnum):
    """How 1.9 % a year is read."""

    LINEAR = "linear"
    COMPOUND = "compound"


NO_BASE = Missing(
    "Energianvändningen 2021 är inte känd för månaden: läs in 2021 års mätvärden från fil.",
    "The energy use of 2021 is not known of the month: import the readings of 2021 from a file.",
)
RUNNING = Missing(
    "Månaden pågår: linjen är hela månadens, och jämförs när den är slut.",
    "The month is running: the line is that of the whole month, and compared when it is over.",
)
NO_LINE = Missing("EED-linjen är noll: ingen energi användes 2021.", "The EED line is nought: no energy was used in 2021.")


def eed_line(base_kwh: float, year: int, reading: Reading = Reading.LINEAR) -> float:
    """What is left of the base year's energy in `year`. [kWh]

    Raises:
        ValueError: `year` lies before 2021; the line begins there.
    """
    if year < BASE_YEAR:
        raise ValueError(f"the line begins in {BASE_YEAR}, not in {year}")
    return base_kwh * _left(year, reading)


def calculate(basis: Basis) -> pl.DataFrame:
    """Rows of `eed_line` by building and month, from 2021 on. [kWh]

    `basis.context` may hold:

    - "eed_base": columns `subject` (building), `month` (1..12), `value` [kWh]: `energy_total` of the months of 2021;
    - "eed_reading": `Reading`; linear where not given.
    """
    given: pl.DataFrame | None = basis.context.get("eed_base")
    reading = Reading(basis.context.get("eed_reading", Reading.LINEAR))
    base = pl.DataFrame(schema={"subject": pl.String, "month": pl.Int8, "value": pl.Float64}) if given is None else given
    months = basis.periods.filter(pl.col("period") == "month").with_columns(
        pl.col("first_day").dt.year().alias("year"), pl.col("first_day").dt.month().alias("month")
    )
    running = (pl.col("end") > pl.lit(basis.until)) & pl.col("value").is_not_null()
    left = {year: _left(year, reading) for year in months["year"].unique().to_list() if year >= BASE_YEAR}
    return completed(
        pl.DataFrame({"subject": list(basis.buildings)}, schema={"subject": pl.String})
        .join(months.filter(pl.col("year") >= BASE_YEAR), how="cross", maintain_order="left")
        .join(
            base.select("subject", pl.col("month").cast(pl.Int8), "value"),
            on=("subject", "month"),
            how="left",
            maintain_order="left",
        )
        .with_columns(
            pl.lit("eed_line").alias("indicator"),
            pl.lit("building").alias("subject_kind"),
            pl.when(~running)
            .then(pl.col("value") * pl.col("year").replace_strict(left, default=None, return_dtype=pl.Float64))
            .alias("value"),
            pl.lit(f"{METHOD} {reading.value}").alias("calculation"),
            pl.when(running).then(pl.lit(RUNNING.reason_sv)).otherwise(pl.lit(NO_BASE.reason_sv)).alias("reason"),
            pl.when(running).then(pl.lit(RUNNING.reason_en)).otherwise(pl.lit(NO_BASE.reason_en)).alias("reason_en"),
        )
    )


def _left(year: int, reading: Reading) -> float:
    years = year - BASE_YEAR
    return 1 - YEARLY * years if reading is Reading.LINEAR else (1 - YEARLY) ** years


CALCULATION = Calculation(
    {"eed_line": Over.SUM},
    calculate,
    made_of=("energy_total",),
    ratios=(Ratio("eed_position", "energy_total", "eed_line", NO_LINE, scale=100.0),),
)
