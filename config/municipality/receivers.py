"""The receivers of alerts in audiences.yaml: each is checked against the others, the owners and the buildings."""

import re
from collections.abc import Collection
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from config.addresses import is_safe_address
from config.domain.alerts import AlertKind, Channel, Escalation, QuietHours, Receiver
from config.municipality.entries import Entry, Number, Seconds, Slug, Words, wrong
from config.municipality.faults import meant
from config.municipality.yaml_source import Keys, YamlSource


def _clock(text: str) -> str:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text):
        raise wrong(f"{text!r} is no time of day; write 18:00", f"{text!r} är inget klockslag; skriv 18:00")
    return text


TimeOfDay = Annotated[str, AfterValidator(_clock)]


class QuietEntry(Entry):
    """When only urgent things are told; local time."""

    begin: TimeOfDay = Field(alias="from")
    """First minute of it, as 18:00."""
    end: TimeOfDay = Field(alias="to")
    """First minute after it, as 07:00."""
    days_off: bool = False
    """Also the whole of Saturdays, Sundays, public holidays and the days that calendar.yaml says are closed."""


class EscalateEntry(Entry):
    """Who is told when nobody acknowledges."""

    to: Slug
    """The id of another receiver; one that may hear of the same buildings."""
    after: Seconds
    """How long after it was told, as 24 h."""


class ReceiverEntry(Entry):
    """Someone or something that alerts go to."""

    id: Slug
    channel: Channel
    """By which way."""
    address: Words
    """email: an address. webhook: https://… mqtt: the topic below which events are published, as energimonitor/larm."""
    secret_file: Words | None = None
    """Of a webhook: file with the key that signs what is sent; a relative path is in the municipality's folder."""
    owners: tuple[Slug, ...] = ()
    """Owners whose buildings they hear of; all where neither owners nor buildings are given."""
    buildings: tuple[Slug, ...] = ()
    """Buildings that they hear of, besides those of the owners."""
    kinds: tuple[AlertKind, ...] | None = None
    """What they hear of; all of it where not given, but `service` only to those who hear of every building."""
    least_sek: Annotated[Number, Field(ge=0)] = 0.0
    """Kronor without VAT from which a deviation is told; one without a price is always told."""
    language: Literal["sv", "en"] = "sv"
    every: Seconds = 1800
    """No two messages closer than this; urgent ones do not wait."""
    quiet: QuietEntry | None = None
    """When only urgent things are told."""
    escalate: EscalateEntry | None = None
    """Who is told when nobody acknowledges."""
    note: str | None = None


def receivers(
    source: YamlSource,
    entries: tuple[ReceiverEntry, ...],
    owners: Collection[str],
    buildings: Collection[str] | None,
    folder: Path,
) -> tuple[Receiver, ...]:
    """The receivers; faults lie in the source.

    Args:
        buildings: those that there are; None where they are not known.
        folder: where a relative `secret_file` lies.
    """
    made = {}
    for index, entry in enumerate(entries):
        if entry.id in made:
            source.fault(("alerts", index, "id"), f"{entry.id} is given twice", f"{entry.id} står två gånger")
        _check_names(source, ("alerts", index, "owners"), entry.owners, owners)
        if buildings is not None:
            _check_names(source, ("alerts", index, "buildings"), entry.buildings, buildings)
        _check_address(source, index, entry)
        made[entry.id] = _receiver(entry, folder)
    for index, entry in enumerate(entries):
        if entry.escalate is not None:
            _check_escalation(source, index, _receiver(entry, folder), made)
    return tuple(made.values())


def _receiver(entry: ReceiverEntry, folder: Path) -> Receiver:
    restricted = bool(entry.owners or entry.buildings)
    usual = frozenset(AlertKind) - ({AlertKind.SERVICE} if restricted else frozenset())
    quiet, escalation = None, None
    if entry.quiet is not None:
        begin, end = time.fromisoformat(entry.quiet.begin), time.fromisoformat(entry.quiet.end)
        quiet = QuietHours(begin, end, entry.quiet.days_off)
    if entry.escalate is not None:
        escalation = Escalation(entry.escalate.to, timedelta(seconds=entry.escalate.after))
    return Receiver(
        id=entry.id,
        channel=entry.channel,
        address=entry.address.strip().rstrip("/") if entry.channel is Channel.MQTT else entry.address.strip(),
        owners=entry.owners,
        buildings=entry.buildings,
        kinds=usual if entry.kinds is None else frozenset(entry.kinds),
        least_sek=entry.least_sek,
        language=entry.language,
        every=timedelta(seconds=entry.every),
        quiet=quiet,
        escalation=escalation,
        secret_file=None if entry.secret_file is None else folder / entry.secret_file,
    )


def _check_names(source: YamlSource, path: Keys, given: Collection[str], known: Collection[str]) -> None:
    for number, name in enumerate(given):
        if name not in known:
            out, out_sv = meant(name, known)
            source.fault((*path, number), f"there is no {name!r}; {out}", f"{name!r} finns inte; {out_sv}")


def _check_address(source: YamlSource, index: int, entry: ReceiverEntry) -> None:
    path: Keys = ("alerts", index, "address")
    text = entry.address.strip()
    if entry.channel is Channel.EMAIL and not re.fullmatch(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\"]+", text):
        source.fault(path, f"{text!r} is no mail address", f"{text!r} är ingen e-postadress")
    if entry.channel is Channel.WEBHOOK and not is_safe_address(text):
        source.fault(
            path,
            f"{text!r} is no https address; plain http is for this machine alone",
            f"{text!r} är ingen https-adress; vanlig http är bara för den här maskinen",
        )
    if entry.channel is Channel.MQTT and (not re.fullmatch(r"[^+#$\s][^+#\s]*", text) or "//" in text):
        source.fault(
            path,
            f"{text!r} is no topic; write one without + and #, as energimonitor/larm",
            f"{text!r} är inget ämne; skriv ett utan + och #, som energimonitor/larm",
        )
    if entry.channel is not Channel.WEBHOOK and entry.secret_file is not None:
        source.fault(
            ("alerts", index, "secret_file"),
            "only a webhook is signed; leave it out",
            "bara en webhook signeras; ta bort raden",
        )


def _check_escalation(source: YamlSource, index: int, receiver: Receiver, known: dict[str, Receiver]) -> None:
    path: Keys = ("alerts", index, "escalate", "to")
    assert receiver.escalation is not None  # noqa: S101 - the caller asks for those that escalate
    target = known.get(receiver.escalation.receiver)
    if target is None or target.id == receiver.id:
        out, out_sv = meant(receiver.escalation.receiver, known.keys() - {receiver.id})
        source.fault(
            path,
            f"there is no other receiver {receiver.escalation.receiver!r}; {out}",
            f"det finns ingen annan mottagare {receiver.escalation.receiver!r}; {out_sv}",
        )
    elif target.restricted and not (
        receiver.restricted and set(receiver.owners) <= set(target.owners) and set(receiver.buildings) <= set(target.buildings)
    ):
        source.fault(
            path,
            f"{target.id} does not hear of all the buildings that {receiver.id} does; what it may not hear of is not escalated",
            f"{target.id} får inte höra om alla byggnader som {receiver.id} får; det den inte får höra om eskaleras inte",
            warning=True,
        )
