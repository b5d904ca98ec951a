"""Where figures of periods lie in the store."""

from datetime import UTC, date, datetime

import polars as pl

from config.domain.periods import Period, PeriodKind
from services.figures.periods import filed_reach, longer_periods, without_months
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


def test_a_year_waits_for_the_months_that_are_still_to_come() -> None:
    """Of 2023 and 2024 the first year is calculated now and June 2024 later: only what has nothing of that June is whole."""
    table = longer_periods([date(2023, number, 1) for number in range(1, 13)], ZONE, date(2024, 12, 31))
    kept = without_months(table, [date(2024, 6, 1)], ZONE)

    assert kept["end"].max() == datetime(2024, 5, 31, 22, tzinfo=UTC)
    assert table["end"].max() == datetime(2024, 11, 30, 23, tzinfo=UTC)
    assert without_months(table, [], ZONE).equals(table)
