"""What each kind of panel shows; small dashboards over points written here, with figures worked by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import altair
import polars as pl
import pytest

from config.domain.indicators import IndicatorValue, Missing, Subject, SubjectKind
from config.domain.panels import Choice, Column, Link, Panel, PanelKind, PanelQuery, Role, Scope, everything, one
from config.domain.periods import month, year
from config.domain.series import (
    BUILDINGS,
    DEVIATIONS,
    GOAL_LINES,
    INDICATOR_VALUES,
    INTERVALS,
    SIGNATURE,
    Aggregate,
    Every,
    Series,
    SeriesQuery,
)
from config.domain.windows import LAST_MONTH, SAME_MONTH, TODAY, Span, Window, days, months, years
from services.reports.wording import Language
from services.store.figures import indicator_frame
from services.web.charts.drawing import spec_of
from services.web.charts.legend import legend_of
from services.web.view.situation import Situation
from services.web.view.values import Columns, HeatMap, Lines, PanelView, Places, Scatter
from services.web.view.viewer import Viewer
from tests.dashboards import example
from tests.doubles.memory_store import MemoryStore

SCHOOL, RINK = example.SCHOOL, "ishallen"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
YEAR_BEFORE = Window(Span.MONTHS_BEFORE, 3)


def shown(panel: Panel, store: MemoryStore, choice: Choice | None = None, language: Language = "sv", **more: Any) -> PanelView:
    """The panel, filled in; what is drawn is valid Vega-Lite by altair's schema."""
    situation = Situation(example.portfolio(), choice or one(SCHOOL), example.NOW, language, store, **more)
    view = Viewer(situation).panel(panel)
    for part in view.parts:
        spec = spec_of(part)
        if spec is not None:
            altair.LayerChart.from_dict(spec, validate=True)
    return view


def panel(kind: PanelKind, rows: str, *queries: PanelQuery, unit: str = "kWh", **more: Any) -> Panel:
    texts: dict[str, Any] = {
        f"{name}_{tongue}": f"{name} {tongue}" for name in ("title", "sentence", "source") for tongue in ("sv", "en")
    }
    return Panel(id="p", kind=kind, unit=unit, rows=rows, queries=queries, **texts, **more)


def figures(window: Window, role: Role = Role.VALUE, label: str = "energi", **where: tuple[str, ...]) -> PanelQuery:
    asked = {"indicator": ("energy_total",), "carrier": ("",), "period": ("month",), "subject_kind": ("building",)} | where
    return PanelQuery(role, SeriesQuery(INDICATOR_VALUES, where=asked), Scope.SUBJECT, window, "kWh", label, f"{label} en")


def value(amount: float | Missing, year: int, number: int, subject: str = SCHOOL, **more: Any) -> IndicatorValue:
    period = month(datetime(year, number, 1, tzinfo=UTC).date(), example.ZONE)
    about = Subject(SubjectKind.BUILDING, subject)
    return IndicatorValue("energy_total", about, period, amount, more.pop("coverage", 1.0), "m-1", {}, **more)


def with_figures(*values: IndicatorValue) -> MemoryStore:
    store = MemoryStore()
    store.write_indicator_values(indicator_frame(list(values)))
    return store


def with_points(series: Series, rows: Sequence[Mapping[str, object]]) -> MemoryStore:
    store = MemoryStore()
    typed = [name for name, kind in series.fields.items() if kind is float]
    frame = pl.DataFrame(list(rows), infer_schema_length=None).with_columns(pl.col("time").cast(pl.Datetime("us", "UTC")))
    store.write_pictures(series, frame.with_columns(pl.col(name).cast(pl.Float64) for name in typed))
    return store


