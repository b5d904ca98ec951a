"""Numbers, times and words as they are written on the board, in Swedish and in English."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Literal

Language = Literal["sv", "en"]

NBSP = "\u00a0"
MINUS = "\u2212"
DASH = "\u2013"
UNIT_TEXTS = {"m3": "m³", "1": "%", "": "", "ms": ""}
WEEKDAYS_SV = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS_SV = ("jan", "feb", "mars", "april", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec")
MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

KINDS = {
    "preschool": ("Förskola", "Preschool"),
    "school": ("Skola", "School"),
    "secondary_school": ("Gymnasieskola", "Upper secondary school"),
    "care_home": ("Omsorgsboende", "Care home"),
    "sports_hall": ("Idrottshall", "Sports hall"),
    "ice_rink": ("Ishall", "Ice rink"),
    "swimming_hall": ("Simhall", "Swimming hall"),
    "office": ("Kontor", "Office"),
    "library": ("Bibliotek", "Library"),
    "culture": ("Kulturhus", "Culture house"),
    "museum": ("Museum", "Museum"),
    "airport": ("Flygplats", "Airport"),
    "housing": ("Bostäder", "Housing"),
    "depot": ("Depå", "Depot"),
    "fire_station": ("Brandstation", "Fire station"),
    "kitchen": ("Kök", "Kitchen"),
    "waterworks": ("Vattenverk", "Waterworks"),
    "solar_plant": ("Solelanläggning", "Solar plant"),
    "heat_plant": ("Värmeverk", "Heat plant"),
    "other": ("Annan byggnad", "Other building"),
}
ATTRIBUTES = {
    "area_m2": ("yta", "area"),
    "latitude": ("läge", "position"),
    "longitude": ("läge", "position"),
    "name": ("namn", "name"),
    "kind": ("typ", "kind"),
    "owner": ("ägare", "owner"),
}


LANGUAGES: Mapping[str, Language] = {"sv": "sv", "en": "en"}  # as an address says them


def kept_language(language: Language, own: Language) -> str:
    """What an address must say for the page behind it to be in this language; "" where that is the reader's own anyway."""
    return "" if language == own else language


def language_suffix(language: Language, own: Language) -> str:
    """The same as the query of an address that has no other."""
    kept = kept_language(language, own)
    return f"?lang={kept}" if kept else ""


def pick(language: Language, swedish: str, english: str) -> str:
    return swedish if language == "sv" else english


def number(value: float, language: Language, decimals: int | None = None) -> str:
    """With about three digits where `decimals` is not given: 0.123, 1.23, 12.3, 123, 12 300."""
    if decimals is None:
        size = abs(value)
        decimals = 0 if size >= 100 or size == 0 else 1 if size >= 10 else 2 if size >= 1 else 3
    text = f"{abs(value):,.{decimals}f}"
    sign = MINUS if value < 0 and float(text.replace(",", "")) != 0 else ""
    if language == "sv":
        text = text.replace(",", NBSP).replace(".", ",")
    return sign + text


def unit_text(unit: str) -> str:
    return UNIT_TEXTS.get(unit, unit.replace("m2", "m²").replace("m3", "m³").replace("CO2", "CO₂"))


def amount(value: float, unit: str, language: Language) -> str:
    """A number with its unit; shares become per cent, which a small rest never rounds to none or all of it."""
    if unit == "1":
        return share(value, language)
    text = number(value, language, 0 if unit == "" else None)
    return f"{text}{NBSP}{unit_text(unit)}" if unit else text


def share(value: float, language: Language) -> str:
    """97.6 % as 97 %: a coverage of 100 % is whole."""
    percent = int(value * 100 + 1e-9)
    return f"{number(float(percent), language, 0)}{NBSP}%" if percent or value <= 0 else f"<{NBSP}1{NBSP}%"


def change_text(value: float, old: float, language: Language) -> str:
    """In per cent of what it was, which is not 0."""
    percent = 100 * (value - old) / abs(old)
    text = number(abs(percent), language, 0 if abs(percent) >= 10 else 1)
    if float(text.replace(NBSP, "").replace(",", "." if language == "sv" else "")) == 0:
        return pick(language, "oförändrat", "unchanged")
    return f"{'+' if percent > 0 else MINUS}{text}{NBSP}%"


def clock_time(instant: datetime) -> str:
    """Of an instant in local time."""
    return f"{instant:%H:%M}"


def day_name(on: date, language: Language) -> str:
    if language == "sv":
        return f"{WEEKDAYS_SV[on.weekday()]} {on.day}{NBSP}{MONTHS_SV[on.month - 1]}"
    return f"{WEEKDAYS_EN[on.weekday()]} {on.day}{NBSP}{MONTHS_EN[on.month - 1]}"


def month_name(on: date, language: Language) -> str:
    return f"{pick(language, MONTHS_SV[on.month - 1], MONTHS_EN[on.month - 1])}{NBSP}{on.year}"


def length(span: timedelta, language: Language) -> str:
    """The largest whole unit: 12 s, 5 min, 3 h, 2 dygn."""
    seconds = max(0, int(span.total_seconds()))
    for size, unit in ((86_400, pick(language, "dygn", "d")), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size}{NBSP}{unit}"
    return f"{seconds}{NBSP}s"


def ago(span: timedelta, language: Language) -> str:
    return pick(language, f"för {length(span, language)} sedan", f"{length(span, language)} ago")


def moment(instant: datetime, now: datetime, language: Language) -> str:
    """An instant in local time; with its date where that is not today's."""
    if instant.date() == now.date():
        return pick(language, f"kl.{NBSP}{clock_time(instant)}", clock_time(instant))
    return f"{instant:%Y-%m-%d} {clock_time(instant)}"


def swedish_order(text: str) -> str:
    """Sorts å, ä and ö last, as Swedes look for them."""
    return text.casefold().translate(str.maketrans("åäö", "{|}"))
