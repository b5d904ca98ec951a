"""Readings for the tests of settlement: levels by hour, as a meter's messages."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

import polars as pl

from config.domain.estate import Carrier, Direction, Installation, MeteringPoint
from config.domain.intervals import ExchangeDecision, FindingCode
from services.settlement.settlement import Settlement, settle

START = datetime(2026, 3, 2, tzinfo=UTC)  # a Monday
HOUR = timedelta(hours=1)
FRAME = pl.Schema(
    [
        ("time", pl.Datetime("us", "UTC")),
        ("received", pl.Datetime("us", "UTC")),
        ("meter", pl.String),
        ("value", pl.Float64),
        ("unit", pl.String),
    ]
)
Row = tuple[datetime | None, datetime, str, float, str]


def point(
    direction: Direction = Direction.IMPORT,
    interval_s: int | None = 3600,
    max_power_kw: float | None = None,
    resolution: float = 0.01,
    digits: int | None = None,
    carrier: Carrier = Carrier.ELECTRICITY,
) -> MeteringPoint:
    return MeteringPoint("p", "p", "b", carrier, direction, resolution, digits, max_power_kw, interval_s)


def at(hours: float) -> datetime:
    return START + hours * HOUR


def rows(levels: Iterable[tuple[float, float]], meter: str = "m", unit: str = "kWh") -> list[Row]:
    """(hours after START, value) → rows, each received four seconds later."""
    return [(at(hours), at(hours) + timedelta(seconds=4), meter, value, unit) for hours, value in levels]


def steady(first: float, last: float, pace: float = 10.0, base: float = 5000.0, every: float = 1.0) -> list[tuple[float, float]]:
    """A register at `base` plus `pace` an hour, read `every` hour from `first` to `last`, both inside."""
    count = round((last - first) / every)
    return [(first + n * every, round(base + pace * (first + n * every), 6)) for n in range(count + 1)]


def settled(
    readings: Sequence[Row],
    hours: int,
    where: MeteringPoint | None = None,
    start: int = 0,
    installations: Sequence[Installation] = (),
    confirmed: Sequence[ExchangeDecision] = (),
) -> Settlement:
    frame = pl.DataFrame(list(readings), schema=FRAME, orient="row")
    return settle(where or point(), installations, frame, at(start), at(start + hours), confirmed)


def values(settlement: Settlement, first: int = 0, last: int | None = None) -> list[float | None]:
    return [None if value is None else round(value, 4) for value in settlement.intervals["value"].to_list()[first:last]]


def methods(settlement: Settlement) -> str:
    """One letter an hour."""
    letters = {"measured": "m", "interpolated": "i", "estimated": "e", "missing": "_"}
    return "".join(letters[name] for name in settlement.intervals["method"])


def codes(settlement: Settlement) -> list[FindingCode]:
    return [finding.code for finding in settlement.findings]
