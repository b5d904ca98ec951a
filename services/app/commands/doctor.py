"""`doctor`: one table, each row a question answered by experiment."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from config.domain.clock import SystemClock

if TYPE_CHECKING:
    from config.loading import Municipality
    from config.settings import Settings
    from services.app.doctor.answers import Answer

COLOURS = {"bra": "green", "se upp": "yellow", "fel": "bold red", "okänt": "cyan"}


def add_to(app: typer.Typer) -> None:
    app.command("doctor")(doctor)


def doctor(listen: Annotated[float, typer.Option(min=0, help="Sekunder att lyssna på mätarna.")] = 10.0) -> None:
    """Försök hitta det som skulle tappa data, innan det gör det. (Find by experiment what would lose data.)"""
    from services.app import wiring

    chosen = wiring.settings()
    town = wiring.municipality(chosen)
    console = Console()
    table = Table("fråga", "svar", "sett", "gör så här", show_lines=True)
    bad = 0
    with console.status("Undersöker …"):
        for answer in _answers(chosen, town, listen):
            verdict = answer.verdict.value
            table.add_row(answer.question, f"[{COLOURS[verdict]}]{verdict}[/]", answer.seen, answer.advice)
            bad += verdict == "fel"
    console.print(table)
    if bad:
        raise typer.Exit(1)


def _answers(chosen: "Settings", town: "Municipality", listen: float) -> Iterator["Answer"]:
    from collectors.journal import JournalReader
    from config.errors import StoreError
    from config.settings import StoreKind
    from services.app import wiring
    from services.app.doctor import broker, machine, mails, people, servers
    from services.app.doctor.answers import Answer, Verdict
    from services.app.people import site_of

    clock = SystemClock()
    yield machine.config_is_ours()
    yield machine.free_space("Finns plats för journalen?", chosen.journal)
    yield machine.commit_time(chosen.journal)
    with JournalReader(chosen.journal) as reader:
        yield servers.last_message(reader.newest(), clock.now())
    yield machine.port_is_free(chosen.web_host, chosen.web_port)
    yield people.listening(chosen)
    if chosen.users_file is not None:
        yield people.users_file(chosen.users_file, town.portfolio)
    if chosen.oidc_issuer is not None:
        with wiring.open_state(chosen) as state:
            site = site_of(chosen, state, clock)
            if site is not None:
                yield people.site_answers(site, chosen.oidc_issuer)
    with wiring.open_state(chosen) as state:
        yield mails.reports_arrive(chosen, town, state.report_mails)
    if chosen.broker_host is None:
        words = "den inbyggda, för prov: den minns bara medan den går"
        advice = "Sätt ENERGIMONITOR_BROKER_HOST till Mosquitto innan riktiga mätare ansluts."
        yield Answer("Vilken mäklare används?", Verdict.WATCH, words, advice)
    else:
        options = wiring.session_options(chosen, town)
        yield broker.reachable(broker.connector(options))
        yield from broker.keeps_what_it_queues(broker.connector(options))
        yield broker.persistence(broker.connector(options))
        yield broker.quality_of_service(broker.connector(options), options.topics, listen)
    try:
        store = wiring.open_store(chosen)
    except StoreError as error:
        yield Answer(
            "Går databasen att öppna?", Verdict.BAD, str(error), "Går tjänsten redan? DuckDB öppnas av en process i taget."
        )
    else:
        yield servers.store_takes_and_gives(store, clock)
        store.close()
    if chosen.store is not StoreKind.DUCKDB:
        target = wiring.influx_target(chosen)
        yield servers.clock_agrees("InfluxDB", target.url, clock)
        if chosen.store is StoreKind.INFLUXDB2:
            yield servers.token_is_narrow(target.url, target.token)
    if chosen.grafana_url is not None:
        yield servers.grafana_answers(chosen.grafana_url)
