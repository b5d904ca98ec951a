"""What a kilowatt-hour emits, by location and by market. Domain facts 4, traps 9, 10, 12, 13."""

from dataclasses import replace
from datetime import UTC, date, datetime

import polars as pl
import pytest

from config.domain.estate import Carrier
from config.domain.factors import Factors, HourlyFactor, HourOfMix, Mark, Perspective
from config.loading import load_municipality
from config.settings import EXAMPLE
from services.analysis.emissions import avoided_rate, hourly_rates, location_rate, market_rate, rates
from services.analysis.supply import Supply
from tests.services.analysis.example_factors import (
    CONTRACT,
    FACTORS,
    HEAT,
    NETWORK,
    NORDIC,
    RESIDUALS,
    SUPPLIER,
    contract,
    evidence,
    factor,
)

ELECTRICITY = Supply(Carrier.ELECTRICITY, "", "", 2021)
HEATING = Supply(Carrier.DISTRICT_HEATING, NETWORK, "", 2024)
UNDER_CONTRACT = replace(ELECTRICITY, contract=CONTRACT)


def test_ei_s_example() -> None:
    """30 000 kWh residual mix of 2021 and 10 000 kWh at 0 g: 371.99 * 30 000 / 40 000 = 278.99 g/kWh (Ei)."""
    factors = replace(FACTORS, contracts={CONTRACT: contract(evidence(10_000 / 40_000))})
    rate = market_rate(factors, UNDER_CONTRACT)

    assert rate.co2 + rate.co2e == pytest.approx(278.99, abs=0.005)
    assert rate.co2 == pytest.approx(278.9925)
    assert (rate.co2e, rate.known) == (0.0, 1.0)


@pytest.mark.parametrize(("year", "expected"), [(2021, 371.99), (2022, 467.62), (2024, 464.79)])
def test_without_a_contract_it_is_the_residual_mix(year: int, expected: float) -> None:
    """Trap 9: some 465 g, not 0.090 kg; each year its own."""
    rate = market_rate(FACTORS, replace(ELECTRICITY, year=year))

    assert (rate.co2, rate.co2e, rate.missing) == (expected, 0.0, None)


def test_a_contract_without_evidence_of_the_year_is_the_residual_mix() -> None:
    """A supplier's word is no evidence, and evidence of one year says nothing of the next."""
    factors = replace(FACTORS, contracts={CONTRACT: contract(evidence(1.0, year=2021))})
    rate = market_rate(factors, replace(UNDER_CONTRACT, year=2022))

    assert rate.co2 == 467.62
    assert rate.factors == {
        "elavtal": "elavtal, inga annullerade ursprungsgarantier för 2022",
        "residual-2022": "residual-2022, 467,62 g CO2/kWh, obekräftad",
    }


def test_a_contract_with_evidence_for_all_of_it_needs_no_residual_mix() -> None:
    """0 g with proof, also in a year whose residual mix is not published yet."""
    factors = Factors(contracts={CONTRACT: contract(evidence(1.0, year=2025))})
    rate = market_rate(factors, replace(UNDER_CONTRACT, year=2025))

    assert (rate.co2 + rate.co2e, rate.known, rate.missing) == (0.0, 1.0, None)


def test_the_supplier_s_own_mix_goes_before_the_residual_mix() -> None:
    """GHG Protocol, Scope 2: contract, supplier, residual."""
    own = factor("eget", Carrier.ELECTRICITY, 120.0, Perspective.MARKET, (2021, 2021), network=SUPPLIER)
    factors = replace(FACTORS, factors=(*FACTORS.factors, own), contracts={CONTRACT: contract(evidence(0.5))})
    rate = market_rate(factors, UNDER_CONTRACT)

    assert (rate.co2, rate.co2e) == (0.0, 60.0)


