"""Takes kept messages in again: after a decoder was mended, a device entered into the portfolio, a source corrected.

The same path as the first time (`Reception`, `deliver`), so nothing that was right is doubled: the same meter, register and time
is the same reading.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from collectors.identification import Identification
from collectors.intake import IntakeFigures, Ports, Reception, Taken, deliver
from collectors.journal import JournalReader, Position
from collectors.messages import RawMessage
from collectors.remembered import Remembered
from collectors.routing import Routing
from config.domain.estate import Portfolio

BATCH = 5_000
BIRTHS_REACH = timedelta(days=3650)  # all the journal before the period, for the messages that later ones need


@dataclass(frozen=True, slots=True)
class Selection:
    """Which kept messages. `family` is a source's family or a decoder's; `device` is the id that the device gives itself."""

    start: datetime
    end: datetime
    family: str | None = None
    device: str | None = None


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of it."""

    messages: int
    readings: int
    dead_letters: int
    unknown: int
    finished: bool


def replay(
    reader: JournalReader,
    routing: Routing,
    portfolio: Portfolio,
    remembered: Remembered,
    ports: Ports,
    selection: Selection,
    progress: Callable[[datetime, int], None],
    stop: threading.Event,
) -> Replayed:
    """Take the selected messages in again. `progress` is told how far it is (instant of receipt, messages) after each batch.

    `remembered` must be fresh: it is filled from the journal before the period, as it was then.
    """
    for _, message in reader.between(selection.start - BIRTHS_REACH, selection.start):
        remembered.observe(message)
    reception = Reception(routing, Identification(portfolio), remembered)
    figures, count = IntakeFigures(), 0
    for batch in _batches(_of_family(reader, routing, selection)):
        taken = reception.take(batch)
        if selection.device is not None:
            taken = _of_device(taken, selection.device, portfolio)
        if not deliver(batch, taken, ports, figures, stop):
            return Replayed(count, figures.readings, figures.dead_letters, figures.unknown, finished=False)
        count += len(batch)
        progress(batch[-1][1].received, count)
    return Replayed(count, figures.readings, figures.dead_letters, figures.unknown, finished=True)


@dataclass(frozen=True, slots=True)
class Retried:
    """`mended`: letters whose message is taken now; `still`: letter → why not; `gone`: the journal no longer has the message."""

    mended: tuple[int, ...]
    still: dict[int, str]
    gone: tuple[int, ...]


def retry(
    letters: Iterable[tuple[int, str]],
    reader: JournalReader,
    routing: Routing,
    portfolio: Portfolio,
    remembered: Remembered,
    ports: Ports,
    stop: threading.Event,
) -> Retried:
    """Take the messages of dead letters (their number, their position) in again, one at a time."""
    reception = Reception(routing, Identification(portfolio), remembered)
    mended, still, gone = list[int](), dict[int, str](), list[int]()
    for number, place in letters:
        position = Position.parse(place)
        message = reader.at(position)
        if message is None:
            gone.append(number)
            continue
        batch = [(position, message)]
        taken = reception.take(batch)
        if not deliver(batch, taken, ports, IntakeFigures(), stop):
            break
        if taken.dead:
            still[number] = taken.dead[0].reason
        else:
            mended.append(number)
    return Retried(tuple(mended), still, tuple(gone))


def _of_family(reader: JournalReader, routing: Routing, selection: Selection) -> Iterator[tuple[Position, RawMessage]]:
    for position, message in reader.between(selection.start, selection.end):
        if selection.family is not None:
            route = routing.route(message.topic)
            names = set() if route is None else {route.source.family, *(decoder.family for decoder in route.decoders)}
            if selection.family not in names:
                continue
        yield position, message


def _of_device(taken: Taken, device: str, portfolio: Portfolio) -> Taken:
    meters = {meter.id for meter in portfolio.meters.values() if meter.device == device}
    kept = [index for index, reading in enumerate(taken.readings) if reading.meter in meters]
    points = {point for (meter, _), found in portfolio.points_of_register.items() if meter in meters for point in found}
    chosen = Taken(
        readings=[taken.readings[index] for index in kept],
        origins=[taken.origins[index] for index in kept],
        dead=[letter for letter in taken.dead if letter.device == device],
        unknown=[unknown for unknown in taken.unknown if unknown.device == device],
    )
    chosen.dirty.update({point: hours for point, hours in taken.dirty.items() if point in points})
    return chosen


def _batches(messages: Iterator[tuple[Position, RawMessage]]) -> Iterator[Sequence[tuple[Position, RawMessage]]]:
    batch: list[tuple[Position, RawMessage]] = []
    for item in messages:
        batch.append(item)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
