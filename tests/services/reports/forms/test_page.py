"""The page of a report: everything that the report prints, and nothing from elsewhere."""

import re
from dataclasses import replace
from functools import cache
from html import unescape

import pytest

from services.reports.forms.page import PageForm
from services.reports.printing import figure_table, printed
from services.reports.wording import Language
from tests.services.reports.example_report import PREVIEW, PUBLISHED, REISSUED, REPORT
from tests.services.reports.forms.example_documents import HOSTILE, HOSTILE_REPORT, lost, texts_of


@cache
def page_in(language: Language) -> str:
    """Of the later edition."""
    return PageForm().render(printed(REISSUED, language)).decode()


def text(page: str) -> str:
    """As it is read: without styles and marks."""
    return unescape(re.sub(r"<[^>]+>", "", re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)))


@pytest.mark.parametrize("language", ["sv", "en"])
def test_everything_that_the_report_prints_is_in_the_page(language: Language) -> None:
    """Sentences, notices, facts, every cell and reason, charts' tables, changes, and what each figure rests on."""
    report = printed(REISSUED, language)
    said = [report.title, *report.sentences, *report.notices, *report.legend, *(each for fact in report.facts for each in fact)]
    said += [section.title for section in report.sections] + [section.empty for section in report.sections if section.empty]

    assert lost([*said, *texts_of(report.tables()), *texts_of([figure_table(report)])], text(page_in(language))) == []
    assert f'<html lang="{language}">' in page_in(language)


def test_a_chart_has_its_text_and_its_table() -> None:
    """Drawn for wide and for narrow screens; patterns of one drawing do not serve the other."""
    report = printed(REISSUED, "sv")
    charts = [chart for section in report.sections for chart in section.charts]

    for chart in charts:
        assert page_in("sv").count(f'role="img" aria-label="{chart.alt}"') == 2


def test_every_place_that_the_contents_lead_to_is_one() -> None:
    """Whatever sections are called."""
    sections = tuple(replace(REPORT.sections[0], key=key, tables=()) for key in ("figures", "changes", "contents", "x", "y"))
    report = printed(replace(REISSUED, report=replace(REPORT, sentences=(), sections=(*sections, REPORT.sections[1]))), "sv")
    page = PageForm().render(report).decode()

    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert {each.removeprefix("#") for each in re.findall(r'href="([^"]+)"', page)} <= set(ids)


def test_nothing_comes_from_elsewhere() -> None:
    """No script, and no address but those of its own headings and the names of SVG."""
    page = page_in("sv")

    assert "<script" not in page
    assert {each for each in re.findall(r'(?:src|href)="([^"]*)"', page) if not each.startswith("#")} == set()
    assert set(re.findall(r"https?://[^\s\"']+", page)) <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


def test_hostile_words_stay_words() -> None:
    """A building may be called anything."""
    page = PageForm().render(HOSTILE_REPORT).decode()

    assert "<script" not in page
    assert text(page).count(HOSTILE) > 20


def test_a_preview_says_so_and_a_first_edition_has_no_changes() -> None:
    """Nobody shall forward a preview as what was published."""
    preview, first = (PageForm().render(printed(each, "sv")).decode() for each in (PREVIEW, PUBLISHED))

    assert "Förhandsvisning, inte publicerad" in preview
    assert "Ändrat sedan förra utgåvan" not in first


def test_the_same_report_gives_the_same_bytes() -> None:
    """The archive keeps them, and compares."""
    assert PageForm().render(printed(REISSUED, "sv")).decode() == page_in("sv")