def test_the_nordic_mix_never_fills_the_market_column() -> None:
    """Trap 10: 465 g would become 59."""
    rate = market_rate(Factors((NORDIC,)), ELECTRICITY)

    assert rate.missing is not None
    assert (rate.co2, rate.co2e, rate.known) == (0.0, 0.0, 0.0)
    assert rate.missing.reason_sv == (
        "Utsläppsfaktor saknas: ange marknadsbaserad utsläppsfaktor för el (residualmix), år 2021, i factors.yaml, med källa."
    )


def test_the_residual_mix_never_fills_the_location_column() -> None:
    """The other way round it would be 465 for 59."""
    assert location_rate(Factors(RESIDUALS), ELECTRICITY).missing is not None


def test_evidence_for_a_part_leaves_the_rest_missing_where_the_residual_mix_is() -> None:
    """A quarter is known to be 0 g; of three quarters nothing is known, and the whole is missing."""
    factors = Factors(contracts={CONTRACT: contract(evidence(0.25))})
    rate = market_rate(factors, UNDER_CONTRACT)

    assert (rate.known, rate.co2 + rate.co2e) == (0.25, 0.0)
    assert rate.missing is not None


def test_units_are_kept_apart() -> None:
    """A contract in CO2e beside a residual mix in CO2: 0.5 * 30 and 0.5 * 371.99."""
    factors = replace(FACTORS, contracts={CONTRACT: contract(evidence(0.5, value=30.0))})
    rate = market_rate(factors, UNDER_CONTRACT)

    assert rate.co2 == pytest.approx(185.995)
    assert rate.co2e == 15.0


def test_a_location_factor_in_co2_alone_is_refused() -> None:
    """Added to CO2e its methane and nitrous oxide would be left out unseen."""
    oil = factor("olja", Carrier.OIL, 264.5, Perspective.LOCATION, (2024, 2024), unit="g CO2/kWh")
    rate = location_rate(Factors((oil,)), Supply(Carrier.OIL, "", "", 2024))

    assert rate.missing is not None
    assert "ange den i g CO2e/kWh" in rate.missing.reason_sv


def test_heat_has_the_same_local_factor_in_both_columns() -> None:
    """There is no market of origin for heat; the network's own value is the supplier's."""
    assert location_rate(FACTORS, HEATING).co2e == market_rate(FACTORS, HEATING).co2e == 51.0


def test_a_market_factor_of_heat_goes_before_the_location_s() -> None:
    """Where a supplier sells heat of an origin of its own."""
    own = factor("eget", Carrier.DISTRICT_HEATING, 5.0, Perspective.MARKET, (2024, 2024), network=NETWORK)
    factors = Factors((HEAT, own))

    assert (location_rate(factors, HEATING).co2e, market_rate(factors, HEATING).co2e) == (51.0, 5.0)


@pytest.mark.parametrize("rate", [location_rate, market_rate])
def test_another_network_s_heat_is_missing_and_says_what_to_enter(rate: object) -> None:
    """Trap 13: Linköping's 90 g and Gävle's 4 g say nothing of Borlänge."""
    found = rate(FACTORS, Supply(Carrier.DISTRICT_HEATING, "Borlänge", "", 2025))  # type: ignore[operator] # either of the two

    assert found.missing.reason_sv == (
        "Utsläppsfaktor saknas: ange platsbaserad utsläppsfaktor för fjärrvärmenätet Borlänge, år 2025, "
        "i factors.yaml, med källa."
    )
    assert found.known == 0.0


def test_borlange_s_own_gap_says_where_to_get_it_and_for_which_year() -> None:
    """Trap 13, with the example's own words."""
    factors = load_municipality(EXAMPLE).factors
    found = location_rate(factors, Supply(Carrier.DISTRICT_HEATING, "Borlänge", "", 2025))

    assert found.missing is not None
    assert "Energiföretagens tabell" in found.missing.reason_sv
    assert found.missing.reason_sv.endswith("Gäller år 2025.")


