"""`dead-letters`, `unknown-devices`, `replay`: what could not be used, and taking it in again."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import Progress, TextColumn
from rich.table import Table

from config.domain.clock import SystemClock
from config.errors import ConfigurationError

if TYPE_CHECKING:
    from collectors.intake import Ports
    from collectors.journal import JournalReader
    from collectors.remembered import Remembered
    from collectors.routing import Routing
    from config.domain.estate import Portfolio
    from services.state.state import State


def add_to(app: typer.Typer) -> None:
    letters = typer.Typer(no_args_is_help=True, help="Meddelanden som inte gick att använda. (Dead letters.)")
    letters.command("list")(list_letters)
    letters.command("show")(show_letter)
    letters.command("retry")(retry_letters)
    app.add_typer(letters, name="dead-letters")
    app.command("unknown-devices")(unknown_devices)
    app.command("replay")(replay_journal)


@dataclass(frozen=True, slots=True)
class _Again:
    """What taking in again needs."""

    reader: "JournalReader"
    routing: "Routing"
    portfolio: "Portfolio"
    remembered: "Remembered"
    ports: "Ports"
    state: "State"


@contextmanager
def _again() -> Iterator[_Again]:
    from collectors.journal import JournalReader, Progress
    from collectors.remembered import Remembered
    from services.app import wiring

    chosen = wiring.settings()
    town = wiring.municipality(chosen)
    store, state = wiring.open_store(chosen), wiring.open_state(chosen)
    try:
        with JournalReader(chosen.journal) as reader:
            remembered = Remembered(wiring.decoders())
            for message in Progress(chosen.journal).remembered():
                remembered.observe(message)
            routing = wiring.routing(town)
            yield _Again(reader, routing, town.portfolio, remembered, wiring.ports(town, store, state), state)
    finally:
        state.close()
        store.close()


@contextmanager
def _state() -> Iterator["State"]:
    from services.app import wiring

    state = wiring.open_state(wiring.settings())
    try:
        yield state
    finally:
        state.close()


def list_letters(
    family: Annotated[str | None, typer.Option(help="Bara denna familj.")] = None,
    device: Annotated[str | None, typer.Option(help="Bara denna enhet.")] = None,
    reason: Annotated[str | None, typer.Option(help="Bara skäl som innehåller detta.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Högst så många.")] = 50,
) -> None:
    """Visa de meddelanden som ligger kvar. (List open dead letters.)"""
    with _state() as state:
        table = Table("nr", "mottaget (UTC)", "familj", "enhet", "ämne", "skäl")
        for letter in state.dead_letters.matching(family=family, device=device, reason=reason, limit=limit):
            received = f"{letter.received:%Y-%m-%d %H:%M:%S}"
            table.add_row(str(letter.id), received, letter.family, letter.device, letter.topic, letter.reason)
        Console().print(table)
        typer.echo(f"{state.dead_letters.count()} ligger kvar.")


def show_letter(number: Annotated[int, typer.Argument(help="Numret i listan.")]) -> None:
    """Visa ett meddelande helt. (Show one whole.)"""
    with _state() as state:
        letter = state.dead_letters.letter(number)
    if letter is None:
        raise ConfigurationError(
            f"there is no dead letter {number}; `energimonitor dead-letters list` shows them",
            f"det finns inget meddelande {number}; `energimonitor dead-letters list` visar dem som finns",
        )
    for name, value in (
        ("nummer", letter.id),
        ("läge i journalen", letter.position),
        ("mottaget", letter.received.isoformat()),
        ("ämne", letter.topic),
        ("familj", letter.family),
        ("enhet", letter.device),
        ("skäl", letter.reason),
    ):
        typer.echo(f"{name}: {value}")
    typer.echo("innehåll:")
    typer.echo(_printable(letter.payload))


def _printable(payload: bytes) -> str:
    """As text where it is one, else in hexadecimal; nothing that a terminal would obey."""
    try:
        text = payload.decode()
    except UnicodeDecodeError:
        return payload.hex(" ")
    return "".join(char if char.isprintable() or char in "\n\t" else f"\\x{ord(char):02x}" for char in text)


def retry_letters(
    numbers: Annotated[list[int] | None, typer.Argument(help="Nummer; utan nummer alla som ligger kvar.")] = None,
    family: Annotated[str | None, typer.Option(help="Bara denna familj.")] = None,
    reason: Annotated[str | None, typer.Option(help="Bara skäl som innehåller detta.")] = None,
) -> None:
    """Försök igen, efter att avkodare, källor eller portfölj rättats. (Try again after a fix.)"""
    from collectors.replay import retry
    from services.state.dead_letters import LetterState

    with _again() as again:
        found = again.state.dead_letters.matching(family=family, reason=reason, limit=1_000_000)
        chosen = [letter for letter in found if not numbers or letter.id in numbers]
        places = [(letter.id, letter.position) for letter in chosen]
        done = retry(places, again.reader, again.routing, again.portfolio, again.remembered, again.ports, threading.Event())
        again.state.dead_letters.set_state(done.mended, LetterState.RETRIED)
    for number, words in done.still.items():
        typer.echo(f"{number}: fortfarande: {words}")
    for number in done.gone:
        typer.echo(f"{number}: meddelandet finns inte längre i journalen")
    typer.echo(f"{len(done.mended)} av {len(places)} gick att använda nu.")


def unknown_devices(family: Annotated[str | None, typer.Option(help="Bara denna familj.")] = None) -> None:
    """Enheter som portföljen inte känner, med förslag att klistra in. (Unknown devices, with an entry to paste.)"""
    from collectors.suggestion import suggestion

    with _state() as state:
        rows = sorted(state.unknown_devices.rows(family), key=lambda row: (row.family, row.device, row.quantity, row.channel))
    console = Console()
    for (kind, device), group in groupby(rows, key=lambda row: (row.family, row.device)):
        seen = list(group)
        console.rule(f"{kind}: {_printable(device.encode())}", align="left")
        for row in seen:
            name = f"{row.quantity}.{row.channel}" if row.channel else row.quantity
            last = f"senast {row.last_seen:%Y-%m-%d %H:%M} UTC"
            console.print(f"{name} = {row.value:g} {row.unit or '(utan enhet)'}, {row.count} gånger, {last}", markup=False)
        console.print(suggestion(seen), markup=False, highlight=False)
    if not rows:
        typer.echo("Inga okända enheter.")
    else:
        typer.echo("När posten ligger i portfolio.yaml: energimonitor replay --device ENHETEN hämtar in det som väntar.")


def replay_journal(
    start: Annotated[
        str | None, typer.Option("--from", help="Mottaget från, till exempel 2026-11-01 (UTC). Annars allt.")
    ] = None,
    end: Annotated[str | None, typer.Option("--to", help="Mottaget före.")] = None,
    family: Annotated[str | None, typer.Option(help="Bara denna familj.")] = None,
    device: Annotated[str | None, typer.Option(help="Bara denna enhet (dess eget id).")] = None,
) -> None:
    """Läs journalen på nytt, för en tid, familj eller enhet. (Take the journal in again.)"""
    from collectors.remembered import Remembered
    from collectors.replay import Selection, replay
    from services.app import wiring

    selection = Selection(
        _instant(start, datetime(2000, 1, 1, tzinfo=UTC)), _instant(end, SystemClock().now() + timedelta(days=1)), family, device
    )
    with _again() as again, Progress(TextColumn("{task.description}"), console=Console(stderr=True)) as shown:
        task = shown.add_task("Läser journalen", total=None)

        def progress(at: datetime, count: int) -> None:
            shown.update(task, description=f"{count} meddelanden, till och med {at:%Y-%m-%d %H:%M} UTC")

        fresh = Remembered(wiring.decoders())
        done = replay(again.reader, again.routing, again.portfolio, fresh, again.ports, selection, progress, threading.Event())
    typer.echo(
        f"{done.messages} meddelanden: {done.readings} avläsningar, {done.dead_letters} oanvändbara, {done.unknown} från okända."
    )


def _instant(text: str | None, otherwise: datetime) -> datetime:
    if text is None:
        return otherwise
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ConfigurationError(
            f"{text}: write a time as 2026-11-01 or 2026-11-01T06:00 (UTC)",
            f"{text}: skriv en tid som 2026-11-01 eller 2026-11-01T06:00 (UTC)",
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
