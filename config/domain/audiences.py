"""Who reads: titles, language and what each audience may see. The audiences themselves are those of `panels.Audience`."""

from dataclasses import dataclass

from config.domain.panels import Audience


@dataclass(frozen=True, slots=True)
class Readers:
    """One audience of this municipality.

    Attributes:
        language: "sv" or "en".
        owners: the owners whose buildings they see; all where empty.
        public_only: only buildings and metering points that may be shown as open data.
        recipients: addresses that reports go to.
    """

    audience: Audience
    title_sv: str
    title_en: str
    language: str = "sv"
    owners: tuple[str, ...] = ()
    public_only: bool = False
    recipients: tuple[str, ...] = ()
