"""The archive over HTTP: what is listed and found, what a page says, and files as they were published."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest

from services.reports.report import ReportKind
from services.web.application import HEADERS
from tests.services.web.reports.shelf import (
    ANNA,
    COMMITTEES,
    FORMS,
    RINK,
    RINKS,
    RINKS_SHEET,
    SCHOOLS_SHEET,
    TREND,
    PlainForm,
    otherwise,
    report,
)
from tests.services.web.reports.site import Site, running_reports

EVERY = [RINKS, RINKS_SHEET, COMMITTEES, SCHOOLS_SHEET, TREND]  # the latest period first, then by name


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The first report has a second edition; another waits."""
    with running_reports(tmp_path_factory.mktemp("site")) as served:
        served.archive.publish(otherwise(report(ReportKind.MONTHLY, RINK, "Ishallen")))
        now = served.clock.now()
        for kind, name in (("portfolio", "portfolio"), ("building", "ishallen")):
            key = ("manaden", kind, name, "2026-10")
            served.state.report_plans.wait(key, now, now, f"{name}: 41 % är mätt.", f"{name}: 41 % is measured.")
        yield served


def listed(site: Site, query: str = "", who: str = "adam") -> list[str]:
    return re.findall(r'href="/rapporter/(ER-[\d-]+)', site.get(f"/rapporter{query}", who).text)


def test_the_latest_period_stands_first(site: Site) -> None:
    """Then by name as Swedes sort."""
    assert listed(site) == EVERY


FOUND = {
    "?q=ishallen": [RINKS, RINKS_SHEET],
    "?q=ISHALLEN+m%C3%A5nadsrapport": [RINKS],
    "?q=monthly": [RINKS],
    f"?q={RINKS_SHEET.lower()}": [RINKS_SHEET],
    "?slag=sheet": [RINKS_SHEET, SCHOOLS_SHEET],
    "?om=owner:skolnamnden": [COMMITTEES],
    "?ar=2025": [],
    "?ar=2026&slag=trend": [TREND],
    "?q=finns-inte": [],
    "?slag=&om=&ar=": EVERY,
    "?slag=annat&om=vad:som&ar=%C2%B2026": EVERY,  # nothing that could be asked for
}


@pytest.mark.parametrize("query", FOUND)
def test_it_is_searched_by_words_kind_subject_and_year(site: Site, query: str) -> None:
    """In whichever language and case; by a form that is read, so that it works without JavaScript."""
    assert listed(site, query) == FOUND[query]


HOSTILE = ["<script>alert(1)</script>", "'; DROP TABLE published_reports; --", "%_*?[", "\x00", "å" * 600, "\u202egnp"]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_search_finds_nothing_and_does_nothing(site: Site, text: str) -> None:
    """It is words, in the page too."""
    answer = site.get(f"/rapporter?q={quote(text)}", "adam")

    assert answer.status == 200
    assert "<script>alert" not in answer.text
    assert "Ingen rapport stämmer" in answer.text
    assert listed(site) == EVERY


def test_what_is_not_theirs_is_in_no_list_count_or_choice(site: Site) -> None:
    """Nor found by its number or name."""
    pages = {who: site.get("/rapporter", who).text for who in ("", "olle", "rasmus")}
    words = {who: re.findall(r"(\d+) rapport", page) for who, page in pages.items()}

    assert {who: listed(site, who=who) for who in pages} == {
        "": [SCHOOLS_SHEET], "olle": [COMMITTEES, SCHOOLS_SHEET], "rasmus": [RINKS, RINKS_SHEET, SCHOOLS_SHEET]
    }  # fmt: skip
    assert words == {"": ["1"], "olle": ["2"], "rasmus": ["3"]}
    assert all("Ishallen" not in pages[who] and "ishallen" not in pages[who] for who in ("", "olle"))
    for query in (f"?q={RINKS}", "?q=ishallen", "?om=building:ishallen"):
        assert listed(site, query, "olle") == listed(site, query, "") == []


