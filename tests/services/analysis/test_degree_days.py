"""Degree days: the definition, whole and broken months, and every value that the domain facts print."""

from calendar import monthrange
from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.domain.indicators import Missing
from config.domain.weather import OLD_THRESHOLDS, OWN_DEGREE_DAYS, DegreeDayTerms, NormalPeriod
from services.analysis.degree_days import (
    degree_days,
    degree_days_on,
    month_degree_days,
    threshold_degree_days,
)
from tests.services.analysis.weather_frames import days, estate_days, every_day

YEAR = every_day(date(2023, 1, 1), date(2023, 12, 31))
# Falun 1991-2020 [S] and what a person gets from those means with 31, 28.25, 31 … days [D], domain facts 3.1
FALUN_MEANS = (-4.3, -3.9, 0.0, 5.1, 10.5, 14.8, 17.4, 15.9, 11.2, 5.3, 0.7, -3.0)
FALUN_PRINTED = (660, 590, 527, 357, 202, 66, 0, 34, 174, 363, 489, 620)
FALUN_YEAR = 4_082
LINDESBERG = {  # V: twelve months and the year as printed
    "normal 1981-2010": ((628, 569, 528, 360, 197, 90, 35, 64, 182, 341, 475, 601), 4_070),
    "actual 2019": ((665, 467, 496, 303, 230, 43, 57, 41, 190, 369, 478, 503), 3_842),
}
HARNOSAND = ((686, 625, 587, 438, 279, 132, 49, 79, 204, 371, 510, 645), 4_605)


def falun(day: date) -> float:
    return FALUN_MEANS[day.month - 1]


@pytest.mark.parametrize("month", [month for month in range(1, 13) if month != 2])
def test_faluns_printed_months(month: int) -> None:
    """Every day at the month's mean: what the table's arithmetic is. 31 x (17 + 4.3) = 660.3."""
    made = degree_days(days(YEAR, falun))

    assert made.months["degree_days"][month - 1] == pytest.approx(FALUN_PRINTED[month - 1], abs=0.5)


def test_faluns_february_is_the_mean_of_ordinary_and_leap_years() -> None:
    """Printed 590 lies between 28 x 20.9 = 585.2 and 29 x 20.9 = 606.1: 28.25 days give 590.4."""
    ordinary = degree_days(days(every_day(date(2023, 2, 1), date(2023, 2, 28)), falun)).months["degree_days"][0]
    leap = degree_days(days(every_day(date(2024, 2, 1), date(2024, 2, 29)), falun)).months["degree_days"][0]

    assert (ordinary, leap) == (pytest.approx(585.2), pytest.approx(606.1))
    assert 0.75 * ordinary + 0.25 * leap == pytest.approx(FALUN_PRINTED[1], abs=0.5)


def test_faluns_printed_year_is_the_sum_of_its_printed_months() -> None:
    """4 082, and four years of daily rows give the same: 4 x 365.25 days."""
    four_years = degree_days(days(every_day(date(2021, 1, 1), date(2024, 12, 31)), falun))

    assert sum(FALUN_PRINTED) == FALUN_YEAR
    assert four_years.months["degree_days"].sum() / 4 == pytest.approx(FALUN_YEAR, abs=1)


def test_karlskoga_january_2024() -> None:
    """Mean -6.4: (17 + 6.4) x 31 = 725; printed as 118 % of the normal 615 [V]."""
    made = degree_days(days(every_day(date(2024, 1, 1), date(2024, 1, 31)), -6.4, "karlskoga"))
    actual = month_degree_days(made, date(2024, 1, 1))

    assert actual == pytest.approx(725, abs=0.5)
    assert isinstance(actual, float)
    assert actual / 615 == pytest.approx(1.18, abs=0.005)


