"""Datakvalitet: how much of each building and carrier is known, what was worked out, what is silent, and what figures lack.

The coverage of a missing figure counts like any other's: a month that is known to a third is what this dashboard is there to
show.
"""

from config.domain.estate import Carrier
from config.domain.indicators import SubjectKind
from config.domain.intervals import Method
from config.domain.panels import (
    CARRIER_NAMES,
    About,
    Audience,
    Column,
    Dashboard,
    Link,
    Panel,
    PanelKind,
    PanelQuery,
    Role,
    Scope,
)
from config.domain.series import EVENTS, INDICATOR_VALUES, INTERVALS, METER_DAYS, Aggregate, Every, SeriesQuery
from config.domain.windows import LAST_MONTH, TODAY, days, months
from dashboards._figures import coverage_by

ENERGY = tuple(carrier.value for carrier in Carrier if carrier is not Carrier.WATER)
YEAR = months(13)
QUARTER = days(92)
BUILDING = Column("building", "name", "byggnad", "building")
CORE = (
    "energy_total",
    "energy",
    "water",
    "corrected_energy",
    "corrected_specific_energy",
    "cost",
    "emissions_location",
    "emissions_market",
    "renewable_share",
)
COMMON = (Carrier.ELECTRICITY, Carrier.DISTRICT_HEATING, Carrier.SOLAR, Carrier.WATER)
# the others are rare, and share a column: of a building that has several the one that is measured least
COLUMNS = (
    *(((CARRIER_NAMES[of.value].sv, CARRIER_NAMES[of.value].en), (of.value,)) for of in COMMON),
    (("Kyla och bränslen", "Cooling and fuels"), tuple(of.value for of in Carrier if of not in COMMON)),
)
COUNTED = {
    Method.MEASURED: ("uppmätta timmar", "hours measured"),
    Method.INTERPOLATED: ("fördelade timmar", "hours shared out"),
    Method.ESTIMATED: ("beräknade timmar", "hours estimated"),
    Method.MISSING: ("saknade timmar", "hours missing"),
}


def hours_by(method: Method) -> PanelQuery:
    """How many of the month's hours of the main meters came about so. By coverage, since a missing hour has no number."""
    query = SeriesQuery(
        INTERVALS,
        where={"level": ("main",)},
        having={"method": method.value},
        aggregate=Aggregate.COUNT,
        by=("building",),
        field="coverage",
    )
    return PanelQuery(Role.COUNT, query, Scope.BUILDING, LAST_MONTH, "h", *COUNTED[method])


