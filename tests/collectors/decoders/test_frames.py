"""Device frames worked by hand, and the shapes that must not be claimed."""

from datetime import UTC, datetime

import pytest

from collectors.decoders._envelope import Uplink
from collectors.decoders._frames import frame_observations
from config.errors import Undecodable

TIME = datetime(2026, 11, 23, 12, tzinfo=UTC)


def read(
    data: str, hints: str = "", eui: str = "", port: int | None = 85
) -> list[tuple[str, str, float, str | None, datetime | None]]:
    uplink = Uplink("d", eui, TIME, port, bytes.fromhex(data), None, hints)
    return [(item.quantity, item.channel, item.value, item.unit, item.time) for item in frame_observations(uplink)]


def test_elsys_below_zero_and_without_a_probe() -> None:
    """0xFFF6 is -1.0 °C; 0xF830, -200.0 °C, is the external input without a probe."""
    assert read("01FFF6 0264 0CF830", "elsys") == [
        ("temperature", "", -1.0, "°C", TIME),
        ("relative_humidity", "", 100.0, "%", TIME),
    ]


def test_elsys_pulses_of_two_inputs_are_two_channels() -> None:
    """0B and 17 are the absolute counters; 0A, the change since the last frame, is no register."""
    assert read("0A0005 0B000003E8 17000007D0", "elsys") == [
        ("pulses", "1", 1000.0, "pulses", TIME),
        ("pulses", "2", 2000.0, "pulses", TIME),
    ]


def test_milesight_plug() -> None:
    """WS52x: 0x08FC / 10 V, 70 W, 2 kWh, 305 mA, little-endian."""
    assert read("0374FC08 048046000000 0683D0070000 07C93101", "milesight ws523") == [
        ("voltage", "", 230.0, "V", TIME),
        ("active_power", "", 70.0, "W", TIME),
        ("active_energy_import", "", 2000.0, "Wh", TIME),
        ("current", "", 305.0, "mA", TIME),
    ]


def test_a_stored_record_has_its_own_time() -> None:
    """0x6541 1A78 is 2023-10-31 15:17:12 UTC."""
    moment = datetime(2023, 10, 31, 15, 17, 12, tzinfo=UTC)

    assert read("017564 20CE 781A4165 DF00 6E")[-2:] == [
        ("temperature", "", 22.3, "°C", moment),
        ("relative_humidity", "", 55.0, "%", moment),
    ]


def test_a_record_of_another_model_gives_nothing() -> None:
    """TS201 has an event before its temperature: read as another model's record it would be -1 714 °C."""
    assert read("20CE C79AFA64 02BDFF", "milesight ts201") == []


def test_a_humidity_beside_a_conductivity_is_the_grounds() -> None:
    """EM500-SMTC measures soil; its moisture must not become a room's humidity."""
    assert read("017564 03671901 046873 057FF000") == [("temperature", "", 28.1, "°C", TIME)]


UNSURE = {
    "a current clamp, which passes as Elsys' light and pulses": ("0498B80B00000000", 85),
    "one byte": ("AA", 1),
    "text": ("54656D7065726174757265203D20302E30", 15),
    "Cayenne's temperature, the bytes the other way round": ("03670100", 10),
    "Elsys with an impossible humidity": ("0100E202FF", 5),
    "nothing": ("", 1),
}


@pytest.mark.parametrize("name", UNSURE)
def test_a_shape_that_is_not_sure_is_refused(name: str) -> None:
    """Raw bytes are never guessed into values; the operator is told what would help."""
    data, port = UNSURE[name]

    with pytest.raises(Undecodable, match="codec"):
        read(data, port=port)


def test_axioma_day_log_of_fourteen_bits() -> None:
    """Frame version 1: yesterday 01:00, then 23 differences; 1, 2, 3, 4 packed by hand are 01 80 00 30 00 10 00."""
    epoch = int(datetime(2026, 11, 23, 6, tzinfo=UTC).timestamp()).to_bytes(4, "little").hex()

    found = read(f"01 {epoch} 00 E8030000 01800030001000 {'00' * 34}", "qalcosonic", port=100)

    assert len(found) == 24
    assert [row[2] for row in found[:6]] == [1000.0, 1001.0, 1003.0, 1006.0, 1010.0, 1010.0]
    assert found[0][4] == datetime(2026, 11, 22, 1, tzinfo=UTC)
    assert found[-1][4] == datetime(2026, 11, 23, 0, tzinfo=UTC)


def test_an_elvaco_module_is_known_by_the_meters_number() -> None:
    """0406 0A000000 is 10 kWh; 0C78 is the number that no other device sends in this form."""
    assert read("15 04060A000000 0C7821436587 04FD1700000000", port=2) == [("heat_energy", "", 10_000.0, "Wh", TIME)]