@pytest.mark.parametrize("months", [*LINDESBERG.values(), HARNOSAND], ids=[*LINDESBERG, "Härnösand 1981-2010"])
def test_a_printed_year_is_the_sum_of_days_that_make_its_printed_months(months: tuple[tuple[int, ...], int]) -> None:
    """Days at 17 - month/length give each printed month back, and the year within the months' rounding (6 at most)."""
    printed, year = months

    made = degree_days(days(YEAR, lambda day: 17 - printed[day.month - 1] / monthrange(day.year, day.month)[1]))

    assert made.months["degree_days"].to_list() == pytest.approx(list(printed))
    assert made.months["degree_days"].sum() == pytest.approx(year, abs=6)


def test_lindesberg_2019_was_94_per_cent_of_normal() -> None:
    """3 842 / 4 070 [V]; both rows add up from their months."""
    normal, actual = (sum(LINDESBERG[name][0]) for name in ("normal 1981-2010", "actual 2019"))

    assert (normal, actual) == (4_070, 3_842)
    assert actual / normal == pytest.approx(0.944, abs=0.0005)


def test_the_old_thresholds_are_in_no_new_figure() -> None:
    """Trap 3: May days at 12 °C count 5 K each; before 2015 they counted nothing."""
    may = days(every_day(date(2023, 5, 1), date(2023, 5, 31)), 12.0)

    new, old = degree_days(may), threshold_degree_days(may)

    assert new.months["degree_days"].to_list() == [pytest.approx(155.0)]
    assert old.months["degree_days"].to_list() == [0.0]
    assert (new.terms.method, old.terms.method) == (OWN_DEGREE_DAYS, OLD_THRESHOLDS)


@pytest.mark.parametrize(
    ("month", "limit"),
    [(1, 17), (2, 17), (3, 17), (4, 12), (5, 10), (6, 10), (7, 10), (8, 11), (9, 12), (10, 13), (11, 17), (12, 17)],
)
def test_the_historic_rule_counts_a_day_only_below_its_months_limit(month: int, limit: int) -> None:
    """Apr 12, May-Jul 10, Aug 11, Sep 12, Oct 13, Nov-Mar 17 °C [V]; a day at the limit does not count."""
    at, below = days([date(2010, month, 1)], float(limit)), days([date(2010, month, 1)], limit - 0.1)

    assert threshold_degree_days(at).days["degree_days"][0] == 0.0
    assert threshold_degree_days(below).days["degree_days"][0] == pytest.approx(17 - limit + 0.1)


def test_base_17_and_base_20_say_which_they_are() -> None:
    """Trap 4: a utility's base 20 gives 3 K·d more for each cold day; the terms tell them apart, so they are never mixed."""
    january = days(every_day(date(2024, 1, 1), date(2024, 1, 31)), -6.4)
    period = NormalPeriod(1991, 2020)

    ours = degree_days(january, station="105260", source="SMHI", normal_period=period)
    theirs = degree_days(january, 20.0, station="105260", source="SMHI", normal_period=period)

    assert theirs.months["degree_days"][0] - ours.months["degree_days"][0] == pytest.approx(3 * 31)
    assert ours.terms == DegreeDayTerms(17.0, OWN_DEGREE_DAYS, "105260", "SMHI", "1991-2020")
    assert theirs.terms.base_temperature_c == 20.0
    assert ours.terms != theirs.terms


def test_a_missing_day_is_not_a_cold_day_at_zero_degrees() -> None:
    """Trap 7: a day without a value would count 17 K·d if it were 0 °C. The month is then partial, with its day count."""
    whole = every_day(date(2024, 7, 1), date(2024, 7, 31))
    broken = days([day for day in whole if day.day != 14], 18.0)

    made = degree_days(broken)

    row = made.months.row(0, named=True)
    assert (row["degree_days"], row["partial"], row["days"], row["days_in_month"]) == (None, 0.0, 30, 31)
    lacking = month_degree_days(made, date(2024, 7, 1))
    assert isinstance(lacking, Missing)
    assert "30 av 31 dygn i 2024-07" in lacking.reason_sv


def test_a_null_is_a_missing_day_too() -> None:
    """Frames that were joined have nulls where another has no row."""
    made = degree_days(days([date(2024, 1, 1)], -3.0).with_columns(pl.lit(None, pl.Float64).alias("temperature_c")))

    assert made.days.is_empty()
    assert made.months.is_empty()


