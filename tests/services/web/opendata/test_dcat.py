"""The catalogue for Sveriges dataportal: what DCAT-AP-SE 3.0.1 asks for, in three ways of writing."""

import json
import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import pytest

from services.web.opendata.endpoints import TABLES
from services.web.opendata.rdf import PREFIXES, Described, Nested, Thing, Words, json_ld, rdf_xml, turtle
from tests.services.web.opendata.town import Api, serving

# class → properties, (mandatory, and the recommended ones that we give), https://docs.dataportal.se/dcat/3.0.1/en/
ASKED = {
    "dcat:Catalog": "dcterms:title dcterms:description dcterms:publisher dcterms:license dcat:dataset "
    "dcterms:language foaf:homepage",
    "dcat:Dataset": "dcterms:title dcterms:description dcterms:publisher dcat:contactPoint dcat:distribution dcat:theme "
    "dcat:keyword dcterms:identifier dcterms:accrualPeriodicity dcterms:spatial dcterms:temporal dcterms:accessRights",
    "dcat:Distribution": "dcat:accessURL dcterms:title dcterms:format dcterms:license",
    "dcat:DataService": "dcterms:title dcat:endpointURL dcat:endpointDescription dcat:servesDataset dcterms:publisher "
    "dcat:contactPoint",
    "foaf:Agent": "foaf:name dcterms:type",
}


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with serving(tmp_path_factory.mktemp("state")) as served:
        yield served


@pytest.fixture(scope="module")
def graph(api: Api) -> list[dict[str, Any]]:
    return api.get("/api/v1/dcat?format=json").json()["@graph"]


def test_everything_that_is_asked_for_is_said(graph: list[dict[str, Any]]) -> None:
    """Of every thing of every class, and there are things of each."""
    lacking = [(thing["@id"], name) for thing in graph for name in ASKED[thing["@type"]].split() if not thing.get(name)]

    assert lacking == []
    assert {thing["@type"] for thing in graph} == set(ASKED)


def test_every_table_is_a_dataset_in_three_formats(graph: list[dict[str, Any]]) -> None:
    """And nothing is named that is not described."""
    described = {thing["@id"] for thing in graph}
    datasets = [thing for thing in graph if thing["@type"] == "dcat:Dataset"]
    catalogue = next(thing for thing in graph if thing["@type"] == "dcat:Catalog")

    assert len(datasets) == len(TABLES)
    assert all(len(thing["dcat:distribution"]) == 3 for thing in datasets)
    assert {each["@id"] for thing in datasets for each in thing["dcat:distribution"]} <= described
    assert {each["@id"] for each in catalogue["dcat:dataset"]} == {thing["@id"] for thing in datasets}


def test_what_can_be_downloaded_is_there(api: Api, graph: list[dict[str, Any]]) -> None:
    """Each download address answers, in the format that it names."""
    found = [thing for thing in graph if "dcat:downloadURL" in thing]

    for thing in found:
        answer = api.get(thing["dcat:downloadURL"]["@id"].removeprefix(api.url.rstrip("/")))
        assert answer.status == 200
        assert answer.headers["content-type"].startswith(thing["dcterms:format"]["@value"])
    assert len(found) == 21


def test_titles_are_in_swedish_and_english(graph: list[dict[str, Any]]) -> None:
    """The portal shows both."""
    for thing in graph:
        if thing["@type"] != "foaf:Agent":
            assert [each["@language"] for each in thing["dcterms:title"]] == ["sv", "en"]


def test_the_contact_can_be_written_to(graph: list[dict[str, Any]]) -> None:
    """As the settings name it."""
    datasets = [thing for thing in graph if thing["@type"] == "dcat:Dataset"]

    assert {thing["dcat:contactPoint"]["vcard:hasEmail"]["@id"] for thing in datasets} == {"mailto:energi@example.se"}


def test_the_data_portal_gets_rdf_xml_and_others_what_they_ask_for(api: Api) -> None:
    """Its harvester names no format."""
    assert api.get("/api/v1/dcat").headers["content-type"] == "application/rdf+xml"
    assert api.get("/api/v1/dcat", Accept="text/turtle").headers["content-type"].startswith("text/turtle")
    assert api.get("/api/v1/dcat", Accept="application/ld+json").headers["content-type"] == "application/ld+json"
    assert api.get("/api/v1/dcat?format=yaml").status == 400


def test_xml_and_json_say_the_same(api: Api, graph: list[dict[str, Any]]) -> None:
    """The same things with as many statements about each."""
    root = ElementTree.fromstring(api.get("/api/v1/dcat").body)  # noqa: S314 - our own
    about = f"{{{PREFIXES['rdf']}}}about"
    in_xml = {node.get(about): len(node) for node in root}
    in_json = {
        thing["@id"]: sum(len(value) if isinstance(value, list) else 1 for name, value in thing.items() if name[0] != "@")
        for thing in graph
    }

    assert in_xml == in_json


def test_nasty_words_are_words_in_every_writing() -> None:
    """Quotes, line breaks, angles and ampersands."""
    text = 'a "b" <c> & \\ \n'
    things = [
        Described(
            "http://x/<é>",
            "dcat:Dataset",
            [("dcterms:title", Words(text, "sv")), ("dcat:contactPoint", Nested("vcard:Kind", (("vcard:fn", Words(text)),)))],
        ),
        Described(
            "http://y",
            "dcat:Dataset",
            [("dcterms:issued", Words("2026-01-01", kind="xsd:date")), ("dcterms:isPartOf", Thing("http://x"))],
        ),
    ]
    node = ElementTree.fromstring(rdf_xml(things))[0]  # noqa: S314 - our own

    assert node[0].text == text
    assert json.loads(json_ld(things))["@graph"][0]["dcterms:title"] == {"@value": text, "@language": "sv"}
    written = turtle(things).decode()
    assert '"a \\"b\\" <c> & \\\\ \\n"@sv' in written
    assert "<http://x/%3Cé%3E>" in written
    assert '"2026-01-01"^^xsd:date' in written
    assert re.search(r"\[ a vcard:Kind ; vcard:fn ", written)
