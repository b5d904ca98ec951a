"""What a figure needs to be known, and what silence costs it: months, meters and buildings, worked by hand at 1 kWh an hour."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest

from config.domain.estate import Building, Carrier, Direction, MeteringPoint, Portfolio
from config.domain.periods import Period, PeriodKind, month
from services.figures.calculation import Limits
from services.figures.compute import building_figures, group_figures
from services.figures.frames import FIGURES
from services.figures.periods import longer_periods
from services.figures.ratios import standing
from services.indicators import energy, power, solar, specific_energy
from tests.services.indicators.example_basis import HOUR, LONG_AFTER, ZONE, basis, intervals, point, portfolio

SHELF = [energy.CALCULATION, power.CALCULATION, specific_energy.CALCULATION, solar.CALCULATION]
YEAR = [date(2025, number, 1) for number in range(1, 13)]
JANUARY = month(YEAR[0], ZONE)
WHOLE = Period(PeriodKind.ROLLING_YEAR, JANUARY.start, month(YEAR[-1], ZONE).end, ZONE)
AFTER = date(2026, 1, 15)
NONE = pl.DataFrame(schema=dict(FIGURES))
LOW = "{} till mindre än 90 %: läs in det som fattas."


def known(item: MeteringPoint, months: Sequence[date] = YEAR, value: float | None = 1.0) -> pl.DataFrame:
    return pl.concat([intervals(item, month(first, ZONE), value) for first in months])


def since(table: Portfolio, start: Mapping[str, datetime]) -> Portfolio:
    """With meters that were installed at another time."""
    moved = tuple(replace(item, start=start.get(item.point, item.start)) for item in table.installations)
    return replace(table, installations=moved)


def figures(
    table: Portfolio,
    *frames: pl.DataFrame,
    months: Sequence[date] = YEAR,
    ended: date = AFTER,
    until: datetime = LONG_AFTER,
    limits: Limits | None = None,
) -> pl.DataFrame:
    """Of the buildings and of their groups."""
    made = replace(basis(table, pl.concat(frames), months, until), limits=limits or Limits())
    own = building_figures(made, SHELF, NONE, longer_periods(months, ZONE, ended))
    return pl.concat([own, group_figures(own, SHELF, table, limits or Limits(), until)])


def only(rows: pl.DataFrame, **where: Any) -> dict[str, Any]:
    (row,) = rows.filter(**where).iter_rows(named=True)
    return row


def rolling(rows: pl.DataFrame, **where: Any) -> dict[str, Any]:
    """A figure of the twelve months of 2025."""
    return only(rows, period="rolling_year", start=WHOLE.start, end=WHOLE.end, **where)


# months


@pytest.mark.parametrize("absent", [False, True], ids=["silent", "absent"])
def test_a_rolling_year_with_a_silent_month_is_missing(*, absent: bool) -> None:
    """Domain facts 8: all twelve at the limit. 8 016 of 8 760 hours are 91.5 %, but nobody knows the coldest month."""
    item = point("el")
    months = YEAR[1:] if absent else YEAR
    rows = figures(portfolio(item), known(item, YEAR[1:]), known(item, YEAR[:1], None), months=months)
    row = rolling(rows, indicator="energy", subject="skola")

    assert (row["value"], row["lacks"], row["partial"]) == (None, "coverage", 8016.0)
    assert row["coverage"] == pytest.approx(8016 / 8760)
    assert row["reason"] == LOW.format("Januari 2025 är känd")
    assert row["reason_en"] == "January 2025 is known to less than 90 %: import what lacks."


def test_the_reason_says_how_many_months_and_the_first_of_them() -> None:
    """A half February, a silent July and an August that is known to 95 %, which is enough."""
    item = point("el")
    table = portfolio(item)
    frame = known(item).with_columns(
        pl.when(pl.col("time").is_between(month(YEAR[1], ZONE).start, datetime(2025, 2, 14, 22, tzinfo=UTC)))
        .then(pl.lit("missing"))
        .when(pl.col("time").is_between(month(YEAR[6], ZONE).start, datetime(2025, 8, 1, 22, tzinfo=UTC)))
        .then(pl.lit("missing"))
        .otherwise("method")
        .alias("method")
    )
    row = rolling(figures(table, frame), indicator="energy_total", subject="skola")

    assert row["reason"] == LOW.format("Februari 2025 och 1 månad till är kända")
    assert row["reason_en"] == "February 2025 and 1 more month are known to less than 90 %: import what lacks."


def test_a_month_s_own_reason_is_told() -> None:
    """Nothing can be imported of a month in which no meter was there."""
    item = point("el")
    table = since(portfolio(item), {"el": month(YEAR[2], ZONE).start})
    row = rolling(figures(table, known(item, YEAR[2:])), indicator="energy", subject="skola")

    assert row["value"] is None
    assert row["reason"] == (
        "Januari 2025 och 1 månad till är kända till mindre än 90 %. "
        "Januari 2025: Ingen mätare var installerad under perioden."
    )  # fmt: skip


def test_a_ratio_of_a_year_that_lacks_a_month_lacks_it_too() -> None:
    """And says the same, and what is known: 8 016 kWh on 1 000 m²."""
    item = point("el")
    row = rolling(figures(portfolio(item), known(item, YEAR[1:])), indicator="specific_energy", carrier="", subject="skola")

    assert (row["value"], row["lacks"]) == (None, "coverage")
    assert row["partial"] == pytest.approx(8.016)
    assert row["reason"] == LOW.format("Januari 2025 är känd")


def test_a_year_to_date_counts_a_running_month_by_what_is_expected_so_far() -> None:
    """On 10 February at noon all of January and 228 hours are known; where half of those are not, the year so far is missing."""
    item, until = point("el"), datetime(2025, 2, 10, 11, tzinfo=UTC)
    frame = known(item, YEAR[:2]).filter(pl.col("time") < until)
    half = frame.filter((pl.col("time") < JANUARY.end) | (pl.col("time") >= until - 114 * HOUR))
    found = [
        only(
            figures(portfolio(item), rows, months=YEAR[:2], ended=date(2025, 2, 9), until=until),
            indicator="energy", period="year_to_date", subject="skola", end=month(YEAR[1], ZONE).end,
        )
        for rows in (frame, half)
    ]  # fmt: skip

    assert [row["value"] for row in found] == [744.0 + 228.0, None]
    assert found[1]["reason"] == LOW.format("Februari 2025 är känd")


def test_a_group_goes_on_from_what_is_known_of_a_building_s_year() -> None:
    """Of twelve schools one was silent in January: 104 376 hours of 105 120. It may have used as much then as it does else."""
    items = [point(f"el-{n}", building=f"skola-{n}") for n in range(12)]
    rows = figures(portfolio(*items), *(known(item) for item in items[1:]), known(items[0], YEAR[1:]))
    row = rolling(rows, indicator="energy_total", subject_kind="portfolio")

    assert row["value"] == 12 * 8760.0 - 744.0
    assert row["uncertainty"] == pytest.approx(744, abs=0.1)


# what is silent widens the ±


def test_a_silent_month_widens_the_half_width_of_what_is_known() -> None:
    """8 016 hours of 1 kWh: January's 744 hours might have been as many."""
    item = point("el")
    row = rolling(figures(portfolio(item), known(item, YEAR[1:])), indicator="energy", subject="skola")

    assert row["uncertainty"] == pytest.approx(744, abs=0.1)


