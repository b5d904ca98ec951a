"""Primary energy of BBR 29-31, from metered months. Domain facts 2.2, trap 1."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from config.domain.estate import Carrier, EndUse, MeteringPoint
from config.domain.factors import Factors, Mark, NormalHotWater
from config.domain.indicators import INDICATORS
from config.domain.periods import month
from config.loading import load_municipality
from config.settings import EXAMPLE
from services.indicators.primary_energy import CALCULATION, calculate
from tests.services.indicators.estate_of_factors import HOURS, basis_of, electricity, estate, heat, made, monthly, published, sent
from tests.services.indicators.example_basis import ZONE, point

YEAR = [date(2023, n, 1) for n in range(1, 13)]
SHARE_OF_YEAR = 31 / 366
RULES = replace(
    Factors(),
    weightings=load_municipality(EXAMPLE).factors.weightings,
    geographic={"BBR 29-31": (1.1, Mark.UNVERIFIED)},
    hot_water=(NormalHotWater("BBR 29-31", frozenset({"school"}), 2.0, "BEN", Mark.VERIFIED),),
)


def hourly(kwh_a_year: float) -> float:
    """Evenly over the 8 760 hours of 2023."""
    return kwh_a_year / 8760


def number(values: Mapping[MeteringPoint, float], area_m2: float = 2000.0, factors: Factors = RULES) -> float:
    """EPpet of 2023."""
    rows = published(basis_of(values, YEAR, known=estate(*values, area_m2=area_m2), factors=factors), CALCULATION)
    row = rows.filter((pl.col("indicator") == "primary_energy_number") & (pl.col("period") == "year"))
    return float(row["value"].item())


def test_the_printed_example_from_metered_hot_water() -> None:
    """Heat 160 MWh, hot water 4 MWh measured apart, building electricity 30 MWh, Fgeo 1.1, 2 000 m²: 79.31."""
    water = heat("vv", parent="fv", end_use=EndUse.HOT_WATER)
    building = electricity(end_use=EndUse.BUILDING)
    values = {heat(): hourly(164_000), water: hourly(4_000), building: hourly(30_000)}

    assert number(values) == pytest.approx(79.31, abs=0.01)


def test_the_printed_example_from_normal_hot_water() -> None:
    """2 kWh/m² of 2 000 m² are the same 4 MWh, taken out of 164 MWh of heat. Everything divided by Fgeo would be 76.73."""
    values = {heat(): hourly(164_000), electricity(end_use=EndUse.BUILDING): hourly(30_000)}

    assert number(values) == pytest.approx(79.31, abs=0.01)


def test_hot_water_at_a_main_point_of_its_own_is_measured_apart() -> None:
    """Two service pipes: the normal 2 kWh/m² are not moved a second time, which would give 79.44."""
    water = heat("vv", end_use=EndUse.HOT_WATER)
    values = {heat(): hourly(160_000), water: hourly(4_000), electricity(end_use=EndUse.BUILDING): hourly(30_000)}

    assert number(values) == pytest.approx(79.31, abs=0.01)


def test_cubic_metres_of_hot_water_are_no_energy_measured_apart() -> None:
    """A volume counter says nothing of kilowatt-hours: the rule set's normal use is still taken out of the heat."""
    volume = replace(point("vvm3", Carrier.WATER), end_use=EndUse.HOT_WATER)
    building = electricity(end_use=EndUse.BUILDING)
    values = {heat(): hourly(164_000), volume: hourly(70), building: hourly(30_000)}

    assert number(values) == pytest.approx(79.31, abs=0.01)


def test_occupants_electricity_measured_apart_lies_outside() -> None:
    """Of 80 MWh the kitchen's and the classrooms' 50 are the occupants'; 30 are left."""
    occupants = electricity("verksamhet", parent="el", end_use=EndUse.OCCUPANT)
    values = {heat(): hourly(164_000), electricity(): hourly(80_000), occupants: hourly(50_000)}

    assert number(values) == pytest.approx(79.31, abs=0.01)


def test_a_silent_meter_of_the_occupants_is_not_weighed_as_the_buildings() -> None:
    """Eleven of twelve meters are heard: without what the classrooms used the rest is not known."""
    occupants = electricity("verksamhet", parent="el", end_use=EndUse.OCCUPANT)
    mains = {replace(electricity(f"el-{n}"), end_use=EndUse.BUILDING): 5.0 for n in range(10)}
    values = {electricity(): 5.0, occupants: None, **mains}
    row = monthly(published(basis_of(values, factors=RULES), CALCULATION))["primary_energy", "electricity"]

    assert (row["value"], row["lacks"]) == (None, "coverage")


def test_electric_heating_is_divided_by_fgeo_too() -> None:
    """A heat pump measured apart: 11 000/1.1*1.8 = 18 000; 19 000 of building electricity at 1.8. No area for hot water."""
    pump = electricity("vp", parent="el", end_use=EndUse.HEATING)
    main = electricity(end_use=EndUse.BUILDING)
    no_water = replace(RULES, hot_water=(replace(RULES.hot_water[0], value=0.0),))

    assert number({main: hourly(30_000), pump: hourly(11_000)}, factors=no_water) == pytest.approx(
        (18_000 + 34_200) / 2000, abs=0.01
    )


