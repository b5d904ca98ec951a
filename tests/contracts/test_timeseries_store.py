"""What every time-series store promises. One suite: memory, the waiting wrapper, DuckDB, InfluxDB 1.x and InfluxDB 2.x."""

import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from config.domain.indicators import IndicatorValue, Missing, Subject, SubjectKind
from config.domain.periods import Period, PeriodKind, day, month
from config.domain.readings import Reading
from config.domain.series import (
    EVENTS,
    GOALS,
    INDICATOR_VALUES,
    INTERVALS,
    PRICES,
    READINGS,
    SERIES,
    WEATHER,
    Aggregate,
    Every,
    Series,
    SeriesQuery,
)
from config.errors import PointRejected
from services.store.duckdb import DuckDBStore
from services.store.figures import indicator_frame, indicator_values
from services.store.influxdb import InfluxStore
from services.store.influxwire import InfluxTarget, InfluxVersion
from services.store.points import TIME, Columns
from services.store.retrying import RetryingStore
from services.store.timeseries import TimeSeriesStore
from tests.doubles.memory_store import MemoryStore
from tests.servers import Influxd1, Influxd2

STOCKHOLM = "Europe/Stockholm"
START = datetime(2025, 1, 15, 6, tzinfo=UTC)
HOUR = timedelta(hours=1)
Make = Callable[[], TimeSeriesStore]


@pytest.fixture(
    params=[
        "memory",
        "duckdb",
        "retrying",
        pytest.param("influxdb1", marks=pytest.mark.influxdb),
        pytest.param("influxdb2", marks=pytest.mark.influxdb2),
    ]
)
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Make]:
    """Makes an empty store; all that it made are closed at the end."""
    made: list[TimeSeriesStore] = []

    def make_one() -> TimeSeriesStore:
        made.append(_new(request, tmp_path))
        return made[-1]

    yield make_one
    for store in made:
        store.close()


@pytest.fixture
def store(make: Make) -> TimeSeriesStore:
    """An empty store."""
    return make()


def _new(request: pytest.FixtureRequest, folder: Path) -> TimeSeriesStore:
    name = f"t{uuid.uuid4().hex}"
    if request.param == "memory":
        return MemoryStore()
    if request.param == "retrying":
        return RetryingStore(MemoryStore(), threading.Event())
    if request.param == "duckdb":
        return DuckDBStore(folder / f"{name}.duckdb")
    if request.param == "influxdb1":
        one: Influxd1 = request.getfixturevalue("influxd1")
        one.create_database(name)
        return InfluxStore(InfluxTarget(one.url, name, InfluxVersion.V1))
    two: Influxd2 = request.getfixturevalue("influxd2")
    two.create_bucket(name)
    return InfluxStore(InfluxTarget(two.url, name, InfluxVersion.V2, org=two.org, token=two.token))


def reading(value: float, *, meter: str = "m1", register: str = "heat_energy", time: datetime = START) -> Reading:
    return Reading(meter, register, time, value, time + timedelta(milliseconds=1500))


def intervals(rows: Sequence[tuple[str, str, datetime, float | None, float, str]]) -> pl.DataFrame:
    """From (building, point, time, value, coverage, method), all of district heating."""
    schema: Columns = {"building": pl.String, "point": pl.String, "time": TIME, "value": pl.Float64}
    frame = pl.DataFrame(rows, schema={**schema, "coverage": pl.Float64, "method": pl.String}, orient="row")
    return frame.with_columns(carrier=pl.lit("district_heating"), direction=pl.lit("import"), level=pl.lit("main"))


def hours(building: str, start: datetime, end: datetime, value: float = 1.0) -> pl.DataFrame:
    """One interval an hour, each of `value`."""
    count = round((end - start) / HOUR)
    return intervals([(building, f"{building}-heat", start + HOUR * at, value, 1.0, "measured") for at in range(count)])


def values_of(store: TimeSeriesStore, query: SeriesQuery) -> list[object]:
    return store.read(query)["value"].to_list()


