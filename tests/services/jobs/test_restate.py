"""Factors, price lists, the portfolio, our own calculations change: figures follow, say why, and are known as they were."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from config.domain.changes import Cause
from config.domain.estate import Agreed, Carrier, Installation, Owner, Portfolio
from config.domain.factors import Factor, Factors, Mark, Perspective, Purpose
from config.domain.indicators import INDICATORS
from config.domain.series import INDICATOR_VALUES, SeriesQuery
from config.domain.tariffs import Component, ComponentKind, Tariff, Tariffs
from services.figures.calculation import Limits
from services.indicators import eed, emissions, specific_energy
from services.indicators.energy import CALCULATION as ENERGY
from services.jobs.indicate import IndicateJob
from services.jobs.restate import RestateJob
from services.jobs.runner import run_each
from services.jobs.surroundings import Surroundings
from services.reports.known import known_at
from services.state.figure_history import FigureChange
from services.state.state import State
from services.store.duckdb import DuckDBStore
from tests.services.jobs.world import FixedClock, World, hourly, point, portfolio, world

START = datetime(2025, 12, 19, 23, tzinfo=UTC)  # twelve days of 2025 and January
HOURS = 24 * 43 + 2
NOW = datetime(2026, 2, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)
YEARS = 2025, 2026
CALCULATIONS = ENERGY, emissions.CALCULATION, specific_energy.CALCULATION
POINTS = (
    point(carrier=Carrier.ELECTRICITY),
    point("annan-el", "annan", tariffs=(Agreed("nät"),)),
)


def electricity(year: int, value: float, **changes: object) -> Factor:
    """A market factor of one year."""
    made = Factor(
        f"el-{year}-{value:g}", Carrier.ELECTRICITY, "", year, year, year, year, value, "g CO2/kWh", Perspective.MARKET,
        Purpose.REPORTING, ("combustion",), "Ei", Mark.VERIFIED,
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]  # any field


def factors(*values: float) -> Factors:
    """Market factors of 2025 and 2026."""
    return Factors(tuple(electricity(year, value) for year, value in zip(YEARS, values, strict=False)))


def network(price: float, since: date = date(2025, 1, 1)) -> Tariffs:
    """One price list from a day on."""
    line = Component(ComponentKind.ENERGY, price)
    return Tariffs(
        0.25, (Tariff("nät", "Nät", Carrier.ELECTRICITY, "Nätbolaget", since, None, (line,), "prislista", Mark.VERIFIED),)
    )


class Town(World):
    """A world whose configuration can be changed, as a restart with other files does."""

    factors: Factors = Factors()
    tariffs: Tariffs = Tariffs()
    limits: Limits = Limits()
    code: str = "1"

    @property
    def surroundings(self) -> Surroundings:
        return Surroundings(self.portfolio, self.store, self.factors, self.tariffs)

    def restate(self) -> RestateJob:
        return RestateJob(self.store, self.state, self.clock, self.surroundings, self.limits, CALCULATIONS, self.code)

    def indicate(self) -> IndicateJob:
        return IndicateJob(self.portfolio, self.store, self.state, self.clock, self.surroundings, self.limits, CALCULATIONS)

    def work(self) -> None:
        """Every job once, in the timetable's order."""
        run_each([self.notice(), self.restate(), self.settle(), self.indicate()], self.state.runs, self.clock)

    def figures(self) -> pl.DataFrame:
        """All, without the instant of their calculation."""
        return self.store.read(SeriesQuery(INDICATOR_VALUES)).drop("calculated")

    def dirty(self) -> dict[str, set[date]]:
        """Building → marked days."""
        days = self.state.dirty_days
        return {name: set(days.take(name).days) for name in days.pending_buildings()}

    def changes(self) -> list[FigureChange]:
        return self.state.figure_changes.since(NOW + timedelta(seconds=1), limit=100_000)


def town(folder: Path, *, arrived: bool = True) -> Town:
    installed = [Installation(item.id, f"m-{item.id}", "active_energy_import", START) for item in POINTS]
    base = world(folder, NOW, *POINTS, installations=installed, store=DuckDBStore(folder / "store.duckdb"))
    made = Town(base.portfolio, base.store, base.state, base.clock)
    made.factors, made.tariffs = factors(100.0, 100.0), network(0.5)
    if arrived:
        for item in POINTS:
            made.arrive(hourly(START, HOURS, meter=f"m-{item.id}"))
    made.work()
    made.work()  # takes note of figures and of the base year
    made.clock.at = NOW + timedelta(hours=1)
    return made


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Town]:
    one = town(tmp_path)
    yield one
    one.state.close()


def years_of(days: set[date]) -> set[int]:
    return {day.year for day in days}


