"""Readings as vectors: values in the point's unit, times as whole microseconds. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from config.domain.quantities import UNITS

Micros = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]
Marks = npt.NDArray[np.bool_]

SECOND_US = 1_000_000
HOUR_US = 3600 * SECOND_US
DAY_US = 24 * HOUR_US
NEVER = np.iinfo(np.int64).min  # of a time that the device did not send
LARGEST = 1e13  # no register of a building shows more, in any unit; beyond it sums lose the single kilowatt-hour
_KNOWN = datetime(1900, 1, 1, tzinfo=UTC), datetime(9900, 1, 1, tzinfo=UTC)  # receipts; history around them must be times too
_DISPLAYED = 1e-3  # of a unit: what a display with three decimals tells


@dataclass(frozen=True, slots=True)
class Messages:
    """Readings in any order.

    Attributes:
        said_us, received_us: device time (NEVER where none) and receipt.
        meter: index into `meters`.
        value: in the point's unit, finite.
        coarse: what three decimals of the reading's own unit are in the point's; rounding between units is no fall.
    """

    said_us: Micros
    received_us: Micros
    meter: npt.NDArray[np.int64]
    meters: tuple[str, ...]
    value: Values
    coarse: Values

    def take(self, which: npt.NDArray[np.int64] | Marks) -> "Messages":
        """Some of them, or all in another order."""
        return Messages(
            self.said_us[which], self.received_us[which], self.meter[which], self.meters, self.value[which], self.coarse[which]
        )


def messages(readings: pl.DataFrame, unit: str) -> Messages:
    """The readings that say something: a finite number in a unit of the point's dimension, at some time."""
    stored = UNITS[unit]
    factors = {name: item.factor / stored.factor for name, item in UNITS.items() if item.dimension == stored.dimension}
    frame = readings.select(
        pl.col("time").dt.epoch("us").fill_null(NEVER).alias("said"),
        pl.coalesce("received", "time").dt.epoch("us").alias("received"),
        "meter",
        pl.col("value").cast(pl.Float64),
        _factor(readings["unit"], factors),
    )
    frame = frame.filter(
        pl.col("factor").is_not_null()
        & pl.col("received").is_between(micros(_KNOWN[0]), micros(_KNOWN[1]))
        & pl.col("meter").is_not_null()
        & (pl.col("value").abs() * pl.col("factor") < LARGEST)
    )
    names = sorted(str(name) for name in frame["meter"].unique())
    meter = np.zeros(len(frame), dtype=np.int64)
    if len(names) > 1:
        numbers = {name: number for number, name in enumerate(names)}
        meter = frame["meter"].replace_strict(numbers, return_dtype=pl.Int64).to_numpy()
    factor = frame["factor"].to_numpy()
    value = frame["value"].to_numpy() * factor
    return Messages(frame["said"].to_numpy(), frame["received"].to_numpy(), meter, tuple(names), value, factor * _DISPLAYED)


def _factor(unit: pl.Series, factors: dict[str, float]) -> pl.Expr:
    """To the point's unit, as a column; null where the unit is unknown or of another dimension."""
    kinds = unit.unique()
    if len(kinds) == 1:
        return pl.lit(factors.get(str(kinds[0])), pl.Float64).alias("factor")
    return pl.col("unit").replace_strict(factors, default=None, return_dtype=pl.Float64).alias("factor")


def instant(micros: int | np.int64) -> datetime:
    """As an aware UTC datetime."""
    return datetime.fromtimestamp(int(micros) // SECOND_US, UTC).replace(microsecond=int(micros) % SECOND_US)


def micros(moment: datetime) -> int:
    """Since 1970, exact."""
    delta = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (delta.days * 86_400 + delta.seconds) * SECOND_US + delta.microseconds


def day_from(at_us: int) -> int:
    """The UTC day that contains it, as its first instant."""
    return at_us - at_us % DAY_US


def micros_of(span: timedelta) -> int:
    """Whole microseconds."""
    return span // timedelta(microseconds=1)
