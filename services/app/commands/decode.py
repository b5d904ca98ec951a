"""`energimonitor decode`: what the decoders read in messages given on standard input."""

import sys

import typer

from collectors import decoders
from collectors.decode_protocol import DecodeProtocol
from collectors.decoding import Decoder
from config.shelf import entries


def add_to(app: typer.Typer) -> None:
    """Registers the command."""
    app.command("decode")(decode)


def decode() -> None:
    """Avkoda meddelanden: en JSON-rad in, en JSON-rad ut / Decode messages: one JSON line in, one out."""
    protocol = DecodeProtocol(entries(decoders, "DECODER", Decoder))
    out = sys.stdout.buffer
    for line in sys.stdin.buffer:
        out.write(protocol.answer(line) + b"\n")
        out.flush()  # a caller that waits for each answer must get it before it writes the next line
