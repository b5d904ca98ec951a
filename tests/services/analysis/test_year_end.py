"""Where a year will end, with figures worked by hand."""

import pytest

from config.domain.indicators import Missing
from services.analysis.year_end import Backtest, BuildingMonths, Rest, rest_of_year

JANUARY_2022 = 2022 * 12 + 1
OCTOBER_2025 = 2025 * 12 + 10
SHAPE = (12.0, 11.0, 10.0, 8.0, 6.0, 4.0, 3.0, 4.0, 6.0, 8.0, 10.0, 12.0)  # of a year in normal weather


def house(name: str, scale: float, used: dict[int, float] | None = None, first: int = JANUARY_2022) -> BuildingMonths:
    normal = {month: scale * SHAPE[(month - 1) % 12] for month in range(first, OCTOBER_2025 + 1)}
    return BuildingMonths(name, normal | (used or {}), normal)


def expected(buildings: list[BuildingMonths], last: int = OCTOBER_2025) -> Rest:
    rest = rest_of_year(buildings, last)
    assert isinstance(rest, Rest)
    return rest


def test_the_rest_is_the_same_months_of_last_year_in_normal_weather() -> None:
    """November 10 and December 12, of two houses of scale 1 000 and 500."""
    rest = expected([house("a", 1_000.0), house("b", 500.0)])

    assert rest.kwh == pytest.approx(33_000.0)
    assert rest.months == 2


def test_the_interval_is_how_far_the_method_missed() -> None:
    """2022 is used to look back on; of the 34 months after it May 2024 took 600 more, which two of 33 stretches have.

    Two average months use 94 000 / 12 · 2 = 15 667, so both missed by 3.83 %: root mean square 600 · √(2 / 33) = 147.7 kWh.
    17 stretches do not overlap, t(0.95, 16) = 1.7459: ±257.9 kWh.
    """
    rest = expected([house("a", 1_000.0, {2024 * 12 + 5: 6_600.0})])

    assert len(rest.backtest.misses) == 33
    assert rest.backtest.stretches == 17
    assert rest.backtest.largest == pytest.approx(0.038298, abs=1e-6)
    assert rest.half_width == pytest.approx(257.9, abs=0.1)


def test_a_tenth_of_the_misses_at_most_lies_outside() -> None:
    """Of ten misses nine lie within: the second largest, where Student's alone would be narrower (1.646 · 0.2238 = 0.368)."""
    tested = Backtest((*(0.5,) * 2, *(0.01,) * 8), 1_000)

    assert tested.half_width == pytest.approx(0.5)
    assert Backtest((0.5, *(0.1,) * 9), 1_000).half_width == pytest.approx(1.646 * 0.1844, abs=1e-3)


def test_few_stretches_widen_the_interval() -> None:
    """25 months to try on make two stretches of eleven months, which are too few; 28 make three of eight: t(0.95, 2) = 2.920."""
    used = {month: 1.1 * 1_000 * SHAPE[(month - 1) % 12] for month in range(JANUARY_2022 + 12, 2025 * 12 + 5)}
    short = house("a", 1_000.0, used)

    assert isinstance(rest_of_year([short], 2025 * 12 + 1), Missing)
    later = expected([short], 2025 * 12 + 4)
    assert later.backtest.stretches == 3
    assert later.half_width == pytest.approx(2.920 * later.backtest.typical * later.usual, rel=1e-3)


def test_nothing_after_the_month_is_looked_at() -> None:
    """The forecast of August is the same when September and October are known."""
    august = 2025 * 12 + 8
    known = house("a", 1_000.0)
    then = BuildingMonths("a", {m: v for m, v in known.used.items() if m <= august}, known.normal)

    assert expected([known], august) == expected([then], august)


def test_a_building_bought_in_the_year_follows_the_others() -> None:
    """It used 200·(6 + 4 + 3 + 4 + 6 + 8) from May to October: the others' year says 22 / 31 of that more, and half is doubt."""
    bought = house("ny", 200.0, first=2025 * 12 + 5)
    rest = expected([*(house(name, 1_000.0) for name in "abcd"), bought])

    assert rest.by_others == ("ny",)
    assert rest.kwh == pytest.approx(4 * 22_000.0 + 200.0 * 22)
    assert rest.half_width == pytest.approx(200.0 * 22 / 2)


def test_a_building_of_which_nothing_is_known_is_named() -> None:
    """And no kilowatt-hour is invented for it."""
    rest = expected([*(house(name, 1_000.0) for name in "abcd"), BuildingMonths("tyst", {}, {})])

    assert rest.unknown == ("tyst",)
    assert rest.kwh == pytest.approx(88_000.0)


def test_a_history_of_one_year_says_nothing_of_the_spread() -> None:
    """There is a year to look back on, and nothing to try the method on."""
    rest = rest_of_year([house("a", 1_000.0, first=OCTOBER_2025 - 11)], OCTOBER_2025)

    assert isinstance(rest, Missing)
    assert rest.reason_sv.startswith("Historiken är för kort. Metoden kan prövas mot 0 tidigare perioder om 2 månader")


def test_without_last_year_there_is_no_forecast() -> None:
    """A gap in the only building."""
    assert isinstance(rest_of_year([house("a", 1_000.0, first=OCTOBER_2025 - 3)], OCTOBER_2025), Missing)


def test_a_year_that_is_over_has_no_rest() -> None:
    """A mistake of the caller's."""
    with pytest.raises(ValueError, match="over"):
        rest_of_year([house("a", 1.0)], 2024 * 12 + 12)
