"""`energimonitor provision`: data source, folders and readers, dashboards and alarms into Grafana, over its API or as files."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from services.grafana.changes import Change, Outcome
from services.grafana.files import write_files
from services.grafana.provisioning import provision

DEFAULT_SECRET = "$__file{/run/secrets/influxdb_token_grafana}"  # noqa: S105 - where Grafana finds it, not what it is
WORDS = {
    Outcome.CREATED: ("skapad", "skulle skapas"),
    Outcome.CHANGED: ("ändrad", "skulle ändras"),
    Outcome.UNCHANGED: ("oförändrad", "oförändrad"),
    Outcome.REMOVED: ("borttagen", "skulle tas bort"),
    Outcome.KEPT: ("orörd", "lämnas orörd"),
    Outcome.REFUSED: ("avvisad", "avvisad"),
    Outcome.LACKING: ("saknas", "saknas"),
}
KINDS = {
    "datasource": "datakälla",
    "folder": "mapp",
    "team": "grupp",
    "rights": "läsare",
    "dashboard": "tavla",
    "alert rule": "larmregel",
    "contact point": "kontaktpunkt",
    "notification policy": "larmväg",
    "alerting": "larm",
}


def add_to(app: typer.Typer) -> None:
    app.command("provision")(run)


def run(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Visa skillnaden, ändra inget.")] = False,
    files: Annotated[
        Path | None, typer.Option(help="Skriv filer som Grafana läser vid start, i stället för att anropa den.")
    ] = None,
    mounted: Annotated[
        str | None, typer.Option(help="Mappen --files, som Grafana ser den, om den ser den på annat ställe.")
    ] = None,
    secret: Annotated[str, typer.Option(help="Varifrån Grafana tar nyckeln till InfluxDB (--files).")] = DEFAULT_SECRET,
    overwrite: Annotated[list[str] | None, typer.Option(help="Tavla (uid) vars ändringar för hand ska ersättas.")] = None,
) -> None:
    """Lägg upp datakälla, mappar, läsare, tavlor och larm i Grafana. (Provision everything of ours into Grafana.)"""
    from services.app import wiring  # the stores' libraries take half a second; other commands need none

    chosen = wiring.settings()
    town = wiring.municipality(chosen)
    want = wiring.grafana_wanted(chosen, town, secret_is_elsewhere=files is not None)
    console = Console(highlight=False, soft_wrap=True)
    if files is not None:
        target = wiring.grafana_target(chosen, secret_is_elsewhere=True)
        written = write_files(files, want, target, secret, mounted or str(files.absolute()), dry_run=dry_run)
        for path in written:
            console.print(f"{'skulle skrivas' if dry_run else 'skriven'}  {path}", markup=False)
        console.print(f"{len(written)} filer {'skulle skrivas' if dry_run else 'skrivna'}; resten är redan rätt.", markup=False)
        console.print("Läsare (grupper och rättigheter) kan inte stå i filer: ge dem i Grafana.", markup=False)
        return
    changes = provision(wiring.grafana(chosen), want, dry_run=dry_run, overwrite=overwrite or ())
    for change in changes:
        console.print(_line(change, dry_run), markup=False)
        if dry_run or change.outcome is Outcome.KEPT:
            for line in change.difference:
                console.print(f"    {line}", markup=False)
    same = sum(change.outcome is Outcome.UNCHANGED for change in changes)
    console.print(f"{len(changes)} saker, {same} oförändrade.", markup=False)


def _line(change: Change, dry_run: bool) -> str:
    said = f"{WORDS[change.outcome][dry_run]:<15} {KINDS.get(change.kind, change.kind):<13} {change.uid}"
    return f"{said}: {change.reason}" if change.reason else said
