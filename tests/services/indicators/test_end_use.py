"""What the energy is used for: heat, the building's electricity, its occupants'. By hand; domain facts 2.3."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from config.domain.estate import EndUse, MeteringPoint
from config.domain.indicators import INDICATORS
from services.indicators import energy, specific_energy
from services.indicators.end_use import CALCULATION, calculate
from tests.services.indicators.estate_of_factors import HOURS, basis_of, electricity, estate, heat, made, monthly, published, sent

OCCUPANT = electricity("verksamhet", parent="el", end_use=EndUse.OCCUPANT)
BUILDING = electricity(end_use=EndUse.BUILDING)
PARTS = ("part_heat", "part_building_electricity", "part_occupant_electricity")


def rows(values: Mapping[MeteringPoint, Any]) -> dict[str, dict[str, Any]]:
    """Indicator → the school's row of March."""
    return {name: row for (name, _), row in monthly(calculate(basis_of(values))).items()}


def test_the_rest_of_a_meter_with_the_occupants_apart_is_the_buildings() -> None:
    """8 kW of heat, 5 of electricity of which the classrooms' meter shows 2: 8, 3 and 2."""
    found = rows({heat(): 8.0, electricity(): 5.0, OCCUPANT: 2.0})

    assert [found[name]["value"] for name in PARTS] == [8.0 * HOURS, 3.0 * HOURS, 2.0 * HOURS]


def test_electric_heating_is_heat() -> None:
    """A heat pump of 4 on a meter of its own below 9 that are the building's."""
    pump = electricity("pump", parent="el", end_use=EndUse.HEATING)
    found = rows({BUILDING: 9.0, pump: 4.0})

    assert (found["part_heat"]["value"], found["part_building_electricity"]["value"]) == (4.0 * HOURS, 5.0 * HOURS)


def test_hot_water_metered_apart_is_in_the_heat_once() -> None:
    """10 of district heating of which 3 are hot water."""
    water = heat("vv", parent="fv", end_use=EndUse.HOT_WATER)

    assert rows({heat(): 10.0, water: 3.0})["part_heat"]["value"] == 10.0 * HOURS


def test_electricity_of_unknown_use_leaves_its_parts_missing_and_the_heat_known() -> None:
    """It names the point to complete; heat is no less known for it."""
    found = rows({heat(): 8.0, electricity(): 5.0})

    assert found["part_heat"]["value"] == 8.0 * HOURS
    assert (found["part_building_electricity"]["value"], found["part_building_electricity"]["lacks"]) == (None, "input")
    assert "ange end_use för mätpunkten el" in found["part_occupant_electricity"]["reason"]


def test_the_parts_are_all_of_the_energy_with_own_sun_too() -> None:
    """8 of heat, 5 bought, 4 made and 1 sent out, 2 on the classrooms' meter: 8 + 6 + 2 are the 16 used, 11.888 kWh/m²."""
    values = {heat(): 8.0, electricity(): 5.0, OCCUPANT: 2.0, made(): 4.0, sent(): 1.0}
    calculations = energy.CALCULATION, specific_energy.CALCULATION, CALCULATION
    found = monthly(published(basis_of(values), *calculations))

    assert [found[name, ""]["value"] for name in PARTS] == [8.0 * HOURS, 6.0 * HOURS, 2.0 * HOURS]
    assert found["heated_building_energy", ""]["value"] == 16.0 * HOURS
    assert sum(found[f"specific_{name.removeprefix('part_')}", ""]["value"] for name in PARTS) == pytest.approx(
        found["specific_energy", ""]["value"]
    )


def test_where_nobody_measures_what_is_sent_out_the_parts_of_electricity_are_missing() -> None:
    """All that was made would be taken for used."""
    row = rows({BUILDING: 5.0, made(): 4.0})["part_building_electricity"]

    assert row["value"] is None
    assert row["reason"].startswith("Inmatningen till nätet mäts inte")


def test_a_plant_has_no_parts() -> None:
    """Energy per square metre says nothing of it."""
    known = estate(heat(), kind="heat_plant")

    assert calculate(basis_of({heat(): 8.0}, known=known)).is_empty()


def test_a_silent_sub_meter_leaves_no_rest() -> None:
    """Its use would be in the building's."""
    values = {electricity(): 5.0, OCCUPANT: None}
    row = monthly(published(basis_of(values), CALCULATION))["part_building_electricity", ""]

    assert row["value"] is None
    assert row["lacks"] == "coverage"


def test_many_mains_do_not_make_up_for_a_silent_sub_meter() -> None:
    """Eleven of twelve meters are heard, 92 %: the occupants' 2 kW are not 0, and not the building's."""
    others = {replace(electricity(f"el-{n}"), end_use=EndUse.BUILDING): 5.0 for n in range(10)}
    found = monthly(published(basis_of({electricity(): 5.0, OCCUPANT: None, **others}), CALCULATION))

    assert [found[name, ""]["value"] for name in PARTS[1:]] == [None, None]


def test_two_mains_of_the_same_use_share_the_sun() -> None:
    """Both are the building's, so the sun is; of two that differ nobody knows."""
    other = replace(electricity("el-2"), end_use=EndUse.BUILDING)
    same = rows({BUILDING: 5.0, other: 1.0, made(): 4.0, sent(): 1.0})
    differ = rows({BUILDING: 5.0, replace(other, end_use=EndUse.OCCUPANT): 1.0, made(): 4.0, sent(): 1.0})

    assert same["part_building_electricity"]["value"] == 9.0 * HOURS
    assert differ["part_building_electricity"]["value"] is None


def test_every_figure_has_its_definition() -> None:
    """Three parts and what each is per square metre."""
    names = {*CALCULATION.indicators, *(ratio.indicator for ratio in CALCULATION.ratios)}

    assert len(names) == 6
    assert names <= INDICATORS.keys()
    assert pl.DataFrame(sorted(names)).height == 6
