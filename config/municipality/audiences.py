"""audiences.yaml: who reads, in which language, and whose buildings they see."""

from dataclasses import replace
from typing import Literal

from config.domain.audiences import Readers
from config.domain.panels import Audience
from config.municipality.entries import Entry, Slug, Words
from config.municipality.faults import meant
from config.municipality.receivers import ReceiverEntry
from config.municipality.report_plans import Estate, MailAddress, PlanReading, ReportEntry
from config.municipality.yaml_source import YamlSource


class AudienceEntry(Entry):
    id: Audience
    """facility_managers, environment_team, board or citizens."""
    title_sv: Words
    title_en: Words
    language: Literal["sv", "en"] = "sv"
    owners: tuple[Slug, ...] = ()
    """Owners whose buildings they see; all where not given."""
    public_only: bool = False
    """Only buildings and points that may be shown as open data."""
    recipients: tuple[MailAddress, ...] = ()
    """Addresses that reports go to."""
    reports: tuple[ReportEntry, ...] = ()
    """Reports that go out by themselves."""
    note: str | None = None


class AudiencesFile(Entry):
    """The readers of dashboards and reports, and who is told when something happens."""

    note: str | None = None
    audiences: tuple[AudienceEntry, ...] = ()
    alerts: tuple[ReceiverEntry, ...] = ()
    """Who is told when something happens."""


def audiences(source: YamlSource, file: AudiencesFile, estate: Estate) -> tuple[Readers, ...]:
    """The audiences; faults lie in the source."""
    seen, plans, owners = set[Audience](), PlanReading(source, estate), estate.owners
    made = []
    for index, entry in enumerate(file.audiences):
        if entry.id in seen:
            source.fault(("audiences", index, "id"), f"{entry.id} is given twice", f"{entry.id} står två gånger")
        seen.add(entry.id)
        for number, owner in enumerate(entry.owners):
            if owner not in owners:
                out, out_sv = meant(owner, owners)
                source.fault(
                    ("audiences", index, "owners", number), f"no owner {owner!r}; {out}", f"ägaren {owner!r} finns inte; {out_sv}"
                )
        if entry.id is Audience.CITIZENS and not entry.public_only:
            source.fault(
                ("audiences", index, "public_only"),
                "citizens see open data only; give public_only: true",
                "medborgare ser bara öppna data; ange public_only: true",
            )
        reader = Readers(
            entry.id, entry.title_sv, entry.title_en, entry.language, entry.owners, entry.public_only, entry.recipients
        )
        made.append(replace(reader, reports=plans.plans(index, reader, entry.reports)))
    return tuple(made)
