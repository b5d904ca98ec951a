"""Levels read off two meters, beside the readings."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from config.domain.estate import Carrier, Direction, MeteringPoint
from services.state.exchange_levels import contradiction

AT = datetime(2026, 3, 4, 20, 2, 30, tzinfo=UTC)
POINT = MeteringPoint("p", "P", "b", Carrier.ELECTRICITY, Direction.IMPORT, 0.01, interval_s=300)


def readings(after: float = 0.0) -> pl.DataFrame:
    """40 kW read every five minutes; the old meter stands at 500 800 at 20:00, the new one at `after` + 1.67 at 20:05."""
    times = [AT.replace(minute=0, second=0) + number * timedelta(minutes=5) for number in range(-120, 121)]
    levels = [500_800 + 10 / 3 * number for number in range(-120, 1)]
    levels += [after + 5 / 3 + 10 / 3 * number for number in range(120)]
    return pl.DataFrame({"time": times, "value": levels}, schema_overrides={"time": pl.Datetime("us", "UTC")})


RIGHT = {
    "none": (None, None),
    "both as they were": (500_801.67, 0.0),
    "only the old one": (500_801.67, None),
    "only the new one": (None, 0.0),
    "whole kilowatt-hours off the display": (500_799.5, 0.0),
    "somewhat more, as a cold morning may": (500_805.0, 0.0),
}


@pytest.mark.parametrize("name", RIGHT)
def test_levels_between_the_readings_are_right(name: str) -> None:
    """Also with the ordinary slack of a person who reads a display."""
    assert contradiction(POINT, readings(), AT, *RIGHT[name]) is None


WRONG = {
    "the old meter went back": (
        (500_700.0, None),
        "the old meter's level 500700 and its last reading 500800 kWh (2026-03-04 20:00 UTC)",
    ),
    "the new meter began above what it shows": ((None, 700.0), "the new meter's level 700 and its first reading 1.666666667 kWh"),
    "a digit too many": ((5_008_016.7, None), "make 4507216.7 kWh in 0.042 h, more than the 16.7"),
    "registers changed places": ((0.0, 500_801.67), "a register does not go back"),
}


@pytest.mark.parametrize("name", WRONG)
def test_levels_that_cannot_be_are_named_with_their_reading(name: str) -> None:
    """The person sees which of the two to read again."""
    (old, new), words = WRONG[name]

    told = contradiction(POINT, readings(), AT, old, new)

    assert told is not None
    assert words in told.sentence_en
    assert f"{AT:%Y-%m-%d}" in told.sentence_sv


def test_the_connection_says_what_can_be_where_it_is_known() -> None:
    """63 A carry 44 kW: in 2.5 minutes twice that is 3.7 kWh; 5 kWh fit the usual pace times ten, and are still too many."""
    connected = replace(POINT, max_power_kw=44.0)

    assert contradiction(connected, readings(), AT, 500_803.0, None) is None
    assert contradiction(connected, readings(), AT, 500_805.0, None) is not None
    assert contradiction(POINT, readings(), AT, 500_805.0, None) is None


def test_a_net_register_may_go_back() -> None:
    """Production of the minutes between."""
    net = replace(POINT, direction=Direction.NET)

    assert contradiction(net, readings(), AT, 500_795.0, None) is None


def test_without_readings_nothing_contradicts() -> None:
    """A meter exchanged in a silence of weeks: the person knows more than we do."""
    assert contradiction(POINT, readings().head(0), AT, 5.0, 700.0) is None
