"""Provisioning by files: the same JSON, and no secret in any of them."""

from pathlib import Path

import orjson
import yaml

from dashboards.facility_managers.building_now import DASHBOARD
from services.grafana.alarm_rules import RECEIVER
from services.grafana.files import write_files
from services.grafana.provisioning import Choices, wanted
from services.store.influxwire import InfluxTarget, InfluxVersion
from tests.dashboards import example

TARGET = InfluxTarget("http://influxdb:8086", "energi", InfluxVersion.V2, token="read-only-token")
SECRET = "$__file{/run/secrets/influxdb_token_grafana}"
WANTED = wanted([DASHBOARD], example.portfolio(), TARGET, example=True)


def test_the_files_hold_the_same_dashboard_and_no_secret(tmp_path: Path) -> None:
    """One definition, both ways."""
    written = write_files(tmp_path, WANTED, TARGET, SECRET)

    names = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file())
    board = tmp_path / "dashboards/energimonitor-facility-managers/byggnaden-just-nu.json"
    assert names == [
        "dashboards/energimonitor-facility-managers/byggnaden-just-nu.json",
        "provisioning/alerting/energimonitor.yaml",
        "provisioning/dashboards/energimonitor.yaml",
        "provisioning/datasources/energimonitor.yaml",
    ]
    assert len(written) == 4
    assert orjson.loads(board.read_bytes()) == WANTED.dashboards[0].content
    assert all("read-only-token" not in path.read_text() for path in written)


def test_grafana_takes_the_secret_from_its_own_file(tmp_path: Path) -> None:
    """Expanded by Grafana inside the header; every other dollar sign is doubled so that it stays one."""
    target = InfluxTarget("http://influxdb:8086", "en$ergi", InfluxVersion.V2, token="read-only-token")
    write_files(tmp_path, WANTED, target, SECRET)

    source = yaml.safe_load((tmp_path / "provisioning/datasources/energimonitor.yaml").read_text())["datasources"][0]

    assert source["uid"] == "energimonitor"
    assert source["secureJsonData"] == {"httpHeaderValue1": f"Token {SECRET}"}
    assert source["jsonData"] == {
        "version": "InfluxQL",
        "dbName": "en$$ergi",
        "httpMode": "POST",
        "httpHeaderName1": "Authorization",
    }


def test_influxdb_1_has_user_and_password(tmp_path: Path) -> None:
    """And no token's header."""
    target = InfluxTarget("http://influxdb:8086", "energi", InfluxVersion.V1, username="grafana", password="hemligt")
    write_files(tmp_path, WANTED, target, "$GRAFANA_INFLUXDB_PASSWORD")

    text = (tmp_path / "provisioning/datasources/energimonitor.yaml").read_text()

    source = yaml.safe_load(text)["datasources"][0]
    assert (source["user"], source["secureJsonData"]) == ("grafana", {"password": "$GRAFANA_INFLUXDB_PASSWORD"})
    assert "hemligt" not in text
    assert "Authorization" not in text


def test_each_audience_has_its_folder(tmp_path: Path) -> None:
    """By uid; what files provision cannot be changed on the page, so nothing made by hand is lost there."""
    write_files(tmp_path, WANTED, TARGET, SECRET, mounted="/etc/grafana/ours/")

    provider = yaml.safe_load((tmp_path / "provisioning/dashboards/energimonitor.yaml").read_text())["providers"][0]

    assert provider["folderUid"] == "energimonitor-facility-managers"
    assert provider["options"] == {"path": "/etc/grafana/ours/dashboards/energimonitor-facility-managers"}
    assert provider["allowUiUpdates"] is False


def test_writing_again_touches_nothing(tmp_path: Path) -> None:
    """Grafana would load it again."""
    write_files(tmp_path, WANTED, TARGET, SECRET)

    assert write_files(tmp_path, WANTED, TARGET, SECRET) == []


def test_alarms_name_whom_they_tell(tmp_path: Path) -> None:
    """Each rule itself: a file of policies would replace other people's. Queries keep their dollar signs (seen in 9.4)."""
    told = wanted([DASHBOARD], example.portfolio(), TARGET, example=True, choices=Choices(addresses=("drift@example.se",)))
    write_files(tmp_path, told, TARGET, SECRET)

    written = yaml.safe_load((tmp_path / "provisioning/alerting/energimonitor.yaml").read_text())

    (group,) = written["groups"]
    assert group["folder"] == "Fastighetsförvaltare"
    assert {rule["notification_settings"]["receiver"] for rule in group["rules"]} == {RECEIVER}
    assert "WHERE $timeFilter AND" in group["rules"][0]["data"][0]["model"]["query"]
    assert written["contactPoints"][0]["receivers"][0]["settings"]["addresses"] == "drift@example.se"
    assert "policies" not in written
