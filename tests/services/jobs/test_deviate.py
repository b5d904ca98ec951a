"""The job: a waste becomes a thread, once; few are told; acting, verifying and rebounding are one thread."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from config.domain.deviations import DeviationKind, EventKind, Price, Rules, Saving, Thread, ThreadState
from config.domain.indicators import Missing
from config.domain.periods import day as local_day
from config.domain.readings import DirtyHours
from config.domain.series import INTERVALS, SeriesQuery
from services.jobs.deviate import DeviateJob, JudgeTask, Judging, TellTask
from services.jobs.surroundings import Surroundings
from services.state.message_counts import MeterDay
from tests.services.analysis.deviations.made import LOCAL, Load, school_load
from tests.services.jobs.world import World, point, world

ZONE = "Europe/Stockholm"
FIRST, TODAY = date(2026, 8, 3), date(2026, 11, 24)
ON = date(2026, 11, 9)


class OnePrice:
    def price(self, building: str, carrier: str, on: date) -> Price:
        return Price(1.0, 50.0, 3.0)


@dataclass
class Model:
    """A savings model that says what it is told to."""

    answers: list[Saving | Missing]

    def saving(self, building: str, carrier: str, action: date, first: date, last: date) -> Saving | Missing:
        return replace(item, first_day=first, last_day=last) if isinstance(item := self.answers.pop(0), Saving) else item


def left_on(kw: float, since: date = ON, until: date = date(2030, 1, 1)) -> Load:
    def load(local: datetime) -> float:
        return school_load(local) + (kw if since <= local.date() <= until and (local.hour >= 22 or local.hour < 6) else 0.0)

    return load


def settled(made: World, loads: Mapping[str, Load], first: date, last: date) -> None:
    """Hours as the settling leaves them: in the store, their days dirty."""
    start, end = local_day(first, ZONE).start, local_day(last, ZONE).end
    times = [start + timedelta(hours=n) for n in range(round((end - start) / timedelta(hours=1)))]
    for name, load in loads.items():
        item = made.portfolio.points[name]
        made.store.write_intervals(
            pl.DataFrame(
                {
                    "time": pl.Series(times, dtype=pl.Datetime("us", "UTC")),
                    "building": item.building,
                    "carrier": item.carrier.value,
                    "direction": item.direction.value,
                    "level": "main",
                    "point": name,
                    "value": [load(moment.astimezone(LOCAL)) for moment in times],
                    "coverage": 1.0,
                    "method": "measured",
                    "span_start": 0,
                    "span_end": 0,
                }
            )
        )
        made.state.dirty_days.mark(item.building, {moment.astimezone(LOCAL).date() for moment in times})


def job(made: World, **judging: object) -> DeviateJob:
    judged = replace(Judging(prices=OnePrice()), **judging)  # type: ignore[arg-type]  # any field
    return DeviateJob(made.portfolio, made.store, made.state, made.clock, Surroundings(made.portfolio, made.store), judged)


def run(deviate: DeviateJob, made: World) -> None:
    for task in deviate.pending(made.clock.now()):
        deviate.do(task)


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 6, tzinfo=UTC)


@pytest.fixture
def made(tmp_path: Path) -> World:
    """A school whose ventilation runs at night since the 9th of November, seen on the 24th."""
    made = world(tmp_path, at(TODAY))
    settled(made, {"skola-el": left_on(6.0)}, FIRST, TODAY - timedelta(days=1))
    return made


def test_a_waste_becomes_one_thread_that_is_told(made: World) -> None:
    """Found, opened, and in the list with its kronor: 6 kW in five hours of fifteen nights is 450 kWh."""
    run(job(made), made)

    (thread,) = made.state.deviation_threads.threads()
    assert thread.deviation.kind is DeviationKind.NIGHT
    assert thread.state is ThreadState.OPENED
    assert thread.deviation.sek == pytest.approx(450, rel=0.02)
    assert [event.kind for event in made.state.deviation_threads.events(thread.id)] == [EventKind.FOUND, EventKind.OPENED]


def test_twice_changes_nothing_and_then_nothing_is_pending(made: World) -> None:
    """The scheduler is only a clock."""
    run(job(made), made)
    before = made.state.deviation_threads.threads()
    assert job(made).pending(made.clock.now()) == []
    made.state.dirty_days.mark("skola", [TODAY - timedelta(days=3)])
    run(job(made), made)

    assert made.state.deviation_threads.threads() == before


def test_the_figures_and_the_deviations_each_have_their_own_marks(made: World) -> None:
    """Whoever is first must not take the other's work away."""
    taken = made.state.dirty_days.take("skola")
    made.state.dirty_days.clear("skola", taken.up_to)

    assert job(made).pending(made.clock.now()) == [JudgeTask(("skola",)), TellTask()]


