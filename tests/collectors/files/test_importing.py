"""Files as a way in: what is taken, what is not, and that doing it again changes nothing."""

import gzip
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collectors.files.cells import Reason
from collectors.files.clashes import Place
from collectors.files.importing import ImportReport, import_file
from collectors.files.layout import Kind, Layout, Stamp
from config.domain.estate import Building, Carrier, Direction, Installation, Meter, MeteringPoint, Owner, Portfolio, Register
from config.domain.readings import DirtyHours, Reading
from config.errors import ConfigurationError, PointRejected

NOW = datetime(2027, 6, 1, tzinfo=UTC)
USE = "active_energy_import.hourly_use"


class Clock:
    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


class Sink:
    """A store: the same meter, register and time is one reading. Values above `refuses` are rejected."""

    def __init__(self, refuses: float = float("inf")) -> None:
        self.readings: dict[tuple[str, str, datetime], Reading] = {}
        self.refuses = refuses
        self.marks: list[DirtyHours] = []

    def write_readings(self, readings: Sequence[Reading]) -> None:
        rejected = {index: "too large" for index, item in enumerate(readings) if item.value > self.refuses}
        for index, item in enumerate(readings):
            if index not in rejected:
                self.readings[item.meter, item.register, item.time] = item
        if rejected:
            raise PointRejected("some", rejected)

    def mark(self, hours: Sequence[DirtyHours]) -> None:
        self.marks.extend(hours)

    def values(self, meter: str = "m-el", register: str = "active_energy_import") -> dict[str, float]:
        """Time → value, in order."""
        found = {key[2]: item.value for key, item in self.readings.items() if key[:2] == (meter, register)}
        return {f"{time:%m-%d %H:%M}": found[time] for time in sorted(found)}


class Imported:
    """Remembers when a file first came."""

    def __init__(self) -> None:
        self.times: dict[str, datetime] = {}

    def received(self, fingerprint: str, now: datetime) -> datetime:
        return self.times.setdefault(fingerprint, now)


def _portfolio() -> Portfolio:
    installed, swap = datetime(2020, 1, 1, tzinfo=UTC), datetime(2026, 3, 2, 12, tzinfo=UTC)
    points = {
        "el": MeteringPoint("el", "El", "skola", Carrier.ELECTRICITY, Direction.IMPORT, 0.01),
        "bytt": MeteringPoint("bytt", "Bytt", "skola", Carrier.ELECTRICITY, Direction.IMPORT, 0.01),
        "netto": MeteringPoint("netto", "Netto", "skola", Carrier.ELECTRICITY, Direction.NET, 0.01),
        "utan": MeteringPoint("utan", "Utan", "skola", Carrier.ELECTRICITY, Direction.IMPORT, 0.01),
    }
    one = (Register("active_energy_import"),)
    two = (Register("heat_energy"), Register("volume"))
    meters = {
        "m-el": Meter("m-el", "test", "7340012", one),
        "m-gammal": Meter("m-gammal", "test", "1", one),
        "m-ny": Meter("m-ny", "test", "2", one),
        "m-netto": Meter("m-netto", "test", "3", (Register("active_energy_net"),)),
        "m-värme": Meter("m-värme", "test", "4", two),
    }
    installations = (
        Installation("el", "m-el", "active_energy_import", installed),
        Installation("bytt", "m-gammal", "active_energy_import", installed, swap),
        Installation("bytt", "m-ny", "active_energy_import", swap),
        Installation("netto", "m-netto", "active_energy_net", installed),
    )
    owners = {"nämnd": Owner("nämnd", "Nämnden", "committee")}
    buildings = {"skola": Building("skola", "Skolan", "school", "nämnd", None)}
    return Portfolio("Provköping", "Europe/Stockholm", owners, buildings, points, meters, installations)


PORTFOLIO = _portfolio()
LONG = Layout(Kind.REGISTER, "kWh", name="meter")
USES = replace(LONG, kind=Kind.USE)
SWEDISH = replace(USES, timezone="Europe/Stockholm")


