"""Late readings: what they touch is calculated again, nothing else; what moved is said; what was known before stays known."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from config.domain.readings import Reading
from config.domain.series import INDICATOR_VALUES, INTERVALS, SeriesQuery
from services.reports.known import known_at
from services.store.duckdb import DuckDBStore
from tests.services.jobs.world import HOUR, World, hourly, point, world

JANUARY = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=23)
NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
HOURS = 24 * 40
GONE = range(24 * 10, 24 * 13)  # three days of readings that come late, and the edges that they share


def everything(made: World) -> tuple[pl.DataFrame, pl.DataFrame]:
    """All hours and figures, without the instant of their calculation."""
    hours = made.store.read(SeriesQuery(INTERVALS))
    return hours, made.store.read(SeriesQuery(INDICATOR_VALUES)).drop("calculated")


def of_two_points() -> list[Reading]:
    return hourly(JANUARY, HOURS) + hourly(JANUARY, HOURS, lambda n: 50.0 + 0.37 * n + (n % 7) * 0.05, "m-skola-värme")


POINTS = point(), point("skola-värme")


def on_disk(folder: Path) -> World:
    return world(folder, NOW, *POINTS, store=DuckDBStore(folder / "store.duckdb"))


@settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_whatever_the_order_of_arrival_the_bits_are_those_of_everything_at_once(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Batches of readings in any order, the jobs run after each: the hours and figures of one calculation of everything."""
    readings = of_two_points()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(readings)), min_size=1, max_size=4), label="cuts"))
    pieces = [readings[start:end] for start, end in zip([0, *cuts], [*cuts, len(readings)], strict=True)]
    order = data.draw(st.permutations(range(len(pieces))), label="order")
    at_once = on_disk(tmp_path_factory.mktemp("once"))
    at_once.arrive(readings)
    at_once.work()
    late = on_disk(tmp_path_factory.mktemp("late"))
    for number in order:
        late.arrive(pieces[number])
        late.work()

    for one, other in zip(everything(at_once), everything(late), strict=True):
        assert one.equals(other, null_equal=True)


def interrupted(folder: Path) -> tuple[World, list[Reading]]:
    """A month without three of its days, calculated; and the readings that are still to come."""
    made = world(folder, NOW, store=DuckDBStore(folder / "store.duckdb"))
    readings = hourly(JANUARY, HOURS, lambda n: 1000.0 + 2.0 * n)
    made.arrive([item for n, item in enumerate(readings) if n not in GONE])
    made.work()
    return made, [item for n, item in enumerate(readings) if n in GONE]


def test_three_days_that_come_late_move_their_days_and_say_so(tmp_path: Path) -> None:
    """The day figures become measured. The month's energy was known from the register all the time, and does not move."""
    made, missing = interrupted(tmp_path)
    before = made.store.read(SeriesQuery(INDICATOR_VALUES, where={"indicator": ("energy",), "period": ("day",)}))
    made.clock.at = NOW + HOUR
    made.arrive(missing)
    made.work()
    after = made.store.read(SeriesQuery(INDICATOR_VALUES, where={"indicator": ("energy",), "period": ("day",)}))

    moved = before.join(after, on=("time", "subject", "subject_kind", "carrier"), suffix="_after").filter(
        pl.col("method") != pl.col("method_after")
    )
    days = moved.filter(subject_kind="building")["time"].dt.date().unique().sort().to_list()
    assert [str(day) for day in days] == ["2026-01-10", "2026-01-11", "2026-01-12", "2026-01-13"]
    assert moved["method_after"].unique().to_list() == ["measured"]


def test_the_change_log_says_what_moved_and_why(tmp_path: Path) -> None:
    """A month that lacked its end, of a meter that began on the 2nd: days came in late, and January got its figure."""
    made = world(tmp_path, NOW, store=DuckDBStore(tmp_path / "store.duckdb"))
    readings = hourly(JANUARY, 24 * 31 + 2)
    made.arrive(readings[: 24 * 26])
    made.work()
    made.clock.at = NOW + HOUR
    made.arrive(readings[24 * 26 :])
    made.work()
    changes = [item for item in made.state.figure_changes.since(NOW) if item.period == "month" and item.subject == "skola"]
    (change,) = [item for item in changes if item.indicator == "energy"]

    assert (change.old, change.new, change.cause) == (None, 2.0 * 720, "late")
    assert change.sentence_sv.startswith("Januari 2026, skola, energianvändning: saknas → 1\N{NO-BREAK SPACE}440 kWh")
    assert change.sentence_sv.endswith("dygn kom in sent")


