"""Morgonsidan: what to do first today, in the chosen buildings.

Left out on purpose: a sum of the deviations' kronor. One night's use can stand in several of them, and a sum would count it as
often.
"""

from config.domain.panels import About, Audience, Column, Dashboard, Link, Panel, PanelKind, PanelQuery, Role, Scope
from config.domain.series import BUILDINGS, EVENTS, METER_DAYS, RESTATEMENTS, Aggregate, SeriesQuery
from config.domain.windows import TODAY, days
from dashboards.facility_managers._asking import (
    BUILDING,
    DEVIATION_COLUMNS,
    METER_FAULTS,
    WASTE,
    WHEN,
    asked,
    open_deviations,
    table_of,
)

LONGEST_WAIT = days(400)  # an exchange waits for its decision for as long as nobody takes it


def _count(field: str, label_sv: str, label_en: str) -> PanelQuery:
    query = SeriesQuery(BUILDINGS, having={"open": 1}, aggregate=Aggregate.SUM, field=field)
    return asked(Role.VALUE, query, TODAY, "", label_sv, label_en)


DASHBOARD = Dashboard(
    uid="morgonsidan",
    title_sv="Morgonsidan",
    title_en="The morning page",
    audience=Audience.FACILITY_MANAGERS,
    description_sv="Vad som är värt att göra först idag: avvikelser efter kronor, tysta mätare, mätarbyten att ta ställning till "
    "och vad som har ändrats.",
    description_en="What is worth doing first today: deviations by kronor, silent meters, meter exchanges to decide on, and what "
    "has changed.",
    about=About.ESTATE,
    place=1,
    panels=(
        Panel(
            id="counts",
            kind=PanelKind.STAT,
            unit="",
            title_sv="Läget i morse",
            title_en="How things stand this morning",
            sentence_sv="Så många avvikelser är öppna och så många mätare är tysta i de valda byggnaderna. Börja med tabellen "
            "nedanför: den dyraste avvikelsen står överst.",
            sentence_en="So many deviations are open and so many meters silent in the chosen buildings. Begin with the table "
            "below: the dearest deviation comes first.",
            source_sv="Dagens bild av varje byggnad, gjord ur avvikelserna och mätarnas konton.",
            source_en="Today's picture of each building, made from the deviations and the meters' accounts.",
            rows="",
            queries=(
                _count("deviations", "Öppna avvikelser", "Open deviations"),
                _count("silent", "Tysta mätare", "Silent meters"),
                _count("meters", "Mätare i drift", "Meters in use"),
            ),
            empty_sv="Dagens bild är inte gjord än. Den görs strax efter midnatt: kontrollera beräkningarna om den dröjer.",
            empty_en="Today's picture is not made yet. It is made soon after midnight: check the jobs if it is late.",
        ),
        Panel(
            id="deviations",
            kind=PanelKind.TABLE,
            unit="kr",
            title_sv="Det här kostar mest just nu",
            title_en="What costs most right now",
            sentence_sv="Öppna avvikelser, den dyraste först: vad byggnaden har använt utöver det väntade och vad det har "
            "kostat hittills. Gör det som står under att göra först, och skriv in åtgärden så att besparingen kan visas. "
            "Beloppen läggs inte ihop: samma kilowattimme kan finnas i två avvikelser. Tystade avvikelser visas inte här.",
            sentence_en="Open deviations, the dearest first: what the building has used beyond the expected and what it has "
            "cost so far. Do what stands under to do first, and enter the action so that the saving can be shown. Amounts are "
            "not added up: one kilowatt-hour can be in two deviations. Muted deviations are not shown here.",
            source_sv="Byggnadens egen modell av väntad användning mot avräknade timmar; pris enligt byggnadens prislista.",
            source_en="The building's own model of expected use against settled hours; price by the building's price list.",
            rows="thread",
            queries=(open_deviations(WASTE, (BUILDING, *DEVIATION_COLUMNS)),),
            ranked_by="value",
            most=50,
            link=Link.THREAD,
            empty_sv="Ingen avvikelse är öppen i de valda byggnaderna.",
            empty_en="No deviation is open in the chosen buildings.",
        ),
        Panel(
            id="meter_faults",
            kind=PanelKind.TABLE,
            unit="kr",
            title_sv="Mätare som inte går att lita på",
            title_en="Meters that cannot be trusted",
            sentence_sv="Mätare som tystnat, står still eller inte stämmer med varandra. Kilowattimmarna är sådana som ingen "
            "vet om de har gått åt, inte slöseri: laga mätningen, annars blir månadens siffror osäkra eller saknas.",
            sentence_en="Meters that are silent, stand still or disagree. The kilowatt-hours are such as nobody knows to have "
            "been used, not waste: mend the metering, or the month's figures become uncertain or missing.",
            source_sv="Mätvärden jämförda med byggnadens modell och med de andra mätarna.",
            source_en="Readings compared with the building's model and with the other meters.",
            rows="thread",
            queries=(open_deviations(METER_FAULTS, (BUILDING, *DEVIATION_COLUMNS)),),
            ranked_by="kwh",
            most=50,
            link=Link.THREAD,
            empty_sv="Inget mätfel är öppet i de valda byggnaderna.",
            empty_en="No fault of metering is open in the chosen buildings.",
        ),
        Panel(
            id="silent_meters",
            kind=PanelKind.TABLE,
            unit="",
            title_sv="Tysta mätare",
            title_en="Silent meters",
            sentence_sv="Mätare som inte har hörts på tre gånger sitt avtalade intervall. Är flera tysta i samma byggnad är det "
            "oftast strömmen, nätverket eller insamlingsenheten; är det en enda är det mätaren. En som aldrig har hörts sedan "
            "tjänsten började lyssna är oftast inte ansluten än, eller heter något annat i portfolio.yaml.",
            sentence_en="Meters that have not been heard for three times their agreed interval. If several are silent in one "
            "building it is most often the power, the network or the gateway; if it is one, it is the meter. One that was never "
            "heard since the service began to listen is most often not connected yet, or has another id in portfolio.yaml.",
            source_sv="Mottagna mätvärden idag; tiden är när det senaste meddelandet kom till oss.",
            source_en="Readings received today; the time is when the latest message reached us.",
            rows="meter",
            queries=(
                table_of(
                    METER_DAYS,
                    TODAY,
                    "",
                    (
                        BUILDING,
                        Column("meter", "name", "mätare", "meter"),
                        Column("text", "text", "läge", "state", "text_en"),
                        Column("heard", "ms", "senast hörd", "last heard"),
                        Column("expected", "", "väntade idag", "expected today"),
                        Column("value", "", "mottagna idag", "received today"),
                    ),
                    silent=1,
                ),
            ),
            ranked_by="expected",
            most=100,
            link=Link.BUILDING,
            empty_sv="Ingen mätare i de valda byggnaderna är tyst.",
            empty_en="No meter in the chosen buildings is silent.",
        ),
        Panel(
            id="exchanges",
            kind=PanelKind.TABLE,
            unit="",
            title_sv="Mätarbyten att ta ställning till",
            title_en="Meter exchanges to decide on",
            sentence_sv="Mätarställningen har gjort ett hopp som ser ut som ett mätarbyte. Bekräfta bytet, eller säg att det "
            "inte är något. Tills någon har svarat räknas timmarna kring bytet som beräknade.",
            sentence_en="The register has made a step that looks like a meter exchange. Confirm it, or say that it is none. "
            "Until somebody has answered, the hours around it count as estimated.",
            source_sv="Avräkningens fynd i mätarställningarna.",
            source_en="What settlement found in the registers.",
            rows="subject",
            queries=(
                table_of(
                    EVENTS,
                    LONGEST_WAIT,
                    "",
                    (BUILDING, WHEN, Column("text", "text", "vad som har setts", "what was seen", "text_en")),
                    {"kind": ("exchange",)},
                    state="open",
                ),
            ),
            ranked_by="time",
            most=50,
            link=Link.EXCHANGE,
            empty_sv="Inget mätarbyte väntar på besked.",
            empty_en="No meter exchange waits for an answer.",
        ),
        Panel(
            id="yesterday",
            kind=PanelKind.TABLE,
            unit="kWh",
            title_sv="Igår mot samma veckodag förra veckan",
            title_en="Yesterday against the same weekday last week",
            sentence_sv="Byggnadernas energi det senaste hela dygnet, den som har ökat mest först. En stor förändring utan att "
            "vädret har slagit om: öppna byggnaden och se vilka timmar det gäller. En byggnad vars dygn saknas kan inte "
            "jämföras och står sist; täckningen säger hur mycket av dygnet som är uppmätt.",
            sentence_en="The buildings' energy of the last whole day, the one that has risen most first. A large change though "
            "the weather has not turned: open the building and see which hours it is. A building whose day is missing cannot be "
            "compared and stands last; the coverage says how much of the day is measured.",
            source_sv="Nyckeltalet energianvändning totalt (energy_total) per dygn.",
            source_en="The indicator energy use, total (energy_total), by day.",
            rows="building",
            queries=(
                table_of(
                    BUILDINGS,
                    TODAY,
                    "kWh",
                    (
                        BUILDING,
                        Column("energy", "kWh", "igår", "yesterday"),
                        Column("energy_before", "kWh", "samma veckodag förra veckan", "same weekday last week"),
                        Column("energy_change", "kWh", "förändring", "change"),
                        Column("coverage", "1", "täckning igår", "coverage yesterday"),
                    ),
                ),
            ),
            ranked_by="energy_change",
            most=50,
            link=Link.BUILDING,
            empty_sv="Dagens bild är inte gjord än.",
            empty_en="Today's picture is not made yet.",
        ),
        Panel(
            id="restated",
            kind=PanelKind.TABLE,
            unit="",
            title_sv="Siffror som har ändrats i efterhand",
            title_en="Figures that changed afterwards",
            sentence_sv="Publicerade siffror för perioder som är slut och som har blivit andra de senaste tre dygnen, med "
            "orsaken; de senaste tjugo. Resten, med värdet före och nu, står i miljögruppens Ändrade siffror. Har du redan "
            "skickat en av dem vidare: skicka den nya.",
            sentence_en="Published figures of periods that are over and that have come out otherwise in the last three days, "
            "with the cause; the latest twenty. The rest, with the value before and now, is in the environment team's Restated "
            "figures. If you have passed one of them on already: send the new one.",
            source_sv="Historiken över publicerade nyckeltal.",
            source_en="The history of published indicators.",
            rows="subject",
            queries=(
                PanelQuery(
                    Role.VALUE,
                    SeriesQuery(RESTATEMENTS, where={"subject_kind": ("building",)}),
                    Scope.SUBJECT,
                    days(3),
                    "",
                    "ändring",
                    "change",
                    (
                        WHEN,
                        Column("subject", "name", "byggnad", "building"),
                        Column("indicator", "name", "nyckeltal", "indicator"),
                        Column("of", "name", "period", "period"),
                        Column("sentence", "text", "vad som har ändrats", "what changed", "sentence_en"),
                    ),
                ),
            ),
            ranked_by="time",
            most=20,
            empty_sv="Ingen publicerad siffra har ändrats de senaste tre dygnen.",
            empty_en="No published figure has changed in the last three days.",
        ),
    ),
)
