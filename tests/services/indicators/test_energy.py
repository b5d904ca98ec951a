"""Energy of points and buildings, with figures worked by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from config.domain.estate import Carrier, Direction, MeteringPoint, Portfolio
from config.domain.indicators import INDICATORS
from config.domain.periods import Period, PeriodKind, day, month
from config.shelf import entries
from services import indicators
from services.figures.calculation import Calculation
from services.figures.gates import NOT_INSTALLED, NOT_SETTLED
from services.indicators.energy import calculate
from tests.services.indicators.example_basis import HOUR, INSTALLED, ZONE, basis, intervals, point, portfolio

MONDAY = date(2026, 3, 2)


def figures(frame: pl.DataFrame, known: Portfolio, period: Period, indicator: str = "energy") -> dict[str, dict[str, Any]]:
    """Carrier → the building's row of the period."""
    rows = calculate(basis(known, frame, [MONDAY.replace(day=1), date(2026, 10, 1), date(2027, 3, 1)])).filter(
        (pl.col("subject") == "skola")
        & (pl.col("indicator") == indicator)
        & (pl.col("period") == period.kind)
        & (pl.col("start") == period.start)
    )
    return {row["carrier"]: row for row in rows.iter_rows(named=True)}


def test_a_local_month_begins_an_hour_before_that_of_metering_time_in_summer() -> None:
    """Trap 5: the hour from 22 UTC on 30 June is July's in Stockholm and June's in UTC+1, which meters and bills go by."""
    item = point("el")
    edge = datetime(2026, 6, 30, 22, tzinfo=UTC)
    june = Period(PeriodKind.MONTH, datetime(2026, 6, 30, 20, tzinfo=UTC), datetime(2026, 6, 30, 23, tzinfo=UTC), "UTC")
    frame = intervals(item, june, [0.0, 0.0, 7.0])
    months = [date(2026, 6, 1), date(2026, 7, 1)]
    found = {}
    for zone in (ZONE, "Etc/GMT-1"):
        rows = calculate(basis(replace(portfolio(item), timezone=zone), frame, months))
        of_months = rows.filter(
            (pl.col("period") == "month") & (pl.col("indicator") == "energy") & (pl.col("subject_kind") == "point")
        )
        found[zone] = of_months.sort("start")["value"].to_list()

    assert frame["time"][2] == edge
    assert found == {ZONE: [0.0, 7.0], "Etc/GMT-1": [7.0, None]}


DAYS = {"winter": (MONDAY, 24), "autumn": (date(2026, 10, 25), 25), "spring": (date(2027, 3, 28), 23)}


@pytest.mark.parametrize("case", DAYS)
def test_a_day_is_the_sum_of_its_local_intervals(case: str) -> None:
    """1 kWh an hour; the hours before and after the day are there and do not count."""
    on, expected = DAYS[case]
    item = point("el")
    around = [intervals(item, day(on + timedelta(days=n), ZONE)) for n in (-1, 0, 1)]
    value = figures(pl.concat(around), portfolio(item), day(on, ZONE))["electricity"]

    assert (value["value"], value["coverage"], value["method"]) == (float(expected), 1.0, "measured")


def test_points_of_one_carrier_are_added_and_carriers_are_not() -> None:
    """Two mains of 24 kWh each, and 24 kWh of heat."""
    mains = point("el-1"), point("el-2")
    heat = point("värme", Carrier.DISTRICT_HEATING)
    frame = pl.concat([intervals(item, day(MONDAY, ZONE)) for item in (*mains, heat)])
    values = figures(frame, portfolio(*mains, heat), day(MONDAY, ZONE))

    assert {carrier: value["value"] for carrier, value in values.items()} == {"electricity": 48.0, "district_heating": 24.0}


def test_a_parent_and_its_children_are_never_added() -> None:
    """The kitchen's 24 kWh are in the school's 24 kWh."""
    main, kitchen = point("el"), point("kök", parent="el")
    frame = pl.concat([intervals(main, day(MONDAY, ZONE)), intervals(kitchen, day(MONDAY, ZONE))])

    assert figures(frame, portfolio(main, kitchen), day(MONDAY, ZONE))["electricity"]["value"] == 24.0


def test_solar_and_export_stand_beside_the_use() -> None:
    """Of 24 kWh produced 12 were used in the house and 12 sold: the 24 bought are still 24."""
    bought, made = point("el"), point("sol", Carrier.SOLAR, Direction.EXPORT)
    sold = point("såld", direction=Direction.EXPORT)
    frame = pl.concat(
        [intervals(bought, day(MONDAY, ZONE)), intervals(made, day(MONDAY, ZONE)), intervals(sold, day(MONDAY, ZONE), 0.5)]
    )
    values = figures(frame, portfolio(bought, made, sold), day(MONDAY, ZONE))

    assert {carrier: value["value"] for carrier, value in values.items()} == {
        "electricity": 24.0,
        "solar": 24.0,
        "electricity_export": 12.0,
    }


