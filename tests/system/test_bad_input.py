"""Whatever is published: a dead letter with a reason, and the next message goes on."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest

from collectors.intake import Intake
from collectors.journal import JournalReader, JournalWriter
from config.domain.estate import Building, Carrier, Direction, Installation, Meter, MeteringPoint, Owner, Portfolio, Register
from config.domain.series import READINGS, SeriesQuery
from config.domain.sources import ClockTrust, Source
from services.state.state import State
from services.store.influxdb import InfluxStore
from services.store.influxwire import InfluxTarget, InfluxVersion
from tests.servers import Influxd1
from tests.system import chain

RECEIVED = datetime(2026, 11, 23, 12, tzinfo=UTC)
NASTY = 'a,b=c "d"\\ e\'; DROP MEASUREMENT readings--'
BROKEN_LINE = "a\nreadings,meter=x value=1"


def telegram(**fields: object) -> bytes:
    """A heat meter's message, with some fields otherwise."""
    body: dict[str, object] = {
        "media": "heat",
        "meter": "kamheat",
        "id": "20000000",
        "status": "OK",
        "total_energy_consumption_kwh": 44,
        "timestamp": "2026-11-23T11:00:00Z",
    }
    return orjson.dumps(body | fields)


def portfolio() -> Portfolio:
    """Three meters: a plain one and two whose ids are an attack."""
    devices = {"m-plain": "20000000", NASTY: NASTY, BROKEN_LINE: BROKEN_LINE}
    since = datetime(2020, 1, 1, tzinfo=UTC)
    points = {
        f"p{number}": MeteringPoint(f"p{number}", "p", "b", Carrier.DISTRICT_HEATING, Direction.IMPORT, 1.0)
        for number in range(len(devices))
    }
    meters = {name: Meter(name, "wmbusmeters", device, (Register("heat_energy"),)) for name, device in devices.items()}
    return Portfolio(
        municipality="Test",
        timezone="Europe/Stockholm",
        owners={"o": Owner("o", "o", "company")},
        buildings={"b": Building("b", "b", "school", "o", None)},
        points=points,
        meters=meters,
        installations=tuple(
            Installation(point, meter, "heat_energy", since) for point, meter in zip(points, meters, strict=True)
        ),
    )


SOURCES = (
    Source("wmbusmeters/#", "wmbusmeters"),
    Source("wrong-clock/#", "wmbusmeters", clock=ClockTrust.RECEIPT),
    Source("ignored/#", None),
)


@dataclass
class Plant:
    folder: Path
    store: InfluxStore
    state: State
    intake: Intake

    def take(self, *messages: tuple[str, bytes, int]) -> None:
        """Journal the messages as the receiver does, and take them in to the end."""
        with JournalWriter(self.folder) as journal:
            journal.append(RECEIVED, messages)
        stop = threading.Event()
        thread = threading.Thread(target=self.intake.run, args=(stop,))
        thread.start()
        with JournalReader(self.folder) as reader:
            for _ in range(1_000):
                if not reader.after(self.intake.figures.position, 1):
                    break
                stop.wait(0.02)
        stop.set()
        thread.join(10)

    def stored(self) -> dict[str, float]:
        frame = self.store.read(SeriesQuery(READINGS))
        return dict(zip(frame["meter"].to_list(), frame["value"].to_list(), strict=True))

    def reasons(self) -> list[str]:
        return [letter.reason for letter in self.state.dead_letters.matching()]


@pytest.fixture
def plant(tmp_path: Path, influxd1: Influxd1) -> Iterator[Plant]:
    name = tmp_path.name
    influxd1.create_database(name)
    store = InfluxStore(InfluxTarget(influxd1.url, name, InfluxVersion.V1))
    state = State.open(tmp_path / "state.sqlite")
    intake = chain.intake(tmp_path / "journal", store, state, portfolio(), SOURCES, 0.95)
    yield Plant(tmp_path / "journal", store, state, intake)
    state.close()
    store.close()


DEEP = b'{"a":' * 100_000 + b"1" + b"}" * 100_000

