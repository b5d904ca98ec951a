"""What was done with one thing of Grafana's, and how it was told apart from what people made."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import unified_diff
from enum import StrEnum
from typing import Any

import orjson


class Outcome(StrEnum):
    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REMOVED = "removed"
    KEPT = "kept"  # made or changed by hand: not touched
    REFUSED = "refused"  # Grafana does not take it
    LACKING = "lacking"  # this Grafana has no such thing, or we may not


@dataclass(frozen=True, slots=True)
class Change:
    """What was done, or in a dry run would be done, with one thing."""

    kind: str
    uid: str
    outcome: Outcome
    reason: str = ""
    difference: tuple[str, ...] = ()


def difference(live: Mapping[str, Any], want: Mapping[str, Any]) -> tuple[str, ...]:
    """Line by line; nothing where they are the same."""
    before, after = (
        orjson.dumps(each, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2).decode().splitlines() for each in (live, want)
    )
    return tuple(unified_diff(before, after, "in Grafana", "wanted", n=1, lineterm=""))


def digest(content: Mapping[str, Any]) -> str:
    """A short fingerprint of JSON, whatever the order of its keys."""
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()[:12]


def part_of(live: Any, want: Any) -> Any:
    """Of what Grafana stores, only what `want` speaks of: it adds numbers, times and defaults of its own."""
    if isinstance(want, Mapping) and isinstance(live, Mapping):
        return {key: part_of(live.get(key), value) for key, value in want.items()}
    if isinstance(want, list) and isinstance(live, list) and len(live) == len(want):
        return [part_of(each, value) for each, value in zip(live, want, strict=True)]
    return live
