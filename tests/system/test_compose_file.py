"""docker-compose.yml says what the compose specification understands, and nothing in it is open that need not be."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from config.settings import StoreKind, load_settings
from tests.servers import ROOT
from tests.system.compose import FILE, ONCE, OURS, compose, environment, ours, services

EVERY = pytest.mark.parametrize("service", sorted(services()))
# What images ask for to be secret, whatever its name's ending.
SECRET_WORDS = re.compile(r"PASSWORD|TOKEN|SECRET|KEY", re.IGNORECASE)


def schema_check(file: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(file)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_the_file_follows_the_compose_specification() -> None:
    """There is no Docker engine where the tests run; the specification's own schema is what an engine starts from."""
    result = schema_check(FILE)

    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(("word", "broken"), [("healthcheck:", "healthchek:"), ("restart: unless-stopped", "restart: [always]")])
def test_the_schema_refuses_a_mistake(word: str, broken: str, tmp_path: Path) -> None:
    """A check that takes everything would have passed above too."""
    file = tmp_path / "docker-compose.yml"
    file.write_text(FILE.read_text().replace(word, broken))

    result = schema_check(file)

    assert FILE.read_text() != file.read_text()
    assert result.returncode != 0


def test_the_services_are_the_three_of_ours_and_the_three_that_they_need() -> None:
    """One image, three services that stay and one that writes Grafana's files and ends; a further one needs its own tests."""
    assert set(services()) == {*OURS, *ONCE, "mosquitto", "influxdb", "grafana"}
    assert {services()[name]["image"] for name in (*OURS, *ONCE)} == {services()["collector"]["image"]}


@EVERY
def test_an_image_is_pinned_to_one_version(service: str) -> None:
    """`influxdb:latest` became another product one morning."""
    image = services()[service]["image"]

    assert re.fullmatch(r"[a-z0-9./-]+:\d+\.\d+\.\d+[a-z0-9.-]*(@sha256:[0-9a-f]{64})?", image), image


@pytest.mark.parametrize(("service", "version"), [("influxdb", "influxdb:2.9.1"), ("grafana", "grafana/grafana:13.")])
def test_the_versions_are_the_ones_that_the_tests_speak_to(service: str, version: str) -> None:
    """Issue: influxdb:2.9.1 and a Grafana of the 13 line."""
    assert services()[service]["image"].startswith(version)


@EVERY
def test_ports_are_published_on_loopback_only(service: str) -> None:
    """Nothing listens beyond the machine unless a person says so."""
    published = services()[service].get("ports", [])

    assert [port for port in published if not re.fullmatch(r"127\.0\.0\.1:\d+:\d+", str(port))] == []


def test_the_store_and_the_listener_without_tls_are_not_published() -> None:
    """Only containers reach them."""
    assert "ports" not in services()["influxdb"]
    assert not any(str(port).endswith(":1883") for port in services()["mosquitto"]["ports"])


@EVERY
def test_a_container_may_do_no_more_than_it_must(service: str) -> None:
    """No root, nothing written outside its volumes, no capability, no way to gain one."""
    settings = services()[service]
    user, group = str(settings["user"]).split(":")

    assert int(user) > 0
    assert int(group) > 0
    assert settings["read_only"] is True
    assert settings["cap_drop"] == ["ALL"]
    assert "cap_add" not in settings
    assert "privileged" not in settings
    assert settings["security_opt"] == ["no-new-privileges:true"]
    assert settings["pids_limit"] > 0


@pytest.mark.parametrize("service", sorted(set(services()) - set(ONCE)))
def test_a_container_comes_back_and_says_how_it_is(service: str) -> None:
    """Restarted after a crash, given time to end in good order, asked for its health."""
    settings = services()[service]

    assert settings["restart"] == "unless-stopped"
    assert settings["stop_grace_period"]
    assert settings["healthcheck"]["test"][0] == "CMD"
    assert settings["healthcheck"]["retries"] >= 3


@EVERY
def test_what_is_written_is_in_a_named_volume_or_in_memory(service: str) -> None:
    """A folder of the host that is written to belongs to nobody's backup; the ones that are mounted are read."""
    mounts = services()[service].get("volumes", [])
    named = set(compose()["volumes"])

    for mount in mounts:
        source, _target, *mode = str(mount).split(":")
        assert source in named or mode == ["ro"], mount


