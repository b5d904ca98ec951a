"""The packaged example: whole, marked, and nothing uncertain shown as certain."""

import re
from collections import Counter
from datetime import UTC, date, datetime

import pytest

from collectors import decoders
from collectors.decoding import Decoder
from collectors.groups import by_group, decode_in_group
from collectors.identification import Identification
from collectors.messages import RawMessage
from collectors.routing import Routing
from collectors.simulation.meters import simulated_meters
from config.domain.estate import Carrier
from config.domain.factors import Mark, Perspective, Purpose
from config.domain.indicators import Missing
from config.domain.panels import Audience
from config.domain.tariffs import Component, ComponentKind, Tariff
from config.loading import Municipality, load_municipality
from config.settings import EXAMPLE
from config.shelf import entries

OWNERS = {  # the platform's committees and companies
    "Skolnämnden", "Socialnämnden", "Samhällsbyggnadsnämnden", "Kultur- och fritidsnämnden", "Gymnasienämnden", "Omsorgsnämnden",
    "Borlänge Energi", "Tunabyggen", "Hushagen", "Maserhallen", "Dala Airport", "Framtidsmuseet",
}  # fmt: skip


@pytest.fixture(scope="module")
def borlange() -> Municipality:
    """The example, loaded."""
    return load_municipality(EXAMPLE)


def test_it_has_no_fault_and_no_warning(borlange: Municipality) -> None:
    """It is what others begin from."""
    assert borlange.warnings == ()


def test_about_thirty_buildings_of_every_owner(borlange: Municipality) -> None:
    """Everyone that the platform serves finds a building of theirs."""
    estate = borlange.portfolio

    assert {owner.name for owner in estate.owners.values()} == OWNERS
    assert {building.owner for building in estate.buildings.values()} == set(estate.owners)
    assert 28 <= len(estate.buildings) <= 34


def test_every_family_is_one_that_a_decoder_has() -> None:
    """Else its messages would never be read."""
    known = by_group(entries(decoders, "DECODER", Decoder))

    assert load_municipality(EXAMPLE, known).name == "Borlänge kommun"


def test_every_value_of_buildings_and_points_is_marked_as_invented(borlange: Municipality) -> None:
    """Only the names and owners of houses that exist are not; the board shows the rest as example data."""
    for building in borlange.portfolio.buildings.values():
        attributes = {"kind", "latitude", "longitude"} | ({"area_m2"} if building.area_m2 is not None else set())
        assert attributes <= building.example, building.id
        assert building.example >= {"name", "owner"} or building.name in OWNERS, building.id
    for point in borlange.portfolio.points.values():
        assert point.example >= {"name", "carrier", "resolution", "meters"}, point.id
        assert (point.max_power_kw is None) or "max_power_kw" in point.example, point.id


def test_there_is_something_of_everything_to_try(borlange: Municipality) -> None:
    """Electricity, heat, water, sun, export, sub-meters, an exchange, and several families."""
    estate = borlange.portfolio
    families = Counter(meter.family for meter in estate.meters.values())
    carriers = Counter(point.carrier for point in estate.points.values())

    assert families["amsleser"] >= 12
    assert sum(p.carrier is Carrier.DISTRICT_HEATING for p in estate.points.values()) >= 10
    assert {"wmbusmeters", "rec", "lorawan", "sparkplug", "opendtu", "elvaco", "tasmota", "shelly_gen2"} <= set(families)
    assert carriers[Carrier.WATER] >= 4
    assert carriers[Carrier.SOLAR] >= 3
    assert sum(point.parent is not None for point in estate.points.values()) >= 3
    assert any(len(installations) > 1 for installations in estate.installations_of.values())
    assert {point.direction.value for point in estate.points.values()} >= {"import", "export"}


def test_every_family_of_a_meter_has_a_source(borlange: Municipality) -> None:
    """A meter whose messages no topic brings would stay silent for ever."""
    assert {meter.family for meter in borlange.portfolio.meters.values()} <= {source.family for source in borlange.sources}


def test_district_heating_of_the_municipality_has_no_factor(borlange: Municipality) -> None:
    """Trap 13: it was not found, and blocks the total; it says where to get it."""
    found = borlange.factors.factor(Carrier.DISTRICT_HEATING, 2024, Perspective.LOCATION, "Borlänge")

    assert isinstance(found, Missing)
    assert "Energiföretagens tabell" in found.reason_sv


RESIDUAL = {2019: 338.53, 2021: 371.99, 2022: 467.62, 2023: 524.10, 2024: 464.79}


def test_electricity_factors_are_those_of_the_sources(borlange: Municipality) -> None:
    """Domain facts 4.1; trap 9: the residual mix is some 465 g, not 0.090 kg."""
    found = {year: borlange.factors.factor(Carrier.ELECTRICITY, year, Perspective.MARKET) for year in range(2018, 2027)}
    values = {year: factor.value for year, factor in found.items() if not isinstance(factor, Missing)}
    location = borlange.factors.factor(Carrier.ELECTRICITY, 2026, Perspective.LOCATION)

    assert values == RESIDUAL
    assert not isinstance(location, Missing)
    assert (location.value, location.unit, location.mark) == (59.0, "g CO2e/kWh", Mark.VERIFIED)


