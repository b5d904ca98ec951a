"""RealEstateCore Edge Message: observations of many sensors in one JSON object.

Format: RealEstateCore edge message schema 3.1-3.3 (`observations[]`), ProptechOS streams of 2.2 and later (`observation`), and
the single observation object of REC APIs. No unit is sent: it follows from the quantity kind, SI by the standard (energy in J,
power in W), °C, % and ppm in practice. Commands, responses and exceptions are no measurements.
Left out on purpose: `valueString` and `valueBoolean`, which are states even where they look like numbers.
"""

from collections.abc import Iterator
from typing import Any

from collectors.decoding import Decoder, Recall
from collectors.fields import Field, instant, json_value, number, text
from collectors.messages import Observation, RawMessage
from config.domain.quantities import Accumulation
from config.errors import Undecodable, Unrecognised

_C, _G = Accumulation.COUNTER, Accumulation.GAUGE

KINDS = {
    "activeenergy": Field("energy", "J", _C),
    "apparentenergy": Field("apparent_energy", "VAh", _C),
    "apparentpower": Field("apparent_power", "VA", _G),
    "airtemperature": Field("temperature", "°C", _G),
    "atmosphericpressure": Field("pressure", "Pa", _G),
    "co2": Field("co2", "ppm", _G),
    "co2concentration": Field("co2", "ppm", _G),
    "co2level": Field("co2", "ppm", _G),
    "coolingenergy": Field("cooling_energy", "J", _C),
    "current": Field("current", "A", _G),
    "electriccurrent": Field("current", "A", _G),
    "electricenergy": Field("energy", "J", _C),
    "electricpower": Field("power", "W", _G),
    "electricpotential": Field("voltage", "V", _G),
    "energy": Field("energy", "J", _C),
    "flow": Field("volume_flow", "m3/s", _G),
    "frequency": Field("frequency", "Hz", _G),
    "heatenergy": Field("heat_energy", "J", _C),
    "humidity": Field("relative_humidity", "%", _G),
    "illuminance": Field("illuminance", "lx", _G),
    "irradiance": Field("irradiance", "W/m2", _G),
    "luminance": Field("luminance", "cd/m2", _G),
    "power": Field("power", "W", _G),
    "activepower": Field("active_power", "W", _G),
    "powerfactor": Field("power_factor", "1", _G),
    "presence": Field("presence", "1", _G),
    "pressure": Field("pressure", "Pa", _G),
    "reactiveenergy": Field("reactive_energy_import", "varh", _C),
    "reactivepower": Field("reactive_power", "var", _G),
    "relativehumidity": Field("relative_humidity", "%", _G),
    "soundpressurelevel": Field("sound_pressure_level", "dB", _G),
    "temperature": Field("temperature", "°C", _G),
    "temperaturedifference": Field("temperature_difference", "K", _G),
    "thermalenergy": Field("heat_energy", "J", _C),
    "thermalpower": Field("heat_power", "W", _G),
    "voltage": Field("voltage", "V", _G),
    "volume": Field("volume", "m3", _C),
    "volumeflow": Field("volume_flow", "m3/s", _G),
    "volumeflowrate": Field("volume_flow", "m3/s", _G),
    "watervolume": Field("water_volume", "m3", _C),
}
ENVELOPE = frozenset(
    {"observations", "actuationCommands", "actuationResponses", "actuationCommandResponses", "exceptions", "edgeStatus"}
)


def decode(message: RawMessage, _recall: Recall) -> Iterator[Observation]:
    """One observation a numeric value; a message with commands, responses or exceptions only gives none."""
    for item in _observations(json_value(message)):
        if not isinstance(item, dict):
            raise Undecodable(f"observations: an object was expected, not {type(item).__name__}")
        value = number(item, "value")
        if value is None:
            continue
        kind = _label(item.get("quantityKind"))
        field = KINDS.get(kind.lower()) or Field(kind or "value", None, Accumulation.GAUGE)
        yield Observation(
            text(item, "sensorId"), field.quantity, value, field.unit, instant(item, "observationTime"), field.accumulation
        )


def _observations(value: Any) -> list[Any]:
    if isinstance(value, list):
        return [item for entry in value for item in _observations(entry)]
    if not isinstance(value, dict):
        raise Unrecognised("no REC message: a JSON object was expected")
    if isinstance(value.get("hydra:member"), list):
        return _observations(value["hydra:member"])
    if isinstance(value.get("observation"), dict):
        return [value["observation"]]
    if "sensorId" in value and "value" in value:
        return [value]
    format_name = value.get("format")
    if not (isinstance(format_name, str) and format_name.lower().startswith("rec")) and not (
        "deviceId" in value and not ENVELOPE.isdisjoint(value)
    ):
        raise Unrecognised("no REC message: neither format rec… nor observations")
    observations = value.get("observations")
    if observations is None:
        return []
    if not isinstance(observations, list):
        raise Undecodable("observations: a list was expected")
    return observations


def _label(kind: Any) -> str:
    """The last part of an IRI or prefixed name: "https://w3id.org/rec/core/Temperature", "rec:Temperature" → "Temperature"."""
    if not isinstance(kind, str):
        return ""
    return kind.rstrip("/").replace("#", "/").replace(":", "/").rsplit("/", 1)[-1].strip()


DECODER = Decoder(family="rec", group="rec", topics=("devices/+/messages/events/#", "devices/+/messages/events"), decode=decode)
