"""What happened, each thing at its own instant."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from config.domain.series import EVENTS
from services.state.dirty import HourRange
from tests.doubles.memory_store import MemoryStore
from tests.services.jobs.pictures.town import EXCHANGED, HOUR, MIDNIGHT, NOW, Town, gap, suspicion, town, wasting

SUSPECTED = NOW - 20 * HOUR


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Town]:
    made = town(tmp_path, MemoryStore())
    yield made
    made.state.close()


def events(place: Town, kind: str, now: datetime = NOW, **having: int | str) -> list[dict[str, Any]]:
    """Those of the kind, drawn now."""
    place.draw(EVENTS, now)
    return [row for row in place.points(EVENTS, None, **having) if row["kind"] == kind]


def test_an_exchange_on_record_stands_where_it_happened(place: Town) -> None:
    """With both meters, in both languages; it is known, and waits for nobody."""
    (row,) = events(place, "exchange")

    assert (row["time"], row["building"], row["subject"]) == (EXCHANGED, "skola", "skola-el")
    assert (row["state"], row["open"], row["value"]) == ("recorded", 1, 0.0)
    assert row["text"] == "Soltorgets skola, skola-el: Mätaren m-gammal byttes mot m-ny."
    assert row["text_en"] == "Soltorgets skola, skola-el: The meter m-gammal was exchanged for m-ny."


def test_an_exchange_that_is_planned_has_not_happened(place: Town) -> None:
    """It is in the portfolio beforehand."""
    assert events(place, "exchange", EXCHANGED - HOUR) == []


def test_a_suspected_exchange_waits_under_its_number(place: Town) -> None:
    """The number by which the board asks for the decision."""
    place.state.exchanges.notice("skola-el", [suspicion(SUSPECTED)], NOW)

    (row,) = events(place, "exchange", state="open", open=1)

    assert (row["time"], row["subject"], row["text"]) == (SUSPECTED, "1", "Soltorgets skola, skola-el: Mätaren verkar vara bytt.")


@pytest.mark.parametrize(("accepted", "state", "is_open"), [(True, "accepted", 1), (False, "rejected", 0)])
def test_a_decided_exchange_waits_no_more(place: Town, accepted: bool, state: str, is_open: int) -> None:
    """A confirmed one happened; a rejected one did not."""
    place.state.exchanges.notice("skola-el", [suspicion(SUSPECTED)], NOW)
    place.draw(EVENTS)
    place.state.exchanges.decide(1, NOW, accepted=accepted, by="Anna")

    (row,) = (row for row in events(place, "exchange") if row["subject"] == "1")

    assert (row["state"], row["open"]) == (state, is_open)


def test_a_suspicion_that_was_withdrawn_is_closed(place: Town) -> None:
    """Later readings explained it."""
    place.state.exchanges.notice("skola-el", [suspicion(SUSPECTED)], NOW)
    place.draw(EVENTS)

    place.state.exchanges.notice("skola-el", [], NOW, window=HourRange(SUSPECTED - HOUR, NOW))

    assert events(place, "exchange", state="open", open=1) == []


def test_an_action_stands_on_its_day(place: Town) -> None:
    """20 November, midnight in Sweden; with what was done."""
    number = place.told(wasting())
    place.state.deviation_threads.act(number, NOW, "Anna", "Bytte ventil", date(2026, 11, 20))

    (row,) = events(place, "action")

    assert row["time"] == datetime(2026, 11, 19, 23, tzinfo=UTC)
    assert (row["subject"], row["text"], row["text_en"]) == (str(number), "Åtgärd: Bytte ventil", "Action: Bytte ventil")
    assert (row["building"], row["state"]) == ("skola", "acting")


def test_a_deviation_stands_where_it_was_told_and_stays_when_it_is_closed(place: Town) -> None:
    """It lasted eleven days. What happened does not unhappen."""
    number = place.told(wasting())
    place.draw(EVENTS)
    place.state.deviation_threads.close(number, NOW, "Anna", "Klar")

    (row,) = events(place, "deviation")

    assert (row["time"], row["value"], row["text"]) == (NOW, 264.0, "Fläkten går hela natten.")
    assert (row["state"], row["open"]) == ("closed", 1)


def test_long_gaps_are_events_and_short_ones_are_not(place: Town) -> None:
    """Six hours or more."""
    start = MIDNIGHT - 40 * HOUR
    place.state.findings.replace("skola-el", start, NOW, [gap(start, 6), gap(start + 10 * HOUR, 5.9)])

    (row,) = events(place, "gap")

    assert (row["time"], row["value"], row["subject"], row["building"]) == (start, 6.0, "skola-el", "skola")


def test_a_gap_that_was_filled_is_closed(place: Town) -> None:
    """The readings came after all."""
    start = MIDNIGHT - 40 * HOUR
    place.state.findings.replace("skola-el", start, NOW, [gap(start, 12)])
    place.draw(EVENTS)
    place.state.findings.replace("skola-el", start, NOW, [])

    assert [row["open"] for row in events(place, "gap")] == [0]


def test_a_gap_that_has_become_old_stays(place: Town) -> None:
    """It is looked at no more, which is no reason to close it."""
    start = MIDNIGHT - 40 * HOUR
    place.state.findings.replace("skola-el", start, NOW, [gap(start, 12)])
    place.draw(EVENTS)

    assert [row["open"] for row in events(place, "gap", NOW + timedelta(days=401))] == [1]


def test_what_happens_is_an_input(place: Town) -> None:
    """Each of them; and the passing of a minute is none."""
    picture = place.picture(EVENTS)
    seen = [picture.inputs(NOW)]
    assert picture.inputs(NOW + timedelta(minutes=1)) == seen[0]

    number = place.told(wasting())
    seen.append(picture.inputs(NOW))
    place.state.deviation_threads.act(number, NOW, "Anna", "Bytte ventil", date(2026, 11, 20))
    seen.append(picture.inputs(NOW))
    place.state.findings.replace("skola-el", MIDNIGHT - 40 * HOUR, NOW, [gap(MIDNIGHT - 40 * HOUR, 12)])
    seen.append(picture.inputs(NOW))
    place.state.exchanges.notice("skola-el", [suspicion(SUSPECTED)], NOW)
    seen.append(picture.inputs(NOW))
    place.state.exchanges.decide(1, NOW, accepted=True, by="Anna")
    seen.append(picture.inputs(NOW))

    assert len(set(seen)) == 6


def test_an_exchange_taken_out_of_the_portfolio_is_closed(place: Town) -> None:
    """It was entered by mistake."""
    place.draw(EVENTS)
    town = place.portfolio
    place.portfolio = replace(town, installations=tuple(item for item in town.installations if item.meter != "m-gammal"))

    assert [row["open"] for row in events(place, "exchange")] == [0]
