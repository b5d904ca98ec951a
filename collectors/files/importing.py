"""A file of registers or of use into the store. `import_file` is the whole way; read it first.

Registers become readings as they stand. Use has no level, and none is made up: a sum that began at nought in each file would jump
where two files meet, and one that went on from the last would depend on which came first. So the use of whole hours is stored
beside the register (`hourly_use_of`), one reading an hour, and settlement takes it for the hours that registers do not measure.
Any piece can be imported at any time, in any order, again and again.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from collectors.fields import EARLIEST_YEAR
from collectors.files.cells import Reason, Refusal, WallClock, number_of, time_of
from collectors.files.clashes import Clash, Place, Written
from collectors.files.layout import NAME, Kind, Layout, Stamp
from collectors.files.tables import Row, Table, look_through, rows, time_columns
from collectors.files.targets import Targets
from collectors.ports import DirtyHoursSink, ReadingSink
from config.domain.clock import Clock
from config.domain.estate import Portfolio
from config.domain.periods import zone_named
from config.domain.quantities import to_stored
from config.domain.readings import DirtyHours, Reading, hourly_use_of
from config.errors import ConfigurationError, Implausible, PointRejected

Progress = Callable[[int, int], None]  # bytes read, bytes in all

BATCH = 5_000
MOST_REFUSED_SHOWN = 10_000
LARGEST = 1e12  # kWh or m³: more than Sweden uses in a year is no reading of a building
AHEAD = timedelta(days=1)  # a clock may be wrong by a time zone, not by more
_HOUR = timedelta(hours=1)


class ImportedFiles(Protocol):
    """Remembers when a file first came. Asking again gives the same answer."""

    def received(self, fingerprint: str, now: datetime) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Refused:
    """A line or cell that was not taken. `column` is "" where it is the whole line."""

    line: int
    column: str
    text: str
    reason: Reason
    detail: str = ""


@dataclass(slots=True)
class Series:
    """What was taken for one register."""

    meter: str
    register: str
    count: int = 0
    first: datetime | None = None
    last: datetime | None = None

    def take(self, instant: datetime) -> None:
        self.count += 1
        self.first = instant if self.first is None else min(self.first, instant)
        self.last = instant if self.last is None else max(self.last, instant)


@dataclass(slots=True)
class ImportReport:
    """What was taken, what not, and why.

    Attributes:
        lines: lines after the header that are not empty.
        taken: readings that the store has (in a dry run: would have) because of the file.
        blank: cells without a value.
        refused: the first of them; `reasons` counts them all.
        unknown: name in the file → (why it has no register, how many values).
        series: (meter, register) → what was taken.
        clashes: the first times for which the file gives several values; `clashing` counts them all. A warning: it was taken.
    """

    path: Path
    dry_run: bool
    fingerprint: str
    lines: int = 0
    taken: int = 0
    blank: int = 0
    refused: list[Refused] = field(default_factory=list)
    reasons: Counter[Reason] = field(default_factory=Counter)
    unknown: dict[str, tuple[str, int]] = field(default_factory=dict)
    series: dict[tuple[str, str], Series] = field(default_factory=dict)
    clashes: list[Clash] = field(default_factory=list)
    clashing: int = 0

    def refuse(self, refused: Refused) -> None:
        self.reasons[refused.reason] += 1
        if len(self.refused) < MOST_REFUSED_SHOWN:
            self.refused.append(refused)

    def clash(self, clash: Clash) -> None:
        self.clashing += 1
        if len(self.clashes) < MOST_REFUSED_SHOWN:
            self.clashes.append(clash)

    def not_known(self, name: str, why: str) -> None:
        self.unknown[name] = (why, self.unknown.get(name, (why, 0))[1] + 1)

    @property
    def complete(self) -> bool:
        """Whether every value of the file was taken."""
        return not self.reasons and not self.unknown


def import_file(
    path: Path,
    layout: Layout,
    portfolio: Portfolio,
    sink: ReadingSink,
    dirty: DirtyHoursSink,
    clock: Clock,
    progress: Progress = lambda done, total: None,  # noqa: ARG005 - nobody watches
    *,
    dry_run: bool = False,
    imported: ImportedFiles | None = None,
) -> ImportReport:
    """Take what can be taken, and report the rest. Doing it again changes nothing.

    Args:
        imported: lets the same file get the same time of receipt as the first time, so that not even that changes.
    Raises:
        ConfigurationError: the file cannot be read, or has not the columns.
        StoreError: the store or the state cannot take it now; what was taken stays, import again when it can.
    """
    table = look_through(path, layout)
    now = clock.now()
    received = now if imported is None or dry_run else imported.received(table.fingerprint, now)
    report = ImportReport(path, dry_run, table.fingerprint)
    values = _Values(table, layout, portfolio, report, now, received)
    written, batch = Written(), list[_Taken]()
    for row in rows(table):
        batch.extend(values.of_row(row))
        if len(batch) >= BATCH:
            _keep(batch, sink, dirty, values.targets, report, written)
            batch = []
        if row.done:
            progress(row.done, table.size)
    batch.extend(values.left_over())
    for start in range(0, len(batch), BATCH):
        _keep(batch[start : start + BATCH], sink, dirty, values.targets, report, written)
    for clash in written.clashes():
        report.clash(clash)
    progress(table.size, table.size)
    return report


@dataclass(frozen=True, slots=True)
class _Taken:
    """A reading, and the cell it came from."""

    reading: Reading
    key: tuple[str, str]  # meter, register that is settled
    line: int
    column: str


@dataclass(slots=True)
class _Parts:
    """The parts of one hour's use that have come: by minute."""

    line: int
    column: str
    values: dict[int, Place] = field(default_factory=dict)


