"""The citizens' pages over HTTP: what they show, what they never do, and that what is posted is gone at once."""

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import urllib3

from tests.services.web.board import HTTP
from tests.services.web.citizens.files import HOURLY
from tests.services.web.citizens.site import WRITTEN, Site, serving
from tests.services.web.opendata.town import SECRET

PAGES = ("/oppet", "/oppet/byggnad/s0", "/oppet/byggnad/s2", "/oppet/rad", "/jamfor", "/oppna-data")
MARKER = "73199917"  # a use that stands in nothing else


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serving(tmp_path_factory.mktemp("state")) as served:
        yield served


def get(site: Site, path: str) -> tuple[int, str]:
    answer = HTTP.request("GET", site.url.rstrip("/") + path, redirect=False)
    return answer.status, answer.data.decode()


def post(site: Site, **fields: Any) -> tuple[int, str]:
    answer = HTTP.request("POST", site.url.rstrip("/") + "/jamfor", fields=fields)
    return answer.status, re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.data.decode().split('id="result"')[1]))


@pytest.mark.parametrize("language", ["", "?lang=en"])
@pytest.mark.parametrize("path", PAGES)
def test_no_page_names_what_is_hidden(site: Site, path: str, language: str) -> None:
    """Buildings, meters, and what a person wrote."""
    status, text = get(site, path + language)

    assert status == 200
    assert SECRET not in text
    assert WRITTEN not in text


@pytest.mark.parametrize("path", PAGES)
def test_names_are_words_and_nothing_more(site: Site, path: str) -> None:
    """One school is called <b>&"'."""
    assert "<b>" not in get(site, path)[1].split("<main", maxsplit=1)[1]


@pytest.mark.parametrize("identifier", [f"{SECRET}-l1", "finns-inte", "..%2f..%2fetc"])
def test_a_hidden_building_has_no_page(site: Site, identifier: str) -> None:
    """Nor has one that does not exist; the answer is the same but for its address."""
    status, text = get(site, f"/oppet/byggnad/{identifier}")

    assert status == 404
    assert SECRET not in text.replace(f"/oppet/byggnad/{identifier}", "")


def test_a_page_tells_what_is_open_of_a_building_and_why_the_rest_is_not(site: Site) -> None:
    """s2's electricity has a shut meter, so its sum over carriers is shut too."""
    text = get(site, "/oppet/byggnad/s2")[1]

    assert "El: En av byggnadens huvudmätare för det är inte märkt öppen" in text
    assert "/api/v1/series/s2/district_heating" in text
    assert "/api/v1/series/s2/electricity" not in text


def test_houses_are_compared_by_kind_with_what_is_missing_told(site: Site) -> None:
    """Of the schools two have a figure over all carriers; the third has none that may be shown."""
    text = get(site, "/oppet")[1]
    schools = text.split("<h3>Skola</h3>")[1].split("</ul>")[0]

    assert re.findall(r">(100|101|saknas)<", schools) == ["100", "101", "saknas"]


def test_only_verified_savings_of_open_meters_are_told(site: Site) -> None:
    """Of five one is open and more than noise."""
    text = get(site, "/oppet/rad")[1]

    assert re.findall(r'href="/oppet/byggnad/(\w+)"', text) == ["s0"]
    assert "5\xa0000 kWh" in text
    assert "Stäng av ventilationen på natten." in text
    assert "4\xa0000 – 6\xa0000" in text


# Compare your own, without JavaScript


def test_a_year_is_compared_on_the_server(site: Site) -> None:
    """Every day of the weather has ten degree days: 3 650 against a normal year's 12·310 - 30 = 3 690."""
    status, text = post(site, area="100", kind="school", use="heat", share="20", kwh="12 000", year="2025")

    assert status == 200
    # (12 000 - 2 400)·3690/3650 + 2 400 = 12 105.2; of 100 m² 121; the schools' heat is 100, 101 and 102
    assert "Summa 12 000 12 105 Per m² 120 121" in text
    assert "Du ligger 20 % över mitten" in text


