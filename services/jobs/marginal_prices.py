"""What a kilowatt-hour more costs and emits, for deviations: emissions by location; kronor from whoever knows the tariffs.

By location, since what a building wastes is answered for where it stands, contract or none. Without kronor every amount says what
is to be entered; nothing is guessed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from config.domain.deviations import Price
from config.domain.estate import Carrier, Portfolio
from config.domain.factors import Factors
from config.domain.indicators import Missing
from services.analysis.deviations._seam import NO_PRICE
from services.analysis.emissions import location_rate
from services.analysis.supply import HEAT, Supply

Sek = Callable[[str, str, date], float | Missing]  # building, carrier, day → kronor, without VAT


@dataclass(frozen=True, slots=True)
class MarginalPrices:
    """`sek_per_kwh` and `sek_per_m3` are those of the tariffs, where somebody gives them."""

    portfolio: Portfolio
    factors: Factors
    sek_per_kwh: Sek | None = None
    sek_per_m3: Sek | None = None

    def price(self, building: str, carrier: str, on: date) -> Price:
        network = self.portfolio.buildings[building].heat_network if Carrier(carrier) in HEAT else ""
        rate = location_rate(self.factors, Supply(Carrier(carrier), network, "", on.year))
        whole = rate.missing or rate.co2e
        return Price(
            NO_PRICE.sek_per_kwh if self.sek_per_kwh is None else self.sek_per_kwh(building, carrier, on),
            whole,
            NO_PRICE.sek_per_m3 if self.sek_per_m3 is None else self.sek_per_m3(building, carrier, on),
        )
