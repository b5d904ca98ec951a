"""What an alarm is: a question about a series, how its answer is judged, and for how long that must hold.

Each row of the answer (a building, a thread) is judged by itself. Grafana's rules and our own alerts are made of the same.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from config.domain.panels import Audience
from config.domain.series import SeriesQuery


class Judged(StrEnum):
    """What of a row's answer is compared with the limit."""

    LAST = "last"  # the latest value
    RISE = "rise"  # of a counter: what has come, step by step; one that falls has begun anew, and has lost nothing


class Silence(StrEnum):
    """What it means that nothing is known."""

    ALARM = "alarm"
    CALM = "calm"


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alarm.

    Attributes:
        id: never changes.
        sentence_sv, sentence_en: what has happened and what to do about it.
        query: without bounds; of the time `within`.
        unit: of the answer, as of a panel's query.
        above, below: the limit; one of them.
        lasting: how long it must hold before anybody is told.
        urgent: data are being lost, or nobody sees anything: told at night too.
    """

    id: str
    audience: Audience
    title_sv: str
    title_en: str
    sentence_sv: str
    sentence_en: str
    query: SeriesQuery
    within: timedelta
    unit: str
    judged: Judged = Judged.LAST
    above: float | None = None
    below: float | None = None
    lasting: timedelta = timedelta(0)
    silence: Silence = Silence.CALM
    urgent: bool = False

    def __post_init__(self) -> None:
        if (self.above is None) == (self.below is None):
            raise ValueError(f"{self.id}: an alarm has one limit, above or below")
        if self.query.start is not None or self.query.end is not None:
            raise ValueError(f"{self.id}: `within` gives the bounds, not the query")
