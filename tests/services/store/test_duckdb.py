"""What only the embedded store promises: one process, a power cut, a full disk, no network."""

import subprocess
import sys
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from config.domain.readings import Reading
from config.domain.series import READINGS, Aggregate, SeriesQuery
from config.errors import StoreRefused, StoreUnavailable
from services.store.duckdb import DuckDBStore
from tests.services.store.small_disk import small_disk

START = datetime(2025, 1, 15, 6, tzinfo=UTC)
COUNT = SeriesQuery(READINGS, aggregate=Aggregate.COUNT)


def readings(batch: int, count: int = 1_000) -> list[Reading]:
    """Of many meters, so that they take room."""
    return [
        Reading(f"m{at}", "r", START + timedelta(seconds=batch), hash((batch, at)) / 7, START + timedelta(milliseconds=at))
        for at in range(count)
    ]


def test_what_was_written_is_there_after_opening_again(tmp_path: Path) -> None:
    """Points, and the numbers of their series: a second store goes on where the first ended."""
    path = tmp_path / "folder that is not there" / "store.duckdb"
    first = DuckDBStore(path)
    first.write_readings(readings(0))
    first.close()

    second = DuckDBStore(path)
    second.write_readings([*readings(0), *readings(1), Reading("new", "r", START, 1.0, START)])

    assert second.read(COUNT).item() == 2_001
    assert second.read(SeriesQuery(READINGS, where={"meter": ("new",)}))["value"].to_list() == [1.0]
    second.close()
    second.close()


def test_a_closed_store_stays_closed(tmp_path: Path) -> None:
    """A page that asks while the service stops must not take the file again; the next process needs it."""
    store = DuckDBStore(tmp_path / "store.duckdb")
    store.write_readings(readings(0))
    store.close()

    with pytest.raises(StoreUnavailable, match="is closed"):
        store.read(COUNT)
    with pytest.raises(StoreUnavailable, match="is closed"):
        store.write_readings(readings(1))


ANOTHER = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1])
print("open", flush=True)
sys.stdin.read()
"""


def test_a_file_that_another_process_has_open_is_refused_with_a_sentence(tmp_path: Path) -> None:
    """A person must stop one of the two, and must know which file and why."""
    path = tmp_path / "store.duckdb"
    DuckDBStore(path).close()
    with subprocess.Popen([sys.executable, "-c", ANOTHER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"open\n"
        with pytest.raises(StoreRefused, match=rf"store.duckdb: another process has the file open .*{other.pid}.*stop it"):
            DuckDBStore(path)
        other.communicate(b"")


@pytest.mark.parametrize("content", [b"this is no database" * 1000, b"x"])
def test_a_file_of_another_kind_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    """A path mistyped in the settings shall not cost somebody a file."""
    path = tmp_path / "notes.txt"
    path.write_bytes(content)

    with pytest.raises(StoreRefused, match=r"notes\.txt.*DuckDB file"):
        DuckDBStore(path)

    assert path.read_bytes() == content


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    """Said with the path, not as a traceback."""
    (tmp_path / "file").write_text("")

    with pytest.raises(StoreRefused, match="see that the file can be read and written"):
        DuckDBStore(tmp_path / "file" / "store.duckdb")


WRITER = """
import sys
from pathlib import Path
from services.store.duckdb import DuckDBStore
from tests.services.store.test_duckdb import readings
store = DuckDBStore(Path(sys.argv[1]))
for batch in range(10_000):
    store.write_readings(readings(batch))
    print(batch, flush=True)
"""


def test_what_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    """Killed in the middle of writing, three times on one file: every batch that returned is there, whole, once."""
    path = tmp_path / "store.duckdb"
    for stop_after in (3, 17, 40):
        with subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            acknowledged = [int(writer.stdout.readline()) for _ in range(stop_after)][-1]
            writer.kill()
            acknowledged = max([acknowledged, *(int(line) for line in writer.stdout.read().split())])

        store = DuckDBStore(path)
        found = store.read(SeriesQuery(READINGS))
        store.close()
        batches = found.group_by("time").len()
        assert found.height == found.unique(["meter", "time"]).height
        assert set(batches["len"].to_list()) == {1_000}
        assert batches.height >= acknowledged + 1


def test_a_full_disk_is_unavailable_until_there_is_room(tmp_path: Path) -> None:
    """Then the same store goes on, and nothing acknowledged is lost."""
    with small_disk(tmp_path / "disk", megabytes=24) as disk:
        ballast = disk / "ballast"
        ballast.write_bytes(b"\0" * (14 << 20))
        store = DuckDBStore(disk / "store.duckdb")
        written = _fill(store, 0)
        written = _fill(store, written)
        ballast.unlink()
        store.write_readings(_of_other_meters(written))
        written += 1

        found = store.read(SeriesQuery(READINGS))
        store.close()
        reopened = DuckDBStore(disk / "store.duckdb")
        count = reopened.read(COUNT).item()
        reopened.close()

    assert written > 3
    assert found.height == count == written * 2_000


def _fill(store: DuckDBStore, batch: int) -> int:
    """Write batches from number `batch` on until the disk is full; the number of the one that was not taken."""
    while batch < 3_000:
        try:
            store.write_readings(_of_other_meters(batch))
        except StoreUnavailable as error:
            assert "make room" in str(error)  # noqa: PT017 - it is not the only claim
            return batch
        batch += 1
    raise AssertionError("the disk did not fill")


def _of_other_meters(batch: int) -> list[Reading]:
    return [
        Reading(str(uuid.uuid5(uuid.NAMESPACE_OID, f"{batch}-{at}")), "r", START, hash((batch, at)) / 7, START)
        for at in range(2_000)
    ]


def test_days_of_a_zone_need_no_download() -> None:
    """The engine's time zones are part of the package; an extension would have to be fetched while we run."""
    connection = duckdb.connect()
    found = connection.sql("SELECT install_mode FROM duckdb_extensions() WHERE extension_name = 'icu' AND loaded").fetchall()
    connection.close()

    assert found == [("STATICALLY_LINKED",)]
