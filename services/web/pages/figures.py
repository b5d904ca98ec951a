"""Published figures by subject and period, and where each comes from."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse

from config.domain.estate import Portfolio
from config.domain.figure_names import figure_name, named_period, period_name
from config.domain.indicators import PORTFOLIO, Subject, SubjectKind
from config.domain.periods import day
from config.errors import FigureUnknown
from services.reports.lineage import LineageReader
from services.reports.lineage_words import explained, figure_title, listed_row, period_words, subject_name
from services.reports.wording import Language, pick, swedish_order
from services.web.access import Unseen, may_see_figure, may_see_subject, reads_all
from services.web.board import Board
from services.web.open_words import open_lineage, open_value
from services.web.shell import language_of, shell_of
from services.web.visitor import Visitor, visitor_of


def figure_routes(board: Board, figures: LineageReader) -> APIRouter:
    """`/siffror`, `/siffror/{kind}:{subject}` and `/siffra/{name}`."""
    router = APIRouter()
    portfolio, zone = board.portfolio, board.portfolio.timezone

    @router.get("/siffror")
    def subjects(request: Request) -> HTMLResponse:
        language = language_of(request)
        return shell_of(request).page(
            request,
            "figure_subjects.html",
            title=pick(language, "Siffror", "Figures"),
            groups=_groups(portfolio, visitor_of(request), language),
        )

    @router.get("/siffror/{subject:path}")
    def figures_of(request: Request, subject: str, period: str = "") -> HTMLResponse:
        kind, _, name = subject.partition(":")
        if kind not in set(SubjectKind) or not may_see_subject(
            portfolio, visitor_of(request), about := Subject(SubjectKind(kind), name)
        ):
            raise Unseen
        language = language_of(request)
        known = [(period_name(one), period_words(one, language)) for one in figures.periods(about, board.now())]
        chosen = period or (known[0][0] if known else "")
        with _named():
            listed = figures.listed(about, named_period(chosen, zone)) if chosen else []
        values = [each for each in listed if may_see_figure(portfolio, visitor_of(request), about, each.carrier)]
        if not reads_all(portfolio, visitor_of(request), about):
            values = [open_value(each, portfolio) for each in values]
        return shell_of(request).page(
            request,
            "figures.html",
            title=f"{pick(language, 'Siffror', 'Figures')}: {subject_name(about, portfolio, language)}",
            form_path=f"/siffror/{subject}",
            periods=known,
            chosen=chosen,
            rows=[listed_row(value, language) for value in values],
            building=portfolio.buildings.get(name) if kind == SubjectKind.BUILDING else None,
        )

    @router.get("/siffra/{name:path}")
    def figure(request: Request, name: str, as_known: str = "") -> HTMLResponse:
        language = language_of(request)
        with _named():
            asked = figure_name(name, zone)
            then = day(date.fromisoformat(as_known), zone).end - timedelta(seconds=1) if as_known else None
        if not may_see_figure(portfolio, visitor_of(request), asked.subject, asked.carrier):
            raise Unseen
        with _named():
            lineage = figures.explain(asked, then)
        if not reads_all(portfolio, visitor := visitor_of(request), asked.subject):
            lineage = open_lineage(
                lineage, portfolio, lambda each: may_see_figure(portfolio, visitor, each.subject, each.carrier)
            )
        return shell_of(request).page(
            request,
            "figure.html",
            title=figure_title(asked, language),
            shown=explained(lineage, portfolio, language),
            list_path=f"/siffror/{asked.subject.kind}:{asked.subject.id}",
            as_known=as_known,
            building=portfolio.buildings.get(asked.subject.id) if asked.subject.kind is SubjectKind.BUILDING else None,
        )

    return router


def _groups(portfolio: Portfolio, visitor: Visitor, language: Language) -> list[tuple[str, list[tuple[str, str]]]]:
    """What they may ask for figures of, by what it is: name and address each; a group without any is left out."""
    buildings = portfolio.buildings.values()
    offered = (
        (SubjectKind.PORTFOLIO, pick(language, "Hela beståndet", "All buildings together"), {PORTFOLIO}),
        (SubjectKind.OWNER, pick(language, "Ägare", "Owners"), {each.owner for each in buildings}),
        (
            SubjectKind.BUILDING_KIND,
            pick(language, "Typer av byggnader", "Kinds of buildings"),
            {each.kind for each in buildings},
        ),
        (SubjectKind.BUILDING, pick(language, "Byggnader", "Buildings"), {each.id for each in buildings}),
    )
    groups = []
    for kind, title, names in offered:
        seen = [each for name in names if may_see_subject(portfolio, visitor, each := Subject(kind, name))]
        told = [(_capital(subject_name(each, portfolio, language)), f"/siffror/{kind}:{quote(each.id)}") for each in seen]
        if told:
            groups.append((title, sorted(told, key=lambda one: swedish_order(one[0]))))
    return groups


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


@contextmanager
def _named() -> Iterator[None]:
    """What is asked for by a name that is none, or that nothing is published under, is a page that does not exist."""
    try:
        yield
    except (ValueError, OverflowError, FigureUnknown) as error:  # the year 9999 has no next one
        raise HTTPException(404, str(error)) from error
