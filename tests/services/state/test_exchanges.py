"""The ledger of exchanges over one SQLite file."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.domain.intervals import ExchangeDecision, Finding, FindingCode
from config.errors import ConfigurationError
from services.state.dirty import HourRange
from services.state.exchanges import LedgerStatus
from services.state.state import State

NOON = datetime(2026, 3, 2, 12, 2, 30, tzinfo=UTC)
NOW = datetime(2026, 3, 5, 6, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
WEEK = HourRange(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 8, tzinfo=UTC))


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    with State.open(tmp_path / "state.sqlite") as made:
        yield made


def suspicion(at: datetime = NOON, code: FindingCode = FindingCode.EXCHANGE_SUSPECTED, before: float = 500_800.0) -> Finding:
    return Finding("p", code, at, at, "Är mätaren bytt?", "Was the meter exchanged?", {"before": before, "after": 730_000.0})


def statuses(state: State) -> list[tuple[datetime, str]]:
    return [(entry.at, entry.status.value) for entry in reversed(state.exchanges.rows(status=None))]


def test_a_suspicion_is_one_entry_however_often_it_is_settled(state: State) -> None:
    """Late readings settle the same hours again and again; the person is asked once, from when it was first seen."""
    for passed in range(3):
        state.exchanges.notice("p", [suspicion()], NOW + passed * DAY)

    (entry,) = state.exchanges.rows()
    assert (entry.point, entry.at, entry.code, entry.detected_at) == ("p", NOON, FindingCode.EXCHANGE_SUSPECTED, NOW)
    assert entry.evidence == {"after": 730_000.0, "before": 500_800.0}
    assert (entry.status, entry.decided_by, entry.decided_at) == (LedgerStatus.OPEN, None, None)


def test_only_what_a_person_can_confirm_is_kept(state: State) -> None:
    """A gap, or an exchange that the portfolio has on record, asks nothing."""
    found = [suspicion(NOON, FindingCode.GAP), suspicion(NOON + DAY, FindingCode.EXCHANGE), suspicion(NOON + 2 * DAY)]

    state.exchanges.notice("p", found, NOW, on_record=[NOON + DAY])

    assert [entry.at for entry in state.exchanges.rows()] == [NOON + 2 * DAY]


def test_an_exchange_seen_by_its_id_is_kept(state: State) -> None:
    """Nobody recorded it: another id alone does not say what the registers stood at."""
    state.exchanges.notice("p", [suspicion(NOON, FindingCode.EXCHANGE)], NOW, on_record=[NOON + DAY])

    assert [entry.code for entry in state.exchanges.rows()] == [FindingCode.EXCHANGE]


def test_an_open_entry_follows_its_evidence(state: State) -> None:
    """A reading that comes late narrows the moment; the same question is asked with what is known now."""
    state.exchanges.notice("p", [suspicion()], NOW)
    (number,) = (entry.id for entry in state.exchanges.rows())

    state.exchanges.notice("p", [suspicion(NOON - 20 * MINUTE, FindingCode.RESET, before=500_790.0)], NOW + DAY)

    (entry,) = state.exchanges.rows()
    assert (entry.id, entry.at, entry.code, entry.evidence["before"]) == (
        number,
        NOON - 20 * MINUTE,
        FindingCode.RESET,
        500_790.0,
    )


def test_two_resets_in_one_evening_are_two_entries(state: State) -> None:
    """And each stays the same entry when they are found again."""
    found = [suspicion(), suspicion(NOON + 90 * MINUTE)]
    state.exchanges.notice("p", found, NOW)
    state.exchanges.notice("p", [suspicion(NOON + 80 * MINUTE), suspicion(NOON - 10 * MINUTE)], NOW)

    assert statuses(state) == [(NOON - 10 * MINUTE, "open"), (NOON + 80 * MINUTE, "open")]


def test_what_later_readings_explained_is_withdrawn_and_may_come_back(state: State) -> None:
    """The register came back on its course: nobody shall be asked. Outside of what was settled nothing is said."""
    state.exchanges.notice("p", [suspicion(), suspicion(NOON + 30 * DAY)], NOW)
    state.exchanges.notice("p", [], NOW + DAY, window=WEEK)
    after = statuses(state)
    state.exchanges.notice("p", [suspicion()], NOW + 2 * DAY, window=WEEK)

    assert after == [(NOON, "withdrawn"), (NOON + 30 * DAY, "open")]
    assert statuses(state) == [(NOON, "open"), (NOON + 30 * DAY, "open")]


@pytest.mark.parametrize("accepted", [True, False])
def test_a_decision_is_never_lost_when_windows_are_settled_again(state: State, accepted: bool) -> None:
    """Settled with it, the suspicion is gone, or is now an exchange, or is found again: the decision stands."""
    state.exchanges.notice("p", [suspicion()], NOW)
    (entry,) = state.exchanges.rows()
    decided = state.exchanges.decide(entry.id, NOW, accepted=accepted, by="Eva")

    for again in ([], [suspicion(NOON, FindingCode.EXCHANGE)], [suspicion(NOON, before=1.0)]):
        state.exchanges.notice("p", again, NOW + DAY, window=WEEK)

    assert state.exchanges.rows(status=None) == [decided]
    assert state.exchanges.decisions("p") == (ExchangeDecision("p", NOON, accepted),)


def test_another_suspicion_near_a_rejected_one_is_asked_about(state: State) -> None:
    """Settlement follows the rejection, so what it finds an hour later is something else."""
    state.exchanges.notice("p", [suspicion()], NOW)
    state.exchanges.decide(1, NOW, accepted=False, by="Eva")

    state.exchanges.notice("p", [suspicion(NOON + HOUR)], NOW, window=WEEK)

    assert statuses(state) == [(NOON, "rejected"), (NOON + HOUR, "open")]


def test_a_decision_carries_levels_and_who_answers(state: State) -> None:
    """Settlement needs the levels, the reader of a report the name."""
    state.exchanges.notice("p", [suspicion()], NOW)

    entry = state.exchanges.decide(
        1, NOW, accepted=True, by=" Eva Ek ", old_register=500_803.3, new_register=730_000.0, note="Ellevios brev"
    )

    assert (entry.status, entry.decided_by, entry.decided_at, entry.note) == ("confirmed", "Eva Ek", NOW, "Ellevios brev")
    assert state.exchanges.decisions("p") == (ExchangeDecision("p", NOON, True, 500_803.3, 730_000.0),)
    assert state.exchanges.decisions("q") == ()


def test_a_decision_settles_the_hours_around_it_again(state: State) -> None:
    """The day of it and 28 either way: 2 February to 30 March; and until settled they are known as a decision's."""
    state.exchanges.notice("p", [suspicion()], NOW)
    state.exchanges.decide(1, NOW, accepted=True, by="Eva")
    touched = HourRange(datetime(2026, 2, 2, tzinfo=UTC), datetime(2026, 3, 31, tzinfo=UTC))

    awaited = state.exchanges.awaited("p")

    assert state.dirty_hours.take("p").ranges == (touched,)
    assert awaited.ranges == (touched,)
    state.exchanges.followed("q", awaited.up_to)
    assert state.exchanges.awaited("p").ranges == (touched,)
    state.exchanges.followed("p", awaited.up_to)
    assert state.exchanges.awaited("p").ranges == ()


