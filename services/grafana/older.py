"""What older Grafanas lack is replaced by what they have; what they read otherwise is written so."""

import re
from collections.abc import Mapping
from typing import Any

from services.grafana.datasource import NAME
from services.grafana.looks import MISSING

Version = tuple[int, int]
NEWEST: Version = (13, 0)
BY_UID: Version = (8, 3)  # before, a panel names its data source
GEOMAP: Version = (8, 1)
SEPARATORS: Version = (10, 0)  # units of `currency:financial:`
MATRIX: Version = (10, 4)  # `formatTime` of one query's answer
XYCHART: Version = (11, 1)  # in the form that 12 and 13 have
SAYS_NULL: Version = (10, 0)  # before, a column without any value shows its JSON, unless its text is coloured
COLOURED: Version = (8, 0)
SINCE: Mapping[str, Version] = {"limit": (8, 1), "sortBy": (7, 4)}


def version_of(health: Mapping[str, Any]) -> Version:
    """Major and minor; the newest where Grafana does not tell."""
    found = re.match(r"(\d+)\.(\d+)", str(health.get("version", "")))
    return (int(found[1]), int(found[2])) if found else NEWEST


def fitted(content: Mapping[str, Any], version: Version) -> dict[str, Any]:
    """A dashboard's JSON as a Grafana of that version can show it."""
    fit = {**content, "panels": [_panel(panel, version) for panel in content["panels"]]}
    fit = _with_plain_units(fit) if version < SEPARATORS else fit
    return _by_name(fit) if version < BY_UID else fit


def _panel(panel: Mapping[str, Any], version: Version) -> dict[str, Any]:
    changes = panel.get("transformations") or []
    if any(change["id"] == "groupingToMatrix" for change in changes) and version < MATRIX:
        return _as_bars(panel)
    if (panel["type"] == "xychart" and version < XYCHART) or (panel["type"] == "geomap" and version < GEOMAP):
        return {**panel, "type": "table", "options": {"showHeader": True}}
    if panel["type"] == "table" and COLOURED <= version < SAYS_NULL:
        panel = _without_null(panel)
    kept = [change for change in changes if SINCE.get(change["id"], (0, 0)) <= version]
    return {**panel, "transformations": kept} if changes else dict(panel)


def _without_null(panel: Mapping[str, Any]) -> dict[str, Any]:
    """Numbers as coloured text of the ordinary colour, so that a column of which every value is missing says so."""
    plain: list[dict[str, Any]] = [
        {"id": "custom.displayMode", "value": "color-text"},
        {"id": "custom.cellOptions", "value": {"type": "color-text"}},  # as 9.4 reads it
        {"id": "custom.align", "value": "right"},
        {"id": "color", "value": {"mode": "fixed", "fixedColor": "text"}},
    ]
    overrides = []
    for rule in panel["fieldConfig"]["overrides"]:
        held = {each["id"]: each["value"] for each in rule["properties"]}
        number = held.get("noValue") == MISSING and "custom.displayMode" not in held
        added = [each for each in plain if each["id"] not in held]
        overrides.append({**rule, "properties": [*rule["properties"], *added]} if number else rule)
    return {**panel, "fieldConfig": {**panel["fieldConfig"], "overrides": overrides}}


def _as_bars(panel: Mapping[str, Any]) -> dict[str, Any]:
    """The hours of a heat map in their order."""
    matrix = next(each["options"] for each in panel["transformations"] if each["id"] == "groupingToMatrix")
    target = {**panel["targets"][0], "resultFormat": "time_series", "alias": matrix["valueField"]}
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


def _with_plain_units(value: Any) -> Any:
    """Without separators between thousands."""
    if isinstance(value, dict):
        return {key: _with_plain_units(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_with_plain_units(each) for each in value]
    found = re.fullmatch(r"currency:financial:(.*):suffix", value) if isinstance(value, str) else None
    return f"suffix:{found[1]}" if found else value


def _by_name(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: NAME if key == "datasource" and isinstance(each, dict) else _by_name(each) for key, each in value.items()}
    return [_by_name(each) for each in value] if isinstance(value, list) else value
