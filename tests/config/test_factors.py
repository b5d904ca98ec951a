"""Looking factors up: the right year and perspective, or what is missing in words."""

from dataclasses import replace
from datetime import date

import pytest

from config.domain.estate import Carrier
from config.domain.factors import Factor, FactorGap, Factors, Mark, Perspective, Purpose, Weighting
from config.domain.indicators import Missing

RESIDUAL = Factor(
    id="residual-2024",
    carrier=Carrier.ELECTRICITY,
    network="",
    first_year=2024,
    last_year=2024,
    applies_from=2024,
    applies_to=2024,
    value=464.79,
    unit="g CO2/kWh",
    perspective=Perspective.MARKET,
    purpose=Purpose.REPORTING,
    includes=("combustion",),
    source="Ei",
    mark=Mark.SECOND_HAND,
)
NORDIC = replace(
    RESIDUAL,
    id="nordic",
    first_year=2021,
    last_year=2023,
    applies_from=2021,
    applies_to=None,
    value=59.0,
    perspective=Perspective.LOCATION,
)
OLDER = replace(NORDIC, id="older", first_year=2016, last_year=2018, applies_from=2016, applies_to=2022, value=90.0)


def test_a_factor_answers_for_its_own_year_only() -> None:
    """Residual mixes of 2021 to 2024 lie between 372 and 524 g: no year stands for another."""
    factors = Factors((RESIDUAL,))

    assert factors.factor(Carrier.ELECTRICITY, 2024, Perspective.MARKET) == RESIDUAL
    assert isinstance(factors.factor(Carrier.ELECTRICITY, 2025, Perspective.MARKET), Missing)
    assert isinstance(factors.factor(Carrier.ELECTRICITY, 2023, Perspective.MARKET), Missing)


@pytest.mark.parametrize(
    ("mark", "words"),
    [
        (Mark.VERIFIED, ""),
        (Mark.SECOND_HAND, ", sett i andra hand"),
        (Mark.DERIVED, ", egen räkning"),
        (Mark.UNVERIFIED, ", obekräftad"),
    ],
)
def test_a_figure_says_how_well_its_factor_is_known(mark: Mark, words: str) -> None:
    """What was not seen first-hand says so wherever the factor's version stands: beside the figure, in its export, at explain."""
    assert replace(RESIDUAL, mark=mark, published=None).version == f"residual-2024, 464,79 g CO2/kWh{words}"


def test_a_location_factor_is_never_used_for_the_market_column() -> None:
    """Trap 10: the Nordic mix as fallback makes 465 g into 59."""
    assert isinstance(Factors((NORDIC,)).factor(Carrier.ELECTRICITY, 2024, Perspective.MARKET), Missing)


def test_what_holds_until_replaced_serves_later_years() -> None:
    """The mean of 2021-23 is the location-based default until a newer one is entered."""
    assert Factors((NORDIC,)).factor(Carrier.ELECTRICITY, 2026, Perspective.LOCATION) == NORDIC


def test_of_two_the_one_measured_last_counts() -> None:
    """2022 lies in both."""
    assert Factors((NORDIC, OLDER)).factor(Carrier.ELECTRICITY, 2022, Perspective.LOCATION) == NORDIC


def test_a_restated_factor_leaves_the_old_report_as_it_was() -> None:
    """Trap 14: the old value is found again as it was known on the day of the report."""
    first = replace(RESIDUAL, id="first", value=470.0, published=date(2025, 6, 2), preliminary=True)
    final = replace(RESIDUAL, id="final", published=date(2025, 10, 1))
    factors = Factors((first, final))

    assert factors.factor(Carrier.ELECTRICITY, 2024, Perspective.MARKET) == final
    assert factors.factor(Carrier.ELECTRICITY, 2024, Perspective.MARKET, known_on=date(2025, 8, 1)) == first
    assert isinstance(factors.factor(Carrier.ELECTRICITY, 2024, Perspective.MARKET, known_on=date(2025, 1, 1)), Missing)


@pytest.mark.parametrize("purpose", [Purpose.CROSS_CHECK, Purpose.INFORMATION])
def test_only_reporting_factors_reach_a_figure(purpose: Purpose) -> None:
    """20 g from a cross-check would otherwise win over 59 g."""
    assert isinstance(
        Factors((replace(NORDIC, purpose=purpose),)).factor(Carrier.ELECTRICITY, 2024, Perspective.LOCATION), Missing
    )


def test_one_network_is_never_used_for_another() -> None:
    """Linköping's 90 g says nothing about Borlänge; Gävle has 4."""
    heat = replace(RESIDUAL, carrier=Carrier.DISTRICT_HEATING, network="Linköping", perspective=Perspective.LOCATION)
    factors = Factors((heat,))

    assert factors.factor(Carrier.DISTRICT_HEATING, 2024, Perspective.LOCATION, "Linköping") == heat
    assert isinstance(factors.factor(Carrier.DISTRICT_HEATING, 2024, Perspective.LOCATION, "Borlänge"), Missing)


def test_a_known_gap_answers_in_its_own_words() -> None:
    """Who reads "saknas" must learn where to get it."""
    told = Missing("Hämta den hos VMK.", "Take it from VMK.")
    factors = Factors((), (FactorGap(Carrier.DISTRICT_HEATING, "Borlänge", None, None, told),))

    assert factors.factor(Carrier.DISTRICT_HEATING, 2024, Perspective.LOCATION, "Borlänge") == told
    unknown = factors.factor(Carrier.OIL, 2024, Perspective.LOCATION)
    assert isinstance(unknown, Missing)
    assert unknown.reason_en == (
        "No emission factor: enter a location-based one for oil, year 2024, in factors.yaml, with its source."
    )


def test_a_weighting_factor_ends_with_its_rule_set() -> None:
    """BBR was repealed on 1 October 2026, and the new values are not known."""
    weighting = Weighting("BBR 29-31", Carrier.ELECTRICITY, 1.8, None, date(2026, 10, 1), "BBR", Mark.SECOND_HAND)
    factors = Factors(weightings=(weighting,))

    assert factors.weighting(Carrier.ELECTRICITY, date(2026, 9, 30)) == weighting
    assert isinstance(factors.weighting(Carrier.ELECTRICITY, date(2026, 10, 1)), Missing)
    assert isinstance(factors.weighting(Carrier.ELECTRICITY, date(2026, 9, 30), "BFS 2026:9"), Missing)
