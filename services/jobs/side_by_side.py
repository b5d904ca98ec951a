"""Independent parts of one task, done on several threads: the engine, the frames and the store work outside Python's lock."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count
from typing import TypeVar

Part = TypeVar("Part")

WORKERS = min(4, cpu_count() or 1)  # more would hold more in memory than they save in time


def side_by_side(do: Callable[[Part], None], parts: Iterable[Part]) -> None:
    """Call `do` with every part, as many at a time as there are processors. A part alone is done where the caller is.

    Raises:
        Exception: the first of `do`, when the parts that were begun have ended; no further ones are begun.
    """
    waiting = list(parts)
    if len(waiting) <= 1 or WORKERS == 1:
        for part in waiting:
            do(part)
        return
    with ThreadPoolExecutor(WORKERS, thread_name_prefix="part") as pool:
        begun = [pool.submit(do, part) for part in waiting]
        try:
            for future in begun:
                future.result()
        finally:
            for future in begun:
                future.cancel()
