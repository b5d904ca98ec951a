"""The trend report of five years of three buildings (`board_years`), read as a board reads it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from config.domain.assessments import GoalRecord, GoalValue
from config.domain.deviations import Saving
from config.domain.factors import Mark
from config.domain.figure_names import named_period
from config.domain.goals import Better, Goal, Goals, Level, MeasuredBy
from config.domain.goals import Path as Way
from config.domain.indicators import IndicatorValue, Missing
from config.domain.periods import Period
from config.domain.series import SeriesQuery
from services.reports.contents.material import percent_change
from services.reports.contents.trend import trend
from services.reports.contents.trend_forecast import YearEnd, year_end_sentence
from services.reports.contents.trend_goal_figures import judged_goals
from services.reports.contents.trend_goals import goal_sentence, verdict_sentence
from services.reports.contents.trend_scope import TrendScope
from services.reports.printing import printed, sentence_text
from services.reports.report import Publication, Report, ReportedFigure, Words
from services.reports.wording import NBSP, Language
from services.state.state import State
from tests.doubles.memory_store import MemoryStore
from tests.services.reports.board_years import (
    COMMITTEE,
    KNOWN,
    WHOLE,
    ZONE,
    BoardYears,
    board_years,
    figures,
    tell_of_waste,
    town,
)

INTERIM, ANNUAL = named_period("2025-08-ytd", ZONE), named_period("2024", ZONE)
HOLE = Missing(
    "Bara 71 % av periodens timmar är kända, gränsen är 90 %: läs in det som fattas.",
    "Only 71 % of the period's hours are known, the limit is 90 %: import what lacks.",
)


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> BoardYears:
    return board_years(tmp_path_factory.mktemp("board"))


@pytest.fixture(scope="module")
def interim(board: BoardYears) -> Report:
    return trend(board.material(), WHOLE, INTERIM)


@pytest.fixture(scope="module")
def annual(board: BoardYears) -> Report:
    return trend(board.material(), WHOLE, ANNUAL)


def page(report: Report, language: Language = "sv") -> list[str]:
    return [sentence_text(each, language).replace(NBSP, " ") for each in report.sentences]


def said(report: Report, section: str, language: Language = "sv") -> list[str]:
    found = next(each for each in report.sections if each.key == section)
    return [sentence_text(each, language).replace(NBSP, " ") for each in found.sentences]


def value(report: Report, address: str) -> float | None:
    return figure(report, address).known


def figure(report: Report, address: str) -> ReportedFigure:
    return dict(report.figures())[address]


# the first page


def test_the_interim_page_answers_goals_why_cost_year_end_and_what_to_decide(interim: Report) -> None:
    """313 of 331 MWh; the hall that was bought made 259 of the 245 MWh more; the schools use 264.6 of 282 in normal "
    "weather."""
    assert page(interim) == [
        "Av tre mål som har siffror är inget på väg; ett ligger efter och två kan inte bedömas. Ett av dem är en egen "
        "jämförelse, inte beslutad.",
        "Av de beslutade målen ligger det sämst till för ”20 % mindre energi per area 2030”: sannolikheten att ligga på "
        "vägen vid slutet av 2025 är 5,1 %; det senaste värdet, 88,2 kWh/m² för tolv månader till 2025-08-31, är sämre än "
        "vägens 86,3 kWh/m².",
        "12 mån t.o.m. augusti 2025 mot de tolv före: 245 MWh mer energi. Byggnader som kommit eller lämnat gav ungefär 259 "
        "MWh mer, verklig förändring ungefär 17,4 MWh mindre och vädret ungefär 3,30 MWh mer.",
        "De två byggnader som går att jämföra använde i normalt väder 265 MWh (12 mån t.o.m. augusti 2025), 6,2 % mindre än "
        "de tolv månaderna före.",
        "Energin kostade 313 tkr utan moms januari–augusti 2025, 5,3 % mindre än samma månader året före.",
        "Med normalt väder resten av året väntas 2025 sluta på ungefär 529 MWh (mellan 513 MWh och 545 MWh), ungefär som "
        "2024: skillnaden ryms i prognosens osäkerhet.",
        "Att besluta: hur ”20 % mindre energi per area 2030” ska nås (nu 88,2 kWh/m², målet 75,2 kWh/m² 2030); att den "
        "dyraste avvikelsen som ingen har tagit itu med åtgärdas (Linden: nattanvändning, el); vem som för in det som "
        "saknas för de beslutade mål som inte kan bedömas.",
    ]


