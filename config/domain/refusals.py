"""Why a message, or a value of it, could not be used: the closed list, as people read it. The detail is told in English."""

from enum import StrEnum
from typing import NamedTuple


class Refusal(StrEnum):
    """Said where it is found, by the error that is raised."""

    UNREADABLE = "unreadable"  # the payload is not what its family says
    UNRECOGNISED = "unrecognised"  # no decoder of the family knows its shape
    NO_SOURCE = "no_source"  # no source covers its topic
    OUR_MISTAKE = "our_mistake"  # a decoder of ours failed
    UNIT = "unit"  # unknown, absent, or of another kind
    VALUE = "value"  # cannot be true
    TIME = "time"  # cannot be true, or is not known
    NOT_STORED = "not_stored"  # the store will never take it


class Words(NamedTuple):
    """The rest of a sentence: "3 meddelanden gick inte att använda: …"."""

    sv: str
    en: str


REFUSAL_WORDS = {
    Refusal.UNREADABLE: Words(
        "innehållet är inte vad mätarfamiljen brukar sända", "the content is not what the device family sends"
    ),
    Refusal.UNRECOGNISED: Words(
        "ingen avkodare i mätarfamiljen känner igen formatet", "no decoder of the device family knows the format"
    ),
    Refusal.NO_SOURCE: Words("ingen källa i sources.yaml gäller för ämnet", "no source in sources.yaml covers the topic"),
    Refusal.OUR_MISTAKE: Words("tjänstens egen avkodare gjorde fel", "our own decoder made a mistake"),
    Refusal.UNIT: Words(
        "enheten saknas, är okänd eller passar inte storheten", "the unit is missing, unknown or of another quantity"
    ),
    Refusal.VALUE: Words("värdet kan inte vara sant", "the value cannot be true"),
    Refusal.TIME: Words("tiden kan inte vara sann, eller är inte känd", "the time cannot be true, or is not known"),
    Refusal.NOT_STORED: Words("lagret tar aldrig emot värdet", "the store will never take the value"),
}
