"""The portfolio's meters as simulated devices: which load each replays, and what it shows at an instant.

A register is simulated only where a measured series stands behind it; water, indoor climate and the like stay silent.
"""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from collectors.simulation import loads
from collectors.simulation.faults import MeterState
from collectors.simulation.loads import Load
from collectors.simulation.shapes import SHAPES, Shape
from config.domain.estate import Building, Installation, MeteringPoint, Portfolio, Register
from config.domain.quantities import Accumulation

# How large a replayed load is: assumptions for an example, nowhere shown as fact.
ELECTRICITY_KWH_M2 = 60.0
HEAT_KWH_M2 = 110.0
AREA_WHERE_NONE_IS_KNOWN_M2 = 2_000.0
KWP_WHERE_NONE_IS_KNOWN = 25.0
EXPORTED_SHARE = 0.4

HEAT_METER = {"heat_energy": "energy", "volume": "volume", "volume_temperature_flow": "e8", "volume_temperature_return": "e9"}
YEAR = timedelta(days=365)

Value = Callable[[datetime], float]


@dataclass(frozen=True)
class SimulatedMeter:
    """One device: `values` gives each register as a function of time."""

    id: str
    device: str
    shape: Shape
    values: dict[str, Value]
    counters: frozenset[str]

    def state(self, at: datetime) -> MeterState:
        """What it shows at `at`; the measuring instant is cut to the second, as devices do."""
        whole = at.replace(microsecond=0)
        return MeterState(self.id, self.device, whole, {name: value(whole) for name, value in self.values.items()}, self.counters)


def _pick(options: list[str], key: str) -> str:
    return options[zlib.crc32(key.encode()) % len(options)]


def _ratio(upper: Load, lower: Load) -> Value:
    def value(at: datetime) -> float:
        divisor = lower.per_hour(at)
        return upper.per_hour(at) / divisor if divisor > 0 else 0.0

    return value


class _Loads:
    """The loads of one building, each made once."""

    def __init__(self, building: Building, point: MeteringPoint, until: datetime) -> None:
        self._building, self._point, self._until = building, point, until
        self._area = building.area_m2 or AREA_WHERE_NONE_IS_KNOWN_M2
        self._made: dict[str, Load] = {}

    def _scaled_to_area(self, name: str, kwh_m2: float) -> Load:
        year = Load(name, self._until).counted(loads.FIRST_HOUR + YEAR)
        return Load(name, self._until, self._area * kwh_m2 / year)

    def _make(self, kind: str) -> Load:
        match kind:
            case "electricity":
                return self._scaled_to_area(_pick(loads.names("electricity"), self._building.id), ELECTRICITY_KWH_M2)
            case "heat":
                return self._scaled_to_area(_pick(loads.names("heat"), self._building.id), HEAT_KWH_M2)
            case "solar" | "export":
                kwp = self._point.max_power_kw or KWP_WHERE_NONE_IS_KNOWN
                return Load("solar.kwp", self._until, kwp * (EXPORTED_SHARE if kind == "export" else 1.0))
            case "air":
                return Load("air.temperature", self._until)
            case _:
                year = Load("heatmeter.energy", self._until).counted(loads.FIRST_HOUR + YEAR)
                return Load(f"heatmeter.{kind}", self._until, self._area * HEAT_KWH_M2 / year)

    def get(self, kind: str) -> Load:
        if kind not in self._made:
            self._made[kind] = self._make(kind)
        return self._made[kind]

    def value(self, quantity: str, with_volume: bool) -> Value | None:
        """The register as a function of time; None where no measured series stands behind it."""
        heat = "energy" if with_volume else "heat"
        match quantity:
            case "active_energy_import" | "active_energy_consumption":
                return self.get("electricity").counted
            case "active_power_import" | "active_power" | "active_power_consumption":
                return self.get("electricity").per_hour
            case "active_energy_production":
                return self.get("solar").counted
            case "active_power_production":
                return self.get("solar").per_hour
            case "active_energy_export":
                return self.get("export").counted
            case "active_power_export":
                return self.get("export").per_hour
            case "heat_energy":
                return self.get(heat).counted
            case "heat_power":
                return self.get(heat).per_hour
            case "volume" | "volume_temperature_flow" | "volume_temperature_return":
                return self.get(HEAT_METER[quantity]).counted
            case "volume_flow":
                return self.get("volume").per_hour
            case "flow_temperature":
                return _ratio(self.get("e8"), self.get("volume"))
            case "return_temperature":
                return _ratio(self.get("e9"), self.get("volume"))
            case "outdoor_temperature":
                return self.get("air").per_hour
            case _:
                return None


def _from_base(value: Value, base: float) -> Value:
    return lambda at: base + value(at)


def _base(register: Register, installation: Installation, value: Value) -> float:
    """What a counter stood at before anything was counted: so that it agrees with what is on record, else any number."""
    if register.name == installation.register and installation.start_register is not None:
        return installation.start_register - value(max(installation.start, loads.FIRST_HOUR))
    return float(zlib.crc32(installation.meter.encode()) % 400_000)


def _registers(registers: tuple[Register, ...], available: _Loads, installation: Installation) -> Iterator[tuple[str, Value]]:
    with_volume = any(register.quantity == "volume" for register in registers)
    for register in registers:
        value = available.value(register.quantity, with_volume)
        if value is not None and not register.channel:
            counts = register.definition.accumulation is Accumulation.COUNTER
            yield register.quantity, _from_base(value, _base(register, installation, value)) if counts else value


def simulated_meters(portfolio: Portfolio, until: datetime) -> list[SimulatedMeter]:
    """Every meter of the portfolio that is installed at `until`, publishes in a shape that we have, and has a load to replay."""
    installed: dict[str, Installation] = {}
    for installation in portfolio.installations:
        if installation.start <= until and (installation.end is None or installation.end > until):
            installed.setdefault(installation.meter, installation)
    meters = []
    for meter_id, installation in sorted(installed.items()):
        meter, point = portfolio.meters[meter_id], portfolio.points[installation.point]
        shape = SHAPES.get(meter.family)
        if shape is None:
            continue
        available = _Loads(portfolio.buildings[point.building], point, until)
        values = dict(_registers(meter.registers, available, installation))
        counters = frozenset(
            register.quantity for register in meter.registers if register.definition.accumulation is Accumulation.COUNTER
        )
        if values:
            meters.append(SimulatedMeter(meter.id, meter.device, shape, values, counters & values.keys()))
    return meters
