"""The tables fill the collectors' ports by shape; neither side knows the other, so it is proven here."""

from datetime import UTC, datetime
from pathlib import Path

from collectors.ports import DeadLetter, UnknownDevice
from config.domain.readings import DirtyHours
from services.state.state import State

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_the_collectors_letters_devices_and_hours_fit(tmp_path: Path) -> None:
    """A field renamed on one side would otherwise be found by the first dead letter of a real plant."""
    with State.open(tmp_path / "s") as state:
        state.dead_letters.put([DeadLetter("p", "t", "f", "d", "r", b"x", NOON)])
        state.unknown_devices.seen([UnknownDevice("f", "d", "q", "", None, "counter", "t", 1.0, NOON, "p")])
        state.dirty_hours.mark([DirtyHours("a", NOON, NOON)])

        assert [letter.payload for letter in state.dead_letters.matching()] == [b"x"]
        assert [(row.device, row.unit, row.count) for row in state.unknown_devices.rows()] == [("d", None, 1)]
        assert state.dirty_hours.pending_points() == ["a"]
