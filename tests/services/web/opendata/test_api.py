"""The open data API over HTTP: what it promises, what it never tells, and that every format holds the same."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from jsonschema import Draft202012Validator, FormatChecker

from config.domain.indicators import SubjectKind
from config.domain.series import INDICATOR_VALUES, INTERVALS, Aggregate, Every, SeriesQuery
from config.errors import StoreUnavailable
from services.store.export import ExportFormat, export
from services.web.opendata.endpoints import ENDPOINTS
from services.web.opendata.interval_table import Asked, day_rows, hour_rows
from services.web.signing.limits import Rate, RateLimit
from tests.dashboards import example
from tests.doubles.memory_store import MemoryStore
from tests.services.web.opendata.town import FIRST_HOUR, HOUR, MARKUP, NASTY, SECRET, ZONE, Api, serving

ADDRESSES = {
    "buildings": "/buildings",
    "series": "/series",
    "hours": "/series/s0/electricity",
    "days": "/series/s0/electricity?every=day&from=2026-11-16&to=2026-11-24",
    "hours of a hole": "/series/s1/district_heating?from=2026-11-17&to=2026-11-18",
    "indicators": "/indicators",
    "values": "/values?indicator=energy",
    "values of kinds": "/values?indicator=energy,corrected_specific_energy&subject_kind=building_kind",
    "rolling years": "/values?indicator=corrected_specific_energy&period=rolling_year&carrier=all",
    "comparison": "/comparison",
    "goals": "/goals",
    "goal lines": "/goals/lines",
    "degree days": "/degree-days?from=2026-01-01",
}


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with serving(tmp_path_factory.mktemp("state"), remembering_s=600) as served:
        yield served


@pytest.fixture(scope="module")
def document(api: Api) -> Any:
    return api.get("/api/v1/openapi.json").json()


def address(name: str, **more: str) -> str:
    path = f"/api/v1{ADDRESSES[name]}"
    added = "&".join(f"{key}={value}" for key, value in more.items())
    return f"{path}{'&' if '?' in path else '?'}{added}" if added else path


def validator(document: Any, schema: dict[str, Any]) -> Draft202012Validator:
    return Draft202012Validator({**schema, "components": document["components"]}, format_checker=FormatChecker())


# What it promises


@pytest.mark.parametrize("name", ADDRESSES)
def test_an_answer_is_what_the_document_promises(api: Api, document: Any, name: str) -> None:
    """Every column there, of its type, and no other; and at least one row."""
    path = ADDRESSES[name].split("?", maxsplit=1)[0]
    known = next(each.path for each in ENDPOINTS if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", each.path), path))
    schema = document["paths"][known]["get"]["responses"]["200"]["content"]["application/json"]["schema"]

    answer = api.get(address(name))

    assert answer.status == 200
    assert answer.json()["rows"]
    assert [error.message for error in validator(document, schema).iter_errors(answer.json())] == []


def test_the_document_describes_every_parameter_and_column_in_both_languages(document: Any) -> None:
    """Swedish first, English in brackets; each operation has an id of its own."""
    operations = [path["get"] for path in document["paths"].values()]
    rows = [schema for name, schema in document["components"]["schemas"].items() if name.endswith("Row")]
    described = [each["description"] for operation in operations for each in operation["parameters"]]
    described += [column["description"] for schema in rows for column in schema["properties"].values()]

    assert all(re.fullmatch(r"(?s).+ \(.+\)", text) for text in described)
    assert len({operation["operationId"] for operation in operations}) == len(ENDPOINTS)
    assert document["openapi"] == "3.1.0"


@pytest.mark.parametrize("name", ADDRESSES)
def test_every_format_holds_the_same_rows(api: Api, name: str) -> None:
    """JSON, Parquet, CSV, and the CSV of a Swedish Excel."""
    rows = api.get(address(name)).json()["rows"]
    parquet = pl.read_parquet(io.BytesIO(api.get(address(name, format="parquet")).body))
    csv = pl.read_csv(io.BytesIO(api.get(address(name, format="csv")).body), infer_schema=False)
    text = api.get(address(name, format="excel")).body.decode()
    excel = pl.read_csv(io.BytesIO(text.removeprefix("\ufeff").encode()), separator=";", infer_schema=False)

    assert [len(rows)] * 3 == [parquet.height, csv.height, excel.height]
    assert parquet.columns == csv.columns == excel.columns == list(rows[0])
    for column in (name for name, kind in parquet.schema.items() if kind == pl.Float64):
        told = [row[column] for row in rows]
        assert parquet[column].to_list() == told
        assert csv[column].cast(pl.Float64).to_list() == told
        assert excel[column].str.replace(",", ".", literal=True).cast(pl.Float64).to_list() == told
    for column in (name for name, kind in parquet.schema.items() if kind == pl.Datetime):
        assert [each and f"{each:%Y-%m-%dT%H:%M:%SZ}" for each in parquet[column]] == [row[column] for row in rows]
        assert csv[column].to_list() == [row[column] for row in rows]


def test_accept_chooses_the_format_and_a_client_that_takes_none_is_told(api: Api) -> None:
    """By weight; the parameter goes before it."""
    assert api.get("/api/v1/buildings", Accept="text/csv").headers["content-type"].startswith("text/csv")
    assert api.get("/api/v1/buildings", Accept="text/csv;q=0.2, application/json").json()["table"] == "buildings"
    assert api.get("/api/v1/buildings?format=json", Accept="text/csv").json()["table"] == "buildings"
    assert api.get("/api/v1/buildings", Accept="application/vnd.apache.parquet").body.startswith(b"PAR1")
    refused = api.get("/api/v1/buildings", Accept="image/png")
    assert (refused.status, refused.headers["content-type"]) == (406, "application/problem+json")


# Pages


@pytest.mark.parametrize("name", ADDRESSES)
@pytest.mark.parametrize("limit", [1, 7])
def test_pages_to_the_end_give_every_row_once(api: Api, name: str, limit: int) -> None:
    """In the same order as all at once."""
    path = ADDRESSES[name]
    if name in ("values", "indicators", "hours", "hours of a hole") and limit == 1:
        path = path.split("?", maxsplit=1)[0] + {"values": "?indicator=energy&subject=s0&carrier=electricity"}.get(name, "")
    everything = api.rows(path)

    paged = api.rows(f"{path}{'&' if '?' in path else '?'}limit={limit}")

    assert paged == everything


def test_a_page_names_the_next_in_its_head_too(api: Api) -> None:
    """Link is what tools follow; the parameters go with it."""
    answer = api.get("/api/v1/values?indicator=energy&limit=2&format=csv")
    found = re.search(r'<([^>]+)>; rel="next"', answer.headers["link"])

    assert found is not None
    following = api.get(found[1])
    assert following.headers["content-type"].startswith("text/csv")
    assert following.body != answer.body


# What is never told


@pytest.mark.parametrize("name", ADDRESSES)
@pytest.mark.parametrize("form", ["json", "csv", "excel"])
def test_no_answer_names_what_is_hidden(api: Api, name: str, form: str) -> None:
    """Hidden buildings and their meters carry the word in every id and name."""
    assert SECRET.encode() not in api.get(address(name, format=form, limit="50000")).body


MATRIX = {
    "a carrier whose meters are all open": ("/series/s0/electricity", 200),
    "a carrier with a meter that is not": ("/series/s2/electricity", 404),
    "another carrier of that building": ("/series/s2/district_heating", 200),
    "a hidden building": (f"/series/{SECRET}-l1/electricity", 404),
    "a building that does not exist": ("/series/finns-inte/electricity", 404),
    "a carrier that it does not have": ("/series/s0/gas", 404),
}


@pytest.mark.parametrize(("path", "status"), MATRIX.values(), ids=MATRIX)
def test_a_series_is_there_where_it_is_open(api: Api, path: str, status: int) -> None:
    """A hidden building is answered as one that does not exist."""
    assert api.get(f"/api/v1{path}").status == status


def test_a_hidden_building_and_none_at_all_get_one_answer(api: Api) -> None:
    """Nobody learns which ids exist."""
    assert api.get(f"/api/v1/series/{SECRET}-l1/electricity").body == api.get("/api/v1/series/finns-inte/electricity").body


def test_values_are_of_what_is_open_alone(api: Api) -> None:
    """s2's electricity has a shut meter; the school kind would tell it, and the library kind the hidden library."""
    buildings = {(row["subject"], row["carrier"]) for row in api.rows("/values?indicator=energy")}
    kinds = {(row["subject"], row["carrier"]) for row in api.rows("/values?indicator=energy&subject_kind=building_kind")}
    whole = api.rows("/values?indicator=energy&subject_kind=portfolio")

    assert ("s2", "electricity") not in buildings
    assert {("s2", "district_heating"), ("s0", "electricity"), ("l0", "electricity")} <= buildings
    assert kinds == {("school", "district_heating"), ("preschool", "electricity"), ("preschool", "district_heating")}
    assert whole == []


