"""`audit`: the log of changes and sign-ins."""

import sys
from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table


def add_to(app: typer.Typer) -> None:
    app.command("audit")(audit)


def audit(
    last: Annotated[int, typer.Option(min=1, max=10_000, help="Så många rader, de senaste.")] = 50,
    csv: Annotated[bool, typer.Option("--csv", help="Hela loggen som CSV.")] = False,
) -> None:
    """Visa loggen över ändringar och inloggningar, den senaste först. (Show the log of changes and sign-ins.)"""
    from services.app import wiring
    from services.web.changes.log import csv_lines
    from services.web.changes.words import act_words

    chosen = wiring.settings()
    with wiring.open_state(chosen) as state:
        if csv:
            for lines in csv_lines(state.audit):
                sys.stdout.write(lines)
            return
        table = Table("nr", "tid (UTC)", "vem", "varifrån", "vad", "gäller", "efter")
        for entry in state.audit.entries(limit=last):
            after = orjson.dumps(dict(entry.after)).decode() if entry.after else ""
            words = act_words(entry.act, chosen.language)
            cells = (f"{entry.at:%Y-%m-%d %H:%M:%S}", entry.who, entry.address, words, entry.subject, after)
            table.add_row(str(entry.id), *(escape(cell) for cell in cells))
    Console().print(table)
