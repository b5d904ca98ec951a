"""SMHI's parameters as we use them, and what any of their values can be.

Facts: SMHI open data, meteorological observations, version 1.0 (domain facts 7, V). Units are in Swedish, and have been written
in two ways over the years: seen "celsius" and "degree celsius".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from config.domain.weather import WeatherQuantity

CELSIUS = frozenset({"celsius", "degree celsius", "grader celsius", "°c"})
IRRADIANCE = frozenset({"watt per kvadratmeter", "watt per square metre", "watt per square meter", "w/m2", "w/m²"})


@dataclass(frozen=True, slots=True)
class Parameter:
    """One of SMHI's parameters.

    Attributes:
        summary: a word that SMHI's description of it has and the like-named parameters' have not (daily minimum, monthly mean).
        lowest, highest: no weather of Sweden lies outside (records -52.6 and 38.0 °C; the sun's 1,361 W/m² and clouds' mirrors).
        latest_every: how often the newest months are asked for at most.
    """

    number: int
    daily: bool
    summary: str
    units: frozenset[str]
    lowest: float
    highest: float
    latest_every: timedelta


PARAMETERS: Mapping[WeatherQuantity, Parameter] = {
    WeatherQuantity.AIR_TEMPERATURE: Parameter(1, False, "momentanvärde", CELSIUS, -60.0, 45.0, timedelta(hours=3)),
    WeatherQuantity.AIR_TEMPERATURE_DAILY: Parameter(2, True, "medelvärde 1 dygn", CELSIUS, -60.0, 45.0, timedelta(hours=6)),
    WeatherQuantity.GLOBAL_IRRADIANCE: Parameter(11, False, "medelvärde 1 tim", IRRADIANCE, -30.0, 1600.0, timedelta(hours=3)),
}