def test_water_is_no_energy() -> None:
    """Its hours are cubic metres."""
    item, period = point("vatten", Carrier.WATER), day(MONDAY, ZONE)
    frame = intervals(item, period)

    assert figures(frame, portfolio(item), period) == {}
    assert figures(frame, portfolio(item), period, "energy_total") == {}
    assert figures(frame, portfolio(item), period, "water")["water"]["value"] == 24.0


def test_a_day_half_known_has_its_sum_and_half_the_coverage() -> None:
    """12 hours of 1 kWh, 12 hours missing: 12 kWh, and the reader is told."""
    item, period = point("el"), day(MONDAY, ZONE)
    frame = pl.concat([intervals(item, period).head(12), intervals(item, period, None).tail(12)])
    (value,) = figures(frame, portfolio(item), period).values()

    assert (value["value"], value["coverage"]) == (12.0, 0.5)


def test_hours_that_were_never_settled_lower_the_coverage() -> None:
    """One of two meters has sent nothing at all: half of the expected point-hours."""
    heard, silent = point("el-1"), point("el-2")
    (value,) = figures(intervals(heard, day(MONDAY, ZONE)), portfolio(heard, silent), day(MONDAY, ZONE)).values()

    assert (value["value"], value["coverage"]) == (24.0, 0.5)


ABSENT = {
    "no hours at all": (None, INSTALLED, NOT_SETTLED),
    "only missing hours": (MONDAY, INSTALLED, NOT_SETTLED),
    "no meter yet": (None, datetime(2026, 5, 1, tzinfo=UTC), NOT_INSTALLED),
}


@pytest.mark.parametrize("case", ABSENT)
def test_a_day_without_a_known_hour_is_missing_and_says_why(case: str) -> None:
    """Never nought."""
    on, installed, reason = ABSENT[case]
    item, period = point("el"), day(MONDAY, ZONE)
    frame = intervals(item, period, None) if on else intervals(item, period).clear()
    (value,) = figures(frame, portfolio(item, start=installed), period).values()

    assert (value["value"], value["coverage"], value["method"]) == (None, 0.0, "missing")
    assert (value["reason"], value["reason_en"]) == reason


def test_a_real_nought_is_a_nought() -> None:
    """An empty school in July, wholly measured."""
    item, period = point("el"), day(MONDAY, ZONE)
    (value,) = figures(intervals(item, period, 0.0), portfolio(item), period).values()

    assert (value["value"], value["coverage"]) == (0.0, 1.0)


def test_hours_before_the_first_installation_are_not_expected() -> None:
    """The solar plant began at noon: half a day of hours, wholly measured."""
    item, period = point("sol", Carrier.SOLAR), day(MONDAY, ZONE)
    frame = intervals(item, period).tail(12)
    (value,) = figures(frame, portfolio(item, start=period.start + 12 * HOUR), period).values()

    assert (value["value"], value["coverage"]) == (12.0, 1.0)


def test_hours_under_tags_of_an_earlier_portfolio_do_not_count_twice() -> None:
    """The point moved here from another building; its hours lie in the store under both."""
    item, period = point("el"), day(MONDAY, ZONE)
    frame = pl.concat([intervals(item, period), intervals(item, period, building="förr")])
    (value,) = figures(frame, portfolio(item), period).values()

    assert value["value"] == 24.0


def test_days_make_their_month() -> None:
    """March 2026 has 743 hours by the local clock; asked together, days and month agree."""
    item, whole = point("el"), month(MONDAY, ZONE)
    frame, known = intervals(item, whole), portfolio(item)
    days = [figures(frame, known, day(date(2026, 3, number), ZONE))["electricity"]["value"] for number in range(1, 32)]

    assert figures(frame, known, whole)["electricity"]["value"] == 743.0
    assert sum(days) == 743.0


def test_own_solar_used_on_the_spot_counts_once_in_the_total() -> None:
    """24 bought, 24 of heat, 24 produced of which 12 were sold: 60 kWh are used."""
    bought, heat = point("el"), point("värme", Carrier.DISTRICT_HEATING)
    made, sold = point("sol", Carrier.SOLAR), point("såld", direction=Direction.EXPORT)
    period = day(MONDAY, ZONE)
    frame = pl.concat([intervals(item, period) for item in (bought, heat, made)] + [intervals(sold, period, 0.5)])
    (value,) = figures(frame, portfolio(bought, heat, made, sold), period, "energy_total").values()

    assert value["value"] == 24.0 + 24.0 + 24.0 - 12.0


