"""What changed a year's figures, of the portfolio down to the building."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from config.domain.estate import Building, Carrier, Installation, Meter, MeteringPoint, Owner, Portfolio, Register
from config.domain.estate import Direction as Way
from config.domain.indicators import IndicatorValue, Missing, Subject, SubjectKind
from config.domain.periods import Period, PeriodKind, month, year
from config.domain.series import CHANGE_PARTS, SeriesQuery
from services.analysis.comparable import is_comparable
from services.jobs.pictures.change_part_words import year_words
from services.jobs.pictures.change_parts import ChangePartsJob
from services.state.state import State
from services.store.figures import indicator_frame
from tests.doubles.memory_store import MemoryStore
from tests.services.jobs.world import FixedClock

ZONE = "Europe/Stockholm"
NOW = datetime(2026, 2, 10, 9, tzinfo=UTC)
LONG_AGO = datetime(2015, 1, 1, tzinfo=UTC)
BEFORE, YEAR = year(2024, ZONE), year(2025, ZONE)
NBSP = "\N{NO-BREAK SPACE}"
HEAT = Carrier.DISTRICT_HEATING


def town(came: datetime = LONG_AGO) -> Portfolio:
    """Two schools and a plant of one committee; the second school is measured since `came`."""
    owner = Owner("skolnamnden", "Skolnämnden", "committee")
    buildings = [
        Building("asken", "Asken", "school", owner.id, 1000.0),
        Building("bjorken", "Björken", "school", owner.id, 1000.0),
        Building("verket", "Verket", "waterworks", owner.id, None),
    ]
    points = [
        MeteringPoint(f"{carrier.value}-{name}", "", name, carrier, Way.IMPORT, 0.01)
        for name, carriers in (("asken", (HEAT, Carrier.ELECTRICITY)), ("bjorken", (HEAT,)), ("verket", (Carrier.ELECTRICITY,)))
        for carrier in carriers
    ]
    installed = tuple(
        Installation(item.id, f"m-{item.id}", "energy", came if item.building == "bjorken" else LONG_AGO) for item in points
    )
    meters = {item.meter: Meter(item.meter, "test", item.meter, (Register("heat_energy"),)) for item in installed}
    return Portfolio(
        "Provköping", ZONE, {owner.id: owner}, {item.id: item for item in buildings}, {item.id: item for item in points},
        meters, installed,
    )  # fmt: skip


def figure(
    indicator: str,
    building: str,
    period: Period,
    value: float | Missing,
    carrier: str = "",
    kind: SubjectKind = SubjectKind.BUILDING,
    coverage: float = 1.0,
    half_width: float = 0.0,
) -> IndicatorValue:
    return IndicatorValue(indicator, Subject(kind, building), period, value, coverage, "test-1", {}, carrier, half_width)


def school(
    name: str, period: Period, heat: float, corrected: float, electricity: float = 0.0, factor: float = 0.06
) -> list[IndicatorValue]:
    """A school's published year: electricity at 0.03 kg/kWh, heat at `factor`."""
    carriers = {HEAT.value: (heat, factor), "electricity": (electricity, 0.03)}
    rows = [
        figure("energy_total", name, period, heat + electricity),
        figure("heated_building_energy", name, period, heat + electricity),
        figure("heated_building_energy", name, period, heat, HEAT.value),
        figure("corrected_energy", name, period, corrected + electricity),
        figure("corrected_energy", name, period, corrected, HEAT.value),
        figure("emissions_location", name, period, sum(kwh * rate for kwh, rate in carriers.values())),
    ]
    for carrier, (kwh, rate) in carriers.items():
        if kwh:
            rows += [
                figure("energy_bought", name, period, kwh, carrier),
                figure("emissions_location", name, period, kwh * rate, carrier),
            ]
    return rows


def plant(period: Period, kwh: float) -> list[IndicatorValue]:
    """Its energy is not weather-corrected."""
    return [figure("energy_total", "verket", period, kwh)]


def sums(period: Period, energy: float | Missing, emissions: float | Missing = 0.0) -> list[IndicatorValue]:
    """The portfolio's own figures."""
    of = SubjectKind.PORTFOLIO
    return [
        figure("energy_total", "portfolio", period, energy, kind=of, coverage=0.98),
        figure("emissions_location", "portfolio", period, emissions, kind=of),
    ]


