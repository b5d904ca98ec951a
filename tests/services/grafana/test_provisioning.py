"""Provisioning over the HTTP API: from nothing, again, after a person, after a failure."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from config.domain.panels import Dashboard
from config.errors import ConfigurationError, GrafanaError
from dashboards.facility_managers.building_now import DASHBOARD
from services.grafana.client import GrafanaClient
from services.grafana.keeping import provision_until_done
from services.grafana.provisioning import Change, Outcome, Wanted, provision, wanted
from services.store.influxwire import InfluxTarget, InfluxVersion
from tests.dashboards import example
from tests.servers import free_port
from tests.services.grafana.fake_grafana import TOKEN, FakeGrafana, serving

TARGET = InfluxTarget("http://influxdb:8086", "energi", InfluxVersion.V2, token="read-only-token")
UID = "byggnaden-just-nu"
NEW_TITLE = replace(DASHBOARD, title_sv="Byggnaden nu")


@pytest.fixture
def grafana() -> Iterator[FakeGrafana]:
    with serving(FakeGrafana()) as fake:
        yield fake


def client(grafana: FakeGrafana) -> GrafanaClient:
    return GrafanaClient(grafana.url, token=TOKEN)


def want(dashboard: Dashboard = DASHBOARD, target: InfluxTarget = TARGET) -> Wanted:
    return wanted([dashboard], example.portfolio(), target, example=False)


def outcomes(changes: Sequence[Change]) -> dict[str, Outcome]:
    return {change.kind: change.outcome for change in changes}


def test_an_empty_grafana_gets_everything(grafana: FakeGrafana) -> None:
    """Data source, folder of the audience, dashboard in the folder; each by its fixed uid."""
    changes = provision(client(grafana), want())

    assert outcomes(changes) == {"datasource": "created", "folder": "created", "dashboard": "created"}
    assert grafana.datasources["energimonitor"]["secureJsonData"] == {"httpHeaderValue1": "Token read-only-token"}
    assert grafana.folders["energimonitor-facility-managers"]["title"] == "Fastighetsförvaltare"
    assert grafana.folder_of == {UID: "energimonitor-facility-managers"}
    assert grafana.dashboards[UID]["title"] == "Byggnaden just nu"


@pytest.mark.parametrize("rewrites", [False, True], ids=["as sent", "rewritten by Grafana"])
def test_a_second_run_sends_nothing(grafana: FakeGrafana, rewrites: bool) -> None:
    """Also where Grafana stores the JSON otherwise than we sent it: that is no change by hand."""
    grafana.rewrites = rewrites
    provision(client(grafana), want())
    grafana.asked.clear()

    changes = provision(client(grafana), want())

    assert set(outcomes(changes).values()) == {Outcome.UNCHANGED}
    assert grafana.writes == []


@pytest.mark.parametrize("rewrites", [False, True], ids=["as sent", "rewritten by Grafana"])
def test_a_new_definition_replaces_ours(grafana: FakeGrafana, rewrites: bool) -> None:
    """Only the dashboard is sent."""
    grafana.rewrites = rewrites
    provision(client(grafana), want())
    grafana.asked.clear()

    changes = provision(client(grafana), want(NEW_TITLE))

    assert outcomes(changes)["dashboard"] == "changed"
    assert grafana.writes == ["POST /dashboards/db"]
    assert grafana.dashboards[UID]["title"] == "Byggnaden nu"


@pytest.mark.parametrize("rewrites", [False, True], ids=["as sent", "rewritten by Grafana"])
def test_a_change_by_hand_is_kept_and_told(grafana: FakeGrafana, rewrites: bool) -> None:
    """With the difference, and the command that would replace it."""
    grafana.rewrites = rewrites
    provision(client(grafana), want())
    grafana.edit(UID, title="Min egen tavla")

    kept = provision(client(grafana), want(NEW_TITLE))[-1]

    assert kept.outcome is Outcome.KEPT
    assert f"energimonitor provision --overwrite {UID}" in kept.reason
    assert any("Min egen tavla" in line for line in kept.difference)
    assert grafana.dashboards[UID]["title"] == "Min egen tavla"


def test_a_change_by_hand_is_replaced_when_asked_for(grafana: FakeGrafana) -> None:
    """By naming the dashboard."""
    provision(client(grafana), want())
    grafana.edit(UID, title="Min egen tavla")

    changes = provision(client(grafana), want(), overwrite=[UID])

    assert outcomes(changes)["dashboard"] == "changed"
    assert grafana.dashboards[UID]["title"] == "Byggnaden just nu"


def test_a_dashboard_of_somebody_elses_under_our_uid_is_kept(grafana: FakeGrafana) -> None:
    """It never had our mark."""
    grafana.folders["other"] = {"uid": "other", "title": "Annat", "version": 1}
    grafana.folder_of[UID] = "other"
    grafana._store(UID, {"uid": UID, "title": "Annans"}, "")

    changes = provision(client(grafana), want())

    assert outcomes(changes)["dashboard"] == "kept"
    assert grafana.dashboards[UID]["title"] == "Annans"


def test_a_moved_dashboard_stays_where_it_was_moved_to(grafana: FakeGrafana) -> None:
    """Its content is ours, its place is the reader's."""
    provision(client(grafana), want())
    grafana.folders["other"] = {"uid": "other", "title": "Annat", "version": 1}
    grafana.folder_of[UID] = "other"

    provision(client(grafana), want(NEW_TITLE))

    assert grafana.folder_of[UID] == "other"
    assert grafana.dashboards[UID]["title"] == "Byggnaden nu"


