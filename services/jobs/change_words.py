"""A line of the change log: "Januari 2026, Soltorget: 41,2 → 43,0 MWh, tre dygn kom in sent"."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from config.domain.changes import CAUSE_WORDS, Cause
from config.domain.estate import BUILDING_KINDS, Carrier, Portfolio
from config.domain.indicators import INDICATORS
from config.domain.periods import MONTHS_EN, MONTHS_SV, PeriodKind, local_date
from services.state.figure_history import FigureChange
from services.state.restatements import Restated

MOST_MORE = 6  # figures behind those that count
MOST_TOLD = 3  # reasons of one kind in a line; a whole new file of factors has dozens

_NUMBERS_SV = ("noll", "ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv")
_NUMBERS_EN = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def change_of(
    row: Mapping[str, Any],
    portfolio: Portfolio,
    reasons: Mapping[date, frozenset[str]],
    now: datetime,
    restated: Sequence[Restated] = (),
) -> FigureChange | None:
    """The change that `row` (a figure with its old value beside it) is; None of an indicator that is not published.

    Args:
        reasons: day → causes, of the row's building.
        restated: what of the configuration moved for the building, and on which days.
    """
    indicator = INDICATORS.get(row["indicator"])
    if indicator is None:
        return None
    first = local_date(row["start"], row["zone"])
    last = local_date(row["end"] - timedelta(hours=1), row["zone"])
    counted = _causes(reasons, first, last)
    old, new = row["value_old"], row["value"]
    told = [item for item in restated if item.first_day <= last and first <= item.last_day and _reaches(item, row["carrier"])]
    why_sv = _why(0, counted, [(Cause(item.cause), item.sentence_sv) for item in told])
    why_en = _why(1, counted, [(Cause(item.cause), item.sentence_en) for item in told])
    sv = _sentence(0, row, _name(portfolio, row, 0), indicator.name_sv, indicator.unit, (first, last), why_sv)
    en = _sentence(1, row, _name(portfolio, row, 1), indicator.name_en, indicator.unit, (first, last), why_en)
    cause = max(counted, key=lambda item: counted[item]) if counted else ""
    return FigureChange(
        now, row["indicator"], row["carrier"], row["subject_kind"], row["subject"], row["period"], row["start"], row["end"],
        old, new, str(cause), sv, en, why_sv, why_en,
    )  # fmt: skip


def amount(value: float | None, unit: str, language: int, more: int = 0) -> str:
    """`value` with three or four figures that count, and `more`; large energies in MWh. Language 0 is Swedish."""
    if value is None:
        return ("saknas", "missing")[language]
    if unit == "kWh" and abs(value) >= 10_000:
        value, unit = value / 1000, "MWh"
    digits = more + (0 if abs(value) >= 1000 else 1 if abs(value) >= 10 else 2)
    text = f"{value:,.{digits}f}"
    if language == 0:
        text = text.replace(",", "\N{NO-BREAK SPACE}").replace(".", ",").replace("-", "\N{MINUS SIGN}")
    return f"{text} {unit}"


def _sentence(
    language: int,
    row: Mapping[str, Any],
    name: str,
    indicator: str,
    unit: str,
    days: tuple[date, date],
    why: str,
) -> str:
    moved = _moved(row["value_old"], row["value"], unit, language)
    return f"{_period_words(row['period'], *days, language)}, {name}, {indicator.lower()}: {moved}" + (f", {why}" if why else "")


def _moved(old: float | None, new: float | None, unit: str, language: int) -> str:
    """Both with as many figures as it takes to see that they differ."""
    for more in range(MOST_MORE + 1):
        before, after = amount(old, unit, language, more), amount(new, unit, language, more)
        if before != after:
            break
    return f"{before} → {after}"


def _reaches(item: Restated, carrier: str) -> bool:
    """Solar electricity is weighed with electricity's factors."""
    of_electricity = {item.carrier, carrier} == {Carrier.ELECTRICITY, Carrier.SOLAR}
    return not item.carrier or item.carrier == carrier or of_electricity or carrier not in set(Carrier)


def _why(language: int, counted: Mapping[Cause, int], told: Sequence[tuple[Cause, str]]) -> str:
    """The causes, the one with most days first; in their own words where they have any."""
    words = []
    for cause, count in sorted(counted.items(), key=lambda item: (-item[1], item[0])):
        own = list(dict.fromkeys(sentence for of, sentence in told if of is cause))
        rest = (
            [(f"och {len(own) - MOST_TOLD} till", f"and {len(own) - MOST_TOLD} more")[language]] if len(own) > MOST_TOLD else []
        )
        words += [*own[:MOST_TOLD], *rest] or [CAUSE_WORDS[cause][language].format(days=_days(count, language))]
    return ", ".join(words)


def _causes(reasons: Mapping[date, frozenset[str]], first: date, last: date) -> dict[Cause, int]:
    counted: dict[Cause, int] = {}
    for day, why in reasons.items():
        if first <= day <= last:
            for name in why:
                counted[Cause(name)] = counted.get(Cause(name), 0) + 1
    return counted


def _days(count: int, language: int) -> str:
    numbers = (_NUMBERS_SV, _NUMBERS_EN)[language]
    number = numbers[count] if count < len(numbers) else str(count)
    return f"{number} dygn" if language == 0 else f"{number} day" + ("" if count == 1 else "s")


def _period_words(period: str, first: date, last: date, language: int) -> str:
    month = (MONTHS_SV, MONTHS_EN)[language][last.month - 1].capitalize()
    if period == PeriodKind.DAY:
        return first.isoformat()
    if period == PeriodKind.MONTH:
        return f"{month} {last.year}"
    if period == PeriodKind.YEAR:
        return str(last.year)
    if period == PeriodKind.YEAR_TO_DATE:
        return (f"{last.year} till och med {month.lower()}", f"{last.year} to the end of {month}")[language]
    return (f"Tolv månader till och med {month.lower()} {last.year}", f"Twelve months to the end of {month} {last.year}")[
        language
    ]


def _name(portfolio: Portfolio, row: Mapping[str, Any], language: int) -> str:
    subject = row["subject"]
    if row["subject_kind"] == "building_kind" and subject in BUILDING_KINDS:
        return BUILDING_KINDS[subject][language]
    known = portfolio.buildings.get(subject) or portfolio.points.get(subject) or portfolio.owners.get(subject)
    if row["subject_kind"] == "portfolio":
        return portfolio.municipality
    return known.name if known is not None else subject
