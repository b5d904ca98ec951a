"""The one query language of stores and panels: exact statements, and that nothing given can become a part of them."""

# ruff: noqa: S608 - the statements are what is expected, not what is sent

from datetime import UTC, datetime

import pytest

from config.domain.series import INTERVALS, READINGS, Aggregate, Every, SeriesQuery
from services.store.influxql import compile_influxql
from services.store.sql import compile_sql
from tests.servers import HTTP, Influxd1

START, END = datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 2, 1, tzinfo=UTC)
BOUNDS = "time >= 1735689600000000000 AND time < 1738368000000000000"
ALWAYS = "time >= -9214560000000000000 AND time < 9214646400000000000"
HEAT = SeriesQuery(
    INTERVALS,
    START,
    END,
    where={"building": ("skola", "it's")},
    aggregate=Aggregate.SUM,
    every=Every.DAY,
    by=("carrier",),
    zone="Europe/Stockholm",
)

STATEMENTS = {
    "points": (
        SeriesQuery(READINGS, START, END, where={"meter": ("m1",)}),
        f'SELECT "value", "received" FROM "readings" WHERE {BOUNDS} AND ("meter" = \'m1\') GROUP BY "meter", "register"',
    ),
    "no bounds": (
        SeriesQuery(READINGS, limit=3),
        f'SELECT "value", "received" FROM "readings" WHERE {ALWAYS} GROUP BY "meter", "register" LIMIT 3',
    ),
    "local days": (
        HEAT,
        f'SELECT SUM("value") AS "value" FROM "intervals" WHERE {BOUNDS} AND '
        "(\"building\" = 'skola' OR \"building\" = 'it\\'s') "
        "AND \"method\" != 'missing' GROUP BY time(1d), \"carrier\" fill(none) tz('Europe/Stockholm')",
    ),
    "metering days": (
        SeriesQuery(READINGS, START, END, aggregate=Aggregate.MAX, every=Every.DAY, zone="UTC+1"),
        f'SELECT MAX("value") AS "value" FROM "readings" WHERE {BOUNDS} GROUP BY time(1d, -1h) fill(none)',
    ),
    "another field": (
        SeriesQuery(INTERVALS, START, END, aggregate=Aggregate.MEAN, field="coverage"),
        f'SELECT MEAN("coverage") AS "value" FROM "intervals" WHERE {BOUNDS}',
    ),
    "nothing": (
        SeriesQuery(READINGS, START, END, where={"meter": ()}, aggregate=Aggregate.COUNT),
        f'SELECT COUNT("value") AS "value" FROM "readings" WHERE {BOUNDS} AND ("meter" = \'\' AND "meter" != \'\')',
    ),
}


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_query_is_one_statement(name: str) -> None:
    """Written out by hand."""
    query, statement = STATEMENTS[name]

    assert compile_influxql(query) == statement


def test_a_panel_has_the_readers_bounds_and_choices() -> None:
    """Grafana puts its own in place of `$timeFilter`, `$__interval` and `$building` before it asks."""
    panel = SeriesQuery(INTERVALS, aggregate=Aggregate.SUM, every=Every.DAY, by=("carrier",), zone="Europe/Stockholm")

    assert compile_influxql(panel, time_filter="$timeFilter", where_regex=[("building", "${building:regex}")]) == (
        'SELECT SUM("value") AS "value" FROM "intervals" WHERE $timeFilter AND "building" =~ /^(?:${building:regex})$/ '
        "AND \"method\" != 'missing' GROUP BY time(1d), \"carrier\" fill(none) tz('Europe/Stockholm')"
    )
    assert compile_influxql(panel, time_filter="$timeFilter", interval="$__interval") == (
        'SELECT SUM("value") AS "value" FROM "intervals" WHERE $timeFilter '
        "AND \"method\" != 'missing' GROUP BY time($__interval), \"carrier\" fill(none) tz('Europe/Stockholm')"
    )


