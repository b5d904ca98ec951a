"""What the name of a value says about it, where nothing else does: its unit, whether it counts, whether it measures at all.

Names are the owner's own ("total_energy_kwh", "inverter energy yesterday"). A unit is one that the last words name; none is
guessed. A register is one whose words say that it adds up; what belongs to a day that is over does not.
"""

from functools import lru_cache

from collectors.decoders._keys import UNITS_OF_WORDS, WORDS
from config.domain.quantities import UNITS, Accumulation

_C, _G = Accumulation.COUNTER, Accumulation.GAUGE

COUNTED_UNITS = frozenset({"energy", "reactive_energy", "apparent_energy", "volume"})
COUNTING = frozenset({"energy", "total", "totalizer", "totaliser", "counter", "kwh", "wh", "mwh", "pulses", "volume"})
MOMENTARY = frozenset(
    {
        *("yesterday", "last", "previous", "average", "avg", "mean", "max", "min", "maximum", "minimum", "peak", "set", "target"),
        *("power", "current", "voltage", "temperature", "temp", "flow", "humidity", "pressure", "frequency", "price", "cost"),
        *("state", "level", "setpoint", "tank", "rate", "demand"),
    }
)
NOT_MEASURED = frozenset(
    {
        *("serial", "serialnumber", "version", "firmware", "hardware", "uptime", "rssi", "snr", "lqi", "wifi", "heap", "status"),
        *("error", "errors", "id", "uid", "uuid", "timestamp", "lat", "lon", "latitude", "longitude", "crc", "checksum", "port"),
        *("ip", "mac", "reboots", "restarts", "alarm", "fault", "model", "address", "sequence", "seq", "online", "availability"),
    }
)
ALONE = frozenset({"time", "date", "datetime", "ts", "epoch", "code", "mode", "type", "name", "unit", "channel", "count"})
RUNNING = frozenset({"working", "operating", "running", "operation", "run"})
NUMBERED = frozenset(
    {"phase", "channel", "sensor", "input", "output", "zone", "line", "unit", "meter", "port", "circuit", "group"}
)
SHORT = {  # a single letter is a unit only beside what it measures
    "c": frozenset({"temp", "temperature", "flow", "return", "supply", "outdoor", "indoor", "room", "water"}),
    "l": frozenset({"volume", "water", "consumption", "total"}),
    "v": frozenset({"voltage", "volt", "battery", "input", "output"}),
    "a": frozenset({"current", "amp"}),
}


@lru_cache(maxsize=16384)
def words(name: str) -> tuple[str, ...]:
    """The name's words in small letters."""
    return tuple(word.lower() for word in WORDS.findall(name))


def measures(name: str) -> bool:
    """Whether a number under the name can be a measurement: serial numbers, versions and signal strengths are none."""
    said = words(name)
    return NOT_MEASURED.isdisjoint(said) and not (len(said) == 1 and said[0] in ALONE)


@lru_cache(maxsize=16384)
def unit(name: str) -> str | None:
    """The unit that the last words name; None where they name none."""
    said = words(name)
    for length in (4, 3, 2, 1):
        if len(said) <= length:  # a unit alone names nothing
            continue
        found = "h" if said[-length:] == ("hours",) else UNITS_OF_WORDS.get(said[-length:])
        if found is None:
            continue
        before = frozenset(said[:-length])
        if length == 1 and said[-1] in SHORT and SHORT[said[-1]].isdisjoint(before):
            return None
        if said[-length:] == ("w",) and not NUMBERED.isdisjoint(before):
            return None
        return found
    return None


@lru_cache(maxsize=16384)
def accumulation(name: str, stated: str | None = None) -> Accumulation:
    """Whether a value under the name, in the unit `stated` if there is one, adds up."""
    said = frozenset(words(name))
    if not said.isdisjoint({"yesterday", "last", "previous", "average", "avg", "mean", "max", "min"}):
        return _G
    if "hours" in said and not said.isdisjoint(RUNNING):
        return _C
    known = UNITS.get(stated) if stated is not None else None
    if known is not None:
        return _C if known.dimension in COUNTED_UNITS else _G
    return _C if not said.isdisjoint(COUNTING) and said.isdisjoint(MOMENTARY) else _G
