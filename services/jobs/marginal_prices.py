"""What a kilowatt-hour more costs and emits, for deviations: emissions by location, kronor by the price lists of the points.

By location, since what a building wastes is answered for where it stands, contract or none. Without a price list every amount
says what is to be entered; nothing is guessed. Of a building with several points of a carrier the price is their mean.
"""

from dataclasses import dataclass, field
from datetime import date

from config.domain.calendar import MunicipalCalendar
from config.domain.deviations import Price
from config.domain.estate import Carrier, Direction, Portfolio
from config.domain.factors import Factors
from config.domain.indicators import Missing
from config.domain.periods import day
from config.domain.series import PRICES, SeriesQuery
from config.domain.tariffs import Tariffs
from services.analysis.bill.frames import NO_SPOT
from services.analysis.bill.marginal import SpotPrice, marginal_price, no_spot
from services.analysis.calendar import free_days
from services.analysis.deviations._seam import NO_PRICE
from services.analysis.emissions import location_rate
from services.analysis.hourly_prices import hourly_prices
from services.analysis.supply import HEAT, Supply
from services.store.timeseries import TimeSeriesStore


@dataclass(frozen=True, slots=True)
class MarginalPrices:
    """Of one municipality."""

    portfolio: Portfolio
    factors: Factors
    tariffs: Tariffs = field(default_factory=Tariffs)
    calendar: MunicipalCalendar = field(default_factory=MunicipalCalendar)
    spot: SpotPrice = no_spot

    def price(self, building: str, carrier: str, on: date) -> Price:
        network = self.portfolio.buildings[building].heat_network if Carrier(carrier) in HEAT else ""
        rate = location_rate(self.factors, Supply(Carrier(carrier), network, "", on.year))
        whole = rate.missing or rate.co2e
        sek = self._sek(building, Carrier(carrier), on)
        of_water = carrier == Carrier.WATER.value
        return Price(NO_PRICE.sek_per_kwh if of_water else sek, whole, sek if of_water else NO_PRICE.sek_per_m3)

    def _sek(self, building: str, carrier: Carrier, on: date) -> float | Missing:
        """Without VAT; missing where a point's price is."""
        points = [
            point
            for point in self.portfolio.points_in(building)
            if point.carrier is carrier and point.parent is None and point.direction is not Direction.EXPORT
        ]
        zone = self.portfolio.timezone
        holidays = free_days(self.calendar, on, on)
        prices: list[float] = []
        for point in points:
            found = marginal_price(point, self.tariffs, on, zone, holidays, self.spot)
            if isinstance(found, Missing):
                return found
            prices.append(found)
        return sum(prices) / len(prices) if prices else NO_PRICE.sek_per_kwh


def stored_spot(store: TimeSeriesStore, zone: str) -> SpotPrice:
    """The mean of a day's prices, as they are stored; each day of each area is read once."""
    known: dict[tuple[str, date], float | Missing] = {}

    def spot(area: str, on: date) -> float | Missing:
        if (area, on) not in known:
            period = day(on, zone)
            hours = hourly_prices(store.read(SeriesQuery(PRICES, period.start, period.end, {"area": (area,)})))
            if hours.height < period.hours:
                return NO_SPOT  # it may still come
            known[area, on] = float(hours["sek_per_kwh"].to_numpy().mean())
        return known[area, on]

    return spot
