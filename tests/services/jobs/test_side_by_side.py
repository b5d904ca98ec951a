"""Parts of a task on several threads."""

import threading

import pytest

from services.jobs import side_by_side as module
from services.jobs.side_by_side import side_by_side


@pytest.fixture(autouse=True)
def _two_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever machine the test runs on."""
    monkeypatch.setattr(module, "WORKERS", 2)


def test_two_parts_are_done_at_a_time() -> None:
    """Each waits for the other: one after the other they would never end."""
    meeting = threading.Barrier(2, timeout=20)
    met: list[int] = []
    side_by_side(lambda _: met.append(meeting.wait()), range(4))

    assert sorted(met) == [0, 0, 1, 1]


def test_every_part_is_done_once() -> None:
    """None is lost between the threads."""
    done: list[int] = []
    side_by_side(done.append, range(50))

    assert sorted(done) == list(range(50))


def test_an_error_comes_out_and_no_further_part_is_begun() -> None:
    """The task has failed: its marks stay, and it is done again as a whole."""
    begun: list[int] = []
    gate = threading.Event()

    def part(number: int) -> None:
        begun.append(number)
        if number == 0:
            raise ZeroDivisionError
        gate.wait(0.5)

    with pytest.raises(ZeroDivisionError):
        side_by_side(part, range(100))

    assert len(begun) < 10


def test_one_part_is_done_where_the_caller_is() -> None:
    """The live path has one, and a thread would only be in its way."""
    where: list[int] = []
    side_by_side(lambda _: where.append(threading.get_ident()), ["only"])

    assert where == [threading.get_ident()]
