"""`energimonitor export`: any series as CSV, JSON lines or Parquet, and any figure with all that it was made of."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from config.domain.figure_names import EXAMPLE
from config.domain.periods import zone_named
from config.domain.series import SERIES, Aggregate, Every, SeriesQuery
from services.store.export import ExportFormat, export, export_to_file
from services.store.points import schema_of


def add_to(app: typer.Typer) -> None:
    app.command("export")(run)


def run(
    series: Annotated[str, typer.Argument(help=f"Serie: {', '.join(SERIES)}; eller en siffra, som {EXAMPLE}.")],
    where: Annotated[list[str] | None, typer.Option(help="tagg=värde; flera värden för samma tagg: något av dem.")] = None,
    start: Annotated[str | None, typer.Option("--from", help="Första tidpunkten: 2025-01-01 eller 2025-01-01T06:00.")] = None,
    end: Annotated[str | None, typer.Option("--to", help="Första tidpunkten utanför.")] = None,
    aggregate: Annotated[Aggregate | None, typer.Option(help="Sammanfattning.")] = None,
    every: Annotated[Every | None, typer.Option(help="Tidsgruppens längd.")] = None,
    by: Annotated[list[str] | None, typer.Option(help="Gruppera per tagg.")] = None,
    field: Annotated[str | None, typer.Option(help="Fält att sammanfatta; annars seriens tal.")] = None,
    zone: Annotated[str, typer.Option(help='Tidszon för dygn och utskrivna tider; "UTC+1" för normaltid.')] = "Europe/Stockholm",
    limit: Annotated[int | None, typer.Option(min=1, help="Högst så många rader.")] = None,
    form: Annotated[ExportFormat, typer.Option("--format", help="Format.")] = ExportFormat.CSV,
    excel: Annotated[bool, typer.Option("--excel", help="CSV för svenskt Excel: semikolon, decimalkomma.")] = False,
    out: Annotated[Path | None, typer.Option(help="Fil; annars standard ut. För en siffra: en ny mapp.")] = None,
) -> None:
    """Skriv en serie som CSV, JSON-rader eller Parquet, eller allt bakom en siffra. (A series, or all behind a figure.)"""
    from services.app.wiring import open_store, settings  # the stores' libraries take half a second; other commands need none

    if "/" in series:
        _figure(series, out)
        return
    query = _query(series, where or [], start, end, aggregate, every, tuple(by or ()), field, zone, limit)
    written = ExportFormat.EXCEL if excel else form
    store = open_store(settings())
    try:
        with _progress() as progress:
            task = progress.add_task(series, total=None)

            def show(done: int, total: int) -> None:
                progress.update(task, completed=done, total=total)

            if out is None:
                rows = export(store, query, written, sys.stdout.buffer, show)
            else:
                rows = export_to_file(store, query, written, out, show)
    finally:
        store.close()
    typer.echo(f"{rows} rader" + (f" i {out}" if out else ""), err=True)


def _figure(text: str, folder: Path | None) -> None:
    from services.app import wiring
    from services.app.commands.figures import named
    from services.reports.figure_export import export_figure

    if folder is None:
        raise typer.BadParameter("en siffras underlag är flera filer: ange en ny mapp med --out")
    chosen = wiring.settings()
    town = wiring.municipality(chosen)
    store, state = wiring.open_store(chosen), wiring.open_state(chosen)
    try:
        reader, sources = wiring.lineage(town, store, state), wiring.figure_sources(chosen, town, store)
        with Console(stderr=True).status(text) as status:
            rows = export_figure(reader, sources, named(text, town.timezone), folder, progress=status.update)
    finally:
        store.close()
        state.close()
    for file, count in rows.items():
        typer.echo(f"{folder / file}: {count} rader", err=True)


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)


def _query(
    series: str,
    where: Sequence[str],
    start: str | None,
    end: str | None,
    aggregate: Aggregate | None,
    every: Every | None,
    by: tuple[str, ...],
    field: str | None,
    zone: str,
    limit: int | None,
) -> SeriesQuery:
    if series not in SERIES:
        raise typer.BadParameter(f"{series!r} finns inte; serierna är {', '.join(SERIES)}")
    try:
        query = SeriesQuery(
            SERIES[series],
            start=_instant(start, zone),
            end=_instant(end, zone),
            where=_filters(where),
            aggregate=aggregate,
            every=every,
            by=by,
            zone=zone,
            field=field,
            limit=limit,
        )
        schema_of(query)  # says which field or aggregate the series does not have
        zone_named(zone)
    except (ValueError, KeyError) as error:  # of the query itself; ZoneInfo raises a KeyError for a zone it does not know
        raise typer.BadParameter(str(error)) from error
    return query


def _filters(where: Sequence[str]) -> dict[str, tuple[str, ...]]:
    filters: dict[str, tuple[str, ...]] = {}
    for each in where:
        tag, equals, value = each.partition("=")
        if not equals:
            raise typer.BadParameter(f"{each!r}: skriv tagg=värde")
        filters[tag] = (*filters.get(tag, ()), value)
    return filters


def _instant(text: str | None, zone: str) -> datetime | None:
    """A date or an instant; without offset it is that of a clock in `zone`."""
    if text is None:
        return None
    instant = datetime.fromisoformat(text)
    return (instant if instant.tzinfo else instant.replace(tzinfo=zone_named(zone))).astimezone(UTC)