def test_a_silent_meter_widens_the_half_width_of_its_building() -> None:
    """One of twelve is silent for all of January: 11/12 is known, and the twelfth may have used what the others do on average."""
    items = [point(f"el-{n:02}") for n in range(12)]
    frames = [known(item, YEAR[:1], float(n)) for n, item in enumerate(items[:-1])]  # 0 to 10 kWh: 5 on average
    rows = figures(portfolio(*items), *frames, known(items[-1], YEAR[:1], None), months=YEAR[:1])
    row = only(rows, indicator="energy", period="month", subject="skola")

    assert row["value"] == 55 * 744.0
    assert row["coverage"] == pytest.approx(11 / 12)
    assert row["uncertainty"] == pytest.approx(5 * 744, abs=0.2)


def test_a_silent_sub_meter_or_other_carrier_widens_nothing() -> None:
    """A sub-meter's use is in its parent's; district heating says nothing of electricity."""
    main, sub, heat = point("el"), point("el-kök", parent="el"), point("fv", Carrier.DISTRICT_HEATING)
    rows = figures(portfolio(main, sub, heat), known(main, YEAR[:1]), months=YEAR[:1])

    assert only(rows, indicator="energy", carrier="electricity", period="month", subject="skola")["uncertainty"] < 0.1
    silent = only(rows, indicator="energy", carrier="district_heating", period="month", subject="skola")
    assert silent["value"] is None
    assert silent["uncertainty"] < 0.1


