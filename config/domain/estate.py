"""The estate: who owns what, where it is measured, and which device measured it when.

A `MeteringPoint` is where something is measured and survives every exchange; a `Meter` is the device installed there from
one day to another; a `Register` is one of its counters or gauges; the list of all of them is the `Portfolio`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import Generic, TypeVar

from config.domain.quantities import QUANTITIES, Quantity


class Carrier(StrEnum):
    """What a metering point measures; `solar` is electricity made on the building."""

    ELECTRICITY = "electricity"
    DISTRICT_HEATING = "district_heating"
    DISTRICT_COOLING = "district_cooling"
    WATER = "water"
    SOLAR = "solar"
    BIOFUEL = "biofuel"
    OIL = "oil"
    GAS = "gas"

    @property
    def unit(self) -> str:
        """Unit of this carrier's intervals: m³ for water, kWh for the rest."""
        return "m3" if self is Carrier.WATER else "kWh"


class EndUse(StrEnum):
    """What the energy of a point is used for, as the building rules divide it; `occupant` is verksamhets- and hushållsel."""

    HEATING = "heating"
    HOT_WATER = "hot_water"
    COOLING = "cooling"
    BUILDING = "building"
    OCCUPANT = "occupant"


class Direction(StrEnum):
    """import and export registers only rise; a net register may rise and fall."""

    IMPORT = "import"
    EXPORT = "export"
    NET = "net"


BUILDING_KINDS: Mapping[str, tuple[str, str]] = {  # what a building is for: Swedish, English
    "preschool": ("förskola", "preschool"),
    "school": ("skola", "school"),
    "secondary_school": ("gymnasieskola", "upper secondary school"),
    "care_home": ("vård- och omsorgsboende", "care home"),
    "sports_hall": ("idrottshall", "sports hall"),
    "ice_rink": ("ishall", "ice rink"),
    "swimming_hall": ("simhall", "swimming hall"),
    "office": ("kontor", "office"),
    "library": ("bibliotek", "library"),
    "culture": ("kulturlokal", "culture house"),
    "museum": ("museum", "museum"),
    "airport": ("flygplats", "airport"),
    "housing": ("bostäder", "housing"),
    "depot": ("förråd och verkstad", "depot"),
    "fire_station": ("brandstation", "fire station"),
    "kitchen": ("tillagningskök", "kitchen"),
    "waterworks": ("vattenverk eller reningsverk", "waterworks"),
    "solar_plant": ("solcellsanläggning", "solar plant"),
    "heat_plant": ("värmeverk", "heat plant"),
    "other": ("annat", "other"),
}


Term = TypeVar("Term")
REACTIVE_FREE = "free"


UNHEATED_KINDS = frozenset({"solar_plant", "heat_plant", "waterworks"})  # plants: energy per square metre says nothing of them


@dataclass(frozen=True, slots=True)
class Owner:
    """A committee or company that answers for buildings."""

    id: str
    name: str
    kind: str  # committee or company


@dataclass(frozen=True, slots=True)
class Building:
    """A building or plant. `example` names the attributes whose values are invented and must be shown as such.

    `heat_network`: the district heating (and cooling) network it is connected to, as factors.yaml names it; "" where not said.
    """

    id: str
    name: str
    kind: str  # school, preschool, care_home, sports_hall, ice_rink, office, museum, airport, housing, plant …
    owner: str
    area_m2: float | None  # Atemp; None is shown as "saknas"
    latitude: float | None = None
    longitude: float | None = None
    public: bool = False
    example: frozenset[str] = frozenset()
    heat_network: str = ""


@dataclass(frozen=True, slots=True)
class Register:
    """One counter or gauge of a meter.

    Attributes:
        quantity: name in `config.domain.quantities.QUANTITIES`.
        channel: phase, tariff or string where the meter has several of the quantity; "" otherwise.
        as_sent: the observation's quantity where the decoder's name differs from `quantity`.
        unit: unit to assume where the message states none.
    """

    quantity: str
    channel: str = ""
    as_sent: str | None = None
    unit: str | None = None

    @property
    def name(self) -> str:
        """The tag in the store."""
        return f"{self.quantity}.{self.channel}" if self.channel else self.quantity

    @property
    def definition(self) -> Quantity:
        return QUANTITIES[self.quantity]


@dataclass(frozen=True, slots=True)
class Meter:
    """A device. `device` is the id it gives itself in messages of `family`; `id` is ours and never changes."""

    id: str
    family: str
    device: str
    registers: tuple[Register, ...]


@dataclass(frozen=True, slots=True)
class Installation:
    """One meter at one point from one instant to another; the exchange on record is the seam between two of them.

    Attributes:
        register: name of the meter's register that is settled for the point.
        start, end: UTC; `end` is None while it is installed.
        start_register, end_register: the register's value when installed and removed, in the point's unit, where on record.
    """

    point: str
    meter: str
    register: str
    start: datetime
    end: datetime | None = None
    start_register: float | None = None
    end_register: float | None = None


