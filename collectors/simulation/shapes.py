"""Meters' states in the message shapes that real devices publish, one function a family.

The families are those of `collectors.decoders`; the shapes are the published ones, and what a shape cannot say is left out.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC
from zoneinfo import ZoneInfo

import orjson

from collectors.simulation.faults import MeterState

Message = tuple[str, bytes]
LOCAL = ZoneInfo("Europe/Stockholm")


@dataclass(frozen=True, slots=True)
class Shape:
    """`timed`: the messages say when they were measured, so that history can be sent."""

    timed: bool
    messages: Callable[[MeterState], Iterator[Message]]


def _present(state: MeterState, keys: Mapping[str, tuple[str, float, int]]) -> dict[str, float]:
    """Register name → (key, factor from the stored unit, decimals), for what the meter has."""
    return {
        key: round(state.values[name] * factor, decimals)
        for name, (key, factor, decimals) in keys.items()
        if name in state.values
    }


AMSLESER = {
    "active_energy_import": ("tPI", 1.0, 3), "active_energy_export": ("tPO", 1.0, 3),
    "active_power_import": ("P", 1000.0, 0), "active_power_export": ("PO", 1000.0, 0),
}  # fmt: skip


def _amsleser(state: MeterState) -> Iterator[Message]:
    seconds = int(state.measured.timestamp())
    data = {"meterId": state.device} | _present(state, AMSLESER) | {"rtc": seconds}
    yield (
        f"ams/{state.device}",
        orjson.dumps({"id": state.device, "name": "ams", "up": seconds % 100_000, "t": seconds, "data": data}),
    )


WMBUSMETERS = {
    "heat_energy": ("total_energy_consumption_kwh", 1.0, 2), "volume": ("total_volume_m3", 1.0, 3),
    "heat_power": ("power_kw", 1.0, 2), "volume_flow": ("volume_flow_m3h", 1.0, 3),
    "flow_temperature": ("t1_temperature_c", 1.0, 2), "return_temperature": ("t2_temperature_c", 1.0, 2),
    "volume_temperature_flow": ("forward_energy_m3c", 1.0, 0), "volume_temperature_return": ("return_energy_m3c", 1.0, 0),
    "water_volume": ("total_m3", 1.0, 3),
}  # fmt: skip


def _wmbusmeters(state: MeterState) -> Iterator[Message]:
    water = "water_volume" in state.values
    head = {
        "_": "telegram", "media": "cold water" if water else "heat", "meter": "kamwater" if water else "kamheat",
        "name": state.meter, "id": state.device, "status": "OK",
    }  # fmt: skip
    tail = {"timestamp": state.measured.strftime("%Y-%m-%dT%H:%M:%SZ")}
    yield f"wmbusmeters/{state.device}", orjson.dumps(head | _present(state, WMBUSMETERS) | tail)


TASMOTA = {"active_energy_import": ("Total", 1.0, 3), "active_power_import": ("Power", 1000.0, 0)}


def _tasmota(state: MeterState) -> Iterator[Message]:
    local = state.measured.astimezone(LOCAL)
    energy = {"TotalStartTime": "2024-01-01T00:00:00"} | _present(state, TASMOTA)
    body = {"Time": local.isoformat(timespec="seconds"), "ENERGY": energy}
    yield f"tele/{state.device}/SENSOR", orjson.dumps(body)


OPENDTU = {"active_energy_production": ("0/yieldtotal", 1.0, 3), "active_power_production": ("0/power", 1000.0, 1)}


def _opendtu(state: MeterState) -> Iterator[Message]:
    for key, value in _present(state, OPENDTU).items():
        yield f"solar/{state.device}/{key}", str(value).encode()


SHELLY = {"active_energy_import": ("total_act", 1000.0, 2), "active_energy_export": ("total_act_ret", 1000.0, 2)}


def _shelly_gen2(state: MeterState) -> Iterator[Message]:
    seconds = state.measured.timestamp()
    params: dict[str, object] = {"ts": seconds, "emdata:0": {"id": 0} | _present(state, SHELLY)}
    if "active_power" in state.values:
        params["em:0"] = {"id": 0, "total_act_power": round(state.values["active_power"] * 1000, 1)}
    body = {"src": state.device, "dst": f"{state.device}/events", "method": "NotifyStatus", "params": params}
    yield f"{state.device}/events/rpc", orjson.dumps(body)


CHIRPSTACK = {
    "indoor_temperature": ("temperature", 1.0, 1), "temperature": ("temperature", 1.0, 1),
    "relative_humidity": ("humidity", 100.0, 1), "co2": ("co2", 1.0, 0),
}  # fmt: skip


def _chirpstack4(state: MeterState) -> Iterator[Message]:
    time = state.measured.astimezone(UTC).isoformat(timespec="milliseconds")
    device = {"tenantName": "Exempel", "applicationId": "example", "deviceName": state.meter, "devEui": state.device}
    body = {"time": time, "deviceInfo": device, "fPort": 85, "object": _present(state, CHIRPSTACK)}
    yield f"application/example/device/{state.device}/event/up", orjson.dumps(body)


SHAPES = {
    "amsleser": Shape(timed=True, messages=_amsleser),
    "wmbusmeters": Shape(timed=True, messages=_wmbusmeters),
    "tasmota": Shape(timed=True, messages=_tasmota),
    "shelly_gen2": Shape(timed=True, messages=_shelly_gen2),
    "lorawan": Shape(timed=True, messages=_chirpstack4),
    "opendtu": Shape(timed=False, messages=_opendtu),
}