def test_what_does_not_exist_and_what_is_not_theirs_are_answered_alike(site: Site) -> None:
    """To the letter, but for the address itself."""
    for path in ("", "/1", "/1/sv.pdf", "/nu", "/skillnad", "/ny-utgava"):
        answers = [site.get(f"/rapporter/{number}{path}", "olle") for number in (RINKS, "ER-2026-0099")]

        assert [each.status for each in answers] == [404, 404], path
        assert answers[0].text.replace(RINKS, "ER-2026-0099") == answers[1].text


def test_what_waits_says_why_to_whom_it_concerns(site: Site) -> None:
    """A report with too little data; nobody else learns that it is due."""
    told = {who: site.get("/rapporter", who).text for who in ("", "olle", "rasmus", "adam")}

    assert {who: re.findall(r"(\w+): 41 % är mätt", text) for who, text in told.items()} == {
        "": [], "olle": [], "rasmus": ["ishallen"], "adam": ["ishallen", "portfolio"]
    }  # fmt: skip
    assert "Månadsrapport, Ishallen, A/B-rinken, oktober\u00a02026" in unescape(told["rasmus"])


def test_a_page_has_the_report_s_own_words_and_editions(site: Site) -> None:
    """The newest edition, what changed in it, and the way to the one before."""
    page = unescape(site.get(f"/rapporter/{RINKS}", "adam").text).replace("\u00a0", " ")
    first = site.get(f"/rapporter/{RINKS}/1", "adam").text

    assert "Ishallen använde ungefär 61 111 kWh i oktober 2026" in page
    assert "Beståndet är ett exempel" in page
    assert f"{RINKS}-2" in page
    assert re.search(r"≈ 62 970 kWh.*≈ 61 111 kWh", page, re.DOTALL)
    assert f'href="/rapporter/{RINKS}/1"' in page
    assert "Det finns en senare utgåva" in first
    assert f"/rapporter/{RINKS}/1/en.csv" in first


def test_everything_is_said_in_english_too(site: Site) -> None:
    """By the address, which every link keeps."""
    page = site.get(f"/rapporter/{RINKS}?lang=en", "adam").text

    assert '<html lang="en">' in page
    assert "Monthly report" in page
    assert "2 changes since the edition before" in page
    assert f'href="/rapporter/{RINKS}/1?lang=en"' in page
    assert "Månadsrapport" not in page
    assert "Building sheet: Soltorgets skola" in site.get("/rapporter?lang=en").text


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.suffix)
def test_a_file_is_given_as_it_was_published(site: Site, form: PlainForm) -> None:
    """Its bytes, its kind and its name; for ever, and to nobody who signs in after."""
    suffix = form.suffix
    answer = site.get(f"/rapporter/{RINKS}/1/en.{suffix}", "adam")
    headers = answer.headers
    again = site.get(f"/rapporter/{RINKS}/1/en.{suffix}", "adam", **{"If-None-Match": headers["ETag"]})

    assert answer.data == f"{RINKS} en {suffix} Ishallen, 2026-10".encode()
    assert headers["Content-Type"].startswith(form.media_type)
    shown = "attachment" if suffix == "csv" else "inline"
    assert headers["Content-Disposition"] == f'{shown}; filename="{RINKS}-en.{suffix}"'
    assert (headers["Cache-Control"], headers["Vary"]) == ("private, max-age=31536000, immutable", "Cookie")
    assert (again.status, again.data, again.headers["ETag"]) == (304, b"", headers["ETag"])
    assert {name: headers[name] for name in HEADERS if name != "Content-Security-Policy"} == {
        name: value for name, value in HEADERS.items() if name != "Content-Security-Policy"
    }


def test_a_document_has_nothing_of_the_boards(site: Site) -> None:
    """It is shut in: no script, no form, no cookie, whatever is written in it. Its editions are files of their own."""
    policy = site.get(f"/rapporter/{RINKS}/1/sv.html", "adam").headers["Content-Security-Policy"]
    tags = {site.get(f"/rapporter/{RINKS}/{edition}/sv.html", "adam").headers["ETag"] for edition in (1, 2)}

    assert policy.endswith("; sandbox")
    assert "script-src" not in policy
    assert "default-src 'none'" in policy
    assert len(tags) == 2


