"""Every question that Grafana's panels ask, beside the question of the store's that it stands for."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from config.domain.estate import Portfolio
from config.domain.panels import About, Choice, Dashboard, Panel, PanelQuery, everything, one, opened
from config.domain.windows import LAST_MONTH
from services.grafana import sdk
from services.grafana.dashboards import DRAWN
from services.grafana.names import Names
from services.grafana.parts import Part, Scene, parts
from services.grafana.variables import reader_facet, variables
from services.store.timeseries import TimeSeriesStore

# of one InfluxQL statement: its series, as InfluxDB's /query answers
Asked = Callable[[str], Sequence[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Question:
    """One target of one of Grafana's panels.

    Attributes:
        query: what it stands for; resolved for a reader and an instant it is the board's question.
        fields: of a table of points, those that it asks for.
    """

    dashboard: Dashboard
    panel: Panel
    title: str
    statement: str
    query: PanelQuery
    fields: tuple[str, ...] = ()
    names: Names | None = None


def questions(dashboard: Dashboard, portfolio: Portfolio, goals: Mapping[str, str] | None = None) -> Iterator[Question]:
    """All that its panels ask."""
    scene = Scene(dashboard, Names(portfolio, goals or {}), sdk.common.DataSourceRef(type_val="influxdb", uid="x"))
    for panel in dashboard.panels:
        for part in parts(panel, scene):
            targets = {each["refId"]: each["query"] for each in sdk.plain(DRAWN[panel.kind](part, scene).build())["targets"]}
            yield from (replace(question, names=scene.names) for question in _of_part(dashboard, part, targets))


def asked_by(question: Question, portfolio: Portfolio, building: str, now: datetime) -> str:
    """The statement as Grafana sends it: its bounds and the reader's choice in place of its variables."""
    start, end = question.query.window.bounds(now, portfolio.timezone)
    last = end - timedelta(milliseconds=1)
    month, _ = LAST_MONTH.bounds(now, portfolio.timezone)
    statement = question.statement.replace("$timeFilter", f"time >= {_ms(start)}ms and time <= {_ms(last)}ms")
    statement = statement.replace("${__from}", str(_ms(month)))
    for variable in sdk.plain(variables(question.dashboard, question.names or Names(portfolio))):
        statement = statement.replace(f"${{{variable['name']}:pipe}}", _value(variable, portfolio, building))
    assert "${" not in statement, statement
    assert "$time" not in statement, statement
    return statement


def reader(dashboard: Dashboard, portfolio: Portfolio, building: str) -> Choice:
    """Whose choice that is."""
    choice = one(building) if dashboard.about is About.BUILDING else everything(portfolio)
    return opened(portfolio, choice) if dashboard.public else choice


def the_same(question: Question, store: TimeSeriesStore, portfolio: Portfolio, building: str, now: datetime, ask: Asked) -> int:
    """Compare the answer through Grafana with the store's own; how many rows there were.

    Raises:
        AssertionError: they differ.
    """
    found = ask(asked_by(question, portfolio, building, now))
    rows = [dict(zip(series["columns"], row, strict=True)) for series in found for row in series["values"]]
    resolved = question.query.resolve(portfolio, reader(question.dashboard, portfolio, building), now)
    choices = reader_facet(question.panel, question.names or Names(portfolio))
    if choices and len(resolved.where.get(question.panel.facet, ())) != 1:
        resolved = replace(resolved, where={**resolved.where, question.panel.facet: (next(iter(choices)),)})
    frame = store.read(resolved)
    for name in question.fields or _number(question.query):
        answered = [row[name] for row in rows] if question.fields else [list(row.values())[1] for row in rows]
        _compare(question, name, answered, _expected(question, frame, name))
    return len(rows)


def _of_part(dashboard: Dashboard, part: Part, targets: Mapping[str, str]) -> Iterator[Question]:
    panel = part.panel
    if part.queries[0].columns:
        query = part.queries[0]
        fields = [column.name for column in query.columns if column.name in query.query.series.fields]
        if "B" in targets:
            yield Question(dashboard, panel, part.title, targets["B"], query)
            fields = [name for name in fields if name != query.query.series.number]
        yield Question(dashboard, panel, part.title, targets["A"], query, tuple(fields))
        return
    for statement, query in zip(targets.values(), part.queries, strict=False):
        yield Question(dashboard, panel, part.title, statement, query)


def _value(variable: Mapping[str, Any], portfolio: Portfolio, building: str) -> str:
    if variable["name"] == "building" and not variable["multi"]:
        name = portfolio.buildings[building].name
        return next((str(each["value"]) for each in variable["options"] if each["text"] == name), "[^\\s\\S]")
    return str(variable["allValue"] if variable["includeAll"] else variable["options"][0]["value"])


def _number(query: PanelQuery) -> tuple[str, ...]:
    return ("value",) if query.query.aggregate is not None else (query.query.field or query.query.series.number,)


def _expected(question: Question, frame: pl.DataFrame, name: str) -> list[Any]:
    if name == question.query.query.series.number and "method" in frame.columns and not question.fields:
        frame = frame.filter(pl.col("method") != "missing")
    return frame[name].to_list()


def _compare(question: Question, name: str, answered: Sequence[Any], expected: Sequence[Any]) -> None:
    where = f"{question.dashboard.uid}: {question.title}: {name}: {question.statement}"
    left, right = (sorted((each for each in values if each is not None), key=str) for values in (answered, expected))
    assert len(left) == len(right), f"{where}: {len(left)} answers in Grafana, {len(right)} from the store"
    if left and isinstance(left[0], str):
        assert left == right, where
        return
    for mine, theirs in zip(sorted(map(float, left)), sorted(map(float, right)), strict=True):
        assert abs(mine - theirs) <= 1e-9 * max(1.0, abs(theirs)), f"{where}: {mine} and {theirs}"


def _ms(instant: datetime) -> int:
    return round(instant.timestamp() * 1000)
