"""The line protocol of `energimonitor settle`: one JSON object a scenario in, one JSON object an answer out. Pure.

In: {"scenario", "metering_point": {}, "exchanges", "from", "to", "readings": [{"time", "received", "meter", "value", "unit"}]}.
Out: {"scenario", "intervals": [{"start", "value", "coverage", "method"}], "findings": [{"code", "start", "end", "evidence"}]}.
All times are ISO 8601 UTC with Z; hours are named by their start.
"""

import math
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec
import polars as pl

from config.domain.estate import Carrier, Direction, Installation, MeteringPoint
from config.domain.intervals import Finding
from config.domain.quantities import UNITS
from config.errors import Undecodable
from services.settlement.settlement import Settlement, settle

_EARLIEST = datetime(1, 1, 2, tzinfo=UTC)
_TIMES = pl.Datetime("us", "UTC")
_FRAME = {"time": pl.String, "received": pl.String, "meter": pl.String, "value": pl.Float64, "unit": pl.String}


class _Point(msgspec.Struct):
    id: str
    carrier: str
    direction: Literal["import", "export", "net"]
    unit: str
    resolution: float
    digits: float | None = None
    max_power_kw: float | None = None
    interval_s: float | None = None


class _Exchange(msgspec.Struct):
    at: datetime
    old_meter: str | None = None
    old_register: float | None = None
    new_meter: str | None = None
    new_register: float | None = None


class _Reading(msgspec.Struct):
    received: str | None = None
    meter: str | None = None
    value: float | None = None
    unit: str | None = None
    time: str | None = None


class _Scenario(msgspec.Struct):
    scenario: str
    metering_point: _Point
    start: datetime = msgspec.field(name="from")
    end: datetime = msgspec.field(name="to")
    readings: list[_Reading] = []
    exchanges: list[_Exchange] = []


_DECODER = msgspec.json.Decoder(_Scenario)


def answer(line: bytes) -> bytes:
    """The answer to one line, without a line break.

    Raises:
        Undecodable: the line is no scenario.
    """
    try:
        scenario = _DECODER.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Undecodable(f"no scenario: {error}", f"inget scenario: {error}") from error
    start, end = _utc(scenario, scenario.start), _utc(scenario, scenario.end)
    if not (_whole(start) and _whole(end)):
        raise Undecodable(
            f"{scenario.scenario}: no scenario: from and to must be whole hours",
            f"{scenario.scenario}: inget scenario: from och to ska vara hela timmar",
        )
    asked = scenario.metering_point
    unit = UNITS.get(asked.unit)
    if unit is None or unit.dimension not in ("energy", "volume"):
        raise Undecodable(
            f"{scenario.scenario}: no scenario: unit {asked.unit} is neither energy nor volume",
            f"{scenario.scenario}: inget scenario: enheten {asked.unit} är varken energi eller volym",
        )
    point = _point(asked, unit.factor)
    result = settle(
        point,
        _installations(scenario, point, unit.factor),
        _frame(scenario.readings),
        start,
        end,
    )
    return msgspec.json.encode(
        {
            "scenario": scenario.scenario,
            "intervals": list(_hours(result, unit.factor)),
            "findings": [_told(item) for item in result.findings],
        }
    )


def _utc(scenario: _Scenario, moment: datetime) -> datetime:
    try:
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except OverflowError:  # hours from the calendar's first or last instant
        pass
    raise Undecodable(
        f"{scenario.scenario}: no scenario: {moment.isoformat()} is no time in UTC; write it with Z",
        f"{scenario.scenario}: inget scenario: {moment.isoformat()} är ingen tid i UTC; skriv den med Z",
    )


def _whole(moment: datetime) -> bool:
    return (moment.minute, moment.second, moment.microsecond) == (0, 0, 0)


def _point(asked: _Point, factor: float) -> MeteringPoint:
    """The point in our stored unit. What flows through a heat meter is settled as water is: in m³."""
    volume = UNITS[asked.unit].dimension == "volume"
    known = {item.value: item for item in Carrier}
    carrier = Carrier.WATER if volume else known.get(asked.carrier, Carrier.ELECTRICITY)
    return MeteringPoint(
        asked.id,
        asked.id,
        "",
        Carrier.ELECTRICITY if carrier is Carrier.WATER and not volume else carrier,
        Direction(asked.direction),
        asked.resolution * factor,
        _digits(asked.digits, factor),
        asked.max_power_kw,
        None if asked.interval_s is None else round(asked.interval_s),
    )


def _digits(asked: float | None, factor: float) -> int | None:
    """Whole-number digits in our stored unit: a register of four digits of MWh has seven of kWh."""
    more = math.log10(factor)
    return None if asked is None or not more.is_integer() else round(asked + more)


def _installations(scenario: _Scenario, point: MeteringPoint, factor: float) -> list[Installation]:
    """The stays between the exchanges on record."""
    exchanges = [msgspec.structs.replace(item, at=_utc(scenario, item.at)) for item in scenario.exchanges]
    ordered = sorted(exchanges, key=lambda item: item.at)
    stays = []
    for number in range(len(ordered) + 1 if ordered else 0):
        opened, closed = ordered[number - 1] if number else None, ordered[number] if number < len(ordered) else None
        meter = (opened.new_meter if opened else None) or (closed.old_meter if closed else None) or ""
        stays.append(
            Installation(
                point.id,
                meter,
                "",
                opened.at if opened else _EARLIEST,
                closed.at if closed else None,
                _register(opened.new_register, factor) if opened else None,
                _register(closed.old_register, factor) if closed else None,
            )
        )
    return stays


def _register(noted: float | None, factor: float) -> float | None:
    """In our stored unit."""
    return None if noted is None else noted * factor


def _frame(readings: Sequence[_Reading]) -> pl.DataFrame:
    rows = [(item.time, item.received, item.meter, item.value, item.unit) for item in readings]
    frame = pl.DataFrame(rows, schema=_FRAME, orient="row")
    return frame.with_columns(
        pl.col("time", "received").str.to_datetime(time_unit="us", time_zone="UTC", strict=False).cast(_TIMES)
    )


def _hours(result: Settlement, factor: float) -> Iterator[dict[str, Any]]:
    for start, value, coverage, method in result.intervals.select("start", "value", "coverage", "method").iter_rows():
        yield {
            "start": _iso(start),
            "value": None if value is None else value / factor,
            "coverage": coverage,
            "method": method,
        }


def _told(item: Finding) -> dict[str, Any]:
    return {
        "code": item.code.value,
        "start": _iso(item.start),
        "end": _iso(item.end),
        "evidence": item.evidence,
        "sentence_sv": item.sentence_sv,
        "sentence_en": item.sentence_en,
    }


def _iso(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
