"""The published indicators, their values, and what a figure lacked."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from config.domain.periods import Period


@dataclass(frozen=True, slots=True)
class Missing:
    """What a figure lacked, in words its reader can act on. Shown as "saknas", never as 0."""

    reason_sv: str
    reason_en: str


class SubjectKind(StrEnum):
    """What a figure is about."""

    POINT = "point"
    BUILDING = "building"
    OWNER = "owner"
    BUILDING_KIND = "building_kind"
    PORTFOLIO = "portfolio"


@dataclass(frozen=True, slots=True)
class Subject:
    kind: SubjectKind
    id: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """An energy performance indicator (ISO 50006) as published."""

    id: str
    name_sv: str
    name_en: str
    unit: str
    definition_sv: str
    definition_en: str
    source: str


@dataclass(frozen=True, slots=True)
class IndicatorValue:
    """One value of one indicator.

    Attributes:
        value: in the indicator's unit, or what it lacked.
        coverage: share of the period that is measured. [0..1]
        method: name and version of the calculation.
        factors: factor name → version used.
        carrier: the energy carrier it speaks of; "" where it speaks of all.
        uncertainty: half width of the 90 % interval, in the indicator's unit.
    """

    indicator: str
    subject: Subject
    period: Period
    value: float | Missing
    coverage: float
    method: str
    factors: Mapping[str, str]
    carrier: str = ""
    uncertainty: float = 0.0


INDICATORS = {
    indicator.id: indicator
    for indicator in (
        Indicator(
            id="energy",
            name_sv="Energianvändning",
            name_en="Energy use",
            unit="kWh",
            definition_sv="Summan av avräknade timmar vid byggnadens mätpunkter, per energislag; undermätare räknas inte med.",
            definition_en="Sum of the settled hours of the building's metering points, per carrier; without sub-meters.",
            source="ISO 50006; domain facts section 6",
        ),
        Indicator(
            id="energy_total",
            name_sv="Energianvändning, totalt",
            name_en="Energy use, total",
            unit="kWh",
            definition_sv="Köpt energi av alla slag och den egna solel som används på plats.",
            definition_en="Bought energy of all carriers and the own solar electricity that is used on the spot.",
            source="domain facts section 2.3",
        ),
        Indicator(
            id="water",
            name_sv="Vattenanvändning",
            name_en="Water use",
            unit="m3",
            definition_sv="Summan av avräknade timmar vid byggnadens vattenmätare; undermätare räknas inte med.",
            definition_en="Sum of the settled hours of the building's water meters; without sub-meters.",
            source="domain facts section 6",
        ),
        Indicator(
            "heated_building_energy",
            "Energi i uppvärmda byggnader",
            "Energy of heated buildings",
            "kWh",
            "Energianvändning i byggnader med uppvärmd area, totalt och per energislag.",
            "Energy use of buildings with a heated area, in all and per carrier.",
            "domain facts section 2.3",
        ),
        Indicator(
            "specific_energy",
            "Specifik energianvändning",
            "Specific energy use",
            "kWh/m2",
            "Energi i uppvärmda byggnader per kvadratmeter Atemp, totalt och per energislag.",
            "Energy of heated buildings per square metre of Atemp, in all and per carrier.",
            "domain facts section 2.3",
        ),
        Indicator(
            "peak_power",
            "Effekttopp",
            "Peak power",
            "kW",
            "Högsta medeleffekt under en uppmätt timme (60 minuter) i perioden; tidpunkten anges.",
            "Highest mean power of a measured hour (60 minutes) in the period; its instant is stated.",
            "domain facts section 2.3",
        ),
        Indicator(
            "base_energy",
            "Baslastens energi",
            "Energy of the base load",
            "kWh",
            "Baslast gånger månadens timmar.",
            "Base load times the hours of the month.",
            "domain facts section 2.3",
        ),
        Indicator(
            "base_load",
            "Baslast",
            "Base load",
            "kW",
            "Låg percentil (10) av effekten klockan 00–05 månadens nätter.",
            "Low percentile (10) of the power between 00 and 05 on the month's nights.",
            "domain facts section 2.3; the percentile is our convention",
        ),
        Indicator(
            "base_load_share",
            "Baslastandel",
            "Share of the base load",
            "%",
            "Baslastens energi av energianvändningen.",
            "Energy of the base load of the energy use.",
            "domain facts section 2.3",
        ),
        Indicator(
            "load_factor",
            "Belastningsfaktor",
            "Load factor",
            "1",
            "Medeleffekt genom effekttopp i samma period.",
            "Mean power by peak power of the same period.",
            "domain facts section 2.3",
        ),
        Indicator(
            "utilisation_time",
            "Utnyttjningstid",
            "Utilisation time",
            "h",
            "Energianvändning genom effekttopp.",
            "Energy use by peak power.",
            "domain facts section 2.3",
        ),
        Indicator(
            "solar_used",
            "Egenanvänd solel",
            "Own use of solar electricity",
            "kWh",
            "Producerad solel minus inmatning till nätet.",
            "Solar electricity produced less what was sent out.",
            "domain facts section 2.3",
        ),
        Indicator(
            "electricity_used",
            "Elanvändning med egen solel",
            "Use of electricity with own solar",
            "kWh",
            "Köpt el plus egenanvänd solel, i byggnader med solceller.",
            "Bought electricity and own solar electricity used, of buildings with a solar plant.",
            "domain facts section 2.3",
        ),
        Indicator(
            "self_consumption",
            "Egenanvändning",
            "Self-consumption",
            "%",
            "Egenanvänd solel av producerad.",
            "Own solar electricity used of that produced.",
            "domain facts section 2.3",
        ),
        Indicator(
            "self_sufficiency",
            "Självförsörjning",
            "Self-sufficiency",
            "%",
            "Egenanvänd solel av all el som används.",
            "Own solar electricity used of all electricity used.",
            "domain facts section 2.3",
        ),
        Indicator(
            "specific_yield",
            "Specifik produktion",
            "Specific yield",
            "kWh/kWp",
            "Producerad solel per installerad toppeffekt (Yf).",
            "Solar electricity produced per installed peak power (Yf).",
            "domain facts section 2.3; IEC 61724-1",
        ),
        Indicator(
            "reference_energy",
            "Referensenergi, solceller",
            "Reference energy of solar plants",
            "kWh",
            "Instrålning i panelernas plan genom 1 kW/m² gånger toppeffekten.",
            "Irradiation in the plane of the panels by 1 kW/m² times the peak power.",
            "IEC 61724-1",
        ),
        Indicator(
            "reference_yield",
            "Referensproduktion",
            "Reference yield",
            "h",
            "Instrålning i panelernas plan genom 1 kW/m² (Yr).",
            "Irradiation in the plane of the panels by 1 kW/m² (Yr).",
            "IEC 61724-1",
        ),
        Indicator(
            "performance_ratio",
            "Systemverkningsgrad",
            "Performance ratio",
            "1",
            "Specifik produktion genom referensproduktion (PR).",
            "Specific yield by reference yield (PR).",
            "IEC 61724-1",
        ),
        Indicator(
            "heat_volume",
            "Fjärrvärmevatten",
            "District-heating water",
            "m3",
            "Volym genom värmemätaren.",
            "Volume through the heat meter.",
            "EN 1434",
        ),
        Indicator(
            "flow_heat",
            "Framledningens värmeinnehåll",
            "Heat in the flow",
            "m3·°C",
            "Volym gånger framledningstemperatur.",
            "Volume times flow temperature.",
            "EN 1434",
        ),
        Indicator(
            "return_heat",
            "Returens värmeinnehåll",
            "Heat in the return",
            "m3·°C",
            "Volym gånger returtemperatur.",
            "Volume times return temperature.",
            "EN 1434",
        ),
        Indicator(
            "drop_heat",
            "Avkylning gånger volym",
            "Temperature drop times volume",
            "m3·°C",
            "Volym gånger skillnaden mellan fram och retur.",
            "Volume times the difference of flow and return.",
            "EN 1434",
        ),
        Indicator(
            "flow_temperature",
            "Framledningstemperatur",
            "Flow temperature",
            "°C",
            "Volymvägt medel.",
            "Mean weighted by volume.",
            "EN 1434",
        ),
        Indicator(
            "return_temperature",
            "Returtemperatur",
            "Return temperature",
            "°C",
            "Volymvägt medel.",
            "Mean weighted by volume.",
            "EN 1434",
        ),
        Indicator(
            "temperature_drop",
            "Avkylning",
            "Temperature drop",
            "°C",
            "Volymvägd skillnad mellan fram- och returledning.",
            "Difference of flow and return, weighted by volume.",
            "EN 1434",
        ),
        Indicator(
            "volume_per_energy",
            "Flöde per energi",
            "Volume per energy",
            "m3/MWh",
            "Fjärrvärmevatten per MWh värme; högt värde är överflöde.",
            "District-heating water per MWh of heat; a high value is overflow.",
            "EN 1434",
        ),
        Indicator(
            "saved_volume_1c",
            "Vatten som 1 °C lägre retur sparar",
            "Water that a return 1 °C lower would spare",
            "m3",
            "Fjärrvärmevatten vid samma värme genom avkylningen plus en grad.",
            "District-heating water for the same heat, by the temperature drop and one degree.",
            "own derivation: V/(ΔT+1)",
        ),
        Indicator(
            "balance_rest",
            "Balansrest",
            "Rest of the balance",
            "kWh",
            "Mätpunktens energi minus undermätarnas.",
            "The point's energy less its sub-meters'.",
            "domain facts section 6",
        ),
        Indicator(
            "balance_rest_share",
            "Balansrestens andel",
            "Share of the rest",
            "%",
            "Balansrest av mätpunktens energi.",
            "Rest of the balance of the point's energy.",
            "domain facts section 6",
        ),
    )
}
