"""A question, what the experiment saw, and what to do."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    GOOD = "bra"
    WATCH = "se upp"
    BAD = "fel"
    UNKNOWN = "okänt"  # cannot be seen from here; says who can see it


@dataclass(frozen=True, slots=True)
class Answer:
    """One row of the table. `advice` is "" where nothing needs doing."""

    question: str
    verdict: Verdict
    seen: str
    advice: str = ""
