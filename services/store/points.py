"""What makes a point storable, in the same words for every store.

The limits are InfluxDB's: line protocol can write neither a line break nor a backslash at the end of a tag, a number must be
finite, and an instant must fit in 64-bit nanoseconds. The embedded store keeps to them too, so that what one store
takes the other takes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import inf

import polars as pl

from config.domain.intervals import Method
from config.domain.series import Aggregate, Every, Series, SeriesQuery

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
OLDEST = datetime(1678, 1, 1, tzinfo=UTC)
NEWEST = datetime(2262, 1, 1, tzinfo=UTC)  # outside
OLDEST_DAY, NEWEST_DAY = (OLDEST - EPOCH).days, (NEWEST - EPOCH).days
MICROSECOND = timedelta(microseconds=1)
MILLISECOND = timedelta(milliseconds=1)
TIME = pl.Datetime("us", "UTC")
Columns = dict[str, type[pl.DataType] | pl.DataType]
TYPES: Mapping[type, type[pl.DataType]] = {float: pl.Float64, int: pl.Int64, str: pl.String}

NOT_FINITE = "the value is not a finite number"
OUT_OF_RANGE = f"the time lies outside {OLDEST:%Y}-{NEWEST.year - 1}"
LONGEST_TAG = 16_384  # a series' whole key must stay below InfluxDB's 65,535 bytes


def microseconds(instant: datetime) -> int:
    """Since 1970; exact, which `timestamp()` as a float is not."""
    return (instant - EPOCH) // MICROSECOND


def tag_fault(tag: str, value: str) -> str | None:
    """Why `value` cannot be a tag's, or None."""
    if "\n" in value or "\r" in value or "\0" in value:
        return f"{tag} {value[:80]!r} has a line break or a null character"
    if value.endswith("\\"):
        return f"{tag} {value[:80]!r} ends with a backslash"
    try:
        length = len(value.encode())
    except UnicodeEncodeError:
        return f"{tag} {value[:80]!r} is not Unicode text"
    return f"{tag} {value[:80]!r} … is longer than {LONGEST_TAG} bytes" if length > LONGEST_TAG else None


def tags_fault(series: Series, values: Sequence[str]) -> str | None:
    """The first fault of a point's tags, in the order of `series.tags`."""
    return next((fault for tag, value in zip(series.tags, values, strict=True) if (fault := tag_fault(tag, value))), None)


def schema_of(query: SeriesQuery) -> Columns:
    """The columns that `query` gives, in order."""
    series = query.series
    if query.aggregate is None:
        return {
            "time": TIME,
            **dict.fromkeys(series.tags, pl.String),
            **{name: TYPES[kind] for name, kind in series.fields.items()},
        }
    time: Columns = {"time": TIME} if query.every else {}
    return {**time, **dict.fromkeys(query.by, pl.String), "value": value_type(query)}


def field_of(query: SeriesQuery) -> str:
    """The field that an aggregate works on.

    Raises:
        ValueError: the series has no such field, or the aggregate is of numbers and the field holds text.
    """
    name = query.field or query.series.number
    kind = query.series.fields.get(name)
    if kind is None:
        raise ValueError(f"{query.series.name} has no field {name}; it has {', '.join(query.series.fields)}")
    if kind is str and query.aggregate not in (Aggregate.COUNT, Aggregate.FIRST, Aggregate.LAST, None):
        raise ValueError(f"{query.series.name}.{name} is text: count, first and last are its aggregates")
    return name


def value_type(query: SeriesQuery) -> type[pl.DataType]:
    """Type of an aggregate's `value`."""
    if query.aggregate is Aggregate.COUNT:
        return pl.Int64
    if query.aggregate is Aggregate.MEAN:
        return pl.Float64
    return TYPES[query.series.fields[field_of(query)]]


def without_impossible(query: SeriesQuery) -> SeriesQuery:
    """`query` without the filter values that no store takes: they match nothing, and a server may stumble over them."""
    where = {tag: tuple(value for value in values if tag_fault(tag, value) is None) for tag, values in query.where.items()}
    return replace(query, where=where)


def stored_number(value: float) -> float:
    """As a float; a whole number too large for one is infinite."""
    try:
        return float(value)
    except OverflowError:
        return inf


def matches_nothing(query: SeriesQuery) -> bool:
    """A filter without values, or a window without an instant."""
    window = query.start is not None and query.end is not None and query.start >= query.end
    return window or any(not values for values in query.where.values()) or query.limit == 0


