"""Models by temperature on days whose truth is known, and their statistics by hand."""

import numpy as np
import pytest

from config.domain.indicators import Missing
from services.analysis.change_point import ChangePointModel, fit
from services.analysis.fit_statistics import fit_statistics

YEAR_C = 6.0 - 11.0 * np.cos(2 * np.pi * np.arange(365) / 365)
NOISE = np.random.default_rng(7).normal(size=365)


def model(use: np.ndarray) -> ChangePointModel:
    found = fit(YEAR_C, use)
    assert isinstance(found, ChangePointModel)
    return found


def test_heating_is_found_again() -> None:
    """240 kWh a day and 72 kWh a day and kelvin below 15 °C, with a noise of 20."""
    found = model(240 + 72 * np.maximum(0, 15 - YEAR_C) + 20 * NOISE)

    assert found.shape == "3P heating"
    assert found.base == pytest.approx(240, abs=8)
    assert found.heating == pytest.approx(72, rel=0.02)
    assert found.heats_below == pytest.approx(15, abs=0.5)
    assert found.statistics.usable


def test_cooling_and_both_are_found_again() -> None:
    """An ice rink's chillers, and an office with both."""
    cooled = model(500 + 30 * np.maximum(0, YEAR_C - 5) + 10 * NOISE)
    both = model(300 + 40 * np.maximum(0, 8 - YEAR_C) + 50 * np.maximum(0, YEAR_C - 13) + 5 * NOISE)

    assert (cooled.shape, both.shape) == ("3P cooling", "5P")
    assert cooled.cools_above == pytest.approx(5, abs=1)
    assert both.heats_below == pytest.approx(8, abs=1)
    assert both.cools_above == pytest.approx(13, abs=1)


def test_use_that_does_not_follow_the_weather_is_flat() -> None:
    """No slope is drawn through noise, and the model is not usable for correction."""
    found = model(400 + 30 * NOISE)

    assert found.shape == "flat"
    assert not found.statistics.usable
    assert "förklarar för lite" in found.statistics.verdict[0]


def test_a_year_by_the_energy_signature() -> None:
    """Domain facts 3.3: P0 = 10 kW, k = 3 kW/K, 4,100 K·d: 87.6 + 295.2 = 382.8 MWh."""
    days = np.full(365, 17.0 - 4100 / 365)
    signature = ChangePointModel(240.0, 72.0, 0.0, 17.0, None, fit_statistics(YEAR_C, YEAR_C, 3), np.zeros((2, 2)))

    assert signature.predict(days).sum() / 1000 == pytest.approx(382.8)


def test_the_statistics_are_those_of_the_definition() -> None:
    """Residuals 1, -1, 1, 3 of a mean of 10 and one parameter: CVRMSE √(12/3)/10, NMBE 4/(3·10), lag (-1-1+3)/12."""
    measured = np.array([9.0, 8.0, 10.0, 13.0])
    found = fit_statistics(measured, measured - np.array([1.0, -1.0, 1.0, 3.0]), 1)

    assert found.cvrmse == pytest.approx(20.0)
    assert found.nmbe == pytest.approx(100 * 4 / 30)
    assert found.r2 == pytest.approx(1 - 12 / 14)
    assert found.lag == pytest.approx(1 / 12)


@pytest.mark.parametrize(
    ("temperature", "use", "words"),
    [
        (YEAR_C[:30], np.ones(30), "30 dygn räcker inte"),
        (np.full(100, 5.0), np.ones(100), "både kalla och varma"),
        (YEAR_C, np.zeros(365), "Ingen energi"),
    ],
)
def test_what_cannot_be_fitted_says_why(temperature: np.ndarray, use: np.ndarray, words: str) -> None:
    """Missing, never a model through nothing."""
    found = fit(temperature, use)

    assert isinstance(found, Missing)
    assert words in found.reason_sv
