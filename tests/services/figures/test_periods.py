"""Where figures of periods lie in the store."""

from datetime import UTC, date, datetime

import polars as pl

from config.domain.periods import Period, PeriodKind
from services.figures.periods import filed_reach, longer_periods
from services.store.figures import filed_at

ZONE = "Europe/Stockholm"


def test_every_filed_instant_is_in_reach_and_no_more_than_a_month_besides() -> None:
    """Of years to date, which all begin in January, December's reach does not hold November's."""
    months = [date(2024, number, 1) for number in range(1, 13)]
    table = longer_periods(months, ZONE, date(2025, 12, 31))
    for kind in (PeriodKind.YEAR_TO_DATE, PeriodKind.ROLLING_YEAR, PeriodKind.YEAR):
        of_kind = table.filter(pl.col("period") == kind.value)
        for row in of_kind.iter_slices(1):
            start, end = filed_reach(row)
            period = Period(kind, row["start"][0], row["end"][0], ZONE)
            assert start <= filed_at(period) < end
    december = table.filter((pl.col("period") == "year_to_date") & (pl.col("end") == datetime(2024, 12, 31, 23, tzinfo=UTC)))
    assert filed_reach(december)[0] > datetime(2024, 10, 31, 23, tzinfo=UTC)
