"""Registers on record that the readings contradict, in words: what was noted, what was read, what to correct. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from config.domain.intervals import Finding


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One register on record and the reading beside it. [unit of the point]

    `at_removal`: it is a meter's last (`end_register`), and `read` the reading before it; else its first (`start_register`), and
    `read` the reading after it.
    """

    meter: str
    noted: float
    read: float
    at_removal: bool


def contradictions(evidence: Mapping[str, Any]) -> Iterator[Contradiction]:
    """Those that a finding's evidence tells of; none of another finding's."""
    for meter, register, reading, at_removal in (
        ("old_meter", "old_register", "last_read", True),
        ("new_meter", "new_register", "first_read", False),
    ):
        noted, read = evidence.get(register), evidence.get(reading)
        if noted is not None and read and read[-1] != noted:  # one that was taken stands among the readings as one of them
            yield Contradiction(str(evidence[meter]), noted, read[-1], at_removal)


def contradicts_record(found: Finding) -> bool:
    """Whether it tells of a register on record that is not used since the readings contradict it."""
    return next(contradictions(found.evidence), None) is not None


def in_words(evidence: Mapping[str, Any]) -> tuple[str, str]:
    """In Swedish and in English, without a full stop."""
    sides = list(contradictions(evidence))
    unit = str(evidence.get("unit", "")).replace("m3", "m³")
    entries = [("end_register" if side.at_removal else "start_register") for side in sides]
    swedish = [
        f"{side.meter} antecknad vid {_swedish(side.noted, unit)} men avläst vid {_swedish(side.read, unit)} "
        f"{'dessförinnan' if side.at_removal else 'därefter'}"
        for side in sides
    ]
    english = [
        f"{side.meter} on record at {_english(side.noted, unit)} but read at {_english(side.read, unit)} "
        f"{'before' if side.at_removal else 'after'} it"
        for side in sides
    ]
    return (
        f"{', '.join(swedish)}; rätta den antecknade ställningen ({', '.join(entries)}) eller tiden",
        f"{', '.join(english)}; correct the level on record ({', '.join(entries)}) or the time",
    )


def _english(level: float, unit: str) -> str:
    return f"{level:.15g} {unit}".rstrip()


def _swedish(level: float, unit: str) -> str:
    return _english(level, unit).replace(".", ",")
