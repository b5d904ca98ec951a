"""A report as known now, the difference, and a new edition of it; and what people do about its mails."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from config.errors import ReportError, StoreUnavailable
from services.reports.report import ReportKind
from services.state.audit import Act
from services.state.report_mails import MailState
from tests.services.web.reports.shelf import ANNA, BO, DOUBTFUL, RINK, RINKS, otherwise, report
from tests.services.web.reports.site import Answer, Site, running_reports

LATE = otherwise(report(ReportKind.MONTHLY, RINK, "Ishallen"))
LATER = otherwise(report(ReportKind.MONTHLY, RINK, "Ishallen"), 60_222.0)
NEW = f"/rapporter/{RINKS}/ny-utgava"


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """In which nothing is published anew."""
    with running_reports(tmp_path_factory.mktemp("site")) as served:
        yield served


@pytest.fixture
def site(unchanged: Site) -> Site:
    """Readings came late: the first report would say something else now, made for the first time."""
    unchanged.now = {RINKS: LATE}
    unchanged.made.clear()
    unchanged.clock.at += timedelta(minutes=3)
    return unchanged


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Site]:
    """Where a test may publish."""
    with running_reports(tmp_path) as served:
        served.now = {RINKS: LATE}
        yield served


def publish(site: Site, who: str = "mia", why: str = "Sena avläsningar", **fields: str) -> Answer:
    """As the form of the page that they have before them."""
    seen = re.search(r'name="seen" value="(\w+)"', site.get(NEW, "mia").text)
    return site.post(NEW, who, {"seen": seen[1] if seen else "", "why": why} | fields)


def test_it_is_shown_as_it_is_known_now(site: Site) -> None:
    """Every table of it, marked as not published; the published edition says what it said."""
    now, then = (site.get(f"/rapporter/{RINKS}{rest}", "rasmus").text.replace("\u00a0", " ") for rest in ("/nu", ""))

    assert "Ishallen använde ungefär 61 111 kWh" in now
    assert "inte publicerad" in now
    assert re.search(r'<th role="rowheader" scope="row">Energianvändning, kWh</th><td [^>]*><span>≈ 61 111</span>', now)
    assert "Ishallen använde ungefär 62 970 kWh" in then


def test_the_difference_has_old_new_and_cause(site: Site) -> None:
    """Of what moved alone; whoever may publish is led there."""
    pages = {who: site.get(f"/rapporter/{RINKS}/skillnad", who).text.replace("\u00a0", " ") for who in ("rasmus", "mia")}

    assert "2 ändringar" in pages["mia"]
    assert re.search(r"≈ 62 970 kWh.*≈ 61 111 kWh", pages["mia"], re.DOTALL)
    assert "Kostnad" not in re.sub(r"<header.*?</header>", "", pages["mia"], flags=re.DOTALL)
    assert {who: NEW in page for who, page in pages.items()} == {"rasmus": False, "mia": True}


def test_what_has_not_changed_cannot_be_published_again(site: Site) -> None:
    """And says so."""
    site.now.clear()

    assert "Ingen siffra är en annan" in site.get(f"/rapporter/{RINKS}/skillnad", "mia").text
    assert "inget att publicera" in site.get(NEW, "mia").text
    assert publish(site).status == 422
    assert len(site.archive.editions(RINKS)) == 1


def test_a_new_edition_is_published_and_logged(own: Site) -> None:
    """Under the same number, with what changed; the first keeps its bytes."""
    first = own.get(f"/rapporter/{RINKS}/1/sv.pdf", "mia").data
    answer = publish(own)
    published = own.archive.publication(RINKS)
    entry = own.state.audit.entries(limit=1)[0]

    assert (answer.status, answer.headers["Location"]) == (303, f"/rapporter/{RINKS}")
    assert (published.edition, published.report, len(published.changes)) == (2, LATE, 2)
    assert (entry.act, entry.who, entry.address, entry.subject) == (Act.REPORT_REISSUED, "mia", "127.0.0.1", f"report {RINKS}")
    assert "ändringar: 2; utgåva: 1 → 2; skäl: Sena avläsningar" in own.get("/logg", "adam").text
    assert (entry.before, entry.after) == ({"edition": 1}, {"edition": 2, "changes": 2, "why": "Sena avläsningar"})
    assert own.get(f"/rapporter/{RINKS}/1/sv.pdf", "mia").data == first
    assert own.get(f"/rapporter/{RINKS}/2/sv.pdf", "mia").data.startswith(f"{RINKS}-2".encode())


def test_a_new_edition_is_sent_when_one_says_so(own: Site) -> None:
    """To those whom the report goes to; else it is in the archive alone, for whoever comes there."""
    page = own.get(NEW, "mia").text
    publish(own)
    unsent = list(own.queued)
    own.now[RINKS] = LATER
    own.clock.at += timedelta(minutes=3)
    publish(own, send="1")

    assert f"{ANNA}, {BO}" in page
    assert (unsent, own.queued) == ([], [(f"{RINKS}-3", (ANNA, BO))])


def test_other_figures_than_one_looked_at_are_not_published(own: Site) -> None:
    """More came in between page and button: they are looked at first."""
    seen = re.search(r'name="seen" value="(\w+)"', own.get(NEW, "mia").text)
    assert seen is not None
    own.now[RINKS] = LATER
    own.clock.at += timedelta(minutes=3)
    answer = own.post(NEW, "mia", {"seen": seen[1], "why": "Sena avläsningar"})

    assert (answer.status, len(own.archive.editions(RINKS))) == (422, 1)
    assert "fler siffror har ändrats sedan du tittade" in answer.text
    assert "Sena avläsningar</textarea>" in answer.text
    assert publish(own).status == 303
    assert own.archive.publication(RINKS).report == LATER


REFUSED = {"laila": 403, "rasmus": 403, "olle": 404, "": 403}


@pytest.mark.parametrize(("who", "status"), REFUSED.items())
def test_who_may_not_publishes_nothing(site: Site, who: str, status: int) -> None:
    """Who sees it is told that they may not; who does not is told nothing."""
    assert (publish(site, who).status, len(site.archive.editions(RINKS))) == (status, 1)


def test_nothing_is_published_without_the_session_s_token(site: Site) -> None:
    """Another site's form has none."""
    assert site.post(NEW, "mia", {"seen": "x"}, token="f" * 64).status == 403
    assert len(site.archive.editions(RINKS)) == 1


