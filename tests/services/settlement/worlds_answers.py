"""What `settle` makes of a world's input: the words of the contract to our types and back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import polars as pl

from config.domain.estate import Carrier, Direction, Installation, MeteringPoint
from services.settlement.settlement import Settlement, settle

AS_WRITTEN = "%Y-%m-%dT%H:%M:%SZ"
AS_SENT = {"time": pl.String, "received": pl.String, "meter": pl.String, "value": pl.Float64, "unit": pl.String}
LONG_AGO = datetime.fromisoformat("1900-01-01T00:00:00Z")


def settled(world: Mapping[str, Any]) -> Settlement:
    """The window of a world's `input`, settled."""
    told = world["metering_point"]
    point = MeteringPoint(
        id=told["id"],
        name=world["scenario"],
        building="b",
        carrier=Carrier(told["carrier"]),
        direction=Direction(told["direction"]),
        resolution=told["resolution"],
        digits=told["digits"],
        max_power_kw=told["max_power_kw"],
        interval_s=told["interval_s"],
    )
    readings = pl.DataFrame(world["readings"], schema=AS_SENT).with_columns(
        pl.col("time", "received").str.to_datetime(AS_WRITTEN, time_zone="UTC", time_unit="us")
    )
    return settle(point, installations(world), readings, _instant(world["from"]), _instant(world["to"]))


def installations(world: Mapping[str, Any]) -> list[Installation]:
    """One meter to the next as on record; none where nothing is: then the ids in the readings say which meter it was."""
    point, found = world["metering_point"]["id"], []
    start, register = LONG_AGO, None
    for item in world["exchanges"]:
        at = _instant(item["at"])
        found.append(Installation(point, item["old_meter"], "register", start, at, register, item["old_register"]))
        start, register = at, item["new_register"]
    last = [Installation(point, world["exchanges"][-1]["new_meter"], "register", start, None, register)] if found else []
    return found + last


def answer(world: Mapping[str, Any]) -> dict[str, Any]:
    """As the contract writes it."""
    settlement = settled(world)
    return {
        "scenario": world["scenario"],
        "intervals": [
            {
                "start": row["start"].strftime(AS_WRITTEN),
                "value": row["value"],
                "coverage": row["coverage"],
                "method": row["method"],
            }
            for row in settlement.intervals.iter_rows(named=True)
        ],
        "findings": [
            {
                "code": item.code.value,
                "start": item.start.strftime(AS_WRITTEN),
                "end": item.end.strftime(AS_WRITTEN),
                "evidence": item.evidence,
            }
            for item in settlement.findings
        ],
    }


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