def with_hours(values: Sequence[tuple[datetime, float | None, float]]) -> MemoryStore:
    """Hours of the school's electricity: start, kWh, coverage."""
    store = MemoryStore()
    rows = [
        example.row_of(example.ELECTRICITY, SCHOOL, "electricity", "import", "main", start, amount or 0.0)
        | {"coverage": coverage, "value": amount, "method": "missing" if amount is None else "measured"}
        for start, amount, coverage in values
    ]
    store.write_intervals(pl.DataFrame(rows, schema_overrides={"time": pl.Datetime("us", "UTC"), "value": pl.Float64}))
    return store


# published figures


def test_a_published_figure_brings_all_that_belongs_to_it() -> None:
    """1 200 kWh ± 60, 96 % measured, of October; it leads to where it comes from."""
    store = with_figures(value(1_200.0, 2026, 10, coverage=0.96, uncertainty=60.0))

    [part] = shown(panel(PanelKind.STAT, "subject", figures(LAST_MONTH)), store).parts
    [figure] = part.figures
    assert (figure.text, figure.when, figure.coverage) == ("1\xa0200\xa0kWh", "okt\xa02026", 0.96)
    assert figure.coverage_text == "±\xa060,0\xa0kWh · täckning 96\xa0%"
    assert figure.address == f"/siffra/energy_total/building%3A{SCHOOL}/2026-10"


def test_a_missing_figure_has_its_reason_and_is_no_zero() -> None:
    """In the reader's language, as figure and in the table."""
    store = with_figures(value(Missing("Mätaren var tyst.", "The meter was silent."), 2026, 10, coverage=0.4))

    swedish = shown(panel(PanelKind.STAT, "subject", figures(LAST_MONTH)), store).parts[0]
    english = shown(panel(PanelKind.TABLE, "subject", figures(LAST_MONTH)), store, language="en").parts[0]

    assert (swedish.figures[0].value, swedish.figures[0].missing) == (None, "Mätaren var tyst.")
    assert english.table.rows[0].cells[0].text == "missing: The meter was silent."
    assert english.table.rows[0].cells[0].value is None


def test_who_may_not_follow_a_figure_gets_no_link() -> None:
    """Neither to its page nor to its building's."""
    store = with_figures(value(1_200.0, 2026, 10))
    asked = panel(PanelKind.TABLE, "subject", figures(LAST_MONTH), link=Link.BUILDING)

    seen = shown(asked, store).parts[0].table.rows[0]
    unseen = shown(asked, store, linked=lambda _: False, visited=lambda _: False).parts[0].table.rows[0]

    assert (seen.address, unseen.address) == (f"/byggnad/{SCHOOL}", "")
    assert seen.cells[0].address.startswith("/siffra/")
    assert unseen.cells[0].address == ""


def test_a_figure_is_set_against_what_was_before() -> None:
    """1 200 kWh against 1 000 a year earlier is 20 % more."""
    store = with_figures(value(1_200.0, 2026, 10), value(1_000.0, 2025, 10))
    asked = panel(PanelKind.STAT, "subject", figures(LAST_MONTH), figures(SAME_MONTH, Role.COMPARISON, "året före"))

    assert shown(asked, store).parts[0].figures[0].note == "året före (okt\xa02025): 1\xa0000\xa0kWh, +20\xa0%"


def test_a_table_of_buildings_has_those_that_lack_a_figure_too() -> None:
    """The largest first; three of four have none yet."""
    store = with_figures(value(800.0, 2026, 10), value(900.0, 2026, 10, RINK))
    asked = panel(PanelKind.TABLE, "subject", figures(LAST_MONTH), ranked_by="energi en")

    [part] = shown(asked, store, everything(example.portfolio())).parts
    assert [(row.name, row.cells[0].text) for row in part.table.rows] == [
        ("Ishallen, A/B-rinken", "900\xa0kWh"),
        ("Soltorgets skola", "800\xa0kWh"),
        ("Älvgårdens äldreboende", "saknas: inte beräknad än"),
        ("Åkarens depå", "saknas: inte beräknad än"),
    ]
    assert part.summary == "2 av 4 saknas."


