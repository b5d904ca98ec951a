"""What a published figure is called, at the prompt, in addresses and in exports: `energy:electricity/building:soltorget/2025-01`.

    INDICATOR[:CARRIER]/KIND:SUBJECT/PERIOD

Periods: `2025-01-15`, `2025-01`, `2025`, `2025-06-ytd` (the year to the end of June), `2025-06-r12` (the twelve months that end
with June).
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from config.domain.indicators import INDICATORS, Subject, SubjectKind
from config.domain.periods import Period, PeriodKind, day, local_date, month

_FORM = re.compile(r"(?P<indicator>[^:/]+)(:(?P<carrier>[^:/]+))?/(?P<kind>[^:/]+):(?P<subject>[^/]+)/(?P<period>[^/]+)")
_PERIOD = re.compile(r"(?P<year>\d{4})(-(?P<month>\d\d)(-(?P<rest>\d\d|ytd|r12))?)?")
_FIRST_YEAR, _LAST_YEAR = 1900, 2200  # what every store has instants for
EXAMPLE = "energy:electricity/building:soltorget/2025-01"


@dataclass(frozen=True, slots=True)
class FigureName:
    """One published figure. `carrier` is "" where it speaks of all."""

    indicator: str
    carrier: str
    subject: Subject
    period: Period

    def __str__(self) -> str:
        carrier = f":{self.carrier}" if self.carrier else ""
        return f"{self.indicator}{carrier}/{self.subject.kind}:{self.subject.id}/{period_name(self.period)}"


def figure_name(text: str, zone: str) -> FigureName:
    """The figure that `text` names.

    Raises:
        ValueError: it names none, with the way out.
    """
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is no figure's name; write it as {EXAMPLE}")
    if found["indicator"] not in INDICATORS:
        raise ValueError(f"no indicator {found['indicator']!r}; docs/reference.md lists them")
    if found["kind"] not in set(SubjectKind):
        raise ValueError(f"{found['kind']!r} is no kind of subject; they are {', '.join(SubjectKind)}")
    subject = Subject(SubjectKind(found["kind"]), found["subject"])
    return FigureName(found["indicator"], found["carrier"] or "", subject, named_period(found["period"], zone))


@lru_cache(4_096)
def period_name(period: Period) -> str:
    """As `named_period` reads it."""
    first, last = local_date(period.start, period.zone), local_date(period.end - timedelta(hours=1), period.zone)
    return {
        PeriodKind.DAY: f"{first}",
        PeriodKind.MONTH: f"{first:%Y-%m}",
        PeriodKind.YEAR: f"{first:%Y}",
        PeriodKind.YEAR_TO_DATE: f"{last:%Y-%m}-ytd",
        PeriodKind.ROLLING_YEAR: f"{last:%Y-%m}-r12",
    }[period.kind]


def named_period(text: str, zone: str) -> Period:
    """The period of local days in `zone`.

    Raises:
        ValueError: `text` names none.
    """
    found = _PERIOD.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no period; write 2025-01-15, 2025-01, 2025, 2025-06-ytd or 2025-06-r12")
    year, number, rest = int(found["year"]), found["month"], found["rest"]
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise ValueError(f"{text!r} lies outside the years {_FIRST_YEAR} to {_LAST_YEAR}")
    if number is None:
        return Period(PeriodKind.YEAR, month(date(year, 1, 1), zone).start, month(date(year, 12, 1), zone).end, zone)
    first = date(year, int(number), 1)
    if rest is None:
        return month(first, zone)
    if rest == "ytd":
        return Period(PeriodKind.YEAR_TO_DATE, month(date(year, 1, 1), zone).start, month(first, zone).end, zone)
    if rest == "r12":
        begins = date(year, 1, 1) if first.month == 12 else date(year - 1, first.month + 1, 1)
        return Period(PeriodKind.ROLLING_YEAR, month(begins, zone).start, month(first, zone).end, zone)
    return day(date(year, int(number), int(rest)), zone)
