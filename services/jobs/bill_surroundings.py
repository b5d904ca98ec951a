"""What bills go by besides the hours themselves: day-ahead prices, holidays, and the peaks of months before. From the store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from config.domain.calendar import MunicipalCalendar
from config.domain.estate import Portfolio
from config.domain.periods import month
from config.domain.series import INDICATOR_VALUES, PRICES, SeriesQuery
from config.domain.tariffs import Component, ComponentKind, Tariffs
from services.analysis.calendar import free_days
from services.analysis.hourly_prices import hourly_prices
from services.figures.periods import first_of_month
from services.indicators.cost import ROLLING_MONTHS
from services.jobs.publish import published
from services.store.timeseries import TimeSeriesStore


@dataclass(frozen=True, slots=True)
class BillSurroundings:
    """Of one municipality. What no price list asks for is not read."""

    portfolio: Portfolio
    store: TimeSeriesStore
    tariffs: Tariffs
    calendar: MunicipalCalendar

    def context(self, buildings: Sequence[str], months: Sequence[date]) -> Mapping[str, Any]:
        """The parts of `basis.context` that `services.indicators.cost` names, for months in order."""
        billed = self._billed(buildings)
        components = [component for _, component in billed]
        found: dict[str, Any] = {}
        if any(item.not_on_holidays for item in components):
            found["holidays"] = free_days(self.calendar, months[0], first_of_month(months[-1], 1))
        areas = {item.area for item in components if item.kind is ComponentKind.SPOT}
        if areas:
            found["prices"] = self._prices(tuple(sorted(areas)), months)
        rolling = [(point, item.mean_over_day) for point, item in billed if item.rolling_months is not None]
        for key, by_day, what in (
            ("earlier_peaks", False, ("peak_power", "month", "kw")),
            ("earlier_days", True, ("energy", "day", "kwh")),
        ):
            points = tuple(sorted({point for point, of_day in rolling if of_day is by_day}))
            if points:
                found[key] = self._published(points, months, *what)
        return found

    def _billed(self, buildings: Sequence[str]) -> list[tuple[str, Component]]:
        """Every component of every price list that a point of the buildings is or was billed by."""
        lists: dict[str, list[Component]] = {}
        for tariff in self.tariffs.tariffs:
            lists.setdefault(tariff.id, []).extend(tariff.components)
        return [
            (point.id, component)
            for name in buildings
            for point in self.portfolio.points_in(name)
            for agreed in point.tariffs
            for component in lists.get(agreed.value, ())
        ]

    def _prices(self, areas: tuple[str, ...], months: Sequence[date]) -> pl.DataFrame:
        zone = self.portfolio.timezone
        query = SeriesQuery(PRICES, month(months[0], zone).start, month(months[-1], zone).end, {"area": areas})
        return hourly_prices(self.store.read(query))

    def _published(self, points: tuple[str, ...], months: Sequence[date], indicator: str, period: str, name: str) -> pl.DataFrame:
        """`point`, the period's first day as `month` or `day`, and what is known of the figure, gate or no gate."""
        zone = self.portfolio.timezone
        start = month(first_of_month(months[0], 1 - ROLLING_MONTHS), zone).start
        where = {"subject": points, "subject_kind": ("point",), "period": (period,), "indicator": (indicator,)}
        rows = published(self.store.read(SeriesQuery(INDICATOR_VALUES, start, month(months[-1], zone).start, where)))
        first = pl.col("start").dt.convert_time_zone(zone).dt.date().alias(period)
        return rows.filter(pl.col("coverage") > 0).select(pl.col("subject").alias("point"), first, pl.col("partial").alias(name))
