"""Provisioning over the HTTP API: from nothing, again, after a person, after a failure."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from config.domain.alarms import ALARMS
from config.domain.panels import Audience, Dashboard
from config.errors import ConfigurationError, GrafanaError
from dashboards.facility_managers.building_now import DASHBOARD
from services.grafana.changes import Change, Outcome
from services.grafana.client import GrafanaClient
from services.grafana.keeping import keep_provisioned, provision_until_done
from services.grafana.provisioning import Choices, Wanted, provision, wanted
from services.store.influxwire import InfluxTarget, InfluxVersion
from tests.dashboards import example
from tests.servers import free_port
from tests.services.grafana.fake_grafana import TOKEN, FakeGrafana, serving

TARGET = InfluxTarget("http://influxdb:8086", "energi", InfluxVersion.V2, token="read-only-token")
UID = "byggnaden-just-nu"
NO_ALARMS = Choices(alarms=())
TOLD = Choices(addresses=("drift@example.se",), webhook="https://example.se/larm")
FOLDER = "energimonitor-facility-managers"
NEW_TITLE = replace(DASHBOARD, title_sv="Byggnaden nu")


@pytest.fixture
def grafana() -> Iterator[FakeGrafana]:
    with serving(FakeGrafana()) as fake:
        yield fake


def client(grafana: FakeGrafana) -> GrafanaClient:
    return GrafanaClient(grafana.url, token=TOKEN)


def want(dashboard: Dashboard = DASHBOARD, target: InfluxTarget = TARGET, choices: Choices = NO_ALARMS) -> Wanted:
    return wanted([dashboard], example.portfolio(), target, example=False, choices=choices)


def outcomes(changes: Sequence[Change]) -> dict[str, Outcome]:
    return {change.kind: change.outcome for change in changes}


def by_kind(changes: Sequence[Change]) -> dict[str, Change]:
    return {change.kind: change for change in changes}


def test_an_empty_grafana_gets_everything(grafana: FakeGrafana) -> None:
    """Data source, folder of the audience, dashboard in the folder; each by its fixed uid."""
    changes = provision(client(grafana), want())

    assert outcomes(changes) == {
        "datasource": "created",
        "folder": "created",
        "team": "created",
        "rights": "changed",
        "dashboard": "created",
    }
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

    kept = by_kind(provision(client(grafana), want(NEW_TITLE)))["dashboard"]

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

    folder = by_kind(provision(client(grafana), want()))["folder"]

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


STEPS = (
    "POST /datasources",
    "POST /folders",
    "POST /teams",
    f"POST /folders/{FOLDER}/permissions",
    "POST /dashboards/db",
    *["POST /v1/provisioning/alert-rules"] * len(ALARMS),
    *["POST /v1/provisioning/contact-points"] * 2,
    "PUT /v1/provisioning/policies",
)


def calls_of_a_first_run() -> int:
    with serving(FakeGrafana()) as fake:
        provision(client(fake), want(choices=TOLD))
        return len(fake.asked)


@pytest.mark.parametrize("answered", range(1, calls_of_a_first_run()))
def test_a_run_that_ends_anywhere_is_mended_by_the_next(grafana: FakeGrafana, answered: int) -> None:
    """What was done before stays; each thing is made once, whichever call was the last that Grafana answered."""
    grafana.answers_left = answered
    with pytest.raises(GrafanaError):
        provision(client(grafana), want(choices=TOLD))
    grafana.answers_left = None

    provision(client(grafana), want(choices=TOLD))
    again = provision(client(grafana), want(choices=TOLD))

    assert set(outcomes(again).values()) == {Outcome.UNCHANGED}
    assert sorted(grafana.writes) == sorted(STEPS)


def test_alarms_are_told_through_a_branch_of_our_own(grafana: FakeGrafana) -> None:
    """The root of the policies, and what others have put there, stay as they are."""
    theirs = {"receiver": "grafana-default-email", "object_matchers": [["team", "=", "it"]]}
    grafana.policies["routes"] = [theirs]

    changes = provision(client(grafana), want(choices=TOLD))

    assert outcomes(changes)["notification policy"] == "created"
    assert [branch["receiver"] for branch in grafana.policies["routes"]] == ["grafana-default-email", "Energimonitor"]
    assert grafana.policies["receiver"] == "grafana-default-email"
    assert set(grafana.rules) == {f"energimonitor-{alarm.id}" for alarm in ALARMS}
    assert {point["type"] for point in grafana.contact_points.values()} == {"email", "webhook"}


def test_a_branch_that_a_person_changed_is_kept(grafana: FakeGrafana) -> None:
    """And told."""
    provision(client(grafana), want(choices=TOLD))
    grafana.policies["routes"][0]["repeat_interval"] = "1h"

    kept = by_kind(provision(client(grafana), want(choices=TOLD)))["notification policy"]

    assert kept.outcome is Outcome.KEPT
    assert grafana.policies["routes"][0]["repeat_interval"] == "1h"


def test_alarms_that_are_wanted_no_more_are_taken_away(grafana: FakeGrafana) -> None:
    """With their contact point, and the branch before it; another's rule and one that a person took over stay."""
    provision(client(grafana), want(choices=TOLD))
    first = f"energimonitor-{ALARMS[0].id}"
    grafana.unlock(grafana.rules, first)
    grafana.rules["theirs"] = {"uid": "theirs", "title": "Diskutrymme", "labels": {}, "provenance": ""}

    changes = provision(client(grafana), want())

    assert set(grafana.rules) == {first, "theirs"}
    assert grafana.contact_points == {}
    assert grafana.policies["routes"] == []
    assert [change.outcome for change in changes if change.uid == first] == [Outcome.KEPT]


