"""Measured series through the whole chain: nothing missing, nothing twice, nothing otherwise."""

from pathlib import Path

import pytest

from tests.system.estate import feed
from tests.system.estate_run import opened, run

TWO_WEEKS = 336


@pytest.mark.mosquitto
@pytest.mark.influxdb
@pytest.mark.parametrize("kind", ["influxdb1", "duckdb"])
def test_every_reading_arrives_once_and_unchanged(tmp_path: Path, shared_data: Path, kind: str) -> None:
    """Sixteen buildings, two registers each; all four years are `python -m tests.system.estate_run`."""
    estate = feed(shared_data, TWO_WEEKS)

    with opened(kind, tmp_path) as store:
        counted, _ = run(tmp_path, store, estate, lambda words: None)

    assert counted == {
        "expected": 16 * 2 * TWO_WEEKS,
        "stored": 16 * 2 * TWO_WEEKS,
        "missing": 0,
        "doubled": 0,
        "strange": 0,
        "different": 0,
        "dead letters": 0,
    }
