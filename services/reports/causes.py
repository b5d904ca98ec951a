"""Why a published figure is another than it was, as the log of changes says: what a change between two editions is told with."""

from datetime import datetime, timedelta

from config.domain.changes import CAUSE_WORDS, Cause
from config.domain.estate import Portfolio
from config.domain.figure_names import FigureName, figure_name
from config.domain.indicators import Subject, SubjectKind
from services.figures.groups import membership
from services.reports.contents.naming import capital, listed, row_label
from services.reports.difference import Causes
from services.reports.report import NO_WORDS, Words
from services.reports.wording import swedish_order
from services.state.figure_history import FigureChange, FigureChangesTable

LONGEST = 90  # characters of a cause in its own words; the log of changes has all of them
MOST_CAUSES, MOST_BUILDINGS = 2, 3  # told of one figure
_LATE = Words("mätvärden kom in sent", "readings came in late")
_MARKS = (  # what long words of its own say of each cause in them
    ("kom in sent", Cause.LATE),
    ("faktor: ", Cause.FACTOR),
    ("prislista ", Cause.TARIFF),
    ("beräkning", Cause.VERSION),
)
_SECOND = timedelta(seconds=1)  # the log's instants are read without their fraction


def cause_words(change: FigureChange) -> Words:
    """The change's cause: in its own words, or what its causes are called where those are long; NO_WORDS where none is."""
    own = Words(change.why_sv, change.why_en)
    if not own.sv:  # logged before the cause was kept apart: it ends the sentence
        own = Words(*(text.partition("→")[2].partition(", ")[2] for text in (change.sentence_sv, change.sentence_en)))
    if own.sv and max(len(own.sv), len(own.en)) <= LONGEST:
        return Words(capital(own.sv), capital(own.en))
    causes = [cause for mark, cause in _MARKS if mark in own.sv]
    if not causes and change.cause in set(Cause):
        causes = [Cause(change.cause)]
    called = [_LATE if cause is Cause.LATE else Words(*CAUSE_WORDS[cause]) for cause in causes]
    return Words(capital("; ".join(each.sv for each in called)), capital("; ".join(each.en for each in called)))


def restatements(changes: FigureChangesTable, portfolio: Portfolio) -> Causes:
    """A building's own causes; of a group those of its buildings, with whose they are."""
    groups = membership(portfolio)
    order = {each.id: swedish_order(each.name) for each in portfolio.buildings.values()}
    members = {
        Subject(SubjectKind(kind), subject): sorted(part["building"], key=lambda building: order[building])
        for (kind, subject), part in groups.partition_by("subject_kind", "subject", as_dict=True).items()
    }

    def logged(name: FigureName, before: datetime, now: datetime) -> list[Words]:
        subject, period = name.subject, name.period
        found = changes.of(
            name.indicator, name.carrier, subject.kind.value, subject.id, period.kind.value, period.start, period.end
        )
        told = [cause_words(each) for each in found if before - _SECOND < each.at <= now]
        return [words for words in dict.fromkeys(told) if words != NO_WORDS]

    def of_buildings(name: FigureName, before: datetime, now: datetime) -> list[Words]:
        whose: dict[Words, list[Words]] = {}
        for building in members.get(name.subject, ()):
            subject, called = Subject(SubjectKind.BUILDING, building), portfolio.buildings[building].name
            for cause in logged(FigureName(name.indicator, name.carrier, subject, name.period), before, now):
                whose.setdefault(cause, []).append(Words(called, called))
        return [_of(cause, listed(tuple(names), MOST_BUILDINGS)) for cause, names in whose.items()]

    def causes(text: str, zone: str, before: datetime, now: datetime) -> Words:
        try:
            name = figure_name(text, zone)
        except ValueError:  # an indicator that only an older version had
            return NO_WORDS
        return row_label(tuple(logged(name, before, now) or of_buildings(name, before, now)), MOST_CAUSES)

    return causes


def _of(cause: Words, names: Words) -> Words:
    """ "Ett dygn kom in sent (Björkskolan, Tallskolan med flera)"."""
    return Words(f"{cause.sv} ({names.sv})", f"{cause.en} ({names.en})")
