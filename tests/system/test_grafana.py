"""A real Grafana: provisioned from nothing, asked by every panel, disturbed in every way that is ordinary.

Skipped where ENERGIMONITOR_TEST_GRAFANA names no script that starts one. Slow: a quarter of a minute to start, minutes to ask.
"""

import signal
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from config.errors import GrafanaError
from services.app import wiring
from services.grafana.changes import Change, Outcome
from services.grafana.client import GrafanaClient, Refused
from services.grafana.provisioning import Choices, Wanted, provision, wanted
from services.store.influxdb import InfluxStore
from services.store.influxwire import InfluxTarget, InfluxVersion
from tests.dashboards import example, example_pictures, example_years
from tests.servers import Influxd1
from tests.services.grafana.asking import asked_by, questions, the_same
from tests.system.real_grafana import RealGrafana

pytestmark = pytest.mark.influxdb
FOLDER, BOARD = "energimonitor-facility-managers", "morgonsidan"
TOLD = Choices(addresses=("drift@example.se",))


@pytest.fixture(scope="module")
def grafana(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealGrafana]:
    with RealGrafana(tmp_path_factory.mktemp("grafana")) as real:
        yield real


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InfluxTarget]:
    with Influxd1(tmp_path_factory.mktemp("influxdb")) as server:
        server.create_database("energi")
        target = InfluxTarget(server.url, "energi", InfluxVersion.V1)
        filled = InfluxStore(target)
        example.fill(filled)
        example_pictures.fill_pictures(filled)
        example_years.fill_years(filled)
        filled.close()
        yield target


@pytest.fixture(scope="module")
def token(grafana: RealGrafana) -> str:
    return grafana.token()


@pytest.fixture(scope="module")
def want(store: InfluxTarget) -> Wanted:
    return wanted(wiring.boards(), example.portfolio(), store, example=False, choices=TOLD)


class Ending(GrafanaClient):
    """A client whose process ends after so many calls."""

    left = 0

    def call(self, operation: str, body: Mapping[str, Any] | None = None, **more: Any) -> Any:
        if self.left == 0:
            raise GrafanaError("the process has ended")
        self.left -= 1
        return super().call(operation, body, **more)


def differing(changes: Sequence[Change]) -> list[Change]:
    """But for what this Grafana lacks, which is told each time."""
    return [change for change in changes if change.outcome not in (Outcome.UNCHANGED, Outcome.LACKING)]


def test_runs_that_end_anywhere_are_mended_by_the_next(grafana: RealGrafana, token: str, want: Wanted) -> None:
    """Each ends one call later than the one before, and a whole one at last; the one after that changes nothing."""
    calls = 0
    while True:
        client = Ending(grafana.url, token=token)
        client.left = calls = calls + 1 if calls < 60 else calls * 2
        try:
            provision(client, want)
        except GrafanaError as error:
            assert "has ended" in str(error)  # noqa: PT017 - whatever else Grafana says is a fault
        else:
            break

    again = provision(GrafanaClient(grafana.url, token=token), want)

    assert differing(again) == []
    assert len(grafana.call("GET", "/search?type=dash-db")) == len(wiring.boards())


def test_every_panel_shows_the_stores_figures(grafana: RealGrafana, token: str, want: Wanted, store: InfluxTarget) -> None:
    """Through Grafana's own proxy; and its query engine, where it has InfluxQL, gives the same rows."""
    provision(GrafanaClient(grafana.url, token=token), want)
    reader = InfluxStore(store)
    portfolio = example.portfolio()
    through_engine = not grafana.version.startswith(("7.", "8."))
    asked = 0
    for board in wiring.boards():
        for question in questions(board, portfolio):
            args = (portfolio, example.SCHOOL, example.NOW)
            rows = the_same(question, reader, *args, lambda statement: grafana.ask(statement, store.database))
            if through_engine and rows:
                start, end = question.query.window.bounds(example.NOW, example.ZONE)
                span = round(start.timestamp() * 1000), round(end.timestamp() * 1000) - 1
                found = grafana.query(asked_by(question, *args), *span)
                assert found >= rows, question.statement
                assert found % rows == 0, "9.4 gives each column an answer of its own"
            asked += 1
    reader.close()

    assert asked > 100


def test_a_dashboard_edited_by_hand_is_kept(grafana: RealGrafana, token: str, want: Wanted) -> None:
    """Until it is named; and the rest goes on."""
    client = GrafanaClient(grafana.url, token=token)
    live = grafana.call("GET", f"/dashboards/uid/{BOARD}")
    edited = {"dashboard": {**live["dashboard"], "title": "Min morgon"}, "folderUid": live["meta"].get("folderUid")}
    grafana.call("POST", "/dashboards/db", {**edited, "folderId": live["meta"].get("folderId"), "message": "min"})

    kept = differing(provision(client, want))
    still = grafana.call("GET", f"/dashboards/uid/{BOARD}")["dashboard"]["title"]
    named = differing(provision(client, want, overwrite=[BOARD]))

    assert [(change.uid, change.outcome) for change in kept] == [(BOARD, Outcome.KEPT)]
    assert still == "Min morgon"
    assert [(change.uid, change.outcome) for change in named] == [(BOARD, Outcome.CHANGED)]


def test_a_renamed_folder_is_kept(grafana: RealGrafana, token: str, want: Wanted) -> None:
    """And told each time."""
    live = grafana.call("GET", f"/folders/{FOLDER}")
    grafana.call("PUT", f"/folders/{FOLDER}", {"title": "Driften", "version": live["version"]})

    kept = differing(provision(GrafanaClient(grafana.url, token=token), want))

    assert [(change.kind, change.outcome) for change in kept] == [("folder", Outcome.KEPT)]
    assert "Driften" in kept[0].reason
    assert grafana.call("GET", f"/folders/{FOLDER}")["title"] == "Driften"


def test_what_is_wanted_no_more_is_taken_away(grafana: RealGrafana, token: str, want: Wanted) -> None:
    """And comes back when it is wanted again."""
    client = GrafanaClient(grafana.url, token=token)
    fewer = replace(want, dashboards=want.dashboards[1:], rules=want.rules[1:])

    gone = [change for change in provision(client, fewer) if change.outcome is Outcome.REMOVED]
    back = [change for change in provision(client, want) if change.outcome is Outcome.CREATED]

    assert want.dashboards[0].content["uid"] in {change.uid for change in gone}
    assert {change.uid for change in gone} == {change.uid for change in back}


def test_a_wrong_token_says_so(grafana: RealGrafana, want: Wanted) -> None:
    """By the name of its setting."""
    with pytest.raises(Refused, match=r"401.*ENERGIMONITOR_GRAFANA_TOKEN_FILE"):
        provision(GrafanaClient(grafana.url, token="glsa_wrong"), want)


def test_a_grafana_that_was_killed_is_as_before(grafana: RealGrafana, token: str, want: Wanted, tmp_path: Path) -> None:
    """Away, it is told of; back again, nothing is sent but what differs."""
    grafana.stop(signal.SIGKILL)
    with pytest.raises(GrafanaError, match="does not answer"):
        provision(GrafanaClient(grafana.url, token=token), want)
    grafana.start()

    again = differing(provision(GrafanaClient(grafana.url, token=token), want))

    assert [change.kind for change in again] == ["folder"]  # the one that was renamed by hand
