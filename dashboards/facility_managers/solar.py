"""Solanläggningen: what the cells give, against the sun, and how much of it is used in the building.

Plants and inverters are compared with each other: each has a metering point of its own. They are never added up: an inverter can
be a sub-meter of its plant. Strings are stored by no name that all devices share, so nothing is said of them.
"""

from config.domain.estate import Carrier
from config.domain.panels import Audience, Column, Dashboard, Link, Panel, PanelKind, Role
from config.domain.periods import PeriodKind
from config.domain.series import INTERVALS, METER_DAYS, Aggregate, Every, SeriesQuery
from config.domain.windows import LAST_MONTH, TODAY, Span, Window, last_hours, months, past_days
from dashboards.facility_managers._asking import BOTH_WAYS, SOLAR, published, table_of, with_coverage

MONTH = past_days(30)
YEAR = months(12)
TWO_YEARS = months(25)
OUT_AND_IN = ("solar", "electricity_export", "electricity")


def _by_point(aggregate: Aggregate, every: Every) -> SeriesQuery:
    where = {"carrier": SOLAR, "direction": BOTH_WAYS}
    return SeriesQuery(INTERVALS, where=where, aggregate=aggregate, every=every, by=("point",))


DASHBOARD = Dashboard(
    uid="solanlaggning",
    title_sv="Solanläggningen",
    title_en="The solar plant",
    audience=Audience.FACILITY_MANAGERS,
    description_sv="Produktion mot solens instrålning, egenanvändning, och växelriktarna jämförda med varandra.",
    description_en="Production against the sun's irradiation, self-consumption, and the inverters compared with each other.",
    place=7,
    carriers=(Carrier.SOLAR,),
    panels=(
        Panel(
            id="last_month",
            kind=PanelKind.STAT,
            unit="",
            title_sv="Förra månaden",
            title_en="Last month",
            sentence_sv="Vad anläggningen gav per installerad kilowatt, hur mycket av det solen erbjöd som blev el, och hur "
            "mycket som användes på plats. En systemverkningsgrad under 70 % i maj till augusti är värd en felsökning; "
            "vintermånader med snö säger lite.",
            sentence_en="What the plant gave per installed kilowatt, how much of what the sun offered became electricity, and "
            "how much was used on the spot. A performance ratio below 70 % from May to August is worth a search for faults; "
            "winter months with snow say little.",
            source_sv="Nyckeltal enligt IEC 61724-1 ur produktionsmätare, exportmätare och instrålningsgivare.",
            source_en="Indicators by IEC 61724-1 from production meters, export meters and the irradiance sensor.",
            rows="",
            queries=(
                published("energy", LAST_MONTH, SOLAR, label=("Producerat", "Produced")),
                published("specific_yield", LAST_MONTH, SOLAR),
                published("reference_yield", LAST_MONTH, SOLAR),
                published("performance_ratio", LAST_MONTH, SOLAR),
                published("self_consumption", LAST_MONTH, SOLAR),
                published("self_sufficiency", LAST_MONTH, SOLAR),
            ),
            link=Link.FIGURE,
            empty_sv="Förra månaden är inte beräknad för anläggningen.",
            empty_en="Last month is not calculated for the plant.",
        ),
        Panel(
            id="yield",
            kind=PanelKind.COLUMNS,
            unit="kWh/kWp",
            title_sv="Specifik produktion mot samma månad året före",
            title_en="Specific yield against the same month of the year before",
            sentence_sv="Kilowattimmar per installerad kilowatt. Skillnaden mot året före är oftast vädret; är den lägre månad "
            "efter månad medan referensproduktionen inte är det, tappar anläggningen.",
            sentence_en="Kilowatt-hours per installed kilowatt. The difference from the year before is most often the weather; "
            "if it is lower month after month while the reference yield is not, the plant is losing.",
            source_sv="Nyckeltalet specifik produktion (specific_yield); toppeffekten ur portföljen.",
            source_en="The indicator specific yield (specific_yield); the peak power from the portfolio.",
            rows="",
            queries=(
                published("specific_yield", YEAR, SOLAR, label=("specifik produktion", "specific yield")),
                published(
                    "specific_yield",
                    Window(Span.MONTHS_BEFORE, 12),
                    SOLAR,
                    role=Role.COMPARISON,
                    label=("ett år tidigare", "a year earlier"),
                ),
            ),
            link=Link.FIGURE,
            empty_sv="Toppeffekten saknas i portföljen, eller ingen månad är beräknad.",
            empty_en="The portfolio lacks the peak power, or no month is calculated.",
        ),
        Panel(
            id="reference",
            kind=PanelKind.LINES,
            unit="h",
            title_sv="Referensproduktion: vad solen erbjöd",
            title_en="Reference yield: what the sun offered",
            sentence_sv="Så många timmar med full sol (1 kW/m²) som panelernas plan fick. Med samma sol ska anläggningen ge "
            "ungefär lika mycket. Utan instrålningsgivare i panelernas plan saknas värdet, och då kan ingen skilja väder från "
            "fel.",
            sentence_en="So many hours of full sun (1 kW/m²) the plane of the panels got. With the same sun the plant should "
            "give about as much. Without an irradiance sensor in that plane the value is missing, and nobody can tell weather "
            "from faults.",
            source_sv="Nyckeltalet referensproduktion (reference_yield).",
            source_en="The indicator reference yield (reference_yield).",
            rows="",
            queries=(published("reference_yield", TWO_YEARS, SOLAR),),
            link=Link.FIGURE,
            empty_sv="Det finns ingen instrålningsgivare i panelernas plan.",
            empty_en="There is no irradiance sensor in the plane of the panels.",
        ),
        Panel(
            id="performance",
            kind=PanelKind.LINES,
            unit="1",
            title_sv="Systemverkningsgrad månad för månad",
            title_en="Performance ratio month by month",
            sentence_sv="Hur stor del av det solen erbjöd som blev el. Linjen ska vara jämn från vår till höst. Ett steg nedåt "
            "som stannar är en växelriktare eller sträng som har slutat; ett långsamt fall är smuts eller skugga.",
            sentence_en="How much of what the sun offered became electricity. The line should be even from spring to autumn. A "
            "step down that stays is an inverter or string that has stopped; a slow fall is dirt or shade.",
            source_sv="Nyckeltalet systemverkningsgrad (performance_ratio).",
            source_en="The indicator performance ratio (performance_ratio).",
            rows="",
            queries=(published("performance_ratio", TWO_YEARS, SOLAR),),
            link=Link.FIGURE,
            empty_sv="Det finns ingen instrålningsgivare i panelernas plan.",
            empty_en="There is no irradiance sensor in the plane of the panels.",
        ),
        Panel(
            id="own_use",
            kind=PanelKind.LINES,
            unit="%",
            title_sv="Egenanvändning och självförsörjning",
            title_en="Self-consumption and self-sufficiency",
            sentence_sv="Egenanvändning är den del av solelen som användes i byggnaden, självförsörjning den del av byggnadens "
            "el som var sol. Låg egenanvändning mitt på sommaren i en skola är väntad; el som säljs är värd mindre än el som "
            "slipper köpas.",
            sentence_en="Self-consumption is the part of the solar electricity that was used in the building, self-sufficiency "
            "the part of the building's electricity that was solar. Low self-consumption at midsummer in a school is expected; "
            "electricity sold is worth less than electricity not bought.",
            source_sv="Nyckeltalen self_consumption och self_sufficiency.",
            source_en="The indicators self_consumption and self_sufficiency.",
            rows="",
            queries=(published("self_consumption", TWO_YEARS, SOLAR), published("self_sufficiency", TWO_YEARS, SOLAR)),
            link=Link.FIGURE,
            empty_sv="Ingen mätare räknar det som matas ut på nätet, så egenanvändningen är okänd.",
            empty_en="No meter counts what is sent out, so that nobody knows the self-consumption.",
        ),
        Panel(
            id="sun_and_grid",
            kind=PanelKind.COLUMNS,
            unit="kWh",
            title_sv="Producerat, utmatat och köpt per dygn",
            title_en="Produced, sent out and bought by day",
            sentence_sv="Tre mätare var för sig; de läggs inte ihop. Matas allt ut en vardag med sol används inget på plats: "
            "kontrollera mätarnas riktning.",
            sentence_en="Three meters, each by itself; they are not added up. If all is sent out on a sunny working day nothing "
            "is used on the spot: check the direction of the meters.",
            source_sv="Nyckeltalet energianvändning (energy) per dygn.",
            source_en="The indicator energy use (energy) by day.",
            rows="carrier",
            queries=(published("energy", MONTH, OUT_AND_IN, period=PeriodKind.DAY, label=("per dygn", "per day")),),
            link=Link.FIGURE,
            empty_sv="Inget dygn är beräknat för byggnaden.",
            empty_en="No day is calculated for the building.",
        ),
        Panel(
            id="hours",
            kind=PanelKind.LINES,
            unit="kWh",
            title_sv="Produktion per timme, anläggning för anläggning",
            title_en="Production by hour, plant by plant",
            sentence_sv="De senaste tre dygnen, varje mätpunkt för sig. På samma tak ska kurvorna ha samma form. En som är noll "
            "mitt på dagen medan de andra går är avstängd eller trasig; en platt topp medan de andra är spetsiga är "
            "växelriktaren som når sitt tak.",
            sentence_en="The last three days, each metering point by itself. On one roof the curves should have one shape. One "
            "that is nought at noon while the others run is switched off or broken; a flat top while the others are pointed is "
            "an inverter at its limit.",
            source_sv="Avräknade timmar ur produktionsmätarnas ställningar.",
            source_en="Settled hours from the production meters' registers.",
            rows="point",
            queries=with_coverage(_by_point(Aggregate.SUM, Every.HOUR), last_hours(72), "kWh", "per timme", "per hour"),
            empty_sv="Produktionsmätarna har inga avräknade timmar de senaste tre dygnen.",
            empty_en="The production meters have no settled hours in the last three days.",
        ),
        Panel(
            id="days",
            kind=PanelKind.COLUMNS,
            unit="kWh",
            title_sv="Produktion per dygn, anläggning för anläggning",
            title_en="Production by day, plant by plant",
            sentence_sv="Varje mätpunkt för sig; en växelriktare kan ingå i sin anläggning, så staplarna läggs inte ihop. "
            "Förhållandet mellan dem ska vara detsamma från dag till dag: ändras det har en av dem fått ett fel, skugga eller "
            "snö.",
            sentence_en="Each metering point by itself; an inverter can be part of its plant, so that the bars are not added "
            "up. Their ratio should be the same from day to day: if it changes one of them has a fault, shade or snow.",
            source_sv="Avräknade timmar ur produktionsmätarnas ställningar.",
            source_en="Settled hours from the production meters' registers.",
            rows="point",
            queries=with_coverage(_by_point(Aggregate.SUM, Every.DAY), MONTH, "kWh", "per dygn", "per day"),
            empty_sv="Produktionsmätarna har inga avräknade dygn.",
            empty_en="The production meters have no settled days.",
        ),
        Panel(
            id="best_hour",
            kind=PanelKind.COLUMNS,
            unit="kW",
            title_sv="Dagens bästa timme",
            title_en="The best hour of each day",
            sentence_sv="Högsta medeleffekten under en timme varje dygn. Stannar den på exakt samma höjd alla soliga dagar "
            "begränsas anläggningen: växelriktaren är mindre än panelerna, eller så är utmatningen strypt.",
            sentence_en="The highest mean power of an hour each day. If it stops at the very same height on every sunny day the "
            "plant is limited: the inverter is smaller than the panels, or what may be sent out is restricted.",
            source_sv="Avräknade timmar ur produktionsmätarnas ställningar; kWh under en timme är medeleffekten i kW.",
            source_en="Settled hours from the production meters' registers; kWh in one hour is the mean power in kW.",
            rows="point",
            queries=with_coverage(_by_point(Aggregate.MAX, Every.DAY), MONTH, "kW", "bästa timmen", "best hour"),
            empty_sv="Produktionsmätarna har inga avräknade timmar.",
            empty_en="The production meters have no settled hours.",
        ),
        Panel(
            id="meters",
            kind=PanelKind.TABLE,
            unit="",
            title_sv="Byggnadens mätare idag",
            title_en="The building's meters today",
            sentence_sv="En växelriktare som är tyst på natten är som den ska; en som är tyst mitt på dagen är det inte. Värden "
            "som avvisas är ofta toppar när växelriktaren startar.",
            sentence_en="An inverter that is silent at night is as it should be; one that is silent at noon is not. Values set "
            "aside are often spikes when the inverter starts.",
            source_sv="Mätarnas konton för dagen.",
            source_en="The meters' accounts of the day.",
            rows="meter",
            queries=(
                table_of(
                    METER_DAYS,
                    TODAY,
                    "",
                    (
                        Column("meter", "name", "mätare", "meter"),
                        Column("heard", "ms", "senast hörd", "last heard"),
                        Column("expected", "", "väntade", "expected"),
                        Column("value", "", "mottagna", "received"),
                        Column("flagged", "", "avvisade", "set aside"),
                    ),
                ),
            ),
            empty_sv="Dagens konton är inte förda än.",
            empty_en="Today's accounts are not kept yet.",
        ),
    ),
)
