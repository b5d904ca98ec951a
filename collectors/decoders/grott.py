"""grott (Growatt inverters): one JSON object for all inverters on one topic, values as scaled integers.

Format: grott's record layouts. A tenth of W, V, A, kWh and °C, a hundredth of Hz, SOC in percent. `time` is the wall clock;
`buffered` says that it is late, which needs nothing here. 32-bit values below nought are dropped.
Left out on purpose: `pvenergytoday` (= eactoday), `pactousertot`, `plocaloadtot`, `pactogridtot` (they repeat the first phase).
"""

from collections.abc import Iterator

from collectors.decoding import Decoder, Recall
from collectors.fields import Field, finite, instant, json_object, text
from collectors.messages import Observation, RawMessage
from config.domain.quantities import Accumulation
from config.errors import Unrecognised

C, G = Accumulation.COUNTER, Accumulation.GAUGE

FIELDS = {
    "pvpowerin": Field("dc_power", "W", G),
    **{f"pv{n}voltage": Field("dc_voltage", "V", G, f"string{n}") for n in range(1, 9)},
    **{f"pv{n}current": Field("dc_current", "A", G, f"string{n}") for n in range(1, 9)},
    **{f"pv{n}watt": Field("dc_power", "W", G, f"string{n}") for n in range(1, 9)},
    "pvpowerout": Field("active_power_production", "W", G),
    "pvfrequentie": Field("frequency", "Hz", G),
    "pvgridvoltage": Field("voltage", "V", G, "l1"),
    "pvgridcurrent": Field("current", "A", G, "l1"),
    "pvgridpower": Field("active_power_production", "W", G, "l1"),
    "pvgridvoltage2": Field("voltage", "V", G, "l2"),
    "pvgridcurrent2": Field("current", "A", G, "l2"),
    "pvgridpower2": Field("active_power_production", "W", G, "l2"),
    "pvgridvoltage3": Field("voltage", "V", G, "l3"),
    "pvgridcurrent3": Field("current", "A", G, "l3"),
    "pvgridpower3": Field("active_power_production", "W", G, "l3"),
    "eactoday": Field("active_energy_production_today", "kWh", C),
    "eactotal": Field("active_energy_production", "kWh", C),
    "epvtotal": Field("dc_energy", "kWh", C),
    **{f"epv{n}today": Field("dc_energy_today", "kWh", C, f"string{n}") for n in range(1, 9)},
    **{f"epv{n}total": Field("dc_energy", "kWh", C, f"string{n}") for n in range(1, 9)},
    "pvtemperature": Field("temperature", "°C", G),
    "pvipmtemperature": Field("temperature", "°C", G, "power_module"),
    "pvboosttemp": Field("temperature", "°C", G, "boost"),
    "bat_dsp": Field("battery_voltage", "V", G, "dsp"),
    "eacharge_today": Field("ac_charge_energy_today", "kWh", C),
    "eacharge_total": Field("ac_charge_energy", "kWh", C),
    "pdischarge1": Field("battery_discharge_power", "W", G),
    "p1charge1": Field("battery_charge_power", "W", G),
    "vbat": Field("battery_voltage", "V", G),
    "SOC": Field("state_of_charge", "%", G),
    "pactouserr": Field("active_power_import", "W", G),
    "pactogridr": Field("active_power_export", "W", G),
    "plocaloadr": Field("active_power_consumption", "W", G),
    "etouser_tod": Field("active_energy_import_today", "kWh", C),
    "etouser_tot": Field("active_energy_import", "kWh", C),
    "etogrid_tod": Field("active_energy_export_today", "kWh", C),
    "etogrid_tot": Field("active_energy_export", "kWh", C),
    "edischarge1_tod": Field("battery_energy_discharged_today", "kWh", C),
    "edischarge1_tot": Field("battery_energy_discharged", "kWh", C),
    "eharge1_tod": Field("battery_energy_charged_today", "kWh", C),
    "eharge1_tot": Field("battery_energy_charged", "kWh", C),
    "elocalload_tod": Field("active_energy_consumption_today", "kWh", C),
    "elocalload_tot": Field("active_energy_consumption", "kWh", C),
}
DIVISORS = {"pvfrequentie": 100.0, "SOC": 1.0}
TENTHS = 10.0
UNDERFLOWN = 2.0**31  # an unsigned 32-bit value above this is a small negative one


def decode(message: RawMessage, _recall: Recall) -> Iterator[Observation]:
    """One observation a known key."""
    body = json_object(message)
    values = body.get("values")
    if not isinstance(values, dict) or "device" not in body or not ({"pvstatus", "pvserial", "datalogserial"} & values.keys()):
        raise Unrecognised("no record of grott")
    device, time = text(body, "device"), instant(body, "time")
    for key, field in FIELDS.items():
        value = finite(values.get(key))
        if value is not None and value < UNDERFLOWN:
            scaled = value / DIVISORS.get(key, TENTHS)
            yield Observation(device, field.quantity, scaled, field.unit, time, field.accumulation, field.channel)


DECODER = Decoder(family="grott", group="solar", topics=("energy/growatt", "energy/+"), decode=decode)