def test_the_same_page_in_english(interim: Report) -> None:
    """Sentence by sentence."""
    assert page(interim, "en") == [
        "Of three goals with figures none is on track; one is behind and two cannot be judged. One of them is our own "
        "yardstick, not decided.",
        "The decided goal that fares worst is “20 % less energy per area by 2030”: the probability of lying on the path at "
        "the end of 2025 is 5.1 %; the latest value, 88.2 kWh/m² of twelve months to 2025-08-31, is worse than the 86.3 "
        "kWh/m² of the path.",
        "12 months to August 2025 against the twelve before: 245 MWh more energy. Buildings that came or left made about "
        "259 MWh more, real change about 17.4 MWh less and the weather about 3.30 MWh more.",
        "In normal weather the two buildings that can be compared used 265 MWh (12 months to August 2025), 6.2 % less than "
        "the twelve before.",
        "The energy cost 313 tkr without VAT in January–August 2025, 5.3 % less than the same months before.",
        "With normal weather for the rest of the year 2025 is expected to end at about 529 MWh (between 513 MWh and 545 "
        "MWh), about as 2024: the difference lies within the forecast's uncertainty.",
        "To decide: how “20 % less energy per area by 2030” is to be reached (now 88.2 kWh/m², target 75.2 kWh/m² in 2030); "
        "that the dearest deviation nobody has acted on is dealt with (Linden: use at night, electricity); who enters what "
        "is missing of the decided goals that cannot be judged.",
    ]


def test_the_annual_page_judges_the_year_and_looks_back_on_its_forecast(annual: Report) -> None:
    """535.8 MWh of 2024 beside 282 of 2023: the hall came, and the year was mild (564 in normal weather)."""
    lines = page(annual)

    assert annual.variant == Words("årsbokslut", "annual accounts")
    assert lines[1] == (
        "Av de beslutade målen ligger det sämst till för ”20 % mindre energi per area 2030”: det senaste värdet, 94,0 "
        "kWh/m² för tolv månader till 2024-12-31, är sämre än vägens 87,7 kWh/m²."
    )
    assert lines[2] == (
        "2024 mot 2023: 254 MWh mer energi. Byggnader som kommit eller lämnat gav ungefär 268 MWh mer och vädret ungefär "
        "14,1 MWh mindre."
    )
    assert lines[3] == (
        "De två byggnader som går att jämföra använde i normalt väder 282 MWh (2024), ungefär lika mycket som året före."
    )
    assert lines[5].startswith("Efter augusti 2024 hade prognosen varit ungefär 547 MWh (mellan ")
    assert lines[5].endswith("; utfallet blev 536 MWh, innanför intervallet.")


def test_an_owner_is_told_of_its_own_buildings_and_goals(board: BoardYears) -> None:
    """No goal is the committee's, and no cost of it is published."""
    lines = page(trend(board.material(), COMMITTEE, INTERIM))

    assert lines[0] == "Om målen nås kan inte bedömas: inget mål är infört som gäller Skolnämnden."
    assert lines[1] == (
        "12 mån t.o.m. augusti 2025 mot de tolv före: 14,1 MWh mindre energi. Verklig förändring gav ungefär 17,4 MWh "
        "mindre och vädret ungefär 3,30 MWh mer."
    )
    assert lines[2] == "Kostnaden januari–augusti 2025 kan inte anges: ingen siffra finns för perioden."
    assert lines[-1] == (
        "Att besluta: att den dyraste avvikelsen som ingen har tagit itu med åtgärdas (Linden: nattanvändning, el)."
    )


# the tables


