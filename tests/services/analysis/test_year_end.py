"""Where a year will end, with figures worked by hand."""

import pytest

from config.domain.indicators import Missing
from services.analysis.year_end import BuildingMonths, Rest, rest_of_year

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
    """2022 is used to look back on; of the 34 months after it one was a tenth off, in two of the 33 stretches of two months.

    May 2024 took 6 600 in place of 6 000: April and May 14 600 for 14 000 (+4.286 %), May and June 10 600 for 10 000 (+6 %).
    Root mean square: √((0.04286² + 0.06²) / 33) = 1.2835 %; 17 stretches do not overlap, t(0.95, 16) = 1.7459: 2.241 %.
    The largest miss is wider: 6 % of 22 000.
    """
    rest = expected([house("a", 1_000.0, {2024 * 12 + 5: 6_600.0})])

    assert len(rest.backtest.misses) == 33
    assert rest.backtest.stretches == 17
    assert rest.backtest.typical == pytest.approx(0.012835, abs=1e-6)
    assert rest.half_width == pytest.approx(0.06 * 22_000.0)


def test_few_stretches_widen_the_interval() -> None:
    """25 months to try on make two stretches of eleven months, which are too few; 28 make three of eight: t(0.95, 2) = 2.920."""
    last = 2025 * 12 + 1
    used = {month: 1.1 * 1_000 * SHAPE[(month - 1) % 12] for month in range(JANUARY_2022 + 12, last + 1)}
    short = house("a", 1_000.0, used)
    rest = rest_of_year([short], last)

    assert isinstance(rest, Missing)
    later = expected([short], 2025 * 12 + 4)
    assert later.backtest.stretches == 3
    assert later.half_width == pytest.approx(2.920 * later.backtest.typical * later.kwh, rel=1e-3)


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
    assert rest.reason_sv.startswith("Historiken är för kort: metoden kan prövas mot 0 tidigare perioder om 2 månader")


def test_without_last_year_there_is_no_forecast() -> None:
    """A gap in the only building."""
    assert isinstance(rest_of_year([house("a", 1_000.0, first=OCTOBER_2025 - 3)], OCTOBER_2025), Missing)


def test_a_year_that_is_over_has_no_rest() -> None:
    """A mistake of the caller's."""
    with pytest.raises(ValueError, match="over"):
        rest_of_year([house("a", 1.0)], 2024 * 12 + 12)
