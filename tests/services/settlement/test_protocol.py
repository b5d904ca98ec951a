"""The line protocol beyond the published scenarios: odd input is answered honestly, or refused with a reason."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from config.errors import Undecodable
from services.settlement.protocol import answer

START = datetime(2025, 3, 4, tzinfo=UTC)
POINT: dict[str, Any] = {
    "id": "p",
    "carrier": "electricity",
    "direction": "import",
    "unit": "kWh",
    "resolution": 0.01,
    "digits": None,
    "max_power_kw": None,
    "interval_s": 3600,
}


def said(hour: int) -> str:
    return (START + timedelta(hours=hour)).strftime("%Y-%m-%dT%H:%M:%SZ")


def scenario(base: float = 1000.0, pace: float = 10.0, **point: Any) -> dict[str, Any]:
    """A day of 10 kWh an hour, read every hour and received five seconds later."""
    readings = [
        {"time": said(hour), "received": said(hour)[:-3] + "05Z", "meter": "m", "value": base + pace * hour, "unit": "kWh"}
        for hour in range(25)
    ]
    window = {"from": said(0), "to": said(24)}
    return {"scenario": "s", "metering_point": POINT | point, "exchanges": [], **window, "readings": readings}


def answered(given: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(answer(json.dumps(given).encode()))
    return found


def values(given: dict[str, Any]) -> list[float | None]:
    return [row["value"] for row in answered(given)["intervals"]]


@pytest.mark.parametrize(("unit", "digits", "factor"), [("MWh", 1, 0.001), ("Wh", 7, 1000.0)])
def test_digits_are_those_of_the_points_own_unit(unit: str, digits: int, factor: float) -> None:
    """One digit of MWh ends at 10,000 kWh, and so do seven of Wh: 9,995 and 10,005 are 10 kWh."""
    given = scenario(base=9895.0, unit=unit, digits=digits, resolution=0.01 * factor)
    for reading in given["readings"]:
        reading["value"] %= 10_000

    assert values(given) == pytest.approx([10.0 * factor] * 24)
    assert [item["code"] for item in answered(given)["findings"]] == ["rollover"]


@pytest.mark.parametrize("received", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "soon", None])
def test_a_receipt_that_is_no_time_loses_that_reading_only(received: str | None) -> None:
    """Without a time of its own either, it is as if it had not come: two hours are known together."""
    given = scenario()
    given["readings"][10] |= {"time": None, "received": received}

    assert values(given) == pytest.approx([10.0] * 24)
    assert [row["method"] for row in answered(given)["intervals"]].count("interpolated") == 2


@pytest.mark.parametrize("point", [{"digits": 400}, {"digits": -2}, {"resolution": 0}, {"interval_s": 0}, {"max_power_kw": -5}])
def test_a_point_that_cannot_be_still_gets_its_hours(point: dict[str, Any]) -> None:
    """A register that falls to nought asks for the digits and the resolution; nothing raises, nothing is negative."""
    given = scenario(**point)
    for reading in given["readings"][12:]:
        reading["value"] -= 1120

    assert all(value is None or value >= 0 for value in values(given))
    assert len(values(given)) == 24


def test_a_register_on_record_that_no_meter_shows_is_not_used() -> None:
    """1e300 kWh is a slip of whoever wrote it."""
    given = scenario()
    given["exchanges"] = [{"at": said(12), "old_meter": "m", "old_register": 1e300, "new_meter": "n", "new_register": -1e300}]

    assert values(given)[:12] == pytest.approx([10.0] * 12)
    assert values(given)[12:] == [None] * 12


NESTED = b'{"scenario": "s", "more": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"


@pytest.mark.parametrize("line", [b"{", b"[]", b"null", b'{"scenario":"\xff"}', b'{"scenario": "s", "readings": [NaN]}', NESTED])
def test_a_line_that_is_no_scenario_is_refused_with_a_reason(line: bytes) -> None:
    """Never with an error of a library's own."""
    with pytest.raises(Undecodable, match="no scenario"):
        answer(line)


@pytest.mark.parametrize("moment", ["2025-03-04T12:00:00", "0001-01-01T00:00:00+14:00"])
@pytest.mark.parametrize("where", ["from", "to", "at"])
def test_a_time_that_is_none_in_utc_is_refused_with_a_reason(where: str, moment: str) -> None:
    """Without an offset it would be the machine's own time, and two exchanges could not be put in order."""
    given = scenario()
    if where == "at":
        given["exchanges"] = [{"at": said(12)}, {"at": moment}]
    else:
        given[where] = moment

    with pytest.raises(Undecodable, match="is no time in UTC; write it with Z"):
        answered(given)