@pytest.mark.parametrize("kind", [SubjectKind.OWNER, SubjectKind.POINT])
def test_owners_and_points_cannot_be_asked_for(api: Api, kind: SubjectKind) -> None:
    """They are no kind of open figure."""
    assert api.get(f"/api/v1/values?indicator=energy&subject_kind={kind}").status == 400


def test_hidden_subjects_asked_for_by_name_give_no_rows(api: Api) -> None:
    """As ids that do not exist."""
    assert api.rows(f"/values?indicator=energy&subject={SECRET}-l1") == []
    assert api.rows("/values?indicator=energy&subject=finns-inte") == []


def test_a_goal_measured_by_what_is_not_open_has_no_values(api: Api) -> None:
    """It is decided openly, so it stands there; what it is measured by would show a hidden library."""
    goals = {row["id"]: row for row in api.rows("/goals")}

    assert goals["bibliotek"]["latest_value"] is None
    assert "inte är öppen" in goals["bibliotek"]["reason_sv"]
    assert goals["fil"]["latest_value"] == 85.0
    assert {row["goal"] for row in api.rows("/goals/lines")} == {"fil"}


# What the figures are


def test_an_hour_is_the_sum_of_the_main_meters(api: Api) -> None:
    """1 + 2 kWh; the sub-meter's 999 are in its parent's already. One hour's first meter was interpolated, half covered."""
    rows = api.rows("/series/s0/electricity?from=2026-11-16&to=2026-11-24")
    odd = next(row for row in rows if row["start"] == "2026-11-17T06:00:00Z")

    assert {row["value"] for row in rows} == {3.0}
    assert (odd["method"], odd["coverage"]) == ("estimated", 0.75)
    assert len(rows) == 8 * 24


