"""SMHI's list of the stations of a parameter: which are alive, and which is nearest to one that is not.

Format (SMHI open data metobs 1.0): {"station": [row]}; a row has `key` or `id`, `name`, `latitude`, `longitude`, `active`, `to`
(ms UTC) and more.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import asin, cos, radians, sin, sqrt

import msgspec

from collectors.weather.answer import text_of
from config.errors import WeatherError

EARTH_KM = 6371.0


class _Row(msgspec.Struct):
    name: str
    latitude: float
    longitude: float
    active: bool
    key: str = ""
    id: int | str = ""
    height: float | None = None
    to: int | None = None


class _List(msgspec.Struct):
    station: list[_Row]


@dataclass(frozen=True, slots=True)
class Listed:
    """A station as SMHI lists it. `until`: of a closed one, when it ended."""

    id: str
    name: str
    latitude: float
    longitude: float
    active: bool
    until: datetime | None


def read_stations(content: bytes, source: str) -> tuple[Listed, ...]:
    """The stations of an answer.

    Raises:
        WeatherError: it is no such list.
    """
    text = text_of(content, source, "?", "a list of stations")
    try:
        found = msgspec.json.decode(text, type=_List)
    except msgspec.MsgspecError as error:
        raise WeatherError(f"{source}: no list of stations ({error}); has the format changed?") from error
    return tuple(
        Listed(row.key or str(row.id), row.name, row.latitude, row.longitude, row.active, _instant(row.to))
        for row in found.station
    )


def nearest_active(stations: tuple[Listed, ...], latitude: float, longitude: float) -> tuple[Listed, float] | None:
    """The nearest station that is alive, and how far it is. [km]"""
    alive = [(distance_km(latitude, longitude, item.latitude, item.longitude), item.id, item) for item in stations if item.active]
    if not alive:
        return None
    distance, _, station = min(alive)
    return station, distance


def distance_km(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Along the surface of a round Earth. [km]"""
    north, east = radians(other_latitude - latitude), radians(other_longitude - longitude)
    half = sin(north / 2) ** 2 + cos(radians(latitude)) * cos(radians(other_latitude)) * sin(east / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))


def _instant(milliseconds: int | None) -> datetime | None:
    try:
        return None if milliseconds is None else datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return None