def test_a_month_without_any_day_is_missing_in_both_languages() -> None:
    """Never 0 degree days."""
    lacking = month_degree_days(degree_days(days([], 0.0)), date(2024, 3, 1))

    assert isinstance(lacking, Missing)
    assert "2024-03" in lacking.reason_sv
    assert "2024-03" in lacking.reason_en


def test_a_broken_month_is_corrected_against_the_days_that_have_energy() -> None:
    """Domain facts 3.2: only the degree days of the same days. Ten days at -3 °C: 200 K·d, not the month's 620."""
    made = degree_days(days(every_day(date(2024, 1, 1), date(2024, 1, 31)), -3.0))

    found = degree_days_on(made, pl.Series(every_day(date(2024, 1, 11), date(2024, 1, 20))))

    assert found == pytest.approx(200.0)


def test_a_day_with_energy_and_without_temperature_makes_the_comparison_missing() -> None:
    """Leaving it out on one side only would be a lie."""
    made = degree_days(days(every_day(date(2024, 1, 1), date(2024, 1, 30)), -3.0))

    lacking = degree_days_on(made, pl.Series(every_day(date(2024, 1, 30), date(2024, 1, 31))))

    assert isinstance(lacking, Missing)
    assert "2024-01-31" in lacking.reason_sv


def test_bridged_days_are_counted_in_their_month() -> None:
    """A reader sees how much of a month is another station's."""
    own = days(every_day(date(2024, 1, 1), date(2024, 1, 20)), -3.0)
    other = days(every_day(date(2024, 1, 21), date(2024, 1, 31)), -4.0, "105370", bridged=True)

    made = degree_days(pl.concat([own, other]))

    assert made.months["bridged_days"].to_list() == [11]
    assert made.terms.station == "105260"


def test_a_day_given_twice_is_refused() -> None:
    """Two stations' days put together without bridging would count twice."""
    with pytest.raises(ValueError, match="2024-01-01 is given twice"):
        degree_days(days([date(2024, 1, 1), date(2024, 1, 1)], 3.0))


@given(temperatures=st.lists(st.floats(-45, 40), min_size=1, max_size=60), base=st.floats(5, 25))
def test_days_add_up_to_months_whatever_the_weather(temperatures: list[float], base: float) -> None:
    """Warm days take nothing away from cold ones, and no day is lost or counted twice."""
    dates = every_day(date(2024, 1, 20), date(2024, 12, 31))[: len(temperatures)]
    frame = days(dates, dict(zip(dates, temperatures, strict=True)).__getitem__)

    made = degree_days(frame.sample(fraction=1.0, shuffle=True, seed=1), base)

    by_hand = sum(max(0.0, base - temperature) for temperature in temperatures)
    assert made.days["degree_days"].sum() == pytest.approx(by_hand)
    assert made.months["partial"].sum() == pytest.approx(by_hand)
    assert made.months["days"].sum() == len(temperatures)
    assert (made.days["degree_days"] >= 0).all()


def test_the_estates_four_years_agree_with_a_plain_calculation() -> None:
    """Bedford 2019-2022, real hours: every month against numpy's plain mean and sum, sharing no code."""
    from tests.services.analysis.weather_frames import surroundings

    hours = surroundings().drop_nulls("temperature_c")
    stamps = hours["time"].dt.replace_time_zone(None).to_numpy().astype("datetime64[h]")
    dates = stamps.astype("datetime64[D]")
    plain: dict[np.datetime64, float] = {}
    for day in np.unique(dates):
        of_day = hours["temperature_c"].to_numpy()[dates == day]
        if of_day.size == 24:
            month = day.astype("datetime64[M]")
            plain[month] = plain.get(month, 0.0) + max(0.0, 17.0 - float(of_day.mean()))

    made = degree_days(estate_days())

    assert made.months["partial"].to_list() == pytest.approx(list(plain.values()), rel=1e-12)
    assert made.months.height == 48
    assert 1_700 < made.months.filter(pl.col("month").dt.year() == 2022)["partial"].sum() < 2_700
