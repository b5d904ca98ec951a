"""Heat in normal weather, worked by hand: January at 5 kWh an hour, 17 degree days a day where 20 are normal."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import orjson
import polars as pl
import pytest

from config.domain.estate import Carrier, EndUse, MeteringPoint
from config.domain.indicators import INDICATORS
from config.domain.periods import month
from config.domain.weather import DAYS, NORMAL_DAYS, DegreeDayTerms, WeatherYears
from services.indicators.corrected_use import CALCULATION, calculate
from tests.services.indicators.example_basis import ZONE, basis, intervals, point, portfolio

JANUARY = date(2026, 1, 1)
HEAT, POWER = point("v", Carrier.DISTRICT_HEATING), point("e")
SUMMER = [date(2025, 6, 1) + timedelta(days=n) for n in range(92)]
USED, BASE = 5.0 * 744, 24.0 * 31
LACKING = ("Normalår saknas: hämta arkivet.", "No normal year: fetch the archive.")


def weather(mean_c: float = 0.0, normal_k: float = 20.0, days: int = 31, bridged: int = 0) -> WeatherYears:
    """January at one temperature, against one normal; the first days from another station."""
    known = [(JANUARY + timedelta(days=n), mean_c, "105260", n < bridged) for n in range(days)]
    normal = [(1, n + 1, 17.0 - normal_k, normal_k, 30, 0.0) for n in range(31)]
    return WeatherYears(
        pl.DataFrame(known, schema=DAYS, orient="row"),
        normal_days=pl.DataFrame(normal, schema=NORMAL_DAYS, orient="row"),
        terms=DegreeDayTerms(17.0, "daily-mean", "105260", "SMHI", "1991-2020"),
    )


def january(
    given: WeatherYears, *, summer: bool = True, heat: bool = True, hot_water: MeteringPoint | None = None
) -> dict[tuple[str, str], dict[str, Any]]:
    """The figures of January by indicator and carrier; 1 kWh of heat an hour in summer."""
    asked = month(JANUARY, ZONE)
    used = {POWER: 2.0} | ({HEAT: 5.0} if heat else {}) | ({hot_water: 1.5} if hot_water else {})
    frames = [intervals(item, asked, value) for item, value in used.items()]
    made = basis(portfolio(*used), pl.concat(frames), [JANUARY], weather=given)
    before = pl.DataFrame(
        {
            "building": "skola",
            "reported_as": "district_heating",
            "day": SUMMER if summer else SUMMER[:60],
            "value": 24.0,
            "coverage": 1.0,
        }
    )
    made = replace(made, history=pl.concat([before, made.history.select(before.columns)]))
    return {(row["indicator"], row["carrier"]): row for row in calculate(made).iter_rows(named=True)}


def test_the_base_is_kept_out() -> None:
    """(3,720 - 744) · 20/17 + 744 = 4,245.2 kWh of heat, and 1,488 of electricity as they are."""
    found = january(weather())
    heat = (USED - BASE) * 20 / 17 + BASE

    assert found["corrected_energy", "district_heating"]["value"] == pytest.approx(heat)
    assert found["corrected_energy", ""]["value"] == pytest.approx(heat + 2.0 * 744)
    assert found["corrected_base", "district_heating"]["value"] == pytest.approx(BASE)


def test_the_whole_use_stands_beside_it() -> None:
    """3,720 · 20/17 = 4,376.5 kWh."""
    found = january(weather())

    assert found["corrected_energy_whole", "district_heating"]["value"] == pytest.approx(USED * 20 / 17)
    assert found["corrected_energy_whole", ""]["value"] == pytest.approx(USED * 20 / 17 + 2.0 * 744)


def test_a_figure_says_what_it_was_corrected_by() -> None:
    """Base temperature, method, station and normal period go with the number."""
    factors = orjson.loads(str(january(weather())["corrected_energy", ""]["factors"]))

    assert factors == {"degree-days": "daily-mean 17 °C, 105260, 1991-2020", "base": "summer 2025"}


def test_what_is_added_up_is_what_was_corrected() -> None:
    """Years and groups add the months' partials: were they the metered energy, a year would be uncorrected."""
    found = january(weather())

    for name, carrier in (("corrected_energy", "district_heating"), ("corrected_energy", ""), ("corrected_energy_whole", "")):
        assert found[name, carrier]["partial"] == found[name, carrier]["value"]
    assert found["corrected_base", "district_heating"]["partial"] == pytest.approx(BASE)


def test_days_of_another_station_are_less_sure() -> None:
    """Ten of them, 1 K off each: (3,720 - 744) · 20/17 · 10 / 527 = 66.4 kWh beside the meter's own."""
    own = january(weather())["corrected_energy", "district_heating"]["uncertainty"]
    bridged = january(weather(bridged=10))["corrected_energy", "district_heating"]["uncertainty"]

    assert bridged**2 - own**2 == pytest.approx(((USED - BASE) * 20 / 17 * 10 / (17 * 31)) ** 2, rel=1e-6)


def test_hot_water_by_its_own_meter_is_the_base() -> None:
    """Domain facts 3.2, the first in order: 1.5 kWh an hour behind the heat meter, where summer says 1."""
    tap = replace(point("vv", Carrier.DISTRICT_HEATING, parent="v"), end_use=EndUse.HOT_WATER)
    row = january(weather(), hot_water=tap)["corrected_energy", "district_heating"]

    assert row["value"] == pytest.approx((USED - 1.5 * 744) * 20 / 17 + 1.5 * 744)
    assert orjson.loads(row["factors"])["base"] == "hot-water meter"


def test_a_month_of_hardly_any_heating_is_left_and_says_so() -> None:
    """5 degree days a day where 20 are normal: four times as many."""
    found = january(weather(mean_c=12.0))

    assert found["corrected_energy", "district_heating"]["value"] == pytest.approx(USED)
    assert orjson.loads(str(found["corrected_energy", ""]["factors"]))["uncorrected"] == "2026-01"


@pytest.mark.parametrize(
    ("given", "summer", "words"),
    [
        (weather(days=20), True, "Temperatur saknas"),
        (weather(), False, "hel sommar"),
        (WeatherYears(lacking=LACKING), True, "Normalår saknas"),
    ],
)
def test_what_lacks_is_said_and_never_a_nought(given: WeatherYears, summer: bool, words: str) -> None:
    """By carrier and in all; what is known so far is kept as partial."""
    found = january(given, summer=summer)

    for carrier in ("district_heating", ""):
        row = found["corrected_energy", carrier]
        assert row["value"] is None
        assert words in str(row["reason"])
        assert row["partial"] == pytest.approx(USED if carrier else USED + 2.0 * 744)


def test_the_whole_use_needs_no_summer() -> None:
    """It is what is left to a building of one winter."""
    assert january(weather(), summer=False)["corrected_energy_whole", ""]["value"] is not None


def test_a_building_without_metered_heat_passes_as_it_is() -> None:
    """And says that nothing was corrected."""
    row = january(weather(), heat=False)["corrected_energy", ""]

    assert row["value"] == pytest.approx(2.0 * 744)
    assert "no heat metered" in str(row["factors"])


def test_every_indicator_of_it_is_published() -> None:
    """A row without a definition would be nameless."""
    assert {*CALCULATION.indicators, *(ratio.indicator for ratio in CALCULATION.ratios)} <= set(INDICATORS)
