"""Reading SMHI's JSON and CSV: what is a value, what is not, and what is refused with the way out."""

from datetime import UTC, datetime

import orjson
import pytest

from collectors.weather.answer import Answer
from collectors.weather.smhi_csv import read_csv
from collectors.weather.smhi_json import read_json
from collectors.weather.stations import nearest_active, read_stations
from config.domain.weather import WeatherFindingCode, WeatherQuantity
from config.errors import WeatherError
from tests.collectors.weather.played import recorded

DAILY, HOURLY, SUN = (
    WeatherQuantity.AIR_TEMPERATURE_DAILY,
    WeatherQuantity.AIR_TEMPERATURE,
    WeatherQuantity.GLOBAL_IRRADIANCE,
)


def day(month: int, on: int, hour: int = 0) -> datetime:
    return datetime(2024, month, on, hour, tzinfo=UTC)


def archive(text: str | bytes, quantity: WeatherQuantity | None = DAILY, station: str | None = "105260") -> Answer:
    return read_csv(text if isinstance(text, bytes) else text.encode(), "archive.csv", quantity, station)


def latest(content: bytes, quantity: WeatherQuantity = DAILY, station: str = "105260") -> Answer:
    return read_json(content, quantity, station, "latest.json")


def changed(name: str, old: str, new: str) -> bytes:
    """A recorded answer with one thing otherwise."""
    text = recorded(name).decode()
    assert old in text
    return text.replace(old, new).encode()


def test_the_archives_days_are_found_by_the_names_of_its_columns() -> None:
    """Free text before, notes after; text values become numbers; both qualities are kept."""
    found = archive(recorded("daily-archive-105260.csv"))

    assert found.values.rows() == [
        (day(1, 1), -6.4, "G"),
        (day(1, 2), -18.0, "Y"),
        (day(1, 4), -21.3, "G"),
        (day(1, 5), 0.0, "G"),
        (day(1, 6), -3.1, "G"),
        (day(1, 7), 1.2, "G"),
        (day(1, 31), 2.5, "G"),
    ]
    assert (found.name, found.findings) == ("Borlänge Flygplats", ())


def test_a_day_without_a_row_is_missing_and_a_day_at_zero_degrees_is_there() -> None:
    """Trap 7: 3 January has no row; 5 January was exactly 0.0 °C."""
    values = archive(recorded("daily-archive-105260.csv")).values

    assert day(1, 3) not in values["time"].to_list()
    assert values.filter(values["time"] == day(1, 5))["value"].to_list() == [0.0]


@pytest.mark.parametrize("cell", ["", "  "], ids=["empty", "blank"])
def test_an_empty_cell_is_a_missing_day(cell: str) -> None:
    """Never 0."""
    found = archive(changed("daily-archive-105260.csv", ";2024-01-05;0.0;G", f";2024-01-05;{cell};G"))

    assert day(1, 5) not in found.values["time"].to_list()


def test_an_older_head_without_byte_order_mark_is_read_alike() -> None:
    """Klimatnummer for Stationsnummer, "degree celsius" for "celsius"; Windows line ends."""
    text = recorded("daily-archive-105370.csv").replace(b"\n", b"\r\n")

    found = archive(text, station="105370")

    assert found.values.rows() == [(day(1, 2), -17.0, "G"), (day(1, 3), -20.5, "G")]


def test_rows_before_the_table_may_be_more_than_ever_seen() -> None:
    """A station that moved a hundred times; who counts header lines reads a position as a temperature."""
    moved = "1973-01-01 00:00:00;1996-06-30 23:59:59;152.0;60.4300;15.5100\n"

    found = archive(changed("daily-archive-105260.csv", moved, moved * 100))

    assert found.values.height == 7


def test_columns_may_stand_in_another_order() -> None:
    """Read by name."""
    text = (
        "Stationsnamn;Stationsnummer\nBorlänge Flygplats;105260\n\nParameternamn;Beskrivning;Enhet\n"
        'Lufttemperatur;"medelvärde 1 dygn, 1 gång/dygn, kl 00";celsius\n\n'
        "Representativt dygn;Ny kolumn;Lufttemperatur;Osäkerhet;Kvalitet\n2024-01-01;x;-6.4;0.1;G\n"
    )

    assert archive(text).values.rows() == [(day(1, 1), -6.4, "G")]


