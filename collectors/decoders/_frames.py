"""The bytes of LoRaWAN devices, one table or small function a make.

Formats: Elsys payload document; Milesight user guides (channel, type, value); Axioma Qalcosonic W1 payload description;
Sensing Labs SenLab T; Talkpool OY1210; X2 Climate; Sensative Strips; Yobiiq EM4301 and EM2101; Elvaco (`_elvaco.py`).
A make is chosen by its name in the device's profile, type or application, then by the block of its EUI, and only the formats
whose bytes check themselves (every type known, length exact, values possible) by their shape. Anything else stays unread:
raw bytes are never guessed into values.
"""

import math
import struct
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from collectors.decoders import _elvaco
from collectors.decoders._envelope import Uplink
from collectors.fields import Field, epoch
from collectors.messages import Observation
from config.domain.quantities import Accumulation
from config.errors import MessageError, Undecodable

_C, _G = Accumulation.COUNTER, Accumulation.GAUGE

Codec = Callable[[Uplink], Iterable[Observation]]

TEMPERATURE = Field("temperature", "°C", _G)
HUMIDITY = Field("relative_humidity", "%", _G)
CO2 = Field("co2", "ppm", _G)
ILLUMINANCE = Field("illuminance", "lx", _G)
PRESSURE = Field("pressure", "hPa", _G)
TVOC = Field("tvoc", "ppb", _G)
WATER_VOLUME = Field("water_volume", "l", _C)


def frame_observations(uplink: Uplink) -> Iterator[Observation]:
    """What the frame says.

    Raises:
        Undecodable: no make is known, or the frame is not what the make documents.
    """
    for name, codec in _NAMED:
        if name in uplink.hints:
            yield from codec(uplink)
            return
    for block, codec in _EUI_BLOCKS:
        if uplink.eui.startswith(block):
            yield from codec(uplink)
            return
    for recognise in _SELF_CHECKING:
        found = recognise(uplink)
        if found is not None:
            yield from found
            return
    raise Undecodable(f"{uplink.device}: a raw frame of an unknown make; give the device a codec in the network server")


def _observation(field: Field, value: float, uplink: Uplink, time: datetime | None = None, channel: str = "") -> Observation:
    return Observation(
        uplink.device, field.quantity, value, field.unit, time or uplink.time, field.accumulation, channel or field.channel
    )


# Elsys: a type byte, then its value, big-endian. Lengths of all types; fields of those that are measurements.


@dataclass(frozen=True, slots=True)
class Scaled:
    """A number of `length` bytes divided by `divisor`; `invalid` are raw numbers that stand for "no value"."""

    field: Field
    length: int
    divisor: float = 1.0
    signed: bool = False
    invalid: frozenset[int] = frozenset()


ELSYS_LENGTHS = {
    0x01: 2, 0x02: 1, 0x03: 3, 0x04: 2, 0x05: 1, 0x06: 2, 0x07: 2, 0x08: 2, 0x09: 6, 0x0A: 2, 0x0B: 4, 0x0C: 2, 0x0D: 1, 0x0E: 2,
    0x0F: 1, 0x10: 4, 0x11: 1, 0x12: 1, 0x13: 65, 0x14: 4, 0x15: 2, 0x16: 2, 0x17: 4, 0x18: 2, 0x19: 2, 0x1A: 1, 0x1B: 4, 0x1C: 2,
    0x3D: 4,
}  # fmt: skip
ELSYS_SETTINGS = 0x3E
NO_PROBE = frozenset({-2000})  # -200.0 °C: the probe is not connected
ELSYS_FIELDS = {
    0x01: Scaled(TEMPERATURE, 2, 10, signed=True, invalid=NO_PROBE),
    0x02: Scaled(HUMIDITY, 1),
    0x04: Scaled(ILLUMINANCE, 2),
    0x06: Scaled(CO2, 2),
    0x0B: Scaled(Field("pulses", "pulses", _C, "1"), 4),
    0x0C: Scaled(Field("temperature", "°C", _G, "external"), 2, 10, signed=True, invalid=NO_PROBE),
    0x14: Scaled(PRESSURE, 4, 1000, signed=True),
    0x17: Scaled(Field("pulses", "pulses", _C, "2"), 4),
    0x19: Scaled(Field("temperature", "°C", _G, "external_2"), 2, 10, signed=True, invalid=NO_PROBE),
    0x1C: Scaled(TVOC, 2),
}
ELSYS_INFRARED = 0x10


