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


CROSS_CHECKS = {"livscykel": {2022: 24.6, 2023: 22.9, 2024: 20.2}, "forbranning": {2022: 3.5, 2023: 3.1, 2024: 2.4}}


def test_other_ways_of_looking_at_the_same_kilowatt_hour_are_no_default(borlange: Municipality) -> None:
    """Domain facts 4.1: SE3's mix [D] is a cross-check, solar's life cycle 37.7 g information; 90 g held in 2016-2018 alone."""
    factors = {item.id: item for item in borlange.factors.factors}
    early = borlange.factors.factor(Carrier.ELECTRICITY, 2017, Perspective.LOCATION)

    for name, years in CROSS_CHECKS.items():
        found = {year: factors[f"el-se3-{name}-{year}"] for year in years}
        assert {year: item.value for year, item in found.items()} == years
        assert {(item.mark, item.purpose) for item in found.values()} == {(Mark.DERIVED, Purpose.CROSS_CHECK)}
    assert (factors["solel-livscykel"].value, factors["solel-livscykel"].purpose) == (37.7, Purpose.INFORMATION)
    assert not isinstance(early, Missing)
    assert (early.value, early.mark) == (90.0, Mark.SECOND_HAND)
    assert isinstance(borlange.factors.factor(Carrier.ELECTRICITY, 2019, Perspective.LOCATION), Missing)


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
    sources = [factor.source for factor in borlange.factors.factors] + [goal.source for goal in borlange.goals.goals]
    assert all(re.search(r"\w{3}", source) for source in sources)


def test_climate_neutral_and_the_carbon_budget_are_two_goals(borlange: Municipality) -> None:
    """Trap 20: the budget's index of 2030 is 16.7."""
    budget = borlange.goals.goal("koldioxidbudget")
    neutral = borlange.goals.goal("klimatneutral-2030")

    assert not isinstance(budget, Missing)
    assert not isinstance(neutral, Missing)
    assert budget.value_on_path(2030) == pytest.approx(16.7, abs=0.05)
    assert isinstance(neutral.value_on_path(2030), Missing)


GOALS = {  # domain facts 1: mark, base year, target year, what is to be left of the base or reached
    "sverige-netto-noll-2045": ("V", 1990, 2045, 0.15),  # at least 85 % below 1990
    "sverige-2030": ("V", 1990, 2030, 0.37),  # -63 %
    "sverige-2040": ("U", 1990, 2040, 0.25),  # -75 %
    "sverige-transporter-2030": ("V", 2010, 2030, 0.30),  # -70 %
    "sverige-energiintensitet-2030": ("V", 2005, 2030, 0.50),
    "sverige-el-2040": ("U", None, 2040, 100.0),  # renewable was seen, fossil-free was not
    "uppvarmning-fossilfri-2030": ("S", None, 2030, 0.0),
    "uppvarmning-kolsanka-2045": ("S", None, 2045, None),
    "klimatneutral-dalarna-2045": ("V", None, 2045, None),
    "klimatneutral-2030": ("V", None, 2030, None),
    "solel-2030": ("V", 2020, 2030, 5.0),
    "koldioxidbudget": ("V", 2020, 2040, 100 * 0.836**20),
    "eed-linje": ("S", 2021, None, None),
    "eed-renovering": ("S", None, None, 0.03),
}


@pytest.mark.parametrize("name", GOALS)
def test_the_goals_are_those_of_the_sources_with_their_marks(borlange: Municipality, name: str) -> None:
    """A target that nobody found is missing, and none is shown as seen that was not."""
    goal = borlange.goals.goal(name)
    assert not isinstance(goal, Missing)
    target = None if isinstance(goal.target, Missing) else pytest.approx(goal.target)

    assert (goal.mark.value, goal.base_year, goal.target_year, target) == GOALS[name]


def test_solar_power_was_1_37_and_3_13_megawatts(borlange: Municipality) -> None:
    """Domain facts 1.3 [V]."""
    goal = borlange.goals.goal("solel-2030")

    assert not isinstance(goal, Missing)
    assert {year: value for year, (value, _) in goal.known.items()} == {2019: 1.37, 2020: 3.13}


