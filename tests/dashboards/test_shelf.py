"""Every dashboard of the shelf: its golden JSON, and all its queries run on real stores.

The golden file is what people will see in Grafana. Make it again with ENERGIMONITOR_TEST_GOLDEN=write, and read the difference.
"""

import importlib
import os
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from polars.testing import assert_frame_equal

import dashboards
import services.indicators
from config.domain.indicators import INDICATORS, SubjectKind
from config.domain.panels import (
    About,
    Audience,
    Choice,
    Column,
    Dashboard,
    PanelQuery,
    Role,
    all_ids_of,
    everything,
    one,
)
from config.domain.quantities import UNITS
from config.domain.series import INDICATOR_VALUES, INTERVALS, Aggregate
from config.shelf import entries
from services.app import wiring
from services.figures.calculation import Calculation, Over
from services.grafana.dashboards import dashboard_json
from services.store.duckdb import DuckDBStore
from services.store.influxdb import InfluxStore
from services.store.influxwire import InfluxTarget, InfluxVersion
from services.store.timeseries import TimeSeriesStore
from tests.dashboards import example, example_pictures, example_years
from tests.doubles.memory_store import MemoryStore
from tests.servers import Influxd1

GOLDEN = Path(__file__).parent / "golden"


def shelf() -> Iterator[tuple[str, Dashboard]]:
    """Folder and dashboard."""
    for info in pkgutil.iter_modules(dashboards.__path__):
        if info.ispkg:
            folder = importlib.import_module(f"{dashboards.__name__}.{info.name}")
            yield from ((info.name, board) for board in entries(folder, "DASHBOARD", Dashboard))


BOARDS = {board.uid: board for _, board in shelf()}
everyone = pytest.mark.parametrize("uid", BOARDS)
# of a query or column: what is measured, what indicators are in, and what is said in `config.domain.panels`
KNOWN_UNITS = {*UNITS, *(row.unit for row in INDICATORS.values()), "", "1", "%", "s", "ms", "kr", "text", "day", "name"}
SETTLED = (INTERVALS, INDICATOR_VALUES)


def test_every_dashboard_stands_in_its_audiences_folder() -> None:
    """The folder is the audience, here and in Grafana."""
    placed = [(folder, board.audience.value) for folder, board in shelf()]

    assert placed
    assert [pair for pair in placed if pair[0] != pair[1]] == []
    assert {folder for folder, _ in placed} <= {audience.value for audience in Audience}


def test_the_service_shows_every_dashboard_and_each_once() -> None:
    """The facility managers' first, and of a building the one of now: it is what a building's address shows."""
    shown = wiring.boards()

    assert sorted(board.uid for board in shown) == sorted(BOARDS)
    assert shown[0].audience is Audience.FACILITY_MANAGERS
    assert next(board.uid for board in shown if board.about is About.BUILDING) == "byggnaden-just-nu"


@everyone
def test_what_people_see_in_grafana_is_the_golden_file(uid: str) -> None:
    """A change of it is read before it is accepted."""
    file = GOLDEN / f"{uid}.json"
    made = orjson.dumps(
        dashboard_json(BOARDS[uid], example.portfolio(), example=True), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    )
    if os.environ.get("ENERGIMONITOR_TEST_GOLDEN") == "write":
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(made)

    assert made == file.read_bytes()


@everyone
def test_every_panel_says_what_it_is(uid: str) -> None:
    """Title, sentence, source and label in both languages, what it means that there is nothing, and a unit that we know."""
    board = BOARDS[uid]
    texts = [board.title_sv, board.title_en, board.description_sv, board.description_en]
    units = set()
    for panel in board.panels:
        texts += [panel.title_sv, panel.title_en, panel.sentence_sv, panel.sentence_en, panel.source_sv, panel.source_en]
        units.add(panel.unit)
        assert bool(panel.empty_sv) == bool(panel.empty_en), panel.id
        labels: list[PanelQuery | Column] = [*panel.queries, *(column for query in panel.queries for column in query.columns)]
        for labelled in labels:
            texts += [labelled.label_sv, labelled.label_en]
            units.add(labelled.unit)

    assert [text for text in texts if not text.strip()] == []
    assert units <= KNOWN_UNITS
    assert re.fullmatch(r"[a-z0-9-]{3,40}", uid), "Grafana takes no longer uid, and an address has no other letters"


