"""What intake could not use, by device."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from config.domain.refusals import REFUSAL_WORDS, Refusal
from config.domain.series import INTAKE_TROUBLES, SeriesQuery
from services.jobs.pictures.intake_troubles import MOST, IntakeTroublesPicture
from services.state.dead_letters import LetterState
from services.state.state import State
from tests.doubles.memory_store import MemoryStore

NOW = datetime(2026, 11, 24, 12, 40, 20, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Letter:
    position: str
    device: str
    reason: str
    received: datetime
    family: str = "wmbusmeters"
    topic: str = "wmbus/1"
    payload: bytes = b""
    kind: str = ""


@dataclass(frozen=True)
class Device:
    device: str
    quantity: str
    received: datetime
    family: str = "wmbusmeters"
    channel: str = ""
    unit: str | None = "kWh"
    accumulation: str = "counter"
    topic: str = "wmbus/2"
    value: float = 1.0
    position: str = "2026-11-24:1"


class Desk:
    """A state, a store and the picture between them."""

    def __init__(self, folder: Path) -> None:
        self.state = State.open(folder / "state.sqlite")
        self.store = MemoryStore()
        self.picture = IntakeTroublesPicture(self.store, self.state.dead_letters, self.state.unknown_devices, "Europe/Stockholm")

    def drawn(self, now: datetime = NOW) -> list[dict[str, Any]]:
        self.picture.draw(now)
        return list(self.store.read(SeriesQuery(INTAKE_TROUBLES, having={"open": 1})).iter_rows(named=True))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_letters_of_a_device_are_one_line_with_the_newest_reason(desk: Desk) -> None:
    """Two for one reason, then one for another."""
    reasons = ("no JSON", "no JSON", "126 °C is above 120")
    desk.state.dead_letters.put([Letter(f"d:{n}", "a", words, NOW + n * MINUTE) for n, words in enumerate(reasons)])
    (row,) = desk.drawn()

    assert (row["kind"], row["family"], row["device"], row["value"]) == ("dead_letter", "wmbusmeters", "a", 3.0)
    assert row["text"] == "3 meddelanden gick inte att använda, senast: 126 °C is above 120 (och ett annat skäl)."
    assert row["text_en"] == "3 messages could not be used, the last: 126 °C is above 120 (and another reason)."
    assert row["heard"] == round((NOW + 2 * MINUTE).timestamp() * 1000)


def test_the_kind_of_reason_is_said_in_the_readers_language(desk: Desk) -> None:
    """The detail stays as it was written, and in which language is said."""
    desk.state.dead_letters.put([Letter("d:1", "a", "126 °C cannot be", NOW, kind="value")])
    (row,) = desk.drawn()

    assert row["text"] == (
        "1 meddelande gick inte att använda: värdet kan inte vara sant. Senast, på engelska: 126 °C cannot be."
    )
    assert row["text_en"] == "1 message could not be used: the value cannot be true. The last: 126 °C cannot be."


@pytest.mark.parametrize("refusal", Refusal)
def test_every_kind_of_reason_has_its_words(refusal: Refusal) -> None:
    """In both languages, as the rest of a sentence."""
    words = REFUSAL_WORDS[refusal]

    assert words.sv != words.en
    assert not words.sv.endswith(".")


def test_an_unknown_device_tells_what_it_sends(desk: Desk) -> None:
    """Its messages are counted, not its registers: three of energy came with two of something without a name here."""
    desk.state.unknown_devices.seen([Device("b", "heat_energy", NOW + n * MINUTE) for n in range(3)])
    desk.state.unknown_devices.seen([Device("b", "smell", NOW + n * MINUTE) for n in range(2)])
    (row,) = desk.drawn()

    assert (row["kind"], row["device"], row["value"]) == ("unknown_device", "b", 3.0)
    assert row["text"] == (
        "Finns inte i portföljen. Skickar värmeenergi, smell. Förslag att klistra in: energimonitor unknown-devices."
    )


def test_what_is_mended_is_closed(desk: Desk) -> None:
    """A letter that was retried and a device that the portfolio knows now."""
    desk.state.dead_letters.put([Letter("d:1", "a", "no JSON", NOW)])
    desk.state.unknown_devices.seen([Device("b", "heat_energy", NOW)])
    desk.drawn()
    desk.state.dead_letters.set_state([1], LetterState.RETRIED)
    desk.state.unknown_devices.forget("wmbusmeters", "b", "heat_energy", "")

    assert desk.drawn() == []
    assert desk.store.read(SeriesQuery(INTAKE_TROUBLES))["open"].to_list() == [0, 0]


def test_the_largest_are_shown_and_the_rest_is_counted(desk: Desk) -> None:
    """A device that calls itself something new each time fills no store."""
    desk.state.dead_letters.put([Letter(f"d:{n}", f"device {n:03}", "no JSON", NOW) for n in range(MOST + 5)])
    desk.state.unknown_devices.seen([Device("often", "heat_energy", NOW + n * MINUTE) for n in range(3)])
    rows = {row["device"]: row for row in desk.drawn()}

    assert len(rows) == MOST + 1
    assert rows["often"]["value"] == 3.0
    assert (rows[""]["kind"], rows[""]["value"]) == ("more", 6.0)
    assert rows[""]["text"].startswith("6 grupper till visas inte här")


def test_a_device_may_call_itself_anything(desk: Desk) -> None:
    """A line break and a backslash at the end are what no store takes in a tag."""
    desk.state.dead_letters.put([Letter("d:1", "a\nb\\", "no\nJSON", NOW)])
    (row,) = desk.drawn()

    assert (row["device"], row["text"]) == ("a b", "1 meddelande gick inte att använda, senast: no JSON.")


def test_drawing_twice_writes_nothing_more(desk: Desk) -> None:
    """Nothing changed."""
    desk.state.dead_letters.put([Letter("d:1", "a", "no JSON", NOW)])
    desk.drawn()
    writes = desk.store.writes
    desk.drawn(NOW + MINUTE)

    assert desk.store.writes == writes
