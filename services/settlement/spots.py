"""Where a judgement looked at history. Pure."""

from dataclasses import dataclass

from services.settlement.reach import HourSpan
from services.settlement.units import HOUR_US, instant


@dataclass(frozen=True, slots=True)
class Spot:
    """From one instant to another; `lasts` as in `HourSpan`."""

    first_us: int
    last_us: int
    lasts: bool = False

    def hours(self) -> HourSpan:
        """The whole hours that it touches."""
        return HourSpan(
            instant(self.first_us - self.first_us % HOUR_US), instant(self.last_us - self.last_us % HOUR_US + HOUR_US), self.lasts
        )
