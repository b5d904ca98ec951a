"""Why a published figure is another than it was, as the log of changes says: what a change between two editions is told with."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from config.domain.estate import Portfolio
from config.domain.figure_names import FigureName, figure_name
from config.domain.indicators import Subject, SubjectKind
from services.figures.groups import membership
from services.reports.difference import Causes, joined
from services.reports.report import NO_WORDS, Words
from services.state.figure_history import FigureChangesTable

MOST_BUILDINGS = 3  # told of a group, by name
_SECOND = timedelta(seconds=1)  # the log's instants are read without their fraction


def restatements(changes: FigureChangesTable, portfolio: Portfolio) -> Causes:
    """A building's own reasons; of a group those of its buildings, by name."""
    groups = membership(portfolio)
    members = {
        Subject(SubjectKind(kind), subject): part["building"].sort().to_list()
        for (kind, subject), part in groups.partition_by("subject_kind", "subject", as_dict=True).items()
    }

    def logged(name: FigureName, before: datetime, now: datetime) -> Words:
        subject, period = name.subject, name.period
        found = changes.of(
            name.indicator, name.carrier, subject.kind.value, subject.id, period.kind.value, period.start, period.end
        )
        told = [
            Words(each.why_sv, each.why_en) if each.why_sv else Words(each.sentence_sv, each.sentence_en)
            for each in found
            if before - _SECOND < each.at <= now and (each.why_sv or each.cause)
        ]
        return joined(told)

    def of_buildings(name: FigureName, before: datetime, now: datetime) -> Iterator[Words]:
        for building in members.get(name.subject, ()):
            why = logged(
                FigureName(name.indicator, name.carrier, Subject(SubjectKind.BUILDING, building), name.period), before, now
            )
            if why != NO_WORDS:
                called = portfolio.buildings[building].name
                yield Words(f"{called}: {why.sv}", f"{called}: {why.en}")

    def causes(text: str, zone: str, before: datetime, now: datetime) -> Words:
        try:
            name = figure_name(text, zone)
        except ValueError:  # an indicator that only an older version had
            return NO_WORDS
        own = logged(name, before, now)
        if own != NO_WORDS:
            return own
        told = list(of_buildings(name, before, now))
        more = len(told) - MOST_BUILDINGS
        rest = [Words(f"och {more} byggnader till", f"and {more} more buildings")] if more > 0 else []
        return joined([*told[:MOST_BUILDINGS], *rest])

    return causes
