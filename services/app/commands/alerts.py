"""`alerts`: what holds and was told, a test of each way out, and what could not be delivered."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from config.domain.clock import SystemClock
from config.domain.periods import zone_named
from config.errors import ConfigurationError, DeliveryError
from config.municipality.faults import meant

if TYPE_CHECKING:
    from config.loading import Municipality
    from config.settings import Settings
    from services.state.state import State


def add_to(app: typer.Typer) -> None:
    alerts = typer.Typer(no_args_is_help=True, help="Larm: vad som gäller, vem som fått veta, vad som inte gick fram. (Alerts.)")
    alerts.command("list")(list_alerts)
    alerts.command("test")(test_receiver)
    alerts.command("retry")(retry_messages)
    alerts.command("acknowledge")(acknowledge_alert)
    app.add_typer(alerts, name="alerts")


@contextmanager
def _opened() -> Iterator[tuple["Settings", "Municipality", "State"]]:
    from services.app import wiring  # the stores' libraries take half a second

    chosen = wiring.settings()
    town = wiring.municipality(chosen)
    state = wiring.open_state(chosen)
    try:
        yield chosen, town, state
    finally:
        state.close()


def list_alerts(everything: Annotated[bool, typer.Option("--all", help="Också det som är över.")] = False) -> None:
    """Visa larm som gäller och meddelandena om dem. (List the alerts that hold, and their messages.)"""
    from services.state.alert_keeping import MESSAGE_WORDS

    console = Console()
    with _opened() as (_, town, state):
        zone = zone_named(town.timezone)
        table = Table("nr", "larm", "byggnad", "sedan", "kvitterat av", "till")
        over = state.alerts.ended() if everything else []
        holding = [alert for alert in state.alerts.active() if alert.begun is not None]
        for alert in [*holding, *over]:
            fields = alert.fields
            begun = (alert.begun or alert.seen).astimezone(zone)
            since = f"{begun:%Y-%m-%d %H:%M}" + (f" – {alert.ended.astimezone(zone):%Y-%m-%d %H:%M}" if alert.ended else "")
            told = ", ".join(dict.fromkeys(each.receiver for each in state.alerts.told(alert.id) if each.at is not None))
            title = f"{fields['title_sv']}{' (brådskande)' if fields['urgent'] else ''}"
            table.add_row(str(alert.id), escape(title), escape(fields["place"]["name"]), since, alert.acknowledged_by, told)
        console.print(table)
        messages = Table("meddelande", "till", "skrivet", "läge", "försök", "fel")
        for message in state.alerts.messages(limit=50 if everything else 15):
            written = f"{message.written.astimezone(zone):%Y-%m-%d %H:%M}"
            # an attempt whose end is not on record: the process ended between sending and keeping
            unsure = message.state.value == "pending" and message.attempts > 0 and not message.error
            words = "kan ha kommit fram; sänds igen med samma id" if unsure else message.error
            state_sv = MESSAGE_WORDS[message.state][0]
            messages.add_row(message.id[:12], message.receiver, written, state_sv, str(message.attempts), escape(words))
        console.print(messages)
    if not town.receivers:
        typer.echo("Ingen mottagare är angiven: alerts i audiences.yaml (docs/alerts.md).")


def test_receiver(receiver: Annotated[str, typer.Argument(help="Mottagarens id i audiences.yaml.")]) -> None:
    """Sänd ett prov till en mottagare, nu. (Send a test to a receiver, now.)"""
    from services.alerts.alerting import NEEDED
    from services.app import alerts, wiring

    chosen, clock = wiring.settings(), SystemClock()
    town = wiring.municipality(chosen)
    known = {each.id: each for each in town.receivers}
    if receiver not in known:
        out, out_sv = meant(receiver, known)
        raise ConfigurationError(f"there is no receiver {receiver!r}; {out}", f"mottagaren {receiver!r} finns inte; {out_sv}")
    target, stop = known[receiver], threading.Event()
    options = None if chosen.embedded_broker else wiring.session_options(chosen, town)
    speaking = alerts.voice(chosen, town, options, on_trial=True) if target.channel.value == "mqtt" else None
    thread = threading.Thread(target=speaking.run, args=(stop,)) if speaking is not None else None
    if thread is not None:
        thread.start()
    try:
        sender = alerts.senders(chosen, town, clock, speaking).get(target.channel)
        if sender is None:
            raise ConfigurationError(
                f"there is no way out by {target.channel}; set {NEEDED[target.channel]}",
                f"det finns ingen väg ut för {target.channel}; sätt {NEEDED[target.channel]}",
            )
        sender.send(target, alerts.trial(target, clock))
    except DeliveryError as error:
        typer.echo(f"{receiver}: {error.sentence(chosen.language)}", err=True)
        raise typer.Exit(1) from error
    finally:
        stop.set()
        if thread is not None:
            thread.join()
    typer.echo(f"{receiver}: provet är lämnat till {target.address}.")


def retry_messages(message: Annotated[str | None, typer.Argument(help="Början på meddelandets id; annars alla.")] = None) -> None:
    """Sänd det som misslyckats igen. (Send again what failed.)"""
    with _opened() as (_, _, state):
        found = [each.id for each in state.alerts.messages(limit=10_000) if message is None or each.id.startswith(message)]
        if message is not None and len(found) != 1:
            raise ConfigurationError(
                f"{len(found)} messages begin with {message!r}; `energimonitor alerts list` shows them",
                f"{len(found)} meddelanden börjar med {message!r}; `energimonitor alerts list` visar dem",
            )
        count = state.alerts.retry(SystemClock().now(), None if message is None else found[0])
    typer.echo(f"{count} sänds igen inom en minut." if count else "Inget väntar på att sändas igen.")


def acknowledge_alert(
    number: Annotated[int, typer.Argument(help="Numret i listan.")],
    by: Annotated[str, typer.Option("--by", help="Vem som gör det.")],
    note: Annotated[str, typer.Option(help="Vad du tänker göra.")] = "",
) -> None:
    """Kvittera ett larm: någon tar hand om det, och det eskaleras inte. (Acknowledge: it is not escalated.)"""
    from services.state.alert_keeping import AlertKeeping
    from services.state.deviation_keeping import PROMPT, Doer

    with _opened() as (_, _, state):
        AlertKeeping(state, SystemClock()).acknowledge(number, Doer(by, PROMPT), note)
    typer.echo(f"{number} är kvitterat av {by}.")
