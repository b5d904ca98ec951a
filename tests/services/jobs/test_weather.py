"""The weather job on a store in memory and a clock that is moved: what is fetched, kept, told and read."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from config.domain.estate import Building, Carrier, Direction, Installation, Meter, MeteringPoint, Owner, Portfolio, Register
from config.domain.periods import month
from config.domain.series import WEATHER, SeriesQuery
from config.domain.weather import VALUES, NormalPeriod, Station, StationValues, WeatherFindingCode, WeatherPlan, WeatherQuantity
from config.errors import StoreUnavailable, WeatherError, WeatherUnavailable
from services.jobs.weather import LOOK_EVERY, Kept, TouchedBuildings, WeatherJob, WeatherKeeper
from services.jobs.weather_reading import WeatherReader
from services.state.state import State
from tests.doubles.memory_store import MemoryStore

DAILY, HOURLY = WeatherQuantity.AIR_TEMPERATURE_DAILY, WeatherQuantity.AIR_TEMPERATURE
BORLANGE, FALUN = Station("105260", "Borlänge Flygplats"), Station("105370", "Falun-Lugnet")
STOCKHOLM = "Europe/Stockholm"
PLAN = WeatherPlan({DAILY: (BORLANGE, FALUN), HOURLY: (BORLANGE,)}, attribution="SMHI, CC BY 4.0", hours_since=date(2023, 1, 1))


@dataclass
class Clock:
    time: datetime = datetime(2024, 2, 3, 2, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time


Answer = StationValues | WeatherError


@dataclass
class Source:
    """Gives what it was told to, and keeps what it was asked."""

    answers: dict[tuple[WeatherQuantity, str], Answer] = field(default_factory=dict)
    asked: list[tuple[WeatherQuantity, str]] = field(default_factory=list)

    def values(self, quantity: WeatherQuantity, station: Station) -> StationValues:
        self.asked.append((quantity, station.id))
        answer = self.answers.get((quantity, station.id), WeatherError(f"{station.id}: not there"))
        if isinstance(answer, WeatherError):
            raise answer
        return answer

    def says(
        self, station: Station, values: Mapping[datetime, float], quality: str = "G", quantity: WeatherQuantity = DAILY
    ) -> None:
        self.answers[quantity, station.id] = station_values(station, values, quality, quantity)


def station_values(
    station: Station, values: Mapping[datetime, float], quality: str = "G", quantity: WeatherQuantity = DAILY
) -> StationValues:
    rows = [(time, value, quality) for time, value in sorted(values.items())]
    return StationValues(quantity, station.id, pl.DataFrame(rows, schema=VALUES, orient="row"))


def january(*days: int) -> list[datetime]:
    return [datetime(2024, 1, day, tzinfo=UTC) for day in days]


class Bench:
    """A job and all that it stands on."""

    def __init__(self, folder: Path, plan: WeatherPlan = PLAN) -> None:
        self.clock = Clock()
        self.store = MemoryStore()
        self.state = State.open(folder / "state.sqlite")
        self.source = Source()
        self.told: list[Sequence[date] | None] = []
        self.keeper = WeatherKeeper(self.store, plan, STOCKHOLM, self.clock, self.told.append)
        self.job = WeatherJob(plan, self.source, self.keeper, self.state.weather, self.clock)
        self.reader = WeatherReader(self.store, plan, STOCKHOLM)

    def stored(self) -> list[tuple[str, str, datetime, float, str]]:
        frame = self.store.read(SeriesQuery(WEATHER))
        return frame.select("quantity", "station", "time", "value", "quality").rows()

    def moved(self) -> set[int]:
        """Days of January that were told."""
        return {day.day for days in self.told if days is not None for day in days}


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.state.close()


def test_what_a_station_gives_is_stored_with_quality_and_told_by_day(bench: Bench) -> None:
    """A day's mean stands at 00 UTC of its day and moves the local day of the same date."""
    bench.source.says(BORLANGE, dict(zip(january(1, 2), (-6.4, -18.0), strict=True)), "Y")

    bench.job.do(DAILY)

    assert bench.stored() == [(DAILY, "105260", january(1)[0], -6.4, "Y"), (DAILY, "105260", january(2)[0], -18.0, "Y")]
    assert bench.moved() == {1, 2}


def test_fetching_again_writes_and_tells_nothing(bench: Bench) -> None:
    """Twice changes nothing."""
    bench.source.says(BORLANGE, {january(1)[0]: -6.4})
    bench.job.do(DAILY)
    bench.told.clear()
    writes = bench.store.writes

    bench.job.do(DAILY)

    assert (bench.store.writes, bench.told) == (writes, [])


