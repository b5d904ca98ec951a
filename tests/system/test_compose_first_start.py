"""docs/compose/first-start.sh makes what docker-compose.yml asks for; a `docker` of ours runs its programs without an engine."""

import ssl
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from tests.servers import HTTP, Influxd2
from tests.system.compose import OURS, compose
from tests.system.first_start import FirstStart, Unset


@pytest.fixture
def first_start(tmp_path: Path) -> FirstStart:
    return FirstStart(tmp_path).without_tokens()


@pytest.fixture
def empty_influxd2(tmp_path: Path) -> Iterator[Influxd2]:
    """One for a test."""
    with Unset(tmp_path / "influxd2") as server:
        yield server


def test_every_secret_of_the_compose_file_is_made(first_start: FirstStart) -> None:
    """One that is missing stops `docker compose up` in the middle."""
    result = first_start.run()

    assert result.returncode == 0, result.stderr
    wanted = {Path(secret["file"]).name for secret in compose()["secrets"].values()}
    assert {name for name, content in first_start.contents().items() if content} >= wanted


def test_a_second_run_changes_nothing(first_start: FirstStart) -> None:
    """Whoever is unsure whether it ended runs it again."""
    first_start.run()
    before = first_start.contents()

    result = first_start.run("other.example.se")

    assert result.returncode == 0, result.stderr
    assert first_start.contents() == before


def test_the_folder_is_closed_and_its_files_can_be_read_inside_a_container(first_start: FirstStart) -> None:
    """Compose mounts a file as it lies here: the container's user reads it, other users of this machine do not reach it."""
    first_start.run()
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in first_start.secrets.iterdir()}

    assert stat.S_IMODE(first_start.secrets.stat().st_mode) == 0o700
    assert modes.pop("ca.key") == 0o600
    assert {name: oct(mode) for name, mode in modes.items() if mode != 0o644} == {}


def test_two_machines_get_different_secrets(tmp_path: Path) -> None:
    """A secret that everybody has is none; each has 192 bits."""
    made = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        start = FirstStart(tmp_path / name).without_tokens()
        start.run()
        made.append(start.contents())
    names = ("influxdb_operator_token", "influxdb_admin_password", "grafana_admin_password", "mosquitto_password_collector")

    for name in names:
        assert made[0][name] != made[1][name]
        assert len(bytes.fromhex(made[0][name].decode())) == 24


def test_the_broker_gets_hashes_only(first_start: FirstStart) -> None:
    """Its password file holds no password that would open anything."""
    first_start.run()
    secrets = first_start.contents()
    (line,) = secrets["mosquitto_passwords"].decode().splitlines()

    assert line.startswith("collector:$7$")
    assert secrets["mosquitto_password_collector"] not in secrets["mosquitto_passwords"]


def test_a_meter_gets_an_account_of_its_own(first_start: FirstStart) -> None:
    """Its password lies beside the others; the broker has the hash, in the very file that it has mounted."""
    first_start.run()
    file = first_start.secrets / "mosquitto_passwords"
    mounted = file.stat().st_ino

    for name in ("hall.1", "hall-1"):
        assert first_start.add_meter(name).returncode == 0

    assert [line.split("$")[0] for line in file.read_text().splitlines()] == ["collector:", "hall.1:", "hall-1:"]
    assert file.stat().st_ino == mounted
    assert len(bytes.fromhex((first_start.secrets / "meters" / "hall.1").read_text())) == 24


def test_an_account_that_is_there_keeps_its_password(first_start: FirstStart) -> None:
    """A second call would lock the meter out."""
    first_start.run()
    first_start.add_meter("wmbusmeters")
    before = first_start.contents()

    assert first_start.add_meter("wmbusmeters").returncode == 0
    assert first_start.contents() == before


@pytest.mark.parametrize("name", ["", "collector", "a/b", "a:b", "#", "+", "a b", "a\nb", "../x", "..", "-n", "$(id)"])
def test_a_name_that_would_open_more_is_refused(first_start: FirstStart, name: str) -> None:
    """The name becomes a level of topics in the broker's rights, a line of its file and a file of ours."""
    first_start.run()
    before = first_start.contents()

    assert first_start.add_meter(name).returncode != 0
    assert first_start.contents() == before


