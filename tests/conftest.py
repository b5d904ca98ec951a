"""Real servers for the tests. What is not on the machine skips with its install line; in CI the skip is a failure."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.servers import Influxd1, Influxd2, Mosquitto, shared_folder

settings.register_profile("untimed", deadline=None)  # how long a case takes says how busy the machine is
settings.load_profile("untimed")
LONGEST_FIRST = (
    "tests/services/web/test_browser.py",
    "tests/services/jobs/test_whole.py",
    "tests/services/web/test_dashboards.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A file is one worker's: the longest begin first, so that none of them is waited for at the end."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST_FIRST))


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Mosquitto]:
    """A real broker with the shipped configuration on a free loopback port."""
    with Mosquitto(tmp_path / "mosquitto") as broker:
        yield broker


@pytest.fixture(scope="session")
def influxd1(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Influxd1]:
    """A real InfluxDB 1.x (Debian's 1.6.7), one for the session; every test makes its own database."""
    with Influxd1(tmp_path_factory.mktemp("influxd1")) as server:
        yield server


@pytest.fixture(scope="session")
def influxd2(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Influxd2]:
    """A real InfluxDB 2.x where ENERGIMONITOR_TEST_INFLUXD2 names its binary; every test makes its own bucket."""
    with Influxd2(tmp_path_factory.mktemp("influxd2")) as server:
        yield server


@pytest.fixture
def payloads() -> Path:
    """The published payloads beside the project."""
    return shared_folder("payloads")


@pytest.fixture
def shared_data() -> Path:
    """The measured series beside the project."""
    return shared_folder("data")
