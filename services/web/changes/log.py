"""The log of changes, for the administrator: a page at a time, and all of it as CSV."""

import csv
import io
from collections.abc import Iterator

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, StreamingResponse

from services.reports.wording import Language, pick
from services.state.audit import AuditTable, Entry
from services.web.changes.rights import administrator, number_of
from services.web.changes.words import LOGGED_WORDS, act_words, logged_words, named, subject_words
from services.web.shell import language_of, shell_of

ON_A_PAGE = 100
AT_ONCE = 1_000
COLUMNS = ("number", "time_utc", "who", "address", "act", "subject", "before", "after")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def log_routes(audit: AuditTable) -> APIRouter:
    router = APIRouter()

    @router.get("/logg")
    def show(request: Request) -> HTMLResponse:
        administrator(request)
        language, shell = language_of(request), shell_of(request)
        written = request.query_params.get("fore", "")
        entries = audit.entries(before=number_of(written) if written else None, limit=ON_A_PAGE + 1)
        rows = [
            {
                "entry": entry,
                "at": f"{shell.local(entry.at):%Y-%m-%d %H:%M:%S}",
                "act": act_words(entry.act, language),
                "what": _difference(entry, language),
                "subject": subject_words(entry.subject, language),
            }
            for entry in entries[:ON_A_PAGE]
        ]
        older = entries[ON_A_PAGE - 1].id if len(entries) > ON_A_PAGE else None
        return shell.page(
            request,
            "log.html",
            title=pick(language, "Logg över ändringar", "Log of changes"),
            here="/matarbyten",
            rows=rows,
            older=older,
            newest=not written,
        )

    @router.get("/logg.csv")
    def download(request: Request) -> StreamingResponse:
        administrator(request)
        headers = {"Content-Disposition": 'attachment; filename="logg.csv"'}
        return StreamingResponse(csv_lines(audit), media_type="text/csv; charset=utf-8", headers=headers)

    return router


def csv_lines(audit: AuditTable) -> Iterator[str]:
    """The whole log, the newest first, some at a time; no cell is a formula to a spreadsheet."""
    yield _line(COLUMNS)
    before: int | None = None
    while entries := audit.entries(before=before, limit=AT_ONCE):
        yield "".join(_line(_cells(entry)) for entry in entries)
        before = entries[-1].id


def _cells(entry: Entry) -> tuple[str, ...]:
    told = (orjson.dumps(dict(each)).decode() if each else "" for each in (entry.before, entry.after))
    return (str(entry.id), entry.at.isoformat(), entry.who, entry.address, entry.act.value, entry.subject, *told)


def _line(cells: tuple[str, ...]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells])
    return out.getvalue()


def _difference(entry: Entry, language: Language) -> str:
    """What is another value after than before."""
    told = []
    for name, value in entry.after.items():
        old = entry.before.get(name)
        if old != value:
            earlier = f"{logged_words(name, old, language)} → " if name in entry.before else ""
            told.append(f"{named(LOGGED_WORDS, name, language)}: {earlier}{logged_words(name, value, language)}")
    return "; ".join(told)
