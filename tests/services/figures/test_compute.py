"""Longer periods, groups, ratios and gates, with figures worked by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest

from config.domain.estate import Building, Carrier, MeteringPoint, Owner, Portfolio
from config.domain.periods import month
from services.figures.calculation import Calculation, Limits, Over
from services.figures.compute import building_figures, group_figures
from services.figures.frames import FIGURES, PERIODS, completed
from services.figures.periods import longer_periods
from services.indicators import energy, power, specific_energy
from tests.services.indicators.example_basis import LONG_AFTER, ZONE, basis, intervals, point, portfolio

SHELF = [energy.CALCULATION, power.CALCULATION, specific_energy.CALCULATION]
YEAR = [date(2025, number, 1) for number in range(1, 13)]
NONE = pl.DataFrame(schema=dict(FIGURES))


def hours(item: MeteringPoint, months: list[date], value: float | None = 1.0) -> pl.DataFrame:
    return pl.concat([intervals(item, month(first, ZONE), value) for first in months])


def figures(known: Portfolio, frame: pl.DataFrame, months: list[date], ended: date, limits: Limits | None = None) -> pl.DataFrame:
    made = replace(basis(known, frame, months), limits=limits or Limits())
    return building_figures(made, SHELF, NONE, longer_periods(months, ZONE, ended))


def only(rows: pl.DataFrame, **where: Any) -> dict[str, Any]:
    (row,) = rows.filter(**where).iter_rows(named=True)
    return row


def test_a_rolling_year_is_its_twelve_months() -> None:
    """8 760 hours of 1 kWh, whichever way the clock goes."""
    item = point("el")
    rows = figures(portfolio(item), hours(item, YEAR), YEAR, date(2026, 1, 15))
    row = only(rows, indicator="energy", period="rolling_year", subject="skola", start=month(YEAR[0], ZONE).start)

    assert (row["value"], row["coverage"], row["end"]) == (8760.0, 1.0, month(YEAR[-1], ZONE).end)


def test_a_year_to_date_grows_month_by_month() -> None:
    """January has 744 hours, February 672 more; each month has a figure of its own."""
    item = point("el")
    rows = figures(portfolio(item), hours(item, YEAR), YEAR, date(2026, 1, 15))
    to_date = rows.filter(indicator="energy", period="year_to_date", subject="skola").sort("end")

    assert to_date["value"].to_list()[:2] == [744.0, 744.0 + 672.0]
    assert to_date["value"].to_list()[-1] == 8760.0


def test_a_rolling_year_lacks_what_one_of_its_months_lacks() -> None:
    """Eleven months are 91.5 % of the hours: there is no figure, and the reason says which month is not known."""
    item = point("el")
    rows = figures(portfolio(item), hours(item, YEAR[1:]), YEAR, date(2026, 1, 15), Limits(coverage=0.95))
    row = only(rows, indicator="energy", period="rolling_year", subject="skola", start=month(YEAR[0], ZONE).start)

    assert row["value"] is None
    assert row["coverage"] == pytest.approx((8760 - 744) / 8760)
    assert row["partial"] == 8760.0 - 744.0
    assert row["reason"] == "Januari 2025 är känd till mindre än 95 %: läs in det som fattas."


def test_no_rolling_year_before_it_is_over_and_no_day_before_it_has_begun() -> None:
    """In mid-June no rolling year ends with June, and the year is not over."""
    rows = longer_periods([date(2025, 6, 1)], ZONE, date(2025, 6, 15))

    assert rows.filter(period="year_to_date")["last_day"].to_list() == [date(2025, 6, 30)]
    assert rows.filter(period="rolling_year").is_empty()
    assert rows.filter(period="year").is_empty()


def test_the_peak_of_a_year_is_that_of_its_greatest_month_with_its_instant() -> None:
    """Greatest, not added."""
    item = point("el")
    frame = hours(item, YEAR).with_columns(
        pl.when(pl.col("time") == datetime(2025, 2, 3, 7, tzinfo=UTC)).then(50.0).otherwise(pl.col("value")).alias("value")
    )
    rows = figures(portfolio(item), frame, YEAR, date(2026, 1, 15))
    row = only(rows, indicator="peak_power", period="year", subject="skola")

    assert row["value"] == 50.0
    assert '"2025-02-03T07:00Z"' in row["factors"]


def test_a_leap_day_is_a_day_more() -> None:
    """Domain facts 9, trap 19: February 2024 has 696 hours; per day it is like any other."""
    item, first = point("el"), date(2024, 2, 1)
    rows = figures(portfolio(item), hours(item, [first]), [first], date(2024, 3, 15))
    row = only(rows, indicator="energy", period="month", subject="skola")

    assert row["value"] == 29 * 24
    assert row["value"] / ((row["end"] - row["start"]).days) == 24.0


# Two schools of one committee: a small wasteful one and a large good one.
SMALL, LARGE = point("el-liten", building="liten"), point("el-stor", building="stor")


def two_schools(small_area: float | None = 100.0) -> Portfolio:
    known = portfolio(SMALL, LARGE)
    buildings = {
        "liten": Building("liten", "Lilla skolan", "school", "skolnämnden", small_area),
        "stor": Building("stor", "Stora skolan", "school", "skolnämnden", 900.0),
    }
    return replace(known, buildings=buildings, owners={"skolnämnden": Owner("skolnämnden", "Skolnämnden", "committee")})


def of_groups(known: Portfolio, frame: pl.DataFrame, limits: Limits | None = None) -> pl.DataFrame:
    members = figures(known, frame, YEAR[:1], date(2025, 2, 15), limits)
    return group_figures(members, SHELF, known, limits or Limits(), LONG_AFTER)


def test_a_group_is_a_ratio_of_sums_not_a_mean_of_ratios() -> None:
    """Domain facts 9, trap 18: 744 kWh on 100 m² and 744 on 900 m² are 1.488 kWh/m²; the mean of the ratios would be 4.13."""
    rows = of_groups(two_schools(), pl.concat([hours(SMALL, YEAR[:1]), hours(LARGE, YEAR[:1])]))

    for kind in ("owner", "building_kind", "portfolio"):
        row = only(rows, indicator="specific_energy", carrier="", period="month", subject_kind=kind)
        assert row["value"] == pytest.approx(1488 / 1000)


def test_a_building_without_area_leaves_its_groups_without_and_is_named() -> None:
    """ "saknas", and whose area is to be entered where."""
    rows = of_groups(two_schools(None), pl.concat([hours(SMALL, YEAR[:1]), hours(LARGE, YEAR[:1])]))
    row = only(rows, indicator="specific_energy", carrier="", period="month", subject_kind="owner")

    assert row["value"] is None
    assert row["reason"] == "Arean saknas för Lilla skolan: ange area_m2 (Atemp) i portfolio.yaml."
    assert only(rows, indicator="energy_total", period="month", subject_kind="owner")["value"] == 1488.0


def test_a_silent_building_lowers_the_coverage_of_its_groups() -> None:
    """Half of the point-hours: no figure, though half of the energy is known."""
    rows = of_groups(two_schools(), pl.concat([hours(SMALL, YEAR[:1], None), hours(LARGE, YEAR[:1])]))
    row = only(rows, indicator="energy_total", period="month", subject_kind="portfolio")

    assert (row["value"], row["coverage"], row["partial"]) == (None, 0.5, 744.0)


def test_a_building_that_lacks_an_input_blocks_its_groups_and_is_named() -> None:
    """A missing factor is not a nought in the sum (domain facts 9, trap 13)."""
    known = two_schools()

    def emissions(made: Any) -> pl.DataFrame:
        small = pl.col("subject") == "liten"
        return completed(
            made.sums.filter(pl.col("subject_kind") == "building").with_columns(
                pl.lit("emissions_test").alias("indicator"),
                pl.lit("test-1").alias("calculation"),
                pl.when(~small).then(pl.col("value")).alias("value"),
                pl.col("expected").alias("weight"),
                pl.lit("Ange faktorn i factors.yaml.").alias("reason"),
                pl.lit("Enter the factor in factors.yaml.").alias("reason_en"),
                pl.lit('{"el":"2025"}').alias("factors"),
            )
        )

    shelf = [Calculation({"emissions_test": Over.SUM}, emissions)]
    made = basis(known, pl.concat([hours(SMALL, YEAR[:1]), hours(LARGE, YEAR[:1])]), YEAR[:1])
    members = building_figures(made, shelf, NONE, pl.DataFrame(schema=dict(PERIODS)))
    row = only(group_figures(members, shelf, known, Limits(), LONG_AFTER), period="month", subject_kind="owner")

    assert (row["value"], row["partial"], row["lacks"]) == (None, 744.0, "input")
    assert row["reason"] == "Saknas för 1 av 2 byggnader (Lilla skolan). Ange faktorn i factors.yaml."


def test_a_figure_too_uncertain_is_not_shown_and_says_what_would_help() -> None:
    """A meter read once a month: the month is known, its days are not."""
    item, first = point("värme", Carrier.DISTRICT_HEATING), YEAR[0]
    whole = month(first, ZONE)
    begin, end = (int(edge.timestamp() * 1000) for edge in (whole.start, whole.end))
    frame = hours(item, [first], 5.0).with_columns(
        pl.lit("interpolated").alias("method"), pl.lit(begin).alias("span_start"), pl.lit(end).alias("span_end")
    )
    rows = figures(portfolio(item), frame, [first], date(2025, 2, 15))
    days = rows.filter(indicator="energy", period="day", subject="skola")

    assert only(rows, indicator="energy", period="month", subject="skola")["value"] == 5.0 * 744
    assert days["value"].null_count() == days.height
    assert "läs in tätare mätvärden" in days["reason"][10]


def test_a_plant_has_no_energy_per_square_metre_and_does_not_spoil_the_sum() -> None:
    """A solar plant's area is not asked for, and its energy is in no square metre."""
    known = two_schools()
    plant = replace(known.buildings["liten"], kind="solar_plant", area_m2=None)
    known = replace(known, buildings={**known.buildings, "liten": plant})
    rows = of_groups(known, pl.concat([hours(SMALL, YEAR[:1]), hours(LARGE, YEAR[:1])]))
    row = only(rows, indicator="specific_energy", carrier="", period="month", subject_kind="portfolio")

    assert row["value"] == pytest.approx(744 / 900)