class _Values:
    """Rows to readings."""

    def __init__(
        self, table: Table, layout: Layout, portfolio: Portfolio, report: ImportReport, now: datetime, received: datetime
    ) -> None:
        self.targets = Targets(portfolio)
        self._layout = layout
        self._report = report
        self._latest = now + AHEAD
        self._received = received
        self._separator = table.separator
        self._zone = zone_named(layout.timezone)
        self._step = timedelta(minutes=layout.step_minutes)
        place = {name: number for number, name in reversed(list(enumerate(table.header)))}
        times = layout.time or time_columns(table.header)
        self._times = [place[name] for name in times]
        self._name = None if layout.name is None else place[layout.name]
        self._unit = None if layout.unit_column is None else place[layout.unit_column]
        self._values = _value_columns(table, layout, times)
        self._places = [(place[column], column, target) for column, target in self._values.items()]
        self._known_times: dict[tuple[Any, ...], datetime | WallClock | Refusal] = {}
        self._twice: dict[tuple[str, datetime], list[tuple[Row, WallClock]]] = {}
        self._span: dict[str, tuple[datetime, datetime]] = {}  # name → first and last time in the order of the lines
        self._hours: dict[tuple[str, str, datetime], _Parts] = {}

    def of_row(self, row: Row) -> Iterator[_Taken]:
        """The readings of a line. One whose time comes twice that day waits for `left_over`."""
        self._report.lines += 1
        try:
            name = "" if self._name is None else str(row.cells[self._name]).strip()
            time = self._time(row)
            if isinstance(time, WallClock):
                self._twice.setdefault((name, time.wall), []).append((row, time))
                return
            first, _ = self._span.get(name, (time, time))
            self._span[name] = first, time
            yield from self._at(row, name, self._checked(time))
        except IndexError:
            self._report.refuse(Refused(row.line, "", _text(row), Reason.NO_CELL))
        except Refusal as refusal:
            self._report.refuse(Refused(row.line, "", _text(row), refusal.reason, refusal.detail))

    def left_over(self) -> Iterator[_Taken]:
        """After the last line: times that come twice, and hours of which parts lack."""
        for (name, _), found in self._twice.items():
            first, last = self._span.get(name, (found[0][1].instants[0],) * 2)
            if len(found) != 2:
                for row, _ in found:
                    self._report.refuse(Refused(row.line, "", _text(row), Reason.TIME_TWICE))
                continue
            order = found if first <= last else found[::-1]  # newest first is usual in exports
            for fold, (row, time) in enumerate(order):
                try:
                    yield from self._at(row, name, self._checked(time.instants[fold]))
                except IndexError:
                    self._report.refuse(Refused(row.line, "", _text(row), Reason.NO_CELL))
                except Refusal as refusal:
                    self._report.refuse(Refused(row.line, "", _text(row), refusal.reason, refusal.detail))
        for (_, _, hour), parts in self._hours.items():
            detail = f"{len(parts.values)}/{_HOUR // self._step}"
            self._report.refuse(Refused(parts.line, parts.column, hour.isoformat(), Reason.HOUR_INCOMPLETE, detail))

    def _time(self, row: Row) -> datetime | WallClock:
        cells = [row.cells[place] for place in self._times]
        key = tuple(cells)
        time = self._known_times.get(key)
        if time is None:
            if len(self._known_times) > 200_000:
                self._known_times.clear()
            try:
                time = time_of(cells, self._zone, self._layout.time_format)
            except Refusal as refusal:
                time = refusal
            self._known_times[key] = time
        if isinstance(time, Refusal):
            raise Refusal(time.reason)
        return time

    def _checked(self, instant: datetime) -> datetime:
        """The instant of a register, or the start of a use's step.

        Raises:
            Refusal
        """
        if self._layout.kind is Kind.USE:
            if self._layout.stamp is Stamp.END:
                instant -= self._step
            if (instant - datetime(EARLIEST_YEAR, 1, 1, tzinfo=UTC)) % self._step:
                raise Refusal(Reason.NOT_ON_STEP)
        if instant.year < EARLIEST_YEAR:
            raise Refusal(Reason.TOO_OLD)
        if instant > self._latest:
            raise Refusal(Reason.IN_FUTURE)
        return instant

    def _at(self, row: Row, name: str, instant: datetime) -> Iterator[_Taken]:
        name = self._layout.names.get(name, name)
        for place, column, template in self._places:
            try:
                value = number_of(row.cells[place], self._layout.decimal, self._separator)
                if value is None:
                    self._report.blank += 1
                    continue
                taken = self._value(row, column, template.replace(NAME, name), instant, value)
                if taken is not None:
                    yield taken
            except IndexError:
                self._report.refuse(Refused(row.line, column, _text(row), Reason.NO_CELL))
            except Refusal as refusal:
                text = str(row.cells[place])[:200]
                self._report.refuse(Refused(row.line, column, text, refusal.reason, refusal.detail))

    def _value(self, row: Row, column: str, target_name: str, instant: datetime, value: float) -> _Taken | None:
        target = self.targets.named(target_name)
        if isinstance(target, str):
            self._report.not_known(target_name, target)
            return None
        key = target.register_at(instant)
        if key is None:
            raise Refusal(Reason.NOT_INSTALLED)
        unit = self._layout.unit if self._unit is None else str(row.cells[self._unit]).strip() or self._layout.unit
        try:
            stored = to_stored(value, unit, self.targets.register(key).definition)
        except Implausible as error:
            raise Refusal(Reason.UNIT, str(error)) from error
        if abs(stored) > LARGEST:
            raise Refusal(Reason.ABSURD)
        if self._layout.kind is Kind.REGISTER:
            return _Taken(Reading(*key, instant, stored, self._received), key, row.line, column)
        if stored < 0 and self.targets.one_direction(key):
            raise Refusal(Reason.NEGATIVE)
        return self._hour(row, column, key, instant, stored)

    def _hour(self, row: Row, column: str, key: tuple[str, str], instant: datetime, value: float) -> _Taken | None:
        """The hour's use once all of its parts have come."""
        hour = instant.replace(minute=0)
        if self._step != _HOUR:
            parts = self._hours.setdefault((*key, hour), _Parts(row.line, column))
            place, before = Place(row.line, column, value), parts.values.get(instant.minute)
            if before is not None and before.value != value:
                self._report.clash(Clash(key[0], hourly_use_of(key[1]), instant, place, (before,)))
            parts.values[instant.minute] = place
            if len(parts.values) < _HOUR // self._step:
                return None
            del self._hours[(*key, hour)]
            value = sum(parts.values[minute].value for minute in sorted(parts.values))  # in one order: the same sum every time
        meter, register = key
        return _Taken(Reading(meter, hourly_use_of(register), hour, value, self._received), key, row.line, column)