def test_the_same_buildings_stand_beside_the_whole_stock(interim: Report) -> None:
    """Asken and Linden: 3 · (36 + 0.9 · 58) = 264.6 MWh by 3 000 m²; the stock with the hall is twice that by 6 000."""
    assert value(interim, "years/2025-08-r12/corrected") == pytest.approx(529.2)
    assert value(interim, "same_buildings/2025-08-r12/corrected") == pytest.approx(264.6)
    assert value(interim, "same_buildings/2025-08-r12/corrected_specific") == pytest.approx(88.2)
    assert value(interim, "same_buildings/2021/use") == pytest.approx(282.0)
    assert value(interim, "changes/2025-08-r12/corrected_same") == pytest.approx(100 * (264.6 / 282 - 1))
    assert value(interim, "changes/2024/metered_same") == pytest.approx(-5.0)
    assert value(interim, "changes/2024/count") == 2
    left = next(table for table in interim.tables() if table.key == "left_out")
    assert [row.label.sv for row in left.rows] == ["Hallen"]


def test_the_year_end_is_what_is_used_and_last_years_months_in_normal_weather(interim: Report) -> None:
    """6 · 58 · 0.9 = 313.2 and 6 · 36 = 216."""
    assert value(interim, "year_end/so_far/value") == pytest.approx(313.2)
    assert value(interim, "year_end/rest/value") == pytest.approx(216.0)
    total = figure(interim, "year_end/total/value")
    assert total.known == pytest.approx(529.2)
    assert total.method == "year-end-1"
    assert total.margin == pytest.approx(value(interim, "year_end/rest/half") or 0.0)
    assert value(interim, "year_end/before/value") == pytest.approx(535.8)


def test_a_reported_goal_stands_apart_with_source_and_date(interim: Report) -> None:
    """Recycling is not ours to meter."""
    table = next(table for table in interim.tables() if table.key == "reported_place")

    assert [row.label.sv for row in table.rows] == ["Hälften återvinns 2030"]
    assert table.rows[0].cells[1:3] == (
        date(2024, 12, 31),
        Words("Kolada U07414 (sedd i andra hand)", "Kolada U07414 (seen second-hand)"),
    )
    assert value(interim, "reported_place/recycling/latest") == 44.0


def test_what_is_missing_is_said_with_who_can_supply_it(interim: Report) -> None:
    """A factor of 2025."""
    rows = next(table for table in interim.tables() if table.key == "lacks").rows

    assert rows[0].label.sv.startswith("Utsläpp, platsbaserade")
    assert rows[0].cells[1] == Words(
        "Fjärrvärmeleverantören; förs in i factors.yaml", "The heat supplier; entered in factors.yaml"
    )


def test_every_figure_says_its_method_or_why_there_is_none(interim: Report, annual: Report) -> None:
    """And where it is from: a name, those that it is made of, or a source."""
    for report in (interim, annual):
        for address, each in report.figures():
            missing = isinstance(each.value, Missing)
            assert missing or each.method, address
            assert missing or each.name or each.made_of or each.source, address


@pytest.mark.parametrize("language", ["sv", "en"])
def test_it_prints_in_both_languages_with_a_table_beside_each_chart(interim: Report, language: Language) -> None:
    """Charts that have something to show."""
    whole = printed(Publication(interim), language)

    assert [chart.key for section in whole.sections for chart in section.charts] == [
        "goal_per-area", "use_by_year", "use_by_area", "change_by_year", "cost_by_year", "renewable_by_year",
    ]  # fmt: skip
    assert all(chart.twin.rows and chart.unit for section in whole.sections for chart in section.charts)


def test_a_goals_picture_opens_its_fan_where_what_is_known_ends(interim: Report) -> None:
    """Measured to August 2025, the path every year, the band from there to 2030."""
    chart = next(chart for section in interim.sections for chart in section.charts if chart.key == "goal_per-area")
    lines = {each.key: [item.known for item in each.values if item is not None] for each in chart.series}
    labels = [label.sv for label in chart.labels]

    assert labels == ["2021", "2022", "2023", "2024", "2025-08", "2025", "2026", "2027", "2028", "2029", "2030"]
    assert lines["measured"] == pytest.approx([94.0, 94.0, 94.0, 94.0, 88.2])
    assert lines["low"][0] == lines["forecast"][0] == lines["high"][0] == pytest.approx(88.2)
    fan = [lines[edge][1] or 0.0 for edge in ("low", "forecast", "high")]
    assert fan == sorted(set(fan))
    assert lines["path"][-1] == pytest.approx(75.2)


