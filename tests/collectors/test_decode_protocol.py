"""The line protocol: one answer a line, whatever the line."""

import subprocess
import sys

import orjson
import pytest

from collectors.decode_protocol import DecodeProtocol
from tests.collectors.decoders.matching import shelf

LINE = {"family": "wmbusmeters", "topic": "wmbusmeters/1", "received": "2026-11-23T12:00:00Z"}
TELEGRAM = (
    '{"media":"heat","meter":"kamheat","id":"00000001","total_energy_consumption_kwh":44,"timestamp":"2026-11-23T11:59:00Z"}'
)
BROKEN = {
    "no JSON": b"x",
    "empty": b"",
    "no object": b"[]",
    "no family": b"{}",
    "unknown family": b'{"family":"abacus","payload":""}',
    "family of another kind": b'{"family":["rec"],"payload":""}',
    "no payload": b'{"family":"rec"}',
    "payload of another kind": b'{"family":"rec","payload":1}',
    "hex that is none": b'{"family":"rec","payload_hex":"zz"}',
    "broken UTF-8": b'{"family":"rec","payload":"\xff"}',
}


def test_a_reading_is_told_in_full() -> None:
    """The answer names device, quantity, value, unit, time and kind."""
    answer = orjson.loads(DecodeProtocol(shelf()).answer(orjson.dumps(LINE | {"payload": TELEGRAM})))

    assert answer == {
        "readings": [
            {
                "device": "00000001",
                "quantity": "heat_energy",
                "channel": "",
                "value": 44.0,
                "unit": "kWh",
                "time": "2026-11-23T11:59:00Z",
                "kind": "counter",
            }
        ],
        "rejected": None,
    }


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_line_gets_its_answer(name: str) -> None:
    """The caller counts lines: a missing answer would shift all that follow."""
    answer = orjson.loads(DecodeProtocol(shelf()).answer(BROKEN[name]))

    assert answer["readings"] == []
    assert answer["rejected"]


def test_the_command_answers_each_line_before_the_next_is_written() -> None:
    """A caller may wait for the answer; a full buffer would leave both waiting."""
    command = [sys.executable, "-c", "from services.app.cli import main; main()", "decode"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        answers = []
        for line in (orjson.dumps(LINE | {"payload": TELEGRAM}), b"x"):
            process.stdin.write(line + b"\n")
            process.stdin.flush()
            answers.append(orjson.loads(process.stdout.readline()))
        process.stdin.close()

    assert [len(answer["readings"]) for answer in answers] == [1, 0]
    assert process.returncode == 0