def elsys(uplink: Uplink) -> list[Observation]:
    """What stands before a type that is not known; without the length of one nothing after it can be read."""
    return _elsys(uplink)[0]


ELSYS_ROOM = (0x01, 0x02)  # temperature and humidity stand first in the frames of every room and climate sensor


def elsys_by_shape(uplink: Uplink) -> list[Observation] | None:
    """None unless it begins as Elsys' climate sensors do, every byte belongs to a known type and the values can be true."""
    data = uplink.data
    if len(data) < 5 or (data[0], data[3]) != ELSYS_ROOM:
        return None
    found, whole = _elsys(uplink)
    return found if whole and _possible(found) else None


def _elsys(uplink: Uplink) -> tuple[list[Observation], bool]:
    found: list[Observation] = []
    data, at = uplink.data, 0
    while at < len(data):
        code = data[at]
        if code == ELSYS_SETTINGS:
            return found, False
        length = ELSYS_LENGTHS.get(code)
        if length is None or at + 1 + length > len(data):
            return found, False
        raw = data[at + 1 : at + 1 + length]
        at += 1 + length
        field = ELSYS_FIELDS.get(code)
        if field is not None:
            found += _scaled(field, int.from_bytes(raw, "big", signed=field.signed), uplink)
        elif code == ELSYS_INFRARED:
            for part, channel in ((raw[:2], "internal"), (raw[2:], "infrared")):
                value = int.from_bytes(part, "big", signed=True)
                found += _scaled(Scaled(Field("temperature", "°C", _G, channel), 2, 10, invalid=NO_PROBE), value, uplink)
    return found, True


def _scaled(scaled: Scaled, raw: int, uplink: Uplink, time: datetime | None = None) -> list[Observation]:
    if raw in scaled.invalid:
        return []
    return [_observation(scaled.field, raw / scaled.divisor, uplink, time)]


POSSIBLE = {
    ("temperature", "°C"): (-60.0, 150.0),
    ("relative_humidity", "%"): (0.0, 100.0),
    ("co2", "ppm"): (0.0, 40_000.0),
    ("pressure", "hPa"): (300.0, 1_200.0),
}


def _possible(found: list[Observation]) -> bool:
    """Whether there is any value and each could be true of a room or a climate."""
    return bool(found) and all(_could_be(item) for item in found)


def _could_be(item: Observation) -> bool:
    low, high = POSSIBLE.get((item.quantity, item.unit or ""), (-math.inf, math.inf))
    return low <= item.value <= high


# Milesight: channel, type, value, little-endian. The same type has other meanings on other channels.

