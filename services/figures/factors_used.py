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

    Rows go by codes: equal texts have equal ones. Few texts and few combinations occur, so each is read and merged once.
    """

    def __init__(self, texts: pl.Series) -> None:
        self._texts = texts
        self._distinct: list[str] = texts.unique().sort().to_list()
        self._known: dict[frozenset[int], str] = {frozenset(): "{}"}

    @cached_property
    def codes(self) -> pl.Series:
        """A number for each row."""
        numbered = pl.DataFrame({"text": self._distinct}, schema={"text": pl.String}).with_row_index("code")
        codes = pl.DataFrame({"text": self._texts}).join(numbered, on="text", maintain_order="left")["code"]
        return codes.cast(pl.Int64)

    def of_runs(self, codes: npt.NDArray[Any], begins: npt.NDArray[Any]) -> pl.Series:
        """The factors of each run of codes as one JSON object; runs begin where `begins` says, and none is empty."""
        several = np.flatnonzero(np.minimum.reduceat(codes, begins) != np.maximum.reduceat(codes, begins))
        ends = np.append(begins[1:], len(codes))
        return self._told(codes[begins], several, (codes[begins[at] : ends[at]] for at in several))

    def of_columns(self, codes: npt.NDArray[Any]) -> pl.Series:
        """The factors of each column of codes as one JSON object; NOWHERE is left out, and of none it has nothing in it."""
        least = np.where(codes == NOWHERE, len(self._distinct), codes).min(axis=0, initial=len(self._distinct))
        most = codes.max(axis=0, initial=NOWHERE)
        several = np.flatnonzero((least != most) & (most != NOWHERE))
        return self._told(most, several, (codes[:, at] for at in several))

    def _told(self, usual: npt.NDArray[Any], several: npt.NDArray[Any], sets: Iterable[npt.NDArray[Any]]) -> pl.Series:
        """One text each: that of its only code, or at the places `several` what the codes there make together."""
        texts = pl.Series([*self._distinct, "{}"], dtype=pl.String).gather(np.where(usual == NOWHERE, len(self._distinct), usual))
        told = [self._of(frozenset(codes.tolist()) - {NOWHERE}) for codes in sets]
        return texts.scatter(several, told) if told else texts

    def _of(self, codes: frozenset[int]) -> str:
        if codes not in self._known:
            self._known[codes] = _one(self._versions[code] for code in sorted(codes))
        return self._known[codes]

    @cached_property
    def _versions(self) -> list[dict[str, list[str]]]:
        return [_read(text) for text in self._distinct]


def _merged(lines: pl.Series) -> pl.Series:
    table = {text: text if "\n" not in text else _one(map(_read, text.split("\n"))) for text in lines.unique().drop_nulls()}
    return lines.replace_strict(list(table), list(table.values()), return_dtype=pl.String) if table else lines


def _read(text: str) -> dict[str, list[str]]:
    return {name: version.split(" + ") for name, version in orjson.loads(text).items()}


def _one(several: Iterable[dict[str, list[str]]]) -> str:
    """As one JSON object; a factor with several versions has them all."""
    known: dict[str, set[str]] = {}
    for factors in several:
        for name, versions in factors.items():
            known.setdefault(name, set()).update(versions)
    joined = {name: " + ".join(sorted(versions)) for name, versions in known.items()}
    return orjson.dumps(joined, option=orjson.OPT_SORT_KEYS).decode()