def test_a_file_is_compared_on_the_server(site: Site) -> None:
    """1.5 kWh an hour of 2025; electricity that does not heat is not moved."""
    file = ("min fil.csv", HOURLY.encode(), "text/csv")

    status, text = post(site, area="150", kind="preschool", use="electricity", share="", kwh="", year="2025", file=file)

    assert status == 200
    assert "Per m² 87,6 87,6" in text
    assert "2025-01 till 2025-12" in text


def test_pasted_rows_are_compared_too(site: Site) -> None:
    """As a file."""
    assert "Per m² 87,6" in post(site, area="150", kind="school", use="electricity", kwh="", year="2025", text=HOURLY)[1]


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no area": ({"area": "", "kwh": "100", "year": "2025"}, "Ange ytan"),
    "no use": ({"area": "100", "kwh": "", "year": "2025"}, "Ange hur många kWh"),
    "a year that is not over": ({"area": "100", "kwh": "100", "year": "2026"}, "Välj ett av åren"),
    "a share of 200 %": ({"area": "100", "kwh": "100", "year": "2025", "share": "200"}, "från 0 till 100"),
    "a letter": ({"area": "100", "text": "Hej\nhej\n", "year": "2025"}, "Excel- och PDF-filer går inte"),
    "half a year": ({"area": "100", "text": HOURLY[: len(HOURLY) // 2]}, "Dessa saknas eller är inte hela: 2024-07, 2024-08"),
    "a file of nothing but zeros": ({"area": "100", "file": ("x.csv", b"\x00" * 1000, "text/csv")}, "inga kolumner"),
}


@pytest.mark.parametrize(("fields", "words"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_compared_is_told_in_swedish(site: Site, fields: dict[str, Any], words: str) -> None:
    """And no figure is shown."""
    status, text = post(site, **{"kind": "school", "use": "heat", **fields})

    assert status == 400
    assert words in text
    assert "Per m²" not in text


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"x" * 6_000_000, "multipart/form-data; boundary=x"),
        (b"nonsense", "multipart/form-data"),
        (b"nonsense", "multipart/form-data; boundary=x"),
        (b"area=1", "application/x-www-form-urlencoded"),
        (b"{}", "application/json"),
    ],
)
def test_what_is_no_form_is_told_and_breaks_nothing(site: Site, body: bytes, kind: str) -> None:
    """Too large, without a boundary, of another kind."""
    answer = HTTP.request("POST", site.url.rstrip("/") + "/jamfor", body=body, headers={"Content-Type": kind})

    assert answer.status == 400
    assert b"Traceback" not in answer.data


def test_what_is_posted_is_written_nowhere(site: Site, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    """No file, large as it is; no state; no log line; and the answer may not be kept."""
    opened: list[str] = []
    monkeypatch.setattr("tempfile.TemporaryFile", lambda *given, **_: opened.append(str(given)))
    monkeypatch.setattr("tempfile._TemporaryFileWrapper", lambda *given, **_: opened.append(str(given)))
    caplog.set_level(logging.DEBUG)
    before = written(site.folder)
    rows = "\r\n".join([HOURLY, *(f"skräp {MARKER};{MARKER}" for _ in range(120_000))]).encode()
    assert 2_000_000 < len(rows) < 5_000_000

    answer = HTTP.request(
        "POST",
        site.url.rstrip("/") + "/jamfor",
        fields={"area": MARKER, "kind": "school", "use": "electricity", "file": ("f.csv", rows, "text/csv")},
    )

    assert answer.status in (200, 400)
    assert opened == []
    assert written(site.folder) == before
    assert MARKER not in caplog.text
    assert answer.headers["cache-control"] == "no-store"


def written(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_a_page_of_another_site_is_read_by_nobody(site: Site) -> None:
    """No CORS, no cookie."""
    answer = urllib3.request("GET", site.url.rstrip("/") + "/jamfor", headers={"Origin": "https://example.org"})

    assert "access-control-allow-origin" not in answer.headers
    assert "set-cookie" not in answer.headers
