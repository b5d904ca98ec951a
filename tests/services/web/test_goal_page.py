"""A goal's page over HTTP: what it tells, that its figures are those of the dashboards, who may read it, and what leads there."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from fastapi import Request

from config.domain.assessments import Forecast
from config.domain.indicators import Missing
from config.domain.panels import Audience
from config.domain.series import GOALS, SeriesQuery
from config.errors import StoreUnavailable
from dashboards.board.overview import DASHBOARD as BOARD
from dashboards.citizens.open_figures import DASHBOARD as OPEN
from dashboards.environment_team.goals import DASHBOARD
from services.reports.goal_standing import GoalStanding
from services.reports.wording import number
from services.web.visitor import Rights, Visitor
from tests.dashboards import example
from tests.services.web.board import HTTP, Board, CountingStore, running
from tests.services.web.goal_site import LACKING, METERED, REPORTED, fill, state_in

MANAGER = Visitor("olle", Rights.FACILITY_MANAGER, owners=frozenset({"skolnamnden"}))
PUBLIC_GOALS = replace(DASHBOARD, uid="oppna-mal", audience=Audience.CITIZENS)


def visitor_of(request: Request) -> Visitor:
    """As a header says; the tests' own."""
    told = {"manager": MANAGER, "public": Visitor("", Rights.PUBLIC)}
    return told.get(request.headers.get("x-test-visitor", ""), Visitor("laila", Rights.READER))


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Board, GoalStanding]]:
    state, store = state_in(tmp_path_factory.mktemp("state")), CountingStore()
    standing = fill(store, state)
    with running(store=store, dashboards=(DASHBOARD, BOARD, OPEN), goals=standing, visitor=visitor_of) as board:
        yield board, standing
    state.close()


@pytest.fixture
def board(served: tuple[Board, GoalStanding]) -> Board:
    return served[0]


@pytest.fixture
def standing(served: tuple[Board, GoalStanding]) -> GoalStanding:
    return served[1]


def words_of(page: str) -> str:
    """What a reader sees, on one line."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page))).replace("\xa0", " ")


def rows_of(board: Board, path: str) -> dict[str, dict[str, str]]:
    """Of a file, by the first column."""
    text = board.get(path).text.removeprefix("\ufeff")
    return {row["id"]: row for row in csv.DictReader(io.StringIO(text))}


def test_the_page_tells_what_the_dashboards_tell(board: Board, standing: GoalStanding) -> None:
    """Verdict, probability, latest value and path are those of the picture that the job drew, to the last digit."""
    frame = board.store.read(SeriesQuery(GOALS, where={"goal": (METERED,)}))
    (told,) = frame.to_dicts()

    rows = rows_of(board, f"/mal/{METERED}/csv/laget")

    assert rows["verdict"]["värde"] == told["verdict"]
    assert float(rows["probability"]["värde"]) == told["probability"]
    assert float(rows["latest"]["värde"]) == told["value"]
    assert float(rows["place"]["värde"]) == pytest.approx(told["value"] - told["path"])


def test_the_interval_is_that_of_the_forecast(board: Board, standing: GoalStanding) -> None:
    """The middle 80 %, with what the year is to reach and how probable that is."""
    goal = standing.goal(METERED)
    assert not isinstance(goal, Missing)
    expected = standing.assessment(goal, example.NOW).this_year
    assert isinstance(expected, Forecast)
    assert not isinstance(expected.target, Missing)
    low, high, target = (number(each, "sv").replace("\xa0", " ") for each in (expected.low, expected.high, expected.target))

    page = words_of(board.get(f"/mal/{METERED}").text)

    assert f"80 %: mellan {low} och {high} MWh/år" in page
    assert f"ska nå {target} MWh/år" in page


def test_the_latest_value_has_coverage_method_and_factors(board: Board) -> None:
    """Of the published figure that it is made of."""
    page = words_of(board.get(f"/mal/{METERED}").text)

    assert "täckning 97 %" in page
    assert "± 0,500 MWh/år" in page
    assert "modell goal-1; beräkning energy-3; faktorer: el 2026" in page


def test_the_decision_is_there_with_its_source_and_how_well_it_is_known(board: Board) -> None:
    """Owner, date, document, base, target, unit, path."""
    page = words_of(board.get(f"/mal/{METERED}").text)

    for text in (
        "Kommunstyrelsen · källa: miljöstrategin (egen räkning)",
        "Beslutat 2024-03-25",
        "Dokument Energiplan 2024",
        "Basvärde 1 000 MWh/år (2023)",
        "Mål 800 MWh/år (2030)",
        "Väg rak linje från basår till målår",
        "Mäts med Energianvändning, totalt, Hela beståndet",
    ):
        assert text in page, text


def test_what_remains_is_divided_and_what_was_done_is_told(board: Board) -> None:
    """The school uses a quarter; the buildings of which nothing is known say so. The action leads to its thread."""
    text = board.get(f"/mal/{METERED}").text
    page = words_of(text)

    assert "Soltorgets skola" in page
    assert "drifttiderna ändrade" in page
    assert 'href="/avvikelse/2"' in text


def test_a_goal_outside_metering_says_that_it_is_reported(board: Board) -> None:
    """With source, date and mark of each value, and no coverage, which nobody measured."""
    page = words_of(board.get(f"/mal/{REPORTED}").text)
    rows = rows_of(board, f"/mal/{REPORTED}/csv/varden")

    assert "Rapporterade värden" in page
    assert "rapporterat: kommunens solkarta" in page
    assert "Mäts med Inga mätare: värdena rapporteras." in page
    assert rows["2025-12-31"] == {
        "id": "2025-12-31",
        "tolv månader till": "2025-12-31",
        "värde [MW]": "4.3",
        "± [MW]": "",
        "täckning [1]": "",
        "källa": "kommunens solkarta",
        "hur väl känt": "V",
        "infört": str(example.NOW.date()),
    }
    assert rows["2019-12-31"]["källa"] == "miljöstrategin"
    assert "Åtgärder i målets byggnader" not in page


def test_a_goal_that_lacks_everything_says_what_and_why(board: Board) -> None:
    """Each reason once with all that it takes away, without the goal's text in front; and what a person is to enter."""
    page = words_of(board.get(f"/mal/{LACKING}").text)

    assert "kan inte bedömas" in page
    assert "väntat värde 2030, vad som återstår Inga värden är införda: energimonitor goals import FIL." in page
    assert "Vad som ska nås 2030 Målvärde saknas i goals.yaml." in page
    assert "Att föra in För in målvärdet ur klimatkontraktet." in page
    assert page.index("Det som saknas") < page.index("Så står målet")
    assert "Klimatneutral 2030:" not in page


