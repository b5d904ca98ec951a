"""The spread is read off the series' own changes; figures by hand and from a table of Student's distribution."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.goals.probability import Series

YEARS = [12 * n for n in range(1, 5)]


def test_changes_up_and_down_are_the_spread() -> None:
    """Three changes of ±ln 1.1; Student's 90 % point at 3 degrees of freedom is 1.6377."""
    found = Series(YEARS, [100.0, 110.0, 100.0, 110.0]).ahead(12)

    assert found is not None
    assert found.quantile(0.5) == pytest.approx(110.0)
    assert found.quantile(0.9) == pytest.approx(110.0 * math.exp(math.log(1.1) * 1.6377), rel=1e-4)
    assert found.at_most(110.0) == pytest.approx(0.5)


def test_a_series_that_never_moved_is_rounded_and_not_certain() -> None:
    """Half a per cent a year is left."""
    found = Series(YEARS, [50.0] * 4).ahead(12)

    assert found is not None
    assert found.spread == pytest.approx(0.005)
    assert found.at_most(49.0) > 0


def test_a_clear_trend_of_many_years_is_carried_on_in_part() -> None:
    """Minus 5 % a year for nine years, almost without noise; never more than the trend itself."""
    months = [12 * n for n in range(1, 11)]
    values = [100 * 0.95**n * (1.001 if n % 2 else 1.0) for n in range(10)]
    found = Series(months, values).ahead(12)

    assert found is not None
    assert values[-1] * 0.945 < found.quantile(0.5) < values[-1] * 0.96


def test_two_years_of_a_trend_are_none() -> None:
    """A trend of two or three years was wrong as often as not on the estate data."""
    found = Series([12, 18, 24, 30, 36], [100.0, 97.0, 94.0, 91.0, 88.0]).ahead(6)

    assert found is not None
    assert found.quantile(0.5) == pytest.approx(88.0)


def test_two_changes_do_not_show_a_spread() -> None:
    """Three values."""
    assert Series([12, 24, 36], [1.0, 2.0, 3.0]).ahead(12) is None


@pytest.mark.parametrize(("months", "values"), [([12], [1.0]), ([12, 12], [1.0, 2.0]), ([12, 24], [1.0, math.nan])])
def test_a_broken_series_is_refused(months: list[int], values: list[float]) -> None:
    """The caller has left out what is no number."""
    with pytest.raises(ValueError, match="value"):
        Series(months, values)


@given(
    st.lists(st.floats(-1e6, 1e6).map(lambda value: round(value, 6)), min_size=4, max_size=30),
    st.integers(1, 24),
    st.sampled_from([1, 3, 12]),
)
def test_any_series_gives_an_ordered_distribution(values: list[float], ahead: int, step: int) -> None:
    """Low below middle below high, and probabilities between nought and one."""
    found = Series([step * (n + 1) for n in range(len(values))], values).ahead(ahead)

    if found is not None:
        low, middle, high = (found.quantile(share) for share in (0.1, 0.5, 0.9))
        assert low <= middle <= high
        assert 0.0 <= found.at_most(values[-1]) <= 1.0
