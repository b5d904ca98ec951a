"""What the store and Grafana say when they are tried."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import orjson
import urllib3

from config.domain.clock import Clock
from config.domain.readings import Reading
from config.domain.series import READINGS, SeriesQuery
from config.errors import StoreError
from services.app.doctor.answers import Answer, Verdict
from services.store.timeseries import TimeSeriesStore

SKEW = timedelta(seconds=5)
PROBE_METER = "energimonitor-doctor"  # one reading a day, of no portfolio's meter


def store_takes_and_gives(store: TimeSeriesStore, clock: Clock) -> Answer:
    """One reading written, written again and read back: there must be one."""
    question = "Tar databasen emot, och lämnar tillbaka, en avläsning?"
    today = clock.now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    probe = Reading(PROBE_METER, "probe", today, 1.0, today)
    try:
        store.write_readings([probe])
        store.write_readings([probe])
        found = store.read(SeriesQuery(READINGS, today, today + timedelta(days=1), {"meter": (PROBE_METER,)}))
    except StoreError as error:
        return Answer(question, Verdict.BAD, str(error), "Kontrollera ENERGIMONITOR_STORE_* och behörigheten.")
    if found.height == 1:
        return Answer(question, Verdict.GOOD, "skrev två gånger, läste en")
    return Answer(
        question, Verdict.BAD, f"skrev en avläsning två gånger och läste {found.height}", "Läser och skriver vi samma databas?"
    )


def clock_agrees(name: str, url: str, clock: Clock) -> Answer:
    """Our clock beside the server's: readings without a time of their own get ours."""
    question = f"Går klockan rätt, jämfört med {name}?"
    try:
        answer = urllib3.PoolManager(retries=False, timeout=5).request("GET", f"{url.rstrip('/')}/ping")
    except urllib3.exceptions.HTTPError as error:
        return Answer(question, Verdict.UNKNOWN, str(error), f"Svarar {url}?")
    date = answer.headers.get("Date")
    if date is None:
        return Answer(question, Verdict.UNKNOWN, "servern säger inte vad klockan är")
    skew = abs(clock.now() - parsedate_to_datetime(date))
    seen = f"skiljer {skew.total_seconds():.0f} s"
    if skew <= SKEW:
        return Answer(question, Verdict.GOOD, seen)
    return Answer(question, Verdict.BAD, seen, "Ställ båda maskinernas klockor med NTP.")


def token_is_narrow(url: str, token: str) -> Answer:
    """Whether the token may do more than write and read: then it is a key to everything (InfluxDB 2)."""
    question = "Kan vår nyckel till InfluxDB bara det den ska?"
    try:
        answer = urllib3.PoolManager(retries=False, timeout=5).request(
            "GET", f"{url.rstrip('/')}/api/v2/authorizations", headers={"Authorization": f"Token {token}"}
        )
    except urllib3.exceptions.HTTPError as error:
        return Answer(question, Verdict.UNKNOWN, str(error))
    if answer.status == 401:
        return Answer(
            question,
            Verdict.BAD,
            "nyckeln gäller inte",
            "Skapa en ny (docs/security.md) och lägg den i ENERGIMONITOR_STORE_TOKEN_FILE.",
        )
    rights = 0
    if answer.status == 200:
        rights = sum(len(item.get("permissions", [])) for item in orjson.loads(answer.data).get("authorizations", []))
    if rights == 0:
        return Answer(question, Verdict.GOOD, "den ser inga andra nycklar")
    return Answer(
        question,
        Verdict.WATCH,
        f"den ser nycklar med {rights} rättigheter",
        "Byt till en nyckel med rätt att läsa och skriva endast vår bucket.",
    )


def grafana_answers(url: str) -> Answer:
    """Whether Grafana is there, and which."""
    question = "Svarar Grafana?"
    try:
        answer = urllib3.PoolManager(retries=False, timeout=5).request("GET", f"{url.rstrip('/')}/api/health")
        health = orjson.loads(answer.data)
    except (urllib3.exceptions.HTTPError, orjson.JSONDecodeError) as error:
        return Answer(question, Verdict.WATCH, str(error), "Resten går vidare; panelerna läggs upp när Grafana svarar.")
    if answer.status == 200 and health.get("database") == "ok":
        return Answer(question, Verdict.GOOD, f"{url}, version {health.get('version', 'okänd')}")
    return Answer(question, Verdict.WATCH, f"{url} svarar {answer.status}", "Se Grafanas logg.")


def last_message(newest: datetime | None, now: datetime) -> Answer:
    """How old the newest message in the journal is."""
    question = "När kom det senaste meddelandet?"
    if newest is None:
        return Answer(question, Verdict.UNKNOWN, "journalen är tom", "Är insamlaren igång (energimonitor collect)?")
    age = now - newest
    seen = f"för {age.total_seconds():.0f} s sedan"
    if age < timedelta(minutes=15):
        return Answer(question, Verdict.GOOD, seen)
    return Answer(question, Verdict.WATCH, seen, "Sänder mätarna? Är insamlaren igång?")
