"""Shelly Gen2 and later: status of one component on <prefix>/status/<component>, or notifications on <prefix>/events/rpc.

Format: Shelly API documentation, components em, emdata, em1, em1data, pm1, switch, cover, temperature, humidity.
W, VA, V, A, Hz; energies in Wh. Notifications may be partial. The key of a component counts, not the `id` inside it.
Left out on purpose: by_minute (parts of the total), switch states, battery, signal.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from collectors.decoding import Decoder, Recall
from collectors.fields import Field, epoch, finite, json_object
from collectors.messages import Observation, RawMessage
from config.domain.quantities import Accumulation
from config.errors import Unrecognised

C, G = Accumulation.COUNTER, Accumulation.GAUGE

_PHASES = {"a": "l1", "b": "l2", "c": "l3"}
EM = {
    f"{letter}_{key}": Field(quantity, unit, G, phase)
    for letter, phase in _PHASES.items()
    for key, quantity, unit in (
        ("act_power", "active_power", "W"),
        ("aprt_power", "apparent_power", "VA"),
        ("current", "current", "A"),
        ("pf", "power_factor", "1"),
        ("voltage", "voltage", "V"),
        ("freq", "frequency", "Hz"),
    )
} | {
    "n_current": Field("current", "A", G, "n"),
    "total_act_power": Field("active_power", "W", G),
    "total_aprt_power": Field("apparent_power", "VA", G),
    "total_current": Field("current", "A", G),
}
EMDATA = {
    f"{letter}_{key}": Field(quantity, "Wh", C, phase)
    for letter, phase in _PHASES.items()
    for key, quantity in (("total_act_energy", "active_energy_import"), ("total_act_ret_energy", "active_energy_export"))
} | {
    "total_act": Field("active_energy_import", "Wh", C),
    "total_act_ret": Field("active_energy_export", "Wh", C),
}
EM1 = {
    "act_power": Field("active_power", "W", G),
    "aprt_power": Field("apparent_power", "VA", G),
    "current": Field("current", "A", G),
    "pf": Field("power_factor", "1", G),
    "voltage": Field("voltage", "V", G),
    "freq": Field("frequency", "Hz", G),
}
EM1DATA = {
    "total_act_energy": Field("active_energy_import", "Wh", C),
    "total_act_ret_energy": Field("active_energy_export", "Wh", C),
}
SWITCH = {
    "apower": Field("active_power", "W", G),
    "aprtpower": Field("apparent_power", "VA", G),
    "current": Field("current", "A", G),
    "pf": Field("power_factor", "1", G),
    "voltage": Field("voltage", "V", G),
    "freq": Field("frequency", "Hz", G),
}
TOTALS = {"aenergy": "active_energy_import", "ret_aenergy": "active_energy_export"}
CLIMATE = {"tC": Field("temperature", "°C", G), "rh": Field("relative_humidity", "%", G)}
COMPONENTS: dict[str, Mapping[str, Field]] = {
    "em": EM,
    "emdata": EMDATA,
    "em1": EM1,
    "em1data": EM1DATA,
    "pm1": SWITCH,
    "switch": SWITCH,
    "cover": SWITCH,
    "temperature": CLIMATE,
    "humidity": CLIMATE,
}
SINGLE = frozenset({"em", "emdata"})  # one a device: its channels are the phases


def decode(message: RawMessage, _recall: Recall) -> Iterator[Observation]:
    """One observation a known key of a known component; other components carry no reading."""
    body = json_object(message)
    params = body.get("params")
    if isinstance(params, dict) and isinstance(body.get("src"), str) and body["src"] and "method" in body:
        if body["method"] not in ("NotifyStatus", "NotifyFullStatus"):
            return iter(())
        return _components(params, body["src"], epoch(params.get("ts")))
    prefix, middle, component = message.topic.rpartition("/status/")
    if middle and ":" in component:
        return _components({component: body}, prefix, None)
    raise Unrecognised("neither a notification nor a component's status topic")


def _components(components: Mapping[str, Any], device: str, time: datetime | None) -> Iterator[Observation]:
    for name, values in components.items():
        kind, _, number = name.partition(":")
        fields = COMPONENTS.get(kind)
        if fields is None or not isinstance(values, dict):
            continue
        own = "" if kind in SINGLE or number == "0" else number
        for key, field in fields.items():
            value = finite(values.get(key))
            if value is not None:
                yield Observation(device, field.quantity, value, field.unit, time, field.accumulation, field.channel or own)
        for key, quantity in TOTALS.items():
            counter = values.get(key)
            value = finite(counter.get("total")) if isinstance(counter, dict) else None
            if value is not None:
                yield Observation(device, quantity, value, "Wh", time, C, own)


DECODER = Decoder(family="shelly_gen2", group="smarthome", topics=("+/events/rpc", "+/+/events/rpc", "+/status/+"), decode=decode)
