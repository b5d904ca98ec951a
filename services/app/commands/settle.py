"""`energimonitor settle`: registers to hours, as the settlement scenarios ask for them, on standard input and output."""

import sys

import typer

from services.settlement.protocol import answer


def add_to(app: typer.Typer) -> None:
    """Registers the command."""
    app.command("settle")(settle)


def settle() -> None:
    """Räkna om mätarställningar till timmar: en JSON-rad in, en JSON-rad ut / Settle registers: one JSON line in, one out."""
    out = sys.stdout.buffer
    for line in sys.stdin.buffer:
        if line.strip():
            out.write(answer(line) + b"\n")
            out.flush()  # a caller that waits for each answer must get it before it writes the next line
