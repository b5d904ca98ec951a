"""Which days a municipality works, and when its schools are open: what cannot be read off the sky."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from config.domain.factors import Mark

SCHOOL_KINDS = frozenset({"school", "secondary_school"})  # a preschool is open in the breaks; it can be named in calendar.yaml


@dataclass(frozen=True, slots=True)
class Closure:
    """Days on which it is closed besides those that the law or custom gives. `last_day` is inside."""

    name_sv: str
    name_en: str
    first_day: date
    last_day: date

    def __contains__(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day


@dataclass(frozen=True, slots=True)
class SchoolYear:
    """Two terms and the breaks in them. The time between the terms is the Christmas break. Last days are inside."""

    id: str
    autumn_first_day: date
    autumn_last_day: date
    spring_first_day: date
    spring_last_day: date
    breaks: tuple[Closure, ...]
    source: str
    mark: Mark
    example: bool = False


@dataclass(frozen=True, slots=True)
class MunicipalCalendar:
    """A municipality's days.

    Attributes:
        country, subdivision: whose public holidays hold; ISO 3166, as the library `holidays` names them.
        closed: closed for everyone: bridge days that the municipality has decided on.
        school_years: by their first day; a day outside all of them is not known to be term or break.
        school_kinds: kinds of building that follow the school years.
    """

    country: str = "SE"
    subdivision: str = ""
    closed: tuple[Closure, ...] = ()
    school_years: tuple[SchoolYear, ...] = ()
    school_kinds: Collection[str] = SCHOOL_KINDS