MILESIGHT_LENGTHS = {
    (0x01, 0x75): 1, (0x04, 0x00): 1, (0x05, 0x00): 1, (0x06, 0x00): 1, (0x03, 0x00): 1, (0x05, 0x6A): 2, (0x03, 0x82): 2,
    (0x04, 0x82): 2, (0x84, 0x82): 3, (0x0E, 0x01): 1, (0x08, 0x70): 1, (0xFF, 0x01): 1, (0xFF, 0x08): 6, (0xFF, 0x09): 2,
    (0xFF, 0x0A): 2, (0xFF, 0x0B): 1, (0xFF, 0x0F): 1, (0xFF, 0x16): 8, (0xFF, 0xFE): 1, (0xFF, 0xFF): 2, (0x06, 0x88): 9,
    (0x06, 0xCB): 1, (0x84, 0x68): 2, (0x04, 0x67): 2, (0x03, 0xED): 1, (0x03, 0x77): 2, (0x05, 0x7F): 2,
    (0x04, 0xCA): 2, (0x03, 0x97): 4, (0x05, 0x5B): 7, (0x04, 0x88): 9, (0x06, 0xD9): 9, (0x03, 0xCF): 7, (0x03, 0xD4): 7,
    (0x04, 0xD6): 1,
    (0x05, 0xE7): 1, (0x06, 0xE8): 1, (0x07, 0xBC): 1, (0x08, 0x8E): 1, (0x0A, 0x6E): 1,
}  # fmt: skip
NO_SENSOR = frozenset({0xFFFF})  # a sensor that is absent or still polarising
MILESIGHT_FIELDS = {
    (0x03, 0x67): Scaled(TEMPERATURE, 2, 10, signed=True, invalid=frozenset({-1})),
    (0x02, 0x67): Scaled(TEMPERATURE, 2, 10, signed=True, invalid=frozenset({-1})),
    (0x09, 0x67): Scaled(TEMPERATURE, 2, 10, signed=True, invalid=frozenset({-1})),
    (0x83, 0x67): Scaled(TEMPERATURE, 3, 10, signed=True),
    (0x03, 0x68): Scaled(HUMIDITY, 1, 2, invalid=frozenset({0xFF})),
    (0x04, 0x68): Scaled(HUMIDITY, 1, 2, invalid=frozenset({0xFF})),
    (0x09, 0x68): Scaled(HUMIDITY, 1, 2, invalid=frozenset({0xFF})),
    (0x04, 0x98): Scaled(Field("current", "A", _G), 2, 100, invalid=NO_SENSOR),
    (0x06, 0x65): Scaled(ILLUMINANCE, 6, invalid=NO_SENSOR),
    (0x03, 0x94): Scaled(ILLUMINANCE, 4),
    (0x05, 0x7D): Scaled(CO2, 2, invalid=NO_SENSOR),
    (0x07, 0x7D): Scaled(CO2, 2, invalid=NO_SENSOR),
    (0x08, 0x7D): Scaled(TVOC, 2, invalid=NO_SENSOR),
    (0x06, 0x73): Scaled(PRESSURE, 2, 10, invalid=NO_SENSOR),
    (0x09, 0x73): Scaled(PRESSURE, 2, 10, invalid=NO_SENSOR),
    (0x0A, 0x7D): Scaled(Field("formaldehyde", "mg/m³", _G), 2, 100, invalid=NO_SENSOR),
    (0x0B, 0x7D): Scaled(Field("pm2_5", "µg/m³", _G), 2, invalid=NO_SENSOR),
    (0x0C, 0x7D): Scaled(Field("pm10", "µg/m³", _G), 2, invalid=NO_SENSOR),
    (0x0D, 0x7D): Scaled(Field("ozone", "ppm", _G), 2, 100, invalid=NO_SENSOR),
    (0x03, 0x7B): Scaled(Field("pressure", "kPa", _G), 2),
    (0x05, 0xC8): Scaled(Field("pulses", "pulses", _C), 4),
    (0x03, 0x74): Scaled(Field("voltage", "V", _G), 2, 10),
    (0x04, 0x80): Scaled(Field("active_power", "W", _G), 4, signed=True),
    (0x05, 0x81): Scaled(Field("power_factor", "%", _G), 1),
    (0x06, 0x83): Scaled(Field("active_energy_import", "Wh", _C), 4),
    (0x07, 0xC9): Scaled(Field("current", "mA", _G), 2),
}
MILESIGHT_SIGNIFICANT = {(0x83, 0x67): 2, (0x06, 0x65): 2}  # bytes of the value where more follow it (an alarm, other channels)
MILESIGHT_HISTORY = (0x20, 0xCE)
HISTORY_LENGTHS = (13, 9, 8, 7)  # epoch, temperature, humidity; then a status, CO2 (AM103), or mode, input and pulses (EM300-DI)
HISTORY_CO2, HISTORY_PULSES, COUNTING = 9, 13, 2
MILESIGHT_PORT = 85
MILESIGHT_BATTERY = b"\x01\x75"
WATER_COUNTERS = {
    (0x05, 0xE1): 8,
    (0x85, 0xE1): 9,
}  # EM300-DI: two pulse weights, then the volume, a real, in the unit that was set
SOIL = (0x05, 0x7F)  # conductivity: the humidity beside it is the ground's


