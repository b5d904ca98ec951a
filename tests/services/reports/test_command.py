"""`energimonitor report` at the prompt: from figures to files, the archive and mailboxes."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest
import typer
from typer.testing import CliRunner, Result

from config.domain.indicators import PORTFOLIO, Subject, SubjectKind
from config.domain.report_plans import ReportPlan
from config.errors import MonitorError
from config.settings import Settings
from services.app import wiring
from services.app.commands import report
from services.reports.making import ReportMaker
from services.state.state import State
from tests.services.mail.postbox import Postbox, server
from tests.services.reports.months import GOALS, Months, weather_years

SCHOOL, WHOLE = Subject(SubjectKind.BUILDING, "bjorkskolan"), Subject(SubjectKind.PORTFOLIO, PORTFOLIO)
PLANS = (
    ReportPlan("environment_team/sheet/bjorkskolan/sv", "sheet", (SCHOOL,), ("miljo@example.se", "chef@example.se")),
    ReportPlan("board/trend/portfolio/sv", "trend", (WHOLE,), ("styrelsen@example.se",)),
)


class Kept:
    """A state or a store that one command does not close for the next."""

    def __init__(self, inner: object) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> object:
        return (lambda: None) if name == "close" else getattr(self._inner, name)


@pytest.fixture(scope="module")
def box() -> Iterator[tuple[Postbox, int]]:
    taken = Postbox()
    with server(taken) as port:
        yield taken, port


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, town: Months) -> Path:
    """An archive and a ledger of its own, beside what is published."""
    made: Path = tmp_path_factory.mktemp("reports")
    shutil.copy(town.state.database.path, made / "state.sqlite")
    return made


@pytest.fixture
def place(folder: Path, town: Months, box: tuple[Postbox, int], monkeypatch: pytest.MonkeyPatch) -> Path:
    chosen = Settings(
        data_dir=folder, smtp_host="127.0.0.1", smtp_port=box[1], smtp_security="plain", smtp_sender="energi@example.se"
    )
    here = SimpleNamespace(
        portfolio=town.portfolio, timezone=town.portfolio.timezone, audiences=[SimpleNamespace(reports=PLANS)], goals=GOALS
    )

    def maker(_chosen: object, _town: object, store: object, state: State) -> ReportMaker:
        return ReportMaker(
            town.portfolio,
            town.store,
            state,
            GOALS,
            lambda start, end: replace(
                weather_years(), days=weather_years().days.filter(pl.col("day").is_between(start.date(), end.date()))
            ),
            "0.0-prov",
        )

    monkeypatch.setattr(wiring, "settings", lambda: chosen)
    monkeypatch.setattr(wiring, "municipality", lambda _: here)
    monkeypatch.setattr(wiring, "open_store", lambda _: Kept(town.store))
    monkeypatch.setattr(wiring, "report_maker", maker)
    return folder


def run(*arguments: str, given: bytes = b"") -> Result:
    app = typer.Typer()
    report.add_to(app)
    return CliRunner().invoke(app, ["report", *arguments], env={"COLUMNS": "300"}, input=given)


def output(*arguments: str, given: bytes = b"") -> str:
    result = run(*arguments, given=given)
    assert result.exit_code == 0, result.output or result.exception
    return result.output


def mailed(box: Postbox, to: str) -> list[EmailMessage]:
    return [mail for mail in box.mails if mail["To"] == to]


def test_a_preview_is_files_and_its_first_page(place: Path, tmp_path: Path) -> None:
    """Looked at before anybody else does: nothing is published and nothing sent."""
    told = output(
        "sheet", "2025-10", "--of", "building:bjorkskolan", "--folder", str(tmp_path), *forms("pdf", "html", "xlsx", "csv", "eml")
    )
    stem = "byggnadsblad-bjorkskolan-2025-10.sv"
    names = [f"{stem}.{suffix}" for suffix in ("csv", "eml", "html", "pdf", "xlsx")]

    assert "Björkskolan" in told
    assert "Förhandsvisning" in told
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    assert (tmp_path / f"{stem}.pdf").read_bytes().startswith(b"%PDF-")
    assert "Inget i arkivet passar" in output("list")


def forms(*suffixes: str) -> Sequence[str]:
    return [word for suffix in suffixes for word in ("--form", suffix)]


def test_what_is_published_is_found_and_told_and_not_published_twice(place: Path) -> None:
    """A permanent number, the words of that day, and no second edition of the same."""
    first = output("monthly", "2025-10", "--of", "building:bjorkskolan", "--to", "archive")
    number = first.split()[0]

    assert output("monthly", "2025-10", "--of", "building:bjorkskolan", "--to", "archive").split()[0] == number
    assert number in output("list", "björkskolan", "--kind", "monthly")
    assert "Björkskolan använde" in output("show", number)
    assert "inget är ändrat" in output("difference", number)
    assert "ingen ny utgåva behövs" in output("reissue", number, "--by", "Eva")


def test_a_report_goes_to_those_whom_a_plan_names_once_each(place: Path, box: tuple[Postbox, int]) -> None:
    """With its files, under one id; asked again, nobody gets another."""
    command = ("sheet", "2025-10", "--of", "building:bjorkskolan", "--to", "recipients")
    first, second = output(*command), output(*command)

    assert first.count("på väg") == 2
    assert second.count("har den redan") == 2
    assert "Allt har kommit fram" in output("deliveries")
    for address in PLANS[0].recipients:
        (mail,) = mailed(box[0], address)
        assert "Björkskolan" in mail["Subject"]
        assert [part.get_filename() for part in mail.iter_attachments()] == [
            f"byggnadsblad-bjorkskolan-2025-10-{first.split()[0].lower()}.sv.pdf"
        ]


def test_a_published_report_is_sent_to_somebody_else(place: Path, box: tuple[Postbox, int]) -> None:
    """In the other language, with the files that were asked for."""
    number = output("sheet", "2025-10", "--of", "building:bjorkskolan", "--to", "archive").split()[0]
    told = output("send", number, "kollega@example.se", "--language", "en", "--form", "xlsx")
    (mail,) = mailed(box[0], "kollega@example.se")

    assert told.strip() == "kollega@example.se: på väg"
    assert "Building sheet" in mail["Subject"]
    assert [part.get_filename() for part in mail.iter_attachments()] == [
        f"building-sheet-bjorkskolan-2025-10-{number.lower()}.en.xlsx"
    ]


def test_a_returned_mail_is_put_on_record_and_can_be_sent_again(place: Path, box: tuple[Postbox, int]) -> None:
    """As a mail server's alias hands it in; a person mends the address at the server, and says so."""
    number = output("sheet", "2025-10", "--of", "building:bjorkskolan", "--to", "archive").split()[0]
    output("send", number, "borta@example.se")
    (mail,) = mailed(box[0], "borta@example.se")
    told = output("bounced", given=returned(mail["Message-ID"], "borta@example.se"))
    listed = output("deliveries")

    assert "550 5.1.1 no such user" in told
    assert "i retur" in listed
    assert "borta@example.se" in listed
    assert "sänds igen" in output("send-again", mail["Message-ID"].strip("<>").partition("@")[0], "--by", "Anna")
    assert "på väg" in output("deliveries")
    assert "Inget returnerat rapportmejl" in output("bounced", given=b"Subject: hej\n\nhej")


