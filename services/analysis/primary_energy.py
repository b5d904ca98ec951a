"""Primary energy of the building rules BBR 29-31, as a number to follow a building up by. Never a class, never a declaration.

    EPpet = Σ ((heating / Fgeo + cooling + hot water + building electricity) · VF) / Atemp        per carrier [kWh/m²,year]

Only heating is divided by the geographic factor. Occupants' electricity (verksamhets- and hushållsel) lies outside.

Source: BFS 2011:6 to BFS 2024:14 (BBR 29-31), chapter 9; domain facts 2.2.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from config.domain.estate import Carrier, EndUse

RULE_SET = "BBR 29-31"
DELIVERED_FOR = {  # what a carrier's energy is used for where the point does not say it; electricity must be said
    Carrier.DISTRICT_HEATING: EndUse.HEATING,
    Carrier.DISTRICT_COOLING: EndUse.COOLING,
    Carrier.BIOFUEL: EndUse.HEATING,
    Carrier.OIL: EndUse.HEATING,
    Carrier.GAS: EndUse.HEATING,
}


@dataclass(frozen=True, slots=True)
class Delivered:
    """Energy delivered by one carrier for one use in a year. [kWh]"""

    end_use: EndUse
    kwh: float
    weighting: float


def primary_energy_number(delivered: Iterable[Delivered], geographic: float, area_m2: float) -> float:
    """EPpet of a year. [kWh/m²]

    Args:
        geographic: Fgeo of the municipality.
        area_m2: Atemp.
    Raises:
        ValueError: the area or Fgeo is not above 0; without them there is no number.
    """
    if area_m2 <= 0 or geographic <= 0:
        raise ValueError("Atemp and Fgeo must be above 0; without them the number is missing")
    return sum(_weighted(item, geographic) for item in delivered) / area_m2


def _weighted(item: Delivered, geographic: float) -> float:
    if item.end_use is EndUse.OCCUPANT:
        return 0.0
    return item.kwh / (geographic if item.end_use is EndUse.HEATING else 1.0) * item.weighting