def total(values: dict[MeteringPoint, float], known: Portfolio | None = None) -> dict[str, Any]:
    """The building's total of Monday; each hour has its point's value."""
    period = day(MONDAY, ZONE)
    frame = pl.concat([intervals(item, period, value) for item, value in values.items()])
    (row,) = figures(frame, known or portfolio(*values), period, "energy_total").values()
    return row


def test_what_no_known_cells_made_is_not_taken_off_what_was_bought() -> None:
    """30 bought and 5 sent out by cells that nobody meters: the use is not 25, it is not known."""
    row = total({point("el"): 30.0, point("såld", direction=Direction.EXPORT): 5.0})

    assert row["value"] is None
    assert row["partial"] == 30.0 * 24
    assert row["reason"].startswith("Solcellernas produktion mäts inte")


def test_what_was_made_is_not_all_taken_for_used() -> None:
    """Without a meter for what is sent out the own use is not known, and the total neither."""
    row = total({point("el"): 30.0, point("sol", Carrier.SOLAR): 20.0})

    assert row["value"] is None
    assert row["reason"].startswith("Inmatningen till nätet mäts inte")


def test_what_a_solar_plant_makes_is_not_used_there() -> None:
    """Else the municipality's use would rise with each plant that it builds."""
    made = point("sol", Carrier.SOLAR)
    known = portfolio(made)
    plant = replace(known, buildings={"skola": replace(known.buildings["skola"], kind="solar_plant")})

    assert total({made: 20.0}, plant)["value"] == 0.0


def test_cubic_metres_that_leave_are_taken_off_no_kilowatt_hours() -> None:
    """A water meter of direction export; m³ and kWh are never in one sum."""
    row = total({point("el"): 30.0, point("avlopp", Carrier.WATER, Direction.EXPORT): 2.0})

    assert row["value"] == 30.0 * 24


def test_heat_that_leaves_is_taken_off_no_bought_energy() -> None:
    """An ice rink that sells its surplus heat has bought its electricity all the same; own solar alone is netted."""
    row = total({point("el"): 30.0, point("fv-ut", Carrier.DISTRICT_HEATING, Direction.EXPORT): 10.0})

    assert row["value"] == 30.0 * 24


def spread(item: MeteringPoint, period: Period, first: int, last: int) -> pl.DataFrame:
    """Hours `first` to `last` of the period share one register difference that begins and ends with them."""
    frame = intervals(item, period)
    within = pl.int_range(pl.len()).is_between(first, last - 1)
    begin, end = (int((period.start + n * HOUR).timestamp() * 1000) for n in (first, last))
    return frame.with_columns(
        pl.when(within).then(pl.lit("interpolated")).otherwise(pl.col("method")).alias("method"),
        pl.when(within).then(0.0).otherwise(pl.col("coverage")).alias("coverage"),
        pl.when(within).then(begin).otherwise(0).alias("span_start"),
        pl.when(within).then(end).otherwise(0).alias("span_end"),
    )


def test_hours_that_share_a_register_difference_are_covered_by_the_day_that_holds_them_all() -> None:
    """How it was shared out is a guess, its sum is not: the day is known, but it is not measured hour by hour."""
    item, period = point("el"), day(MONDAY, ZONE)
    value = figures(spread(item, period, 6, 16), portfolio(item), period)["electricity"]

    assert (value["value"], value["coverage"], value["method"]) == (24.0, 1.0, "estimated")
    assert value["uncertainty"] < 0.02


def test_a_difference_that_reaches_over_midnight_makes_both_days_uncertain_and_the_month_not() -> None:
    """Hours of 0.5 and 1.5 kWh in turn spread by 0.5 kWh; ten shared, four before midnight: 2·0.5·√(4·6/10)·1.645 = 2.55 kWh."""
    item = point("el")
    whole = month(MONDAY, ZONE)
    offset = int((day(date(2026, 3, 3), ZONE).start - whole.start) / HOUR)
    frame = spread(item, whole, offset - 4, offset + 6).with_columns(
        pl.when(pl.col("method") == "measured").then(0.5 + pl.int_range(pl.len()) % 2).otherwise(1.0).alias("value")
    )
    found = [figures(frame, portfolio(item), day(on, ZONE))["electricity"] for on in (MONDAY, date(2026, 3, 3))]

    for value in found:
        assert value["uncertainty"] == pytest.approx(1.6449 * 2 * 0.5 * (4 * 6 / 10) ** 0.5, rel=0.01)
    assert figures(frame, portfolio(item), whole)["electricity"]["uncertainty"] < 0.02


def test_every_calculation_on_the_shelf_is_of_a_published_indicator() -> None:
    """A value without a name, unit and definition could not be shown."""
    shelf = entries(indicators, "CALCULATION", Calculation)
    given = [name for item in shelf for name in (*item.indicators, *(ratio.indicator for ratio in item.ratios))]

    assert sorted(given) == sorted(set(given)), "two calculations give the same indicator"
    assert set(given) == set(INDICATORS)