def test_nothing_is_marked_where_nothing_changed(made: Town) -> None:
    """Nor by a restart, which makes the same forms anew."""
    again = Town(made.portfolio, made.store, made.state, made.clock)
    again.factors, again.tariffs = factors(100.0, 100.0), network(0.5)

    assert made.restate().pending(NOW) == []
    assert again.restate().pending(NOW) == []


def test_a_factor_of_one_year_marks_the_days_of_that_year(made: Town) -> None:
    """2026 was restated; nobody calculates 2025 again."""
    made.factors = factors(100.0, 120.0)
    run_each([made.restate()], made.state.runs, made.clock)

    assert {name: years_of(days) for name, days in made.dirty().items()} == {"skola": {2026}, "annan": {2026}}
    assert made.state.dirty_days.take("skola").reasons[date(2026, 1, 2)] == {Cause.FACTOR.value}


def test_a_new_factor_moves_the_figures_and_says_which_it_is(made: Town) -> None:
    """100 → 120 g on 48 kWh a day."""
    made.factors = factors(100.0, 120.0)
    made.work()
    moved = [item for item in made.changes() if item.cause == Cause.FACTOR and item.subject == "skola"]
    (line,) = {
        item.sentence_sv.split(", ", 3)[3] for item in moved if item.period == "month" and item.indicator == "emissions_market"
    } or {""}

    assert "ändrad faktor: utsläppsfaktor för el, marknadsbaserad, 2026: 100 g CO2/kWh → 120 g CO2/kWh (el-2026-120)" in line
    assert all("changed factor: emission factor of electricity" in item.sentence_en for item in moved)


def test_what_was_known_before_can_still_be_asked_for(made: Town) -> None:
    """An old report stays as it was."""
    span = START - timedelta(days=30), NOW, ["skola"]
    before = known_at(made.store, made.state.figure_history, NOW, *span)
    made.factors = factors(100.0, 120.0)
    made.work()

    ended = pl.col("end") <= int(NOW.timestamp() * 1000)
    then = known_at(made.store, made.state.figure_history, NOW, *span)
    now = known_at(made.store, made.state.figure_history, made.clock.at, *span)
    assert then.filter(ended).equals(before.filter(ended))
    assert not now.filter(ended).equals(before.filter(ended))


def test_a_corrected_note_moves_nothing(made: Town) -> None:
    """It is kept, and no day is marked."""
    made.factors = Factors(tuple(replace(item, note="ny not") for item in made.factors.factors))
    run_each([made.restate()], made.state.runs, made.clock)

    assert made.dirty() == {}
    assert made.restate().pending(NOW) == []


def test_a_price_list_reaches_who_is_billed_by_it_from_its_day(made: Town) -> None:
    """The school has no point under it."""
    made.tariffs = Tariffs(
        0.25,
        (
            replace(made.tariffs.tariffs[0], valid_to=date(2026, 1, 8)),
            *network(0.7, date(2026, 1, 8)).tariffs,
        ),
    )
    run_each([made.restate()], made.state.runs, made.clock)

    assert set(made.dirty()) == {"annan"}
    assert min(made.dirty()["annan"]) == date(2026, 1, 8)
    assert made.state.restatements.why("annan")[0].sentence_sv == "ändrad prislista nät från 2026-01-08"


def test_an_area_reaches_its_own_building_only(made: Town) -> None:
    """All its days: an area has no date."""
    made.portfolio = with_building(made.portfolio, "skola", area_m2=1200.0)
    run_each([made.restate()], made.state.runs, made.clock)

    assert set(made.dirty()) == {"skola"}
    assert years_of(made.dirty()["skola"]) == {2025, 2026}
    (why,) = made.state.restatements.why("skola")
    assert (why.cause, why.sentence_sv) == ("portfolio", "area 1000 → 1200")


def test_a_building_that_changes_owner_leaves_the_one_and_enters_the_other(made: Town) -> None:
    """Its own figures do not move; those of both groups do."""
    owners = {**made.portfolio.owners, "ny": Owner("ny", "Ny", "company")}
    made.portfolio = replace(with_building(made.portfolio, "annan", owner="ny"), owners=owners)
    made.work()
    rows = made.figures().filter(
        (pl.col("indicator") == "energy") & (pl.col("period") == "month") & (pl.col("subject_kind") == "owner")
    )
    january = rows.filter(pl.col("time") == datetime(2025, 12, 31, 23, tzinfo=UTC), pl.col("carrier") == "electricity")

    one = {row["subject"]: row["partial"] for row in january.iter_rows(named=True)}
    assert set(one) == {"skolnämnden", "ny"}
    assert one["skolnämnden"] == one["ny"]


