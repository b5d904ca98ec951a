"""How long tables may become."""

from config.domain.panels import PanelKind
from config.domain.series import DEVIATIONS, EVENTS, INTAKE_TROUBLES, RESTATEMENTS
from services.app import wiring

GROWING = (DEVIATIONS, EVENTS, INTAKE_TROUBLES, RESTATEMENTS)  # what happens, and happens again; the list of buildings is bounded


def test_a_table_of_what_happens_is_never_endless() -> None:
    """A restated factor changed hundreds of figures: a morning page of 27,000 pixels."""
    endless = [
        (dashboard.uid, panel.id)
        for dashboard in wiring.boards()
        for panel in dashboard.panels
        if panel.kind is PanelKind.TABLE and any(query.query.series in GROWING for query in panel.queries) and not panel.most
    ]

    assert endless == []
