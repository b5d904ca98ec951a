"""A small municipality with four buildings and what its store holds at one instant, for every test of panels."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from math import pi, sin
from typing import Protocol

import polars as pl

from config.domain.estate import (
    Building,
    Carrier,
    Direction,
    Installation,
    Meter,
    MeteringPoint,
    Owner,
    Portfolio,
    Register,
)
from config.domain.indicators import IndicatorValue, Missing, Subject, SubjectKind
from config.domain.intervals import Method
from config.domain.periods import Period, month
from config.domain.readings import Reading
from services.store.figures import indicator_frame

ZONE = "Europe/Stockholm"
NOW = datetime(2026, 11, 24, 12, 40, 20, tzinfo=UTC)  # a Tuesday, 13:40 in Sweden
MIDNIGHT = datetime(2026, 11, 23, 23, tzinfo=UTC)
HOUR = timedelta(hours=1)
INSTALLED = datetime(2025, 1, 1, tzinfo=UTC)
SCHOOL = "soltorgets-skola"
ELECTRICITY, HEAT, SUN, WATER = "735999000000000011", "735999000000000028", "735999000000000035", "735999000000000042"
KITCHEN = "735999000000000059"


class Writable(Protocol):
    """What the example needs of a store."""

    def write_readings(self, readings: Sequence[Reading]) -> None: ...

    def write_intervals(self, intervals: pl.DataFrame) -> None: ...

    def write_indicator_values(self, values: pl.DataFrame) -> None: ...


def portfolio() -> Portfolio:
    """A school with five points (one a sub-meter), a rink, a care home, and a depot that has no meter."""
    owners = [Owner("skolnamnden", "Skolnämnden", "committee"), Owner("energi", "Provköping Energi", "company")]
    buildings = [
        Building(SCHOOL, "Soltorgets skola", "school", "skolnamnden", 6_297.0, public=True, example=frozenset({"area_m2"})),
        Building("ishallen", "Ishallen, A/B-rinken", "ice_rink", "energi", None),
        Building("aldreboendet", "Älvgårdens äldreboende", "care_home", "energi", 3_100.0),
        Building("depan", "Åkarens depå", "depot", "energi", 800.0),
    ]
    points = [
        point(ELECTRICITY, "Elmätare, huvud", SCHOOL, Carrier.ELECTRICITY, interval_s=60),
        point(HEAT, "Fjärrvärme", SCHOOL, Carrier.DISTRICT_HEATING, interval_s=3600),
        point(SUN, "Solceller tak", SCHOOL, Carrier.SOLAR, Direction.EXPORT, interval_s=300),
        point(WATER, "Kallvatten", SCHOOL, Carrier.WATER),
        point(KITCHEN, "Kök, undermätare", SCHOOL, Carrier.ELECTRICITY, parent=ELECTRICITY, interval_s=900),
        point("rink-el", "Elmätare", "ishallen", Carrier.ELECTRICITY, interval_s=60),
        point("alv-el", "Elmätare", "aldreboendet", Carrier.ELECTRICITY, interval_s=60),
    ]
    power = (Register("active_energy_import"), Register("active_power_import"))
    meters = [
        Meter("m-skola-el", "test", "d1", (*power, Register("active_power_import", "L1"))),
        Meter("m-skola-varme", "test", "d2", (Register("heat_energy"), Register("heat_power"))),
        Meter("m-skola-sol", "test", "d3", (Register("active_energy_production"), Register("active_power_production"))),
        Meter("m-skola-vatten", "test", "d4", (Register("water_volume"),)),
        Meter("m-skola-kok", "test", "d5", power),
        Meter("m-rink", "test", "d6", power),
        Meter("m-alv", "test", "d7", power),
        Meter("m-alv-gammal", "test", "d8", power),
    ]
    installations = [
        Installation(ELECTRICITY, "m-skola-el", "active_energy_import", INSTALLED),
        Installation(HEAT, "m-skola-varme", "heat_energy", INSTALLED),
        Installation(SUN, "m-skola-sol", "active_energy_production", INSTALLED),
        Installation(WATER, "m-skola-vatten", "water_volume", INSTALLED),
        Installation(KITCHEN, "m-skola-kok", "active_energy_import", INSTALLED),
        Installation("rink-el", "m-rink", "active_energy_import", INSTALLED),
        Installation("alv-el", "m-alv-gammal", "active_energy_import", INSTALLED, datetime(2026, 6, 1, tzinfo=UTC)),
        Installation("alv-el", "m-alv", "active_energy_import", datetime(2026, 6, 1, tzinfo=UTC)),
    ]
    return Portfolio(
        "Provköping",
        ZONE,
        {each.id: each for each in owners},
        {each.id: each for each in buildings},
        {each.id: each for each in points},
        {each.id: each for each in meters},
        tuple(installations),
    )


def point(
    identifier: str,
    name: str,
    building: str,
    carrier: Carrier,
    direction: Direction = Direction.IMPORT,
    parent: str | None = None,
    interval_s: int | None = None,
) -> MeteringPoint:
    is_open = building == SCHOOL
    return MeteringPoint(
        identifier, name, building, carrier, direction, 0.001, parent=parent, interval_s=interval_s, public=is_open
    )


def fill(store: Writable) -> None:
    """What the jobs would have written by NOW."""
    store.write_readings(list(readings()))
    store.write_intervals(intervals())
    store.write_indicator_values(indicator_frame(indicator_values()))


def readings() -> Iterable[Reading]:
    """Every five minutes of the last day; the kitchen's meter fell silent at half past nine (UTC), the water's tells no power."""
    for step in range(288):
        at = NOW.replace(second=5, minute=40) - timedelta(minutes=5) * step
        hour = at.hour + at.minute / 60
        yield read("m-skola-el", "active_power_import", at, 48.0 + 12 * sin(hour / 24 * 2 * pi))
        yield read("m-skola-el", "active_power_import.L1", at, 16.0)
        yield read("m-skola-el", "active_energy_import", at, 1e6 - step)
        yield read("m-skola-varme", "heat_power", at, 81.6)
        yield read(
            "m-skola-sol", "active_power_production", at, max(0.0, 20 * sin((hour - 7) / 8 * pi)) if 7 < hour < 15 else 0.0
        )
        yield read("m-rink", "active_power_import", at, 310.25)
        if at < NOW.replace(hour=9, minute=31):
            yield read("m-skola-kok", "active_power_import", at, 7.25)
    yield read("m-skola-vatten", "water_volume", NOW - timedelta(hours=5), 1_234.5)


def read(meter: str, register: str, at: datetime, value: float) -> Reading:
    return Reading(meter, register, at, value, at + timedelta(seconds=3))


def intervals() -> pl.DataFrame:
    """A week and a half of hours up to 12 UTC; two of today's are not wholly measured, one of the heat's is missing."""
    rows = []
    for back in range(1, 24 * 9):
        start = NOW.replace(minute=0, second=0) - back * HOUR
        school_day = 7 <= start.hour <= 15
        for name, carrier, direction, level, value in (
            (ELECTRICITY, "electricity", "import", "main", 60.0 if school_day else 22.0),
            (KITCHEN, "electricity", "import", "sub", 6.0 if school_day else 1.0),
            (HEAT, "district_heating", "import", "main", 75.5 if start >= MIDNIGHT else 71.25),
            (SUN, "solar", "export", "main", max(0.0, 18 * sin((start.hour - 7) / 8 * pi)) if school_day else 0.0),
            (WATER, "water", "import", "main", 0.42 if school_day else 0.03),
        ):
            row = row_of(name, SCHOOL, carrier, direction, level, start, value)
            if name == ELECTRICITY and start.hour in (4, 5) and start > MIDNIGHT:
                row |= {"coverage": 0.5, "method": Method.INTERPOLATED.value}
            if name == HEAT and start == MIDNIGHT + 6 * HOUR:
                row |= {"value": None, "coverage": 0.0, "method": Method.MISSING.value}
            rows.append(row)
        rows.append(row_of("rink-el", "ishallen", "electricity", "import", "main", start, 300.0))
    return pl.DataFrame(rows, schema_overrides={"time": pl.Datetime("us", "UTC"), "value": pl.Float64})


def row_of(
    name: str, building: str, carrier: str, direction: str, level: str, start: datetime, value: float
) -> dict[str, object]:
    return {
        "time": start,
        "building": building,
        "carrier": carrier,
        "direction": direction,
        "level": level,
        "point": name,
        "value": value,
        "coverage": 1.0,
        "method": Method.MEASURED.value,
    }


def indicator_values() -> list[IndicatorValue]:
    """November so far, for the school: oil has no readings."""
    period = month(NOW.date(), ZONE)
    return [
        monthly("electricity", 24_123.4, 0.784, period),
        monthly("district_heating", 42_052.0, 0.782, period),
        monthly("solar", 1_201.5, 0.784, period),
        monthly("oil", Missing("Inga mätvärden för perioden.", "No readings for the period."), 0.0, period),
    ]


def monthly(carrier: str, value: float | Missing, coverage: float, period: Period) -> IndicatorValue:
    return IndicatorValue("energy", Subject(SubjectKind.BUILDING, SCHOOL), period, value, coverage, "energy-1", {}, carrier)
