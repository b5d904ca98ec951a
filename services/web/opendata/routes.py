"""The addresses of the open data: /api/v1 for programs, /oppna-data for people."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from services.reports.wording import pick
from services.web.opendata.answering import PREFLIGHT, Answering, tagged
from services.web.opendata.dcat import catalogue
from services.web.opendata.endpoints import ENDPOINTS, ROOT, TABLES, Endpoint
from services.web.opendata.openapi import openapi
from services.web.opendata.ports import OpenData
from services.web.opendata.problems import Problem, bad_request, not_found
from services.web.opendata.rdf import json_ld, rdf_xml, turtle
from services.web.shell import language_of, shell_of
from services.web.signing.limits import RateLimit

READ = ["GET", "HEAD"]
_DAY = {"Cache-Control": "public, max-age=86400"}
_RDF = {
    "turtle": ("text/turtle", turtle),
    "xml": ("application/rdf+xml", rdf_xml),
    "json": ("application/ld+json", json_ld),
}


def open_data_routes(data: OpenData, limit: RateLimit | None, address: Callable[[Request], str]) -> APIRouter:
    """
    Args:
        limit: of requests by address; None: none.
        address: by which a request is counted.
    """
    router = APIRouter()
    answering = Answering(data, limit, address)
    document = orjson.dumps(openapi(data))

    for endpoint in ENDPOINTS:
        router.add_api_route(f"{ROOT}{endpoint.path}", _serving(answering, endpoint), methods=READ)

    @router.api_route(f"{ROOT}/openapi.json", methods=READ)
    def described(request: Request) -> Response:
        return answering.guarded(request, lambda: tagged(request, document, "application/json", _DAY))

    @router.api_route(f"{ROOT}/dcat", methods=READ)
    def dcat(request: Request) -> Response:
        def answer() -> Response:
            media, write = _RDF[_rdf_form(request)]
            return tagged(request, write(catalogue(data, _base(data, request))), media, _DAY)

        return answering.guarded(request, answer)

    @router.options(ROOT + "/{rest:path}")
    def preflight(rest: str) -> Response:  # noqa: ARG001 - the same for every address
        return Response(status_code=204, headers=PREFLIGHT)

    @router.api_route(ROOT + "/{rest:path}", methods=READ)
    def unknown(request: Request, rest: str) -> Response:  # noqa: ARG001 - whatever it is, it does not exist
        def answer() -> Response:
            raise not_found(f"{ROOT}/openapi.json beskriver vad som finns.", f"{ROOT}/openapi.json describes what there is.")

        return answering.guarded(request, answer)

    @router.api_route(ROOT + "/{rest:path}", methods=["POST", "PUT", "PATCH", "DELETE"])
    def only_read(request: Request, rest: str) -> Response:  # noqa: ARG001 - the same for every address
        def answer() -> Response:
            words = ("Här läser man bara: använd GET.", "This is for reading only: use GET.")
            raise Problem(405, "method", ("Går bara att läsa", "For reading only"), words, {"Allow": "GET, HEAD, OPTIONS"})

        return answering.guarded(request, answer)

    @router.get("/oppna-data")
    def page(request: Request) -> HTMLResponse:
        language = language_of(request)
        return shell_of(request).page(
            request,
            "open_data.html",
            title=pick(language, "Öppna data", "Open data"),
            endpoints=ENDPOINTS,
            tables=TABLES,
            root=ROOT,
            publisher=data.publisher,
            sample=_example(data),
        )

    return router


def _serving(answering: Answering, endpoint: Endpoint) -> Callable[..., Response]:
    def serve(request: Request) -> Response:
        return answering.rows(request, endpoint, dict(request.path_params))

    return serve


def _rdf_form(request: Request) -> str:
    given = request.query_params.get("format")
    if given is not None:
        if given not in _RDF:
            raise bad_request("format", "Välj turtle, xml eller json.", "Choose turtle, xml or json.")
        return given
    accept = request.headers.get("accept", "")
    return next((name for name, (media, _) in _RDF.items() if media in accept), "xml")  # the data portal's harvester reads XML


def _base(data: OpenData, request: Request) -> str:
    """As people call the board; as this request does where nobody has said."""
    if data.publisher.board_url:
        return data.publisher.board_url.rstrip("/")
    found = urlsplit(str(request.base_url))
    return f"{found.scheme}://{found.netloc}"


def _example(data: OpenData) -> dict[str, Any]:
    """A building and a carrier for the examples of the page."""
    for building in data.figures.buildings:
        for carrier in data.figures.carriers(building.id):
            if data.figures.points(building.id, carrier):
                return {"building": building.id, "carrier": carrier}
    return {"building": "byggnad", "carrier": "electricity"}
