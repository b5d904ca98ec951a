"""What a page asks as one: the answers are those of the single questions, from a real store."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from config.domain.panels import About, Dashboard, everything, one
from config.domain.series import INDICATOR_VALUES, Aggregate, SeriesQuery
from config.errors import StoreUnavailable
from services.app.wiring import boards
from services.store.duckdb import DuckDBStore
from services.web.view.gathering import GatheringReader
from tests.dashboards import example, example_pictures, example_years

ENERGY = SeriesQuery(
    INDICATOR_VALUES,
    where={"indicator": ("energy_total",), "period": ("month",), "subject_kind": ("building",), "carrier": ("",)},
)


class Counting:
    """Counts what a store is asked."""

    def __init__(self, store: DuckDBStore) -> None:
        self._store = store
        self.asked = 0

    def read(self, query: SeriesQuery) -> pl.DataFrame:
        self.asked += 1
        return self._store.read(query)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckDBStore]:
    made = DuckDBStore(Path(tmp_path_factory.mktemp("gathering")) / "store.duckdb")
    example.fill(made)
    example_pictures.fill_pictures(made)
    example_years.fill_years(made)
    yield made
    made.close()


def wanting(*indicators: str) -> SeriesQuery:
    return replace(ENERGY, where={**ENERGY.where, "indicator": indicators})


@pytest.mark.parametrize("board", boards(), ids=lambda board: board.uid)
def test_each_question_of_a_page_has_the_stores_own_answer(store: DuckDBStore, board: Dashboard) -> None:
    """The same rows in the same order."""
    portfolio = example.portfolio()
    choice = everything(portfolio) if board.about is About.ESTATE else one(example.SCHOOL)
    queries = [each.resolve(portfolio, choice, example.NOW) for panel in board.panels for each in panel.queries]
    gathering = GatheringReader(store, queries)

    for query in queries:
        assert_frame_equal(gathering.read(query), store.read(query))


def test_the_same_question_in_other_words_is_asked_with_the_same_ones(store: DuckDBStore) -> None:
    """Three questions, one of them of two indicators: whoever remembers answers has one to remember."""
    queries = [wanting("energy_total"), wanting("cost", "energy_total"), wanting("emissions_market")]
    seen: list[SeriesQuery] = []

    class Remembering:
        def read(self, query: SeriesQuery) -> pl.DataFrame:
            seen.append(query)
            return store.read(query)

    gathering = GatheringReader(Remembering(), queries)
    for query in queries:
        gathering.read(query)
    assert {query.where["indicator"] for query in seen} == {("energy_total", "cost", "emissions_market")}


@pytest.mark.parametrize(
    "other",
    [
        replace(wanting("cost"), aggregate=Aggregate.SUM),
        replace(wanting("cost"), limit=1),
        replace(wanting("cost"), start=example.NOW),
        replace(wanting("cost"), having={"lacks": ""}),
        wanting(),
        replace(wanting("cost"), where={"indicator": ("cost",), "period": ("year",)}),
    ],
    ids=["aggregate", "limit", "window", "having", "nothing", "where"],
)
def test_questions_that_differ_in_more_are_asked_alone(store: DuckDBStore, other: SeriesQuery) -> None:
    """A sum of two indicators could not be taken apart."""
    counting = Counting(store)
    gathering = GatheringReader(counting, [wanting("energy_total"), other])

    assert_frame_equal(gathering.read(other), store.read(other))
    assert_frame_equal(gathering.read(wanting("energy_total")), store.read(wanting("energy_total")))
    assert counting.asked == 2


def test_what_nobody_announced_is_asked_alone(store: DuckDBStore) -> None:
    """It has its answer all the same."""
    gathering = GatheringReader(store, [wanting("energy_total"), wanting("cost")])
    assert_frame_equal(gathering.read(wanting("peak_power")), store.read(wanting("peak_power")))


def test_a_store_that_does_not_answer_says_so_to_each_of_them() -> None:
    """And is not taken for one without points."""

    class Down:
        def read(self, query: SeriesQuery) -> pl.DataFrame:
            raise StoreUnavailable("down")

    gathering = GatheringReader(Down(), [wanting("energy_total"), wanting("cost")])
    for query in (wanting("energy_total"), wanting("cost")):
        with pytest.raises(StoreUnavailable, match="down"):
            gathering.read(query)
