"""Questions that differ only in which indicators they want, asked of the store as one.

A table of seven figures of a thousand buildings asks seven times for the same points in time of the same subjects. The store
looks for them once, and each question has its indicators out of the answer: the same rows in the same order.
"""

from collections.abc import Hashable, Iterable
from dataclasses import replace

import polars as pl

from config.domain.series import SeriesQuery
from services.web.reading import SeriesReader

WANTED = "indicator"


class GatheringReader:
    """A SeriesReader that knows which questions are still to come."""

    def __init__(self, reader: SeriesReader, queries: Iterable[SeriesQuery]) -> None:
        self._reader = reader
        asked: dict[Hashable, list[SeriesQuery]] = {}
        for query in queries:
            if _is_gathered(query):
                asked.setdefault(_but_indicators(query), []).append(query)
        self._together = {alike: _union(each) for alike, each in asked.items() if len(each) > 1}

    def read(self, query: SeriesQuery) -> pl.DataFrame:
        """The answer to the query, as the store gives it. Raises StoreError."""
        together = self._together.get(_but_indicators(query)) if _is_gathered(query) else None
        if together is None or not set(query.where[WANTED]) <= set(together.where[WANTED]):
            return self._reader.read(query)
        return self._reader.read(together).filter(pl.col(WANTED).is_in(query.where[WANTED]))


def _is_gathered(query: SeriesQuery) -> bool:
    """Of whole points: what is added up or cut off in the store cannot be taken apart again."""
    return query.aggregate is None and query.limit is None and bool(query.where.get(WANTED))


def _but_indicators(query: SeriesQuery) -> Hashable:
    where = frozenset((tag, values) for tag, values in query.where.items() if tag != WANTED)
    return query.series.name, query.field, query.start, query.end, where, frozenset(query.having.items())


def _union(queries: list[SeriesQuery]) -> SeriesQuery:
    wanted = tuple(dict.fromkeys(each for query in queries for each in query.where[WANTED]))
    return replace(queries[0], where={**queries[0].where, WANTED: wanted})