@everyone
def test_sentences_end_with_a_stop(uid: str) -> None:
    """They are sentences, and stand one after the other."""
    texts = [
        text
        for panel in BOARDS[uid].panels
        for text in (panel.sentence_sv, panel.sentence_en, panel.empty_sv, panel.empty_en)
        if text
    ]

    assert [text for text in texts if not text.endswith(".") or "  " in text] == []


@everyone
def test_rows_pictures_and_order_are_of_what_is_asked(uid: str) -> None:
    """A tag that the answer does not have would leave a picture without names."""
    for panel in BOARDS[uid].panels:
        for query in panel.queries:
            given = query.query.by if query.query.aggregate is not None else query.query.series.tags
            wanted = {tag for tag in (panel.rows, panel.facet) if tag}
            assert wanted <= set(given), (panel.id, query.label_en)
        ranks = {query.label_en for query in panel.queries}
        ranks |= {column.name for query in panel.queries for column in query.columns}
        assert panel.ranked_by in {*ranks, ""}, panel.id


@everyone
def test_every_settled_figure_carries_its_coverage(uid: str) -> None:
    """design.md: no figure without coverage. A meter's own momentary value has none, and carries when it was received.

    A published figure that is asked for whole brings its own.
    """
    bare = [
        panel.id
        for panel in BOARDS[uid].panels
        for query in panel.role(Role.VALUE)
        if query.query.aggregate is not None
        and query.query.series in SETTLED
        and query.query.field != "coverage"
        and not panel.role(Role.COVERAGE)
    ]
    unheard = [
        panel.id
        for panel in BOARDS[uid].panels
        if any(query.query.series.name == "readings" for query in panel.role(Role.VALUE)) and not panel.role(Role.RECEIVED)
    ]

    assert bare == []
    assert unheard == []


@everyone
def test_no_sub_meter_is_added_to_its_parent(uid: str) -> None:
    """Use behind a sub-meter is in its parent's: hours are added over main meters only, or told point by point."""
    doubled = [
        panel.id
        for panel in BOARDS[uid].panels
        for query in panel.queries
        if query.query.series is INTERVALS
        and query.query.aggregate is Aggregate.SUM
        and "point" not in query.query.by
        and query.query.where.get("level") != ("main",)
    ]

    assert doubled == []


@everyone
def test_every_figure_that_a_panel_asks_for_is_published(uid: str) -> None:
    """A picture of figures that no calculation gives would say "saknas" for ever, and nobody would know why."""
    asked = [query for panel in BOARDS[uid].panels for query in panel.queries if query.query.series is INDICATOR_VALUES]

    for query in asked:
        where = query.query.where
        for indicator in where["indicator"]:
            for period in where["period"]:
                for kind in where["subject_kind"]:
                    assert _is_published(indicator, period, kind, where.get("carrier", ())), (indicator, period, kind)
            if query.query.field is None and not query.columns:
                assert query.unit == INDICATORS[indicator].unit, indicator


def _is_published(indicator: str, period: str, kind: str, carriers: tuple[str, ...]) -> bool:
    """By what the calculations declare."""
    for calculation in entries(services.indicators, "CALCULATION", Calculation):
        if kind not in (SubjectKind.BUILDING, SubjectKind.POINT) and not calculation.groups:
            continue
        ratio = next((each for each in calculation.ratios if each.indicator == indicator), None)
        if ratio is not None:
            return period in ratio.periods and (not ratio.carriers or set(carriers) <= set(ratio.carriers))
        if indicator not in calculation.indicators:
            continue
        over = calculation.indicators[indicator]
        if kind not in (SubjectKind.BUILDING, SubjectKind.POINT) and over is not Over.SUM:
            return False
        if period == "day":
            return indicator in calculation.daily
        return period == "month" or over is not Over.NONE
    return False


