"""Is it alive, and can it show figures: two questions, for whoever watches the service. No names, no figures, for everybody."""

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse

from config.domain.clock import Clock
from config.domain.series import READINGS, SeriesQuery
from config.errors import StoreError
from services.web.reading import SeriesReader


def health_routes(store: SeriesReader, clock: Clock) -> APIRouter:
    """`store` answers each time: readiness must not be remembered."""
    router = APIRouter()

    @router.get("/healthz")
    def healthz() -> PlainTextResponse:
        return PlainTextResponse("ok\n")

    @router.get("/readyz")
    def readyz() -> PlainTextResponse:
        now = clock.now().replace(second=0, microsecond=0)
        try:
            store.read(SeriesQuery(READINGS, now, now.replace(second=1), {"meter": ("energimonitor-ready",)}))
        except StoreError as error:
            return PlainTextResponse(f"the store does not answer: {error}\n", 503)
        return PlainTextResponse("ok\n")

    return router