def test_readings_come_back_as_written(store: TimeSeriesStore) -> None:
    """To the microsecond and to the last bit; sorted by tags, then time."""
    fine = START + timedelta(microseconds=1)
    numbers = [0.1 + 0.2, 1e300, -0.0, 5e-324, 3.0]
    store.write_readings(
        [
            reading(numbers[0], meter="b", time=fine),
            reading(numbers[1], meter="b"),
            reading(numbers[2], meter="a", register="volume"),
            reading(numbers[3], meter="a", register="heat_energy"),
            reading(numbers[4], meter="a", register="volume", time=START - HOUR),
        ]
    )

    found = store.read(SeriesQuery(READINGS))

    utc = pl.Datetime("us", "UTC")
    assert found.dtypes == [utc, pl.String, pl.String, pl.Float64, pl.Int64]
    assert found.columns == ["time", "meter", "register", "value", "received"]
    assert found.rows() == [
        (START, "a", "heat_energy", 5e-324, 1736920801500),
        (START - HOUR, "a", "volume", 3.0, 1736917201500),
        (START, "a", "volume", -0.0, 1736920801500),
        (START, "b", "heat_energy", 1e300, 1736920801500),
        (fine, "b", "heat_energy", 0.30000000000000004, 1736920801500),
    ]


def test_writing_again_changes_nothing(store: TimeSeriesStore) -> None:
    """QoS 1 repeats; a journal is replayed; an import is run twice."""
    readings = [reading(float(at), time=START + HOUR * at) for at in range(100)]

    for _ in range(3):
        store.write_readings(readings)
    store.write_readings([*readings, *readings])

    assert values_of(store, SeriesQuery(READINGS)) == [float(at) for at in range(100)]


def test_the_later_writing_of_a_point_counts(store: TimeSeriesStore) -> None:
    """A corrected value replaces; within one call too."""
    store.write_readings([reading(1.0)])
    store.write_readings([reading(2.0), reading(3.0)])

    assert values_of(store, SeriesQuery(READINGS)) == [3.0]


def test_nothing_to_write_is_no_error(store: TimeSeriesStore) -> None:
    """A batch may be all duplicates and dead letters."""
    store.write_readings([])
    store.write_intervals(intervals([]))
    store.write_indicator_values(indicator_frame([]))
    store.write_weather(weather([]))

    assert store.read(SeriesQuery(READINGS)).is_empty()


ODD_IDS = [
    "Skolvägen 3, hus Å",
    "a=b",
    'with "quotes"',
    "it's",
    "back\\slash",
    "back\\,slash comma",
    "two\\\\in the middle",
    "\\ first",
    "tab\there",
    " leading and trailing ",
    "#comment",
    "' OR 1=1 --",
    "meter,register=x value=9 1",
    '"; DROP DATABASE x; --',
    "$building",
    "/.*/",
    "100 %",
    "日本語 🏒",
    "e\u0301 combining",
    "%0A",
    "\x7f",
]


def test_any_printable_id_comes_back_and_can_be_asked_for(store: TimeSeriesStore) -> None:
    """An id is a device's word; it must neither break out of a line nor out of a query."""
    store.write_readings([reading(float(at), meter=meter) for at, meter in enumerate(ODD_IDS)])

    assert dict(store.read(SeriesQuery(READINGS)).select("meter", "value").iter_rows()) == {
        meter: float(at) for at, meter in enumerate(ODD_IDS)
    }
    for at, meter in enumerate(ODD_IDS):
        assert values_of(store, SeriesQuery(READINGS, where={"meter": (meter,)})) == [float(at)], meter


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(max_size=30), min_size=1, max_size=30, unique=True))
@example(["\n", "\\", "a\\", "", " ", ",", "=", "\\,", "\\ ", "\\=", "\r", "\0", '"', "\\\\ ", "a\u2028b", "\ud800"])
def test_any_text_as_id_round_trips_or_is_rejected(make: Make, meters: list[str]) -> None:
    """A third thing, a point under another name, would be another meter's data."""
    store = make()
    rejected: set[int] = set()
    try:
        store.write_readings([reading(float(at), meter=meter) for at, meter in enumerate(meters)])
    except PointRejected as error:
        rejected = set(error.rejected)

    found = dict(store.read(SeriesQuery(READINGS)).select("meter", "value").iter_rows())
    store.close()

    assert found == {meter: float(at) for at, meter in enumerate(meters) if at not in rejected}
    assert all(set(meters[at]) & set("\n\r\0") or meters[at].endswith("\\") or not _is_text(meters[at]) for at in rejected)


def _is_text(value: str) -> bool:
    with suppress(UnicodeEncodeError):
        return bool(value.encode()) or True
    return False


