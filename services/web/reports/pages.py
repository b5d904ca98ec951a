"""The archive of reports: the list, a report's page, and its files as they were published."""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import HTMLResponse

from config.domain.indicators import Subject, SubjectKind
from config.domain.periods import local_date
from config.errors import ReportError
from services.reports.archive import Listed
from services.reports.printing import moment_text, period_text, printed
from services.reports.report import REPORT_NAMES, ReportKind
from services.reports.wording import Language, pick, swedish_order
from services.state.published_reports import KeptFile
from services.web.access import Unseen
from services.web.changes.rights import number_of
from services.web.filters import LONGEST, Filter, Option
from services.web.reports.links import ARCHIVE
from services.web.reports.readable import ReadableReports, unreadable
from services.web.reports.rights import reads_all_of
from services.web.reports.words import counted_changes, size_words, told_changes
from services.web.shell import language_of, shell_of, suffix_of
from services.web.visitor import Rights, visitor_of

log = logging.getLogger(__name__)

ON_A_PAGE = 50
FORMS = {  # suffix → name and what it is for; in this order
    "pdf": (("PDF", "PDF"), ("att läsa, skriva ut och skicka vidare", "to read, print and forward")),
    "html": (("Webbsida", "Web page"), ("med diagram och tabeller", "with charts and tables")),
    "xlsx": (("Excel", "Excel"), ("alla siffror med täckning, ± och metod", "every figure with coverage, ± and method")),
    "csv": (("CSV", "CSV"), ("samma siffror för andra program", "the same figures for other programs")),
}  # fmt: skip
SHOWN = frozenset({"pdf", "html"})  # in the browser; the others are saved
LANGUAGE_NAMES: dict[str, str] = {"sv": "svenska", "en": "English"}
FOR_EVER = "private, max-age=31536000, immutable"  # with Vary: Cookie, so that who signs in next does not get it from the browser
_LOCKED = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
POLICIES = {
    "html": f"{_LOCKED}; img-src data:; sandbox",  # a document of its own, with nothing of the board's
    "pdf": f"{_LOCKED}; object-src 'self'",  # as browsers' own viewers need
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A report that has not gone out, in words."""

    title: str
    reason: str


ToldDeliveries = Callable[[Request, Listed], Any]
ToldWaiting = Callable[[Request], Sequence[Waiting]]


def no_deliveries(_request: Request, _listed: Listed) -> None:
    """Nobody may know, or nothing is sent."""


def nothing_waits(_request: Request) -> Sequence[Waiting]:
    """All that should have gone out has."""
    return ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the archive is asked for; as in the address."""

    text: str = ""
    kind: ReportKind | None = None
    subject: Subject | None = None
    year: int | None = None

    @property
    def narrowed(self) -> bool:
        return self != Asked()

    def query(self) -> dict[str, str]:
        about = f"{self.subject.kind}:{self.subject.id}" if self.subject else ""
        values = {"q": self.text, "slag": self.kind or "", "om": about, "ar": "" if self.year is None else f"{self.year}"}
        return {name: value for name, value in values.items() if value}


class ReportPage:
    """A report's own page, for the routes that show it."""

    def __init__(self, readable: ReadableReports, deliveries: ToldDeliveries = no_deliveries) -> None:
        """
        Args:
            deliveries: to whom an edition went, for whoever may know.
        """
        self.readable = readable
        self._deliveries = deliveries

    def seen(self, request: Request, number: str, edition: str = "") -> tuple[list[Listed], Listed]:
        """The editions that they may read, and the one that is asked for, the newest where none is. Raises Unseen."""
        editions = self.readable.editions(visitor_of(request), number)
        if not edition:
            return editions, editions[-1]
        wanted = number_of(edition)
        found = next((each for each in editions if each.edition == wanted), None)
        if found is None:
            raise Unseen
        return editions, found

    def shown(self, request: Request, editions: list[Listed], listed: Listed, fault: str = "") -> HTMLResponse:
        """The page; with what could not be done, where something was asked."""
        language, visitor, suffix = language_of(request), visitor_of(request), suffix_of(request)
        report = printed(self.readable.publication(listed, language), language)
        newest = editions[-1]
        return shell_of(request).page(
            request,
            "report.html",
            422 if fault else 200,
            title=report.title,
            here=ARCHIVE,
            own_address=_address(listed, newest),
            report=report,
            number=listed.number,
            inside=reads_all_of(self.readable.portfolio, visitor, listed.subject),
            latest="" if listed is newest else f"{_address(newest, newest)}{suffix}",
            latest_name=newest.name,
            editions=[self._edition(each, newest, listed, request) for each in reversed(editions)],
            edition=listed.edition,
            forms=_forms(self.readable.archive.files(listed.number, listed.edition), listed, language),
            deliveries=self._deliveries(request, listed),
            fault=fault,
        )

    def _edition(self, each: Listed, newest: Listed, here: Listed, request: Request) -> dict[str, Any]:
        language, zone = language_of(request), self.readable.portfolio.timezone
        changes = self.readable.publication(each, language).changes if each.edition > 1 else ()
        return {
            "name": each.name,
            "address": f"{_address(each, newest)}{suffix_of(request)}",
            "here": each is here,
            "published": moment_text(each.published, zone),
            "first": each.edition == 1,
            "told": counted_changes(len(changes), language),
            "changes": told_changes(changes, language, zone),
        }


def report_routes(page: ReportPage, waiting: ToldWaiting = nothing_waits) -> APIRouter:
    """`/rapporter`, `/rapporter/{number}`, its editions, and their files.

    Args:
        waiting: reports that have not gone out yet, and why.
    """
    router = APIRouter()
    readable = page.readable

    @router.get(ARCHIVE)
    def archive(request: Request, sida: int = 1) -> HTMLResponse:
        language, visitor, asked = language_of(request), visitor_of(request), asked_of(request)
        visible = readable.visible(visitor)
        every = readable.archive.search(visible=visible)
        narrowed = readable.archive.search(asked.text, asked.kind, asked.subject, asked.year, visible=visible)
        found = narrowed if asked.narrowed else every
        pages = max(1, -(-len(found) // ON_A_PAGE))
        here = min(max(1, sida), pages)
        return shell_of(request).page(
            request,
            "reports.html",
            title=pick(language, "Rapporter", "Reports"),
            lead=_lead(visitor.rights, language),
            asked=asked,
            filters=_filters(every, asked, language),
            rows=[_row(each, request) for each in found[(here - 1) * ON_A_PAGE : here * ON_A_PAGE]],
            found=len(found),
            pages=[(each, _list_address(asked, each, request), each == here) for each in range(1, pages + 1)],
            waiting=waiting(request),
        )

    @router.get(f"{ARCHIVE}/{{number}}")
    def newest(request: Request, number: str) -> HTMLResponse:
        return page.shown(request, *page.seen(request, number))

    @router.get(f"{ARCHIVE}/{{number}}/{{edition}}")
    def one(request: Request, number: str, edition: str) -> HTMLResponse:
        return page.shown(request, *page.seen(request, number, edition))

    @router.get(f"{ARCHIVE}/{{number}}/{{edition}}/{{file}}")
    def file(request: Request, number: str, edition: str, file: str) -> Response:
        _, listed = page.seen(request, number, edition)
        kept = next((each for each in readable.archive.files(listed.number, listed.edition) if _file_name(each) == file), None)
        if kept is None:
            raise Unseen
        headers = {"ETag": f'"{kept.sha256}"', "Cache-Control": FOR_EVER, "Vary": "Cookie"}
        if _has(request, headers["ETag"]):
            return Response(status_code=304, headers=headers)
        try:
            data = readable.archive.form(listed.number, listed.edition, kept.language, kept.suffix)
        except ReportError as error:
            log.exception("a published file cannot be given", extra={"report": listed.name, "file": file})
            raise HTTPException(500, unreadable(language_of(request))) from error
        how = "inline" if kept.suffix in SHOWN else "attachment"
        headers["Content-Disposition"] = f'{how}; filename="{listed.name}-{file}"'
        headers["Content-Language"] = kept.language
        if kept.suffix in POLICIES:
            headers["Content-Security-Policy"] = POLICIES[kept.suffix]
        return Response(data, media_type=kept.media_type, headers=headers)

    return router


def asked_of(request: Request) -> Asked:
    """What the address asks for; what it says of nothing that could be is left out."""
    given = request.query_params
    kind, _, name = given.get("om", "").partition(":")
    year = given.get("ar", "")
    return Asked(
        given.get("q", "")[:LONGEST].strip(),
        ReportKind(given["slag"]) if given.get("slag") in set(ReportKind) else None,
        Subject(SubjectKind(kind), name) if kind in set(SubjectKind) else None,
        int(year) if len(year) == 4 and year.isascii() and year.isdecimal() else None,
    )


def _lead(rights: Rights, language: Language) -> str:
    if rights is Rights.PUBLIC:
        return pick(
            language,
            "Byggnadsblad för de byggnader som är öppna för alla. Den som loggar in ser fler rapporter.",
            "Building sheets of the buildings that are open to everybody. Who signs in sees more reports.",
        )
    return pick(
        language,
        "Allt som är publicerat, som det publicerades. Den senaste perioden står först.",
        "All that is published, as it was published. The latest period stands first.",
    )


def _row(listed: Listed, request: Request) -> dict[str, str]:
    language = language_of(request)
    return {
        "title": f"{REPORT_NAMES[listed.kind].said(language)}: {listed.subject_name.said(language)}",
        "variant": listed.variant.said(language),
        "address": f"{ARCHIVE}/{listed.number}{suffix_of(request)}",
        "period": period_text(listed.period, language),
        "published": f"{shell_of(request).local(listed.published):%Y-%m-%d}",
        "number": listed.number,
        "edition": f"{listed.edition}",
    }


def _filters(every: Iterable[Listed], asked: Asked, language: Language) -> list[Filter]:
    """Lists to choose from, of what they may read; one that has a single thing is left out."""
    kinds, subjects, years = dict[str, str](), dict[str, str](), dict[str, str]()
    for each in every:
        kinds[each.kind] = REPORT_NAMES[each.kind].said(language)
        subjects.setdefault(f"{each.subject.kind}:{each.subject.id}", each.subject_name.said(language))
        year = f"{local_date(each.period.end - timedelta(hours=1), each.period.zone).year}"  # as the archive counts it
        years[year] = year
    chosen = asked.query()
    lists = (
        ("slag", pick(language, "Sort", "Kind"), sorted(kinds.items(), key=_by_name)),
        ("om", pick(language, "Gäller", "Subject"), sorted(subjects.items(), key=_by_name)),
        ("ar", pick(language, "År", "Year"), sorted(years.items(), reverse=True)),
    )
    found = [
        Filter(name, label, tuple(Option(value, text, value == chosen.get(name)) for value, text in values))
        for name, label, values in lists
    ]
    return [each for each in found if len(each.options) > 1 or any(option.chosen for option in each.options)]


def _by_name(each: tuple[str, str]) -> str:
    return swedish_order(each[1])


def _list_address(asked: Asked, page: int, request: Request) -> str:
    language = suffix_of(request).removeprefix("?lang=")
    kept = asked.query() | ({"sida": f"{page}"} if page > 1 else {}) | ({"lang": language} if language else {})
    return f"{ARCHIVE}?{urlencode(kept)}" if kept else ARCHIVE


def _address(listed: Listed, newest: Listed) -> str:
    """Of an edition's page; the newest is where the report is."""
    return f"{ARCHIVE}/{listed.number}" + ("" if listed.edition == newest.edition else f"/{listed.edition}")


def _forms(files: Sequence[KeptFile], listed: Listed, language: Language) -> list[dict[str, Any]]:
    """What can be fetched: a form a row, the reader's language first."""
    found = []
    order = [*FORMS, *sorted({each.suffix for each in files} - FORMS.keys())]
    for suffix in order:
        of_form = [each for each in files if each.language and each.suffix == suffix]
        kept = sorted(of_form, key=lambda each: each.language != language)
        if not kept:
            continue
        name, what = FORMS.get(suffix, ((suffix.upper(), suffix.upper()), ("", "")))
        found.append({
            "name": pick(language, *name),
            "what": pick(language, *what),
            "media_type": kept[0].media_type,
            "files": [
                {
                    "address": f"{ARCHIVE}/{listed.number}/{listed.edition}/{_file_name(each)}",
                    "language": each.language,
                    "name": LANGUAGE_NAMES.get(each.language, each.language),
                    "size": size_words(each.size),
                }
                for each in kept
            ],
        })  # fmt: skip
    return found


def _file_name(kept: KeptFile) -> str:
    """In its address; "" of the report's own value, which is ours to read."""
    return f"{kept.language}.{kept.suffix}" if kept.language else ""


def _has(request: Request, tag: str) -> bool:
    """Whether the browser has those bytes."""
    given = request.headers.get("if-none-match", "")
    return any(each.strip().removeprefix("W/") in (tag, "*") for each in given.split(","))
