"""The seam of the deviations: material in, deviations out. Pure: no clock, no store, no network."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import polars as pl

from config.domain.deviations import Deviation, DeviationKind, Price, Prices, Rules
from config.domain.estate import Portfolio
from config.domain.indicators import Missing

TIME = pl.Datetime("us", "UTC")
# a building's use of a carrier, a local day a row; powers are means of the slot's measured hours, null where too few are
DAY_USE: Mapping[str, Any] = {
    "building": pl.String,
    "reported_as": pl.String,
    "day": pl.Date,
    "night_kw": pl.Float64,  # 00-05
    "day_kw": pl.Float64,  # 06-22
    "low_kw": pl.Float64,  # the 10th percentile of the hours 00-05: the base load (domain facts section 2.3)
    "kwh": pl.Float64,  # of the whole day, by registers; null where not all of it is known
}
NIGHT_HOURS, DAY_HOURS, ALL_HOURS = 5, 16, 24

NO_PRICE = Price(
    Missing(
        "Pris saknas: ange en tariff med energipris i tariffs.yaml.",
        "No price: enter a tariff with an energy price in tariffs.yaml.",
    ),
    Missing(
        "Utsläppsfaktor saknas: ange den i factors.yaml, med källa.",
        "No emission factor: enter it in factors.yaml, with its source.",
    ),
    Missing("Flödespris saknas: ange det i tariffs.yaml.", "No flow price: enter it in tariffs.yaml."),
)


class NoPrices:
    """Nothing is priced; every amount is Missing."""

    def price(self, building: str, carrier: str, on: date) -> Price:  # noqa: ARG002 - the seam's shape
        return NO_PRICE


@dataclass(frozen=True)
class Hearing:
    """Who has been heard, and since when anybody could have been.

    Attributes:
        listening: since when the service has taken in values, by its own clock; None where it never has.
        earliest: of what time the first value of anything is.
        first: meter → when its first value came, of the meters whose values are counted as they come.
        last: meter → when its last value came; a meter that is not here has never been heard.
        unsettled: points of which something came that is not settled yet.
        catching_up: history of other meters is still being settled.
    """

    listening: datetime | None = None
    earliest: datetime | None = None
    first: Mapping[str, datetime] = field(default_factory=dict)
    last: Mapping[str, datetime] = field(default_factory=dict)
    unsettled: frozenset[str] = frozenset()
    catching_up: bool = False


@dataclass(frozen=True)
class Material:
    """What the detectors work on. Frames hold many buildings; a day that is not in a frame is not known.

    Attributes:
        days: the calendar from the first day to the last that is judged, none left out; `services.analysis.calendar.DAYS`.
        school_kinds: kinds of building that follow the school's terms.
        use: DAY_USE, from up to 420 days before the days that are asked for.
        weather: columns `day`, `temperature_c`.
        hours: settled hours of points, columns `point`, `building`, `reported_as`, `level`, `time`, `day`, `value`, `method`;
            the last ten weeks are enough.
        heat: HEAT_DAYS of `_heat`, from as far back as `use`.
        until: what is known reaches to here.
        buildings: those that are asked about.
        hearing: whom intake has heard; by default nobody but whose hours are known.
    """

    portfolio: Portfolio
    days: pl.DataFrame
    school_kinds: frozenset[str]
    use: pl.DataFrame
    weather: pl.DataFrame
    hours: pl.DataFrame
    heat: pl.DataFrame
    until: datetime
    buildings: frozenset[str]
    prices: Prices = field(default_factory=NoPrices)
    rules: Rules = field(default_factory=Rules)
    hearing: Hearing = field(default_factory=Hearing)


@dataclass(frozen=True, slots=True)
class Detector:
    """One kind of deviation. `find` gives every episode in the material, each as it could be known when it was detected."""

    kind: DeviationKind
    find: Callable[[Material], Iterable[Deviation]]
