"""Öppna siffror: what the public buildings use, let out and make, in plain words.

Every question here is narrowed to buildings: a building that is not public has no row, whoever looks (`Dashboard.shown`). Figures
of groups are of whole types only, and of those that tell nothing of a building that is not public (`config.domain.openness`: the
type less its public buildings must be of none or of at least three others). Owners and the whole estate are left out: with the
types beside them they would tell more, and a citizen compares buildings of a type.

Left out on purpose: kronor (agreements between companies), days and hours (they show when a house is empty), and deviations.
"""

from config.domain.estate import Carrier
from config.domain.indicators import SubjectKind
from config.domain.panels import About, Audience, Column, Dashboard, Link, Panel, PanelKind, PanelQuery, Role, Scope
from config.domain.periods import PeriodKind
from config.domain.series import BUILDINGS, SeriesQuery
from config.domain.windows import ROLLING_YEAR, ROLLING_YEAR_BEFORE, TODAY, months, years
from dashboards._figures import Label, published

BUILDING, KIND = SubjectKind.BUILDING, SubjectKind.BUILDING_KIND
ROLLING = PeriodKind.ROLLING_YEAR
SOLAR = (Carrier.SOLAR.value,)
AREA_SV = "Kilowattimmar delat med husets uppvärmda yta, så att ett stort och ett litet hus går att jämföra."
AREA_EN = "Kilowatt-hours by the heated area of the house, so that a large and a small house can be compared."
WEATHER_SV = " Värmen är räknad om till ett vanligt år, annars ser en mild vinter ut som en besparing."
WEATHER_EN = " Heat is reckoned to an ordinary year, else a mild winter looks like a saving."
SOURCE_SV = (
    "Så räknas det: mätarnas ställningar timme för timme, summerade. Timmar som mätaren inte visat räknas fram eller lämnas "
    "tomma; är mer än en tiondel okänd visas ingen siffra."
)
SOURCE_EN = (
    "How it is calculated: the meters' registers hour by hour, added up. Hours that the meter did not show are worked out or "
    "left empty; where more than a tenth is unknown no figure is shown."
)
LICENCE_SV = " Väderdata: SMHI, öppna data (CC BY 4.0); egna graddagar."
LICENCE_EN = " Weather data: SMHI, open data (CC BY 4.0); own degree days."
EMPTY_SV = "Ingen av de valda byggnaderna är öppen, eller så är inget helt år mätt än."
EMPTY_EN = "None of the chosen buildings is open, or no whole year is measured yet."


def compared(kind: SubjectKind) -> tuple[PanelQuery, ...]:
    """What can be compared between buildings of any size, of twelve months."""
    return (
        published("corrected_specific_energy", ROLLING_YEAR, kind, ("energi per m²", "energy per m²"), ROLLING),
        published(
            "corrected_specific_energy",
            ROLLING_YEAR_BEFORE,
            kind,
            ("energi per m², året före", "energy per m², the year before"),
            ROLLING,
        ),
        published(
            "emission_intensity_location",
            ROLLING_YEAR,
            kind,
            ("utsläpp per kilowattimme", "emissions per kilowatt-hour"),
            ROLLING,
        ),
        published("renewable_share", ROLLING_YEAR, kind, ("förnybar andel", "renewable share"), ROLLING),
    )


def by_year(name: str, indicator: str, unit: str, title: Label, sentence: Label, source: Label) -> Panel:
    """Calendar years, a picture a building."""
    return Panel(
        id=name,
        kind=PanelKind.COLUMNS,
        unit=unit,
        title_sv=title[0],
        title_en=title[1],
        sentence_sv=sentence[0],
        sentence_en=sentence[1],
        source_sv=source[0],
        source_en=source[1],
        rows="subject",
        facet="subject",
        queries=(published(indicator, years(6), BUILDING, period=PeriodKind.YEAR),),
        empty_sv=EMPTY_SV,
        empty_en=EMPTY_EN,
    )


