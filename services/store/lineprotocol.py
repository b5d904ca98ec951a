"""Points as lines of InfluxDB's line protocol. Pure: points in, lines out, with what cannot be written left out and named.

Format: "Line protocol", InfluxDB 2 reference. Times are microseconds: what a datetime holds, and the coarsest precision that
loses nothing. Floats always have a point or an exponent, because the first line of a shard decides a field's type for good.
Left out on purpose: empty tags. InfluxDB cannot store them and reads an absent tag as "", which is the same answer.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite

import polars as pl

from config.domain.readings import Reading
from config.domain.series import READINGS, Series
from services.store.points import EPOCH, NEWEST_DAY, NOT_FINITE, OLDEST_DAY, OUT_OF_RANGE, storable, stored_number, tags_fault

MOST_HEADS = 200_000  # more series than a municipality has; a stream of invented ids shall not eat the memory
_ESCAPED_TAG = str.maketrans({",": r"\,", "=": r"\=", " ": r"\ "})
_ESCAPED_TEXT = str.maketrans({'"': r"\"", "\\": r"\\"})


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines to send; `index[i]` is where `text[i]` stood in what was given. `rejected`: index → why it has no line."""

    text: list[str]
    index: list[int]
    rejected: dict[int, str]


class LineWriter:
    """Writes lines; remembers the escaped head (measurement and tags) of each series, which is most of a line's cost."""

    def __init__(self) -> None:
        self._heads: dict[tuple[str, str], str] = {}

    def reading_lines(self, readings: Sequence[Reading], offset: int = 0) -> Lines:
        """One line a reading; `offset` is added to every index."""
        text: list[str] = []
        index: list[int] = []
        rejected: dict[int, str] = {}
        heads = self._heads
        for position, reading in enumerate(readings, offset):
            head = heads.get((reading.meter, reading.register))
            if head is None:
                fault = tags_fault(READINGS, (reading.meter, reading.register))
                if fault is not None:
                    rejected[position] = fault
                    continue
                head = self._remember(reading.meter, reading.register)
            value, age, received = stored_number(reading.value), reading.time - EPOCH, reading.received - EPOCH
            if not isfinite(value):
                rejected[position] = NOT_FINITE
                continue
            days = age.days
            if not OLDEST_DAY <= days < NEWEST_DAY:
                rejected[position] = OUT_OF_RANGE
                continue
            # written out: a division of timedeltas costs as much as the rest of the line
            microseconds = (days * 86_400 + age.seconds) * 1_000_000 + age.microseconds
            milliseconds = (received.days * 86_400 + received.seconds) * 1000 + received.microseconds // 1000
            text.append(f"{head}value={value!r},received={milliseconds}i {microseconds}")
            index.append(position)
        return Lines(text, index, rejected)

    def _remember(self, meter: str, register: str) -> str:
        if len(self._heads) >= MOST_HEADS:
            self._heads.clear()
        head = self._heads[meter, register] = _head(READINGS, (meter, register))
        return head


def frame_lines(series: Series, frame: pl.DataFrame, offset: int = 0) -> Lines:
    """One line a row of `frame`, which has the columns of `series`; `offset` is added to every index."""
    rows, rejected = storable(series, frame)
    heads: dict[tuple[str, ...], str] = {}
    text = []
    tag_rows = zip(*(rows[tag].to_list() for tag in series.tags), strict=True)
    field_rows = zip(*(_written(rows[name], name, kind) for name, kind in series.fields.items()), strict=True)
    for tags, fields, time in zip(tag_rows, field_rows, rows["time"].dt.epoch("us").to_list(), strict=True):
        head = heads.get(tags)
        if head is None:
            head = heads[tags] = _head(series, tags)
        text.append(f"{head}{','.join(filter(None, fields))} {time}")
    return Lines(
        text,
        [offset + index for index in rows["index"].to_list()],
        {offset + index: words for index, words in rejected.items()},
    )


def _head(series: Series, tags: Sequence[str]) -> str:
    written = (f",{tag}={value.translate(_ESCAPED_TAG)}" for tag, value in sorted(zip(series.tags, tags, strict=True)) if value)
    return f"{series.name}{''.join(written)} "


_WRITE: dict[type, Callable[[str, object], str]] = {
    float: lambda name, value: f"{name}={value!r}",
    int: lambda name, value: f"{name}={value}i",
    str: lambda name, value: f'{name}="{str(value).translate(_ESCAPED_TEXT)}"',
}


def _written(column: pl.Series, name: str, kind: type) -> list[str | None]:
    write = _WRITE[kind]
    return [None if value is None else write(name, value) for value in column.to_list()]