def test_what_was_known_then_can_be_asked_for(state: State) -> None:
    """A report of Tuesday used what was decided by Tuesday, also after it was taken back and decided otherwise."""
    state.exchanges.notice("p", [suspicion()], NOW)
    state.exchanges.decide(1, NOW, accepted=True, by="Eva", new_register=0.0)
    state.exchanges.reopen(1, NOW + DAY, by="Bo", note="fel mätare")
    state.exchanges.decide(1, NOW + 2 * DAY, accepted=False, by="Bo")
    confirmed, rejected = ExchangeDecision("p", NOON, True, None, 0.0), ExchangeDecision("p", NOON, False)

    known = {at: state.exchanges.decisions("p", NOW + at * DAY / 2) for at in (-1, 0, 1, 2, 3, 4, 9)}

    assert known == {-1: (), 0: (confirmed,), 1: (confirmed,), 2: (), 3: (), 4: (rejected,), 9: (rejected,)}
    assert state.exchanges.decisions("p") == (rejected,)


def test_a_taken_back_decision_leaves_an_open_entry(state: State) -> None:
    """It asks again; who was wrong is in the history, not beside the question."""
    state.exchanges.notice("p", [suspicion()], NOW)
    state.exchanges.decide(1, NOW, accepted=True, by="Eva", old_register=1.0)
    state.dirty_hours.clear("p", state.dirty_hours.take("p").up_to)

    entry = state.exchanges.reopen(1, NOW + DAY, by="Bo", note="fel mätare")

    assert (entry.status, entry.decided_by, entry.old_register, entry.note) == (LedgerStatus.OPEN, None, None, "fel mätare")
    assert state.dirty_hours.pending_points() == ["p"]


