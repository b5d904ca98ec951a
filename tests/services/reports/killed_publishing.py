"""Publishes in a process that is lost before ever one later call of the archive to the disk or to SQLite, until all goes through.

    python -m tests.services.reports.killed_publishing FOLDER

publishes a report beside another, and prints one JSON line a loss: what the archive shows after it, and after both were published
again, the other with another figure.
"""

import os
import shutil
import sys
from pathlib import Path
from types import FrameType

import orjson

from services.reports.archive import ReportArchive
from services.state.state import State
from tests.services.reports.small_report import archive, using

_STEPS = {"keep", "_written", "_sync", "_remove", "_clear_leftovers", "_alone", "number_of", "begin", "put", "forget_unfinished"}
NEW = using(3.0, subject="annan")
_MODULES = ("archive.py", "published_reports.py")


def main(folder: Path) -> None:
    template = folder / "template"
    with State.open(template / "state.sqlite") as state:
        archive(state, template / "archive").publish(using(1.0))
    for place in range(1, 1_000):
        here = folder / f"{place}"
        shutil.copytree(template, here)
        child = os.fork()
        if child == 0:
            _publish_and_be_lost(here, place)
        lost = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 1
        with State.open(here / "state.sqlite") as state:
            kept = archive(state, here / "archive")
            after = _shown(kept)
            kept.publish(using(2.0))
            kept.publish(NEW)
            print(orjson.dumps({"after": after, "then": _shown(kept), "lies": _lies(here / "archive")}).decode())
        if not lost:
            return


def _publish_and_be_lost(folder: Path, place: int) -> None:
    """As the power goes: nothing is tidied up."""
    left = place

    def step(frame: FrameType, event: str, _argument: object) -> None:
        nonlocal left
        code = frame.f_code
        if event == "c_call" and code.co_name in _STEPS and code.co_filename.endswith(_MODULES):
            left -= 1
            if left == 0:
                os._exit(1)

    with State.open(folder / "state.sqlite") as state:
        sys.setprofile(step)
        archive(state, folder / "archive").publish(NEW)
    os._exit(0)


def _shown(kept: ReportArchive) -> list[list[object]]:
    """Number, edition and figure of all that is published, each of its files read."""
    return [
        [each.number, each.edition, next(kept.publication(each.number, each.edition).report.figures())[1].known]
        for newest in kept.search()
        for each in kept.editions(newest.number)
        if all(kept.form(each.number, each.edition, file.language, file.suffix) for file in kept.files(each.number, each.edition))
    ]


def _lies(folder: Path) -> list[str]:
    """Every file and folder, numbers' own folders apart."""
    return sorted(f"{path.relative_to(folder)}" for path in (*folder.glob("*/*"), *folder.glob(".*")))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
