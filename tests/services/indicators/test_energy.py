"""Energy of a building, with figures worked by hand."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from config.domain.estate import Building, Carrier, Direction, Installation, Meter, MeteringPoint, Owner, Portfolio, Register
from config.domain.indicators import INDICATORS, IndicatorValue, Missing, Subject, SubjectKind
from config.domain.periods import Period, day, month
from config.shelf import entries
from services import indicators
from services.indicators._calculation import Calculation
from services.indicators.energy import NOT_INSTALLED, NOT_SETTLED, calculate

ZONE = "Europe/Stockholm"
MONDAY = date(2026, 3, 2)
HOUR = timedelta(hours=1)
SCHOOL = Subject(SubjectKind.BUILDING, "skola")
INSTALLED = datetime(2020, 1, 1, tzinfo=UTC)


def point(
    name: str, carrier: Carrier = Carrier.ELECTRICITY, direction: Direction = Direction.IMPORT, parent: str | None = None
) -> MeteringPoint:
    return MeteringPoint(name, name, "skola", carrier, direction, 0.01, parent=parent)


def portfolio(*points: MeteringPoint, start: datetime = INSTALLED, end: datetime | None = None) -> Portfolio:
    installations = tuple(Installation(item.id, f"m-{item.id}", "active_energy_import", start, end) for item in points)
    meters = {item.meter: Meter(item.meter, "test", item.meter, (Register(item.register),)) for item in installations}
    return Portfolio(
        "Provköping",
        ZONE,
        {"skolnämnden": Owner("skolnämnden", "Skolnämnden", "committee")},
        {"skola": Building("skola", "Skolan", "school", "skolnämnden", 1000.0)},
        {item.id: item for item in points},
        meters,
        installations,
    )


def hours(
    item: MeteringPoint, period: Period, value: float | None = 1.0, coverage: float = 1.0, building: str = "skola"
) -> pl.DataFrame:
    """One row an hour of the period, all alike."""
    return pl.DataFrame(
        {
            "time": [period.start + n * HOUR for n in range(period.hours)],
            "building": building,
            "carrier": item.carrier.value,
            "direction": item.direction.value,
            "level": "main" if item.parent is None else "sub",
            "point": item.id,
            "value": [value] * period.hours,
            "coverage": coverage,
            "method": "missing" if value is None else "measured",
        },
        schema_overrides={"time": pl.Datetime("us", "UTC"), "value": pl.Float64, "coverage": pl.Float64},
    )


def by_carrier(frame: pl.DataFrame, known: Portfolio, period: Period) -> dict[str, IndicatorValue]:
    return {value.carrier: value for value in calculate(frame, known, SCHOOL, [period])}


DAYS = {"winter": (MONDAY, 24), "autumn": (date(2026, 10, 25), 25), "spring": (date(2027, 3, 28), 23)}


@pytest.mark.parametrize("case", DAYS)
def test_a_day_is_the_sum_of_its_local_hours(case: str) -> None:
    """1 kWh an hour; the hours before and after the day are there and do not count."""
    on, expected = DAYS[case]
    item = point("el")
    around = [hours(item, day(on + timedelta(days=n), ZONE)) for n in (-1, 0, 1)]
    (value,) = calculate(pl.concat(around), portfolio(item), SCHOOL, [day(on, ZONE)])

    assert (value.value, value.coverage, value.carrier) == (float(expected), 1.0, "electricity")


def test_points_of_one_carrier_are_added_and_carriers_are_not() -> None:
    """Two mains of 24 kWh each, and 24 kWh of heat."""
    mains = point("el-1"), point("el-2")
    heat = point("värme", Carrier.DISTRICT_HEATING)
    frame = pl.concat([hours(item, day(MONDAY, ZONE)) for item in (*mains, heat)])
    values = by_carrier(frame, portfolio(*mains, heat), day(MONDAY, ZONE))

    assert {carrier: value.value for carrier, value in values.items()} == {"electricity": 48.0, "district_heating": 24.0}


def test_a_parent_and_its_children_are_never_added() -> None:
    """The kitchen's 24 kWh are in the school's 24 kWh."""
    main, kitchen = point("el"), point("kök", parent="el")
    frame = pl.concat([hours(main, day(MONDAY, ZONE)), hours(kitchen, day(MONDAY, ZONE))])

    assert by_carrier(frame, portfolio(main, kitchen), day(MONDAY, ZONE))["electricity"].value == 24.0


def test_solar_and_export_stand_beside_the_use() -> None:
    """Of 24 kWh produced 12 were used in the house and 12 sold: the 24 bought are still 24."""
    bought, made = point("el"), point("sol", Carrier.SOLAR, Direction.EXPORT)
    sold = point("såld", direction=Direction.EXPORT)
    frame = pl.concat([hours(bought, day(MONDAY, ZONE)), hours(made, day(MONDAY, ZONE)), hours(sold, day(MONDAY, ZONE), 0.5)])
    values = by_carrier(frame, portfolio(bought, made, sold), day(MONDAY, ZONE))

    assert {carrier: value.value for carrier, value in values.items()} == {
        "electricity": 24.0,
        "solar": 24.0,
        "electricity_export": 12.0,
    }


def test_water_is_no_energy() -> None:
    """Its hours are cubic metres."""
    item = point("vatten", Carrier.WATER)

    assert calculate(hours(item, day(MONDAY, ZONE)), portfolio(item), SCHOOL, [day(MONDAY, ZONE)]) == []


def test_a_day_half_known_has_its_sum_and_half_the_coverage() -> None:
    """12 hours of 1 kWh, 12 hours missing: 12 kWh, and the reader is told."""
    item, period = point("el"), day(MONDAY, ZONE)
    frame = pl.concat([hours(item, period).head(12), hours(item, period, None, 0.0).tail(12)])
    (value,) = calculate(frame, portfolio(item), SCHOOL, [period])

    assert (value.value, value.coverage) == (12.0, 0.5)


def test_hours_that_were_never_settled_lower_the_coverage() -> None:
    """One of two meters has sent nothing at all: half of the expected point-hours."""
    heard, silent = point("el-1"), point("el-2")
    (value,) = calculate(hours(heard, day(MONDAY, ZONE)), portfolio(heard, silent), SCHOOL, [day(MONDAY, ZONE)])

    assert (value.value, value.coverage) == (24.0, 0.5)


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
    frame = hours(item, period, None, 0.0) if on else hours(item, period).clear()
    (value,) = calculate(frame, portfolio(item, start=installed), SCHOOL, [period])

    assert isinstance(value.value, Missing)
    assert (value.value, value.coverage) == (reason, 0.0)


def test_a_real_nought_is_a_nought() -> None:
    """An empty school in July, wholly measured."""
    item, period = point("el"), day(MONDAY, ZONE)
    (value,) = calculate(hours(item, period, 0.0), portfolio(item), SCHOOL, [period])

    assert (value.value, value.coverage) == (0.0, 1.0)


def test_hours_before_the_first_installation_are_not_expected() -> None:
    """The solar plant began at noon: half a day of hours, wholly measured."""
    item, period = point("sol", Carrier.SOLAR), day(MONDAY, ZONE)
    frame = hours(item, period).tail(12)
    (value,) = calculate(frame, portfolio(item, start=period.start + 12 * HOUR), SCHOOL, [period])

    assert (value.value, value.coverage) == (12.0, 1.0)


def test_hours_under_tags_of_an_earlier_portfolio_do_not_count_twice() -> None:
    """The point moved here from another building; its hours lie in the store under both."""
    item, period = point("el"), day(MONDAY, ZONE)
    frame = pl.concat([hours(item, period), hours(item, period, building="förr")])
    (value,) = calculate(frame, portfolio(item), SCHOOL, [period])

    assert value.value == 24.0


def test_days_make_their_month() -> None:
    """March 2026 has 743 hours by the local clock; asked together, days and month agree."""
    item, whole = point("el"), month(MONDAY, ZONE)
    days = [day(date(2026, 3, number), ZONE) for number in range(1, 32)]
    values = calculate(hours(item, whole), portfolio(item), SCHOOL, [*days, whole])

    assert values[-1].value == 743.0
    assert sum(value.value for value in values[:-1] if not isinstance(value.value, Missing)) == 743.0


def test_every_calculation_on_the_shelf_is_of_a_published_indicator() -> None:
    """A value without a name, unit and definition could not be shown."""
    shelf = entries(indicators, "CALCULATION", Calculation)

    assert {calculation.indicator for calculation in shelf} == set(INDICATORS)