def test_a_missing_hour_is_there_with_its_reason_and_its_day_has_no_value(api: Api) -> None:
    """Never 0, and a day of 23 hours is no day."""
    hours = api.rows("/series/s1/district_heating?from=2026-11-17&to=2026-11-18")
    missing = [row for row in hours if row["value"] is None]
    day = api.rows("/series/s1/district_heating?from=2026-11-17&to=2026-11-18&every=day")[0]

    assert [row["start"] for row in missing] == ["2026-11-17T05:00:00Z"]
    assert missing[0]["reason_sv"].startswith("Timmen är inte avräknad")
    assert (day["value"], day["method"], day["reason_en"]) == (None, "missing", "Not all hours of the day have a value.")
    assert day["coverage"] == pytest.approx(23 / 24)


def test_hours_before_the_first_settled_are_missing_and_before_the_meter_are_not_there(api: Api) -> None:
    """The meters were installed two days before the first settled hour."""
    rows = api.rows("/series/s0/electricity?from=2026-11-01&to=2026-11-17")

    assert rows[0]["start"] == f"{FIRST_HOUR - timedelta(days=2):%Y-%m-%dT%H:%M:%SZ}"
    assert [row["value"] for row in rows[:48]] == [None] * 48
    assert rows[48]["value"] == 3.0


def exported(api: Api, query: SeriesQuery) -> pl.DataFrame:
    """As `energimonitor export` writes it."""
    out = io.BytesIO()
    export(api.store, query, ExportFormat.PARQUET, out)
    return pl.read_parquet(io.BytesIO(out.getvalue()))


def test_days_equal_the_export(api: Api) -> None:
    """The same days' sums, by the other way through the house."""
    start, end = FIRST_HOUR, FIRST_HOUR + timedelta(days=8)
    where = {"building": ("s0",), "carrier": ("electricity",), "level": ("main",)}
    query = SeriesQuery(INTERVALS, start, end, where, aggregate=Aggregate.SUM, every=Every.DAY, zone=ZONE)

    rows = api.rows("/series/s0/electricity?every=day&from=2026-11-16&to=2026-11-24")

    assert [row["value"] for row in rows] == exported(api, query)["value"].to_list()
    assert [row["value"] for row in rows] == [72.0] * 8


