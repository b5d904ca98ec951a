"""portfolio.yaml (and portfolio-*.yaml beside it): owners, buildings, metering points, meters → `Portfolio`.

Nested as people think of it: a building has metering points, a point has the meters that were installed there one after another.
A meter that stands at several points (import and export of one device; moved to another point) is described once; elsewhere
its id alone is given.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations, pairwise
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from config.domain.estate import (
    BUILDING_KINDS,
    Building,
    Carrier,
    Direction,
    EndUse,
    Installation,
    Meter,
    MeteringPoint,
    Owner,
    Portfolio,
    Register,
)
from config.domain.personal import closed, is_households
from config.domain.quantities import QUANTITIES, UNITS, Accumulation
from config.municipality.billing import ALWAYS, Fuses, Powers, PriceLists, agreed, check_terms
from config.municipality.entries import (
    Entry,
    Moment,
    Number,
    QuantityName,
    Seconds,
    Slug,
    UnitName,
    Words,
    Zone,
    in_utc,
    known_kind,
)
from config.municipality.faults import meant
from config.municipality.yaml_source import Keys, YamlSource

ELECTRIC = {
    Direction.IMPORT: frozenset({"active_energy_import", "active_energy_consumption", "energy"}),
    Direction.EXPORT: frozenset({"active_energy_export", "active_energy_production", "energy"}),
    Direction.NET: frozenset({"active_energy_net"}),
}
HEAT = frozenset({"heat_energy", "energy"})
SETTLED = {  # what the register settled for a point of the carrier may count
    Carrier.DISTRICT_HEATING: HEAT,
    Carrier.DISTRICT_COOLING: frozenset({"cooling_energy", "energy"}),
    Carrier.WATER: frozenset({"water_volume", "hot_water_volume", "volume"}),
    Carrier.SOLAR: frozenset({"active_energy_production", "active_energy_export", "active_energy_import", "energy"}),
    Carrier.BIOFUEL: HEAT,
    Carrier.OIL: HEAT,
    Carrier.GAS: HEAT | {"gas_energy"},
}
GSRN_LENGTH = 18
SWEDISH_GSRN = "735999"


def _register(given: object) -> object:
    """ "active_power.L1" is short for its mapping."""
    if isinstance(given, str):
        quantity, _, channel = given.partition(".")
        return {"quantity": quantity, "channel": channel}
    return given


class RegisterEntry(Entry):
    quantity: QuantityName
    """What it counts or shows."""
    channel: str = ""
    """Phase, tariff or string, where the meter has several of the quantity."""
    as_sent: Words | None = None
    """The decoder's word for the quantity, where it is another."""
    unit: UnitName | None = None
    """Unit to assume where the message states none."""

    @property
    def name(self) -> str:
        return f"{self.quantity}.{self.channel}" if self.channel else self.quantity


class MeterEntry(Entry):
    id: Slug
    """Ours; never changes. Given again at another point: the same meter."""
    family: Words | None = None
    """The decoder family, or group of families, of its messages."""
    device: Words | None = None
    """The id that the device gives itself in its messages."""
    registers: tuple[Annotated[RegisterEntry, BeforeValidator(_register)], ...] = ()
    """Its counters and gauges: `quantity`, `quantity.channel`, or a mapping."""
    start: Moment = Field(alias="from")
    """When it was installed here."""
    end: Moment | None = Field(None, alias="to")
    """When it was removed; not given while it is installed."""
    start_register: Number | None = None
    """What the settled register showed when installed, in the point's unit."""
    end_register: Number | None = None
    """What it showed when removed."""
    settle: Words | None = None
    """The register that is settled for this point; needed where several could be."""
    example: bool = False
    """The entry is invented."""
    note: str | None = None


