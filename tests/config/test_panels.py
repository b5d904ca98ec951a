"""Windows of panels, and what belongs to a building."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from config.domain.estate import Carrier
from config.domain.panels import (
    Audience,
    Choice,
    Column,
    Dashboard,
    PanelQuery,
    Role,
    Scope,
    all_ids_of,
    everything,
    installed_in,
    one,
)
from config.domain.series import DEVIATIONS, INDICATOR_VALUES, INTERVALS, READINGS, Aggregate, SeriesQuery
from config.domain.windows import (
    LAST_MONTH,
    ROLLING_YEAR,
    ROLLING_YEAR_BEFORE,
    SAME_MONTH,
    SAME_WEEKDAY,
    THIS_MONTH,
    TODAY,
    Span,
    Window,
    around,
    days,
    last_hours,
    months,
    past_days,
    years,
)
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
    "today and six days before": (days(7), utc(2026, 10, 28, 12), utc(2026, 10, 21, 22), utc(2026, 10, 28, 23)),
    "seven days that are over": (past_days(7), utc(2026, 10, 28, 12), utc(2026, 10, 20, 22), utc(2026, 10, 27, 23)),
    "the month that is over": (LAST_MONTH, utc(2026, 11, 1, 0), utc(2026, 9, 30, 22), utc(2026, 10, 31, 23)),
    "of January it is December": (LAST_MONTH, utc(2026, 1, 31, 22), utc(2025, 11, 30, 23), utc(2025, 12, 31, 23)),
    "the same month a year before": (SAME_MONTH, utc(2026, 11, 1, 0), utc(2025, 9, 30, 22), utc(2025, 10, 31, 23)),
    "twelve months that are over": (months(12), utc(2026, 2, 28, 12), utc(2025, 1, 31, 23), utc(2026, 1, 31, 23)),
    "the twelve before those": (
        Window(Span.MONTHS_BEFORE, 12),
        utc(2026, 2, 28, 12),
        utc(2024, 1, 31, 23),
        utc(2025, 1, 31, 23),
    ),
    "where the rolling year that is over begins": (
        ROLLING_YEAR,
        utc(2026, 11, 1, 0),
        utc(2025, 10, 31, 23),
        utc(2025, 11, 30, 23),
    ),
    "and the one before it": (ROLLING_YEAR_BEFORE, utc(2026, 11, 1, 0), utc(2024, 10, 31, 23), utc(2024, 11, 30, 23)),
    "years to the end of this one": (years(3), utc(2026, 2, 28, 12), utc(2023, 12, 31, 23), utc(2026, 12, 31, 23)),
    "years on either side": (around(20), utc(2026, 2, 28, 12), utc(2005, 12, 31, 23), utc(2046, 12, 31, 23)),
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


def test_a_window_without_its_count_is_refused() -> None:
    """And one with a count that it does not know."""
    for span, count in ((Span.DAYS, 0), (Span.MONTHS, -1), (Span.TODAY, 3)):
        with pytest.raises(ValueError, match="makes no sense"):
            Window(span, count)


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

    asked = query.resolve(example.portfolio(), one("aldreboendet"), example.NOW)

    assert asked.where == {"meter": ("m-alv-gammal", "m-alv")}
    assert (asked.start, asked.end, asked.zone) == (utc(2026, 11, 23, 23), utc(2026, 11, 24, 23), ZONE)


def test_an_exchanged_meter_is_no_longer_installed() -> None:
    """It would look silent for ever."""
    portfolio = example.portfolio()

    assert [each.meter for each in installed_in(portfolio, "aldreboendet", example.NOW)] == ["m-alv"]
    assert all_ids_of(portfolio, "aldreboendet") == ["aldreboendet", "alv-el", "m-alv-gammal", "m-alv"]


def test_figures_are_asked_for_by_owner_and_by_kind() -> None:
    """Of the owners of the chosen buildings, whether other buildings of theirs were chosen or not."""
    portfolio = example.portfolio()
    choice = Choice(("aldreboendet", "depan"))

    def subjects(*kinds: str) -> tuple[str, ...]:
        query = SeriesQuery(INDICATOR_VALUES, where={"subject_kind": kinds})
        return (
            PanelQuery(Role.VALUE, query, Scope.SUBJECT, TODAY, "kWh", "", "")
            .resolve(portfolio, choice, example.NOW)
            .where["subject"]
        )

    assert subjects("building") == ("aldreboendet", "depan")
    assert subjects("owner") == ("energi",)
    assert subjects("building_kind", "portfolio") == ("care_home", "depot", "portfolio")


def test_who_looks_at_everything_narrows_nothing() -> None:
    """A thousand names in a question are slower than none, and say no more."""
    portfolio = example.portfolio()
    query = PanelQuery(Role.VALUE, SeriesQuery(DEVIATIONS), Scope.BUILDING, TODAY, "SEK", "kronor", "kronor")

    assert query.resolve(portfolio, everything(portfolio), example.NOW).where == {}
    assert query.resolve(portfolio, Choice(()), example.NOW).where == {"building": ()}


def test_a_question_without_scope_is_the_same_for_every_choice() -> None:
    """Our own service's figures are nobody's building."""
    query = PanelQuery(Role.VALUE, SeriesQuery(INTERVALS), Scope.NONE, TODAY, "kWh", "", "")

    assert query.resolve(example.portfolio(), one("depan"), example.NOW).where == {}


def test_a_column_that_the_series_does_not_have_is_refused() -> None:
    """And columns of an aggregate, which has one number only."""
    column = Column("sentence", "text", "vad", "what", name_en="sentence_en")
    wrong = Column("sentance", "text", "vad", "what")
    PanelQuery(Role.VALUE, SeriesQuery(DEVIATIONS), Scope.BUILDING, TODAY, "kr", "", "", (column,))

    with pytest.raises(ValueError, match="no tag or field sentance"):
        PanelQuery(Role.VALUE, SeriesQuery(DEVIATIONS), Scope.BUILDING, TODAY, "kr", "", "", (wrong,))
    counted = SeriesQuery(DEVIATIONS, aggregate=Aggregate.COUNT)
    with pytest.raises(ValueError, match="columns are of points"):
        PanelQuery(Role.VALUE, counted, Scope.BUILDING, TODAY, "kr", "", "", (column,))


def test_a_dashboard_of_a_carrier_concerns_buildings_where_it_is_measured() -> None:
    """A solar page of a house without cells would be empty from top to bottom."""
    plain = Dashboard("x", "x", "x", Audience.FACILITY_MANAGERS, "x", "x", ())
    of_the_sun = replace(plain, carriers=(Carrier.SOLAR,))

    assert [of_the_sun.concerns(example.portfolio(), building) for building in (example.SCHOOL, "ishallen")] == [True, False]
    assert plain.concerns(example.portfolio(), "depan")
