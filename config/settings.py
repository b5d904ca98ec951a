"""Settings: environment variables `ENERGIMONITOR_<NAME>`, each a field of `Settings`; any may come from a file as `<NAME>_FILE`.

A misspelt variable is a fault, not a default: a service that quietly ignores ENERGIMONITOR_BROKER_HOTS runs on the example.
"""

import difflib
import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator

from config.addresses import is_safe_address
from config.errors import ConfigurationError
from config.municipality.entries import in_swedish, wrong

PREFIX = "ENERGIMONITOR_"
TESTS = "ENERGIMONITOR_TEST_"  # the tests' own switches, not the service's
EXAMPLE = Path(__file__).parent / "borlange"

Port = Annotated[int, Field(ge=1, le=65_535)]


class StoreKind(StrEnum):
    DUCKDB = "duckdb"
    INFLUXDB2 = "influxdb2"
    INFLUXDB1 = "influxdb1"


class Settings(BaseModel):
    """What one installation chooses. Field descriptions are the documentation's."""

    # hide_input: a fault's traceback must not show the secrets that were given beside it
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    municipality: Path = Field(EXAMPLE, description="Folder with the municipality's YAML; the packaged example where not set.")
    data_dir: Path = Field(Path("var"), description="Folder for journal, state and the embedded store.")
    language: Literal["sv", "en"] = Field("sv", description="Language of what the commands print for people.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="How much is logged.")

    broker_host: str | None = Field(None, description="MQTT broker; the embedded one, for a trial, where not set.")
    broker_port: Port | None = Field(None, description="Port of the broker; 8883 with TLS, 1883 without, where not set.")
    broker_protocol: Literal["auto", "5", "3.1.1"] = Field("auto", description="MQTT version; auto tries 5 first.")
    broker_tls: bool = Field(False, description="TLS to the broker.")
    broker_ca_file: Path | None = Field(None, description="Certificates to trust in place of the machine's.")
    broker_certificate: Path | None = Field(None, description="Our client certificate (PEM).")
    broker_key: Path | None = Field(None, description="The certificate's key (PEM).")
    broker_username: str | None = Field(None, description="Account at the broker.")
    broker_password: SecretStr | None = Field(None, description="Its password; better as a file.")
    broker_client_id: str = Field(
        "energimonitor", description="Client id; the broker keeps our queue under it, so it never changes."
    )
    broker_keepalive_s: int = Field(30, ge=5, le=3600, description="Seconds between signs of life.")
    broker_session_expiry_s: int = Field(
        2_592_000, ge=3600, description="How long the broker keeps our queue while we are away (MQTT 5)."
    )

    journal_folder: Path | None = Field(None, description="Folder of the journal; `journal` in the data folder where not set.")
    journal_keep_days: int = Field(92, ge=1, description="Days that raw messages are kept.")
    journal_cap_bytes: int | None = Field(
        None,
        ge=10_000_000,
        description="What the journal may hold; when it is reached nothing is acknowledged. No cap where not set.",
    )

    store: StoreKind = Field(StoreKind.DUCKDB, description="Time-series store: duckdb (embedded), influxdb2 or influxdb1.")
    influxdb_url: str | None = Field(None, description="Address of InfluxDB.")
    influxdb_org: str = Field("energimonitor", description="Organisation (InfluxDB 2).")
    influxdb_database: str = Field("energimonitor", description="Bucket (2) or database (1).")
    influxdb_token: SecretStr | None = Field(None, description="Token (InfluxDB 2); better as a file.")
    influxdb_username: str = Field("", description="Account (InfluxDB 1, where it asks for one).")
    influxdb_password: SecretStr | None = Field(None, description="Its password; better as a file.")
    influxdb_ca_file: Path | None = Field(None, description="Certificates to trust in place of the machine's.")

    min_coverage: float = Field(
        0.9, ge=0, le=1, description="Share of a period's hours that must be known for its figure to be shown."
    )
    max_uncertainty: float = Field(
        0.25, gt=0, description="Half width of the 90 % interval, as a share of the figure, above which it is not shown."
    )

    weather: Literal["off", "smhi"] = Field(
        "off", description="Where weather is fetched from; nothing is called where off, and files can be imported all the same."
    )
    weather_url: str = Field(
        "https://opendata-download-metobs.smhi.se", description="Address of SMHI's observations, or of a mirror of them."
    )
    weather_model_url: str = Field(
        "https://opendata-download-metanalys.smhi.se", description="Address of SMHI's model STRÅNG, or of a mirror of it."
    )

    prices: Literal["off", "elprisetjustnu"] = Field(
        "off", description="Where day-ahead prices are fetched from; nothing is called where off, and files can be imported."
    )
    prices_url: str = Field(
        "https://www.elprisetjustnu.se/api/v1/prices", description="Address of the prices' API, or of a mirror of it."
    )

    kolada: Literal["off", "v3"] = Field(
        "off", description="Whether `energimonitor goals fetch` may ask Kolada for goals' values; nothing is called where off."
    )
    kolada_url: str = Field("https://api.kolada.se/v3", description="Address of Kolada's API, or of a mirror of it.")

    deviation_share: float = Field(
        0.2, gt=0, le=5, description="Share of the expected use that a day must lie above it to be odd."
    )
    deviation_least_kwh: float = Field(10, ge=0, description="kWh a day that it must lie above it besides.")
    deviations_per_week: int = Field(
        5, ge=1, description="New deviations that are told per owner and week, the costliest first; the others wait."
    )

    web_host: str = Field("127.0.0.1", description="Address that the board listens on; anything but loopback is a decision.")
    web_port: Port = Field(8080, description="Port of the board.")

    board_url: str | None = Field(
        None,
        description="Address of the board as people call it, as https://energi.example.se; OpenID Connect needs it.",
    )
    open_data_contact: str | None = Field(
        None, description="E-mail address that the catalogue of open data names for questions (DCAT-AP-SE asks for one)."
    )
    trusted_proxies: str = Field(
        "", description="Addresses or networks of reverse proxies whose X-Forwarded-For is believed, by comma; none where empty."
    )
    users_file: Path | None = Field(
        None,
        description="YAML with accounts and what groups may do, made by `energimonitor users add`; none where not set.",
    )
    oidc_issuer: str | None = Field(
        None, description="OpenID Connect site that people may sign in at, as https://login.microsoftonline.com/TENANT/v2.0."
    )
    oidc_client_id: str | None = Field(None, description="Our id there.")
    oidc_client_secret: SecretStr | None = Field(None, description="Our secret there; better as a file.")
    session_idle_minutes: int = Field(
        120, ge=5, le=1440, description="Minutes without a request after which one must sign in again."
    )
    session_hours: int = Field(12, ge=1, le=720, description="Hours after which one must sign in again, whatever one did.")
    audit_keep_days: int = Field(730, ge=30, description="Days that the log of changes and sign-ins is kept.")

    grafana_url: str | None = Field(None, description="Grafana to provision; none where not set.")
    grafana_token: SecretStr | None = Field(None, description="Service-account token; better as a file.")
    grafana_ca_file: Path | None = Field(None, description="Certificates to trust in place of the machine's.")
    grafana_influxdb_url: str | None = Field(None, description="InfluxDB as Grafana reaches it; influxdb_url where not set.")
    grafana_influxdb_token: SecretStr | None = Field(
        None, description="The token that Grafana reads with; it should be able to read only."
    )
    grafana_alert_emails: str = Field(
        "", description="Addresses that Grafana tells of alarms, by comma; its own default policy holds where neither is set."
    )
    grafana_alert_webhook: str | None = Field(None, description="Address that Grafana calls with alarms.")

    smtp_host: str | None = Field(None, description="Mail server for alerts and reports; no mail is sent where not set.")
    smtp_port: Port | None = Field(None, description="Its port; 587 with starttls, 465 with tls, 25 with plain, where not set.")
    smtp_security: Literal["starttls", "tls", "plain"] = Field(
        "starttls", description="How the way to it is kept secret; plain to a trusted relay only, and never with a password."
    )
    smtp_ca_file: Path | None = Field(None, description="Certificates to trust in place of the machine's.")
    smtp_username: str | None = Field(None, description="Account at the mail server.")
    smtp_password: SecretStr | None = Field(None, description="Its password; better as a file.")
    smtp_sender: str | None = Field(None, description="Address that mail comes from, as energimonitor@example.se.")
    heartbeat_url: SecretStr | None = Field(
        None,
        description="Address of an outside watcher, called each minute while all is well, and with /fail behind it otherwise.",
    )

    simulation: bool | None = Field(None, description="Publish the simulated meters; on with the embedded broker where not set.")
    simulation_history_days: int = Field(35, ge=0, le=700, description="Days of history that the simulation publishes first.")

    @model_validator(mode="after")
    def _goes_together(self) -> "Settings":
        faults = _Faults()
        if self.store is not StoreKind.DUCKDB and self.influxdb_url is None:
            name, chosen = f"{PREFIX}INFLUXDB_URL", f"{PREFIX}STORE={self.store}"
            faults.add(f"{name}: needed with {chosen}", f"{name}: behövs med {chosen}")
        if self.store is StoreKind.INFLUXDB2 and self.influxdb_token is None:
            name, chosen = f"{PREFIX}INFLUXDB_TOKEN_FILE", f"{PREFIX}STORE=influxdb2"
            faults.add(
                f"{name}: needed with {chosen}; name a file that holds the token",
                f"{name}: behövs med {chosen}; ange en fil med nyckeln",
            )
        if (self.broker_certificate is None) != (self.broker_key is None):
            name, other = f"{PREFIX}BROKER_CERTIFICATE", f"{PREFIX}BROKER_KEY"
            faults.add(f"{name} and {other}: give both or neither", f"{name} och {other}: ange båda eller ingen")
        if self.broker_certificate is not None and not self.broker_tls:
            name = f"{PREFIX}BROKER_TLS"
            faults.add(
                f"{name}: must be true where a client certificate is given",
                f"{name}: måste vara true där ett klientcertifikat är angivet",
            )
        if self.simulation and self.broker_host is not None:
            name, other = f"{PREFIX}SIMULATION", f"{PREFIX}BROKER_HOST"
            faults.add(
                f"{name}: simulated meters publish to the embedded broker only; unset {other}",
                f"{name}: simulerade mätare sänder bara till den inbyggda mäklaren; ta bort {other}",
            )
        self._sign_in_goes_together(faults)
        self._alerts_go_together(faults)
        if faults.english:
            raise wrong("\n".join(faults.english), "\n".join(faults.swedish))
        return self

    def _sign_in_goes_together(self, faults: "_Faults") -> None:
        given = {"BOARD_URL": self.board_url, "OIDC_ISSUER": self.oidc_issuer}
        for name, address in given.items():
            if address is not None and not is_safe_address(address):
                faults.add(
                    f"{PREFIX}{name}: {address} is no https address; passwords and tokens must not travel in the clear",
                    f"{PREFIX}{name}: {address} är ingen https-adress; lösenord och nycklar får inte gå i klartext",
                )
        if self.oidc_issuer is None:
            return
        needed = {"OIDC_CLIENT_ID": self.oidc_client_id, "BOARD_URL": self.board_url, "USERS_FILE": self.users_file}
        for name, value in needed.items():
            if value is None:
                faults.add(
                    f"{PREFIX}{name}: needed with {PREFIX}OIDC_ISSUER (docs/running.md, Sign-in)",
                    f"{PREFIX}{name}: behövs med {PREFIX}OIDC_ISSUER (docs/running.md, Sign-in)",
                )

    def _alerts_go_together(self, faults: "_Faults") -> None:
        if self.smtp_host is not None and self.smtp_sender is None:
            name, chosen = f"{PREFIX}SMTP_SENDER", f"{PREFIX}SMTP_HOST"
            faults.add(f"{name}: needed with {chosen}", f"{name}: behövs med {chosen}")
        if self.smtp_security == "plain" and self.smtp_password is not None:
            name = f"{PREFIX}SMTP_SECURITY"
            faults.add(
                f"{name}: a password must not travel in the clear; choose starttls or tls",
                f"{name}: ett lösenord får inte gå i klartext; välj starttls eller tls",
            )
        if self.heartbeat_url is not None and not is_safe_address(self.heartbeat_url.get_secret_value()):
            name = f"{PREFIX}HEARTBEAT_URL"
            faults.add(f"{name}: is no https address", f"{name}: är ingen https-adress")

    @property
    def embedded_broker(self) -> bool:
        """Whether we bring the broker ourselves."""
        return self.broker_host is None

    @property
    def simulated(self) -> bool:
        """Whether simulated meters publish."""
        return self.embedded_broker if self.simulation is None else self.simulation

    @property
    def journal(self) -> Path:
        return self.journal_folder or self.data_dir / "journal"


class _Faults:
    """What is wrong, in both languages."""

    def __init__(self) -> None:
        self.english: list[str] = []
        self.swedish: list[str] = []

    def add(self, text: str, text_sv: str) -> None:
        self.english.append(text)
        self.swedish.append(text_sv)

    def error(self) -> ConfigurationError:
        return ConfigurationError("\n".join(self.english), "\n".join(self.swedish))


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of an environment; the process's own where None.

    Raises:
        ConfigurationError: all faults, one a line, each with the variable's name and the way out.
    """
    given = os.environ if environment is None else environment
    values, faults = _values(given)
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        for fault in error.errors():
            name = f"{PREFIX}{str(fault['loc'][0]).upper()}: " if fault["loc"] else ""
            faults.add(f"{name}{fault['msg']}", f"{name}{in_swedish(fault)}")
        raise faults.error() from error
    if faults.english:
        raise faults.error()
    return settings


def told_language(environment: Mapping[str, str] | None = None) -> Literal["sv", "en"]:
    """The language that errors are told in, whatever else is wrong with the settings; the process's own where None."""
    values, _ = _values(os.environ if environment is None else environment)
    return "en" if values.get("language") == "en" else "sv"


def readable_by_others(environment: Mapping[str, str] | None = None) -> list[str]:
    """Variables that name a secret's file which every account of the machine may read; mend with chmod o-r."""
    given = os.environ if environment is None else environment
    secrets = {f"{PREFIX}{name.upper()}_FILE" for name, field in Settings.model_fields.items() if _is_secret(field.annotation)}
    found = []
    for variable in sorted(secrets & given.keys()):
        with suppress(OSError):  # what cannot be read at all is load_settings' fault to tell
            if Path(given[variable]).stat().st_mode & stat.S_IROTH:
                found.append(variable)
    return found


def _is_secret(kind: object) -> bool:
    return kind is SecretStr or SecretStr in get_args(kind)


def _values(given: Mapping[str, str]) -> tuple[dict[str, str], _Faults]:
    """Field → text as given or read from its file; and what is wrong with names and files."""
    fields = {f"{PREFIX}{name.upper()}": name for name in Settings.model_fields}
    files = {f"{variable}_FILE": name for variable, name in fields.items()}
    values, faults = dict[str, str](), _Faults()
    for variable in sorted(given):
        if not variable.startswith(PREFIX) or variable.startswith(TESTS):
            continue
        text = given[variable]
        if variable in fields:
            values[fields[variable]] = text
        elif variable in files:
            if f"{PREFIX}{files[variable].upper()}" in given:
                other = variable.removesuffix("_FILE")
                faults.add(
                    f"{variable}: {other} is set too; give one of them", f"{variable}: {other} är också angiven; ange en av dem"
                )
                continue
            try:
                values[files[variable]] = Path(text).read_text().strip()
            except (OSError, UnicodeDecodeError) as error:
                faults.add(f"{variable}: {text} cannot be read: {error}", f"{variable}: {text} kan inte läsas: {error}")
        else:
            near = difflib.get_close_matches(variable, [*fields, *files], 1)
            out, out_sv = (f"; did you mean {near[0]}?", f"; menade du {near[0]}?") if near else ("", "")
            faults.add(f"{variable}: no such setting{out}", f"{variable}: inställningen finns inte{out_sv}")
    return {name: text for name, text in values.items() if text != ""}, faults
