"""docker-compose.yml as a value, for the tests that have no Docker engine."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import yaml

from tests.servers import ROOT

FILE = ROOT / "docker-compose.yml"
OURS = ("collector", "jobs", "web")
ONCE = ("provision",)  # of our image too: does its work and ends
VARIABLE = re.compile(r"\$\{(?P<name>[A-Z_]+)(?::-(?P<default>[^}]*))?\}")


@cache
def compose() -> Mapping[str, Any]:
    """The file with anchors and merges resolved and every `${NAME:-default}` at its default, as `docker compose config` would."""
    text = VARIABLE.sub(lambda found: found["default"] or "", FILE.read_text())
    loaded: Mapping[str, Any] = yaml.safe_load(text)
    return loaded


def services() -> Mapping[str, Any]:
    found: Mapping[str, Any] = compose()["services"]
    return found


def environment(service: str) -> dict[str, str]:
    """The service's variables, as text."""
    return {name: str(value) for name, value in services()[service].get("environment", {}).items()}


def ours(service: str) -> dict[str, str]:
    """The service's variables that our settings read."""
    return {name: value for name, value in environment(service).items() if name.startswith("ENERGIMONITOR_")}
