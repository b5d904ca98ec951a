"""`energimonitor prices`: day-ahead prices, fetched now or read from saved answers."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from config.domain.clock import SystemClock
from config.errors import ConfigurationError, PricesError

if TYPE_CHECKING:
    from services.app.timetable import Parts


def add_to(app: typer.Typer) -> None:
    prices = typer.Typer(no_args_is_help=True, help="Spotpriser på el. (Day-ahead prices of electricity.)")
    prices.command("fetch")(fetch)
    prices.command("import")(import_files)
    app.add_typer(prices, name="prices")


@contextmanager
def _opened() -> "Iterator[Parts]":
    from services.app import wiring  # the stores' libraries take half a second

    chosen = wiring.settings()
    town = wiring.municipality(chosen)
    store, state = wiring.open_store(chosen), wiring.open_state(chosen)
    try:
        yield wiring.parts(chosen, town, store, state, SystemClock())
    finally:
        store.close()
        state.close()


def fetch() -> None:
    """Hämta de dygn som fattas, högst 31 åt gången. (Fetch the days that lack, 31 at a time at most.)"""
    from services.app.timetable import price_job

    with _opened() as parts:
        if parts.price_source is None:
            raise ConfigurationError(
                "prices are off: set ENERGIMONITOR_PRICES=elprisetjustnu to fetch them, or read saved answers with "
                "`energimonitor prices import`"
            )
        job = price_job(parts)
        tasks = job.pending(parts.clock.now())
        failed = False
        for task in tasks:
            try:
                job.do(task)
            except PricesError as error:  # the area's later days wait for it, the other areas' do not
                typer.echo(str(error), err=True)
                failed = True
        left = job.pending(parts.clock.now())
        typer.echo(f"{len(tasks)} dygn frågades efter, {len(left)} återstår ({len(tasks)} days asked for, {len(left)} left)")
    if failed:
        raise typer.Exit(1)


def import_files(
    files: Annotated[list[Path], typer.Argument(help="Sparade svar, ett dygn i varje. (Saved answers, a day in each.)")],
    area: Annotated[str, typer.Option(help="Elområde. (Electricity area.)")] = "SE3",
) -> None:
    """Läs sparade svar från elprisetjustnu.se. (Read saved answers of elprisetjustnu.se.)

    A file that cannot be used is named with its reason, the others are kept; exit status 1 then.
    """
    from collectors.prices.day_ahead import AREAS, prices_of_day
    from services.app.timetable import price_keeper

    if area not in AREAS:
        raise ConfigurationError(f"--area {area}: no electricity area; give one of {', '.join(AREAS)}")
    failed = False
    with _opened() as parts:
        keeper = price_keeper(parts)
        for file in files:
            try:
                prices = prices_of_day(file.read_bytes(), area, None, str(file))
            except OSError as error:
                typer.echo(f"{file}: {error.strerror}", err=True)
                failed = True
            except PricesError as error:
                typer.echo(str(error), err=True)
                failed = True
            else:
                keeper.keep(prices)
                typer.echo(f"{file}: {prices.height} priser för {area} (prices)")
    if failed:
        raise typer.Exit(1)