def take(path: Path, layout: Layout, sink: Sink, **more: object) -> ImportReport:
    return import_file(path, layout, PORTFOLIO, sink, sink, Clock(), **more)  # type: ignore[arg-type]  # words from a table


def taken(folder: Path, content: str | bytes, layout: Layout = LONG, sink: Sink | None = None) -> tuple[Sink, ImportReport]:
    """Write the file and import it."""
    path = folder / "file.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    sink = sink or Sink()
    return sink, take(path, layout, sink)


def lines(*rows: str, header: str = "meter;time;value") -> str:
    return "\n".join([header, *rows]) + "\n"


TWO = {"03-02 00:00": 10.5, "03-02 01:00": 12.0}
WAYS: dict[str, tuple[str | bytes, Layout]] = {
    "long, semicolon, decimal comma": (lines("el;2026-03-02T00:00Z;10,5", "el;2026-03-02T01:00Z;12"), LONG),
    "long, comma, decimal point": ("meter,time,value\nel,2026-03-02 00:00,10.5\nel,2026-03-02 01:00,12.0\n", LONG),
    "long, tabs": ("meter\ttime\tvalue\nel\t2026-03-02 00:00\t10,5\nel\t2026-03-02 01:00\t12\n", LONG),
    "wide": ("Tid;el;netto\n2026-03-02 00:00;10,5;\n2026-03-02 01:00;12;\n", replace(LONG, name=None)),
    "wide, header mapped": (
        "Tid;Skolan el\n2026-03-02 00:00;10,5\n2026-03-02 01:00;12\n",
        replace(LONG, name=None, values={"Skolan el": "el"}),
    ),
    "a byte-order mark": (b"\xef\xbb\xbf" + lines("el;2026-03-02 00:00;10,5", "el;2026-03-02 01:00;12").encode(), LONG),
    "Windows-1252": (
        "mätare;time;value\nel;2026-03-02 00:00;10,5\nel;2026-03-02 01:00;12\n".encode("cp1252"),
        replace(LONG, name="mätare"),
    ),
    "UTF-16 from a spreadsheet": (
        "meter\ttime\tvalue\nel\t2026-03-02 00:00\t10,5\nel\t2026-03-02 01:00\t12\n".encode("utf-16"),
        LONG,
    ),
    "compressed": (gzip.compress(lines("el;2026-03-02 00:00;10,5", "el;2026-03-02 01:00;12").encode()), LONG),
    "lines of title before the header": (
        "Rapport; mars\nSkapad 2026-04-01\n\n" + lines("el;2026-03-02 00:00;10,5", "el;2026-03-02 01:00;12"),
        LONG,
    ),
    "date and clock apart": ("meter;Datum;Tid;value\nel;2026-03-02;00:00;10,5\nel;2026-03-02;1:00;12\n", LONG),
    "a Swedish time format": (
        lines("el;2/3 2026 kl 00;10,5", "el;2/3 2026 kl 01;12"),
        replace(LONG, time_format="%d/%m %Y kl %H"),
    ),
    "megawatt-hours": (lines("el;2026-03-02 00:00;0,0105", "el;2026-03-02 01:00;0,012"), replace(LONG, unit="MWh")),
    "a unit a line": (
        lines("el;2026-03-02 00:00;10500;Wh", "el;2026-03-02 01:00;12;kWh", header="meter;time;value;unit"),
        replace(LONG, unit="", unit_column="unit", values={"value": "{name}"}),
    ),
    "normal time all year": (lines("el;2026-03-02 01:00;10,5", "el;2026-03-02 02:00;12"), replace(LONG, timezone="UTC+1")),
    "an offset in the time": (lines("el;2026-03-02T02:00+02:00;10,5", "el;2026-03-02T03:00+02:00;12"), LONG),
    "24:00": (lines("el;2026-03-01 24:00;10,5", "el;2026-03-02 01:00;12"), LONG),
    "quotes, and spaces between thousands": (
        lines('"el";2026-03-02 00:00; "10 500"', "el;2026-03-02 01:00;12\N{NO-BREAK SPACE}000"),
        replace(LONG, unit="Wh"),
    ),
    "by the device's own number": (lines("7340012;2026-03-02 00:00;10,5", "7340012;2026-03-02 01:00;12"), LONG),
    "by meter and register": (
        lines("m-el/active_energy_import;2026-03-02 00:00;10,5", "m-el;2026-03-02 01:00;12"),
        LONG,
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_same_readings_come_out_of(tmp_path: Path, way: str) -> None:
    """10.5 and 12 kWh at midnight and one o'clock, however they are written."""
    content, layout = WAYS[way]
    sink, report = taken(tmp_path, content, layout)

    assert sink.values() == pytest.approx(TWO)
    assert report.complete


def test_a_name_is_put_into_the_target(tmp_path: Path) -> None:
    """One file, a column a carrier, a line a building."""
    points = {"skola-el": replace(PORTFOLIO.points["el"], id="skola-el")}
    known = replace(PORTFOLIO, points=points, installations=(replace(PORTFOLIO.installations[0], point="skola-el"),))
    path, sink = tmp_path / "f.csv", Sink()
    path.write_text("hus;tid;a\nSkolan;2026-03-02 00:00;10,5\n")
    layout = Layout(Kind.REGISTER, "kWh", name="hus", values={"a": "{name}-el"}, names={"Skolan": "skola"})
    import_file(path, layout, known, sink, sink, Clock())

    assert sink.values() == {"03-02 00:00": 10.5}


def test_parquet_is_read_as_well(tmp_path: Path) -> None:
    """Times and numbers as such, local times without a zone by the layout's."""
    frame = pl.DataFrame(
        {"meter": ["el", "el"], "time": [datetime(2026, 3, 2, 1), datetime(2026, 3, 2, 2)], "value": [10.5, 12.0]}  # noqa: DTZ001 - local
    )
    frame.write_parquet(tmp_path / "f.parquet")
    sink = Sink()
    report = take(tmp_path / "f.parquet", replace(LONG, timezone="Europe/Stockholm"), sink)

    assert sink.values() == TWO
    assert (report.lines, report.taken) == (2, 2)


FAULTS = {
    "too few columns": ("el;2026-03-02 01:00", Reason.NO_CELL),
    "no time": ("el;i går;12", Reason.NO_TIME),
    "an hour that was skipped": ("el;2026-03-29 02:30;12", Reason.NO_SUCH_TIME),
    "the first year of all": ("el;0001-01-01 00:00;12", Reason.TOO_OLD),
    "the last year of all": ("el;9999-12-31 23:59;12", Reason.IN_FUTURE),
    "1970": ("el;1970-01-01 00:00;12", Reason.TOO_OLD),
    "next year": ("el;2090-01-01 00:00;12", Reason.IN_FUTURE),
    "no number": ("el;2026-03-02 01:00;tolv", Reason.NO_NUMBER),
    "infinity": ("el;2026-03-02 01:00;1e999", Reason.NO_NUMBER),
    "a comma and a point": ("el;2026-03-02 01:00;1.234,5", Reason.COMMA),
    "1e300": ("el;2026-03-02 01:00;1e300", Reason.ABSURD),
    "before the meter": ("el;2019-03-02 01:00;12", Reason.NOT_INSTALLED),
    "a quote that is never closed": ('"el;2026-03-02 01:00;12', Reason.NO_CELL),
    "more than the store takes": ("el;2026-03-02 01:00;999999", Reason.REJECTED),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_line_with_a_fault_is_told_and_stops_no_other(tmp_path: Path, fault: str) -> None:
    """The report names line 3 and why; lines 2 and 4 are in the store."""
    bad, reason = FAULTS[fault]
    content = lines("el;2026-03-02 00:00;1", bad, "el;2026-03-02 05:00;2")
    sink, report = taken(tmp_path, content, replace(LONG, timezone="Europe/Stockholm"), Sink(refuses=1e5))

    assert [(item.line, item.reason) for item in report.refused] == [(3, reason)]
    assert list(sink.values().values()) == [1.0, 2.0]
    assert report.lines == 3


def test_a_comma_that_may_be_two_things_is_not_guessed(tmp_path: Path) -> None:
    """ "1,234" between commas is a thousand or a little more than one; said so, it is taken."""
    content = 'meter,time,value\nel,2026-03-02 00:00,"1,234"\n'
    _, unsaid = taken(tmp_path, content)
    said, _ = taken(tmp_path, content, replace(LONG, decimal=","))

    assert list(unsaid.reasons) == [Reason.COMMA]
    assert said.values() == {"03-02 00:00": 1.234}


def test_unknown_names_are_counted_with_the_way_out(tmp_path: Path) -> None:
    """Nothing is dropped silently; each name once, with how many values it has."""
    _, report = taken(
        tmp_path,
        lines("okänd;2026-03-02 00:00;1", "okänd;2026-03-02 01:00;1", "m-värme;2026-03-02 00:00;1", "utan;2026-03-02 00:00;1"),
    )

    assert report.unknown == {
        "okänd": ("finns inte i portföljen", 2),
        "m-värme": ("mätaren har flera räkneverk; skriv m-värme/ och ett av heat_energy, volume", 1),
        "utan": ("mätpunkten har ingen mätare i portföljen", 1),
    }


def test_a_unit_that_is_not_the_quantity_s_is_refused(tmp_path: Path) -> None:
    """Cubic metres are no energy."""
    _, report = taken(tmp_path, lines("el;2026-03-02 00:00;1"), replace(LONG, unit="m3"))

    assert list(report.reasons) == [Reason.UNIT]


def test_blank_cells_are_counted_and_are_no_fault(tmp_path: Path) -> None:
    """A wide table has holes. A hole is never nought."""
    sink, report = taken(tmp_path, "Tid;el;netto\n2026-03-02 00:00;10,5;\n2026-03-02 01:00;-;NaN\n", replace(LONG, name=None))

    assert (report.blank, report.taken, report.complete) == (3, 1, True)
    assert sink.values("m-netto", "active_energy_net") == {}


def test_a_point_s_values_go_to_the_meter_that_was_there(tmp_path: Path) -> None:
    """Exchanged at noon; the instant itself is the new meter's."""
    sink, _ = taken(tmp_path, lines("bytt;2026-03-02 11:00;900", "bytt;2026-03-02 12:00;0", "bytt;2026-03-02 13:00;1"))

    assert sink.values("m-gammal") == {"03-02 11:00": 900.0}
    assert sink.values("m-ny") == {"03-02 12:00": 0.0, "03-02 13:00": 1.0}


def test_use_is_stored_beside_the_register(tmp_path: Path) -> None:
    """No level is made up, so any piece can come at any time."""
    sink, _ = taken(tmp_path, lines("el;2026-03-02 00:00;2", "el;2026-03-02 01:00;3"), USES)

    assert sink.values(register=USE) == {"03-02 00:00": 2.0, "03-02 01:00": 3.0}
    assert sink.values() == {}


def test_a_use_named_by_its_end_lies_before_it(tmp_path: Path) -> None:
    """Swedish grid companies name the hour from 00 to 01 either way."""
    sink, _ = taken(tmp_path, lines("el;2026-03-02 01:00;2"), replace(USES, stamp=Stamp.END))

    assert sink.values(register=USE) == {"03-02 00:00": 2.0}


def test_four_quarters_make_an_hour_and_three_do_not(tmp_path: Path) -> None:
    """A part of an hour's use stored as the hour's would be too little, and nobody would see it."""
    quarters = [f"el;2026-03-02 {hour:02}:{minute:02};1,5" for hour in (0, 1) for minute in (0, 15, 30, 45)]
    sink, report = taken(tmp_path, lines(*quarters[:-1]), replace(USES, step_minutes=15))

    assert sink.values(register=USE) == {"03-02 00:00": 6.0}
    assert [(item.line, item.reason, item.detail) for item in report.refused] == [(6, Reason.HOUR_INCOMPLETE, "3/4")]


def test_use_off_the_step_is_refused(tmp_path: Path) -> None:
    """Which hour would 00:10 be?"""
    _, report = taken(tmp_path, lines("el;2026-03-02 00:10;2"), USES)

    assert list(report.reasons) == [Reason.NOT_ON_STEP]


def test_negative_use_is_refused_where_the_point_has_one_direction(tmp_path: Path) -> None:
    """A net point may send out more than it takes in."""
    sink, report = taken(tmp_path, lines("el;2026-03-02 00:00;-2", "netto;2026-03-02 00:00;-2"), USES)

    assert list(report.reasons) == [Reason.NEGATIVE]
    assert sink.values("m-netto", "active_energy_net.hourly_use") == {"03-02 00:00": -2.0}


AUTUMN = ["2026-10-25 01:00", "2026-10-25 02:00", "2026-10-25 02:00", "2026-10-25 03:00"]
IN_UTC = ["10-24 23:00", "10-25 00:00", "10-25 01:00", "10-25 02:00"]


@pytest.mark.parametrize("newest_first", [False, True])
def test_the_hour_that_comes_twice_is_told_by_its_order(tmp_path: Path, newest_first: bool) -> None:
    """25 local hours on 2026-10-25: the first 02:00 is summer time, the second normal time; newest first, the other way."""
    rows = [f"el;{time};{value}" for value, time in enumerate(AUTUMN)]
    sink, report = taken(tmp_path, lines(*(rows[::-1] if newest_first else rows)), SWEDISH)

    assert sink.values(register=USE) == dict(zip(IN_UTC, range(4), strict=True))
    assert report.complete


def test_the_hour_that_comes_twice_is_not_guessed_from_one_line(tmp_path: Path) -> None:
    """Either of two hours; an offset in the time would say which."""
    sink, report = taken(tmp_path, lines("el;2026-10-25 01:00;1", "el;2026-10-25 02:00;2", "el;2026-10-25 03:00;3"), SWEDISH)

    assert list(sink.values(register=USE)) == ["10-24 23:00", "10-25 02:00"]
    assert [(item.line, item.reason) for item in report.refused] == [(3, Reason.TIME_TWICE)]


def test_every_meter_has_its_own_doubled_hour(tmp_path: Path) -> None:
    """In the long form the lines of two meters lie between each other."""
    rows = [f"{name};{time};{value}" for value, time in enumerate(AUTUMN) for name in ("el", "netto")]
    sink, _ = taken(tmp_path, lines(*rows), SWEDISH)

    assert (
        sink.values(register=USE)
        == sink.values("m-netto", "active_energy_net.hourly_use")
        == dict(zip(IN_UTC, range(4), strict=True))
    )


def test_the_touched_hours_become_dirty_as_ranges(tmp_path: Path) -> None:
    """Four years of hours are one range, not 35,064."""
    sink, _ = taken(tmp_path, lines(*(f"el;2026-03-02 {hour:02}:05;{hour}" for hour in (0, 1, 2, 7))))
    day = datetime(2026, 3, 2, tzinfo=UTC)

    assert sink.marks == [
        DirtyHours("el", day, day + timedelta(hours=3)),
        DirtyHours("el", day + timedelta(hours=7), day + timedelta(hours=8)),
    ]


CLASHES = {
    "two values": (["el;2026-03-02 00:00;1", "el;2026-03-02 01:00;5", "el;2026-03-02 00:00;2"], LONG, [(4, [2])]),
    "the first one again": (["el;2026-03-02 00:00;1", "el;2026-03-02 00:00;2", "el;2026-03-02 00:00;1"], LONG, [(4, [3])]),
    "the same value twice": (["el;2026-03-02 00:00;1", "el;2026-03-02 00:00;1"], LONG, []),
    "two names of one register": (["el;2026-03-02 00:00;1", "m-el;2026-03-02 00:00;2"], LONG, [(3, [2])]),
    "two meters": (["el;2026-03-02 00:00;1", "netto;2026-03-02 00:00;2"], LONG, []),
    "use of an hour": (["el;2026-03-02 00:00;1", "el;2026-03-02 00:00;2"], USES, [(3, [2])]),
    "use of a quarter": (
        [f"el;2026-03-02 00:{minute:02};{value}" for minute, value in ((0, 1), (0, 2), (15, 1), (30, 1), (45, 1))],
        replace(USES, step_minutes=15),
        [(3, [2])],
    ),
    "what the store refuses does not count": (["el;2026-03-02 00:00;1", "el;2026-03-02 00:00;999999"], LONG, []),
}


@pytest.mark.parametrize("case", CLASHES)
def test_two_values_of_one_time_are_told_with_the_one_that_counts(tmp_path: Path, case: str) -> None:
    """The last one written is in the store; which is right only a person knows. A warning: nothing of the file was left out."""
    rows, layout, told = CLASHES[case]
    sink, report = taken(tmp_path, lines(*rows), layout, Sink(refuses=1e5))

    assert [(item.counts.line, [other.line for other in item.others]) for item in report.clashes] == told
    assert report.clashing == len(told)
    assert report.complete or Reason.REJECTED in report.reasons
    if layout.step_minutes == 60:
        kept = {key: item.value for key, item in sink.readings.items()}
        assert all(kept[item.meter, item.register, item.time] == item.counts.value for item in report.clashes)


def test_values_of_two_columns_clash_too(tmp_path: Path) -> None:
    """The point and its meter beside each other; far apart in the file, and in two batches."""
    first = datetime(2020, 1, 2, tzinfo=UTC)
    rows = [f"{first + timedelta(hours=n):%Y-%m-%d %H:%M};{n};" for n in range(6_000)]
    content = "\n".join(["Tid;el;m-el", *rows, "2020-01-02 07:00;;9"]) + "\n"
    _, report = taken(tmp_path, content, replace(LONG, name=None))

    (clash,) = report.clashes
    assert (clash.counts, clash.others) == (Place(6_002, "m-el", 9.0), (Place(9, "el", 7.0),))
    assert clash.time == datetime(2020, 1, 2, 7, tzinfo=UTC)


def test_importing_twice_changes_nothing(tmp_path: Path) -> None:
    """Not even the time of receipt: a figure can be asked for as it was known then."""
    path, sink, imported = tmp_path / "f.csv", Sink(), Imported()
    path.write_text(lines("el;2026-03-02 00:00;1", "el;2026-03-02 01:00;2"))
    import_file(path, LONG, PORTFOLIO, sink, sink, Clock(), imported=imported)
    before = dict(sink.readings)
    import_file(path, LONG, PORTFOLIO, sink, sink, Clock(NOW + timedelta(days=9)), imported=imported)

    assert sink.readings == before


def test_a_dry_run_reports_the_same_and_stores_nothing(tmp_path: Path) -> None:
    """What it says is what will happen."""
    path, dry, wet = tmp_path / "f.csv", Sink(), Sink()
    path.write_text(lines("el;2026-03-02 00:00;1", "okänd;2026-03-02 00:00;1", "el;x;1"))
    would, did = take(path, LONG, dry, dry_run=True), take(path, LONG, wet)

    assert (dry.readings, dry.marks) == ({}, [])
    assert replace(would, dry_run=False) == did


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, 24), order=st.permutations(range(2)))
def test_pieces_in_any_order_are_the_whole(tmp_path: Path, cut: int, order: list[int]) -> None:
    """A year comes as twelve files, one of them twice, the last first."""
    rows = [f"el;2026-03-02 {hour:02}:00;{hour}" for hour in range(24)]
    whole, _ = taken(tmp_path, lines(*rows), USES)
    pieces, sink = [rows[:cut], rows[cut:]], Sink()
    for number in [*order, order[0]]:
        taken(tmp_path, lines(*pieces[number]), USES, sink)

    assert sink.values(register=USE) == whole.values(register=USE)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(junk=st.binary(max_size=300))
def test_no_bytes_stop_the_import(tmp_path: Path, junk: bytes) -> None:
    """Whatever stands between two good lines, the lines before and after are taken."""
    content = lines("el;2026-03-02 00:00;1").encode() + junk + b"\nel;2026-03-02 01:00;2\n"
    sink, report = taken(tmp_path, content)

    assert sink.values().items() >= {"03-02 00:00": 1.0, "03-02 01:00": 2.0}.items()
    assert report.taken + sum(report.reasons.values()) + len(report.unknown) + report.blank >= 2


UNREADABLE = {
    "no such file": (None, "No such file"),
    "a damaged archive": (gzip.compress(lines("el;2026-03-02 00:00;1").encode())[:-9], "damaged"),
    "no header with the columns": (b"a;b\n1;2\n", "no header with meter"),
    "nothing": (b"", "begins with nothing"),
    "no Parquet inside": (b"PAR1 and nothing more", "file.csv"),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_a_file_that_cannot_be_read_is_refused_in_words(tmp_path: Path, case: str) -> None:
    """Before anything of it is taken."""
    content, words = UNREADABLE[case]
    path, sink = tmp_path / "file.csv", Sink()
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(ConfigurationError, match=words):
        take(path, LONG, sink)
    assert sink.readings == {}


LAYOUTS: dict[str, dict[str, object]] = {
    "time zone": {"timezone": "Europe/Borlange"},
    "does not go up in an hour": {"step_minutes": 25},
    "decimal sign": {"decimal": ";"},
    "no unit": {"unit": ""},
}


@pytest.mark.parametrize("words", LAYOUTS)
def test_a_layout_that_cannot_be_is_refused(words: str) -> None:
    """When it is made, not at line 400,000."""
    with pytest.raises(ConfigurationError, match=words):
        replace(LONG, **LAYOUTS[words])  # type: ignore[arg-type]  # words from a table


def test_progress_ends_at_the_file_s_size(tmp_path: Path) -> None:
    """A bar that stops at 97 % looks like a fault."""
    path, sink, told = tmp_path / "f.csv", Sink(), list[tuple[int, int]]()
    path.write_text(lines(*(f"el;2026-03-02 00:00;{n}" for n in range(3000))))
    take(path, LONG, sink, progress=lambda done, total: told.append((done, total)))

    size = path.stat().st_size
    assert len(told) > 2
    assert told[-1] == (size, size)


def test_the_estate_series_is_taken_whole(shared_data: Path) -> None:
    """One real building, both carriers: every hour of the file is in the store with the file's value."""
    with gzip.open(shared_data / "estate" / "hourly.csv.gz", "rt") as file:
        header, *rows = [line for line in file if line.startswith(("building,", "b57,"))]
    source = {row.split(",")[1]: float(row.split(",")[2]) for row in rows}
    sink = Sink()
    layout = Layout(Kind.USE, "kWh", name="building", values={"electricity_kwh": "{name}"}, names={"b57": "el"})
    early = replace(PORTFOLIO.installations[0], start=datetime(2018, 1, 1, tzinfo=UTC))
    known = replace(PORTFOLIO, installations=(early,))
    report = import_file(shared_data / "estate" / "hourly.csv.gz", layout, known, sink, sink, Clock())

    assert (header.split(",")[0], len(source), report.taken) == ("building", 35_064, 35_064)
    assert {f"{key[2]:%Y-%m-%dT%H:%M:%SZ}": item.value for key, item in sink.readings.items()} == source
    assert sum(count for _, count in report.unknown.values()) == 15 * 35_064


def test_a_real_heat_meter_s_registers_are_taken(shared_data: Path) -> None:
    """26,256 lines of a Danish meter, energy and volume at once."""
    sink = Sink()
    values = {"energy_heat_kwh": "m-värme/heat_energy", "volume_flow_m3": "m-värme/volume"}
    path = shared_data / "heatmeter" / "counters.csv.gz"
    heat = take(path, Layout(Kind.REGISTER, "kWh", time=("time_rounded",), values=dict(list(values.items())[:1])), sink)
    volume = take(path, Layout(Kind.REGISTER, "m3", time=("time_rounded",), values=dict(list(values.items())[1:])), sink)

    assert (heat.taken, volume.taken, heat.complete, volume.complete) == (26_256, 26_256, True, True)
    assert sink.readings["m-värme", "heat_energy", datetime(2018, 1, 2, 23, tzinfo=UTC)].value == 5347.61445783133
