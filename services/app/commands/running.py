"""`up`, `collect`, `jobs`, `web`, `health`, `setup`: the service whole, in parts, and its signs of life."""

import logging
import threading
from contextlib import ExitStack
from typing import Annotated

import typer
from rich.console import Console

from config.domain.clock import SystemClock

FAULT_HELP = "Fel hos en simulerad mätare, till exempel exchange:MÄTARE eller silence:MÄTARE; kan upprepas."


def add_to(app: typer.Typer) -> None:
    app.command("up")(up)
    app.command("collect")(collect)
    app.command("jobs")(jobs)
    app.command("web")(web)
    app.command("health")(health)
    app.command("setup")(setup)


def up(fault: Annotated[list[str] | None, typer.Option(help=FAULT_HELP)] = None) -> None:
    """Hela tjänsten i en process, med inbyggda delar där inget annat är inställt. (The whole service in one process.)"""
    from dataclasses import replace

    from collectors.simulation.faults import parse
    from services.app import running, wiring
    from services.app.embedded_broker import COLLECTOR, METERS, EmbeddedBroker
    from services.app.together import Task, run_together, stop_on_signals

    chosen, clock, console = wiring.settings(), SystemClock(), Console(stderr=True)
    _log(chosen.log_level)
    stop = threading.Event()
    stop_on_signals(stop)
    with ExitStack() as stack:
        town = wiring.municipality(chosen)
        wiring.prepare_store(chosen)
        store = wiring.open_store(chosen)
        stack.callback(store.close)
        state = wiring.open_state(chosen)
        stack.callback(state.close)
        tasks: dict[str, Task] = {}
        if chosen.embedded_broker:
            broker = stack.enter_context(EmbeddedBroker())
            here = chosen.model_copy(update={"broker_host": "127.0.0.1", "broker_port": broker.port, "broker_protocol": "3.1.1"})
            options = replace(wiring.session_options(here, town), username=COLLECTOR, password=broker.passwords[COLLECTOR])
            speaking = replace(options, username=METERS, password=broker.passwords[METERS])
            if chosen.simulated:
                faults = [parse(text, clock.now()) for text in fault or []]
                tasks |= running.simulating(chosen, town, broker, faults, clock, console.print)
            tasks |= running.collecting(chosen, town, options, store, state, clock, subscribed=broker.collector_listens)
        else:
            speaking = wiring.session_options(chosen, town)
            tasks |= running.collecting(chosen, town, speaking, store, state, clock)
        tasks |= running.scheduling(chosen, town, store, state, clock, speaking)
        board = running.board(chosen, town, store, state, clock)
        tasks |= running.showing(chosen, board, clock, lambda address: console.print(f"[bold]Tavlan: {address}[/bold]"))
        run_together(tasks, stop)


def collect(
    only: Annotated[str | None, typer.Option(help="receive: bara ta emot; take-in: bara läsa journalen. Annars båda.")] = None,
    accept_dead_letters: Annotated[
        bool, typer.Option("--accept-dead-letters", help="Fortsätt även när nästan inget går att läsa.")
    ] = False,
) -> None:
    """Ta emot, skriv journal, avkoda och lagra. (Receive, journal, decode and store.)"""
    from services.app import running, wiring
    from services.app.together import run_together, stop_on_signals

    if only not in (None, "receive", "take-in"):
        raise typer.BadParameter("receive eller take-in", param_hint="--only")
    chosen, clock = wiring.settings(), SystemClock()
    _log(chosen.log_level)
    town = wiring.municipality(chosen)
    stop = threading.Event()
    stop_on_signals(stop)
    with ExitStack() as stack:
        store = wiring.open_store(chosen)
        stack.callback(store.close)
        state = wiring.open_state(chosen)
        stack.callback(state.close)
        tasks = running.collecting(
            chosen,
            town,
            wiring.session_options(chosen, town),
            store,
            state,
            clock,
            receive=only != "take-in",
            take_in=only != "receive",
            accept_dead_letters=accept_dead_letters,
        )
        run_together(tasks, stop)


def jobs(
    once: Annotated[bool, typer.Option("--once", help="Gör allt som väntar, med förloppsvisning, och sluta.")] = False,
) -> None:
    """Avräkna timmar och räkna indikatorer. (Settle hours and calculate indicators.)"""
    from services.app import running, wiring
    from services.app.together import run_together, stop_on_signals
    from services.jobs.progress import ShownProgress
    from services.jobs.runner import run_each

    chosen, clock = wiring.settings(), SystemClock()
    _log(chosen.log_level)
    town = wiring.municipality(chosen)
    with ExitStack() as stack:
        store = wiring.open_store(chosen)
        stack.callback(store.close)
        state = wiring.open_state(chosen)
        stack.callback(state.close)
        if once:
            progress = stack.enter_context(ShownProgress(Console(stderr=True)))
            rows = running.timetable(chosen, town, store, state, clock)
            failed = sum(len(summary.failed) for summary in run_each([row.job for row in rows], state.runs, clock, progress))
            if failed:
                raise typer.Exit(1)
            return
        stop = threading.Event()
        stop_on_signals(stop)
        broker = None if chosen.embedded_broker else wiring.session_options(chosen, town)
        run_together(running.scheduling(chosen, town, store, state, clock, broker), stop)


def web() -> None:
    """Den inbyggda tavlan. (The built-in board.)"""
    from services.app import running, wiring
    from services.app.together import run_together, stop_on_signals

    chosen, clock = wiring.settings(), SystemClock()
    _log(chosen.log_level)
    town = wiring.municipality(chosen)
    stop = threading.Event()
    stop_on_signals(stop)
    with ExitStack() as stack:
        store = wiring.open_store(chosen)
        stack.callback(store.close)
        state = wiring.open_state(chosen)
        stack.callback(state.close)
        app = running.board(chosen, town, store, state, clock)
        tasks = running.showing(chosen, app, clock, lambda address: typer.echo(f"Tavlan: {address}", err=True))
        run_together(tasks, stop)


def health(service: Annotated[str, typer.Option(help="collector, jobs eller web.")] = "collector") -> None:
    """Lever tjänsten? Slutkod 0 eller 1. (Is the service alive? Exit status 0 or 1.)"""
    from config.settings import load_settings
    from services.app.heartbeat import verdict

    well, words = verdict(load_settings().data_dir, service, SystemClock().now())
    typer.echo(words)
    if not well:
        raise typer.Exit(1)


def setup() -> None:
    """Skapa bucket eller databas om den saknas. (Make the bucket or database where it is missing.)"""
    from services.app import wiring

    made = wiring.prepare_store(wiring.settings())
    typer.echo("Skapad." if made else "Fanns redan, eller behövs inte.")


def _log(level: str) -> None:
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