class Desk:
    def __init__(self, folder: Path, portfolio: Portfolio | None = None) -> None:
        self.store, self.clock = MemoryStore(), FixedClock(NOW)
        self.state = State.open(folder / "state.sqlite")
        self.job = ChangePartsJob(portfolio or town(), self.store, self.state.watermarks, self.clock)

    def publish(self, *figures: list[IndicatorValue], at: datetime = NOW) -> None:
        self.store.write_indicator_values(indicator_frame([item for some in figures for item in some], at))

    def work(self) -> list[str]:
        tasks = list(self.job.pending(self.clock.now()))
        for task in tasks:
            self.job.do(task)
        return [str(task) for task in tasks]

    def parts(self, subject: str = "portfolio", measure: str = "energy", period: str = "year") -> dict[str, dict[str, Any]]:
        """Part → its open point of the newest year."""
        where = {"subject": (subject,), "measure": (measure,), "period": (period,)}
        frame = self.store.read(SeriesQuery(CHANGE_PARTS, where=where, having={"open": 1})).sort("time")
        return {row["part"]: row for row in frame.iter_rows(named=True)}

    def values(self, subject: str = "portfolio", measure: str = "energy") -> dict[str, float | None]:
        return {part: row["value"] for part, row in self.parts(subject, measure).items()}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """100 + 20 MWh, in a cold year 110 + 18; the other school 50 and 48, the plant 30 and 33."""
    made = Desk(tmp_path)
    made.publish(
        school("asken", BEFORE, 100_000.0, 102_000.0, 20_000.0), school("asken", YEAR, 110_000.0, 105_000.0, 18_000.0, 0.05),
        school("bjorken", BEFORE, 50_000.0, 51_000.0), school("bjorken", YEAR, 48_000.0, 46_000.0, factor=0.05),
        plant(BEFORE, 30_000.0), plant(YEAR, 33_000.0),
        sums(BEFORE, 200_000.0, 9_600.0), sums(YEAR, 209_000.0, 8_440.0),
    )  # fmt: skip
    return made


def test_the_portfolios_change_is_divided(desk: Desk) -> None:
    """Weather: (5 + 2) - (-2 - 1) = 10 MWh more; the whole is 9 more, so 1 was saved; areas have no dates."""
    desk.work()

    assert desk.values() == {
        "total": 9_000.0, "weather": 10_000.0, "portfolio": 0.0, "area": None, "real": -1_000.0, "unexplained": 0.0,
    }  # fmt: skip
    assert desk.parts()["weather"]["share"] == pytest.approx(0.05)
    assert desk.parts()["total"]["coverage"] == 0.98


def test_emissions_have_factors_too(desk: Desk) -> None:
    """Heat went from 0.06 to 0.05: (110 + 48) MWh · 0.01 = 1 580 kg less; weather is 10 MWh at 0.06."""
    desk.work()
    found = desk.values(measure="emissions")

    assert found["total"] == -1_160.0
    assert [found[part] for part in ("factors", "weather", "real")] == pytest.approx([-1_580.0, 600.0, -180.0], abs=0.01)
    assert found["unexplained"] == pytest.approx(0.0, abs=0.01)


def test_the_parts_are_told_in_words(desk: Desk) -> None:
    """Swedish and English; the whole is not all measured, so it is about."""
    desk.work()
    told = desk.parts()

    assert told["total"]["sentence"] == f"2025 mot 2024: ungefär 9000 kWh mer (+4,5{NBSP}%).".replace("9000", f"9{NBSP}000")
    assert told["weather"]["sentence"] == "Vädret: ungefär 10,0 MWh mer, eftersom det krävde mer värme än året före."
    assert told["portfolio"]["sentence"] == "Inga byggnader har kommit till eller lämnat."
    assert (
        told["real"]["sentence"] == f"Verklig förändring i 3 jämförbara byggnader: ungefär 1{NBSP}000 kWh mindre (−0,5{NBSP}%)."
    )
    assert told["area"]["sentence"].startswith("Ändrad area kan inte bedömas: portföljen har en area per byggnad, utan datum.")
    assert told["real"]["sentence_en"] == f"Real change in 3 comparable buildings: about 1,000 kWh less (-0.5{NBSP}%)."


