"""What the pages say of the service's own health, to whoever looks at figures: no paths, addresses or words of a server.

Those are for who runs it, at the prompt: `energimonitor health`.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from config.domain.periods import zone_named
from services.app.heartbeat import DEAD_AFTER, last_said
from services.reports.wording import moment
from services.web.shell import Trouble

PARTS = {"collector": ("Insamlingen", "The collector"), "jobs": ("Beräkningarna", "The calculations")}


class Ailment(StrEnum):
    """What a part that is alive says it cannot do; in its sign of life under `ails`."""

    RECEIVING = "receiving"
    STORING = "storing"


_AILMENTS = {
    Ailment.RECEIVING: (
        "tar inte emot nya mätvärden just nu; siffrorna kan vara gamla",
        "does not receive new readings at the moment; figures may be old",
    ),
    Ailment.STORING: (
        "kan inte lagra mätvärden just nu; de är sparade och läses in när det går igen",
        "cannot store readings at the moment; they are kept, and taken in when it can",
    ),
}


def notices(folder: Path, now: datetime, timezone: str) -> Sequence[Trouble]:
    """A sentence for each thing that ails a part on which figures depend."""
    return [notice for part in PARTS for notice in _notices(folder, part, now, timezone)]


def _notices(folder: Path, part: str, now: datetime, timezone: str) -> Sequence[Trouble]:
    sv, en = PARTS[part]
    state = last_said(folder, part)
    if state is None:
        return [
            Trouble(
                f"{sv} har inte gett något livstecken; siffrorna kan vara gamla.",
                f"{en}: no sign of life yet; figures may be old.",
            )
        ]
    at = datetime.fromisoformat(str(state["at"]))
    if now - at > DEAD_AFTER:
        zone = zone_named(timezone)
        local, today = at.astimezone(zone), now.astimezone(zone)
        return [
            Trouble(
                f"{sv} har inte gett livstecken sedan {moment(local, today, 'sv')}; siffrorna kan vara gamla.",
                f"{en}: no sign of life since {moment(local, today, 'en')}; figures may be old.",
            )
        ]
    ails = state.get("ails")
    known = [Ailment(each) for each in ails if each in set(Ailment)] if isinstance(ails, list) else []
    if state.get("trouble") and not known:
        return [Trouble(f"{sv} går inte som den ska; siffrorna kan vara gamla.", f"{en}: not well; figures may be old.")]
    return [Trouble(f"{sv} {_AILMENTS[each][0]}.", f"{en} {_AILMENTS[each][1]}.") for each in known]