class PointEntry(Entry):
    id: Slug
    """Ours, or the 18 digits of the GSRN (anläggnings-id), in quotes."""
    name: Words
    carrier: Carrier
    """What is measured; `solar` is electricity made on the building."""
    direction: Direction = Direction.IMPORT
    """import and export registers only rise; a net register may fall."""
    resolution: Annotated[Number, Field(gt=0)]
    """Smallest step of the register, in kWh (m3 for water)."""
    digits: Annotated[int, Field(ge=3, le=15)] | None = None
    """Whole-number digits before the register starts again from 0."""
    max_power_kw: Annotated[Number, Field(gt=0)] | None = None
    """Limit of the connection: fuse, subscribed power, heat exchanger, peak power of a solar plant. [kW]"""
    interval: Seconds | None = None
    """Agreed time between readings; not given: the meter reports on change."""
    parent: Slug | None = None
    """The point that measures this one's use too; a parent and its children are never added."""
    public: bool = False
    """May be shown as open data."""
    contract: Slug | None = None
    """Bought electricity: the contract in factors.yaml that it is supplied under."""
    tariffs: PriceLists = ()
    """The price lists in tariffs.yaml that it is billed by: ids, or mappings with the days from and to which."""
    subscribed_kw: Powers = ()
    """Power agreed with the grid company: a number, or a list by dates. [kW]"""
    fuse_a: Fuses = ()
    """Size of the main fuse: a number, or a list by dates. [A]"""
    heat_power_kw: Powers = ()
    """The power that decides its power group, as the supplier states it: a number, or a list by dates. [kW]"""
    flow: Words = "volume"
    """The register of its meter that counts the heat carrier's m³, where a price is on flow."""
    reactive: Words = "reactive_energy_import"
    """The register of its meter that counts reactive energy; free where it is known to stay within the free share."""
    end_use: EndUse | None = None
    """What the energy is for; `building` is fastighetsel, `occupant` verksamhetsel and hushållsel; not given: mixed."""
    meters: tuple[MeterEntry, ...] = ()
    """In order of installation."""
    example: bool = False
    """The entry and everything inside it is invented; a value marked `example: false` is not."""
    note: str | None = None


