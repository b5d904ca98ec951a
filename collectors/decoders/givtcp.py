"""GivTCP (GivEnergy inverters): one plain value a topic, GivEnergy/<serial>/<group>/<subgroup>/<name>.

Format: GivTCP's data tree. Energies end in kWh in name or meaning, powers are W. Battery power: positive is discharge.
Left out on purpose: times, modes, rates in money, control and timeslots.
"""

import re
from collections.abc import Iterator

from collectors.decoders._topics import Leaf, first_matching, plain_value
from collectors.decoding import Decoder, Recall
from collectors.fields import Field
from collectors.messages import Observation, RawMessage
from config.domain.quantities import Accumulation

C, G = Accumulation.COUNTER, Accumulation.GAUGE

TOPIC = re.compile(r"(?:.*/)?(?P<serial>[A-Z]{2}\d{4}[A-Z]\d{3})/(?P<path>(?:Energy|Power|Battery_Details|Invertor_Details)/.+)")
TABLE: dict[re.Pattern[str], Field | None] = {
    re.compile(r"Energy/Total/PV_Energy_Total_kWh"): Field("active_energy_production", "kWh", C),
    re.compile(r"Energy/Total/Import_Energy_Total_kWh"): Field("active_energy_import", "kWh", C),
    re.compile(r"Energy/Total/Export_Energy_Total_kWh"): Field("active_energy_export", "kWh", C),
    re.compile(r"Energy/Total/Load_Energy_Total_kWh"): Field("active_energy_consumption", "kWh", C),
    re.compile(r"Energy/Total/Battery_Charge_Energy_Total_kWh"): Field("battery_energy_charged", "kWh", C),
    re.compile(r"Energy/Total/Battery_Discharge_Energy_Total_kWh"): Field("battery_energy_discharged", "kWh", C),
    re.compile(r"Energy/Today/PV_Energy_Today_kWh"): Field("active_energy_production_today", "kWh", C),
    re.compile(r"Energy/Today/Import_Energy_Today_kWh"): Field("active_energy_import_today", "kWh", C),
    re.compile(r"Energy/Today/Export_Energy_Today_kWh"): Field("active_energy_export_today", "kWh", C),
    re.compile(r"Energy/Today/Load_Energy_Today_kWh"): Field("active_energy_consumption_today", "kWh", C),
    re.compile(r"Energy/Rates/Day_Start_Energy_kWh"): Field("energy_at_tariff_start", "kWh", C, "day"),
    re.compile(r"Energy/Rates/Night_Start_Energy_kWh"): Field("energy_at_tariff_start", "kWh", C, "night"),
    re.compile(r"Energy/Rates/Day_Energy_kWh"): Field("energy_in_tariff_today", "kWh", C, "day"),
    re.compile(r"Energy/Rates/Night_Energy_kWh"): Field("energy_in_tariff_today", "kWh", C, "night"),
    re.compile(r"Energy/Rates/Day_Energy_Total_kWh"): Field("active_energy_import", "kWh", C, "day"),
    re.compile(r"Energy/Rates/Night_Energy_Total_kWh"): Field("active_energy_import", "kWh", C, "night"),
    re.compile(r"Power/Power/PV_Power"): Field("active_power_production", "W", G),
    re.compile(r"Power/Power/PV_Power_String_1"): Field("dc_power", "W", G, "string1"),
    re.compile(r"Power/Power/PV_Power_String_2"): Field("dc_power", "W", G, "string2"),
    re.compile(r"Power/Power/Grid_Power"): Field("grid_power", "W", G),
    re.compile(r"Power/Power/Import_Power"): Field("active_power_import", "W", G),
    re.compile(r"Power/Power/Export_Power"): Field("active_power_export", "W", G),
    re.compile(r"Power/Power/Load_Power"): Field("active_power_consumption", "W", G),
    re.compile(r"Power/Power/Battery_Power"): Field("battery_power", "W", G),
    re.compile(r"Power/Power/Charge_Power"): Field("battery_charge_power", "W", G),
    re.compile(r"Power/Power/Discharge_Power"): Field("battery_discharge_power", "W", G),
    re.compile(r"Power/Power/SOC"): Field("state_of_charge", "%", G),
    re.compile(r"Power/Power/Grid_Voltage"): Field("voltage", "V", G),
    re.compile(r"Power/Power/Grid_Current"): Field("current", "A", G),
    re.compile(r"Invertor_Details/Invertor_Temperature"): Field("temperature", "°C", G),
}


def decode(message: RawMessage, _recall: Recall) -> Iterator[Observation]:
    """One observation, or none."""
    return plain_value(
        message,
        TOPIC.fullmatch(message.topic),
        lambda found: Leaf(found["serial"], first_matching(TABLE, found["path"])),
    )


DECODER = Decoder(family="givtcp", group="solar", topics=("GivEnergy/#",), decode=decode)
