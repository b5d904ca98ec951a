"""Every dashboard is one that Grafana's own types (of Grafana 13's schema) read without losing anything.

Grafana's JSON schema is not on any registry; its types in the SDK are made from the same source.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from services.app import wiring
from services.grafana import sdk
from services.grafana.dashboards import dashboard_json
from services.grafana.older import NEWEST, fitted, version_of
from tests.dashboards import example

BOARDS = {board.uid: board for board in wiring.boards()}
everyone = pytest.mark.parametrize("uid", BOARDS)
# what InfluxDB's plugin keeps in an annotation and in a query, of which the SDK knows no type
PLUGINS_OWN = {"query", "rawQuery", "textColumn", "tagsColumn", "timeEndColumn", "fromAnnotations"}


def made(uid: str) -> dict[str, Any]:
    return dashboard_json(BOARDS[uid], example.portfolio(), example=True, board_url="https://energi.example.se")


def lost(sent: Any, read: Any, where: str = "") -> Iterator[str]:
    """Paths of what was sent and is not in what was read. Empty values are left out on the way, and mean nothing."""
    if isinstance(sent, dict):
        for key, value in sent.items():
            if value in (None, "", [], {}, False) or (key in PLUGINS_OWN or "targets" in where or ".target" in where):
                continue
            if not isinstance(read, dict) or key not in read:
                yield f"{where}.{key}"
            else:
                yield from lost(value, read[key], f"{where}.{key}")
    elif isinstance(sent, list):
        for number, value in enumerate(sent):
            yield from lost(value, read[number] if isinstance(read, list) and number < len(read) else None, f"{where}[{number}]")
    elif sent != read:
        yield f"{where}: {sent!r} is {read!r}"


@everyone
def test_grafanas_own_types_read_it_whole(uid: str) -> None:
    """Field by field: a misspelt option would be dropped."""
    sent = made(uid)
    without_targets = {**sent, "panels": [{**panel, "targets": []} for panel in sent["panels"]], "annotations": {"list": []}}

    read = sdk.plain(sdk.dashboard.Dashboard.from_json(without_targets))

    assert list(lost(without_targets, read)) == []


@everyone
def test_the_schema_is_the_classic_one(uid: str) -> None:
    """Which Grafana 9 to 13 read, and which file provisioning takes."""
    assert 36 <= made(uid)["schemaVersion"] <= 42
    assert {panel["type"] for panel in made(uid)["panels"]} <= {"text", "stat", "timeseries", "table", "geomap", "xychart"}


@everyone
@pytest.mark.parametrize(("health", "lacks"), [("7.5.5", {"geomap", "xychart"}), ("9.4.0-pre", {"xychart"}), ("13.0.6", set())])
def test_an_older_grafana_gets_what_it_can_show(uid: str, health: str, lacks: set[str]) -> None:
    """No panel of a kind, and no transformation, that it does not have."""
    version = version_of({"version": health})

    panels = fitted(made(uid), version)["panels"]

    assert {panel["type"] for panel in panels} & lacks == set()
    changes = {change["id"] for panel in panels for change in panel.get("transformations") or []}
    assert not (version < (10, 4) and changes & {"groupingToMatrix", "formatTime", "concatenate"})
    assert [panel["id"] for panel in panels] == [panel["id"] for panel in made(uid)["panels"]]


def test_a_grafana_that_hides_its_version_is_the_newest() -> None:
    """It may be told to."""
    assert version_of({"database": "ok"}) == NEWEST
