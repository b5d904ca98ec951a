"""A SeriesQuery as InfluxQL: the one language that InfluxDB 1, 2 and 3 and Grafana speak.

Only the common subset is used. Names and values are quoted, never pasted. Bounds are always written out: a query that groups
by time and has no upper bound ends at the server's now, and readings of a fast clock would vanish.
"""

from collections.abc import Sequence
from datetime import datetime

from config.domain.intervals import Method
from config.domain.series import Aggregate, Every, SeriesQuery
from services.store.points import NEWEST, OLDEST, by_day, field_of, leaves_out_missing, microseconds

_FUNCTIONS = {aggregate: aggregate.value.upper() for aggregate in Aggregate}


def compile_influxql(
    query: SeriesQuery,
    *,
    time_filter: str | None = None,
    interval: str | None = None,
    where_regex: Sequence[tuple[str, str]] = (),
    fields: Sequence[str] = (),
    called: str = "value",
) -> str:
    """`query` as one statement.

    The keyword arguments are for Grafana's panels, whose bounds and choices are the reader's:

    Args:
        time_filter: stands in place of the query's bounds, as `$timeFilter`.
        interval: stands in place of `every`, as `$__interval`.
        fields: those that a table of points shows, in place of the number alone; missing points then stay.
        where_regex: tag and what an anchored pattern is made of, as `$building` or `${building:regex}`; added to `where`. A tag
            may stand there more than once: then all of its patterns must match.
        called: what an aggregate's column is named, where several stand side by side.
    With any of them, a query without aggregate gives its number only and leaves missing points out, because Grafana cannot
    tell a missing point's number from another's.
    """
    for_panel = bool(time_filter or interval or where_regex)
    series = query.series
    field = field_of(query)
    selected = ", ".join(name(each) for each in fields) or _selection(query, field, for_panel, called)
    parts = [f"SELECT {selected} FROM {name(series.name)} WHERE {time_filter or _bounds(query)}"]  # noqa: S608 - all of it quoted
    parts += [f"AND ({_any_of(tag, values)})" for tag, values in query.where.items()]
    parts += [f"AND {name(each)} = {value if isinstance(value, int) else text(value)}" for each, value in query.having.items()]
    parts += [f"AND {name(tag)} =~ /^(?:{pattern.replace('/', chr(92) + '/')})$/" for tag, pattern in where_regex]
    if not fields and leaves_out_missing(query) and (query.aggregate is not None or for_panel):
        parts.append(f"AND {name('method')} != {text(Method.MISSING.value)}")
    groups = [name(tag) for tag in (query.by if query.aggregate else series.tags)]
    if query.aggregate and (interval or query.every):
        groups.insert(0, _time_group(query, interval))
    if groups:
        parts.append(f"GROUP BY {', '.join(groups)}")
    if query.aggregate and (interval or query.every):
        parts.append("fill(none)")
    if query.limit is not None and (query.aggregate is None or for_panel):
        parts.append(f"LIMIT {query.limit}")
    if (by_day(query) or (interval and query.zone != "UTC")) and query.zone != "UTC+1":
        parts.append(f"tz({text(query.zone)})")
    return " ".join(parts)


def name(identifier: str) -> str:
    """A quoted identifier."""
    return f'"{_escaped(identifier, chr(34))}"'


def text(value: str) -> str:
    """A quoted string."""
    return f"'{_escaped(value, chr(39))}'"


def _escaped(value: str, quote: str) -> str:
    return value.replace("\\", "\\\\").replace(quote, "\\" + quote).replace("\n", "\\n")


def _selection(query: SeriesQuery, field: str, for_panel: bool, called: str) -> str:
    if query.aggregate is not None:
        return f"{_FUNCTIONS[query.aggregate]}({name(field)}) AS {name(called)}"
    return name(field) if for_panel else ", ".join(name(each) for each in query.series.fields)


def _bounds(query: SeriesQuery) -> str:
    return f"time >= {_nanoseconds(query.start or OLDEST)} AND time < {_nanoseconds(query.end or NEWEST)}"


def _nanoseconds(instant: datetime) -> int:
    return microseconds(min(max(instant, OLDEST), NEWEST)) * 1000


def _any_of(tag: str, values: tuple[str, ...]) -> str:
    if not values:
        return f"{name(tag)} = '' AND {name(tag)} != ''"
    return " OR ".join(f"{name(tag)} = {text(value)}" for value in values)


def _time_group(query: SeriesQuery, interval: str | None) -> str:
    if interval is None and query.every is Every.DAY and query.zone == "UTC+1":
        return "time(1d, -1h)"  # metering time is no IANA zone: the day begins at 23:00 UTC all year
    return f"time({interval or query.every})"
