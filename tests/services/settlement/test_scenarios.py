"""The published scenarios, in all four dresses, judged by the published scorer's own rules; absent where ../shared is."""

import importlib.util
import json
import sys
from functools import cache
from importlib.machinery import SourceFileLoader
from types import ModuleType
from typing import Any

import pytest

from services.settlement.protocol import answer
from tests.servers import ROOT, shared_folder

SCENARIOS = sorted((ROOT.parent / "shared" / "settlement").glob("*/*.json"))
NAMES = [f"{path.parent.name}/{path.stem}" for path in SCENARIOS]


@cache
def scorer() -> ModuleType:
    path = shared_folder("tools") / "score_settlement"
    loader = SourceFileLoader("score_settlement", str(path))
    spec = importlib.util.spec_from_loader("score_settlement", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    written, sys.dont_write_bytecode = sys.dont_write_bytecode, True  # nothing may be left in the reference folder
    try:
        loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = written
    return module


def settled(given: dict[str, Any]) -> dict[str, Any]:
    result: dict[str, Any] = json.loads(answer(json.dumps(given).encode()))
    return result


def test_all_published_scenarios_are_there() -> None:
    """89 of them; a folder that lost some would pass in silence."""
    shared_folder("settlement")

    assert len(SCENARIOS) == 89


@pytest.mark.parametrize("name", NAMES)
def test_a_published_scenario_is_settled_right(name: str) -> None:
    """Every hour, mark, sum and finding; and the same hours from shuffled, doubled and fewer readings."""
    rules = scorer()
    scenario = json.loads((shared_folder("settlement") / f"{name}.json").read_text())
    found = settled(scenario["input"])
    record = rules.judge(scenario, found)
    first, last = (rules.instant(scenario["input"][edge]) for edge in ("from", "to"))
    hours, complaint = rules.intervals(found, first, last)

    assert complaint is None
    assert record["reasons"] == []
    for title, dress in rules.VARIANTS:
        worn = dress(scenario)
        if worn is not None:
            assert (title, rules.compare(scenario, worn, hours, settled(worn))) == (title, [])
