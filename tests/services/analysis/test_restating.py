"""What is said to be restated is what moves, no less: rates and origins before and after, over random sets of factors."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from config.domain.estate import Carrier
from config.domain.factors import EnergyMix, Factor, Factors, Mark, Perspective, Shares
from config.domain.restatements import Restatement, restated
from services.analysis.emissions import avoided_rate, location_rate, market_rate
from services.analysis.shares import contracted_origin, physical_origin
from services.analysis.supply import Supply
from tests.services.analysis.example_factors import CONTRACT, NETWORK, SUPPLIER, contract, evidence, factor, mix

YEARS = range(2020, 2027)
SUPPLIES = [Supply(Carrier.ELECTRICITY, "", name, year) for name in ("", CONTRACT) for year in YEARS]
SUPPLIES += [Supply(Carrier.DISTRICT_HEATING, NETWORK, "", year) for year in YEARS]


@st.composite
def factors_of(draw: st.DrawFn) -> Factors:
    """Some factors, mixes and evidence, of few ids and values, so that two sets have much in common."""
    factors: dict[str, Factor] = {}
    mixes: dict[str, EnergyMix] = {}
    for number in range(draw(st.integers(0, 4))):
        heat = draw(st.booleans())
        carrier = Carrier.DISTRICT_HEATING if heat else Carrier.ELECTRICITY
        network = NETWORK if heat else draw(st.sampled_from(["", SUPPLIER]))
        first = draw(st.sampled_from(YEARS))
        last = draw(st.sampled_from([None, first, first + 2]))
        perspective = draw(st.sampled_from(Perspective))
        value = draw(st.sampled_from([10.0, 59.0]))
        shares = Shares(value / 100, 0.0, 0.0, 1 - value / 100)
        name = f"f{number}"
        if draw(st.booleans()):
            factors[name] = factor(name, carrier, value, perspective, (first, last), network=network)
        else:
            item = mix(name, carrier, shares, perspective, network)
            mixes[name] = replace(item, first_year=first, last_year=first, applies_from=first, applies_to=last)
    years = draw(st.lists(st.sampled_from(YEARS), max_size=2, unique=True))
    proofs = [evidence(draw(st.sampled_from([0.5, 1.0])), year=year) for year in years]
    return Factors(tuple(factors.values()), mixes=tuple(mixes.values()), contracts={CONTRACT: contract(*proofs)})


def reaches(change: Restatement, supply: Supply) -> bool:
    """Whether figures of the supply are said to move."""
    return (
        change.touches(supply.year)
        and change.carrier in (None, supply.carrier)
        and (not change.contract or change.contract == supply.contract)
    )


def effect(factors: Factors, supply: Supply) -> tuple[object, ...]:
    """All that a kilowatt-hour of the supply gives."""
    rates = [location_rate(factors, supply), market_rate(factors, supply), avoided_rate(factors, supply.year)]
    whence = [physical_origin(factors, supply), contracted_origin(factors, supply)]
    return (
        *((rate.co2, rate.co2e, rate.known, rate.biogenic) for rate in rates),
        *((origin.shares, origin.known) for origin in whence),
    )


@settings(max_examples=300, deadline=None)
@given(factors_of(), factors_of())
def test_no_figure_moves_that_is_not_said_to(before: Factors, after: Factors) -> None:
    """The days of these years alone are calculated again; what was forgotten here would stay wrong for ever."""
    changes = restated(before, after)
    moved = [supply for supply in SUPPLIES if effect(before, supply) != effect(after, supply)]
    # the memo of what is sent out is of electricity, whatever carrier asks
    forgotten = [
        supply
        for supply in moved
        if not any(reaches(change, supply) or reaches(change, replace(supply, carrier=Carrier.ELECTRICITY)) for change in changes)
    ]

    assert forgotten == []


@settings(max_examples=100, deadline=None)
@given(factors_of())
def test_the_same_factors_restate_nothing(factors: Factors) -> None:
    """Whatever they are."""
    assert restated(factors, replace(factors)) == ()


def test_marks_alone_restate_nothing() -> None:
    """A source seen first-hand since gives the same figure."""
    seen = factor("f", Carrier.ELECTRICITY, 59.0, Perspective.LOCATION, (2021, None))

    assert restated(Factors((seen,)), Factors((replace(seen, mark=Mark.VERIFIED),))) == ()
