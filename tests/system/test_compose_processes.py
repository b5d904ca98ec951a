"""Each of our services as docker-compose.yml runs it, as plain processes: its command, its environment, real servers around it.

There is no Docker engine where the tests run. Addresses, folders and secrets of the containers are replaced by value, wherever
they stand in the environment, so that a variable that is forgotten in the file is missing here too.
"""

import os
import queue
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from collectors.simulation.meters import SimulatedMeter, simulated_meters
from config.domain.estate import Portfolio
from config.domain.series import READINGS, SeriesQuery
from config.settings import load_settings
from services.app import wiring
from services.store.influxdb import InfluxStore
from services.store.influxwire import InfluxTarget, InfluxVersion
from services.store.setup import ensure_database
from tests.servers import HTTP, ROOT, Influxd1, Mosquitto, free_port
from tests.system.compose import OURS, compose, ours, services
from tests.system.first_start import FirstStart, Unset

COMMAND = Path(sys.executable).parent / "energimonitor"
PATIENCE_S = 90.0
HOURS = 6


class ComposeBroker(Mosquitto):
    """Debian's Mosquitto with the configuration of the compose file, its paths replaced by those of this machine."""

    def __init__(self, folder: Path, secrets: Path) -> None:
        super().__init__(folder)
        self.tls_port = free_port()
        text = (ROOT / "docs" / "compose" / "mosquitto.conf").read_text()
        for name, secret in compose()["secrets"].items():
            text = text.replace(f"/run/secrets/{name}\n", f"{secrets / Path(secret['file']).name}\n")
        text = text.replace("/mosquitto/config/acl", str(ROOT / "collectors" / "mqtt" / "mosquitto.acl"))
        text = text.replace("/mosquitto/data/", f"{folder / 'data'}/")
        text = text.replace("listener 1883", f"listener {self.port} 127.0.0.1").replace(
            "listener 8883", f"listener {self.tls_port} 127.0.0.1"
        )
        self.settings = text + ("user root\n" if os.geteuid() == 0 else "")

    def read_accounts_again(self) -> None:
        """What add-meter.sh asks of compose."""
        assert self.process is not None
        log, done = self.folder / "log", b"Reloading config."
        before = log.read_bytes().count(done)
        self.process.send_signal(signal.SIGHUP)
        deadline = time.monotonic() + 20
        while log.read_bytes().count(done) == before and time.monotonic() < deadline:
            time.sleep(0.02)


