"""`energimonitor settle`: registers to hours, as the settlement scenarios ask for them, on standard input and output."""

import sys

import typer

from config.errors import Undecodable
from config.settings import told_language
from services.settlement.protocol import answer


def add_to(app: typer.Typer) -> None:
    """Registers the command."""
    app.command("settle")(settle)


def settle() -> None:
    """Räkna om mätarställningar till timmar: en JSON-rad in, en JSON-rad ut / Settle registers: one JSON line in, one out."""
    out = sys.stdout.buffer
    refused = 0
    for number, line in enumerate(sys.stdin.buffer, start=1):
        if not line.strip():
            continue
        try:
            answered = answer(line)
        except Undecodable as error:
            refused += 1
            sys.stderr.write(f"energimonitor: {_refusal(number, error)}\n")
            continue
        out.write(answered + b"\n")
        out.flush()  # a caller that waits for each answer must get it before it writes the next line
    if refused:
        raise typer.Exit(1)


def _refusal(number: int, error: Undecodable) -> str:
    language = told_language()
    said = error.sentence(language)
    if language == "sv":
        return f"rad {number}: {said}; rätta den raden (docs/settlement.md visar formen) och skicka den igen, de andra besvaras"
    return (
        f"line {number}: {said}; correct that line (docs/settlement.md shows its form) and send it again, the others are answered"
    )