def leaves_out_missing(query: SeriesQuery) -> bool:
    """Whether points of method "missing" count: they have no `number`, but their other fields are as good as any."""
    return query.series.may_be_missing and field_of(query) == query.series.number


def by_day(query: SeriesQuery) -> bool:
    """Whether groups follow a wall clock; quarters and hours are those of UTC."""
    return query.every is Every.DAY and query.zone != "UTC"


def storable(series: Series, frame: pl.DataFrame) -> tuple[pl.DataFrame, dict[int, str]]:
    """`frame` without what no store takes; columns `index` (row in `frame`), `time`, the tags, the fields.

    Every field but the number is written at every point, so that replacing a point and merging its fields are the same;
    the number is null exactly where the method is missing. Of a series with optional numbers, `lacks` names the absent ones.

    Returns:
        the rows to write, and row → why it was left out.
    Raises:
        ValueError: a column is absent; that is the caller's mistake.
    """
    frame = frame.with_columns(pl.lit(value).alias(name) for name, value in series.defaults.items() if name not in frame.columns)
    if series.optional:
        frame = frame.with_columns(_lacks(series).alias("lacks"))
    absent = [name for name in ("time", *series.tags, *series.fields) if name not in frame.columns]
    if absent:
        raise ValueError(f"{series.name}: the frame lacks {', '.join(absent)}; it has {', '.join(frame.columns)}")
    rows = frame.select(
        pl.int_range(pl.len(), dtype=pl.Int64).alias("index"),
        pl.col("time").cast(TIME),
        *(pl.col(tag).cast(pl.String) for tag in series.tags),
        *(pl.col(name).cast(TYPES[kind]) for name, kind in series.fields.items()),
    )
    number = pl.col(series.number)
    if series.may_be_missing:
        rows = rows.with_columns(pl.when(pl.col("method") != Method.MISSING.value).then(number).alias(series.number))
    rejected: dict[int, str] = {}
    tests = _tests(series)
    good = rows.select(is_good.fill_null(value=False).all().alias(str(place)) for place, (_, is_good) in enumerate(tests)).row(0)
    for words, is_good in (test for test, passed in zip(tests, good, strict=True) if not passed):
        bad = rows.filter(~is_good.fill_null(value=False))
        rejected |= dict.fromkeys(bad["index"].to_list(), words)
        rows = rows.filter(is_good)
    for tags in _suspect_tags(rows.select(series.tags).unique()).iter_rows():
        fault = tags_fault(series, tags)
        if fault is not None:
            has_tags = pl.all_horizontal(pl.col(tag) == value for tag, value in zip(series.tags, tags, strict=True))
            rejected |= dict.fromkeys(rows.filter(has_tags)["index"].to_list(), fault)
            rows = rows.filter(~has_tags)
    return rows, rejected


def _lacks(series: Series) -> pl.Expr:
    names = [pl.when(pl.col(name).is_null()).then(pl.lit(name)) for name in sorted(series.optional)]
    return pl.concat_str(names, separator=",", ignore_nulls=True)


def _suspect_tags(sets: pl.DataFrame) -> pl.DataFrame:
    """Those of many sets of tags that `tags_fault` has to look at: a municipality has a hundred thousand, all of them good."""
    texts = pl.all()
    odd = texts.str.contains(r"[\n\r\x00]") | texts.str.ends_with("\\") | (texts.str.len_bytes() > LONGEST_TAG)
    return sets.filter(pl.any_horizontal(odd))


def _tests(series: Series) -> list[tuple[str, pl.Expr]]:
    """Words and what must be true of a row for them not to be said."""
    tests = [
        ("the time is not given", pl.col("time").is_not_null()),
        (OUT_OF_RANGE, (pl.col("time") >= OLDEST) & (pl.col("time") < NEWEST)),
        *((f"{tag} is not given", pl.col(tag).is_not_null()) for tag in series.tags),
        *(
            (f"{name} is not given", pl.col(name).is_not_null())
            for name in series.fields
            if name != series.number and name not in series.optional
        ),
    ]
    for name, kind in series.fields.items():
        if kind is float:
            is_good = pl.col(name).is_finite().fill_null(value=name in series.optional)
            if name == series.number and series.may_be_missing:
                is_good = is_good | (pl.col("method") == Method.MISSING.value)
            tests.append((NOT_FINITE if name == series.number else f"{name} is not a finite number", is_good))
    return tests
