"""Names on a map where they do not cover each other: beside their circles where there is room, else numbers with a list below.

Reckoned for the narrowest picture, that of a phone: a wider one only has more room. The same places give the same answer.
"""

from collections.abc import Sequence
from math import asinh, radians, tan

from services.web.view.values import Part, Place, Places

WIDTH, HEIGHT = 300.0, 360.0  # of the picture. [px]
LETTER, LINE = 6.2, 13.0  # of a name. [px]
GAP = 8.0  # from the middle of a circle to its name. [px]
NAMED_UP_TO = 100  # more of them are a cloud, and have the table
SIDES = ("above", "right", "left", "below")

Box = tuple[float, float, float, float]


def sides_of(places: Sequence[Place], labels: Sequence[str]) -> tuple[str, ...] | None:
    """On which side of its circle each label stands; None where they do not all have room."""
    points = _points(places)
    taken: list[Box] = [(x - 4, y - 4, x + 4, y + 4) for x, y in points]
    sides: list[str] = []
    for (x, y), label in zip(points, labels, strict=True):
        free = next((side for side in SIDES if not _covers(_box(x, y, label, side), taken)), None)
        if free is None:
            return None
        taken.append(_box(x, y, label, free))
        sides.append(free)
    return tuple(sides)


def numbered(part: Part) -> tuple[Place, ...]:
    """The places of a map that has numbers for names, in their order; else none."""
    places = part.picture.places if isinstance(part.picture, Places) else ()
    if not 0 < len(places) <= NAMED_UP_TO:
        return ()
    return places if sides_of(places, [place.name for place in places]) is None else ()


def labels_of(places: Sequence[Place]) -> list[tuple[str, str]]:
    """Each place's label and its side; of numbers that find no room above theirs, above all the same."""
    names = [place.name for place in places]
    sides = sides_of(places, names)
    if sides is None:
        names = [str(number) for number in range(1, len(places) + 1)]
        sides = sides_of(places, names) or ("above",) * len(places)
    return list(zip(names, sides, strict=True))


def _points(places: Sequence[Place]) -> list[tuple[float, float]]:
    """Where Mercator's projection puts them in the picture."""
    across = [radians(place.longitude) for place in places]
    up = [asinh(tan(radians(place.latitude))) for place in places]
    wide, high = max(across) - min(across), max(up) - min(up)
    scale = min(WIDTH / wide if wide else float("inf"), HEIGHT / high if high else float("inf"))
    scale = 0.0 if scale == float("inf") else scale
    return [((x - min(across)) * scale, (max(up) - y) * scale) for x, y in zip(across, up, strict=True)]


def _box(x: float, y: float, label: str, side: str) -> Box:
    wide = LETTER * len(label)
    match side:
        case "above":
            return (x - wide / 2, y - GAP - LINE, x + wide / 2, y - GAP)
        case "below":
            return (x - wide / 2, y + GAP, x + wide / 2, y + GAP + LINE)
        case "right":
            return (x + GAP, y - LINE / 2, x + GAP + wide, y + LINE / 2)
        case _:
            return (x - GAP - wide, y - LINE / 2, x - GAP, y + LINE / 2)


def _covers(box: Box, taken: Sequence[Box]) -> bool:
    left, top, right, bottom = box
    return any(left < other[2] and other[0] < right and top < other[3] and other[1] < bottom for other in taken)
