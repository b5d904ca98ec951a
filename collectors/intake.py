"""The path every message takes, from the journal to the store. Read `Intake.take_in` first.

Order makes it safe: what a batch gave is written, then its hours are marked dirty, then its dead letters and unknown devices are
kept, and only then does the position move. Each of these changes nothing when repeated, so the process may die anywhere.
"""

import logging
import random
import threading
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from collectors.groups import decode_in_group
from collectors.identification import Identification
from collectors.journal import START, JournalReader, Position, Progress
from collectors.messages import Observation, RawMessage
from collectors.ports import (
    DeadLetter,
    DeadLetters,
    DirtyHoursSink,
    MessageCounts,
    MeterDay,
    ReadingSink,
    UnknownDevice,
    UnknownDevices,
)
from collectors.remembered import Remembered
from collectors.routing import Route, Routing
from config.domain.periods import local_date
from config.domain.readings import DirtyHours, Reading
from config.domain.refusals import Refusal
from config.errors import Implausible, IntakeStopped, MessageError, PointRejected, StoreRefused, StoreUnavailable

log = logging.getLogger(__name__)

BATCH = 5_000
IDLE_S = 0.05
FIRST_WAIT_S, LONGEST_WAIT_S, REFUSED_WAIT_S = 0.5, 60.0, 30.0
STOP_AFTER = 2_000  # messages in which
LETTER_BYTES = 4_096  # enough to see what it is; the whole message lies in the journal
STOP_SHARE = 0.95  # so many dead letters are an outage
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Ports:
    """Where everything goes. Filled by services.app.

    `counts` are of local days of `zone`; None where nobody keeps them.
    """

    readings: ReadingSink
    dirty: DirtyHoursSink
    dead_letters: DeadLetters
    unknown: UnknownDevices
    counts: MessageCounts | None = None
    zone: str = "UTC"


@dataclass(slots=True)
class Taken:
    """What a batch of messages gave. `origin` of a reading is the index of its message in the batch."""

    readings: list[Reading] = field(default_factory=list)
    origins: list[int] = field(default_factory=list)
    dirty: dict[str, set[datetime]] = field(default_factory=lambda: defaultdict(set))
    dead: list[DeadLetter] = field(default_factory=list)
    refused: list[tuple[str, datetime]] = field(default_factory=list)  # meter and receipt of each value that is no reading
    unknown: list[UnknownDevice] = field(default_factory=list)
    remembered: dict[str, RawMessage] = field(default_factory=dict)
    undecoded: int = 0  # messages of which nothing could be used


@dataclass(slots=True)
class IntakeFigures:
    """Since the start; written by the intake's own threads."""

    messages: int = 0
    readings: int = 0
    dead_letters: int = 0
    unknown: int = 0
    bugs: int = 0
    trouble: str = ""
    position: Position = START


class Reception:
    """Decodes and identifies. Pure but for what it remembers of earlier messages."""

    def __init__(self, routing: Routing, identification: Identification, remembered: Remembered) -> None:
        self._routing = routing
        self._identification = identification
        self._remembered = remembered
        self.bugs = 0

    def take(self, batch: Sequence[tuple[Position, RawMessage]]) -> Taken:
        """What the messages give, in order."""
        taken = Taken()
        for index, (position, message) in enumerate(batch):
            route = self._routing.route(message.topic)
            if route is not None and not route.decoders:
                continue  # a source that is ignored on purpose
            try:
                observations = self._observations(route, message)
            except MessageError as error:
                taken.undecoded += 1
                taken.dead.append(_letter(position, message, route, "", str(error) or type(error).__name__, error.refusal))
                continue
            if self._remembered.observe(message):
                taken.remembered[message.topic] = message
            if route is not None:
                self._identify(route, position, message, observations, index, taken)
        return taken

    def _observations(self, route: Route | None, message: RawMessage) -> Sequence[Observation]:
        if route is None:
            raise Implausible("no source covers this topic; add one to sources.yaml", Refusal.NO_SOURCE)
        try:
            return decode_in_group(route.decoders, message, self._remembered.recall)
        except MessageError:
            raise
        except Exception as error:  # the one place: a decoder's own bug must not stop the messages behind it
            self.bugs += 1
            log.exception("the decoder %s failed", route.source.family, extra={"topic": message.topic})
            words = f"a mistake in our decoder {route.source.family}: {type(error).__name__}: {error}"
            raise Implausible(words, Refusal.OUR_MISTAKE) from error

    def _identify(
        self, route: Route, position: Position, message: RawMessage, observations: Iterable[Observation], index: int, taken: Taken
    ) -> None:
        used, refused = False, False
        for observation in observations:
            known = self._identification.register(route, observation)
            if known is None:
                taken.unknown.append(_unknown(position, message, route, observation))
                continue
            try:
                reading = self._identification.reading(known, observation, message, route.source)
            except MessageError as error:
                refused = True
                taken.dead.append(_letter(position, message, route, observation.device, str(error), error.refusal))
                taken.refused.append((known.meter, message.received))
                continue
            used = True
            taken.readings.append(reading)
            taken.origins.append(index)
            if known.points:
                hour = reading.time.replace(minute=0, second=0, microsecond=0)
                for point in known.points:
                    taken.dirty[point].add(hour)
        taken.undecoded += refused and not used


