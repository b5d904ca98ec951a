"""Names on a map, and which panels stand alone."""

from hypothesis import given
from hypothesis import strategies as st

from services.web.charts.placing import labels_of, numbered
from services.web.view.values import PanelView, Part, Place, Places, Table, spanning

NO_TABLE = Table("", (), ())


def place(name: str, longitude: float, latitude: float = 60.48) -> Place:
    return Place(name, latitude, longitude, 1.0, "1 kWh", "")


def drawn(*places: Place) -> Part:
    return Part("all", "", "kWh", "", NO_TABLE, Places(places, "energi"))


def test_names_stand_beside_places_that_lie_apart() -> None:
    """No list is needed then."""
    apart = (place("Ishallen", 15.3), place("Skolan", 15.5, 60.52))

    assert [label for label, _ in labels_of(apart)] == ["Ishallen", "Skolan"]
    assert numbered(drawn(*apart)) == ()


def test_a_dense_town_has_numbers_and_a_list() -> None:
    """Six long names within a phone's thumb."""
    dense = tuple(place(f"Kvarteret med långt namn {letter}", 15.4 + step / 1000) for step, letter in enumerate("ABCDEF"))
    town = (*dense, place("Långt borta", 16.4))

    assert [label for label, _ in labels_of(town)] == ["1", "2", "3", "4", "5", "6", "7"]
    assert numbered(drawn(*town)) == town


def test_one_place_has_its_name() -> None:
    """There is no scale in one point."""
    assert labels_of([place("Skolan", 15.4)]) == [("Skolan", "above")]


@given(st.lists(st.tuples(st.floats(15, 16), st.floats(60, 61)), min_size=1, max_size=30))
def test_every_place_has_a_label_on_a_side(points: list[tuple[float, float]]) -> None:
    """Wherever they lie, and the same each time."""
    places = [place("Skolan", across, up) for across, up in points]

    assert len(labels_of(places)) == len(places)
    assert labels_of(places) == labels_of(places)


def view(identifier: str, parts: int = 1) -> PanelView:
    return PanelView(identifier, "lines", "", "", "", "", "", parts=tuple(drawn(place("a", 15.0)) for _ in range(parts)))


def test_no_panel_stands_beside_nothing() -> None:
    """The third of three narrow ones before a wide one goes across, so does the wide one; two beside each other do not."""
    panels = [view("a"), view("b"), view("c"), view("wide", 2), view("d"), view("e")]

    assert spanning(panels) == {"c", "wide"}