FAULTS = {
    "refused": (ReportError("no such building", "byggnaden finns inte längre"), 409, "byggnaden finns inte längre"),
    "no store": (StoreUnavailable("gone"), 503, "databasen svarar inte"),
}


@pytest.mark.parametrize(("error", "status", "words"), FAULTS.values(), ids=FAULTS)
def test_what_cannot_be_made_now_says_why(site: Site, error: ReportError, status: int, words: str) -> None:
    """On each of the three pages; what is published stays as it is."""
    site.now[RINKS] = error
    pages = [site.get(f"/rapporter/{RINKS}/{rest}", "mia") for rest in ("nu", "skillnad", "ny-utgava")]

    assert [(page.status, words in page.text) for page in pages] == [(status, True)] * 3
    assert (publish(site).status, len(site.archive.editions(RINKS))) == (422, 1)
    assert site.get(f"/rapporter/{RINKS}", "mia").status == 200


def test_it_is_made_once_for_who_goes_from_page_to_page(site: Site) -> None:
    """They see one and the same, and the store is asked once; two minutes later it is made anew."""
    for rest in ("nu", "skillnad", "ny-utgava"):
        site.get(f"/rapporter/{RINKS}/{rest}", "mia")
    once = list(site.made)
    site.clock.at += timedelta(minutes=2)
    site.get(f"/rapporter/{RINKS}/nu", "mia")

    assert (once, site.made) == ([RINKS], [RINKS, RINKS])


def test_a_mail_in_doubt_is_said_to_have_arrived_or_sent_again(own: Site) -> None:
    """By an administrator, once; the log names the mail and not the mailbox."""
    answers = [own.post(f"/rapporter/{RINKS}/brev/{DOUBTFUL}/{act}", "adam", {}) for act in ("framme", "framme", "igen")]
    mail, entry = own.state.report_mails.mail(DOUBTFUL), own.state.audit.entries(limit=1)[0]

    assert [answer.status for answer in answers] == [303, 422, 422]
    assert "bara det som är osäkert" in answers[1].text
    assert mail is not None
    assert mail.state is MailState.SENT
    assert (entry.act, entry.after) == (Act.REPORT_ARRIVED, {"mail": DOUBTFUL, "state": "sent"})
    assert "@" not in f"{entry}"


@pytest.mark.parametrize("number", [RINKS, "ER-2026-0002"])
def test_a_mail_belongs_to_its_report(site: Site, number: str) -> None:
    """Under another's number, or under none, there is no such mail."""
    mail = DOUBTFUL if number != RINKS else "finns-inte"

    assert site.post(f"/rapporter/{number}/brev/{mail}/igen", "adam", {}).status == 404
    assert site.state.audit.entries() == []