class Meter:
    """A device outside: MQTT 5 over TLS, checking the broker's name, with its own account."""

    def __init__(self, broker: ComposeBroker, first_start: FirstStart, name: str | None) -> None:
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=f"meter-{name}", protocol=mqtt.MQTTv5)
        self._client.tls_set(ca_certs=str(first_start.secrets / "ca.crt"))
        if name is not None:
            self._client.username_pw_set(name, (first_start.secrets / "meters" / name).read_text())
        self._answer: queue.Queue[str] = queue.Queue()
        self._acknowledged: queue.Queue[str] = queue.Queue()
        self._client.on_connect = lambda _c, _u, _f, reason, _p: self._answer.put(str(reason))
        self._client.on_publish = lambda _c, _u, _m, reason, _p: self._acknowledged.put(str(reason))
        self._client.max_inflight_messages_set(200)
        self._port = broker.tls_port

    def connect(self) -> str:
        """The broker's word."""
        self._client.connect("127.0.0.1", self._port)
        self._client.loop_start()
        return self._answer.get(timeout=20)

    def publish(self, messages: Sequence[tuple[str, bytes]]) -> set[str]:
        """Send them with QoS 1 and give the broker's words for them."""
        for topic, payload in messages:
            self._client.publish(topic, payload, qos=1)
        return {self._acknowledged.get(timeout=20) for _ in messages}

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@dataclass
class Plant:
    """Broker, store and the folders that compose would make."""

    folder: Path
    broker: ComposeBroker
    target: InfluxTarget
    first_start: FirstStart
    web_port: int = field(default_factory=free_port)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def environment(self, service: str) -> dict[str, str]:
        """The service's variables of ours, with the containers' addresses and paths replaced by those of this machine."""
        here = {
            "mosquitto": "127.0.0.1",
            "1883": str(self.broker.port),
            "http://influxdb:8086": self.target.url,
            "/var/lib/energimonitor": str(self.folder / "data"),
            "/etc/energimonitor/municipality": str(ROOT / "config" / "borlange"),
            "0.0.0.0": "127.0.0.1",
            "8080": str(self.web_port),
        }
        given = {
            name: str(self.first_start.secrets / value.removeprefix("/run/secrets/"))
            if value.startswith("/run/secrets/")
            else here.get(value, value)
            for name, value in ours(service).items()
        }
        if self.target.version is InfluxVersion.V1:
            given["ENERGIMONITOR_STORE"] = "influxdb1"
        return {"PATH": os.environ["PATH"], "TZ": "UTC", "LANG": "C.UTF-8"} | given

    def run(self, service: str, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [COMMAND, *words],
            env=self.environment(service),
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def start(self, service: str) -> None:
        with (self.folder / f"{service}.log").open("ab") as log:
            self.processes[service] = subprocess.Popen(
                [COMMAND, *services()[service]["command"]], env=self.environment(service), cwd=self.folder, stdout=log, stderr=log
            )

    def healthy(self, service: str) -> None:
        """Wait as compose does: until the health check of the file answers 0."""
        test = services()[service]["healthcheck"]["test"]
        assert test[:2] == ["CMD", "energimonitor"]
        deadline = time.monotonic() + PATIENCE_S
        while True:
            answer = self.run(service, *test[2:])
            if answer.returncode == 0:
                return
            ended = self.processes[service].poll()
            if ended is not None or time.monotonic() > deadline:
                pytest.fail(f"{service}: {answer.stdout}{answer.stderr} (process: {ended})\n{self.log(service)}")
            time.sleep(0.5)

    def log(self, service: str) -> str:
        return (self.folder / f"{service}.log").read_text(errors="replace")[-4000:]

    def portfolio(self) -> Portfolio:
        return wiring.municipality(load_settings(self.environment("collector"))).portfolio

    def end(self) -> None:
        for process in self.processes.values():
            if process.poll() is None:
                process.kill()
                process.wait(20)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[InfluxTarget, FirstStart]]:
    """InfluxDB 2.x, set up with secrets and tokens of first-start.sh, where there is one; else Debian's 1.x, without tokens."""
    folder = tmp_path_factory.mktemp("store")
    if os.environ.get("ENERGIMONITOR_TEST_INFLUXD2"):
        with Unset(folder / "influxd2") as server:
            start = FirstStart(folder, server.url)
            made = start.run()
            assert made.returncode == 0, made.stderr
            token = (start.secrets / "influxdb_token_web").read_text()
            yield InfluxTarget(server.url, "energimonitor", InfluxVersion.V2, org="energimonitor", token=token), start
    else:
        with Influxd1(folder / "influxd1") as old:
            start = FirstStart(folder).without_tokens()
            made = start.run()
            assert made.returncode == 0, made.stderr
            target = InfluxTarget(old.url, "energimonitor", InfluxVersion.V1)
            ensure_database(target)
            yield target, start


@pytest.fixture(scope="module")
def broker(store: tuple[InfluxTarget, FirstStart], tmp_path_factory: pytest.TempPathFactory) -> Iterator[ComposeBroker]:
    """The broker with the accounts and the certificate that first-start.sh made."""
    with ComposeBroker(tmp_path_factory.mktemp("broker"), store[1].secrets) as running:
        yield running


@pytest.fixture(scope="module")
def plant(
    store: tuple[InfluxTarget, FirstStart], broker: ComposeBroker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Plant]:
    """Broker and store run, our three services are started and healthy."""
    folder = tmp_path_factory.mktemp("plant")
    (folder / "data").mkdir()
    made = Plant(folder, broker, *store)
    try:
        for service in OURS:
            made.start(service)
        for service in OURS:
            made.healthy(service)
        yield made
    finally:
        made.end()


@dataclass(frozen=True)
class Sent:
    """What meters said: meter → hour → register → value in the stored unit."""

    values: Mapping[str, Mapping[datetime, Mapping[str, float]]]
    meters: tuple[SimulatedMeter, ...]


