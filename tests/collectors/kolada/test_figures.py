"""Kolada's figures: both sexes, every page, nothing guessed; every bad answer an error that says what to do."""

import json
from collections.abc import Iterator
from datetime import date

import pytest

from collectors.kolada.asking import KoladaClient
from collectors.kolada.figures import fetch
from config.domain.factors import Mark
from config.domain.goals import Better, Goal, KoladaFigure, Level
from config.domain.goals import Path as GoalPath
from config.errors import ConfigurationError, KoladaError, KoladaUnavailable
from tests.collectors.kolada.played import DATA, KPI, Kolada, client, playing, recorded
from tests.servers import free_port

TODAY = date(2026, 11, 24)
RESULT = Goal(
    id="resultat", level=Level.MUNICIPALITY, owner="kommunen", text_sv="Resultat", text_en="Result", indicator="Resultat",
    unit="%", path=GoalPath.NONE, source="budget", mark=Mark.UNVERIFIED, better=Better.HIGHER,
    kolada=KoladaFigure("N03102", "2081"),
)  # fmt: skip


@pytest.fixture
def kolada() -> Iterator[Kolada]:
    with playing() as server:
        server.as_recorded()
        yield server


def test_years_of_both_sexes_come_in_order_from_every_page(kolada: Kolada) -> None:
    """2022 has no value and is no nought; 2024's deleted value is none; women's and men's are not the municipality's."""
    found = fetch(client(kolada), RESULT, TODAY)

    assert [(record.value.end.year, record.value.value) for record in found.records] == [
        (2020, 3.1), (2021, 4.2), (2023, -1.0), (2024, 0.5),
    ]  # fmt: skip
    assert found.title == "Årets resultat som andel av skatt & generella statsbidrag kommun, (%)"
    assert {record.value.source for record in found.records} == {f"Kolada N03102: {found.title}"}
    assert {record.value.mark for record in found.records} == {Mark.SECOND_HAND}
    assert {record.unit for record in found.records} == {"%"}
    assert found.doubt is None


def test_a_year_that_is_not_over_has_no_value_yet(kolada: Kolada) -> None:
    """Kolada shows preliminary figures early; 2024 was not over in June 2024."""
    found = fetch(client(kolada), RESULT, date(2024, 6, 30))

    assert [record.value.end.year for record in found.records] == [2020, 2021, 2023]


def test_a_title_that_does_not_fit_the_goals_unit_is_doubted(kolada: Kolada) -> None:
    """Ids are known second-hand; the title is what a person can check."""
    title = json.dumps({"values": [{"id": "N03102", "title": "Årets resultat kommun, kr/inv"}]})
    kolada.reply(KPI, title.encode())

    found = fetch(client(kolada), RESULT, TODAY)

    assert found.doubt is not None
    assert "kr/inv" in found.doubt[0]


def test_passing_trouble_is_waited_for(kolada: Kolada) -> None:
    """Three bad gateways, then the answer."""
    kolada.reply(KPI, (502, b""), (503, b""), (429, b""), recorded("kpi-N03102.json"))

    found = fetch(client(kolada), RESULT, TODAY)

    assert len(found.records) == 4
    assert kolada.asked.count(KPI) == 4


def test_trouble_that_does_not_pass_is_told_after_four_attempts(kolada: Kolada) -> None:
    """A person asks again tomorrow; nothing is entered."""
    kolada.reply(KPI, (503, b""))

    with pytest.raises(KoladaUnavailable, match=r"status 503; ask again later"):
        fetch(client(kolada), RESULT, TODAY)
    assert kolada.asked.count(KPI) == 4


def test_no_server_is_told() -> None:
    """Few municipalities let a server out directly."""
    closed = KoladaClient(f"http://127.0.0.1:{free_port()}/v3", timeout_s=1, attempts=2, pause_s=0)

    with pytest.raises(KoladaUnavailable, match=r"no answer .*; ask again later"):
        fetch(closed, RESULT, TODAY)


def entry(**changed: object) -> bytes:
    one = {"kpi": "N03102", "municipality": "2081", "period": 2024, "values": [{"gender": "T", "value": 1.0}]} | changed
    return json.dumps({"values": [one]}).encode()