DASHBOARD = Dashboard(
    uid="oppna-siffror",
    title_sv="Öppna siffror",
    title_en="Open figures",
    audience=Audience.CITIZENS,
    description_sv="Vad kommunens hus använder, släpper ut och producerar. Fritt att använda, med källan angiven.",
    description_en="What the municipality's houses use, let out and make. Free to use, with the source named.",
    about=About.ESTATE,
    place=1,
    panels=(
        Panel(
            id="map",
            kind=PanelKind.MAP,
            unit="kWh/m2",
            title_sv="Husen på kartan",
            title_en="The houses on the map",
            sentence_sv="En cirkel per hus, större ju mer energi det behöver för varje kvadratmeter under ett år." + WEATHER_SV,
            sentence_en="A circle a house, larger the more energy it needs for each square metre in a year." + WEATHER_EN,
            source_sv=SOURCE_SV + LICENCE_SV,
            source_en=SOURCE_EN + LICENCE_EN,
            rows="building",
            queries=(
                PanelQuery(
                    Role.VALUE,
                    SeriesQuery(BUILDINGS, having={"open": 1, "public": 1}),
                    Scope.BUILDING,
                    TODAY,
                    "kWh/m2",
                    "energi per m²",
                    "energy per m²",
                    (
                        Column("value", "kWh/m2", "energi per m² och år", "energy per m² and year"),
                        Column("kind", "name", "slag", "type"),
                    ),
                ),
            ),
            link=Link.BUILDING,
            empty_sv="Inget av husen har ett läge i portföljen, eller så är dagens bild inte gjord än.",
            empty_en="None of the houses has a place in the portfolio, or today's picture is not made yet.",
        ),
        Panel(
            id="houses",
            kind=PanelKind.TABLE,
            unit="kWh",
            title_sv="Ett år i varje hus",
            title_en="A year in each house",
            sentence_sv="De tolv senaste hela månaderna. Energin är allt huset köpt, och den el det gjort på taket och använt "
            "själv. Utsläppen är de som elen och fjärrvärmen för med sig där vi bor. Saknas en siffra står orsaken i raden.",
            sentence_en="The last twelve whole months. The energy is all that the house bought, and the electricity that it made "
            "on its roof and used itself. The emissions are those that the electricity and the district heating bring with them "
            "where we live. Where a figure is missing the row has the reason.",
            source_sv=SOURCE_SV,
            source_en=SOURCE_EN,
            rows="subject",
            queries=(
                published("energy_total", ROLLING_YEAR, BUILDING, ("energi", "energy"), ROLLING),
                published(
                    "energy_total", ROLLING_YEAR_BEFORE, BUILDING, ("energi, året före", "energy, the year before"), ROLLING
                ),
                published("emissions_location", ROLLING_YEAR, BUILDING, ("utsläpp", "emissions"), ROLLING),
                published("renewable_share", ROLLING_YEAR, BUILDING, ("förnybar andel", "renewable share"), ROLLING),
                published("energy", ROLLING_YEAR, BUILDING, ("egen solel", "own solar electricity"), ROLLING, SOLAR),
            ),
            ranked_by="energy",
            link=Link.BUILDING,
            empty_sv=EMPTY_SV,
            empty_en=EMPTY_EN,
        ),
        Panel(
            id="per_area",
            kind=PanelKind.TABLE,
            unit="kWh/m2",
            title_sv="Hus mot hus: energi för varje kvadratmeter",
            title_en="House by house: energy for each square metre",
            sentence_sv=AREA_SV + WEATHER_SV + " Jämför helst hus av samma slag: en simhall behöver mer än en skola.",
            sentence_en=AREA_EN + WEATHER_EN + " Compare houses of one type: a swimming hall needs more than a school.",
            source_sv=SOURCE_SV + LICENCE_SV,
            source_en=SOURCE_EN + LICENCE_EN,
            rows="subject",
            queries=compared(BUILDING),
            ranked_by="energy per m²",
            link=Link.BUILDING,
            empty_sv=EMPTY_SV,
            empty_en=EMPTY_EN,
        ),
        Panel(
            id="kinds",
            kind=PanelKind.TABLE,
            unit="kWh/m2",
            title_sv="Slag mot slag",
            title_en="Type by type",
            sentence_sv="Alla kommunkoncernens hus av varje slag tillsammans, att jämföra ett enskilt hus med."
            + WEATHER_SV
            + " Slag där ett hus som inte är öppet skulle gå att räkna ut visas inte.",
            sentence_en="All the municipal group's houses of each type together, to compare a single house with."
            + WEATHER_EN
            + " Types where a house that is not open could be worked out are not shown.",
            source_sv=SOURCE_SV + LICENCE_SV,
            source_en=SOURCE_EN + LICENCE_EN,
            rows="subject",
            queries=compared(KIND),
            ranked_by="energy per m²",
            empty_sv="Inget slag av hus kan visas utan att röja ett hus som inte är öppet.",
            empty_en="No type of house can be shown without telling of a house that is not open.",
        ),
        by_year(
            "years",
            "corrected_specific_energy",
            "kWh/m2",
            ("År för år: energi för varje kvadratmeter", "Year by year: energy for each square metre"),
            (
                f"{AREA_SV}{WEATHER_SV} Blir staplarna lägre har huset blivit snålare.",
                f"{AREA_EN}{WEATHER_EN} Where the bars become lower the house has become thriftier.",
            ),
            (SOURCE_SV + LICENCE_SV, SOURCE_EN + LICENCE_EN),
        ),
        by_year(
            "years_emissions",
            "emissions_location",
            "kg CO2e",
            ("År för år: utsläpp", "Year by year: emissions"),
            (
                "Utsläppen från el och värme där vi bor. De blir mindre när huset använder mindre, och när elen och fjärrvärmen "
                "blir renare.",
                "Emissions of electricity and heat where we live. They become less when the house uses less, and when the "
                "electricity and the district heating become cleaner.",
            ),
            (
                "Energin gånger årets faktor för elen och fjärrvärmen; varje faktor har källa och år.",
                "The energy by the year's factor of the electricity and the district heating; each factor has source and year.",
            ),
        ),
        Panel(
            id="solar",
            kind=PanelKind.COLUMNS,
            unit="kWh",
            title_sv="El från husens egna tak",
            title_en="Electricity from the houses' own roofs",
            sentence_sv="Vad solcellerna gör, månad för månad. Mest blir det i maj till juli; det som huset inte använder själv "
            "går ut på nätet.",
            sentence_en="What the solar cells make, month by month. Most comes in May to July; what the house does not use "
            "itself goes out to the grid.",
            source_sv="Solcellernas egna mätare, timme för timme.",
            source_en="The solar cells' own meters, hour by hour.",
            rows="subject",
            queries=(published("energy", months(13), BUILDING, ("egen solel", "own solar electricity"), carriers=SOLAR),),
            stacked=True,
            empty_sv="Inget av de valda husen har solceller som mäts.",
            empty_en="None of the chosen houses has solar cells that are measured.",
        ),
    ),
)
