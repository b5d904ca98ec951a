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
from config.errors import PricesError
from services.jobs.prices import AT_ONCE, PriceDay, PriceKeeper, PricesJob
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

    def day(self, area: str, on: date) -> pl.DataFrame | None:
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
        keeper = PriceKeeper(portfolio(billed, other), Tariffs(0.25, (spot,)), self.store, self.state.dirty_days, self.clock)
        self.job = PricesJob(self.source, keeper, self.state.watermarks, self.clock)

    def look(self) -> None:
        for task in self.job.pending(self.clock.now()):
            self.job.do(task)

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


def test_a_bad_answer_stops_at_its_day(bench: Bench) -> None:
    """The runner shows the error; the next look asks again."""
    bench.source.published, bench.source.bad = {date(2026, 4, 1), date(2026, 4, 3)}, {date(2026, 4, 2)}

    with pytest.raises(PricesError):
        bench.look()

    assert bench.job.pending(bench.clock.now())[0].on == date(2026, 4, 2)


def test_history_comes_by_and_by(bench: Bench) -> None:
    """A month at a look, so that years of it flood nobody."""
    bench.clock.pass_time(timedelta(days=200))

    assert len(bench.job.pending(bench.clock.now())) == AT_ONCE
