"""How every answer of the API goes out: limited by address, tagged, licensed, open to any page, and never with what is inside.

An answer's ETag is a digest of its bytes, so it is strong and a page that did not change costs no body. If-Modified-Since is not
answered: a building that is no longer open takes rows away without any of the others being newer.
"""

import hashlib
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import urlencode

import polars as pl
from fastapi import Request, Response

from config.errors import StoreError
from services.web.opendata.endpoints import ROOT, Endpoint
from services.web.opendata.formats import MEDIA_TYPES, Format, Sheet, chosen_format, rendered
from services.web.opendata.paging import key_of
from services.web.opendata.parameters import Given
from services.web.opendata.ports import OpenData
from services.web.opendata.problems import Problem, problem_response, too_many_requests, unavailable
from services.web.signing.limits import Rate, RateLimit

log = logging.getLogger(__name__)

OPEN_DATA = Rate(per_second=5, at_once=120)  # a script that takes one page after the other never notices it
STORE_WAIT_S = 30
FILE_NAMES = {Format.CSV: "csv", Format.EXCEL: "csv", Format.PARQUET: "parquet"}
OPEN_TO_ALL = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, Last-Modified, Retry-After, Content-Disposition",
    "Vary": "Accept",
}
PREFLIGHT = {
    **OPEN_TO_ALL,
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, If-None-Match",
    "Access-Control-Max-Age": "86400",
    "Allow": "GET, HEAD, OPTIONS",
}


class Answering:
    """Any thread.

    Args:
        limit: by address; None: none.
        address: of a request, as it is counted.
    """

    def __init__(self, data: OpenData, limit: RateLimit | None, address: Callable[[Request], str]) -> None:
        self._data = data
        self._limit = limit
        self._address = address

    def rows(self, request: Request, endpoint: Endpoint, parts: Mapping[str, str]) -> Response:
        """The rows that an endpoint gives."""

        def answer() -> Response:
            given = Given(request.query_params, endpoint.all_parameters, self._data.zone)
            form = chosen_format(given.text("format"), request.headers.get("accept", ""))
            cursor = given.text("cursor")
            after = None if cursor is None else key_of(endpoint.table, cursor)
            found = endpoint.produce(self._data, given, parts, after, given.limit())
            following = _following(request, found.cursor) if found.cursor else ""
            sheet = Sheet(endpoint.table, found.rows, beside(self._data, endpoint, following))
            headers = {
                "Link": ", ".join(_links(endpoint, following)),
                "Cache-Control": f"public, max-age={endpoint.fresh_s}",
                **_modified(found.rows),
            }
            if form in FILE_NAMES:
                headers["Content-Disposition"] = f'attachment; filename="{endpoint.table.id}.{FILE_NAMES[form]}"'
            return tagged(request, rendered(sheet, form), MEDIA_TYPES[form], headers)

        return self.guarded(request, answer)

    def guarded(self, request: Request, answer: Callable[[], Response]) -> Response:
        """`answer`, or the problem in its place; either way open to any page."""
        try:
            wait = 0 if self._limit is None else self._limit.take(self._address(request))
            if wait:
                raise too_many_requests(wait)
            response = answer()
        except Problem as problem:
            response = problem_response(problem)
        except StoreError as error:
            log.warning("open data could not be read", extra={"path": request.url.path, "reason": str(error)})
            response = problem_response(unavailable(STORE_WAIT_S))
        response.headers.update(OPEN_TO_ALL)
        return response


def beside(data: OpenData, endpoint: Endpoint, following: str) -> dict[str, object]:
    """What stands beside the rows."""
    table = endpoint.table
    return {
        "table": table.id,
        "title_sv": table.title_sv,
        "title_en": table.title_en,
        "publisher": data.publisher.name,
        "licence": table.licence.address,
        "attribution": table.licence.attribution,
        "zone": data.zone,
        "next": following or None,
    }


def tagged(request: Request, body: bytes, media_type: str, headers: Mapping[str, str]) -> Response:
    """The body with its digest; nothing but the digest where the client has it."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    held = [each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")]
    if tag in held or "*" in held:
        return Response(status_code=304, headers={**headers, "ETag": tag})
    return Response(body, headers={**headers, "ETag": tag}, media_type=media_type)


def _links(endpoint: Endpoint, following: str) -> list[str]:
    links = [
        f'<{endpoint.table.licence.address}>; rel="license"',
        f'<{ROOT}/openapi.json>; rel="service-desc"',
        f'</oppna-data#{endpoint.table.id}>; rel="describedby"',
    ]
    return [f'<{following}>; rel="next"', *links] if following else links


def _following(request: Request, cursor: str) -> str:
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
    return f"{request.url.path}?{urlencode([*kept, ('cursor', cursor)])}"


def _modified(rows: pl.DataFrame) -> dict[str, str]:
    """When the newest of the rows came to be known, where they say."""
    if "calculated" not in rows.columns:
        return {}
    newest = rows["calculated"].max()
    if not isinstance(newest, datetime):
        return {}
    return {"Last-Modified": format_datetime(newest.astimezone(UTC), usegmt=True)}