def milesight(uplink: Uplink) -> list[Observation]:
    """What stands before a channel that is not known."""
    return _milesight(uplink)[0]


def milesight_by_shape(uplink: Uplink) -> list[Observation] | None:
    """None unless it begins with the battery on Milesight's port, or every byte on that port belongs to a known channel.

    Cayenne's frames have the same numbers with the bytes the other way round, on other ports.
    """
    found, whole = _milesight(uplink)
    begins = uplink.data.startswith(MILESIGHT_BATTERY)
    if uplink.port != MILESIGHT_PORT and not (begins and whole):
        return None
    if not (begins or whole) or (found and not _possible(found)):
        return None
    return found


def _milesight(uplink: Uplink) -> tuple[list[Observation], bool]:
    """The values, and whether every byte was understood."""
    found: list[Observation] = []
    data, at, soil = uplink.data, 0, False
    while at + 2 <= len(data):
        channel = (data[at], data[at + 1])
        soil |= channel == SOIL
        length = _milesight_length(data, at + 2, channel)
        if length is None or at + 2 + length > len(data):
            break
        raw = data[at + 2 : at + 2 + length]
        at += 2 + length
        scaled = MILESIGHT_FIELDS.get(channel)
        if channel == MILESIGHT_HISTORY:
            found += _milesight_history(raw, uplink)
        elif channel in WATER_COUNTERS:
            volume = struct.unpack_from("<f", raw, 4)[0]
            if math.isfinite(volume):
                found.append(_observation(Field("water_volume", None, _C), float(f"{volume:.7g}"), uplink))
        elif scaled:
            number = int.from_bytes(raw[: MILESIGHT_SIGNIFICANT.get(channel, length)], "little", signed=scaled.signed)
            found += _scaled(scaled, number, uplink)
    if soil:
        found = [item for item in found if item.quantity != HUMIDITY.quantity]
    return found, at == len(data) and bool(data)


def _milesight_length(data: bytes, at: int, channel: tuple[int, int]) -> int | None:
    """Bytes of the value at `at`; of a history record the length at whose end the frame or another one begins."""
    if channel == MILESIGHT_HISTORY:
        header = bytes(MILESIGHT_HISTORY)
        return next((n for n in HISTORY_LENGTHS if at + n == len(data) or data[at + n : at + n + 2] == header), None)
    scaled = MILESIGHT_FIELDS.get(channel)
    return scaled.length if scaled else MILESIGHT_LENGTHS.get(channel, WATER_COUNTERS.get(channel))


def _milesight_history(raw: bytes, uplink: Uplink) -> list[Observation]:
    """A record kept while the network was away, with its own time. The pulses count only where the input is a counter."""
    time = epoch(int.from_bytes(raw[:4], "little"))
    if time is None:
        return []
    found = _scaled(MILESIGHT_FIELDS[0x03, 0x67], int.from_bytes(raw[4:6], "little", signed=True), uplink, time)
    found += _scaled(MILESIGHT_FIELDS[0x04, 0x68], raw[6], uplink, time)
    if len(raw) == HISTORY_CO2:
        found += _scaled(MILESIGHT_FIELDS[0x07, 0x7D], int.from_bytes(raw[7:9], "little"), uplink, time)
    if len(raw) == HISTORY_PULSES and raw[7] == COUNTING:
        found += _scaled(MILESIGHT_FIELDS[0x05, 0xC8], int.from_bytes(raw[9:13], "little"), uplink, time)
    return found if _possible(found) else []  # another model's record of the same length


# Axioma Qalcosonic W1 on port 100, little-endian, litres: now, a logged volume, and hourly differences after it.

