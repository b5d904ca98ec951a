"""Elvaco's ways beyond the published cases: bare frames, answers and columns."""

from datetime import UTC, datetime

import pytest

from collectors.decoders.elvaco import decode
from collectors.messages import Observation, RawMessage
from config.errors import MessageError, Unrecognised

ANSWER = bytes.fromhex("08 14 72 68710405 AC48 41 04 47 00 0000 0C06 45230100 4C06 11110100 0B3B 050300 0F00")
LONG = bytes([0x68, len(ANSWER), len(ANSWER), 0x68]) + ANSWER + bytes([sum(ANSWER) & 0xFF, 0x16])
MODULE = bytes.fromhex("15 04060A000000 44060B000000 025AF6FF 0C7821436587 3406 00000000")


def read(payload: bytes, topic: str = "") -> list[Observation]:
    message = RawMessage(topic=topic, payload=payload, received=datetime(2026, 11, 23, tzinfo=UTC))
    return list(decode(message, lambda _topic: None))


@pytest.mark.parametrize("payload", [LONG, LONG.hex().encode()], ids=["bytes", "hex text"])
def test_a_bare_answer_is_named_by_the_meter(payload: bytes) -> None:
    """12 345 kWh and 0.305 m³/h of meter 05047168; last month's register (storage 1) is history and left out."""
    found = [(item.device, item.quantity, item.value, item.unit) for item in read(payload)]

    assert found == [("05047168", "heat_energy", 12_345_000.0, "Wh"), ("05047168", "volume_flow", 0.305, "m3/h")]


def test_a_modules_stored_energy_is_a_channel_of_its_own() -> None:
    """It must not become the total; a value during an error (34) is none."""
    found = [(item.device, item.quantity, item.channel, item.value) for item in read(MODULE)]

    assert found == [
        ("87654321", "heat_energy", "", 10_000.0),
        ("87654321", "heat_energy", "storage_1", 11_000.0),
        ("87654321", "flow_temperature", "", -1.0),
    ]


def test_columns_with_their_unit_are_read_and_stored_ones_are_not() -> None:
    """A report with a column a value: name, unit, function, storage, tariff, subunit."""
    columns = "energy,MWh,inst-value,0,0,0;energy,MWh,inst-value,1,0,0;flow-temp,C,inst-value,0,0,0"
    rows = f"""serial-number;device-identification;created;{columns}
0016123456;05047168;2026-11-23 11:00:00;12.345;11.0;80.3
0016123456;05047169;2026-11-23 11:00:00;;;
"""
    found = [(item.device, item.quantity, item.value, item.unit, str(item.time)) for item in read(rows.encode())]

    assert found == [
        ("05047168", "heat_energy", 12.345, "MWh", "2026-11-23 11:00:00"),
        ("05047168", "flow_temperature", 80.3, "°C", "2026-11-23 11:00:00"),
    ]


OTHERS = {"text": b"hello", "another CSV": b"a;b\n1;2\n", "another JSON": b'{"a":1}', "nothing": b"", "a number": b"12345678"}


@pytest.mark.parametrize("name", OTHERS)
def test_other_messages_are_not_recognised(name: str) -> None:
    """The next decoder may know them."""
    with pytest.raises(Unrecognised):
        read(OTHERS[name])


def test_an_answer_without_identification_is_refused() -> None:
    """Two nameless meters would become one."""
    inner = bytes.fromhex("08 14 78 0C06 45230100")
    with pytest.raises(MessageError, match="names the meter"):
        read(bytes([0x68, len(inner), len(inner), 0x68]) + inner + bytes([sum(inner) & 0xFF, 0x16]))
