"""Days that are over to deviations, and those to threads: what is new waits, and the week's few are told.

A day's use is summed up when the day is over, and again when it changes; it is kept, so that judging costs the new days' hours,
ten weeks of hours for the meters' own faults, and no more. Every building is judged once a day even where nothing came in: that
is when its meters are silent.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import polars as pl

from config.domain.calendar import MunicipalCalendar
from config.domain.clock import Clock
from config.domain.deviations import DeviationKind, Prices, Rules, Savings, Thread, ThreadState
from config.domain.estate import Portfolio
from config.domain.indicators import Missing
from config.domain.periods import day as local_day
from config.domain.periods import local_date
from config.domain.series import INTERVALS, SeriesQuery
from services.analysis.attention import has_rebounded, told_now, without_echoes
from services.analysis.calendar import calendar_days
from services.analysis.deviating import day_use as use_of_hours
from services.analysis.deviating import detectors, deviations
from services.analysis.deviations._heat import HEAT_DAYS, heat_days
from services.analysis.deviations._seam import DAY_USE, Detector, Material, NoPrices
from services.figures.hours import counted_hours
from services.jobs.hearing import Ears, is_refuted
from services.jobs.surroundings import Surroundings
from services.state.state import State
from services.store.timeseries import TimeSeriesStore

AT_ONCE = 50  # buildings judged together
HISTORY = timedelta(days=460)  # a year, the weeks around the same day of it, and what was usual before them
METER_HISTORY = timedelta(days=70)
NEWS = timedelta(days=14)  # an episode that ended before is no news: imported years do not fill the list
WEEK = timedelta(days=7)
RECENT = timedelta(days=28)  # over which a verified saving is looked at again
JUDGED, TOLD = "deviations judged", "deviations told"
USE, HEAT = "use", "heat"
_NOBODYS = (ThreadState.WAITING, ThreadState.OPENED, ThreadState.ACKNOWLEDGED)  # nobody has acted on them
METERS_OWN = (DeviationKind.SILENT_METER, DeviationKind.STUCK_METER)  # not judged while something of the point is unsettled
REFUTED = "Mätarens värden har kommit in: den var inte tyst."


@dataclass(frozen=True, slots=True)
class JudgeTask:
    """Buildings that are judged together."""

    buildings: tuple[str, ...]

    def __str__(self) -> str:
        return ", ".join(self.buildings)


@dataclass(frozen=True, slots=True)
class TellTask:
    """The week's few are told, and verified savings looked at again."""

    def __str__(self) -> str:
        return "tell"


@dataclass(frozen=True)
class Judging:
    """What deviations are judged by."""

    calendar: MunicipalCalendar = field(default_factory=MunicipalCalendar)
    rules: Rules = field(default_factory=Rules)
    prices: Prices = field(default_factory=NoPrices)
    savings: Savings | None = None


