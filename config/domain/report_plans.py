"""Which reports go out by themselves: of what, on which working day, to whom, in which forms."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from config.domain.indicators import Subject, SubjectKind

PlannedKind = Literal["monthly", "trend", "sheet", "owner"]
Form = Literal["pdf", "xlsx", "csv"]

PLANNED_ABOUT: Mapping[PlannedKind, frozenset[SubjectKind]] = {  # what each kind may be of
    "monthly": frozenset(set(SubjectKind) - {SubjectKind.POINT}),
    "trend": frozenset({SubjectKind.PORTFOLIO, SubjectKind.OWNER}),
    "sheet": frozenset({SubjectKind.BUILDING}),
    "owner": frozenset({SubjectKind.OWNER}),
}
EVERY_MONTH = tuple(range(1, 13))
USUAL_MONTHS: Mapping[PlannedKind, tuple[int, ...]] = {
    "monthly": EVERY_MONTH,
    "trend": (2, 9),  # the year's accounts in February, the interim ones to the end of August in September
    "sheet": EVERY_MONTH,
    "owner": EVERY_MONTH,
}


@dataclass(frozen=True, slots=True)
class ReportPlan:
    """
    Attributes:
        id: what was sent is remembered by it: the same for as long as the plan is of the same in the same language.
        subjects: one report of each.
        recipients: addresses; none: it is published in the archive alone.
        working_day: of the month, from 1.
        months: in which it goes, from 1; the period that it is of follows from the month.
        forms: what is attached; the mail itself says it in HTML and plain text.
        waits: how long one with too little data waits before it goes all the same.
    """

    id: str
    kind: PlannedKind
    subjects: tuple[Subject, ...]
    recipients: tuple[str, ...]
    language: Literal["sv", "en"] = "sv"
    working_day: int = 3
    months: tuple[int, ...] = EVERY_MONTH
    forms: tuple[Form, ...] = ("pdf",)
    waits: timedelta = timedelta(days=7)

    def __str__(self) -> str:
        return self.id
