"""Correction to normal weather, with the figures of the domain facts."""

from datetime import date, timedelta

import polars as pl
import pytest

from services.analysis.weather_correction import base_per_day, corrected, is_correctable, last_summer


def one(energy: float, base: float, actual: float, normal: float) -> float:
    frame = pl.DataFrame({"energy": [energy], "base": [base], "actual": [actual], "normal": [normal]})
    return float(frame.select(corrected(*(pl.col(name) for name in frame.columns)))[0, 0])


def test_alvsbyn_january_2016() -> None:
    """Trap 2; domain facts 3.2 [V]: 4 MWh, a quarter hot water, 967 of 1104: 3.6277 MWh; scaling all of it gives 3.504."""
    assert one(4.0, 1.0, 1104, 967) == pytest.approx(3.6277, abs=5e-5)
    assert one(4.0, 0.0, 1104, 967) == pytest.approx(3.504, abs=5e-4)


def test_finspang_divides_the_whole_by_the_year_s_share() -> None:
    """Domain facts 3.2 [V]: a year at 96 % of normal."""
    assert one(100.0, 0.0, 96.0, 100.0) == pytest.approx(100.0 / 0.96)


def test_lindesberg_2019_is_moved_by_94_4_per_cent() -> None:
    """Domain facts 3.2 [V]: 3 842 of 4 070 K·d are 94.4 % of normal, so 94.4 MWh of that year are 100 in a normal one."""
    assert one(94.4, 0.0, 3_842, 4_070) == pytest.approx(100.0, abs=0.05)


def test_a_summer_month_stays_as_it_is() -> None:
    """No degree days, or twice and half the normal: a ratio of small numbers says nothing."""
    assert one(10.0, 2.0, 0.0, 35.0) == 10.0
    assert one(10.0, 2.0, 10.0, 35.0) == 10.0
    assert one(10.0, 2.0, 35.0, 10.0) == 10.0


def test_the_base_is_never_more_than_the_energy() -> None:
    """A holiday month under the summer's mean is all base."""
    assert one(5.0, 8.0, 300.0, 330.0) == 5.0


@pytest.mark.parametrize(("actual", "normal", "fits"), [(100.0, 50.0, True), (100.0, 49.9, False), (100.0, 200.0, True)])
def test_the_bounds_are_a_half_and_two(actual: float, normal: float, fits: bool) -> None:
    """Domain facts 3.2."""
    frame = pl.DataFrame({"a": [actual], "n": [normal]})

    assert frame.select(is_correctable(pl.col("a"), pl.col("n")))[0, 0] is fits


@pytest.mark.parametrize(("month", "year"), [(date(2026, 9, 1), 2026), (date(2026, 8, 1), 2025), (date(2026, 1, 1), 2025)])
def test_the_last_whole_summer_counts(month: date, year: int) -> None:
    """Of June to August themselves the year before: a month may not explain itself."""
    assert pl.DataFrame({"m": [month]}).select(last_summer(pl.col("m")))[0, 0] == year


def test_the_base_is_the_mean_of_a_summer_that_is_known() -> None:
    """80 days of 3 kWh; 60 days are too few."""
    days = [date(2025, 6, 1) + timedelta(days=n) for n in range(80)]
    frame = pl.DataFrame({"building": ["a"] * 80 + ["b"] * 60, "day": days + days[:60], "value": 3.0, "coverage": 1.0})

    assert base_per_day(frame, ["building"]).rows() == [("a", 2025, 3.0)]