class Intake:
    """Takes the journal in, from the stored position to its end, until stopped.

    While one batch is being written the next one is decoded; positions move in order all the same.
    """

    def __init__(
        self,
        reader: JournalReader,
        progress: Progress,
        reception: Reception,
        ports: Ports,
        *,
        stop_share: float | None = STOP_SHARE,
    ) -> None:
        self._reader = reader
        self._progress = progress
        self._reception = reception
        self._ports = ports
        self._stop_share = stop_share
        self._seen = self._undecoded = 0
        self.figures = IntakeFigures(position=progress.position())

    def run(self, stop: threading.Event) -> None:
        """Until `stop`.

        Raises:
            IntakeStopped: nearly everything becomes a dead letter; the position stays before the batch that showed it.
        """
        position = self.figures.position
        under_way: Future[None] | None = None
        with ThreadPoolExecutor(1, "intake-writer") as writer:
            while not stop.is_set():
                batch = self._reader.after(position, BATCH)
                if not batch:
                    if under_way is not None:
                        under_way.result()
                        under_way = None
                    stop.wait(IDLE_S)
                    continue
                taken = self.take_in(batch)
                if under_way is not None:
                    under_way.result()
                position = batch[-1][0]
                under_way = writer.submit(self._deliver, batch, taken, position, stop)
            if under_way is not None:
                under_way.result()

    def take_in(self, batch: Sequence[tuple[Position, RawMessage]]) -> Taken:
        """Decode, identify, and notice when that no longer works."""
        taken = self._reception.take(batch)
        self._seen += len(batch)
        self._undecoded += taken.undecoded
        if self._seen >= STOP_AFTER:
            if self._stop_share is not None and self._undecoded > self._stop_share * self._seen:
                last = taken.dead[-1]
                raise IntakeStopped(
                    f"{self._undecoded} of the last {self._seen} messages could not be used, the last one on {last.topic}: "
                    f"{last.reason}. The journal keeps them all: correct sources.yaml or the decoder and start again, "
                    "or start with --accept-dead-letters if they really are rubbish"
                )
            self._seen = self._undecoded = 0
        return taken

    def _deliver(
        self, batch: Sequence[tuple[Position, RawMessage]], taken: Taken, position: Position, stop: threading.Event
    ) -> None:
        if not deliver(batch, taken, self._ports, self.figures, stop):
            return  # stopped while the store was away: the batch stays in the journal
        self._progress.advance(position, taken.remembered.values())
        self.figures.position = position
        self.figures.messages += len(batch)
        self.figures.bugs = self._reception.bugs


