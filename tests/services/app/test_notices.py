"""What the pages say when a part of the service is not well."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.domain.clock import Clock
from services.app.heartbeat import beat, verdict
from services.app.notices import notices

NOW = datetime(2026, 11, 30, 13, 5, tzinfo=UTC)  # 14:05 in Sweden
ZONE = "Europe/Stockholm"
BROKER = "the broker at 10.1.2.3:1883 refused the connection"
STORE = "http://influxdb.intern:8086: unauthorized"


class At:
    """A clock that stands still."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


def says(folder: Path, part: str, at: datetime = NOW, figures: dict[str, object] | None = None) -> None:
    """One sign of life."""
    stop = threading.Event()
    stop.set()
    clock: Clock = At(at)
    beat(folder, part, clock, lambda: figures or {})(stop)


def told(folder: Path, now: datetime = NOW) -> list[tuple[str, str]]:
    return [(each.sentence_sv, each.sentence_en) for each in notices(folder, now, ZONE)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    says(tmp_path, "jobs")
    return tmp_path


def test_a_service_that_is_well_says_nothing(folder: Path) -> None:
    """Not even that it is."""
    says(folder, "collector", figures={"trouble": "", "ails": []})

    assert told(folder) == []


def test_who_fell_silent_is_told_with_the_hour(folder: Path) -> None:
    """In local time, and with its date on another day."""
    says(folder, "collector")
    says(folder, "jobs", NOW + timedelta(minutes=10))
    (today,) = told(folder, NOW + timedelta(minutes=10))
    says(folder, "jobs", NOW + timedelta(days=1))
    (tomorrow,) = told(folder, NOW + timedelta(days=1))

    assert today == (
        "Insamlingen har inte gett livstecken sedan kl.\N{NO-BREAK SPACE}14:05; siffrorna kan vara gamla.",
        "The collector: no sign of life since 14:05; figures may be old.",
    )
    assert "2026-11-30" in tomorrow[0]


@pytest.mark.parametrize(
    ("figures", "swedish"),
    [
        ({"trouble": BROKER, "ails": ["receiving"]}, "Insamlingen tar inte emot nya mätvärden just nu"),
        ({"trouble": STORE, "ails": ["storing"]}, "Insamlingen kan inte lagra mätvärden just nu"),
        ({"trouble": STORE}, "Insamlingen går inte som den ska"),
    ],
    ids=["broker", "store", "of an older version"],
)
def test_who_is_not_well_says_what_it_cannot_do_and_no_more(folder: Path, figures: dict[str, object], swedish: str) -> None:
    """Addresses are for who runs it, at the prompt."""
    says(folder, "collector", figures=figures)
    ((sv, en),) = told(folder)

    assert sv.startswith(swedish)
    assert not {"10.1.2.3", "influxdb.intern", "unauthorized", "refused"} & set((sv + " " + en).replace(":", " ").split())
    assert str(figures["trouble"]) in verdict(folder, "collector", NOW)[1]


def test_who_never_gave_a_sign_of_life_is_told_without_the_folder(tmp_path: Path) -> None:
    """The folder is on the machine's disk; who reads the page has no use for it."""
    sentences = " ".join(sv + en for sv, en in told(tmp_path))

    assert "Insamlingen har inte gett något livstecken" in sentences
    assert "Beräkningarna har inte gett något livstecken" in sentences
    assert str(tmp_path) not in sentences
    assert "ENERGIMONITOR" not in sentences
