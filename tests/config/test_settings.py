"""Settings: every fault at once, secrets from files, no setting ignored in silence."""

import traceback
from pathlib import Path

import pytest

from config.errors import ConfigurationError
from config.settings import EXAMPLE, Settings, StoreKind, load_settings, readable_by_others

OURS = "ENERGIMONITOR_"


def faults(**given: str) -> list[str]:
    """The faults of an environment."""
    with pytest.raises(ConfigurationError) as refused:
        load_settings({f"{OURS}{name}": value for name, value in given.items()})
    return str(refused.value).splitlines()


def test_with_nothing_set_it_is_a_trial_on_this_machine() -> None:
    """The example, everything embedded, nothing beyond loopback."""
    settings = load_settings({})

    assert settings.municipality == EXAMPLE
    assert settings.embedded_broker
    assert settings.simulated
    assert settings.store is StoreKind.DUCKDB
    assert settings.web_host == "127.0.0.1"
    assert settings.journal == Path("var/journal")


def test_a_named_broker_ends_the_trial() -> None:
    """Simulated meters among real ones would be a false figure."""
    settings = load_settings({"ENERGIMONITOR_BROKER_HOST": "broker.example.se"})

    assert not settings.embedded_broker
    assert not settings.simulated
    assert faults(BROKER_HOST="broker.example.se", SIMULATION="true") == [
        "ENERGIMONITOR_SIMULATION: simulated meters publish to the embedded broker only; unset ENERGIMONITOR_BROKER_HOST"
    ]


def test_every_fault_comes_at_once() -> None:
    """With the variable's name, and what it may be."""
    assert faults(BROKER_HOTS="x", WEB_PORT="99999", STORE="mongo", LANGUAGE="no") == [
        "ENERGIMONITOR_BROKER_HOTS: no such setting; did you mean ENERGIMONITOR_BROKER_HOST?",
        "ENERGIMONITOR_LANGUAGE: Input should be 'sv' or 'en'",
        "ENERGIMONITOR_STORE: Input should be 'duckdb', 'influxdb2' or 'influxdb1'",
        "ENERGIMONITOR_WEB_PORT: Input should be less than or equal to 65535",
    ]


def test_other_peoples_variables_are_not_ours() -> None:
    """The tests' own switches, and the rest of the environment."""
    assert load_settings({"PATH": "/bin", "ENERGIMONITOR_TEST_REQUIRE": "1", "INFLUXDB_TOKEN": "x"}) == Settings()


def test_an_empty_variable_is_one_that_is_not_set() -> None:
    """Compose writes empty ones for what is not chosen."""
    assert load_settings({"ENERGIMONITOR_BROKER_HOST": ""}) == Settings()


def test_a_secret_comes_from_a_file(tmp_path: Path) -> None:
    """Without the line break that editors put at its end."""
    (tmp_path / "token").write_text("hemlig\n")
    settings = load_settings({"ENERGIMONITOR_GRAFANA_TOKEN_FILE": str(tmp_path / "token")})

    assert settings.grafana_token is not None
    assert settings.grafana_token.get_secret_value() == "hemlig"
    assert "hemlig" not in repr(settings)


def test_a_secret_is_given_once(tmp_path: Path) -> None:
    """Two of them: which is meant?"""
    (tmp_path / "token").write_text("a")

    assert faults(GRAFANA_TOKEN="b", GRAFANA_TOKEN_FILE=str(tmp_path / "token")) == [
        "ENERGIMONITOR_GRAFANA_TOKEN_FILE: ENERGIMONITOR_GRAFANA_TOKEN is set too; give one of them"
    ]


def test_a_secrets_file_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    """Not an empty password."""
    (fault,) = faults(BROKER_PASSWORD_FILE=str(tmp_path / "none"))

    assert fault.startswith(f"ENERGIMONITOR_BROKER_PASSWORD_FILE: {tmp_path / 'none'} cannot be read: ")


def test_a_secrets_file_that_all_may_read_is_told(tmp_path: Path) -> None:
    """A file of certificates may be; a token's may not."""
    for name, mode in (("open", 0o644), ("closed", 0o600), ("ca", 0o644)):
        (tmp_path / name).write_text("x")
        (tmp_path / name).chmod(mode)
    given = {
        "ENERGIMONITOR_BROKER_PASSWORD_FILE": str(tmp_path / "open"),
        "ENERGIMONITOR_GRAFANA_TOKEN_FILE": str(tmp_path / "closed"),
        "ENERGIMONITOR_INFLUXDB_TOKEN_FILE": str(tmp_path / "none"),
        "ENERGIMONITOR_BROKER_CA_FILE": str(tmp_path / "ca"),
    }

    assert readable_by_others(given) == ["ENERGIMONITOR_BROKER_PASSWORD_FILE"]


def test_a_faults_traceback_shows_no_secret() -> None:
    """It is logged, and the token stands beside what is wrong."""
    token = "-".join(["hem", "lig"])  # written so that the traceback's own source line does not have it
    with pytest.raises(ConfigurationError) as refused:
        load_settings({"ENERGIMONITOR_INFLUXDB_TOKEN": token, "ENERGIMONITOR_STORE": "influxdb2"})

    assert "INFLUXDB_URL" in str(refused.value)
    assert token not in "".join(traceback.format_exception(refused.value))


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"STORE": "influxdb1"}, "ENERGIMONITOR_INFLUXDB_URL: needed with ENERGIMONITOR_STORE=influxdb1"),
        (
            {"STORE": "influxdb2", "INFLUXDB_URL": "http://x"},
            "ENERGIMONITOR_INFLUXDB_TOKEN_FILE: needed with ENERGIMONITOR_STORE=influxdb2; name a file that holds the token",
        ),
        (
            {"BROKER_TLS": "true", "BROKER_CERTIFICATE": "a.pem"},
            "ENERGIMONITOR_BROKER_CERTIFICATE and ENERGIMONITOR_BROKER_KEY: give both or neither",
        ),
        (
            {"BROKER_CERTIFICATE": "a.pem", "BROKER_KEY": "b.pem"},
            "ENERGIMONITOR_BROKER_TLS: must be true where a client certificate is given",
        ),
    ],
)
def test_what_belongs_together_is_given_together(given: dict[str, str], fault: str) -> None:
    """Else the service would fail later, and say less."""
    assert faults(**given) == [fault]