def test_values_equal_the_export(api: Api) -> None:
    """Of one building, every month."""
    where = {"indicator": ("energy",), "subject": ("s1",), "carrier": ("electricity",), "period": ("month",)}
    stored = exported(api, SeriesQuery(INDICATOR_VALUES, where=where)).sort("time")

    rows = api.rows("/values?indicator=energy&subject=s1&carrier=electricity&from=2025-01-01")

    assert [row["value"] for row in rows] == stored["value"].to_list()
    assert [row["coverage"] for row in rows] == stored["coverage"].to_list()
    assert rows[0]["factors"] == {"el": "2024"}
    assert rows[0]["calculation"] == "energy-3"
    assert rows[0]["calculated"] == "2026-11-03T04:05:06Z"


def test_a_missing_value_has_its_reason_and_neither_value_nor_uncertainty(api: Api) -> None:
    """The store keeps the width of what is known; without the value it is of nothing."""
    rows = api.rows("/values?indicator=energy&subject=s0&carrier=electricity&from=2025-01-01")
    missing = [row for row in rows if row["value"] is None]

    assert [(row["uncertainty"], row["method"], row["reason_sv"]) for row in missing] == [(None, "missing", "Mätaren var tyst.")]


def test_degree_days_are_whole_months_with_their_normal(api: Api) -> None:
    """Ten a day. February has 28 days; November lacks days, and says which there are."""
    rows = {row["month"]: row for row in api.rows("/degree-days?from=2024-01-01&to=2026-11-24")}

    assert (rows["2026-02"]["degree_days"], rows["2026-02"]["normal_degree_days"]) == (280.0, 280.0)
    assert (rows["2024-02"]["degree_days"], rows["2024-02"]["normal_degree_days"]) == (290.0, 290.0)
    assert rows["2026-11"]["degree_days"] is None
    assert "22 av 30" in rows["2026-11"]["reason_sv"]
    assert rows["2026-10"]["source"] == "SMHI"


# How it is given


@pytest.mark.parametrize("name", ADDRESSES)
def test_what_did_not_change_costs_no_body(api: Api, name: str) -> None:
    """A strong tag; a weak one of it, a list and a star hold too."""
    first = api.get(address(name))
    tag = first.headers["etag"]

    again = [api.get(address(name), If_None_Match=each) for each in (tag, f"W/{tag}", f'"x", {tag}', "*")]

    assert re.fullmatch(r'"[0-9a-f]{32}"', tag)
    assert [(answer.status, answer.body) for answer in again] == [(304, b"")] * 4
    assert again[0].headers["etag"] == tag
    assert api.get(address(name), If_None_Match='"x"').status == 200


def test_a_changed_value_has_another_tag(tmp_path: Path) -> None:
    """By its bytes."""
    with serving(tmp_path) as api:
        before = api.get("/api/v1/series/s0/electricity").headers["etag"]
        row = example.row_of("s0-el-1", "s0", "electricity", "import", "main", FIRST_HOUR + 100 * HOUR, 7.0)
        api.store.write_intervals(pl.DataFrame([row], schema_overrides={"time": pl.Datetime("us", "UTC")}))

        assert api.get("/api/v1/series/s0/electricity", If_None_Match=before).status == 200


@pytest.mark.parametrize("name", ADDRESSES)
def test_every_answer_says_its_licence_and_may_be_read_from_any_page(api: Api, name: str) -> None:
    """In the head for every format, and in JSON beside the rows; kept by anybody for a while."""
    answer = api.get(address(name))
    licence = answer.json()["licence"]

    assert f'<{licence}>; rel="license"' in answer.headers["link"]
    assert licence == f"http://creativecommons.org/{'licenses/by/4.0' if name == 'degree days' else 'publicdomain/zero/1.0'}/"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
    assert re.fullmatch(r"public, max-age=\d+", answer.headers["cache-control"])
    assert "set-cookie" not in answer.headers


def test_values_say_when_the_newest_came_to_be_known(api: Api) -> None:
    """Of the rows of that page."""
    assert api.get("/api/v1/values?indicator=energy").headers["last-modified"] == "Tue, 03 Nov 2026 04:05:06 GMT"


def test_other_pages_may_not_be_read_from_elsewhere(api: Api) -> None:
    """Only the API is."""
    assert "access-control-allow-origin" not in api.get("/").headers
    assert "access-control-allow-origin" not in api.get("/oppna-data").headers


def test_a_page_elsewhere_may_ask_whether_it_may_send_a_tag(api: Api) -> None:
    """If-None-Match is no simple header, so a browser asks first."""
    answer = api.get("/api/v1/buildings", "OPTIONS", Origin="https://example.org", Access_Control_Request_Method="GET")

    assert answer.status == 204
    assert "If-None-Match" in answer.headers["access-control-allow-headers"]
    assert answer.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"


