"""Insamlingen: whether what meters send comes all the way, and where it stops when it does not."""

from config.domain.panels import About, Audience, Column, Dashboard, Panel, PanelKind, PanelQuery, Role, Scope
from config.domain.series import INTAKE_TROUBLES, METER_DAYS, SERVICE, Aggregate, Every, SeriesQuery
from config.domain.windows import TODAY, Window, days, last_hours, past_days
from dashboards.facility_managers._asking import BUILDING, asked, table_of

DAY = last_hours(24)


def _measure(measure: str, aggregate: Aggregate, unit: str, label_sv: str, label_en: str) -> PanelQuery:
    query = SeriesQuery(SERVICE, where={"measure": (measure,)}, aggregate=aggregate, every=Every.QUARTER, by=("measure",))
    return PanelQuery(Role.VALUE, query, Scope.NONE, DAY, unit, label_sv, label_en)


def _account(field: str, window: Window, label_sv: str, label_en: str) -> PanelQuery:
    query = SeriesQuery(METER_DAYS, having={"open": 1}, aggregate=Aggregate.SUM, every=Every.DAY, field=field)
    return asked(Role.VALUE, query, window, "", label_sv, label_en)


DASHBOARD = Dashboard(
    uid="insamlingen",
    title_sv="Insamlingen",
    title_en="Intake",
    audience=Audience.FACILITY_MANAGERS,
    description_sv="Hur meddelandena kommer in, vad som inte gick att läsa, och kontot från väntade till lagrade mätvärden.",
    description_en="How messages come in, what could not be read, and the account from expected to stored readings.",
    about=About.ESTATE,
    place=9,
    panels=(
        Panel(
            id="messages",
            kind=PanelKind.LINES,
            unit="",
            title_sv="Meddelanden per minut",
            title_en="Messages per minute",
            sentence_sv="Medelvärde per kvart. En jämn linje är som det ska. Faller den till noll är det mäklaren, nätet eller "
            "anslutningen; faller den en bit är det en insamlingsenhet: se tysta mätare på morgonsidan.",
            sentence_en="Mean of each quarter of an hour. An even line is as it should be. If it falls to nought it is the "
            "broker, the network or the connection; if it falls by a part it is a gateway: see silent meters on the morning "
            "page.",
            source_sv="Insamlingens egna räknare, en gång i minuten.",
            source_en="Intake's own counters, once a minute.",
            rows="measure",
            queries=(_measure("messages", Aggregate.MEAN, "", "meddelanden per minut", "messages per minute"),),
            empty_sv="Insamlingen har inte räknat något det senaste dygnet: kontrollera att den går.",
            empty_en="Intake has counted nothing in the last 24 hours: check that it is running.",
        ),
        Panel(
            id="lag",
            kind=PanelKind.LINES,
            unit="s",
            title_sv="Väntan på inläsning",
            title_en="Waiting to be taken in",
            sentence_sv="Hur länge det äldsta meddelandet i journalen hade väntat, som längst i varje kvart. Några sekunder är "
            "vanligt. Växer väntan kan lagret inte ta emot: meddelandena är sparade och läses in när det går igen.",
            sentence_en="How long the oldest message in the journal had waited, at most in each quarter of an hour. A few "
            "seconds are usual. If it grows the store cannot take it: the messages are kept, and are taken in when it can.",
            source_sv="Insamlingens journal, en gång i minuten.",
            source_en="Intake's journal, once a minute.",
            rows="measure",
            queries=(_measure("lag", Aggregate.MAX, "s", "längsta väntan", "longest wait"),),
            empty_sv="Insamlingen har inte sagt något det senaste dygnet: kontrollera att den går.",
            empty_en="Intake has said nothing in the last 24 hours: check that it is running.",
        ),
        Panel(
            id="counters",
            kind=PanelKind.LINES,
            unit="",
            title_sv="Oläsbara meddelanden, okända enheter och tappade",
            title_en="Unreadable messages, unknown devices and lost ones",
            sentence_sv="Det högsta värdet i varje kvart. Oläsbara och okända står i tabellen nedanför med vad de beror på. "
            "Tappade hos mäklaren är borta för gott: öka köns längd i mäklaren eller se varför insamlingen inte hann med.",
            sentence_en="The highest value of each quarter of an hour. Unreadable and unknown ones stand in the table below "
            "with the cause. What was dropped at the broker is gone: make its queue longer or see why intake could not keep up.",
            source_sv="Insamlingens egna räknare och mäklarens ($SYS), en gång i minuten.",
            source_en="Intake's own counters and the broker's ($SYS), once a minute.",
            rows="measure",
            queries=(
                _measure("dead_letters", Aggregate.MAX, "", "gick inte att läsa", "could not be read"),
                _measure("unknown_devices", Aggregate.MAX, "", "okända enheter", "unknown devices"),
                _measure("dropped", Aggregate.MAX, "", "tappade hos mäklaren", "dropped at the broker"),
                _measure("sessions_lost", Aggregate.MAX, "", "förlorade sessioner", "sessions lost"),
            ),
            facet="measure",
            empty_sv="Insamlingen har inte sagt något det senaste dygnet: kontrollera att den går.",
            empty_en="Intake has said nothing in the last 24 hours: check that it is running.",
        ),
        Panel(
            id="waiting",
            kind=PanelKind.LINES,
            unit="",
            title_sv="Väntar på avräkning och beräkning",
            title_en="Waiting to be settled and calculated",
            sentence_sv="Timmar som har fått nya mätvärden men inte är avräknade, och dygn vars nyckeltal inte är beräknade. "
            "Linjerna ska falla till noll mellan varven; växer de hinner beräkningarna inte med eller har stannat.",
            sentence_en="Hours with new readings that are not settled, and days whose indicators are not calculated. The lines "
            "should fall to nought between rounds; if they grow the jobs cannot keep up or have stopped.",
            source_sv="Beräkningarnas köer, en gång i minuten.",
            source_en="The jobs' queues, once a minute.",
            rows="measure",
            queries=(
                _measure("waiting_hours", Aggregate.MAX, "", "timmar att avräkna", "hours to settle"),
                _measure("waiting_days", Aggregate.MAX, "", "dygn att beräkna", "days to calculate"),
            ),
            facet="measure",
            empty_sv="Beräkningarna har inte sagt något det senaste dygnet: kontrollera att de går.",
            empty_en="The jobs have said nothing in the last 24 hours: check that they are running.",
        ),
        Panel(
            id="troubles",
            kind=PanelKind.TABLE,
            unit="",
            title_sv="Det som inte gick att använda idag",
            title_en="What could not be used today",
            sentence_sv="Meddelanden som inte gick att läsa och enheter som inte finns i portföljen, de flesta först. En okänd "
            "enhet läggs till i portfolio.yaml; kommer samma fel från många enheter har leverantören ändrat sitt format.",
            sentence_en="Messages that could not be read and devices that the portfolio lacks, the most frequent first. An "
            "unknown device is added to portfolio.yaml; if many devices have one fault their supplier has changed the format.",
            source_sv="Insamlingens oläsbara meddelanden (dead letters) och okända enheter.",
            source_en="Intake's dead letters and unknown devices.",
            rows="device",
            queries=(
                PanelQuery(
                    Role.VALUE,
                    SeriesQuery(INTAKE_TROUBLES, having={"open": 1}),
                    Scope.NONE,
                    TODAY,
                    "",
                    "antal",
                    "number",
                    (
                        Column("kind", "name", "slag", "kind"),
                        Column("family", "name", "mätarfamilj", "device family"),
                        Column("device", "name", "enhet", "device"),
                        Column("value", "", "antal", "number"),
                        Column("heard", "ms", "senast", "last"),
                        Column("text", "text", "orsak", "cause", "text_en"),
                    ),
                ),
            ),
            ranked_by="value",
            most=100,
            empty_sv="Allt som har kommit idag gick att läsa, och alla enheter är kända.",
            empty_en="Everything that came today could be read, and every device is known.",
        ),
        Panel(
            id="account_days",
            kind=PanelKind.LINES,
            unit="",
            title_sv="Kontot dygn för dygn: väntade, mottagna, lagrade, avvisade",
            title_en="The account day by day: expected, received, stored, set aside",
            sentence_sv="Antal mätvärden från alla mätare i de valda byggnaderna. Mottagna ska följa väntade, "
            "och lagrade ska följa mottagna. Skiljer sig de två första sänder mätarna inte; skiljer sig de två sista når "
            "värdena inte lagret. Väntade räknas bara för mätare med avtalat intervall.",
            sentence_en="Number of readings from every meter of the chosen buildings. Received should follow "
            "expected, and stored should follow received. If the first two part, meters do not send; if the last two part, "
            "values do not reach the store. Expected is counted for meters with an agreed interval only.",
            source_sv="Mätarnas konton per dygn, från journalen till lagret.",
            source_en="The meters' accounts by day, from the journal to the store.",
            rows="",
            queries=(
                _account("expected", past_days(30), "väntade", "expected"),
                _account("value", past_days(30), "mottagna", "received"),
                _account("stored", past_days(30), "lagrade", "stored"),
                _account("flagged", past_days(30), "avvisade", "set aside"),
            ),
            empty_sv="Inget konto är fört än för de valda byggnaderna.",
            empty_en="No account has been kept yet for the chosen buildings.",
        ),
        Panel(
            id="account",
            kind=PanelKind.TABLE,
            unit="",
            title_sv="Kontot per mätare, igår och idag",
            title_en="The account by meter, yesterday and today",
            sentence_sv="En rad per mätare och dygn, de med flest avvisade värden först: hur många som väntades, kom, lagrades "
            "och avvisades. Många avvisade betyder att mätaren sänder orimliga värden eller fel enhet; inget väntat betyder att "
            "inget intervall är avtalat. Alla mätares konton står på varje byggnads sida om mätare.",
            sentence_en="A row a meter and day, those with most values set aside first: how many were expected, came, were "
            "stored and set aside. Many set aside mean that the meter sends implausible values or the wrong unit; nothing "
            "expected means that no interval is agreed. Every meter's account is on its building's page about meters.",
            source_sv="Mätarnas konton per dygn, från journalen till lagret.",
            source_en="The meters' accounts by day, from the journal to the store.",
            rows="meter",
            queries=(
                table_of(
                    METER_DAYS,
                    days(2),
                    "",
                    (
                        Column("time", "day", "dygn", "day"),
                        BUILDING,
                        Column("meter", "name", "mätare", "meter"),
                        Column("expected", "", "väntade", "expected"),
                        Column("value", "", "mottagna", "received"),
                        Column("stored", "", "lagrade", "stored"),
                        Column("flagged", "", "avvisade", "set aside"),
                        Column("heard", "ms", "senast hörd", "last heard"),
                    ),
                ),
            ),
            ranked_by="flagged",
            most=100,
            empty_sv="Inget konto är fört än för de valda byggnaderna.",
            empty_en="No account has been kept yet for the chosen buildings.",
        ),
    ),
)