def returned(message: str, to: str) -> bytes:
    return "\n".join(
        (
            "Content-Type: multipart/report; report-type=delivery-status; boundary=x",
            "",
            "--x",
            "Content-Type: message/delivery-status",
            "",
            "Reporting-MTA: dns; mail.example.se",
            "",
            f"Final-Recipient: rfc822; {to}",
            "Action: failed",
            "Status: 5.1.1",
            "Diagnostic-Code: smtp; 550 5.1.1 no such user",
            "",
            "--x",
            "Content-Type: text/rfc822-headers",
            "",
            f"Message-ID: {message}",
            "",
            "--x--",
        )
    ).encode()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("monthly", "2031-01"), "är inte slut"),
        (("monthly", "2025-10", "--of", "building:finnsinte"), "finns inte i portfolio.yaml"),
        (("sheet", "2025-10", "--of", "owner:bildning"), "görs inte för owner"),
        (("trend", "2025-10-14"), "fel sorts period"),
        (("monthly", "i fjol"), "is no period"),
        (("monthly", "2025-10", "--of", "allt"), "skriv portfolio, every eller KIND:ID"),
        (("monthly", "2025-10", "--to", "archive", "--as-known", "2025-11-05"), "--as-known"),
        (("monthly", "2025-10", "--to", "recipients"), "ingen plan i audiences.yaml"),
        (("show", "ER-1999-0001"), "finns inte i arkivet"),
        (("send", "ER-1999-0001", "kalle@"), "ingen e-postadress"),
        (("arrived", "rapport-finns-inte", "--by", "Anna"), "finns inget brev"),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, tuple) else "",
)
def test_what_cannot_be_is_told_with_the_way_out(
    place: Path, box: tuple[Postbox, int], arguments: tuple[str, ...], told: str
) -> None:
    """And nothing is sent."""
    before = len(box[0].taken)
    result = run(*arguments)
    said = result.output
    if isinstance(result.exception, MonitorError):
        said = result.exception.sentence("sv")

    assert result.exit_code != 0
    assert told in " ".join(said.replace("│", " ").split())
    assert len(box[0].taken) == before


def test_a_disk_that_takes_nothing_leaves_no_half_file(place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names the file and the way out."""

    def full(self: Path, _: bytes) -> int:
        with nullcontext() if self.exists() else self.open("wb") as part:
            if part is not None:
                part.write(b"%PDF-")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    result = run("sheet", "2025-10", "--of", "building:bjorkskolan", "--folder", str(tmp_path), "--form", "csv")

    assert isinstance(result.exception, MonitorError)
    assert "No space left on device" in result.exception.sentence("sv")
    assert list(tmp_path.iterdir()) == []
