"""The first page of a report as a mail: the same figures in HTML and in text, a picture that travels with it, the same bytes."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from html import unescape
from itertools import pairwise

import pytest

from services.mail.mail import Attachment, Mail, composed
from services.reports.forms.mail_body import COLUMNS, MailBody, is_long, mail_body, mail_tables
from services.reports.printing import printed
from services.reports.report import Column, Row, Section, Table, Words
from services.reports.wording import Language
from tests.services.reports.example_report import PREVIEW, PUBLISHED, REISSUED, REPORT
from tests.services.reports.forms.example_documents import HOSTILE, HOSTILE_REPORT, lost, texts_of

ADDRESS = "https://energi.example.se/rapporter/ER-2026-0017"
WRITTEN = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


@cache
def body_in(language: Language) -> MailBody:
    """Of the later edition."""
    return mail_body(printed(REISSUED, language), ADDRESS)


def text(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", re.sub(r"<br>", " ", re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL))))


def composed_bytes(body: MailBody, attachments: Sequence[Attachment] = (), name: str = "rapport-17-2") -> bytes:
    mail = Mail(name, "chef@example.se", body.subject, body.text, WRITTEN, body.html, "sv", attachments, body.images)
    return composed(mail, "rapport@example.se").as_bytes()


def read(data: bytes) -> EmailMessage:
    message = message_from_bytes(data, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


@pytest.mark.parametrize("language", ["sv", "en"])
def test_html_and_text_say_the_same_figures(language: Language) -> None:
    """What changed, the first table and what it lacks; sentences, notices and facts of the report."""
    report, body = printed(REISSUED, language), body_in(language)
    said = [report.title, *report.sentences, *report.notices, *report.legend]
    said += [f"{name}: {fact}" for name, fact in report.facts]
    shown = [each for each in texts_of(mail_tables(report).figures) if each not in ("Siffra", "Figure")]  # a corner is no figure

    assert len(shown) > 20
    assert lost([*said, *shown], text(body.html)) == []
    assert lost([*said, *shown], body.text) == []
    assert ADDRESS in body.html
    assert ADDRESS in body.text


def test_the_text_is_read_as_well_in_a_proportional_type() -> None:
    """A figure a line, none wider than 72 letters, and no figure torn from its unit."""
    lines = body_in("sv").text.splitlines()

    assert [line for line in lines if len(line) > COLUMNS] == []
    assert "  Oktober 2026: ≈\u00a062\u00a0970" in lines
    assert [line for line in lines if "   " in line.lstrip()] == []
    assert [pair for pair in pairwise(lines) if pair == ("", "")] == []


def test_a_table_wider_than_a_telephone_is_a_list() -> None:
    """The changes carry sentences; the key figures are a table."""
    changes, key_figures = mail_tables(printed(REISSUED, "sv")).figures

    assert (is_long(changes), is_long(key_figures)) == (True, False)
    assert body_in("sv").html.count("<caption") == 1


def test_the_subject_says_which_report_it_is() -> None:
    """Found again in a mailbox by kind, month, building and edition."""
    year_end = replace(PUBLISHED, report=replace(REPORT, variant=Words("årsbokslut", "annual accounts")))

    assert mail_body(printed(PUBLISHED, "sv")).subject == "Månadsrapport oktober 2026: Björkskolan"
    assert body_in("sv").subject == "Månadsrapport oktober 2026: Björkskolan (utgåva 2)"
    assert body_in("en").subject == "Monthly report October 2026: Björkskolan (edition 2)"
    assert mail_body(printed(PREVIEW, "sv")).subject == "Förhandsvisning: Månadsrapport oktober 2026: Björkskolan"
    assert mail_body(printed(year_end, "sv")).subject == "Månadsrapport oktober 2026, årsbokslut: Björkskolan"


def test_of_what_is_missing_the_first_five_are_told() -> None:
    """With who can supply it; the mail is a page, and says how many more there are."""
    rows = tuple(Row(f"{place}", Words(f"Siffra {place}", ""), (Words("Skolnämnden", ""),)) for place in range(8))
    who = (Column("who", Words("Vem kan komplettera", "")),)
    name, corner = Words("Det som saknas", ""), Words("", "")
    lacks = Section("lacks", name, tables=(Table("lacks", name, corner, who, rows),))
    body = mail_body(printed(replace(PUBLISHED, report=replace(REPORT, sections=(*REPORT.sections, lacks))), "sv"))

    for document in (text(body.html), body.text):
        assert [place for place in range(8) if f"Siffra {place}" in document] == [0, 1, 2, 3, 4]
        assert "Vem kan komplettera: Skolnämnden" in document
        assert "3 till står i rapporten." in document


def test_without_an_archive_there_is_no_link() -> None:
    """A link to nowhere is worse than none."""
    body = mail_body(printed(PUBLISHED, "sv"))

    assert "<a " not in body.html
    assert "arkivet" not in body.text


def test_an_address_of_another_kind_is_refused() -> None:
    """What is clicked in a mail leads to the web."""
    with pytest.raises(ValueError, match="no address of the web"):
        mail_body(printed(PUBLISHED, "sv"), "javascript:alert(1)")


def test_hostile_words_stay_words() -> None:
    """A building may be called anything."""
    body = mail_body(HOSTILE_REPORT, ADDRESS)

    assert "<script" not in body.html
    assert text(body.html).count(HOSTILE) > 5


def test_the_html_is_shown_whole() -> None:
    """Gmail cuts what is longer than 102 kB."""
    assert max(len(body.html.encode()) for body in (body_in("sv"), body_in("en"))) < 100_000


def test_every_part_of_the_mail_arrives() -> None:
    """Text; html with the picture that it shows; what is attached."""
    message = read(composed_bytes(body_in("sv"), [Attachment("Månadsrapport.pdf", "application/pdf", b"%PDF-1.7")]))

    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().replace("\r\n", "\n") == body_in("sv").text
    assert html.get_content().replace("\r\n", "\n").strip() == body_in("sv").html.strip()
    pictures = [part for part in message.walk() if part.get_content_maintype() == "image"]
    shown = re.findall(r'src="cid:([^"]+)"', body_in("sv").html)
    assert [f"<{each}>" for each in shown] == [part["Content-ID"] for part in pictures]
    assert [part.get_content() for part in pictures] == [image.content for image in body_in("sv").images]
    assert [part.get_content_disposition() for part in pictures] == ["inline"]
    assert [part.get_filename() for part in message.iter_attachments()] == ["Månadsrapport.pdf"]
    shape = [part.get_content_type() for part in message.walk()]
    assert shape == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
        "application/pdf",
    ]


@pytest.mark.parametrize(
    "attachments", [[], [Attachment("rapport.pdf", "application/pdf", b"%PDF-1.7")]], ids=["plain", "attached"]
)
def test_the_same_mail_gives_the_same_bytes(attachments: list[Attachment]) -> None:
    """Boundaries follow its id, not chance; and they are different from each other."""
    data = composed_bytes(body_in("sv"), attachments)
    boundaries = [part.get_boundary() for part in read(data).walk() if part.is_multipart()]

    assert composed_bytes(mail_body(printed(REISSUED, "sv"), ADDRESS), attachments) == data
    assert len(set(boundaries)) == len(boundaries) == 2 + len(attachments)
    assert all(boundary is not None and boundary.endswith("rapport-17-2") for boundary in boundaries)


def test_a_picture_without_html_is_refused() -> None:
    """Nobody would ever see it."""
    mail = Mail("1", "a@example.se", "x", "x", WRITTEN, images=body_in("sv").images)

    with pytest.raises(ValueError, match="images without html"):
        composed(mail, "rapport@example.se")