def test_a_long_table_is_cut_and_says_so() -> None:
    """Two of four."""
    store = with_figures(value(800.0, 2026, 10), value(900.0, 2026, 10, RINK))
    asked = panel(PanelKind.TABLE, "subject", figures(LAST_MONTH), ranked_by="energi en", most=1)

    [part] = shown(asked, store, everything(example.portfolio())).parts
    assert (len(part.table.rows), part.table.cut, part.summary) == (1, 3, "1 av 4 rader visas.")


@pytest.mark.parametrize("missing", [0, 2])
def test_a_page_has_as_many_rows_as_it_has_room_for(missing: int) -> None:
    """The largest two of four; the sentence is about all of them, as the file is."""
    values = [value(800.0, 2026, 10), value(900.0, 2026, 10, RINK)]
    if not missing:
        values += [value(700.0, 2026, 10, "aldreboendet"), value(600.0, 2026, 10, "depan")]
    asked = panel(PanelKind.TABLE, "subject", figures(LAST_MONTH), ranked_by="energi en")
    every = everything(example.portfolio())
    assert len(every.buildings) == 4

    [page] = shown(asked, with_figures(*values), every, most_rows=2).parts
    [file] = shown(asked, with_figures(*values), every).parts

    assert [row.name for row in page.table.rows] == ["Ishallen, A/B-rinken", "Soltorgets skola"]
    assert (page.table.beyond, page.table.cut, len(file.table.rows), file.table.beyond) == (2, 0, 4, 0)
    assert page.summary == file.summary == ("2 av 4 saknas." if missing else "")
    assert page.table.rows == file.table.rows[:2]


# over time


def test_columns_are_compared_month_by_month() -> None:
    """August to October: 100 + 120 + 140 = 360; a year earlier 90 and 130 of August and October, of September nothing.

    Both have August and October: 240 kWh against 220, 9 % more.
    """
    store = with_figures(
        *(value(amount, 2026, number) for number, amount in ((8, 100.0), (9, 120.0), (10, 140.0))),
        *(value(amount, 2025, number) for number, amount in ((8, 90.0), (10, 130.0))),
    )
    asked = panel(PanelKind.COLUMNS, "", figures(months(3)), figures(YEAR_BEFORE, Role.COMPARISON, "året före"))

    [part] = shown(asked, store).parts
    assert part.summary == (
        "Energi: 240\xa0kWh i de 2 perioder som båda åren har, mot 220\xa0kWh året före (+9,1\xa0%). Det är 20,0\xa0kWh mer."
    )
    assert isinstance(part.picture, Columns)
    assert part.picture.labels == ("aug\xa02026", "sep\xa02026", "okt\xa02026")
    assert [(each.role, [mark.value for mark in each.marks]) for each in part.picture.drawn] == [
        ("", [100.0, 120.0, 140.0]),
        ("comparison", [90.0, 130.0]),
    ]
    assert [(row.name, [cell.text for cell in row.cells]) for row in part.table.rows] == [
        ("okt\xa02026", ["140\xa0kWh", "130\xa0kWh"]),
        ("sep\xa02026", ["120\xa0kWh", "saknas"]),
        ("aug\xa02026", ["100\xa0kWh", "90,0\xa0kWh"]),
    ]


def test_a_month_that_is_missing_is_a_gap_with_its_reason() -> None:
    """No bar of 0; the table says why."""
    store = with_figures(value(100.0, 2026, 8), value(Missing("Tyst.", "Silent."), 2026, 9), value(140.0, 2026, 10))

    [part] = shown(panel(PanelKind.COLUMNS, "", figures(months(3))), store).parts
    assert isinstance(part.picture, Columns)
    assert [mark.value for mark in part.picture.drawn[0].marks] == [100.0, None, 140.0]
    assert part.table.rows[1].cells[0].text == "saknas: Tyst."
    spec = spec_of(part)
    assert spec is not None
    assert [each["value"] for each in spec["data"]["values"]] == [100.0, 140.0]


