"""Where a kilowatt-hour comes from, physically and by contract. Domain facts 5, trap 11."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.domain.estate import Carrier
from config.domain.factors import Factors, HourlyFactor, HourOfMix, Mark, Perspective, Shares
from config.loading import load_municipality
from config.settings import EXAMPLE
from services.analysis.shares import CLASSES, contracted_origin, hourly_origins, origins, physical_origin
from services.analysis.supply import Supply
from tests.services.analysis.example_factors import (
    CONTRACT,
    FACTORS,
    HEAT_SHARES,
    NETWORK,
    NORDIC_SHARES,
    RESIDUAL_SHARES,
    contract,
    evidence,
    mix,
)

ELECTRICITY = Supply(Carrier.ELECTRICITY, "", CONTRACT, 2021)
HEATING = Supply(Carrier.DISTRICT_HEATING, NETWORK, "", 2024)


def test_buying_guarantees_changes_the_contracted_share_and_nothing_physical() -> None:
    """Uddevalla's share went from 48 to 84 % in 2016 by buying guarantees alone; the two are never one number."""
    bought = replace(FACTORS, contracts={CONTRACT: contract(evidence(1.0))})
    found = [
        (physical_origin(factors, ELECTRICITY).shares, contracted_origin(factors, ELECTRICITY).shares)
        for factors in (FACTORS, bought)
    ]

    assert found == [(NORDIC_SHARES, RESIDUAL_SHARES[2021]), (NORDIC_SHARES, Shares(1.0, 0.0, 0.0, 0.0))]


def test_a_part_with_guarantees_leaves_the_rest_to_the_residual_mix() -> None:
    """0.25 + 0.75 * 12.83 % renewable; 0.75 * 55.11 % fossil; 0.75 * 32.06 % nuclear."""
    factors = replace(FACTORS, contracts={CONTRACT: contract(evidence(0.25))})
    shares = contracted_origin(factors, ELECTRICITY).shares

    assert [getattr(shares, name) for name in CLASSES] == pytest.approx([0.346225, 0.0, 0.413325, 0.24045])


def test_guarantees_of_nuclear_power_are_other_and_not_renewable() -> None:
    """Fossil-free is not renewable."""
    factors = replace(FACTORS, contracts={CONTRACT: contract(evidence(1.0, Shares(0.0, 0.0, 0.0, 1.0)))})

    assert contracted_origin(factors, ELECTRICITY).shares == Shares(0.0, 0.0, 0.0, 1.0)


def test_recovered_heat_is_not_renewable() -> None:
    """Trap 11: Umeå 2022, 57 % recovered and 42 % renewable, is no 99 % renewable."""
    assert physical_origin(FACTORS, HEATING).shares == contracted_origin(FACTORS, HEATING).shares == HEAT_SHARES


def test_heat_of_unknown_origin_is_unknown_and_says_what_to_enter() -> None:
    """Domain facts 5: the shares of Borlänge's heat are not found; nothing is put in their place."""
    found = physical_origin(load_municipality(EXAMPLE).factors, Supply(Carrier.DISTRICT_HEATING, "Borlänge", "", 2025))

    assert (found.known, found.shares) == (0.0, Shares(0.0, 0.0, 0.0, 0.0))
    assert found.missing is not None
    assert found.missing.reason_sv == (
        "Ursprung okänt: ange platsbaserade andelar (förnybart, återvunnet, fossilt, övrigt) för fjärrvärmenätet Borlänge, "
        "år 2025, under mixes i factors.yaml, med källa."
    )


def test_the_physical_mix_never_fills_the_contracted_column() -> None:
    """Without a residual mix the contracted origin is unknown."""
    factors = Factors(mixes=FACTORS.mixes, contracts={CONTRACT: contract(evidence(0.25))})
    found = contracted_origin(factors, ELECTRICITY)

    assert (found.known, found.shares.renewable) == (0.25, 0.25)
    assert found.missing is not None


def test_the_example_s_electricity_is_that_of_its_sources() -> None:
    """IVL 2023: 78.0 % renewable, 18.3 % nuclear, 3.7 % fossil; Ei 2024: 10.18 / 21.61 / 68.21 %."""
    factors = load_municipality(EXAMPLE).factors
    supply = Supply(Carrier.ELECTRICITY, "", "", 2024)

    physical, contracted = (origin(factors, supply).shares for origin in (physical_origin, contracted_origin))

    assert [getattr(physical, name) for name in CLASSES] == pytest.approx([0.780, 0.0, 0.037, 0.183])
    assert [getattr(contracted, name) for name in CLASSES] == pytest.approx([0.1018, 0.0, 0.6821, 0.2161])


@st.composite
def wholes(draw: st.DrawFn) -> Shares:
    """Four shares that sum to 1."""
    parts = [draw(st.floats(0, 1)) for _ in CLASSES]
    total = sum(parts) or 1.0
    return Shares(*(part / total for part in parts)) if sum(parts) else Shares(0.0, 0.0, 0.0, 1.0)


@given(share=st.floats(0.01, 1.0), guaranteed=wholes(), residual=wholes())
def test_the_four_classes_sum_to_the_whole(share: float, guaranteed: Shares, residual: Shares) -> None:
    """Whatever is bought, 100 %."""
    factors = Factors(
        mixes=(mix("rest", Carrier.ELECTRICITY, residual, Perspective.MARKET),),
        contracts={CONTRACT: contract(evidence(share, guaranteed))},
    )
    row = origins(factors, [ELECTRICITY], Perspective.MARKET)

    assert sum(row[name].item() for name in CLASSES) == pytest.approx(1.0, abs=1e-12)
    assert row["known"].item() == 1.0


def test_hours_without_shares_have_no_origin() -> None:
    """Their emissions may be known; their shares are not 0."""
    hours = (
        HourOfMix(datetime(2024, 1, 1, 0, tzinfo=UTC), 20.0, Shares(0.6, 0.0, 0.05, 0.35)),
        HourOfMix(datetime(2024, 1, 1, 1, tzinfo=UTC), 21.0),
    )
    factor = HourlyFactor("a", "SE3", "g CO2e/kWh", Perspective.LOCATION, (), "S", Mark.DERIVED, hours, "f1")

    assert hourly_origins(Factors(hourly=(factor,))).select("time", *CLASSES).rows() == [(hours[0].start, 0.6, 0.0, 0.05, 0.35)]
