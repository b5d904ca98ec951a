"""Primary energy of BBR 29-31. Domain facts 2.2, trap 1."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.domain.estate import Carrier, EndUse
from config.domain.factors import Factors
from config.domain.indicators import Missing
from config.loading import load_municipality
from config.settings import EXAMPLE
from services.analysis.primary_energy import RULE_SET, Delivered, primary_energy_number

EXAMPLE_YEAR = (
    Delivered(EndUse.HEATING, 160_000, 0.7),
    Delivered(EndUse.HOT_WATER, 4_000, 0.7),
    Delivered(EndUse.BUILDING, 30_000, 1.8),
)


def test_only_heating_is_divided_by_fgeo() -> None:
    """Trap 1: (160 000/1.1*0.7 + 4 000*0.7 + 30 000*1.8) / 2 000 = 79.31."""
    assert primary_energy_number(EXAMPLE_YEAR, geographic=1.1, area_m2=2_000) == pytest.approx(79.31, abs=0.005)


def test_the_known_wrong_answer_is_another() -> None:
    """Everything divided by Fgeo: (160 000 + 4 000)*0.7/1.1 + 30 000*1.8/1.1 over 2 000 = 76.73."""
    wrong = sum(item.kwh * item.weighting for item in EXAMPLE_YEAR) / 1.1 / 2_000

    assert wrong == pytest.approx(76.73, abs=0.005)
    assert primary_energy_number(EXAMPLE_YEAR, geographic=1.1, area_m2=2_000) - wrong == pytest.approx(2.58, abs=0.01)


def test_occupants_electricity_lies_outside() -> None:
    """Verksamhetsel is no part of the building's performance."""
    more = (*EXAMPLE_YEAR, Delivered(EndUse.OCCUPANT, 50_000, 1.8))

    assert primary_energy_number(more, 1.1, 2_000) == primary_energy_number(EXAMPLE_YEAR, 1.1, 2_000)


@pytest.mark.parametrize(("geographic", "area"), [(1.1, 0.0), (0.0, 2_000), (1.1, -1.0)])
def test_without_area_or_fgeo_there_is_no_number(geographic: float, area: float) -> None:
    """Not 0, and no infinity."""
    with pytest.raises(ValueError, match="missing"):
        primary_energy_number(EXAMPLE_YEAR, geographic, area)


@given(
    st.lists(st.tuples(st.sampled_from(EndUse), st.floats(0, 1e6), st.sampled_from([0.6, 0.7, 1.8])), min_size=1, max_size=6),
    st.floats(0.8, 1.9),
)
def test_parts_add_up(rows: list[tuple[EndUse, float, float]], geographic: float) -> None:
    """So that months and carriers may be added; Fgeo in Sweden spans 0.8 to 1.9."""
    whole = primary_energy_number([Delivered(*row) for row in rows], geographic, 2_000)
    parts = sum(primary_energy_number([Delivered(*row)], geographic, 2_000) for row in rows)

    assert whole == pytest.approx(parts, rel=1e-9)


def test_the_example_has_the_weights_of_the_rules_and_no_fgeo() -> None:
    """BBR 29-31: el 1.8, heat 0.7, cooling 0.6, biofuel 0.6, oil and gas 1.8. Fgeo of Borlänge is not verified."""
    factors = load_municipality(EXAMPLE).factors
    weights = {item.carrier: item.value for item in factors.weightings if item.rule_set == RULE_SET}
    fgeo = factors.geographic_factor(RULE_SET)

    assert weights == {
        Carrier.ELECTRICITY: 1.8,
        Carrier.DISTRICT_HEATING: 0.7,
        Carrier.DISTRICT_COOLING: 0.6,
        Carrier.BIOFUEL: 0.6,
        Carrier.OIL: 1.8,
        Carrier.GAS: 1.8,
    }
    assert isinstance(fgeo, Missing)
    assert "under geographic i factors.yaml" in fgeo.reason_sv


def test_normal_hot_water_is_known_of_premises_and_missing_of_housing() -> None:
    """BEN: 2 kWh/m² in premises; what was remembered of housing is not verified."""
    factors = load_municipality(EXAMPLE).factors
    school = factors.normal_hot_water(RULE_SET, "school")

    assert not isinstance(school, Missing)
    assert school.value == 2.0
    assert isinstance(factors.normal_hot_water(RULE_SET, "housing"), Missing)
    assert isinstance(Factors().normal_hot_water(RULE_SET, "school"), Missing)
