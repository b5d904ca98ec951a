"""Savings against a baseline: by hand where the line is known, and on real buildings where it is not."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from benchmarks.savings_coverage import coverage, daily, trials
from config.domain.indicators import Missing
from services.analysis.baseline import Floats, fitted
from services.analysis.savings import DRIFT, HEAT_FACTORS, OTHER_FACTORS, Estimate, estimate, factor, scale_of

ESTATE = Path(__file__).parents[4] / "shared" / "data" / "estate"
ACTION = date(2026, 1, 1)
DAYS = [ACTION + timedelta(days=n) for n in range(-365, 90)]
MILD: Floats = np.array([7.0 - 14.0 * np.cos(2 * np.pi * day.timetuple().tm_yday / 365) for day in DAYS])
OFF = np.array([float(day.isoweekday() > 5) for day in DAYS])
USE: Floats = 200.0 - 50.0 * OFF + 30.0 * np.maximum(0.0, 15.0 - MILD)
SINCE = np.array([day >= ACTION for day in DAYS])


def days(kwh: Floats, known: Floats | None = None) -> pl.DataFrame:
    there = np.ones(len(DAYS), dtype=bool) if known is None else known.astype(bool)
    values = [float(value) if is_known else None for value, is_known in zip(kwh, there, strict=True)]
    return pl.DataFrame({"day": DAYS, "kwh": values, "temperature_c": MILD, "day_off": OFF > 0})


def found(frame: pl.DataFrame, first: date = ACTION, last: date = DAYS[-1]) -> Estimate:
    made = estimate(frame, ACTION, first, last, of_heat=True)
    assert isinstance(made, Estimate)
    return made


def test_a_known_saving_is_found_to_the_kilowatt_hour() -> None:
    """A line without noise, and a tenth less from the day on: the saving is a tenth of what would have been used."""
    made = found(days(np.where(SINCE, 0.9 * USE, USE)))

    assert made.saved == pytest.approx(0.1 * USE[SINCE].sum())
    assert made.expected == pytest.approx(USE[SINCE].sum())
    assert made.baseline.heats_below == 15.0


def test_the_interval_is_the_calibrated_one() -> None:
    """Of a fit without error the drift alone is left: 2.20 times 8 % of 90 days' expected use."""
    made = found(days(USE))
    reach = HEAT_FACTORS[90] * DRIFT * made.expected

    assert made.high - made.saved == pytest.approx(reach)
    assert made.saved - made.low == pytest.approx(reach)


def test_a_colder_winter_is_no_loss() -> None:
    """Use follows the temperature of the days since, not that of the year before."""
    colder = MILD - 5.0 * SINCE
    use = 200.0 - 50.0 * OFF + 30.0 * np.maximum(0.0, 15.0 - colder)
    frame = days(use).with_columns(pl.Series("temperature_c", colder))

    assert found(frame).saved == pytest.approx(0.0, abs=1e-6)


def test_days_that_are_not_known_are_left_out_of_both_sides() -> None:
    """Eight of ninety: the saving is of the other 82 and says so."""
    known = np.ones(len(DAYS))
    known[-8:] = 0
    made = found(days(np.where(SINCE, 0.9 * USE, USE), known))

    assert (made.known, made.days) == (82, 90)
    assert made.saved == pytest.approx(0.1 * USE[SINCE][:-8].sum())


def test_what_lies_before_the_action_is_never_counted_as_saved() -> None:
    """A period that begins earlier begins with the action."""
    assert found(days(USE), first=ACTION - timedelta(days=100)).days == 90


@pytest.mark.parametrize(
    ("kwh", "unknown", "last", "words"),
    [
        (USE, range(40), DAYS[-1], "325 av 365 dygn"),
        (USE, range(365, 380), DAYS[-1], "75 av 90 dygn efter"),
        (USE, (), ACTION + timedelta(days=10), "Bara 11 dygn"),
        (np.random.default_rng(2).uniform(0.0, 1000.0, len(DAYS)), (), DAYS[-1], "Modellen förklarar för lite"),
        (np.zeros(len(DAYS)), (), DAYS[-1], "Ingen modell passar"),
    ],
)
def test_what_cannot_be_shown_says_why(kwh: Floats, unknown: range, last: date, words: str) -> None:
    """No saving is claimed by a model that fails (domain facts 3.3)."""
    known = np.ones(len(DAYS))
    known[list(unknown)] = 0
    made = estimate(days(kwh, known), ACTION, ACTION, last, of_heat=True)

    assert isinstance(made, Missing)
    assert words in made.reason_sv


def test_between_calibrated_windows_the_factor_lies_between() -> None:
    """Halfway from 30 to 90 days; before the first and beyond the last as at them."""
    assert factor(60, of_heat=False) == pytest.approx((OTHER_FACTORS[30] + OTHER_FACTORS[90]) / 2)
    assert factor(3, of_heat=True) == HEAT_FACTORS[30]
    assert factor(800, of_heat=True) == HEAT_FACTORS[365]


def test_the_unit_of_error_is_that_of_fit_and_drift() -> None:
    """3 and 4 make 5: 4 is 8 % of 50."""
    assert scale_of(50.0, 3.0) == pytest.approx(5.0)


def test_electricity_that_cools_has_a_cooling_slope_and_heat_never() -> None:
    """A building that uses more on warm days."""
    use = 100.0 + 10.0 * np.maximum(0.0, MILD - 16.0)
    power, heat = (fitted(use, MILD, OFF, of_heat=kind) for kind in (False, True))

    assert power is not None
    assert heat is not None
    assert power.cools_above == 16.0
    assert heat.cools_above is None


@pytest.mark.skipif(not ESTATE.is_dir(), reason="the estate data are not here: ../shared/data/estate")
@pytest.mark.parametrize("carrier", ["heat", "electricity"])
@pytest.mark.parametrize("window", [90, 365])
def test_the_interval_holds_a_planted_saving_in_nine_of_ten_trials(carrier: str, window: int) -> None:
    """A tenth less from a known day in 200 trials on real buildings, each calibrated on the others: 85 to 95 % are asked for."""
    of_estate = trials(daily(ESTATE), carrier, window)
    tried = coverage(of_estate, seed=1)

    assert tried.trials == 200
    assert 0.85 <= tried.held <= 0.95
    # and the factors that are shipped are those of these trials
    assert (HEAT_FACTORS if carrier == "heat" else OTHER_FACTORS)[window] == pytest.approx(tried.factor, abs=0.01)
