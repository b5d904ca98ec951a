"""What holds of every calculation on the shelf, whichever meter is silent."""

from dataclasses import replace
from datetime import date
from functools import cache

import polars as pl
import pytest

from config.domain.estate import Carrier, Direction, EndUse, MeteringPoint
from config.domain.periods import month
from config.shelf import entries
from services import indicators
from services.figures.calculation import Basis, Calculation, Over
from tests.services.analysis.example_factors import FACTORS
from tests.services.indicators.estate_of_factors import estate
from tests.services.indicators.example_basis import ZONE, basis, intervals, point

MONTHS = (date(2024, 2, 1), date(2024, 3, 1))
USE: dict[MeteringPoint, float] = {
    point("el"): 10.0,
    point("fv", Carrier.DISTRICT_HEATING): 20.0,
    point("vatten", Carrier.WATER): 1.0,
    replace(point("sol", Carrier.SOLAR), max_power_kw=100.0): 4.0,
    point("ut", direction=Direction.EXPORT): 1.0,
    replace(point("verksamhet", parent="el"), end_use=EndUse.OCCUPANT): 2.0,
}
CALCULATIONS = {item.calculate.__module__.rpartition(".")[2]: item for item in entries(indicators, "CALCULATION", Calculation)}


@cache
def with_silent(name: str, how: str) -> Basis:
    """Two months of a school with everything; in March one point is not heard, or was read once."""
    march = month(MONTHS[1], ZONE)
    spans = (("span_start", march.start), ("span_end", march.end))
    frames = []
    for item, value in USE.items():
        frames.append(intervals(item, month(MONTHS[0], ZONE), value))
        if item.id != name:
            frames.append(intervals(item, march, value))
        elif how == "silent":
            frames.append(intervals(item, march, None))
        else:
            read_once = intervals(item, march, value, method="interpolated").with_columns(
                pl.lit(0.0).alias("coverage"), *(pl.lit(int(at.timestamp() * 1000)).alias(column) for column, at in spans)
            )
            frames.append(read_once)
    return basis(estate(*USE), pl.concat(frames), MONTHS, factors=FACTORS)


@pytest.mark.parametrize("how", ["silent", "read once"])
@pytest.mark.parametrize("silent", [item.id for item in USE])
@pytest.mark.parametrize("name", CALCULATIONS)
def test_what_is_not_known_is_no_nought_in_the_sum_of_a_year(name: str, silent: str, how: str) -> None:
    """A month without a figure counts by what is known of it: where that is nothing it must cover nothing, and say why."""
    rows = CALCULATIONS[name].calculate(with_silent(silent, how))
    added = [indicator for indicator, over in CALCULATIONS[name].indicators.items() if over is not Over.NONE]
    missing = rows.filter(pl.col("value").is_null() & pl.col("indicator").is_in(added))
    as_nought = missing.filter((pl.col("lacks") == "coverage") & (pl.col("coverage") > 0) & (pl.col("partial") == 0))

    assert as_nought.select("indicator", "carrier", "subject", "coverage").rows() == []
    assert missing.filter((pl.col("reason") == "") | (pl.col("reason_en") == "")).height == 0
