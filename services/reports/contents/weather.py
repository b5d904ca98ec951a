"""How cold a period was against normal: the municipality's own degree days."""

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from config.domain.indicators import Missing
from config.domain.periods import Period, local_date
from config.domain.weather import DegreeDayTerms, WeatherYears
from services.analysis.degree_days import degree_days, degree_days_on
from services.reports.contents.material import Material, year_before
from services.reports.contents.naming import period_words
from services.reports.report import Column, ReportedFigure, Row, Table, Words

METHOD = "degree days 1.0"
_DAY = timedelta(days=1)
_NO_NORMAL = Missing(
    "Normalåret saknas: energimonitor weather show säger varför.", "No normal year: energimonitor weather show says why."
)


@dataclass(frozen=True, slots=True)
class PeriodWeather:
    """
    Attributes:
        actual, normal: degree days of the period's days, and of the same calendar days in the normal period. [K·d]
        share: actual of normal. [%]
    """

    actual: ReportedFigure
    normal: ReportedFigure
    share: ReportedFigure


def period_weather(material: Material, period: Period) -> PeriodWeather:
    """The degree days of whole local days; missing where a day's temperature is not known."""
    return material.once(("degree days", period), lambda: _period_weather(material, period))


def weather_table(material: Material, period: Period, key: str = "weather") -> Table:
    """The period and the same of the year before, each against normal."""
    rows = []
    for name, each in (("now", period), ("before", year_before(period))):
        found = period_weather(material, each)
        rows.append(Row(name, period_words(each), (found.actual, found.normal, found.share)))
    terms = terms_words(material.weather_of(period).terms)
    return Table(
        key=key,
        caption=Words("Vädret mot det normala", "Weather against normal"),
        corner=Words("Period", "Period"),
        columns=(
            Column("actual", Words("Graddagar", "Degree days")),
            Column("normal", Words("Normala graddagar", "Normal degree days")),
            Column("share", Words("Av det normala", "Of normal"), "%"),
        ),
        rows=tuple(rows),
        note=Words(f"{terms.sv}. Fler graddagar är kallare.", f"{terms.en}. More degree days is colder."),
    )


def terms_words(terms: DegreeDayTerms) -> Words:
    """What the degree days were made with, as a note says it."""
    base = f"{terms.base_temperature_c:g}"
    sv = f"Graddagar av dygnsmedel, bas {base.replace('.', ',')} °C, station {terms.station}, normalperiod {terms.normal_period}"
    en = f"Degree days of daily means, base {base} °C, station {terms.station}, normal period {terms.normal_period}"
    source = f". {terms.source}" if terms.source else ""
    return Words(f"{sv}{source}", f"{en}{source}")


def _period_weather(material: Material, period: Period) -> PeriodWeather:
    years = material.weather_of(period)
    days = _days(period)
    terms = years.terms
    made_with = f"{terms.method} {terms.base_temperature_c:g} °C, {terms.station}, {terms.normal_period}"
    factors = {"degree-days": made_with}  # as weather-corrected figures say it

    def figure(value: float | Missing, unit: str = "") -> ReportedFigure:
        return ReportedFigure(value, unit, period, None, METHOD, factors, source=Words(terms.source, terms.source))

    made = degree_days(years.days, terms.base_temperature_c, station=terms.station, source=terms.source)
    actual, normal = degree_days_on(made, days), _normal(years, days)
    share: float | Missing
    if isinstance(actual, Missing):
        share = actual
    elif isinstance(normal, Missing):
        share = normal
    elif normal == 0:
        share = Missing("Ett normalt år har inga graddagar då.", "A normal year has no degree days then.")
    else:
        share = 100 * actual / normal
    return PeriodWeather(figure(actual), figure(normal), figure(share, "%"))


def _normal(years: WeatherYears, days: pl.Series) -> float | Missing:
    if years.normal_days.is_empty():
        return Missing(*years.lacking) if years.lacking[0] else _NO_NORMAL
    asked = pl.DataFrame({"day": days}).select(
        pl.col("day").dt.month().cast(pl.Int32).alias("month"), pl.col("day").dt.day().cast(pl.Int32).alias("day_of_month")
    )
    found = asked.join(years.normal_days, on=["month", "day_of_month"], how="left")["degree_days"]
    return _NO_NORMAL if found.null_count() else float(found.sum())


def _days(period: Period) -> pl.Series:
    first: date = local_date(period.start, period.zone)
    return pl.Series("day", [first + n * _DAY for n in range((local_date(period.end, period.zone) - first).days)], dtype=pl.Date)