def test_a_tagged_meter_below_a_tagged_one_is_taken_off_it() -> None:
    """Ventilation 10 of which a heating coil 4: 6 and 4 of a main of 30, and 20 that are the occupants'."""
    main = electricity(end_use=EndUse.OCCUPANT)
    fans = electricity("fläkt", parent="el", end_use=EndUse.BUILDING)
    plain = electricity("skåp", parent="fläkt")
    coil = electricity("batteri", parent="skåp", end_use=EndUse.COOLING)
    values = {main: hourly(30_000), fans: hourly(10_000), plain: hourly(5_000), coil: hourly(4_000)}

    assert number(values) == pytest.approx(10_000 * 1.8 / 2000, abs=0.01)


def test_own_solar_is_no_delivered_energy() -> None:
    """It makes the bought electricity less; it is not added to it."""
    values = {electricity(end_use=EndUse.BUILDING): hourly(30_000)}

    assert number({**values, made(): 3.0, sent(): 1.0}) == number(values)


def test_normal_hot_water_is_never_more_than_the_heat() -> None:
    """A cottage of 2 000 m² heated with 100 kWh in March: all of it is hot water, 70 kWh weighted, and not below."""
    rows = monthly(calculate(basis_of({heat(): 100 / HOURS}, factors=RULES, known=estate(heat(), area_m2=2000.0))))

    assert rows["primary_energy", "district_heating"]["value"] == pytest.approx(70.0, abs=1e-3)


def test_a_month_has_its_days_of_the_normal_hot_water() -> None:
    """March of a leap year: 31 of 366 days; (7 430 - w)/1.1*0.7 + w*0.7 with w = 2 * 1 000 * 31/366."""
    water = 2000 * SHARE_OF_YEAR
    rows = monthly(calculate(basis_of({heat(): 10.0}, factors=RULES)))

    assert rows["primary_energy", ""]["value"] == pytest.approx((7430 - water) / 1.1 * 0.7 + water * 0.7, abs=1e-3)
    assert '"Fgeo":"BBR 29-31: 1,1, obekräftad"' in rows["primary_energy", ""]["factors"]
    assert rows["primary_energy", ""]["calculation"] == "primary-energy-2 (BBR 29-31)"


def reason(factors: Factors, *points: MeteringPoint, on: date = date(2024, 3, 1), **given: object) -> str:
    """Why the total of the month is missing."""
    known = estate(*points, **given)  # type: ignore[arg-type] # what estate takes
    row = monthly(calculate(basis_of(dict.fromkeys(points, 1.0), [on], known=known, factors=factors)), on)["primary_energy", ""]
    assert (row["value"], row["lacks"]) == (None, "input")
    return str(row["reason"])


def test_fgeo_of_borlange_is_missing_and_says_where_to_enter_it() -> None:
    """It is not verified, and 1.1 is from memory."""
    assert reason(replace(RULES, geographic={}), heat()) == (
        "Geografisk justeringsfaktor (Fgeo) saknas: ange kommunens värde i BBR 29-31 under geographic i factors.yaml, med källa."
    )


def test_electricity_of_unknown_use_is_missing_and_not_guessed() -> None:
    """All of it as the building's would be too much, none of it too little."""
    said = reason(RULES, electricity(), heat())

    assert said.startswith("Det är inte angivet vad elen används till: ange end_use för mätpunkten el")


def test_after_the_rule_set_ended_the_number_is_missing() -> None:
    """BFS 2026:9 from 1 October 2026: its values are not read, and the old ones no longer hold."""
    said = reason(RULES, heat(), on=date(2026, 10, 1))

    assert said.startswith("Viktningsfaktor saknas för fjärrvärme 2026-10-01 i BBR 29-31")


def test_a_rolling_year_over_the_end_of_the_rule_set_is_missing() -> None:
    """Two rule sets are never added."""
    months = [date(2026, n, 1) for n in range(1, 13)]
    rows = published(basis_of({heat(): 10.0}, months, factors=RULES), CALCULATION)
    year = rows.filter((pl.col("period") == "year") & (pl.col("indicator") == "primary_energy_number"))

    assert year["value"].to_list() == [None]
    assert "BBR 29-31" in year["reason"].item()


def test_without_an_area_or_a_normal_value_the_hot_water_is_missing() -> None:
    """Housing: what was remembered is not verified; measure it apart or enter it."""
    assert reason(RULES, heat(), area_m2=None).startswith("Arean saknas")
    assert reason(RULES, heat(), kind="housing").startswith("Tappvarmvatten saknas: mät det för sig")


def test_it_is_a_number_of_years_and_never_a_class() -> None:
    """A month's EPpet would be no EPpet, and a class takes more than meters."""
    rows = published(basis_of({heat(): 10.0}, YEAR, factors=RULES), CALCULATION)
    numbers = rows.filter(pl.col("indicator") == "primary_energy_number")

    assert set(numbers["period"]) == {"year", "rolling_year"}
    assert set(rows["indicator"]) == {"primary_energy", "primary_energy_number"} <= INDICATORS.keys()
    assert "Ingen energiklass" in INDICATORS["primary_energy_number"].definition_sv
    assert month(YEAR[0], ZONE).start in set(rows["start"])
