"""How far a reading reaches in time; what settles again after a change must look as far.

Suspicion is local: whether an hour is plainly measured depends only on the readings within REACH of it, and on the readings next
to it. Judgement uses history: a gap to spread, a leap, a fall, a register that stands still or a clock that is off is judged by
whole UTC days from HISTORY before to HISTORY after it, whatever else is among the readings. `Settlement.looked_back` names those
spots; a reading that changes within HISTORY of one changes its verdict perhaps, and never anything else.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

NEIGHBOURS = timedelta(minutes=65)  # readings no further apart tell one hour from the next; an hourly one may be 5 minutes late
REACH = timedelta(hours=48)  # false readings that last longer, other than one figure, are a register that began anew
HISTORY = timedelta(days=28)  # four of each weekday on either side tell what is usual, and the season has not turned yet


@dataclass(frozen=True, slots=True)
class HourSpan:
    """A spot whose judgement looked at history: whole UTC hours, `end` outside.

    `lasts`: what was found here holds until the register says otherwise (another unit, a sign); hours after `end` need the
    readings of this spot too, however far back it lies.
    """

    start: datetime
    end: datetime
    lasts: bool = False
