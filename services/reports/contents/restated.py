"""Published figures that came out otherwise since the report before: those that can have stood in it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from config.domain.changes import CAUSE_WORDS, Cause
from config.domain.figure_names import FigureName
from config.domain.indicators import INDICATORS, Missing, Subject, SubjectKind
from config.domain.periods import Period, PeriodKind, local_date, month
from services.reports.contents.key_figures import figure_label
from services.reports.contents.material import METHOD, Material
from services.reports.contents.naming import capital, period_words, row_label, small
from services.reports.report import Column, ReportedFigure, Row, Table, Words
from services.state.figure_history import FigureChange

TOLD = ("energy_total", "water", "corrected_energy", "cost", "emissions_location", "emissions_market")
"""What monthly reports begin with; a restated month restates the years that it lies in, which are not told again."""
DELIVERED = timedelta(days=7)  # at the latest so long after a month its report has gone out
MOST, MOST_CAUSES = 15, 2
WATER = "water"  # is published by carrier alone
_Key = tuple[datetime, str, str]
_WAS_MISSING = Missing("Siffran saknades då.", "The figure was missing then.")
_NO_CAUSE = Words("Orsaken är inte antecknad", "The cause is not on record")
_LATE = Words("Mätvärden kom in sent", "Readings came in late")


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
        rows=tuple(_row(material, subject, period.zone, changes[key], parts.get(key, ())) for key in shown),
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


def _causes(material: Material, subject: Subject, period: Period) -> dict[_Key, tuple[Words, ...]]:
    """Why a group's figures moved: its buildings' causes, with their names."""
    ids = [each.id for each in material.buildings(subject)]
    found: dict[_Key, dict[str, Words]] = {}
    for key, changes in _changes(material, SubjectKind.BUILDING, ids, period).items():
        for change in changes:
            name, cause = material.portfolio.buildings[change.subject].name, _cause(change)
            if cause is not _NO_CAUSE:
                told = Words(f"{name}: {small(cause.sv)}", f"{name}: {small(cause.en)}")
                found.setdefault(key, {}).setdefault(told.sv, told)
    return {key: tuple(each.values()) for key, each in found.items()}


def _row(material: Material, subject: Subject, zone: str, changes: Sequence[FigureChange], parts: Sequence[Words]) -> Row:
    first, last = changes[0], changes[-1]
    of = month(local_date(last.start, zone), zone)
    new = material.shelf.figure(last.indicator, subject, of, last.carrier)
    name = str(FigureName(last.indicator, last.carrier, subject, of))
    old = ReportedFigure(
        _WAS_MISSING if first.old is None else first.old, INDICATORS[last.indicator].unit, of, None, METHOD, made_of=(name,),
        source=Words("historiken över siffror", "the history of figures"),
    )  # fmt: skip
    period, words, cause = period_words(of), figure_label(last.indicator), _cause(last)
    label = Words(f"{capital(period.sv)}: {small(words.sv)}", f"{period.en}: {small(words.en)}")
    if cause is _NO_CAUSE and parts:
        cause = row_label(tuple(parts), MOST_CAUSES)
    return Row(f"{of.start:%Y-%m-%d}-{last.indicator}", label, (old, new, cause), unit=new.unit)


def _cause(change: FigureChange) -> Words:
    """In its own words, which end its line of the change log; else what the kind of cause is called."""
    own = tuple(text.partition("→")[2].partition(", ")[2] for text in (change.sentence_sv, change.sentence_en))
    if all(own):
        return Words(capital(own[0]), capital(own[1]))
    if change.cause == Cause.LATE:
        return _LATE
    if change.cause not in set(Cause):
        return _NO_CAUSE
    sv, en = CAUSE_WORDS[Cause(change.cause)]
    return Words(capital(sv), capital(en))