@everyone
def test_grafanas_panels_have_title_unit_and_data_source(uid: str) -> None:
    """The rules of Grafana's own dashboard linter that are not about Prometheus."""
    made = dashboard_json(BOARDS[uid], example.portfolio(), example=False)

    assert made["panels"]
    for panel in made["panels"]:
        assert panel["title"]
        assert panel["description"]
        assert panel["datasource"] == {"type": "influxdb", "uid": "energimonitor"}
        assert panel["targets"]
        assert all(target["datasource"] == panel["datasource"] for target in panel["targets"])
        assert panel["fieldConfig"]["defaults"]["noValue"]
        units = [panel["fieldConfig"]["defaults"].get("unit")]
        units += [
            each["value"] for rule in panel["fieldConfig"]["overrides"] for each in rule["properties"] if each["id"] == "unit"
        ]
        assert any(units), panel["title"]
    numbers = [panel["id"] for panel in made["panels"]]
    assert len(set(numbers)) == len(numbers)


@everyone
def test_no_two_panels_lie_upon_each_other(uid: str) -> None:
    """Grafana would push one of them away."""
    taken: dict[tuple[int, int], int] = {}
    for panel in dashboard_json(BOARDS[uid], example.portfolio(), example=True)["panels"]:
        place = panel["gridPos"]
        for x in range(place["x"], place["x"] + place["w"]):
            for y in range(place["y"], place["y"] + place["h"]):
                assert (x, y) not in taken
                taken[x, y] = panel["id"]

    assert max(x for x, _ in taken) <= 23


STORES = ["memory", "duckdb", pytest.param("influxdb1", marks=pytest.mark.influxdb)]


@pytest.fixture(scope="module", params=STORES)
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TimeSeriesStore]:
    """A store of each kind with all that the example has."""
    store: TimeSeriesStore
    if request.param == "memory":
        store = MemoryStore()
    elif request.param == "duckdb":
        store = DuckDBStore(tmp_path_factory.mktemp("panels") / "store.duckdb")
    else:
        server: Influxd1 = request.getfixturevalue("influxd1")
        server.create_database("panels")
        store = InfluxStore(InfluxTarget(server.url, "panels", InfluxVersion.V1))
    _fill(store)
    yield store
    store.close()


@pytest.fixture(scope="module")
def remembered() -> MemoryStore:
    store = MemoryStore()
    _fill(store)
    return store


def _fill(store: TimeSeriesStore) -> None:
    example.fill(store)
    example_pictures.fill_pictures(store)
    example_years.fill_years(store)


def _choice(board: Dashboard) -> Choice:
    """The school, which has all that panels ask for; or every building."""
    return one(example.SCHOOL) if board.about is About.BUILDING else everything(example.portfolio())


@everyone
def test_every_query_gives_rows_on_every_store(uid: str, filled: TimeSeriesStore, remembered: MemoryStore) -> None:
    """And the same rows from each store."""
    board = BOARDS[uid]
    for panel in board.panels:
        for query in panel.queries:
            asked = query.resolve(example.portfolio(), _choice(board), example.NOW)

            found = filled.read(asked)

            assert found.height > 0, (panel.id, query.role, query.label_en)
            assert_frame_equal(found, remembered.read(asked), check_row_order=False)


@everyone
def test_a_choice_of_one_building_narrows_every_question(uid: str, remembered: MemoryStore) -> None:
    """A reader who filters the estate sees nothing of another building."""
    others = set(example.portfolio().buildings) - {example.SCHOOL}
    for panel in BOARDS[uid].panels:
        for query in panel.queries:
            found = remembered.read(query.resolve(example.portfolio(), one(example.SCHOOL), example.NOW))

            if "building" in found.columns:
                assert not others & set(found["building"]), panel.id


def test_a_choice_of_building_matches_all_its_ids_and_nothing_else() -> None:
    """Special letters of a pattern, of Grafana's list and of InfluxQL."""
    portfolio = example.portfolio()
    made = dashboard_json(BOARDS["byggnaden-just-nu"], portfolio, example=False)
    variable = made["templating"]["list"][0]

    for option in variable["options"]:
        building = next(each for each in portfolio.buildings.values() if each.name == option["text"])
        assert option["value"].split("|") == [each.replace(".", "\\.") for each in all_ids_of(portfolio, building.id)]
    assert [option["text"] for option in variable["options"]] == [
        "Ishallen, A/B-rinken",
        "Soltorgets skola",
        "Åkarens depå",
        "Älvgårdens äldreboende",
    ]
    assert "Ishallen\\, A/B-rinken : ishallen|rink-el|m-rink" in variable["query"]