def _value_columns(table: Table, layout: Layout, times: tuple[str, ...]) -> Mapping[str, str]:
    if layout.values:
        return layout.values
    others = [column for column in table.header if column and column not in (*times, layout.name, layout.unit_column)]
    if layout.name is None:
        return {column: layout.names.get(column, column) for column in others}
    if len(others) != 1:
        raise ConfigurationError(
            f"{table.path}: which of {', '.join(others) or 'no columns'} has the values? Name it",
            f"{table.path}: vilken av {', '.join(others) or 'inga kolumner'} har värdena? Ange den",
        )
    return {others[0]: NAME}


def _keep(
    batch: list[_Taken], sink: ReadingSink, dirty: DirtyHoursSink, targets: Targets, report: ImportReport, written: Written
) -> None:
    """Write the readings, then mark their hours: a loss in between is mended by importing again."""
    if not batch:
        return
    rejected: Mapping[int, str] = {}
    if not report.dry_run:
        try:
            sink.write_readings([item.reading for item in batch])
        except PointRejected as error:
            rejected = error.rejected
    hours: dict[str, set[datetime]] = {}
    for index, item in enumerate(batch):
        if index in rejected:
            report.refuse(Refused(item.line, item.column, str(item.reading.value), Reason.REJECTED, rejected[index]))
            continue
        reading = item.reading
        report.taken += 1
        written.note(reading.meter, reading.register, reading.time, Place(item.line, item.column, reading.value))
        report.series.setdefault(item.key, Series(*item.key)).take(reading.time)
        hour = reading.time.replace(minute=0, second=0, microsecond=0)
        for point in targets.points_at(item.key, reading.time):
            hours.setdefault(point, set()).add(hour)
    if not report.dry_run:
        dirty.mark([item for point, found in hours.items() for item in _ranges(point, sorted(found))])


def _ranges(point: str, hours: list[datetime]) -> Iterator[DirtyHours]:
    """Hours that follow each other as one range."""
    start = previous = hours[0]
    for hour in hours[1:]:
        if hour != previous + _HOUR:
            yield DirtyHours(point, start, previous + _HOUR)
            start = hour
        previous = hour
    yield DirtyHours(point, start, previous + _HOUR)


def _text(row: Row) -> str:
    return " | ".join(str(cell) for cell in row.cells)[:200]
