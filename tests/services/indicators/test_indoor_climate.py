"""Hours outside the range while rooms are occupied, by hand: January 2026 has 20 working days, three of them in the break."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import polars as pl

from config.domain.calendar import MunicipalCalendar, SchoolYear
from config.domain.estate import Installation, Meter, Portfolio, Register
from config.domain.factors import Mark
from config.domain.indicators import INDICATORS
from config.domain.indoor import IndoorRange, IndoorRanges
from config.domain.periods import month
from services.indicators.indoor_climate import CALCULATION, NO_HOURS, NO_LIMIT, NO_RANGE, calculate
from tests.services.indicators.example_basis import EMPTY, INSTALLED, ZONE, basis, intervals, point, portfolio

JANUARY = date(2026, 1, 1)
SENSORS = Meter("rum", "test", "rum", (Register("indoor_temperature"), Register("co2")))
SCHOOL = IndoorRange("skolor", frozenset({"school"}), 20.0, 26.0, 1000.0, (7, 17), False, False, "prov", Mark.UNVERIFIED)
YEAR = SchoolYear(
    "2025-26", date(2025, 8, 19), date(2025, 12, 19), date(2026, 1, 8), date(2026, 6, 11), (), "prov", Mark.UNVERIFIED
)
# working days: 2, 5, 7-9, 12-16, 19-23, 26-30 (1 and 6 are holidays); the term begins on the 8th
OCCUPIED_DAYS = [*range(8, 10), *range(12, 17), *range(19, 24), *range(26, 31)]
OCCUPIED = 10.0 * len(OCCUPIED_DAYS)


def instrumented() -> Portfolio:
    """A school with a room sensor beside its electricity meter."""
    known = portfolio(point("e"))
    sensor = Installation("e", "rum", "indoor_temperature", INSTALLED, None)
    return replace(known, meters={**known.meters, "rum": SENSORS}, installations=(*known.installations, sensor))


def gauges(temperature: float = 21.0, co2: float | None = 600.0, at: dict[tuple[int, int], float] | None = None) -> pl.DataFrame:
    """Every hour of January; `at` gives other temperatures by local day and hour."""
    asked = month(JANUARY, ZONE)
    rows = []
    for n in range(asked.hours):
        time = asked.start + timedelta(hours=n)
        there = time.astimezone(ZoneInfo(ZONE))
        value = (at or {}).get((there.day, there.hour), temperature)
        rows.append(("skola", "e", "rum", "indoor_temperature", "", time, value))
        if co2 is not None:
            rows.append(("skola", "e", "rum", "co2", "", time, co2))
    return pl.DataFrame(rows, schema=dict(EMPTY["gauges"]), orient="row")


def january(
    told: pl.DataFrame, ranges: IndoorRanges | None = None, known: Portfolio | None = None, **given: Any
) -> dict[str, dict[str, Any]]:
    context = {
        "indoor": IndoorRanges((SCHOOL,)) if ranges is None else ranges,
        "calendar": MunicipalCalendar(school_years=(YEAR,)),
    }
    made = basis(
        known or instrumented(), intervals(point("e"), month(JANUARY, ZONE)), [JANUARY], gauges=told, context=context, **given
    )
    return {row["indicator"]: row for row in calculate(made).iter_rows(named=True)}


def test_hours_count_while_the_rooms_are_occupied() -> None:
    """17 school days of ten hours; holidays, weekends, nights and the break are nobody's discomfort."""
    row = january(gauges())["indoor_hours"]

    assert row["value"] == OCCUPIED == 170.0
    assert row["coverage"] == 1.0
    assert orjson.loads(row["factors"]) == {"indoor-range": "skolor, obekräftad"}


def test_cold_and_warm_hours_are_told_apart() -> None:
    """Two cold hours on Monday the 12th, one warm; a cold night, Saturday and Epiphany do not count."""
    at = {(12, 7): 18.0, (12, 8): 19.9, (12, 16): 26.5, (12, 6): 15.0, (12, 17): 15.0, (10, 10): 15.0, (6, 10): 15.0}
    found = january(gauges(at=at))

    assert found["indoor_hours_cold"]["value"] == 2.0
    assert found["indoor_hours_warm"]["value"] == 1.0
    assert found["indoor_hours_outside"]["value"] == 3.0


def test_the_limits_themselves_are_inside() -> None:
    """20 and 26 °C and 1,000 ppm are neither too cold nor too warm nor stuffy."""
    assert january(gauges(temperature=20.0, co2=1000.0))["indoor_hours_cold"]["value"] == 0.0
    assert january(gauges(temperature=26.0))["indoor_hours_warm"]["value"] == 0.0
    assert january(gauges(co2=1000.0))["co2_hours_high"]["value"] == 0.0
    assert january(gauges(co2=1000.1))["co2_hours_high"]["value"] == OCCUPIED


def test_a_care_home_is_lived_in_always() -> None:
    """Every hour of every day."""
    always = replace(SCHOOL, kinds=frozenset(), hours=(0, 24), every_day=True, in_school_breaks=True)

    assert january(gauges(), IndoorRanges((always,)))["indoor_hours"]["value"] == 744.0


def test_a_kind_without_range_is_missing_and_says_where_to_enter_it() -> None:
    """Never a range that somebody else decided."""
    found = january(gauges(), IndoorRanges())

    for name in CALCULATION.indicators:
        assert found[name]["value"] is None
        assert found[name]["reason"] == NO_RANGE.reason_sv


def test_a_range_without_carbon_dioxide_judges_the_temperature_alone() -> None:
    """And says what the other lacks."""
    found = january(gauges(), IndoorRanges((replace(SCHOOL, highest_co2_ppm=None),)))

    assert found["indoor_hours"]["value"] == OCCUPIED
    assert found["co2_hours_high"]["reason"] == NO_LIMIT.reason_sv


def test_a_sensor_that_is_silent_is_not_a_comfortable_room() -> None:
    """Of no hour at all there is no figure; of half of them the coverage says so."""
    silent = january(gauges().clear())["indoor_hours_outside"]
    half = january(gauges().filter(pl.col("time") < datetime.fromisoformat("2026-01-19T00:00:00+01:00")))["indoor_hours"]

    assert silent["value"] is None
    assert silent["reason"] == NO_HOURS.reason_sv
    assert half["value"] == 70.0
    assert half["coverage"] == 70 / 170


def test_hours_that_have_not_come_are_not_missing() -> None:
    """On the 19th the seven school days so far are the whole."""
    until = datetime.fromisoformat("2026-01-19T00:00:00+01:00")
    row = january(gauges().filter(pl.col("time") < until), until=until)["indoor_hours"]

    assert row["coverage"] == 1.0


def test_a_building_without_sensors_has_no_rows() -> None:
    """Nothing is asked of it."""
    assert january(gauges().clear(), known=portfolio(point("e"))) == {}


def test_every_indicator_of_it_is_published() -> None:
    """A row without a definition would be nameless."""
    assert {*CALCULATION.indicators, *(ratio.indicator for ratio in CALCULATION.ratios)} <= set(INDICATORS)