def test_a_checked_correction_moves_its_day_alone(bench: Bench) -> None:
    """January 1 was -6.4 provisionally and is -6.1 when checked; January 2 was right, and only its quality changed."""
    bench.source.says(BORLANGE, dict(zip(january(1, 2), (-6.4, -18.0), strict=True)), "Y")
    bench.job.do(DAILY)
    bench.told.clear()

    bench.source.says(BORLANGE, dict(zip(january(1, 2), (-6.1, -18.0), strict=True)), "G")
    bench.job.do(DAILY)

    assert bench.moved() == {1}
    assert [row[3:] for row in bench.stored()] == [(-6.1, "G"), (-18.0, "G")]


def test_a_value_of_the_next_station_moves_a_day_only_where_it_fills_a_hole(bench: Bench) -> None:
    """Falun's value of a day that Borlänge has is kept and moves nothing."""
    bench.source.says(BORLANGE, dict(zip(january(1, 3), (-6.0, -7.0), strict=True)))
    bench.source.says(FALUN, dict(zip(january(1, 2, 3), (-1.0, -2.0, -3.0), strict=True)))

    bench.job.do(DAILY)

    assert bench.reader.days(date(2024, 1, 1), date(2024, 1, 3)).rows() == [
        (date(2024, 1, 1), -6.0, "105260", False),
        (date(2024, 1, 2), -2.0, "105370", True),
        (date(2024, 1, 3), -7.0, "105260", False),
    ]
    bench.told.clear()
    bench.source.says(FALUN, dict(zip(january(1, 2, 3), (-1.5, -2.5, -3.5), strict=True)))
    bench.job.do(DAILY)
    assert bench.moved() == {2}


def test_a_station_that_cannot_be_used_is_the_next_ones_turn_and_a_finding(bench: Bench) -> None:
    """The finding keeps the error's words and since when; it goes when the station comes back."""
    bench.source.answers[DAILY, "105260"] = WeatherError("address: station 105260: a web page")
    bench.source.says(FALUN, {january(1)[0]: -2.0})

    bench.job.do(DAILY)

    assert bench.reader.days(date(2024, 1, 1), date(2024, 1, 1))["bridged"].to_list() == [True]
    [seen] = bench.state.weather.findings()
    assert (seen.finding.code, seen.finding.station) == (WeatherFindingCode.REFUSED, "105260")
    assert "a web page" in seen.finding.sentence_sv
    bench.source.says(BORLANGE, {january(1)[0]: -6.0})
    bench.job.do(DAILY)
    assert bench.state.weather.findings() == []


def test_when_no_station_can_be_used_the_task_fails_and_what_is_stored_stays(bench: Bench) -> None:
    """Nothing already stored is lost to a bad answer."""
    bench.source.says(BORLANGE, {january(1)[0]: -6.0})
    bench.job.do(DAILY)
    bench.source.answers.clear()

    with pytest.raises(WeatherError, match="105260: not there"):
        bench.job.do(DAILY)

    assert [row[3] for row in bench.stored()] == [-6.0]


def test_a_quantity_is_pending_until_it_was_asked_for_and_again_later(bench: Bench) -> None:
    """The job knows by itself; a quantity that nobody measures is never pending."""
    bench.source.says(BORLANGE, {january(1)[0]: -6.0})
    now = bench.clock.now()

    assert bench.job.pending(now) == [HOURLY, DAILY]
    bench.job.do(DAILY)
    assert bench.job.pending(now) == [HOURLY]
    assert bench.job.pending(now + LOOK_EVERY) == [HOURLY, DAILY]


def test_while_the_service_is_away_the_quantity_stays_pending(bench: Bench) -> None:
    """And what another station gave is kept."""
    bench.source.answers[DAILY, "105260"] = WeatherUnavailable("no answer", 3600)
    bench.source.says(FALUN, {january(1)[0]: -2.0})

    with pytest.raises(WeatherUnavailable):
        bench.job.do(DAILY)

    assert DAILY in bench.job.pending(bench.clock.now())
    assert len(bench.stored()) == 1


def test_nothing_is_asked_where_weather_is_off(tmp_path: Path) -> None:
    """Nothing calls out unless told."""
    bench = Bench(tmp_path)

    job = WeatherJob(PLAN, None, bench.keeper, bench.state.weather, bench.clock)

    assert job.pending(bench.clock.now()) == []
    job.do(DAILY)
    assert bench.source.asked == []
    bench.state.close()


