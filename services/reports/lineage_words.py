"""A figure's lineage in words and rows, Swedish and English: what the prompt and the board both show."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from config.domain.estate import Carrier, Portfolio
from config.domain.factors import CARRIERS
from config.domain.figure_names import FigureName, period_name
from config.domain.indicators import INDICATORS, IndicatorValue, Missing, Subject, SubjectKind
from config.domain.periods import Period, PeriodKind, zone_named
from services.reports.lineage import HoursOf, Input, Lineage
from services.reports.wording import KINDS, NBSP, Language, number, pick, share, unit_text

METHODS = {
    "measured": ("mätta", "measured"),
    "interpolated": ("fördelade ur registrets skillnad", "shared out of a register difference"),
    "estimated": ("uppskattade", "estimated"),
    "missing": ("saknas", "missing"),
}
RULES = {
    "ratio": ("Täljaren delad med nämnaren", "The numerator divided by the denominator"),
    "buildings": ("Summan av byggnadernas siffror", "The sum of the buildings' figures"),
    "months": ("Summan av månadernas siffror", "The sum of the months' figures"),
    "greatest": ("Den största av månadernas siffror", "The greatest of the months' figures"),
    "hours": ("Ur mätpunkternas avräknade timmar", "From the metering points' settled hours"),
    "figures": ("Ur siffrorna nedan, enligt definitionen", "From the figures below, as the definition says"),
}
ROLES = {"numerator": ("täljare", "numerator"), "denominator": ("nämnare", "denominator"), "part": ("del", "part")}
STANDING = {"area_m2": ("Atemp", "Atemp"), "solar_kwp": ("toppeffekt", "peak power"), "hours": ("kända timmar", "known hours")}
PERIODS = {
    PeriodKind.YEAR_TO_DATE: ("året till och med {}", "the year to the end of {}"),
    PeriodKind.ROLLING_YEAR: ("tolv månader till och med {}", "twelve months to the end of {}"),
}
EXPORTED = "_export"
_DIGITS = 6
_DECIMALS = 3


@dataclass(frozen=True, slots=True)
class Fact:
    """A heading and what stands under it."""

    head: str
    text: str


@dataclass(frozen=True, slots=True)
class InputRow:
    """`address` is the input's own figure name; "" where it is no figure."""

    role: str
    name: str
    value: str
    detail: str
    address: str
    missing: bool = False


@dataclass(frozen=True)
class Explained:
    """What is shown of one figure."""

    name: str
    title: str
    subject: str
    value: str
    missing: str
    facts: tuple[Fact, ...]
    inputs: tuple[InputRow, ...]
    hours: tuple[tuple[str, str, str], ...]
    findings: tuple[tuple[str, str], ...]
    history: tuple[tuple[str, str], ...]


def explained(lineage: Lineage, portfolio: Portfolio, language: Language) -> Explained:
    """The lineage as shown."""
    value = lineage.value
    missing = value.value if isinstance(value.value, Missing) else None
    return Explained(
        name=str(lineage.name),
        title=figure_title(lineage.name, language),
        subject=subject_name(lineage.name.subject, portfolio, language),
        value=explained_value(value, language),
        missing=pick(language, missing.reason_sv, missing.reason_en) if missing else "",
        facts=tuple(_facts(lineage, portfolio, language)),
        inputs=tuple(_row(item, portfolio, language) for item in lineage.inputs),
        hours=tuple(_hours(item, portfolio, language) for item in lineage.hours),
        findings=tuple(
            (
                f"{_local(item.start, portfolio)} – {_local(item.end, portfolio)}",
                pick(language, item.sentence_sv, item.sentence_en),
            )
            for item in lineage.findings
        ),
        history=tuple(_history(lineage, portfolio, language)),
    )


def listed_row(value: IndicatorValue, language: Language) -> InputRow:
    """One of a list of figures of one subject and period, which stand above the list."""
    name = FigureName(value.indicator, value.carrier, value.subject, value.period)
    missing = value.value if isinstance(value.value, Missing) else None
    told = pick(language, missing.reason_sv, missing.reason_en) if missing else share(value.coverage, language)
    title = indicator_title(name, language)
    return InputRow("", title, explained_value(value, language), told, str(name), missing=missing is not None)


def explained_value(value: IndicatorValue, language: Language) -> str:
    """With its unit, or that it is missing."""
    if isinstance(value.value, Missing):
        return pick(language, "saknas", "missing")
    return _amount(value.value, INDICATORS[value.indicator].unit, language)


def figure_title(name: FigureName, language: Language) -> str:
    """Indicator, carrier and period in words."""
    return f"{indicator_title(name, language)}, {period_words(name.period, language)}"


def indicator_title(name: FigureName, language: Language) -> str:
    """Indicator and carrier in words."""
    indicator = INDICATORS[name.indicator]
    carrier = f" ({carrier_words(name.carrier, language)})" if name.carrier else ""
    return f"{pick(language, indicator.name_sv, indicator.name_en)}{carrier}"


def carrier_words(carrier: str, language: Language) -> str:
    """What the figure is of: a carrier, or what was sent out of one."""
    of = carrier.removesuffix(EXPORTED)
    known = CARRIERS.get(Carrier(of)) if of in set(Carrier) else None
    text = pick(language, *known) if known else carrier
    return f"{text}, {pick(language, 'utmatat', 'sent out')}" if known and of != carrier else text


