"""`/jamfor`: one's own use beside the municipality's buildings. In the browser; without JavaScript here, and forgotten at once.

What is posted is held in memory until the page is answered: not in a temporary file (a form's parts are kept in memory up to
their bound), not in the state, not in the log.
"""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any

import polars as pl
from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from config.domain.periods import local_date
from config.errors import StoreError
from services.reports.wording import Language, number, pick
from services.web.citizens.own_file import LARGEST_BYTES, Fault, decoded, months_of, number_of, written_number
from services.web.citizens.own_use import ASSUMED_SHARE, Own, Result, Use, Weather, result_of
from services.web.citizens.own_words import COMPARED_WITH, SAID, USES, browser_words, told
from services.web.opendata.degree_day_table import degree_day_rows
from services.web.opendata.endpoints import ROOT
from services.web.opendata.ports import OpenData
from services.web.opendata.value_table import CORRECTED, METERED, comparison_rows
from services.web.shell import language_of, shell_of, suffix_of

ADDRESS = "/jamfor"
LARGEST_FORM = LARGEST_BYTES + 100_000  # bytes; the file with the other fields around it
YEARS_BACK = 6
COMPARED = {
    Use.HEAT: (CORRECTED, "district_heating"),
    Use.ELECTRIC_HEATING: (CORRECTED, ""),
    Use.ELECTRICITY: (METERED, "electricity"),
}
_ALIKE = 0.005  # of the middle, within which one is "about the middle"
_NO_CACHE = {"Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of the comparison; `width`: of the longest, per cent."""

    name: str
    text: str
    width: float
    address: str
    mine: bool = False


@dataclass(frozen=True, slots=True)
class Compared:
    """A result as it is shown."""

    verdict: str
    bars: tuple[Bar, ...]
    sentences: tuple[str, ...]
    months: tuple[tuple[str, str, str], ...]


class _InMemory(MultiPartParser):
    """Keeps the parts of a form in memory: a file of somebody's hours is never written to a disk of ours."""

    spool_max_size = LARGEST_FORM


def own_routes(data: OpenData) -> APIRouter:
    """GET is the page, POST the same with a result."""
    router = APIRouter()

    def shown(request: Request, fault: Fault | None, compared: Compared | None, given: Mapping[str, str]) -> HTMLResponse:
        language = language_of(request)
        answer = shell_of(request).page(
            request,
            "own.html",
            400 if fault else 200,
            title=pick(language, "Jämför din egen", "Compare your own"),
            here="/oppet",
            address=ADDRESS,
            own_address=ADDRESS,
            uses=[(use.value, pick(language, *words), round(ASSUMED_SHARE[use] * 100)) for use, words in USES.items()],
            kinds=_kinds(data, language),
            years=_years(data),
            given=given,
            fault=told(fault, language) if fault else "",
            compared=compared,
            browser=browser_words(language)
            | {
                "root": ROOT,
                "suffix": suffix_of(request),
                "from": f"{_now(data).year - YEARS_BACK}-01-01",
                "compared": _compared(),
            },
        )
        answer.headers.update(_NO_CACHE)
        return answer

    @router.get(ADDRESS)
    def page(request: Request) -> HTMLResponse:
        return shown(request, None, None, {})

    @router.post(ADDRESS)
    async def answered(request: Request) -> HTMLResponse:
        form = await _form_of(request)
        if form is None:
            return await run_in_threadpool(shown, request, Fault("form"), None, {})
        given = {name: value for name, value in form.items() if isinstance(value, str) and name != "text"}
        content = form.get("file")
        uploaded = await content.read() if isinstance(content, UploadFile) else b""
        await form.close()
        text = decoded(uploaded) if uploaded.strip() else str(form.get("text") or "")
        found = await run_in_threadpool(_answer, data, given, text, language_of(request))
        fault, compared = (found, None) if isinstance(found, Fault) else (None, found)
        return await run_in_threadpool(shown, request, fault, compared, given)

    return router


async def _form_of(request: Request) -> FormData | None:
    """None where it cannot be read or is too large."""
    try:
        return await _InMemory(request.headers, _bounded(request), max_part_size=LARGEST_FORM, max_fields=20, max_files=1).parse()
    except (MultiPartException, KeyError):  # a form without a boundary is a KeyError of the parser
        return None


async def _bounded(request: Request) -> AsyncGenerator[bytes, None]:
    read = 0
    async for part in request.stream():
        read += len(part)
        if read > LARGEST_FORM:
            raise MultiPartException("too large")
        yield part


def _answer(data: OpenData, given: Mapping[str, str], text: str, language: Language) -> Compared | Fault:
    own = _own(data, given, text)
    if isinstance(own, Fault):
        return own
    result = result_of(own, weather_of(data))
    return result if isinstance(result, Fault) else _compare(data, own, result, given.get("kind", ""), language)


def _own(data: OpenData, given: Mapping[str, str], text: str) -> Own | Fault:
    area = written_number(given.get("area", ""))
    if area is None:
        return Fault("area")
    use = Use(given["use"]) if given.get("use") in set(Use) else Use.HEAT
    share = None
    if given.get("share", "").strip():
        percent = number_of(given["share"])
        if percent is None:
            return Fault("share")
        share = percent / 100
    if text.strip():
        months = months_of(text)
        return months if isinstance(months, Fault) else Own(months.kwh, area, use, share)
    kwh, year = written_number(given.get("kwh", "")), given.get("year", "")
    if kwh is None:
        return Fault("kwh")
    if year not in _years(data):
        return Fault("year")
    return Own({f"{year}-01": kwh}, area, use, share, as_one=True)


def weather_of(data: OpenData) -> dict[str, Weather]:
    """Month → degree days, of the years that a comparison may be of."""
    now = _now(data)
    rows = degree_day_rows(data, date(now.year - YEARS_BACK, 1, 1), now.replace(day=1))
    return {
        row["month"]: Weather(row["degree_days"], row["normal_degree_days"], row["days_in_month"])
        for row in rows.iter_rows(named=True)
    }


def _compare(data: OpenData, own: Own, result: Result, kind: str, language: Language) -> Compared:
    indicator, carrier = COMPARED[own.use]
    beside = [
        (row["name"], row["value"], f"/oppet/byggnad/{row['building']}")
        for row in _comparison(data)
        if (row["kind"], row["indicator"], row["carrier"]) == (kind, indicator, carrier) and row["value"] is not None
    ]
    mine = result.corrected_per_m2
    entries = sorted(
        [*((*each, False) for each in beside), (pick(language, *SAID["yours"]), mine, "", True)], key=lambda each: each[1]
    )
    longest = max(value for _, value, _, _ in entries)
    bars = tuple(
        Bar(name, number(value, language), 100 * value / longest, address, own_one) for name, value, address, own_one in entries
    )
    return Compared(
        _verdict(mine, [value for _, value, _ in beside], language),
        bars,
        _sentences(own, result, language),
        _months(result, language),
    )


def _verdict(mine: float, others: Sequence[float], language: Language) -> str:
    if not others:
        return pick(language, *SAID["nothing"])
    middle = median(others)
    apart = mine / middle - 1 if middle > 0 else 0.0
    if abs(apart) < _ALIKE:
        return pick(language, *SAID["alike"])
    return pick(language, *SAID["above" if apart > 0 else "below"]).format(number(abs(apart) * 100, language, 0))


def _sentences(own: Own, result: Result, language: Language) -> tuple[str, ...]:
    said = [f"{pick(language, *SAID['period']).format(result.first, result.last)}."]
    if own.use is not Use.ELECTRICITY:
        name = "assumed" if result.is_assumed else "share"
        said.append(pick(language, *SAID[name]).format(number(result.share * 100, language, 0)))
        left = [month.name for month in result.months if not month.is_corrected]
        if left:
            said.append(pick(language, *SAID["not_corrected"]).format(", ".join(left)))
    said.append(f"{pick(language, 'Jämförs med', 'Compared with')} {pick(language, *COMPARED_WITH[own.use])}.")
    return tuple(said)


def _months(result: Result, language: Language) -> tuple[tuple[str, str, str], ...]:
    rows = [(month.name, number(month.kwh, language, 0), number(month.corrected_kwh, language, 0)) for month in result.months]
    total = pick(language, "Summa", "Sum"), number(result.kwh, language, 0), number(result.corrected_kwh, language, 0)
    per_m2 = pick(language, "Per m²", "Per m²"), number(result.per_m2, language), number(result.corrected_per_m2, language)
    return (*rows, total, per_m2) if len(rows) > 1 else (total, per_m2)


def _comparison(data: OpenData) -> list[dict[str, Any]]:
    now = data.clock.now().replace(second=0, microsecond=0)
    try:
        return comparison_rows(data.reader, data.figures, now).to_dicts()
    except StoreError:
        return []


def _kinds(data: OpenData, language: Language) -> list[tuple[str, str]]:
    """Kinds of the open buildings, in the order of their names."""
    column = "kind_sv" if language == "sv" else "kind_en"
    rows = [(row["kind"], row[column]) for row in _comparison(data)]
    return sorted(dict.fromkeys(rows), key=lambda each: each[1])


def _years(data: OpenData) -> list[str]:
    """Whole years with degree days of every month, the latest first."""
    now = _now(data)
    rows = degree_day_rows(data, date(now.year - YEARS_BACK, 1, 1), date(now.year - 1, 12, 1))
    known = rows.filter(pl.col("degree_days").is_not_null() & pl.col("normal_degree_days").is_not_null())
    years = [name[:4] for name in known["month"].to_list()]
    return sorted({year for year in years if years.count(year) == 12}, reverse=True)


def _compared() -> dict[str, list[str]]:
    return {use.value: [indicator, carrier] for use, (indicator, carrier) in COMPARED.items()}


def _now(data: OpenData) -> date:
    return local_date(data.clock.now(), data.zone)
