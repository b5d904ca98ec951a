"""calendar.yaml: whose public holidays hold, the municipality's own closed days, and its school years."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Annotated

from holidays import list_supported_countries
from pydantic import AfterValidator, Field, WithJsonSchema

from config.domain.calendar import SCHOOL_KINDS, Closure, MunicipalCalendar, SchoolYear
from config.domain.estate import BUILDING_KINDS
from config.domain.factors import Mark
from config.municipality.entries import Entry, MarkLetter, Slug, Words, known_kind
from config.municipality.faults import meant
from config.municipality.yaml_source import Keys, YamlSource

KindName = Annotated[str, AfterValidator(known_kind), WithJsonSchema({"type": "string", "enum": sorted(BUILDING_KINDS)})]


class ClosureEntry(Entry):
    name_sv: Words
    """What it is called, in Swedish."""
    name_en: Words
    """The same in English."""
    first_day: date
    """The first day inside."""
    last_day: date
    """The last day inside."""


class TermEntry(Entry):
    first_day: date
    """The first day inside."""
    last_day: date
    """The last day inside."""


class SchoolYearEntry(Entry):
    id: Slug
    """As 2026-27."""
    autumn_term: TermEntry
    """August to December."""
    spring_term: TermEntry
    """January to June. Between the school years is the summer break."""
    breaks: tuple[ClosureEntry, ...] = ()
    """Breaks inside the terms; the time between the terms is the Christmas break."""
    source: Words
    mark: MarkLetter
    example: bool = False
    note: str | None = None


class CalendarFile(Entry):
    """The days that use is compared on."""

    note: str | None = None
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")] = "SE"
    """Whose public holidays and free eves hold; ISO 3166."""
    subdivision: Annotated[str, Field(pattern="^[A-Z0-9]{0,3}$")] = ""
    """A part of the country with holidays of its own."""
    school_kinds: tuple[KindName, ...] = tuple(sorted(SCHOOL_KINDS))
    """Kinds of building that follow the school years."""
    closed: tuple[ClosureEntry, ...] = ()
    """Days on which the municipality is closed besides the public holidays."""
    school_years: tuple[SchoolYearEntry, ...] = ()
    """A day outside all of them is taken neither as term nor as break."""


def calendar(source: YamlSource, file: CalendarFile, zone: str | None = None) -> MunicipalCalendar:
    """The calendar; faults lie in the source.

    Args:
        zone: the municipality's time zone; where it is known, another country than its own is asked about.
    """
    _check_country(source, file, zone)
    _check_spans(source, ("closed",), file.closed)
    seen: dict[str, int] = {}
    for index, entry in enumerate(file.school_years):
        if entry.id in seen:
            line = source.line(("school_years", seen[entry.id]))
            source.fault(("school_years", index, "id"), f"the same id as on line {line}", f"samma id som på rad {line}")
        seen.setdefault(entry.id, index)
        _check_year(source, ("school_years", index), entry)
    in_order = sorted(enumerate(file.school_years), key=lambda item: item[1].autumn_term.first_day)
    for (_, old), (index, new) in pairwise(in_order):
        if new.autumn_term.first_day <= old.spring_term.last_day:
            source.fault(
                ("school_years", index, "autumn_term", "first_day"),
                f"begins before the school year {old.id} has ended on {old.spring_term.last_day}",
                f"börjar innan läsåret {old.id} slutat {old.spring_term.last_day}",
            )
    return MunicipalCalendar(
        country=file.country,
        subdivision=file.subdivision,
        closed=tuple(_closure(item) for item in file.closed),
        school_years=tuple(_year(entry) for _, entry in in_order),
        school_kinds=frozenset(file.school_kinds),
    )


def _check_country(source: YamlSource, file: CalendarFile, zone: str | None) -> None:
    known = list_supported_countries()
    if file.country not in known:
        out, out_sv = meant(file.country, known)
        source.fault(
            ("country",),
            f"no holidays are known of {file.country!r}; {out}",
            f"inga helgdagar är kända för {file.country!r}; {out_sv}",
        )
    elif file.subdivision and file.subdivision not in known[file.country]:
        out, out_sv = meant(file.subdivision, known[file.country])
        source.fault(
            ("subdivision",),
            f"no part {file.subdivision!r} of {file.country}; {out}",
            f"{file.country} har ingen del {file.subdivision!r}; {out_sv}",
        )
    there = _listed("zone.tab", 2, 0).get(zone or "")
    if file.country in known and there in known and there != file.country:  # SV is what many write for Sverige
        name = _listed("iso3166.tab", 0, 1).get(file.country, file.country)
        source.fault(
            ("country",),
            f"{file.country} is the code of {name}, but the time zone {zone} is that of {there}; did you mean {there}?",
            f"{file.country} är koden för {name}, men tidszonen {zone} är {there}:s; menade du {there}?",
            warning=True,
        )


@cache
def _listed(table: str, key: int, value: int) -> dict[str, str]:
    """Two columns of a table of the time zone database: zone.tab has country, place, zone; iso3166.tab country and its name."""
    lines = (files("tzdata") / "zoneinfo" / table).read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return {row[key]: row[value] for row in rows}


def _check_year(source: YamlSource, path: Keys, entry: SchoolYearEntry) -> None:
    for term in ("autumn_term", "spring_term"):
        _check_span(source, (*path, term), getattr(entry, term))
    if entry.spring_term.first_day <= entry.autumn_term.last_day:
        source.fault((*path, "spring_term", "first_day"), "must be after the autumn term", "måste ligga efter höstterminen")
    _check_spans(source, (*path, "breaks"), entry.breaks)
    for number, item in enumerate(entry.breaks):
        if not any(
            term.first_day <= item.first_day and item.last_day <= term.last_day for term in (entry.autumn_term, entry.spring_term)
        ):
            source.fault(
                (*path, "breaks", number),
                "lies outside the terms; the Christmas and summer breaks follow from the terms and are not entered",
                "ligger utanför terminerna; jullov och sommarlov följer av terminerna och anges inte",
            )
    if entry.example and entry.mark is not Mark.UNVERIFIED:
        source.fault((*path, "mark"), "an invented school year is marked U", "ett påhittat läsår märks U")


def _check_spans(source: YamlSource, path: Keys, entries: Sequence[ClosureEntry]) -> None:
    for number, item in enumerate(entries):
        _check_span(source, (*path, number), item)
    in_order = sorted(enumerate(entries), key=lambda item: item[1].first_day)
    for (_, old), (number, new) in pairwise(in_order):
        if new.first_day <= old.last_day:
            source.fault(
                (*path, number, "first_day"),
                f"overlaps {old.name_en}, which ends on {old.last_day}",
                f"överlappar {old.name_sv}, som slutar {old.last_day}",
            )


def _check_span(source: YamlSource, path: Keys, entry: ClosureEntry | TermEntry) -> None:
    if entry.last_day < entry.first_day:
        source.fault((*path, "last_day"), "lies before first_day", "ligger före first_day")


def _closure(entry: ClosureEntry) -> Closure:
    return Closure(entry.name_sv, entry.name_en, entry.first_day, entry.last_day)


def _year(entry: SchoolYearEntry) -> SchoolYear:
    return SchoolYear(
        id=entry.id,
        autumn_first_day=entry.autumn_term.first_day,
        autumn_last_day=entry.autumn_term.last_day,
        spring_first_day=entry.spring_term.first_day,
        spring_last_day=entry.spring_term.last_day,
        breaks=tuple(_closure(item) for item in sorted(entry.breaks, key=lambda item: item.first_day)),
        source=entry.source,
        mark=entry.mark,
        example=entry.example,
    )
