"""When a component is counted: months, days and hours of the local clock, or all other times. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import polars as pl

from config.domain.tariffs import Component

FRIDAY = 5  # ISO


@dataclass(frozen=True, slots=True)
class Window:
    """The times a component is counted in. Attributes as those of `Component`."""

    months: tuple[int, ...] = ()
    weekdays_only: bool = False
    not_on_holidays: bool = False
    hours: tuple[int, int] | None = None
    outside: bool = False

    @classmethod
    def of(cls, component: Component) -> "Window":
        return cls(
            tuple(sorted(component.months)),
            component.weekdays_only,
            component.not_on_holidays,
            component.hours,
            component.outside,
        )

    def holds(self) -> pl.Expr:
        """Whether an hour is inside. Columns as `with_clock` gives them."""
        inside = pl.lit(value=True)
        if self.months:
            inside = inside & pl.col("clock_month").is_in(list(self.months))
        if self.weekdays_only:
            inside = inside & (pl.col("clock_weekday") <= FRIDAY)
        if self.not_on_holidays:
            inside = inside & ~pl.col("clock_holiday")
        if self.hours is not None:
            first, after = self.hours
            hour = pl.col("clock_hour")
            inside = inside & ((hour >= first) & (hour < after) if first < after else (hour >= first) | (hour < after))
        return ~inside if self.outside else inside


ALWAYS = Window()


def with_clock(hours: pl.DataFrame, zone: str, holidays: Collection[date]) -> pl.DataFrame:
    """`hours` with `day`, `clock_month`, `clock_weekday` (ISO), `clock_hour`, `clock_holiday` of the zone's wall clock."""
    there = pl.col("time").dt.convert_time_zone(zone)
    return hours.with_columns(
        there.dt.date().alias("day"),
        there.dt.month().alias("clock_month"),
        there.dt.weekday().alias("clock_weekday"),
        there.dt.hour().alias("clock_hour"),
        there.dt.date().is_in(sorted(holidays)).alias("clock_holiday"),
    )
