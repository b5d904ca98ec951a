"""The process may end between any two steps: each receiver gets each thing once, or a repeat that it can drop."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from services.state.alerts import AlertsTable, MessageState
from services.state.database import Database
from services.state.state import State
from tests.servers import ROOT
from tests.services.alerts.scene import HOUR, MINUTE, NOON, Outbox, Scene, condition, receiver, scene
from tests.services.jobs.world import FixedClock


class Killed(BaseException):
    """The process ends here."""


class Counted:
    """Lets so many transactions begin and end, and kills before or after the next one."""

    def __init__(self, database: Database, kill_at: int) -> None:
        self.steps = 0
        self._kill_at = kill_at
        self._real = database.transaction
        self._depth = 0
        self._database = database

    def step(self) -> None:
        self.steps += 1
        if self.steps == self._kill_at:
            raise Killed

    def __enter__(self) -> "Counted":
        counted = self

        class Transaction:
            def __init__(self) -> None:
                self._inner = counted._real()

            def __enter__(self) -> object:
                if counted._depth == 0:
                    counted.step()
                counted._depth += 1
                return self._inner.__enter__()

            def __exit__(self, *error: object) -> bool | None:
                counted._depth -= 1
                done = self._inner.__exit__(*error)  # type: ignore[arg-type]  # as it came
                if counted._depth == 0 and error[0] is None:
                    counted.step()
                return done

        self._database.transaction = Transaction  # type: ignore[method-assign,assignment]  # the steps between are what is tested
        return self

    def __exit__(self, *_: object) -> None:
        self._database.transaction = self._real  # type: ignore[method-assign]  # as it was


class KilledOutbox(Outbox):
    """Sends, and ends the process before it can be kept."""

    def __init__(self, counted: Callable[[], None]) -> None:
        super().__init__()
        self.counted = counted

    def send(self, receiver: object, message: object) -> None:
        self.counted()
        super().send(receiver, message)  # type: ignore[arg-type]  # as it came
        self.counted()


def life(folder: Path, kill_at: int) -> tuple[Scene, bool]:
    """Two things begin, one ends; the process ends at that step and is started again. Whether it came to that step."""
    told = scene(folder, receiver("a", every=0 * MINUTE), receiver("b", every=0 * MINUTE))
    counted = Counted(told.state.database, kill_at)
    told.outbox = KilledOutbox(counted.step)
    killed = False
    with counted:
        both, one = (condition("x"), condition("y")), (condition("x"),)
        for holds in (both, both, one, one):
            try:
                told.run(MINUTE, *holds)
            except Killed:
                killed = True
    for _ in range(6):
        told.run(HOUR)
    return told, killed


def every_step() -> Iterator[int]:
    """More than there are; the last ones are not come to, which the test says."""
    yield from range(1, 90)


def test_each_thing_is_in_one_message_to_each_receiver_wherever_the_process_ends(tmp_path: Path) -> None:
    """All steps, one by one: what differs between repeats is nothing, and every message is sent in the end."""
    reached = 0
    repeats = 0
    for kill_at in every_step():
        told, killed = life(tmp_path / str(kill_at), kill_at)
        reached += killed
        for name in ("a", "b"):
            messages = {message.id: message for to, message in told.outbox.sent if to == name}
            copies = [message for to, message in told.outbox.sent if to == name]
            assert all(copy.content == messages[copy.id].content and copy.written == messages[copy.id].written for copy in copies)
            things = sorted((item["alert"], item["part"]) for message in messages.values() for item in message.content["items"])
            assert things == [(1, "begun"), (2, "begun"), (2, "ended")], f"step {kill_at}, receiver {name}"
            repeats += len(copies) - len(messages)
        assert {message.state for message in told.state.alerts.messages()} == {MessageState.SENT}
        told.state.close()
        if not killed:
            break

    assert 20 <= reached < 89
    assert 0 < repeats <= 2 * 4  # only where it ended between sending and keeping, of two messages to two receivers


PROGRAM = """
import os, sys
from pathlib import Path
from datetime import timedelta
from tests.services.alerts.scene import Outbox, condition, receiver, scene

class Killing(Outbox):
    def send(self, to, message):
        Path(sys.argv[1], "sent").open("a").write(message.id + "\\n")
        os.kill(os.getpid(), 9)

told = scene(Path(sys.argv[1]))
told.outbox = Killing()
told.run(timedelta(minutes=1), condition())
"""


def test_a_process_that_is_killed_after_sending_sends_the_same_message_again(tmp_path: Path) -> None:
    """A real kill -9, with the file as it lies on disk then."""
    done = subprocess.run([sys.executable, "-c", PROGRAM, str(tmp_path)], cwd=ROOT, timeout=120, check=False)
    assert done.returncode == -9
    sent = (tmp_path / "sent").read_text().split()

    told = scene(tmp_path, clock=FixedClock(NOON + HOUR))
    told.run(MINUTE, condition())

    assert [message.id for _, message in told.outbox.sent] == sent
    assert told.state.alerts.messages()[0].attempts == 2


def test_of_two_processes_one_makes_the_attempt(tmp_path: Path) -> None:
    """Started twice by mistake, they do not send twice."""
    told = scene(tmp_path)
    told.run(MINUTE, condition())
    with State.open(tmp_path / "state.sqlite") as second:
        tables: list[AlertsTable] = [told.state.alerts, second.alerts]
        told.state.alerts.write("m", "drift", [], {"items": []}, told.clock.at, urgent=False)

        assert [table.attempt("m", told.clock.at, told.clock.at + MINUTE) for table in tables] == [True, False]