def test_hours_are_read_and_a_last_line_that_was_cut_off_is_said() -> None:
    """The cut "1." could have been 1.9: it is no value."""
    found = archive(recorded("hourly-archive-105260.csv"), HOURLY)

    assert found.values.rows() == [(day(1, 31, 20), 2.4, "G"), (day(1, 31, 21), 2.1, "G"), (day(1, 31, 22), 1.8, "Y")]
    assert [(item.code, item.station) for item in found.findings] == [(WeatherFindingCode.UNREADABLE, "105260")]
    assert "1 rader gick inte att läsa" in found.findings[0].sentence_sv


@pytest.mark.parametrize(
    ("name", "quantity", "station"),
    [
        ("daily-archive-105260.csv", DAILY, "105260"),
        ("hourly-archive-105260.csv", HOURLY, "105260"),
        ("daily-archive-105370.csv", DAILY, "105370"),
    ],
)
def test_a_saved_file_says_itself_what_it_holds(name: str, quantity: WeatherQuantity, station: str) -> None:
    """A person imports it without naming parameter or station."""
    found = archive(recorded(name), None, None)

    assert (found.quantity, found.station) == (quantity, station)


def test_json_values_are_text_and_become_numbers() -> None:
    """Trap 7: "-0.7" is text; the day is `ref`."""
    found = latest(recorded("daily-latest-105260.json"))

    assert found.values.rows() == [(day(1, 31), 2.9, "Y"), (day(2, 1), -0.7, "G"), (day(2, 2), -4.0, "Y")]


def test_a_daily_row_without_ref_belongs_to_the_day_of_its_from() -> None:
    """`from` is 00:00:01 of the day, `to` 00:00:00 of the next one."""
    content = orjson.loads(recorded("daily-latest-105260.json"))
    for row in content["value"]:
        del row["ref"]

    assert latest(orjson.dumps(content)).values["time"].to_list() == [day(1, 31), day(2, 1), day(2, 2)]


def test_hourly_rows_have_milliseconds_and_null_is_missing() -> None:
    """1706742000000 is 31 January 23:00 UTC."""
    found = latest(recorded("hourly-latest-105260.json"), HOURLY)

    assert found.values.rows() == [(day(1, 31, 23), 1.5, "G"), (day(2, 1), 1.3, "Y"), (day(2, 1, 2), -0.2, "G")]


def test_irradiance_is_read_in_its_own_unit() -> None:
    """Watt per square metre; 12:00 UTC on 1 February."""
    found = latest(recorded("irradiance-latest-105285.json"), SUN, "105285")

    assert found.values.rows() == [(day(2, 1, 11), 61.24, "G"), (day(2, 1, 12), 88.02, "G")]


def test_a_value_that_was_not_approved_is_left_out_and_said() -> None:
    """Only green and yellow are values."""
    found = latest(changed("daily-latest-105260.json", '"value": "-0.7", "quality": "G"', '"value": "-0.7", "quality": "R"'))

    assert day(2, 1) not in found.values["time"].to_list()
    assert [item.code for item in found.findings] == [WeatherFindingCode.NOT_APPROVED]


def test_an_instant_given_twice_is_the_checked_value() -> None:
    """Whatever the order of the rows."""
    rows = [{"ref": "2024-02-01", "value": "9", "quality": "G"}, {"ref": "2024-02-01", "value": "1", "quality": "Y"}]
    content = orjson.loads(recorded("daily-latest-105260.json")) | {"value": rows}

    assert latest(orjson.dumps(content)).values.rows() == [(day(2, 1), 9.0, "G")]


def test_one_impossible_value_is_left_out_and_said() -> None:
    """A sensor's -99.9 is no weather; the hole is bridged."""
    found = latest(changed("daily-latest-105260.json", '"-4.0"', '"-99.9"'))

    assert found.values.height == 2
    assert [item.code for item in found.findings] == [WeatherFindingCode.IMPOSSIBLE]


