"""Byggnadens energi: when a building uses energy and water, whether it follows the weather, and what has happened in it."""

from config.domain.panels import Audience, Column, Dashboard, Link, Panel, PanelKind, PanelQuery, Role, Scope
from config.domain.series import EVENTS, INTERVALS, SIGNATURE, Aggregate, Every, SeriesQuery
from config.domain.windows import days, past_days
from dashboards.facility_managers._asking import (
    BOTH_WAYS,
    DEVIATION_COLUMNS,
    INWARDS,
    METER_FAULTS,
    SOLAR,
    USED,
    WASTE,
    WATER,
    WHEN,
    main_hours,
    open_deviations,
    table_of,
    with_coverage,
)

FOUR_WEEKS = days(28)
A_YEAR = days(366)


def _hours(carriers: tuple[str, ...], directions: tuple[str, ...], unit: str) -> tuple[PanelQuery, ...]:
    return with_coverage(main_hours(carriers, directions), FOUR_WEEKS, unit, "per timme", "per hour")


LEAST_WATER = SeriesQuery(
    INTERVALS,
    where={"level": ("main",), "carrier": WATER, "direction": INWARDS},
    aggregate=Aggregate.MIN,
    every=Every.DAY,
    by=("point",),
)
DASHBOARD = Dashboard(
    uid="byggnadens-energi",
    title_sv="Byggnadens energi",
    title_en="The building's energy",
    audience=Audience.FACILITY_MANAGERS,
    description_sv="Öppna avvikelser, när på dygnet energin går åt, energisignaturen, vatten på natten och vad som har hänt.",
    description_en="Open deviations, at what hours energy is used, the energy signature, water at night and what has happened.",
    place=4,
    panels=(
        Panel(
            id="deviations",
            kind=PanelKind.TABLE,
            unit="kr",
            title_sv="Öppna avvikelser i byggnaden",
            title_en="Open deviations of the building",
            sentence_sv="Vad byggnaden har gjort annorlunda än väntat, det dyraste först, och vad som är värt att göra. "
            "Beloppen läggs inte ihop: samma kilowattimme kan finnas i två avvikelser.",
            sentence_en="What the building has done otherwise than expected, the dearest first, and what is worth doing. "
            "Amounts are not added up: one kilowatt-hour can be in two deviations.",
            source_sv="Byggnadens egen modell av väntad användning mot avräknade timmar; pris enligt byggnadens prislista.",
            source_en="The building's own model of expected use against settled hours; price by the building's price list.",
            rows="thread",
            queries=(open_deviations((*WASTE, *METER_FAULTS), DEVIATION_COLUMNS),),
            ranked_by="value",
            most=50,
            link=Link.THREAD,
            empty_sv="Ingen avvikelse är öppen i byggnaden.",
            empty_en="No deviation is open in the building.",
        ),
        Panel(
            id="heat_map",
            kind=PanelKind.HEAT_MAP,
            unit="kWh",
            title_sv="Energi timme för timme, fyra veckor",
            title_en="Energy hour by hour, four weeks",
            sentence_sv="Varje ruta är en timme, varje rad ett dygn; mörkare är mer. Natt och helg ska vara ljusare än "
            "arbetstid. En mörk natt, eller en söndag som ser ut som en måndag, betyder att något går i onödan: se över "
            "drifttiderna. Rutor med streck är helt eller delvis beräknade.",
            sentence_en="Each cell is an hour, each row a day; darker is more. Nights and days off should be paler than working "
            "hours. A dark night, or a Sunday that looks like a Monday, means that something runs in vain: look over the "
            "operating hours. Hatched cells are wholly or partly calculated.",
            source_sv="Avräknade timmar ur mätarställningar; undermätare räknas inte två gånger.",
            source_en="Settled hours from meter registers; sub-meters are not counted twice.",
            rows="carrier",
            queries=(*_hours(USED, INWARDS, "kWh"), *_hours(SOLAR, BOTH_WAYS, "kWh")),
            facet="carrier",
            empty_sv="Byggnaden har inga avräknade timmar de senaste fyra veckorna.",
            empty_en="The building has no settled hours in the last four weeks.",
        ),
        Panel(
            id="signature",
            kind=PanelKind.SCATTER,
            unit="kW",
            title_sv="Energisignatur",
            title_en="Energy signature",
            sentence_sv="En punkt per dygn: medeleffekten mot utetemperaturen, och den linje som byggnadens egen modell väntar "
            "sig. Det senaste dygnet är utmärkt. Ligger de senaste punkterna ovanför linjen använder byggnaden mer än vädret "
            "förklarar; planar de inte ut när det är varmt går värmen i onödan.",
            sentence_en="A point a day: the mean power against the outdoor temperature, and the line that the building's own "
            "model expects. The latest day stands out. If the latest points lie above the line the building uses more than the "
            "weather explains; if they do not level out when it is warm, heating runs in vain.",
            source_sv="Dygnens avräknade energi, SMHI:s utetemperatur och modellen av de tolv månaderna före.",
            source_en="The settled energy of each day, SMHI's outdoor temperature and the model of the twelve months before.",
            rows="carrier",
            queries=(
                table_of(
                    SIGNATURE,
                    A_YEAR,
                    "kW",
                    (
                        Column("temperature", "°C", "utetemperatur, dygnsmedel", "outdoor temperature, daily mean"),
                        Column("value", "kW", "medeleffekt", "mean power"),
                        Column("expected", "kW", "väntad medeleffekt", "expected mean power"),
                    ),
                ),
            ),
            facet="carrier",
            empty_sv="Signaturen kräver hela dygn med både energi och utetemperatur; byggnaden har inga än.",
            empty_en="The signature needs whole days of both energy and outdoor temperature; the building has none yet.",
        ),
        Panel(
            id="water_heat_map",
            kind=PanelKind.HEAT_MAP,
            unit="m3",
            title_sv="Vatten timme för timme, fyra veckor",
            title_en="Water hour by hour, four weeks",
            sentence_sv="Varje ruta är en timme, varje rad ett dygn; mörkare är mer. När ingen är i byggnaden ska rutorna vara "
            "tomma eller nästan vita. Ett band som aldrig blir ljust är en läcka eller en toalett som rinner.",
            sentence_en="Each cell is an hour, each row a day; darker is more. When nobody is in the building the cells should "
            "be empty or nearly white. A band that never turns pale is a leak or a running toilet.",
            source_sv="Avräknade timmar ur vattenmätarnas ställningar; undermätare räknas inte två gånger.",
            source_en="Settled hours from the water meters' registers; sub-meters are not counted twice.",
            rows="carrier",
            queries=_hours(WATER, INWARDS, "m3"),
            facet="carrier",
            empty_sv="Byggnaden har ingen avräknad vattenmätare.",
            empty_en="The building has no settled water meter.",
        ),
        Panel(
            id="water_least",
            kind=PanelKind.COLUMNS,
            unit="m3",
            title_sv="Vatten i dygnets tystaste timme",
            title_en="Water in the quietest hour of each day",
            sentence_sv="Den lägsta timmen varje dygn, oftast på natten. I en byggnad som står tom om natten "
            "ska den vara noll. Är den det inte rinner det dygnet runt: staplens höjd gånger tjugofyra är vad det kostar per "
            "dygn. Mätare som bara sänder några gånger om dygnet har jämnt fördelade timmar och kan inte visa detta: se "
            "täckningen.",
            sentence_en="The lowest hour of each day, most often at night. In a building that is empty at "
            "night it should be nought. If it is not, water runs around the clock: the bar's height times twenty-four is what "
            "it takes a day. Meters that send a few times a day only have their hours spread evenly and cannot show this: see "
            "the coverage.",
            source_sv="Avräknade timmar ur vattenmätarnas ställningar, den lägsta per dygn.",
            source_en="Settled hours from the water meters' registers, the lowest of each day.",
            rows="point",
            queries=with_coverage(LEAST_WATER, past_days(28), "m3", "lägsta timmen", "lowest hour"),
            empty_sv="Byggnaden har ingen avräknad vattenmätare.",
            empty_en="The building has no settled water meter.",
        ),
        Panel(
            id="events",
            kind=PanelKind.TABLE,
            unit="h",
            title_sv="Vad som har hänt",
            title_en="What has happened",
            sentence_sv="Mätarbyten, åtgärder, luckor i mätningen och avvikelser det senaste kvartalet, det senaste först. Leta "
            "här när en kurva gör ett hopp: en åtgärd, ett byte eller en lucka är oftast förklaringen.",
            sentence_en="Meter exchanges, actions, gaps in the metering and deviations of the last quarter of a year, the "
            "latest first. Look here when a curve makes a step: an action, an exchange or a gap is most often the explanation.",
            source_sv="Avräkningens fynd, ärendena och mätarbytena.",
            source_en="What settlement found, the threads and the meter exchanges.",
            rows="subject",
            queries=(
                PanelQuery(
                    role=Role.VALUE,
                    query=SeriesQuery(EVENTS, having={"open": 1}),
                    scope=Scope.BUILDING,
                    window=days(92),
                    unit="h",
                    label_sv="varade",
                    label_en="lasted",
                    columns=(
                        WHEN,
                        Column("kind", "name", "slag", "kind"),
                        Column("text", "text", "vad", "what", "text_en"),
                        Column("value", "h", "varade", "lasted"),
                    ),
                ),
            ),
            ranked_by="time",
            most=100,
            empty_sv="Inget har antecknats om byggnaden det senaste kvartalet.",
            empty_en="Nothing has been noted about the building in the last quarter of a year.",
        ),
    ),
)
