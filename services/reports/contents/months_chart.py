"""Thirteen months of energy use, each beside the same month of the year before."""

from datetime import date, timedelta

from config.domain.indicators import Subject
from config.domain.periods import Period, local_date, month
from services.reports.contents.comparison import Compared, compared
from services.reports.contents.material import Material, year_before
from services.reports.contents.naming import period_words, spelled
from services.reports.report import Chart, ChartKind, ChartRole, ChartSeries, Words
from services.reports.wording import month_name

MONTHS = 13  # so that the month stands beside the same one of the year before, too


def months_chart(material: Material, subject: Subject, period: Period) -> Chart:
    """The last of them is `period`."""
    periods = _months(period)
    material.shelf.prepare([*periods, *map(year_before, periods)])
    months = [compared(material, "energy_total", subject, each) for each in periods]
    return Chart(
        key="months",
        kind=ChartKind.COLUMNS,
        title=Words("Energianvändning månad för månad", "Energy use month by month"),
        alt=_alt(months),
        unit="kWh",
        corner=Words("Månad", "Month"),
        labels=tuple(_label(each.now.period) for each in months),
        series=(
            ChartSeries("use", Words("Månaden", "The month"), tuple(each.now for each in months)),
            ChartSeries(
                "before",
                Words("Samma månad året före", "Same month of the year before"),
                tuple(each.before for each in months),
                ChartRole.COMPARISON,
            ),
        ),
    )


def _months(period: Period) -> list[Period]:
    months = [period]
    while len(months) < MONTHS:
        months.append(month(local_date(months[-1].start - timedelta(hours=1), period.zone), period.zone))
    return months[::-1]


def _label(of: Period) -> Words:
    on: date = local_date(of.start, of.zone)
    return Words(month_name(on, "sv"), month_name(on, "en"))


def _alt(months: list[Compared]) -> Words:
    """In how many months less was used, and which was the greatest."""
    both = [each for each in months if each.change.known is not None]
    known = [each.now for each in months if each.now.known is not None]
    if not known:
        return Words("Ingen av månaderna har en siffra.", "None of the months has a figure.")
    top = period_words(max(known, key=lambda each: each.known or 0.0).period)
    greatest = Words(f"Störst var användningen i {top.sv}.", f"Use was greatest in {top.en}.")
    if not both:
        return Words(
            f"{greatest.sv} Ingen månad har en siffra för året före.", f"{greatest.en} No month has a figure of the year before."
        )
    fewer = spelled(sum((each.change.known or 0.0) < 0 for each in both))
    of = spelled(len(both))
    return Words(
        f"{greatest.sv} I {fewer.sv} av {of.sv} månader var den mindre än samma månad året före.",
        f"{greatest.en} In {fewer.en} of {of.en} months it was less than in the same month of the year before.",
    )
