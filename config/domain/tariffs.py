"""Tariffs as dated data: what a carrier cost a class of customer from one day to another. Prices without VAT, in SEK."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from config.domain.estate import Carrier
from config.domain.factors import Mark
from config.domain.indicators import Missing


class ComponentKind(StrEnum):
    """What a line of the bill is counted on, and hence the unit of its price."""

    FIXED = "fixed"  # SEK/year
    SUBSCRIBED_POWER = "subscribed_power"  # SEK/kW,year of the agreed power
    OVERUSE = "overuse"  # SEK/kW,month: the month's highest hour above the subscription
    PEAK_POWER = "peak_power"  # SEK/kW,month: the mean of the highest `peaks` hours
    POWER_GROUP = "power_group"  # SEK/kW,year above from_kw up to to_kw, with the group's own fixed charge
    FUSE = "fuse"  # SEK/year by fuse size
    ENERGY = "energy"  # SEK/kWh; SEK/m3 of water
    SPOT = "spot"  # SEK/kWh on top of the day-ahead price of each hour
    REACTIVE = "reactive"  # SEK/kVAr,month: highest reactive power above `free_share` of the month's highest active power
    FLOW = "flow"  # SEK/m3 through the substation
    TAX = "tax"  # SEK/kWh


@dataclass(frozen=True, slots=True)
class Component:
    """One line of a tariff.

    Attributes:
        months: calendar months it is charged in; all where empty.
        weekdays_only: counted Monday to Friday; `not_on_holidays`: nor on public holidays and free eves.
        hours: local hours of the day it is counted in, first and the one after the last (22, 6 goes over midnight); None for all.
        outside: counted when `months`, days and `hours` do not hold: the price of all other times.
        peaks: how many of the highest hours are averaged; `peaks_on_different_days` where each day gives one.
        fixed_sek: of a power group: its fixed charge. [SEK/year]
        rolling_months: of a power group: its power is the highest of so many months, the billed one being the last;
            None: the point states it.
        mean_over_day: of a power group with `rolling_months`: power is the mean of a day, not of an hour.
        area: of a spot price: the electricity area.
    """

    kind: ComponentKind
    price: float
    months: tuple[int, ...] = ()
    weekdays_only: bool = False
    hours: tuple[int, int] | None = None
    peaks: int | None = None
    peaks_on_different_days: bool = False
    from_kw: float | None = None
    to_kw: float | None = None
    fixed_sek: float | None = None
    fuse_a: int | None = None
    free_share: float | None = None
    not_on_holidays: bool = False
    outside: bool = False
    rolling_months: int | None = None
    mean_over_day: bool = False
    area: str = ""


@dataclass(frozen=True, slots=True)
class Tariff:
    """A price list of one supplier for one class of customer, from one day to another.

    `valid_to` is the first day on which it no longer holds; None while nothing newer is known to replace it.
    """

    id: str
    name: str
    carrier: Carrier
    supplier: str
    valid_from: date
    valid_to: date | None
    components: tuple[Component, ...]
    source: str
    mark: Mark
    note: str = ""
    example: bool = False

    @property
    def version(self) -> str:
        """What a figure names it by, besides its id."""
        return self.valid_from.isoformat()

    def holds(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


@dataclass(frozen=True, slots=True)
class Tariffs:
    """All tariffs of a municipality."""

    vat_share: float | None = None
    tariffs: tuple[Tariff, ...] = ()

    def tariff(self, name: str, on: date) -> Tariff | Missing:
        """The tariff of that id that held on a day."""
        dated = [item for item in self.tariffs if item.id == name]
        for item in dated:
            if item.holds(on):
                return item
        if not dated:
            return Missing(f"Tariffen {name} finns inte i tariffs.yaml.", f"There is no tariff {name} in tariffs.yaml.")
        spans = ", ".join(f"{item.valid_from} – {item.valid_to or ''}".rstrip(" –") for item in dated)
        return Missing(
            f"Tariffen {name} har inget pris för {on}; införda perioder: {spans}.",
            f"The tariff {name} has no price for {on}; periods entered: {spans}.",
        )