@pytest.fixture(scope="module")
def sent(plant: Plant) -> Sent:
    """Some whole hours of every meter whose messages carry their own time, in their devices' real shapes."""
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)  # noqa: TID251 - the services' clock is the machine's
    hours = [now - timedelta(hours=number) for number in range(HOURS, 0, -1)]
    meters = tuple(meter for meter in simulated_meters(plant.portfolio(), now) if meter.shape.timed)
    said: dict[str, dict[datetime, Mapping[str, float]]] = {}
    messages: dict[str, list[tuple[str, bytes]]] = {}  # by account: the first level of the topic
    for at in hours:
        for meter in meters:
            state = meter.state(at)
            said.setdefault(meter.id, {})[at] = state.values
            for topic, payload in meter.shape.messages(state):
                messages.setdefault(topic.split("/")[0], []).append((topic, payload))
    for account, own in messages.items():
        added = plant.first_start.add_meter(account)
        assert added.returncode == 0, added.stderr
        plant.broker.read_accounts_again()
        device = Meter(plant.broker, plant.first_start, account)
        assert device.connect() == "Success"
        assert "Not authorized" not in device.publish(own)
        device.close()
    return Sent(said, meters)


def readings(plant: Plant) -> dict[tuple[str, str, datetime], float]:
    """Everything in the store, read with the token of the board."""
    store = InfluxStore(plant.target)
    try:
        rows = store.read(SeriesQuery(READINGS)).to_dicts()
    finally:
        store.close()
    return {(row["meter"], row["register"], row["time"]): row["value"] for row in rows}


@pytest.fixture(scope="module")
def stored(plant: Plant, sent: Sent) -> dict[tuple[str, str, datetime], float]:
    """The readings when every meter's every hour has come, or when patience is over."""
    wanted = {(meter, at) for meter, hours in sent.values.items() for at in hours}
    deadline = time.monotonic() + PATIENCE_S
    found = readings(plant)
    while wanted - {(meter, at) for meter, _, at in found} and time.monotonic() < deadline:
        time.sleep(0.5)
        found = readings(plant)
    return found


def test_the_broker_lets_nobody_in_without_an_account(broker: ComposeBroker, store: tuple[InfluxTarget, FirstStart]) -> None:
    """docs/security.md: nobody is anonymous."""
    stranger = Meter(broker, store[1], None)

    assert stranger.connect() == "Not authorized"
    stranger.close()


def test_a_meter_writes_below_its_own_name_only(broker: ComposeBroker, store: tuple[InfluxTarget, FirstStart]) -> None:
    """One whose password leaks cannot speak for the others."""
    for name in ("hall-1", "hall-2"):
        assert store[1].add_meter(name).returncode == 0
    broker.read_accounts_again()
    device = Meter(broker, store[1], "hall-1")
    assert device.connect() == "Success"
    own = ["hall-1/values", "tele/hall-1/SENSOR", "a/b/hall-1/up"]
    others = ["hall-2/values", "tele/hall-2/SENSOR", "collector", "energimonitor/doctor/x"]

    assert [topic for topic in own if "Not authorized" in device.publish([(topic, b"not JSON")])] == []
    assert [topic for topic in others if device.publish([(topic, b"not JSON")]) != {"Not authorized"}] == []
    device.close()


def test_the_example_has_meters_that_publish(sent: Sent) -> None:
    """The tests below would be empty without."""
    assert len(sent.meters) >= 5
    assert len({meter.shape for meter in sent.meters}) >= 2


def test_every_hour_of_every_meter_is_in_the_store(sent: Sent, stored: Mapping[tuple[str, str, datetime], float]) -> None:
    """From the broker through journal and decoders into InfluxDB, with the collector's own token."""
    wanted = {(meter, at) for meter, hours in sent.values.items() for at in hours}

    assert wanted - {(meter, at) for meter, _, at in stored} == set()


def test_nothing_else_is_in_the_store(sent: Sent, stored: Mapping[tuple[str, str, datetime], float]) -> None:
    """Nothing is made up, and the same message twice would be the same point."""
    wanted = {(meter, at) for meter, hours in sent.values.items() for at in hours}

    assert {(meter, at) for meter, _, at in stored} - wanted == set()


def test_the_values_are_what_the_meters_showed(sent: Sent, stored: Mapping[tuple[str, str, datetime], float]) -> None:
    """Devices round to their own last digit; units come out as stored."""
    compared = 0
    for (meter, register, at), value in stored.items():
        shown = sent.values[meter][at].get(register)
        if shown is not None:
            compared += 1
            assert value == pytest.approx(shown, rel=1e-3, abs=0.51), (meter, register, at)

    assert compared >= len(sent.meters) * HOURS


