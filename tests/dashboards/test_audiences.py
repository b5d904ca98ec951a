"""What is particular to the dashboards of the environment team, the board and citizens."""

import pytest

from config.domain.deviations import METERING
from config.domain.indicators import INDICATORS, SubjectKind
from config.domain.panels import Dashboard, Panel, PanelKind, Scope, everything
from config.domain.periods import PeriodKind
from config.domain.series import BUILDINGS, DEVIATIONS, GOALS, INDICATOR_VALUES
from config.domain.windows import Span
from dashboards.board import overview, trend
from dashboards.citizens import open_figures
from dashboards.environment_team import emissions, goals, month, quality, renewable, restated
from tests.dashboards import example, example_pictures, example_years
from tests.doubles.memory_store import MemoryStore

ALL = tuple(each.DASHBOARD for each in (month, emissions, renewable, goals, quality, restated, overview, trend, open_figures))
every = pytest.mark.parametrize("board", ALL, ids=lambda board: board.uid)


def indicators_of(panel: Panel) -> set[str]:
    return {name for query in panel.queries if query.query.series is INDICATOR_VALUES for name in query.query.where["indicator"]}


def test_citizens_are_asked_for_by_building_or_by_type_only() -> None:
    """A question without a scope would show every building, whoever looks; owners and the whole estate tell more beside types."""
    for panel in open_figures.DASHBOARD.panels:
        for query in panel.queries:
            assert query.scope in (Scope.BUILDING, Scope.SUBJECT), panel.id
            kinds = set(query.query.where.get("subject_kind", ()))
            assert kinds <= {SubjectKind.BUILDING.value, SubjectKind.BUILDING_KIND.value}, panel.id
            assert len(kinds) <= 1, "an owner called as a building is would be taken for it"


def test_citizens_see_nothing_of_a_building_that_is_not_public() -> None:
    """The rink and its type have figures in the store, and the map has all four buildings."""
    store, portfolio = MemoryStore(), example.portfolio()
    example.fill(store)
    example_pictures.fill_pictures(store)
    example_years.fill_years(store)
    choice = open_figures.DASHBOARD.shown(portfolio, everything(portfolio))

    seen: set[str] = set()
    for panel in open_figures.DASHBOARD.panels:
        for query in panel.queries:
            found = store.read(query.resolve(portfolio, choice, example.NOW))
            seen |= set(found["building" if "building" in found.columns else "subject"])

    assert seen == {example.SCHOOL, "school"}


def test_citizens_are_told_no_kronor_and_nothing_finer_than_a_month() -> None:
    """Agreements are between companies, and an hour without use says that nobody is in."""
    for panel in open_figures.DASHBOARD.panels:
        assert not {name for name in indicators_of(panel) if INDICATORS[name].unit.startswith("kr")}
        for query in panel.queries:
            assert query.query.series in (INDICATOR_VALUES, BUILDINGS), panel.id
            assert PeriodKind.DAY.value not in query.query.where.get("period", ()), panel.id
            if query.query.series is BUILDINGS:
                assert {column.name for column in query.columns} <= {"building", "value", "kind", "area_m2", "name"}
                assert query.query.having["public"] == 1


@every
def test_avoided_emissions_are_in_no_sum(board: Dashboard) -> None:
    """Domain facts 4.3: consequence-based; never added to nor taken off the book-keeping totals."""
    for panel in board.panels:
        if "emissions_avoided" in indicators_of(panel):
            assert indicators_of(panel) == {"emissions_avoided"}, panel.id
            assert not panel.stacked


@every
def test_what_is_stacked_has_a_sum_that_means_something(board: Dashboard) -> None:
    """Carriers or buildings of one indicator, the four classes of one view, or the parts of the cost; never two perspectives."""
    classes = {frozenset(f"{name}_share{view}" for name in renewable.CLASSES) for view in ("", "_contracted")}
    for panel in board.panels:
        if panel.stacked:
            of = indicators_of(panel)
            assert len(of) == 1 or frozenset(of) in {*classes, frozenset(overview.COST_PARTS)}, panel.id


@every
def test_perspectives_never_share_an_axis(board: Dashboard) -> None:
    """The same energy counted twice: beside each other in columns of a table, apart in pictures."""
    for panel in board.panels:
        if panel.kind in (PanelKind.COLUMNS, PanelKind.LINES, PanelKind.STAT) and panel.id != "with_factor":
            assert len({name for name in indicators_of(panel) if name.startswith("emissions_")}) <= 1, panel.id


@every
def test_our_own_yardsticks_stand_apart_from_goals(board: Dashboard) -> None:
    """And what is not verified from what is; each table says which it is."""
    for panel in board.panels:
        for query in panel.queries:
            if query.query.series is GOALS:
                assert len(panel.queries) == 1
                assert "own" in query.query.having, panel.id
                assert query.query.having["own"] == 1 or "verified" in query.query.having, panel.id


@every
def test_a_rolling_year_is_asked_for_where_it_is_filed(board: Dashboard) -> None:
    """At its start: any wider window of a month that the reader chose would find later years too, and a narrower one none."""
    for panel in board.panels:
        for query in panel.queries:
            if query.query.series is INDICATOR_VALUES and query.query.where["period"] == (PeriodKind.ROLLING_YEAR.value,):
                assert query.window.span in (Span.ROLLING_YEAR, Span.ROLLING_YEAR_BEFORE), panel.id


def test_faults_of_metering_are_not_among_the_largest_deviations() -> None:
    """What they concern is not known to be wasted."""
    (panel,) = (panel for panel in overview.DASHBOARD.panels if panel.queries[0].query.series is DEVIATIONS)

    assert panel.most == 5
    assert not set(panel.queries[0].query.where["kind"]) & {kind.value for kind in METERING}


def test_every_restated_figure_is_in_one_table_of_each_kind_of_subject() -> None:
    """None falls between two tables, and none is told twice."""
    told = [
        (kind, name)
        for panel in restated.DASHBOARD.panels
        for query in panel.queries
        for kind in query.query.where["subject_kind"]
        for name in query.query.where["indicator"]
    ]

    assert len(told) == len(set(told))
    kinds = {SubjectKind.PORTFOLIO, SubjectKind.OWNER, SubjectKind.BUILDING_KIND, SubjectKind.BUILDING}
    assert set(told) == {(kind.value, name) for kind in kinds for name in INDICATORS}


def test_old_and_new_have_the_unit_of_what_was_restated() -> None:
    """A number without its unit tells nothing."""
    for panel in restated.DASHBOARD.panels:
        for query in panel.queries:
            if query.unit:
                assert {INDICATORS[name].unit for name in query.query.where["indicator"]} == {query.unit}, panel.id
