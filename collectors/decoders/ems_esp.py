"""EMS-ESP (Bosch, IVT, Buderus, Nefit boilers and heat pumps): ems-esp/<entity>_data, flat or nested, no units, no time.

Format: EMS-ESP documentation, entities. °C, Wh for the solar module's energies, kWh for nrg*, bar, l/min. Left out on purpose:
states, counts of starts, texts.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from collectors.decoding import Decoder, Recall
from collectors.fields import Field, finite, json_object
from collectors.messages import Observation, RawMessage
from config.domain.quantities import Accumulation
from config.errors import Unrecognised

C, G = Accumulation.COUNTER, Accumulation.GAUGE

FIELDS = {
    "curflowtemp": Field("flow_temperature", "°C", G),
    "rettemp": Field("return_temperature", "°C", G),
    "outdoortemp": Field("outdoor_temperature", "°C", G),
    "selflowtemp": Field("setpoint_temperature", "°C", G, "flow"),
    "syspress": Field("pressure", "bar", G),
    "seltemp": Field("setpoint_temperature", "°C", G),
    "settemp": Field("setpoint_temperature", "°C", G),
    "setpoint_roomtemp": Field("setpoint_temperature", "°C", G),
    "currtemp": Field("indoor_temperature", "°C", G),
    "roomtemp": Field("indoor_temperature", "°C", G),
    "curtemp": Field("water_temperature", "°C", G),
    "curtemp2": Field("water_temperature", "°C", G, "2"),
    "dhwtemp": Field("water_temperature", "°C", G),
    "storagetemp1": Field("storage_temperature", "°C", G, "1"),
    "collectortemp": Field("collector_temperature", "°C", G),
    "cylbottomtemp": Field("storage_temperature", "°C", G, "bottom"),
    "cyltoptemp": Field("storage_temperature", "°C", G, "top"),
    "energylasthour": Field("heat_energy_last_hour", "Wh", G),
    "energytoday": Field("heat_energy_today", "Wh", C),
    "energytotal": Field("heat_energy", "kWh", C),
    "nrgtotal": Field("heat_energy", "kWh", C),
    "nrgheat": Field("heat_energy", "kWh", C, "heating"),
    "nrgww": Field("heat_energy", "kWh", C, "hot_water"),
    "metertotal": Field("active_energy_import", "kWh", C),
    "metercomp": Field("active_energy_import", "kWh", C, "compressor"),
    "hpin": Field("brine_in_temperature", "°C", G),
    "hpbrinein": Field("brine_in_temperature", "°C", G),
    "hpbrineout": Field("brine_out_temperature", "°C", G),
    "hpcurrpower": Field("active_power_import", "W", G),
    "hppower": Field("active_power_import", "kW", G),
    "solarpower": Field("heat_power", "W", G),
}
DALLAS = Field("temperature", "°C", G)


def decode(message: RawMessage, _recall: Recall) -> Iterator[Observation]:
    """One observation a known key, in the circuit where it stands."""
    base, _, last = message.topic.rpartition("/")
    if not last.endswith("_data") or not base:
        raise Unrecognised("no topic of EMS-ESP")
    return _read(json_object(message), f"{base}/{last.removesuffix('_data')}", last)


def _read(body: Mapping[str, Any], device: str, last: str) -> Iterator[Observation]:
    for key, value in body.items():
        if isinstance(value, dict):
            if last.startswith(("temperaturesensor", "dallassensor")):
                number = finite(value.get("temp"))
                if number is not None:
                    yield Observation(str(value.get("id") or key), DALLAS.quantity, number, DALLAS.unit, None, G)
            elif "/" not in device.rpartition("_data")[2] or device.count("/") < 4:
                yield from _read(value, f"{device}/{key}", last)
            continue
        field = FIELDS.get(key.lower())
        number = finite(value)
        if field is not None and number is not None:
            yield Observation(device, field.quantity, number, field.unit, None, field.accumulation, field.channel)


DECODER = Decoder(family="ems_esp", group="heatpump", topics=("ems-esp/#",), decode=decode)
