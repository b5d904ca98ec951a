"""What one kilowatt-hour (cubic metre) more costs at a point on a day, without VAT. Pure.

Energy, tax and spot price; what is paid for power, fuse and agreement does not move with a day's use, so it is left out. Of a
price that holds at some times of the day only, the part of the day's hours counts: when the energy was used is not asked here.
"""

from collections.abc import Callable, Collection
from datetime import date, datetime

import polars as pl

from config.domain.estate import MeteringPoint
from config.domain.indicators import Missing
from config.domain.periods import day as day_period
from config.domain.tariffs import Component, ComponentKind, Tariffs
from services.analysis.bill.frames import NO_SPOT, NO_TARIFF, TIME
from services.analysis.bill.windows import Window, with_clock

SpotPrice = Callable[[str, date], float | Missing]
"""Area and day → the day's mean day-ahead price. [SEK/kWh]"""

_BY_ENERGY = frozenset({ComponentKind.ENERGY, ComponentKind.TAX, ComponentKind.SPOT})
NO_ENERGY_PRICE = Missing(
    "Ingen prislista för {} har något energipris: ange en i tariffs.yaml.",
    "No price list of {} has an energy price: enter one in tariffs.yaml.",
)


def no_spot(area: str, on: date) -> float | Missing:  # noqa: ARG001 - what a source of prices is asked for
    """The spot price where there is no source of it."""
    return NO_SPOT


def marginal_price(
    point: MeteringPoint, tariffs: Tariffs, on: date, zone: str, holidays: Collection[date] = (), spot: SpotPrice = no_spot
) -> float | Missing:
    """SEK per kWh (of water per m³). Missing where a price list, or a price of one, lacks on the day."""
    lists = [agreed.value for agreed in point.tariffs if agreed.holds(on)]
    if not lists:
        return _named(NO_TARIFF, point.id)
    total, priced = 0.0, False
    for name in lists:
        found = tariffs.tariff(name, on)
        if isinstance(found, Missing):
            return found
        for component in found.components:
            if component.kind not in _BY_ENERGY:
                continue
            share = _share(component, on, zone, holidays)
            price = _price(component, on, spot) if share else 0.0
            if isinstance(price, Missing):
                return price
            total, priced = total + share * price, True
    return total if priced else _named(NO_ENERGY_PRICE, point.id)


def _price(component: Component, on: date, spot: SpotPrice) -> float | Missing:
    if component.kind is not ComponentKind.SPOT:
        return component.price
    of_day = spot(component.area, on)
    return of_day if isinstance(of_day, Missing) else of_day + component.price


def _share(component: Component, on: date, zone: str, holidays: Collection[date]) -> float:
    """Of the day's hours, those that the component holds in."""
    period = day_period(on, zone)
    hours: list[datetime] = pl.datetime_range(period.start, period.end, "1h", closed="left", eager=True).to_list()
    clock = with_clock(pl.DataFrame({"time": hours}, schema={"time": TIME}), zone, holidays)
    inside = clock.filter(Window.of(component).holds()).height
    return inside / len(hours)


def _named(missing: Missing, point: str) -> Missing:
    return Missing(missing.reason_sv.format(point), missing.reason_en.format(point))