def test_what_is_estimated_is_drawn_striped_and_told() -> None:
    """By the page's pattern, with a legend; the figure of a whole month is plain."""
    store = with_figures(value(100.0, 2026, 9), value(140.0, 2026, 10, coverage=0.9))

    [part] = shown(panel(PanelKind.COLUMNS, "", figures(months(3))), store).parts
    spec = spec_of(part)
    assert spec is not None
    assert [each["fill"] for each in spec["data"]["values"]] == ["var(--c0)", "url(#hatch-0)"]
    assert [entry.text for entry in legend_of(part, "sv")] == ["helt eller delvis beräknat"]


def test_an_hour_between_two_others_is_seen_to_be_missing() -> None:
    """A line is broken there, and the table has a row for it."""
    start = example.MIDNIGHT
    store = with_hours([(start, 10.0, 1.0), (start + 2 * HOUR, 14.0, 0.5)])
    query = SeriesQuery(INTERVALS, aggregate=Aggregate.SUM, every=Every.HOUR, by=("carrier",))
    coverage = replace(query, aggregate=Aggregate.MIN, field="coverage")
    asked = panel(
        PanelKind.LINES,
        "carrier",
        PanelQuery(Role.VALUE, query, Scope.BUILDING, TODAY, "kWh", "idag", "today"),
        PanelQuery(Role.COVERAGE, coverage, Scope.BUILDING, TODAY, "1", "täckning", "coverage"),
    )

    view = shown(asked, store)
    [part] = view.parts
    assert isinstance(part.picture, Lines)
    assert [(mark.value, mark.estimated) for mark in part.picture.drawn[0].marks] == [(10.0, False), (None, False), (14.0, True)]
    assert [(row.name, row.cells[0].text) for row in part.table.rows] == [
        ("02:00–03:00", "14,0\xa0kWh"),
        ("01:00–02:00", "saknas"),
        ("00:00–01:00", "10,0\xa0kWh"),
    ]
    assert view.coverage == "50\xa0%–100\xa0%"


def test_a_line_is_drawn_by_the_municipalitys_clock() -> None:
    """Midnight in Sweden stands at midnight for a reader in any zone."""
    store = with_hours([(example.MIDNIGHT, 10.0, 1.0)])
    query = SeriesQuery(INTERVALS, aggregate=Aggregate.SUM, every=Every.HOUR, by=("carrier",))
    asked = panel(PanelKind.LINES, "carrier", PanelQuery(Role.VALUE, query, Scope.BUILDING, TODAY, "kWh", "idag", "today"))

    spec = spec_of(shown(asked, store).parts[0])
    assert spec is not None
    assert spec["layer"][0]["data"]["values"][0]["at"] == datetime(2026, 11, 24, tzinfo=UTC).timestamp() * 1000
    assert spec["layer"][0]["encoding"]["x"]["scale"] == {"type": "utc"}


def test_a_goals_lines_stand_in_their_order_with_the_edges_as_a_field() -> None:
    """Measured first, then the path, the forecast and its edges; goals apart."""
    at = datetime(2025, 12, 30, 23, tzinfo=UTC)
    rows = [
        {"time": at, "goal": "sol", "line": line, "value": amount, "coverage": 1.0, "open": 1}
        for line, amount in (("high", 6.0), ("forecast", 5.0), ("low", 4.0), ("measured", 3.0), ("path", 3.5))
    ]
    query = SeriesQuery(GOAL_LINES, having={"open": 1})
    asked = panel(
        PanelKind.LINES, "line", PanelQuery(Role.VALUE, query, Scope.NONE, years(3), "", "l", "l"), facet="goal", unit=""
    )

    [part] = shown(asked, with_points(GOAL_LINES, rows)).parts
    assert isinstance(part.picture, Lines)
    assert [(each.name, each.role) for each in part.picture.drawn] == [
        ("Mätt", ""),
        ("Målets väg", "path"),
        ("Prognos", "forecast"),
        ("Prognosens undre gräns (80 %)", "edge"),
        ("Prognosens övre gräns (80 %)", "edge"),
    ]
    spec = spec_of(part)
    assert spec is not None
    assert (spec["layer"][0]["mark"]["type"], spec["layer"][0]["data"]["values"][0]["low"]) == ("area", 4.0)


