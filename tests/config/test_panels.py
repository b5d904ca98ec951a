"""Windows of panels, and what belongs to a building."""

from datetime import UTC, datetime, timedelta

import pytest

from config.domain.panels import (
    SAME_WEEKDAY,
    THIS_MONTH,
    TODAY,
    PanelQuery,
    Role,
    Scope,
    Window,
    all_ids_of,
    installed_in,
    last_hours,
)
from config.domain.series import READINGS, SeriesQuery
from tests.dashboards import example

ZONE = "Europe/Stockholm"


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type] # year, month, day, hour, minute


WINDOWS = {
    "today is the local day": (TODAY, utc(2026, 11, 24, 12, 40), utc(2026, 11, 23, 23), utc(2026, 11, 24, 23)),
    "after local midnight it is the next": (TODAY, utc(2026, 11, 24, 23, 1), utc(2026, 11, 24, 23), utc(2026, 11, 25, 23)),
    "of 25 hours when the clock is set back": (TODAY, utc(2026, 10, 25, 12), utc(2026, 10, 24, 22), utc(2026, 10, 25, 23)),
    "of 23 when it is set forward": (TODAY, utc(2026, 3, 29, 12), utc(2026, 3, 28, 23), utc(2026, 3, 29, 22)),
    "a week before, by the calendar": (SAME_WEEKDAY, utc(2026, 10, 28, 12), utc(2026, 10, 20, 22), utc(2026, 10, 21, 22)),
    "the month": (THIS_MONTH, utc(2026, 11, 24, 12), utc(2026, 10, 31, 23), utc(2026, 11, 30, 23)),
    "last hours, from a whole one": (last_hours(24), utc(2026, 11, 24, 12, 40), utc(2026, 11, 23, 12), utc(2026, 11, 24, 12, 41)),
}


@pytest.mark.parametrize("name", WINDOWS)
def test_a_window_follows_the_wall_clock(name: str) -> None:
    """Bounds by hand, in UTC."""
    window, now, start, end = WINDOWS[name]

    assert window.bounds(now, ZONE) == (start, end)


def test_everyone_who_asks_within_a_minute_asks_the_same() -> None:
    """So that a cache serves them all."""
    now = utc(2026, 11, 24, 12, 40)

    assert last_hours(2).bounds(now, ZONE) == last_hours(2).bounds(now + timedelta(seconds=59), ZONE)


def test_the_last_hours_are_no_period() -> None:
    """They have no calendar name."""
    with pytest.raises(ValueError, match="no local period"):
        last_hours(2).period(utc(2026, 1, 1), ZONE)


@pytest.mark.parametrize(
    ("query", "scope", "words"),
    [
        (SeriesQuery(READINGS, start=utc(2026, 1, 1)), Scope.METER, "the window gives the bounds"),
        (SeriesQuery(READINGS), Scope.POINT, "readings has no tag point"),
    ],
)
def test_a_panels_query_that_cannot_be_asked_is_refused(query: SeriesQuery, scope: Scope, words: str) -> None:
    """When the dashboard is loaded, not when somebody looks at it."""
    with pytest.raises(ValueError, match=words):
        PanelQuery(Role.VALUE, query, scope, Window(TODAY.span), "kW", "effekt", "power")


def test_a_question_is_about_one_building() -> None:
    """Its meters, and no others'; those that are gone too, for their history."""
    query = PanelQuery(Role.VALUE, SeriesQuery(READINGS), Scope.METER, TODAY, "kW", "effekt", "power")

    asked = query.resolve(example.portfolio(), "aldreboendet", example.NOW)

    assert asked.where == {"meter": ("m-alv-gammal", "m-alv")}
    assert (asked.start, asked.end, asked.zone) == (utc(2026, 11, 23, 23), utc(2026, 11, 24, 23), ZONE)


def test_an_exchanged_meter_is_no_longer_installed() -> None:
    """It would look silent for ever."""
    portfolio = example.portfolio()

    assert [each.meter for each in installed_in(portfolio, "aldreboendet", example.NOW)] == ["m-alv"]
    assert all_ids_of(portfolio, "aldreboendet") == ["aldreboendet", "alv-el", "m-alv-gammal", "m-alv"]