@pytest.mark.parametrize(
    ("name", "expected"), [("broker.example.se", ("DNS", "broker.example.se")), ("192.0.2.7", ("IP Address", "192.0.2.7"))]
)
def test_the_certificate_is_of_the_broker_s_names(tmp_path: Path, name: str, expected: tuple[str, str]) -> None:
    """Meters that check the name refuse any other; the collector calls it mosquitto."""
    start = FirstStart(tmp_path).without_tokens()
    start.run(name)
    context = ssl.create_default_context(cafile=str(start.secrets / "ca.crt"))
    context.load_cert_chain(start.secrets / "mosquitto.crt", start.secrets / "mosquitto.key")
    text = subprocess.run(
        ["openssl", "x509", "-in", start.secrets / "mosquitto.crt", "-noout", "-ext", "subjectAltName"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    names = [tuple(part.strip().split(":", 1)) for part in text.splitlines()[1].split(",")]

    assert expected in names
    assert ("DNS", "mosquitto") in names
    assert subprocess.run(
        ["openssl", "verify", "-purpose", "sslserver", "-CAfile", start.secrets / "ca.crt", start.secrets / "mosquitto.crt"],
        capture_output=True,
        check=False,
    ).returncode == 0  # fmt: skip


def test_a_new_broker_certificate_is_refused_without_the_authority_s_key(first_start: FirstStart) -> None:
    """The key belongs elsewhere after the first start; a new authority would lock every meter out without a word."""
    first_start.run()
    for name in ("ca.key", "mosquitto.crt"):
        (first_start.secrets / name).unlink()

    result = first_start.run()

    assert result.returncode != 0
    assert "ca.key is not here" in result.stderr


@pytest.mark.influxdb2
def test_each_token_has_the_rights_of_its_service_and_no_more(tmp_path: Path, empty_influxd2: Influxd2) -> None:
    """docs/security.md: collector and jobs write, web and Grafana read, nobody sees another bucket."""
    start = FirstStart(tmp_path, empty_influxd2.url)
    result = start.run()
    assert result.returncode == 0, result.stderr
    tokens = {who: (start.secrets / f"influxdb_token_{who}").read_text() for who in (*OURS, "grafana")}

    def status(who: str, method: str, path: str, body: bytes | None = None) -> int:
        answer = HTTP.request(method, empty_influxd2.url + path, body=body, headers={"Authorization": f"Token {tokens[who]}"})
        return answer.status

    write = "/api/v2/write?org=energimonitor&bucket=energimonitor"
    read = "/query?db=energimonitor&q=SELECT%20*%20FROM%20readings"
    assert [status(who, "POST", write, b"readings value=1.0 1") for who in tokens] == [204, 204, 403, 403]
    assert [status(who, "GET", read) for who in tokens] == [200, 200, 200, 200]
    for who in tokens:
        buckets = orjson.loads(
            HTTP.request("GET", f"{empty_influxd2.url}/api/v2/buckets", headers={"Authorization": f"Token {tokens[who]}"}).data
        )
        assert [bucket["name"] for bucket in buckets["buckets"]] == ["energimonitor"]
        org = buckets["buckets"][0]["orgID"]
        everything = {"orgID": org, "permissions": [{"action": "write", "resource": {"type": "buckets", "orgID": org}}]}
        assert status(who, "POST", "/api/v2/authorizations", orjson.dumps(everything)) in {401, 403}


@pytest.mark.influxdb2
def test_a_token_that_was_deleted_is_made_again(tmp_path: Path, empty_influxd2: Influxd2) -> None:
    """The way to replace one that leaked; the others stay."""
    start = FirstStart(tmp_path, empty_influxd2.url)
    start.run()
    before = start.contents()
    (start.secrets / "influxdb_token_web").unlink()
    result = start.run()

    assert result.returncode == 0, result.stderr
    after = start.contents()
    assert after.pop("influxdb_token_web") != before.pop("influxdb_token_web")
    assert after == before
