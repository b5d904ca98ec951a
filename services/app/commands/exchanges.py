"""`exchanges`: suspected exchanges of meters, and what a person decides about them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import orjson
import typer
from rich.console import Console
from rich.table import Table

from config.domain.clock import SystemClock
from config.domain.intervals import Finding
from config.errors import ChangeRefused
from config.municipality.places import place_of_meter
from services.settlement.contradictions import contradictions, contradicts_record, in_words

if TYPE_CHECKING:
    from services.state.deviation_keeping import Doer
    from services.state.exchange_keeping import ExchangeKeeping
    from services.state.exchange_levels import Contradiction
    from services.state.exchanges import LedgerEntry
    from services.state.state import State

Number = Annotated[int, typer.Argument(help="Numret i listan.")]
By = Annotated[str, typer.Option("--by", help="Vem som svarar för beslutet.")]
Note = Annotated[str, typer.Option(help="Varför, eller varifrån uppgiften kommer.")]
STATUS_SV = {"open": "öppen", "confirmed": "bekräftad", "rejected": "avvisad", "withdrawn": "återtagen"}


def add_to(app: typer.Typer) -> None:
    exchanges = typer.Typer(no_args_is_help=True, help="Misstänkta mätarbyten, att bekräfta eller avvisa. (Meter exchanges.)")
    exchanges.command("list")(list_exchanges)
    exchanges.command("show")(show_exchange)
    exchanges.command("confirm")(confirm_exchange)
    exchanges.command("reject")(reject_exchange)
    exchanges.command("reopen")(reopen_exchange)
    app.add_typer(exchanges, name="exchanges")


@contextmanager
def _state() -> Iterator["State"]:
    from services.app import wiring

    state = wiring.open_state(wiring.settings())
    try:
        yield state
    finally:
        state.close()


def list_exchanges(
    point: Annotated[str | None, typer.Option(help="Bara denna mätpunkt.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Också avgjorda och återtagna.")] = False,
) -> None:
    """Visa det som väntar på beslut, och antecknade byten som avläsningarna motsäger. (List what waits for a person.)"""
    from services.app import wiring
    from services.state.exchanges import LedgerStatus

    chosen = wiring.settings()
    with _state() as state:
        entries = state.exchanges.rows(
            status=None if everything else LedgerStatus.OPEN, points=None if point is None else {point}
        )
        contradicted = [item for item in state.findings.of(point) if contradicts_record(item)]
    table = Table("nr", "mätpunkt", "tid (UTC)", "vad", "läge", "av")
    for entry in entries:
        status = STATUS_SV[entry.status]
        table.add_row(str(entry.id), entry.point, f"{entry.at:%Y-%m-%d %H:%M}", entry.sentence_sv, status, entry.decided_by or "")
    Console().print(table)
    if contradicted:
        typer.echo(
            "Antecknade ställningar som motsägs av avläsningarna och inte används; rätta i filen:"
            if chosen.language == "sv"
            else "Levels on record that the readings contradict; they are not used, correct the file:"
        )
    for item in contradicted:
        typer.echo(_contradiction(item, chosen.municipality, chosen.language))


def _contradiction(found: Finding, municipality: Path, language: str) -> str:
    """File and line of the meter whose level it is, the instant on record, and the finding's own words."""
    place = place_of_meter(municipality, found.point, next(contradictions(found.evidence)).meter)
    at = found.start if "new_meter" in found.evidence else found.end  # of a removal: from the last reading until it
    swedish, english = in_words(found.evidence)
    return f"{place}: {found.point} {at:%Y-%m-%d %H:%M}Z: {swedish if language == 'sv' else english}"


def show_exchange(number: Number) -> None:
    """Visa ett misstänkt byte med underlaget. (Show one with its evidence.)"""
    with _keeping() as keeping:
        _print(keeping.entry(number))


def confirm_exchange(
    number: Number,
    by: By,
    old_register: Annotated[float | None, typer.Option(help="Den gamla mätarens sista ställning, i punktens enhet.")] = None,
    new_register: Annotated[float | None, typer.Option(help="Den nya mätarens första ställning.")] = None,
    note: Note = "",
    anyway: Annotated[bool, typer.Option("--anyway", help="Också om ställningarna motsäger avläsningarna.")] = False,
) -> None:
    """Mätaren byttes eller började om; timmarna omkring räknas om. (It was an exchange.)"""
    with _keeping() as keeping:
        try:
            entry = keeping.confirm(number, _doer(by), old_register, new_register, note, anyway=anyway)
        except ChangeRefused as error:
            if error.may_insist:
                raise ChangeRefused(f"{error} (--anyway)", f"{error.sv} (--anyway)") from error
            raise
    _done(entry)


def reject_exchange(number: Number, by: By, note: Note = "") -> None:
    """Mätaren byttes inte; skillnaden är användning. (It was none.)"""
    with _keeping() as keeping:
        entry = keeping.reject(number, _doer(by), note)
    _done(entry)


def reopen_exchange(number: Number, by: By, note: Note = "") -> None:
    """Ta tillbaka ett beslut. (Take a decision back.)"""
    with _keeping() as keeping:
        entry = keeping.reopen(number, _doer(by), note)
    _done(entry)


@contextmanager
def _keeping() -> Iterator["ExchangeKeeping"]:
    from services.state.exchange_keeping import ExchangeKeeping

    with _state() as state:
        yield ExchangeKeeping(state, SystemClock(), _levels_beside_readings)


def _levels_beside_readings(
    entry: "LedgerEntry", old_register: float | None, new_register: float | None
) -> "Contradiction | None":
    """The store is opened only where levels are given: another process may hold it."""
    from services.app import wiring
    from services.app.exchange_check import level_check

    chosen = wiring.settings()
    portfolio = wiring.municipality(chosen).portfolio
    store = wiring.open_store(chosen)
    try:
        return level_check(portfolio, store)(entry, old_register, new_register)
    finally:
        store.close()


def _doer(by: str) -> "Doer":
    from services.state.deviation_keeping import PROMPT, Doer

    return Doer(by, PROMPT)


def _print(entry: "LedgerEntry") -> None:
    shown = {
        "nummer": entry.id,
        "mätpunkt": entry.point,
        "tid": entry.at.isoformat(),
        "vad": entry.sentence_sv,
        "kod": entry.code.value,
        "upptäckt": entry.detected_at.isoformat(),
        "läge": STATUS_SV[entry.status],
        "beslut av": entry.decided_by,
        "beslutat": None if entry.decided_at is None else entry.decided_at.isoformat(),
        "gamla mätarens ställning": entry.old_register,
        "nya mätarens ställning": entry.new_register,
        "anmärkning": entry.note or None,
    }
    for name, value in shown.items():
        if value is not None:
            typer.echo(f"{name}: {value}")
    typer.echo("underlag:")
    typer.echo(orjson.dumps(entry.evidence, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS).decode())


def _done(entry: "LedgerEntry") -> None:
    typer.echo(f"Byte {entry.id} i {entry.point} är nu {STATUS_SV[entry.status]}. Timmarna omkring räknas om när jobben går.")