BAD = {
    "a topic that no source covers": ("elsewhere/x", telegram(), "no source covers this topic"),
    "ten megabytes": ("wmbusmeters/x", b"x" * 10_000_000, "no JSON"),
    "broken UTF-8": ("wmbusmeters/x", b'{"id": "\xff\xfe"}', "no JSON"),
    "JSON a hundred thousand deep": ("wmbusmeters/x", DEEP, "no JSON"),
    "an absurd number": ("wmbusmeters/x", telegram(total_energy_consumption_kwh=1e13), "cannot be"),
    "a register of 1e300": ("wmbusmeters/x", telegram(total_energy_consumption_kwh=1e300), "cannot be"),
    "a clock in 2090": ("wmbusmeters/x", telegram(timestamp="2090-01-01T00:00:00Z"), "its clock says 2090-01-01"),
    "an id with a line break": ("wmbusmeters/x", telegram(id=BROKEN_LINE), "the store refuses it"),
    "an empty payload": ("wmbusmeters/x", b"", "no JSON"),
    "nothing but null": ("wmbusmeters/x", b"null", "a JSON object was expected"),
}


@pytest.mark.influxdb
@pytest.mark.parametrize("kind", BAD)
def test_bad_input_is_a_dead_letter_and_the_next_message_goes_on(plant: Plant, kind: str) -> None:
    """One bad message between two good ones."""
    topic, payload, reason = BAD[kind]

    plant.take(
        ("wmbusmeters/1", telegram(total_energy_consumption_kwh=1, timestamp="2026-11-23T10:00:00Z"), 1),
        (topic, payload, 1),
        ("wmbusmeters/1", telegram(total_energy_consumption_kwh=3), 1),
    )

    assert plant.store.read(SeriesQuery(READINGS))["value"].to_list() == [1.0, 3.0]
    assert len(plant.reasons()) == 1
    assert reason in plant.reasons()[0]


@pytest.mark.influxdb
def test_an_id_full_of_syntax_is_stored_as_it_is(plant: Plant) -> None:
    """Commas, quotes, equals signs and a query: no injection into line protocol, none into the query that reads it back."""
    plant.take(("wmbusmeters/x", telegram(id=NASTY), 1))

    assert plant.stored() == {NASTY: 44.0}
    assert plant.store.read(SeriesQuery(READINGS, where={"meter": (NASTY,)})).height == 1


@pytest.mark.influxdb
def test_an_unset_clock_is_no_clock(plant: Plant) -> None:
    """A device that says 1970 has no time: its receipt stands in for it, and nothing is lost."""
    plant.take(("wmbusmeters/x", telegram(timestamp="1970-01-01T00:05:00Z"), 1))

    assert plant.store.read(SeriesQuery(READINGS))["time"].to_list() == [RECEIVED]
    assert plant.reasons() == []


@pytest.mark.influxdb
def test_a_source_whose_clocks_are_known_to_be_wrong_uses_the_receipt(plant: Plant) -> None:
    """`clock: receipt` is the way out that the dead letter names."""
    plant.take(("wrong-clock/x", telegram(timestamp="2090-01-01T00:00:00Z"), 1))

    assert plant.store.read(SeriesQuery(READINGS))["time"].to_list() == [RECEIVED]


@pytest.mark.influxdb
def test_a_retained_message_without_a_time_is_not_a_measurement_of_now(plant: Plant) -> None:
    """The broker kept it from before: nobody knows when it was measured."""
    retained = 1 | 4

    plant.take(("wmbusmeters/x", telegram(timestamp=None), retained))

    assert plant.stored() == {}
    assert "retained" in plant.reasons()[0]


@pytest.mark.influxdb
def test_an_unknown_device_waits_and_is_no_dead_letter(plant: Plant) -> None:
    """It is listed, with what it sends, and the journal keeps its messages."""
    plant.take(("wmbusmeters/x", telegram(id="77777777"), 1))

    rows = plant.state.unknown_devices.rows()

    assert [(row.family, row.device, row.quantity, row.unit) for row in rows] == [
        ("wmbusmeters", "77777777", "heat_energy", "kWh")
    ]
    assert plant.reasons() == []


@pytest.mark.influxdb
def test_what_is_ignored_on_purpose_is_neither_stored_nor_a_dead_letter(plant: Plant) -> None:
    """`family: null` in sources.yaml."""
    plant.take(("ignored/x", b"whatever", 1))

    assert plant.stored() == {}
    assert plant.reasons() == []
