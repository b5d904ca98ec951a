"""Settling invented worlds: one of each kind, at other places and sizes than the published ones.

Larger runs: `python -m tests.services.settlement.worlds --seed 2 --count 300 --out DIR`, judged by the published ones' scorer.
"""

import json
from functools import cache
from typing import Any

import numpy as np
import pytest

from services.settlement.protocol import answer
from tests.services.settlement.worlds import KINDS, draft_of
from tests.services.settlement.worlds_drafts import epoch, iso
from tests.services.settlement.worlds_expectations import scenario
from tests.services.settlement.worlds_loads import HOUR

SEED = 7
KIND_NUMBERS = [pytest.param(number, id=name) for number, (name, _, _) in enumerate(KINDS)]
PLAIN = {"mark": "no", "methods": ["measured"], "value": "near", "knowable": True, "coverage": [0.99, 1]}

World = dict[str, Any]
Hour = tuple[dict[str, Any], float, float, dict[str, Any]]  # (as settled, true, tolerance, what is asked)


@cache
def world(number: int) -> World:
    name, draft = draft_of(SEED, number)
    return scenario(draft, name)


@cache
def settled(number: int) -> World:
    return answered(world(number)["input"])


def answered(given: World) -> World:
    found: World = json.loads(answer(json.dumps(given).encode()))
    return found


def hours(number: int) -> list[Hour]:
    made = world(number)
    expect, first = made["expect"], epoch(made["input"]["from"])
    asked = [PLAIN] * len(made["truth"])
    for row in expect["hours"]:
        for at in range(epoch(row["from"]), epoch(row["to"]), HOUR):
            asked[(at - first) // HOUR] = row
    return list(zip(settled(number)["intervals"], made["truth"], expect["hour_tolerance"], asked, strict=True))


@pytest.mark.parametrize("number", KIND_NUMBERS)
def test_every_hour_is_answered_once_and_well_formed(number: int) -> None:
    """In order, null exactly where missing, coverage a share, and nothing negative that can only rise."""
    given, found = world(number)["input"], settled(number)["intervals"]
    start, end = epoch(given["from"]), epoch(given["to"])
    lowest = -np.inf if given["metering_point"]["direction"] == "net" else 0.0

    assert [row["start"] for row in found] == [iso(at) for at in range(start, end, HOUR)]
    assert all((row["value"] is None) == (row["method"] == "missing") for row in found)
    assert all(0 <= row["coverage"] <= 1 for row in found)
    assert all(row["value"] >= lowest for row in found if row["value"] is not None)


@pytest.mark.parametrize("number", KIND_NUMBERS)
def test_the_total_of_what_can_be_known_is_kept(number: int) -> None:
    """Within 0.3 % and a step, whatever happened to the register; no phantom, no loss."""
    known = [(row["value"] or 0.0, true) for row, true, _, asked in hours(number) if asked["knowable"]]
    expect, step = world(number)["expect"], world(number)["input"]["metering_point"]["resolution"]

    total, true = sum(value for value, _ in known), sum(true for _, true in known)

    assert total == pytest.approx(true, abs=expect["total_relative"] * sum(abs(true) for _, true in known) + step)


@pytest.mark.parametrize("number", KIND_NUMBERS)
def test_hours_are_marked_where_they_are_not_measured_and_nowhere_else(number: int) -> None:
    """A figure's reader relies on the mark; a mark on every hour would say nothing."""
    rows = hours(number)

    wrong = [
        (row, asked)
        for row, _, _, asked in rows
        if row["method"] not in asked["methods"]
        or not asked["coverage"][0] - 1e-6 <= row["coverage"] <= asked["coverage"][1] + 1e-6
        or (asked["mark"] == "yes" and row["coverage"] >= 1)
    ]

    assert wrong == []


@pytest.mark.parametrize("number", KIND_NUMBERS)
def test_known_hours_are_right_and_spread_ones_keep_their_sum(number: int) -> None:
    """To a step, 0.2 % and the reading of an hour's edge; spread hours are not lumped."""
    made, first = world(number), epoch(world(number)["input"]["from"])
    rows = hours(number)

    far = [
        (row, true)
        for row, true, tolerance, asked in rows
        if asked["value"] == "near" and row["value"] is not None and abs(row["value"] - true) > tolerance
    ]

    assert far == []
    for item in made["expect"]["sums"]:
        span = rows[(epoch(item["from"]) - first) // HOUR : (epoch(item["to"]) - first) // HOUR]
        assert item["low"] <= sum(row["value"] or 0.0 for row, *_ in span) <= item["high"]
        assert sum(abs((row["value"] or 0.0) - true) for row, true, *_ in span) <= item.get("spread_error", np.inf)


@pytest.mark.parametrize("number", KIND_NUMBERS)
def test_what_happened_is_found_and_nothing_else(number: int) -> None:
    """Somebody acts on each finding."""
    expect = world(number)["expect"]["findings"]
    found = [(item["code"], epoch(item["start"]), epoch(item["end"]), item["evidence"]) for item in settled(number)["findings"]]

    def touches(item: dict[str, Any], start: int, end: int) -> bool:
        return bool(start <= epoch(item["to"]) + expect["slack_s"] and end >= epoch(item["from"]) - expect["slack_s"])

    asked = [(item["any_of"], item) for item in expect["required"]]
    allowed = asked + [([item["code"]], item) for item in expect["allowed"]]

    assert all(evidence for *_, evidence in found)
    assert [item for codes, item in asked if not any(code in codes and touches(item, *span) for code, *span, _ in found)] == []
    assert [code for code, *span, _ in found if not any(code in codes and touches(item, *span) for codes, item in allowed)] == []


@pytest.mark.parametrize("number", KIND_NUMBERS)
def test_neither_order_nor_repetition_of_readings_matters(number: int) -> None:
    """Brokers deliver at least once, and not in order."""
    given = world(number)["input"]
    readings = given["readings"] + given["readings"][::3]
    mixed = [readings[place] for place in np.random.default_rng(number).permutation(len(readings))]

    again = answered(given | {"readings": mixed})

    assert again["intervals"] == settled(number)["intervals"]
    assert [item["code"] for item in again["findings"]] == [item["code"] for item in settled(number)["findings"]]
