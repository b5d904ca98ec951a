"""What happened in the building, drawn upon its courses: exchanges, actions, gaps."""

from typing import Any

from config.domain.panels import EVENT_NAMES, About, PanelQuery, Role, Scope
from config.domain.series import EVENTS, SeriesQuery
from config.domain.windows import TODAY
from services.grafana.looks import AMBER, BLUE, GREEN
from services.grafana.parts import CHARTS, Scene
from services.grafana.statements import statement
from services.grafana.variables import chosen

COLOURS = {"exchange": BLUE, "action": GREEN, "gap": AMBER}


def annotations(scene: Scene) -> list[dict[str, Any]]:
    """Of a building only: those of the whole estate would hide the picture.

    The query stands both where Grafana 9 and 10 read it and in `target`, where later ones do.
    """
    board = scene.dashboard
    if board.about is not About.BUILDING or board.public or not any(panel.kind in CHARTS for panel in board.panels):
        return []
    return [_annotation(kind, colour, scene) for kind, colour in COLOURS.items()]


def _annotation(kind: str, colour: str, scene: Scene) -> dict[str, Any]:
    events = SeriesQuery(EVENTS, where={"kind": (kind,)}, having={"open": 1})
    query = PanelQuery(Role.VALUE, events, Scope.BUILDING, TODAY, "", EVENT_NAMES[kind].sv, EVENT_NAMES[kind].en)
    narrowed, zone = chosen(query, scene.dashboard, scene.names.portfolio), scene.names.portfolio.timezone
    asked = {
        "query": statement(query, narrowed, zone, fields=("text", "end")),
        "rawQuery": True,
        "textColumn": "text",
        "tagsColumn": "kind",
        "timeEndColumn": "end",
        "fromAnnotations": True,
    }
    source = {"type": scene.datasource.type_val, "uid": scene.datasource.uid}
    return {
        "name": EVENT_NAMES[kind].sv,
        "datasource": source,
        "enable": True,
        "hide": False,
        "iconColor": colour,
        **asked,
        "target": {**asked, "refId": "Anno", "datasource": source, "resultFormat": "table"},
    }