def period_words(period: Period, language: Language) -> str:
    """As people say it."""
    text = period_name(period)
    known = PERIODS.get(period.kind)
    return text if known is None else pick(language, *known).format(text[:7])


def subject_name(subject: Subject, portfolio: Portfolio, language: Language) -> str:
    """What the figure is about, as people call it."""
    if subject.kind is SubjectKind.PORTFOLIO:
        return pick(language, f"Hela beståndet, {portfolio.municipality}", f"All of {portfolio.municipality}")
    if subject.kind is SubjectKind.BUILDING_KIND:
        return pick(language, *KINDS.get(subject.id, (subject.id, subject.id)))
    if subject.kind is SubjectKind.BUILDING and subject.id in portfolio.buildings:
        return portfolio.buildings[subject.id].name
    if subject.kind is SubjectKind.OWNER and subject.id in portfolio.owners:
        return portfolio.owners[subject.id].name
    if subject.kind is SubjectKind.POINT and subject.id in portfolio.points:
        point = portfolio.points[subject.id]
        place = portfolio.buildings[point.building].name if point.building in portfolio.buildings else point.building
        return f"{point.name}, {place}"
    return subject.id


def _facts(lineage: Lineage, portfolio: Portfolio, language: Language) -> Iterator[Fact]:
    def say(swedish: str, english: str) -> str:
        return pick(language, swedish, english)

    value, indicator = lineage.value, lineage.indicator
    scale = f" × {number(lineage.scale, language, 0)}" if lineage.scale != 1.0 else ""
    yield Fact(say("Definition", "Definition"), say(indicator.definition_sv, indicator.definition_en))
    yield Fact(say("Hur den blir till", "How it is made"), say(*RULES[lineage.rule]) + scale + ".")
    if not isinstance(value.value, Missing):
        interval = _amount(value.uncertainty, indicator.unit, language)
        yield Fact(say("Osäkerhet", "Uncertainty"), f"±{NBSP}{interval} {say('(90 % av fallen)', '(90 % of cases)')}")
    yield Fact(say("Täckning", "Coverage"), share(value.coverage, language))
    yield Fact(say("Metod", "Method"), value.method)
    for factor, version in sorted(value.factors.items()):
        yield Fact(say("Faktor", "Factor") + f" {factor}", version)
    yield Fact(say("Källa", "Source"), indicator.source or say("egen definition", "own definition"))
    yield Fact(say("Gäller så sedan", "So since"), _local(lineage.known_from, portfolio))
    if lineage.as_known is not None:
        known = _local(lineage.as_known, portfolio)
        yield Fact(
            say("Som det var känt", "As known at"),
            known + say("; timmar, avvikelser och ytor är dagens", "; hours, findings and areas are those of now"),
        )
    yield Fact(say("Program", "Program"), f"energimonitor {lineage.program}")


def _row(item: Input, portfolio: Portfolio, language: Language) -> InputRow:
    role = pick(language, *ROLES[item.role])
    if item.figure is None:
        name, detail, address = pick(language, *STANDING[item.name]), "", ""
    else:
        figure = FigureName(item.figure.indicator, item.figure.carrier, item.figure.subject, item.figure.period)
        name = f"{figure_title(figure, language)}, {subject_name(figure.subject, portfolio, language)}"
        detail = pick(language, "täckning ", "coverage ") + share(item.figure.coverage, language)
        address = item.name
    if isinstance(item.value, Missing):
        missing = pick(language, item.value.reason_sv, item.value.reason_en)
        return InputRow(role, name, pick(language, "saknas", "missing"), missing, address, missing=True)
    return InputRow(role, name, _amount(item.value, item.unit, language), detail, address)


def _hours(item: HoursOf, portfolio: Portfolio, language: Language) -> tuple[str, str, str]:
    counted = [f"{count} {pick(language, *METHODS[method])}" for method, count in item.methods.items()]
    point = portfolio.points[item.point]
    total = pick(language, "saknas", "missing") if item.total is None else _amount(item.total, point.unit, language)
    silent = pick(language, "inga mätvärden i perioden", "no readings in the period")
    return f"{point.name} ({item.point})", total, ", ".join(counted) or silent


def _history(lineage: Lineage, portfolio: Portfolio, language: Language) -> Iterator[tuple[str, str]]:
    for version in lineage.versions:
        found = version.fields.get("value")
        known = _amount(found, lineage.indicator.unit, language) if found is not None else pick(language, "saknas", "missing")
        span = f"{_local(version.known_from, portfolio)} – {_local(version.known_until, portfolio)}"
        yield span, f"{known} ({version.fields.get('calculation', '')})"
    for change in lineage.changes:
        yield _local(change.at, portfolio), pick(language, change.sentence_sv, change.sentence_en)


def _amount(value: float, unit: str, language: Language) -> str:
    """To six digits: whoever follows a figure back wants to add it up. A figure without a unit is no percentage."""
    size = abs(value)
    whole = len(str(int(size))) if size >= 1 else 1
    text = number(value, language, min(_DECIMALS, max(0, _DIGITS - whole)))
    return text if unit == "1" else f"{text}{NBSP}{unit_text(unit)}".rstrip()


def _local(instant: datetime, portfolio: Portfolio) -> str:
    return f"{instant.astimezone(zone_named(portfolio.timezone)):%Y-%m-%d %H:%M}"
