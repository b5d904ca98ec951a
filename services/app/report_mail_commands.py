"""`report deliveries`, `send`, `send-again`, `arrived`, `bounced`: reports on their way to mailboxes, at the prompt."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from config.addresses import is_mail_address
from config.domain.clock import SystemClock
from config.domain.periods import zone_named
from config.errors import ReportError, StoreError
from services.reports.report import Publication

if TYPE_CHECKING:
    from config.loading import Municipality
    from config.settings import Settings
    from services.reports.delivery import ReportDelivery
    from services.reports.planned_sending import PlannedSending
    from services.reports.wording import Language
    from services.state.state import State

SHOWN = 200
TRY_AGAIN = 75  # EX_TEMPFAIL: the mail server hands the mail in later
STATES = {
    "queued": ("på väg", "on its way"),
    "handing_over": ("lämnas över", "being handed over"),
    "in_doubt": ("osäkert om det kom fram", "in doubt"),
    "sent": ("sänt", "sent"),
    "refused": ("avvisat", "refused"),
    "bounced": ("i retur", "returned"),
}
Number = Annotated[str, typer.Argument(help="Rapportens nummer, som ER-2026-0017. (The report's number.)")]
MailId = Annotated[str, typer.Argument(help="Mejlets id i listan. (The mail's id in the list.)")]
By = Annotated[str, typer.Option("--by", help="Vem som gör det. (Who does it.)")]


def add_mail_commands(report: typer.Typer) -> None:
    report.command("deliveries")(list_deliveries)
    report.command("send")(send)
    report.command("send-again")(send_again)
    report.command("arrived")(arrived)
    report.command("bounced")(bounced)


@dataclass(frozen=True, slots=True)
class _Place:
    """What the commands work on."""

    chosen: "Settings"
    town: "Municipality"
    state: "State"
    language: "Language"


@dataclass(frozen=True, slots=True)
class ReportsPlace:
    """Where planned reports go, and how."""

    planned: "PlannedSending"
    delivery: "ReportDelivery"


@contextmanager
def _opened() -> Iterator[_Place]:
    from services.app import wiring  # the stores' libraries take half a second

    chosen = wiring.settings()
    state = wiring.open_state(chosen)
    try:
        yield _Place(chosen, wiring.municipality(chosen), state, chosen.language)
    finally:
        state.close()


def list_deliveries(
    everything: Annotated[bool, typer.Option("--all", help="Också det som är sänt. (Also what is sent.)")] = False,
) -> None:
    """Visa mejl som inte kommit fram, och rapporter som väntar på data, med skälet. (What did not arrive, what waits.)"""
    from services.state.report_mails import NOT_ARRIVED, MailState

    with _opened() as place:
        zone = zone_named(place.town.timezone)
        wanted = tuple(MailState) if everything else (*NOT_ARRIVED, MailState.QUEUED, MailState.HANDING_OVER)
        table = Table(Column("mejl", overflow="fold"), "rapport", "till", "läge", "sedan", "vad som sades")
        for mail in place.state.report_mails.mails(wanted, SHOWN):
            edition = mail.number if mail.edition == 1 else f"{mail.number}-{mail.edition}"
            said = STATES[mail.state.value][0 if place.language == "sv" else 1]
            since = f"{mail.changed.astimezone(zone):%Y-%m-%d %H:%M}"
            table.add_row(*(escape(text) for text in (mail.id, edition, mail.recipient, said, since, mail.error(place.language))))
        waiting = place.state.report_plans.waiting()
        for turn in waiting:
            why = turn.reason_sv if place.language == "sv" else turn.reason_en
            typer.echo(f"Väntar på data: {turn.plan}, {turn.subject_kind}:{turn.subject}, {turn.period}: {why}")
    if table.row_count:
        Console().print(table)
    elif not waiting:
        typer.echo("Allt har kommit fram, och inget väntar. (All has arrived, and nothing waits.)")


def send(
    number: Number,
    to: Annotated[list[str], typer.Argument(metavar="ADRESS...", help="Till vem; var och en får den en gång. (To whom.)")],
    edition: Annotated[int | None, typer.Option(min=1, help="Utgåva; annars den senaste. (Edition.)")] = None,
    form: Annotated[list[str] | None, typer.Option("--form", help="Bilagor: pdf, xlsx, csv. (Attachments.)")] = None,
    language: Annotated[str | None, typer.Option("--language", help="sv eller en; annars installationens. (Language.)")] = None,
) -> None:
    """Sänd en publicerad rapport till någon, en gång. (Send a published report to somebody, once.)"""
    from services.app.reporting import delivery
    from services.app.wiring import report_archive
    from services.reports.delivery import Addressed
    from services.reports.wording import LANGUAGES

    with _opened() as place:
        if language is not None and language not in LANGUAGES:
            raise typer.BadParameter(f"{language!r}: skriv sv eller en")
        odd = [each for each in to if not is_mail_address(each)]
        if odd:
            raise typer.BadParameter(f"{', '.join(odd)}: ingen e-postadress; skriv den som namn@example.se")
        says = place.language if language is None else LANGUAGES[language]
        archive = report_archive(place.chosen, place.town, place.state, SystemClock())
        out = delivery(place.chosen, place.state, archive, SystemClock())
        addressed = Addressed(tuple(to), says, tuple(form or ("pdf",)))
        queued = out.queue(archive.publication(number, edition), addressed, other_editions_too=True)
        out.send_due()
    _told(queued, addressed.recipients)


def send_planned(place: "ReportsPlace", publications: Sequence[Publication], *, other_editions_too: bool = False) -> list[str]:
    """Each publication to those whom a plan sends such a report to, and one round of sending; what was done, in words.

    Args:
        other_editions_too: also to those who got an earlier edition.

    Raises:
        ReportError: no plan sends any of them.
    """
    told = []
    for publication in publications:
        queued = place.planned.send(publication, other_editions_too=other_editions_too)
        recipients = place.planned.recipients(publication.report)
        told += [f"{publication.name} → {each}: {'på väg' if each in queued else 'har den redan'}" for each in recipients]
    if not told:
        raise ReportError(
            "no plan in audiences.yaml sends this report; name addresses with `energimonitor report send NUMBER ADDRESS`",
            "ingen plan i audiences.yaml sänder den rapporten; ange adresser med `energimonitor report send NUMMER ADRESS`",
        )
    place.delivery.send_due()
    return told


def send_again(mail: MailId, by: By) -> None:
    """Sänd ett mejl igen som avvisades, kom i retur eller är osäkert. (Send again what was refused or is in doubt.)"""
    from services.state.deviation_keeping import PROMPT, Doer
    from services.state.report_mail_keeping import ReportMailKeeping

    with _opened() as place:
        found = ReportMailKeeping(place.state, SystemClock()).send_again(mail, Doer(by, PROMPT))
    typer.echo(f"{found.id} sänds igen vid nästa omgång. (Is sent again.)")


def arrived(mail: MailId, by: By) -> None:
    """Säg att ett mejl som var osäkert kom fram: du har frågat mottagaren. (Its recipient has it.)"""
    from services.state.deviation_keeping import PROMPT, Doer
    from services.state.report_mail_keeping import ReportMailKeeping

    with _opened() as place:
        found = ReportMailKeeping(place.state, SystemClock()).arrived(mail, Doer(by, PROMPT))
    typer.echo(f"{found.id} kom fram. (Arrived.)")


def bounced() -> None:
    """Läs ett returnerat mejl på standard in och notera det; för postserverns alias. (Take a returned mail on stdin.)"""
    from services.reports.bounces import LONGEST, take

    raw = sys.stdin.buffer.read(LONGEST)
    try:
        with _opened() as place:
            found = take(raw, place.state.report_mails, SystemClock().now())
            language = place.language
    except StoreError as error:
        typer.echo(f"{error}", err=True)
        raise typer.Exit(TRY_AGAIN) from error
    if found is None:
        typer.echo("Inget returnerat rapportmejl. (No returned mail of a report.)")  # rc 0: the mail server must not return it
    else:
        typer.echo(f"{found.id}: {found.error(language)}")


def _told(queued: Sequence[str], wanted: Sequence[str]) -> None:
    for each in wanted:
        typer.echo(f"{each}: {'på väg' if each in queued else 'har den redan'}")