# what goes wrong


def other(board: BoardYears, *instead: IndicatorValue) -> BoardYears:
    """The same with some figures in another version."""
    store = MemoryStore()
    store.points = {name: dict(points) for name, points in board.store.points.items()}
    made = replace(board, store=store)
    made.publish(*instead)
    return made


def test_too_little_data_is_told_before_anything_else(board: BoardYears) -> None:
    """And no number stands where the year's use is not known."""
    lacking = [
        replace(each, value=HOLE, coverage=0.71)
        for each in figures(INTERIM)
        if each.subject == WHOLE and each.indicator == "energy_total"
    ]
    report = trend(other(board, *lacking).material(), WHOLE, INTERIM)

    assert report.notices[0].sv.startswith("För lite data: 71")
    assert said(report, "period") == ["Energianvändningen januari–augusti 2025 kan inte anges: för lite är uppmätt."]
    assert "Vad 2025 slutar på kan inte bedömas: för lite är uppmätt." in page(report)


def test_a_change_within_the_uncertainty_is_none(board: BoardYears) -> None:
    """5.3 % less, of figures that are each ±5 %: and both are about, with a tenth not measured."""
    wide = [
        replace(each, uncertainty=0.05 * each.value, coverage=0.93)
        for period in (INTERIM, named_period("2024-08-ytd", ZONE))
        for each in figures(period)
        if each.subject == WHOLE and each.indicator in ("energy_total", "cost") and isinstance(each.value, float)
    ]
    report = trend(other(board, *wide).material(), WHOLE, INTERIM)

    assert said(report, "period") == [
        "Energianvändningen var ungefär 313 MWh januari–augusti 2025, ungefär densamma som samma månader året före."
    ]
    assert said(report, "money", "en") == [
        "The energy cost about 313 tkr without VAT in January–August 2025, about as much as the same months before."
    ]


def test_an_estate_without_a_figure_says_so_and_nothing_else(tmp_path: Path) -> None:
    """The first day: no year, no goal's value, nothing to divide."""
    empty = BoardYears(town(), MemoryStore(), State.open(tmp_path / "state.sqlite"), Goals())
    report = trend(empty.material(), WHOLE, INTERIM)

    assert page(report) == [
        "Om målen nås kan inte bedömas: inget mål är infört som gäller hela beståndet.",
        "12 mån t.o.m. augusti 2025 mot de tolv före: förändringen är inte uppdelad för de månaderna.",
        "Kostnaden januari–augusti 2025 kan inte anges: ingen siffra finns för perioden.",
        "Vad 2025 slutar på kan inte bedömas: ingen siffra finns för perioden.",
        "Inget i siffrorna kräver ett beslut nu.",
    ]
    known = [address for address, each in report.figures() if each.known is not None]
    assert all(address.endswith(("/coverage", "/count")) for address in known), known


def test_a_verified_saving_stands_among_the_actions(tmp_path: Path, board: BoardYears) -> None:
    """And the deviation that was acted on is no longer for the board to decide."""
    at, state = datetime(2025, 8, 25, tzinfo=UTC), State.open(tmp_path / "state.sqlite")
    thread = tell_of_waste(state)
    state.deviation_threads.act(thread, at, "driften", "Tidkanalen ställd om.", date(2025, 8, 25))
    saving = Saving(900.0, 600.0, 1_200.0, date(2025, 8, 26), date(2025, 9, 9), "savings 1")
    state.deviation_threads.verify(thread, at, saving, "")
    report = trend(replace(board, state=state).material(), WHOLE, INTERIM)
    rows = next(table for table in report.tables() if table.key == "actions").rows

    assert [cell.known for cell in rows[0].cells if isinstance(cell, ReportedFigure)] == [900.0]
    assert said(report, "deviations") == ["Ingen avvikelse i användningen är öppen."]
    assert "avvikelse" not in page(report)[-1]


