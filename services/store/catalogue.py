"""Which sets of tags a series of the embedded store has, and the number that each goes by. In memory; threads may share it."""

import threading
from collections.abc import Iterable, Mapping, Sequence
from sys import intern

import numpy as np
import polars as pl

from config.domain.series import Series

Tags = tuple[str, ...]


class Catalogue:
    """A municipality has a hundred thousand sets and more, and one question is of a few of them, or of a third.

    Args:
        numbered: the sets that there are.
    """

    def __init__(self, series: Series, numbered: Mapping[Tags, int]) -> None:
        self._tags = series.tags
        self._lock = threading.Lock()
        self._numbers: dict[Tags, int] = {}
        self._having: tuple[dict[str, list[int]], ...] = tuple({} for _ in series.tags)  # tag's place → value → numbers
        self._frame = self._framed({})
        self._unframed: list[pl.DataFrame] = []
        self.last = 0  # the highest number given
        self.add(numbered)

    def add(self, numbered: Mapping[Tags, int]) -> None:
        """Sets that a transaction added; their numbers are higher than any before."""
        added = self._framed(numbered).sort("series")
        with self._lock:
            # the same few words in a hundred thousand sets: one copy of each
            self._numbers.update((tuple(map(intern, tags)), number) for tags, number in numbered.items())
            self._unframed.append(added)
            for having, tag in zip(self._having, self._tags, strict=True):
                for value, numbers in added.group_by(tag, maintain_order=True).agg("series").iter_rows():
                    having.setdefault(value, []).extend(numbers)
            self.last = max([self.last, *numbered.values()])

    def number_of(self, tags: Tags) -> int | None:
        return self._numbers.get(tags)

    def matching(self, where: Mapping[str, Sequence[str]]) -> pl.DataFrame:
        """Columns `series` (the number) and the tags, of the sets that the filters let through; by tags."""
        with self._lock:
            rows = self._all()
            if where:
                # by the filter that leaves the fewest
                places = [(self._having[self._tags.index(tag)], set(values)) for tag, values in where.items()]
                having, asked = min(places, key=lambda item: sum(len(item[0].get(value, ())) for value in item[1]))
                numbers = [number for value in asked for number in having.get(value, ())]
                rows = rows[np.searchsorted(rows["series"].to_numpy(), np.array(numbers, dtype=np.int64))]
        for tag, values in where.items():
            rows = rows.filter(pl.col(tag).is_in(list(values)))
        return rows.sort(self._tags)

    def _all(self) -> pl.DataFrame:
        """By number."""
        if self._unframed:
            self._frame = pl.concat([self._frame, *self._unframed])
            self._unframed = []
        return self._frame

    def _framed(self, numbered: Mapping[Tags, int]) -> pl.DataFrame:
        columns: dict[str, Iterable[str] | Iterable[int]] = {"series": list(numbered.values())}
        columns |= {tag: [tags[place] for tags in numbered] for place, tag in enumerate(self._tags)}
        return pl.DataFrame(columns, schema={"series": pl.Int32, **dict.fromkeys(self._tags, pl.String)})
