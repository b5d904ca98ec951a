"""What goes wrong, told as problem+json (RFC 9457): what it is and what to do, in Swedish and English. Nothing of the inside."""

from collections.abc import Mapping

import orjson
from fastapi import Response

MEDIA_TYPE = "application/problem+json"


class Problem(Exception):
    """An answer that is none.

    Args:
        kind: the last part of its address, which leads to the page that explains it.
        title, detail: Swedish, English.
    """

    def __init__(
        self,
        status: int,
        kind: str,
        title: tuple[str, str],
        detail: tuple[str, str],
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail[1])
        self.status = status
        self.kind = kind
        self.title = title
        self.detail = detail
        self.headers = dict(headers or {})


def bad_request(name: str, swedish: str, english: str) -> Problem:
    """A parameter that cannot be used. The value itself is not sent back."""
    title = (f"Parametern {name} går inte att använda", f"The parameter {name} cannot be used")
    return Problem(400, "parameter", title, (swedish, english))


def not_found(swedish: str, english: str) -> Problem:
    return Problem(404, "not-found", ("Finns inte", "Not found"), (swedish, english))


def too_much(swedish: str, english: str) -> Problem:
    """More than is answered at once."""
    return Problem(400, "too-much", ("För mycket på en gång", "Too much at once"), (swedish, english))


def too_many_requests(wait_s: int) -> Problem:
    return Problem(
        429,
        "too-many-requests",
        ("För många frågor", "Too many requests"),
        (
            f"Vänta {wait_s} s och fråga sedan långsammare; hämta hellre större sidor (limit) än fler.",
            f"Wait {wait_s} s, then ask more slowly; rather take larger pages (limit) than more of them.",
        ),
        {"Retry-After": str(wait_s)},
    )


def unavailable(wait_s: int) -> Problem:
    """The store does not answer; why is ours to know."""
    return Problem(
        503,
        "unavailable",
        ("Databasen svarar inte", "The database does not answer"),
        ("Felet är vårt och övergående; försök igen om en stund.", "The fault is ours and passes; try again in a while."),
        {"Retry-After": str(wait_s)},
    )


def problem_response(problem: Problem) -> Response:
    body = {
        "type": f"/oppna-data#fel-{problem.kind}",
        "title": problem.title[0],
        "title_en": problem.title[1],
        "status": problem.status,
        "detail": problem.detail[0],
        "detail_en": problem.detail[1],
    }
    headers = {"Cache-Control": "no-store", **problem.headers}
    return Response(orjson.dumps(body), problem.status, headers, MEDIA_TYPE)