class Counted(MemoryStore):
    """How often it was read."""

    reads = 0

    def read(self, query: SeriesQuery) -> pl.DataFrame:
        self.reads += 1
        return super().read(query)


def test_it_is_read_by_the_period_and_not_by_the_cell(board: BoardYears) -> None:
    """Some three hundred figures of five years and three buildings in a few dozen questions, however many buildings there are."""
    counted = Counted()
    counted.points = board.store.points
    report = trend(replace(board, store=counted).material(), WHOLE, INTERIM)

    assert len(list(report.figures())) > 250
    assert counted.reads < 60


def test_months_that_are_not_divided_are_told_by_the_weather_and_the_rest(board: BoardYears) -> None:
    """Only the last twelve months are divided. To July: 519.6 MWh after the schools' 273.9; the weather -12 after -8.1."""
    july = named_period("2025-07-ytd", ZONE)
    assert said(trend(board.material(), WHOLE, july), "change") == [
        "12 mån t.o.m. juli 2025 mot de tolv före: 246 MWh mer energi. Det som inte kan delas upp gav ungefär 250 MWh mer och "
        "vädret ungefär 3,90 MWh mindre."
    ]


def ending(total: float, half: float, before: float | Missing, outcome: float | None = None) -> YearEnd:
    """A forecast of 2025 after August. [MWh]"""
    year, until = named_period("2025", ZONE), INTERIM

    def of(value: float | Missing, period: Period = year, margin: float = 0.0) -> ReportedFigure:
        return ReportedFigure(value, "MWh", period, 1.0, "prov", margin=margin, made_of=("prov",))

    whole, last = of(total, margin=half), of(before, named_period("2024", ZONE))
    return YearEnd(
        of(300.0, until), date(2025, 8, 1), of(total - 300.0, margin=half), whole, of(total - half), of(total + half), last,
        percent_change(whole, last), None if outcome is None else of(outcome), None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("end", "sv", "en"),
    [
        pytest.param(
            ending(450.0, 20.0, 500.0),
            "Med normalt väder resten av året väntas 2025 sluta på ungefär 450 MWh (mellan 430 MWh och 470 MWh), 10 % "
            "mindre än 2024.",
            "With normal weather for the rest of the year 2025 is expected to end at about 450 MWh (between 430 MWh and 470 "
            "MWh), 10 % less than 2024.",
            id="less",
        ),
        pytest.param(
            ending(450.0, 20.0, HOLE),
            "Med normalt väder resten av året väntas 2025 sluta på ungefär 450 MWh (mellan 430 MWh och 470 MWh).",
            "With normal weather for the rest of the year 2025 is expected to end at about 450 MWh (between 430 MWh and 470 "
            "MWh).",
            id="no year before",
        ),
        pytest.param(
            ending(450.0, 20.0, 500.0, outcome=480.0),
            "Efter augusti 2025 hade prognosen varit ungefär 450 MWh (mellan 430 MWh och 470 MWh); utfallet blev 480 MWh, "
            "utanför intervallet.",
            "After August 2025 the forecast would have been about 450 MWh (between 430 MWh and 470 MWh); the outcome was "
            "480 MWh, outside the interval.",
            id="missed",
        ),
    ],
)
def test_the_end_of_the_year_is_told_with_its_interval(end: YearEnd, sv: str, en: str) -> None:
    """Beside the year before where that is known, and beside the outcome where the year is over."""
    told = year_end_sentence(end)

    assert (sentence_text(told, "sv").replace(NBSP, " "), sentence_text(told, "en").replace(NBSP, " ")) == (sv, en)


# goals


def goal(name: str, measured_by: MeasuredBy | None = None) -> Goal:
    """From 100 in 2021 to 90 in 2026, evenly."""
    return Goal(
        name, Level.MUNICIPALITY, "Provköpings kommun", name.capitalize(), name.capitalize(), "", "MWh/år", Way.LINEAR, "KF",
        Mark.VERIFIED, base_year=2021, base_value=100.0, target_year=2026, target_value=90.0, better=Better.LOWER,
        measured_by=measured_by,
    )  # fmt: skip


