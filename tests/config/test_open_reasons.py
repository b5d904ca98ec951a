"""What anybody may read of why a figure is missing."""

from dataclasses import replace

import pytest

from config.domain.estate import Installation, Meter, Owner, Portfolio
from config.domain.open_reasons import SAID_OF_MANY, SAID_OF_ONE, OpenReasons, open_reasons
from tests.dashboards import example

PORTFOLIO = example.portfolio()
SHUT = next(each for each in PORTFOLIO.buildings.values() if not each.public)
PLAIN = ("Bara 71 % av periodens timmar är kända.", "Only 71 % of the period's hours are known.")


def known(portfolio: Portfolio = PORTFOLIO) -> OpenReasons:
    return OpenReasons(portfolio)


def hidden_words() -> list[str]:
    """Of everything in the example that is not open, but for names of points; in one order."""
    points = [each for each in PORTFOLIO.points.values() if not (each.public and PORTFOLIO.buildings[each.building].public)]
    places = {each.id for each in points}
    meters = {each.meter for each in PORTFOLIO.installations if each.point in places}
    buildings = [each for each in PORTFOLIO.buildings.values() if not each.public]
    return [
        *(name for each in buildings for name in (each.id, each.name)),
        *sorted(places),
        *(name for each in sorted(meters) for name in (each, PORTFOLIO.meters[each].device)),
    ]


@pytest.mark.parametrize("name", hidden_words())
@pytest.mark.parametrize("form", ["{}: area saknas", "Area saknas för {}.", "{}s mätare var tyst", "({}, annat)", "X{}"])
def test_what_is_not_open_is_found_by_its_name(name: str, form: str) -> None:
    """Alone, in the genitive, in brackets, whatever its letters' case; not within another word."""
    for text in (form.format(name), form.format(name).upper()):
        assert known().names(text) is (form != "X{}")


def test_a_group_s_reason_says_what_kind_of_lack_it_is_and_no_more() -> None:
    """Even where it names nobody: it is of one building, and that one need not be public."""
    words = ("Saknas för 1 av 4 byggnader. Värmen följer inte utetemperaturen.", "Missing for 1 of 4 buildings.")

    for kind in ("building_kind", "owner", "portfolio"):
        assert known().reason(words, kind, "input") == SAID_OF_MANY["input"]
        assert known().reason(words, kind, "coverage") == SAID_OF_MANY["coverage"]
        assert known().reason(words, kind, "something new") == SAID_OF_MANY[""]


def test_a_public_building_s_reason_stays_where_it_names_nothing_that_is_not_open() -> None:
    """It is what its reader can act on."""
    assert known().reason(PLAIN, "building", "coverage") == PLAIN
    assert known().reason((f"Mätaren vid {SHUT.id}-el var tyst.", PLAIN[1]), "building", "coverage") == SAID_OF_ONE["coverage"]
    assert known().reason((PLAIN[0], f"The meter of {SHUT.name} was silent."), "building", "input") == SAID_OF_ONE["input"]


def test_what_is_not_missing_has_no_reason() -> None:
    """Of a group neither."""
    assert known().reason(("", ""), "portfolio", "") == ("", "")


def test_an_owner_of_public_buildings_is_open_and_another_is_not() -> None:
    """Whose buildings are on the open pages is named there."""
    owners = {**PORTFOLIO.owners, "hyresbolaget": Owner("hyresbolaget", "Hyresbolaget i Dalom AB", "company")}
    shown = next(each for each in PORTFOLIO.buildings.values() if each.public)
    found = known(replace(PORTFOLIO, owners=owners))

    assert found.names("Avtalet hos Hyresbolaget i Dalom AB saknas.")
    assert found.names("hyresbolaget: avtal saknas.")
    assert not found.names(f"{shown.owner}: avtal saknas.")


def test_a_meter_that_is_nowhere_installed_is_not_open() -> None:
    """It may come from a building that is not."""
    spare = Meter("m-reserv-17", "test", "61007788", ())
    moved = [each for each in PORTFOLIO.installations if isinstance(each, Installation)]
    found = known(replace(PORTFOLIO, meters={**PORTFOLIO.meters, spare.id: spare}, installations=tuple(moved)))

    assert found.names("Mätaren m-reserv-17 byttes.")
    assert found.names("Enheten 61007788 är okänd.")


def test_reasons_are_kept_as_long_as_their_portfolio() -> None:
    """A new one has its own."""
    other = replace(PORTFOLIO, municipality="Annanstans")

    assert open_reasons(PORTFOLIO) is open_reasons(PORTFOLIO)
    assert open_reasons(other).portfolio is other