AXIOMA_PORT = 100
AXIOMA_ALARM_LENGTH = 5
HOUR = timedelta(hours=1)
LOG_REACH = timedelta(hours=48)  # the log begins at most this long before the frame's time


def axioma(uplink: Uplink) -> Iterator[Observation]:
    """The volume now, the water temperature where the variant has it, and the hourly log with each hour's own time."""
    data = uplink.data
    if uplink.port not in (AXIOMA_PORT, None) or len(data) == AXIOMA_ALARM_LENGTH:
        return  # alarms and configuration have ports of their own
    if len(data) in (51, 52) and data[0] == 1:
        yield from _axioma_enhanced(uplink)
        return
    time = epoch(int.from_bytes(data[:4], "little"))
    if len(data) < 17 or time is None:
        raise Undecodable(f"{uplink.device}: no Qalcosonic W1 frame of {len(data)} bytes")
    yield _observation(WATER_VOLUME, float(int.from_bytes(data[5:9], "little")), uplink, time)
    for log_at in (9, 11):  # without and with temperature: told apart by a log time that fits the frame's
        begins = epoch(int.from_bytes(data[log_at : log_at + 4], "little"))
        if begins is not None and -HOUR <= time - begins <= LOG_REACH:
            break
    else:
        return
    if log_at == 11:
        yield _observation(
            Field("water_temperature", "°C", _G), int.from_bytes(data[9:11], "little", signed=True) / 100, uplink, time
        )
    hour = begins.replace(minute=0, second=0)
    volume = int.from_bytes(data[log_at + 4 : log_at + 8], "little")
    yield _observation(WATER_VOLUME, float(volume), uplink, hour)
    for at in range(log_at + 8, len(data) - 1, 2):
        volume += int.from_bytes(data[at : at + 2], "little", signed=True)
        hour += HOUR
        yield _observation(WATER_VOLUME, float(volume), uplink, hour)


def _axioma_enhanced(uplink: Uplink) -> Iterator[Observation]:
    """The day before: its volume at 01:00 and 23 hourly differences of 14 bits."""
    data = uplink.data
    time = epoch(int.from_bytes(data[1:5], "little"))
    if time is None:
        raise Undecodable(f"{uplink.device}: the Qalcosonic's clock is not set")
    hour = datetime(time.year, time.month, time.day, 1, tzinfo=UTC) - timedelta(days=1)
    volume = int.from_bytes(data[6:10], "little")
    yield _observation(WATER_VOLUME, float(volume), uplink, hour)
    bits = int.from_bytes(data[10:], "little")
    for index in range(23):
        volume += bits >> (14 * index) & 0x3FFF
        hour += HOUR
        yield _observation(WATER_VOLUME, float(volume), uplink, hour)


# One fixed frame each.

SENLAB_FAULTS = (-46.75, 85.0)  # no sensor, and the sensor's value after a restart


def senlab(uplink: Uplink) -> Iterator[Observation]:
    """SenLab T: the last two bytes are sixteenths of a degree."""
    if len(uplink.data) < 8 or uplink.data[0] != 0x01:
        raise Undecodable(f"{uplink.device}: no SenLab T frame")
    value = int.from_bytes(uplink.data[-2:], "big", signed=True) / 16
    if value not in SENLAB_FAULTS:
        yield _observation(TEMPERATURE, value, uplink)


def talkpool(uplink: Uplink) -> Iterator[Observation]:
    """OY1210 on port 2: twelve bits of temperature and humidity with shared nibbles, then CO2."""
    data = uplink.data
    if uplink.port != 2 or len(data) != 5:
        raise Undecodable(f"{uplink.device}: no OY1210 frame of {len(data)} bytes on port {uplink.port}")
    yield _observation(TEMPERATURE, round(((data[0] << 4) | (data[2] >> 4)) / 10 - 80, 1), uplink)
    yield _observation(HUMIDITY, round(((data[1] << 4) | (data[2] & 0x0F)) / 10 - 25, 1), uplink)
    yield _observation(CO2, float(int.from_bytes(data[3:5], "big")), uplink)


