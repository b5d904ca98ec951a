"""`goals`: how the goals stand, and values for those that are not metered."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from config.domain.assessments import GoalRecord
from config.domain.clock import SystemClock
from config.domain.indicators import Missing
from config.domain.periods import day, local_date
from config.errors import ConfigurationError, KoladaError

if TYPE_CHECKING:
    from config.domain.goals import Goal, Goals
    from services.reports.goal_standing import GoalStanding
    from services.reports.wording import Language
    from services.state.state import State

AsOf = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Som det var känt vid den dagens slut. (As known then.)")
]
Name = Annotated[str, typer.Argument(help="Målets id i goals.yaml.")]


def add_to(app: typer.Typer) -> None:
    goals = typer.Typer(no_args_is_help=True, help="Målen: läge, sannolikhet, vad som återstår. (How the goals stand.)")
    goals.command("list")(list_goals)
    goals.command("show")(show_goal)
    goals.command("import")(import_values)
    goals.command("fetch")(fetch_values)
    app.add_typer(goals, name="goals")


@dataclass(frozen=True, slots=True)
class _Place:
    """What the commands work on."""

    goals: "Goals"
    state: "State"
    standing: "GoalStanding"
    zone: str
    language: "Language"


@contextmanager
def _place() -> Iterator[_Place]:
    from services.app import wiring
    from services.reports.goal_standing import GoalStanding

    chosen = wiring.settings()
    town = wiring.municipality(chosen)
    store, state = wiring.open_store(chosen), wiring.open_state(chosen)
    try:
        standing = GoalStanding(town.goals, town.portfolio, store, state)
        yield _Place(town.goals, state, standing, town.timezone, chosen.language)
    finally:
        store.close()
        state.close()


def list_goals(as_of: AsOf = None) -> None:
    """Visa alla mål med läge och sannolikhet. (All goals with verdict and probability.)"""
    from services.app.goal_words import goals_table

    with _place() as place:
        judged = place.standing.assessments(SystemClock().now(), _instant(as_of, place.zone))
        Console().print(goals_table(place.goals, judged, place.language))


def show_goal(name: Name, as_of: AsOf = None) -> None:
    """Visa ett mål: väg, värden, prognos och vad som återstår per byggnad. (One goal in full.)"""
    from services.app.goal_words import parts_table, sentences, values_table

    with _place() as place:
        goal, known = _goal(place.goals, name), _instant(as_of, place.zone)
        judged = place.standing.assessment(goal, SystemClock().now(), known)
        console = Console()
        for line in sentences(goal, judged, place.language):
            console.print(escape(line), highlight=False, soft_wrap=True)
        values = place.standing.values(goal, known)
        if values:
            console.print(values_table(goal, values, place.language))
        for record in place.state.goal_values.in_other_units(goal.id, goal.unit):
            typer.echo(
                f"{record.value.end}: {record.value.value:g} {record.unit}: används inte, målet är i {goal.unit}; för in igen"
            )
        parts = place.standing.parts(goal, judged)
        if not isinstance(parts, Missing):
            console.print(parts_table(goal, parts, place.language))


def import_values(
    files: Annotated[list[Path], typer.Argument(help="CSV: mål;period;värde;enhet;källa;märke;osäkerhet.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Läs och rapportera, men spara inget.")] = False,
) -> None:
    """Läs in målvärden ur filer; ett fel stoppar allt. (Enter goals' values from files, all or nothing.)"""
    from collectors.files.goal_series import read_goal_series

    with _place() as place:
        now = SystemClock().now()
        today = local_date(now, place.zone)
        records, faults = list[GoalRecord](), list[ConfigurationError]()
        for path in files:
            try:
                records += read_goal_series(path, place.goals, today)
            except ConfigurationError as error:
                faults.append(error)
        if faults:
            raise ConfigurationError(*("\n".join(error.sentence(language) for error in faults) for language in ("en", "sv")))
        seen: set[tuple[str, object]] = set()
        for record in records:
            key = (record.goal, record.value.end)
            if key in seen:
                raise ConfigurationError(
                    f"{record.goal}: a value of {record.value.end} in two of the files; keep one of them",
                    f"{record.goal}: ett värde för {record.value.end} i två av filerna; behåll ett av dem",
                )
            seen.add(key)
        changed = 0 if dry_run else place.state.goal_values.put(records, now)
    typer.echo(
        f"{len(records)} värden lästa, inget sparat (provkörning)."
        if dry_run
        else f"{len(records)} värden lästa, {changed} nya eller ändrade."
    )


def fetch_values(
    name: Annotated[str | None, typer.Argument(help="Bara detta mål; annars alla med kolada i goals.yaml.")] = None,
) -> None:
    """Hämta målvärden ur Kolada, när inställningen tillåter det. (Fetch goals' values from Kolada.)"""
    from collectors.kolada.asking import KoladaClient
    from collectors.kolada.figures import fetch
    from services.app import wiring

    chosen = wiring.settings()
    if chosen.kolada == "off":
        raise ConfigurationError(
            "nothing is fetched unless told: set ENERGIMONITOR_KOLADA=v3, or import a file: energimonitor goals import",
            "inget hämtas förrän det sägs: sätt ENERGIMONITOR_KOLADA=v3, eller läs en fil: energimonitor goals import",
        )
    client = KoladaClient(chosen.kolada_url)
    table, failed = Table("mål", "Koladas titel", "år", "nya eller ändrade"), list[str]()
    with _place() as place:
        asked = [_goal(place.goals, name)] if name else [goal for goal in place.goals.goals if goal.kolada is not None]
        if any(goal.kolada is None for goal in asked) or not asked:
            raise ConfigurationError(
                f"{name or 'goals.yaml'}: no figure of Kolada's is named; give kolada: {{kpi, municipality}}",
                f"{name or 'goals.yaml'}: inget nyckeltal i Kolada är angivet; ange kolada: {{kpi, municipality}}",
            )
        now = SystemClock().now()
        for goal in asked:
            try:
                found = fetch(client, goal, local_date(now, place.zone))
            except KoladaError as error:
                failed.append(f"{goal.id}: {error.sentence(place.language)}")
                continue
            changed = place.state.goal_values.put(found.records, now)
            years = f"{found.records[0].value.end.year}–{found.records[-1].value.end.year}"
            table.add_row(goal.id, escape(found.title), years, str(changed))
            if found.doubt is not None:
                failed.append(f"{goal.id}: {found.doubt[0] if place.language == 'sv' else found.doubt[1]}")
    Console().print(table)
    for line in failed:
        typer.echo(line, err=True)
    if failed:
        raise typer.Exit(1)


def _goal(goals: "Goals", name: str) -> "Goal":
    from config.municipality.faults import meant

    found = goals.goal(name)
    if isinstance(found, Missing):
        out, out_sv = meant(name, [goal.id for goal in goals.goals])
        raise ConfigurationError(f"no goal {name!r} in goals.yaml; {out}", f"målet {name!r} finns inte i goals.yaml; {out_sv}")
    return found


def _instant(as_of: datetime | None, zone: str) -> datetime | None:
    """The last instant of the local day."""
    return None if as_of is None else day(as_of.date(), zone).end - timedelta(seconds=1)