def test_the_day_that_is_going_on_is_not_judged(made: World) -> None:
    """Half a day is half a use."""
    run(job(made), made)
    made.state.dirty_days.mark("skola", [TODAY])

    assert job(made).pending(made.clock.now()) == []


def test_the_next_day_goes_on_with_the_same_thread(made: World) -> None:
    """Only the new day's hours are summed up; the thread grows by its 30 kWh."""
    run(job(made), made)
    (before,) = made.state.deviation_threads.threads()
    made.clock.at = at(TODAY + timedelta(days=1))
    settled(made, {"skola-el": left_on(6.0)}, TODAY, TODAY)
    run(job(made), made)

    (after,) = made.state.deviation_threads.threads()
    assert after.id == before.id
    assert after.opened == before.opened
    assert not isinstance(after.deviation.kwh, Missing)
    assert not isinstance(before.deviation.kwh, Missing)
    assert after.deviation.kwh - before.deviation.kwh == pytest.approx(30, rel=0.02)


def test_a_muted_thread_stays_silent_until_its_day(made: World) -> None:
    """Renovation until the new year, says the caretaker."""
    run(job(made), made)
    table = made.state.deviation_threads
    (thread,) = table.threads()
    muted = table.mute(thread.id, made.clock.now(), "Anna", "Ombyggnad", date(2027, 1, 1))

    assert muted.muted(date(2026, 12, 31))
    assert not muted.muted(date(2027, 1, 1))
    assert table.events(thread.id)[-1].text == "Ombyggnad"


def test_only_the_costliest_are_told_in_a_week(tmp_path: Path) -> None:
    """Three buildings with a waste and a cap of two: the smallest waits, and is told when there is room."""
    names = ("a", "b", "c")
    made = world(tmp_path, at(TODAY), *(point(f"{name}-el", name) for name in names))
    settled(
        made,
        {f"{name}-el": left_on(kw) for name, kw in zip(names, (6.0, 12.0, 9.0), strict=True)},
        FIRST,
        TODAY - timedelta(days=1),
    )
    rules = Rules(per_week=2)
    run(job(made, rules=rules), made)
    opened = {item.deviation.building: item.state for item in made.state.deviation_threads.threads()}
    assert opened == {"a": ThreadState.WAITING, "b": ThreadState.OPENED, "c": ThreadState.OPENED}

    later = TODAY + timedelta(days=8)
    made.clock.at = at(later)
    settled(made, {f"{name}-el": left_on(6.0) for name in names}, TODAY, later - timedelta(days=1))
    run(job(made, rules=rules), made)

    states = {item.deviation.building: item.state for item in made.state.deviation_threads.threads()}
    assert states["a"] is ThreadState.OPENED


def test_alarm_action_saving_and_rebound_are_one_thread(made: World) -> None:
    """Acknowledged, acted on, verified by the model, and open again when the model sees the saving gone."""
    run(job(made), made)
    table = made.state.deviation_threads
    (thread,) = table.threads()
    now = made.clock.now()
    table.acknowledge(thread.id, now, "Anna", "Jag tittar på det")
    table.act(thread.id, now, "Anna", "Drifttid ändrad", TODAY)
    good = Saving(900.0, 600.0, 1200.0, TODAY, TODAY + timedelta(days=29), "3P")
    assert table.verify(thread.id, now, good, "900 ± 300 kWh").state is ThreadState.VERIFIED

    made.clock.at = at(TODAY + timedelta(days=70))
    gone = Saving(50.0, -100.0, 200.0, TODAY, TODAY, "3P")
    run(job(made, savings=Model([gone])), made)

    (after,) = [item for item in table.threads() if item.id == thread.id]
    assert after.state is ThreadState.OPENED
    assert [event.kind for event in table.events(thread.id)] == [
        EventKind.FOUND,
        EventKind.OPENED,
        EventKind.ACKNOWLEDGED,
        EventKind.ACTION,
        EventKind.VERIFICATION,
        EventKind.REBOUND,
    ]