@EVERY
def test_what_is_mounted_from_the_project_is_there(service: str) -> None:
    """Docker makes an empty folder of a file that is missing, and the broker starts with no configuration."""
    sources = [str(mount).split(":")[0] for mount in services()[service].get("volumes", [])]

    assert [source for source in sources if source.startswith("./") and not (ROOT / source).exists()] == []


def test_every_secret_is_a_file_below_the_folder_that_git_ignores() -> None:
    """A secret in the environment of a container is read by whoever may inspect it."""
    secrets = compose()["secrets"]

    assert secrets
    for name, secret in secrets.items():
        assert set(secret) == {"file"}, name
        assert secret["file"].startswith("./secrets/"), name
    assert "/secrets/" in (ROOT / ".gitignore").read_text().split()


@EVERY
def test_no_secret_stands_in_the_environment(service: str) -> None:
    """Names of secret things hold a path to a file that the service is given."""
    given = services()[service].get("secrets", [])
    for name, value in environment(service).items():
        if SECRET_WORDS.search(name):
            assert name.endswith("_FILE"), f"{name} holds the secret itself"
            assert value.removeprefix("/run/secrets/") in given, f"{name} names a file that {service} is not given"


@pytest.mark.parametrize("service", [*OURS, *ONCE])
def test_every_variable_of_ours_is_a_setting(service: str, tmp_path: Path) -> None:
    """A misspelt one would stop the service at its start; the whole environment is read as the service reads it."""
    given = ours(service)
    for name, value in given.items():
        if value.startswith("/run/secrets/"):
            (tmp_path / name).write_text(f"the content of {value}\n")
            given[name] = str(tmp_path / name)

    settings = load_settings(given)

    assert settings.store is StoreKind.INFLUXDB2
    assert settings.influxdb_token is not None
    assert settings.influxdb_token.get_secret_value().startswith("the content of /run/secrets/influxdb_token_")
    assert str(settings.data_dir) in {str(mount).split(":")[1] for mount in services()["collector"]["volumes"]}
    assert str(settings.municipality) in {str(mount).split(":")[1] for mount in services()[service]["volumes"]}


def test_the_board_listens_where_its_port_is_published() -> None:
    """Inside its container it must listen on all addresses, or Docker reaches nothing."""
    board = ours("web")

    assert board["ENERGIMONITOR_WEB_HOST"] == "0.0.0.0"
    assert services()["web"]["ports"][0].endswith(f":{board['ENERGIMONITOR_WEB_PORT']}")


def test_the_collector_speaks_to_the_broker_of_the_file() -> None:
    """Not to the embedded one, which forgets."""
    collector = ours("collector")

    assert collector["ENERGIMONITOR_BROKER_HOST"] in services()
    assert not any("BROKER" in name for service in ("jobs", "web") for name in ours(service))


def test_every_secret_is_used_and_every_used_one_exists() -> None:
    """A name misspelt on one side stops the start with a puzzling sentence."""
    used = {name for service in services().values() for name in service.get("secrets", [])}

    assert used == set(compose()["secrets"])


def test_the_operator_token_is_given_to_the_store_alone() -> None:
    """It may delete everything; our services have tokens of their own."""
    holders = [name for name, service in services().items() if "influxdb_operator_token" in service.get("secrets", [])]

    assert holders == ["influxdb"]


def test_each_of_ours_has_its_own_token() -> None:
    """The board may not write, and one that leaks is withdrawn alone."""
    tokens = [
        name for service in (*OURS, "grafana") for name in services()[service]["secrets"] if name.startswith("influxdb_token")
    ]

    assert len(tokens) == len(set(tokens)) == 4


@EVERY
def test_what_a_service_waits_for_is_healthy_before_it_starts(service: str) -> None:
    """`service_started` says that a process exists, not that it answers."""
    waits = services()[service].get("depends_on", {})

    assert set(waits) <= set(services())
    assert {name: rule["condition"] for name, rule in waits.items()} == {
        name: "service_completed_successfully" if name in ONCE else "service_healthy" for name in waits
    }


@pytest.mark.parametrize("service", ONCE)
def test_what_ends_is_not_started_again(service: str) -> None:
    """`unless-stopped` would run it in a circle."""
    assert services()[service]["restart"] == "no"
    assert "healthcheck" not in services()[service]


def test_grafana_reads_what_provision_writes() -> None:
    """The same path in both: the dashboards' provider names where Grafana sees them."""
    written = services()["provision"]["command"][-1]

    assert f"grafana-files:{written}" in services()["provision"]["volumes"]
    assert f"grafana-files:{written}:ro" in services()["grafana"]["volumes"]
    assert environment("grafana")["GF_PATHS_PROVISIONING"] == f"{written}/provisioning"


