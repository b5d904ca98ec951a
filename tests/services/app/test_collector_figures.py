"""The collector by its sign of life and its journal."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest

from collectors.journal import JournalWriter, Position, Progress
from services.app.collector_figures import CollectorFigures
from services.jobs.pictures.service import Seen

NOW = datetime(2026, 11, 24, 12, 40, 20, tzinfo=UTC)


@pytest.fixture
def figures(tmp_path: Path) -> CollectorFigures:
    return CollectorFigures(tmp_path, tmp_path / "journal")


def beat(folder: Path, at: datetime, **said: object) -> None:
    (folder / "health").mkdir()
    (folder / "health" / "collector.json").write_bytes(orjson.dumps({"service": "collector", "at": at} | said))


def test_a_sign_of_life_is_read(tmp_path: Path, figures: CollectorFigures) -> None:
    """A broker that does not tell what it dropped: that is not known, and not nought."""
    at = NOW - timedelta(seconds=4)
    beat(tmp_path, at, received=17, dropped_by_broker=None, sessions_lost=0)

    assert figures.seen(NOW) == Seen(at, 17, None, 0)


def test_an_old_sign_of_life_is_none(tmp_path: Path, figures: CollectorFigures) -> None:
    """Its counters are those of a process that is gone."""
    beat(tmp_path, NOW - timedelta(minutes=2), received=17)

    assert figures.seen(NOW) is None


def test_the_lag_is_the_age_of_the_first_message_behind_the_intake(tmp_path: Path, figures: CollectorFigures) -> None:
    """Three came, the first is taken in."""
    with JournalWriter(tmp_path / "journal") as journal:
        for seconds in (90, 60, 30):
            journal.append(NOW - timedelta(seconds=seconds), [("a/b", b"1", 1)])
    progress = Progress(tmp_path / "journal")
    progress.advance(Position("2026-11-24", 1))
    progress.close()

    assert figures.lag(NOW) == timedelta(seconds=60)


def test_nothing_waits_behind_the_last_message(tmp_path: Path, figures: CollectorFigures) -> None:
    """A known nought."""
    with JournalWriter(tmp_path / "journal") as journal:
        journal.append(NOW, [("a/b", b"1", 1)])
    progress = Progress(tmp_path / "journal")
    progress.advance(Position("2026-11-24", 1))
    progress.close()

    assert figures.lag(NOW) == timedelta(0)


def test_without_a_journal_no_lag_is_known(figures: CollectorFigures, tmp_path: Path) -> None:
    """And none is made by asking."""
    assert figures.lag(NOW) is None
    assert not (tmp_path / "journal").exists()