def test_what_domain_facts_left_open_is_said_to_be_open(borlange: Municipality) -> None:
    """Our reading of article 5 and the target of 2040 are from memory; whoever reads the goal reads that."""
    texts = {goal.id: goal.scope_sv for goal in borlange.goals.goals}

    assert "egen och obekräftad" in texts["eed-linje"]
    assert "Obekräftat" in texts["sverige-2040"]
    assert "obekräftat" in texts["sverige-el-2040"]


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


PRICES = {  # domain facts 2.4, ex VAT: kind, price, and what decides it
    "elnat-lagspanning": {
        ("fixed", 7_900.0),
        ("subscribed_power", 155.0),
        ("overuse", 52.0),
        ("reactive", 25.0),
        ("energy", 0.135),
    },
    "elnat-hogspanning": {
        ("fixed", 10_500.0),
        ("subscribed_power", 150.0),
        ("overuse", 52.0),
        ("reactive", 20.0),
        ("energy", 0.094),
    },
    "energiskatt-el": {("tax", 0.411)},
}
FUSES = {16: 2_100.0, 20: 2_550.0, 25: 3_100.0, 35: 4_025.0, 50: 4_775.0, 63: 6_050.0}
HEAT_GROUPS = {  # from kW: kr a year, kr per kW and year
    0.0: (660.0, 488.0), 50.0: (2_360.0, 453.0), 100.0: (6_810.0, 408.0), 250.0: (17_260.0, 366.0), 500.0: (42_280.0, 316.0),
}  # fmt: skip
HEAT_SEASONS = {(11, 12, 1, 2, 3): 0.378, (4, 5, 9, 10): 0.275, (6, 7, 8): 0.10}


def test_the_price_lists_are_the_printed_ones(borlange: Municipality) -> None:
    """Domain facts 2.4: the whole of Elnät 2021, the fuse tariff of 2025 and the heat of 2021, with their marks."""
    lists = {tariff.id: tariff for tariff in borlange.tariffs.tariffs}
    heat = lists["fjarrvarme-foretag"].components
    groups = {item.from_kw: (item.fixed_sek, item.price) for item in heat if item.kind is ComponentKind.POWER_GROUP}

    assert {name: {(item.kind.value, item.price) for item in lists[name].components} for name in PRICES} == PRICES
    assert {item.fuse_a: item.price for item in lists["elnat-sakring"].components} == FUSES
    assert groups == HEAT_GROUPS
    assert {item.months: item.price for item in heat if item.kind is ComponentKind.ENERGY} == HEAT_SEASONS
    assert [item.price for item in heat if item.kind is ComponentKind.FLOW] == [3.15]
    assert {item.free_share for name in PRICES for item in lists[name].components if item.kind is ComponentKind.REACTIVE} == {
        0.25
    }
    assert borlange.tariffs.vat_share == 0.25
    assert {name: item.mark.value for name, item in lists.items()} == {
        "elnat-lagspanning": "V", "elnat-hogspanning": "V", "elnat-sakring": "S",
        "fjarrvarme-foretag": "V", "energiskatt-el": "S",
    }  # fmt: skip


def test_old_prices_are_not_lent_to_today(borlange: Municipality) -> None:
    """The lists seen are of 2021; later ones were not verified."""
    assert isinstance(borlange.tariffs.tariff("fjarrvarme-foretag", date(2026, 11, 23)), Missing)


def test_every_audience_has_its_readers(borlange: Municipality) -> None:
    """And citizens see open data only."""
    assert {readers.audience for readers in borlange.audiences} == set(Audience)
    assert [readers.audience for readers in borlange.audiences if readers.public_only] == [Audience.CITIZENS]


NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_the_simulated_meters_agree_with_the_registers_on_record(borlange: Municipality) -> None:
    """An exchange's first reading would else be the use of ten years, shared over the months since."""
    simulated = {meter.id: meter for meter in simulated_meters(borlange.portfolio, NOON)}
    recorded = [
        (installation, simulated[installation.meter].state(installation.start).values[installation.register])
        for installation in borlange.portfolio.installations
        if installation.start_register is not None and installation.meter in simulated
    ]

    assert [each.meter for each, _ in recorded] == ["m-fv-lingonet-2"]
    assert [shows for _, shows in recorded] == pytest.approx([each.start_register for each, _ in recorded])


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