def test_nothing_second_hand_is_shown_as_seen(borlange: Municipality) -> None:
    """The marks of the domain facts, kept."""
    marks = {factor.id: factor.mark.value for factor in borlange.factors.factors}

    assert marks["el-residualmix-2022"] == marks["el-residualmix-2024"] == "S"
    assert marks["el-residualmix-2019"] == marks["el-residualmix-2021"] == marks["el-residualmix-2023"] == "V"
    assert {f.purpose for f in borlange.factors.factors if f.mark is Mark.DERIVED} == {Purpose.CROSS_CHECK}
    assert {goal.id for goal in borlange.goals.goals if goal.verified} == {
        "klimatneutral-2030", "koldioxidbudget", "solel-2030", "klimatneutral-dalarna-2045", "sverige-netto-noll-2045",
        "sverige-2030", "sverige-transporter-2030", "sverige-energiintensitet-2030",
    }  # fmt: skip
    assert all(re.search(r"\w{3}", item.source) for item in (*borlange.factors.factors, *borlange.goals.goals))


def test_climate_neutral_and_the_carbon_budget_are_two_goals(borlange: Municipality) -> None:
    """Trap 20: the budget's index of 2030 is 16.7."""
    budget = borlange.goals.goal("koldioxidbudget")
    neutral = borlange.goals.goal("klimatneutral-2030")

    assert not isinstance(budget, Missing)
    assert not isinstance(neutral, Missing)
    assert budget.value_on_path(2030) == pytest.approx(16.7, abs=0.05)
    assert isinstance(neutral.value_on_path(2030), Missing)


def test_the_eed_line_is_a_yardstick_without_a_base(borlange: Municipality) -> None:
    """No Swedish quota for a municipality was found; the base value is the municipality's own to enter."""
    eed = borlange.goals.goal("eed-linje")

    assert not isinstance(eed, Missing)
    assert eed.own_yardstick
    assert not eed.verified
    assert isinstance(eed.value_on_path(2026), Missing)


def only(tariff: Tariff, kind: ComponentKind) -> Component:
    """The tariff's one component of a kind."""
    (found,) = [component for component in tariff.components if component.kind is kind]
    return found


def test_the_power_tariff_gives_the_worked_bill(borlange: Municipality) -> None:
    """Domain facts 2.4: 100 kW subscribed, one peak of 112 kW, 300 MWh a year: 64 524 kr."""
    (tariff,) = [item for item in borlange.tariffs.tariffs if item.id == "elnat-lagspanning"]
    fixed, power = only(tariff, ComponentKind.FIXED), only(tariff, ComponentKind.SUBSCRIBED_POWER)
    overuse, energy = only(tariff, ComponentKind.OVERUSE), only(tariff, ComponentKind.ENERGY)

    bill = fixed.price + 100 * power.price + (112 - 100) * overuse.price + 300_000 * energy.price

    assert bill == pytest.approx(64_524)


def test_the_heat_tariff_gives_the_worked_power_charge(borlange: Municipality) -> None:
    """Domain facts 2.4: 120 kW: 6 810 + 408 · 120 = 55 770 kr a year."""
    (tariff,) = [item for item in borlange.tariffs.tariffs if item.id == "fjarrvarme-foretag"]
    (group,) = [
        component
        for component in tariff.components
        if component.kind is ComponentKind.POWER_GROUP and (component.from_kw or 0) < 120 <= (component.to_kw or float("inf"))
    ]
    months = [month for component in tariff.components if component.kind is ComponentKind.ENERGY for month in component.months]

    assert (group.fixed_sek or 0) + group.price * 120 == pytest.approx(55_770)
    assert sorted(months) == list(range(1, 13))


def test_old_prices_are_not_lent_to_today(borlange: Municipality) -> None:
    """The lists seen are of 2021; later ones were not verified."""
    assert isinstance(borlange.tariffs.tariff("fjarrvarme-foretag", date(2026, 11, 23)), Missing)


def test_every_audience_has_its_readers(borlange: Municipality) -> None:
    """And citizens see open data only."""
    assert {readers.audience for readers in borlange.audiences} == set(Audience)
    assert [readers.audience for readers in borlange.audiences if readers.public_only] == [Audience.CITIZENS]


NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_what_the_example_publishes_is_read_as_its_own_registers(borlange: Municipality) -> None:
    """Topic, family, device, quantity and unit of portfolio, sources, simulation and decoders fit together.

    Every register that a simulated meter counts arrives as a reading of that meter, but for decimals that its messages lack.
    """
    routing = Routing(borlange.sources, entries(decoders, "DECODER", Decoder))
    identification = Identification(borlange.portfolio)
    lost = []
    for meter in simulated_meters(borlange.portfolio, NOON):
        state = meter.state(NOON)
        read: dict[str, float] = {}
        for topic, payload in meter.shape.messages(state):
            message = RawMessage(topic, payload, NOON)
            route = routing.route(topic)
            assert route is not None, topic
            for observation in decode_in_group(route.decoders, message, lambda _topic: None):
                register = identification.register(route, observation)
                if register is not None:
                    assert register.meter == meter.id
                    read[register.register] = identification.reading(register, observation, message, route.source).value
        lost += [
            f"{meter.id} {name}: {value} became {read.get(name)}"
            for name, value in state.values.items()
            if read.get(name) != pytest.approx(value, rel=1e-3, abs=0.6)
        ]

    assert lost == []
