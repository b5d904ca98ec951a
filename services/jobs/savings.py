"""The savings model over what is published and stored: days of a building, their weather and the calendar."""

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from config.domain.deviations import Saving
from config.domain.estate import Carrier
from config.domain.indicators import Missing
from config.domain.periods import day as day_period
from config.domain.series import INDICATOR_VALUES, SeriesQuery
from services.analysis.calendar import calendar_days
from services.analysis.savings import BASELINE_DAYS, Estimate, estimate
from services.analysis.supply import HEAT
from services.analysis.weather_correction import WHOLE_DAY
from services.jobs.publish import published
from services.jobs.surroundings import Surroundings


@dataclass(frozen=True, slots=True)
class SavingsModel:
    """`config.domain.deviations.Savings`: a baseline of the year before the action (IPMVP option C)."""

    surroundings: Surroundings

    def saving(self, building: str, carrier: str, action: date, first: date, last: date) -> Saving | Missing:
        found = estimate(
            self._days(building, carrier, action - timedelta(days=BASELINE_DAYS), last),
            action,
            first,
            last,
            of_heat=Carrier(carrier) in HEAT,
        )
        if isinstance(found, Missing):
            return found
        return Saving(found.saved, found.low, found.high, max(first, action), last, _words(found))

    def _days(self, building: str, carrier: str, first: date, last: date) -> pl.DataFrame:
        """Columns of `services.analysis.savings.estimate`."""
        around = self.surroundings
        zone = around.portfolio.timezone
        start, end = day_period(first, zone).start, day_period(last, zone).end
        indicator = "water" if carrier == Carrier.WATER.value else "energy"
        where = {
            "subject": (building,),
            "subject_kind": ("building",),
            "period": ("day",),
            "indicator": (indicator,),
            "carrier": (carrier,),
        }
        rows = published(around.store.read(SeriesQuery(INDICATOR_VALUES, start, end, where)))
        local = pl.col("start").dt.convert_time_zone(zone).dt.date().alias("day")
        used = rows.filter(pl.col("coverage") >= WHOLE_DAY).select(local, pl.col("value").alias("kwh"))
        weather = around.weather(start, end, end).days.select("day", "temperature_c")
        calendar = calendar_days(around.calendar, first, last).select("day", (~pl.col("working")).alias("day_off"))
        return calendar.join(used, on="day", how="left").join(weather, on="day", how="left").sort("day")


def _words(found: Estimate) -> str:
    statistics = found.baseline.statistics
    points = [f"{at:g} °C" for at in (found.baseline.heats_below, found.baseline.cools_above) if at is not None]
    bends = f", bryter vid {' och '.join(points)}" if points else ""
    fit = f"R² {statistics.r2:.2f}, CVRMSE {statistics.cvrmse:.0f} %".replace(".", ",")
    return f"IPMVP C, dygnsmodell av året före{bends}, {fit}, {found.known} av {found.days} dygn"
