"""Who may read which report. A report is fixed when it is published, so it is read whole or not at all.

- Whoever sees the whole estate (readers, environment team, administrators) reads every report, also of what is no more in the
  portfolio.
- A facility manager reads the reports of the buildings and owners that the account looks after. A group's report tells of every
  building that was in it then, so it does not follow from seeing those that are in it now.
- Anybody reads the building sheets of open buildings: those whose energy is open as a whole, since a sheet adds it up; and of
  those sheets the ones whose figures are all open and whose words name nothing that is not. To whom they went is never open.

All else is answered like what does not exist, and counted in no list. Numbers are given in turn, so that a gap in them tells that
there is a report, and nothing of it.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import orjson

from config.domain.estate import Portfolio
from config.domain.figure_names import FigureName, figure_name
from config.domain.indicators import Subject, SubjectKind
from config.domain.open_figures import ALL, open_figures
from config.domain.open_reasons import OpenReasons
from services.reports.report import Publication, ReportKind
from services.reports.report_json import publication_json
from services.web.visitor import Rights, Visitor

KEEPERS = frozenset({Rights.ENVIRONMENT_TEAM, Rights.ADMINISTRATOR})


def reads_all_of(portfolio: Portfolio, visitor: Visitor, subject: Subject) -> bool:
    """Whether all reports of the subject are theirs to read, in every edition and as known now."""
    if visitor.rights is not Rights.FACILITY_MANAGER:
        return visitor.rights is not Rights.PUBLIC
    if subject.kind is SubjectKind.OWNER:
        return subject.id in visitor.owners
    building = portfolio.buildings.get(subject.id) if subject.kind is SubjectKind.BUILDING else None
    return building is not None and visitor.sees_whole(building)


def may_be_open(portfolio: Portfolio, kind: ReportKind, subject: Subject) -> bool:
    """Whether a report of that kind and subject is open to anybody, as far as that can be said without reading it."""
    return kind is ReportKind.SHEET and subject.kind is SubjectKind.BUILDING and open_figures(portfolio).has(subject, ALL)


def is_open(portfolio: Portfolio, publication: Publication) -> bool:
    """Whether anybody may read that edition: of an open building, of open figures, in words that name nothing else."""
    report = publication.report
    if not may_be_open(portfolio, report.kind, report.subject) or not _of_open_figures(portfolio, publication):
        return False
    told = orjson.loads(publication_json(publication))  # every word there is, whatever a report will consist of
    reasons = _names_of(portfolio)
    return not any(reasons.names(text) for text in set(_texts(told)))


def keeps_reports(visitor: Visitor) -> bool:
    """Whether they may publish new editions, and see to whom reports went: addresses are personal data."""
    return visitor.rights in KEEPERS


def _of_open_figures(portfolio: Portfolio, publication: Publication) -> bool:
    """Whether all its figures are open: of a group that is not, others could be reckoned."""
    report = publication.report
    every = [figure for _, figure in report.figures()]
    every += [figure for change in publication.changes for figure in (change.old, change.new) if figure is not None]
    try:
        names = [figure_name(name, report.zone) for figure in every for name in (figure.name, *figure.made_of) if name]
    except ValueError:
        return False
    return all(_is_open_figure(portfolio, name, report.subject) for name in names)


def _is_open_figure(portfolio: Portfolio, name: FigureName, own: Subject) -> bool:
    figures = open_figures(portfolio)
    unmetered = name.subject == own and name.carrier not in (*figures.carriers(own.id), ALL)  # it says so, and no more
    return unmetered or figures.has(name.subject, name.carrier)


_latest: list[tuple[Portfolio, OpenReasons]] = []


def _names_of(portfolio: Portfolio) -> OpenReasons:
    """Names that are not open, owners' apart: who owns a building is no secret, and who sells the heat stands on every bill."""
    if not _latest or _latest[0][0] is not portfolio:
        _latest[:] = [(portfolio, OpenReasons(replace(portfolio, owners={})))]
    return _latest[0][1]


def _texts(told: Any) -> Iterator[str]:
    """Every text in what JSON holds."""
    if isinstance(told, str):
        yield told
    elif isinstance(told, dict):
        for name, value in told.items():
            yield name
            yield from _texts(value)
    elif isinstance(told, list):
        for value in told:
            yield from _texts(value)
