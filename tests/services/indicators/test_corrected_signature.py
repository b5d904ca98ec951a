"""Heat in normal weather by the building's own signature, by hand: 40 kWh a day and 10 more for each degree below 15 °C."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import orjson
import polars as pl
import pytest

from config.domain.estate import Carrier
from config.domain.indicators import INDICATORS
from config.domain.periods import month
from config.domain.weather import DAYS, NORMAL_TEMPERATURES, DegreeDayTerms, WeatherYears
from services.indicators.corrected_signature import CALCULATION, calculate
from tests.services.indicators.example_basis import ZONE, basis, intervals, point, portfolio

JANUARY = date(2026, 1, 1)
BEFORE = [date(2025, 1, 1) + timedelta(days=n) for n in range(365)]
HEAT, POWER = point("v", Carrier.DISTRICT_HEATING), point("e")
USED = 5.0 * 744
SEASONS = [7.0 - 14.0 * np.cos(2 * np.pi * n / 365) for n in range(365)]
LACKING = ("Normalår saknas: hämta arkivet.", "No normal year: fetch the archive.")


def weather(mean_c: float = 0.0, normal_c: tuple[float, ...] = (-3.0, 3.0), days: int = 31, bridged: int = 0) -> WeatherYears:
    """A year of seasons, then January at one temperature; the normal period's Januaries at those of `normal_c`."""
    known = [(day, value, "105260", False) for day, value in zip(BEFORE, SEASONS, strict=True)]
    known += [(JANUARY + timedelta(days=n), mean_c, "105260", n < bridged) for n in range(days)]
    normal = [(1, n + 1, value) for value in normal_c for n in range(31)]
    return WeatherYears(
        pl.DataFrame(known, schema=DAYS, orient="row"),
        normal_temperatures=pl.DataFrame(normal, schema=NORMAL_TEMPERATURES, orient="row"),
        terms=DegreeDayTerms(17.0, "daily-mean", "105260", "SMHI", "1991-2020"),
    )


def signed(temperature: float) -> float:
    return 40.0 + 10.0 * max(0.0, 15.0 - temperature)


def january(given: WeatherYears, year: list[float] | None = None) -> dict[tuple[str, str], dict[str, Any]]:
    """The figures of January by indicator and carrier, after a year of which each day's heat is given."""
    asked = month(JANUARY, ZONE)
    frames = [intervals(HEAT, asked, 5.0), intervals(POWER, asked, 2.0)]
    made = basis(portfolio(HEAT, POWER), pl.concat(frames), [JANUARY], weather=given)
    heat = year if year is not None else [signed(value) for value in SEASONS]
    before = pl.DataFrame(
        {"building": "skola", "reported_as": "district_heating", "day": BEFORE[: len(heat)], "value": heat, "coverage": 1.0}
    )
    made = replace(made, history=pl.concat([before, made.history.select(before.columns)]))
    return {(row["indicator"], row["carrier"]): row for row in calculate(made).iter_rows(named=True)}


def test_heat_moves_by_the_slope_and_the_degrees() -> None:
    """January at 0 °C where -3 and 3 are normal: the balance is 15, so both years and this lie alike far below it."""
    found = january(weather())

    assert found["corrected_energy_signature", "district_heating"]["value"] == pytest.approx(USED)
    assert found["corrected_energy_signature", ""]["value"] == pytest.approx(USED + 2.0 * 744)


def test_a_mild_january_is_raised() -> None:
    """At 5 °C, 10 degrees below the balance where 15 are normal: 31 days times 5 degrees times 10 kWh more."""
    row = january(weather(mean_c=5.0))["corrected_energy_signature", "district_heating"]

    assert row["value"] == pytest.approx(USED + 31 * 5 * 10.0)
    assert row["partial"] == row["value"]


def test_the_normal_bends_at_the_balance_in_each_year() -> None:
    """Normal Januaries at 13 and 21 °C: 2 and 0 degrees, 1 in the mean; at 17 in the mean there would be none."""
    row = january(weather(mean_c=15.0, normal_c=(13.0, 21.0)))["corrected_energy_signature", "district_heating"]

    assert row["value"] == pytest.approx(USED + 31 * 1 * 10.0)


def test_never_more_than_the_heat_is_taken_off() -> None:
    """31 days 25 degrees colder than normal would take 7,750 of 3,720 kWh."""
    row = january(weather(mean_c=-20.0, normal_c=(5.0,)))["corrected_energy_signature", "district_heating"]

    assert row["value"] == 0.0


def test_a_figure_says_what_it_was_corrected_by() -> None:
    """The building's balance temperature, the window, the station and the normal period."""
    factors = orjson.loads(str(january(weather())["corrected_energy_signature", "district_heating"]["factors"]))

    assert factors == {"balance-temperature": "15.0 °C", "signature": "twelve months before, 105260, 1991-2020"}


def test_days_of_another_station_are_less_sure() -> None:
    """Ten of them, 1 K off each, at 10 kWh a degree: 100 kWh beside the rest."""
    own = january(weather())["corrected_energy_signature", "district_heating"]["uncertainty"]
    bridged = january(weather(bridged=10))["corrected_energy_signature", "district_heating"]["uncertainty"]

    assert bridged**2 - own**2 == pytest.approx(100.0**2, rel=1e-6)


@pytest.mark.parametrize(
    ("given", "year", "words"),
    [
        (weather(), [signed(value) for value in SEASONS[:300]], "300 av 365 dygn"),
        (weather(), [100.0 + 60.0 * (n % 2) for n in range(365)], "följer inte utetemperaturen"),
        (weather(days=20), None, "Temperatur saknas"),
        (WeatherYears(weather().days, lacking=LACKING), None, "Normalår saknas"),
    ],
)
def test_what_lacks_is_said_and_never_a_nought(given: WeatherYears, year: list[float] | None, words: str) -> None:
    """By carrier and in all; what is known so far is kept as partial."""
    found = january(given, year)

    for carrier in ("district_heating", ""):
        row = found["corrected_energy_signature", carrier]
        assert row["value"] is None
        assert words in str(row["reason"])
        assert row["partial"] == pytest.approx(USED if carrier else USED + 2.0 * 744)


def test_every_indicator_of_it_is_published() -> None:
    """A row without a definition would be nameless."""
    assert {*CALCULATION.indicators, *(ratio.indicator for ratio in CALCULATION.ratios)} <= set(INDICATORS)