def test_a_school_that_came_is_no_waste(tmp_path: Path) -> None:
    """Measured since July: all of its difference, with its name."""
    desk = Desk(tmp_path, town(came=datetime(2025, 7, 1, tzinfo=UTC)))
    half = Missing("Mätaren fanns inte hela året.", "The meter was not there all year.")
    desk.publish(
        school("asken", BEFORE, 100_000.0, 100_000.0), school("asken", YEAR, 95_000.0, 95_000.0),
        sums(BEFORE, 100_000.0), sums(YEAR, 120_000.0),
    )  # fmt: skip
    frame = indicator_frame([figure("energy_total", "bjorken", YEAR, half, coverage=0.5)], NOW)
    desk.store.write_indicator_values(frame.with_columns(partial=25_000.0))
    desk.work()
    found = desk.parts()

    assert (found["portfolio"]["value"], found["real"]["value"], found["total"]["value"]) == (25_000.0, -5_000.0, 20_000.0)
    assert found["portfolio"]["sentence"] == (
        "1 byggnad har kommit till eller lämnat, eller mäts på annat sätt (Björken): 25,0 MWh mer."
    )


def test_without_a_normal_year_nothing_is_said_of_the_weather(desk: Desk) -> None:
    """The building's whole change stands apart, with the reason; the others are divided."""
    lacks = Missing("Normalåret saknas: hämta arkivet.", "No normal year: fetch the archive.")
    desk.publish([figure("corrected_energy", "bjorken", YEAR, lacks)])
    desk.work()
    found = desk.parts()

    assert (found["unexplained"]["value"], found["weather"]["value"]) == (-2_000.0, 7_000.0)
    assert found["unexplained"]["sentence"] == (
        f"Kan inte delas upp: 2{NBSP}000 kWh mindre i 1 byggnad (Björken). Normalåret saknas: hämta arkivet."
    )


def test_a_missing_sum_cannot_be_judged(desk: Desk) -> None:
    """No part is told of a whole that nobody knows, and the reason is the figure's own."""
    desk.publish(sums(BEFORE, Missing("Täckningen är 71 %.", "Coverage is 71 %.")))
    desk.work()
    found = desk.parts()

    assert list(found) == ["total"]
    assert (found["total"]["value"], found["total"]["lacks"]) == (None, "share,value")
    assert found["total"]["sentence"] == "2025 mot 2024 kan inte bedömas: siffran för året före saknas. Täckningen är 71 %."


def test_a_small_change_within_a_large_uncertainty_is_not_judged(desk: Desk) -> None:
    """1 MWh less, ±5 MWh."""
    desk.publish(
        [figure("corrected_energy", "asken", BEFORE, 122_000.0, half_width=3_000.0)],
        [figure("corrected_energy", "asken", YEAR, 123_000.0, half_width=4_000.0)],
    )
    desk.work()

    assert desk.parts()["real"]["sentence"].endswith(
        f"Osäkerheten är större (±{NBSP}5{NBSP}000 kWh): om något verkligen ändrats kan inte bedömas."
    )


def test_a_year_before_anything_was_measured_is_not_told(desk: Desk) -> None:
    """Of 2024 against 2023 it is said that it cannot be judged; of the years before nothing at all."""
    desk.publish(
        sums(year(2022, ZONE), Missing("Ingen mätare.", "No meter.")), sums(year(2023, ZONE), Missing("Ingen.", "None."))
    )
    desk.work()
    frame = desk.store.read(
        SeriesQuery(CHANGE_PARTS, where={"subject": ("portfolio",), "part": ("total",), "measure": ("energy",)})
    )

    assert [row["time"] for row in frame.sort("time").iter_rows(named=True)] == [BEFORE.start, YEAR.start]


def test_a_building_has_parts_of_its_own(desk: Desk) -> None:
    """Heat 110 less 100 of which the weather 7, electricity 2 less."""
    desk.work()

    assert desk.values("asken") == {
        "total": 8_000.0, "weather": 7_000.0, "portfolio": 0.0, "area": None, "real": 1_000.0, "unexplained": 0.0,
    }  # fmt: skip


