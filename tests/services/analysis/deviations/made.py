"""A building made by formula, whose every hour is known, to be wrong in one place."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from config.domain.calendar import MunicipalCalendar
from config.domain.deviations import Price, Rules
from config.domain.estate import Carrier, Portfolio
from services.analysis.calendar import calendar_days
from services.analysis.deviating import day_use
from services.analysis.deviations._heat import heat_days
from services.analysis.deviations._seam import Material
from tests.services.analysis.deviations.estate import portfolio

ZONE = "Europe/Stockholm"
LOCAL = ZoneInfo(ZONE)
FIRST, LAST = date(2026, 1, 5), date(2026, 11, 22)  # a Monday, a Sunday
Load = Callable[[datetime], float | None]  # local hour → kWh; None: the meter said nothing


class OnePrice:
    """1,20 kr and 59 g for every kilowatt-hour, 3,15 kr for every cubic metre."""

    def price(self, building: str, carrier: str, on: date) -> Price:
        return Price(1.20, 59.0, 3.15)


def school_load(local: datetime) -> float:
    """20 kW by day on weekdays, 6 kW else; a ripple of 0.2 kW from hour to hour."""
    busy = local.weekday() < 5 and 7 <= local.hour < 17
    return (20.0 if busy else 6.0) + (0.2 if local.hour % 2 else 0.0)


def point_hours(loads: Mapping[str, tuple[str, Carrier, str, Load]], first: date = FIRST, last: date = LAST) -> pl.DataFrame:
    """Hours of points: id → (building, carrier, level, load)."""
    begin = datetime(first.year, first.month, first.day, tzinfo=LOCAL).astimezone(UTC)
    end = datetime(last.year, last.month, last.day, tzinfo=LOCAL).astimezone(UTC) + timedelta(hours=24)
    times = [begin + timedelta(hours=n) for n in range(round((end - begin) / timedelta(hours=1)))]
    local = [time.astimezone(LOCAL) for time in times]
    parts = []
    for point, (building, carrier, level, load) in loads.items():
        values = [load(moment) for moment in local]
        parts.append(
            pl.DataFrame(
                {
                    "building": building,
                    "point": point,
                    "reported_as": carrier.value,
                    "level": level,
                    "time": pl.Series(times, dtype=pl.Datetime("us", "UTC")),
                    "day": [moment.date() for moment in local],
                    "value": pl.Series(values, dtype=pl.Float64),
                    "method": ["missing" if value is None else "measured" for value in values],
                }
            )
        )
    return pl.concat(parts)


def material(
    hours: pl.DataFrame,
    estate: Portfolio,
    *,
    calendar: MunicipalCalendar | None = None,
    temperature: Callable[[date], float] = lambda day: 5.0,
    rules: Rules | None = None,
    gauges: pl.DataFrame | None = None,
) -> Material:
    """Everything that is known of the hours' days."""
    days = hours["day"]
    first, last = _date(days.min()), _date(days.max())
    all_days: Sequence[date] = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    until = hours["time"].max()
    assert isinstance(until, datetime)
    made = Material(
        portfolio=estate,
        days=calendar_days(calendar or MunicipalCalendar(), first, last),
        school_kinds=frozenset({"school"}),
        use=day_use(hours, estate),
        weather=pl.DataFrame({"day": all_days, "temperature_c": [float(temperature(day)) for day in all_days]}),
        hours=hours,
        heat=heat_days(pl.DataFrame() if gauges is None else gauges, ZONE),
        until=until + timedelta(hours=1),
        buildings=frozenset(estate.buildings),
        prices=OnePrice(),
    )
    return made if rules is None else replace(made, rules=rules)


def one_building(load: Load, carrier: Carrier = Carrier.ELECTRICITY, kind: str = "school") -> tuple[pl.DataFrame, Portfolio]:
    """The building "skola" with one meter, from FIRST to LAST."""
    hours = point_hours({"el-skola": ("skola", carrier, "main", load)})
    return hours, portfolio([("el-skola", "skola", carrier, None)], kind=kind, zone=ZONE)


def _date(value: object) -> date:
    assert isinstance(value, date)
    return value
