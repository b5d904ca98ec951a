"""weather.yaml: stations in order, and what is wrong with it."""

from datetime import date
from pathlib import Path

import pytest

from config.domain.weather import NormalPeriod, WeatherQuantity
from config.loading import load_municipality
from config.settings import EXAMPLE
from tests.config.folders import WEATHER, altered, sentences, written

DAILY = WeatherQuantity.AIR_TEMPERATURE_DAILY


def test_the_order_in_the_file_is_the_order_of_use(tmp_path: Path) -> None:
    """The first is the municipality's, the next fills its holes; a quantity has only the stations that measure it."""
    plan = load_municipality(written(tmp_path)).weather

    assert plan.order(DAILY) == ("105260", "105370")
    assert plan.order(WeatherQuantity.AIR_TEMPERATURE) == ("105260",)
    assert plan.order(WeatherQuantity.GLOBAL_IRRADIANCE) == ()
    assert plan.named("105370") == "Grannstaden"
    assert plan.named("97400") == "97400"


def test_base_17_and_1991_2020_are_what_is_meant_where_nothing_is_said(tmp_path: Path) -> None:
    """SMHI's own."""
    plan = load_municipality(written(tmp_path)).weather

    assert (plan.base_temperature_c, plan.normal_period) == (17.0, NormalPeriod(1991, 2020))
    assert plan.hours_since == date(2015, 1, 1)


def test_another_base_and_period_are_kept(tmp_path: Path) -> None:
    """To compare with a utility that uses 20 °C."""
    text = "base_temperature_c: 20\nnormal_period: {first_year: 1981, last_year: 2010}\n" + WEATHER

    plan = load_municipality(written(tmp_path, weather=text)).weather

    assert (plan.base_temperature_c, str(plan.normal_period)) == (20.0, "1981-2010")


def test_without_the_file_there_is_no_weather_and_a_warning(tmp_path: Path) -> None:
    """Corrected figures are missing then, and it is said why."""
    loaded = load_municipality(written(tmp_path, weather=None))

    assert loaded.weather.stations == {}
    assert [warning.file for warning in loaded.warnings] == ["weather.yaml"]


def test_borlanges_own_plan_begins_with_the_airport() -> None:
    """105260, then 105310, then Falun-Lugnet; the licence's words are there."""
    plan = load_municipality(EXAMPLE).weather

    assert plan.order(DAILY) == ("105260", "105310", "105370")
    assert plan.normal_period == NormalPeriod(1991, 2020)
    assert "SMHI" in plan.attribution
    assert "CC BY 4.0" in plan.attribution


FAULTS = {
    "a name for a number": (
        ('"105260"', "borlange"),
        "weather.yaml:3: stations.borlange.id: 'borlange' is no station number; write SMHI's, as 105260, or strang "
        "for its radiation model",
    ),
    "a station twice": (
        ('"105370"', '"105260"'),
        "weather.yaml:4: stations.105260.id: given twice; the first is number 1 in the list, keep one",
    ),
    "a quantity that nobody measures": (
        ("[air_temperature_daily]", "[temperature]"),
        "weather.yaml:4: stations.105370.measures.1: 'temperature' is none of them; did you mean air_temperature?",
    ),
    "no attribution": (("attribution: SMHI, CC BY 4.0\n", ""), "weather.yaml:1: attribution: is missing; give it"),
    "a short period": (
        ("stations:", "normal_period: {first_year: 2015, last_year: 2020}\nstations:"),
        "weather.yaml:2: normal_period.last_year: a normal period has at least 10 years; SMHI's is 1991-2020",
    ),
    "a base in Fahrenheit": (
        ("stations:", "base_temperature_c: 65\nstations:"),
        "weather.yaml:2: base_temperature_c: '65' is above the most, 25",
    ),
    "another provider": (
        ("stations:", "provider: yr\nstations:"),
        "weather.yaml:2: provider: 'yr' is none of them; known: smhi",
    ),
    "a model without a position": (
        ('"105370"', "strang"),
        "weather.yaml:4: stations.strang.id: strang gives global_irradiance only, at a position: give latitude and longitude",
    ),
    "no source": (
        (" source: SMHI, mark: V}\n  - ", " mark: V}\n  - "),
        "weather.yaml:3: stations.105260.source: is missing; give it",
    ),
}


@pytest.mark.parametrize(("change", "sentence"), FAULTS.values(), ids=FAULTS)
def test_a_fault_names_file_line_and_way_out(change: tuple[str, str], sentence: str, tmp_path: Path) -> None:
    """As every file of the municipality."""
    assert sentences(written(tmp_path, weather=altered(WEATHER, *change))) == [sentence]


def test_no_station_with_daily_means_is_a_warning(tmp_path: Path) -> None:
    """There will be no degree days."""
    text = WEATHER.replace("air_temperature_daily", "global_irradiance").replace("air_temperature, ", "")

    assert "no degree days" in sentences(written(tmp_path, weather=text))[0]
