"""Nothing that anybody can fetch names what is not open, though the reasons in the store do."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote

import polars as pl
import pytest

from config.domain.figure_names import FigureName, period_name
from config.domain.indicators import IndicatorValue, Missing, Subject, SubjectKind
from config.domain.open_reasons import SAID_OF_MANY, SAID_OF_ONE
from config.domain.periods import Period, PeriodKind, month
from dashboards.citizens.open_figures import DASHBOARD
from services.reports.lineage import LineageReader
from services.state.figure_history import FigureChange
from services.state.state import State
from services.store.figures import indicator_frame
from services.web.board import Board
from services.web.citizens.pages import citizen_routes
from services.web.open_words import with_open_reasons
from services.web.opendata.routes import open_data_routes
from tests.dashboards import example, example_pictures
from tests.services.web.board import HTTP, CountingStore, Page, running
from tests.services.web.citizens.site import TEMPLATES
from tests.services.web.opendata.test_api import ADDRESSES
from tests.services.web.opendata.town import SECRET, address_of, figure, fill, made_of, portfolio

METER, POINT = f"m-s0-{SECRET}-kok", f"s0-{SECRET}-kok"
OF_ONE = Missing(f"Mätaren {METER} vid {POINT} var tyst.", f"The meter {METER} at {POINT} was silent.")
OF_MANY = Missing(
    f"Saknas för 1 av 4 byggnader ({SECRET} förskolan 0). Pris saknas för {SECRET}-p0-el-1.",
    f"Missing for 1 of 4 buildings ({SECRET} förskolan 0). No price of {SECRET}-p0-el-1.",
)
LAST = month(example_pictures.months_before(1), example.ZONE)
YEAR = Period(PeriodKind.ROLLING_YEAR, month(example_pictures.months_before(12), example.ZONE).start, LAST.end, example.ZONE)
S0, KIND = Subject(SubjectKind.BUILDING, "s0"), Subject(SubjectKind.BUILDING_KIND, "preschool")
SHOWN = ("corrected_specific_energy", "energy_total", "emissions_location", "renewable_share", "emission_intensity_location")
NOBODY = {"X-Forwarded-For": "192.0.2.7"}


def lacking() -> Iterator[IndicatorValue]:
    """Every figure that open pages show, missing with a reason that names what is not open."""
    for subject, why in ((S0, OF_ONE), (KIND, OF_MANY)):
        for period in (LAST, YEAR):
            for indicator in (*SHOWN, "energy"):
                for carrier in ("", "electricity", "district_heating"):
                    yield figure(indicator, subject, period, why, carrier)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    store, state = CountingStore(), State.open(tmp_path_factory.mktemp("state") / "state.sqlite")
    fill(store)
    store.write_indicator_values(indicator_frame(list(lacking())).with_columns(lacks=pl.lit("input")))
    sentences = (f"Siffran ändrades: ny mätpunkt {POINT}.", f"The figure changed: new metering point {POINT}.")
    what = ("energy", "electricity", "building", "s0", "month", LAST.start, LAST.end)
    state.figure_changes.add([FigureChange(example.NOW, *what, 1.0, None, "portfolio", *sentences)])
    data = made_of(store, state)
    board = Board(data.portfolio, (DASHBOARD,), store, data.clock, None)
    routes = (open_data_routes(data, None, address_of), citizen_routes(data, board, state.deviation_threads))
    figures = LineageReader(data.portfolio, store, state, "1")
    with running(
        filled=False,
        dashboards=(DASHBOARD,),
        routers=routes,
        templates=TEMPLATES,
        portfolio=data.portfolio,
        store=store,
        figures=figures,
    ) as served:
        yield served.url
    state.close()


def fetched(url: str, path: str) -> Page:
    answer = HTTP.request("GET", url.rstrip("/") + path, headers=NOBODY, redirect=False)
    return Page(answer.status, answer.data.decode(errors="replace"), answer.headers)


PAGES = [
    "/",
    "/api/buildings",
    "/oppet",
    "/oppet/byggnad/s0",
    "/oppet/rad",
    f"/tavla/{DASHBOARD.uid}",
    f"/paneler/{DASHBOARD.uid}",
    f"/api/panels/{DASHBOARD.uid}",
    *(f"/csv/{DASHBOARD.uid}/{each.id}" for each in DASHBOARD.panels),
    "/siffror/building:s0",
    *(f"/siffror/building:s0?period={period_name(each)}" for each in (LAST, YEAR)),
    *(
        f"/siffra/{quote(str(FigureName(indicator, carrier, S0, period)), safe='')}"
        for indicator, carrier in (("corrected_specific_energy", ""), ("energy", "electricity"))
        for period in (LAST, YEAR)
    ),
]
DATA = [*ADDRESSES.values(), "/values?indicator=" + ",".join(SHOWN[:1]) + "&period=rolling_year&subject_kind=building_kind"]


@pytest.mark.parametrize("language", ["", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_no_open_page_names_what_is_not_open(url: str, path: str, language: str) -> None:
    """Neither id, name nor meter."""
    page = fetched(url, f"{path}{'&' if '?' in path else '?'}lang={language}" if language else path)

    assert page.status == 200, path
    assert SECRET not in page.text.casefold()


@pytest.mark.parametrize("path", DATA)
def test_no_open_file_names_what_is_not_open(url: str, path: str) -> None:
    """In any format."""
    for form in ("json", "csv", "excel"):
        answer = fetched(url, f"/api/v1{path}{'&' if '?' in path else '?'}format={form}")
        assert answer.status == 200
        assert SECRET not in answer.text.casefold()
    raw = HTTP.request("GET", f"{url.rstrip('/')}/api/v1{path}{'&' if '?' in path else '?'}format=parquet").data
    assert not any(SECRET in str(cell).casefold() for row in pl.read_parquet(io.BytesIO(raw)).rows() for cell in row)


def test_the_kind_of_lack_is_told_all_the_same(url: str) -> None:
    """In the API, in the dashboard's rows and on the figure's page."""
    api = fetched(url, "/api/v1/values?indicator=corrected_specific_energy&period=rolling_year&subject_kind=building_kind")
    board = fetched(url, f"/tavla/{DASHBOARD.uid}").text
    figure_page = fetched(url, PAGES[-1]).text

    assert SAID_OF_MANY["input"][0] in api.text
    assert SAID_OF_MANY["input"][0] in board
    assert SAID_OF_ONE["input"][0] in board
    assert re.search("|".join((SAID_OF_ONE[""][0], "saknas")), figure_page)


def test_who_has_signed_in_reads_the_reason_itself(url: str) -> None:
    """A reader acts on it: the same page over loopback."""
    page = HTTP.request("GET", f"{url.rstrip('/')}{PAGES[-2]}").data.decode()

    assert POINT in page


def test_a_frame_keeps_its_order_its_columns_and_what_is_not_missing() -> None:
    """Only reasons change; a frame without them is given back."""
    frame = indicator_frame([*lacking(), figure("energy", S0, LAST, 5.0, "")])
    town = portfolio()

    told = with_open_reasons(frame, town)

    assert told.drop("reason", "reason_en").equals(frame.drop("reason", "reason_en"))
    assert told.columns == frame.columns
    assert told["reason"][-1] == ""
    assert with_open_reasons(plain := frame.drop("reason"), town) is plain
    assert with_open_reasons(frame.clear(), replace(town)).is_empty()
