"""ThermIQ (Thermia heat pumps): one JSON object with register numbers as keys, signed integers.

Format: ThermIQ-MQTT's register table; keys in hexadecimal (r0c) or, as a setting, in decimal (d12). Temperatures in °C; whole
degrees and tenths of the room lie in two registers (1 and 2, the wanted one in 3 and 4). Hours count since the pump was new.
Left out on purpose: states, speeds, the heating curve's settings.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from collectors.decoding import Decoder, Recall
from collectors.fields import Field, epoch, finite, json_object, payload_text, text
from collectors.messages import Observation, RawMessage
from config.domain.quantities import Accumulation
from config.errors import Undecodable, Unrecognised

C, G = Accumulation.COUNTER, Accumulation.GAUGE

FIELDS = {
    0: Field("outdoor_temperature", "°C", G),
    5: Field("flow_temperature", "°C", G),
    6: Field("return_temperature", "°C", G),
    7: Field("water_temperature", "°C", G),
    8: Field("brine_out_temperature", "°C", G),
    9: Field("brine_in_temperature", "°C", G),
    10: Field("cooling_temperature", "°C", G),
    11: Field("flow_temperature", "°C", G, "shunt"),
    12: Field("current", "A", G),
    14: Field("setpoint_temperature", "°C", G, "flow"),
    15: Field("setpoint_temperature", "°C", G, "shunt"),
    23: Field("discharge_pipe_temperature", "°C", G),
    24: Field("flow_temperature", "°C", G, "hot_water"),
    104: Field("operating_time", "h", C, "compressor"),
    106: Field("operating_time", "h", C, "heater_3kw"),
    108: Field("operating_time", "h", C, "hot_water"),
    110: Field("operating_time", "h", C, "passive_cooling"),
    112: Field("operating_time", "h", C, "active_cooling"),
    114: Field("operating_time", "h", C, "heater_6kw"),
}
IN_TENTHS = (  # whole degrees, tenths
    (1, 2, Field("indoor_temperature", "°C", G)),
    (3, 4, Field("setpoint_temperature", "°C", G, "indoor")),
)
REGISTER = re.compile(r'"(?:r[0-9a-fA-F]{2}|d\d{1,3})"\s*:')
HEXADECIMAL, DECIMAL = re.compile(r"r([0-9a-f]{2})", re.IGNORECASE), re.compile(r"d(\d{1,3})")


def decode(message: RawMessage, _recall: Recall) -> Iterator[Observation]:
    """One observation a known register."""
    raw = payload_text(message)
    if '"Client_Name"' not in raw or REGISTER.search(raw) is None:
        raise Unrecognised("no registers of ThermIQ")
    try:
        body = json_object(message)
    except Unrecognised as error:
        raise Undecodable(str(error)) from error
    device, time = text(body, "Client_Name"), epoch(body.get("timestamp"))
    registers = dict(_registers(body))
    for whole, tenths, field in IN_TENTHS:
        if whole in registers:
            degrees = registers[whole] + registers.get(tenths, 0.0) / 10
            yield Observation(device, field.quantity, degrees, field.unit, time, field.accumulation, field.channel)
    for register, field in FIELDS.items():
        if register in registers:
            yield Observation(device, field.quantity, registers[register], field.unit, time, field.accumulation, field.channel)


def _registers(body: Mapping[str, Any]) -> Iterator[tuple[int, float]]:
    for key, value in body.items():
        found, base = HEXADECIMAL.fullmatch(key), 16
        if found is None:
            found, base = DECIMAL.fullmatch(key), 10
        number = finite(value)
        if found is not None and number is not None:
            yield int(found[1], base), number


DECODER = Decoder(family="thermiq", group="heatpump", topics=("ThermIQ/#",), decode=decode)
