"""Threads from alarm to verified saving, with everything that happened to them; and the days that deviations are judged on.

Recording the same deviation again changes its figures and nothing else, so a day may be judged as often as its data change.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import orjson
import polars as pl

from config.domain.deviations import Deviation, DeviationKind, EventKind, Saving, Thread, ThreadEvent, ThreadState
from config.domain.indicators import Missing, Subject, SubjectKind
from services.state.database import Database, from_micros, to_micros

AGAIN = timedelta(days=14)  # after a thread was closed by itself, in which the same coming back is the same thread
OURSELVES = "energimonitor"
_OPEN = (ThreadState.WAITING, ThreadState.OPENED, ThreadState.ACKNOWLEDGED, ThreadState.ACTING, ThreadState.VERIFIED)
_COLUMNS = (
    "id, state, kind, subject_kind, subject, building, carrier, first_day, last_day, detected, going_on, fields, "
    "found, opened, closed, muted_until, mute_reason, action_day, saving"
)


class DeviationThreadsTable:
    """One thread at a time of each kind, subject and carrier."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, deviation: Deviation, at: datetime, today: date) -> Thread:
        """The thread that the deviation belongs to, brought up to date; a new one waits until it is told.

        A thread that is open or muted takes it up. A closed one is opened again where its saving was verified and the use
        came back after that; where it was closed while the same episode still lay in the window, it stays closed.
        """
        with self._database.transaction():
            thread = self._latest(deviation.key)
            if thread is None:
                return self._new(deviation, at)
            if thread.state in _OPEN or thread.muted(today):
                if thread.state is ThreadState.VERIFIED and self._came_back(thread, deviation):
                    self._update(thread.id, deviation)
                    return self._reopen(thread.id, at, deviation.sentence_sv)
                if thread.state is not ThreadState.VERIFIED:
                    self._update(thread.id, deviation)
                return self._thread(thread.id)
            return self._after_close(thread, deviation, at)

    def _after_close(self, thread: Thread, deviation: Deviation, at: datetime) -> Thread:
        closed = thread.closed
        if closed is not None and deviation.first_day <= closed.date():
            return thread  # the same episode, already dealt with
        if thread.saving is not None:
            self._update(thread.id, deviation)
            return self._reopen(thread.id, at, deviation.sentence_sv)
        return self._new(deviation, at)

    def _came_back(self, thread: Thread, deviation: Deviation) -> bool:
        return thread.saving is not None and deviation.first_day > thread.saving.last_day

    def reopen(self, number: int, at: datetime, text: str) -> Thread:
        """The use came back after a verified saving."""
        with self._database.transaction():
            return self._reopen(number, at, text)

    def _reopen(self, number: int, at: datetime, text: str) -> Thread:
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE deviation_threads SET state = ?, opened = ?, closed = NULL, action_day = NULL WHERE id = ?",
                (ThreadState.OPENED, to_micros(at), number),
            )
        self._event(number, at, EventKind.REBOUND, OURSELVES, text)
        return self._thread(number)

    def tell(self, number: int, at: datetime) -> None:
        """A waiting thread is told from now on."""
        with self._database.transaction() as connection:
            changed = connection.execute(
                "UPDATE deviation_threads SET state = ?, opened = ? WHERE id = ? AND state = ?",
                (ThreadState.OPENED, to_micros(at), number, ThreadState.WAITING),
            ).rowcount
            if changed:
                self._event(number, at, EventKind.OPENED, OURSELVES, "")

    def acknowledge(self, number: int, at: datetime, who: str, text: str) -> Thread:
        """Somebody has seen it and takes it on."""
        return self._move(number, ThreadState.ACKNOWLEDGED, at, EventKind.ACKNOWLEDGED, who, text)

    def mute(self, number: int, at: datetime, who: str, reason: str, until: date) -> Thread:
        """Nothing new of this kind at this subject before `until`, for the reason given."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE deviation_threads SET muted_until = ?, mute_reason = ? WHERE id = ?", (until.isoformat(), reason, number)
            )
            self._event(number, at, EventKind.MUTED, who, reason, until)
            return self._thread(number)

    def act(self, number: int, at: datetime, who: str, text: str, day: date) -> Thread:
        """Something was done about it on that day."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE deviation_threads SET action_day = ?, saving = NULL WHERE id = ?", (day.isoformat(), number)
            )
            return self._move(number, ThreadState.ACTING, at, EventKind.ACTION, who, text, day)

    def verify(self, number: int, at: datetime, saving: Saving | Missing, text: str) -> Thread:
        """What the savings model says; the thread is verified only where the saving is more than noise."""
        with self._database.transaction() as connection:
            self._event(number, at, EventKind.VERIFICATION, OURSELVES, text)
            if not isinstance(saving, Missing) and saving.shown:
                connection.execute(
                    "UPDATE deviation_threads SET state = ?, saving = ? WHERE id = ?",
                    (ThreadState.VERIFIED, _saving_json(saving), number),
                )
            return self._thread(number)

    def close(self, number: int, at: datetime, who: str, text: str) -> Thread:
        """Done with, for the reason given."""
        with self._database.transaction() as connection:
            connection.execute("UPDATE deviation_threads SET closed = ? WHERE id = ?", (to_micros(at), number))
            return self._move(number, ThreadState.CLOSED, at, EventKind.CLOSED, who, text)

    def refute(self, number: int, at: datetime, text: str) -> None:
        """What was found was not so: nobody need hear of what was not told, and what was told is closed with the reason."""
        with self._database.transaction() as connection:
            if self._where("id = ? AND state = 'waiting' AND muted_until IS NULL", (number,)):
                connection.execute("DELETE FROM deviation_events WHERE thread = ?", (number,))
                connection.execute("DELETE FROM deviation_threads WHERE id = ?", (number,))
            else:
                connection.execute("UPDATE deviation_threads SET going_on = 0 WHERE id = ?", (number,))
                self.close(number, at, OURSELVES, text)

    def ended(self, buildings: Iterable[str], seen: Iterable[int], today: date, at: datetime) -> None:
        """Threads of the buildings that were not seen again are over; one that nobody acted on is closed after a while."""
        known = set(seen)
        with self._database.transaction() as connection:
            for building in buildings:
                for thread in self._where("building = ? AND state IN ('waiting', 'opened', 'acknowledged')", (building,)):
                    if thread.id in known:
                        continue
                    connection.execute("UPDATE deviation_threads SET going_on = 0 WHERE id = ?", (thread.id,))
                    if thread.deviation.last_day + AGAIN < today:
                        self.close(thread.id, at, OURSELVES, "Upphörde av sig själv.")

    def thread(self, number: int) -> Thread | None:
        found = self._where("id = ?", (number,))
        return found[0] if found else None

    def threads(self, states: Sequence[ThreadState] = _OPEN, building: str | None = None) -> list[Thread]:
        """Those in one of the states, by number."""
        marks = ", ".join("?" for _ in states)
        return self._where(f"state IN ({marks}) AND (? IS NULL OR building = ?)", (*states, building, building))

    def told_since(self, instant: datetime) -> list[Thread]:
        """Those that were opened since then, whatever became of them."""
        return self._where("opened >= ?", (to_micros(instant),))

    def events(self, number: int) -> list[ThreadEvent]:
        """Everything that happened to it, the oldest first."""
        rows = self._database.rows(
            "SELECT at, kind, who, text, day FROM deviation_events WHERE thread = ? ORDER BY id", (number,)
        )
        return [ThreadEvent(from_micros(at), EventKind(kind), who, text, _day(day)) for at, kind, who, text, day in rows]

    def happened(self, kind: EventKind) -> list[tuple[Thread, ThreadEvent]]:
        """Every event of that kind with its thread as it is now, the oldest first."""
        rows = self._database.rows(
            "SELECT thread, at, kind, who, text, day FROM deviation_events WHERE kind = ? ORDER BY id", (kind,)
        )
        threads = {
            thread.id: thread
            for thread in self._where("id IN (SELECT thread FROM deviation_events WHERE kind = ?)", (kind,))
        }  # fmt: skip
        return [
            (threads[number], ThreadEvent(from_micros(at), EventKind(of_kind), who, text, _day(day)))
            for number, at, of_kind, who, text, day in rows
        ]

    def summary(self) -> tuple[int, ...]:
        """What differs after anything happened to a thread that was told, or it lasted another day."""
        rows = self._database.rows(
            "SELECT COUNT(*), COALESCE(SUM(julianday(last_day)), 0), "
            "(SELECT COALESCE(MAX(id), 0) FROM deviation_events) FROM deviation_threads WHERE opened IS NOT NULL"
        )
        return tuple(rows[0])

    def actions(self, most: int = 1_000) -> list[tuple[Thread, ThreadEvent]]:
        """Every action on record with its thread, that of the latest day first."""
        rows = self._database.rows(
            "SELECT thread, at, kind, who, text, day FROM deviation_events WHERE kind = ? ORDER BY day DESC, id DESC LIMIT ?",
            (EventKind.ACTION, most),
        )
        threads = {number: self._thread(number) for number in {row[0] for row in rows}}
        return [
            (threads[thread], ThreadEvent(from_micros(at), EventKind(kind), who, text, _day(day)))
            for thread, at, kind, who, text, day in rows
        ]

    def _move(
        self, number: int, state: ThreadState, at: datetime, kind: EventKind, who: str, text: str, day: date | None = None
    ) -> Thread:
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE deviation_threads SET state = ?, opened = COALESCE(opened, ?) WHERE id = ?",
                (state, to_micros(at), number),
            )
            self._event(number, at, kind, who, text, day)
            return self._thread(number)

    def _new(self, deviation: Deviation, at: datetime) -> Thread:
        with self._database.transaction() as connection:
            number = connection.execute(
                f"INSERT INTO deviation_threads ({_COLUMNS}) "  # noqa: S608 - a constant
                "VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL, NULL, '', NULL, NULL)",
                (
                    ThreadState.WAITING,
                    deviation.kind,
                    deviation.subject.kind,
                    deviation.subject.id,
                    deviation.building,
                    deviation.carrier,
                    *_seen(deviation),
                    to_micros(at),
                ),
            ).lastrowid
        assert number is not None  # noqa: S101 - an INSERT has one
        self._event(number, at, EventKind.FOUND, OURSELVES, deviation.sentence_sv)
        return self._thread(number)

    def _update(self, number: int, deviation: Deviation) -> None:
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE deviation_threads SET first_day = ?, last_day = ?, detected = ?, going_on = ?, fields = ? WHERE id = ?",
                (*_seen(deviation), number),
            )

    def _event(self, number: int, at: datetime, kind: EventKind, who: str, text: str, day: date | None = None) -> None:
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO deviation_events (thread, at, kind, who, text, day) VALUES (?, ?, ?, ?, ?, ?)",
                (number, to_micros(at), kind, who, text, None if day is None else day.isoformat()),
            )

    def _latest(self, key: tuple[str, str, str]) -> Thread | None:
        found = self._where("kind = ? AND subject = ? AND carrier = ?", key)
        return found[-1] if found else None

    def _thread(self, number: int) -> Thread:
        return self._where("id = ?", (number,))[0]

    def _where(self, condition: str, values: Sequence[object]) -> list[Thread]:
        statement = f"SELECT {_COLUMNS} FROM deviation_threads WHERE {condition} ORDER BY id"  # noqa: S608 - our own constants
        return [_thread_of(row) for row in self._database.rows(statement, tuple(values))]


