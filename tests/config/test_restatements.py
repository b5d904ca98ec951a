"""A corrected factor: which figures move, from what to what, and in which years. Domain facts 4, trap 14."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from config.domain.estate import Building, Carrier, Direction, MeteringPoint, Portfolio
from config.domain.factors import (
    Contract,
    EnergyMix,
    Evidence,
    Factors,
    HourlyFactor,
    HourOfMix,
    Mark,
    Perspective,
    Purpose,
    Shares,
    Weighting,
)
from config.domain.restatements import Restatement, buildings_touched, restated
from tests.config.test_factors import NORDIC, RESIDUAL

RENEWABLE = Shares(1.0, 0.0, 0.0, 0.0)
EVIDENCE = Evidence(
    2024, 0.25, "vattenkraft", RENEWABLE, 0.0, "g CO2e/kWh", date(2025, 2, 1), "intyg", Mark.UNVERIFIED, example=True
)


def test_nothing_changed_restates_nothing() -> None:
    """A month that is made again for nothing would fill the change log."""
    factors = Factors((RESIDUAL, NORDIC), contracts={"a": Contract("a", "A", "S", {2024: EVIDENCE})})

    assert restated(factors, factors) == ()


def test_a_corrected_value_says_old_new_and_the_years() -> None:
    """Ei's preliminary residual mix becomes the final one: 2024 alone moves."""
    before = Factors((replace(RESIDUAL, id="forsta", value=470.0, published=date(2025, 6, 2), preliminary=True), NORDIC))
    after = Factors((*before.factors, replace(RESIDUAL, id="slutlig", published=date(2025, 10, 1))))

    (change,) = restated(before, after)

    assert change.reason_sv == "Utsläppsfaktor för el, marknadsbaserad, 2024: 470 g CO2/kWh → 464,79 g CO2/kWh (slutlig)"
    assert change.reason_en == "Emission factor of electricity, market-based, 2024: 470 g CO2/kWh → 464.79 g CO2/kWh (slutlig)"
    assert (change.carrier, change.first_year, change.last_year) == (Carrier.ELECTRICITY, 2024, 2024)
    assert [change.touches(year) for year in (2023, 2024, 2025)] == [False, True, False]


def test_a_newer_mean_restates_only_the_years_that_it_takes_over() -> None:
    """59 g held until replaced; a mean of 2023-25 takes over from 2023 on and leaves 2021-22."""
    newer = replace(NORDIC, id="nyare", first_year=2023, last_year=2025, applies_from=2023, value=48.0)

    (change,) = restated(Factors((NORDIC,)), Factors((NORDIC, newer)))

    assert (change.first_year, change.last_year, change.old, change.new) == (
        2023,
        None,
        ("59 g CO2/kWh",) * 2,
        ("48 g CO2/kWh",) * 2,
    )
    assert "från 2023" in change.reason_sv


def test_a_factor_that_was_missing_is_a_restatement_too() -> None:
    """Borlänge's district heating entered: figures that said "saknas" come to be."""
    heat = replace(
        RESIDUAL, id="fv", carrier=Carrier.DISTRICT_HEATING, network="Borlänge", perspective=Perspective.LOCATION, value=60.5
    )

    (change,) = restated(Factors(), Factors((heat,)))

    assert change.network == "Borlänge"
    assert change.reason_sv == "Utsläppsfaktor för fjärrvärme (Borlänge), platsbaserad, 2024: saknas → 60,5 g CO2/kWh (fv)"


@pytest.mark.parametrize(
    "changed",
    [
        replace(RESIDUAL, source="Ei, rättad länk"),
        replace(RESIDUAL, note="Se även Grexel."),
        replace(RESIDUAL, mark=Mark.VERIFIED),
        replace(RESIDUAL, id="annat-namn"),
    ],
    ids=["source", "note", "mark", "id"],
)
def test_words_restate_no_figure(changed: object) -> None:
    """The figure is the same whatever its source is called."""
    assert restated(Factors((RESIDUAL,)), Factors((changed,))) == ()  # type: ignore[arg-type] # a Factor, from the table


def test_a_cross_check_restates_nothing() -> None:
    """It reaches no figure."""
    check = replace(NORDIC, purpose=Purpose.CROSS_CHECK)

    assert restated(Factors((check,)), Factors((replace(check, value=20.2),))) == ()


def test_shares_of_a_factor_restate_the_origin_alone() -> None:
    """The residual mix's shares move the renewable share, not the emissions."""
    with_shares = replace(RESIDUAL, shares=Shares(0.1018, 0.0, 0.6821, 0.2161))

    (change,) = restated(Factors((RESIDUAL,)), Factors((with_shares,)))

    assert change.what[0] == "Ursprung av el, marknadsbaserad"
    assert change.new == (
        "10,18 % förnybart / 0 % återvunnet / 68,21 % fossilt / 21,61 % övrigt",
        "10.18 % renewable / 0 % recovered / 68.21 % fossil / 21.61 % other",
    )


