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
    from services.jobs.prices import RefusedDay
    from services.reports.wording import Language


def add_to(app: typer.Typer) -> None:
    prices = typer.Typer(no_args_is_help=True, help="Spotpriser på el. (Day-ahead prices of electricity.)")
    prices.command("fetch")(fetch)
    prices.command("import")(import_files)
    app.add_typer(prices, name="prices")


@contextmanager
def _opened() -> "Iterator[tuple[Parts, Language]]":
    from services.app import wiring  # the stores' libraries take half a second

    chosen = wiring.settings()
    town = wiring.municipality(chosen)
    store, state = wiring.open_store(chosen), wiring.open_state(chosen)
    try:
        yield wiring.parts(chosen, town, store, state, SystemClock()), chosen.language
    finally:
        store.close()
        state.close()


def fetch() -> None:
    """Hämta de dygn som fattas, högst 31 åt gången. (Fetch the days that lack, 31 at a time at most.)"""
    from services.app.timetable import price_job, price_keeper

    with _opened() as (parts, language):
        if parts.price_source is None:
            raise ConfigurationError(
                "prices are off: set ENERGIMONITOR_PRICES=elprisetjustnu to fetch them, or read saved answers with "
                "`energimonitor prices import`",
                "priser hämtas inte: sätt ENERGIMONITOR_PRICES=elprisetjustnu för att hämta dem, eller läs sparade svar med "
                "`energimonitor prices import`",
            )
        job = price_job(parts)
        tasks = job.pending(parts.clock.now())
        failed = False
        for task in tasks:
            try:
                job.do(task)
            except PricesError as error:  # no other day waits for one that cannot be used
                typer.echo(error.sentence(language), err=True)
                failed = True
        left = job.pending(parts.clock.now())
        typer.echo(f"{len(tasks)} dygn frågades efter, {len(left)} återstår ({len(tasks)} days asked for, {len(left)} left)")
        for item in price_keeper(parts).refused.all():
            typer.echo(_refused(item, language))
    if failed:
        raise typer.Exit(1)


def _refused(item: "RefusedDay", language: "Language") -> str:
    again = f"{item.again:%Y-%m-%d %H:%M}Z"
    if language == "sv":
        return f"{item.day}: svaret gick inte att använda, frågas igen efter {again}: {item.reason_sv}"
    return f"{item.day}: the answer could not be used, asked again after {again}: {item.reason}"


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
        raise ConfigurationError(
            f"--area {area}: no electricity area; give one of {', '.join(AREAS)}",
            f"--area {area}: inget elområde; ange ett av {', '.join(AREAS)}",
        )
    failed = False
    with _opened() as (parts, language):
        keeper = price_keeper(parts)
        for file in files:
            try:
                prices = prices_of_day(file.read_bytes(), area, None, str(file))
            except OSError as error:
                typer.echo(f"{file}: {error.strerror}", err=True)
                failed = True
            except PricesError as error:
                typer.echo(error.sentence(language), err=True)
                failed = True
            else:
                keeper.keep(prices)
                typer.echo(f"{file}: {prices.height} priser för {area} (prices)")
    if failed:
        raise typer.Exit(1)
