"""What changed a year's figure, in parts."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.domain.indicators import Missing
from services.analysis.change_parts import (
    AREA,
    FACTORS,
    MOVED,
    PARTS,
    REAL,
    UNEXPLAINED,
    WEATHER,
    BuildingPair,
    BuildingYear,
    Carried,
    emissions_change,
    energy_change,
)

NO_WEATHER = Missing("Normalåret saknas.", "No normal year.")


def pair(before: BuildingYear, now: BuildingYear, name: str = "skola", *, comparable: bool = True) -> BuildingPair:
    return BuildingPair(name, before, now, comparable)


def test_the_cold_is_told_from_what_the_building_did() -> None:
    """100 MWh in a year that took 2 too few, then 103 in one that took 4 too many: 6 by weather, so 3 were saved."""
    found = energy_change([pair(BuildingYear(100_000.0, weather=-2_000.0), BuildingYear(103_000.0, weather=4_000.0))])

    assert found.total == 3_000.0
    assert found.parts == {WEATHER: 6_000.0, MOVED: 0.0, REAL: -3_000.0, UNEXPLAINED: 0.0}


def test_a_larger_building_uses_more_at_the_same_use_per_square_metre() -> None:
    """100 MWh on 1 000 m² in normal weather; 1 100 m² would use 10 MWh more, and used 8."""
    before, now = BuildingYear(100_000.0, area_m2=1_000.0), BuildingYear(108_000.0, area_m2=1_100.0)
    found = energy_change([pair(before, now)])

    assert (found.parts[AREA], found.parts[REAL]) == (10_000.0, -2_000.0)


def test_area_counts_on_the_use_in_normal_weather() -> None:
    """Of 100 MWh the cold took 20, and goes: 80 on 1 000 m² are 8 on another 100."""
    before, now = BuildingYear(100_000.0, weather=20_000.0, area_m2=1_000.0), BuildingYear(90_000.0, area_m2=1_100.0)
    found = energy_change([pair(before, now)])

    assert (found.parts[WEATHER], found.parts[AREA], found.parts[REAL]) == (-20_000.0, 8_000.0, 2_000.0)


def test_an_area_that_nobody_knows_is_no_part() -> None:
    """Not nought: it is not there, and what it did lies in the rest."""
    found = energy_change([pair(BuildingYear(100.0), BuildingYear(110.0, area_m2=10.0))])

    assert AREA not in found.parts
    assert found.parts[REAL] == 10.0


def test_a_building_that_came_is_nobodys_saving_or_waste() -> None:
    """All that it used, and all that the one that left did not."""
    stays = pair(BuildingYear(100.0), BuildingYear(90.0), "a")
    came = pair(BuildingYear(0.0), BuildingYear(50.0), "b", comparable=False)
    left = pair(BuildingYear(30.0), BuildingYear(10.0), "c", comparable=False)
    found = energy_change([stays, came, left])

    assert (found.total, found.parts[MOVED], found.parts[REAL]) == (20.0, 30.0, -10.0)
    assert (found.moved, found.compared) == (("b", "c"), 1)


def test_what_lacks_an_input_is_not_divided() -> None:
    """Its change is there, apart, with the reason; the others are divided."""
    whole = pair(BuildingYear(100.0), BuildingYear(90.0), "a")
    lacking = pair(BuildingYear(40.0, lacks=NO_WEATHER), BuildingYear(60.0), "b")
    found = energy_change([whole, lacking])

    assert (found.parts[UNEXPLAINED], found.parts[REAL]) == (20.0, -10.0)
    assert found.undivided == (("b", NO_WEATHER),)


def test_what_a_groups_figure_holds_beyond_its_buildings_is_unexplained() -> None:
    """A building whose figure was withdrawn, say."""
    found = energy_change([pair(BuildingYear(100.0), BuildingYear(90.0))], total=-40.0)

    assert (found.total, found.parts[REAL], found.parts[UNEXPLAINED]) == (-40.0, -10.0, -30.0)


def test_the_last_digit_of_a_sum_is_no_mystery() -> None:
    """Published figures are rounded."""
    found = energy_change([pair(BuildingYear(1e6), BuildingYear(9e5))], total=-100_000.25)

    assert (found.parts[REAL], found.parts[UNEXPLAINED]) == (-100_000.25, 0.0)


def test_new_factors_are_told_from_less_energy() -> None:
    """1 000 kWh at 0.06 kg, then 800 at 0.05: 8 kg less by the factor (800 · 0.01), 12 less by the energy (200 · 0.06)."""
    before = BuildingYear(60.0, carriers={"district_heating": Carried(1_000.0, 60.0)})
    now = BuildingYear(40.0, carriers={"district_heating": Carried(800.0, 40.0)})
    found = emissions_change([pair(before, now)])

    assert found.total == -20.0
    assert [found.parts[FACTORS], found.parts[REAL]] == pytest.approx([-8.0, -12.0], abs=1e-3)


def test_weather_emits_by_the_old_factor() -> None:
    """A year 100 kWh milder for heat at 0.06 kg/kWh: 6 kg."""
    before = BuildingYear(60.0, carriers={"district_heating": Carried(1_000.0, 60.0, weather=50.0)})
    now = BuildingYear(54.0, carriers={"district_heating": Carried(900.0, 54.0, weather=-50.0)})
    found = emissions_change([pair(before, now)])

    assert [found.parts[WEATHER], found.parts[REAL]] == pytest.approx([-6.0, 0.0], abs=1e-3)


def test_oil_that_gave_way_to_a_heat_pump_is_real() -> None:
    """A carrier that is gone, or new, has no change of factor."""
    before = BuildingYear(270.0, carriers={"oil": Carried(1_000.0, 270.0)})
    now = BuildingYear(10.0, carriers={"electricity": Carried(400.0, 10.0)})
    found = emissions_change([pair(before, now)])

    assert (found.parts[FACTORS], found.parts[REAL]) == (0.0, -260.0)


def test_a_real_change_knows_how_sure_it_is() -> None:
    """Half widths of two years that have nothing to do with each other: 3 and 4 make 5."""
    found = energy_change([pair(BuildingYear(100.0, half_width=3.0), BuildingYear(90.0, half_width=4.0))])

    assert found.half_width == 5.0


amounts = st.floats(0, 1e8)
weathers = st.floats(-1e7, 1e7)
used = st.builds(lambda kwh, factor, weather: Carried(kwh, kwh * factor, weather), amounts, st.floats(0, 2), weathers)
carriers = st.dictionaries(st.sampled_from(("electricity", "district_heating", "oil")), used)
years = st.builds(
    BuildingYear,
    amounts,
    st.sampled_from((None, NO_WEATHER)),
    weathers,
    st.one_of(st.none(), st.floats(1, 1e5)),
    st.just(0.0),
    carriers,
)
estates = st.lists(st.builds(BuildingPair, st.sampled_from("abcdefgh"), years, years, st.booleans()), max_size=6)


@given(pairs=estates, beyond=st.one_of(st.none(), st.floats(-1e8, 1e8)), of_energy=st.booleans())
def test_parts_add_up_to_the_whole_exactly(pairs: list[BuildingPair], beyond: float | None, of_energy: bool) -> None:
    """Whatever is missing, and whatever the published figure says."""
    found = (energy_change if of_energy else emissions_change)(pairs, beyond)

    assert sum(found.parts.values()) == found.total
    assert set(found.parts) <= set(PARTS)


@given(pairs=estates, cut=st.integers(0, 6))
def test_halves_sum_to_the_whole(pairs: list[BuildingPair], cut: int) -> None:
    """An owner's parts are those of its buildings together, in whatever order they stand."""
    named = [replace(item, building=str(place)) for place, item in enumerate(pairs)]
    one, other = energy_change(named[:cut]), energy_change(named[cut:])
    whole = energy_change(reversed(named))

    for part in PARTS:
        assert one.parts.get(part, 0.0) + other.parts.get(part, 0.0) == whole.parts.get(part, 0.0)


@given(year=years)
def test_the_same_year_twice_is_no_change(year: BuildingYear) -> None:
    """In no part."""
    for change in (energy_change, emissions_change):
        assert set(change([pair(year, year)]).parts.values()) == {0.0}
