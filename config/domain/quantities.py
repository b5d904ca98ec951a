"""Quantities and units: what a register can count or show, and the one unit in which each is stored.

Energy is stored in kWh, power in kW, volume in m³, temperature in °C, shares in 0..1.
"""

from dataclasses import dataclass
from enum import StrEnum

from config.domain.refusals import Refusal
from config.errors import Implausible


class Accumulation(StrEnum):
    """Whether a value adds up over time (a register) or is momentary."""

    COUNTER = "counter"
    GAUGE = "gauge"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as written by meters: its dimension and the factor to the dimension's stored unit."""

    dimension: str
    factor: float


STORED_UNITS = {
    "energy": "kWh", "power": "kW", "reactive_energy": "kvarh", "reactive_power": "kvar", "apparent_energy": "kVAh",
    "apparent_power": "kVA", "volume": "m3", "flow": "m3/h", "temperature": "°C", "temperature_difference": "K",
    "volume_temperature": "m3·°C", "voltage": "V", "current": "A", "frequency": "Hz", "pressure": "bar", "duration": "h",
    "ratio": "1", "concentration": "ppm", "irradiance": "W/m2",
    "illuminance": "lx", "number": "",
}  # fmt: skip

UNITS = {
    "J": Unit("energy", 1 / 3.6e6), "kJ": Unit("energy", 1 / 3.6e3), "MJ": Unit("energy", 1 / 3.6),
    "GJ": Unit("energy", 1e3 / 3.6),
    "Wh": Unit("energy", 1e-3), "kWh": Unit("energy", 1.0), "MWh": Unit("energy", 1e3), "GWh": Unit("energy", 1e6),
    "Cal": Unit("energy", 4.1868 / 3.6e6), "kCal": Unit("energy", 4.1868 / 3.6e3), "MCal": Unit("energy", 4.1868 / 3.6),
    "GCal": Unit("energy", 4.1868e3 / 3.6),  # international table calories, as heat meters count them
    "W": Unit("power", 1e-3), "kW": Unit("power", 1.0), "MW": Unit("power", 1e3),
    "varh": Unit("reactive_energy", 1e-3), "kvarh": Unit("reactive_energy", 1.0), "Mvarh": Unit("reactive_energy", 1e3),
    "var": Unit("reactive_power", 1e-3), "kvar": Unit("reactive_power", 1.0),
    "VAh": Unit("apparent_energy", 1e-3), "kVAh": Unit("apparent_energy", 1.0),
    "VA": Unit("apparent_power", 1e-3), "kVA": Unit("apparent_power", 1.0),
    "l": Unit("volume", 1e-3), "L": Unit("volume", 1e-3), "m3": Unit("volume", 1.0), "m³": Unit("volume", 1.0),
    "l/h": Unit("flow", 1e-3), "l/min": Unit("flow", 0.06), "l/s": Unit("flow", 3.6), "m3/s": Unit("flow", 3600.0),
    "m3/h": Unit("flow", 1.0), "m³/h": Unit("flow", 1.0),
    "°C": Unit("temperature", 1.0), "Cel": Unit("temperature", 1.0), "K": Unit("temperature_difference", 1.0),
    "m3·°C": Unit("volume_temperature", 1.0), "m³·°C": Unit("volume_temperature", 1.0), "m3*C": Unit("volume_temperature", 1.0),
    "V": Unit("voltage", 1.0), "mV": Unit("voltage", 1e-3), "A": Unit("current", 1.0), "mA": Unit("current", 1e-3),
    "Hz": Unit("frequency", 1.0),
    "bar": Unit("pressure", 1.0), "Pa": Unit("pressure", 1e-5), "hPa": Unit("pressure", 1e-3), "kPa": Unit("pressure", 1e-2),
    "h": Unit("duration", 1.0), "min": Unit("duration", 1 / 60), "s": Unit("duration", 1 / 3600), "d": Unit("duration", 24.0),
    "%": Unit("ratio", 0.01), "%RH": Unit("ratio", 0.01), "1": Unit("ratio", 1.0),
    "ppm": Unit("concentration", 1.0), "ppb": Unit("concentration", 1e-3), "lx": Unit("illuminance", 1.0),
    "pulses": Unit("number", 1.0), "HCA unit": Unit("number", 1.0), "W/m2": Unit("irradiance", 1.0),
    "W/m²": Unit("irradiance", 1.0),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Quantity:
    """What a register counts or shows."""

    name: str
    dimension: str
    accumulation: Accumulation
    label_sv: str
    label_en: str

    @property
    def unit(self) -> str:
        """The unit in which it is stored."""
        return STORED_UNITS[self.dimension]


_C, _G = Accumulation.COUNTER, Accumulation.GAUGE

QUANTITIES = {
    quantity.name: quantity
    for quantity in (
        Quantity("energy", "energy", _C, "Energi, energislag ej angivet", "Energy, carrier not stated"),
        Quantity("active_energy_import", "energy", _C, "Elenergi, uttag", "Active energy import"),
        Quantity("active_energy_export", "energy", _C, "Elenergi, utmatning", "Active energy export"),
        Quantity("active_energy_net", "energy", _C, "Energi, netto", "Active energy, net"),
        Quantity("active_energy_production", "energy", _C, "Producerad energi", "Produced energy"),
        Quantity("active_energy_consumption", "energy", _C, "Förbrukad energi", "Consumed energy"),
        Quantity("battery_energy_charged", "energy", _C, "Laddad energi", "Battery energy charged"),
        Quantity("battery_energy_discharged", "energy", _C, "Urladdad energi", "Battery energy discharged"),
        Quantity("reactive_energy_import", "reactive_energy", _C, "Reaktiv energi, uttag", "Reactive energy import"),
        Quantity("reactive_energy_export", "reactive_energy", _C, "Reaktiv energi, utmatning", "Reactive energy export"),
        Quantity("apparent_energy", "apparent_energy", _C, "Skenbar energi", "Apparent energy"),
        Quantity("heat_energy", "energy", _C, "Värmeenergi", "Heat energy"),
        Quantity("cooling_energy", "energy", _C, "Kylenergi", "Cooling energy"),
        Quantity("gas_energy", "energy", _C, "Gasenergi", "Gas energy"),
        Quantity("volume", "volume", _C, "Volym värmebärare", "Heat carrier volume"),
        Quantity("water_volume", "volume", _C, "Vattenvolym", "Water volume"),
        Quantity("hot_water_volume", "volume", _C, "Varmvattenvolym", "Hot water volume"),
        Quantity("gas_volume", "volume", _C, "Gasvolym", "Gas volume"),
        Quantity(
            "volume_temperature_flow",
            "volume_temperature",
            _C,
            "Volym gånger framtemperatur (E8)",
            "Volume times flow temperature (E8)",
        ),
        Quantity(
            "volume_temperature_return",
            "volume_temperature",
            _C,
            "Volym gånger returtemperatur (E9)",
            "Volume times return temperature (E9)",
        ),
        Quantity("heat_cost_allocation", "number", _C, "Värmefördelning, enheter", "Heat cost allocation units"),
        Quantity("pulses", "number", _C, "Pulser", "Pulses"),
        Quantity("operating_time", "duration", _C, "Drifttid", "Operating time"),
        Quantity("power", "power", _G, "Effekt, energislag ej angivet", "Power, carrier not stated"),
        Quantity("active_power", "power", _G, "Effekt, netto", "Active power, net"),
        Quantity("active_power_import", "power", _G, "Effekt, uttag", "Active power import"),
        Quantity("active_power_export", "power", _G, "Effekt, utmatning", "Active power export"),
        Quantity("active_power_production", "power", _G, "Producerad effekt", "Produced power"),
        Quantity("active_power_consumption", "power", _G, "Förbrukad effekt", "Consumed power"),
        Quantity("battery_power", "power", _G, "Batterieffekt", "Battery power"),
        Quantity("reactive_power", "reactive_power", _G, "Reaktiv effekt", "Reactive power"),
        Quantity("reactive_power_import", "reactive_power", _G, "Reaktiv effekt, uttag", "Reactive power import"),
        Quantity("reactive_power_export", "reactive_power", _G, "Reaktiv effekt, utmatning", "Reactive power export"),
        Quantity("apparent_power", "apparent_power", _G, "Skenbar effekt", "Apparent power"),
        Quantity("heat_power", "power", _G, "Värmeeffekt", "Heat power"),
        Quantity("volume_flow", "flow", _G, "Flöde", "Flow"),
        Quantity("flow_temperature", "temperature", _G, "Framledningstemperatur", "Flow temperature"),
        Quantity("return_temperature", "temperature", _G, "Returtemperatur", "Return temperature"),
        Quantity("temperature_difference", "temperature_difference", _G, "Temperaturskillnad", "Temperature difference"),
        Quantity("temperature", "temperature", _G, "Temperatur", "Temperature"),
        Quantity("indoor_temperature", "temperature", _G, "Innetemperatur", "Indoor temperature"),
        Quantity("outdoor_temperature", "temperature", _G, "Utetemperatur", "Outdoor temperature"),
        Quantity("water_temperature", "temperature", _G, "Vattentemperatur", "Water temperature"),
        Quantity("setpoint_temperature", "temperature", _G, "Börvärde, temperatur", "Temperature set point"),
        Quantity("relative_humidity", "ratio", _G, "Relativ fuktighet", "Relative humidity"),
        Quantity("co2", "concentration", _G, "Koldioxid", "Carbon dioxide"),
        Quantity("voltage", "voltage", _G, "Spänning", "Voltage"),
        Quantity("current", "current", _G, "Ström", "Current"),
        Quantity("frequency", "frequency", _G, "Frekvens", "Frequency"),
        Quantity("power_factor", "ratio", _G, "Effektfaktor", "Power factor"),
        Quantity("pressure", "pressure", _G, "Tryck", "Pressure"),
        Quantity("illuminance", "illuminance", _G, "Belysningsstyrka", "Illuminance"),
        Quantity("irradiance", "irradiance", _G, "Instrålning", "Irradiance"),
    )
}


def to_stored(value: float, unit: str, quantity: Quantity) -> float:
    """`value` in the unit in which `quantity` is stored.

    Raises:
        Implausible: the unit is unknown or of another dimension.
    """
    known = UNITS.get(unit)
    if known is None:
        words = f"{quantity.name}: unknown unit {unit!r}; state the unit in the portfolio or correct the source"
        raise Implausible(words, Refusal.UNIT)
    if known.dimension != quantity.dimension:
        raise Implausible(f"{quantity.name}: unit {unit!r} is {known.dimension}, not {quantity.dimension}", Refusal.UNIT)
    return value * known.factor