class DeviateJob:
    """A task is some buildings, and then the telling."""

    name = "deviate"

    def __init__(
        self,
        portfolio: Portfolio,
        store: TimeSeriesStore,
        state: State,
        clock: Clock,
        surroundings: Surroundings,
        judging: Judging | None = None,
        using: Sequence[Detector] | None = None,
    ) -> None:
        self._portfolio = portfolio
        self._store = store
        self._threads = state.deviation_threads
        self._days = state.deviation_days
        self._ears = Ears(portfolio, store, state)
        self._watermarks = state.watermarks
        self._clock = clock
        self._surroundings = surroundings
        self._judging = judging or Judging()
        self._detectors = detectors() if using is None else using

    def pending(self, now: datetime) -> Sequence[JudgeTask | TellTask]:
        """Buildings with changed days that are over, or not judged since yesterday; then the telling."""
        today = self._today(now)
        judged = self._watermarks.of(JUDGED)
        yesterday = (today - timedelta(days=1)).isoformat()
        changed = [name for name in self._days.pending_buildings(today) if name in self._portfolio.buildings]
        late = [name for name in sorted(self._portfolio.buildings) if judged.get(name, "") < yesterday]
        buildings = list(dict.fromkeys([*changed, *late]))
        tasks: list[JudgeTask | TellTask] = [
            JudgeTask(tuple(buildings[at : at + AT_ONCE])) for at in range(0, len(buildings), AT_ONCE)
        ]
        if tasks or self._watermarks.of(TOLD).get("", "") < today.isoformat():
            tasks.append(TellTask())
        return tasks

    def do(self, task: JudgeTask | TellTask) -> None:
        """Judge, or tell. Marks are cleared last, and only those taken at the beginning."""
        if isinstance(task, TellTask):
            self._tell()
        else:
            self._judge(task.buildings)

    def _today(self, now: datetime) -> date:
        return local_date(now, self._portfolio.timezone)

    def _judge(self, buildings: Sequence[str]) -> None:
        now = self._clock.now()
        today = self._today(now)
        last = today - timedelta(days=1)
        first = today - HISTORY
        taken = {name: self._days.take(name, today) for name in buildings}
        judged = self._watermarks.of(JUDGED)
        for name in buildings:
            since = judged.get(name)
            start = first if since is None else date.fromisoformat(since) + timedelta(days=1)
            unknown = {start + timedelta(days=n) for n in range((last - start).days + 1)}
            self._keep_days(name, sorted(unknown | {day for day in taken[name].days if day >= first}))
        material = self._material(buildings, first, last)
        found = without_echoes(deviations(material, self._detectors))
        seen = [self._threads.record(item, now, today).id for item in found if item.going_on or item.last_day >= today - NEWS]
        seen += self._not_found(material, seen)
        self._threads.ended(buildings, seen, today, now)
        for name in buildings:
            self._watermarks.set(JUDGED, name, last.isoformat())
            self._days.clear(name, today, taken[name].up_to)

    def _not_found(self, material: Material, found: Sequence[int]) -> list[int]:
        """Close what has come out otherwise; the threads that must wait, because something of their meter is not settled."""
        waiting = []
        for building in material.buildings:
            for thread in self._threads.threads(_NOBODYS, building):
                if thread.id in found or thread.deviation.kind not in METERS_OWN:
                    continue
                if thread.deviation.subject.id in material.hearing.unsettled:
                    waiting.append(thread.id)
                elif is_refuted(thread.deviation, material):
                    self._threads.refute(thread.id, self._clock.now(), REFUTED)
        return waiting

    def _keep_days(self, building: str, days: Sequence[date]) -> None:
        """Sum up the use and the heat meters' days, in stretches of days that follow each other."""
        zone = self._portfolio.timezone
        for first, last in _stretches(days):
            start, end = local_day(first, zone).start, local_day(last, zone).end
            hours = self._hours((building,), start, end)
            stretch = [first + timedelta(days=n) for n in range((last - first).days + 1)]
            self._days.write(USE, use_of_hours(hours, self._portfolio), (building,), stretch)
            heat = heat_days(self._surroundings.gauges((building,), [(start, end)]), zone)
            self._days.write(HEAT, heat, (building,), stretch)

    def _hours(self, buildings: tuple[str, ...], start: datetime, end: datetime) -> pl.DataFrame:
        stored = self._store.read(SeriesQuery(INTERVALS, start, end, {"building": buildings}))
        return counted_hours(stored, self._portfolio, buildings)

    def _material(self, buildings: Sequence[str], first: date, last: date) -> Material:
        zone = self._portfolio.timezone
        end = local_day(last, zone).end
        names = tuple(buildings)
        hours = self._hours(names, end - METER_HISTORY, end)
        return Material(
            portfolio=self._portfolio,
            days=calendar_days(self._judging.calendar, first, last),
            school_kinds=frozenset(self._judging.calendar.school_kinds),
            use=self._days.read(USE, pl.DataFrame(schema=dict(DAY_USE)), names, first, last),
            weather=self._surroundings.weather_reader.days(first, last),
            hours=hours,
            heat=self._days.read(HEAT, pl.DataFrame(schema=dict(HEAT_DAYS)), names, first, last),
            until=end,
            buildings=frozenset(names),
            prices=self._judging.prices,
            rules=self._judging.rules,
            hearing=self._ears.hearing(names, hours, end),
        )

    def _tell(self) -> None:
        now = self._clock.now()
        today = self._today(now)
        waiting = [item for item in self._threads.threads((ThreadState.WAITING,)) if not item.muted(today)]
        told = [self._owner(item) for item in self._threads.told_since(now - WEEK)]
        owned = [(self._owner(item), item.deviation) for item in waiting if item.deviation.going_on]
        numbers = [item.id for item in waiting if item.deviation.going_on]
        for at in told_now(owned, told, self._judging.rules.per_week):
            self._threads.tell(numbers[at], now)
        for item in self._threads.threads((ThreadState.VERIFIED,)):
            self._watch(item, today, now)
        self._watermarks.set(TOLD, "", today.isoformat())

    def _owner(self, thread: Thread) -> str:
        building = self._portfolio.buildings.get(thread.deviation.building)
        return "" if building is None else building.owner

    def _watch(self, thread: Thread, today: date, now: datetime) -> None:
        """Open the thread again where the saving that was verified is gone."""
        saving, action, model = thread.saving, thread.action_day, self._judging.savings
        first = today - RECENT
        if saving is None or action is None or model is None or first <= saving.last_day:
            return
        recent = model.saving(thread.deviation.building, thread.deviation.carrier, action, first, today - timedelta(days=1))
        if not isinstance(recent, Missing) and has_rebounded(saving, recent):
            self._threads.reopen(thread.id, now, "Användningen har gått tillbaka: besparingen syns inte längre.")


def _stretches(days: Sequence[date]) -> list[tuple[date, date]]:
    """Days that follow each other, as first and last."""
    found: list[tuple[date, date]] = []
    for day in days:
        if found and found[-1][1] + timedelta(days=1) == day:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found