BAD = {
    "a page to log in at": (b"<html><body>Logga in</body></html>", r"no JSON but '<html>.*; is a proxy or a log-in page"),
    "cut off": (b'{"values": [{"kpi": "N03102", ', r"no JSON but"),
    "empty": (b"", r"no JSON but ''"),
    "a list": (b"[]", r"no object of Kolada's"),
    "no values": (b'{"count": 0}', r"no list of values"),
    "an empty list": (b'{"values": [], "count": 0}', r"no value of any year; .* goals.yaml: resultat.kolada"),
    "another figure": (entry(kpi="N03002"), r"an entry about N03002 2081, which was not asked for"),
    "another municipality": (entry(municipality="2080"), r"an entry about N03102 2080"),
    "a year as text": (entry(period="2024"), r"an entry without year or values"),
    "a year outside the calendar": (entry(period=99_999), r"an entry without year or values"),
    "a value of four hundred digits": (entry(values=[{"gender": "T", "value": 10**400}]), r"2024: 1000+ is no number"),
    "brackets without end": (b"[" * 100_000, r"no JSON but '\[\[\["),
    "a value as text": (entry(values=[{"gender": "T", "value": "1,0"}]), r"2024: '1,0' is no number"),
    "a value of truth": (entry(values=[{"gender": "T", "value": True}]), r"2024: True is no number"),
    "no number": (entry(values=[{"gender": "T", "value": float("nan")}]), r"2024: nan is no number"),
    "a value that is no object": (entry(values=[1.0]), r"2024: a value is no object"),
    "an entry that is no object": (b'{"values": [7]}', r"an entry is no object"),
    "two values of a year": (
        entry(values=[{"gender": "T", "value": 1.0}, {"gender": "T", "value": 2.0}]), r"two values of 2024; look at kolada.se"
    ),
    "only women's": (entry(values=[{"gender": "K", "value": 1.0}]), r"no value of any year"),
    "refused": ((403, b"{}"), r"status 403; is ENERGIMONITOR_KOLADA_URL"),
    "moved": ((301, b""), r"status 301; is ENERGIMONITOR_KOLADA_URL"),
    "elsewhere": (
        json.dumps({"values": json.loads(entry())["values"], "next_url": "http://example.org/v3/data"}).encode(),
        r"example.org/v3/data: leads to another server",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("answer", "sentence"), BAD.values(), ids=BAD.keys())
def test_a_bad_answer_is_an_error_that_says_what_to_do(kolada: Kolada, answer: bytes | tuple[int, bytes], sentence: str) -> None:
    """A value read off a log-in page would be followed up in public."""
    kolada.reply(DATA, answer)

    with pytest.raises(KoladaError, match=sentence):
        fetch(client(kolada), RESULT, TODAY)


def test_a_figure_that_kolada_has_not_is_told(kolada: Kolada) -> None:
    """404, and a list without it."""
    for answer in ((404, b"{}"), b'{"values": []}', b'{"values": [{"id": "N03102", "title": " "}]}'):
        kolada.reply(KPI, answer)

        with pytest.raises(KoladaError, match=r"correct .*goals.yaml"):
            fetch(client(kolada), RESULT, TODAY)


def test_pages_without_end_are_not_followed_for_ever(kolada: Kolada) -> None:
    """A page that names itself as the next."""
    kolada.reply(
        DATA,
        json.dumps(
            {"values": json.loads(entry())["values"], "next_url": f"{kolada.url}/data/kpi/N03102/municipality/2081"}
        ).encode(),
    )

    with pytest.raises(KoladaError, match="more than 20 pages"):
        fetch(client(kolada), RESULT, TODAY)


@pytest.mark.parametrize("url", ["api.kolada.se/v3", "ftp://api.kolada.se", "", "https://"])
def test_an_address_that_is_none_is_a_setting_to_correct(url: str) -> None:
    """Before anything is asked."""
    with pytest.raises(ConfigurationError, match="ENERGIMONITOR_KOLADA_URL"):
        KoladaClient(url)
