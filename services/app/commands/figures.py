"""`figures` and `explain`: what is published, what moved, and where a figure comes from."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import orjson
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from config.domain.clock import SystemClock
from config.domain.figure_names import EXAMPLE, FigureName, figure_name, named_period, period_name
from config.domain.indicators import Missing, Subject, SubjectKind
from config.domain.periods import Period, day, zone_named

if TYPE_CHECKING:
    from services.reports.lineage import LineageReader
    from services.reports.wording import Language

Name = Annotated[str, typer.Argument(help=f"Siffran, som {EXAMPLE}.")]
AsKnown = Annotated[
    datetime | None,
    typer.Option("--as-known", formats=["%Y-%m-%d"], help="Som det var känt vid den dagens slut. (As known then.)"),
]
CHANGES_SHOWN = 100


def add_to(app: typer.Typer) -> None:
    figures = typer.Typer(no_args_is_help=True, help="Publicerade siffror: vilka som finns, och vad som ändrats. (Figures.)")
    figures.command("list")(list_figures)
    figures.command("changes")(list_changes)
    app.add_typer(figures, name="figures")
    app.command("explain")(explain)


@contextmanager
def _reader() -> Iterator[tuple["LineageReader", "Language"]]:
    from services.app import wiring  # the stores' libraries take half a second

    chosen = wiring.settings()
    town = wiring.municipality(chosen)
    store, state = wiring.open_store(chosen), wiring.open_state(chosen)
    try:
        yield wiring.lineage(town, store, state), chosen.language
    finally:
        store.close()
        state.close()


def list_figures(
    subject: Annotated[
        str, typer.Argument(help="building:soltorget, point:…, owner:…, building_kind:school, portfolio:portfolio.")
    ],
    period: Annotated[
        str | None, typer.Option(help="2025-01-15, 2025-01, 2025, 2025-06-ytd eller 2025-06-r12; annars perioderna.")
    ] = None,
    as_known: AsKnown = None,
) -> None:
    """Visa de siffror som finns om något, eller perioderna de finns för. (What is published of a subject.)"""
    from services.reports.lineage_words import explained_value, figure_title

    about = _subject(subject)
    with _reader() as (reader, language):
        zone = reader.portfolio.timezone
        if period is None:
            for one in reader.periods(about, SystemClock().now()):
                typer.echo(period_name(one))
            return
        known = _instant(as_known, zone)
        table = Table("siffra", "namn", "värde", "täckning")
        for value in reader.listed(about, _period(period, zone), known):
            name = FigureName(value.indicator, value.carrier, value.subject, value.period)
            shown = explained_value(value, language)
            reason = f" ({value.value.reason_sv})" if isinstance(value.value, Missing) else ""
            table.add_row(
                escape(str(name)), escape(figure_title(name, language)), escape(shown + reason), f"{value.coverage * 100:.0f} %"
            )
    Console().print(table)
    if not table.row_count:
        typer.echo(f"Inget är publicerat om {subject} för {period}: energimonitor figures list {subject} visar perioderna.")


def list_changes(
    days: Annotated[int, typer.Option(min=1, help="Så många dygn bakåt.")] = 30,
) -> None:
    """Visa vad som ändrats i publicerade siffror och varför, det senaste först. (The change log.)"""
    from services.reports.wording import pick

    with _reader() as (reader, language):
        since = SystemClock().now() - timedelta(days=days)
        found = reader.state.figure_changes.since(since, CHANGES_SHOWN)
        zone = zone_named(reader.portfolio.timezone)
        for change in found:
            typer.echo(f"{change.at.astimezone(zone):%Y-%m-%d %H:%M}  {pick(language, change.sentence_sv, change.sentence_en)}")
    if not found:
        typer.echo(f"Inga ändringar de senaste {days} dygnen.")


def explain(
    figure: Name,
    as_known: AsKnown = None,
    as_json: Annotated[bool, typer.Option("--json", help="Allt, som JSON.")] = False,
) -> None:
    """Visa varifrån en siffra kommer: regel, delar, timmar, faktorer, ändringar. (Where a figure comes from.)"""
    from services.reports.figure_export import lineage_data
    from services.reports.lineage_words import explained

    with _reader() as (reader, language):
        zone = reader.portfolio.timezone
        lineage = reader.explain(named(figure, zone), _instant(as_known, zone))
        if as_json:
            typer.echo(orjson.dumps(lineage_data(lineage), option=orjson.OPT_INDENT_2).decode())
            return
        shown = explained(lineage, reader.portfolio, language)
    console = Console()
    console.print(f"[bold]{escape(shown.subject)}: {escape(shown.title)}[/bold]", highlight=False, soft_wrap=True)
    console.print(f"[bold]{escape(shown.value)}[/bold] {escape(shown.missing)}", highlight=False, soft_wrap=True)
    for fact in shown.facts:
        console.print(f"{escape(fact.head)}: {escape(fact.text)}", highlight=False, soft_wrap=True)
    if shown.inputs:
        table = Table("roll", "del", "värde", "", "siffra")
        for row in shown.inputs:
            table.add_row(*(escape(text) for text in (row.role, row.name, row.value, row.detail, row.address)))
        console.print(table)
    if shown.hours:
        table = Table("mätpunkt", "summa", "timmar")
        for hours in shown.hours:
            table.add_row(*(escape(text) for text in hours))
        console.print(table)
    for when, what in (*shown.findings, *shown.history):
        console.print(f"{escape(when)}  {escape(what)}", highlight=False, soft_wrap=True)


def named(text: str, zone: str) -> FigureName:
    """The figure that was typed."""
    try:
        return figure_name(text, zone)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


def _subject(text: str) -> Subject:
    kind, colon, name = text.partition(":")
    if not colon or kind not in set(SubjectKind):
        raise typer.BadParameter(f"{text!r}: skriv KIND:ID, KIND är {', '.join(SubjectKind)}")
    return Subject(SubjectKind(kind), name)


def _period(text: str, zone: str) -> Period:
    try:
        return named_period(text, zone)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


def _instant(as_known: datetime | None, zone: str) -> datetime | None:
    """The last instant of the local day."""
    return None if as_known is None else (day(as_known.date(), zone).end - timedelta(seconds=1)).astimezone(UTC)
