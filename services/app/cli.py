"""The command `energimonitor`: finds every module of `services.app.commands` and adds its commands."""

import importlib
import pkgutil
import sys

import typer

from config.errors import MonitorError
from config.settings import told_language
from services.app import commands


def build() -> typer.Typer:
    """The command line with all its commands."""
    app = typer.Typer(
        no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Energi- och klimatuppföljning."
    )
    for module_info in sorted(pkgutil.iter_modules(commands.__path__), key=lambda info: info.name):
        importlib.import_module(f"{commands.__name__}.{module_info.name}").add_to(app)
    return app


def main() -> None:
    """Run one command; an error of ours is one sentence in the settings' language and exit status 2, else a traceback."""
    try:
        build()()
    except MonitorError as error:
        sys.stderr.write(f"energimonitor: {error.sentence(told_language())}\n")
        raise SystemExit(2) from error
