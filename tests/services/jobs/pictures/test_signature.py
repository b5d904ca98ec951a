"""The energy signature as points."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from config.domain.estate import Carrier, Portfolio
from config.domain.indicators import IndicatorValue, Missing, Subject, SubjectKind
from config.domain.periods import day, local_date
from config.domain.series import SIGNATURE, SeriesQuery
from config.domain.weather import Station, WeatherPlan, WeatherQuantity
from services.jobs.pictures.signature import AT_ONCE, HISTORY, SignatureJob
from services.jobs.weather_reading import WeatherReader
from services.state.state import State
from services.store.figures import indicator_frame
from tests.doubles.memory_store import MemoryStore
from tests.services.indicators.example_basis import ZONE, point, portfolio
from tests.services.jobs.world import FixedClock

NOW = datetime(2026, 4, 14, 9, tzinfo=UTC)
TODAY = local_date(NOW, ZONE)
DAYS = [TODAY - HISTORY + timedelta(days=n) for n in range(HISTORY.days + 1)]  # today too
PLAN = WeatherPlan({WeatherQuantity.AIR_TEMPERATURE_DAILY: (Station("105260", "Borlänge Flygplats"),)})


def temperature(on: date) -> float:
    """A cold January, a warm July, to half degrees."""
    return float(np.round(2 * (7.0 - 14.0 * np.cos(2 * np.pi * on.timetuple().tm_yday / 365))) / 2)


def heat(on: date) -> float:
    """A building that uses 200 kWh a day and 30 more a degree below 15 °C. [kWh/d]"""
    return 200.0 + 30.0 * max(0.0, 15.0 - temperature(on))


def figure(on: date, kwh: float | Missing, coverage: float = 1.0, building: str = "skola") -> IndicatorValue:
    subject = Subject(SubjectKind.BUILDING, building)
    return IndicatorValue("energy", subject, day(on, ZONE), kwh, coverage, "energy-2", {}, "district_heating", 1.0)


class Desk:
    """A store with a year of days, a state and the job."""

    def __init__(self, folder: Path, town: Portfolio | None = None) -> None:
        self.store, self.clock = MemoryStore(), FixedClock(NOW)
        self.state = State.open(folder / "state.sqlite")
        town = town or portfolio(point("v", Carrier.DISTRICT_HEATING))
        self.job = SignatureJob(town, self.store, self.state.watermarks, self.clock, WeatherReader(self.store, PLAN, ZONE))

    def publish(self, *figures: IndicatorValue, at: datetime = NOW) -> None:
        self.store.write_indicator_values(indicator_frame(figures, at))

    def weather(self, days: list[date]) -> None:
        rows = [
            (datetime(on.year, on.month, on.day, tzinfo=UTC), "air_temperature_daily", "105260", temperature(on), "G", 0)
            for on in days
        ]
        columns = ["time", "quantity", "station", "value", "quality", "received"]
        self.store.write_weather(
            pl.DataFrame(rows, schema=columns, orient="row").with_columns(pl.col("time").cast(pl.Datetime("us", "UTC")))
        )

    def work(self) -> int:
        """As often as something is pending; how many tasks."""
        tasks = list(self.job.pending(self.clock.now()))
        for task in tasks:
            self.job.do(task)
        return len(tasks)

    def drawn(self) -> dict[date, dict[str, Any]]:
        frame = self.store.read(SeriesQuery(SIGNATURE, having={"open": 1}))
        return {local_date(row["time"], ZONE): row for row in frame.iter_rows(named=True)}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(tmp_path)
    made.publish(*(figure(on, heat(on)) for on in DAYS))
    made.weather(DAYS)
    return made


def test_a_day_is_its_mean_power_at_its_mean_temperature(desk: Desk) -> None:
    """15 January at -6.5 °C: 200 + 30 · 21.5 = 845 kWh in 24 hours are 35.2 kW, and the model expects just that."""
    desk.work()
    found = desk.drawn()[date(2026, 1, 15)]

    assert found["temperature"] == -6.5
    assert found["value"] == pytest.approx(35.208, abs=1e-3)
    assert found["expected"] == pytest.approx(found["value"])
    assert (found["coverage"], found["lacks"]) == (1.0, "")


def test_a_day_without_its_hour_has_the_higher_mean(desk: Desk) -> None:
    """29 March 2026 has 23 hours: the same energy in less time is more power."""
    desk.work()
    on = date(2026, 3, 29)

    assert desk.drawn()[on]["value"] == pytest.approx(heat(on) / 23)


def test_today_is_not_drawn_before_it_is_over(desk: Desk) -> None:
    """Half a day's energy over a whole day's hours would be half the power."""
    desk.work()

    assert max(desk.drawn()) == TODAY - timedelta(days=1)
    assert len(desk.drawn()) == HISTORY.days


def test_what_did_not_change_is_not_drawn_again(desk: Desk) -> None:
    """Nothing is pending after the work, and doing it again writes nothing."""
    (task,) = desk.job.pending(NOW)
    desk.job.do(task)
    writes = desk.store.writes
    desk.job.do(task)

    assert desk.work() == 0
    assert desk.store.writes == writes


def test_a_figure_that_came_out_otherwise_is_drawn_again(desk: Desk) -> None:
    """A late day: its own point moves, and of the others the line alone."""
    desk.work()
    points = dict(desk.store.points["signature"])
    late = date(2026, 2, 2)
    desk.publish(figure(late, 480.0, 0.96), at=NOW + timedelta(hours=1))
    desk.work()
    moved = [key for key, row in desk.store.points["signature"].items()
             if {**row, "expected": 0} != {**points[key], "expected": 0}]  # fmt: skip

    assert [local_date(key[0], ZONE) for key in moved if isinstance(key[0], datetime)] == [late]
    assert (desk.drawn()[late]["value"], desk.drawn()[late]["coverage"]) == (20.0, 0.96)


def test_a_figure_that_is_missing_now_is_closed(desk: Desk) -> None:
    """It was read wrongly, and is withdrawn."""
    desk.work()
    gone = date(2026, 2, 2)
    desk.publish(figure(gone, Missing("Borta.", "Gone."), 0.2), at=NOW + timedelta(hours=1))
    desk.work()

    assert gone not in desk.drawn()


def test_a_day_waits_for_its_temperature(tmp_path: Path) -> None:
    """SMHI's daily means come the day after; the day's point comes with them."""
    desk = Desk(tmp_path)
    desk.publish(*(figure(on, heat(on)) for on in DAYS))
    desk.weather(DAYS[:-2])
    desk.work()
    before = max(desk.drawn())
    desk.weather(DAYS[-2:-1])
    desk.work()

    assert [before, max(desk.drawn())] == [TODAY - timedelta(days=2), TODAY - timedelta(days=1)]


def test_without_a_model_nothing_is_expected(tmp_path: Path) -> None:
    """Half a year is no signature: the points are there, the line is not."""
    desk = Desk(tmp_path)
    desk.publish(*(figure(on, heat(on)) for on in DAYS[-180:]))
    desk.weather(DAYS)
    desk.work()
    found = desk.drawn()[date(2026, 1, 15)]

    assert (found["expected"], found["lacks"]) == (None, "expected")


def test_a_heat_that_does_not_follow_the_weather_has_no_model(tmp_path: Path) -> None:
    """As much on any day: R² is nought."""
    desk = Desk(tmp_path)
    desk.publish(*(figure(on, 500.0 + 300.0 * (on.toordinal() % 2)) for on in DAYS))
    desk.weather(DAYS)
    desk.work()

    assert {row["expected"] for row in desk.drawn().values()} == {None}


def test_a_new_month_brings_a_new_model(desk: Desk) -> None:
    """The same days, the line of the twelve months before May."""
    desk.work()
    desk.clock.at = datetime(2026, 5, 1, 9, tzinfo=UTC)

    assert desk.work() == 1
    assert desk.work() == 0


def test_many_buildings_are_drawn_some_at_a_time(tmp_path: Path) -> None:
    """One more than are drawn together: two tasks, and each building once."""
    names = [f"hus-{n:03}" for n in range(AT_ONCE + 1)]
    town = portfolio(*(point(f"v-{name}", Carrier.DISTRICT_HEATING, building=name) for name in names))
    desk = Desk(tmp_path, town)
    desk.publish(*(figure(DAYS[0], 240.0, building=name) for name in names))
    desk.weather(DAYS)
    tasks = desk.job.pending(NOW)

    assert [len(task.buildings) for task in tasks] == [AT_ONCE, 1]
    assert desk.work() == 2
    assert desk.store.read(SeriesQuery(SIGNATURE))["value"].to_list() == [10.0] * len(names)