def test_what_cannot_be_stored_is_named_and_the_rest_is_written(store: TimeSeriesStore) -> None:
    """Not one good reading is lost for a bad neighbour, and each bad one gets its reason."""
    given_readings = [
        reading(1.0, meter="good"),
        reading(float("nan"), meter="nan"),
        reading(float("inf"), meter="inf"),
        reading(1.0, meter="line\nbreak"),
        reading(1.0, meter="early", time=datetime(1600, 1, 1, tzinfo=UTC)),
        reading(1.0, meter="late", time=datetime(2999, 1, 1, tzinfo=UTC)),
        reading(2.0, meter="also good"),
        reading(10**400, meter="more than a float holds"),
    ]

    with pytest.raises(PointRejected, match=r"6 point\(s\) not taken") as caught:
        store.write_readings(given_readings)

    assert sorted(caught.value.rejected) == [1, 2, 3, 4, 5, 7]
    assert caught.value.rejected[1] == "the value is not a finite number"
    assert "line break" in caught.value.rejected[3]
    assert "outside 1678-2261" in caught.value.rejected[4]
    assert values_of(store, SeriesQuery(READINGS)) == [2.0, 1.0]


def test_an_interval_without_number_that_is_not_missing_is_rejected(store: TimeSeriesStore) -> None:
    """A null that says "measured" is a fault upstream; stored, it would be shown as a hole that nobody explains."""
    frame = intervals(
        [
            ("s", "p", START, None, 1.0, "measured"),
            ("s", "p", START + HOUR, float("nan"), 1.0, "estimated"),
            ("s", "p", START + 2 * HOUR, None, 0.0, "missing"),
            ("s", "p", START + 3 * HOUR, 4.0, float("nan"), "measured"),
            ("s", "p", START + 4 * HOUR, 5.0, 1.0, "measured"),
        ]
    )

    with pytest.raises(PointRejected) as caught:
        store.write_intervals(frame)

    assert caught.value.rejected == {
        0: "the value is not a finite number",
        1: "the value is not a finite number",
        3: "coverage is not a finite number",
    }
    assert values_of(store, SeriesQuery(INTERVALS)) == [None, 5.0]


def test_intervals_come_back_as_written(store: TimeSeriesStore) -> None:
    """Columns in the series' order, whatever order they were given in."""
    frame = intervals([("skola", "p2", START, 12.5, 0.5, "interpolated"), ("skola", "p1", START, 3.0, 1.0, "measured")])

    store.write_intervals(frame)

    assert store.read(SeriesQuery(INTERVALS)).rows() == [
        (START, "skola", "district_heating", "import", "main", "p1", 3.0, 1.0, "measured", 0, 0),
        (START, "skola", "district_heating", "import", "main", "p2", 12.5, 0.5, "interpolated", 0, 0),
    ]


def test_a_hour_that_becomes_missing_has_no_number_any_more(store: TimeSeriesStore) -> None:
    """InfluxDB keeps the old field; neither a reader nor a sum may see it. And back again."""
    store.write_intervals(intervals([("s", "p", START, 7.0, 1.0, "measured"), ("s", "p", START + HOUR, 2.0, 1.0, "measured")]))
    total = SeriesQuery(INTERVALS, aggregate=Aggregate.SUM)

    store.write_intervals(intervals([("s", "p", START, None, 0.0, "missing")]))

    assert values_of(store, SeriesQuery(INTERVALS)) == [None, 2.0]
    assert values_of(store, total) == [2.0]
    store.write_intervals(intervals([("s", "p", START, 8.0, 1.0, "measured")]))
    assert values_of(store, total) == [10.0]


def test_coverage_counts_missing_hours(store: TimeSeriesStore) -> None:
    """Only the number is absent there: a day with 12 missing hours is half covered, not fully."""
    store.write_intervals(intervals([("s", "p", START, 7.0, 1.0, "measured"), ("s", "p", START + HOUR, None, 0.0, "missing")]))

    assert values_of(store, SeriesQuery(INTERVALS, aggregate=Aggregate.MEAN, field="coverage")) == [0.5]
    assert values_of(store, SeriesQuery(INTERVALS, aggregate=Aggregate.COUNT, field="method")) == [2]
    assert values_of(store, SeriesQuery(INTERVALS, aggregate=Aggregate.COUNT)) == [1]