def test_the_board_shows_the_buildings(plant: Plant, sent: Sent) -> None:
    """What people open first, before anybody has an account: the open ones. Its figures are invented, and it says so."""
    portfolio = plant.portfolio()
    points = {installation.meter: installation.point for installation in portfolio.installations}
    metered = {portfolio.buildings[portfolio.points[points[meter.id]].building] for meter in sent.meters}

    answer = HTTP.request("GET", f"http://127.0.0.1:{plant.web_port}/")
    page = answer.data.decode()

    assert answer.status == 200
    assert {building.public for building in metered} == {True, False}
    assert [building.name for building in metered if (building.name in page) != building.public] == []
    assert "xempel" in page


def test_the_board_answers_the_question_of_a_load_balancer(plant: Plant) -> None:
    """docs/running.md names /healthz."""
    assert HTTP.request("GET", f"http://127.0.0.1:{plant.web_port}/healthz").status == 200


def test_the_services_listen_on_loopback_only(plant: Plant) -> None:
    """The one port is the board's, and it is where the environment says."""
    listening = {}
    for service, process in plant.processes.items():
        inodes = set()
        for entry in Path(f"/proc/{process.pid}/fd").iterdir():
            link = os.readlink(entry) if entry.is_symlink() else ""
            if link.startswith("socket:["):
                inodes.add(link[8:-1])
        for table in ("tcp", "tcp6"):
            for line in Path(f"/proc/{process.pid}/net/{table}").read_text().splitlines()[1:]:
                fields = line.split()
                if fields[3] == "0A" and fields[9] in inodes:
                    listening[service] = fields[1]

    assert listening == {"web": f"0100007F:{plant.web_port:04X}"}


def test_no_service_wrote_outside_its_volume(plant: Plant, stored: Mapping[tuple[str, str, datetime], float]) -> None:
    """The root file system is read-only in a container; here the folder that they were started in stays as it was."""
    assert stored
    assert {path.name for path in plant.folder.iterdir()} == {"data", *(f"{service}.log" for service in OURS)}


def test_no_secret_is_in_a_log(plant: Plant, stored: Mapping[tuple[str, str, datetime], float]) -> None:
    """Logs are sent to others."""
    assert stored
    secrets = [
        path.read_text()
        for path in plant.first_start.secrets.iterdir()
        if path.name.startswith(("influxdb_", "mosquitto_password_"))
    ]

    for service in OURS:
        log = plant.log(service)
        assert [secret for secret in secrets if len(secret) > 20 and secret in log] == [], service


def test_each_ends_in_good_order_when_compose_stops_it(plant: Plant, stored: Mapping[tuple[str, str, datetime], float]) -> None:
    """SIGTERM, and an end of its own within the time that the file gives. Last: nothing runs after it."""
    assert stored
    for process in plant.processes.values():
        process.send_signal(signal.SIGTERM)
    for service, process in plant.processes.items():
        grace = float(services()[service]["stop_grace_period"].removesuffix("s"))
        try:
            status = process.wait(grace)
        except subprocess.TimeoutExpired:
            pytest.fail(f"{service} did not end in {grace} s\n{plant.log(service)}")

        assert status == 0, f"{service}\n{plant.log(service)}"


def test_provision_writes_what_grafana_reads(
    store: tuple[InfluxTarget, FirstStart], broker: ComposeBroker, tmp_path: Path
) -> None:
    """As compose runs it: with the read-only token, into the folder that Grafana mounts. No secret is written."""
    plant = Plant(tmp_path, broker, *store)
    words = [word.replace("/srv/grafana", str(tmp_path / "grafana")) for word in services()["provision"]["command"]]
    result = plant.run("provision", *words)
    written = {str(path.relative_to(tmp_path / "grafana")): path.read_text() for path in (tmp_path / "grafana").rglob("*.*")}

    assert result.returncode == 0, result.stdout + result.stderr
    assert any(name.startswith("provisioning/datasources/") for name in written)
    assert any(name.startswith("provisioning/dashboards/") for name in written)
    assert any(name.startswith("dashboards/") and name.endswith(".json") for name in written)
    secrets = [value.decode() for value in store[1].contents().values() if len(value) > 20]
    assert not any(secret in text for secret in secrets for text in written.values())
