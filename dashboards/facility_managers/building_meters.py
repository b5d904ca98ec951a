"""Mätare och inneklimat: whether a building's meters do their work, what waits for a decision, and how the rooms are."""

from config.domain.panels import Audience, Column, Dashboard, Link, Panel, PanelKind, PanelQuery, Role, Scope
from config.domain.series import EVENTS, METER_DAYS, READINGS, Aggregate, Every, SeriesQuery
from config.domain.windows import TODAY, days, last_hours, months, past_days
from dashboards.facility_managers._asking import WHEN, asked, published, table_of

WEEK = last_hours(7 * 24)
FORTNIGHT = days(14)
ACCOUNT = (
    Column("meter", "name", "mätare", "meter"),
    Column("expected", "", "väntade", "expected"),
    Column("value", "", "mottagna", "received"),
    Column("stored", "", "lagrade", "stored"),
    Column("flagged", "", "avvisade", "set aside"),
    Column("heard", "ms", "senast hörd", "last heard"),
    Column("text", "text", "läge", "state", "text_en"),
)


def _received(label_sv: str, label_en: str, field: str | None = None) -> PanelQuery:
    query = SeriesQuery(METER_DAYS, having={"open": 1}, aggregate=Aggregate.SUM, every=Every.DAY, by=("meter",), field=field)
    return asked(Role.VALUE, query, past_days(14), "", label_sv, label_en)


def _rooms(register: str, unit: str, label_sv: str, label_en: str) -> tuple[PanelQuery, ...]:
    where = {"register": (register,)}
    by = ("meter", "register")
    hours = SeriesQuery(READINGS, where=where, aggregate=Aggregate.MEAN, every=Every.HOUR, by=by)
    heard = SeriesQuery(READINGS, where=where, aggregate=Aggregate.MAX, by=by, field="received")
    return (
        asked(Role.VALUE, hours, WEEK, unit, label_sv, label_en, Scope.METER),
        asked(Role.RECEIVED, heard, WEEK, "ms", "senast mottaget", "last received", Scope.METER),
    )


