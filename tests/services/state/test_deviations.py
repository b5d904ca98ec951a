"""Threads: one at a time of each kind and subject, whatever is recorded and however often."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from config.domain.deviations import EventKind, Saving, ThreadState
from config.domain.indicators import Missing
from services.state.state import State
from tests.services.analysis.test_attention import UNPRICED, found

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
TODAY = date(2026, 11, 24)
ACTED = date(2026, 11, 20)


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    with State.open(tmp_path / "state.sqlite") as opened:
        yield opened


def test_a_deviation_comes_back_as_it_was_recorded(state: State) -> None:
    """Missing stays Missing with its reasons, evidence stays evidence."""
    given = found(sek=UNPRICED, kwh=12.5, evidence={"used_kw": 3.5, "also": ["weekend"]})
    thread = state.deviation_threads.record(given, NOW, TODAY)

    assert thread.deviation == given
    assert isinstance(thread.deviation.sek, Missing)


def test_recording_again_changes_figures_and_nothing_else(state: State) -> None:
    """The state, its number and its events stay."""
    first = state.deviation_threads.record(found(sek=100.0), NOW, TODAY)
    state.deviation_threads.acknowledge(first.id, NOW, "Anna", "")
    again = state.deviation_threads.record(found(sek=150.0, last=12), NOW + timedelta(days=1), TODAY)

    assert (again.id, again.state, again.deviation.sek) == (first.id, ThreadState.ACKNOWLEDGED, 150.0)
    assert len(state.deviation_threads.events(first.id)) == 2


def test_the_use_that_comes_back_after_a_verified_saving_opens_the_same_thread(state: State) -> None:
    """A new episode, after the days that the saving was counted over; not the old one, which lies before them."""
    table = state.deviation_threads
    thread = table.record(found(), NOW, TODAY)
    table.act(thread.id, NOW, "Anna", "Åtgärdat", ACTED)
    saving = Saving(900.0, 600.0, 1200.0, ACTED, ACTED + timedelta(days=9), "3P")
    table.verify(thread.id, NOW, saving, "")
    assert table.record(found(), NOW, TODAY).state is ThreadState.VERIFIED

    back = table.record(found(first=40, last=50), NOW + timedelta(days=40), TODAY + timedelta(days=40))

    assert (back.id, back.state) == (thread.id, ThreadState.OPENED)
    assert table.events(thread.id)[-1].kind is EventKind.REBOUND


def test_it_does_so_when_the_thread_was_closed_meanwhile(state: State) -> None:
    """Verified and closed is not forgotten; closed without a saving is another story, and a new thread."""
    table = state.deviation_threads
    verified = table.record(found(building="a"), NOW, TODAY)
    table.act(verified.id, NOW, "Anna", "Åtgärdat", ACTED)
    table.verify(verified.id, NOW, Saving(900.0, 600.0, 1200.0, ACTED, TODAY, "3P"), "")
    table.close(verified.id, NOW, "Anna", "klart")
    plain = table.record(found(building="b"), NOW, TODAY)
    table.close(plain.id, NOW, "Anna", "avsiktligt")
    later = TODAY + timedelta(days=40)

    assert table.record(found(building="a", first=40, last=50), NOW + timedelta(days=40), later).id == verified.id
    assert table.record(found(building="b", first=40, last=50), NOW + timedelta(days=40), later).id not in (plain.id, verified.id)


def test_a_waiting_thread_is_told_once(state: State) -> None:
    """Telling again changes neither the instant nor the events."""
    thread = state.deviation_threads.record(found(), NOW, TODAY)
    state.deviation_threads.tell(thread.id, NOW)
    state.deviation_threads.tell(thread.id, NOW + timedelta(days=1))

    told = state.deviation_threads.thread(thread.id)
    assert told is not None
    assert told.opened == NOW
    assert [event.kind for event in state.deviation_threads.events(thread.id)] == [EventKind.FOUND, EventKind.OPENED]


def test_marks_follow_dirty_days_and_are_cleared_apart(state: State) -> None:
    """Each day once, however often it was marked; a mark made after the taking stays."""
    for _ in range(3):
        state.dirty_days.mark("skola", [date(2026, 11, 20), date(2026, 11, 24)])
    taken = state.deviation_days.take("skola", TODAY)
    state.dirty_days.mark("skola", [date(2026, 11, 20)])
    state.deviation_days.clear("skola", TODAY, taken.up_to)

    assert taken.days == (date(2026, 11, 20),)  # today is not over
    assert state.deviation_days.take("skola", TODAY).days == (date(2026, 11, 20),)


def test_days_are_replaced_whole(state: State) -> None:
    """A carrier that is no longer there leaves nothing behind; other days stay."""
    schema = {"building": pl.String, "reported_as": pl.String, "day": pl.Date, "kw": pl.Float64, "kwh": pl.Float64}
    days = [date(2026, 11, 1), date(2026, 11, 2)]
    rows = [("skola", carrier, day, 1.5, None) for day in days for carrier in ("electricity", "gas")]
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    state.deviation_days.write("use", frame, ["skola"], days)
    state.deviation_days.write("use", frame.filter(pl.col("reported_as") == "gas"), ["skola"], days[:1])
    read = state.deviation_days.read("use", frame.clear(), ["skola"], days[0], days[1])

    assert read.select("reported_as", "day").rows() == [("electricity", days[1]), ("gas", days[0]), ("gas", days[1])]
    assert read["kwh"].null_count() == 3
    assert state.deviation_days.forget_before(datetime(2026, 11, 2, tzinfo=UTC)) == 1


def test_a_muted_thread_takes_up_what_is_found_and_is_told_no_one(state: State) -> None:
    """Also a closed one, while its mute lasts: no new thread behind the mute's back."""
    table = state.deviation_threads
    thread = table.record(found(), NOW, TODAY)
    table.mute(thread.id, NOW, "Anna", "Ombyggnad", TODAY + timedelta(days=100))
    table.close(thread.id, NOW, "Anna", "klart")
    again = table.record(replace(found(first=40, last=50)), NOW + timedelta(days=40), TODAY + timedelta(days=40))

    assert (again.id, again.state) == (thread.id, ThreadState.CLOSED)
