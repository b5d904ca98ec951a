"""What subjects and periods are called inside a sentence, in both languages."""

from datetime import timedelta

from config.domain.estate import BUILDING_KINDS
from config.domain.indicators import Subject, SubjectKind
from config.domain.panels import CARRIER_NAMES
from config.domain.periods import Period, local_date
from services.reports.contents.material import Material
from services.reports.printing import period_text
from services.reports.report import Words

_NUMBERS_SV = ("ingen", "en", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv", "tretton")
_NUMBERS_EN = (
    "none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
)  # fmt: skip
_HOUR = timedelta(hours=1)


def buildings_of(material: Material, subject: Subject) -> Words:
    """The subject as the one that uses energy: "Björkskolan", "Skolnämndens byggnader", "hela beståndet"."""
    name, one = material.name(subject), len(material.buildings(subject)) == 1
    what = "building" if one else "buildings"
    match subject.kind:
        case SubjectKind.PORTFOLIO:
            return Words("hela beståndet", "the whole estate")
        case SubjectKind.OWNER:
            return Words(f"{genitive(name.sv)} {'byggnad' if one else 'byggnader'}", f"the {what} of {name.en}")
        case SubjectKind.BUILDING_KIND:
            sv, en = BUILDING_KINDS.get(subject.id, (subject.id, subject.id))
            return Words(f"{'byggnaden' if one else 'byggnaderna'} av typen {sv}", f"the {what} of the type {en}")
        case _:
            return name


def genitive(name: str) -> str:
    """Swedish: names that end in s, x or z are their own genitive."""
    return name if name[-1:].casefold() in ("s", "x", "z") else f"{name}s"


def capital(text: str) -> str:
    """As it begins a sentence."""
    return text[:1].upper() + text[1:]


def small(text: str) -> str:
    """As it goes on inside one; a word of capitals stays as it is."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def period_words(period: Period) -> Words:
    """ "oktober 2026"."""
    return Words(period_text(period, "sv"), period_text(period, "en"))


def days_of(period: Period) -> int:
    """Local days in it."""
    return (local_date(period.end, period.zone) - local_date(period.start, period.zone)).days


def carrier_name(carrier: str) -> Words:
    """ "Fjärrvärme"."""
    known = CARRIER_NAMES.get(carrier)
    return Words(known.sv, known.en) if known else Words(carrier, carrier)


def spelled(count: int) -> Words:
    """A number as a word, at most thirteen: "nio". Figures stand in tables, words in sentences."""
    return Words(_NUMBERS_SV[count], _NUMBERS_EN[count])


def row_label(items: tuple[Words, ...], most: int = 3) -> Words:
    """Names that may have commas of their own, as a table's row says them: "A; B; C med flera"."""
    sv, en = "; ".join(each.sv for each in items[:most]), "; ".join(each.en for each in items[:most])
    return Words(f"{sv} med flera", f"{en} and others") if len(items) > most else Words(sv, en)


def listed(items: tuple[Words, ...], most: int = 3) -> Words:
    """ "A, B och C"; of more than `most` the first, "med flera"."""
    sv, en = [each.sv for each in items[:most]], [each.en for each in items[:most]]
    if len(items) > most:
        return Words(f"{', '.join(sv)} med flera", f"{', '.join(en)} and others")
    return Words(_joined(sv, "och"), _joined(en, "and"))


def _joined(items: list[str], last: str) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {last} {items[-1]}" if items else ""
