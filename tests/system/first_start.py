"""docs/compose/first-start.sh and add-meter.sh run without a Docker engine: a `docker` of ours runs their programs."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Self

from tests.servers import ROOT, Influxd2, program
from tests.system.compose import OURS

# What the script asks of docker, done by the programs of this machine.
DOCKER = """#!/bin/sh
set -eu
case "$1 $2" in
  "compose version") exit 0 ;;
  "compose kill") exit 1 ;; # as where the broker does not run
  "compose up")
    curl --silent --fail --output /dev/null --request POST "$TEST_INFLUXDB/api/v2/setup" --data "{\\"username\\":\\"admin\\",
      \\"password\\":\\"$(cat influxdb_admin_password)\\",\\"org\\":\\"energimonitor\\",\\"bucket\\":\\"energimonitor\\",
      \\"token\\":\\"$(cat influxdb_operator_token)\\"}" || curl --silent --fail --output /dev/null "$TEST_INFLUXDB/health"
    exit ;;
  "compose exec")
    shift 4
    for word in "$@"; do
      shift
      case $word in
        http://127.0.0.1:8086*) word="$TEST_INFLUXDB${word#http://127.0.0.1:8086}" ;;
      esac
      set -- "$@" "$word"
    done
    exec "$@" ;;
  run*)
    while [ "$1" != sh ]; do shift; done
    exec "$@" ;;
esac
echo "not a call of the script: $*" >&2
exit 1
"""


class FirstStart:
    """The script in a folder of its own."""

    def __init__(self, folder: Path, influxdb: str = "") -> None:
        for name in ("openssl", "curl"):
            program(name, name)
        passwd = Path(program("mosquitto_passwd", "mosquitto"))
        self.secrets = folder / "secrets"
        self._scripts = folder / "docs" / "compose"
        self._scripts.mkdir(parents=True)
        for script in (ROOT / "docs" / "compose").glob("*.sh"):
            shutil.copy(script, self._scripts)
        programs = folder / "bin"
        programs.mkdir()
        (programs / "docker").write_text(DOCKER)
        (programs / "docker").chmod(0o755)
        self._environment = os.environ | {"PATH": f"{programs}:{os.environ['PATH']}:{passwd.parent}", "TEST_INFLUXDB": influxdb}

    def run(self, broker_name: str = "broker.example.se") -> subprocess.CompletedProcess[str]:
        return self._called("first-start.sh", broker_name)

    def add_meter(self, name: str) -> subprocess.CompletedProcess[str]:
        return self._called("add-meter.sh", name)

    def _called(self, script: str, word: str) -> subprocess.CompletedProcess[str]:
        command = ["sh", str(self._scripts / script), word]
        return subprocess.run(command, env=self._environment, capture_output=True, text=True, timeout=60, check=False)

    def without_tokens(self) -> Self:
        """As if the tokens had been made before: InfluxDB is not asked."""
        self.secrets.mkdir(mode=0o700)
        for who in (*OURS, "grafana"):
            (self.secrets / f"influxdb_token_{who}").write_text("made before")
        return self

    def contents(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.secrets.rglob("*") if path.is_file()}


class Unset(Influxd2):
    """A server that nobody has set up: the script's own docker does that with the script's own secrets."""

    def start(self) -> None:
        super(Influxd2, self).start()
