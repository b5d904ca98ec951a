"""M-Bus records against the standard's own tables, bytes written by hand."""

from datetime import date, datetime

import pytest

from collectors.decoders._mbus import DURING_ERROR, MAXIMUM, records, telegram
from config.errors import Undecodable

NUMBERS = {
    "32 bit, kWh": ("04 06 0A 00 00 00", "energy", 10_000.0, "Wh"),
    "32 bit, 10 kWh (VIF 07)": ("04 07 0A 00 00 00", "energy", 100_000.0, "Wh"),
    "32 bit, MJ (VIF 0E)": ("04 0E 0A 00 00 00", "energy", 10e6, "J"),
    "MWh (VIF FB 01)": ("04 FB 01 0A 00 00 00", "energy", 10.0, "MWh"),
    "0.1 MWh (VIF FB 00)": ("04 FB 00 0A 00 00 00", "energy", 1.0, "MWh"),
    "GJ (VIF FB 09)": ("04 FB 09 0A 00 00 00", "energy", 10.0, "GJ"),
    "MCal (VIF FB 0D)": ("04 FB 0D 0A 00 00 00", "energy", 10.0, "MCal"),
    "8 digits BCD, 0.01 m3": ("0C 14 80 76 96 04", "volume", 49_676.80, "m3"),
    "6 digits BCD, 0.1 W": ("0B 2A 56 34 12", "power", 12_345.6, "W"),
    "4 digits BCD, minus sign": ("0A 5A 57 F2", "flow_temperature", -25.7, "°C"),
    "12 digits BCD": ("0E 06 12 90 78 56 34 12", "energy", 123_456_789_012e3, "Wh"),
    "16 bit two's complement": ("02 61 F6 FF", "temperature_difference", -0.1, "K"),
    "24 bit": ("03 13 01 00 01", "volume", 65.537, "m3"),
    "48 bit": ("06 13 00 00 00 00 01 00", "volume", 4_294_967.296, "m3"),
    "real": ("05 2E 00 00 20 41", "power", 10_000.0, "W"),
    "flow, m3/h": ("0B 3B 05 03 00", "flow", 0.305, "m3/h"),
    "flow, m3/min": ("02 44 0A 00", "flow", 0.01, "m3/min"),
    "operating time, hours": ("02 26 0A 00", "operating_time", 10.0, "h"),
    "humidity (VIF FB 1A)": ("02 FB 1A AF 01", "relative_humidity", 43.1, "%"),
    "volts (VIF FD 48)": ("02 FD 48 0C 09", "voltage", 231.6, "V"),
    "multiplied by 10^-3 (VIFE 73)": ("04 86 73 0A 00 00 00", "energy", 10.0, "Wh"),
    "variable length, digits": ("0D 06 C2 34 12", "energy", 1_234_000.0, "Wh"),
}


@pytest.mark.parametrize("name", NUMBERS)
def test_numbers(name: str) -> None:
    """Data field, then value information, then the factor."""
    data, quantity, value, unit = NUMBERS[name]

    (record,) = records(bytes.fromhex(data))

    assert record.kind is not None
    assert (record.kind.quantity, record.kind.unit) == (quantity, unit)
    assert record.value == pytest.approx(value)
    assert record.channel == ""


INVALID = {
    "BCD digits above nine": "0C 06 EE EE EE EE",
    "the most negative integer": "04 06 00 00 00 80",
    "record error in the VIFE (15: no data)": "04 86 15 0A 00 00 00",
    "real that is no number": "05 2E 00 00 C0 7F",
    "no data": "00 06",
    "a date that is not set": "02 6C FF FF",
    "a clock with seconds that it marks as wrong": "06 6D 0A BA 09 2E 1A 00",
    "a clock that the meter marks as wrong (bit 7)": "04 6D BA 09 2E 1A",
}


@pytest.mark.parametrize("name", INVALID)
def test_an_invalid_value_is_no_number(name: str) -> None:
    """EN 13757-3 has several ways to say "I do not know"; none of them is zero."""
    (record,) = records(bytes.fromhex(INVALID[name]))

    assert record.value is None


def test_storage_tariff_and_subunit_come_from_the_extensions() -> None:
    """DIF C4: storage bit 0 set, one DIFE follows; DIFE 61: storage bits 1-4 = 1, tariff 2, subunit 1."""
    (record,) = records(bytes.fromhex("C4 61 06 0A 00 00 00"))

    assert (record.storage, record.tariff, record.subunit) == (3, 2, 1)
    assert record.channel == "storage_3.tariff_2.subunit_1"


def test_functions_are_told_apart() -> None:
    """14 06 is a maximum, 34 06 a value during an error."""
    maximum, error = records(bytes.fromhex("14 06 01 00 00 00 34 06 00 00 00 00"))

    assert (maximum.function, error.function) == (MAXIMUM, DURING_ERROR)


def test_fillers_unknown_values_and_the_makers_own_data_are_passed_over() -> None:
    """The length is in the DIF, so a record that nobody knows costs nothing but itself."""
    found = records(bytes.fromhex("2F 2F 04 FF 22 01 00 00 00 04 06 0A 00 00 00 0F 00 01 02"))

    assert [record.kind.quantity if record.kind else None for record in found] == [None, "energy"]


def test_wall_clocks() -> None:
    """Type F 3A 09 2E 1A is 2009-10-14 09:58, type G 2A 19 is 2009-09-10 (worked by hand from the bit fields)."""
    moment, day = records(bytes.fromhex("04 6D 3A 09 2E 1A 42 6C 2A 19"))

    assert moment.value == datetime(2009, 10, 14, 9, 58)  # noqa: DTZ001 - a wall clock
    assert day.value == date(2009, 9, 10)


def test_the_identification_keeps_its_zeros() -> None:
    """The number is what is printed on the meter: 05047168."""
    answer = telegram(bytes.fromhex("08 14 72 68710405 AC48 41 03 47 00 0000 0C14 80769604"))

    assert answer.identification == "05047168"
    assert answer.medium == "gas"
    assert [record.value for record in answer.records] == [pytest.approx(49_676.8)]


def test_a_long_frame_is_read_without_its_frame() -> None:
    """68 L L 68 … checksum 16, as it is on the wire."""
    inner = bytes.fromhex("08 14 72 68710405 AC48 41 03 47 00 0000 0C14 80769604")
    frame = bytes([0x68, len(inner), len(inner), 0x68]) + inner + bytes([sum(inner) & 0xFF, 0x16])

    assert telegram(frame) == telegram(inner)


CUT = {"in the value": "04 06 0A 00", "in the DIFE": "84", "in the VIFE": "04 FB", "in a text": "0D 78 05 31"}


@pytest.mark.parametrize("name", CUT)
def test_a_record_that_is_cut_off_is_refused(name: str) -> None:
    """Half a number is no number."""
    with pytest.raises(Undecodable):
        records(bytes.fromhex(CUT[name]))


def test_an_encrypted_telegram_is_refused() -> None:
    """Mode 5 in the configuration field: what follows is no data record."""
    with pytest.raises(Undecodable, match="encrypted"):
        telegram(bytes.fromhex("72 68710405 AC48 41 03 47 00 0005 0C14 80769604"))


def test_a_clock_with_seconds() -> None:
    """Type I: the seconds stand before the bytes of type F; 0A is ten of them."""
    (record,) = records(bytes.fromhex("06 6D 0A 3A 09 2E 1A 00"))

    assert record.value == datetime(2009, 10, 14, 9, 58, 10)  # noqa: DTZ001 - a wall clock