@pytest.mark.parametrize(
    ("aggregate", "expected"),
    [
        (Aggregate.SUM, [6.0, 40.0]),
        (Aggregate.MEAN, [2.0, 20.0]),
        (Aggregate.MIN, [1.0, 10.0]),
        (Aggregate.MAX, [3.0, 30.0]),
        (Aggregate.COUNT, [3, 2]),
        (Aggregate.FIRST, [2.0, 30.0]),
        (Aggregate.LAST, [3.0, 10.0]),
    ],
)
def test_aggregates_by_tag(store: TimeSeriesStore, aggregate: Aggregate, expected: list[float]) -> None:
    """One row a building, in the order of their names."""
    store.write_intervals(
        intervals(
            [
                ("a", "p", START, 2.0, 1.0, "measured"),
                ("a", "p", START + HOUR, 1.0, 1.0, "measured"),
                ("a", "q", START + 2 * HOUR, 3.0, 1.0, "measured"),
                ("b", "p", START, 30.0, 1.0, "measured"),
                ("b", "p", START + HOUR, 10.0, 1.0, "measured"),
            ]
        )
    )

    found = store.read(SeriesQuery(INTERVALS, aggregate=aggregate, by=("building",)))

    assert found.columns == ["building", "value"]
    assert found.rows() == list(zip(["a", "b"], expected, strict=True))


def test_of_two_at_one_instant_the_greater_is_first_and_last(store: TimeSeriesStore) -> None:
    """Without a rule the answer would change from one asking to the next."""
    store.write_readings([reading(1.0, meter="a"), reading(5.0, meter="b"), reading(3.0, meter="c")])

    assert values_of(store, SeriesQuery(READINGS, aggregate=Aggregate.FIRST)) == [5.0]
    assert values_of(store, SeriesQuery(READINGS, aggregate=Aggregate.LAST)) == [5.0]


def test_aggregates_of_whole_numbers_and_text(store: TimeSeriesStore) -> None:
    """`received` stays a whole number; the last method is a word."""
    store.write_readings([reading(1.0), reading(2.0, time=START + HOUR)])
    store.write_intervals(intervals([("s", "p", START, 7.0, 1.0, "measured"), ("s", "p", START + HOUR, 1.0, 1.0, "estimated")]))

    newest = store.read(SeriesQuery(READINGS, aggregate=Aggregate.MAX, field="received"))
    method = store.read(SeriesQuery(INTERVALS, aggregate=Aggregate.LAST, field="method", by=("point",)))

    assert newest.rows() == [(1736924401500,)]
    assert method.rows() == [("p", "estimated")]


@pytest.mark.parametrize(
    ("on", "length"), [(date(2025, 3, 30), 23), (date(2025, 10, 26), 25), (date(2025, 7, 1), 24), (date(2024, 3, 31), 23)]
)
def test_local_days_have_23_24_or_25_hours(store: TimeSeriesStore, on: date, length: int) -> None:
    """Every hour is 1 kWh, so a day's sum is its length. The days before and after keep theirs."""
    first, last = day(on - timedelta(days=2), STOCKHOLM), day(on + timedelta(days=2), STOCKHOLM)
    store.write_intervals(hours("s", first.start, last.end))

    found = store.read(
        SeriesQuery(INTERVALS, first.start, last.end, aggregate=Aggregate.SUM, every=Every.DAY, by=("building",), zone=STOCKHOLM)
    )

    days = [day(on + timedelta(days=offset), STOCKHOLM) for offset in (-2, -1, 0, 1, 2)]
    assert found.rows() == [(each.start, "s", float(each.hours)) for each in days]
    assert found["value"].to_list() == [24.0, 24.0, float(length), 24.0, 24.0]


def test_every_day_of_two_years_is_grouped_as_the_calendar_says(store: TimeSeriesStore) -> None:
    """Against `config.domain.periods`, which counts with the zone's own rules; bounds left open."""
    first, last = day(date(2024, 1, 1), STOCKHOLM), day(date(2025, 12, 31), STOCKHOLM)
    store.write_intervals(hours("s", first.start, last.end))

    found = store.read(SeriesQuery(INTERVALS, aggregate=Aggregate.SUM, every=Every.DAY, zone=STOCKHOLM))

    days = [day(first.start.date() + timedelta(days=1 + at), STOCKHOLM) for at in range(731)]
    assert found.rows() == [(each.start, float(each.hours)) for each in days]


def test_metering_days_begin_at_23_utc_all_year(store: TimeSeriesStore) -> None:
    """Billing follows normal time: UTC+1 without summer time."""
    start = datetime(2025, 7, 1, 22, tzinfo=UTC)
    store.write_intervals(hours("s", start, start + 3 * HOUR))

    found = store.read(SeriesQuery(INTERVALS, aggregate=Aggregate.SUM, every=Every.DAY, zone="UTC+1"))

    assert found.rows() == [(datetime(2025, 6, 30, 23, tzinfo=UTC), 1.0), (datetime(2025, 7, 1, 23, tzinfo=UTC), 2.0)]


