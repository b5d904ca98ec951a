"""A municipality of which some is open and some is not, with hours and figures of all of it, and its API on a free port."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import orjson
import polars as pl
from fastapi import Request

import services.web.opendata
from config.domain.assessments import GoalRecord, GoalValue
from config.domain.estate import Building, Carrier, Direction, Installation, Meter, MeteringPoint, Owner, Portfolio, Register
from config.domain.factors import Mark
from config.domain.goals import Goal, Goals, Level, MeasuredBy
from config.domain.goals import Path as GoalPath
from config.domain.indicators import PORTFOLIO, IndicatorValue, Missing, Subject, SubjectKind
from config.domain.intervals import Method
from config.domain.open_figures import OpenFigures
from config.domain.periods import Period, PeriodKind, month
from config.domain.weather import DAYS, NORMAL_MONTHS, OWN_DEGREE_DAYS, DegreeDayTerms, WeatherPlan, WeatherYears
from services.reports.goal_standing import GoalStanding
from services.state.state import State
from services.store.figures import indicator_frame
from services.web.opendata.ports import OpenData, Publisher
from services.web.opendata.routes import open_data_routes
from services.web.reading import CachedReader
from services.web.signing.limits import RateLimit
from tests.dashboards import example
from tests.services.web.board import HTTP, CountingStore, FixedClock, running

ZONE = example.ZONE
HOUR = timedelta(hours=1)
SECRET = "hemligt"  # in every id and name that nobody may see
NASTY = '=HYPERLINK("http://x")'
MARKUP = "<b>\"Å&'</b>"
FIRST_HOUR = datetime(2026, 11, 15, 23, tzinfo=UTC)  # midnight in Sweden, eight days before the example's now
MEASURED = ("s0", "s1", "s2", f"{SECRET}-l1")
TEMPLATES = Path(services.web.opendata.__path__[0]) / "templates"


def portfolio() -> Portfolio:
    """Three schools, of which one has a meter that is not open; a library beside one that is hidden; a preschool beside three."""
    made = [
        building("s0", NASTY, "school"),
        building("s1", MARKUP, "school"),
        building("s2", "Tredje skolan", "school"),
        building("l0", "Biblioteket", "library"),
        building(f"{SECRET}-l1", f"{SECRET} biblioteket", "library", public=False),
        building("p0", "Förskolan", "preschool"),
        *(building(f"{SECRET}-p{number}", f"{SECRET} förskolan {number}", "preschool", public=False) for number in range(3)),
    ]
    points = [each for one in made for each in points_of(one)]
    meters = [Meter(f"m-{each.id}", "test", each.id, (Register("active_energy_import"),)) for each in points]
    start = FIRST_HOUR - timedelta(days=2)
    installed = [Installation(each.id, f"m-{each.id}", "active_energy_import", start) for each in points]
    owners = {"namnden": Owner("namnden", "Nämnden", "committee")}
    return Portfolio(
        "Provköping",
        ZONE,
        owners,
        {each.id: each for each in made},
        {each.id: each for each in points},
        {each.id: each for each in meters},
        tuple(installed),
    )


def building(identifier: str, name: str, kind: str, *, public: bool = True) -> Building:
    return Building(identifier, name, kind, "namnden", 1_000.0, 60.48, 15.43, public=public)


def points_of(of: Building) -> Sequence[MeteringPoint]:
    """Two main meters of electricity, one of heat and a sub-meter; those of electricity of s2 are not open, nor any sub-meter."""

    def one(name: str, carrier: Carrier, *, public: bool, parent: str | None = None) -> MeteringPoint:
        return MeteringPoint(name, name, of.id, carrier, Direction.IMPORT, 0.001, parent=parent, public=public)

    shut = f"{SECRET}-" if of.id == "s2" else ""
    return (
        one(f"{of.id}-el-1", Carrier.ELECTRICITY, public=of.public),
        one(f"{of.id}-{shut}el-2", Carrier.ELECTRICITY, public=of.public and not shut),
        one(f"{of.id}-varme", Carrier.DISTRICT_HEATING, public=of.public),
        one(f"{of.id}-{SECRET}-kok", Carrier.ELECTRICITY, public=False, parent=f"{of.id}-el-1"),
    )


def intervals(town: Portfolio, end: datetime) -> pl.DataFrame:
    """1 kWh an hour at the first meter of electricity, 2 at the second, 10 of heat, 999 at sub-meters; s1's heat has a hole."""
    sizes = {"el-1": 1.0, "el-2": 2.0, "varme": 10.0, "kok": 999.0}
    rows = []
    for point in town.points.values():
        if point.building not in MEASURED:
            continue
        value = next(size for name, size in sizes.items() if point.id.endswith(name))
        level = "main" if point.parent is None else "sub"
        start = FIRST_HOUR
        while start < end:
            row = example.row_of(point.id, point.building, point.carrier.value, "import", level, start, value)
            if point.id == "s1-varme" and start == FIRST_HOUR + 30 * HOUR:
                row |= {"value": None, "coverage": 0.0, "method": Method.MISSING.value}
            if point.id == "s0-el-1" and start == FIRST_HOUR + 31 * HOUR:
                row |= {"coverage": 0.5, "method": Method.INTERPOLATED.value}
            rows.append(row)
            start += HOUR
    return pl.DataFrame(rows, schema_overrides={"time": pl.Datetime("us", "UTC"), "value": pl.Float64})


