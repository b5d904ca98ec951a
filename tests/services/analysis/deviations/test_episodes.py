"""Days that lie above become an episode when they last, and end when they do not."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.domain.deviations import Persistence
from services.analysis.deviations._episodes import Episode, episodes
from services.analysis.deviations._expected import Rule, expectation, median

CASES = {
    "never": ("..........", []),
    "three are too few": (".###......", []),
    "four of five": (".##.##.....", [Episode(1, 5, 5, going_on=False)]),
    "goes on": ("..####", [Episode(2, 5, 5, going_on=True)]),
    "a pause of four does not end it": ("####....#.....", [Episode(0, 3, 8, going_on=False)]),
    "a pause of five does": ("####.....####", [Episode(0, 3, 3, going_on=False), Episode(9, 12, 12, going_on=True)]),
}


@pytest.mark.parametrize(("days", "expected"), CASES.values(), ids=CASES)
def test_an_episode_lasts(days: str, expected: list[Episode]) -> None:
    """Four of the last five; over after five without."""
    above = np.array([day == "#" for day in days])

    assert episodes(above, np.ones_like(above), Persistence(4, 5)) == expected


def test_days_of_other_kinds_neither_begin_nor_end_it() -> None:
    """Weekends between nights that are not judged."""
    above = np.array([True, False, True, False, True, False, True])
    judged = above.copy()

    assert episodes(above, judged, Persistence(4, 5)) == [Episode(0, 6, 6, going_on=True)]


def test_summers_do_not_join() -> None:
    """Two warm spells a year apart are two."""
    above = np.zeros(400, dtype=np.bool_)
    above[:5] = above[365:370] = True

    assert [(item.first, item.last, item.going_on) for item in episodes(above, above.copy(), Persistence(3, 4))] == [
        (0, 4, False),
        (365, 369, False),
    ]


@given(st.lists(st.booleans(), max_size=60), st.lists(st.booleans(), max_size=60))
def test_episodes_are_in_order_and_begin_and_end_above(above: list[bool], judged: list[bool]) -> None:
    """Whatever the days."""
    size = min(len(above), len(judged))
    over, asked = np.array(above[:size], dtype=np.bool_), np.array(judged[:size], dtype=np.bool_)
    found = episodes(over & asked, asked, Persistence(3, 5))

    assert all(over[item.first] and over[item.last] and item.first <= item.detected <= item.last for item in found)
    assert all(one.last < other.first for one, other in pairwise(found))


@given(st.lists(st.lists(st.floats(-1e6, 1e6) | st.just(float("nan")), min_size=4, max_size=4), min_size=1, max_size=5))
def test_the_median_is_numpys_of_what_is_known(rows: list[list[float]]) -> None:
    """NaN where nothing is known, and no warning."""
    values = np.array(rows)
    for row, got in zip(values, median(values), strict=True):
        known = row[np.isfinite(row)]
        assert got == pytest.approx(np.median(known)) if known.size else np.isnan(got)


@given(st.integers(40, 80), st.floats(0, 1000))
@settings(deadline=None)  # the machine may be busy
def test_nothing_after_a_day_is_looked_at_to_judge_it(cut: int, later: float) -> None:
    """What is told on a day must be the same when it is judged again with more days behind it."""
    draw = np.random.default_rng(1)
    values = 10 + draw.normal(0, 1, (2, 100))
    changed = values.copy()
    changed[:, cut:] = later
    everything = np.ones(values.shape, dtype=np.bool_)
    temperature = 8 + 8 * np.sin(np.arange(100) / 9)
    rule = Rule(0.1, 0.5)
    one, other = (expectation(item, everything, temperature, rule) for item in (values, changed))

    np.testing.assert_array_equal(one.expected[:, :cut], other.expected[:, :cut])
    np.testing.assert_array_equal(one.above[:, :cut], other.above[:, :cut])
    assert np.isfinite(one.expected[:, 12:cut]).all()
