"""Observation and portfolio give a reading."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from collectors.decoding import Decoder
from collectors.identification import Identification, from_wall_clock
from collectors.messages import Observation, RawMessage
from collectors.routing import Route
from config.domain.estate import Building, Carrier, Direction, Installation, Meter, MeteringPoint, Owner, Portfolio, Register
from config.domain.quantities import Accumulation
from config.domain.readings import Reading
from config.domain.sources import ClockTrust, Source
from config.errors import Implausible

RECEIVED = datetime(2026, 11, 23, 12, tzinfo=UTC)
IMPORT = Register("active_energy_import")
TRUSTED = Source("t/#", "x")
STOCKHOLM = ZoneInfo("Europe/Stockholm")


def portfolio(*registers: Register) -> Portfolio:
    """One meter, `m`, known as 123 to family x."""
    return Portfolio(
        municipality="Test",
        timezone="Europe/Stockholm",
        owners={"o": Owner("o", "o", "company")},
        buildings={"b": Building("b", "b", "school", "o", None)},
        points={"p": MeteringPoint("p", "p", "b", Carrier.ELECTRICITY, Direction.IMPORT, 0.01)},
        meters={"m": Meter("m", "x", "123", registers)},
        installations=(Installation("p", "m", "active_energy_import", datetime(2020, 1, 1, tzinfo=UTC)),),
    )


def route(source: Source) -> Route:
    return Route(source, (Decoder("x", "group-x", (), lambda message, recall: ()),))


def observed(
    value: float = 5.0,
    unit: str | None = "kWh",
    time: datetime | None = None,
    quantity: str = "active_energy_import",
    channel: str = "",
    device: str = "123",
) -> Observation:
    return Observation(device, quantity, value, unit, time, Accumulation.COUNTER, channel)


def read(
    observation: Observation,
    register: Register = IMPORT,
    source: Source = TRUSTED,
    *,
    retained: bool = False,
) -> Reading:
    identification, way = Identification(portfolio(register)), route(source)
    known = identification.register(way, observation)
    assert known is not None
    return identification.reading(known, observation, RawMessage("t/1", b"", RECEIVED, retained=retained), source)


UNITS = {
    "as the message says": (observed(5, "Wh"), Register("active_energy_import"), Source("t/#", "x"), 0.005),
    "as the register says": (observed(5, None), Register("active_energy_import", unit="MWh"), Source("t/#", "x"), 5000.0),
    "as the source says": (
        observed(5, None),
        Register("active_energy_import"),
        Source("t/#", "x", units={"active_energy_import": "GJ"}),
        1388.888889,
    ),
    "the message before the register": (
        observed(5, "kWh"),
        Register("active_energy_import", unit="MWh"),
        Source("t/#", "x"),
        5.0,
    ),
}


@pytest.mark.parametrize("case", UNITS)
def test_the_unit_is_the_messages_then_the_registers_then_the_sources(case: str) -> None:
    """One GJ is 1000/3.6 kWh."""
    observation, register, source, kwh = UNITS[case]

    assert read(observation, register, source).value == pytest.approx(kwh)


def test_without_any_unit_nothing_is_guessed() -> None:
    """The dead letter says where to state one."""
    with pytest.raises(Implausible, match=r"no unit in the message; state one in portfolio.yaml or sources.yaml"):
        read(observed(5, None))


def test_a_unit_of_another_kind_is_refused() -> None:
    """A volume is no energy."""
    with pytest.raises(Implausible, match="volume, not of energy"):
        read(observed(5, "m3"))


def test_a_register_is_found_by_the_name_that_the_decoder_gives() -> None:
    """`as_sent` in the portfolio."""
    sent = observed(quantity="total_energy_tariff1", channel="t1")

    reading = read(sent, Register("active_energy_import", "t1", as_sent="total_energy_tariff1"))

    assert reading.register == "active_energy_import.t1"


@pytest.mark.parametrize("other", [observed(device="124"), observed(quantity="active_energy_export"), observed(channel="t2")])
def test_an_unknown_device_register_or_channel_is_nobodys(other: Observation) -> None:
    """It must not be taken for its neighbour."""
    identification = Identification(portfolio(Register("active_energy_import")))

    assert identification.register(route(Source("t/#", "x")), other) is None


def test_the_same_device_id_in_another_family_is_another_device() -> None:
    """Eight digits are no world-wide name."""
    identification = Identification(portfolio(Register("active_energy_import")))
    other = Route(Source("u/#", "y"), (Decoder("y", "group-y", (), lambda message, recall: ()),))

    assert identification.register(other, observed()) is None


TIMES = {
    "an instant": (datetime(2026, 11, 23, 11, tzinfo=UTC), Source("t/#", "x"), datetime(2026, 11, 23, 11, tzinfo=UTC)),
    "none: the receipt": (None, Source("t/#", "x"), RECEIVED),
    "a wall clock: the municipality's zone": (
        datetime(2026, 11, 23, 12),  # noqa: DTZ001 - a wall clock
        Source("t/#", "x"),
        datetime(2026, 11, 23, 11, tzinfo=UTC),
    ),
    "a wall clock on normal time all year": (
        datetime(2026, 7, 23, 12),  # noqa: DTZ001 - a wall clock
        Source("t/#", "x", timezone="UTC+1"),
        datetime(2026, 7, 23, 11, tzinfo=UTC),
    ),
    "a clock that is not trusted": (
        datetime(2026, 11, 20, 11, tzinfo=UTC),
        Source("t/#", "x", clock=ClockTrust.RECEIPT),
        RECEIVED,
    ),
    "twenty-three hours ahead": (RECEIVED + timedelta(hours=23), Source("t/#", "x"), RECEIVED + timedelta(hours=23)),
}


@pytest.mark.parametrize("case", TIMES)
def test_the_time_is_the_devices_where_it_can_be(case: str) -> None:
    """Store UTC, whatever the wall says."""
    sent, source, expected = TIMES[case]

    assert read(observed(time=sent), source=source).time == expected


@pytest.mark.parametrize(
    "time", [datetime(1999, 12, 31, tzinfo=UTC), RECEIVED + timedelta(hours=25), datetime(2090, 1, 1, tzinfo=UTC)]
)
def test_an_impossible_clock_is_refused_with_the_way_out(time: datetime) -> None:
    """The person sees both clocks and the setting that helps."""
    with pytest.raises(Implausible, match="clock: receipt"):
        read(observed(time=time))


@pytest.mark.parametrize(("received_utc", "expected_utc"), [(0, 0), (1, 1)])
def test_in_the_hour_that_comes_twice_the_nearer_one_is_meant(received_utc: int, expected_utc: int) -> None:
    """2026-10-25 02:30 in Stockholm is 00:30 UTC and 01:30 UTC."""
    received = datetime(2026, 10, 25, received_utc, 31, tzinfo=UTC)
    local = datetime(2026, 10, 25, 2, 30)  # noqa: DTZ001 - a wall clock

    assert from_wall_clock(local, STOCKHOLM, received) == datetime(2026, 10, 25, expected_utc, 30, tzinfo=UTC)


def test_a_fixed_zone_has_no_hour_that_comes_twice() -> None:
    """Normal time all year."""
    local = datetime(2026, 10, 25, 2, 30)  # noqa: DTZ001 - a wall clock
    normal = timezone(timedelta(hours=1))

    assert from_wall_clock(local, normal, RECEIVED) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize("value", [1e13, -1e13, 1e300])
def test_an_absurd_value_is_refused(value: float) -> None:
    """A petawatt-hour is no school's."""
    with pytest.raises(Implausible, match="cannot be"):
        read(observed(value))


def test_a_retained_message_without_a_time_is_refused() -> None:
    """Its receipt is when we subscribed."""
    with pytest.raises(Implausible, match="retained"):
        read(observed(), retained=True)