def deliver(
    batch: Sequence[tuple[Position, RawMessage]], taken: Taken, ports: Ports, figures: IntakeFigures, stop: threading.Event
) -> bool:
    """Write, mark, keep; False when stopped before the store had everything. Repeating it changes nothing."""
    rejected = _written(taken.readings, ports.readings, figures, stop)
    if rejected is None:
        return False
    for index, words in rejected.items():
        position, message = batch[taken.origins[index]]
        reason = f"the store refuses it: {words}"
        taken.dead.append(_letter(position, message, None, taken.readings[index].meter, reason, Refusal.NOT_STORED))
    if taken.dirty:
        ports.dirty.mark(_ranges(taken.dirty))
    if taken.dead:
        ports.dead_letters.put(taken.dead)
    if taken.unknown:
        ports.unknown.seen(taken.unknown)
    if ports.counts is not None:
        ports.counts.add(_counts(taken, rejected, ports.zone))
    figures.readings += len(taken.readings) - len(rejected)
    figures.dead_letters += len(taken.dead)
    figures.unknown += len(taken.unknown)
    return True


def _written(
    readings: Sequence[Reading], sink: ReadingSink, figures: IntakeFigures, stop: threading.Event
) -> dict[int, str] | None:
    """Index → the server's words for what it will never take; None when stopped before it took the rest."""
    wait = FIRST_WAIT_S
    while readings:
        try:
            sink.write_readings(readings)
        except PointRejected as error:
            figures.trouble = ""
            return error.rejected
        except (StoreUnavailable, StoreRefused) as error:
            asked = error.retry_after if isinstance(error, StoreUnavailable) else REFUSED_WAIT_S
            figures.trouble = str(error)
            log.error("the store does not take the readings, they wait in the journal: %s", error)
            pause = asked if asked is not None else random.uniform(0, wait)  # noqa: S311 - full jitter
            wait = min(LONGEST_WAIT_S, wait * 2)
            if stop.wait(min(pause, LONGEST_WAIT_S)):
                return None
        else:
            break
    figures.trouble = ""
    return {}


def _counts(taken: Taken, rejected: Container[int], zone: str) -> list[MeterDay]:
    """By meter and local day. Days are looked up once an hour of readings: local midnight is a whole hour."""
    stored, flagged = Counter[tuple[str, datetime]](), Counter[tuple[str, datetime]]()
    heard: dict[tuple[str, datetime], datetime] = {}
    for index, reading in enumerate(taken.readings):
        key = reading.meter, reading.time.replace(minute=0, second=0, microsecond=0)
        (flagged if index in rejected else stored)[key] += 1
        heard[key] = max(heard.get(key, reading.received), reading.received)
    for meter, received in taken.refused:
        key = meter, received.replace(minute=0, second=0, microsecond=0)
        flagged[key] += 1
        heard[key] = max(heard.get(key, received), received)
    return [
        MeterDay(key[0], local_date(key[1], zone), stored[key] + flagged[key], stored[key], flagged[key], last)
        for key, last in heard.items()
    ]


def _ranges(dirty: dict[str, set[datetime]]) -> list[DirtyHours]:
    """Neighbouring hours of a point as one row."""
    rows = []
    for point, hours in dirty.items():
        start = end = None
        for hour in sorted(hours):
            if end is not None and hour == end:
                end = hour + HOUR
                continue
            if start is not None and end is not None:
                rows.append(DirtyHours(point, start, end))
            start, end = hour, hour + HOUR
        if start is not None and end is not None:
            rows.append(DirtyHours(point, start, end))
    return rows


def _letter(
    position: Position, message: RawMessage, route: Route | None, device: str, reason: str, refusal: Refusal
) -> DeadLetter:
    family = route.source.family if route is not None else None
    return DeadLetter(
        position=str(position),
        topic=message.topic,
        family=family or "",
        device=device,
        reason=reason,
        payload=message.payload[:LETTER_BYTES],
        received=message.received,
        kind=refusal.value,
    )


def _unknown(position: Position, message: RawMessage, route: Route, observation: Observation) -> UnknownDevice:
    return UnknownDevice(
        family=route.source.family or "",
        device=observation.device,
        quantity=observation.quantity,
        channel=observation.channel,
        unit=observation.unit,
        accumulation=observation.accumulation.value,
        topic=message.topic,
        value=observation.value,
        received=message.received,
        position=str(position),
    )