def x2climate(uplink: Uplink) -> Iterator[Observation]:
    """Port 2, 19 bytes."""
    data = uplink.data
    if uplink.port != 2 or len(data) != 19:
        raise Undecodable(f"{uplink.device}: no X2 Climate frame of {len(data)} bytes on port {uplink.port}")
    yield _observation(TEMPERATURE, int.from_bytes(data[4:6], "big") / 1600, uplink)
    yield _observation(HUMIDITY, int.from_bytes(data[8:10], "big") / 100, uplink)


SENSATIVE_LENGTHS = {1: 1, 2: 2, 3: 1, 4: 2, 5: 1, 6: 1, 7: 2, 8: 2, 9: 1, 10: 1, 11: 2, 21: 1, 110: 8}
SENSATIVE_FIELDS = {
    2: Scaled(TEMPERATURE, 2, 10, signed=True),
    6: Scaled(HUMIDITY, 1, 2),
    7: Scaled(ILLUMINANCE, 2),
}


def sensative(uplink: Uplink) -> list[Observation]:
    """Strips: two bytes of history number, then channel and value."""
    found: list[Observation] = []
    data, at = uplink.data, 2
    while at < len(data):
        channel = data[at] & 0x7F
        length = SENSATIVE_LENGTHS.get(channel)
        if length is None or at + 1 + length > len(data):
            break
        scaled = SENSATIVE_FIELDS.get(channel)
        if scaled:
            found += _scaled(scaled, int.from_bytes(data[at + 1 : at + 1 + length], "big", signed=scaled.signed), uplink)
        at += 1 + length
    return found


# Yobiiq EM4301 (three phases) and EM2101 (one): channel, type, value, big-endian; the type alone gives length and meaning.

YOBIIQ_TIMES = (0x03, 0x01)  # the data logger's, else the frame's
YOBIIQ_PORTS = range(1, 11)
YOBIIQ_MODBUS_ERROR = (0x0B, 0x0A)
YOBIIQ_LENGTHS = {
    0x00: 4,
    0x01: 4,
    0x03: 4,
    0x20: 2,
    0x21: 2,
    0x22: 2,
    0x27: 4,
    0x28: 4,
    0x29: 4,
    0x2B: 4,
    0xF0: 2,
    0xF1: 2,
    0xF2: 2,
}
_PHASES = ("L1", "L2", "L3")
YOBIIQ_FIELDS = (
    {
        0x04: Scaled(Field("active_energy_import", "Wh", _C, "tariff_1"), 4),
        0x05: Scaled(Field("active_energy_import", "Wh", _C, "tariff_2"), 4),
        0x06: Scaled(Field("active_energy_export", "Wh", _C, "tariff_1"), 4),
        0x07: Scaled(Field("active_energy_export", "Wh", _C, "tariff_2"), 4),
        0x08: Scaled(Field("reactive_energy_import", "varh", _C, "tariff_1"), 4),
        0x09: Scaled(Field("reactive_energy_import", "varh", _C, "tariff_2"), 4),
        0x0A: Scaled(Field("reactive_energy_export", "varh", _C, "tariff_1"), 4),
        0x0B: Scaled(Field("reactive_energy_export", "varh", _C, "tariff_2"), 4),
        0x0F: Scaled(Field("current", "mA", _G, "sum"), 4, signed=True),
        0x13: Scaled(Field("active_power", "W", _G), 4, signed=True),
        0x23: Scaled(Field("frequency", "Hz", _G), 2, 100, signed=True),
        0x24: Scaled(Field("active_power", "kW", _G, "system"), 4),
        0x25: Scaled(Field("reactive_power", "kvar", _G, "system"), 4, 1000),
        0x26: Scaled(Field("apparent_power", "kVA", _G, "system"), 4, 1000),
        0x2A: Scaled(Field("active_power", "W", _G, "mean"), 4, signed=True),
    }
    | {0x0C + i: Scaled(Field("voltage", "V", _G, phase), 4, 10, signed=True) for i, phase in enumerate(_PHASES)}
    | {0x10 + i: Scaled(Field("current", "mA", _G, phase), 4, signed=True) for i, phase in enumerate(_PHASES)}
    | {0x14 + i: Scaled(Field("active_power", "W", _G, phase), 4, signed=True) for i, phase in enumerate(_PHASES)}
    | {0x17 + i: Scaled(Field("reactive_power", "kvar", _G, phase), 4, 1000, signed=True) for i, phase in enumerate(_PHASES)}
    | {0x1A + i: Scaled(Field("apparent_power", "kVA", _G, phase), 4, 1000, signed=True) for i, phase in enumerate(_PHASES)}
    | {0x1D + i: Scaled(Field("power_factor", "1", _G, phase), 1, 100, signed=True) for i, phase in enumerate(_PHASES)}
)