# grids


def test_a_heat_map_has_the_hour_that_comes_twice() -> None:
    """On 25 October 2026 the clock goes from 03 back to 02: 00 UTC and 01 UTC are both two o'clock."""
    first = datetime(2026, 10, 25, 0, tzinfo=UTC)
    store = with_hours([(first, 10.0, 1.0), (first + HOUR, 20.0, 0.5)])
    query = SeriesQuery(INTERVALS, aggregate=Aggregate.SUM, every=Every.HOUR, by=("carrier",))
    coverage = replace(query, aggregate=Aggregate.MIN, field="coverage")
    asked = panel(
        PanelKind.HEAT_MAP,
        "carrier",
        PanelQuery(Role.VALUE, query, Scope.BUILDING, days(31), "kWh", "e", "e"),
        PanelQuery(Role.COVERAGE, coverage, Scope.BUILDING, days(31), "1", "t", "c"),
    )

    [part] = shown(asked, store).parts
    assert isinstance(part.picture, HeatMap)
    assert [(cell.hour, cell.value, cell.estimated) for cell in part.picture.cells] == [("02", 10.0, False), ("02*", 20.0, True)]
    assert len(part.picture.hours) == 25
    assert part.summary == (
        "Högst 20,0\xa0kWh söndag 25\xa0okt kl. 02, lägst 10,0\xa0kWh söndag 25\xa0okt kl. 02. 1 av 2 timmar är beräknade."
    )


SIGNATURE_COLUMNS = (
    Column("temperature", "°C", "ute", "outdoors"),
    Column("value", "kW", "effekt", "power"),
    Column("expected", "kW", "väntat", "expected"),
)


def test_the_last_day_of_a_signature_is_held_against_its_model() -> None:
    """50 kW at 2 °C where 44 are expected: 6 more. A day without expectation is a point all the same."""
    rows = [
        {
            "time": example.MIDNIGHT - back * DAY,
            "building": SCHOOL,
            "carrier": "district_heating",
            "value": power,
            "temperature": outdoors,
            "expected": expected,
            "coverage": 1.0,
            "open": 1,
        }
        for back, power, outdoors, expected in ((1, 50.0, 2.0, 44.0), (2, 40.0, 4.0, None))
    ]
    query = SeriesQuery(SIGNATURE, having={"open": 1})
    asked = panel(
        PanelKind.SCATTER, "carrier", PanelQuery(Role.VALUE, query, Scope.BUILDING, days(31), "kW", "s", "s", SIGNATURE_COLUMNS)
    )

    [part] = shown(asked, with_points(SIGNATURE, rows)).parts
    assert part.name == "Fjärrvärme"
    assert part.summary == (
        "Senast, måndag 23\xa0nov: 50,0\xa0kW vid 2,00\xa0°C. Väntat vid den temperaturen är 44,0\xa0kW. Det är 6,00\xa0kW mer."
    )
    assert isinstance(part.picture, Scatter)
    assert [(dot.across, dot.up, dot.expected, dot.last) for dot in part.picture.dots] == [
        (4.0, 40.0, None, False),
        (2.0, 50.0, 44.0, True),
    ]
    assert part.table.rows[1].cells[2].text == "saknas"


def building_row(building: str, **fields: object) -> dict[str, object]:
    row: dict[str, object] = {
        "time": example.MIDNIGHT,
        "building": building,
        "kind": "school",
        "owner": "energi",
        **dict.fromkeys(BUILDINGS.optional),
        "deviations": 0,
        "meters": 1,
        "silent": 0,
        "name": building,
        "public": 0,
        "open": 1,
    }
    return row | fields


