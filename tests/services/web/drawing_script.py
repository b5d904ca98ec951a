"""The drawing script, made once a process: a board that starts in a folder without it makes it, which takes four seconds."""

from functools import cache
from pathlib import Path

from services.web.charts.script import NAME, Script


def with_script(folder: Path) -> Path:
    """The folder, with the script as an earlier start left it there."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{NAME}.gz").write_bytes(_packed())
    return folder


@cache
def _packed() -> bytes:
    return Script().packed()
