"""A SeriesQuery as SQL for the embedded store. Values are parameters; names come from the series' own definition.

A series is two tables: `<name>_series` (id, tags) and `<name>` (series, time, fields), see `services.store.duckdb`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from config.domain.intervals import Method
from config.domain.series import Aggregate, Every, SeriesQuery
from services.store.points import by_day, field_of, leaves_out_missing

_WIDTHS = {Every.QUARTER: "15 minutes", Every.HOUR: "1 hour", Every.DAY: "1 day"}


WANTED = "wanted"  # the table that a statement with many series asks for them
_FEW = 8  # series that are written out


@dataclass(frozen=True, slots=True)
class Statement:
    """Its text names the table WANTED (column `number`) where `wanted` has anything: whoever runs it has to provide that."""

    text: str
    parameters: list[object]
    wanted: Sequence[int] = ()


def compile_points(query: SeriesQuery, numbers: Sequence[int]) -> Statement:
    """The points of the series with those numbers in the query's window: `series`, `time`, the fields; in no order.

    Two tables joined and sorted by text cost five times as much as this: who reads puts the tags to the numbers.
    """
    conditions, parameters = _window(query)
    columns = ["p.series", "p.time", *(f"p.{_name(name)}" for name in query.series.fields)]
    where = " AND ".join([*_numbered(numbers), *conditions])
    text = f"SELECT {', '.join(columns)} FROM {_name(query.series.name)} p WHERE {where}"  # noqa: S608 - names and numbers are our own
    return Statement(text, parameters, _wanted(numbers))


def compile_sql(query: SeriesQuery, numbers: Sequence[int] | None = None) -> Statement:
    """`query` as one statement with its parameters; `time` comes back as TIMESTAMP in UTC.

    Args:
        numbers: of the series that its filters let through, where the caller knows them: the engine then skips the rest unread.
    """
    series = query.series
    parameters: list[object] = []
    group: list[str] = []
    order: list[str] = []
    columns: list[str] = []
    if query.aggregate is None:
        columns = ["p.time AS time", *(f"s.{_name(tag)} AS {_name(tag)}" for tag in series.tags)]
        columns += [f"p.{_name(name)} AS {_name(name)}" for name in series.fields]
        order = [*(_name(tag) for tag in series.tags), "time"]
    else:
        if query.every:
            bucket, parameters = _bucket(query, query.every)
            columns.append(f"{bucket} AS time")
        columns += [f"s.{_name(tag)} AS {_name(tag)}" for tag in query.by]
        columns.append(f'{_aggregate(query, query.aggregate)} AS "value"')
        group = [str(position) for position in range(1, len(columns))]
        order = [*(_name(tag) for tag in query.by), *(["time"] if query.every else [])]
    conditions, bounds = _window(query)
    parameters += bounds
    if numbers is not None:
        conditions += _numbered(numbers)
    for tag, values in query.where.items():
        conditions.append(f"s.{_name(tag)} IN ({', '.join('?' * len(values))})" if values else "false")
        parameters += values
    if query.aggregate is not None:
        conditions.append(f"p.{_name(field_of(query))} IS NOT NULL")
        if leaves_out_missing(query):
            conditions.append(f"p.method <> '{Method.MISSING.value}'")
    parts = [
        f"SELECT {', '.join(columns)}",
        f"FROM {_name(series.name)} p JOIN {_name(series.name + '_series')} s ON p.series = s.id",
        f"WHERE {' AND '.join(conditions)}" if conditions else "",
        f"GROUP BY {', '.join(group)}" if group else "",
        "HAVING count(*) > 0" if query.aggregate and not group else "",
        f"ORDER BY {', '.join(order)}" if order else "",
        f"LIMIT {int(query.limit)}" if query.limit is not None else "",
    ]
    return Statement(" ".join(part for part in parts if part), parameters, _wanted(numbers or ()))


def _window(query: SeriesQuery) -> tuple[list[str], list[object]]:
    conditions: list[str] = []
    parameters: list[object] = []
    for operator, bound in ((">=", query.start), ("<", query.end)):
        if bound is not None:
            conditions.append(f"p.time {operator} ?")
            parameters.append(_utc(bound))
    for name, value in query.having.items():
        conditions.append(f"p.{_name(name)} = ?")
        parameters.append(value)
    return conditions, parameters


def _numbered(numbers: Sequence[int]) -> list[str]:
    """Conditions that only these series meet. A list of a thousand numbers takes ten times as long as a table of them."""
    if not _wanted(numbers):
        return [f"p.series IN ({', '.join(map(str, numbers))})" if numbers else "false"]
    return [
        f"p.series BETWEEN {min(numbers)} AND {max(numbers)}",  # what lies outside is skipped unread
        f"p.series IN (SELECT number FROM {WANTED})",  # noqa: S608 - our own name
    ]


def _wanted(numbers: Sequence[int]) -> Sequence[int]:
    return numbers if len(numbers) > _FEW else ()


def _name(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'


def _aggregate(query: SeriesQuery, aggregate: Aggregate) -> str:
    field = f"p.{_name(field_of(query))}"
    if aggregate is Aggregate.COUNT:
        return "count(*)"
    if aggregate is Aggregate.FIRST:  # of two at one instant the greater, as InfluxDB does
        return f"first({field} ORDER BY p.time, {field} DESC)"
    if aggregate is Aggregate.LAST:
        return f"first({field} ORDER BY p.time DESC, {field} DESC)"
    if aggregate is Aggregate.SUM and query.series.fields[field_of(query)] is int:
        return f"CAST(sum({field}) AS BIGINT)"
    return {
        Aggregate.SUM: f"sum({field})",
        Aggregate.MEAN: f"avg({field})",
        Aggregate.MIN: f"min({field})",
        Aggregate.MAX: f"max({field})",
    }[aggregate]


def _bucket(query: SeriesQuery, every: Every) -> tuple[str, list[object]]:
    """The start of the group that a point lies in, and the parameters in it."""
    width = _WIDTHS[every]
    if not by_day(query):
        return f"time_bucket(INTERVAL '{width}', p.time, TIMESTAMP '1970-01-01')", []
    if query.zone == "UTC+1":
        return "date_trunc('day', p.time + INTERVAL '1 hour') - INTERVAL '1 hour'", []
    local = "timezone(?, timezone('UTC', p.time))"
    return f"timezone('UTC', timezone(?, date_trunc('day', {local})))", [query.zone, query.zone]


def _utc(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(tzinfo=None)