def test_a_saving_that_may_be_noise_verifies_nothing(made: World) -> None:
    """The interval reaches below nought: the thread stays where it is, with the answer on record."""
    run(job(made), made)
    table = made.state.deviation_threads
    (thread,) = table.threads()
    table.act(thread.id, made.clock.now(), "Anna", "Drifttid ändrad", TODAY)
    noise = Saving(100.0, -50.0, 250.0, TODAY, TODAY, "3P")

    after = table.verify(thread.id, made.clock.now(), noise, "100 ± 150 kWh")

    assert after.state is ThreadState.ACTING
    assert table.events(thread.id)[-1].kind is EventKind.VERIFICATION


def test_a_closed_thread_is_not_opened_by_the_same_episode(made: World) -> None:
    """The night use is still in the window on the next day; the person has already dealt with it."""
    run(job(made), made)
    table = made.state.deviation_threads
    (thread,) = table.threads()
    table.close(thread.id, made.clock.now(), "Anna", "Avsiktligt")
    made.state.dirty_days.mark("skola", [TODAY - timedelta(days=1)])
    run(job(made), made)

    assert table.threads() == []


def test_what_ends_by_itself_is_closed_by_itself(tmp_path: Path) -> None:
    """Three weeks after the last odd night, if nobody took it on."""
    made = world(tmp_path, at(date(2026, 10, 26)))
    load = left_on(6.0, since=date(2026, 10, 12), until=date(2026, 10, 25))
    settled(made, {"skola-el": load}, FIRST, date(2026, 10, 25))
    run(job(made), made)
    (thread,) = made.state.deviation_threads.threads()
    made.clock.at = at(TODAY)
    settled(made, {"skola-el": load}, date(2026, 10, 26), TODAY - timedelta(days=1))
    run(job(made), made)

    after = made.state.deviation_threads.thread(thread.id)
    assert after is not None
    assert after.state is ThreadState.CLOSED
    assert made.state.deviation_threads.events(thread.id)[-1].text == "Upphörde av sig själv."


def test_imported_years_do_not_fill_the_list(tmp_path: Path) -> None:
    """An episode of last spring is history, not news."""
    made = world(tmp_path, at(TODAY))
    load = left_on(6.0, since=date(2026, 9, 20), until=date(2026, 10, 5))
    settled(made, {"skola-el": load}, FIRST, TODAY - timedelta(days=1))
    run(job(made), made)

    assert made.state.deviation_threads.threads() == []


def test_a_silent_meter_is_told_although_nothing_came_in(made: World) -> None:
    """No mark is made by what does not arrive; a building is judged once a day all the same."""
    run(job(made), made)
    made.clock.at = at(TODAY + timedelta(days=3))
    run(job(made), made)

    silent = [item for item in made.state.deviation_threads.threads() if item.deviation.kind is DeviationKind.SILENT_METER]
    assert [item.deviation.subject.id for item in silent] == ["skola-el"]
    assert silent[0].deviation.evidence["hours"] == 72


def silences(made: World) -> dict[str, Thread]:
    """Point → the thread of its silence, whatever became of it."""
    every = made.state.deviation_threads.threads(tuple(ThreadState))
    return {item.deviation.subject.id: item for item in every if item.deviation.kind is DeviationKind.SILENT_METER}


def counted(made: World, meter: str, day: date, heard: datetime) -> None:
    made.state.message_counts.add([MeterDay(meter, day, 24, 24, 0, heard)])


def test_at_first_start_no_meter_is_silent(tmp_path: Path) -> None:
    """The portfolio installed them in January; the service has not heard anything yet."""
    made = world(tmp_path, at(TODAY), point("a-el", "a"), point("b-el", "b"))
    run(job(made), made)

    assert silences(made) == {}


