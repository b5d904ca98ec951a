"""weather.yaml: whose weather the municipality uses, and what degree days are made with."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from config.domain.weather import MODELLED, NormalPeriod, Station, WeatherPlan, WeatherQuantity
from config.municipality.entries import Entry, MarkLetter, Number, Words, wrong
from config.municipality.yaml_source import YamlSource

SHORTEST_PERIOD = 10  # years; a normal of fewer says more of their weather than of the place


def _number(text: str) -> str:
    if text != MODELLED and not (text.isascii() and text.isdecimal()):
        raise wrong(
            f"{text!r} is no station number; write SMHI's, as 105260, or {MODELLED} for its radiation model",
            f"{text!r} är inget stationsnummer; skriv SMHI:s, som 105260, eller {MODELLED} för dess strålningsmodell",
        )
    return text


ClimateYear = Annotated[int, Field(ge=1850, le=2100)]


class StationEntry(Entry):
    id: Annotated[str, AfterValidator(_number), Field(max_length=12)]
    """SMHI's number of the station; strang for its radiation model at the given position."""
    name: Words
    measures: tuple[WeatherQuantity, ...]
    """air_temperature (hours), air_temperature_daily (daily means), global_irradiance."""
    latitude: Annotated[Number, Field(ge=54, le=70)] | None = None
    longitude: Annotated[Number, Field(ge=10, le=25)] | None = None
    height_m: Annotated[Number, Field(ge=-5, le=2200)] | None = None
    """Above the sea."""
    source: Words
    mark: MarkLetter
    note: str | None = None


class PeriodEntry(Entry):
    first_year: ClimateYear
    """The first year that the normal is the mean of."""
    last_year: ClimateYear
    """The last one."""


class WeatherFile(Entry):
    """Stations in order: of each quantity the first is the municipality's own, the others fill its holes and are named."""

    note: str | None = None
    provider: Literal["smhi"] = "smhi"
    """Whose stations they are."""
    attribution: Words
    """Said on every chart and in every report that shows the weather; the licence asks for it."""
    base_temperature_c: Annotated[Number, Field(ge=5, le=25)] = 17.0
    """Of degree days; SMHI's is 17. Another base makes figures that compare with nobody else's."""
    normal_period: PeriodEntry | None = None
    """1991-2020, SMHI's since April 2022, where not given."""
    hours_since: date = date(2015, 1, 1)
    """No older hourly values are kept; of daily means all are, for the normal period."""
    stations: tuple[StationEntry, ...]
    """In order: of each quantity the first is the municipality's own, the others fill its holes."""


def weather(source: YamlSource, file: WeatherFile) -> WeatherPlan:
    """The plan; faults lie in the source."""
    seen: dict[str, int] = {}
    for index, entry in enumerate(file.stations):
        if entry.id in seen:
            source.fault(
                ("stations", index, "id"),
                f"given twice; the first is number {seen[entry.id] + 1} in the list, keep one",
                f"står två gånger; den första är nummer {seen[entry.id] + 1} i listan, behåll en",
            )
        seen.setdefault(entry.id, index)
        if entry.id == MODELLED and (
            set(entry.measures) != {WeatherQuantity.GLOBAL_IRRADIANCE} or entry.latitude is None or entry.longitude is None
        ):
            source.fault(
                ("stations", index, "id"),
                f"{MODELLED} gives global_irradiance only, at a position: give latitude and longitude",
                f"{MODELLED} ger bara global_irradiance, i ett läge: ange latitude och longitude",
            )
        if not entry.measures:
            source.fault(("stations", index, "measures"), "name at least one quantity", "ange minst en storhet")
        if len(set(entry.measures)) < len(entry.measures):
            source.fault(("stations", index, "measures"), "the same given twice", "samma står två gånger")
    period = file.normal_period or PeriodEntry(first_year=1991, last_year=2020)
    if period.last_year - period.first_year + 1 < SHORTEST_PERIOD:
        source.fault(
            ("normal_period", "last_year"),
            f"a normal period has at least {SHORTEST_PERIOD} years; SMHI's is 1991-2020",
            f"en normalperiod har minst {SHORTEST_PERIOD} år; SMHI:s är 1991-2020",
        )
    stations = {
        quantity: tuple(
            Station(entry.id, entry.name, entry.latitude, entry.longitude, entry.height_m)
            for entry in file.stations
            if quantity in entry.measures
        )
        for quantity in WeatherQuantity
    }
    if not stations[WeatherQuantity.AIR_TEMPERATURE_DAILY]:
        source.fault(
            ("stations",),
            "no station measures air_temperature_daily: there will be no degree days and no corrected figures",
            "ingen station mäter air_temperature_daily: det blir inga graddagar och inga korrigerade värden",
            warning=True,
        )
    return WeatherPlan(
        stations={quantity: found for quantity, found in stations.items() if found},
        base_temperature_c=file.base_temperature_c,
        normal_period=NormalPeriod(period.first_year, period.last_year),
        hours_since=file.hours_since,
        provider=file.provider,
        attribution=file.attribution,
    )
