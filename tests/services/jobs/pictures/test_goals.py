"""Goals and their lines as points."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.domain.assessments import Forecast
from config.domain.goals import Goals
from config.domain.series import GOAL_LINES
from config.domain.series import GOALS as GOAL_POINTS
from services.reports.goal_standing import GoalStanding
from tests.doubles.memory_store import MemoryStore
from tests.services.jobs.pictures.town import GOALS, MIDNIGHT, NOW, Town, enter, town

SUN, EED = GOALS.goals
NEW_YEAR_S_EVE_2025 = datetime(2025, 12, 30, 23, tzinfo=UTC)  # its first instant in Sweden


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Town]:
    made = town(tmp_path, MemoryStore())
    yield made
    made.state.close()


def lines(place: Town, goal: str) -> dict[str, dict[datetime, float]]:
    """Line → instant → value, of what is open."""
    found: dict[str, dict[datetime, float]] = {}
    for row in place.points(GOAL_LINES, open=1):
        if row["goal"] == goal:
            found.setdefault(row["line"], {})[row["time"]] = row["value"]
    return found


def test_a_goal_stands_as_it_is_judged(place: Town) -> None:
    """Solar power stands still at 3.2 MW: 4.065 was wanted at the end of 2025, and 5 in 2030."""
    enter(place, SUN, 3.15, 3.2, 3.18, 3.2, 3.2)
    judged = GoalStanding(place.goals, place.portfolio, place.store, place.state).assessment(SUN, NOW)
    assert isinstance(judged.target_year, Forecast)

    place.draw(GOAL_POINTS)

    (row,) = (row for row in place.points(GOAL_POINTS) if row["goal"] == "sol")
    assert (row["time"], row["open"], row["level"], row["unit"]) == (MIDNIGHT, 1, "eu", "MWh")
    assert (row["value"], row["path"], row["target"]) == pytest.approx((3.2, 4.065, 5.0))
    assert (row["verdict"], row["verdict_en"], row["year"], row["target_year"]) == ("når inte", "will miss", 2026, 2030)
    assert (row["probability"], row["forecast"]) == (judged.probability, judged.target_year.expected)
    assert row["latest"] == 1_767_222_000_000  # midnight after New Year's Eve 2025 in Sweden
    assert (row["lacks"], row["reason"]) == ("", "")


def test_a_goal_that_cannot_be_judged_says_what_it_lacks(place: Town) -> None:
    """Its base is on record, and one value is too few; figures that are not known are absent, not nought."""
    place.draw(GOAL_POINTS)

    (row,) = (row for row in place.points(GOAL_POINTS) if row["goal"] == "eed")
    assert (row["verdict"], row["probability"], row["forecast"], row["target_year"]) == ("kan inte bedömas", None, None, None)
    assert row["lacks"] == "forecast,probability,target,target_year"
    assert row["reason"].startswith("Det senaste värdet är från 2021-12-31, äldre än 36 månader;")
    assert row["reason_en"].startswith("The last value is of 2021-12-31, older than 36 months;")


def test_an_entered_value_is_an_input(place: Town) -> None:
    """The passing of a minute is not."""
    picture = place.picture(GOAL_POINTS)
    before = [picture.inputs(NOW), picture.inputs(NOW + timedelta(minutes=1))]

    enter(place, SUN, 3.2)

    assert before[0] == before[1]
    assert picture.inputs(NOW) != before[0]


def test_a_goal_that_becomes_known_is_another_point(place: Town) -> None:
    """What lacked a probability this morning is no longer open."""
    place.draw(GOAL_POINTS)
    enter(place, SUN, 3.15, 3.2, 3.18, 3.2, 3.2)

    place.draw(GOAL_POINTS)

    rows = [row for row in place.points(GOAL_POINTS) if row["goal"] == "sol"]
    assert sorted((row["open"], row["probability"] is None) for row in rows) == [(0, True), (1, False)]


def test_lines_stand_at_the_last_day_of_their_periods(place: Town) -> None:
    """Measured to 2025, the path from 2020 to 2030, the forecast from 2026 with its edges around it."""
    enter(place, SUN, 3.15, 3.2, 3.18, 3.2, 3.2)

    place.draw(GOAL_LINES)

    drawn = lines(place, "sol")
    assert max(drawn["measured"]) == NEW_YEAR_S_EVE_2025
    assert drawn["path"][NEW_YEAR_S_EVE_2025] == pytest.approx(4.065)
    assert (len(drawn["path"]), len(drawn["measured"])) == (11, 6)
    ahead = sorted(drawn["forecast"])
    assert [at.year for at in ahead] == [2026, 2027, 2028, 2029, 2030]
    assert all(drawn["low"][at] < drawn["forecast"][at] < drawn["high"][at] for at in ahead)


def test_coverage_tells_measured_from_expected(place: Town) -> None:
    """Nothing of a forecast is measured; a path is decided, and whole."""
    enter(place, SUN, 3.15, 3.2, 3.18, 3.2, 3.2)

    place.draw(GOAL_LINES)

    coverage = {row["line"]: row["coverage"] for row in place.points(GOAL_LINES)}
    assert coverage == {"measured": 1.0, "path": 1.0, "forecast": 0.0, "low": 0.0, "high": 0.0}


def test_a_year_s_value_takes_the_place_of_its_forecast(place: Town) -> None:
    """When 2025 is entered nobody expects it any more."""
    enter(place, SUN, 3.15, 3.2, 3.18, 3.2, last=2024)
    place.draw(GOAL_LINES)
    before = NEW_YEAR_S_EVE_2025 in lines(place, "sol")["forecast"]

    enter(place, SUN, 3.2, last=2025)
    place.draw(GOAL_LINES)

    assert (before, NEW_YEAR_S_EVE_2025 in lines(place, "sol")["forecast"]) == (True, False)


def test_a_goal_that_is_gone_has_no_open_line(place: Town) -> None:
    """It was taken out of goals.yaml."""
    place.draw(GOAL_LINES)
    place.goals = Goals((SUN,))

    place.draw(GOAL_LINES)

    assert lines(place, "eed") == {}
    assert lines(place, "sol") != {}
