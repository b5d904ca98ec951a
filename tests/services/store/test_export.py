"""Exports are complete, in the promised form, and a file is either whole or not there."""

import csv
import io
import os
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import orjson
import polars as pl
import pyarrow.parquet as pq
import pytest

from config.domain.periods import day
from config.domain.readings import Reading
from config.domain.series import DEVIATIONS, INTERVALS, READINGS, SERVICE, Aggregate, Every, SeriesQuery
from config.errors import StoreUnavailable
from services.store import export as exporting
from services.store.duckdb import DuckDBStore
from services.store.export import ExportFormat, export, export_to_file
from tests.doubles.memory_store import MemoryStore

START = datetime(2025, 1, 15, 6, tzinfo=UTC)
STOCKHOLM = "Europe/Stockholm"


def readings(values: Sequence[tuple[str, datetime, float]]) -> list[Reading]:
    return [Reading(meter, "heat_energy", time, value, time) for meter, time, value in values]


def exported(store: MemoryStore | DuckDBStore, query: SeriesQuery, form: ExportFormat) -> bytes:
    out = io.BytesIO()
    export(store, query, form, out)
    return out.getvalue()


@pytest.fixture
def store() -> MemoryStore:
    """Two readings, one of a meter with an awkward id."""
    made = MemoryStore()
    made.write_readings(readings([("a", START, 1.5), ('b;"c",\n d'.replace("\n", ""), START + timedelta(seconds=0.25), 1e-7)]))
    return made


def test_csv_is_rfc_4180(store: MemoryStore) -> None:
    """CRLF, quotes doubled, times with offset, the fraction of a second only where there is one."""
    assert exported(store, SeriesQuery(READINGS, zone=STOCKHOLM), ExportFormat.CSV) == (
        b"time,meter,register,value,received\r\n"
        b"2025-01-15T07:00:00+01:00,a,heat_energy,1.5,1736920800000\r\n"
        b'2025-01-15T07:00:00.250+01:00,"b;""c"", d",heat_energy,1e-7,1736920800250\r\n'
    )


def test_excel_opens_it_with_a_double_click(store: MemoryStore) -> None:
    """Byte order mark, semicolons, decimal comma, wall-clock times."""
    text = exported(store, SeriesQuery(READINGS, zone=STOCKHOLM), ExportFormat.EXCEL)

    assert text.startswith(b"\xef\xbb\xbftime;meter;register;value;received\r\n2025-01-15 07:00:00;a;heat_energy;1,5;")
    rows = list(csv.reader(io.StringIO(text.decode("utf-8-sig")), delimiter=";"))
    assert rows[2][:3] == ["2025-01-15 07:00:00", 'b;"c", d', "heat_energy"]


@pytest.mark.parametrize("meter", ["=1+1", "@SUM(A1)", "+46", "-1"])
def test_a_device_cannot_put_a_formula_into_a_sheet(meter: str) -> None:
    """Ids are a device's words, and a sheet runs what begins like a formula."""
    store = MemoryStore()
    store.write_readings(readings([(meter, START, -2.0)]))

    text = exported(store, SeriesQuery(READINGS), ExportFormat.EXCEL).decode("utf-8-sig")

    assert text.splitlines()[1] == f"2025-01-15 06:00:00;'{meter};heat_energy;-2,0;1736920800000"


def test_json_lines_and_parquet_hold_the_same_points(store: MemoryStore) -> None:
    """Compared with what the store reads, time included."""
    lines = [orjson.loads(line) for line in exported(store, SeriesQuery(READINGS), ExportFormat.JSON_LINES).splitlines()]
    table = pq.read_table(io.BytesIO(exported(store, SeriesQuery(READINGS), ExportFormat.PARQUET)))

    expected = store.read(SeriesQuery(READINGS))
    assert [(datetime.fromisoformat(line["time"]), line["meter"], line["value"]) for line in lines] == expected.select(
        "time", "meter", "value"
    ).rows()
    assert pl.DataFrame(table).rows() == expected.rows()


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        (ExportFormat.CSV, b"time,building,value\r\n"),
        (ExportFormat.EXCEL, b"\xef\xbb\xbftime;building;value\r\n"),
        (ExportFormat.JSON_LINES, b""),
    ],
)
def test_an_export_of_nothing_still_names_the_columns(form: ExportFormat, expected: bytes) -> None:
    """But for JSON lines, where each row names its own."""
    query = SeriesQuery(INTERVALS, aggregate=Aggregate.SUM, every=Every.DAY, by=("building",))

    assert exported(MemoryStore(), query, form) == expected
    assert pq.read_schema(io.BytesIO(exported(MemoryStore(), query, ExportFormat.PARQUET))).names == ["time", "building", "value"]