def test_the_head_alone_is_that_of_the_answer(api: Api) -> None:
    """HEAD costs no body."""
    head, whole = api.get("/api/v1/buildings", "HEAD"), api.get("/api/v1/buildings")

    assert (head.status, head.body, head.headers["etag"]) == (200, b"", whole.headers["etag"])


# What goes wrong

WRONG = {
    "an unknown parameter": "/buildings?byggnad=s0",
    "a limit of none": "/buildings?limit=0",
    "a limit that is too large": "/buildings?limit=50001",
    "a limit in words": "/buildings?limit=ten",
    "a limit of other digits": "/buildings?limit=%D9%A1",
    "a huge number": "/buildings?limit=" + "9" * 500,
    "a format that does not exist": "/buildings?format=xml",
    "a parameter twice": "/buildings?limit=1&limit=2",
    "a cursor that is none": "/buildings?cursor=abc",
    "a cursor of another table": "/buildings?cursor=WyJhIiwiYiJd",
    "a cursor that holds an object": "/buildings?cursor=eyJhIjoxfQ",
    "a cursor that is no time": "/series/s0/electricity?cursor=WyJpIGfDpXIiXQ",
    "a cursor after the last year": "/series/s0/electricity?cursor=WyI5OTk5LTEyLTMxVDIzOjAwOjAwKzAwOjAwIl0",
    "a cursor that is later by its zone": "/series/s0/electricity?cursor=WyI5OTk5LTEyLTMxVDIzOjU5OjU5LTEyOjAwIl0",
    "a cursor that is earlier by its zone": "/series/s0/electricity?cursor=WyIwMDAxLTAxLTAxVDAwOjAwOjAwKzE0OjAwIl0",
    "no indicator": "/values",
    "an indicator that does not exist": "/values?indicator=1%3B%20DROP%20TABLE%20indicators",
    "a quote": "/values?indicator=energy&subject_kind=%27%20OR%201%3D1--",
    "a period that does not exist": "/values?indicator=energy&period=century",
    "a day that does not exist": "/series/s0/electricity?from=2026-02-30",
    "an instant without a zone": "/series/s0/electricity?from=2026-11-20T00:00:00",
    "a year long gone": "/series/s0/electricity?from=0001-01-01",
    "an end before its start": "/series/s0/electricity?from=2026-11-20&to=2026-11-19",
    "too many years": "/series/s0/electricity?from=1995-01-01&to=2026-11-01",
    "too many months": "/degree-days?from=1990-01-01&to=2099-01-01",
    "too many subjects": "/values?indicator=energy&subject=" + ",".join(f"b{at}" for at in range(60)),
    "another width": "/series/s0/electricity?every=minute",
}


@pytest.mark.parametrize("path", WRONG.values(), ids=WRONG)
def test_what_cannot_be_used_is_told_in_words_and_not_sent_back(api: Api, document: Any, path: str) -> None:
    """RFC 9457, in both languages; nothing of what was sent stands in it."""
    answer = api.get(f"/api/v1{path}")
    problem = answer.json()
    schema = document["components"]["schemas"]["Problem"]

    assert answer.status == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert [error.message for error in validator(document, schema).iter_errors(problem)] == []
    assert answer.headers["access-control-allow-origin"] == "*"
    for sent in ("DROP", "OR 1=1", "century", "byggnad=", "Traceback"):
        assert sent not in answer.body.decode()


@pytest.mark.parametrize(
    "path", ["/", "/finns-inte", "/series/s0", "/series/..%2f..%2fetc/passwd", "/series/s0/electricity/x", "/buildings%00"]
)
def test_an_address_that_does_not_exist_is_told_as_a_problem(api: Api, path: str) -> None:
    """Whatever is tried."""
    answer = api.get(f"/api/v1{path}")

    assert (answer.status, answer.headers["content-type"]) == (404, "application/problem+json")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nothing_can_be_written(api: Api, method: str) -> None:
    """And it is told what can be done."""
    answer = api.get("/api/v1/buildings", method)

    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


def test_ids_in_an_address_are_words_and_nothing_more(api: Api) -> None:
    """Quotes of SQL and InfluxQL, line breaks, globs."""
    for nasty in ("s0'%20OR%20'1'='1", "s0%22;DROP", "%25", "*", "s0%0Aelectricity", "..%2f..%2f"):
        assert api.get(f"/api/v1/series/{nasty}/electricity").status == 404
        assert api.rows(f"/series?building={nasty}") == []


