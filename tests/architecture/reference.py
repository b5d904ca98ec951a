"""Writes the pages of docs/ that are read off the code; a test sees them grow old. `python -m tests.architecture.reference`"""

import importlib
import inspect
import pkgutil
from collections.abc import Iterable, Iterator
from types import ModuleType
from typing import Any

import typer.main
from typer.core import TyperGroup

import collectors.decoders
import dashboards
from collectors.decoding import Decoder
from config import errors
from config.domain.indicators import INDICATORS
from config.domain.panels import CARRIER_NAMES, Column, Dashboard, Panel, PanelQuery
from config.domain.quantities import QUANTITIES
from config.domain.series import SERIES
from config.shelf import entries
from services.app import wiring
from services.app.cli import build
from tests.servers import ROOT

NOTE = "<!-- Read off the code by `python -m tests.architecture.reference`; a test fails when the two disagree. -->\n"
DECODERS = """# Decoders

What the collectors understand, one module a family in `collectors/decoders/`. A source in `sources.yaml` names a family or a
group; a group is tried in the order of its families' topics until one of them recognises the message. The topics are the
defaults of the family's own documents: any other can be given in `sources.yaml`. To add a family:
[CONTRIBUTING.md](../CONTRIBUTING.md#a-decoder).

"""
PANELS = """# Panels

Every dashboard and what its panels show, in the order in which they are read. Which one answers which question, and how figures
are shown: [dashboards.md](dashboards.md). Definitions of the figures: [reference.md](reference.md#indicators).

"""
REFERENCE = """# Reference

Settings: [configuration.md](configuration.md). What decoders read: [decoders.md](decoders.md).

"""
COMMANDS = """## Commands

`energimonitor COMMAND --help` tells the rest.

"""
ERRORS = """
## Errors

Sorted by who must act; the message says what, where and what to do.

"""
STORE = """
## What lies in the store

Tags and time are a point's identity: writing it again overwrites its fields. Where a point's `method` is `missing` its number is
no number: ask with `WHERE "method" != 'missing'` ([decision 0004](decisions/0004-missing-points-instead-of-deletes.md)).

"""
QUANTITIES_TEXT = """
## Quantities

What a register may measure, and the unit in which it is stored.

"""


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table; a bar inside a cell is escaped."""
    columns = list(head)
    lines = [columns, ["---"] * len(columns), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in line) + " |\n" for line in lines)


def code(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "—"


def first_sentence(thing: object) -> str:
    """The first paragraph of a docstring, on one line."""
    return " ".join((inspect.getdoc(thing) or "").split("\n\n")[0].split())


def decoders() -> list[tuple[Decoder, ModuleType]]:
    """Every decoder of the shelf and the module that it stands in, by group."""
    infos = sorted(pkgutil.iter_modules(collectors.decoders.__path__), key=lambda info: info.name)
    names = [info.name for info in infos if not info.name.startswith("_")]
    modules = [importlib.import_module(f"{collectors.decoders.__name__}.{name}") for name in names]
    shelf = entries(collectors.decoders, "DECODER", Decoder)
    return sorted(zip(shelf, modules, strict=True), key=lambda found: (found[0].group, found[0].family))


def decoder_page() -> str:
    """docs/decoders.md."""
    rows = [
        (
            f"`{decoder.family}`",
            decoder.group,
            first_sentence(module),
            code(decoder.topics),
            code(topic or "(no topic: files)" for topic in decoder.remembers),
        )
        for decoder, module in decoders()
    ]
    return NOTE + DECODERS + table(("family", "group", "reads", "topics", "remembers"), rows)


def shelf_of_dashboards() -> Iterator[tuple[str, Dashboard]]:
    """Audience and dashboard."""
    for info in sorted(pkgutil.iter_modules(dashboards.__path__), key=lambda module: module.name):
        if info.ispkg and not info.name.startswith("_"):
            folder = importlib.import_module(f"{dashboards.__name__}.{info.name}")
            yield from ((info.name, dashboard) for dashboard in entries(folder, "DASHBOARD", Dashboard))


def panel_page() -> str:
    """docs/panels.md."""
    parts = [NOTE, PANELS]
    for board in wiring.boards():
        concerned = ", ".join(CARRIER_NAMES[carrier].en.lower() for carrier in board.carriers)
        about = f"{board.about.value}s with {concerned}" if concerned else str(board.about.value)
        parts.append(f"## {board.title_sv} · {board.title_en}\n\n`{board.uid}` · {board.audience.value} · {about}\n\n")
        parts.append(f"{board.description_en}\n\n")
        rows = [
            (f"{panel.title_sv} · {panel.title_en}", str(panel.kind.value), units_of(panel), panel.sentence_en, panel.source_en)
            for panel in board.panels
        ]
        parts += [table(("panel", "kind", "unit", "what it means", "source"), rows), "\n"]
    return "".join(parts).rstrip("\n") + "\n"


def units_of(panel: Panel) -> str:
    """Of what it shows; words and names have none."""
    labelled: list[PanelQuery | Column] = [*panel.queries, *(column for query in panel.queries for column in query.columns)]
    units = dict.fromkeys(each.unit for each in labelled if each.unit not in ("", "text", "name", "day", "ms"))
    return ", ".join("share" if unit == "1" else unit for unit in units) or "—"


def error_classes(parent: type[BaseException] = errors.MonitorError) -> Iterator[tuple[str, type[BaseException]]]:
    """Every error of the tree with its parent's name, parents first."""
    for kind in parent.__subclasses__():
        if kind.__module__ == errors.__name__:
            yield parent.__name__, kind
            yield from error_classes(kind)