DASHBOARD = Dashboard(
    uid="matare-och-inneklimat",
    title_sv="Mätare och inneklimat",
    title_en="Meters and indoor climate",
    audience=Audience.FACILITY_MANAGERS,
    description_sv="Mätarnas konton, mätarbyten att ta ställning till, och hur det är i rummen medan de används.",
    description_en="The meters' accounts, meter exchanges to decide on, and how the rooms are while they are used.",
    place=8,
    panels=(
        Panel(
            id="account_today",
            kind=PanelKind.TABLE,
            unit="",
            title_sv="Mätarnas konto idag",
            title_en="The meters' account today",
            sentence_sv="Hur många värden som väntades hittills, kom, lagrades och avvisades. Fattas mottagna är det mätaren "
            "eller nätet; fattas lagrade är det vi; många avvisade betyder orimliga värden eller fel enhet.",
            sentence_en="How many values were expected so far, came, were stored and set aside. If received ones lack it is the "
            "meter or the network; if stored ones lack it is us; many set aside mean implausible values or a wrong unit.",
            source_sv="Mätarnas konton, från journalen till lagret.",
            source_en="The meters' accounts, from the journal to the store.",
            rows="meter",
            queries=(table_of(METER_DAYS, TODAY, "", ACCOUNT),),
            empty_sv="Dagens konton är inte förda än.",
            empty_en="Today's accounts are not kept yet.",
        ),
        Panel(
            id="received_days",
            kind=PanelKind.LINES,
            unit="",
            title_sv="Mottagna värden per dygn, två veckor",
            title_en="Values received by day, two weeks",
            sentence_sv="En linje per mätare. Linjen ska vara jämn. En som sjunker dag för dag är ofta ett "
            "batteri eller en svag radiolänk.",
            sentence_en="A line a meter. The line should be even. One that falls day by day is often a battery "
            "or a weak radio link.",
            source_sv="Mätarnas konton, från journalen till lagret.",
            source_en="The meters' accounts, from the journal to the store.",
            rows="meter",
            queries=(_received("mottagna", "received"),),
            empty_sv="Inga konton är förda för byggnadens mätare än.",
            empty_en="No accounts are kept for the building's meters yet.",
        ),
        Panel(
            id="account_days",
            kind=PanelKind.TABLE,
            unit="",
            title_sv="Kontot dygn för dygn, två veckor",
            title_en="The account day by day, two weeks",
            sentence_sv="En rad per mätare och dygn, det senaste först. Leta efter dygnet då en mätare slutade stämma, och se "
            "under händelser vad som hände då.",
            sentence_en="A row a meter and day, the latest first. Look for the day on which a meter ceased to agree, and under "
            "events for what happened then.",
            source_sv="Mätarnas konton, från journalen till lagret.",
            source_en="The meters' accounts, from the journal to the store.",
            rows="meter",
            queries=(table_of(METER_DAYS, FORTNIGHT, "", (Column("time", "day", "dygn", "day"), *ACCOUNT)),),
            ranked_by="time",
            most=200,
            empty_sv="Inga konton är förda för byggnadens mätare än.",
            empty_en="No accounts are kept for the building's meters yet.",
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
                    days(400),
                    "",
                    (WHEN, Column("text", "text", "vad som har setts", "what was seen", "text_en")),
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
            id="indoor_shares",
            kind=PanelKind.LINES,
            unit="%",
            title_sv="Tid med för kallt, för varmt eller unken luft medan lokalerna används",
            title_en="Time too cold, too warm or stuffy while the rooms are used",
            sentence_sv="Andel av givarnas timmar under verksamhetstid. Energi som sparas genom att det blir kallt är ingen "
            "besparing: stiger linjerna efter en åtgärd, ändra tillbaka. För varmt på vintern är däremot energi som går att "
            "spara.",
            sentence_en="Share of the sensors' hours while the building is occupied. Energy that is saved by making rooms cold "
            "is no saving: if the lines rise after an action, undo it. Too warm in winter, however, is energy that can be saved.",
            source_sv="Nyckeltalen indoor_cold_share, indoor_warm_share och co2_high_share; gränser ur indoor.yaml.",
            source_en="The indicators indoor_cold_share, indoor_warm_share and co2_high_share; ranges from indoor.yaml.",
            rows="",
            queries=(
                published("indoor_cold_share", months(13)),
                published("indoor_warm_share", months(13)),
                published("co2_high_share", months(13)),
            ),
            link=Link.FIGURE,
            empty_sv="Byggnaden har inga givare för inneklimat.",
            empty_en="The building has no sensors of the indoor climate.",
        ),
        Panel(
            id="indoor_temperature",
            kind=PanelKind.LINES,
            unit="°C",
            title_sv="Innetemperatur den senaste veckan",
            title_en="Indoor temperature of the last week",
            sentence_sv="Medel per timme, en linje per givare, alla dygnets timmar. Sjunker den inte på natten och helgen har "
            "sänkningen slutat fungera; skiljer sig ett rum från de andra är det injusteringen eller en givare i solen.",
            sentence_en="Means of each hour, a line a sensor, all hours of the day. If it does not fall at night and at "
            "weekends the set-back has stopped working; if one room differs from the others it is the balancing, or a sensor in "
            "the sun.",
            source_sv="Givarnas egna värden, oförändrade.",
            source_en="The sensors' own values, unchanged.",
            rows="register",
            queries=_rooms("indoor_temperature", "°C", "innetemperatur", "indoor temperature"),
            empty_sv="Ingen givare för innetemperatur har hörts den senaste veckan.",
            empty_en="No sensor of indoor temperature has been heard in the last week.",
        ),
        Panel(
            id="co2",
            kind=PanelKind.LINES,
            unit="ppm",
            title_sv="Koldioxid den senaste veckan",
            title_en="Carbon dioxide of the last week",
            sentence_sv="Medel per timme, en linje per givare. Höga värden medan rummen används: ventilationen räcker inte. "
            "Uteluftens nivå (drygt 400 ppm) dygnet runt medan fläktarna går: ventilationen går för tomma rum.",
            sentence_en="Means of each hour, a line a sensor. High values while rooms are used: the ventilation is not enough. "
            "The level of outdoor air (a little over 400 ppm) around the clock while fans run: the ventilation runs for empty "
            "rooms.",
            source_sv="Givarnas egna värden, oförändrade.",
            source_en="The sensors' own values, unchanged.",
            rows="register",
            queries=_rooms("co2", "ppm", "koldioxid", "carbon dioxide"),
            empty_sv="Ingen koldioxidgivare har hörts den senaste veckan.",
            empty_en="No sensor of carbon dioxide has been heard in the last week.",
        ),
    ),
)