def test_a_building_without_a_place_is_in_the_table_only() -> None:
    """And one whose energy is missing is hollow, and the smallest."""
    rows = [
        building_row(SCHOOL, latitude=60.48, longitude=15.43, energy=500.0),
        building_row(RINK, latitude=60.49, longitude=15.44),
        building_row("depan", energy=900.0),
    ]
    query = SeriesQuery(BUILDINGS, having={"open": 1})
    columns = (Column("energy", "kWh", "energi igår", "energy yesterday"),)
    asked = panel(PanelKind.MAP, "building", PanelQuery(Role.VALUE, query, Scope.BUILDING, TODAY, "kWh", "b", "b", columns))

    [part] = shown(asked, with_points(BUILDINGS, rows), everything(example.portfolio())).parts
    assert isinstance(part.picture, Places)
    assert [(place.name, place.size) for place in part.picture.places] == [
        ("Ishallen, A/B-rinken", None),
        ("Soltorgets skola", 500.0),
    ]
    assert [row.name for row in part.table.rows] == ["Ishallen, A/B-rinken", "Soltorgets skola", "Åkarens depå"]
    assert part.summary == "2 av 3 har ett läge. Störst energi igår: Soltorgets skola, 500\xa0kWh."


# tables of points


def deviation(thread: str, sek: float | None, **fields: object) -> dict[str, object]:
    row: dict[str, object] = {
        "time": example.MIDNIGHT,
        "building": SCHOOL,
        "carrier": "electricity",
        "kind": "night",
        "owner": "skolnamnden",
        "thread": thread,
        "value": sek,
        "kwh": 100.0,
        "kg": None,
        "state": "acknowledged",
        "muted": 0,
        "since": int(datetime(2026, 11, 10, 23, tzinfo=UTC).timestamp() * 1000),
        "until": 0,
        "sentence": "Mer än väntat på natten.",
        "sentence_en": "More than expected at night.",
        "action": "",
        "action_en": "",
        "reason": "" if sek is not None else "Ingen prislista.",
        "reason_en": "" if sek is not None else "No price list.",
        "open": 1,
    }
    return row | fields


DEVIATION_COLUMNS = (
    Column("building", "name", "byggnad", "building"),
    Column("kind", "name", "slag", "kind"),
    Column("sentence", "text", "vad", "what", "sentence_en"),
    Column("value", "kr", "kostnad", "cost"),
    Column("since", "day", "sedan", "since"),
)


def test_deviations_are_ranked_by_kronor_and_lead_to_their_thread() -> None:
    """What has no price comes last, with its reason; a closed one is not there."""
    rows = [deviation("a", 100.0), deviation("b", None), deviation("c", 2_500.0), deviation("d", 9_000.0, open=0)]
    query = SeriesQuery(DEVIATIONS, having={"open": 1})
    asked = panel(
        PanelKind.TABLE,
        "thread",
        PanelQuery(Role.VALUE, query, Scope.BUILDING, TODAY, "kr", "d", "d", DEVIATION_COLUMNS),
        ranked_by="value",
        link=Link.THREAD,
    )

    [part] = shown(asked, with_points(DEVIATIONS, rows)).parts
    english = shown(asked, with_points(DEVIATIONS, rows), language="en").parts[0]

    assert part.table.corner == "byggnad"
    assert [(row.name, row.address) for row in part.table.rows] == [
        ("Soltorgets skola", "/avvikelse/c"),
        ("Soltorgets skola", "/avvikelse/a"),
        ("Soltorgets skola", "/avvikelse/b"),
    ]
    assert [cell.text for cell in part.table.rows[0].cells] == [
        "Nattanvändning",
        "Mer än väntat på natten.",
        "2\xa0500\xa0kr",
        "onsdag 11\xa0nov",
    ]
    assert part.table.rows[2].cells[2].text == "saknas: Ingen prislista."
    assert [cell.text for cell in english.table.rows[0].cells][:2] == ["Use at night", "More than expected at night."]
    assert english.table.rows[0].address == "/avvikelse/c?lang=en"