class TakenUse(NamedTuple):
    """Days of one building whose use must be summed up again. `up_to` is what `clear` is to be called with."""

    days: tuple[date, ...]
    up_to: int


class DeviationDaysTable:
    """What deviations are judged on, a day a row, kept so that a new day costs a day's reading and not a year's.

    Marks come by a trigger from the dirty days: the figures clear theirs, and these stay until deviations have been judged.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def pending_buildings(self, before: date) -> list[str]:
        """Buildings with a marked day that is over."""
        rows = self._database.rows(
            "SELECT building FROM deviation_marks WHERE day < ? GROUP BY building ORDER BY MIN(id)", (before.isoformat(),)
        )
        return [row[0] for row in rows]

    def take(self, building: str, before: date) -> TakenUse:
        """Its marked days that are over, each once. They stay until they are cleared."""
        rows = self._database.rows(
            "SELECT day, MAX(id) FROM deviation_marks WHERE building = ? AND day < ? GROUP BY day ORDER BY day",
            (building, before.isoformat()),
        )
        return TakenUse(tuple(date.fromisoformat(day) for day, _ in rows), max((row[1] for row in rows), default=0))

    def clear(self, building: str, before: date, up_to: int) -> None:
        with self._database.transaction() as connection:
            connection.execute(
                "DELETE FROM deviation_marks WHERE building = ? AND day < ? AND id <= ?", (building, before.isoformat(), up_to)
            )

    def write(self, name: str, frame: pl.DataFrame, buildings: Sequence[str], days: Sequence[date]) -> None:
        """The rows of these buildings and days are now those of `frame` (columns `building`, `day`, one of text, numbers)."""
        texts = [column for column, kind in frame.schema.items() if kind == pl.String and column != "building"]
        numbers = [column for column, kind in frame.schema.items() if kind == pl.Float64]
        rows = [
            (name, row["building"], row[texts[0]], row["day"].isoformat(), orjson.dumps([row[column] for column in numbers]))
            for row in frame.iter_rows(named=True)
        ]
        with self._database.transaction() as connection:
            connection.executemany(
                "DELETE FROM deviation_days WHERE name = ? AND building = ? AND day = ?",
                [(name, building, day.isoformat()) for building in buildings for day in days],
            )
            connection.executemany("INSERT OR REPLACE INTO deviation_days VALUES (?, ?, ?, ?, ?)", rows)

    def read(self, name: str, empty: pl.DataFrame, buildings: Sequence[str], first: date, last: date) -> pl.DataFrame:
        """The rows of these buildings from `first` to `last`, both inside, in the columns of `empty`."""
        texts = [column for column, kind in empty.schema.items() if kind == pl.String and column != "building"]
        numbers = [column for column, kind in empty.schema.items() if kind == pl.Float64]
        rows: list[dict[str, Any]] = []
        for building in buildings:
            for item, day, values in self._database.rows(
                "SELECT item, day, fields FROM deviation_days WHERE name = ? AND building = ? AND day BETWEEN ? AND ?",
                (name, building, first.isoformat(), last.isoformat()),
            ):
                known = dict(zip(numbers, orjson.loads(values), strict=True))
                rows.append({"building": building, texts[0]: item, "day": date.fromisoformat(day), **known})
        return pl.DataFrame(rows, schema=empty.schema).sort("building", texts[0], "day")

    def first_day(self) -> date | None:
        """The earliest day that is kept; None where there is none."""
        (first,) = self._database.rows("SELECT MIN(day) FROM deviation_days")[0]
        return None if first is None else date.fromisoformat(first)

    def forget_before(self, instant: datetime) -> int:
        """Delete days that are older; how many."""
        with self._database.transaction() as connection:
            return connection.execute("DELETE FROM deviation_days WHERE day < ?", (instant.date().isoformat(),)).rowcount


def _seen(deviation: Deviation) -> tuple[str, str, str, int, bytes]:
    fields = {
        **{name: _amount(getattr(deviation, name)) for name in ("kwh", "sek", "kg")},
        **{name: getattr(deviation, name) for name in ("sentence_sv", "sentence_en", "action_sv", "action_en")},
        "evidence": dict(deviation.evidence),
    }
    return (
        deviation.first_day.isoformat(),
        deviation.last_day.isoformat(),
        deviation.detected.isoformat(),
        int(deviation.going_on),
        orjson.dumps(fields, option=orjson.OPT_SORT_KEYS),
    )


def _amount(value: float | Missing) -> float | dict[str, str]:
    return {"sv": value.reason_sv, "en": value.reason_en} if isinstance(value, Missing) else value


def _known(value: Any) -> float | Missing:
    return Missing(value["sv"], value["en"]) if isinstance(value, dict) else float(value)


def _saving_json(saving: Saving) -> bytes:
    return orjson.dumps(
        [saving.kwh, saving.low, saving.high, saving.first_day.isoformat(), saving.last_day.isoformat(), saving.model]
    )


def _saving(text: bytes | None) -> Saving | None:
    if text is None:
        return None
    kwh, low, high, first, last, model = orjson.loads(text)
    return Saving(kwh, low, high, date.fromisoformat(first), date.fromisoformat(last), model)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _thread_of(row: Sequence[Any]) -> Thread:
    (number, state, kind, subject_kind, subject, building, carrier, first, last, detected, going_on, fields, *rest) = row
    found, opened, closed, muted_until, mute_reason, action_day, saving = rest
    known = orjson.loads(fields)
    deviation = Deviation(
        kind=DeviationKind(kind),
        subject=Subject(SubjectKind(subject_kind), subject),
        building=building,
        carrier=carrier,
        first_day=date.fromisoformat(first),
        last_day=date.fromisoformat(last),
        detected=date.fromisoformat(detected),
        going_on=bool(going_on),
        kwh=_known(known["kwh"]),
        sek=_known(known["sek"]),
        kg=_known(known["kg"]),
        sentence_sv=known["sentence_sv"],
        sentence_en=known["sentence_en"],
        action_sv=known["action_sv"],
        action_en=known["action_en"],
        evidence=known["evidence"],
    )
    return Thread(
        id=number,
        state=ThreadState(state),
        deviation=deviation,
        found=from_micros(found),
        opened=None if opened is None else from_micros(opened),
        closed=None if closed is None else from_micros(closed),
        muted_until=_day(muted_until),
        mute_reason=mute_reason,
        action_day=_day(action_day),
        saving=_saving(saving),
    )