SERIES = {
    "faller": (100.0, 97.5, 95.0, 92.0, 88.0),
    "kanske": (100.0, 94.0, 98.0, 91.0, 94.5),
    "stiger": (100.0, 102.0, 104.0, 106.0, 108.0),
    "ny": (99.0,),
}


@pytest.fixture
def judged(tmp_path: Path, board: BoardYears) -> Iterator[dict[str, tuple[str, str]]]:
    """Goal → its sentence of August 2025, from values of 2020 to 2024."""
    state = State.open(tmp_path / "goals.sqlite")
    for name, series in SERIES.items():
        records = [
            GoalRecord(name, "MWh/år", GoalValue(date(2020 + place, 12, 31), each, "Uppföljningen", Mark.SECOND_HAND))
            for place, each in enumerate(series)
        ]
        state.goal_values.put(records, datetime(2025, 2, 1, tzinfo=UTC))
    goals = Goals(tuple(goal(name) for name in SERIES))
    scope = TrendScope.of(replace(board, state=state, goals=goals).material(), WHOLE, INTERIM)
    found = judged_goals(scope)
    told = {each.goal.id: goal_sentence(each) for each in found} | {"": verdict_sentence(found, Words("allt", "all"))}
    yield {
        name: (sentence_text(each, "sv").replace(NBSP, " "), sentence_text(each, "en").replace(NBSP, " "))
        for name, each in told.items()
    }
    state.close()


def test_each_verdict_has_its_words(judged: dict[str, tuple[str, str]]) -> None:
    """The path of 2025 lies at 92; that of the last value, of 2024, at 94."""
    assert judged["faller"][0].startswith("”Faller” är på väg: sannolikheten att ligga på vägen vid slutet av 2025 är ")
    assert judged["faller"][0].endswith(" %. Det senaste värdet, 88,0 MWh/år (2024-12-31), är bättre än vägens 94,0 MWh/år.")
    assert judged["kanske"][0].startswith("”Kanske” är i riskzonen: sannolikheten att ligga på vägen vid slutet av 2025 är ")
    assert judged["stiger"][0].startswith(
        "”Stiger” ligger efter sin väg: sannolikheten att ligga på vägen vid slutet av 2025 är "
    )
    assert judged["ny"][0].startswith("”Ny” kan inte bedömas: ")
    assert judged["stiger"][1].endswith(". The latest value, 108 MWh/år (2024-12-31), is worse than the 94.0 MWh/år of the path.")


def test_the_goals_are_counted_by_verdict(judged: dict[str, tuple[str, str]]) -> None:
    """Of one only the base is known: it has no figures of its own."""
    assert judged[""] == (
        "Av tre mål som har siffror är ett på väg och ett i riskzonen; ett ligger efter.",
        "Of three goals with figures one is on track and one at risk; one is behind.",
    )


def test_a_goal_of_an_owners_figures_is_the_owners(board: BoardYears) -> None:
    """Whoever decided it."""
    measured = goal("nämndens", measured_by=MeasuredBy("corrected_energy", COMMITTEE, scale=0.001))
    scope = TrendScope.of(replace(board, goals=Goals((measured, goal("annans")))).material(), COMMITTEE, INTERIM)
    found = judged_goals(scope)

    assert [each.goal.id for each in found] == ["nämndens"]
    latest = found[0].latest
    assert latest is not None
    assert latest.known == pytest.approx(264.6)
    assert latest.unit == "MWh/år"
    assert latest.made_of == (f"corrected_energy/owner:{COMMITTEE.id}/2025-08-r12",)


def test_a_report_of_a_year_that_was_made_early_is_not_judged_by_what_came_later(board: BoardYears) -> None:
    """Values that were entered after the report's instant are not there."""
    early = board.material(datetime(2025, 2, 1, 6, tzinfo=UTC))
    found = {each.goal.id: each.latest for each in judged_goals(TrendScope.of(early, WHOLE, ANNUAL))}
    late = {each.goal.id: each.latest for each in judged_goals(TrendScope.of(board.material(KNOWN), WHOLE, ANNUAL))}

    assert found["recycling"] is None
    assert late["recycling"] is not None