def test_a_name_that_is_a_formula_is_harmless_in_a_spreadsheet_and_itself_in_json(api: Api) -> None:
    """An apostrophe before it, in both kinds of CSV."""
    rows = {row["id"]: row["name"] for row in api.rows("/buildings")}

    assert (rows["s0"], rows["s1"]) == (NASTY, MARKUP)
    for form in ("csv", "excel"):
        assert b"'=HYPERLINK(" in api.get(f"/api/v1/buildings?format={form}").body
        assert re.search(rb"(^|[,;\"])=HYPERLINK", api.get(f"/api/v1/buildings?format={form}").body) is None


def test_excel_opens_with_its_letters_and_commas(api: Api) -> None:
    """A byte order mark, semicolons, decimal commas, CRLF."""
    body = api.get("/api/v1/comparison?format=excel").body

    assert body.startswith(b"\xef\xbb\xbfkind;kind_sv;")
    assert b";100,0;kWh/m2;" in body
    assert body.count(b"\r\n") == body.count(b"\n") > 1


def test_a_store_that_does_not_answer_is_told_without_its_words(tmp_path: Path) -> None:
    """Where the database stands is ours to know."""
    with serving(tmp_path) as api:
        api.store.fail_with = StoreUnavailable("http://user:secret@db.internal:8086 refused")
        answer = api.get("/api/v1/values?indicator=energy")

    assert (answer.status, answer.headers["retry-after"]) == (503, "30")
    assert b"secret" not in answer.body
    assert b"db.internal" not in answer.body


def test_too_many_questions_are_told_to_wait_by_address(tmp_path: Path) -> None:
    """Three at once and one in ten seconds; another address notices nothing."""
    now = 0.0
    with serving(tmp_path, RateLimit(Rate(per_second=0.1, at_once=3), lambda: now)) as api:
        given = [api.get("/api/v1/buildings").status for _ in range(4)]
        refused = api.get("/api/v1/buildings")
        other = api.get("/api/v1/buildings", X_Test_Address="two")
        now = 10.0
        later = api.get("/api/v1/buildings")

    assert given == [200, 200, 200, 429]
    assert (refused.headers["retry-after"], refused.headers["content-type"]) == ("10", "application/problem+json")
    assert (other.status, later.status) == (200, 200)


def test_a_page_reads_no_more_than_its_own_hours(tmp_path: Path) -> None:
    """Ten years can be asked for, page by page."""
    with serving(tmp_path) as api:
        api.store.asked.clear()
        api.get("/api/v1/series/s0/electricity?from=2026-11-16&to=2026-11-24&limit=10")
        asked = api.store.asked[-1]

    assert asked.start is not None
    assert asked.end is not None
    assert asked.end - asked.start == 10 * HOUR


def test_the_day_of_a_clock_change_has_25_hours(api: Api) -> None:
    """25 October 2026 lasts from 22 UTC to 23 UTC the day after."""
    first = datetime.fromisoformat("2026-10-24T22:00:00Z")
    names = ("s0-el-1", "s0-el-2")
    rows = [
        example.row_of(each, "s0", "electricity", "import", "main", first + at * HOUR, 1.0) for at in range(25) for each in names
    ]
    store = MemoryStore()
    store.write_intervals(pl.DataFrame(rows, schema_overrides={"time": pl.Datetime("us", "UTC")}))
    town = api.data.portfolio
    earlier = replace(town, installations=tuple(replace(each, start=first) for each in town.installations))
    asked = Asked("s0", "electricity", api.data.figures.points("s0", "electricity"), first, first + 25 * HOUR)

    days = day_rows(hour_rows(store, earlier, asked), asked, ZONE)

    assert days.select("start", "end", "value").rows() == [(first, first + 25 * HOUR, 50.0)]


@pytest.mark.parametrize("language", ["", "?lang=en"])
def test_the_page_for_people_explains_every_table_parameter_and_failure(api: Api, document: Any, language: str) -> None:
    """It is made of the same table, and failures lead to it."""
    text = api.get(f"/oppna-data{language}").body.decode()

    for path, operation in document["paths"].items():
        assert f"GET /api/v1{path}" in text
        assert all(
            f"<code>{each['name']}</code>" in text
            for each in operation["get"]["parameters"]
            if each["name"] not in ("limit", "cursor", "format")
        )
    for kind in ("parameter", "too-much", "not-found", "method", "format", "too-many-requests", "unavailable"):
        assert f'id="fel-{kind}"' in text
    assert "<script" not in text
