"""What lies in the time-series store, and the one small language in which it is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Series:
    """A kind of series. `tags` and the instant are a point's identity; writing it again overwrites its fields.

    `number` is the field that aggregates work on. A point whose `method` field is "missing" has no number, whatever an earlier
    writing left there: stores merge fields, so both reading and aggregating leave such points' numbers out.
    `defaults`: what a field holds where the writer says nothing of it.
    """

    name: str
    tags: tuple[str, ...]
    fields: Mapping[str, type]
    number: str = "value"
    defaults: Mapping[str, float | str] = dataclass_field(default_factory=dict)

    @property
    def may_be_missing(self) -> bool:
        return "method" in self.fields


READINGS = Series("readings", ("meter", "register"), {"value": float, "received": int})  # received: ms since 1970
# level: "main" or "sub"; a sub-meter's use is in its parent's too, so sums over buildings take "main" only
INTERVALS = Series(
    "intervals",
    ("building", "carrier", "direction", "level", "point"),
    {
        "value": float,
        "coverage": float,
        "method": str,
        # of an interpolated hour: the readings at either end of the register difference that it shares; ms since 1970, else 0
        "span_start": int,
        "span_end": int,
    },
    defaults={"span_start": 0, "span_end": 0},
)
# a year to date is filed at the start of its last month, every other period at its own start
INDICATOR_VALUES = Series(
    "indicators",
    ("carrier", "indicator", "period", "subject", "subject_kind"),
    {
        "value": float,
        "uncertainty": float,  # half width of the 90 % interval of the value, or of `partial` where it is missing
        "partial": float,  # what is known of the figure, gate or no gate
        "coverage": float,
        "weight": float,  # point-hours that the coverage is of
        "method": str,  # measured, estimated (not all of the period is measured) or missing
        "calculation": str,
        "reason": str,  # what a missing figure lacked, in Swedish; "" where it is not missing
        "reason_en": str,
        "lacks": str,  # "", "coverage" or "input"
        "factors": str,  # JSON, factor → version
        "end": int,  # the period's, ms since 1970
        "zone": str,
        "calculated": int,  # since when the figure is known so, ms since 1970
    },
    defaults={"uncertainty": 0.0, "partial": 0.0, "weight": 1.0, "lacks": "", "calculated": 0},
)
# quantity: `config.domain.weather.WeatherQuantity`; a daily mean stands at 00 UTC of its day, an hour's value at its own instant
WEATHER = Series(
    "weather",
    ("quantity", "station"),
    {
        "value": float,
        "quality": str,  # `config.domain.weather.Quality`
        "received": int,  # when this value and quality were first seen, ms since 1970
    },
)
# day-ahead prices without VAT, tax and grid; one an hour or one a quarter, each at the instant from which it holds
PRICES = Series(
    "prices",
    ("area",),
    {
        "value": float,  # SEK/kWh
        "minutes": int,  # how long it holds
        "received": int,  # when it was first seen so, ms since 1970
    },
)
SERIES = {series.name: series for series in (READINGS, INTERVALS, INDICATOR_VALUES, WEATHER, PRICES)}


class Aggregate(StrEnum):
    SUM = "sum"
    MEAN = "mean"
    MIN = "min"
    MAX = "max"
    COUNT = "count"
    FIRST = "first"
    LAST = "last"


class Every(StrEnum):
    """Width of a group of time."""

    QUARTER = "15m"
    HOUR = "1h"
    DAY = "1d"


@dataclass(frozen=True, slots=True)
class SeriesQuery:
    """Which series, filters, window, aggregate and grouping. Compiled by each store; the same answer from all.

    Without `aggregate`: the points themselves, columns `time`, the tags, the fields, sorted by tags then time.
    With `aggregate`: columns `time` (only with `every`: start of the group), the tags of `by`, `value`; groups without a
    number are left out. With `every` of a day, days are those of `zone` and have 23, 24 or 25 hours.

    Attributes:
        start, end: aware; `start` is inside, `end` outside; None is unbounded.
        where: tag → the values it may have; an empty tuple matches nothing.
        field: the field to aggregate; the series' `number` where None.
    """

    series: Series
    start: datetime | None = None
    end: datetime | None = None
    where: Mapping[str, tuple[str, ...]] = dataclass_field(default_factory=dict)
    aggregate: Aggregate | None = None
    every: Every | None = None
    by: tuple[str, ...] = ()
    zone: str = "UTC"
    field: str | None = None
    limit: int | None = None

    def __post_init__(self) -> None:
        unknown = [tag for tag in (*self.where, *self.by) if tag not in self.series.tags]
        if unknown:
            raise ValueError(f"{self.series.name} has no tag {', '.join(unknown)}; it has {', '.join(self.series.tags)}")
        for bound in (self.start, self.end):
            if bound is not None and bound.tzinfo is None:
                raise ValueError(f"{bound} has no zone")
        if (self.every or self.by) and self.aggregate is None:
            raise ValueError("groups need an aggregate")