@pytest.mark.parametrize(("after", "listed"), [(timedelta(hours=5), False), (timedelta(hours=7), True)])
def test_the_last_readings_of_a_day_are_no_news_in_the_night(tmp_path: Path, after: timedelta, *, listed: bool) -> None:
    """They come after midnight of any meter; at six the day is taken for known, and what moves it then is said."""
    midnight = datetime(2026, 2, 1, 23, tzinfo=UTC)
    made = world(tmp_path, midnight + timedelta(minutes=16))
    readings = hourly(midnight - timedelta(days=3), 24 * 3 + 12)
    made.arrive(readings[: 24 * 3 - 12])
    made.work()
    made.clock.at = midnight + after
    made.arrive(readings[24 * 3 - 12 : 24 * 3 + 5])
    made.work()
    days = [item for item in made.state.figure_changes.since(midnight) if item.period == "day" and item.indicator == "energy"]

    assert made.energy("day")[midnight - timedelta(days=1)] == (pytest.approx(48.0), 1.0)
    assert {(item.subject, item.cause) for item in days if item.end == midnight and item.subject_kind == "building"} == (
        {("skola", "late")} if listed else set()
    )


def test_a_figure_can_be_asked_for_as_it_was_known(tmp_path: Path) -> None:
    """Before the late days came, a day had a figure that was shared out; it is still there for who asks for that instant."""
    made, missing = interrupted(tmp_path)
    start, end = JANUARY, NOW
    before = known_at(made.store, made.state.figure_history, NOW, start, end, ["skola"])
    made.clock.at = NOW + timedelta(days=1)
    made.arrive(missing)
    made.work()
    now = known_at(made.store, made.state.figure_history, made.clock.at, start, end, ["skola"])
    then = known_at(made.store, made.state.figure_history, NOW, start, end, ["skola"])
    ended = pl.col("end") <= int(NOW.timestamp() * 1000)

    assert not now.filter(ended).equals(before.filter(ended))
    assert then.filter(ended).equals(before.filter(ended))
    assert known_at(made.store, made.state.figure_history, JANUARY, start, end, ["skola"]).is_empty()


def test_running_the_jobs_again_changes_and_keeps_nothing(tmp_path: Path) -> None:
    """Nothing dirty, nothing done; and what is marked without cause is calculated to the same bits and not written."""
    made, _ = interrupted(tmp_path)
    first = made.store.read(SeriesQuery(INDICATOR_VALUES))
    made.clock.at = NOW + timedelta(minutes=1)
    made.state.dirty_days.mark("skola", [JANUARY.date() + timedelta(days=5)])
    made.work()

    second = made.store.read(SeriesQuery(INDICATOR_VALUES))
    assert second.join(first, on=second.columns, how="anti", nulls_equal=True).is_empty()
    assert made.state.figure_changes.since(JANUARY) == []


def test_groups_follow_their_buildings(tmp_path: Path) -> None:
    """The committee and the whole portfolio have the sum of both buildings, after the late days too."""
    made = world(tmp_path, NOW, point(), point("annan-el", "annan"), store=DuckDBStore(tmp_path / "store.duckdb"))
    for meter in ("m-skola-el", "m-annan-el"):
        made.arrive(hourly(JANUARY, 24 * 31 + 2, meter=meter))
    made.work()
    rows = made.store.read(SeriesQuery(INDICATOR_VALUES, where={"indicator": ("energy",), "period": ("month",)}))
    january = rows.filter((pl.col("time") == datetime(2025, 12, 31, 23, tzinfo=UTC)) & (pl.col("carrier") == "electricity"))
    sums = {(row["subject_kind"], row["subject"]): row["value"] for row in january.iter_rows(named=True)}

    assert sums == {
        ("point", "skola-el"): 1440.0,
        ("point", "annan-el"): 1440.0,
        ("building", "skola"): 1440.0,
        ("building", "annan"): 1440.0,
        ("owner", "skolnämnden"): 2880.0,
        ("building_kind", "school"): 2880.0,
        ("portfolio", "portfolio"): 2880.0,
    }


def test_a_long_history_is_no_news_when_it_comes_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two years are calculated for the first time, a few months at a time: nothing moved, and nothing is kept as if it had."""
    start = datetime(2025, 1, 1, tzinfo=UTC)
    whole, pieces = (world(tmp_path / name, start + timedelta(days=600)) for name in ("1", "2"))
    for made in (whole, pieces):
        made.arrive(hourly(start, 600 * 24))
    whole.work()
    monkeypatch.setattr("services.jobs.indicate.MOST_BUILDING_MONTHS", 5)
    pieces.work()

    assert whole.store.points["indicators"] == pieces.store.points["indicators"]
    assert pieces.state.figure_changes.since(start) == []
    for made in (whole, pieces):
        made.state.close()
