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
    `optional`: numbers that may be absent. Stores merge fields, so a number once written stays: a series with optional fields has
    the tag `lacks`, which names the absent ones, and what is known today is another point than what was known before.
    """

    name: str
    tags: tuple[str, ...]
    fields: Mapping[str, type]
    number: str = "value"
    defaults: Mapping[str, float | str] = dataclass_field(default_factory=dict)
    optional: frozenset[str] = frozenset()

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
# What the state knows, for screens that read series only (Grafana above all). Most are pictures of a local day: they stand at its
# start and are written again until it is over, so that today's points say how things are now. `open` is 1 while a point holds and
# 0 once it does not: nothing is ever deleted. Words come in pairs, Swedish and `_en`.
# deviations, a point a thread and day; value: SEK without VAT
DEVIATIONS = Series(
    "deviations",
    ("building", "carrier", "kind", "lacks", "owner", "thread"),
    {
        "value": float,
        "kwh": float,
        "kg": float,
        "state": str,  # `config.domain.deviations.ThreadState`
        "muted": int,
        "since": int,  # first day, ms since 1970
        "until": int,  # last day so far
        "sentence": str,
        "sentence_en": str,
        "action": str,
        "action_en": str,
        "reason": str,  # what SEK, kWh or kg lack
        "reason_en": str,
        "open": int,
    },
    optional=frozenset({"value", "kwh", "kg"}),
)
# buildings, a point a building and day; value: corrected specific energy of the last rolling year, kWh/m2
BUILDINGS = Series(
    "buildings",
    ("building", "kind", "lacks", "owner"),
    {
        "value": float,
        "energy": float,  # of the last whole local day, kWh
        "energy_before": float,  # of the same weekday a week before
        "energy_change": float,  # how much more `energy` is, where both are known
        "coverage": float,  # of `energy`
        "latitude": float,
        "longitude": float,
        "area_m2": float,
        "sek": float,  # of the dearest open deviation with a price; no sum: two can be about the same kilowatt-hours
        "deviations": int,
        "meters": int,
        "silent": int,
        "name": str,
        "public": int,
        "open": int,
    },
    optional=frozenset(
        {"value", "energy", "energy_before", "energy_change", "coverage", "latitude", "longitude", "area_m2", "sek", "silent"}
    ),
)
# meters, a point a meter and day: what was expected, came, was stored and was set aside; value: received. A meter that was never
# heard is silent when the service has listened for as long as the meter takes
METER_DAYS = Series(
    "meter_days",
    ("building", "lacks", "meter"),
    {
        "value": float,
        "expected": float,  # up to now, where an interval is agreed
        "stored": float,
        "flagged": float,
        "heard": int,  # last, ms since 1970
        "silent": int,
        "text": str,  # heard, silent, never heard … in a word or two
        "text_en": str,
        "open": int,
    },
    defaults={"text": "", "text_en": ""},
    optional=frozenset({"expected", "heard"}),
)
# our own service, a point a measure and minute; `measure`: a name of `config.domain.panels.MEASURES`
SERVICE = Series("service", ("measure",), {"value": float})
# what intake could not use, a point a group and day; kind: dead_letter or unknown_device; value: how many
INTAKE_TROUBLES = Series(
    "intake_troubles",
    ("device", "family", "kind"),
    {"value": float, "text": str, "text_en": str, "heard": int, "open": int},
)
# goals as they stand, a point a goal and day; value: the latest value, in the goal's unit
GOALS = Series(
    "goals",
    ("goal", "lacks", "level"),
    {
        "value": float,
        "target": float,
        "path": float,  # where the path lies at the latest value
        "forecast": float,  # at the target year
        "probability": float,  # of what the verdict speaks of: being at the target, or on the path, at the end of `year`; 0..1
        "year": int,
        "target_year": int,
        "latest": int,  # end of the latest value's period, ms since 1970
        "unit": str,
        "text": str,
        "text_en": str,
        "verdict": str,
        "verdict_en": str,
        "reason": str,  # what it lacks
        "reason_en": str,
        "own": int,  # our own yardstick: nobody has decided it
        "verified": int,  # the decision was seen
        "open": int,
    },
    optional=frozenset({"value", "target", "path", "forecast", "probability", "target_year", "latest"}),
)
# the lines of a goal's picture: measured, path, forecast and the edges of its 80 % band; each at the last local day of its period
GOAL_LINES = Series("goal_lines", ("goal", "line"), {"value": float, "coverage": float, "open": int})
# what happened, at its instant; kind: exchange, action, gap, deviation; subject: a point's or thread's id; value: its hours.
# `state` of an exchange: "recorded" (by the portfolio), "open" (suspected, and waits for a person), "accepted" or "rejected", the
# last three with their number in the ledger as `subject`; of a deviation or an action: its thread's. What was rejected, or is no
# longer found, is not `open`; what waits for a person has both {"state": "open", "open": 1}
EVENTS = Series(
    "events",
    ("building", "kind", "subject"),
    {"value": float, "end": int, "text": str, "text_en": str, "state": str, "open": int},
)
# published figures that changed afterwards, at the instant of the change; `of`: its period by name; value: the new one
RESTATEMENTS = Series(
    "restatements",
    ("carrier", "cause", "indicator", "lacks", "of", "subject", "subject_kind"),
    {"value": float, "old": float, "sentence": str, "sentence_en": str},
    optional=frozenset({"value", "old"}),
)
# energy signature, a point a day: mean heat power against mean outdoor temperature, and what the building's own model expects
SIGNATURE = Series(
    "signature",
    ("building", "carrier", "lacks"),
    {"value": float, "temperature": float, "expected": float, "coverage": float, "open": int},
    optional=frozenset({"expected"}),
)
# what changed a year's figure against the year before, at the year's start; value: kWh or kg CO2e by `measure`; of the calendar
# years (`period` year) several are open, of the rolling ones (rolling_year) the last alone
CHANGE_PARTS = Series(
    "change_parts",
    ("lacks", "measure", "part", "period", "subject", "subject_kind"),
    {"value": float, "share": float, "coverage": float, "end": int, "sentence": str, "sentence_en": str, "open": int},
    optional=frozenset({"value", "share"}),
)
PICTURES = (
    DEVIATIONS,
    BUILDINGS,
    METER_DAYS,
    SERVICE,
    INTAKE_TROUBLES,
    GOALS,
    GOAL_LINES,
    EVENTS,
    RESTATEMENTS,
    SIGNATURE,
    CHANGE_PARTS,
)
SERIES = {series.name: series for series in (READINGS, INTERVALS, INDICATOR_VALUES, WEATHER, PRICES, *PICTURES)}


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
        having: field → the one value that it must have.
        field: the field to aggregate; the series' `number` where None.
    """

    series: Series
    start: datetime | None = None
    end: datetime | None = None
    where: Mapping[str, tuple[str, ...]] = dataclass_field(default_factory=dict)
    having: Mapping[str, int | str] = dataclass_field(default_factory=dict)
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
        absent = [name for name in self.having if self.series.fields.get(name) not in (int, str)]
        if absent:
            raise ValueError(f"{self.series.name}: having is of texts and whole numbers; {', '.join(absent)} is none of its own")
        for bound in (self.start, self.end):
            if bound is not None and bound.tzinfo is None:
                raise ValueError(f"{bound} has no zone")
        if (self.every or self.by) and self.aggregate is None:
            raise ValueError("groups need an aggregate")