def test_a_renamed_folder_is_kept(grafana: FakeGrafana) -> None:
    """And told."""
    provision(client(grafana), want())
    grafana.folders["energimonitor-facility-managers"]["title"] = "Driften"

    folder = provision(client(grafana), want())[1]

    assert (folder.outcome, "Driften" in folder.reason) == (Outcome.KEPT, True)


def test_a_renewed_token_is_seen(grafana: FakeGrafana) -> None:
    """Grafana never gives the old one back; its fingerprint lies beside it, and is not the token."""
    provision(client(grafana), want())

    changes = provision(client(grafana), want(target=replace(TARGET, token="a new one")))

    assert outcomes(changes)["datasource"] == "changed"
    assert grafana.datasources["energimonitor"]["secureJsonData"] == {"httpHeaderValue1": "Token a new one"}
    assert "a new one" not in str(grafana.datasources["energimonitor"]["jsonData"])


def test_a_dry_run_tells_and_sends_nothing(grafana: FakeGrafana) -> None:
    """Both where nothing is there and where something differs."""
    nothing_there = provision(client(grafana), want(), dry_run=True)
    provision(client(grafana), want())
    grafana.asked.clear()
    differs = provision(client(grafana), want(NEW_TITLE), dry_run=True)

    assert set(outcomes(nothing_there).values()) == {Outcome.CREATED}
    assert outcomes(differs)["dashboard"] == "changed"
    assert '+  "title": "Byggnaden nu",' in differs[-1].difference
    assert grafana.writes == []


STEPS = ("POST /datasources", "POST /folders", "POST /dashboards/db")


@pytest.mark.parametrize("step", STEPS)
def test_a_failure_half_way_is_mended_by_the_next_run(grafana: FakeGrafana, step: str) -> None:
    """What was done before stays; nothing is made twice."""
    grafana.fail = {step}
    with pytest.raises(GrafanaError, match="database is locked"):
        provision(client(grafana), want())
    grafana.fail = set()

    provision(client(grafana), want())
    again = provision(client(grafana), want())

    assert set(outcomes(again).values()) == {Outcome.UNCHANGED}
    assert [call for call in grafana.writes if call != step] == [each for each in STEPS if each != step]


def test_a_wrong_token_says_what_to_do(grafana: FakeGrafana) -> None:
    """By the name of the setting."""
    with pytest.raises(GrafanaError, match=r"401.*ENERGIMONITOR_GRAFANA_TOKEN_FILE"):
        provision(GrafanaClient(grafana.url, token="old"), want())


def test_a_data_source_of_that_name_which_is_not_ours_is_told(grafana: FakeGrafana) -> None:
    """Grafana's names are unique: ours could not be made beside it."""
    grafana.datasources["other"] = {"uid": "other", "name": "Energimonitor"}

    with pytest.raises(GrafanaError, match="'Energimonitor' that is not ours"):
        provision(client(grafana), want())


def test_no_grafana_is_an_error_with_a_way_out() -> None:
    """Connection refused."""
    with pytest.raises(GrafanaError, match=r"does not answer.*ENERGIMONITOR_GRAFANA_URL"):
        provision(GrafanaClient(f"http://127.0.0.1:{free_port()}", token=TOKEN), want())


def test_an_address_that_is_none_is_a_configuration_error() -> None:
    """Before anything is asked."""
    with pytest.raises(ConfigurationError, match="grafana:3000"):
        GrafanaClient("grafana", token=TOKEN)


@pytest.mark.parametrize("page", [b"<html>message: welcome</html>", b"not json"])
@pytest.mark.parametrize("status", [200, 502])
def test_something_that_is_not_grafana_is_told(page: bytes, status: int) -> None:
    """A proxy's page, with and without the word that grafana-api looks for."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
            """Silent."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.handle_request, daemon=True)
        thread.start()
        with pytest.raises(GrafanaError):
            provision(GrafanaClient(f"http://127.0.0.1:{server.server_address[1]}", token=TOKEN), want())
        thread.join()


def test_a_service_tries_until_grafana_answers() -> None:
    """Nothing waits for it, and one failure is told once."""
    stop, tries = threading.Event(), []

    def attempt() -> list[Change]:
        tries.append(1)
        if len(tries) < 4:
            raise GrafanaError("not yet")
        return []

    provision_until_done(attempt, stop, first_wait_s=0.001, longest_wait_s=0.002)

    assert len(tries) == 4


def test_a_service_that_ends_stops_trying() -> None:
    """Also in the middle of a wait."""
    stop = threading.Event()

    def attempt() -> list[Change]:
        stop.set()
        raise GrafanaError("never")

    provision_until_done(attempt, stop, first_wait_s=60)

    assert stop.is_set()
