"""A sign of life for `energimonitor health`, so that a container's health check needs no port and no secret."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import orjson

from config.domain.clock import Clock
from services.app.together import Task

BEAT_S = 5.0
DEAD_AFTER = timedelta(seconds=30)


def _file(folder: Path, service: str) -> Path:
    return folder / "health" / f"{service}.json"


def beat(folder: Path, service: str, clock: Clock, healthy: Callable[[], dict[str, object]]) -> Task:
    """A task that writes a sign of life with the service's own figures every few seconds.

    `healthy` gives those figures; `"trouble"` among them, when not empty, says in words what is wrong.
    """

    def run(stop: threading.Event) -> None:
        file = _file(folder, service)
        file.parent.mkdir(parents=True, exist_ok=True)
        while True:
            fresh = file.with_suffix(".new")
            fresh.write_bytes(orjson.dumps({"service": service, "at": clock.now()} | healthy()))
            fresh.replace(file)
            if stop.wait(BEAT_S):
                break

    return run


def last_said(folder: Path, service: str) -> dict[str, object] | None:
    """What the service last said of itself, however long ago; None where it never did."""
    try:
        state: dict[str, object] = orjson.loads(_file(folder, service).read_bytes())
    except FileNotFoundError:
        return None
    return state


def told(folder: Path, service: str, now: datetime) -> dict[str, object] | None:
    """What the service last said of itself; None where it gives no sign of life."""
    state = last_said(folder, service)
    return state if state and now - datetime.fromisoformat(str(state["at"])) <= DEAD_AFTER else None


def verdict(folder: Path, service: str, now: datetime) -> tuple[bool, str]:
    """Whether the service is alive and well, and a sentence."""
    try:
        state = orjson.loads(_file(folder, service).read_bytes())
    except FileNotFoundError:
        return False, f"{service}: no sign of life in {folder}; is it started with the same ENERGIMONITOR_DATA_DIR?"
    age = now - datetime.fromisoformat(state["at"])
    if age > DEAD_AFTER:
        return False, f"{service}: last sign of life {age.total_seconds():.0f} s ago"
    if state.get("trouble"):
        return False, f"{service}: {state['trouble']}"
    return True, f"{service}: alive, {age.total_seconds():.0f} s ago"