DASHBOARD = Dashboard(
    uid="datakvalitet",
    title_sv="Datakvalitet",
    title_en="Data quality",
    audience=Audience.ENVIRONMENT_TEAM,
    description_sv="Hur mycket som är uppmätt per byggnad och energislag, vad som är beräknat, vilka mätare som är tysta, och "
    "vad siffrorna saknar.",
    description_en="How much is measured by building and carrier, what is estimated, which meters are silent, and what the "
    "figures lack.",
    about=About.ESTATE,
    monthly=True,
    place=5,
    panels=(
        Panel(
            id="months",
            kind=PanelKind.LINES,
            unit="1",
            title_sv="Täckning per energislag, månad för månad",
            title_en="Coverage by carrier, month by month",
            sentence_sv="Hur stor del av hela beståndets timmar som är känd ur mätarna: uppmätt, eller fördelad ur en summa som "
            "mätaren visade senare. Under 90 % visas ingen siffra för månaden, och hela rullande år saknas så länge månaden "
            "ligger i dem.",
            sentence_en="The share of the whole estate's hours that is known from meters: measured, or shared out from a sum "
            "that the meter showed later. Below 90 % the month has no figure, and neither has any rolling year that the month "
            "lies in.",
            source_sv="Täckningen hos nyckeltalet energianvändning (energy) per månad.",
            source_en="The coverage of the indicator energy use (energy) by month.",
            rows="carrier",
            queries=(coverage_by("carrier", "energy", YEAR, SubjectKind.PORTFOLIO, ("täckning", "coverage"), ENERGY, Every.DAY),),
            empty_sv="Ingen månad är beräknad.",
            empty_en="No month is calculated.",
        ),
        Panel(
            id="coverage",
            kind=PanelKind.TABLE,
            unit="1",
            title_sv="Täckning per byggnad och energislag",
            title_en="Coverage by building and carrier",
            sentence_sv="Den del av månaden som är känd ur mätarna. Ett streck är ett energislag som byggnaden inte mäter. Börja "
            "med rutorna under 90 %: läs in det som fattas, eller se nedan vilka mätare som är tysta.",
            sentence_en="The part of the month that is known from meters. A dash is a carrier that the building does not "
            "measure. Begin with the cells below 90 %: import what is missing, or see below which meters are silent.",
            source_sv="Täckningen hos nyckeltalen energianvändning (energy) och vattenanvändning (water) för månaden.",
            source_en="The coverage of the indicators energy use (energy) and water use (water) of the month.",
            rows="subject",
            queries=tuple(
                coverage_by(
                    "subject",
                    "water" if carriers == (Carrier.WATER.value,) else "energy",
                    LAST_MONTH,
                    SubjectKind.BUILDING,
                    label,
                    carriers,
                )
                for label, carriers in COLUMNS
            ),
            link=Link.BUILDING,
            empty_sv="Månaden är inte beräknad.",
            empty_en="The month is not calculated.",
        ),
        Panel(
            id="methods",
            kind=PanelKind.TABLE,
            unit="h",
            title_sv="Hur timmarna kom till",
            title_en="How the hours came about",
            sentence_sv="Månadens timmar för varje byggnads huvudmätare. Fördelade timmar är en känd summa som mätaren visade "
            "först senare; beräknade vilar på en modell. Många beräknade timmar gör dygn och effekttoppar osäkra, även där "
            "månadens summa stämmer.",
            sentence_en="The month's hours of each building's main meters. Hours shared out are a known sum that the meter "
            "showed only later; estimated ones rest on a model. Many estimated hours make days and power peaks uncertain, even "
            "where the month's sum is right.",
            source_sv="Avräknade timmar ur mätarställningar, med sin metod.",
            source_en="Settled hours from meter registers, with their method.",
            rows="building",
            queries=tuple(hours_by(method) for method in COUNTED),
            ranked_by="hours missing",
            link=Link.BUILDING,
            empty_sv="Ingen timme är avräknad för månaden.",
            empty_en="No hour of the month is settled.",
        ),
        Panel(
            id="silent",
            kind=PanelKind.TABLE,
            unit="",
            title_sv="Tysta mätare",
            title_en="Silent meters",
            sentence_sv="Mätare som inte har hörts på tre gånger sin avtalade tid. Ju längre de är tysta, desto fler siffror "
            "saknas när månaden är slut.",
            sentence_en="Meters that have not been heard for three times their agreed interval. The longer they are silent, the "
            "more figures are missing when the month is over.",
            source_sv="Mätarnas konto för idag.",
            source_en="The meters' account of today.",
            rows="meter",
            queries=(
                PanelQuery(
                    Role.VALUE,
                    SeriesQuery(METER_DAYS, having={"open": 1, "silent": 1}),
                    Scope.BUILDING,
                    TODAY,
                    "",
                    "mottagna idag",
                    "received today",
                    (
                        BUILDING,
                        Column("meter", "name", "mätare", "meter"),
                        Column("heard", "ms", "senast hörd", "last heard"),
                        Column("expected", "", "väntade värden idag", "values expected today"),
                        Column("value", "", "mottagna idag", "received today"),
                    ),
                ),
            ),
            ranked_by="expected",
            most=100,
            link=Link.BUILDING,
            empty_sv="Ingen mätare är tyst.",
            empty_en="No meter is silent.",
        ),
        Panel(
            id="missing",
            kind=PanelKind.TABLE,
            unit="",
            title_sv="Siffror som saknas, och varför",
            title_en="Figures that are missing, and why",
            sentence_sv="Månadens nyckeltal som inte kunde räknas fram, med det som fattas. En saknad siffra är inte noll: för "
            "in det som raden säger, så räknas den fram av sig själv.",
            sentence_en="Indicators of the month that could not be calculated, with what they lack. A missing figure is not "
            "nought: enter what the row says, and it is calculated by itself.",
            source_sv="Publicerade nyckeltal, de vanligaste, för månaden.",
            source_en="Published indicators, the most common, of the month.",
            rows="subject",
            queries=(
                PanelQuery(
                    Role.VALUE,
                    SeriesQuery(
                        INDICATOR_VALUES,
                        where={"indicator": CORE, "period": ("month",), "subject_kind": (SubjectKind.BUILDING.value,)},
                        having={"method": "missing"},
                    ),
                    Scope.SUBJECT,
                    LAST_MONTH,
                    "",
                    "saknas",
                    "missing",
                    (
                        Column("subject", "name", "byggnad", "building"),
                        Column("indicator", "name", "nyckeltal", "indicator"),
                        Column("carrier", "name", "energislag", "carrier"),
                        Column("coverage", "1", "täckning", "coverage"),
                        Column("reason", "text", "vad som fattas", "what is missing", "reason_en"),
                    ),
                ),
            ),
            most=200,
            link=Link.BUILDING,
            empty_sv="Ingen av de vanligaste siffrorna saknas för månaden.",
            empty_en="None of the most common figures is missing for the month.",
        ),
        Panel(
            id="gaps",
            kind=PanelKind.TABLE,
            unit="h",
            title_sv="Luckor de senaste tre månaderna",
            title_en="Gaps of the last three months",
            sentence_sv="Tider utan mätvärden, längre än sex timmar, den senaste först. Finns värdena hos nätägaren eller i "
            "mätaren kan de läsas in i efterhand; då räknas timmar och siffror om.",
            sentence_en="Stretches without readings, longer than six hours, the latest first. Where the grid company or the "
            "meter has the values they can be imported afterwards; hours and figures are then calculated again.",
            source_sv="Avräkningens fynd.",
            source_en="Findings of the settlement.",
            rows="building",
            queries=(
                PanelQuery(
                    Role.VALUE,
                    SeriesQuery(EVENTS, where={"kind": ("gap",)}, having={"open": 1}),
                    Scope.BUILDING,
                    QUARTER,
                    "h",
                    "längd",
                    "length",
                    (
                        BUILDING,
                        Column("subject", "name", "mätpunkt", "metering point"),
                        Column("time", "ms", "från", "from"),
                        Column("end", "ms", "till", "to"),
                        Column("value", "h", "längd", "length"),
                        Column("text", "text", "vad som har setts", "what was seen", "text_en"),
                    ),
                ),
            ),
            ranked_by="time",
            most=100,
            link=Link.BUILDING,
            empty_sv="Ingen lucka på mer än sex timmar.",
            empty_en="No gap of more than six hours.",
        ),
    ),
)
