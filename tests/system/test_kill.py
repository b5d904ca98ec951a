"""Whatever is killed: every message that the broker acknowledged is in the store, once."""

from pathlib import Path

import pytest

from tests.servers import Influxd1, Influxd2
from tests.system import kill_run

MESSAGES, KILLS = 12_000, 2


@pytest.mark.mosquitto
@pytest.mark.influxdb
def test_nothing_is_lost_or_doubled_while_everything_is_killed(tmp_path: Path) -> None:
    """The full run (200,000 messages, 20 kills each) is `python -m tests.system.kill_run`; docs/intake.md has its figures."""
    with Influxd1(tmp_path / "influxd") as server:
        account = kill_run.run(tmp_path / "run", server, MESSAGES, KILLS, rate=1_200, seed=7)

    assert account.published == MESSAGES
    assert account.kills == {"receiver": KILLS, "intake": KILLS, "influxd": KILLS, "broker": 1}
    assert account.counted == {
        "expected": MESSAGES,
        "stored": MESSAGES,
        "missing": 0,
        "doubled": 0,
        "strange": 0,
        "different": 0,
    }


@pytest.mark.mosquitto
@pytest.mark.influxdb2
def test_nothing_is_lost_with_influxdb_2(tmp_path: Path) -> None:
    """The production target answers, fails and restarts in its own way."""
    with Influxd2(tmp_path / "influxd") as server:
        account = kill_run.run(tmp_path / "run", server, MESSAGES, KILLS, rate=1_200, seed=8)

    assert account.counted["missing"] == account.counted["doubled"] == account.counted["different"] == 0
    assert account.counted["stored"] == MESSAGES
