"""Why a number is missing is said once."""

from config.domain.panels import Column, PanelKind, PanelQuery, Role, Scope
from config.domain.series import DEVIATIONS, INDICATOR_VALUES, Series, SeriesQuery
from config.domain.windows import LAST_MONTH, TODAY
from tests.dashboards import example_pictures
from tests.doubles.memory_store import MemoryStore
from tests.services.web.test_view_kinds import panel, shown

REASON = Column("reason", "text", "vad som saknas", "what is missing", "reason_en")
KIND = Column("kind", "name", "slag", "kind")


def heads_of(series: Series, scope: Scope, *columns: Column) -> list[str]:
    store = MemoryStore()
    example_pictures.fill_pictures(store)
    window = TODAY if series is DEVIATIONS else LAST_MONTH
    query = PanelQuery(Role.VALUE, SeriesQuery(series), scope, window, "", "v", "v", columns)
    (part, *_) = shown(panel(PanelKind.TABLE, "thread" if series is DEVIATIONS else "subject", query), store).parts
    assert part.table is not None
    return [head.label for head in part.table.heads]


def test_a_cell_that_says_why_it_is_missing_needs_no_column_beside_it() -> None:
    """ "saknas: Pris saknas." stands under kronor."""
    kronor = Column("value", "kr", "kronor", "kronor")

    assert heads_of(DEVIATIONS, Scope.BUILDING, KIND, kronor, REASON) == ["kronor"]


def test_a_table_of_what_is_missing_keeps_its_reasons() -> None:
    """No cell of it is missing; the reason is what it is about."""
    indicator = Column("indicator", "name", "nyckeltal", "indicator")

    assert "vad som saknas" in heads_of(INDICATOR_VALUES, Scope.SUBJECT, indicator, REASON)
