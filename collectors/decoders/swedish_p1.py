"""P1/H1 telegrams as text, whole (any reader) or split into a topic a value (energyintelligence.se and alike), or line by line.

Format: SS-EN 62056-21 telegram, Swedish industry recommendation for the customer interface; DSMR P1; German SML text with *255.
A unit in the telegram counts; the split form's unit is on the sibling topic, and its trees have fixed units.
Left out on purpose: power failure logs, text messages, breaker states.
"""

import re
from collections.abc import Iterator

import orjson

from collectors.decoders._obis import LINE, observations
from collectors.decoding import Decoder, Recall
from collectors.fields import Field, number_in_text, payload_text
from collectors.messages import Observation, RawMessage
from config.domain.quantities import Accumulation
from config.errors import Undecodable, Unrecognised

C, G = Accumulation.COUNTER, Accumulation.GAUGE

SPLIT = {
    "Energy/Active/Positive": Field("active_energy_import", "kWh", C),
    "Energy/Active/Negative": Field("active_energy_export", "kWh", C),
    "Energy/Reactive/Positive": Field("reactive_energy_import", "kvarh", C),
    "Energy/Reactive/Negative": Field("reactive_energy_export", "kvarh", C),
    "Power/Instant/Active/Positive": Field("active_power_import", "kW", G),
    "Power/Instant/Active/Negative": Field("active_power_export", "kW", G),
    "Power/Instant/Reactive/Positive": Field("reactive_power_import", "kvar", G),
    "Power/Instant/Reactive/Negative": Field("reactive_power_export", "kvar", G),
    **{
        f"Power/Instant/Active/{sign}/L{n}": Field(f"active_power_{way}", "kW", G, f"l{n}")
        for sign, way in (("Positive", "import"), ("Negative", "export"))
        for n in (1, 2, 3)
    },
    **{f"Voltage/L{n}": Field("voltage", "V", G, f"l{n}") for n in (1, 2, 3)},
    **{f"Current/L{n}": Field("current", "A", G, f"l{n}") for n in (1, 2, 3)},
}
SPLIT_ROOTS = ("Energy", "Power", "Voltage", "Current")
LEAVES = frozenset({"raw", "telegram", "obis_stream", "value", "p1", "message", "data", "state", "dsmr", "han", "rawdata"})
FRAME = re.compile(r"/.*|![0-9A-Fa-f]{0,4}|\([^()]*\)|")  # identification, end with check sum, a value on a line of its own
CODE = re.compile(r"(?:\d-\d+:)?\d+\.\d+\.\d+.*")


def decode(message: RawMessage, recall: Recall) -> Iterator[Observation]:
    """The registers and powers of a telegram, a line of one, or one value of the split form."""
    levels = message.topic.split("/")
    if levels[-1] in ("value", "unit") and any(root in levels for root in SPLIT_ROOTS):
        return _split(levels, message, recall)
    text = payload_text(message)
    if '"SerialReceived"' in text:
        return _line(text, levels)
    lines = [line.strip() for line in text.splitlines()]
    if not any(LINE.fullmatch(line) for line in lines) or not (
        text.lstrip().startswith("/") or all(CODE.fullmatch(line) or FRAME.fullmatch(line) for line in lines)
    ):
        raise Unrecognised("no P1 telegram")
    return observations(iter(lines), _device(levels))


def _device(levels: list[str]) -> str:
    named = [level for level in levels if level and level not in LEAVES]
    if not named:
        raise Undecodable("neither telegram nor topic gives an id")
    return named[-1]


def _line(text: str, levels: list[str]) -> Iterator[Observation]:
    """A serial bridge publishes each line of the telegram by itself."""
    try:
        line = orjson.loads(text)["SerialReceived"]
    except (orjson.JSONDecodeError, TypeError, KeyError) as error:
        raise Undecodable(f"no JSON: {error}") from error
    if not isinstance(line, str) or len(levels) < 2:
        raise Undecodable("SerialReceived: a text was expected, on a topic that names the device")
    return observations(iter([line.strip()]), levels[-2])


def _split(levels: list[str], message: RawMessage, recall: Recall) -> Iterator[Observation]:
    start = next(index for index, level in enumerate(levels) if level in SPLIT_ROOTS)
    field = SPLIT.get("/".join(levels[start:-1]))
    if start == 0 or field is None:
        raise Unrecognised("no value of the split form")
    if levels[-1] == "unit":
        return
    value = number_in_text(payload_text(message))
    if value is None:
        raise Undecodable("a number was expected")
    announced = recall("/".join([*levels[:-1], "unit"]))
    stated = announced.payload.decode("utf-8", "replace").strip() if announced is not None else ""
    unit = stated or field.unit
    yield Observation(levels[start - 1], field.quantity, value, unit, None, field.accumulation, field.channel)


DECODER = Decoder(
    family="swedish_p1",
    group="han-p1",
    topics=("+/raw", "+/Energy/#", "+/Power/#", "tele/+/RESULT"),
    decode=decode,
    remembers=tuple(
        f"{prefix}/{tree}/unit"
        for prefix in ("+", "+/+")
        for tree in ("Energy/+/+", "Power/+/+/+", "Power/+/+/+/+", "Voltage/+", "Current/+")
    ),
)