def test_a_building_without_a_network_is_told_so() -> None:
    """The factor may be there; it is the network that lacks."""
    found = location_rate(FACTORS, Supply(Carrier.DISTRICT_HEATING, "", "", 2024))

    assert found.missing is not None
    assert "ange heat_network för byggnaden i portfolio.yaml" in found.missing.reason_sv


def test_an_old_report_finds_the_factors_that_were_known_then() -> None:
    """Trap 14: guarantees are cancelled in the spring, a residual mix is restated in the autumn."""
    first = replace(RESIDUALS[0], id="forsta", value=370.0, published=date(2022, 6, 1), preliminary=True)
    final = replace(RESIDUALS[0], id="slutlig", published=date(2022, 10, 1))
    factors = Factors((first, final), contracts={CONTRACT: contract(evidence(0.25))})

    found = [market_rate(factors.as_known(on), UNDER_CONTRACT) for on in (date(2022, 1, 31), date(2022, 8, 1), date(2022, 12, 1))]

    assert [(rate.co2, rate.missing is None) for rate in found] == [
        (0.0, False),
        (pytest.approx(0.75 * 370.0), True),
        (pytest.approx(278.9925), True),
    ]


def test_what_may_be_avoided_is_looked_up_by_consequence_alone() -> None:
    """Trap 12: a memo of another method; the location's mix is no answer to it."""
    memo = factor("konsekvens", Carrier.ELECTRICITY, 300.0, Perspective.CONSEQUENCE, (2024, 2024))

    assert avoided_rate(FACTORS, 2024).missing is not None
    assert avoided_rate(Factors((memo,)), 2024).co2e == 300.0
    assert avoided_rate(Factors((replace(memo, unit="g CO2/kWh"),)), 2024).missing is not None


def test_rates_are_a_table_of_supplies() -> None:
    """What frames are joined with."""
    table = rates(FACTORS, [ELECTRICITY, HEATING, Supply(Carrier.OIL, "", "", 2024)], Perspective.LOCATION)

    assert table.select("carrier", "co2", "co2e", "known", "biogenic", pl.col("reason") == "").rows() == [
        ("electricity", 0.0, 59.0, 1.0, None, True),
        ("district_heating", 0.0, 51.0, 1.0, 150.0, True),
        ("oil", 0.0, 0.0, 0.0, None, False),
    ]
    assert table["factors"].to_list() == [
        '{"nordisk":"nordisk, 59 g CO2e/kWh, obekräftad"}',
        '{"fjv":"fjv, 51 g CO2e/kWh, obekräftad"}',
        "{}",
    ]


def test_of_two_hourly_factors_the_one_published_last_counts() -> None:
    """And an hour that it lacks is the older one's."""
    hours = tuple(HourOfMix(datetime(2024, 1, 1, hour, tzinfo=UTC), 20.0 + hour) for hour in range(2))
    old = HourlyFactor("a", "SE3", "g CO2e/kWh", Perspective.LOCATION, (), "S", Mark.DERIVED, hours, "f1", date(2025, 1, 1))
    new = replace(old, id="b", hours=(replace(hours[1], value=99.0),), published=date(2025, 6, 1))

    assert hourly_rates(Factors(hourly=(new, old)), Perspective.LOCATION).select("value", "id").rows() == [
        (20.0, "a"),
        (99.0, "b"),
    ]
    assert hourly_rates(Factors(hourly=(new, old)), Perspective.MARKET).is_empty()


def test_the_spread_is_the_message() -> None:
    """Domain facts 4.1: the same kWh of 2024 is 59, 465 or 0 g by way of looking, in the example's own factors."""
    factors = load_municipality(EXAMPLE).factors
    supply = replace(ELECTRICITY, year=2024)
    green = replace(factors, contracts={CONTRACT: contract(evidence(1.0, year=2024))})
    found = location_rate(factors, supply), market_rate(factors, supply), market_rate(green, replace(supply, contract=CONTRACT))

    assert [round(rate.co2 + rate.co2e) for rate in found] == [59, 465, 0]
