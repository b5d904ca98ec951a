"""Byggnadens nyckeltal: the published figures of a building, month by month and for the last year."""

from config.domain.indicators import INDICATORS
from config.domain.panels import CARRIER_NAMES, Audience, Dashboard, Link, Panel, PanelKind, Role
from config.domain.periods import PeriodKind
from config.domain.windows import ROLLING_YEAR, Span, Window, months
from dashboards.facility_managers._asking import WATER, published

YEAR = months(12)
YEAR_BEFORE = Window(Span.MONTHS_BEFORE, 12)
TWO_YEARS = months(25)
METERED = tuple(CARRIER_NAMES)
WITH_POWER = ("electricity", "district_heating", "district_cooling", "gas")
THEN = ("ett år tidigare", "a year earlier")

DASHBOARD = Dashboard(
    uid="byggnadens-nyckeltal",
    title_sv="Byggnadens nyckeltal",
    title_en="The building's figures",
    audience=Audience.FACILITY_MANAGERS,
    description_sv="Energi, normalårskorrigerad energi, effekt, kostnad och utsläpp: det senaste året och månad för månad.",
    description_en="Energy, weather-corrected energy, power, cost and emissions: the last year, and month by month.",
    place=5,
    monthly=True,
    panels=(
        Panel(
            id="year",
            kind=PanelKind.STAT,
            unit="",
            title_sv="De senaste tolv månaderna",
            title_en="The last twelve months",
            sentence_sv="Hela månader, till och med den förra. Ett värde som saknas säger vad som fattas: en mätare, en area, "
            "en prislista eller en faktor. Kostnad och utsläpp räknas på köpt energi.",
            sentence_en="Whole months, up to the last one. A missing value says what it lacks: a meter, an area, a price list "
            "or a factor. Cost and emissions are of energy bought.",
            source_sv="Publicerade nyckeltal för rullande tolv månader; definitionerna står vid varje siffras härledning.",
            source_en="Published indicators of the rolling year; their definitions stand with each figure's lineage.",
            rows="",
            queries=(
                published("energy_total", ROLLING_YEAR, period=PeriodKind.ROLLING_YEAR),
                published("corrected_energy", ROLLING_YEAR, period=PeriodKind.ROLLING_YEAR),
                published("corrected_specific_energy", ROLLING_YEAR, period=PeriodKind.ROLLING_YEAR),
                published("water", ROLLING_YEAR, WATER, period=PeriodKind.ROLLING_YEAR),
                published("cost", ROLLING_YEAR, period=PeriodKind.ROLLING_YEAR),
                published("emissions_location", ROLLING_YEAR, period=PeriodKind.ROLLING_YEAR),
                published("emissions_market", ROLLING_YEAR, period=PeriodKind.ROLLING_YEAR),
            ),
            link=Link.FIGURE,
            empty_sv="Året är inte beräknat för byggnaden än.",
            empty_en="The year is not calculated for the building yet.",
        ),
        Panel(
            id="months_energy",
            kind=PanelKind.COLUMNS,
            unit="kWh",
            title_sv="Energi månad för månad, mot året före",
            title_en="Energy month by month, against the year before",
            sentence_sv="Uppmätt energi per energislag, utan korrigering för vädret. Skillnaden mot året före kan vara väder: "
            "se den korrigerade nedanför innan du drar en slutsats. Månader som saknar mer än en tiondel av mätningen visas som "
            "saknas.",
            sentence_en="Measured energy per carrier, not corrected for the weather. The difference from the year before can be "
            "weather: see the corrected one below before you draw a conclusion. Months that lack more than a tenth of the "
            "metering are shown as missing.",
            source_sv="Nyckeltalet energianvändning (energy).",
            source_en="The indicator energy use (energy).",
            rows="carrier",
            queries=(
                published("energy", YEAR, METERED, label=("energi", "energy")),
                published("energy", YEAR_BEFORE, METERED, role=Role.COMPARISON, label=THEN),
            ),
            facet="carrier",
            link=Link.FIGURE,
            empty_sv="Ingen månad är beräknad för byggnaden än.",
            empty_en="No month is calculated for the building yet.",
        ),
        Panel(
            id="months_corrected",
            kind=PanelKind.LINES,
            unit="kWh",
            title_sv="Uppmätt och normalårskorrigerad energi",
            title_en="Measured and weather-corrected energy",
            sentence_sv="Byggnadens energi som den mättes, och som den skulle ha varit ett normalt år. Går linjerna isär var "
            "månaden ovanligt kall eller varm. Stiger den korrigerade mot samma månad förra året har något i byggnaden ändrats.",
            sentence_en="The building's energy as measured, and as it would have been in a normal year. Where the lines part "
            "the month was unusually cold or warm. If the corrected one rises against the same month of last year something in "
            "the building has changed.",
            source_sv="Nyckeltalen heated_building_energy och corrected_energy; graddagar från SMHI:s närmaste station.",
            source_en="The indicators heated_building_energy and corrected_energy; degree days of SMHI's nearest station.",
            rows="",
            queries=(
                published("heated_building_energy", TWO_YEARS, label=("uppmätt", "measured")),
                published("corrected_energy", TWO_YEARS, label=("normalårskorrigerad", "weather-corrected")),
            ),
            link=Link.FIGURE,
            empty_sv="Byggnaden har ingen uppvärmd area i portföljen, eller ingen månad är beräknad än.",
            empty_en="The building has no heated area in the portfolio, or no month is calculated yet.",
        ),
        Panel(
            id="base_load",
            kind=PanelKind.COLUMNS,
            unit="kW",
            title_sv="Baslast: effekten när ingen är där",
            title_en="Base load: the power when nobody is there",
            sentence_sv="Nattens lägsta effekt varje månad. Den ska vara densamma år efter år eller sjunka. Stiger den har "
            "något lämnats på: ventilation, värme i stuprör, belysning, kyla.",
            sentence_en="The lowest power of the nights of each month. It should be the same year after year, or fall. If it "
            "rises something was left on: ventilation, gutter heating, lighting, cooling.",
            source_sv="Nyckeltalet baslast (base_load): tionde percentilen av timmarna 00–05.",
            source_en="The indicator base load (base_load): the tenth percentile of the hours 00-05.",
            rows="carrier",
            queries=(
                published("base_load", YEAR, WITH_POWER, label=("baslast", "base load")),
                published("base_load", YEAR_BEFORE, WITH_POWER, role=Role.COMPARISON, label=THEN),
            ),
            facet="carrier",
            link=Link.FIGURE,
            empty_sv="Byggnaden har ingen mätare med timvärden.",
            empty_en="The building has no meter with hourly values.",
        ),
        Panel(
            id="peak_power",
            kind=PanelKind.COLUMNS,
            unit="kW",
            title_sv="Effekttopp månad för månad",
            title_en="Peak power month by month",
            sentence_sv="Månadens högsta medeleffekt under en uppmätt timme. Den kostar pengar där elnätet eller fjärrvärmen "
            "tar betalt för effekt. En ensam hög stapel är ofta något som startade samtidigt: följ siffran till timmen.",
            sentence_en="The month's highest mean power of a measured hour. It costs money where the grid or the district "
            "heating charges for power. A single high bar is often things that started at one time: follow the figure to its "
            "hour.",
            source_sv="Nyckeltalet effekttopp (peak_power).",
            source_en="The indicator peak power (peak_power).",
            rows="carrier",
            queries=(
                published("peak_power", YEAR, WITH_POWER, label=("effekttopp", "peak power")),
                published("peak_power", YEAR_BEFORE, WITH_POWER, role=Role.COMPARISON, label=THEN),
            ),
            facet="carrier",
            link=Link.FIGURE,
            empty_sv="Byggnaden har ingen mätare med timvärden.",
            empty_en="The building has no meter with hourly values.",
        ),
        Panel(
            id="months_cost",
            kind=PanelKind.COLUMNS,
            unit="kr",
            title_sv="Kostnad månad för månad, utan moms",
            title_en="Cost month by month, without VAT",
            sentence_sv="Vad energin och vattnet ska kosta enligt prislistorna. Jämför med fakturan: skiljer de sig är det "
            "oftast en gammal prislista eller fel abonnerad effekt i portföljen.",
            sentence_en="What energy and water should cost by the price lists. Compare with the bill: if they differ it is most "
            "often an old price list or a wrong subscribed power in the portfolio.",
            source_sv="Nyckeltalet kostnad utan moms (cost), efter mätpunkternas daterade prislistor.",
            source_en="The indicator cost without VAT (cost), by the dated price lists of the metering points.",
            rows="",
            queries=(
                published("cost", YEAR, label=("kostnad", "cost")),
                published("cost", YEAR_BEFORE, role=Role.COMPARISON, label=THEN),
            ),
            link=Link.FIGURE,
            empty_sv="Ingen månads kostnad är beräknad: ange prislistor för mätpunkterna.",
            empty_en="No month's cost is calculated: enter price lists for the metering points.",
        ),
        Panel(
            id="months_emissions_location",
            kind=PanelKind.COLUMNS,
            unit="kg CO2e",
            title_sv="Utsläpp månad för månad, platsbaserade",
            title_en="Emissions month by month, location-based",
            sentence_sv="Räknat på den el och värme som nätet hade. Läggs inte ihop med de marknadsbaserade: det är samma "
            "energi räknad på två sätt. Ändras staplarna utan att energin gör det har en faktor bytts vid årsskiftet.",
            sentence_en="By the electricity and heat that the network had. Not to be added to the market-based ones: it is the "
            "same energy counted in two ways. If the bars move though the energy does not, a factor changed with the year.",
            source_sv="Nyckeltalet emissions_location, efter daterade faktorer.",
            source_en="The indicator emissions_location, by dated factors.",
            rows="",
            queries=(
                published("emissions_location", YEAR, label=("platsbaserat", "location-based")),
                published("emissions_location", YEAR_BEFORE, role=Role.COMPARISON, label=THEN),
            ),
            link=Link.FIGURE,
            empty_sv="Ingen månads utsläpp är beräknade: ange faktorer för energislagen.",
            empty_en="No month's emissions are calculated: enter factors for the carriers.",
        ),
        Panel(
            id="months_emissions_market",
            kind=PanelKind.COLUMNS,
            unit=INDICATORS["emissions_market"].unit,
            title_sv="Utsläpp månad för månad, marknadsbaserade",
            title_en="Emissions month by month, market-based",
            sentence_sv="Räknat på det som är avtalat med leverantörerna. Leverantörer uppger CO2 eller CO2e, och enheten säger "
            "att båda kan ingå. Saknas en månad säger den vilken leverantörs faktor som fattas.",
            sentence_en="By what is contracted with the suppliers. Suppliers state CO2 or CO2e, and the unit says that both may "
            "be in it. A missing month says which supplier's factor it lacks.",
            source_sv="Nyckeltalet emissions_market, efter daterade faktorer.",
            source_en="The indicator emissions_market, by dated factors.",
            rows="",
            queries=(
                published("emissions_market", YEAR, label=("marknadsbaserat", "market-based")),
                published("emissions_market", YEAR_BEFORE, role=Role.COMPARISON, label=THEN),
            ),
            link=Link.FIGURE,
            empty_sv="Ingen månads utsläpp är beräknade: ange faktorer för energislagen.",
            empty_en="No month's emissions are calculated: enter factors for the carriers.",
        ),
    ),
)
