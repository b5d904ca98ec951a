"""What is news in a provider's answer: the newest checked value wins, and nothing else is touched."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.domain.weather import DAYS, VALUES, StationValues, WeatherQuantity
from services.analysis.weather_values import merged, moved_days, news
from tests.services.analysis.weather_frames import days, every_day

START = datetime(2024, 1, 1, tzinfo=UTC)
Point = tuple[int, float, str]


def values(points: list[Point]) -> pl.DataFrame:
    return pl.DataFrame(
        [(START + timedelta(days=at), value, quality) for at, value, quality in points], schema=VALUES, orient="row"
    )


def found(points: list[Point], checked: tuple[int, int] | None = None) -> StationValues:
    span = None if checked is None else (START + timedelta(days=checked[0]), START + timedelta(days=checked[1]))
    return StationValues(WeatherQuantity.AIR_TEMPERATURE_DAILY, "105260", values(points), span)


CASES = {
    "new": ([], [(0, 1.0, "Y")], [(0, 1.0, "Y")]),
    "the same again": ([(0, 1.0, "Y")], [(0, 1.0, "Y")], []),
    "provisional, corrected": ([(0, 1.0, "Y")], [(0, 1.5, "Y")], [(0, 1.5, "Y")]),
    "provisional, checked and right": ([(0, 1.0, "Y")], [(0, 1.0, "G")], [(0, 1.0, "G")]),
    "checked, checked anew": ([(0, 1.0, "G")], [(0, 1.2, "G")], [(0, 1.2, "G")]),
    "checked, then a provisional one": ([(0, 1.0, "G")], [(0, 9.0, "Y")], []),
    "withdrawn, come back": ([(0, 1.0, "-")], [(0, 1.0, "G")], [(0, 1.0, "G")]),
}


@pytest.mark.parametrize(("stored", "answer", "written"), CASES.values(), ids=CASES)
def test_the_newest_checked_value_wins(stored: list[Point], answer: list[Point], written: list[Point]) -> None:
    """Green is replaced by green only."""
    assert news(values(stored), found(answer)).rows() == values(written).rows()


def test_a_provisional_value_that_the_check_threw_out_is_withdrawn() -> None:
    """The archive of 1-5 January has no 3 January: the yellow value of that day failed. Outside the archive nothing is known."""
    stored = [(0, 1.0, "Y"), (2, 31.0, "Y"), (9, 2.0, "Y")]

    written = news(values(stored), found([(0, 1.0, "G"), (4, 1.0, "G")], checked=(0, 4)))

    assert written.rows() == values([(0, 1.0, "G"), (2, 31.0, "-"), (4, 1.0, "G")]).rows()


def test_without_an_archive_nothing_is_withdrawn() -> None:
    """A saved file may hold any part of a station's values."""
    assert news(values([(2, 31.0, "Y")]), found([(0, 1.0, "G"), (4, 1.0, "G")])).height == 2


POINT = st.tuples(st.integers(0, 8), st.sampled_from([1.0, 2.0]), st.sampled_from(["G", "Y"]))
POINTS = st.lists(POINT, max_size=9, unique_by=lambda point: point[0])


@given(stored=POINTS, answer=POINTS)
def test_taking_an_answer_twice_is_taking_it_once(stored: list[Point], answer: list[Point]) -> None:
    """Whatever is stored and whatever comes; and no checked value is ever lost to a provisional one."""
    before, given_now = values(stored), found(answer, checked=(2, 6))

    after = merged(before, news(before, given_now), ("time",))

    assert news(after, given_now).is_empty()
    was, now = {row[0]: row for row in before.rows()}, {row[0]: row for row in after.rows()}
    assert all(now[time][2] == "G" for time, row in was.items() if row[2] == "G")


def test_only_days_that_come_out_otherwise_have_moved() -> None:
    """A new day, a lost one, another value, another station; the day that stayed is left alone."""
    first, last = date(2024, 1, 1), date(2024, 1, 4)
    before = days(every_day(first, last), 1.0)
    after = pl.concat(
        [before[:1], before[1:2].with_columns(temperature_c=2.0), before[2:3].with_columns(station=pl.lit("105370"))]
    )

    assert [day.day for day in moved_days(before, after.cast(DAYS))] == [2, 3, 4]