def test_the_picture_has_its_table_and_its_file(board: Board) -> None:
    """In the goal's unit. A forecast has no coverage, and a year that a line does not have is not missing."""
    text = board.get(f"/mal/{METERED}").text
    rows = rows_of(board, f"/mal/{METERED}/csv/bilden")

    assert 'id="draw-bilden-all"' in text
    assert 'id="table-bilden-all"' in text
    assert f"/mal/{METERED}/csv/bilden" in text
    assert float(rows["2030-12-31"]["Målets väg [MWh/år]"]) == 800.0
    assert "missing" not in {value for row in rows.values() for value in row.values()}


def test_every_way_to_a_goal_leads_to_its_page_in_the_reader_s_language(board: Board) -> None:
    """Rows and pictures of both dashboards, and back."""
    for dashboard in (DASHBOARD, BOARD):
        text = board.get(f"/tavla/{dashboard.uid}?lang=en").text
        found = set(re.findall(r'href="(/mal/[^"]+)"', text))

        assert found == {f"/mal/{each}?lang=en" for each in (METERED, REPORTED, LACKING)}
        assert len(re.findall(rf'<h4><a href="/mal/{METERED}', text)) == 1
    page = board.get(f"/mal/{METERED}?lang=en").text
    assert "Energy use −20 % by 2030" in page
    assert f'href="/tavla/{DASHBOARD.uid}?lang=en"' in page
    assert f"/mal/{METERED}/csv/bilden?lang=en" in page


def seen_by(board: Board, path: str, visitor: str) -> int:
    return HTTP.request("GET", board.url.rstrip("/") + path, headers={"X-Test-Visitor": visitor}, redirect=False).status


@pytest.mark.parametrize("path", [f"/mal/{METERED}", f"/mal/{REPORTED}", f"/mal/{METERED}/csv/bilden"])
def test_whoever_may_open_no_dashboard_of_goals_sees_none(board: Board, path: str) -> None:
    """A facility manager and anybody."""
    assert [seen_by(board, path, each) for each in ("reader", "manager", "public")] == [200, 404, 404]


def test_an_open_dashboard_opens_the_goals_whose_figures_are_open(tmp_path: Path) -> None:
    """The whole estate's energy would tell of what is hidden; what is reported is open already."""
    state, store = state_in(tmp_path), CountingStore()
    standing = fill(store, state)
    with running(store=store, dashboards=(PUBLIC_GOALS,), goals=standing, visitor=visitor_of) as board:
        statuses = [seen_by(board, f"/mal/{each}", "public") for each in (METERED, REPORTED, LACKING)]
    state.close()

    assert statuses == [404, 200, 200]


@pytest.mark.parametrize("path", ["/mal/finns-inte", "/mal/%3Cscript%3E", f"/mal/{METERED}/csv/finns-inte", "/mal/..%2f..%2fetc"])
def test_what_is_not_there_has_no_page(board: Board, path: str) -> None:
    """Told like any other address."""
    answer = board.get(path)

    assert answer.status == 404
    assert "<script>" not in answer.text.replace('<script src="', "")


def test_a_store_that_does_not_answer_is_told(tmp_path: Path) -> None:
    """Without its words."""
    state, store = state_in(tmp_path), CountingStore()
    standing = fill(store, state)
    with running(store=store, dashboards=(DASHBOARD,), goals=standing) as board:
        store.fail_with = StoreUnavailable("http://user:secret@db.internal refused")
        answer = board.get(f"/mal/{METERED}")
    state.close()

    assert answer.status == 503
    assert "databasen svarar inte" in answer.text
    assert "secret" not in answer.text
