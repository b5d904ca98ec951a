"""The change log as points, from where the last look ended."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import services.jobs.pictures.restatements as module
from config.domain.series import RESTATEMENTS
from services.jobs.pictures.job import PicturesJob
from tests.doubles.memory_store import MemoryStore
from tests.services.jobs.pictures.town import NOW, ZONE, Town, change, town
from tests.services.jobs.world import FixedClock

OCTOBER = (datetime(2026, 9, 30, 22, tzinfo=UTC), datetime(2026, 10, 31, 23, tzinfo=UTC))
YEAR = (datetime(2024, 12, 31, 23, tzinfo=UTC), datetime(2025, 12, 31, 23, tzinfo=UTC))
ROLLING = (datetime(2025, 10, 31, 23, tzinfo=UTC), OCTOBER[1])


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Town]:
    made = town(tmp_path, MemoryStore())
    yield made
    made.state.close()


def test_a_change_of_a_month_or_longer_is_told_with_its_period(place: Town) -> None:
    """Days and hours move with every late reading."""
    place.state.figure_changes.add(
        [
            change("month", *OCTOBER, 100.0, 110.0),
            change("year", *YEAR, 1_000.0, 1_010.0),
            change("rolling_year", *ROLLING, 990.0, 1_000.0),
            change("day", *OCTOBER, 1.0, 2.0),
        ]
    )

    place.draw(RESTATEMENTS)

    rows = place.points(RESTATEMENTS)
    assert [(row["of"], row["old"], row["value"]) for row in rows] == [
        ("2025", 1_000.0, 1_010.0),
        ("2025-11–2026-10", 990.0, 1_000.0),
        ("2026-10", 100.0, 110.0),
    ]
    assert {(row["time"], row["cause"], row["sentence"], row["sentence_en"]) for row in rows} == {
        (NOW, "late", "Ändrades.", "It changed.")
    }


def test_a_figure_that_became_missing_has_no_value(place: Town) -> None:
    """It is not nought."""
    place.state.figure_changes.add([change("month", *OCTOBER, 100.0, None)])

    place.draw(RESTATEMENTS)

    (row,) = place.points(RESTATEMENTS)
    assert (row["value"], row["old"], row["lacks"]) == (None, 100.0, "value")


def test_what_is_told_is_not_told_again(place: Town) -> None:
    """The next look begins behind it."""
    place.state.figure_changes.add([change("month", *OCTOBER, 100.0, 110.0)])
    place.draw(RESTATEMENTS)
    store = place.store
    assert isinstance(store, MemoryStore)
    before = store.writes
    place.state.figure_changes.add([change("month", *OCTOBER, 110.0, 111.0, NOW + timedelta(hours=1))])

    place.draw(RESTATEMENTS)
    place.draw(RESTATEMENTS)

    assert store.writes - before == 1
    assert [row["value"] for row in place.points(RESTATEMENTS)] == [110.0, 111.0]


def test_a_loss_before_the_watermark_moved_tells_the_same_points(place: Town) -> None:
    """They are written once more, over themselves."""
    place.state.figure_changes.add([change("month", *OCTOBER, 100.0, 110.0)])
    place.draw(RESTATEMENTS)
    place.state.watermarks.forget(module.WATERMARK, "")

    place.draw(RESTATEMENTS)

    assert len(place.points(RESTATEMENTS)) == 1


def test_a_long_log_is_told_some_at_a_time_until_it_is_at_its_end(place: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each look goes on where the last one ended, without waiting for news."""
    monkeypatch.setattr(module, "AT_ONCE", 2)
    later = [NOW - timedelta(minutes=5 - n) for n in range(5)]
    place.state.figure_changes.add([change("month", *OCTOBER, 100.0 + n, 101.0 + n, at) for n, at in enumerate(later)])
    job = PicturesJob([place.picture(RESTATEMENTS)], ZONE, FixedClock(NOW))
    told = []

    while job.pending(NOW):
        job.do(RESTATEMENTS.name)
        told.append(len(place.points(RESTATEMENTS)))

    assert told == [2, 4, 5, 5]
