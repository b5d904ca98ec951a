"""Loads laid over time."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.simulation.loads import FIRST_HOUR, HOUR, SOURCE_FIRST_DAY, Load, names, source_day

UNTIL = datetime(2027, 1, 1, tzinfo=UTC)
LOAD = Load("electricity.b57", UNTIL)
SPAN_S = int((UNTIL - FIRST_HOUR).total_seconds())


def test_every_packaged_series_is_there() -> None:
    """Eight buildings' electricity, five buildings' heat, the sun and one heat meter's four registers."""
    assert [len(names(prefix)) for prefix in ("electricity", "heat", "solar", "heatmeter")] == [8, 5, 1, 4]


@given(day=st.integers(0, 365 * 40))
def test_a_weekday_is_replayed_by_the_same_weekday_of_the_same_season(day: int) -> None:
    """A Sunday in July must not look like a Tuesday in January."""
    at = FIRST_HOUR + timedelta(days=day)
    source = SOURCE_FIRST_DAY + timedelta(days=source_day(at))

    apart = abs(source.timetuple().tm_yday - at.timetuple().tm_yday)

    assert source.weekday() == at.weekday()
    assert apart <= 7


@given(first=st.integers(0, SPAN_S), second=st.integers(0, SPAN_S))
def test_a_register_never_falls(first: int, second: int) -> None:
    """Whenever it is looked at."""
    early, late = sorted((first, second))

    assert LOAD.counted(FIRST_HOUR + timedelta(seconds=late)) >= LOAD.counted(FIRST_HOUR + timedelta(seconds=early))


def test_what_is_counted_over_an_hour_is_the_hours_use() -> None:
    """The power shown and the register must tell the same story."""
    at = datetime(2026, 11, 23, 8, tzinfo=UTC)

    assert LOAD.counted(at + HOUR) - LOAD.counted(at) == pytest.approx(LOAD.per_hour(at))


def test_an_instant_before_the_first_hour_is_refused() -> None:
    """A register that counts backwards from its base would be a made-up fault."""
    with pytest.raises(ValueError, match="outside"):
        LOAD.counted(FIRST_HOUR - HOUR)