def test_a_known_etag_opens_nothing_to_who_may_not_read(site: Site) -> None:
    """Who may is asked first."""
    tag = site.get(f"/rapporter/{RINKS}/1/sv.pdf", "adam").headers["ETag"]

    assert site.get(f"/rapporter/{RINKS}/1/sv.pdf", "olle", **{"If-None-Match": tag}).status == 404
    assert site.get(f"/rapporter/{RINKS}/1/sv.pdf", "olle", **{"If-None-Match": "*"}).status == 404


NOT_FILES = [
    f"{RINKS}/1/..%2F..%2F..%2Fstate.sqlite",
    f"{RINKS}/1/%2Fetc%2Fpasswd",
    f"{RINKS}/1/..%5C..%5Cstate.sqlite",
    f"{RINKS}/1/{RINKS}-1.json",
    f"{RINKS}/1/.json",
    f"{RINKS}/1/sv.pdf%00.html",
    f"{RINKS}/01/sv.exe",
    f"..%2F{RINKS}/1/sv.pdf",
    f"{RINKS}/99999999999999999999999/sv.pdf",
    f"{RINKS}/-1/sv.pdf",
    f"{RINKS}/%D9%A1/sv.pdf",  # an Arabic one
]


@pytest.mark.parametrize("path", NOT_FILES)
def test_no_other_file_is_given(site: Site, path: str) -> None:
    """Names are those on record, and nothing is looked up by them on the disk."""
    assert site.get(f"/rapporter/{path}", "adam").status == 404


def test_a_damaged_file_is_not_given(tmp_path: Path) -> None:
    """The reader is told so, and not where it lies; the page of its report says the same of the report's own value."""
    with running_reports(tmp_path) as site:
        for name in (f"{RINKS}-1-sv.pdf", f"{RINKS}-1.json"):
            (tmp_path / "reports" / RINKS / "1" / name).write_bytes(b"changed")
        answers = [site.get(f"/rapporter/{RINKS}{rest}", "adam") for rest in ("/1/sv.pdf", "")]

        assert [answer.status for answer in answers] == [500, 500]
        assert all("filen är skadad eller borta" in answer.text and str(tmp_path) not in answer.text for answer in answers)
        assert site.get(f"/rapporter/{RINKS}/1/en.pdf", "adam").status == 200
        assert listed(site) == EVERY


def test_a_goal_leads_to_the_latest_trend_report(site: Site) -> None:
    """Of everything together; no building's report is the goal's."""
    page = site.get("/mal/solel-2030?lang=en", "laila").text

    assert re.findall(r'<a href="/rapporter/([^"]+)">([^<]+)', page) == [
        (f"{TREND}?lang=en", "Trend report January–August\u00a02026")
    ]


def test_buildings_lead_to_their_latest_reports(site: Site) -> None:
    """As far as the reader may read them."""
    link = re.compile(r'<a href="/rapporter/(ER-[\d-]+)')

    assert link.findall(site.get("/byggnad/ishallen", "adam").text) == [RINKS, RINKS_SHEET]
    assert link.findall(site.get("/byggnad/soltorgets-skola", "rasmus").text) == []  # its page is not theirs
    assert link.findall(site.get("/byggnad/soltorgets-skola", "olle").text) == [SCHOOLS_SHEET]


def test_mails_are_told_to_who_keeps_reports(site: Site) -> None:
    """Addresses are personal data; what can be done about them is the administrators'."""
    pages = {who: site.get(f"/rapporter/{RINKS}/1", who).text for who in ("laila", "rasmus", "mia", "adam")}

    assert {who: ANNA in page for who, page in pages.items()} == {"laila": False, "rasmus": False, "mia": True, "adam": True}
    assert "osäkert om det kom fram" in pages["mia"]
    assert {who: "Den kom fram" in page for who, page in pages.items()}["mia"] is False
    assert "Sänd igen" in pages["adam"]
    assert ANNA not in site.get(f"/rapporter/{RINKS}", "adam").text  # it was the first edition that went
