"""Prices that price lists go by are fetched day by day, kept, and move the buildings that are billed by them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from config.domain.estate import Agreed, Carrier
from config.domain.factors import Mark
from config.domain.periods import day
from config.domain.prices import PRICE_ROWS
from config.domain.series import PRICES, SeriesQuery
from config.domain.tariffs import Component, ComponentKind, Tariff, Tariffs
from config.errors import PricesError, PricesUnavailable
from services.jobs.prices import AT_ONCE, BAD_AT_ONCE, PriceDay, PriceKeeper, PricesJob, RefusedDays
from services.jobs.runner import Summary, run
from services.state.state import State
from tests.collectors.weather.played import Clock
from tests.doubles.memory_store import MemoryStore
from tests.services.indicators.example_basis import point, portfolio

ZONE = "Europe/Stockholm"
BEGUN = date(2026, 4, 1)


def prices(on: date, area: str = "SE3") -> pl.DataFrame:
    period = day(on, ZONE)
    count = int((period.end - period.start).total_seconds() // 900)
    rows = [(area, period.start + n * timedelta(minutes=15), 15, 0.5) for n in range(count)]
    return pl.DataFrame(rows, schema=PRICE_ROWS, orient="row")


class Source:
    """Gives what it was told to have published."""

    def __init__(self) -> None:
        self.published: set[date] = set()
        self.bad: set[date] = set()
        self.away = False
        self.asked: list[date] = []

    def day(self, area: str, on: date) -> pl.DataFrame | None:
        self.asked.append(on)
        if self.away:
            raise PricesUnavailable("no answer")
        if on in self.bad:
            raise PricesError("no JSON")
        return prices(on, area) if on in self.published else None


class Bench:
    def __init__(self, folder: Path) -> None:
        self.clock = Clock(datetime(2026, 4, 3, 12, tzinfo=UTC))
        self.store, self.source, self.state = MemoryStore(), Source(), State.open(folder / "state.sqlite")
        spot = Tariff(
            "spot", "spot", Carrier.ELECTRICITY, "L", date(2020, 1, 1), None,
            (Component(ComponentKind.SPOT, 0.05, area="SE3"),), "lista", Mark.VERIFIED,
        )  # fmt: skip
        billed = replace(point("e"), tariffs=(Agreed("spot", BEGUN),))
        other = point("annan", building="förskola")
        self.refused = RefusedDays(self.state.watermarks)
        self.keeper = PriceKeeper(
            portfolio(billed, other), Tariffs(0.25, (spot,)), self.store, self.state.dirty_days, self.refused, self.clock
        )
        self.job = PricesJob(self.source, self.keeper, self.state.watermarks, self.clock)

    def look(self) -> Summary:
        return run(self.job, self.state.runs, self.clock)

    def days(self) -> set[date]:
        return set(self.store.read(SeriesQuery(PRICES))["time"].dt.convert_time_zone(ZONE).dt.date())


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.state.close()


def test_days_from_the_first_billed_one_to_tomorrow_are_asked_for(bench: Bench) -> None:
    """The agreement began on 1 April, and it is the 3rd."""
    assert bench.job.pending(bench.clock.now()) == [PriceDay("SE3", date(2026, 4, n)) for n in (1, 2, 3, 4)]


def test_days_are_kept_and_move_the_buildings_that_are_billed_by_them(bench: Bench) -> None:
    """Not the others; tomorrow has used nothing yet."""
    bench.source.published = {date(2026, 4, n) for n in (1, 2, 3, 4)}
    bench.look()

    assert bench.days() == bench.source.published
    assert bench.state.dirty_days.pending_buildings() == ["skola"]
    assert set(bench.state.dirty_days.take("skola").days) == {date(2026, 4, n) for n in (1, 2, 3)}
    assert bench.job.pending(bench.clock.now()) == []


def test_a_day_that_is_not_published_yet_stays_pending(bench: Bench) -> None:
    """And what comes after it waits, so that no day is passed over."""
    bench.source.published = {date(2026, 4, 1), date(2026, 4, 3)}
    bench.look()

    assert bench.days() == {date(2026, 4, 1)}
    assert bench.job.pending(bench.clock.now())[0] == PriceDay("SE3", date(2026, 4, 2))


def test_a_day_that_never_was_published_holds_nothing_up(bench: Bench) -> None:
    """Three days later it is given up; its hours have no price and say so."""
    bench.clock.pass_time(timedelta(days=4))
    bench.source.published = {date(2026, 4, n) for n in range(2, 9)}
    bench.look()

    assert bench.days() == {date(2026, 4, n) for n in range(2, 9)}


def test_a_bad_answer_holds_up_no_later_day(bench: Bench) -> None:
    """The run says so, and the day is remembered with its reason; before, all later days waited for it."""
    bench.source.published, bench.source.bad = {date(2026, 4, n) for n in (1, 3, 4)}, {date(2026, 4, 2)}

    summary = bench.look()

    assert bench.days() == bench.source.published
    assert summary.failed == {"SE3 2026-04-02": "no JSON"}
    assert [(item.day, item.reason) for item in bench.refused.all()] == [(PriceDay("SE3", date(2026, 4, 2)), "no JSON")]


def test_a_refused_day_is_asked_for_more_and_more_seldom(bench: Bench) -> None:
    """After 1, 2, 4, 8 and 16 hours, then each day: once more than six times in two days would be a nuisance."""
    bench.source.published, bench.source.bad = {date(2026, 4, n) for n in (1, 3, 4, 5, 6)}, {date(2026, 4, 2)}
    hours = []
    for hour in range(24 * 4):
        before = bench.source.asked.count(date(2026, 4, 2))
        bench.look()
        if bench.source.asked.count(date(2026, 4, 2)) > before:
            hours.append(hour)
        bench.clock.pass_time(timedelta(hours=1))

    assert hours == [0, 1, 3, 7, 15, 31, 55, 79]


def test_a_refused_day_that_heals_is_kept_and_moves_its_building(bench: Bench) -> None:
    """Nothing is asked for twice after it, and the last day that was settled with stays."""
    bench.source.published, bench.source.bad = {date(2026, 4, n) for n in (1, 2, 3, 4)}, {date(2026, 4, 2)}
    bench.look()
    bench.state.dirty_days.clear("skola", bench.state.dirty_days.take("skola").up_to)
    bench.source.bad.clear()
    bench.clock.pass_time(timedelta(hours=1))
    bench.look()

    assert bench.days() == bench.source.published
    assert set(bench.state.dirty_days.take("skola").days) == {date(2026, 4, 2)}
    assert bench.refused.all() == []
    assert bench.job.pending(bench.clock.now()) == []


def test_a_refused_day_whose_prices_are_imported_is_not_asked_for_again(bench: Bench) -> None:
    """A saved answer is as good."""
    bench.source.published, bench.source.bad = {date(2026, 4, n) for n in (1, 3, 4)}, {date(2026, 4, 2)}
    bench.look()
    bench.keeper.keep(prices(date(2026, 4, 2)))

    assert bench.refused.all() == []
    assert date(2026, 4, 2) in bench.days()


def test_where_every_answer_is_bad_the_look_ends_soon(bench: Bench) -> None:
    """A log-in page stands between: years of history are not asked for one by one, and all of it comes when it is gone."""
    bench.clock.pass_time(timedelta(days=20))
    every = {date(2026, 4, 1) + n * timedelta(days=1) for n in range(24)}
    bench.source.bad = set(every)
    summary = bench.look()
    asked = len(bench.source.asked)
    bench.source.bad, bench.source.published = set(), every
    bench.clock.pass_time(timedelta(hours=1))
    bench.look()

    assert (asked, len(summary.failed)) == (BAD_AT_ONCE, BAD_AT_ONCE)
    assert bench.days() == every


def test_a_service_that_is_away_is_remembered_against_no_day(bench: Bench) -> None:
    """It says nothing of the day; the next look asks for the same."""
    bench.source.away = True
    summary = bench.look()

    assert list(summary.failed) == ["SE3 2026-04-01"]
    assert bench.refused.all() == []
    assert bench.job.pending(bench.clock.now())[0] == PriceDay("SE3", date(2026, 4, 1))


def test_a_refused_day_that_is_found_not_to_be_published_is_given_up(bench: Bench) -> None:
    """As any other that is not there three days later."""
    bench.source.published, bench.source.bad = {date(2026, 4, n) for n in (1, 3, 4, 5, 6, 7, 8)}, {date(2026, 4, 2)}
    bench.look()
    bench.source.bad.clear()
    bench.clock.pass_time(timedelta(days=4))
    bench.look()

    assert bench.refused.all() == []


def test_history_comes_by_and_by(bench: Bench) -> None:
    """A month at a look, so that years of it flood nobody."""
    bench.clock.pass_time(timedelta(days=200))

    assert len(bench.job.pending(bench.clock.now())) == AT_ONCE