def test_a_changed_threshold_is_sent(grafana: FakeGrafana) -> None:
    """Rules are locked in Grafana's pages, so what differs is our own doing."""
    provision(client(grafana), want(choices=TOLD))
    higher = replace(ALARMS[0], above=3_600)

    changes = provision(client(grafana), want(choices=replace(TOLD, alarms=(higher, *ALARMS[1:]))))

    assert [change.uid for change in changes if change.outcome is Outcome.CHANGED] == ["energimonitor-intake-late"]


def test_a_grafana_without_alerting_gets_the_rest(grafana: FakeGrafana) -> None:
    """Grafana 7 and 8: what it lacks is told."""
    grafana.alerting = False

    changes = by_kind(provision(client(grafana), want(choices=TOLD)))

    assert (changes["alerting"].outcome, changes["dashboard"].outcome) == (Outcome.LACKING, Outcome.CREATED)
    assert "13.0.6" in changes["alerting"].reason


def test_grafana_9_keeps_its_policies_unlocked(grafana: FakeGrafana) -> None:
    """It would lock the whole tree in its pages: the way is told instead."""
    grafana.version = "9.5.2"

    changes = by_kind(provision(client(grafana), want(choices=TOLD)))

    assert changes["notification policy"].outcome is Outcome.LACKING
    assert grafana.policies["routes"] == []


def test_a_folder_is_read_by_its_audience(grafana: FakeGrafana) -> None:
    """The viewers of the organisation are taken out, the team is put in, editors stay."""
    provision(client(grafana), want())

    team = grafana.teams["Energimonitor: Fastighetsförvaltare"]
    assert grafana.rights[FOLDER] == [{"teamId": team, "permission": 1}, {"role": "Editor", "permission": 2}]


def test_rights_that_a_person_gave_are_kept(grafana: FakeGrafana) -> None:
    """And told."""
    provision(client(grafana), want())
    grafana.rights[FOLDER] = [{"teamId": 77, "permission": 1}]

    rights = by_kind(provision(client(grafana), want()))["rights"]

    assert rights.outcome is Outcome.KEPT
    assert grafana.rights[FOLDER] == [{"teamId": 77, "permission": 1}]


def test_everybody_who_has_signed_in_reads_what_is_open(grafana: FakeGrafana) -> None:
    """The citizens' folder has the rights of a new one, and no team."""
    public = replace(DASHBOARD, audience=Audience.CITIZENS)

    changes = provision(client(grafana), want(public))

    assert outcomes(changes)["rights"] == "unchanged"
    assert grafana.teams == {}


def test_a_dashboard_that_is_ours_no_more_is_taken_away(grafana: FakeGrafana) -> None:
    """A copy that a person made bears our tags, and stays."""
    provision(client(grafana), want(replace(DASHBOARD, uid="forra-arets")))
    old = grafana.dashboards["forra-arets"]
    grafana.folder_of["kopia"] = FOLDER
    grafana._store("kopia", {**old, "uid": "kopia", "title": "Min kopia"}, "")

    changes = provision(client(grafana), want())

    assert set(grafana.dashboards) == {UID, "kopia"}
    assert [change.uid for change in changes if change.outcome is Outcome.REMOVED] == ["forra-arets"]


def test_a_dashboard_that_is_ours_no_more_and_changed_is_kept(grafana: FakeGrafana) -> None:
    """Its work is a person's."""
    provision(client(grafana), want(replace(DASHBOARD, uid="forra-arets")))
    grafana.edit("forra-arets", title="Min egen")

    changes = provision(client(grafana), want())

    assert "forra-arets" in grafana.dashboards
    assert [change.outcome for change in changes if change.uid == "forra-arets"] == [Outcome.KEPT]


def test_a_folder_that_we_once_named_otherwise_is_renamed(grafana: FakeGrafana) -> None:
    """A dashboard may bear the old name by now, which Grafana 9 does not take."""
    grafana.folders["energimonitor-board"] = {"uid": "energimonitor-board", "title": "Styrelsen", "version": 1}

    changes = provision(client(grafana), want(replace(DASHBOARD, audience=Audience.BOARD)))

    assert outcomes(changes)["folder"] == "changed"
    assert grafana.folders["energimonitor-board"]["title"] == "Energi och klimat för styrelsen"


def test_a_dashboard_that_grafana_refuses_holds_up_no_other(grafana: FakeGrafana) -> None:
    """As where a person has given its name to the folder."""
    grafana.refused = {UID}
    other = replace(DASHBOARD, uid="en-annan")
    both = wanted([DASHBOARD, other], example.portfolio(), TARGET, example=False, choices=NO_ALARMS)

    changes = provision(client(grafana), both)

    found = {change.uid: change.outcome for change in changes if change.kind == "dashboard"}
    assert found == {UID: Outcome.REFUSED, "en-annan": Outcome.CREATED}


def test_a_service_provisions_again_and_again() -> None:
    """The portfolio changes; and Grafana may come back empty."""
    stop, tries = threading.Event(), []

    def attempt() -> list[Change]:
        tries.append(1)
        if len(tries) == 3:
            stop.set()
        return [Change("folder", "x", Outcome.KEPT, "omdöpt")]

    keep_provisioned(attempt, stop, every_s=0.001)

    assert len(tries) == 3


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
