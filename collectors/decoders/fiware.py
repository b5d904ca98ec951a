"""FIWARE: IoT agents for JSON (/json/<key>/<device>/attrs) and UltraLight (/ul/…), and NGSI entities of electricity meters.

Format: FIWARE IoT agent and smart data models (ThreePhaseAcMeasurement, energy). Attribute ids of the agents are the
owner's: given on as they are, without a unit. The entity's units are its model's: kWh, kvarh, W, var, VA, V, A.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import orjson

from collectors.decoding import Decoder, Recall
from collectors.fields import Field, finite, iso_time, number_in_text, payload_text
from collectors.messages import Observation, RawMessage
from config.domain.quantities import Accumulation
from config.errors import Undecodable, Unrecognised

C, G = Accumulation.COUNTER, Accumulation.GAUGE

TOPIC = re.compile(r"/?(?P<agent>json|ul)/(?P<key>[^/]+)/(?P<device>[^/]+)/attrs(?:/(?P<attribute>[^/]+))?")
ULTRALIGHT = re.compile(r"(?:\d{4}-\d\d-\d\dT[\d:.]+Z?\|)?[^|{}\[\]\"]+\|[^|{}\[\]\"]*(?:[|#][^|{}\[\]\"]+\|[^|{}\[\]\"]*)*")
ATTRIBUTES = {"t": "temperature", "h": "relative_humidity"}
ENTITY = {
    "totalActiveEnergyImport": Field("active_energy_import", "kWh", C),
    "totalReactiveEnergyImport": Field("reactive_energy_import", "kvarh", C),
    "totalApparentEnergyImport": Field("apparent_energy", "kVAh", C),
    "totalActiveEnergyExport": Field("active_energy_export", "kWh", C),
    "totalReactiveEnergyExport": Field("reactive_energy_export", "kvarh", C),
    "activeEnergyImport": Field("active_energy_import", "kWh", C),
    "activeEnergyExport": Field("active_energy_export", "kWh", C),
    "totalActivePower": Field("active_power", "W", G),
    "totalReactivePower": Field("reactive_power", "var", G),
    "totalApparentPower": Field("apparent_power", "VA", G),
    "activePower": Field("active_power", "W", G),
    "reactivePower": Field("reactive_power", "var", G),
    "apparentPower": Field("apparent_power", "VA", G),
    "powerFactor": Field("power_factor", "1", G),
    "displacementPowerFactor": Field("displacement_power_factor", "1", G),
    "frequency": Field("frequency", "Hz", G),
    "current": Field("current", "A", G),
    "phaseVoltage": Field("voltage", "V", G),
    "phaseToPhaseVoltage": Field("phase_to_phase_voltage", "V", G),
    "thdVoltage": Field("thd_voltage", "1", G),
    "thdCurrent": Field("thd_current", "1", G),
}
OBSERVED = ("dateObserved", "observedAt", "TimeInstant", "dateLastReported")


def decode(message: RawMessage, _recall: Recall) -> Iterator[Observation]:
    """One observation an attribute with a number."""
    found = TOPIC.fullmatch(message.topic)
    text = payload_text(message)
    if found is not None:
        read = _json_agent if found["agent"] == "json" else _ultralight
        return read(text, found["device"], found["attribute"])
    if text.lstrip().startswith("{"):
        return _entities(text)
    if not message.topic and ULTRALIGHT.fullmatch(text.strip()) and "=" not in text:
        return _ultralight(text, "(topic)", None)
    raise Unrecognised("no message of FIWARE")


def _json_agent(text: str, device: str, attribute: str | None) -> Iterator[Observation]:
    try:
        body = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Undecodable(f"no JSON: {error}") from error
    for entry in body if isinstance(body, list) else [body]:
        if attribute is None:
            if isinstance(entry, dict):
                time = iso_time(entry.get("TimeInstant") or entry.get("timestamp"))
                for key, value in entry.items():
                    yield from _attribute(device, key, finite(value), time)
        elif isinstance(entry, dict):
            yield from _attribute(device, attribute, finite(entry.get("value")), iso_time(entry.get("timestamp")))
        else:
            yield from _attribute(device, attribute, finite(entry), None)


def _ultralight(text: str, device: str, attribute: str | None) -> Iterator[Observation]:
    for group in text.strip().split("#"):
        parts = group.split("|")
        if attribute is not None and len(parts) == 1:
            parts = [attribute, parts[0]]
        time = iso_time(parts[0]) if len(parts) % 2 else None
        if len(parts) % 2:
            if time is None:
                raise Undecodable("an odd number of elements, and the first is no time")
            parts = parts[1:]
        for key, value in zip(parts[::2], parts[1::2], strict=True):
            yield from _attribute(device, key, number_in_text(value), time)


def _attribute(device: str, key: str, value: float | None, time: datetime | None) -> Iterator[Observation]:
    if value is not None:
        yield Observation(device, ATTRIBUTES.get(key, key), value, None, time, G)


def _entities(text: str) -> Iterator[Observation]:
    try:
        body = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Unrecognised(f"no JSON: {error}") from error
    entities = body.get("data") if isinstance(body.get("data"), list) else [body]
    for entity in entities:
        if not isinstance(entity, dict) or not _named(entity.get("id")) or not isinstance(entity.get("type"), str):
            raise Unrecognised("no NGSI entity")
        if not (ENTITY.keys() & entity.keys()):
            raise Unrecognised(f"an NGSI entity of type {entity['type'][:40]!r}, which is no meter")
        yield from _entity(entity)


def _entity(entity: Mapping[str, Any]) -> Iterator[Observation]:
    time = next((moment for moment in (iso_time(_bare(entity.get(key))) for key in OBSERVED) if moment is not None), None)
    for key, field in ENTITY.items():
        value = _bare(entity.get(key))
        for channel, part in value.items() if isinstance(value, dict) else [("", value)]:
            number = finite(part)
            if number is not None:
                yield Observation(
                    entity["id"], field.quantity, number, field.unit, time, field.accumulation, str(channel).lower()
                )


def _named(value: Any) -> bool:
    """An entity without a name could be any."""
    return isinstance(value, str) and value.strip() != ""


def _bare(value: Any) -> Any:
    """The value of a normalised attribute ({type, value}); a key-value entity has it bare."""
    return value["value"] if isinstance(value, dict) and "value" in value else value


DECODER = Decoder(family="fiware", group="generic", topics=("/json/+/+/attrs/#", "/ul/+/+/attrs/#"), decode=decode)
