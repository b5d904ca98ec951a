"""Every dashboard of the shelf: its golden JSON, and all its queries run on real stores.

The golden file is what people will see in Grafana. Make it again with ENERGIMONITOR_TEST_GOLDEN=write, and read the difference.
"""

import importlib
import os
import pkgutil
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
import pytest
from polars.testing import assert_frame_equal

import dashboards
from config.domain.panels import Audience, Dashboard, Panel, PanelKind, PanelQuery, Role, all_ids_of, one
from config.domain.quantities import UNITS
from config.shelf import entries
from services.grafana.dashboards import dashboard_json
from services.store.duckdb import DuckDBStore
from services.store.influxdb import InfluxStore
from services.store.influxwire import InfluxTarget, InfluxVersion
from services.store.timeseries import TimeSeriesStore
from tests.dashboards import example
from tests.doubles.memory_store import MemoryStore
from tests.servers import HTTP, Influxd1

GOLDEN = Path(__file__).parent / "golden"


def shelf() -> Iterator[tuple[str, Dashboard]]:
    """Folder and dashboard."""
    for info in pkgutil.iter_modules(dashboards.__path__):
        if info.ispkg:
            folder = importlib.import_module(f"{dashboards.__name__}.{info.name}")
            yield from ((info.name, board) for board in entries(folder, "DASHBOARD", Dashboard))


BOARDS = {board.uid: board for _, board in shelf()}
QUERIES = [
    pytest.param(panel, query, id=f"{board.uid}-{panel.id}-{number}-{query.role}")
    for board in BOARDS.values()
    for panel in board.panels
    for number, query in enumerate(panel.queries)
]
everyone = pytest.mark.parametrize("uid", BOARDS)


def test_every_dashboard_stands_in_its_audiences_folder() -> None:
    """The folder is the audience, here and in Grafana."""
    placed = [(folder, board.audience.value) for folder, board in shelf()]

    assert placed
    assert [pair for pair in placed if pair[0] != pair[1]] == []
    assert {folder for folder, _ in placed} <= {audience.value for audience in Audience}


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
    """Title, sentence, source and label in both languages, and a unit that we know."""
    board = BOARDS[uid]
    texts = [board.title_sv, board.title_en, board.description_sv, board.description_en]
    for panel in board.panels:
        texts += [panel.title_sv, panel.title_en, panel.sentence_sv, panel.sentence_en, panel.source_sv, panel.source_en]
        texts += [text for query in panel.queries for text in (query.label_sv, query.label_en)]

    assert [text for text in texts if not text.strip()] == []
    assert {query.unit for panel in board.panels for query in panel.queries} <= {*UNITS, "", "ms"}
    assert re.fullmatch(r"[a-z0-9-]{3,40}", uid), "Grafana takes no longer uid, and an address has no other letters"


@everyone
def test_every_settled_figure_carries_its_coverage(uid: str) -> None:
    """design.md: no figure without coverage. A meter's own momentary value has none, and carries when it was received."""
    bare = [
        panel.id
        for panel in BOARDS[uid].panels
        if panel.role(Role.VALUE) and not panel.role(Role.COVERAGE) and not panel.role(Role.RECEIVED)
    ]

    assert bare == []


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
        assert panel["fieldConfig"]["defaults"]["noValue"] == "saknas"
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


@contextmanager
def store_named(name: str, folder: Path, request: pytest.FixtureRequest) -> Iterator[TimeSeriesStore]:
    if name == "memory":
        yield MemoryStore()
        return
    store: TimeSeriesStore
    if name == "duckdb":
        store = DuckDBStore(folder / "store.duckdb")
    else:
        server: Influxd1 = request.getfixturevalue("influxd1")
        server.create_database("panels")
        store = InfluxStore(InfluxTarget(server.url, "panels", InfluxVersion.V1))
    try:
        yield store
    finally:
        store.close()


@pytest.mark.parametrize("name", ["memory", "duckdb", pytest.param("influxdb1", marks=pytest.mark.influxdb)])
def test_every_query_gives_rows_on_every_store(name: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Of the school, which has all that panels ask for; and the same rows from each store."""
    portfolio = example.portfolio()
    remembered = MemoryStore()
    example.fill(remembered)
    with store_named(name, tmp_path, request) as store:
        example.fill(store)
        for case in QUERIES:
            panel, query = case.values
            assert isinstance(panel, Panel)
            assert isinstance(query, PanelQuery)
            asked = query.resolve(portfolio, one(example.SCHOOL), example.NOW)

            found = store.read(asked)

            assert found.height > 0, (panel.id, query.role)
            assert_frame_equal(found, remembered.read(asked), check_row_order=False)


@pytest.mark.influxdb
def test_what_grafana_sends_gives_the_boards_figures(influxd1: Influxd1) -> None:
    """Each target as Grafana would send it: its bounds and the chosen building's pattern in place of the variables."""
    influxd1.create_database("grafana")
    store = InfluxStore(InfluxTarget(influxd1.url, "grafana", InfluxVersion.V1))
    example.fill(store)
    portfolio = example.portfolio()
    for board in BOARDS.values():
        made = dashboard_json(board, portfolio, example=False)
        chosen = next(each["value"] for each in made["templating"]["list"][0]["options"] if each["text"] == "Soltorgets skola")
        targets = [target for panel in made["panels"] for target in panel["targets"]]
        queries = [query for panel in board.panels for query in _as_grafana_groups(panel)]
        for target, query in zip(targets, queries, strict=True):
            start, end = query.window.bounds(example.NOW, example.ZONE)
            bounds = f"time >= {round(start.timestamp())}s and time < {round(end.timestamp())}s"
            statement = target["query"].replace("$timeFilter", bounds).replace("${building:raw}", chosen)

            answer = HTTP.request("GET", f"{influxd1.url}/query", fields={"q": statement, "db": "grafana", "epoch": "ms"}).json()

            values = [row[1] for series in answer["results"][0].get("series", []) for row in series["values"]]
            frame = store.read(query.resolve(portfolio, one(example.SCHOOL), example.NOW))
            column = "value" if query.query.aggregate else (query.query.field or "value")
            assert "${" not in statement
            assert "$time" not in statement
            assert values, statement
            expected = sorted(frame[column].drop_nulls().to_list())
            assert sorted(values) == (pytest.approx(expected) if query.role is not Role.REASON else expected)
    store.close()


def _as_grafana_groups(panel: Panel) -> list[PanelQuery]:
    """In the order in which Grafana's panels have them."""
    groups: dict[Any, list[PanelQuery]] = {}
    for query in panel.queries:
        together = panel.kind is PanelKind.BARS or query.query.aggregate is None
        groups.setdefault((query.window, None if together else query.unit), []).append(query)
    return [query for group in groups.values() for query in group]


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