@pytest.mark.parametrize("service", [*OURS, *ONCE])
def test_a_volume_of_ours_lies_on_a_folder_that_its_user_owns(service: str) -> None:
    """A new volume takes the owner of the image's folder; where the image has none it is root's, and nothing can be written."""
    dockerfile = (ROOT / "Dockerfile").read_text()
    owned = set(re.findall(r"install --directory --owner 10001 .* (/\S+)", dockerfile))
    mounts = [str(mount).split(":") for mount in services()[service]["volumes"] if not str(mount).startswith(".")]

    assert {target for _, target, *_ in mounts} <= owned


@EVERY
def test_every_network_and_volume_is_declared(service: str) -> None:
    """The schema does not look across the file."""
    settings = services()[service]

    assert settings["networks"]
    assert set(settings["networks"]) <= set(compose()["networks"])
    assert {str(m).split(":")[0] for m in settings.get("volumes", []) if not str(m).startswith(".")} <= set(compose()["volumes"])


def test_the_meters_network_does_not_reach_the_store() -> None:
    """Who breaks into the broker finds no database beside it."""
    assert not set(services()["mosquitto"]["networks"]) & set(services()["influxdb"]["networks"])
    assert compose()["networks"]["store"]["internal"] is True


def test_the_broker_in_a_container_keeps_what_the_shipped_one_keeps() -> None:
    """Two configurations: one for Debian's paths, one for a container's. What was measured may not differ."""

    def lines(file: Path) -> dict[str, str]:
        pairs = [line.split(maxsplit=1) for line in file.read_text().splitlines() if line and not line.startswith("#")]
        return {key: value for key, value in pairs if key not in {"listener", "certfile", "keyfile", "tls_version", "log_dest"}}

    shipped, container = lines(ROOT / "collectors/mqtt/mosquitto.conf"), lines(ROOT / "docs/compose/mosquitto.conf")
    paths = {"password_file", "acl_file", "persistence_location"}

    assert shipped.keys() == container.keys()
    assert {key: value for key, value in shipped.items() if key not in paths} == {
        key: value for key, value in container.items() if key not in paths
    }


def test_the_broker_reads_what_compose_mounts() -> None:
    """Each path in its configuration is a secret, a mounted file or a volume of its own."""
    text = (ROOT / "docs/compose/mosquitto.conf").read_text()
    paths = re.findall(r"^(?!#)\w+ (/\S+)$", text, re.MULTILINE)
    given = {f"/run/secrets/{name}" for name in services()["mosquitto"]["secrets"]}
    given |= {str(mount).split(":")[1] for mount in services()["mosquitto"]["volumes"]}

    assert len(paths) == 5
    assert {path.rstrip("/") for path in paths} <= given


def test_the_image_is_built_without_root_and_without_developers_tools() -> None:
    """What the Dockerfile promises in words."""
    text = (ROOT / "Dockerfile").read_text()
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    bases = [line.split()[1] for line in lines if line.startswith("FROM")]
    final = text[text.rindex("\nFROM") :]

    assert all(re.fullmatch(r"python:\d+\.\d+\.\d+-slim-[a-z]+(@sha256:[0-9a-f]{64})?", base) for base in bases), bases
    assert len(set(bases)) == 1
    assert re.search(r"^USER 10001:10001$", final, re.MULTILINE)
    assert "HEALTHCHECK" in final
    assert "apt-get" not in text
    assert "--require-hashes" in text


def test_the_numbers_of_user_and_version_are_the_same_everywhere() -> None:
    """The owner of the volume in the image is the user of the service in compose; the tag is the version."""
    version = re.search(r'^version = "([^"]+)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)

    assert version is not None
    assert {services()[name]["user"] for name in (*OURS, *ONCE)} == {"10001:10001"}
    assert services()["collector"]["image"] == f"energimonitor:{version[1]}"


def test_the_build_takes_everything_that_it_copies_and_no_more() -> None:
    """.dockerignore lets in by name: a secret or the history cannot slip into an image."""
    rules = (ROOT / ".dockerignore").read_text().split("\n")
    allowed = {rule[1:] for rule in rules if rule.startswith("!")}
    copies = re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    copied = {source for line in copies for source in line.split()}

    assert rules[1] == "*"
    assert copied == allowed
    assert [name for name in copied if not (ROOT / name).exists()] == []
