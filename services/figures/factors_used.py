"""Which factors a figure stands on, where it is made of several that each have their own. Pure."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
import polars as pl

NOWHERE = -1  # the code of no row


def merged_factors(column: str) -> pl.Expr:
    """JSON objects, one a line, as one object. Few combinations occur, so each is read once."""
    return pl.col(column).map_batches(_merged, return_dtype=pl.String)


class MergedFactors:
    """The factors of many rows (JSON objects, factor → version), and of some of them together as one.

    Few combinations occur, so each is merged once.
    """

    def __init__(self, texts: pl.Series) -> None:
        self._texts = texts
        self._distinct = texts.unique().sort()

    @cached_property
    def codes(self) -> pl.Series:
        """A number for each row; equal texts have equal numbers."""
        numbered = pl.DataFrame({"text": self._distinct}).with_row_index("code")
        codes = pl.DataFrame({"text": self._texts}).join(numbered, on="text", maintain_order="left")["code"]
        return codes.cast(pl.Int64)

    def of_runs(self, codes: npt.NDArray[Any], begins: npt.NDArray[Any]) -> pl.Series:
        """The factors of each run of codes as one JSON object; runs begin where `begins` says, and none is empty."""
        least, most = np.minimum.reduceat(codes, begins), np.maximum.reduceat(codes, begins)
        texts = self._distinct.gather(least)
        several = np.flatnonzero(least != most)
        if len(several):
            ends = np.append(begins[1:], len(codes))
            sets = [frozenset(codes[begins[at] : ends[at]].tolist()) for at in several]
            known = {one: merged(self._distinct[code] for code in one) for one in set(sets)}
            texts = texts.scatter(several, [known[one] for one in sets])
        return texts

    def texts(self, codes: npt.NDArray[Any]) -> pl.Series:
        """The factors of each column of codes as one JSON object; NOWHERE is left out, and of none it has nothing in it."""
        least = np.where(codes == NOWHERE, len(self._distinct), codes).min(axis=0, initial=len(self._distinct))
        most = codes.max(axis=0, initial=NOWHERE)
        between = ((codes != NOWHERE) & (codes != least) & (codes != most)).any(axis=0)
        pair = np.where(most == NOWHERE, NOWHERE, least * len(self._distinct) + most)
        table = {
            code: "{}" if code == NOWHERE else merged(self._distinct[place] for place in divmod(code, len(self._distinct)))
            for code in np.unique(pair).tolist()
        }
        texts = pl.Series(pair).replace_strict(list(table), list(table.values()), return_dtype=pl.String)
        several = np.flatnonzero(between)
        if len(several):
            of_all = [merged(self._distinct[code] for code in codes[:, at].tolist() if code != NOWHERE) for at in several]
            texts = texts.scatter(several, of_all)
        return texts


def merged(texts: Iterable[str]) -> str:
    """JSON objects, factor → version, as one; a factor with several versions has them all."""
    distinct = sorted(set(texts))
    if len(distinct) <= 1:
        return distinct[0] if distinct else "{}"
    known: dict[str, set[str]] = {}
    for text in distinct:
        for name, version in orjson.loads(text).items():
            known.setdefault(name, set()).update(version.split(" + "))
    return orjson.dumps(
        {name: " + ".join(sorted(versions)) for name, versions in known.items()}, option=orjson.OPT_SORT_KEYS
    ).decode()


def _merged(lines: pl.Series) -> pl.Series:
    table = {text: merged(text.split("\n")) for text in lines.unique().drop_nulls()}
    return lines.replace_strict(list(table), list(table.values()), return_dtype=pl.String) if table else lines
