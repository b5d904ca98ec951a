"""When planned reports go, and which period each is of: dates from the calendar on the wall."""

from datetime import UTC, date, datetime

import pytest

from config.domain.calendar import Closure, MunicipalCalendar
from config.domain.figure_names import period_name
from config.domain.indicators import PORTFOLIO, Subject, SubjectKind
from config.domain.report_plans import PLANNED_ABOUT, PlannedKind, ReportPlan
from services.reports.making import ABOUT
from services.reports.planning import due_at, period_of, turns_due, working_day

ZONE, SWEDEN = "Europe/Stockholm", MunicipalCalendar()
ALL = Subject(SubjectKind.PORTFOLIO, PORTFOLIO)
MONTHLY = ReportPlan("team/monthly/portfolio/sv", "monthly", (ALL,), ("a@example.se",))
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (3, date(2026, 1, 7)),  # New Year's Day a Thursday, Epiphany a Tuesday
        (3, date(2026, 4, 7)),  # Good Friday the 3rd, Easter Monday the 6th
        (5, date(2025, 6, 9)),  # the national day a Friday
        (3, date(2026, 5, 6)),  # the first of May a Friday
        (3, date(2026, 8, 5)),  # the 1st a Saturday
        (3, date(2026, 11, 4)),  # the 1st a Sunday
        (10, date(2026, 12, 14)),
    ],
)
def test_the_working_day_of_a_month(number: int, expected: date) -> None:
    """By the Swedish bank holidays."""
    assert working_day(number, expected.replace(day=28), SWEDEN) == expected


def test_a_day_that_the_municipality_has_closed_is_none() -> None:
    """Bridge days stand in calendar.yaml."""
    closed = MunicipalCalendar(closed=(Closure("Klämdag", "Bridge day", date(2026, 8, 4), date(2026, 8, 4)),))

    assert working_day(3, date(2026, 8, 1), closed) == date(2026, 8, 6)


def test_it_goes_at_six_by_the_wall_clock_in_summer_and_in_winter() -> None:
    """UTC+2 and UTC+1."""
    assert due_at(MONTHLY, date(2026, 8, 20), ZONE, SWEDEN) == datetime(2026, 8, 5, 4, tzinfo=UTC)
    assert due_at(MONTHLY, date(2026, 1, 20), ZONE, SWEDEN) == datetime(2026, 1, 7, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "on", "expected"),
    [
        ("monthly", date(2026, 11, 4), "2026-10"),
        ("sheet", date(2026, 1, 7), "2025-12"),
        ("owner", date(2024, 3, 5), "2024-02"),
        ("trend", date(2026, 9, 3), "2026-08-ytd"),
        ("trend", date(2026, 2, 4), "2025"),
        ("trend", date(2026, 1, 7), "2025"),
        ("trend", date(2026, 3, 4), "2026-02-ytd"),
        ("trend", date(2026, 12, 3), "2026-11-ytd"),
    ],
)
def test_the_period_follows_from_the_month(kind: PlannedKind, on: date, expected: str) -> None:
    """Interim accounts to the end of August in September, the year's in February."""
    assert period_name(period_of(kind, on, ZONE)) == expected


@pytest.mark.parametrize(
    ("now", "known", "periods"),
    [
        ("2026-11-04T04:59", "2020-01-01T00:00", []),  # a minute before six
        ("2026-11-04T05:00", "2020-01-01T00:00", ["2026-10"]),
        ("2026-11-30T22:59", "2020-01-01T00:00", ["2026-10"]),  # the month's last minute
        ("2026-11-30T23:00", "2020-01-01T00:00", []),  # December has begun
        ("2026-11-20T05:00", "2026-11-04T05:00", ["2026-10"]),
        ("2026-11-20T05:00", "2026-11-04T05:01", []),  # planned when that one had gone
    ],
)
def test_a_turn_lasts_from_its_morning_to_the_end_of_its_month(now: str, known: str, periods: list[str]) -> None:
    """And is none for a plan that was made later."""
    at, since = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (now, known))

    assert [period_name(turn.period) for turn in turns_due([MONTHLY], {MONTHLY.id: since}, at, ZONE, SWEDEN)] == periods
    assert list(turns_due([MONTHLY], {}, at, ZONE, SWEDEN)) == []


def test_a_plan_of_some_months_has_no_turn_in_the_others() -> None:
    """A trend report twice a year."""
    trend = ReportPlan("board/trend/portfolio/sv", "trend", (ALL,), ("a@example.se",), months=(2, 9))
    turns = [
        (month, period_name(turn.period))
        for month in range(1, 13)
        for turn in turns_due([trend], {trend.id: LONG_AGO}, datetime(2026, month, 27, 12, tzinfo=UTC), ZONE, SWEDEN)
    ]

    assert turns == [(2, "2025"), (9, "2026-08-ytd")]


def test_what_may_be_planned_is_what_can_be_made() -> None:
    """Configuration knows no services; it has the list twice, and this holds them together."""
    assert {kind.value: about for kind, about in ABOUT.items()} == PLANNED_ABOUT