def test_history_that_is_not_settled_yet_is_no_silence(tmp_path: Path) -> None:
    """A quarter of an hour after the start: a's first week is settled and the rest waits; of b nothing has come yet."""
    made = world(tmp_path, at(TODAY), point("a-el", "a"), point("b-el", "b"))
    settled(made, {"a-el": school_load}, date(2026, 11, 1), date(2026, 11, 7))
    counted(made, "m-a-el", date(2026, 11, 1), made.clock.now())
    made.state.dirty_hours.mark([DirtyHours("a-el", at(date(2026, 11, 8)), at(date(2026, 11, 9)))])
    run(job(made), made)

    assert silences(made) == {}


def test_a_meter_that_others_speak_beside_is_told_after_a_day_as_never_heard(tmp_path: Path) -> None:
    """b is in the portfolio since January; values of a reach back to the 1st of November."""
    made = world(tmp_path, at(TODAY), point("a-el", "a"), point("b-el", "b"))
    for day in (TODAY, TODAY + timedelta(days=1)):
        made.clock.at = at(day)
        counted(made, "m-a-el", date(2026, 11, 1) if day == TODAY else day, made.clock.now())
        settled(made, {"a-el": school_load}, date(2026, 11, 1), day - timedelta(days=1))
        run(job(made), made)
        assert silences(made) == {}
    made.clock.at = at(TODAY + timedelta(days=2))
    settled(made, {"a-el": school_load}, TODAY + timedelta(days=1), TODAY + timedelta(days=1))
    run(job(made), made)

    assert list(silences(made)) == ["b-el"]
    assert "har aldrig hörts: på 25 dygn" in silences(made)["b-el"].deviation.sentence_sv


def test_a_silence_told_before_its_values_came_closes_itself_with_words(made: World) -> None:
    """A gateway that held its values for three days."""
    run(job(made), made)
    made.clock.at = at(TODAY + timedelta(days=3))
    run(job(made), made)
    assert silences(made)["skola-el"].state is ThreadState.OPENED
    settled(made, {"skola-el": left_on(6.0)}, TODAY, TODAY + timedelta(days=2))
    run(job(made), made)

    after = silences(made)["skola-el"]
    assert after.state is ThreadState.CLOSED
    assert made.state.deviation_threads.events(after.id)[-1].text == "Mätarens värden har kommit in: den var inte tyst."


def test_a_silence_that_nobody_was_told_of_vanishes_when_its_values_came(made: World) -> None:
    """The week's few were others: there is nobody to tell that it was nothing."""
    run(job(made), made)
    made.clock.at = at(TODAY + timedelta(days=3))
    untold = job(made, rules=Rules(per_week=0))
    run(untold, made)
    assert silences(made)["skola-el"].state is ThreadState.WAITING
    settled(made, {"skola-el": left_on(6.0)}, TODAY, TODAY + timedelta(days=2))
    run(untold, made)

    assert silences(made) == {}


def test_a_meter_that_was_silent_and_speaks_again_stays_on_record(made: World) -> None:
    """Its register tells what was used meanwhile, and nobody measured when."""
    run(job(made), made)
    made.clock.at = at(TODAY + timedelta(days=3))
    run(job(made), made)
    settled(made, {"skola-el": left_on(6.0)}, TODAY, TODAY + timedelta(days=2))
    gap = made.store.read(SeriesQuery(INTERVALS, start=local_day(TODAY, ZONE).start))
    made.store.write_intervals(gap.with_columns(pl.lit("interpolated").alias("method")))
    run(job(made), made)

    after = silences(made)["skola-el"]
    assert (after.state, after.deviation.going_on) == (ThreadState.OPENED, False)


def test_a_silence_waits_while_its_meters_values_are_being_settled(made: World) -> None:
    """Neither over nor longer until it is known."""
    run(job(made), made)
    made.clock.at = at(TODAY + timedelta(days=3))
    run(job(made), made)
    before = silences(made)["skola-el"]
    made.state.dirty_hours.mark([DirtyHours("skola-el", at(TODAY), at(TODAY) + timedelta(hours=1))])
    made.clock.at = at(TODAY + timedelta(days=4))
    run(job(made), made)

    assert silences(made)["skola-el"] == before
