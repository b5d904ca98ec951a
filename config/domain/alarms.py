"""When somebody is to be woken: each alarm once, for Grafana's rules and our own alerts alike."""

from datetime import timedelta

from config.domain.alarm import Alarm, Judged, Silence
from config.domain.panels import Audience
from config.domain.series import BUILDINGS, DEVIATIONS, SERVICE, Aggregate, Every, SeriesQuery

LAG_S = 15 * 60
COSTLY_SEK = 5_000
# pictures stand at the start of their local day: an hour past midnight yesterday's is out of sight, and today's is there
PICTURE = timedelta(hours=25)


def _of_service(measure: str, aggregate: Aggregate, every: Every | None = None) -> SeriesQuery:
    return SeriesQuery(SERVICE, where={"measure": (measure,)}, aggregate=aggregate, every=every)


ALARMS = (
    Alarm(
        id="intake-late",
        audience=Audience.FACILITY_MANAGERS,
        title_sv="Inläsningen ligger efter",
        title_en="Intake is late",
        sentence_sv="Ett meddelande har väntat mer än en kvart på att läsas in. Inget är förlorat, men tavlorna visar "
        "gamla värden. Kör `energimonitor doctor` och se vad databasen svarar.",
        sentence_en="A message has waited for more than a quarter of an hour to be taken in. Nothing is lost, but "
        "dashboards show old values. Run `energimonitor doctor` and see what the store answers.",
        query=_of_service("lag", Aggregate.LAST),
        within=timedelta(minutes=10),
        unit="s",
        above=LAG_S,
        lasting=timedelta(minutes=5),
    ),
    Alarm(
        id="no-messages",
        audience=Audience.FACILITY_MANAGERS,
        title_sv="Inga meddelanden kommer in",
        title_en="No messages arrive",
        sentence_sv="Inget meddelande har kommit på en halvtimme, eller så säger tjänsten inget om sig själv. "
        "Kontrollera att tjänsten går, och nätet och mäklaren.",
        sentence_en="No message has come for half an hour, or the service says nothing of itself. Check that the service "
        "runs, and the network and the broker.",
        query=_of_service("messages", Aggregate.MAX),
        within=timedelta(minutes=30),
        unit="",
        below=0.001,
        lasting=timedelta(minutes=5),
        silence=Silence.ALARM,
        urgent=True,
    ),
    Alarm(
        id="dropped-at-broker",
        audience=Audience.FACILITY_MANAGERS,
        title_sv="Mäklaren tappar meddelanden",
        title_en="The broker drops messages",
        sentence_sv="Mäklaren säger själv att den har slängt meddelanden. De är borta. Höj dess gräns för köer: "
        "`energimonitor doctor` prövar den.",
        sentence_en="The broker itself says that it has thrown messages away. They are gone. Raise its queue limits: "
        "`energimonitor doctor` tries them.",
        query=_of_service("dropped", Aggregate.LAST, Every.QUARTER),
        within=timedelta(hours=1),
        unit="",
        judged=Judged.RISE,
        above=0,
        urgent=True,
    ),
    Alarm(
        id="unknown-devices",
        audience=Audience.FACILITY_MANAGERS,
        title_sv="En okänd enhet hörs",
        title_en="An unknown device is heard",
        sentence_sv="En enhet som inte finns i portföljen har hörts. Den väntar i journalen och inget av den är "
        "förlorat: `energimonitor unknown-devices` ger en post att klistra in.",
        sentence_en="A device that the portfolio does not know has been heard. It waits in the journal and nothing of it is "
        "lost: `energimonitor unknown-devices` gives an entry to paste.",
        query=_of_service("unknown_devices", Aggregate.LAST, Every.HOUR),
        within=timedelta(days=1),
        unit="",
        judged=Judged.RISE,
        above=0,
    ),
    Alarm(
        id="dead-letters",
        audience=Audience.FACILITY_MANAGERS,
        title_sv="Meddelanden går inte att läsa",
        title_en="Messages cannot be read",
        sentence_sv="Fler än tio meddelanden har lagts åt sidan på en timme. Se `energimonitor dead-letters list`: där "
        "står orsaken, och de kan läsas in igen när den är åtgärdad.",
        sentence_en="More than ten messages have been set aside within an hour. See `energimonitor dead-letters list` "
        "for the reason; they can be taken in again when it is mended.",
        query=_of_service("dead_letters", Aggregate.LAST, Every.QUARTER),
        within=timedelta(hours=1),
        unit="",
        judged=Judged.RISE,
        above=10,
    ),
    Alarm(
        id="session-lost",
        audience=Audience.FACILITY_MANAGERS,
        title_sv="Mäklaren har glömt vår session",
        title_en="The broker has forgotten our session",
        sentence_sv="Efter ett avbrott kände mäklaren inte igen oss, och vad den hade sparat åt oss är borta. "
        "Mätarställningar fyller luckan, men timmarna däremellan blir beräknade. Kontrollera mäklarens gräns "
        "för sessioner.",
        sentence_en="After a break the broker did not know us, and what it had kept for us is gone. Registers fill the "
        "gap, but the hours between are calculated. Check the broker's session limit.",
        query=_of_service("sessions_lost", Aggregate.LAST, Every.QUARTER),
        within=timedelta(hours=1),
        unit="",
        judged=Judged.RISE,
        above=0,
    ),
    Alarm(
        id="silent-meters",
        audience=Audience.FACILITY_MANAGERS,
        title_sv="Tysta mätare i en byggnad",
        title_en="Silent meters in a building",
        sentence_sv="En eller flera mätare i byggnaden har varit tysta i ett dygn. Byggnadens siffror blir beräknade "
        "eller saknas tills de hörs igen.",
        sentence_en="One or more meters of the building have been silent for a day. The building's figures are "
        "calculated or missing until they are heard again.",
        query=SeriesQuery(BUILDINGS, having={"open": 1}, aggregate=Aggregate.LAST, by=("building",), field="silent"),
        within=PICTURE,
        unit="",
        above=0,
        lasting=timedelta(days=1),
    ),
    Alarm(
        id="costly-deviation",
        audience=Audience.FACILITY_MANAGERS,
        title_sv="En avvikelse kostar mer än 5 000 kr",
        title_en="A deviation costs more than SEK 5,000",
        sentence_sv="En öppen avvikelse har hittills kostat mer än 5 000 kr utan moms. Morgonsidan säger vad som ska "
        "göras först.",
        sentence_en="An open deviation has so far cost more than SEK 5,000 without VAT. The morning page says what to do first.",
        query=SeriesQuery(
            DEVIATIONS, having={"open": 1, "muted": 0}, aggregate=Aggregate.LAST, by=("building", "kind", "thread")
        ),
        within=PICTURE,
        unit="kr",
        above=COSTLY_SEK,
    ),
)