def commands() -> list[tuple[str, str]]:
    """Every command of the command line: the words that call it, and what its help says first."""

    def walk(words: str, command: Any) -> Iterator[tuple[str, str]]:
        if isinstance(command, TyperGroup):
            for name in sorted(command.commands):
                yield from walk(f"{words} {name}", command.commands[name])
        else:
            yield words, " ".join((command.help or "").split("\n\n")[0].split())

    return list(walk("energimonitor", typer.main.get_command(build())))


def reference_page() -> str:
    """docs/reference.md."""
    parts = [
        NOTE + REFERENCE + COMMANDS,
        table(
            ("command", "does"),
            [(f"`{words}`", says) for words, says in commands()],
        ),
        "\n## Dashboards\n\n",
        table(
            ("dashboard", "audience", "title"),
            [(f"`{board.uid}`", audience, f"{board.title_sv} · {board.title_en}") for audience, board in shelf_of_dashboards()],
        ),
        "\n## Indicators\n\n",
        table(
            ("indicator", "name", "unit", "definition", "source"),
            [
                (
                    f"`{row.id}`",
                    f"{row.name_sv} · {row.name_en}",
                    row.unit,
                    f"{row.definition_sv} · {row.definition_en}",
                    row.source or "own definition",
                )
                for row in INDICATORS.values()
            ],
        ),
        ERRORS,
        table(
            ("error", "is a", "says"), [(f"`{kind.__name__}`", f"`{up}`", first_sentence(kind)) for up, kind in error_classes()]
        ),
        STORE,
        table(
            ("series", "tags", "fields"),
            [
                (f"`{series.name}`", code(series.tags), code(f"{name}: {kind.__name__}" for name, kind in series.fields.items()))
                for series in SERIES.values()
            ],
        ),
        QUANTITIES_TEXT,
        table(
            ("quantity", "name", "stored in", "kind"),
            [
                (f"`{row.name}`", f"{row.label_sv} · {row.label_en}", row.unit or "1", str(row.accumulation.value))
                for row in sorted(QUANTITIES.values(), key=lambda row: row.name)
            ],
        ),
    ]
    return "".join(parts)


PAGES = {"decoders.md": decoder_page, "panels.md": panel_page, "reference.md": reference_page}


def main() -> None:
    for name, page in PAGES.items():
        (ROOT / "docs" / name).write_text(page())


if __name__ == "__main__":
    main()
