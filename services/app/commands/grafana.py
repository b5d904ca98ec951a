"""`provision`: Grafana brought to what the portfolio and the dashboards say, over its API or as files."""

from pathlib import Path
from typing import Annotated

import typer

SECRET = "$__file{/run/secrets/influxdb_token_grafana}"  # noqa: S105 - where Grafana finds it, not what it is


def add_to(app: typer.Typer) -> None:
    app.command("provision")(provision)


def provision(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Visa skillnaden, ändra inget.")] = False,
    files: Annotated[Path | None, typer.Option(help="Skriv filer för Grafanas egen provisionering i stället.")] = None,
    secret: Annotated[str, typer.Option(help="Varifrån Grafana tar nyckeln (endast med --files).")] = SECRET,
    overwrite: Annotated[list[str] | None, typer.Option(help="Skriv över en panel som ändrats för hand (uid).")] = None,
) -> None:
    """Lägg upp datakälla, mappar och paneler i Grafana. (Provision Grafana.)"""
    from services.app import wiring
    from services.grafana.files import write_files
    from services.grafana.provisioning import Outcome, wanted
    from services.grafana.provisioning import provision as provision_grafana

    chosen = wiring.settings()
    town = wiring.municipality(chosen)
    target = wiring.grafana_target(chosen)
    want = wanted(wiring.boards(), town.portfolio, target, example=town.examples > 0)
    if files is not None:
        written = write_files(files, want, target, secret, str(files.absolute()))
        typer.echo(f"{len(written)} filer skrivna i {files}.")
        return
    changes = provision_grafana(wiring.grafana(chosen), want, dry_run=dry_run, overwrite=overwrite or ())
    for change in changes:
        typer.echo(f"{change.kind} {change.uid}: {WORDS[change.outcome.value]} {change.reason}".rstrip())
        for line in change.difference:
            typer.echo(f"    {line}")
    if any(change.outcome is Outcome.KEPT for change in changes):
        raise typer.Exit(1)


WORDS = {"created": "skapas", "changed": "ändras", "unchanged": "oförändrad", "kept": "ändrad för hand, rörs inte:"}