def test_a_mix_entered_apart_is_seen() -> None:
    """Mixes have no emission factor."""
    mix = EnergyMix("m", Carrier.BIOFUEL, "", 2024, 2024, 2024, None, RENEWABLE, Perspective.LOCATION, "S", Mark.UNVERIFIED)

    (change,) = restated(Factors(mixes=(mix,)), Factors(mixes=(replace(mix, shares=Shares(0.9, 0.0, 0.0, 0.1)),)))

    assert (change.carrier, change.first_year, change.last_year) == (Carrier.BIOFUEL, 2024, None)


def test_evidence_that_arrives_restates_its_contract_and_year() -> None:
    """Guarantees are cancelled in spring; the year before was residual mix until then."""
    before = Factors(contracts={"elavtal": Contract("elavtal", "El", "S")})
    after = Factors(contracts={"elavtal": Contract("elavtal", "El", "S", {2024: EVIDENCE})})

    (change,) = restated(before, after)

    assert (change.contract, change.first_year, change.last_year, change.old) == ("elavtal", 2024, 2024, None)
    assert change.reason_en.startswith("Electricity contract elavtal, 2024: missing → 25 % with cancelled guarantees of origin")


def test_hourly_factors_restate_the_years_whose_hours_moved() -> None:
    """The last UTC hours of a year lie in the next local one."""
    hours = tuple(HourOfMix(datetime(year, 6, 1, tzinfo=UTC), 20.0) for year in (2023, 2024))
    old = HourlyFactor("se3", "SE3", "g CO2e/kWh", Perspective.LOCATION, ("combustion",), "S", Mark.DERIVED, hours, "aaa")
    new = replace(old, hours=(hours[0], replace(hours[1], value=21.0)), fingerprint="bbb")

    (change,) = restated(Factors(hourly=(old,)), Factors(hourly=(new,)))

    assert (change.first_year, change.last_year, change.new) == (2024, 2025, ("timvärden bbb", "hours bbb"))


def test_rules_restate_every_year() -> None:
    """A weighting factor or Fgeo is the rule set's, not a year's."""
    weighting = Weighting("BBR 29-31", Carrier.ELECTRICITY, 1.6, None, date(2026, 10, 1), "BBR", Mark.SECOND_HAND)
    before = Factors(weightings=(weighting,))
    after = Factors(weightings=(replace(weighting, value=1.8),), geographic={"BBR 29-31": (1.1, Mark.UNVERIFIED)})

    changes = restated(before, after)

    assert [change.reason_sv for change in changes] == [
        "Geografisk justeringsfaktor, BBR 29-31, alla år: saknas → 1,1 (BBR 29-31)",
        "Viktningsfaktor för el, BBR 29-31, alla år: 1,6 till 2026-10-01 → 1,8 till 2026-10-01 (BBR 29-31)",
    ]
    assert all(change.touches(2011) for change in changes)


SCHOOL = Building("skola", "Skolan", "school", "n", 1000.0, heat_network="Borlänge")
HALL = Building("hall", "Hallen", "sports_hall", "n", 1000.0, heat_network="Ornäs")
PARK = Building("park", "Parken", "solar_plant", "n", None)
POINTS = (
    MeteringPoint("el", "El", "skola", Carrier.ELECTRICITY, Direction.IMPORT, 0.01, contract="a"),
    MeteringPoint("fv", "Fjv", "skola", Carrier.DISTRICT_HEATING, Direction.IMPORT, 1.0),
    MeteringPoint("fv-hall", "Fjv", "hall", Carrier.DISTRICT_HEATING, Direction.IMPORT, 1.0),
    MeteringPoint("sol", "Sol", "park", Carrier.SOLAR, Direction.EXPORT, 0.01),
)
ESTATE = Portfolio(
    "P", "Europe/Stockholm", {}, {item.id: item for item in (SCHOOL, HALL, PARK)}, {item.id: item for item in POINTS}, {}, ()
)
CHANGE = Restatement("x", None, "", "", 2024, 2024, None, ("1", "1"), ("w", "w"))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (CHANGE, {"skola", "hall", "park"}),
        (replace(CHANGE, carrier=Carrier.DISTRICT_HEATING), {"skola", "hall"}),
        (replace(CHANGE, carrier=Carrier.DISTRICT_HEATING, network="Borlänge"), {"skola"}),
        (replace(CHANGE, carrier=Carrier.ELECTRICITY), {"skola", "park"}),
        (replace(CHANGE, carrier=Carrier.ELECTRICITY, contract="a"), {"skola"}),
        (replace(CHANGE, carrier=Carrier.ELECTRICITY, network="Energibolaget"), {"skola", "park"}),
        (replace(CHANGE, carrier=Carrier.OIL), set()),
    ],
)
def test_only_the_buildings_that_it_may_move_are_touched(change: Restatement, expected: set[str]) -> None:
    """One network's new factor leaves the other network's houses alone; what a park sends out is weighed as electricity."""
    assert buildings_touched(change, ESTATE) == expected
