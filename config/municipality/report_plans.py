"""The reports of an audience in audiences.yaml: each is checked against the estate, the audience's rights and the other plans."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, WithJsonSchema

from config.addresses import is_mail_address
from config.domain.audiences import Readers
from config.domain.estate import BUILDING_KINDS
from config.domain.indicators import PORTFOLIO, Subject, SubjectKind
from config.domain.report_plans import PLANNED_ABOUT, USUAL_MONTHS, Form, PlannedKind, ReportPlan
from config.municipality.entries import Entry, wrong
from config.municipality.faults import meant
from config.municipality.portfolio import BuildingEntry
from config.municipality.yaml_source import Keys, YamlSource

EVERY = {"every building": SubjectKind.BUILDING, "every owner": SubjectKind.OWNER}
ONE = {"owner": SubjectKind.OWNER, "kind": SubjectKind.BUILDING_KIND, "building": SubjectKind.BUILDING}
WAYS = "portfolio, every building, every owner, owner:ID, kind:ID, building:ID"


def _address(text: str) -> str:
    if not is_mail_address(text):
        raise wrong(
            f"{text!r} is no mail address; write it as name@example.se, a domain with å, ä or ö in its xn-- form",
            f"{text!r} är ingen e-postadress; skriv den som namn@example.se, en domän med å, ä eller ö i sin xn---form",
        )
    return text


def _about(text: str) -> str:
    kind, colon, name = text.partition(":")
    if text != PORTFOLIO and text not in EVERY and not (colon and kind in ONE and re.fullmatch(r"[a-z0-9_-]+", name)):
        raise wrong(f"{text!r} names no subject; write one of {WAYS}", f"{text!r} pekar inte ut något; skriv något av {WAYS}")
    return text


MailAddress = Annotated[str, AfterValidator(_address)]
MonthNumber = Annotated[int, Field(ge=1, le=12)]
About = Annotated[
    str,
    AfterValidator(_about),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": "^(portfolio|every building|every owner|(owner|kind|building):[a-z0-9_-]+)$",
            "examples": ["portfolio", "every building", "every owner", "owner:ID", "kind:ID", "building:ID"],
        }
    ),
]


class ReportEntry(Entry):
    """A report that goes out by itself."""

    kind: PlannedKind
    """monthly, trend (of a year or of the year so far), sheet (of a building, to pin up) or owner (a month's summary)."""
    of: About
    """What it is of."""
    day: Annotated[int, Field(ge=1, le=10)] = 3
    """On which working day of the month it goes, in the morning."""
    months: tuple[MonthNumber, ...] = ()
    """In which months it goes, as [2, 9]; not given: every month, a trend report in February and September."""
    language: Literal["sv", "en"] | None = None
    """The audience's where not given."""
    forms: tuple[Form, ...] | None = None
    """What is attached to the mail; the PDF where not given, [] for the mail alone."""
    recipients: tuple[MailAddress, ...] = ()
    """Addresses that it goes to; the audience's where not given."""
    wait_days: Annotated[int, Field(ge=0, le=20)] = 7
    """How long one with too little data waits; then it goes with the reason on its first page."""
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Estate:
    """What plans may name. `buildings`: None where they are not known, and then no plan comes to anything."""

    owners: Collection[str]
    buildings: Collection[BuildingEntry] | None


class PlanReading:
    """Reads the plans of one audience after the other, and remembers who gets what."""

    def __init__(self, source: YamlSource, estate: Estate) -> None:
        self._source = source
        self._estate = estate
        self._ids = set[str]()
        self._gets = dict[tuple[str, Subject, int, str], str]()

    def plans(self, place: int, reader: Readers, entries: Sequence[ReportEntry]) -> tuple[ReportPlan, ...]:
        """The audience's plans; faults lie in the source. `place`: of the audience in the file."""
        self._once(("audiences", place, "recipients"), reader.recipients)
        if reader.public_only and entries:
            self._source.fault(
                ("audiences", place, "reports"),
                f"{reader.audience} sees open data only, and reports hold more; leave them out",
                f"{reader.audience} ser bara öppna data, och rapporter innehåller mer; ta bort dem",
            )
        return tuple(self._plan(("audiences", place, "reports", number), reader, each) for number, each in enumerate(entries))

    def _plan(self, path: Keys, reader: Readers, entry: ReportEntry) -> ReportPlan:
        language = entry.language or reader.language
        plan = ReportPlan(
            id=f"{reader.audience}/{entry.kind}/{entry.of}/{language}",
            kind=entry.kind,
            subjects=self._subjects(path, reader, entry),
            recipients=entry.recipients or reader.recipients,
            language=language,
            working_day=entry.day,
            months=tuple(sorted(set(entry.months))) or USUAL_MONTHS[entry.kind],
            forms=("pdf",) if entry.forms is None else tuple(dict.fromkeys(entry.forms)),
            waits=timedelta(days=entry.wait_days),
        )
        self._once((*path, "recipients"), entry.recipients)
        if not plan.recipients:
            self._source.fault(
                path,
                "nobody gets it: it is published in the archive alone; give recipients",
                "ingen får den: den publiceras bara i arkivet; ange recipients",
                warning=True,
            )
        if plan.id in self._ids:
            self._source.fault(
                path,
                "the same report in the same language is planned above; put months and recipients there",
                "samma rapport på samma språk är planerad ovan; lägg månader och mottagare där",
            )
        else:
            self._check_who_gets_it(path, plan)
        self._ids.add(plan.id)
        return plan

    def _once(self, path: Keys, recipients: tuple[str, ...]) -> None:
        seen = set[str]()
        for number, recipient in enumerate(recipients):
            if recipient.casefold() in seen:
                self._source.fault((*path, number), f"{recipient} is given twice", f"{recipient} står två gånger")
            seen.add(recipient.casefold())

    def _check_who_gets_it(self, path: Keys, plan: ReportPlan) -> None:
        """A mailbox gets a report once, in one language: a second plan of it would never be sent there."""
        for recipient in plan.recipients:
            others = []
            for subject in plan.subjects:
                for month in plan.months:
                    other = self._gets.setdefault((plan.kind, subject, month, recipient.casefold()), plan.id)
                    if other != plan.id:
                        others.append((other, subject))
            if others:
                other, subject = others[0]
                self._source.fault(
                    path,
                    f"{recipient} gets the report of {subject.id} already, by {other}",
                    f"{recipient} får redan rapporten om {subject.id}, genom {other}",
                )

    def _subjects(self, path: Keys, reader: Readers, entry: ReportEntry) -> tuple[Subject, ...]:
        path, name = (*path, "of"), entry.of.partition(":")[2]
        kind = EVERY.get(entry.of) or ONE.get(entry.of.partition(":")[0], SubjectKind.PORTFOLIO)
        if kind not in PLANNED_ABOUT[entry.kind]:
            ways = ", ".join(way for way, about in _ways().items() if about in PLANNED_ABOUT[entry.kind])
            self._source.fault(
                path,
                f"no {entry.kind} report is made of it; of {ways}",
                f"någon {entry.kind}-rapport görs inte av det; av {ways}",
            )
            return ()
        every = self._estate.buildings
        if every is None:
            return ()
        seen = [each for each in every if not reader.owners or each.owner in reader.owners]
        if entry.of in EVERY:
            ids = [each.id if kind is SubjectKind.BUILDING else each.owner for each in seen]
            return tuple(Subject(kind, each) for each in dict.fromkeys(ids))
        if kind is SubjectKind.PORTFOLIO:
            name, concerned = PORTFOLIO, list(every)
        else:
            concerned = [
                each for each in every if {"owner": each.owner, "kind": each.kind, "building": each.id}[_word(kind)] == name
            ]
            if not concerned:
                self._unknown(path, kind, name)
                return ()
        if any(each not in seen for each in concerned):
            owners = ", ".join(reader.owners)
            self._source.fault(
                path,
                f"{reader.audience} sees the buildings of {owners} only; name one of these",
                f"{reader.audience} ser bara byggnader som tillhör {owners}; ange någon av dem",
            )
        return (Subject(kind, name),)

    def _unknown(self, path: Keys, kind: SubjectKind, name: str) -> None:
        buildings = self._estate.buildings or ()
        known: Mapping[SubjectKind, Collection[str]] = {
            SubjectKind.OWNER: self._estate.owners,
            SubjectKind.BUILDING_KIND: BUILDING_KINDS,
            SubjectKind.BUILDING: [each.id for each in buildings],
        }
        if name in known[kind]:
            self._source.fault(path, f"{_word(kind)} {name!r} has no building", f"{name!r} har ingen byggnad")
            return
        out, out_sv = meant(name, known[kind])
        self._source.fault(path, f"there is no {_word(kind)} {name!r}; {out}", f"{name!r} finns inte; {out_sv}")


def _word(kind: SubjectKind) -> str:
    return next(word for word, each in ONE.items() if each is kind)


def _ways() -> Mapping[str, SubjectKind]:
    return {PORTFOLIO: SubjectKind.PORTFOLIO, **EVERY, **{f"{word}:ID": kind for word, kind in ONE.items()}}
