"""Points, price lists and hours for the tests of bills. Prices are Borlänge Energi's of 2021, of domain facts section 2.4."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl

from config.domain.estate import Agreed, Carrier, Direction, MeteringPoint
from config.domain.factors import Mark
from config.domain.periods import month
from config.domain.tariffs import Component, ComponentKind, Tariff, Tariffs
from services.analysis.bill.billing import METERING_TIME, Bill, bill, months_asked
from services.analysis.bill.frames import TIME
from services.analysis.bill.quantities import Used

HOUR = timedelta(hours=1)
LONG_AGO, LONG_AFTER = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
YEAR_2021 = [date(2021, number, 1) for number in range(1, 13)]
ALWAYS: tuple[date, date | None] = (date(2021, 1, 1), None)

GRID = (
    Component(ComponentKind.FIXED, 7900.0),
    Component(ComponentKind.SUBSCRIBED_POWER, 155.0),
    Component(ComponentKind.OVERUSE, 52.0),
    Component(ComponentKind.ENERGY, 0.135),
)
GROUPS = tuple(
    Component(ComponentKind.POWER_GROUP, price, from_kw=low, to_kw=high, fixed_sek=fixed)
    for low, high, fixed, price in (
        (0.0, 50.0, 660.0, 488.0),
        (50.0, 100.0, 2360.0, 453.0),
        (100.0, 250.0, 6810.0, 408.0),
        (250.0, 500.0, 17260.0, 366.0),
        (500.0, None, 42280.0, 316.0),
    )
)


def tariff(
    *components: Component, name: str = "el", dates: tuple[date, date | None] = ALWAYS, carrier: Carrier = Carrier.ELECTRICITY
) -> Tariff:
    return Tariff(name, name, carrier, "Leverantör", *dates, components, "prislista", Mark.VERIFIED)


def point(
    name: str = "p", carrier: Carrier = Carrier.ELECTRICITY, tariffs: Iterable[str] = ("el",), **terms: Any
) -> MeteringPoint:
    """Terms given as a bare number are agreed for all time."""
    agreed = {key: value if isinstance(value, str | tuple) else (Agreed(value),) for key, value in terms.items()}
    dated = tuple(item if isinstance(item, Agreed) else Agreed(item) for item in tariffs)
    return MeteringPoint(name, name, "skola", carrier, Direction.IMPORT, 0.001, tariffs=dated, **agreed)


def hours(
    value: float = 1.0,
    months: Iterable[date] = YEAR_2021,
    name: str = "p",
    zone: str = METERING_TIME,
    at: Mapping[datetime, float | None] | None = None,
    method: str = "measured",
) -> pl.DataFrame:
    """Alike hours of the months, but for those given by their instant."""
    periods = [month(first, zone) for first in months]
    times = [period.start + n * HOUR for period in periods for n in range(period.hours)]
    other = at or {}
    assert set(other) <= set(times)
    values = [other.get(time, value) for time in times]
    return pl.DataFrame(
        {"point": name, "time": times, "value": values, "method": ["missing" if v is None else method for v in values]},
        schema={"point": pl.String, "time": TIME, "value": pl.Float64, "method": pl.String},
    ).sort("point", "time")


def made(
    points: MeteringPoint | Iterable[MeteringPoint],
    prices: Tariff | Iterable[Tariff],
    used: Used | pl.DataFrame,
    months: Iterable[date] = YEAR_2021,
    until: datetime = LONG_AFTER,
    zone: str = METERING_TIME,
    vat_share: float | None = 0.25,
    **given: Any,
) -> Bill:
    """The bill of points that were installed long ago."""
    billed = [points] if isinstance(points, MeteringPoint) else list(points)
    lists = (prices,) if isinstance(prices, Tariff) else tuple(prices)
    asked = months_asked({item.id: (LONG_AGO, None) for item in billed}, months, until, zone)
    taken = Used(used) if isinstance(used, pl.DataFrame) else used
    return bill(billed, Tariffs(vat_share, lists), asked, taken, zone, **given)


def instant(text: str) -> datetime:
    """ "2021-01-12 17" in Swedish normal time."""
    return datetime.fromisoformat(f"{text}:00+01:00").astimezone(UTC)
