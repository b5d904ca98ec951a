"""What older Grafanas lack is replaced by what they have; what they read otherwise is written so."""

import re
from collections.abc import Mapping
from typing import Any

from services.grafana.datasource import NAME

Version = tuple[int, int]
NEWEST: Version = (13, 0)
BY_UID: Version = (8, 3)  # before, a panel names its data source
GEOMAP: Version = (8, 1)
MATRIX: Version = (10, 4)  # `formatTime` of one query's answer
XYCHART: Version = (11, 1)  # in the form that 12 and 13 have
SINCE: Mapping[str, Version] = {"limit": (8, 1), "sortBy": (7, 4)}


def version_of(health: Mapping[str, Any]) -> Version:
    """Major and minor; the newest where Grafana does not tell."""
    found = re.match(r"(\d+)\.(\d+)", str(health.get("version", "")))
    return (int(found[1]), int(found[2])) if found else NEWEST


def fitted(content: Mapping[str, Any], version: Version) -> dict[str, Any]:
    """A dashboard's JSON as a Grafana of that version can show it."""
    fit = {**content, "panels": [_panel(panel, version) for panel in content["panels"]]}
    return _by_name(fit) if version < BY_UID else fit


def _panel(panel: Mapping[str, Any], version: Version) -> dict[str, Any]:
    changes = panel.get("transformations") or []
    if any(change["id"] == "groupingToMatrix" for change in changes) and version < MATRIX:
        return _as_bars(panel)
    if (panel["type"] == "xychart" and version < XYCHART) or (panel["type"] == "geomap" and version < GEOMAP):
        return {**panel, "type": "table", "options": {"showHeader": True}}
    kept = [change for change in changes if SINCE.get(change["id"], (0, 0)) <= version]
    return {**panel, "transformations": kept} if changes else dict(panel)


def _as_bars(panel: Mapping[str, Any]) -> dict[str, Any]:
    """The hours of a heat map in their order."""
    target = {**panel["targets"][0], "resultFormat": "time_series", "alias": "$tag_carrier"}
    properties = [prop for rule in panel["fieldConfig"]["overrides"] for prop in rule["properties"]]
    unit = next((prop["value"] for prop in properties if prop["id"] == "unit"), "none")
    custom = {"drawStyle": "bars", "fillOpacity": 60, "lineWidth": 1}
    defaults = {"unit": unit, "noValue": panel["fieldConfig"]["defaults"].get("noValue"), "custom": custom}
    legend = {"showLegend": True, "displayMode": "list", "placement": "bottom", "calcs": []}
    return {
        **panel,
        "type": "timeseries",
        "targets": [target],
        "transformations": [],
        "options": {"legend": legend},
        "fieldConfig": {"defaults": defaults, "overrides": []},
    }


def _by_name(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: NAME if key == "datasource" and isinstance(each, dict) else _by_name(each) for key, each in value.items()}
    return [_by_name(each) for each in value] if isinstance(value, list) else value
