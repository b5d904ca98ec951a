"""`energimonitor weather`: fetch SMHI's observations, import saved files, and see what degree days come of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import polars as pl
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from config.domain.clock import Clock, SystemClock
from config.domain.indicators import Missing
from config.domain.periods import local_date
from config.domain.weather import StationValues, WeatherQuantity
from config.errors import ConfigurationError, MonitorError, WeatherError

if TYPE_CHECKING:
    from config.loading import Municipality
    from config.settings import Settings
    from services.analysis.degree_days import DegreeDays
    from services.analysis.normal_period import NormalYear
    from services.state.state import State
    from services.store.timeseries import TimeSeriesStore

_NBSP = "\N{NO-BREAK SPACE}"


def add_to(app: typer.Typer) -> None:
    weather = typer.Typer(no_args_is_help=True, help="Väder och graddagar. (Weather and degree days.)")
    weather.command("fetch")(fetch)
    weather.command("show")(show)
    weather.command("import")(import_files)
    app.add_typer(weather, name="weather")


@dataclass(frozen=True, slots=True)
class _Open:
    """What the commands work on."""

    chosen: "Settings"
    town: "Municipality"
    store: "TimeSeriesStore"
    state: "State"
    clock: Clock

    @property
    def swedish(self) -> bool:
        return self.chosen.language == "sv"

    def words(self, sv: str, en: str) -> str:
        return sv if self.swedish else en


@contextmanager
def _opened() -> Iterator[_Open]:
    from services.app import wiring  # the stores' libraries take half a second

    chosen = wiring.settings()
    town = wiring.municipality(chosen)
    store, state = wiring.open_store(chosen), wiring.open_state(chosen)
    try:
        yield _Open(chosen, town, store, state, SystemClock())
    finally:
        store.close()
        state.close()


def fetch() -> None:
    """Hämta väder nu, så ofta det får frågas. (Fetch weather now, as often as may be asked.)"""
    from services.app import wiring
    from services.app.timetable import weather_job
    from services.jobs.weather import Kept, trouble

    failed = False
    with _opened() as at:
        if wiring.weather_source(at.chosen, at.town, at.clock) is None:
            raise ConfigurationError(
                "weather is off: set ENERGIMONITOR_WEATHER=smhi to fetch it, or read saved files with "
                "`energimonitor weather import`",
                "väder hämtas inte: sätt ENERGIMONITOR_WEATHER=smhi för att hämta det, eller läs sparade filer med "
                "`energimonitor weather import`",
            )
        job = weather_job(wiring.parts(at.chosen, at.town, at.store, at.state, at.clock))
        for quantity in WeatherQuantity:
            outcome = job.look(quantity)
            failed = failed or trouble(outcome) is not None
            for station, kept in outcome.items():
                named = f"{quantity.value} {station} {at.town.weather.named(station)}"
                if isinstance(kept, Kept):
                    words = at.words(
                        f"{kept.written} nya värden, {kept.moved} dygn ändrade",
                        f"{kept.written} new values, {kept.moved} days moved",
                    )
                    typer.echo(f"{named}: {words}")
                else:
                    said = kept.sentence(at.chosen.language) if isinstance(kept, MonitorError) else str(kept)
                    typer.echo(f"{named}: {said}", err=True)
    if failed:
        raise typer.Exit(1)


def show(
    months: Annotated[int, typer.Option(min=1, max=1200, help="Antal månader till och med denna. (Months up to this one.)")] = 13,
    licensed: Annotated[bool, typer.Option("--licensed", help="Köpta graddagar; får inte spridas. (Bought ones.)")] = False,
) -> None:
    """Graddagar per månad mot normalperioden, stationer och anmärkningar. (Degree days by month against normal.)"""
    from services.analysis.degree_days import degree_days
    from services.jobs.weather_reading import WeatherReader

    console = Console()
    with _opened() as at:
        if licensed:
            _print_licensed(console, at)
            return
        plan = at.town.weather
        reader = WeatherReader(at.store, plan, at.town.timezone)
        last = local_date(at.clock.now(), at.town.timezone)
        first = _months_back(last, months - 1)
        terms = reader.terms
        made = degree_days(
            reader.days(first, last),
            terms.base_temperature_c,
            station=terms.station,
            source=terms.source,
            normal_period=plan.normal_period,
        )
        normal = reader.normal_year()
        title = at.words("Egna graddagar", "Own degree days")
        console.print(
            f"[bold]{title}[/bold]: {escape(plan.named(terms.station) or '–')} ({terms.station or '–'}), "
            f"{at.words('bas', 'base')} {_number(terms.base_temperature_c)}{_NBSP}°C, "
            f"{at.words('normalperiod', 'normal period')} {terms.normal_period}",
            highlight=False,
            soft_wrap=True,
        )
        console.print(_month_table(at, made, None if isinstance(normal, Missing) else normal))
        if isinstance(normal, Missing):
            console.print(
                f"{at.words('Normal saknas', 'No normal')}: {escape(at.words(normal.reason_sv, normal.reason_en))}",
                highlight=False,
                soft_wrap=True,
            )
        _print_findings(console, at)
        if plan.attribution:
            console.print(escape(plan.attribution), highlight=False)


def import_files(
    files: Annotated[list[Path], typer.Argument(help="SMHI:s CSV för en station; eller, med --licensed, månader.")],
    licensed: Annotated[bool, typer.Option("--licensed", help="Köpta graddagar per månad: month;degree_days;normal.")] = False,
    product: Annotated[str, typer.Option(help="Den köpta produktens namn.")] = "",
    place: Annotated[str, typer.Option(help="Orten eller stationen som den gäller.")] = "",
    base: Annotated[float, typer.Option(help="Dess bastemperatur, °C.")] = 17.0,
    normal_period: Annotated[str, typer.Option(help="Dess normalperiod, som 1991-2020.")] = "",
) -> None:
    """Läs in väder från sparade filer, för maskiner utan internet. (Import weather from saved files.)"""
    if licensed and not (product and place and normal_period):
        raise ConfigurationError(
            "--licensed: give --product, --place and --normal-period too; a bought number is worth nothing without them",
            "--licensed: ange --product, --place och --normal-period också; ett köpt tal är inget värt utan dem",
        )
    failed = False
    with _opened() as at:
        for path in files:
            try:
                content = path.read_bytes()
                words = (
                    _take_licensed(at, path, content, (product, place, base, normal_period))
                    if licensed
                    else _take_station(at, path, content)
                )
                typer.echo(f"{path}: {words}")
            except OSError as error:
                typer.echo(f"{path}: {error.strerror}", err=True)
                failed = True
            except WeatherError as error:
                typer.echo(error.sentence(at.chosen.language), err=True)
                failed = True
    if failed:
        raise typer.Exit(1)


def _take_station(at: _Open, path: Path, content: bytes) -> str:
    from collectors.weather.smhi_csv import read_csv
    from services.jobs.weather import TouchedBuildings, WeatherKeeper

    answer = read_csv(content, str(path))
    if answer.station not in at.town.weather.order(answer.quantity):
        raise WeatherError(
            f"{path}: station {answer.station} {answer.name} is not in weather.yaml for {answer.quantity.value}; "
            "add it there, in the order in which it shall fill holes",
            f"{path}: stationen {answer.station} {answer.name} finns inte i weather.yaml för {answer.quantity.value}; "
            "lägg in den där, i den ordning som den ska fylla luckor",
        )
    touched = TouchedBuildings(at.town.portfolio, at.state.dirty_days, at.clock)
    keeper = WeatherKeeper(at.store, at.town.weather, at.town.timezone, at.clock, touched)
    # a saved file may be any part of the archive: what it lacks says nothing of what SMHI's check threw out
    kept = keeper.keep(StationValues(answer.quantity, answer.station, answer.values))
    said = "".join(f"; {at.words(item.sentence_sv, item.sentence_en)}" for item in answer.findings)
    count = answer.values.height
    counts = at.words(
        f"{count} värden, {kept.written} nya, {kept.moved} dygn ändrade",
        f"{count} values, {kept.written} new, {kept.moved} days moved",
    )
    return f"{answer.name} {answer.station}, {answer.quantity.value}: {counts}{said}"


def _take_licensed(at: _Open, path: Path, content: bytes, terms: tuple[str, str, float, str]) -> str:
    from collectors.weather.licensed import read_licensed

    months = read_licensed(content, str(path), *terms, local_date(at.clock.now(), at.town.timezone))
    at.state.weather.keep_licensed(months, at.clock.now())
    return at.words(
        f"{len(months)} månader av {terms[0]}, {terms[1]}; licensierade: visas bara för er och publiceras aldrig",
        f"{len(months)} months of {terms[0]}, {terms[1]}; licensed: for your own eyes, never published",
    )


def _month_table(at: _Open, made: "DegreeDays", normal: "NormalYear | None") -> Table:
    table = Table(
        at.words("Månad", "Month"),
        at.words("Graddagar", "Degree days"),
        "Normal",
        at.words("Andel", "Share"),
        at.words("Medel °C", "Mean °C"),
        at.words("Dygn", "Days"),
        at.words("Från andra", "Of others"),
    )
    for column in table.columns[1:]:
        column.justify = "right"
    for row in made.months.iter_rows(named=True):
        month: date = row["month"]
        whole = row["degree_days"] is not None
        of_month = made.days.filter(pl.col("day").dt.truncate("1mo") == month)
        expected = None if normal is None else (normal.of_month(month) if whole else normal.of_days(of_month["day"]))
        share = "–" if not expected else f"{_number(100 * row['partial'] / expected)}{_NBSP}%"
        days = (
            str(row["days"])
            if whole
            else at.words(f"{row['days']} av {row['days_in_month']}", f"{row['days']} of {row['days_in_month']}")
        )
        table.add_row(
            f"{month:%Y-%m}",
            _number(row["partial"]),
            "–" if expected is None else _number(expected),
            share,
            _number(row["mean_c"], 1),
            days,
            str(row["bridged_days"]),
        )
    return table


def _print_findings(console: Console, at: _Open) -> None:
    for seen in at.state.weather.findings():
        words = at.words(seen.finding.sentence_sv, seen.finding.sentence_en)
        console.print(f"• {escape(words)} ({at.words('sedan', 'since')} {seen.since:%Y-%m-%d})", highlight=False, soft_wrap=True)


def _print_licensed(console: Console, at: _Open) -> None:
    months = at.state.weather.licensed()
    if not months:
        console.print(at.words("Inga köpta graddagar är inlästa.", "No bought degree days are imported."))
        return
    console.print(
        at.words("Köpta värden: får inte spridas eller publiceras.", "Bought values: not to be passed on or published.")
    )
    heads = ("Produkt", "Ort", "Bas", "Normalperiod", "Månad", "Värde", "Normal")
    english = ("Product", "Place", "Base", "Normal period", "Month", "Value", "Normal")
    table = Table(*(heads if at.swedish else english))
    for item in months:
        table.add_row(
            escape(item.product),
            escape(item.place),
            _number(item.base_temperature_c),
            item.normal_period,
            f"{item.month:%Y-%m}",
            _number(item.degree_days),
            "–" if item.normal is None else _number(item.normal),
        )
    console.print(table)


def _number(value: float, decimals: int = 0) -> str:
    """As Swedes write it: decimal comma, thousands apart, a real minus."""
    return f"{value:,.{decimals}f}".replace(",", _NBSP).replace(".", ",").replace("-", "\N{MINUS SIGN}")


def _months_back(day: date, months: int) -> date:
    """The first day of the month so many months before."""
    first = day.replace(day=1)
    for _ in range(months):
        first = (first - timedelta(days=1)).replace(day=1)
    return first
