"""Degree days by month, actual and of a normal year, by the project's own rule."""

from datetime import date

import polars as pl

from config.domain.indicators import Missing
from config.domain.periods import day
from config.domain.weather import WeatherYears
from services.analysis.degree_days import degree_days, month_degree_days
from services.web.opendata.ports import OpenData
from services.web.opendata.table import CC_BY, REASON_EN, REASON_SV, Field, Kind, Pace, Table

MOST_MONTHS = 600
_LEAP_FEBRUARY = 29


DEGREE_DAYS = Table(
    "degree-days",
    "Graddagar",
    "Degree days",
    "Kommunens graddagar per månad, uppmätta och för ett normalår. Egna graddagar av SMHI:s öppna dygnsmedeltemperaturer, inte "
    "SMHI:s produkt Graddagar.",
    "The municipality's degree days by month, actual and of a normal year. Made by ourselves of SMHI's open daily means; not "
    "SMHI's product Graddagar.",
    (
        Field("month", Kind.TEXT, "Månaden, som 2026-01.", "The month, as 2026-01."),
        Field(
            "degree_days",
            Kind.NUMBER,
            "Graddagar; null om något dygn saknas. [K·d]",
            "Degree days; null where a day is missing. [K·d]",
            may_lack=True,
        ),
        Field(
            "normal_degree_days",
            Kind.NUMBER,
            "Samma månad ett normalår; februari efter årets längd. [K·d]",
            "The same month of a normal year; February as long as the year's. [K·d]",
            may_lack=True,
        ),
        Field("days", Kind.COUNT, "Dygn vars temperatur är känd.", "Days whose temperature is known."),
        Field("days_in_month", Kind.COUNT, "Dygn i månaden.", "Days in the month."),
        Field("bridged_days", Kind.COUNT, "Dygn som tagits från en annan station.", "Days that were taken from another station."),
        Field("base_temperature_c", Kind.NUMBER, "Bastemperatur. [°C]", "Base temperature. [°C]"),
        Field("station", Kind.TEXT, "Stationens id hos SMHI.", "The station's id at SMHI."),
        Field("normal_period", Kind.TEXT, "Normalperiod.", "Normal period."),
        Field(
            "method",
            Kind.TEXT,
            "Regeln: daily-mean är summan av max(0, bas − dygnsmedel).",
            "The rule: daily-mean is the sum of max(0, base - daily mean).",
        ),
        Field("source", Kind.TEXT, "Källa, som den ska anges.", "Source, as it must be named."),
        REASON_SV,
        REASON_EN,
    ),
    ("month",),
    Pace.DAILY,
    CC_BY,
)


def degree_day_rows(data: OpenData, first: date, last: date) -> pl.DataFrame:
    """Columns of `DEGREE_DAYS`, a row a month; both months inside.

    Args:
        first, last: first days of months.
    """
    start, end = day(first, data.zone).start, day(_next(last), data.zone).start
    found = data.weather(start, end)
    terms = found.terms
    made = degree_days(found.days, terms.base_temperature_c, station=terms.station, source=terms.source)
    counts = {row["month"]: row for row in made.months.iter_rows(named=True)}
    rows: list[dict[str, object]] = []
    month = first
    while month <= last:
        actual, count = month_degree_days(made, month), counts.get(month)
        rows.append(
            {
                "month": f"{month:%Y-%m}",
                "degree_days": None if isinstance(actual, Missing) else actual,
                "normal_degree_days": normal_of(found, month),
                "days": count["days"] if count else 0,
                "days_in_month": (_next(month) - month).days,
                "bridged_days": count["bridged_days"] if count else 0,
                "base_temperature_c": terms.base_temperature_c,
                "station": terms.station,
                "normal_period": terms.normal_period,
                "method": terms.method,
                "source": terms.source,
                "reason_sv": actual.reason_sv if isinstance(actual, Missing) else found.lacking[0],
                "reason_en": actual.reason_en if isinstance(actual, Missing) else found.lacking[1],
            }
        )
        month = _next(month)
    return pl.DataFrame(rows, schema=DEGREE_DAYS.schema, orient="row")


def normal_of(found: WeatherYears, month: date) -> float | None:
    """The month's degree days in a normal year; February as long as it was."""
    rows = found.normal_months.filter(pl.col("month") == month.month)
    if rows.is_empty():
        return None
    is_leap = (_next(month) - month).days == _LEAP_FEBRUARY
    return float(rows["degree_days_leap" if is_leap else "degree_days"][0])


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