def test_a_silent_building_widens_the_half_width_of_its_groups() -> None:
    """One of twelve schools is silent: 92 % are known, ± what a school uses."""
    items = [point(f"el-{n}", building=f"skola-{n}") for n in range(12)]
    frames = [known(item, YEAR[:1], 2.0) for item in items[1:]]
    rows = figures(portfolio(*items), *frames, known(items[0], YEAR[:1], None), months=YEAR[:1])
    row = only(rows, indicator="energy", period="month", subject_kind="owner")

    assert row["value"] == 11 * 1488.0
    assert row["uncertainty"] == pytest.approx(1488, abs=0.1)


# load factor


@pytest.mark.parametrize(
    ("ended", "gone"), [(date(2025, 1, 3), 0), (date(2025, 1, 31), 37)], ids=["on the third day", "at 95 % coverage"]
)
def test_a_constant_load_has_a_load_factor_of_one(ended: date, gone: int) -> None:
    """Mean power is the known energy by the known hours: not by those to come, and not by those that nobody knows."""
    item, until = point("el"), datetime(2025, 1, ended.day, 23, tzinfo=UTC)
    frame = known(item, YEAR[:1]).filter(pl.col("time") < until)[: None if gone == 0 else -gone]
    rows = figures(portfolio(item), frame, months=YEAR[:1], ended=ended, until=until)

    assert only(rows, indicator="load_factor", period="month", subject="skola")["value"] == pytest.approx(1.0)
    assert only(rows, indicator="load_factor", period="year_to_date", subject="skola")["value"] == pytest.approx(1.0)


# what is bought in the middle of a period

BOUGHT = datetime(2025, 6, 30, 22, tzinfo=UTC)  # 1 July by the local clock: 4 417 hours of the year's 8 760
OLD = [point(f"el-{n}", building=f"gammal-{n}") for n in range(9)]
NEW = point("el-ny", building="ny")


def ten() -> Portfolio:
    table = since(portfolio(*OLD, NEW), {"el-ny": BOUGHT})
    buildings = {name: Building(name, name, "school", "skolnämnden", 100.0) for name in table.buildings}
    return replace(table, buildings=buildings)


def test_the_area_of_a_bought_building_counts_for_as_long_as_its_energy_does() -> None:
    """Ten alike schools use 87.6 kWh/m² a year each, and so does the portfolio; whole area on half the energy gave 83.3."""
    rows = figures(ten(), *(known(item) for item in OLD), known(NEW, YEAR[6:]))
    row = rolling(rows, indicator="specific_energy", carrier="", subject_kind="portfolio")
    own = rolling(rows, indicator="specific_energy", carrier="", subject="ny")

    assert row["value"] == pytest.approx(87.6)
    assert row["uncertainty"] < 0.01
    assert own["value"] is None
    assert own["partial"] == pytest.approx(87.6)


def test_what_stands_is_told_as_it_was_counted() -> None:
    """900 m² and 4 417/8 760 of 100; until the end of March none of it; from July on all."""
    table, first = ten(), Period(PeriodKind.YEAR_TO_DATE, JANUARY.start, month(YEAR[2], ZONE).end, ZONE)

    def area(period: Period, until: datetime = LONG_AFTER, kind: str = "owner", subject: str = "skolnämnden") -> float | None:
        return standing("area_m2", table, kind, subject, period, until)

    assert area(WHOLE) == pytest.approx(900 + 100 * 4417 / 8760)
    assert area(first) == 900.0
    assert area(month(YEAR[6], ZONE)) == 1000.0
    assert area(WHOLE, kind="building", subject="ny") == pytest.approx(100 * 4417 / 8760)
    # of a year that is not over, by what is over
    assert area(WHOLE, until=BOUGHT + 4343 * HOUR, kind="building", subject="ny") == pytest.approx(50.0)


