"""What intake could not use: dead letters and unknown devices, by family and device."""

from collections.abc import Hashable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from config.domain.quantities import QUANTITIES
from config.domain.refusals import REFUSAL_WORDS, Refusal
from config.domain.series import INTAKE_TROUBLES
from services.jobs.pictures.picture import milliseconds, redraw, today
from services.state.dead_letters import DeadLettersTable, LetterGroup
from services.state.unknown_devices import DeviceGroup, UnknownDevicesTable
from services.store.points import EPOCH
from services.store.timeseries import TimeSeriesStore

MOST = 200  # groups shown; a device that makes up a new name with each message would fill the store
DEAD_LETTER, UNKNOWN_DEVICE = "dead_letter", "unknown_device"
MORE = "more"  # the kind of the one point that says how many groups are not shown
STEP = timedelta(minutes=5)
REFUSALS = frozenset(kind.value for kind in Refusal)  # a letter kept before there were kinds has none
_LONGEST = 240  # characters of what others wrote


class IntakeTroublesPicture:
    """Series `intake_troubles`."""

    name = "intake_troubles"

    def __init__(self, store: TimeSeriesStore, letters: DeadLettersTable, devices: UnknownDevicesTable, zone: str) -> None:
        self._store = store
        self._letters = letters
        self._devices = devices
        self._zone = zone

    def inputs(self, now: datetime) -> Hashable:
        """How many letters are open: they come and go. Devices that go on sending show within minutes."""
        return self._letters.count(), now - (now - EPOCH) % STEP

    def draw(self, now: datetime) -> None:
        day = today(now, self._zone)
        letters, letter_groups = self._letters.groups(MOST)
        devices, device_groups = self._devices.groups(MOST)
        found = [*map(_of_letters, letters), *map(_of_device, devices)]
        shown = sorted(found, key=lambda row: (-row["value"], row["kind"], row["family"], row["device"]))[:MOST]
        left = letter_groups + device_groups - len(shown)
        rows = [*shown, *([_more(left, found)] if left else [])]
        redraw(self._store, INTAKE_TROUBLES, [{"time": day.start, **row} for row in rows], day.start, day.end)


def _of_letters(group: LetterGroup) -> Mapping[str, Any]:
    reason = _told(group.reason).rstrip(".")
    one = group.count == 1
    others = group.reasons - 1
    more_sv = "" if not others else " (och ett annat skäl)" if others == 1 else f" (och {others} andra skäl)"
    more_en = "" if not others else " (and another reason)" if others == 1 else f" (and {others} other reasons)"
    sv, en = (f", senast: {reason}{more_sv}", f", the last: {reason}{more_en}")
    if group.kind in REFUSALS:
        words = REFUSAL_WORDS[Refusal(group.kind)]
        sv, en = (f": {words.sv}{more_sv}. Senast, på engelska: {reason}", f": {words.en}{more_en}. The last: {reason}")
    return {
        "kind": DEAD_LETTER,
        "family": _named(group.family),
        "device": _named(group.device),
        "value": float(group.count),
        "text": f"{group.count} {'meddelande' if one else 'meddelanden'} gick inte att använda{sv}.",
        "text_en": f"{group.count} {'message' if one else 'messages'} could not be used{en}.",
        "heard": milliseconds(group.last),
    }


def _of_device(group: DeviceGroup) -> Mapping[str, Any]:
    labels = [QUANTITIES.get(name) for name in group.quantities]
    pairs = zip(labels, group.quantities, strict=True)
    sv, en = zip(*((label.label_sv, label.label_en) if label else (_told(name),) * 2 for label, name in pairs), strict=True)
    return {
        "kind": UNKNOWN_DEVICE,
        "family": _named(group.family),
        "device": _named(group.device),
        "value": float(group.count),
        "text": f"Finns inte i portföljen. Skickar {_told(', '.join(sv).lower())}. "
        "Förslag att klistra in: energimonitor unknown-devices.",
        "text_en": f"Not in the portfolio. Sends {_told(', '.join(en).lower())}. "
        "An entry to paste: energimonitor unknown-devices.",
        "heard": milliseconds(group.last),
    }


def _more(left: int, found: Iterable[Mapping[str, Any]]) -> Mapping[str, Any]:
    one = left == 1
    return {
        "kind": MORE,
        "family": "",
        "device": "",
        "value": float(left),
        "text": f"{left} {'grupp' if one else 'grupper'} till visas inte här: energimonitor dead-letters list visar alla.",
        "text_en": f"{left} more {'group is' if one else 'groups are'} not shown here: energimonitor dead-letters list has all.",
        "heard": max((row["heard"] for row in found), default=0),
    }


def _told(text: str) -> str:
    """One line, of a length that a table bears."""
    line = "".join(char if char.isprintable() else " " for char in text).strip()
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


def _named(text: str) -> str:
    """As a tag: whatever a device calls itself, a store takes it."""
    return _told(text).rstrip("\\")
