"""One number everywhere: what a page shows is what the store answers, to the last digit, and so is what `export` writes."""

from collections.abc import Iterator
from functools import cache
from io import BytesIO

import polars as pl
import pytest

from config.domain.panels import About, Choice, Dashboard, Panel, everything, one
from services.app.wiring import boards
from services.store.export import ExportFormat, export
from services.web.view.situation import Situation
from services.web.view.values import PanelView
from services.web.view.viewer import Viewer
from tests.dashboards import example, example_pictures, example_years
from tests.doubles.memory_store import MemoryStore

PANELS = [(board, panel) for board in boards() for panel in board.panels]
NAMES = [f"{board.uid}-{panel.id}" for board, panel in PANELS]


@cache
def store() -> MemoryStore:
    """The example municipality's; filled once, and only read."""
    filled = MemoryStore()
    example.fill(filled)
    example_pictures.fill_pictures(filled)
    example_years.fill_years(filled)
    return filled


def choice(board: Dashboard) -> Choice:
    portfolio = example.portfolio()
    whole = everything(portfolio) if board.about is About.ESTATE else one(example.SCHOOL)
    return board.shown(portfolio, whole)


def shown(view: PanelView) -> Iterator[float]:
    """Every number of the panel's tables and large figures."""
    for part in view.parts:
        yield from (float(figure.value) for figure in part.figures if figure.value is not None)
        cells = (cell for row in part.table.rows for cell in row.cells)
        yield from (float(cell.value) for cell in cells if isinstance(cell.value, (int, float)))


def answered(board: Dashboard, panel: Panel) -> Iterator[pl.DataFrame]:
    portfolio = example.portfolio()
    for query in panel.queries:
        yield store().read(query.resolve(portfolio, choice(board), example.NOW))


def numbers(frame: pl.DataFrame) -> set[float]:
    kinds = (pl.Float64, pl.Int64)
    columns = [frame[name].drop_nulls().to_list() for name, kind in frame.schema.items() if kind in kinds]
    return {float(value) for column in columns for value in column}


@pytest.mark.parametrize(("board", "panel"), PANELS, ids=NAMES)
def test_every_number_of_a_page_is_one_that_the_store_gave(board: Dashboard, panel: Panel) -> None:
    """Nothing is rounded, added or made up on the way; Grafana asks the same questions (`tests.services.grafana`)."""
    view = Viewer(Situation(example.portfolio(), choice(board), example.NOW, "sv", store())).panel(panel)
    given = set().union(*(numbers(frame) for frame in answered(board, panel)))
    found = set(shown(view))

    assert not view.trouble
    assert found - given <= {0.0}, sorted(found - given)  # a count of nothing is nought
    assert view.parts or not given


@pytest.mark.parametrize("board", boards(), ids=lambda board: board.uid)
def test_export_writes_the_same_numbers(board: Dashboard) -> None:
    """`energimonitor export` with the first question of each panel."""
    portfolio = example.portfolio()
    for query in (panel.queries[0] for panel in board.panels):
        asked = query.resolve(portfolio, choice(board), example.NOW)
        out = BytesIO()
        rows = export(store(), asked, ExportFormat.PARQUET, out)
        frame = store().read(asked)

        assert rows == frame.height
        if rows:
            assert numbers(pl.read_parquet(BytesIO(out.getvalue()))) == numbers(frame)