def test_entries_are_listed_by_status_and_point(state: State) -> None:
    """The board shows a person their own buildings' open ones."""
    for point, days in (("p", 0), ("q", 1), ("r", 2)):
        state.exchanges.notice(point, [suspicion(NOON + days * DAY)], NOW)
    state.exchanges.decide(2, NOW, accepted=False, by="Eva")
    listed = state.exchanges.rows

    assert [entry.point for entry in listed()] == ["r", "p"]
    assert [entry.point for entry in listed(status=None, limit=2)] == ["r", "q"]
    assert [entry.point for entry in listed(status=None, points={"p", "q"})] == ["q", "p"]
    assert listed(points=()) == []
    assert [entry.point for entry in listed(status=LedgerStatus.REJECTED)] == ["q"]


WRONG = {
    "unknown": ({"number": 9, "accepted": True, "by": "Eva"}, "there is no exchange 9"),
    "decided": ({"number": 1, "accepted": False, "by": "Bo"}, "exchange 1 is confirmed already, by Eva at 2026-03-05 06:00 UTC"),
    "nobody": ({"number": 2, "accepted": True, "by": " "}, "say who with --by"),
    "levels of a rejection": (
        {"number": 2, "accepted": False, "by": "Bo", "old_register": 5.0},
        "a rejected exchange has no levels",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_decision_says_what_to_do(state: State, name: str) -> None:
    """And changes nothing."""
    how, words = WRONG[name]
    state.exchanges.notice("p", [suspicion(), suspicion(NOON + DAY)], NOW)
    state.exchanges.decide(1, NOW, accepted=True, by="Eva")
    before = state.exchanges.rows(status=None)

    with pytest.raises(ConfigurationError, match=words):
        state.exchanges.decide(now=NOW, **how)  # type: ignore[arg-type]  # the table's words are of many types

    assert state.exchanges.rows(status=None) == before


def test_nothing_undecided_is_taken_back(state: State) -> None:
    """The word would mean nothing."""
    state.exchanges.notice("p", [suspicion()], NOW)

    with pytest.raises(ConfigurationError, match="there is no decision to take back"):
        state.exchanges.reopen(1, NOW, by="Eva")


def test_a_second_process_sees_the_decision(tmp_path: Path) -> None:
    """The command decides, the jobs' process settles."""
    with State.open(tmp_path / "s") as command, State.open(tmp_path / "s") as jobs:
        jobs.exchanges.notice("p", [suspicion()], NOW)
        command.exchanges.decide(1, NOW, accepted=True, by="Eva")

        assert jobs.exchanges.decisions("p") == (ExchangeDecision("p", NOON, True),)
        assert jobs.dirty_hours.pending_points() == ["p"]