BAD_JSON = {
    "empty": (b"", "empty answer"),
    "text": (b"Service temporarily unavailable", "text in place of JSON"),
    "a web page": (recorded("sign-in.html"), "web page"),
    "cut off": (recorded("daily-latest-105260.json")[:200], "text in place of JSON"),
    "a list": (b"[1, 2]", "no list of values"),
    "without values": (b'{"updated": 1}', "no list of values"),
    "values that are no list": (b'{"value": "many"}', "no list of values"),
    "another station": (recorded("hourly-latest-105260.json").replace(b'"105260"', b'"97400"'), "of station 97400"),
    "another unit": (changed("daily-latest-105260.json", '"unit": "celsius"', '"unit": "kelvin"'), "'kelvin'"),
    "no unit": (changed("daily-latest-105260.json", ', "unit": "celsius"', ""), "the unit is None"),
    "another parameter": (changed("daily-latest-105260.json", "medelvärde 1 dygn", "min, 1 gång per dygn"), "parameter 2"),
    "rows of another shape": (changed("daily-latest-105260.json", '"ref": "2024', '"ref": "vecka 24'), "rows cannot be read"),
    "kelvin unsaid": (
        changed("daily-latest-105260.json", '"value": "-4.0"', '"value": "269.2"')
        .replace(b'"-0.7"', b'"272.5"')
        .replace(b'"2.9"', b'"276.1"'),
        "has the unit changed",
    ),
}


@pytest.mark.parametrize(("content", "words"), BAD_JSON.values(), ids=BAD_JSON)
def test_a_bad_json_answer_is_refused_whole(content: bytes, words: str) -> None:
    """The error names source and station; nothing of the answer is taken."""
    quantity = HOURLY if b"momentan" in content else DAILY

    with pytest.raises(WeatherError, match=words) as refusal:
        latest(content, quantity)

    assert "latest.json" in str(refusal.value)


BAD_CSV = {
    "empty": (b"", "empty answer"),
    "only a byte-order mark": (b"\xef\xbb\xbf", "empty answer"),
    "text": (b"Ingen data", "no table"),
    "a web page": (recorded("sign-in.html"), "web page"),
    "the head alone": (recorded("daily-archive-105260.csv")[:300], "no table"),
    "JSON": (recorded("daily-latest-105260.json"), "no table"),
    "another unit": (changed("daily-archive-105260.csv", ";celsius", ";kelvin"), "'kelvin'"),
    "another station": (changed("daily-archive-105260.csv", ";105260;", ";97400;"), "of station 97400"),
    "daily minima": (
        changed("daily-archive-105260.csv", "medelvärde 1 dygn, 1 gång/dygn, kl 00", "min, 1 gång per dygn"),
        "parameter 2",
    ),
    "hours in place of days": (recorded("hourly-archive-105260.csv"), "parameter 2"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "no table"),
    "years that nobody measured": (changed("daily-archive-105260.csv", ";2024-01-", ";0024-01-"), "rows cannot be read"),
    "all rows unreadable": (changed("daily-archive-105260.csv", ";2024-01-", ";jan-"), "rows cannot be read"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "words"), BAD_CSV.values(), ids=BAD_CSV)
def test_a_bad_csv_answer_is_refused_whole(content: bytes, words: str) -> None:
    """A sign-in page, another parameter's file, a changed unit: no row of it is taken for weather."""
    with pytest.raises(WeatherError, match=words) as refusal:
        archive(content)

    assert "archive.csv" in str(refusal.value)


def test_an_archive_without_rows_is_empty_and_no_error() -> None:
    """A new station's."""
    text = recorded("daily-archive-105260.csv").decode()

    assert archive(text[: text.index("2024-01-01 00:00:01")]).values.is_empty()


def test_stations_are_listed_with_their_end() -> None:
    """105310 closed on 1 January 2009; Falun-Lugnet is the nearest to it that lives… after Borlänge Flygplats."""
    listed = {item.id: item for item in read_stations(recorded("stations-2.json"), "stations")}

    assert listed["105310"].until == datetime(2009, 1, 1, tzinfo=UTC)
    near = nearest_active(tuple(listed.values()), listed["105310"].latitude, listed["105310"].longitude)
    assert near is not None
    assert near[0].id == "105260"
    # 0.0626 degrees of latitude are 6.96 km, 0.0805 of longitude at 60.46° 4.41 km: together 8.24 km
    assert near[1] == pytest.approx(8.24, abs=0.05)


@pytest.mark.parametrize("content", [b"{}", b"[]", b'{"station": [{"name": 1}]}', b"<html>", b""])
def test_a_list_of_stations_that_is_none_is_refused(content: bytes) -> None:
    """The caller goes on without it."""
    with pytest.raises(WeatherError):
        read_stations(content, "stations")
