"""`energimonitor settle`: a line that is no scenario is told of, and holds up no other."""

import json

import pytest
from typer.testing import CliRunner, Result

from services.app.cli import build

POINT = {"id": "p", "carrier": "electricity", "direction": "import", "unit": "kWh", "resolution": 0.01}
HOUR = {"from": "2025-03-04T00:00:00Z", "to": "2025-03-04T01:00:00Z"}


def scenario(name: str, **other: object) -> str:
    """One hour of 2 kWh."""
    readings = [
        {"received": moment, "meter": "m", "value": value, "unit": "kWh"}
        for moment, value in ((HOUR["from"], 10.0), (HOUR["to"], 12.0))
    ]
    return json.dumps({"scenario": name, "metering_point": POINT, "readings": readings, **HOUR} | other)


def settled(*lines: str, language: str = "sv") -> Result:
    return CliRunner(env={"ENERGIMONITOR_LANGUAGE": language}).invoke(build(), ["settle"], input="\n".join(lines) + "\n")


BAD = {
    "no JSON": "{",
    "no number": scenario("x").replace("12.0", "NaN"),
    "no readings' window": json.dumps({"scenario": "x", "metering_point": POINT, "readings": []}),
    "half an hour": scenario("x", to="2025-03-04T01:30:00Z"),
    "another unit": scenario("x", metering_point=POINT | {"unit": "bar"}),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_the_lines_after_one_that_is_no_scenario_are_answered(bad: str) -> None:
    """Standard output has answers only; who reads the exit status alone sees that one is lacking."""
    result = settled(scenario("a"), "", bad, scenario("b"))
    answers = [json.loads(line) for line in result.stdout.splitlines()]

    assert [(item["scenario"], item["intervals"][0]["value"]) for item in answers] == [("a", 2.0), ("b", 2.0)]
    assert result.stderr.startswith("energimonitor: rad 3: ")
    assert result.exit_code == 1


def test_each_bad_line_is_told_with_what_is_wrong_and_the_way_out() -> None:
    """In the language of the settings; an empty line counts, as editors count it."""
    told = settled("{", "", scenario("x", to="2025-03-04T01:30:00Z"), language="en").stderr.splitlines()

    assert told == [
        "energimonitor: line 1: no scenario: Input data was truncated; "
        "correct that line (docs/settlement.md shows its form) and send it again, the others are answered",
        "energimonitor: line 3: x: no scenario: from and to must be whole hours; "
        "correct that line (docs/settlement.md shows its form) and send it again, the others are answered",
    ]


def test_scenarios_alone_end_well() -> None:
    """Nothing is said of them on standard error."""
    result = settled(scenario("a"), scenario("b"))

    assert (result.exit_code, result.stderr) == (0, "")
