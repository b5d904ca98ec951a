"""What kind of reason a dead letter carries."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from collectors.decoding import Decoder, Recall
from collectors.identification import Identification
from collectors.intake import Reception
from collectors.journal import Position
from collectors.messages import Observation, RawMessage
from collectors.routing import Route
from config.domain.quantities import Accumulation
from config.domain.refusals import Refusal
from config.domain.sources import Source
from config.errors import Undecodable, Unrecognised
from tests.collectors.test_identification import IMPORT, portfolio

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def observed(value: float = 5.0, unit: str | None = "kWh", time: datetime | None = None) -> Observation:
    return Observation("123", "active_energy_import", value, unit, time, Accumulation.COUNTER, "")


def decode(message: RawMessage, _recall: Recall) -> Iterator[Observation]:
    """By its topic's last level: what a device could get wrong."""
    match message.topic.rpartition("/")[2]:
        case "unreadable":
            raise Undecodable("no JSON")
        case "unrecognised":
            raise Unrecognised("another shape")
        case "our_mistake":
            raise KeyError("ours")
        case "unit":
            yield observed(unit="GJ/furlong")
        case "value":
            yield observed(value=1e30)
        case "time":
            yield observed(time=NOW + timedelta(days=3))


class OneSource:
    """Every topic but one is the family's; there is nothing to remember."""

    def route(self, topic: str) -> Route | None:
        return None if topic.endswith("no_source") else Route(Source("t/#", "x"), (Decoder("x", "x", (), decode),))

    def observe(self, message: RawMessage) -> bool:
        return False

    def recall(self, topic: str) -> RawMessage | None:
        return None


@pytest.mark.parametrize("refusal", [each for each in Refusal if each is not Refusal.NOT_STORED])
def test_what_could_not_be_used_says_what_kind_of_reason_it_has(refusal: Refusal) -> None:
    """Said where it is found; the words of a reason are for who mends it."""
    desk = OneSource()
    reception = Reception(desk, Identification(portfolio(IMPORT)), desk)  # type: ignore[arg-type]  # as far as it is asked
    message = RawMessage(f"t/{refusal.value}", b"", NOW, 1, False, False)
    (letter,) = reception.take([(Position("2026-11-23", 1), message)]).dead

    assert letter.kind == refusal.value
    assert letter.reason