class BuildingEntry(Entry):
    id: Slug
    name: Words
    kind: Annotated[str, AfterValidator(known_kind), WithJsonSchema({"type": "string", "enum": list(BUILDING_KINDS)})]
    owner: Slug
    area_m2: Annotated[Number, Field(gt=0, le=1_000_000)] | None = None
    """Atemp: heated above 10 °C, all floors, garage excluded. Shown as missing where not given. [m²]"""
    latitude: Annotated[Number, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[Number, Field(ge=-180, le=180)] | None = None
    public: bool = False
    """May be shown as open data."""
    heat_network: Words | None = None
    """District heating and cooling: the network, as factors.yaml names it; the file's where not given."""
    points: tuple[PointEntry, ...] = ()
    example: bool = False
    """The entry and everything inside it is invented; a value marked `example: false` is not."""
    note: str | None = None


class OwnerEntry(Entry):
    id: Slug
    name: Words
    kind: Literal["committee", "company"]
    """committee (nämnd) or company (bolag)."""


class PortfolioFile(Entry):
    """Owners, buildings, metering points and meters."""

    municipality: Words | None = None
    """The municipality's name, in portfolio.yaml."""
    timezone: Zone | None = None
    """Its time zone, in portfolio.yaml: days, months and wall clocks follow it."""
    valid_from: date | None = None
    """From when the file describes the estate."""
    heat_network: Words | None = None
    """The network of those of the file's buildings that name none."""
    contract: Slug | None = None
    """The contract of those of the file's points of bought electricity that name none."""
    note: str | None = None
    owners: tuple[OwnerEntry, ...] = ()
    buildings: tuple[BuildingEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an entry stands."""

    source: YamlSource
    path: Keys

    def at(self, *keys: str | int) -> "_Place":
        return _Place(self.source, (*self.path, *keys))

    def fault(self, text: str, text_sv: str, *, warning: bool = False) -> None:
        self.source.fault(self.path, text, text_sv, warning=warning)

    @property
    def words(self) -> str:
        return f"{self.source.file}:{self.source.line(self.path)}"


@dataclass(frozen=True, slots=True)
class _Installed:
    """A meter's entry at a point, with its instants."""

    place: _Place
    entry: MeterEntry
    point: str
    start: datetime
    end: datetime | None
    register: str = ""

    def overlaps(self, other: "_Installed") -> bool:
        return (other.end is None or self.start < other.end) and (self.end is None or other.start < self.end)


@dataclass(frozen=True, slots=True)
class _Described:
    place: _Place
    entry: MeterEntry


def portfolio(
    files: Sequence[tuple[YamlSource, PortfolioFile]], version: str, families: Collection[str] | None = None
) -> tuple[Portfolio | None, int]:
    """The portfolio of the files and the number of values in it that are examples; faults lie in the sources.

    Args:
        files: portfolio.yaml first.
        families: the decoder families and groups that exist; not checked where None.
    """
    reading = _Reading(families)
    main_source, main = files[0]
    if main.municipality is None:
        main_source.fault(("municipality",), "is missing; give the municipality's name", "saknas; ange kommunens namn")
    if main.timezone is None:
        main_source.fault(("timezone",), "is missing; give it, as Europe/Stockholm", "saknas; ange den, som Europe/Stockholm")
    for source, file in files[1:]:
        for key in ("municipality", "timezone", "valid_from"):
            if getattr(file, key) is not None:
                source.fault((key,), "belongs in portfolio.yaml only", "hör hemma bara i portfolio.yaml")
    zone = main.timezone or "UTC"
    for source, file in files:
        reading.owners_of(_Place(source, ("owners",)), file.owners)
    for source, file in files:
        reading.buildings_of(_Place(source, ("buildings",)), file, zone)
    reading.check()
    if main.municipality is None or any(not fault.warning for source, _ in files for fault in source.faults):
        return None, reading.examples
    return reading.result(main.municipality, zone, version, main.valid_from), reading.examples


class _Reading:
    """What has been read so far, and the checks that need all of it."""

    def __init__(self, families: Collection[str] | None) -> None:
        self._families = families
        self._ids: dict[str, tuple[str, _Place]] = {}
        self._owners: dict[str, Owner] = {}
        self._buildings: dict[str, Building] = {}
        self._points: dict[str, tuple[_Place, MeteringPoint]] = {}
        self._meters: dict[str, _Described] = {}
        self._installed: list[_Installed] = []
        self.examples = 0

    def owners_of(self, place: _Place, entries: Sequence[OwnerEntry]) -> None:
        for index, entry in enumerate(entries):
            if entry.id in self._owners:
                place.at(index, "id").fault(f"owner {entry.id} is given twice", f"ägaren {entry.id} står två gånger")
            self._owners.setdefault(entry.id, Owner(entry.id, entry.name, entry.kind))

    def buildings_of(self, place: _Place, file: PortfolioFile, zone: str) -> None:
        for index, entry in enumerate(file.buildings):
            here = place.at(index)
            if entry.owner not in self._owners:
                out, out_sv = meant(entry.owner, self._owners)
                here.at("owner").fault(f"no owner {entry.owner!r}; {out}", f"ägaren {entry.owner!r} finns inte; {out_sv}")
            named = ("name", "kind", "owner", "area_m2", "latitude", "longitude")
            examples = self._examples(here, entry, entry.example, {name: name for name in named})
            if entry.latitude is not None and entry.longitude is not None:
                _check_position(here.at("latitude"), entry.latitude, entry.longitude)
            if self._is_new(here.at("id"), "building", entry.id):
                self._buildings[entry.id] = Building(
                    entry.id,
                    entry.name,
                    entry.kind,
                    entry.owner,
                    entry.area_m2,
                    entry.latitude,
                    entry.longitude,
                    entry.public,
                    examples,
                    entry.heat_network or file.heat_network or "",
                )
            for number, point in enumerate(entry.points):
                self._point(here.at("points", number), point, entry, zone, file.contract)

    def _point(self, here: _Place, entry: PointEntry, building: BuildingEntry, zone: str, contract: str | None) -> None:
        invented = building.example or entry.example
        named = ("name", "carrier", "direction", "resolution", "digits", "max_power_kw", "parent", *ALWAYS)
        examples = self._examples(here, entry, invented, {name: name for name in named} | {"interval": "interval_s"})
        if any(invented or meter.example for meter in entry.meters):
            examples |= {"meters"}
            self.examples += len(entry.meters)
        _check_gsrn(here.at("id"), entry.id)
        if entry.public and not building.public:
            here.at("public").fault(
                f"the point is public but its building {building.id} is not; say public: true there too",
                f"mätpunkten är öppen men dess byggnad {building.id} är det inte; ange public: true även där",
            )
        bought = entry.carrier is Carrier.ELECTRICITY and entry.direction is not Direction.EXPORT
        if entry.contract is not None and not bought:
            here.at("contract").fault(
                "belongs to a point of bought electricity; take it out", "hör till en mätpunkt för köpt el; ta bort det"
            )
        check_terms(here.source, here.path, entry)
        if self._is_new(here.at("id"), "point", entry.id):
            point = MeteringPoint(
                id=entry.id,
                name=entry.name,
                building=building.id,
                carrier=entry.carrier,
                direction=entry.direction,
                resolution=entry.resolution,
                digits=entry.digits,
                max_power_kw=entry.max_power_kw,
                interval_s=entry.interval,
                parent=entry.parent,
                public=entry.public,
                example=examples,
                contract=(entry.contract or contract or "") if bought else "",
                end_use=entry.end_use,
                tariffs=agreed(entry.tariffs, "id"),
                subscribed_kw=agreed(entry.subscribed_kw, "value"),
                fuse_a=agreed(entry.fuse_a, "value"),
                heat_power_kw=agreed(entry.heat_power_kw, "value"),
                flow=entry.flow,
                reactive=entry.reactive,
            )
            self._points[entry.id] = (here, point)
        if not entry.meters:
            here.fault("has no meter yet", "har ingen mätare ännu", warning=True)
        for number, meter in enumerate(entry.meters):
            self._meter(here.at("meters", number), meter, entry, zone)

    def _meter(self, here: _Place, entry: MeterEntry, point: PointEntry, zone: str) -> None:
        if entry.family is not None or entry.device is not None or entry.registers:
            self._describe(here, entry)
        start, end = in_utc(entry.start, zone), in_utc(entry.end, zone) if entry.end is not None else None
        for key, moment, instant in (("from", entry.start, start), ("to", entry.end, end)):
            if moment is not None and instant is None:
                here.at(key).fault(
                    f"the clock in {zone} skips {moment}; give another time",
                    f"klockan i {zone} hoppar över {moment}; ange en annan tid",
                )
        if start is None or (entry.end is not None and end is None):
            return
        if end is not None and end <= start:
            here.at("to").fault("must be after from", "måste ligga efter from")
            return
        for key, value in (("start_register", entry.start_register), ("end_register", entry.end_register)):
            if value is None:
                continue
            if value < 0 and point.direction is not Direction.NET:
                here.at(key).fault("only a net register may be negative", "bara ett nettoräkneverk kan vara negativt")
            if point.digits is not None and value >= 10.0**point.digits:
                here.at(key).fault(
                    f"does not fit into {point.digits} digits; correct it or digits",
                    f"ryms inte i {point.digits} siffror; rätta värdet eller digits",
                )
        if entry.start_register is not None and entry.end_register is not None and entry.end_register < entry.start_register:
            _check_turned(here.at("end_register"), entry, point)
        if entry.end_register is not None and entry.end is None:
            here.at("end_register").fault("belongs to a removed meter; give to", "hör till en demonterad mätare; ange to")
        self._installed.append(_Installed(here, entry, point.id, start, end))

    def _describe(self, here: _Place, entry: MeterEntry) -> None:
        first = self._meters.get(entry.id)
        if first is not None:
            here.at("id").fault(
                f"meter {entry.id} is described on {first.place.words} already; give its id alone here, or choose another id",
                f"mätaren {entry.id} är redan beskriven på {first.place.words}; ange bara dess id här, eller välj ett annat id",
            )
            return
        if not self._is_new(here.at("id"), "meter", entry.id):
            return
        self._meters[entry.id] = _Described(here, entry)
        for key, given in (("family", entry.family), ("device", entry.device), ("registers", entry.registers)):
            if not given:
                here.at(key).fault("is missing; give it", "saknas; ange det")
        if self._families is not None and entry.family is not None and entry.family not in self._families:
            out, out_sv = meant(entry.family, self._families)
            here.at("family").fault(
                f"no decoder family {entry.family!r}; {out}", f"avkodarfamiljen {entry.family!r} finns inte; {out_sv}"
            )
        seen = set[str]()
        for number, register in enumerate(entry.registers):
            if register.name in seen:
                here.at("registers", number).fault(
                    f"register {register.name} is given twice; give one of them a channel",
                    f"räkneverket {register.name} står två gånger; ge ett av dem en channel",
                )
            seen.add(register.name)
            dimension = QUANTITIES[register.quantity].dimension
            if register.unit is not None and UNITS[register.unit].dimension != dimension:
                here.at("registers", number).fault(
                    f"unit {register.unit} is {UNITS[register.unit].dimension}, {register.quantity} is {dimension}; correct one",
                    f"enheten {register.unit} är {UNITS[register.unit].dimension}, {register.quantity} är {dimension}; rätta ena",
                )

    def check(self) -> None:
        """What can be checked when everything is read."""
        self._check_parents()
        self._check_households()
        self._installed = [self._settled(item) for item in self._installed]
        self._check_overlaps()
        self._check_settled_once()
        self._check_devices()

    def _check_parents(self) -> None:
        for here, point in self._points.values():
            if point.parent is None:
                continue
            found = self._points.get(point.parent)
            if found is None:
                out, out_sv = meant(point.parent, self._points)
                here.at("parent").fault(f"no point {point.parent!r}; {out}", f"mätpunkten {point.parent!r} finns inte; {out_sv}")
                continue
            parent = found[1]
            if parent.carrier is not point.carrier:
                here.at("parent").fault(
                    f"{parent.id} measures {parent.carrier}, this one {point.carrier}; a sub-meter has its parent's carrier",
                    f"{parent.id} mäter {parent.carrier}, den här {point.carrier}; en undermätare mäter samma sak",
                )
            way, current = [point.id], parent
            while current.id not in way and current.parent in self._points:
                way.append(current.id)
                current = self._points[current.parent][1]
            if current.id == point.id:
                circle = " → ".join([*way, point.id])
                here.at("parent").fault(
                    f"is its own parent: {circle}; remove one", f"är sin egen huvudmätare: {circle}; ta bort en"
                )

    def _check_households(self) -> None:
        """A mark that does not hold is told of; `result` takes it off, so that no reader of the portfolio can miss it."""
        for here, point in self._points.values():
            building = self._buildings.get(point.building)
            if point.public and building is not None and is_households(point, building):
                here.at("public").fault(
                    "may be a household's meter and is never shown as open data; take public out (docs/open-data.md)",
                    "kan vara ett hushålls mätare och visas aldrig som öppna data; ta bort public (docs/open-data.md)",
                    warning=True,
                )

    def _settled(self, item: _Installed) -> _Installed:
        """With the register that is settled; a fault where it is not to be known."""
        described = self._meters.get(item.entry.id)
        if described is None:
            other = self._ids.get(item.entry.id)
            if other is None:
                out, out_sv = meant(item.entry.id, self._meters)
                item.place.fault(
                    f"meter {item.entry.id} is described nowhere: give family, device and registers; {out}",
                    f"mätaren {item.entry.id} är inte beskriven: ange family, device och registers; {out_sv}",
                )
            else:
                item.place.at("id").fault(
                    f"{item.entry.id} is a {other[0]} already ({other[1].words}); choose another id",
                    f"{item.entry.id} är redan {_SWEDISH[other[0]]} ({other[1].words}); välj ett annat id",
                )
            return item
        found = self._points.get(item.point)
        if found is None or not described.entry.registers:
            return item
        point = found[1]
        fitting = ELECTRIC[point.direction] if point.carrier is Carrier.ELECTRICITY else SETTLED[point.carrier]
        counters = [
            register
            for register in described.entry.registers
            if register.quantity in fitting and QUANTITIES[register.quantity].accumulation is Accumulation.COUNTER
        ]
        wanted = item.entry.settle
        if wanted is None:
            # A channel is a part (phase, tariff); the register without one is the whole.
            whole = [register for register in counters if not register.channel] or counters
            if len(whole) == 1:
                return _Installed(item.place, item.entry, item.point, item.start, item.end, whole[0].name)
            names = ", ".join(register.name for register in counters) or ", ".join(sorted(fitting))
            item.place.at("settle").fault(
                f"which register is {point.carrier} {point.direction}? Give settle, one of: {names}",
                f"vilket räkneverk är {point.carrier} {point.direction}? Ange settle, något av: {names}",
            )
            return item
        given = [register.name for register in described.entry.registers]
        if wanted not in given:
            out, out_sv = meant(wanted, given)
            item.place.at("settle").fault(
                f"the meter has no register {wanted}; {out}", f"mätaren har inget räkneverk {wanted}; {out_sv}"
            )
        elif wanted not in [register.name for register in counters]:
            allowed = ", ".join(sorted(fitting))
            item.place.at("settle").fault(
                f"{wanted} is not what a point of {point.carrier} {point.direction} settles; one of: {allowed}",
                f"{wanted} är inte vad en mätpunkt för {point.carrier} {point.direction} avräknar; något av: {allowed}",
            )
        return _Installed(item.place, item.entry, item.point, item.start, item.end, wanted)

    def _check_overlaps(self) -> None:
        for items in _grouped(self._installed, lambda item: item.point):
            for old, new in pairwise(sorted(items, key=lambda item: item.start)):
                if new.overlaps(old):
                    until = f"until {old.end:%Y-%m-%d %H:%M} UTC" if old.end else "and was never removed"
                    till = f"till {old.end:%Y-%m-%d %H:%M} UTC" if old.end else "och har inte demonterats"
                    new.place.at("from").fault(
                        f"meter {old.entry.id} ({old.place.words}) still stands here {until}; end it with to",
                        f"mätaren {old.entry.id} ({old.place.words}) sitter kvar {till}; avsluta den med to",
                    )

    def _check_settled_once(self) -> None:
        for items in _grouped(self._installed, lambda item: (item.entry.id, item.register)):
            for first, second in combinations(items, 2):
                if first.register and first.point != second.point and first.overlaps(second):
                    second.place.at("settle" if second.entry.settle else "id").fault(
                        f"register {second.register} of {second.entry.id} is settled for {first.point} ({first.place.words}) "
                        "too; one register's use would count twice",
                        f"räkneverket {second.register} i {second.entry.id} avräknas även för {first.point} ({first.place.words})"
                        "; samma användning skulle räknas två gånger",
                    )

    def _check_devices(self) -> None:
        """Two meters that give themselves the same id, now or one after the other: whose reading is it?"""
        described = [item for item in self._installed if item.entry.id in self._meters]

        def device(item: _Installed) -> tuple[str | None, str | None]:
            entry = self._meters[item.entry.id].entry
            return entry.family, entry.device

        told = set[frozenset[str]]()
        for items in _grouped(described, device):
            for first, second in combinations(items, 2):
                pair = frozenset({first.entry.id, second.entry.id})
                if len(pair) == 1 or pair in told:
                    continue
                one, two = self._meters[first.entry.id], self._meters[second.entry.id]
                shared = _as_sent(one.entry) & _as_sent(two.entry)
                if shared:
                    told.add(pair)
                    two.place.at("device").fault(
                        f"{two.entry.device} is the device of {one.entry.id} ({one.place.words}) too, both with "
                        f"{', '.join(sorted(shared))}: their messages cannot be told apart; share the registers out, "
                        f"or give {one.entry.id} again here",
                        f"{two.entry.device} är även enheten för {one.entry.id} ({one.place.words}), båda med "
                        f"{', '.join(sorted(shared))}: deras meddelanden går inte att skilja åt; dela upp räkneverken, "
                        f"eller ange {one.entry.id} på nytt här",
                    )

    def result(self, municipality: str, zone: str, version: str, valid_from: date | None) -> Portfolio:
        """The portfolio; only when there are no faults."""
        meters = {
            meter: Meter(
                meter,
                item.entry.family or "",
                item.entry.device or "",
                tuple(Register(r.quantity, r.channel, r.as_sent, r.unit) for r in item.entry.registers),
            )
            for meter, item in self._meters.items()
        }
        installations = tuple(
            Installation(
                item.point,
                item.entry.id,
                item.register,
                item.start,
                item.end,
                item.entry.start_register,
                item.entry.end_register,
            )
            for item in self._installed
        )
        buildings, points = closed(self._buildings, {point.id: point for _, point in self._points.values()})
        return Portfolio(
            municipality,
            zone,
            self._owners,
            buildings,
            points,
            meters,
            installations,
            version,
            valid_from,
        )

    def _is_new(self, here: _Place, kind: str, name: str) -> bool:
        """Whether nothing has the id yet. Buildings, points and meters share their ids: dashboards filter on one."""
        known = self._ids.get(name)
        if known is None:
            self._ids[name] = (kind, here)
            return True
        here.fault(
            f"{name} is a {known[0]} already ({known[1].words}); ids are unique, choose another",
            f"{name} är redan {_SWEDISH[known[0]]} ({known[1].words}); id:n är unika, välj ett annat",
        )
        return False

    def _examples(self, here: _Place, entry: Entry, invented: bool, attributes: dict[str, str]) -> frozenset[str]:
        """The entry's attributes that are invented: marked, or given in an invented entry and not exempted."""
        found = set[str]()
        for key, attribute in attributes.items():
            given = key in entry.model_fields_set and getattr(entry, key) is not None
            if here.source.marks.get((*here.path, key), invented and given):
                found.add(attribute)
        self.examples += len(found)
        return frozenset(found)


def _check_position(here: _Place, latitude: float, longitude: float) -> None:
    """Two numbers that are outside Sweden, and inside it the other way round."""
    if not _in_sweden(latitude, longitude) and _in_sweden(longitude, latitude):
        here.fault(
            f"{latitude:g}, {longitude:g} lies outside Sweden; are latitude and longitude exchanged?",
            f"{latitude:g}, {longitude:g} ligger utanför Sverige; är latitude och longitude förväxlade?",
            warning=True,
        )


def _in_sweden(latitude: float, longitude: float) -> bool:
    return 54 <= latitude <= 70 and 10 <= longitude <= 25


def _check_turned(here: _Place, entry: MeterEntry, point: PointEntry) -> None:
    """A register that ends below where it began: it may fall, it went round, or a number is wrong."""
    if point.direction is Direction.NET:
        return
    here.fault(
        f"is below start_register, {entry.start_register:.15g}; "
        + (
            "right only if the register went round"
            if point.digits
            else "correct one, or give the point's digits if it went round"
        ),
        f"ligger under start_register, {entry.start_register:.15g}; "
        + (
            "rätt bara om räkneverket slog runt"
            if point.digits
            else "rätta ett av dem, eller ange digits om räkneverket slog runt"
        ),
        warning=point.digits is not None,
    )


_SWEDISH = {"building": "en byggnad", "point": "en mätpunkt", "meter": "en mätare"}


def _grouped(items: Iterable[_Installed], key: Any) -> Iterator[list[_Installed]]:
    groups: dict[Any, list[_Installed]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return iter(groups.values())


def _as_sent(entry: MeterEntry) -> set[str]:
    return {f"{r.as_sent or r.quantity}.{r.channel}".rstrip(".") for r in entry.registers}


def _check_gsrn(here: _Place, number: str) -> None:
    """Some grid companies use ids of their own: accepted, with a warning."""
    if not re.fullmatch(r"\d+", number):
        return
    if len(number) != GSRN_LENGTH:
        here.fault(
            f"{len(number)} digits: no GSRN (18); kept as an id of your own",
            f"{len(number)} siffror: inget GSRN (18); behålls som eget id",
            warning=True,
        )
    elif check_digit(number[:-1]) != int(number[-1]):
        here.fault(
            f"the GSRN's check digit should be {check_digit(number[:-1])}; compare with the invoice",
            f"GSRN:s kontrollsiffra borde vara {check_digit(number[:-1])}; jämför med fakturan",
            warning=True,
        )
    elif not number.startswith(SWEDISH_GSRN):
        here.fault(
            f"a Swedish GSRN begins with {SWEDISH_GSRN}; compare with the invoice",
            f"ett svenskt GSRN börjar med {SWEDISH_GSRN}; jämför med fakturan",
            warning=True,
        )


def check_digit(digits: str) -> int:
    """The check digit of GS1 numbers: weights 3 and 1 in turn from the right, up to the next ten."""
    return -sum(int(digit) * (3, 1)[place % 2] for place, digit in enumerate(reversed(digits))) % 10