def test_days_are_told_before_the_store_takes_the_values(bench: Bench) -> None:
    """A loss of the process between the two leaves days to be made again, never days that are wrong unmarked."""
    bench.source.says(BORLANGE, {january(1)[0]: -6.0})
    reading = bench.store.read

    class Refusing(MemoryStore):
        def read(self, query: SeriesQuery) -> pl.DataFrame:
            return reading(query)

        def write_weather(self, values: pl.DataFrame) -> None:
            raise StoreUnavailable("the disk is full")

    keeper = WeatherKeeper(Refusing(), PLAN, STOCKHOLM, bench.clock, bench.told.append)

    with pytest.raises(StoreUnavailable):
        keeper.keep(station_values(BORLANGE, {january(1)[0]: -6.0}))

    assert bench.moved() == {1}


def test_hours_before_the_year_that_is_kept_are_left_out(bench: Bench) -> None:
    """`hours_since`; an hour moves its local day: 23 UTC on the 1st is the 2nd in Borlänge."""
    old, new = datetime(2022, 12, 31, 22, tzinfo=UTC), datetime(2024, 1, 1, 23, tzinfo=UTC)
    bench.source.says(BORLANGE, {old: 1.0, new: 2.0}, quantity=HOURLY)

    bench.job.do(HOURLY)

    assert [row[2] for row in bench.stored()] == [new]
    assert bench.moved() == {2}


def test_all_24_hours_of_the_own_station_go_before_the_next_station(bench: Bench) -> None:
    """The airport's daily mean is late, its hours are not."""
    bench.source.says(FALUN, {january(1)[0]: -2.0})
    bench.source.says(BORLANGE, {january(1)[0] + timedelta(hours=at): float(at) for at in range(24)}, quantity=HOURLY)

    bench.job.do(DAILY)
    bench.job.do(HOURLY)

    assert bench.reader.days(date(2024, 1, 1), date(2024, 1, 1)).rows() == [(date(2024, 1, 1), 11.5, "105260", False)]


def test_the_reader_gives_days_hours_and_why_there_is_no_normal_year(bench: Bench) -> None:
    """January in local time: from 23 UTC on New Year's Eve."""
    bench.source.says(BORLANGE, dict.fromkeys(january(*range(1, 32)), -6.4))
    bench.source.says(BORLANGE, {datetime(2023, 12, 31, 23, tzinfo=UTC): -5.0}, quantity=HOURLY)
    bench.job.do(DAILY)
    bench.job.do(HOURLY)

    found = bench.reader.years(datetime(2023, 12, 31, 23, tzinfo=UTC), datetime(2024, 1, 31, 23, tzinfo=UTC))

    assert (found.days["day"].min(), found.days["day"].max(), found.days.height) == (date(2024, 1, 1), date(2024, 1, 31), 31)
    assert found.hours["temperature_c"].to_list() == [-5.0]
    assert found.normal_days.is_empty()
    assert "Normalperioden 1991-2020" in found.lacking[0]
    assert (found.terms.base_temperature_c, found.terms.station, found.terms.source) == (17.0, "105260", "SMHI, CC BY 4.0")


def test_the_hours_at_a_months_edge_in_summer_follow_the_months_own_clock(bench: Bench) -> None:
    """Trap 5: local July begins at 22 UTC on 30 June, the billing month in UTC+1 an hour later; each hour falls in one month."""
    edge = datetime(2024, 6, 30, 21, tzinfo=UTC)
    bench.source.says(BORLANGE, {edge + timedelta(hours=at): 10.0 + at for at in range(4)}, quantity=HOURLY)
    bench.job.do(HOURLY)
    local, billing = month(date(2024, 7, 1), STOCKHOLM), month(date(2024, 7, 1), "UTC+1")
    june = month(date(2024, 6, 1), STOCKHOLM)

    assert bench.reader.hours(local.start, local.end)["temperature_c"].to_list() == [11.0, 12.0, 13.0]
    assert bench.reader.hours(billing.start, billing.end)["temperature_c"].to_list() == [12.0, 13.0]
    assert bench.reader.hours(june.start, june.end)["temperature_c"].to_list() == [10.0]


def test_a_local_month_has_the_days_of_its_calendar(bench: Bench) -> None:
    """SMHI's UTC day stands for the local day of the same date: July has 31 days, 1 to 31, though it begins at 22 UTC."""
    bench.source.says(BORLANGE, {datetime(2024, 6, 29, tzinfo=UTC) + timedelta(days=at): float(at) for at in range(40)})
    bench.job.do(DAILY)
    july = month(date(2024, 7, 1), STOCKHOLM)

    days = bench.reader.years(july.start, july.end).days["day"]

    assert (days.min(), days.max(), days.len()) == (date(2024, 7, 1), date(2024, 7, 31), 31)


