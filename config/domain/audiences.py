"""Who reads: titles, language and what each audience may see. The audiences themselves are those of `panels.Audience`."""

from dataclasses import dataclass
from typing import Literal

from config.domain.panels import Audience
from config.domain.report_plans import ReportPlan


@dataclass(frozen=True, slots=True)
class Readers:
    """One audience of this municipality.

    Attributes:
        owners: the owners whose buildings they see; all where empty.
        public_only: only buildings and metering points that may be shown as open data.
        recipients: addresses that reports go to.
        reports: that go out by themselves.
    """

    audience: Audience
    title_sv: str
    title_en: str
    language: Literal["sv", "en"] = "sv"
    owners: tuple[str, ...] = ()
    public_only: bool = False
    recipients: tuple[str, ...] = ()
    reports: tuple[ReportPlan, ...] = ()
