"""Which factors a figure stands on, where it is made of several that each have their own. Pure."""

import orjson
import polars as pl


def merged_factors(column: str) -> pl.Expr:
    """JSON objects, one a line, as one object. Few combinations occur, so each is read once."""
    return pl.col(column).map_batches(_merged, return_dtype=pl.String)


def _merged(lines: pl.Series) -> pl.Series:
    table = {text: _one(text) for text in lines.unique().drop_nulls()}
    return lines.replace_strict(list(table), list(table.values()), return_dtype=pl.String) if table else lines


def _one(text: str) -> str:
    if "\n" not in text:
        return text
    known: dict[str, set[str]] = {}
    for line in text.split("\n"):
        for name, version in orjson.loads(line).items():
            known.setdefault(name, set()).update(version.split(" + "))
    return orjson.dumps(
        {name: " + ".join(sorted(versions)) for name, versions in known.items()}, option=orjson.OPT_SORT_KEYS
    ).decode()