@dataclass(frozen=True, slots=True)
class Agreed(Generic[Term]):
    """What is agreed with a supplier from one day to another, always where no day is given.

    `valid_to` is the first day outside.
    """

    value: Term
    valid_from: date | None = None
    valid_to: date | None = None

    def holds(self, on: date) -> bool:
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on < self.valid_to)


def agreed_on(terms: Iterable[Agreed[Term]], on: date) -> Term | None:
    """What was agreed for a day; None where nothing was."""
    return next((term.value for term in terms if term.holds(on)), None)


@dataclass(frozen=True, slots=True)
class MeteringPoint:
    """Where something is measured.

    Attributes:
        resolution: smallest step of the register, in the carrier's unit.
        digits: whole-number digits before the register starts again from 0; None where unknown.
        max_power_kw: limit of the connection (fuse, subscribed power, heat exchanger); None where unknown.
        interval_s: agreed seconds between readings; None: the meter reports on change.
        parent: the point that measures this one's use too; a parent and its children are never added.
        public: may be shown as open data.
        contract: of a point of bought electricity: the contract in factors.yaml that it is supplied under; "" where not said.
        end_use: what its energy is used for; None where it is mixed or not said.
        tariffs: ids of the price lists it is billed by.
        subscribed_kw: agreed power. [kW]
        fuse_a: size of the main fuse. [A]
        heat_power_kw: the power that decides its power group, as the supplier states it. [kW]
        flow: register of its meter that counts the heat carrier's m³.
        reactive: register of its meter that counts reactive energy; "free" where it is agreed or known to stay within the free
            share.
    """

    id: str
    name: str
    building: str
    carrier: Carrier
    direction: Direction
    resolution: float
    digits: int | None = None
    max_power_kw: float | None = None
    interval_s: int | None = None
    parent: str | None = None
    public: bool = False
    example: frozenset[str] = frozenset()
    contract: str = ""
    end_use: EndUse | None = None
    tariffs: tuple[Agreed[str], ...] = ()
    subscribed_kw: tuple[Agreed[float], ...] = ()
    fuse_a: tuple[Agreed[int], ...] = ()
    heat_power_kw: tuple[Agreed[float], ...] = ()
    flow: str = "volume"
    reactive: str = "reactive_energy_import"

    @property
    def unit(self) -> str:
        return self.carrier.unit


@dataclass(frozen=True)
class Portfolio:
    """All that we measure. Ids are unique within their kind; every reference resolves (the loader checks)."""

    municipality: str
    timezone: str
    owners: Mapping[str, Owner]
    buildings: Mapping[str, Building]
    points: Mapping[str, MeteringPoint]
    meters: Mapping[str, Meter]
    installations: tuple[Installation, ...]
    version: str = ""  # fingerprint of the files it came from
    valid_from: date | None = field(default=None)

    @cached_property
    def installations_of(self) -> Mapping[str, tuple[Installation, ...]]:
        """Point id → its installations by start."""
        table: dict[str, list[Installation]] = {point: [] for point in self.points}
        for installation in sorted(self.installations, key=lambda item: item.start):
            table[installation.point].append(installation)
        return {point: tuple(rows) for point, rows in table.items()}

    @cached_property
    def points_of_register(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        """(meter, register name) → the points it is settled for."""
        table: dict[tuple[str, str], list[str]] = {}
        for installation in self.installations:
            points = table.setdefault((installation.meter, installation.register), [])
            if installation.point not in points:
                points.append(installation.point)
        return {key: tuple(points) for key, points in table.items()}

    def points_in(self, building: str) -> Iterable[MeteringPoint]:
        """The building's metering points."""
        return self._points_of.get(building, ())

    def meters_in(self, building: str) -> Iterable[Meter]:
        """The meters that are or were installed at the building's points, each once."""
        return self._meters_of.get(building, {}).values()

    @cached_property
    def _points_of(self) -> Mapping[str, tuple[MeteringPoint, ...]]:
        """Asked for each building of a page: a walk through all points each time is a second at a thousand buildings."""
        table: dict[str, list[MeteringPoint]] = {}
        for point in self.points.values():
            table.setdefault(point.building, []).append(point)
        return {building: tuple(points) for building, points in table.items()}

    @cached_property
    def _meters_of(self) -> Mapping[str, Mapping[str, Meter]]:
        table: dict[str, dict[str, Meter]] = {}
        for installation in self.installations:
            building = self.points[installation.point].building
            table.setdefault(building, {}).setdefault(installation.meter, self.meters[installation.meter])
        return table
