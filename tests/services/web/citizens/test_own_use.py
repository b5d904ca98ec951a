"""One's own use in normal weather, by hand."""

import pytest

from services.web.citizens.own_file import Fault
from services.web.citizens.own_use import ASSUMED_SHARE, Own, Result, Use, Weather, result_of

MONTHS = [f"2025-{at:02}" for at in range(1, 13)]
DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
# January is a tenth colder than normal, the summer has none, the other months are normal
WEATHER = {
    name: Weather(
        550.0 if at == 0 else 2.0 if 5 <= at <= 7 else 300.0, 500.0 if at == 0 else 20.0 if 5 <= at <= 7 else 300.0, days
    )
    for at, (name, days) in enumerate(zip(MONTHS, DAYS, strict=True))
}


def of(own: Own) -> Result:
    found = result_of(own, WEATHER)
    assert isinstance(found, Result), found
    return found


def test_a_cold_january_is_moved_and_its_hot_water_is_not() -> None:
    """A fifth of 12 000 kWh is kept out, by days: 203.84 in January. (1000 - 203.84)·500/550 + 203.84 = 927.62."""
    found = of(Own(dict.fromkeys(MONTHS, 1_000.0), 100.0, Use.HEAT, 0.2))

    assert found.months[0].corrected_kwh == pytest.approx(927.62, abs=0.005)
    assert found.corrected_kwh == pytest.approx(11_927.62, abs=0.005)
    assert found.corrected_per_m2 == pytest.approx(119.2762, abs=0.0001)
    assert found.per_m2 == 120.0
    assert not found.is_assumed


def test_a_summer_month_stands_as_it_was_metered() -> None:
    """Two degree days against twenty: a ratio of ten says nothing."""
    found = of(Own(dict.fromkeys(MONTHS, 1_000.0), 100.0, Use.HEAT, 0.2))

    assert [month.name for month in found.months if not month.is_corrected] == ["2025-06", "2025-07", "2025-08"]
    assert found.months[6].corrected_kwh == 1_000.0


def test_a_year_as_one_sum_is_moved_by_its_sum_of_degree_days() -> None:
    """Actual 550 + 8·300 + 3·2 = 2 956, normal 500 + 2 400 + 60 = 2 960; (12 000 - 2 400)·2960/2956 + 2 400 = 12 012.99."""
    found = of(Own({"2025-01": 12_000.0}, 100.0, Use.HEAT, 0.2, as_one=True))

    assert found.corrected_kwh == pytest.approx(12_012.99, abs=0.005)
    assert (found.first, found.last) == ("2025-01", "2025-12")


def test_without_a_share_an_assumption_is_used_and_told() -> None:
    """Twenty-two per cent of heat."""
    assert of(Own({"2025-01": 12_000.0}, 100.0, Use.HEAT, as_one=True)).is_assumed
    assert of(Own({"2025-01": 12_000.0}, 100.0, Use.HEAT, as_one=True)).share == ASSUMED_SHARE[Use.HEAT] == 0.22


def test_electricity_that_does_not_heat_is_not_moved_and_needs_no_weather() -> None:
    """Lights burn as long in a mild winter."""
    found = result_of(Own(dict.fromkeys(MONTHS, 300.0), 100.0, Use.ELECTRICITY), {})

    assert isinstance(found, Result)
    assert found.corrected_kwh == found.kwh == 3_600.0


@pytest.mark.parametrize(
    ("own", "code"),
    [
        (Own({"2025-01": 1.0}, 0.0, Use.HEAT, as_one=True), "area"),
        (Own({"2025-01": 1.0}, float("nan"), Use.HEAT, as_one=True), "area"),
        (Own({"2025-01": 0.0}, 100.0, Use.HEAT, as_one=True), "kwh"),
        (Own({"2025-01": 1.0}, 100.0, Use.HEAT, 1.5, as_one=True), "share"),
        (Own({"2019-01": 1.0}, 100.0, Use.HEAT, as_one=True), "no_weather"),
    ],
)
def test_what_cannot_be_reckoned_is_told(own: Own, code: str) -> None:
    """Never a figure by nought, or of a weather that is not known."""
    found = result_of(own, WEATHER)

    assert isinstance(found, Fault)
    assert found.code == code


def test_a_year_whose_degree_days_are_not_known_names_its_months() -> None:
    """The reader can choose another year."""
    weather = WEATHER | {"2025-04": Weather(None, 300.0, 30)}

    assert result_of(Own({"2025-01": 1.0}, 100.0, Use.HEAT, as_one=True), weather) == Fault("no_weather", "2025-04")