def test_a_removed_building_leaves_its_figures_and_says_so(made: Town) -> None:
    """They are history; the groups go on without it."""
    before = made.figures().filter(subject="annan")
    made.portfolio = replace(portfolio(POINTS[0]), owners=made.portfolio.owners)
    made.work()

    assert made.figures().filter(subject="annan").equals(before)
    (line,) = [item for item in made.changes() if item.subject == "annan"]
    assert "annan är inte längre med i portföljen" in line.sentence_sv
    group = made.figures().filter(subject_kind="portfolio", indicator="energy", period="month", carrier="electricity")
    alone = made.figures().filter(
        subject="skola", subject_kind="building", indicator="energy", period="month", carrier="electricity"
    )
    assert group["partial"].to_list() == alone["partial"].to_list()
    made.work()
    assert made.restate().pending(NOW) == []


def test_a_building_that_comes_back_is_judged_by_what_it_was_calculated_by(made: Town) -> None:
    """A factor that changed while it was gone reaches it when it returns."""
    whole = made.portfolio
    made.portfolio = portfolio(POINTS[0])
    made.work()
    made.portfolio, made.factors = whole, factors(100.0, 120.0)
    made.work()
    made.work()
    fresh = made.figures().filter(subject="annan", indicator="emissions_market", period="month")
    school = made.figures().filter(subject="skola", subject_kind="building", indicator="emissions_market", period="month")

    assert fresh["factors"].to_list() == school["factors"].to_list()


def test_new_program_text_has_everything_calculated_again_and_nothing_moves(made: Town) -> None:
    """A version that nobody remembered to raise leaves no old figure standing."""
    before = made.store.read(SeriesQuery(INDICATOR_VALUES))
    made.code = "2"
    run_each([made.restate()], made.state.runs, made.clock)
    marked = made.dirty()
    made.work()

    assert {name: years_of(days) for name, days in marked.items()} == {"skola": {2025, 2026}, "annan": {2025, 2026}}
    ended = pl.col("end") <= int(NOW.timestamp() * 1000)
    assert made.store.read(SeriesQuery(INDICATOR_VALUES)).filter(ended).equals(before.filter(ended))
    assert made.changes() == []


def test_a_store_without_record_is_taken_note_of(tmp_path: Path) -> None:
    """Who upgrades an installation does not have years of history calculated for nothing."""
    made = town(tmp_path)
    with made.state.database.transaction() as connection:
        connection.execute("DELETE FROM calculated_by")
    run_each([made.restate()], made.state.runs, made.clock)

    assert made.dirty() == {}
    assert made.restate().pending(NOW) == []
    made.state.close()


def test_a_store_without_record_whose_figures_are_of_an_older_version_is_not(tmp_path: Path) -> None:
    """Those months are calculated by what holds now."""
    made = town(tmp_path)
    old = made.store.read(
        SeriesQuery(INDICATOR_VALUES, where={"subject": ("skola",), "period": ("month",), "indicator": ("energy",)})
    )
    january = old.filter(pl.col("time") == datetime(2025, 12, 31, 23, tzinfo=UTC))
    made.store.write_indicator_values(january.with_columns(pl.lit("energy-0").alias("calculation")))
    with made.state.database.transaction() as connection:
        connection.execute("DELETE FROM calculated_by")
    run_each([made.restate()], made.state.runs, made.clock)

    assert set(made.dirty()) == {"skola"}
    assert {(day.year, day.month) for day in made.dirty()["skola"]} == {(2026, 1)}
    made.state.close()


def test_a_process_that_is_lost_in_between_mends_at_the_next_run(tmp_path: Path) -> None:
    """Marks and record are one transaction: of two buildings one moved, the other is moved by the next process."""
    made = town(tmp_path)
    made.factors = factors(100.0, 120.0)
    job = made.restate()
    job.do(job.pending(NOW)[0])
    made.state.close()
    made.state = State.open(tmp_path / "state.sqlite")

    assert len(made.dirty()) == 1
    assert len(made.restate().pending(NOW)) == 1
    made.work()
    other = town(tmp_path_for(tmp_path))
    other.factors = factors(100.0, 120.0)
    other.work()
    assert made.figures().equals(other.figures(), null_equal=True)
    made.state.close()
    other.state.close()


def tmp_path_for(folder: Path) -> Path:
    other = folder / "other"
    other.mkdir()
    return other


def with_building(whole: Portfolio, name: str, **changes: object) -> Portfolio:
    """The portfolio with one building entered otherwise."""
    changed = replace(whole.buildings[name], **changes)  # type: ignore[arg-type]  # any field
    return replace(whole, buildings={**whole.buildings, name: changed})


