"""Signatures of twelve months, many at once: a known line is found again, and it is the line of the single fit."""

from datetime import date, timedelta

import numpy as np
import pytest

from services.analysis.change_point import ChangePointModel, fit
from services.analysis.rolling_signature import BALANCES_C, Floats, moved, normal_degrees, rolling_signatures

DAYS = [date(2025, 1, 1) + timedelta(days=n) for n in range(365 + 31)]
MONTHS = np.array([day.year * 12 + day.month for day in DAYS], dtype=np.intp)
ASKED = 2026 * 12 + 1
# between -7 and +21 °C, coldest in January
MILD: Floats = np.array([7.0 - 14.0 * np.cos(2 * np.pi * n / 365) for n in range(len(DAYS))])


def line(base: float, slope: float, balance: float) -> Floats:
    """kWh a day of a building that heats below its balance temperature."""
    made: Floats = base + slope * np.maximum(0.0, balance - MILD)
    return made


def test_a_known_line_is_found_again() -> None:
    """Two buildings side by side, each with its own three parameters and nothing beside them."""
    found = rolling_signatures(MILD, np.column_stack([line(100.0, 20.0, 15.0), line(30.0, 4.0, 12.5)]), MONTHS, [ASKED])

    assert found.base[0] == pytest.approx([100.0, 30.0])
    assert found.slope[0] == pytest.approx([20.0, 4.0])
    assert BALANCES_C[found.balance[0]].tolist() == [15.0, 12.5]
    assert found.r2[0] == pytest.approx([1.0, 1.0])
    assert found.known[0].tolist() == [365.0, 365.0]


def test_it_is_the_heating_shape_of_the_single_fit() -> None:
    """Same grid, same line: the two could otherwise tell a building two balance temperatures."""
    noisy = line(100.0, 20.0, 15.0) + np.random.default_rng(4).normal(0.0, 20.0, len(DAYS))
    many = rolling_signatures(MILD, noisy[:, None], MONTHS, [ASKED])
    single = fit(MILD[:365], noisy[:365])

    assert isinstance(single, ChangePointModel)
    assert single.heats_below == BALANCES_C[many.balance[0, 0]]
    assert many.slope[0, 0] == pytest.approx(single.heating, rel=1e-9)
    assert many.base[0, 0] == pytest.approx(single.base, rel=1e-9)


def test_the_month_itself_is_not_in_its_own_fit() -> None:
    """A month that is corrected by itself would explain itself away."""
    other = line(100.0, 20.0, 15.0)
    other[365:] = 0.0

    assert rolling_signatures(MILD, other[:, None], MONTHS, [ASKED]).slope[0, 0] == pytest.approx(20.0)


def test_company_changes_no_bit() -> None:
    """One building's line is the same alone and among others: a late day recomputes one building only."""
    noisy = np.random.default_rng(5).normal(500.0, 90.0, (len(DAYS), 7)) - 20.0 * MILD[:, None]
    together = rolling_signatures(MILD, noisy, MONTHS, [ASKED])
    alone = rolling_signatures(MILD, noisy[:, 3:4], MONTHS, [ASKED])

    assert together.slope[0, 3] == alone.slope[0, 0]
    assert together.slope_error[0, 3] == alone.slope_error[0, 0]


@pytest.mark.parametrize("use", ["flat", "rising with warmth", "few days"])
def test_what_has_no_heating_line_has_no_signature(use: str) -> None:
    """No number at all instead of a slope of nought or below."""
    series = {"flat": np.zeros(len(DAYS)), "rising with warmth": 100.0 + 5.0 * MILD, "few days": line(100.0, 20.0, 15.0)}[use]
    if use == "few days":
        series[:40] = np.nan  # 325 of 365 left, 328.5 needed

    assert np.isnan(rolling_signatures(MILD, series[:, None], MONTHS, [ASKED]).slope).all()


def test_normal_degrees_are_the_mean_of_the_days_and_not_of_their_mean() -> None:
    """Two years' 15 September at 12 and 16 °C: below 14 °C lie 2 and 0 degrees, 1 in the mean; their mean day has none."""
    table = normal_degrees(np.array([9, 9]), np.array([15, 15]), np.array([12.0, 16.0]))

    assert table[9, 15, np.flatnonzero(BALANCES_C == 14.0)[0]] == 1.0
    assert np.isnan(table[9, 16]).all()


def test_a_day_without_temperature_is_taken_as_normal_and_doubted() -> None:
    """Three days at 10 °C, 4 normal degrees below 15: each misses one degree; the fourth, unknown, may lie 4 off (5 at most)."""
    balance = np.flatnonzero(BALANCES_C == 15.0)
    usual = np.full((4, len(BALANCES_C)), 4.0)
    known = np.array([10.0, 10.0, 10.0, np.nan])
    found = moved(balance, known, np.array([0.0, 1.0, 0.0, 0.0]), 5.0, np.ones((4, 1)), usual)

    assert found.degrees[0] == -3.0
    assert found.doubt[0] == 1.0 + 4.0
    assert (found.days[0], found.with_weather[0]) == (4.0, 3.0)