@pytest.mark.parametrize(("language", "words"), [("sv", "Ingenting avviker."), ("en", "Nothing deviates.")])
def test_that_there_is_nothing_is_said_by_the_panel(language: Language, words: str) -> None:
    """In its own words: no deviation is good news, no meter is not."""
    query = SeriesQuery(DEVIATIONS, having={"open": 1})
    asked = panel(
        PanelKind.TABLE,
        "thread",
        PanelQuery(Role.VALUE, query, Scope.BUILDING, TODAY, "kr", "d", "d", DEVIATION_COLUMNS),
        empty_sv="Ingenting avviker.",
        empty_en="Nothing deviates.",
    )

    assert shown(asked, MemoryStore(), language=language).empty == words


def test_a_count_of_nothing_is_zero_and_a_sum_of_nothing_is_not() -> None:
    """No open deviation is 0 of them; what they cost is not known."""
    query = SeriesQuery(DEVIATIONS, having={"open": 1}, aggregate=Aggregate.COUNT, field="kwh")
    cost = replace(query, aggregate=Aggregate.SUM, field="value")
    asked = panel(
        PanelKind.STAT,
        "",
        PanelQuery(Role.COUNT, query, Scope.BUILDING, TODAY, "", "öppna", "open"),
        PanelQuery(Role.VALUE, cost, Scope.BUILDING, TODAY, "kr", "kostnad", "cost"),
    )

    figures = {figure.name: figure for figure in shown(asked, MemoryStore()).parts[0].figures}
    assert (figures["öppna"].value, figures["öppna"].text) == (0.0, "0")
    assert (figures["kostnad"].value, figures["kostnad"].missing) == (None, "inget värde i perioden")


def test_why_something_is_missing_is_told_once_a_row() -> None:
    """Several cells lack the same; each of them alone would be a narrow column of words."""
    rows = [deviation("1", None, sentence="Mer än väntat på natten sedan början av månaden.")]
    columns = (*DEVIATION_COLUMNS, Column("kg", "kg", "utsläpp", "emissions"))
    query = SeriesQuery(DEVIATIONS, having={"open": 1})
    asked = panel(PanelKind.TABLE, "thread", PanelQuery(Role.VALUE, query, Scope.BUILDING, TODAY, "kr", "a", "a", columns))

    [part] = shown(asked, with_points(DEVIATIONS, rows)).parts
    assert part.table.rows[0].reasons == ("Ingen prislista.",)
    assert [part.table.heads[place].label for place in sorted(part.table.worded)] == ["vad"]


def test_a_drawing_begins_with_the_first_year_that_has_a_figure() -> None:
    """The table still has the years before, with their reason."""
    published = [
        IndicatorValue(
            "energy_total",
            Subject(SubjectKind.BUILDING, SCHOOL),
            year(number, example.ZONE),
            amount,
            1.0,
            "m-1",
            {},
        )
        for number, amount in ((2023, Missing("Inga mätvärden.", "No readings.")), (2024, 900.0), (2025, 800.0))
    ]
    asked = panel(PanelKind.COLUMNS, "", figures(years(5), period=("year",)))

    [part] = shown(asked, with_figures(*published)).parts
    assert isinstance(part.picture, Columns)
    assert part.picture.labels == ("2024", "2025")
    assert [row.cells[0].reason for row in part.table.rows] == ["", "", "Inga mätvärden."]


def test_nothing_is_drawn_where_every_figure_is_missing() -> None:
    """Empty axes look like a fault; the table has the reasons."""
    asked = panel(PanelKind.COLUMNS, "", figures(LAST_MONTH))

    [part] = shown(asked, with_figures(value(Missing("Ingen givare.", "No sensor."), 2026, 10))).parts
    assert spec_of(part) is None
    assert part.table.rows[0].cells[0].reason == "Ingen givare."