def yobiiq(uplink: Uplink) -> list[Observation]:
    """The registers with the time at which the meter logged them; a settings frame (port 50 and up) has none."""
    data, at = uplink.data, 0
    if uplink.port is not None and uplink.port not in YOBIIQ_PORTS:
        return []
    values: dict[int, int] = {}
    while at + 2 <= len(data):
        channel, code = data[at], data[at + 1]
        at += 2
        if (channel, code) == YOBIIQ_MODBUS_ERROR:
            at += 1
            continue
        scaled = YOBIIQ_FIELDS.get(code)
        length = scaled.length if scaled else YOBIIQ_LENGTHS.get(code)
        if length is None or at + length > len(data):
            break
        values[code] = int.from_bytes(data[at : at + length], "big", signed=scaled.signed if scaled else False)
        at += length
    time = next((epoch(values[code]) for code in YOBIIQ_TIMES if code in values), None)
    return [
        item for code, raw in values.items() if code in YOBIIQ_FIELDS for item in _scaled(YOBIIQ_FIELDS[code], raw, uplink, time)
    ]


def elvaco(uplink: Uplink) -> Iterator[Observation]:
    """A heat meter's module."""
    return _elvaco.frame_observations(uplink.data, uplink.device, uplink.time)


def elvaco_by_shape(uplink: Uplink) -> list[Observation] | None:
    """None unless the records hold the meter's number."""
    try:
        return list(elvaco(uplink)) if _elvaco.is_module_frame(uplink.data) else None
    except MessageError:
        return None


_NAMED: tuple[tuple[str, Codec], ...] = (
    ("elsys", elsys), ("elt_2", elsys), ("elt-2", elsys), ("ers_co2", elsys), ("ers-co2", elsys), ("ers2", elsys),
    ("milesight", milesight), ("ct101", milesight), ("ct103", milesight), ("ts101", milesight), ("wt201", milesight),
    ("em300", milesight), ("em500", milesight), ("am103", milesight), ("am107", milesight),
    ("am307", milesight), ("am319", milesight), ("ws52", milesight),
    ("qalcosonic", axioma), ("axioma", axioma),
    ("senlab", senlab), ("tem_lab", senlab),
    ("oy1210", talkpool), ("x2climate", x2climate), ("x2 climate", x2climate),
    ("sensative", sensative), ("strips_lora", sensative),
    ("yobiiq", yobiiq), ("em4301", yobiiq), ("em2101", yobiiq),
    ("elvaco", elvaco), ("cmi41", elvaco),
)  # fmt: skip
_EUI_BLOCKS: tuple[tuple[str, Codec], ...] = (
    ("a81758", elsys),
    ("24e124", milesight),
    ("70b3d5d72", talkpool),
    ("70b3d580a", senlab),
    ("fc48c9", yobiiq),
    ("94193a", elvaco),
)
_SELF_CHECKING: tuple[Callable[[Uplink], list[Observation] | None], ...] = (milesight_by_shape, elsys_by_shape, elvaco_by_shape)
