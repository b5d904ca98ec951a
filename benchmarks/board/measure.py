"""How fast pages are, and what fifty watchers cost.

    python -m benchmarks.board.measure ../shared/data/estate --buildings 1000 [--folder FOLDER] [--watchers 50] [--live 60]

The board runs in a process of its own over the embedded store; this one asks for pages as a browser does (the page and, of live
pages, the panels every ten seconds). A first view is of a board that has just started and has been asked nothing; a second one
comes at once after it. Memory and processor time are those of the board's process. Writes one line of JSON last.
"""

import argparse
import json
import multiprocessing
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import urllib3

from benchmarks.board.filled import estate_of, fill
from config.domain.estate import Carrier
from config.domain.panels import About, Dashboard
from services.app import wiring
from services.reports.lineage import LineageReader
from services.state.state import State
from services.store.duckdb import DuckDBStore
from services.web.application import create_app
from services.web.serving import serve

RENEWED_S = 10.0  # as static/board.js does
BUILDING = "b0001"
TICKS = 100  # of processor time a second, Linux


@dataclass
class ShiftedClock:
    """Goes on from the instant at which the data end."""

    start: datetime
    began: float

    def now(self) -> datetime:
        return self.start + timedelta(seconds=time.monotonic() - self.began)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("estate", type=Path)
    parser.add_argument("--buildings", type=int, default=30)
    parser.add_argument("--folder", type=Path, help="where the data are kept for the next run; a temporary one where not given")
    parser.add_argument("--watchers", type=int, default=50)
    parser.add_argument("--only", nargs="*", help="these pages only, by uid")
    parser.add_argument("--live", type=float, default=60.0, help="seconds that they watch")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        fill(folder, options.estate, options.buildings)
        print(
            json.dumps(
                measured(folder, options.estate, options.buildings, options.watchers, options.live, options.only), indent=1
            )
        )


def measured(
    folder: Path, estate: Path, buildings: int, watchers: int, live_s: float, only: Sequence[str] | None = None
) -> dict[str, Any]:
    """Milliseconds of every page, first and second view; then what the watchers cost."""
    pages: dict[str, dict[str, float]] = {}
    for name, path in addresses():
        if only and name not in only:
            continue
        with _Board(folder, estate, buildings) as board:  # a new one for each: nothing is remembered
            first, size = board.timed(path)
            second, _ = board.timed(path)
            pages[name] = {"first_ms": first, "second_ms": second, "kilobytes": size / 1024}
            print(f"{name:<40} {first:8.0f} ms first {second:8.0f} ms second {size / 1024:8.0f} KB", file=sys.stderr, flush=True)
    with _Board(folder, estate, buildings) as board:
        return {"buildings": buildings, "pages": pages, "live": board.watched(watchers, live_s, buildings)}


def addresses() -> list[tuple[str, str]]:
    """What is asked for: the start page, each dashboard, and the panels and one table as data."""
    shelf = ((each.uid, _page(each)) for each in wiring.boards() if Carrier.SOLAR not in each.carriers)
    return [("start", "/"), ("start, searched", "/?q=byggnad+7"), *shelf]


def _page(dashboard: Dashboard) -> str:
    return f"/tavla/{dashboard.uid}" if dashboard.about is About.ESTATE else f"/byggnad/{BUILDING}/{dashboard.uid}"


class _Board:
    """The board in its own process."""

    def __init__(self, folder: Path, estate: Path, buildings: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._ours, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(folder, estate, buildings, theirs), daemon=True)
        self._pool = urllib3.PoolManager(retries=False, timeout=120, maxsize=200)

    def __enter__(self) -> "_Board":
        self._process.start()
        self._address = str(self._ours.recv())
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.join()

    def timed(self, path: str) -> tuple[float, int]:
        """Milliseconds to the last byte, and bytes."""
        began = time.perf_counter()
        answer = self._pool.request("GET", self._address.rstrip("/") + path)
        took = (time.perf_counter() - began) * 1000
        assert answer.status == 200, f"{path}: {answer.status}"
        return took, len(answer.data)

    def watched(self, watchers: int, seconds: float, buildings: int) -> dict[str, float]:
        """Each watcher opens a building's first page and has its panels renewed; every fifth watches the estate instead."""
        boards = wiring.boards()
        building = next(each.uid for each in boards if each.about is About.BUILDING)
        estate = next(each.uid for each in boards if each.about is About.ESTATE)
        took: list[float] = []
        failed: list[str] = []
        end = time.monotonic() + seconds
        before = self._processor_s()

        def watch(number: int) -> None:
            time.sleep(RENEWED_S * number / watchers)
            page = f"/paneler/{estate}" if number % 5 == 0 else f"/paneler/{building}/b{number % buildings:04}"
            while time.monotonic() < end:
                try:
                    took.append(self.timed(page)[0])
                except (AssertionError, urllib3.exceptions.HTTPError) as error:
                    failed.append(str(error))
                time.sleep(RENEWED_S)

        threads = [threading.Thread(target=watch, args=(number,)) for number in range(watchers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return {
            "watchers": watchers,
            "seconds": seconds,
            "answers": len(took),
            "failed": len(failed),
            "median_ms": _share(took, 0.5),
            "p95_ms": _share(took, 0.95),
            "processor_share": (self._processor_s() - before) / seconds,
            "memory_mb": self._memory_mb(),
        }

    def _processor_s(self) -> float:
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def _memory_mb(self) -> float:
        lines = Path(f"/proc/{self._process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def _share(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] if values else float("nan")


def _serve(folder: Path, estate: Path, buildings: int, ready: Any) -> None:
    known, end = estate_of(estate, buildings)
    store, state = DuckDBStore(folder / "energimonitor.duckdb"), State.open(folder / "state.sqlite")
    clock = ShiftedClock(end, time.monotonic())
    app = create_app(
        known, wiring.boards(), store, clock, figures=LineageReader(known, store, state, "benchmark"), scripts=folder
    )
    serve(app, "127.0.0.1", 0, ready.send)(threading.Event())


if __name__ == "__main__":
    main()