SHORT = WeatherPlan({DAILY: (BORLANGE,)}, normal_period=NormalPeriod(2011, 2020), attribution="SMHI")


def ten_years(temperature: float) -> dict[datetime, float]:
    first = datetime(2011, 1, 1, tzinfo=UTC)
    return {first + timedelta(days=at): temperature for at in range(3653)}


def test_the_normal_year_is_made_of_what_is_stored_and_made_again_when_it_changes(tmp_path: Path) -> None:
    """January at 0 °C has 31 x 17 normal degree days; a corrected archive moves them, and every building's months."""
    bench = Bench(tmp_path, SHORT)
    bench.source.says(BORLANGE, ten_years(0.0))
    bench.job.do(DAILY)
    first = bench.reader.years(january(1)[0], january(2)[0]).normal_months["degree_days"][0]
    bench.told.clear()

    bench.source.says(BORLANGE, ten_years(1.0))
    outcome = bench.job.look(DAILY)["105260"]

    assert isinstance(outcome, Kept)
    assert outcome.normal_moved
    assert None in bench.told
    second = bench.reader.years(january(1)[0], january(2)[0]).normal_months["degree_days"][0]
    assert (first, second) == (pytest.approx(31 * 17), pytest.approx(31 * 16))
    bench.state.close()


def test_a_new_day_leaves_the_normal_year_alone(tmp_path: Path) -> None:
    """It lies outside the period."""
    bench = Bench(tmp_path, SHORT)
    bench.source.says(BORLANGE, ten_years(0.0) | {january(1)[0]: -6.0})
    bench.job.do(DAILY)
    bench.told.clear()

    bench.source.says(BORLANGE, ten_years(0.0) | {january(1)[0]: -5.0})
    bench.job.do(DAILY)

    assert None not in bench.told
    bench.state.close()


def portfolio() -> Portfolio:
    """A school measured since 2 January 2024 and a depot since 2023."""
    meter = Meter("m", "amsleser", "1", (Register("active_energy_import"),))
    points = [
        MeteringPoint(f"p-{name}", name, name, Carrier.ELECTRICITY, Direction.IMPORT, 0.001) for name in ("school", "depot")
    ]
    started = {"p-school": datetime(2024, 1, 1, 23, tzinfo=UTC), "p-depot": datetime(2023, 11, 14, 23, tzinfo=UTC)}
    return Portfolio(
        "Provköping",
        STOCKHOLM,
        {"o": Owner("o", "O", "committee")},
        {name: Building(name, name, "school", "o", 1000.0) for name in ("school", "depot")},
        {point.id: point for point in points},
        {"m": meter},
        tuple(Installation(point, "m", "active_energy_import", start) for point, start in started.items()),
    )


def test_touched_days_are_marked_for_buildings_that_were_measured_then(tmp_path: Path) -> None:
    """Not before the first meter, not today."""
    with State.open(tmp_path / "state.sqlite") as state:
        touched = TouchedBuildings(portfolio(), state.dirty_days, Clock())

        touched([date(2024, 1, 1), date(2024, 1, 2), date(2024, 2, 3)])

        assert list(state.dirty_days.take("school").days) == [date(2024, 1, 2)]
        assert list(state.dirty_days.take("depot").days) == [date(2024, 1, 1), date(2024, 1, 2)]
        assert state.dirty_days.take("depot").reasons[date(2024, 1, 1)] == frozenset({"weather"})


def test_a_moved_normal_year_marks_every_month(tmp_path: Path) -> None:
    """One day of each is enough to make the month again."""
    with State.open(tmp_path / "state.sqlite") as state:
        TouchedBuildings(portfolio(), state.dirty_days, Clock())(None)

        assert list(state.dirty_days.take("depot").days) == [
            date(2023, 11, 15),
            date(2023, 12, 1),
            date(2024, 1, 1),
            date(2024, 2, 1),
        ]


def test_an_unusable_station_is_logged_once_with_its_facts(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    """For the person who watches the log."""
    bench.source.says(FALUN, {january(1)[0]: -2.0})

    with caplog.at_level(logging.WARNING):
        bench.job.do(DAILY)

    assert [record.getMessage() for record in caplog.records] == ["weather station not used: 105260: not there"]