@pytest.mark.parametrize("zone", ["UTC", STOCKHOLM, "Asia/Kolkata"])
@pytest.mark.parametrize(("every", "step"), [(Every.QUARTER, 15), (Every.HOUR, 60)])
def test_quarters_and_hours_are_those_of_utc(store: TimeSeriesStore, zone: str, every: Every, step: int) -> None:
    """Whatever the zone; also where its offset is half an hour."""
    store.write_readings([reading(1.0, time=START + timedelta(minutes=5 * at)) for at in range(24)])

    found = store.read(SeriesQuery(READINGS, aggregate=Aggregate.COUNT, every=every, zone=zone))

    assert found.rows() == [(START + timedelta(minutes=step * at), step // 5) for at in range(120 // step)]


def test_readings_ahead_of_the_clock_are_found(store: TimeSeriesStore) -> None:
    """A device with a fast clock is a finding for people, not a reading that vanishes from sums over time."""
    ahead = datetime(2100, 5, 1, 12, tzinfo=UTC)
    store.write_readings([reading(4.0, time=ahead)])

    found = store.read(SeriesQuery(READINGS, aggregate=Aggregate.SUM, every=Every.DAY, zone=STOCKHOLM))

    assert found.rows() == [(datetime(2100, 4, 30, 22, tzinfo=UTC), 4.0)]


def test_start_is_inside_and_end_outside(store: TimeSeriesStore) -> None:
    """To the microsecond, also for bounds given in another zone."""
    store.write_readings([reading(float(at), time=START + timedelta(microseconds=at)) for at in range(5)])
    start, end = (START + timedelta(microseconds=at) for at in (1, 3))

    assert values_of(store, SeriesQuery(READINGS, start, end)) == [1.0, 2.0]
    assert values_of(store, SeriesQuery(READINGS, start, end, aggregate=Aggregate.SUM)) == [3.0]
    assert values_of(store, SeriesQuery(READINGS, end, start)) == []


def test_filters_take_any_of_their_values(store: TimeSeriesStore) -> None:
    """And all of the filters; a value that is not there is no error; no value matches nothing."""
    store.write_readings(
        [
            reading(float(at), meter=meter, register=register)
            for at, (meter, register) in enumerate(zip("aabbc", "xyxyx", strict=True))
        ]
    )

    def ask(**where: tuple[str, ...]) -> list[object]:
        return values_of(store, SeriesQuery(READINGS, where=where))

    assert ask(meter=("a", "c", "zz")) == [0.0, 1.0, 4.0]
    assert ask(meter=("a", "b"), register=("y",)) == [1.0, 3.0]
    assert ask(meter=tuple(f"none{at}" for at in range(2000))) == []
    assert ask(meter=()) == []
    assert ask(meter=("a",), register=()) == []
    assert ask(meter=("a' OR 'a' = 'a", 'b" OR 1=1', ".*", "a|b", "a\nb")) == []
    assert ask(meter=("a\0", "\ud800", "a\\", "a\r", "a" * 100_000)) == []
    assert ask(meter=("a\0", "a")) == [0.0, 1.0]


def test_an_empty_tag_is_a_value_like_any(store: TimeSeriesStore) -> None:
    """Figures of all carriers have carrier ""; InfluxDB has no empty tags and must answer the same."""
    subject = Subject(SubjectKind.BUILDING, "skola")
    period = day(date(2025, 1, 1), STOCKHOLM)
    store.write_indicator_values(
        indicator_frame(
            [IndicatorValue("energy", subject, period, at, 1.0, "v1", {}, carrier) for at, carrier in ((1.0, ""), (2.0, "solar"))]
        )
    )

    assert values_of(store, SeriesQuery(INDICATOR_VALUES, where={"carrier": ("",)})) == [1.0]
    assert values_of(store, SeriesQuery(INDICATOR_VALUES, where={"carrier": ("", "solar")})) == [1.0, 2.0]
    assert store.read(SeriesQuery(INDICATOR_VALUES, aggregate=Aggregate.SUM, by=("carrier",))).rows() == [
        ("", 1.0),
        ("solar", 2.0),
    ]


def test_limit_gives_the_first(store: TimeSeriesStore) -> None:
    """In the order of the answer: by tags, then time; of groups too."""
    store.write_readings([reading(float(at), meter=meter, time=START + HOUR * at) for meter in "ba" for at in range(3)])

    assert store.read(SeriesQuery(READINGS, limit=4)).select("meter", "value").rows() == [
        ("a", 0.0),
        ("a", 1.0),
        ("a", 2.0),
        ("b", 0.0),
    ]
    assert store.read(SeriesQuery(READINGS, limit=0)).is_empty()
    grouped = SeriesQuery(READINGS, aggregate=Aggregate.SUM, every=Every.HOUR, by=("meter",), limit=2)
    assert store.read(grouped).select("meter", "value").rows() == [("a", 0.0), ("a", 1.0)]
    assert values_of(store, SeriesQuery(READINGS, aggregate=Aggregate.FIRST, limit=3)) == [0.0]
    assert values_of(store, SeriesQuery(READINGS, aggregate=Aggregate.LAST, by=("meter",), limit=1)) == [2.0]


@pytest.mark.parametrize("series", [READINGS, INTERVALS, INDICATOR_VALUES], ids=lambda series: series.name)
def test_no_match_gives_the_columns_and_no_rows(store: TimeSeriesStore, series: Series) -> None:
    """A reader joins and sums without asking first; before the first writing as well as after."""
    raw = store.read(SeriesQuery(series))
    grouped = store.read(SeriesQuery(series, aggregate=Aggregate.SUM, every=Every.DAY, by=series.tags[:1], zone=STOCKHOLM))
    whole = store.read(SeriesQuery(series, aggregate=Aggregate.COUNT))

    assert raw.columns == ["time", *series.tags, *series.fields]
    assert raw.schema["time"] == pl.Datetime("us", "UTC")
    assert raw.is_empty()
    assert grouped.columns == ["time", series.tags[0], "value"]
    assert grouped.dtypes == [pl.Datetime("us", "UTC"), pl.String, pl.Float64]
    assert grouped.is_empty()
    assert whole.schema == pl.Schema([("value", pl.Int64())])
    assert whole.is_empty()


def test_indicator_values_come_back_whole(store: TimeSeriesStore) -> None:
    """Subject, period and its clock, method, factors, what was missing: all that a page says beside a figure."""
    building = Subject(SubjectKind.BUILDING, "skola")
    values = [
        IndicatorValue(
            "energy", building, day(date(2025, 3, 30), STOCKHOLM), 12.5, 0.9, "energy 1", {"el": "2025"}, "electricity"
        ),
        IndicatorValue("energy", building, month(date(2025, 3, 1), "UTC+1"), 99.0, 1.0, "energy 1", {}, "electricity"),
        IndicatorValue(
            "energy",
            Subject(SubjectKind.PORTFOLIO, "borlange"),
            Period(PeriodKind.ROLLING_YEAR, START, START + timedelta(days=365), STOCKHOLM),
            Missing('Ingen avläsning sedan "mars", \\ se mätaren', "No reading\nsince March"),
            0.0,
            "energy 1",
            {"fjärrvärme": "2025:1", "el": "2024"},
        ),
    ]

    store.write_indicator_values(indicator_frame(values))
    store.write_indicator_values(indicator_frame(values))

    found = store.read(SeriesQuery(INDICATOR_VALUES))
    assert sorted(indicator_values(found), key=str) == sorted(values, key=str)
    assert sorted(found["method"].to_list()) == ["estimated", "measured", "missing"]


def test_a_figure_that_is_found_later_loses_its_reason(store: TimeSeriesStore) -> None:
    """Fields merge in InfluxDB: an old reason beside a number would be a lie."""
    subject, period = Subject(SubjectKind.BUILDING, "s"), day(date(2025, 1, 1), STOCKHOLM)
    lacking = Missing("Mätaren är tyst", "The meter is silent")

    store.write_indicator_values(indicator_frame([IndicatorValue("energy", subject, period, lacking, 0.0, "v", {})]))
    store.write_indicator_values(indicator_frame([IndicatorValue("energy", subject, period, 5.0, 1.0, "v", {})]))

    assert store.read(SeriesQuery(INDICATOR_VALUES)).select("value", "reason", "reason_en", "method").rows() == [
        (5.0, "", "", "measured")
    ]


def weather(rows: Sequence[tuple[datetime, str, str, float, str, int]]) -> pl.DataFrame:
    """Time, quantity, station, value, quality, received."""
    columns: Columns = {"time": TIME, **dict.fromkeys(WEATHER.tags, pl.String)}
    columns |= {"value": pl.Float64, "quality": pl.String, "received": pl.Int64}
    return pl.DataFrame(rows, schema=columns, orient="row")


def test_a_checked_value_replaces_a_provisional_one(store: TimeSeriesStore) -> None:
    """The same station and instant, quality and all; another station's value of the instant stays its own."""
    store.write_weather(
        weather([(START, "air_temperature", "105260", -6.4, "Y", 1), (START, "air_temperature", "105370", 1.0, "G", 1)])
    )
    store.write_weather(weather([(START, "air_temperature", "105260", -6.1, "G", 2)]))

    found = store.read(SeriesQuery(WEATHER, where={"quantity": ("air_temperature",)}))
    assert found.select("station", "value", "quality", "received").rows() == [("105260", -6.1, "G", 2), ("105370", 1.0, "G", 1)]


def test_weather_without_a_number_is_refused_by_name_and_the_rest_is_written(store: TimeSeriesStore) -> None:
    """A missing day is an absent point; it can never become a 0."""
    rows = [
        (START, "air_temperature_daily", "105260", float("nan"), "G", 1),
        (START + 24 * HOUR, "air_temperature_daily", "105260", 0.0, "G", 1),
    ]

    with pytest.raises(PointRejected) as refusal:
        store.write_weather(weather(rows))

    assert list(refusal.value.rejected) == [0]
    assert store.read(SeriesQuery(WEATHER)).select("time", "value").rows() == [(START + 24 * HOUR, 0.0)]


def test_prices_of_quarters_and_hours_stand_side_by_side(store: TimeSeriesStore) -> None:
    """How long each holds comes back with it; a price that is corrected replaces the first one, in its own area only."""
    columns: Columns = {"time": TIME, "area": pl.String, "value": pl.Float64, "minutes": pl.Int64, "received": pl.Int64}
    rows = [(START, "SE3", 0.5, 60, 1), (START + HOUR, "SE3", -0.01, 15, 1), (START, "SE4", 0.9, 60, 1)]
    store.write_prices(pl.DataFrame(rows, schema=columns, orient="row"))
    store.write_prices(pl.DataFrame([(START, "SE3", 0.6, 60, 2)], schema=columns, orient="row"))

    found = store.read(SeriesQuery(PRICES, where={"area": ("SE3",)}))
    assert found.select("time", "value", "minutes", "received").rows() == [(START, 0.6, 60, 2), (START + HOUR, -0.01, 15, 1)]


KINDS: Columns = {"int": pl.Int64, "float": pl.Float64, "str": pl.String}


def goal(**known: object) -> pl.DataFrame:
    """One point of the series of goals, of which everything is absent that is not given."""
    row: dict[str, object] = {"time": START, "goal": "halve", "level": "municipality"}
    row |= {name: 0 if kind is int else "" for name, kind in GOALS.fields.items()}
    row |= dict.fromkeys(GOALS.optional) | {"open": 1} | known
    return pl.DataFrame([row], schema_overrides={"time": TIME} | {n: KINDS[kind.__name__] for n, kind in GOALS.fields.items()})


def test_absent_numbers_stay_absent(store: TimeSeriesStore) -> None:
    """A goal without a base has no path: nothing becomes 0, and `lacks` says which numbers are absent."""
    store.write_pictures(GOALS, goal(value=12.5, unit="kWh", text="Hälften, till 2030"))

    found = store.read(SeriesQuery(GOALS)).row(0, named=True)
    assert (found["value"], found["path"], found["target_year"], found["unit"]) == (12.5, None, None, "kWh")
    assert found["lacks"] == "forecast,latest,path,probability,target,target_year"


def test_what_became_unknown_is_another_point(store: TimeSeriesStore) -> None:
    """Stores merge fields: the old number would shine through the newer point, were it the same one."""
    store.write_pictures(GOALS, goal(value=12.5, path=10.0))
    store.write_pictures(GOALS, goal(value=12.5, path=10.0, open=0))
    store.write_pictures(GOALS, goal(value=12.5))

    found = store.read(SeriesQuery(GOALS, having={"open": 1}))
    assert found.select("value", "path").rows() == [(12.5, None)]


def test_having_chooses_by_a_whole_number_or_a_text(store: TimeSeriesStore) -> None:
    """Quotes in the text are letters like any."""
    columns = {"time": TIME, **dict.fromkeys(EVENTS.tags, pl.String)}
    rows = [
        {"time": START + HOUR * at, "building": "b", "kind": "gap", "subject": f"p{at}", "value": 1.0, "end": 0, "text": text}
        | {"text_en": "", "state": state, "open": at % 2}
        for at, (text, state) in enumerate([("x", "open"), ("o'b\\\"y", "open"), ("y", "closed"), ("z", "closed")])
    ]
    store.write_pictures(EVENTS, pl.DataFrame(rows, schema_overrides=columns))

    def subjects(**having: int | str) -> list[str]:
        return store.read(SeriesQuery(EVENTS, having=having))["subject"].to_list()

    assert subjects(open=1) == ["p1", "p3"]
    assert subjects(open=1, state="closed") == ["p3"]
    assert subjects(text="o'b\\\"y") == ["p1"]
    assert subjects(state="none") == []
    count = SeriesQuery(EVENTS, having={"state": "open"}, aggregate=Aggregate.COUNT, by=("building",))
    assert store.read(count).rows() == [("b", 2)]


def test_every_series_of_the_house_can_be_read_empty(store: TimeSeriesStore) -> None:
    """A first start shows pages before anything is written."""
    for series in SERIES.values():
        assert store.read(SeriesQuery(series)).is_empty()


def test_a_large_batch_is_written_and_read_whole(store: TimeSeriesStore) -> None:
    """More than one request to write and several chunks to read: 60,000 readings of 3 meters, counted and compared."""
    readings = [reading(at / 7, meter=f"m{at % 3}", time=START + timedelta(seconds=at)) for at in range(60_000)]

    store.write_readings(readings)

    found = store.read(SeriesQuery(READINGS))
    expected = sorted((each.meter, each.time, each.value) for each in readings)
    assert found.select("meter", "time", "value").rows() == expected
    assert values_of(store, SeriesQuery(READINGS, aggregate=Aggregate.COUNT)) == [60_000]


def test_threads_may_share_a_store(store: TimeSeriesStore) -> None:
    """Intake writes while jobs and pages read."""
    failures: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for step in range(10):
                store.write_readings(
                    [reading(float(step), meter=f"m{number}", time=START + HOUR * (step * 20 + at)) for at in range(20)]
                )
                assert store.read(SeriesQuery(READINGS, where={"meter": (f"m{number}",)})).height == (step + 1) * 20
        except BaseException as error:
            failures.append(error)
            raise

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not failures
    assert values_of(store, SeriesQuery(READINGS, aggregate=Aggregate.COUNT)) == [800]


NUMBERS = st.floats(min_value=-1e6, max_value=1e6, allow_nan=False).map(lambda value: round(value, 3))
POINTS = st.lists(
    st.tuples(
        st.sampled_from(["a", "b c", "å,=\\x"]),
        st.sampled_from(["p", "q"]),
        st.integers(0, 200).map(lambda quarters: datetime(2025, 10, 25, 12, tzinfo=UTC) + timedelta(minutes=15 * quarters)),
        NUMBERS,
        st.floats(0, 1).map(lambda share: round(share, 2)),
        st.sampled_from(["measured", "interpolated", "estimated", "missing"]),
    ),
    max_size=40,
)
QUERIES = st.builds(
    lambda aggregate, every, by, zone, field, start, length, where, limit: SeriesQuery(
        INTERVALS,
        start=start,
        end=start + length if start is not None and length is not None else None,
        where=where,
        aggregate=aggregate,
        every=every if aggregate else None,
        by=by if aggregate else (),
        zone=zone,
        field=field if aggregate else None,
        limit=limit,
    ),
    aggregate=st.sampled_from([None, *Aggregate]),
    every=st.sampled_from([None, *Every]),
    by=st.sampled_from([(), ("building",), ("point", "building")]),
    zone=st.sampled_from(["UTC", "UTC+1", STOCKHOLM, "America/New_York", "Asia/Kolkata"]),
    field=st.sampled_from([None, "coverage"]),
    start=st.none() | st.integers(0, 100).map(lambda at: datetime(2025, 10, 25, 12, tzinfo=UTC) + timedelta(minutes=15 * at)),
    length=st.none() | st.integers(0, 3000).map(lambda minutes: timedelta(minutes=minutes)),
    where=st.sampled_from([{}, {"building": ("a",)}, {"building": ("å,=\\x", "b c"), "point": ("q",)}, {"point": ()}]),
    limit=st.sampled_from([None, None, None, 1, 3]),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(points=POINTS, queries=st.lists(QUERIES, min_size=8, max_size=8))
def test_the_same_question_has_the_same_answer_everywhere(
    make: Make, points: list[tuple[str, str, datetime, float, float, str]], queries: list[SeriesQuery]
) -> None:
    """Any points, any question, against the store in memory, which counts with other tools (polars, zoneinfo)."""
    store, plain = make(), MemoryStore()
    for part in (points[:20], points[20:]):
        store.write_intervals(intervals(part))
        plain.write_intervals(intervals(part))

    answers = [(query, store.read(query), plain.read(query)) for query in queries]
    store.close()

    for query, found, expected in answers:
        try:
            assert_frame_equal(found, expected, rel_tol=1e-9, abs_tol=1e-6)
        except AssertionError as error:
            error.add_note(repr(query))
            raise
