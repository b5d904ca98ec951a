"""The endpoints of the API: an address, what may be asked of it, and the rows that it gives."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl

from config.domain.indicators import INDICATORS as KNOWN_INDICATORS
from config.domain.indicators import SubjectKind
from config.domain.periods import PeriodKind, day, local_date
from services.web.opendata.degree_day_table import DEGREE_DAYS, MOST_MONTHS, degree_day_rows
from services.web.opendata.estate_tables import BUILDINGS, INDICATORS, SERIES, building_rows, indicator_rows, series_rows
from services.web.opendata.goal_tables import GOAL_LINES, GOALS, goal_line_rows, goal_rows
from services.web.opendata.interval_table import HOUR, INTERVALS, Asked, day_rows, hour_rows, measured_from
from services.web.opendata.paging import Key, Page, cursor_of, page
from services.web.opendata.parameters import COMMON, FROM, TO, Given, Parameter
from services.web.opendata.ports import OpenData
from services.web.opendata.problems import bad_request, not_found, too_much
from services.web.opendata.table import Table
from services.web.opendata.value_table import COMPARISON, SHARED_KINDS, VALUES, comparison_rows, value_rows

ROOT = "/api/v1"
MOST_DAYS = 4_018  # eleven years of hours; a longer stretch is a slip of the pen
_PERIODS = tuple(kind.value for kind in PeriodKind if kind is not PeriodKind.HOUR)
_HOURLY, _DAILY = "hour", "day"
Produce = Callable[[OpenData, Given, Mapping[str, str], Key | None, int], Page]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """
    Attributes:
        path: below ROOT; {parts} are named in `parts`.
        fresh_s: how long an answer may be kept by anybody. [s]
    """

    path: str
    table: Table
    produce: Produce
    parameters: tuple[Parameter, ...] = ()
    parts: tuple[Parameter, ...] = ()
    fresh_s: int = 3_600

    @property
    def all_parameters(self) -> tuple[Parameter, ...]:
        return (*self.parameters, *COMMON)


def _buildings(data: OpenData, given: Given, _: Mapping[str, str], after: Key | None, limit: int) -> Page:
    rows = building_rows(data.portfolio, data.figures)
    kinds = given.several("kind")
    return page(BUILDINGS, rows.filter(pl.col("kind").is_in(kinds)) if kinds else rows, after, limit)


def _series(data: OpenData, given: Given, _: Mapping[str, str], after: Key | None, limit: int) -> Page:
    rows = series_rows(data.portfolio, data.figures)
    for name in ("building", "carrier"):
        chosen = given.several(name)
        rows = rows.filter(pl.col(name).is_in(chosen)) if chosen else rows
    return page(SERIES, rows, after, limit)


def _indicators(_: OpenData, __: Given, ___: Mapping[str, str], after: Key | None, limit: int) -> Page:
    return page(INDICATORS, indicator_rows(), after, limit)


def _goals(data: OpenData, _: Given, __: Mapping[str, str], after: Key | None, limit: int) -> Page:
    return page(GOALS, goal_rows(data), after, limit)


def _goal_lines(data: OpenData, given: Given, _: Mapping[str, str], after: Key | None, limit: int) -> Page:
    return page(GOAL_LINES, goal_line_rows(data, given.several("goal")), after, limit)


def _comparison(data: OpenData, _: Given, __: Mapping[str, str], after: Key | None, limit: int) -> Page:
    return page(COMPARISON, comparison_rows(data.reader, data.figures, _minute(data.clock.now())), after, limit)


def _values(data: OpenData, given: Given, _: Mapping[str, str], after: Key | None, limit: int) -> Page:
    kind = given.one_of("subject_kind", [each.value for each in SHARED_KINDS], SubjectKind.BUILDING.value)
    open_ids = data.figures.subjects(SubjectKind(kind))
    asked = given.several("subject")
    period = given.one_of("period", _PERIODS, PeriodKind.MONTH.value)
    where = {
        "indicator": given.several("indicator", tuple(KNOWN_INDICATORS)),
        "subject_kind": (kind,),
        "subject": tuple(each for each in open_ids if not asked or each in asked),
        "period": (period,),
    }
    if carriers := given.several("carrier"):
        where["carrier"] = tuple("" if each == "all" else each for each in carriers)
    start, end = _bounds(data, given, _usual_days(period))
    began = start if after is None else max(start, after[0]) if period != PeriodKind.YEAR_TO_DATE else start
    return page(VALUES, value_rows(data.reader, data.figures, where, began, end), after, limit)


def _intervals(data: OpenData, given: Given, parts: Mapping[str, str], after: Key | None, limit: int) -> Page:
    building, carrier = parts["building"], parts["carrier"]
    points = data.figures.points(building, carrier)
    if not points:
        known = any(each.id == building for each in data.figures.buildings)
        why = data.figures.why_not(building, carrier)
        if known:
            raise not_found(
                f"{why.reason_sv} /api/v1/series visar vad som finns.", f"{why.reason_en} /api/v1/series lists what there is."
            )
        raise not_found("Ingen öppen byggnad har det id:t.", "No public building has that id.")
    every = given.one_of("every", (_HOURLY, _DAILY), _HOURLY)
    start, end = _bounds(data, given, 7 if every == _HOURLY else 31)
    asked = _whole(data, Asked(building, carrier, points, start, end), every)
    if every == _HOURLY:
        began = asked.start if after is None else max(asked.start, after[0] + HOUR)
        ended = min(asked.end, began + limit * HOUR)
        return _stretch(hour_rows(data.reader, data.portfolio, _of(asked, began, ended)), more=ended < asked.end)
    first = local_date(asked.start if after is None else max(asked.start, after[0]), data.zone)
    first += timedelta(days=0 if after is None or after[0] < asked.start else 1)
    began = day(first, data.zone).start
    ended = min(asked.end, day(first + timedelta(days=limit), data.zone).start)
    hours = hour_rows(data.reader, data.portfolio, _of(asked, began, ended))
    return _stretch(day_rows(hours, asked, data.zone), more=ended < asked.end)


def _degree_days(data: OpenData, given: Given, _: Mapping[str, str], after: Key | None, limit: int) -> Page:
    today = local_date(data.clock.now(), data.zone)
    start, end = given.instant("from"), given.instant("to")
    last = today.replace(day=1) if end is None else local_date(end - HOUR, data.zone).replace(day=1)
    first = date(today.year - 3, 1, 1) if start is None else local_date(start, data.zone).replace(day=1)
    _in_order(first, last)
    if (last.year - first.year) * 12 + last.month - first.month >= MOST_MONTHS:
        raise too_much(f"Högst {MOST_MONTHS} månader på en gång.", f"{MOST_MONTHS} months at once at most.")
    return page(DEGREE_DAYS, degree_day_rows(data, first, last), after, limit)


def _bounds(data: OpenData, given: Given, usual_days: int) -> tuple[datetime, datetime]:
    """UTC, on whole hours; up to the hour that is going on where no end is given."""
    now = data.clock.now().replace(minute=0, second=0, microsecond=0)
    end = given.instant("to") or now
    today = local_date(end - timedelta(microseconds=1), data.zone)
    start = given.instant("from") or day(today - timedelta(days=usual_days - 1), data.zone).start
    if start >= end:
        raise bad_request("from", "Den måste ligga före to.", "It must lie before to.")
    if end - start > timedelta(days=MOST_DAYS):
        raise too_much(
            f"Högst {MOST_DAYS} dygn på en gång; dela upp frågan.", f"{MOST_DAYS} days at once at most; divide the question."
        )
    return start, end


def _usual_days(period: str) -> int:
    return {PeriodKind.DAY.value: 31, PeriodKind.MONTH.value: 400}.get(period, MOST_DAYS - 1)


def _in_order(first: date, last: date) -> None:
    if first > last:
        raise bad_request("from", "Den måste ligga före to.", "It must lie before to.")


def _whole(data: OpenData, asked: Asked, every: str) -> Asked:
    """From when it was measured to the last hour (or day) that is over; nothing where that is nothing."""
    now = data.clock.now().replace(minute=0, second=0, microsecond=0)
    first = measured_from(data.portfolio, asked.points) or now
    start, end = max(asked.start, first), min(asked.end, now)
    start = (
        start
        if start == start.replace(minute=0, second=0, microsecond=0)
        else start.replace(minute=0, second=0, microsecond=0) + HOUR
    )
    end = end.replace(minute=0, second=0, microsecond=0)
    if every == _DAILY:
        opening = day(local_date(start, data.zone), data.zone)
        start = opening.start if opening.start >= asked.start else opening.end
        end = day(local_date(end, data.zone), data.zone).start
    return _of(asked, start, max(start, end))


def _of(asked: Asked, start: datetime, end: datetime) -> Asked:
    return Asked(asked.building, asked.carrier, asked.points, start, max(start, end))


def _stretch(rows: pl.DataFrame, *, more: bool) -> Page:
    return Page(rows, cursor_of(INTERVALS, rows) if more and rows.height else "")


def _minute(now: datetime) -> datetime:
    return now.replace(second=0, microsecond=0)


_KIND = Parameter("kind", "Bara dessa typer av byggnader.", "Only these kinds of building.", several=True)
_BUILDING = Parameter("building", "Byggnadens id.", "The building's id.")
_CARRIER = Parameter(
    "carrier", "Energislaget, som electricity eller district_heating.", "The carrier, as electricity or district_heating."
)

ENDPOINTS = (
    Endpoint("/buildings", BUILDINGS, _buildings, (_KIND,)),
    Endpoint(
        "/series",
        SERIES,
        _series,
        (
            Parameter("building", "Bara dessa byggnader.", "Only these buildings.", several=True),
            Parameter("carrier", "Bara dessa energislag.", "Only these carriers.", several=True),
        ),
    ),
    Endpoint(
        "/series/{building}/{carrier}",
        INTERVALS,
        _intervals,
        (
            FROM,
            TO,
            Parameter(
                "every",
                "hour (timme) eller day (lokalt dygn).",
                "hour or day (a local one).",
                {"type": "string", "enum": [_HOURLY, _DAILY], "default": _HOURLY},
            ),
        ),
        (_BUILDING, _CARRIER),
        fresh_s=300,
    ),
    Endpoint("/indicators", INDICATORS, _indicators),
    Endpoint(
        "/values",
        VALUES,
        _values,
        (
            Parameter("indicator", "Nyckeltalens id.", "Ids of indicators.", several=True, required=True),
            Parameter(
                "subject_kind",
                "Vad värdena gäller: building, building_kind eller portfolio.",
                "What the values are about: building, building_kind or portfolio.",
                {"type": "string", "enum": [kind.value for kind in SHARED_KINDS], "default": "building"},
            ),
            Parameter("subject", "Bara dessa byggnader eller typer.", "Only these buildings or kinds.", several=True),
            Parameter(
                "period",
                "Periodens längd.",
                "Length of the period.",
                {"type": "string", "enum": list(_PERIODS), "default": PeriodKind.MONTH.value},
            ),
            Parameter(
                "carrier",
                "Bara dessa energislag; all är det som gäller alla.",
                "Only these carriers; all is what speaks of all.",
                several=True,
            ),
            FROM,
            TO,
        ),
        fresh_s=900,
    ),
    Endpoint("/comparison", COMPARISON, _comparison, fresh_s=900),
    Endpoint("/goals", GOALS, _goals, fresh_s=900),
    Endpoint(
        "/goals/lines",
        GOAL_LINES,
        _goal_lines,
        (Parameter("goal", "Bara dessa mål.", "Only these goals.", several=True),),
        fresh_s=900,
    ),
    Endpoint("/degree-days", DEGREE_DAYS, _degree_days, (FROM, TO)),
)
TABLES = tuple(dict.fromkeys(each.table for each in ENDPOINTS))
