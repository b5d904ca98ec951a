"""Cases as published: reading them, running them, and what counts as found. The rules are those of the published score."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from collectors import decoders
from collectors.decoding import Decoder
from collectors.groups import by_group, decode_in_group
from collectors.messages import Observation, RawMessage
from collectors.remembered import Remembered
from config.domain.quantities import UNITS
from config.errors import MessageError
from config.shelf import entries

LOCAL = ZoneInfo("Europe/Stockholm")
RECEIVED = datetime(2026, 11, 23, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Case:
    """A published message and what it says."""

    path: Path
    message: RawMessage
    notes: str
    expect: list[dict[str, Any]]

    @property
    def name(self) -> str:
        return f"{self.path.parent.name}/{self.path.stem}"


def read_case(path: Path) -> Case:
    content = orjson.loads(path.read_bytes())
    payload = bytes.fromhex(content["payload_hex"]) if "payload_hex" in content else content["payload"].encode()
    message = RawMessage(topic=content.get("topic") or "", payload=payload, received=RECEIVED)
    return Case(path, message, content["notes"], content["expect"])


def shelf() -> list[Decoder]:
    return entries(decoders, "DECODER", Decoder)


def run(family: str, cases: Iterable[Case]) -> dict[str, list[Observation] | MessageError]:
    """What the group reads in each message, in file order: a later one may need an earlier one."""
    group = by_group(shelf())[family]
    remembered = Remembered(group)
    answers: dict[str, list[Observation] | MessageError] = {}
    for case in cases:
        asked: list[str] = []

        def recall(topic: str, asked: list[str] = asked) -> RawMessage | None:
            asked.append(topic)
            return remembered.recall(topic)

        try:
            answers[case.name] = decode_in_group(group, case.message, recall)
        except MessageError as error:
            answers[case.name] = error
        if case.message.topic or not asked:
            remembered.observe(case.message)
    return answers


def differences(case: Case, answer: Sequence[Observation] | MessageError) -> tuple[list[str], list[str]]:
    """(expected values that were not found, observations that nobody expected)."""
    if isinstance(answer, MessageError):
        if "[may-reject]" in case.notes:
            return [], []
        return [f"{case.name}: {wanted} (rejected: {answer})" for wanted in case.expect], []
    left = list(answer)
    missed = []
    for wanted in case.expect:
        hit = next((observation for observation in left if _matches(wanted, observation)), None)
        if hit is None:
            missed.append(f"{case.name}: {wanted}")
        else:
            left.remove(hit)
    return missed, [f"{case.name}: {observation}" for observation in left]


def _matches(wanted: dict[str, Any], observation: Observation) -> bool:
    dimension, value = _canonical(observation.value, observation.unit)
    wanted_dimension, wanted_value = _canonical(float(wanted["value"]), wanted["unit"])
    return (
        observation.device == wanted["device"]
        and observation.accumulation.value == wanted["kind"]
        and (wanted["unit"] is None or dimension == wanted_dimension)
        and math.isclose(value, wanted_value, rel_tol=1e-6, abs_tol=1e-9)
        and (wanted["time"] is None or _same_instant(observation.time, wanted["time"]))
    )


def _canonical(value: float, unit: str | None) -> tuple[str, float]:
    if unit in (None, "1", ""):
        return "number", value
    known = UNITS.get(str(unit))
    if known is None or known.dimension == "number":
        return str(unit), value
    return known.dimension, value * known.factor


def _same_instant(time: datetime | None, wanted: str) -> bool:
    if time is None:
        return False
    moment = datetime.fromisoformat(wanted)
    return abs(_aware(time).timestamp() - _aware(moment).timestamp()) < 1.0


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=LOCAL)
