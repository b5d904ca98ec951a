"""SBFspot (SMA inverters): one JSON object an inverter; Timestamp is dd/mm/yyyy by the wall clock.

Format: SBFspot's MQTT settings, item names. kWh, W, V, A, Hz, °C. The item format is the owner's, so objects joined by semicolons
and decimal commas are met; a message that has lost its commas is refused, not guessed at.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import orjson

from collectors.decoding import Decoder, Recall
from collectors.fields import Field, finite, number_in_text, payload_text
from collectors.messages import Observation, RawMessage
from config.domain.quantities import Accumulation
from config.errors import Undecodable, Unrecognised

C, G = Accumulation.COUNTER, Accumulation.GAUGE

FIELDS = {
    "EToday": Field("active_energy_production_today", "kWh", C),
    "ETotal": Field("active_energy_production", "kWh", C),
    "PACTot": Field("active_power_production", "W", G),
    **{f"PAC{n}": Field("active_power_production", "W", G, f"l{n}") for n in (1, 2, 3)},
    **{f"UAC{n}": Field("voltage", "V", G, f"l{n}") for n in (1, 2, 3)},
    **{f"IAC{n}": Field("current", "A", G, f"l{n}") for n in (1, 2, 3)},
    **{f"UDC{n}": Field("dc_voltage", "V", G, f"string{n}") for n in (1, 2, 3, 4)},
    **{f"IDC{n}": Field("dc_current", "A", G, f"string{n}") for n in (1, 2, 3, 4)},
    **{f"PDC{n}": Field("dc_power", "W", G, f"string{n}") for n in (1, 2, 3, 4)},
    "PDCTot": Field("dc_power", "W", G),
    "GridFreq": Field("frequency", "Hz", G),
    "InvTemperature": Field("temperature", "°C", G),
    "BatChaStt": Field("state_of_charge", "%", G),
    "MeteringWIn": Field("active_power_import", "W", G),
    "MeteringWOut": Field("active_power_export", "W", G),
}


def decode(message: RawMessage, _recall: Recall) -> Iterator[Observation]:
    """One observation a known item."""
    items = _items(payload_text(message))
    serial = items.get("InvSerial")
    if not isinstance(serial, (str, int)) or isinstance(serial, bool) or not str(serial):
        raise Undecodable("InvSerial: the inverter's number was expected")
    time = _time(items.get("Timestamp"))
    for key, field in FIELDS.items():
        value = _number(items.get(key))
        if value is None or (key == "InvTemperature" and value == 0):
            continue  # a temperature of exactly nought is what an inverter asleep reports
        yield Observation(str(serial), field.quantity, value, field.unit, time, field.accumulation, field.channel)


def _items(text: str) -> Mapping[str, Any]:
    if "InvSerial" not in text:
        raise Unrecognised("no inverter of SBFspot")
    merged: dict[str, Any] = {}
    stripped = text.strip().rstrip(";")
    for part in stripped.split("};{") if "};{" in stripped else [stripped]:
        try:
            inner = orjson.loads("{" + part.strip().removeprefix("{").removesuffix("}") + "}")
        except orjson.JSONDecodeError as error:
            raise Undecodable(
                f"broken JSON; correct SBFspot's item format (MQTT_ItemFormat, MQTT_ItemDelimiter): {error}"
            ) from error
        merged |= inner
    return merged


def _number(value: Any) -> float | None:
    return number_in_text(value.replace(",", ".", 1)) if isinstance(value, str) else finite(value)


def _time(value: Any) -> datetime | None:
    for form in ("%d/%m/%Y %H:%M:%S", "%Y-%m-%d %H:%M:%S"):
        try:
            return datetime.strptime(str(value), form)  # noqa: DTZ007 - a wall clock, as sent
        except ValueError:
            continue
    return None


DECODER = Decoder(family="sbfspot", group="solar", topics=("sbfspot/#", "sbfspot"), decode=decode)
