"""What is said of each oddity, in Swedish and English, with the evidence. Pure."""

from collections.abc import Mapping
from typing import Any

from config.domain.intervals import Finding, FindingCode
from services.settlement.contradictions import in_words
from services.settlement.units import HOUR_US, instant

_SENTENCES: Mapping[str, tuple[FindingCode, str, str]] = {
    "gap": (
        FindingCode.GAP,
        "Ingen avläsning på {hours} h.",
        "No reading for {hours} h.",
    ),
    "false": (
        FindingCode.FALSE_READING,
        "{readings} avläsning(ar) motsägs av dem runt omkring och räknas inte.",
        "{readings} reading(s) contradict those around them and are left out.",
    ),
    "twin": (
        FindingCode.FALSE_READING,
        "Två värden för samma tid; {left_out} passar inte in i mätarställningens gång och räknas inte.",
        "Two values for one time; {left_out} does not fit the register's course and is left out.",
    ),
    "exchange": (
        FindingCode.EXCHANGE,
        "Mätare {old_meter} byttes mot {new_meter}.",
        "Meter {old_meter} was exchanged for {new_meter}.",
    ),
    "exchange_same_id": (
        FindingCode.EXCHANGE,
        "Mätaren byttes mot en annan med samma id ({new_meter}), enligt det som är antecknat.",
        "The meter was exchanged for another with the same id ({new_meter}), as is on record.",
    ),
    "exchange_contradicted": (
        FindingCode.EXCHANGE,
        "Mätare {old_meter} byttes mot {new_meter}; det antecknade motsägs av avläsningarna och används inte: {contradiction}.",
        "Meter {old_meter} was exchanged for {new_meter}; the readings contradict the record, it is not used: {contradiction}.",
    ),
    "start_contradicted": (
        FindingCode.FALSE_READING,
        "Den antecknade ställningen när mätaren sattes upp motsägs av avläsningarna och används inte: {contradiction}.",
        "The readings contradict the level on record from when the meter was installed; it is not used: {contradiction}.",
    ),
    "end_contradicted": (
        FindingCode.FALSE_READING,
        "Den antecknade ställningen när mätaren togs ner motsägs av avläsningarna och används inte: {contradiction}.",
        "The readings contradict the level on record from when the meter was removed; it is not used: {contradiction}.",
    ),
    "exchange_by_id": (
        FindingCode.EXCHANGE,
        "En annan mätare ({new_meter}) svarar i stället för {old_meter}; bytet är inte antecknat.",
        "Another meter ({new_meter}) answers instead of {old_meter}; the exchange is not on record.",
    ),
    "exchange_confirmed": (
        FindingCode.EXCHANGE,
        "Mätaren byttes; bekräftat av en person.",
        "The meter was exchanged; a person confirmed it.",
    ),
    "exchange_suspected": (
        FindingCode.EXCHANGE_SUSPECTED,
        "Mätarställningen fortsätter från en annan nivå; är mätaren bytt? Användningen däremellan är okänd.",
        "The register goes on from another level; was the meter exchanged? What was used in between is unknown.",
    ),
    "reset": (
        FindingCode.RESET,
        "Mätarställningen började om från noll. Användningen däremellan är okänd.",
        "The register began again from nought. What was used in between is unknown.",
    ),
    "no_exchange": (
        FindingCode.RESET,
        "Mätarställningen föll utan att mätaren byttes, enligt en person. Användningen däremellan är okänd.",
        "The register fell though the meter was not exchanged, as a person says. What was used in between is unknown.",
    ),
    "rollover": (
        FindingCode.ROLLOVER,
        "Räkneverket slog runt vid {end} och fortsatte från noll.",
        "The register passed its end at {end} and went on from nought.",
    ),
    "stuck_caught_up": (
        FindingCode.STUCK,
        "Mätaren upprepade samma ställning i {hours} h och tog sedan igen det; förbrukningen fördelas över tiden.",
        "The meter repeated one register for {hours} h and then caught up; the use is spread over that time.",
    ),
    "stuck": (
        FindingCode.STUCK,
        "Mätaren upprepade samma ställning i {hours} h fast något brukar användas; förbrukningen är okänd.",
        "The meter repeated one register for {hours} h though there is use here as a rule; the use is unknown.",
    ),
    "clock": (
        FindingCode.CLOCK,
        "Mätarens klocka går fel; tiden då {readings} avläsning(ar) togs emot används i stället.",
        "The meter's clock is wrong; the time of receipt is used for {readings} reading(s).",
    ),
    "unit_changed": (
        FindingCode.UNIT_CHANGED,
        "Värdena kommer i en annan enhet än den som anges; de räknas om med {factor}.",
        "The values come in another unit than the one stated; they are multiplied by {factor}.",
    ),
    "sign_flip": (
        FindingCode.SIGN_FLIP,
        "Mätarställningen kommer med minustecken; tecknet räknas inte.",
        "The register comes with a minus sign; the sign is disregarded.",
    ),
    "counts_down": (
        FindingCode.SIGN_FLIP,
        "Mätarställningen räknar ned fast den bara ska stiga; är mätaren felkopplad? Förbrukningen är okänd.",
        "The register counts down though it should only rise; is the meter wired wrong? The use is unknown.",
    ),
}


def finding(point: str, said: str, first_us: int, last_us: int, evidence: Mapping[str, Any]) -> Finding:
    """The oddity `said` (a row above) between two instants."""
    code, swedish, english = _SENTENCES[said]
    facts = {name: _shown(value) for name, value in evidence.items()}
    facts.setdefault("hours", f"{(last_us - first_us) / HOUR_US:.1f}")
    in_swedish = {
        name: value.replace(".", ",") if name in ("hours", "left_out", "end") else value for name, value in facts.items()
    }
    if said.endswith("contradicted"):
        in_swedish["contradiction"], facts["contradiction"] = in_words(evidence)
    return Finding(
        point,
        code,
        instant(first_us),
        instant(last_us),
        swedish.format_map(in_swedish),
        english.format_map(facts),
        dict(evidence),
    )


def _shown(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
