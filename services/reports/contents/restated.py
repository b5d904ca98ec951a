"""Published figures that came out otherwise since the report before: those that can have stood in it."""

from datetime import datetime, timedelta

from config.domain.changes import CAUSE_WORDS, Cause
from config.domain.figure_names import FigureName
from config.domain.indicators import INDICATORS, Missing, Subject
from config.domain.periods import Period, PeriodKind, local_date, month
from services.reports.contents.key_figures import indicator_words
from services.reports.contents.material import METHOD, Material
from services.reports.contents.naming import capital, carrier_name, period_words, small
from services.reports.report import Column, ReportedFigure, Row, Table, Words
from services.state.figure_history import FigureChange

TOLD = ("energy_total", "water", "corrected_energy", "cost", "emissions_location", "emissions_market")
"""What monthly reports begin with; a restated month restates the years that it lies in, which are not told again."""
DELIVERED = timedelta(days=7)  # at the latest so long after a month its report has gone out
MOST = 15
_WAS_MISSING = Missing("Siffran saknades då.", "The figure was missing then.")
_NO_CAUSE = Words("Orsaken är inte antecknad", "The cause is not on record")
_LATE = Words("Mätvärden kom in sent", "Readings came in late")


def report_before(material: Material, period: Period) -> datetime:
    """When the report of the month before was made: as long after that month as this one after its own, a week at most."""
    return period.start + min(material.known - period.end, DELIVERED)


def restated_table(material: Material, subject: Subject, period: Period) -> Table:
    """Of months before the report's, the latest first; no rows where nothing changed."""
    changes = material.state.figure_changes.between(
        report_before(material, period),
        material.known,
        subject.kind.value,
        subject.id,
        (PeriodKind.MONTH.value,),
        TOLD,
    )
    first: dict[tuple[datetime, str, str], FigureChange] = {}
    last: dict[tuple[datetime, str, str], FigureChange] = {}
    for change in changes:
        if change.end <= period.start and (change.carrier == "" or change.indicator == "water"):
            key = change.start, change.indicator, change.carrier
            first.setdefault(key, change)
            last[key] = change
    moved = [key for key in last if first[key].old != last[key].new]
    shown = sorted(moved, key=lambda key: (-key[0].timestamp(), TOLD.index(key[1])))[:MOST]
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
        rows=tuple(_row(material, subject, period.zone, first[key], last[key]) for key in shown),
        note=Words(f"{along.sv} {more.sv}", f"{along.en} {more.en}") if len(moved) > MOST else along,
    )


def _row(material: Material, subject: Subject, zone: str, first: FigureChange, last: FigureChange) -> Row:
    of = month(local_date(last.start, zone), zone)
    new = material.shelf.figure(last.indicator, subject, of, last.carrier)
    name = str(FigureName(last.indicator, last.carrier, subject, of))
    old = ReportedFigure(
        _WAS_MISSING if first.old is None else first.old, INDICATORS[last.indicator].unit, of, None, METHOD, made_of=(name,),
        source=Words("historiken över siffror", "the history of figures"),
    )  # fmt: skip
    period, words = period_words(of), indicator_words(last.indicator)
    carrier = carrier_name(last.carrier) if last.carrier and last.indicator != "water" else Words("", "")
    label = Words(f"{capital(period.sv)}: {small(words.sv)}{carrier.sv}", f"{period.en}: {small(words.en)}{carrier.en}")
    return Row(f"{of.start:%Y-%m-%d}-{last.indicator}", label, (old, new, _cause(last)), unit=new.unit)


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
