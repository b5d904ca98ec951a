"""EMS-ESP (Bosch, IVT, Buderus, Nefit boilers and heat pumps): <base>/<entity>_data, flat or nested, no units, no time.

Format: EMS-ESP documentation and its table of entities with their units. Circuits are nested objects (hc1, dhw, ahs1) or, as a
setting, topics of their own (thermostat_data_hc1, boiler_data_dhw); another setting publishes a topic a value
(<base>/boiler/outdoortemp). Hot water's keys once began with ww. The wanted temperatures that a house follows are read as set
points. Left out on purpose: states, starts, texts, and the limits, curves and hystereses that only an installer sets.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from collectors.decoders._topics import Leaf, plain_value
from collectors.decoding import Decoder, Recall
from collectors.fields import Field, finite, json_object
from collectors.messages import Observation, RawMessage
from config.domain.quantities import Accumulation

C, G = Accumulation.COUNTER, Accumulation.GAUGE


def _of(quantity: str, unit: str, kind: Accumulation, channels: Mapping[str, str]) -> dict[str, Field]:
    return {key: Field(quantity, unit, kind, channel) for key, channel in channels.items()}


FIELDS = {
    **_of("outdoor_temperature", "°C", G, {"outdoortemp": "", "outdoor_temperature": "", "dampedoutdoortemp": "damped"}),
    **_of("flow_temperature", "°C", G, {"curflowtemp": "", "boiltemp": "boiler", "switchtemp": "switch", "headertemp": "header",
          "netflowtemp": "network", "flowtemphc": "", "flowtempvf": "header", "hptc1": "tc1", "heatcntflowtemp": "heat_counter",
          "swapflowtemp": "swap", "sysflowtemp": "", "altflowtemp": "alternative"}),
    **_of("return_temperature", "°C", G, {"rettemp": "", "sysrettemp": "system", "hptc0": "tc0", "heatcntrettemp": "heat_counter",
          "swaprettemp": "swap", "altrettemp": "alternative", "retheatassist": "heat_assistance"}),
    **_of("setpoint_temperature", "°C", G, {"selflowtemp": "flow", "targetflowtemp": "flow", "flowsettemp": "flow",
          "setflowtemp": "flow", "seltemp": "", "settemp": "set", "setpoint_roomtemp": "", "selroomtemp": "", "setpoint": "",
          "requiredtemp": "required", "setreturntemp": "return"}),
    **_of("indoor_temperature", "°C", G, {"currtemp": "", "roomtemp": "", "curr_roomtemp": "", "remotetemp": "remote",
          "inttemp1": "1", "inttemp2": "2", "infresh": "fresh", "inexhaust": "exhaust"}),
    **_of("outdoor_air_temperature", "°C", G, {"outfresh": "fresh", "outexhaust": "exhaust"}),
    **_of("water_temperature", "°C", G, {"curtemp": "", "curtemp2": "2", "dhwtemp": "", "temp": "", "coldtemp": "cold",
          "temp5": "5", "pooltemp": "pool", "mixertemp": "mixer", "solartemp": "solar", "hydrtemp": "header"}),
    **_of("storage_temperature", "°C", G, {"storagetemp1": "1", "storagetemp2": "2", "cylbottomtemp": "bottom",
          "cylmiddletemp": "middle", "cylcentertemp": "middle", "cyltoptemp": "top", "cyl2bottomtemp": "2_bottom",
          "cyl3bottomtemp": "3_bottom", "hptw1": "tw1", "tankbottomtemp": "bottom", "tankmiddletemp": "middle",
          "tanktoptemp": "top"}),
    **_of("collector_temperature", "°C", G, {"collectortemp": "", "collector2temp": "2"}),
    **_of("brine_in_temperature", "°C", G, {"hpin": "", "hpbrinein": ""}),
    **_of("brine_out_temperature", "°C", G, {"hpbrineout": ""}),
    **_of("flue_gas_temperature", "°C", G, {"exhausttemp": "", "fluegastemp": ""}),
    **_of("dew_point_temperature", "°C", G, {"dewtemperature": ""}),
    **_of("temperature", "°C", G, {"hptc3": "tc3", "hptr1": "tr1", "hptr2": "tr2", "hptr3": "tr3", "hptr4": "tr4",
          "hptr5": "tr5", "hptr6": "tr6", "hptr7": "tr7", "hptl2": "tl2", "hppl1": "pl1", "hpph1": "ph1", "hpta4": "ta4",
          "heatblock": "heat_block", "heatexchangertemp": "heat_exchanger", "ts8": "ts8", "ts16": "ts16"}),
    **_of("relative_humidity", "%", G, {"airhumidity": "", "humidity": ""}),
    **_of("pressure", "bar", G, {"syspress": ""}),
    **_of("volume_flow", "l/h", G, {"pc0flow": "pc0", "pc1flow": "pc1"}),
    **_of("volume_flow", "l/min", G, {"curflow": "hot_water", "wwcurflow": "hot_water"}),
    **_of("heat_energy", "kWh", C, {"energytotal": "", "nrgtotal": "", "nrgheat": "heating", "nrgww": "hot_water",
          "nrg": "hot_water", "nrgheat2": "heating_2", "nrg2": "hot_water_2", "nrgsupptotal": "supplied",
          "nrgsuppheating": "supplied_heating", "nrgsupp": "supplied_hot_water", "nrgsuppww": "supplied_hot_water",
          "nrgsupppool": "supplied_pool"}),
    **_of("cooling_energy", "kWh", C, {"nrgcool": "", "nrgsuppcooling": "supplied"}),
    **_of("heat_energy_today", "Wh", C, {"energytoday": ""}),
    **_of("heat_energy_last_hour", "Wh", G, {"energylasthour": ""}),
    **_of("active_energy_import", "kWh", C, {"metertotal": "", "metercomp": "compressor", "metereheat": "heater",
          "meterheat": "heating", "metercool": "cooling", "meter": "hot_water", "nrgconstotal": "consumption",
          "nrgconscomptotal": "consumption_compressor", "nrgconscompheating": "consumption_compressor_heating",
          "nrgconscomp": "consumption_compressor_hot_water", "nrgconscompww": "consumption_compressor_hot_water",
          "nrgconscompcooling": "consumption_compressor_cooling", "nrgconscomppool": "consumption_compressor_pool",
          "auxelecheatnrgconstotal": "heater_consumption", "auxelecheatnrgconsheating": "heater_consumption_heating",
          "auxelecheatnrgcons": "heater_consumption_hot_water", "auxelecheatnrgconsww": "heater_consumption_hot_water",
          "auxelecheatnrgconspool": "heater_consumption_pool", "elheat": "heating", "eldhw": "hot_water"}),
    **_of("active_energy_production", "kWh", C, {"elgenheat": "heating", "elgendhw": "hot_water"}),
    **_of("gas_energy", "kWh", C, {"gasmeterheat": "heating", "gasmeter": "hot_water", "fuelheat": "fuel_heating",
          "fueldhw": "fuel_hot_water"}),
    **_of("active_power_import", "W", G, {"hpcurrpower": ""}),
    **_of("heat_power", "kW", G, {"hppower": ""}),
    **_of("heat_power", "W", G, {"solarpower": ""}),
}  # fmt: skip
IN_CIRCUIT = {"flow": {"mixer": Field("volume_flow", "l/h", G), "water": Field("volume_flow", "l/min", G)}}
SENSORS = ("temperaturesensor", "dallassensor", "analogsensor")
ENTITIES = (
    "boiler|thermostat|heatpump|solar|mixer|switch|connect|alert|extension|heatsource|ventilation|water|pool|gateway|controller"
)
NO_SENSOR = frozenset({3200.0, -3200.0, 3276.7, -3276.8, 3276.8})  # °C, int16 at a tenth: nothing is connected
DATA_TOPIC = re.compile(r"(?P<base>.+)/(?P<entity>[a-z]+)_data(?:_(?P<circuit>[a-z]+\d*))?")
VALUE_TOPIC = re.compile(rf"(?P<device>.*ems-esp[^/]*/(?P<entity>{ENTITIES})(?:/(?:[a-z]+\d*))??)/(?P<key>[A-Za-z_0-9]+)")
ABOUT_ITSELF = re.compile(r".*ems-esp[^/]*/(?:status|heartbeat|info|response|settings)")
DEEPEST = 3


def decode(message: RawMessage, _recall: Recall) -> Iterator[Observation]:
    """One observation a known key, in the circuit where it stands."""
    found = DATA_TOPIC.fullmatch(message.topic)
    if found is None and ABOUT_ITSELF.fullmatch(message.topic):
        return iter(())
    if found is None:
        single = VALUE_TOPIC.fullmatch(message.topic)
        return plain_value(message, single, lambda match: Leaf(match["device"], _field(match["key"], match["entity"])))
    if found["entity"] in SENSORS:
        return _sensors(json_object(message))
    device = "/".join(part for part in (found["base"], found["entity"], found["circuit"]) if part)
    return _read(json_object(message), device, found["entity"], 0)


def _field(key: str, entity: str) -> Field | None:
    key = key.lower()
    return IN_CIRCUIT.get(key, {}).get(entity) or FIELDS.get(key) or (FIELDS.get(key[2:]) if key.startswith("ww") else None)


def _sensors(body: Mapping[str, Any]) -> Iterator[Observation]:
    """External probes: their ids are the keys, or stand inside under the names that people gave them."""
    for key, value in body.items():
        degrees = finite(value.get("temp")) if isinstance(value, dict) else None
        if degrees is not None and degrees not in NO_SENSOR:
            yield Observation(str(value.get("id") or key), "temperature", degrees, "°C", None, G)


def _read(body: Mapping[str, Any], device: str, entity: str, depth: int) -> Iterator[Observation]:
    said = set()
    for key, value in body.items():
        if isinstance(value, dict):
            if depth < DEEPEST:
                yield from _read(value, f"{device}/{key}", entity, depth + 1)
            continue
        field, number = _field(key, entity), finite(value)
        if field is None or number is None or (field.unit == "°C" and number in NO_SENSOR):
            continue
        series = (field.quantity, field.channel)
        if series not in said:  # a firmware that sends a key under its old name too
            said.add(series)
            yield Observation(device, field.quantity, number, field.unit, None, field.accumulation, field.channel)


DECODER = Decoder(family="ems_esp", group="heatpump", topics=("ems-esp/#",), decode=decode)