def test_a_panel_of_points_leaves_missing_ones_out() -> None:
    """Grafana cannot tell a missing point's old number from a good one, as our own reader does."""
    assert compile_influxql(SeriesQuery(INTERVALS, where={"point": ("p",)}), time_filter="$timeFilter") == (
        'SELECT "value" FROM "intervals" WHERE $timeFilter AND ("point" = \'p\') AND "method" != \'missing\' '
        'GROUP BY "building", "carrier", "direction", "level", "point"'
    )


def test_a_slash_does_not_end_a_panels_pattern() -> None:
    """A building called "A/B"."""
    assert "=~ /^(?:A\\/B)$/" in compile_influxql(HEAT, where_regex=[("building", "A/B")])


@pytest.mark.influxdb
def test_a_real_server_takes_a_panels_statement(influxd1: Influxd1) -> None:
    """With Grafana's replacements made by hand: the values of a variable as `(a|b)`, the interval as `1h`."""
    influxd1.create_database("panel")
    lines = "".join(
        f'intervals,building={building},point=p value={value},coverage=1.0,method="{method}" {at}\n'
        for building, value, method, at in [
            ("a", 1.0, "measured", 1735689600),
            ("b c", 2.0, "measured", 1735689600),
            ("abc", 4.0, "measured", 1735689600),
            ("a", 8.0, "missing", 1735693200),
        ]
    )
    written = HTTP.request("POST", f"{influxd1.url}/write?db=panel&precision=s", body=lines.replace("b c", "b\\ c").encode())
    assert written.status == 204, written.data
    statement = compile_influxql(
        SeriesQuery(INTERVALS, aggregate=Aggregate.SUM, every=Every.HOUR, by=("building",), zone="Europe/Stockholm"),
        time_filter="time >= 1735689600000ms and time <= 1735776000000ms",
        interval="1h",
        where_regex=[("building", "(a|b c)")],
    )

    answer = HTTP.request("GET", f"{influxd1.url}/query", fields={"q": statement, "db": "panel", "epoch": "s"})

    found = answer.json()["results"][0]["series"]
    assert [(each["tags"]["building"], each["values"]) for each in found] == [
        ("a", [[1735689600, 1]]),
        ("b c", [[1735689600, 2]]),
    ]


@pytest.mark.parametrize("evil", ["'; DROP DATABASE energi; --", "\\", "\\'", '"', "a\nb", "' OR ''='"])
def test_a_value_stays_within_its_quotes(evil: str) -> None:
    """Every quote and backslash in a value is escaped, so the statement has as many bare quotes as without it."""
    statement = compile_influxql(SeriesQuery(READINGS, where={"meter": (evil,)}))

    bare = statement.replace("\\\\", "").replace("\\'", "")
    assert bare.count("'") == 2
    assert "\n" not in statement


def test_sql_carries_values_as_parameters() -> None:
    """No value is in the text."""
    statement = compile_sql(HEAT)

    assert "skola" not in statement.text
    assert statement.parameters == [
        "Europe/Stockholm",
        "Europe/Stockholm",
        START.replace(tzinfo=None),
        END.replace(tzinfo=None),
        "skola",
        "it's",
    ]


@pytest.mark.parametrize(
    ("field", "aggregate", "sentence"),
    [
        ("price", Aggregate.SUM, "intervals has no field price; it has value, coverage, method"),
        ("method", Aggregate.SUM, "intervals.method is text: count, first and last are its aggregates"),
    ],
)
def test_a_question_that_has_no_answer_says_so(field: str, aggregate: Aggregate, sentence: str) -> None:
    """In both languages, before a server is asked."""
    query = SeriesQuery(INTERVALS, aggregate=aggregate, field=field)

    for compile_query in (compile_influxql, compile_sql):
        with pytest.raises(ValueError, match=sentence):
            compile_query(query)
