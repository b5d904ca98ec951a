"""What must be read before anything else in a report, and whether there is enough to send it."""

from config.domain.indicators import Missing, Subject, SubjectKind
from config.domain.periods import Period
from services.reports.contents.buildings_table import use_of_buildings
from services.reports.contents.lacks import Lack, lack_of
from services.reports.contents.material import Material
from services.reports.contents.naming import listed, period_words
from services.reports.report import ReportedFigure, Words
from services.reports.wording import NBSP, share

SIMULATED = Words(
    "Exempel: mätvärden eller bestånd är påhittade. Siffrorna gäller inga verkliga byggnader.",
    "An example: readings or estate are invented. The figures are of no real buildings.",
)


def notices(material: Material, subject: Subject, period: Period) -> tuple[Words, ...]:
    """Invented values, and too little data."""
    thin = too_little(material, subject, period)
    return (*((SIMULATED,) if material.simulated else ()), *((thin,) if thin is not None else ()))


def too_little(material: Material, subject: Subject, period: Period) -> Words | None:
    """Why there is too little data for a report of the month; None where there is enough.

    There is enough when the month's energy use is published and covered to the limit. A building whose use is missing for
    another reason than its readings (no meter then) makes no report wait.
    """
    figure = material.shelf.figure("energy_total", subject, period)
    when, limit = period_words(period), f"{100 * material.limits.coverage:.0f}{NBSP}%"
    if not figure.method:
        return Words(
            f"För lite data: energianvändningen i {when.sv} är inte beräknad än.",
            f"Too little data: the energy use of {when.en} is not calculated yet.",
        )
    if not _is_thin(figure, material):
        return None
    named = _thin_buildings(material, subject, period)
    covered = figure.coverage or 0.0
    whose_sv, whose_en = (f" Det gäller {named.sv}.", f" It concerns {named.en}.") if named.sv else ("", "")
    return Words(
        f"För lite data: {share(covered, 'sv')} av timmarna i {when.sv} är kända, gränsen är {limit}.{whose_sv}",
        f"Too little data: {share(covered, 'en')} of the hours of {when.en} are known, the limit is {limit}.{whose_en}",
    )


def _is_thin(figure: ReportedFigure, material: Material) -> bool:
    """A building without a meter in the period lacks no readings."""
    missing = figure.value
    return (
        isinstance(missing, Missing)
        and lack_of(missing) is not Lack.UNMETERED
        and (figure.coverage or 0.0) < material.limits.coverage
    )


def _thin_buildings(material: Material, subject: Subject, period: Period) -> Words:
    if subject.kind is SubjectKind.BUILDING:
        return Words("", "")
    thin = [material.name(each) for each, of in use_of_buildings(material, subject, period) if _is_thin(of.now, material)]
    return listed(tuple(thin), most=5) if thin else Words("", "")