def test_what_did_not_change_is_not_drawn_again(desk: Desk) -> None:
    """Nothing pending after the work; a restated figure brings its year and the one after it back."""
    assert desk.work() == ["2025", "2024"]
    assert desk.work() == []
    desk.publish(school("asken", YEAR, 111_000.0, 105_000.0), at=NOW + timedelta(hours=1))
    assert desk.work() == ["2025"]


def test_doing_a_year_twice_writes_nothing_more(desk: Desk) -> None:
    """All of it is there already."""
    (task, _) = desk.job.pending(NOW)
    desk.job.do(task)
    writes = desk.store.writes
    desk.job.do(task)

    assert desk.store.writes == writes


def test_only_the_last_rolling_year_is_open(tmp_path: Path) -> None:
    """In February the one that ends with January; in March it gives way."""
    desk = Desk(tmp_path)
    for first in (date(2024, 2, 1), date(2025, 2, 1), date(2024, 3, 1), date(2025, 3, 1)):
        end = month(first.replace(year=first.year + 1), ZONE).start
        period = Period(PeriodKind.ROLLING_YEAR, month(first, ZONE).start, end, ZONE)
        desk.publish(school("asken", period, 100_000.0, 100_000.0), sums(period, 100_000.0))
    desk.work()
    february = desk.parts(period="rolling_year")["total"]
    desk.clock.at = datetime(2026, 3, 10, 9, tzinfo=UTC)
    desk.work()
    frame = desk.store.read(
        SeriesQuery(CHANGE_PARTS, where={"part": ("total",), "subject": ("portfolio",), "measure": ("energy",)})
    )

    assert february["sentence"] == "Tolv månader till och med januari 2026 mot de tolv före: ungefär lika mycket."
    assert [(row["time"], row["open"]) for row in frame.sort("time").iter_rows(named=True)] == [
        (month(date(2025, 2, 1), ZONE).start, 0),
        (month(date(2025, 3, 1), ZONE).start, 1),
    ]


START, END = BEFORE.start, YEAR.end
LATER = YEAR.start + timedelta(days=3)


@pytest.mark.parametrize(
    ("meters", "comparable"),
    [
        pytest.param([("a", LONG_AGO, None)], True, id="always"),
        pytest.param([("a", LONG_AGO, YEAR.start), ("a", YEAR.start, None)], True, id="exchanged"),
        pytest.param([("a", LONG_AGO, YEAR.start), ("b", LATER, None)], True, id="another point instead"),
        pytest.param([("a", LONG_AGO, YEAR.start), ("a", YEAR.start + timedelta(days=60), None)], False, id="two months without"),
        pytest.param([("a", LONG_AGO, None), ("b", YEAR.start, None)], False, id="another point besides"),
        pytest.param([("a", YEAR.start, None)], False, id="came"),
        pytest.param([("a", LONG_AGO, YEAR.start)], False, id="left"),
        pytest.param([("a", LONG_AGO, YEAR.start), ("b", LONG_AGO, YEAR.start)], False, id="two that left"),
        pytest.param([], False, id="never measured"),
    ],
)  # fmt: skip
def test_a_building_is_comparable_while_the_same_of_it_is_measured(
    meters: list[tuple[str, datetime, datetime | None]], comparable: bool
) -> None:
    """From the beginning of the year before to the end of the year."""
    points = {name: MeteringPoint(name, "", "hus", HEAT, Way.IMPORT, 0.01) for name in ("a", "b")}
    installed = tuple(Installation(name, f"m{place}", "energy", since, to) for place, (name, since, to) in enumerate(meters))
    portfolio = Portfolio("Provköping", ZONE, {}, {"hus": Building("hus", "Hus", "school", "x", 1.0)}, points, {}, installed)

    assert is_comparable(portfolio, points.values(), START, END) is comparable


def test_years_are_named_against_the_year_before() -> None:
    """A calendar year by its number, a rolling one by its last month."""
    rolling = Period(PeriodKind.ROLLING_YEAR, month(date(2025, 11, 1), ZONE).start, month(date(2026, 10, 1), ZONE).end, ZONE)

    assert year_words(YEAR) == ("2025 mot 2024", "2025 against 2024")
    assert year_words(rolling)[0] == "Tolv månader till och med oktober 2026 mot de tolv före"