def test_points_that_lack_a_number_are_exported_too() -> None:
    """A deviation without a price, and a series that has its number alone: days are counted by what every point has."""
    place = MemoryStore()
    unpriced = {"time": START, "building": "skola", "carrier": "heat", "kind": "night", "owner": "", "thread": "1", "value": None}
    texts = dict.fromkeys(("state", "sentence", "sentence_en", "action", "action_en", "reason", "reason_en"), "")
    numbers = {"kwh": None, "kg": None, "muted": 0, "since": 0, "until": 0, "open": 1}
    place.write_pictures(DEVIATIONS, pl.DataFrame([{**unpriced, **texts, **numbers}]))
    place.write_pictures(SERVICE, pl.DataFrame([{"time": START, "measure": "lag", "value": 2.0}]))

    rows = [exported(place, SeriesQuery(series), ExportFormat.JSON_LINES).splitlines() for series in (DEVIATIONS, SERVICE)]

    assert [len(lines) for lines in rows] == [1, 1]


@pytest.mark.parametrize("bounds", [(None, None), (START + timedelta(days=3, minutes=7), START + timedelta(days=17))])
def test_stretches_lose_and_double_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bounds: tuple[datetime | None, datetime | None]
) -> None:
    """Cut at every few days, the rows are those of one reading; progress ends at the count."""
    monkeypatch.setattr(exporting, "STRETCH", 250)
    store = DuckDBStore(tmp_path / "s.duckdb")
    store.write_readings(readings([(f"m{at % 2}", START + timedelta(minutes=15 * at), float(at)) for at in range(2_000)]))
    query = SeriesQuery(READINGS, *bounds)
    seen: list[tuple[int, int]] = []
    out = io.BytesIO()

    rows = export(store, query, ExportFormat.JSON_LINES, out, lambda done, total: seen.append((done, total)))

    found = sorted((line["meter"], line["time"]) for line in map(orjson.loads, out.getvalue().splitlines()))
    expected = store.read(query)
    store.close()
    assert rows == len(found) == len(set(found)) == expected.height
    assert len(seen) > 4
    assert seen[-1] == (rows, rows)


def test_days_are_not_cut_in_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stretch ends at the zone's midnight, also on the days of a clock change: 23 and 25 hours stay whole."""
    monkeypatch.setattr(exporting, "STRETCH", 30)
    store = MemoryStore()
    first, last = day(date(2025, 10, 24), STOCKHOLM), day(date(2025, 10, 28), STOCKHOLM)
    hours = round((last.end - first.start) / timedelta(hours=1))
    store.write_readings(readings([("a", first.start + timedelta(hours=at), 1.0) for at in range(hours)]))
    query = SeriesQuery(READINGS, aggregate=Aggregate.SUM, every=Every.DAY, zone=STOCKHOLM)

    lines = exported(store, query, ExportFormat.CSV).decode().splitlines()

    assert [line.split(",")[1] for line in lines[1:]] == ["24.0", "24.0", "25.0", "24.0", "24.0"]
    assert lines[3].startswith("2025-10-26T00:00:00+02:00")


def test_a_file_is_whole_or_not_there(tmp_path: Path, store: MemoryStore) -> None:
    """An export that fails leaves the earlier file as it was, and no rest beside it."""
    target = tmp_path / "ut.csv"
    export_to_file(store, SeriesQuery(READINGS), ExportFormat.CSV, target)
    before = target.read_bytes()
    store.fail_with = StoreUnavailable("gone")

    with pytest.raises(StoreUnavailable):
        export_to_file(store, SeriesQuery(READINGS), ExportFormat.CSV, target)

    assert target.read_bytes() == before
    assert os.listdir(tmp_path) == ["ut.csv"]


def test_parquet_goes_through_a_pipe(store: MemoryStore) -> None:
    """`energimonitor export --format parquet > file`: standard output cannot be wound back."""
    reading_end, writing_end = os.pipe()
    with os.fdopen(writing_end, "wb") as out:
        export(store, SeriesQuery(READINGS), ExportFormat.PARQUET, out)
    with os.fdopen(reading_end, "rb") as piped:
        table = pq.read_table(io.BytesIO(piped.read()))

    assert table.num_rows == 2