def test_an_unknown_area_is_asked_for_while_the_building_is_measured() -> None:
    """Not of the months before."""
    table = ten()
    table = replace(table, buildings={**table.buildings, "ny": replace(table.buildings["ny"], area_m2=None)})

    assert standing("area_m2", table, "portfolio", "portfolio", JANUARY, LONG_AFTER) == 900.0
    assert standing("area_m2", table, "portfolio", "portfolio", WHOLE, LONG_AFTER) is None


def test_a_plant_s_power_counts_from_when_it_is_measured() -> None:
    """The building's electricity was measured all year, its cells from July on."""
    main = point("el")
    cells = replace(point("sol", Carrier.SOLAR), max_power_kw=50.0)
    table = since(portfolio(main, cells), {"sol": BOUGHT})

    assert standing("solar_kwp", table, "building", "skola", WHOLE, LONG_AFTER) == pytest.approx(50 * 4417 / 8760)
    assert standing("area_m2", table, "building", "skola", WHOLE, LONG_AFTER) == 1000.0


# the first meter of a building

MIDDLE = datetime(2025, 1, 16, 11, tzinfo=UTC)  # noon by the local clock: 372 of January's 744 hours are over


@pytest.mark.parametrize(
    ("item", "coverage"),
    [
        (point("el"), 0.5),
        (point("fv", Carrier.DISTRICT_HEATING), 0.5),
        (point("sol", Carrier.SOLAR), 1.0),
        (point("ut", direction=Direction.EXPORT), 1.0),
    ],
    ids=["electricity", "heat", "solar", "export"],
)
def test_half_a_month_of_a_first_meter_is_no_month(item: MeteringPoint, coverage: float) -> None:
    """Known from the middle on: the building used something before. Cells and what they send out begin with their meter."""
    table = since(portfolio(item), {item.id: MIDDLE})
    frame = known(item, YEAR[:2]).filter(pl.col("time") >= MIDDLE)
    rows = figures(table, frame, months=YEAR[:2]).filter(period="month", indicator="energy", subject="skola").sort("start")

    assert rows["coverage"].to_list() == [coverage, 1.0]
    assert rows["value"].to_list() == [372.0 if coverage == 1.0 else None, 672.0]
    assert rows["partial"][0] == 372.0


def test_a_further_meter_is_new_load_and_months_before_the_first_stay_without() -> None:
    """A charging post is put up in the middle of January: what it measures was not there before."""
    main, post = point("el"), point("laddstolpe")
    table = since(portfolio(main, post), {"laddstolpe": MIDDLE})
    frame = known(post, YEAR[:1]).filter(pl.col("time") >= MIDDLE)
    both = only(
        figures(table, known(main, YEAR[:1]), frame, months=YEAR[:1]), indicator="energy", period="month", subject="skola"
    )
    later = figures(since(table, {"el": month(YEAR[1], ZONE).start, "laddstolpe": LONG_AFTER}), frame.clear(), months=YEAR[:1])

    assert (both["value"], both["coverage"]) == (744.0 + 372.0, 1.0)
    assert only(later, indicator="energy", period="month", subject="skola")["reason"].startswith("Ingen mätare var installerad")


def test_a_meter_that_is_not_there_yet_is_not_expected() -> None:
    """It will be put up on the sixteenth; it is the tenth."""
    item = point("el")
    rows = figures(
        since(portfolio(item), {"el": MIDDLE}),
        known(item, YEAR[:1]).clear(),
        months=YEAR[:1],
        ended=date(2025, 1, 9),
        until=datetime(2025, 1, 10, tzinfo=UTC),
    )

    row = only(rows, indicator="energy", period="month", subject="skola")
    assert (row["weight"], row["reason"][:11]) == (0.0, "Ingen mätar")
