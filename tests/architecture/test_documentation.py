"""What the documentation says and what the code does agree."""

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from urllib.parse import unquote

import pytest

from config.domain.indicators import INDICATORS
from config.settings import Settings
from tests.architecture import reference
from tests.servers import ROOT

PAGES = [*sorted((ROOT / "docs").rglob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"]
WORDS = "\n".join(page.read_text() for page in PAGES)


def named(word: str) -> bool:
    """Whether some page names the word as code."""
    return f"`{word}`" in WORDS


@pytest.mark.parametrize("name", reference.PAGES)
def test_a_page_read_off_the_code_is_up_to_date(name: str) -> None:
    """Make it again: python -m tests.architecture.reference"""
    written = (ROOT / "docs" / name).read_text()

    assert written == reference.PAGES[name](), f"docs/{name} is old: python -m tests.architecture.reference"


def test_every_decoder_family_is_documented() -> None:
    """Who has such a meter must find it by the name that goes into sources.yaml."""
    families = [decoder.family for decoder, _ in reference.decoders()]

    assert families
    assert [family for family in families if not named(family)] == []


def test_every_setting_is_documented() -> None:
    """A setting that is in no page is set by nobody."""
    variables = [f"ENERGIMONITOR_{name.upper()}" for name in Settings.model_fields]

    assert variables
    assert [variable for variable in variables if variable not in WORDS] == []


def test_no_page_names_a_setting_that_is_none() -> None:
    """A renamed setting that a page still names is ignored without a word."""
    known = {f"ENERGIMONITOR_{name.upper()}" for name in Settings.model_fields}
    known |= {f"{name}_FILE" for name in known}
    mentioned = set(re.findall(r"ENERGIMONITOR_[A-Z0-9_]*[A-Z0-9]", WORDS))

    assert {name for name in mentioned - known if not name.startswith("ENERGIMONITOR_TEST_")} == set()


def test_every_indicator_is_documented() -> None:
    """A figure without its definition cannot be quoted."""
    assert INDICATORS
    assert [name for name in INDICATORS if not named(name)] == []


def test_every_dashboard_is_documented() -> None:
    """By the id that stands in its address."""
    boards = [board.uid for _, board in reference.shelf_of_dashboards()]

    assert boards
    assert [uid for uid in boards if not named(uid)] == []


def test_every_error_is_documented() -> None:
    """An error in a log is looked up by its name."""
    names = [kind.__name__ for _, kind in reference.error_classes()]

    assert "MessageError" in names
    assert [name for name in names if not named(name)] == []


def test_every_command_is_documented_and_says_what_it_does() -> None:
    """The help is the first thing that is read."""
    found = reference.commands()

    assert found
    assert [words for words, _ in found if not named(words)] == []
    assert [words for words, says in found if len(says) < 10] == []


def test_no_page_names_a_command_that_is_none() -> None:
    """A renamed command that a page still names costs its reader an hour."""
    known = [words.split()[1:] for words, _ in reference.commands()]
    blocks = re.findall(r"`energimonitor ([^`\n]+)`", WORDS) + re.findall(r"^\s*(?:\$ )?energimonitor (.+)$", WORDS, re.MULTILINE)
    called = [re.findall(r"^[a-z][a-z -]*[a-z]", block.split(" -")[0]) for block in blocks]
    wrong = [found[0] for found in called if found and not any(found[0].split()[: len(words)] == words for words in known)]

    assert wrong == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_inside_the_documentation_leads_somewhere(page: Path) -> None:
    """A moved page leaves its links behind."""

    def anchors(target: Path) -> set[str]:
        titles = re.findall(r"^#+ (.+)$", target.read_text(), re.MULTILINE)
        return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}

    dead = []
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = unquote(link).partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in anchors(target)):
            dead.append(link)

    assert dead == []


def test_every_page_can_be_reached_from_the_readme() -> None:
    """What cannot be found need not have been written."""
    reached, pending = set(), [ROOT / "README.md"]
    while pending:
        page = pending.pop()
        if page in reached or not page.exists():
            continue
        reached.add(page)
        links = re.findall(r"\]\(([^)#\s]+\.md)[^)]*\)", page.read_text())
        pending += [(page.parent / link).resolve() for link in links if not re.match(r"[a-z]+:", link)]

    assert {str(page.relative_to(ROOT)) for page in PAGES} - {str(page.relative_to(ROOT)) for page in reached} == set()


def test_every_decision_says_what_it_costs() -> None:
    """style.md section 8: question, decision, what it costs, what would make us change it."""
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    parts = ("**Question.**", "**Decision.**", "**What it costs.**", "**What would make us change it.**")

    assert [page.name[:4] for page in decisions] == [f"{number:04}" for number in range(1, len(decisions) + 1)]
    assert [page.name for page in decisions if any(part not in page.read_text() for part in parts)] == []


def test_the_picture_is_well_formed_and_says_in_words_what_it_shows() -> None:
    """A reader who cannot see it gets the description."""
    picture = ElementTree.parse(ROOT / "docs" / "architecture.svg").getroot()  # noqa: S314 - our own file
    names = {"svg": "http://www.w3.org/2000/svg"}

    assert len(picture.findtext("svg:desc", "", names)) > 100
    for folder in ("collectors/", "services/", "dashboards/", "config/"):
        assert any(folder in (text.text or "") for text in picture.iterfind(".//svg:text", names)), folder
