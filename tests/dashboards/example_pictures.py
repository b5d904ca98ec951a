"""What the jobs keep for screens, for the example municipality: pictures of the state, published figures, gauges of a school."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from math import cos, pi
from typing import Protocol

import polars as pl

from config.domain.indicators import INDICATORS, PORTFOLIO, IndicatorValue, Missing, Subject, SubjectKind
from config.domain.periods import Period, PeriodKind, day, local_date, month
from config.domain.readings import Reading
from config.domain.series import (
    BUILDINGS,
    DEVIATIONS,
    EVENTS,
    INTAKE_TROUBLES,
    METER_DAYS,
    RESTATEMENTS,
    SERVICE,
    SIGNATURE,
    Series,
)
from services.store.figures import indicator_frame
from tests.dashboards import example

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TODAY = local_date(example.NOW, example.ZONE)
NO_PRICE = ("Ingen prislista för mätpunkten.", "No price list of the metering point.")

HEAT, POWER, SUN = ("district_heating",), ("electricity", "district_heating"), ("solar",)
EVERY = ("", "electricity", "district_heating")
# indicator → carriers, as the calculations publish them by month and for longer periods
FIGURES: Mapping[str, tuple[str, ...]] = {
    "energy": ("electricity", "district_heating", "solar", "electricity_export"),
    "energy_total": ("",),
    "water": ("water",),
    "heated_building_energy": EVERY,
    "corrected_energy": ("", "district_heating"),
    "corrected_specific_energy": ("", "district_heating"),
    "specific_energy": EVERY,
    "base_load": POWER,
    "peak_power": POWER,
    "cost": EVERY,
    "emissions_location": EVERY,
    "emissions_market": EVERY,
    "flow_temperature": HEAT,
    "return_temperature": HEAT,
    "temperature_drop": HEAT,
    "volume_per_energy": HEAT,
    "overflow_share": HEAT,
    "saved_volume_1c": HEAT,
    "saved_cost_1c": HEAT,
    "self_consumption": SUN,
    "self_sufficiency": SUN,
    "specific_yield": SUN,
    "reference_yield": SUN,
    "performance_ratio": SUN,
    "indoor_cold_share": ("",),
    "indoor_warm_share": ("",),
    "co2_high_share": ("",),
    **dict.fromkeys(("emissions_location_known", "emissions_market_known", "emissions_biogenic", "origin_coverage"), ("",)),
    **dict.fromkeys(("emissions_location_coverage", "emissions_market_coverage", "origin_coverage_contracted"), ("",)),
    **dict.fromkeys(("emission_intensity_location", "emission_intensity_market", "renewable_share_known"), ("",)),
    **{f"{origin}_share{how}": ("",) for origin in ("renewable", "recovered", "fossil", "other") for how in ("", "_contracted")},
    "emissions_avoided": ("electricity_export",),
    "solar_used": SUN,
}
DAILY = {"energy": FIGURES["energy"], "energy_total": ("",), "water": ("water",)}
MONTHS = 25


class Writable(Protocol):
    """What the pictures need of a store."""

    def write_readings(self, readings: Sequence[Reading]) -> None: ...

    def write_indicator_values(self, values: pl.DataFrame) -> None: ...

    def write_pictures(self, series: Series, points: pl.DataFrame) -> None: ...


def fill_pictures(store: Writable) -> None:
    """Beside what `example.fill` writes."""
    store.write_indicator_values(indicator_frame(list(figures())))
    store.write_readings(list(gauges()))
    for series, rows in (
        (DEVIATIONS, deviations()),
        (BUILDINGS, buildings()),
        (METER_DAYS, meter_days()),
        (SERVICE, service()),
        (INTAKE_TROUBLES, intake_troubles()),
        (EVENTS, events()),
        (RESTATEMENTS, restatements()),
        (SIGNATURE, signature()),
    ):
        store.write_pictures(series, frame(series, rows))


def figures() -> Iterator[IndicatorValue]:
    """Of the school and its groups: every month, rolling years, and the days; emissions of one month lack their factor."""
    groups = (
        (SubjectKind.BUILDING, example.SCHOOL),
        (SubjectKind.OWNER, "skolnamnden"),
        (SubjectKind.BUILDING_KIND, "school"),
        (SubjectKind.PORTFOLIO, PORTFOLIO),
    )
    for subject in (Subject(kind, name) for kind, name in groups):
        for back in range(1, MONTHS + 1):
            lacking = ("emissions_market",) if back == 3 else ()
            yield from _all(subject, FIGURES, month(months_before(back), example.ZONE), back, lacking=lacking)
        for back in (1, 13):
            first, last = (month(months_before(months), example.ZONE) for months in (back + 11, back))
            year = Period(PeriodKind.ROLLING_YEAR, first.start, last.end, example.ZONE)
            yield from _all(subject, FIGURES, year, back, 12.0)
        for back in range(1, 31):
            yield from _all(subject, DAILY, day(TODAY - back * DAY, example.ZONE), back, 1 / 30)


def _all(
    subject: Subject,
    table: Mapping[str, tuple[str, ...]],
    period: Period,
    back: int,
    scale: float = 1.0,
    lacking: tuple[str, ...] = (),
) -> Iterator[IndicatorValue]:
    for indicator, carriers in table.items():
        for carrier in carriers:
            missing = indicator in lacking
            value = Missing("Faktor saknas.", "No factor.") if missing else _value(indicator, back) * scale
            yield IndicatorValue(indicator, subject, period, value, 0.0 if missing else 0.98, f"{indicator}-1", {}, carrier)


def gauges() -> Iterator[Reading]:
    """A day of the substation's temperatures and of a classroom, whose sensor is at the heat meter's gateway."""
    for step in range(24):
        at = example.NOW - step * HOUR
        for register, value in (
            ("flow_temperature", 82.0 + step % 3),
            ("return_temperature", 44.0 + step % 5),
            ("indoor_temperature", 21.0 + 0.5 * (step % 4)),
            ("co2", 450.0 + 20 * (step % 9)),
        ):
            yield example.read("m-skola-varme", register, at, value)


def deviations() -> Iterator[Mapping[str, object]]:
    """One with its price, one without, one that is muted, a silent meter, and one that is over."""
    yield _deviation("1", "night", "electricity", 2_311.5, 1_204.0)
    yield _deviation("2", "weekend", "district_heating", None, 880.0)
    yield _deviation("3", "base_load", "electricity", 9_000.0, 4_100.0) | {"muted": 1}
    yield _deviation("4", "silent_meter", "electricity", None, 112.0)
    yield _deviation("5", "summer", "district_heating", 50.0, 40.0) | {"open": 0, "state": "closed"}


def buildings() -> Iterator[Mapping[str, object]]:
    """The care home has no day, and the depot neither place nor meter."""
    for number, building in enumerate(example.portfolio().buildings.values()):
        placed = building.id != "depan"
        yield {
            "time": _midnight(),
            "building": building.id,
            "kind": building.kind,
            "owner": building.owner,
            "value": 118.5 + number if placed else None,
            "energy": 2_904.25 - 100 * number if number < 2 else None,
            "energy_before": 2_805.5 if number < 2 else None,
            "energy_change": 98.75 - 100 * number if number < 2 else None,
            "coverage": 0.99 if number < 2 else None,
            "latitude": 60.48 + number / 100 if placed else None,
            "longitude": 15.43 + number / 100 if placed else None,
            "area_m2": building.area_m2,
            "sek": 2_311.5 if number == 0 else None,
            "deviations": 3 if number == 0 else 0,
            "meters": 5 if number == 0 else 1,
            "silent": 1 if number == 0 else 0,
            "name": building.name,
            "public": int(building.public),
            "open": 1,
        }


def meter_days() -> Iterator[Mapping[str, object]]:
    """Three days of three meters; the kitchen's has fallen silent today, the water's has agreed to no interval."""
    for back in range(3):
        start = day(TODAY - back * DAY, example.ZONE).start
        for meter, building, expected in (
            ("m-skola-el", example.SCHOOL, 1_440.0),
            ("m-skola-kok", example.SCHOOL, 96.0),
            ("m-skola-vatten", example.SCHOOL, None),
            ("m-rink", "ishallen", 1_440.0),
        ):
            silent = meter == "m-skola-kok" and back == 0
            received = (expected or 24.0) - 4 * back - (40 if silent else 0)
            yield {
                "time": start,
                "building": building,
                "meter": meter,
                "value": received,
                "expected": expected,
                "stored": received - 1,
                "flagged": 1.0,
                "heard": ms(start + 12 * HOUR),
                "silent": int(silent),
                "text": "tyst" if silent else "hörs",
                "text_en": "silent" if silent else "heard",
                "open": 1,
            }


def service() -> Iterator[Mapping[str, object]]:
    """An hour of minutes."""
    for back in range(60):
        for measure, value in (
            ("messages", 610.0 + back % 7),
            ("lag", 1.5),
            ("dead_letters", 3.0),
            ("unknown_devices", 2.0),
            ("dropped", 0.0),
            ("sessions_lost", 0.0),
            ("waiting_hours", 12.0),
            ("waiting_days", 4.0),
        ):
            yield {"time": example.NOW.replace(second=0) - back * timedelta(minutes=1), "measure": measure, "value": value}


def intake_troubles() -> Iterator[Mapping[str, object]]:
    """One of each kind; the name of a device is whatever it says."""
    for kind, device, value in (("dead_letter", "d9", 3.0), ("unknown_device", "shelly/<b>x</b>", 412.0)):
        yield {
            "time": _midnight(),
            "device": device,
            "family": "shelly",
            "kind": kind,
            "value": value,
            "text": "Finns inte i portföljen." if kind == "unknown_device" else "Ingen giltig JSON.",
            "text_en": "Not in the portfolio." if kind == "unknown_device" else "No valid JSON.",
            "heard": ms(example.NOW),
            "open": 1,
        }


def events() -> Iterator[Mapping[str, object]]:
    """An exchange that waits, one that was rejected, a gap, and an action."""
    for kind, subject, back, state, holds in (
        ("exchange", "7", 9, "open", 1),
        ("exchange", "8", 20, "rejected", 0),
        ("gap", example.KITCHEN, 4, "", 1),
        ("action", "2", 6, "acting", 1),
    ):
        yield {
            "time": example.NOW.replace(second=0) - back * DAY,
            "building": example.SCHOOL,
            "kind": kind,
            "subject": subject,
            "value": 7.0 if kind == "gap" else 0.0,
            "end": ms(example.NOW - back * DAY + 7 * HOUR),
            "text": f"Det hände något ({kind}).",
            "text_en": f"Something happened ({kind}).",
            "state": state,
            "open": holds,
        }


def restatements() -> Iterator[Mapping[str, object]]:
    """One figure of October came out otherwise yesterday; another of last summer is missing now."""
    for indicator, carrier, of, old, value in (
        ("energy", "electricity", "2026-10", 24_000.0, 24_312.0),
        ("cost", "", "2026-07", 9_100.0, None),
    ):
        yield {
            "time": example.NOW.replace(second=0) - DAY,
            "carrier": carrier,
            "cause": "late",
            "indicator": indicator,
            "of": of,
            "subject": example.SCHOOL,
            "subject_kind": "building",
            "value": value,
            "old": old,
            "sentence": f"{INDICATORS[indicator].name_sv} ändrades.",
            "sentence_en": f"{INDICATORS[indicator].name_en} changed.",
        }


def signature() -> Iterator[Mapping[str, object]]:
    """Sixty days; the model expects nothing of the first ten."""
    for back in range(1, 61):
        outside = 8.0 - back / 10
        yield {
            "time": day(TODAY - back * DAY, example.ZONE).start,
            "building": example.SCHOOL,
            "carrier": "district_heating",
            "value": 20.0 + 2.5 * max(0.0, 17 - outside),
            "temperature": outside,
            "expected": 19.0 + 2.5 * max(0.0, 17 - outside) if back <= 50 else None,
            "coverage": 1.0,
            "open": 1,
        }


def _deviation(thread: str, kind: str, carrier: str, sek: float | None, kwh: float) -> dict[str, object]:
    priced = sek is not None
    return {
        "time": _midnight(),
        "building": example.SCHOOL,
        "carrier": carrier,
        "kind": kind,
        "owner": "skolnamnden",
        "thread": thread,
        "value": sek,
        "kwh": kwh,
        "kg": kwh * 0.05,
        "state": "opened",
        "muted": 0,
        "since": ms(_midnight() - 12 * DAY),
        "until": ms(_midnight() - DAY),
        "sentence": f"Byggnaden använde {kwh:.0f} kWh mer än väntat.",
        "sentence_en": f"The building used {kwh:.0f} kWh more than expected.",
        "action": "Se över drifttiderna.",
        "action_en": "Look over the operating hours.",
        "reason": "" if priced else NO_PRICE[0],
        "reason_en": "" if priced else NO_PRICE[1],
        "open": 1,
    }


def _value(indicator: str, back: int) -> float:
    """More in winter, by the size that the unit has."""
    size = {"kWh": 40_000.0, "kr": 52_000.0, "kg CO2e": 2_400.0, "m3": 130.0, "%": 31.0, "1": 0.8}
    return size.get(INDICATORS[indicator].unit, 48.0) * (1 + 0.4 * cos((TODAY.month - back - 1) / 6 * pi))


def months_before(count: int) -> date:
    months = TODAY.year * 12 + TODAY.month - 1 - count
    return date(months // 12, months % 12 + 1, 1)


def _midnight() -> datetime:
    return day(TODAY, example.ZONE).start


def ms(instant: datetime) -> int:
    return round(instant.timestamp() * 1000)


def frame(series: Series, rows: Iterable[Mapping[str, object]]) -> pl.DataFrame:
    types = {float: pl.Float64, int: pl.Int64, str: pl.String}
    schema: dict[str, pl.DataType | type[pl.DataType]] = {
        "time": pl.Datetime("us", "UTC"),
        **{tag: pl.String for tag in series.tags if tag != "lacks"},
        **{name: types[kind] for name, kind in series.fields.items()},
    }
    return pl.DataFrame(list(rows), schema=schema)