def test_the_base_year_reaches_the_same_month_of_later_years(tmp_path: Path) -> None:
    """2021 came late: January 2022 has its line, and no other month is calculated again."""
    base = world(tmp_path, datetime(2022, 3, 5, tzinfo=UTC), *POINTS[:1], store=DuckDBStore(tmp_path / "store.duckdb"))
    second = datetime(2021, 12, 31, 23, tzinfo=UTC)
    first = Installation(
        "skola-el", "m-gammal", "active_energy_import", datetime(2020, 12, 31, 23, tzinfo=UTC), second - 334 * DAY
    )
    base.portfolio = portfolio(POINTS[0], installations=[first, Installation("skola-el", "m-skola-el", first.register, second)])
    around = Surroundings(base.portfolio, base.store)
    calculations = ENERGY, eed.CALCULATION

    def work() -> None:
        restate = RestateJob(base.store, base.state, base.clock, around, None, calculations, "1")
        indicate = IndicateJob(base.portfolio, base.store, base.state, base.clock, around, None, calculations)
        run_each([base.notice(), restate, base.settle(), indicate], base.state.runs, base.clock)

    def line() -> dict[int, float | None]:
        rows = base.store.read(
            SeriesQuery(INDICATOR_VALUES, where={"indicator": ("eed_line",), "period": ("month",), "subject": ("skola",)})
        )
        return {
            row["time"].year * 100 + row["time"].month: row["value"] if row["method"] != "missing" else None
            for row in rows.iter_rows(named=True)
        }

    base.arrive(hourly(datetime(2021, 12, 31, 23, tzinfo=UTC), 24 * 59 + 1))
    work()
    without = line()[202112]
    base.arrive(hourly(datetime(2020, 12, 31, 23, tzinfo=UTC), 24 * 31 + 1, lambda n: 10.0 + n, "m-gammal"))
    work()
    run_each([RestateJob(base.store, base.state, base.clock, around, None, calculations, "1")], base.state.runs, base.clock)
    marked = {(day.year, day.month) for day in base.state.dirty_days.take("skola").days}
    work()

    assert without is None
    assert line()[202112] == pytest.approx(744 * (1 - 0.019))
    assert marked == {(2021, 1), (2022, 1)}
    base.state.close()


@settings(
    max_examples=5,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_whatever_changes_the_figures_end_as_those_of_the_last_configuration(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Factors, price lists, areas, owners, limits and late readings in any order: the bits of one calculation at the end."""
    made = town(tmp_path_factory.mktemp("made"), arrived=False)
    readings = [item for one in POINTS for item in hourly(START, HOURS, meter=f"m-{one.id}")]
    cut = data.draw(st.integers(0, len(readings)), label="cut")
    pieces = [readings[:cut], readings[cut:]]
    owners = {**made.portfolio.owners, "ny": Owner("ny", "Ny", "company")}
    steps = data.draw(
        st.lists(
            st.one_of(
                st.tuples(st.just("factor"), st.sampled_from([50.0, 90.0, 120.0])),
                st.tuples(st.just("price"), st.sampled_from([0.5, 0.9])),
                st.tuples(st.just("area"), st.sampled_from([900.0, 1500.0])),
                st.tuples(st.just("owner"), st.sampled_from(["ny", "skolnämnden"])),
                st.tuples(st.just("limit"), st.sampled_from([0.9, 0.5])),
            ),
            max_size=4,
        ),
        label="steps",
    )
    whole = [*steps]
    for number, at in enumerate(sorted(data.draw(st.lists(st.integers(0, len(steps)), min_size=2, max_size=2), label="when"))):
        whole.insert(at + number, ("readings", float(number)))
    for kind, value in whole:
        if kind == "readings":
            made.arrive(pieces[int(value)])
        elif kind == "factor":
            made.factors = factors(100.0, float(value))
        elif kind == "price":
            made.tariffs = network(float(value))
        elif kind == "area":
            made.portfolio = with_building(made.portfolio, "skola", area_m2=value)
        elif kind == "owner":
            made.portfolio = replace(with_building(made.portfolio, "annan", owner=value), owners=owners)
        else:
            made.limits = Limits(coverage=float(value))
        made.clock.at += timedelta(minutes=1)
        made.work()
    folder = tmp_path_factory.mktemp("once")
    once = Town(
        made.portfolio, DuckDBStore(folder / "store.duckdb"), State.open(folder / "state.sqlite"), FixedClock(made.clock.at)
    )
    once.factors, once.tariffs, once.limits = made.factors, made.tariffs, made.limits
    once.arrive(readings)
    once.work()
    known, fresh = made.figures(), once.figures()
    gone = pl.col("reason").str.starts_with("Beräknas inte längre")  # a group that was, and is no more

    assert known.filter(~gone).equals(fresh, null_equal=True)
    made.state.close()
    once.state.close()


def test_every_indicator_that_restates_is_published() -> None:
    """Else the log would be silent on it."""
    assert {name for item in CALCULATIONS for name in item.indicators} <= INDICATORS.keys()
