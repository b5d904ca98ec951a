"""Published figures that came out otherwise since the report before: those that can have stood in it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from config.domain.figure_names import FigureName
from config.domain.indicators import INDICATORS, Missing, Subject, SubjectKind
from config.domain.periods import Period, PeriodKind, local_date, month
from services.reports.causes import cause_words
from services.reports.contents.key_figures import figure_label
from services.reports.contents.material import METHOD, Material
from services.reports.contents.naming import capital, listed, period_words, row_label, small
from services.reports.report import NO_WORDS, Column, ReportedFigure, Row, Table, Words
from services.state.figure_history import FigureChange

TOLD = ("energy_total", "water", "corrected_energy", "cost", "emissions_location", "emissions_market")
"""What monthly reports begin with; a restated month restates the years that it lies in, which are not told again."""
DELIVERED = timedelta(days=7)  # at the latest so long after a month its report has gone out
MOST, MOST_CAUSES = 8, 2
WATER = "water"  # is published by carrier alone
_Key = tuple[datetime, str, str]
_WAS_MISSING = Missing("Siffran saknades då.", "The figure was missing then.")
_NO_CAUSE = Words("Orsaken är inte antecknad", "The cause is not on record")


def report_before(material: Material, period: Period) -> datetime:
    """When the report of the month before was made: as long after that month as this one after its own, a week at most."""
    return period.start + min(material.known - period.end, DELIVERED)


def restated_table(material: Material, subject: Subject, period: Period) -> Table:
    """Of months before the report's, the latest first; no rows where nothing changed."""
    changes = _changes(material, subject.kind, (subject.id,), period)
    moved = [key for key, found in changes.items() if found[0].old != found[-1].new]
    shown = sorted(moved, key=lambda key: (-key[0].timestamp(), TOLD.index(key[1])))[:MOST]
    parts = {} if subject.kind is SubjectKind.BUILDING or not shown else _causes(material, subject, period)
    more = Words(
        "Fler siffror har ändrats; alla står på tavlan Ändrade siffror.",
        "More figures have changed; all are on the dashboard Restated figures.",
    )
    along = Words(
        "År och rullande år som månaderna ligger i har ändrats med dem.",
        "Years and rolling years that the months lie in have changed with them.",
    )
    return Table(
        key="restated",
        caption=Words("Ändrat sedan förra rapporten", "Changed since the last report"),
        corner=Words("Siffra", "Figure"),
        columns=(
            Column("old", Words("Före", "Before")),
            Column("new", Words("Nu", "Now")),
            Column("cause", Words("Orsak", "Cause")),
        ),
        rows=tuple(_row(material, subject, period.zone, changes[key], parts.get(key)) for key in shown),
        note=Words(f"{along.sv} {more.sv}", f"{along.en} {more.en}") if len(moved) > MOST else along,
    )


def _changes(material: Material, kind: SubjectKind, subjects: Sequence[str], period: Period) -> dict[_Key, list[FigureChange]]:
    """Month, indicator and carrier → its changes since the report before, the oldest first."""
    found: dict[_Key, list[FigureChange]] = {}
    for change in material.state.figure_changes.between(
        report_before(material, period), material.known, kind.value, subjects, (PeriodKind.MONTH.value,), TOLD
    ):
        if change.end <= period.start and (change.carrier == "" or change.indicator == WATER):
            found.setdefault((change.start, change.indicator, change.carrier), []).append(change)
    return found


def _causes(material: Material, subject: Subject, period: Period) -> dict[_Key, Words]:
    """Why a group's figures moved: its buildings' causes, with whose they are."""
    ids = [each.id for each in material.buildings(subject)]
    found: dict[_Key, dict[Words, dict[str, Words]]] = {}
    for key, changes in _changes(material, SubjectKind.BUILDING, ids, period).items():
        for change in sorted(changes, key=lambda each: ids.index(each.subject)):
            cause, name = cause_words(change), material.portfolio.buildings[change.subject].name
            if cause != NO_WORDS:
                found.setdefault(key, {}).setdefault(cause, {}).setdefault(name, Words(name, name))
    return {
        key: row_label(tuple(_of(cause, tuple(names.values())) for cause, names in each.items()), MOST_CAUSES)
        for key, each in found.items()
    }


def _of(cause: Words, names: tuple[Words, ...]) -> Words:
    """ "Fem dygn kom in sent (Björkskolan)"."""
    whose = listed(names, MOST_CAUSES)
    return Words(f"{cause.sv} ({whose.sv})", f"{cause.en} ({whose.en})")


def _row(material: Material, subject: Subject, zone: str, changes: Sequence[FigureChange], of_group: Words | None) -> Row:
    first, last = changes[0], changes[-1]
    of = month(local_date(last.start, zone), zone)
    new = material.shelf.figure(last.indicator, subject, of, last.carrier)
    name = str(FigureName(last.indicator, last.carrier, subject, of))
    old = ReportedFigure(
        _WAS_MISSING if first.old is None else first.old, INDICATORS[last.indicator].unit, of, None, METHOD, made_of=(name,),
        source=Words("historiken över siffror", "the history of figures"),
    )  # fmt: skip
    period, words = period_words(of), figure_label(last.indicator)
    label = Words(f"{capital(period.sv)}: {small(words.sv)}", f"{period.en}: {small(words.en)}")
    own = cause_words(last)
    cause = own if own != NO_WORDS else of_group or _NO_CAUSE
    return Row(f"{of.start:%Y-%m-%d}-{last.indicator}", label, (old, new, cause), unit=new.unit)
