"""audiences.yaml: who reads, in which language, and whose buildings they see."""

import re
from collections.abc import Collection
from typing import Annotated, Literal

from pydantic import AfterValidator

from config.domain.audiences import Readers
from config.domain.panels import Audience
from config.municipality.entries import Entry, Slug, Words, wrong
from config.municipality.faults import meant
from config.municipality.receivers import ReceiverEntry
from config.municipality.yaml_source import YamlSource


def _address(text: str) -> str:
    if not re.fullmatch(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+", text):
        raise wrong(f"{text!r} is no mail address", f"{text!r} är ingen e-postadress")
    return text


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
    recipients: tuple[Annotated[str, AfterValidator(_address)], ...] = ()
    """Addresses that reports go to."""
    note: str | None = None


class AudiencesFile(Entry):
    """The readers of dashboards and reports, and who is told when something happens."""

    note: str | None = None
    audiences: tuple[AudienceEntry, ...] = ()
    alerts: tuple[ReceiverEntry, ...] = ()
    """Who is told when something happens."""


def audiences(source: YamlSource, file: AudiencesFile, owners: Collection[str]) -> tuple[Readers, ...]:
    """The audiences; faults lie in the source."""
    seen = set[Audience]()
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
    return tuple(
        Readers(entry.id, entry.title_sv, entry.title_en, entry.language, entry.owners, entry.public_only, entry.recipients)
        for entry in file.audiences
    )
