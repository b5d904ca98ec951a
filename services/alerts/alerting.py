"""The job: what holds becomes alerts, alerts become messages, messages go out.

Each step is one transaction, and what is outside lies between two of them, so the process may end anywhere:

1. notice   what the sources say → alerts that begin, hold or end, and a delivery for every receiver that is concerned
2. write    the deliveries that wait for a receiver → one message, whose content is kept from then on
3. attempt  an attempt is counted, and nobody else makes one for a while
4. send     the message goes out under its id
5. keep     it is marked as sent, refused, or to be sent again

A process that ends between 4 and 5 sends the message again, as it was and under the same id: at least once on the wire, and once
for a receiver that drops what it has seen. Everywhere else the same is once.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from config.domain.alerts import AlertKind, Channel, Receiver
from config.domain.calendar import MunicipalCalendar
from config.domain.clock import Clock
from config.errors import DeliveryError, DeliveryUnavailable, MonitorError
from services.alerts.condition import CANNOT_ASK, Condition, Source
from services.alerts.quiet import is_quiet
from services.alerts.sending import Sender
from services.mail.retrying import LONGEST_WAIT, next_attempt, wait_after
from services.state.alerts import Alert, Message, Part, Waiting
from services.state.state import State

log = logging.getLogger(__name__)

NOTICE = "notice"
GIVE_UP = timedelta(days=3)
NEEDED = {Channel.EMAIL: "ENERGIMONITOR_SMTP_HOST", Channel.MQTT: "ENERGIMONITOR_BROKER_HOST", Channel.WEBHOOK: ""}
PRICED = frozenset({AlertKind.DEVIATION, AlertKind.REBOUND})


class AlertingJob:
    """A task is NOTICE, or a receiver by its id: one whose server is away, or whose message is refused, is in nobody's way."""

    name = "alerts"

    def __init__(
        self,
        sources: Sequence[Source],
        receivers: Sequence[Receiver],
        senders: Mapping[Channel, Sender],
        state: State,
        clock: Clock,
        zone: str,
        calendar: MunicipalCalendar,
    ) -> None:
        self._sources = sources
        self._receivers = {receiver.id: receiver for receiver in receivers}
        self._senders = senders
        self._database = state.database
        self._ledger = state.alerts
        self._clock = clock
        self._zone = zone
        self._calendar = calendar

    def pending(self, now: datetime) -> Sequence[str]:  # noqa: ARG002 - only asking the sources tells, and that is the first task
        """Everything, at every look; nothing where nobody is to be told."""
        return [NOTICE, *self._receivers] if self._receivers else []

    def do(self, task: str) -> None:
        """Bring the ledger up to date, or write to one receiver and send what waits for it."""
        if task == NOTICE:
            self._notice(self._clock.now())
        else:
            self._write(self._receivers[task], self._clock.now())
            self._send(self._receivers[task])

    # 1. notice

    def _notice(self, now: datetime) -> None:
        for source in self._sources:
            try:
                found: Sequence[Condition] | None = source.holding(now)
            except MonitorError as error:
                log.warning("alerts: a source cannot be asked", extra={"source": source.name, "error": str(error)})
                found = None
            with self._database.transaction():
                active = {alert.key: alert for alert in self._ledger.active()}
                if found is None:
                    unknown = CANNOT_ASK.of(source.name)
                    self._hold(unknown, source.name, active.get(unknown.key), now)
                else:
                    self._compare(source, found, active, now)

    def _compare(self, source: Source, found: Sequence[Condition], active: Mapping[str, Alert], now: datetime) -> None:
        for condition in found:
            self._hold(condition, source.name, active.get(condition.key), now)
        keys = {condition.key for condition in found}
        for alert in active.values():
            if alert.source == source.name and alert.key not in keys:
                self._calm(source, alert, now)

    def _hold(self, condition: Condition, source: str, known: Alert | None, now: datetime) -> None:
        if condition.momentary and known is None and self._ledger.happened(condition.key):
            return
        seen = now if known is None else known.seen
        alert = self._ledger.notice(condition.key, source, condition.fields(), now, told=now - seen >= condition.lasting)
        if alert.begun is None:
            return
        for receiver in self._receivers.values():
            if concerns(receiver, condition):
                self._ledger.tell(alert.id, receiver.id, Part.BEGUN, now)
        if condition.momentary:
            self._ledger.end(alert.id, now, None)
        elif alert.acknowledged is None and not condition.acknowledged:
            self._escalate(alert, condition, now)

    def _escalate(self, alert: Alert, condition: Condition, now: datetime) -> None:
        for told in self._ledger.told(alert.id):
            receiver = self._receivers.get(told.receiver)
            if receiver is None or receiver.escalation is None or told.at is None or told.part is Part.ENDED:
                continue
            target = self._receivers[receiver.escalation.receiver]
            place = condition.place
            if now - told.at >= receiver.escalation.after and target.may_hear(place.building, place.owner):
                self._ledger.tell(alert.id, target.id, Part.ESCALATED, now)

    def _calm(self, source: Source, alert: Alert, now: datetime) -> None:
        since = alert.calm or now
        if alert.begun is not None and now - since < timedelta(seconds=alert.fields["calm_s"]):
            self._ledger.calm(alert.id, now)
            return
        over = source.over(alert.key, now) if alert.key != CANNOT_ASK.of(source.name).key else CANNOT_ASK.over
        self._ledger.end(alert.id, now, None if over is None else {"sv": over.sentence_sv, "en": over.sentence_en})
        if over is None:
            self._end_what_stands(alert, now)

    def _end_what_stands(self, alert: Alert, now: datetime) -> None:
        """Nothing is said of the end, but what lies retained at a broker as holding is emptied all the same."""
        for told in self._ledger.told(alert.id):
            receiver = self._receivers.get(told.receiver)
            if receiver is not None and receiver.channel is Channel.MQTT and told.at is not None:
                self._ledger.tell(alert.id, receiver.id, Part.ENDED, now)

    # 2. write

    def _write(self, receiver: Receiver, now: datetime) -> None:
        with self._database.transaction():
            waiting = self._ledger.waiting(receiver.id)
            urgent = [each for each in waiting if each.alert.fields["urgent"]]
            usual = waiting if self._may_write(receiver, now) else urgent
            if not usual:
                return
            only_urgent = len(usual) == len(urgent)
            message = uuid4().hex
            content = {
                "id": message,
                "receiver": receiver.id,
                "written": now.isoformat(),
                "items": [_item(each) for each in usual],
            }
            self._ledger.write(message, receiver.id, [each.id for each in usual], content, now, urgent=only_urgent)

    def _may_write(self, receiver: Receiver, now: datetime) -> bool:
        if receiver.quiet is not None and is_quiet(receiver.quiet, now, self._zone, self._calendar):
            return False
        latest = self._ledger.latest_written(receiver.id)
        return latest is None or now - latest >= receiver.every

    # 3. attempt, 4. send, 5. keep

    def _send(self, receiver: Receiver) -> None:
        for message in self._ledger.due(receiver.id, self._clock.now()):
            now = self._clock.now()
            if not self._ledger.attempt(message.id, now, now + wait_after(message.attempts)):
                continue
            try:
                self._sender(receiver).send(receiver, message)
            except DeliveryUnavailable as error:
                self._postpone(message, error)
                break  # the server is away: what else waits for it waits too
            except DeliveryError as error:
                self._ledger.failed(message.id, self._clock.now(), error.sentence("sv"))
                log.error("an alert was refused", extra={"receiver": receiver.id, "message_id": message.id, "error": str(error)})
            else:
                self._ledger.sent(message.id, self._clock.now())

    def _sender(self, receiver: Receiver) -> Sender:
        sender = self._senders.get(receiver.channel)
        if sender is None:
            raise DeliveryUnavailable(
                f"{receiver.id}: no way out by {receiver.channel}; set {NEEDED[receiver.channel]}",
                LONGEST_WAIT.total_seconds(),
                f"{receiver.id}: ingen väg ut för {receiver.channel}; sätt {NEEDED[receiver.channel]}",
            )
        return sender

    def _postpone(self, message: Message, error: DeliveryUnavailable) -> None:
        now = self._clock.now()
        log.warning("an alert was not taken", extra={"receiver": message.receiver, "message_id": message.id, "error": str(error)})
        if now - self._ledger.since(message.id) >= GIVE_UP:
            self._ledger.failed(message.id, now, error.sentence("sv"))
            return
        self._ledger.postponed(message.id, next_attempt(now, message.attempts, error.retry_after), error.sentence("sv"))


def concerns(receiver: Receiver, condition: Condition) -> bool:
    """Whether the receiver is told: of the building, the kind and the kronor."""
    place = condition.place
    if condition.kind not in receiver.kinds or not receiver.may_hear(place.building, place.owner):
        return False
    return condition.kind not in PRICED or condition.sek is None or condition.sek >= receiver.least_sek


def _item(waiting: Waiting) -> dict[str, Any]:
    fields, alert = waiting.alert.fields, waiting.alert
    place = fields["place"]
    return {
        "alert": alert.id,
        "part": waiting.part.value,
        "kind": fields["kind"],
        "urgent": fields["urgent"],
        "since": (alert.begun or alert.seen).isoformat(),
        "title": {"sv": fields["title_sv"], "en": fields["title_en"]},
        "sentence": {"sv": fields["sentence_sv"], "en": fields["sentence_en"]},
        "action": {"sv": fields["action_sv"], "en": fields["action_en"]},
        "over": fields.get("over", {"sv": "", "en": ""}) if waiting.part is Part.ENDED else {"sv": "", "en": ""},
        "building": place["building"],
        "owner": place["owner"],
        "place": place["name"],
        "sek": fields["sek"],
        "link": fields["link"],
    }
