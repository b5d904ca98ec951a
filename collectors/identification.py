"""Observation and portfolio give a reading: which meter and register, stored unit, wall clock turned into UTC."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache

from collectors.messages import Observation, RawMessage
from collectors.routing import Route
from config.domain.estate import Portfolio, Register
from config.domain.periods import zone_named
from config.domain.quantities import QUANTITIES, UNITS, Quantity
from config.domain.readings import Reading
from config.domain.refusals import Refusal
from config.domain.sources import ClockTrust, Source
from config.errors import Implausible

LARGEST = 1e12  # in stored units: a petawatt-hour, more than Sweden uses in six years
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
AHEAD = timedelta(hours=24)  # a wrong zone or summer time is hours; more is no clock


@dataclass(frozen=True, slots=True)
class Identified:
    """One register of one meter, found once and remembered."""

    meter: str
    register: str
    quantity: Quantity
    unit: str | None  # to assume where the message states none
    points: tuple[str, ...]  # settled by it


class Identification:
    """Knows the portfolio's devices by the family and the id that they give themselves."""

    def __init__(self, portfolio: Portfolio) -> None:
        self._portfolio = portfolio
        self._devices: dict[tuple[str, str], list[tuple[str, Register]]] = defaultdict(list)
        for meter in portfolio.meters.values():
            for register in meter.registers:
                self._devices[meter.family, meter.device].append((meter.id, register))
        self._found: dict[tuple[int, str, str, str], Identified | None] = {}

    def register(self, route: Route, observation: Observation) -> Identified | None:
        """The portfolio's register for the observation; None where device or register is unknown to it."""
        key = (id(route), observation.device, observation.quantity, observation.channel)
        try:
            return self._found[key]
        except KeyError:
            if len(self._found) > 1_000_000:
                self._found.clear()
            found = self._look_up(route, observation)
            self._found[key] = found
            return found

    def _look_up(self, route: Route, observation: Observation) -> Identified | None:
        families = dict.fromkeys([name for decoder in route.decoders for name in (decoder.family, decoder.group)])
        for family in families:
            for meter, register in self._devices.get((family, observation.device), ()):
                sent = register.as_sent or register.quantity
                if sent == observation.quantity and register.channel == observation.channel:
                    assumed = register.unit or route.source.units.get(register.quantity)
                    points = self._portfolio.points_of_register.get((meter, register.name), ())
                    return Identified(meter, register.name, register.definition, assumed, points)
        return None

    def reading(self, identified: Identified, observation: Observation, message: RawMessage, source: Source) -> Reading:
        """The observation as a reading.

        Raises:
            Implausible: no unit, a unit of another kind, or a value or time that cannot be true.
        """
        unit = observation.unit or identified.unit
        if unit is None:
            raise Implausible(
                f"{identified.meter}, {identified.register}: no unit in the message; state one in portfolio.yaml or sources.yaml",
                Refusal.UNIT,
            )
        value = observation.value * _factor(unit, identified.quantity.name)
        if not -LARGEST <= value <= LARGEST:
            raise Implausible(f"{identified.meter}, {identified.register}: {observation.value:g} {unit} cannot be")
        time = self._time(observation.time, message, source, identified)
        return Reading(identified.meter, identified.register, time, value, message.received)

    def _time(self, time: datetime | None, message: RawMessage, source: Source, identified: Identified) -> datetime:
        received = message.received
        if source.clock is ClockTrust.RECEIPT:
            return received
        if time is None:
            if message.retained:
                raise Implausible(
                    f"{identified.meter}: retained, and without a time of its own: its receipt does not say when it was measured",
                    Refusal.TIME,
                )
            return received
        if time.tzinfo is None:
            time = from_wall_clock(time, zone_named(source.timezone or self._portfolio.timezone), received)
        if not EARLIEST <= time <= received + AHEAD:
            raise Implausible(
                f"{identified.meter}: its clock says {time:%Y-%m-%d %H:%M}, the message came {received:%Y-%m-%d %H:%M} UTC; "
                "set its clock, or `clock: receipt` for the source in sources.yaml",
                Refusal.TIME,
            )
        return time


@lru_cache(maxsize=4096)
def _factor(unit: str, quantity: str) -> float:
    """What the unit is worth in the quantity's stored unit."""
    known, wanted = UNITS.get(unit), QUANTITIES[quantity]
    if known is None:
        raise Implausible(f"{quantity}: unknown unit {unit!r}; state the unit in portfolio.yaml", Refusal.UNIT)
    if known.dimension != wanted.dimension:
        raise Implausible(f"{quantity}: the unit {unit!r} is one of {known.dimension}, not of {wanted.dimension}", Refusal.UNIT)
    return known.factor


def from_wall_clock(local: datetime, zone: tzinfo, received: datetime) -> datetime:
    """A wall clock's time in UTC; in the hour that comes twice in autumn, the one nearer to the receipt."""
    first = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    second = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if first == second:
        return first
    return min(first, second, key=lambda moment: abs(received - moment))