def figures(town: Portfolio) -> list[IndicatorValue]:
    """Energy of thirteen months and one rolling year, of every building, point, owner, kind and the whole."""
    months = [month(date(2025 + (9 + at) // 12, (9 + at) % 12 + 1, 1), ZONE) for at in range(13)]
    year = Period(PeriodKind.ROLLING_YEAR, months[1].start, months[-1].end, ZONE)
    subjects = [
        *(Subject(SubjectKind.BUILDING, each) for each in town.buildings),
        *(Subject(SubjectKind.POINT, each) for each in town.points),
        *(Subject(SubjectKind.BUILDING_KIND, each) for each in ("school", "library", "preschool")),
        Subject(SubjectKind.OWNER, "namnden"),
        Subject(SubjectKind.PORTFOLIO, PORTFOLIO),
    ]
    found = []
    for number, subject in enumerate(subjects):
        for at, period in enumerate(months):
            value: float | Missing = 1_000.0 * number + at
            if subject.id == "s0" and at == 3:
                value = Missing("Mätaren var tyst.", "The meter was silent.")
            found += [figure("energy", subject, period, value, carrier) for carrier in ("electricity", "district_heating")]
        for_year = partial(figure, "corrected_specific_energy", subject, year, 100.0 + number)
        found += [for_year(carrier) for carrier in ("", "electricity", "district_heating")]
    return found


def figure(indicator: str, subject: Subject, period: Period, value: float | Missing, carrier: str) -> IndicatorValue:
    return IndicatorValue(indicator, subject, period, value, 0.95, f"{indicator}-3", {"el": "2024"}, carrier, 1.5)


def goals() -> Goals:
    """One of the whole, one of a library's energy that nobody may see, and one from files."""

    def goal(name: str, measured: MeasuredBy | None) -> Goal:
        return Goal(
            name,
            Level.MUNICIPALITY,
            "Nämnden",
            f"Mål {name}",
            f"Goal {name}",
            "energi",
            "MWh/år",
            GoalPath.LINEAR,
            "provet",
            Mark.VERIFIED,
            base_year=2020,
            base_value=100.0,
            target_year=2030,
            target_value=80.0,
            measured_by=measured,
        )

    shut = Subject(SubjectKind.BUILDING_KIND, "library")
    return Goals((goal("fil", None), goal("bibliotek", MeasuredBy("energy", shut, "electricity"))))


def weather(start: datetime, end: datetime) -> WeatherYears:
    """Every day 7 °C, ten degree days, but for the second of November 2026; a normal month has 310, February 280 and 290."""
    first, last = (start + 3 * HOUR).date(), (end - HOUR).date()
    days = [first + timedelta(days=at) for at in range((last - first).days + 1)]
    known = [day for day in days if day < example.NOW.date() and day != date(2026, 11, 2)]
    frame = pl.DataFrame(
        {"day": known, "temperature_c": [7.0] * len(known), "station": ["105260"] * len(known), "bridged": [False] * len(known)},
        schema=DAYS,
    )
    normal = pl.DataFrame(
        [(at, 280.0 if at == 2 else 310.0, 290.0 if at == 2 else 310.0, 7.0) for at in range(1, 13)],
        schema=NORMAL_MONTHS,
        orient="row",
    )
    terms = DegreeDayTerms(17.0, OWN_DEGREE_DAYS, "105260", "SMHI", "1991-2020")
    return WeatherYears(frame, normal_months=normal, terms=terms)


@dataclass
class Answer:
    status: int
    body: bytes
    headers: Any

    def json(self) -> Any:

        return orjson.loads(self.body)


@dataclass
class Api:
    """A running API."""

    url: str
    store: CountingStore
    data: OpenData

    def get(self, path: str, method: str = "GET", **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = HTTP.request(method, self.url.rstrip("/") + path, headers=named, redirect=False)
        return Answer(answer.status, answer.data, answer.headers)

    def rows(self, path: str) -> list[dict[str, Any]]:
        """Of all pages, at most a thousand of them."""
        found: list[dict[str, Any]] = []
        address = f"/api/v1{path}"
        for _ in range(1_000):
            answer = self.get(address)
            assert answer.status == 200, answer.body
            found += answer.json()["rows"]
            address = answer.json()["next"]
            if not address:
                return found
        raise AssertionError("the pages never end")


def made_of(store: CountingStore, state: State, town: Portfolio | None = None) -> OpenData:
    """The open data over a store."""
    town = town or portfolio()
    clock = FixedClock()
    values = [GoalValue(date(year, 12, 31), 100.0 - 3 * (year - 2020), "provet") for year in range(2020, 2026)]
    state.goal_values.put([GoalRecord("fil", "MWh/år", value) for value in values], example.NOW)
    standing = GoalStanding(goals(), town, store, state)
    publisher = Publisher("Provköping", "energi@example.se")
    return OpenData(town, OpenFigures(town), store, clock, goals(), standing, weather, WeatherPlan(), publisher)


def fill(store: CountingStore) -> None:
    town = portfolio()
    store.write_intervals(intervals(town, example.NOW.replace(minute=0, second=0)))
    store.write_indicator_values(indicator_frame(figures(town), datetime(2026, 11, 3, 4, 5, 6, tzinfo=UTC)))


@contextmanager
def serving(folder: Path, limit: RateLimit | None = None, remembering_s: float = 0.0) -> Iterator[Api]:
    """The API in a thread; ends with the block.

    Args:
        remembering_s: how old the store's answers may be.
    """
    store, state = CountingStore(), State.open(folder / "state.sqlite")
    fill(store)
    data = made_of(store, state)
    data = replace(data, reader=CachedReader(store, remembering_s)) if remembering_s else data
    routes = open_data_routes(data, limit, address_of)
    with running(filled=False, dashboards=(), routers=(routes,), templates=(TEMPLATES,)) as board:
        yield Api(board.url, store, data)
    state.close()


def address_of(request: Request) -> str:
    return request.headers.get("x-test-address", "one")
