"""Alerts put together: sources, ways out, the job, and the outside watcher's call."""

import threading
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from collectors.mqtt.session import SessionOptions
from config.domain.alarms import ALARMS
from config.domain.alerts import AlertKind, Channel, Receiver
from config.domain.clock import Clock
from config.domain.periods import zone_named
from config.loading import Municipality
from config.settings import Settings
from services.alerts.alerting import AlertingJob
from services.alerts.broker import MqttSender
from services.alerts.deviating import Deviations
from services.alerts.email import EmailSender
from services.alerts.exchanges import Exchanges
from services.alerts.sending import Sender
from services.alerts.service import Alarms, Jobs, Signs, Undelivered, UndeliveredReports
from services.alerts.watcher import EVERY_S, Watcher
from services.alerts.webhook import WebhookSender
from services.app.heartbeat import DEAD_AFTER, last_said
from services.app.timetable import paces
from services.app.together import Task
from services.app.voice import BrokerVoice
from services.mail.smtp import SmtpSender, SmtpServer
from services.state.alerts import Message, MessageState, Part
from services.state.state import State
from services.store.timeseries import TimeSeriesStore

WATCHED = ("collector", "jobs", "web")
LATE = timedelta(minutes=10)  # since the alerts last looked


def mail_sender(chosen: Settings) -> SmtpSender | None:
    """The mail server of the settings; None where they name none."""
    if chosen.smtp_host is None or chosen.smtp_sender is None:
        return None
    password = "" if chosen.smtp_password is None else chosen.smtp_password.get_secret_value()
    return SmtpSender(
        SmtpServer(
            host=chosen.smtp_host,
            sender=chosen.smtp_sender,
            port=chosen.smtp_port,
            security=chosen.smtp_security,
            username=chosen.smtp_username,
            password=password,
            ca_file=chosen.smtp_ca_file,
        )
    )


def voice(chosen: Settings, town: Municipality, options: SessionOptions | None, *, on_trial: bool = False) -> BrokerVoice | None:
    """Our voice at the broker, where somebody listens to it; None otherwise.

    Args:
        options: how the broker is reached; None where no broker is named here.
        on_trial: beside the service's own, which it leaves alone.
    """
    wanted = any(receiver.channel is Channel.MQTT for receiver in town.receivers)
    if not wanted or options is None:
        return None
    client_id = f"{chosen.broker_client_id}-alerts"
    return BrokerVoice(options, f"{client_id}-test", stands_for_us=False) if on_trial else BrokerVoice(options, client_id)


def senders(chosen: Settings, town: Municipality, clock: Clock, speaking: BrokerVoice | None) -> Mapping[Channel, Sender]:
    """The ways out that the settings give."""
    board = chosen.board_url or ""
    found: dict[Channel, Sender] = {Channel.WEBHOOK: WebhookSender(clock, board)}
    mail = mail_sender(chosen)
    if mail is not None:
        found[Channel.EMAIL] = EmailSender(mail, town.name, board, town.timezone)
    if speaking is not None:
        found[Channel.MQTT] = MqttSender(speaking, board)
    return found


def alerting(
    chosen: Settings, town: Municipality, store: TimeSeriesStore, state: State, clock: Clock, speaking: BrokerVoice | None
) -> AlertingJob:
    """The job."""
    sources = (
        Deviations(town.portfolio, state.deviation_threads),
        Exchanges(town.portfolio, state.exchanges),
        Alarms(ALARMS, town.portfolio, store, state.deviation_threads),
        Jobs(state.runs, paces()),
        Signs(lambda now: _ailing(chosen, town, now, ("collector", "web"))),
        Undelivered(state.alerts),
        UndeliveredReports(state.report_mails),
    )
    ways = senders(chosen, town, clock, speaking)
    return AlertingJob(sources, town.receivers, ways, state, clock, town.timezone, town.calendar)


def watching(chosen: Settings, town: Municipality, state: State, clock: Clock) -> dict[str, Task]:
    """The outside watcher's call, where one is named; a task of its own, so that it stops when anything else does."""
    if chosen.heartbeat_url is None:
        return {}

    def ailing(now: datetime) -> Sequence[str]:
        words = [f"{part}: {english}" for part, (_, english) in _ailing(chosen, town, now, WATCHED).items()]
        ticks = {tick.job: tick.at for tick in state.runs.ticks()}
        if town.receivers and now - ticks.get(AlertingJob.name, started) > LATE:
            words.append("alerts: have not looked for more than ten minutes")
        return words

    started = clock.now()
    watcher = Watcher(chosen.heartbeat_url.get_secret_value(), ailing, clock)

    def run(stop: threading.Event) -> None:
        while not stop.wait(EVERY_S):
            watcher.tell()

    return {"outside watcher": run}


def _ailing(chosen: Settings, town: Municipality, now: datetime, parts: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Part → what ails it, in Swedish and English. A board that never ran here is no part of this installation."""
    found = {}
    for part in parts:
        state = last_said(chosen.data_dir, part)
        if state is None:
            if part != "web":
                found[part] = ("Den har aldrig gett något livstecken.", "It has never given a sign of life.")
            continue
        at = datetime.fromisoformat(str(state["at"]))
        if now - at > DEAD_AFTER:
            local = f"{at.astimezone(zone_named(town.timezone)):%Y-%m-%d %H:%M}"
            found[part] = (f"Senaste livstecknet kom {local}.", f"The last sign of life came {local}.")
        elif state.get("trouble"):
            found[part] = (f"Den säger själv: {state['trouble']}", f"It says itself: {state['trouble']}")
    return found


def trial(receiver: Receiver, clock: Clock) -> Message:
    """A message that says that it is a test; kept nowhere."""
    now, number = clock.now(), uuid4().hex
    both = {"sv": "Provlarm", "en": "Test alert"}
    item = {
        "alert": 0,
        "part": Part.BEGUN.value,
        "kind": AlertKind.SERVICE.value,
        "urgent": False,
        "since": now.isoformat(),
        "title": both,
        "sentence": {
            "sv": f"Detta är ett prov från Energimonitor till {receiver.id}. Ingenting har hänt.",
            "en": f"This is a test of Energimonitor to {receiver.id}. Nothing has happened.",
        },
        "action": {"sv": "", "en": ""},
        "over": {"sv": "", "en": ""},
        "building": "",
        "owner": "",
        "place": "",
        "sek": None,
        "link": "",
    }
    content = {"id": number, "receiver": receiver.id, "written": now.isoformat(), "items": [item]}
    return Message(number, receiver.id, MessageState.PENDING, now, 1, now, None, "", False, content)
