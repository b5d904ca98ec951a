"""Real servers as context managers: found on the machine, on free loopback ports, ended by process id."""

import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import orjson
import pytest
import urllib3

REQUIRE = "ENERGIMONITOR_TEST_REQUIRE"  # set in CI: what is not there fails instead of skipping
ROOT = Path(__file__).resolve().parent.parent
HTTP = urllib3.PoolManager(retries=False)


def absent(what: str, install: str) -> None:
    """Skip the test with the line that would bring what it lacks, or fail where CI must have it."""
    message = f"{what} is not on this machine: {install}"
    if os.environ.get(REQUIRE):
        pytest.fail(message)
    pytest.skip(message)


def program(name: str, package: str) -> str:
    """The path of a program."""
    path = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/bin:/sbin")
    if path is None:
        absent(name, f"apt-get install {package}")
    assert path is not None
    return path


def shared_folder(name: str) -> Path:
    """A folder of the material beside the project; a test that needs it skips where it is absent."""
    folder = ROOT.parent / "shared" / name
    if not folder.is_dir():
        pytest.skip(f"../shared/{name} is not beside the project")
    return folder


def free_port() -> int:
    """A port of the loopback interface that nobody listens on now."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


def wait_for_port(port: int, process: subprocess.Popen[bytes], seconds: float = 30) -> None:
    """Return when something accepts on the port; fail when the process ends or the time is over."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended with {process.returncode}")
        with socket.socket() as sock:
            sock.settimeout(0.2)
            if sock.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"nothing listens on {port} after {seconds} s")


class Server:
    """A process that can be started, killed, and started again on the same port and folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def command(self) -> list[str]:
        raise NotImplementedError

    def environment(self) -> dict[str, str]:
        return dict(os.environ)

    def start(self) -> None:
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(self.command(), stdout=log, stderr=log, env=self.environment())
        wait_for_port(self.port, self.process)

    def stop(self, sig: signal.Signals = signal.SIGTERM) -> None:
        if self.process is not None:
            if self.process.poll() is None:
                self.process.send_signal(sig)
                try:
                    self.process.wait(20)
                except subprocess.TimeoutExpired:
                    self.process.kill()
                    self.process.wait(20)
            self.process = None

    def kill(self) -> None:
        """As a power cut would."""
        self.stop(signal.SIGKILL)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()


class Mosquitto(Server):
    """Debian's broker. `settings` are lines added to a configuration that loses nothing."""

    def __init__(self, folder: Path, settings: str | None = None) -> None:
        super().__init__(folder)
        self.settings = settings

    def command(self) -> list[str]:
        data = self.folder / "data"
        data.mkdir(exist_ok=True)
        lines = [
            f"listener {self.port} 127.0.0.1",
            "allow_anonymous true",
            "persistence true",
            f"persistence_location {data}/",
            "autosave_interval 1",
            "max_queued_messages 5000000",
            "max_queued_bytes 2147483648",
            "max_inflight_messages 2000",
            "set_tcp_nodelay true",
        ]
        if os.geteuid() == 0:
            lines.append("user root")
        (self.folder / "mosquitto.conf").write_text(self.settings if self.settings is not None else "\n".join(lines) + "\n")
        return [program("mosquitto", "mosquitto"), "-c", str(self.folder / "mosquitto.conf")]


class Influxd1(Server):
    """InfluxDB 1.x as Debian ships it."""

    def command(self) -> list[str]:
        data = self.folder / "data"
        (self.folder / "influxdb.conf").write_text(f"""reporting-disabled = true
bind-address = "127.0.0.1:{free_port()}"
[meta]
dir = "{data}/meta"
[data]
dir = "{data}/data"
wal-dir = "{data}/wal"
query-log-enabled = false
[http]
bind-address = "127.0.0.1:{self.port}"
log-enabled = false
max-body-size = 0
[monitor]
store-enabled = false
""")
        return [program("influxd", "influxdb"), "-config", str(self.folder / "influxdb.conf")]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def create_database(self, name: str) -> None:
        answer = HTTP.request("POST", f"{self.url}/query", fields={"q": f'CREATE DATABASE "{name}"'}, encode_multipart=False)
        assert answer.status == 200, answer.data


class Influxd2(Server):
    """InfluxDB 2.x from the binary that ENERGIMONITOR_TEST_INFLUXD2 names."""

    org = "test"
    token = "test-operator-token"

    def command(self) -> list[str]:
        binary = os.environ.get("ENERGIMONITOR_TEST_INFLUXD2")
        if not binary:
            pytest.skip("ENERGIMONITOR_TEST_INFLUXD2 does not name an influxd 2.x binary")
        assert binary is not None
        return [
            binary,
            f"--http-bind-address=127.0.0.1:{self.port}",
            f"--bolt-path={self.folder}/influxd.bolt",
            f"--sqlite-path={self.folder}/influxd.sqlite",
            f"--engine-path={self.folder}/engine",
            "--reporting-disabled",
        ]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def call(self, method: str, path: str, body: object = None) -> tuple[int, bytes]:
        answer = HTTP.request(
            method,
            self.url + path,
            body=None if body is None else orjson.dumps(body),
            headers={"Authorization": f"Token {self.token}", "Content-Type": "application/json"},
        )
        return answer.status, answer.data

    def start(self) -> None:
        super().start()
        deadline = time.monotonic() + 30
        while self.call("GET", "/ready")[0] != 200 and time.monotonic() < deadline:
            time.sleep(0.1)
        if orjson.loads(self.call("GET", "/api/v2/setup")[1])["allowed"]:
            status, answer = self.call(
                "POST",
                "/api/v2/setup",
                {"username": "admin", "password": "test-password", "org": self.org, "bucket": "first", "token": self.token},
            )
            assert status == 201, answer

    def create_bucket(self, name: str) -> None:
        org = orjson.loads(self.call("GET", f"/api/v2/orgs?org={self.org}")[1])["orgs"][0]["id"]
        status, answer = self.call("POST", "/api/v2/buckets", {"orgID": org, "name": name, "retentionRules": []})
        assert status == 201, answer
