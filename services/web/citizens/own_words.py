"""What the page "compare your own" says, for the server and for the browser alike."""

from collections.abc import Mapping

from services.reports.wording import Language, number, pick
from services.web.citizens.own_file import LARGEST_BYTES, Fault
from services.web.citizens.own_use import LEAST_AREA_M2, MOST_AREA_M2, Use

FAULTS: Mapping[str, tuple[str, str]] = {
    "empty": ("Filen är tom.", "The file is empty."),
    "too_large": (
        f"Filen är för stor; högst {LARGEST_BYTES // 1_000_000} MB. Ta ut ett år i taget.",
        f"The file is too large; {LARGEST_BYTES // 1_000_000} MB at most. Take out one year at a time.",
    ),
    "no_columns": (
        "Filen har inga kolumner som går att läsa. Spara den som CSV (text med semikolon, tabb eller komma); Excel- och "
        "PDF-filer går inte.",
        "The file has no columns that can be read. Save it as CSV (text with semicolons, tabs or commas); Excel and PDF files "
        "cannot be used.",
    ),
    "no_rows": (
        "Inga rader med både tid och kWh hittades. Filen ska ha en kolumn med datum och en med förbrukning.",
        "No rows with both a time and kWh were found. The file must have a column of dates and one of use.",
    ),
    "no_value_column": (
        "Det går inte att se vilken kolumn som är förbrukningen. Ta bort de andra, eller döp kolumnen till kWh.",
        "It cannot be told which column is the use. Take out the others, or call the column kWh.",
    ),
    "negative": (
        "Ett värde är negativt ({}). Filen ser ut att vara inmatning eller ett netto; ta ut uttaget i stället.",
        "A value is negative ({}). The file seems to be what was sent out, or a net; take out what was used instead.",
    ),
    "twice": (
        "Samma tid står flera gånger ({}). Filen ser ut att innehålla flera mätare; ta ut en i taget.",
        "The same time stands several times ({}). The file seems to hold several meters; take out one at a time.",
    ),
    "step": (
        "Raderna är varken kvartar, timmar, dygn eller månader. Ta ut en fil med någon av dem.",
        "The rows are neither quarters, hours, days nor months. Take out a file with one of those.",
    ),
    "no_whole_month": ("Ingen månad i filen är hel.", "No month of the file is whole."),
    "missing_months": (
        "Det behövs tolv hela månader i rad för att jämföra ett år. Dessa saknas eller är inte hela: {}.",
        "Twelve whole months in a row are needed to compare a year. These are missing or not whole: {}.",
    ),
    "no_weather": ("Graddagar saknas för {}; välj ett annat år.", "There are no degree days for {}; choose another year."),
    "area": (
        f"Ange ytan i kvadratmeter med bara siffror, som 1250; från {LEAST_AREA_M2:.0f} till {MOST_AREA_M2:.0f}.",
        f"Give the area in square metres in digits alone, as 1250; from {LEAST_AREA_M2:.0f} to {MOST_AREA_M2:.0f}.",
    ),
    "kwh": (
        "Ange hur många kWh året var på med bara siffror, som 18500. En MWh är 1 000 kWh.",
        "Give how many kWh the year was in digits alone, as 18500. One MWh is 1,000 kWh.",
    ),
    "share": ("Andelen anges i procent, från 0 till 100.", "The share is given in per cent, from 0 to 100."),
    "year": ("Välj ett av åren i listan.", "Choose one of the years in the list."),
    "form": ("Formuläret gick inte att läsa; försök igen.", "The form could not be read; try again."),
}
USES: Mapping[Use, tuple[str, str]] = {
    Use.HEAT: ("Värme (fjärrvärme, pellets, gas, olja)", "Heat (district heating, pellets, gas, oil)"),
    Use.ELECTRIC_HEATING: ("El, även till uppvärmning", "Electricity, for heating too"),
    Use.ELECTRICITY: ("El, inte till uppvärmning", "Electricity, not for heating"),
}
COMPARED_WITH: Mapping[Use, tuple[str, str]] = {
    Use.HEAT: ("byggnadernas fjärrvärme, normalårskorrigerad", "the buildings' district heating in normal weather"),
    Use.ELECTRIC_HEATING: (
        "all energi i byggnaderna, normalårskorrigerad (de värms med fjärrvärme, så bara summan går att jämföra)",
        "all energy of the buildings in normal weather (they have district heating, so only the sum can be compared)",
    ),
    Use.ELECTRICITY: ("byggnadernas el", "the buildings' electricity"),
}
SAID: Mapping[str, tuple[str, str]] = {
    "yours": ("Din", "Yours"),
    "per_m2": ("kWh per m² och år", "kWh per m² and year"),
    "above": ("Du ligger {} % över mitten", "You are {} % above the middle"),
    "below": ("Du ligger {} % under mitten", "You are {} % below the middle"),
    "alike": ("Du ligger ungefär i mitten", "You are about in the middle"),
    "assumed": (
        "Antaget: {} % av användningen följer inte vädret (varmvatten och annat). Vet du bättre, ange din andel.",
        "Assumed: {} % of the use does not follow the weather (hot water and more). If you know better, give your share.",
    ),
    "share": ("{} % av användningen räknas inte om efter vädret.", "{} % of the use is not reckoned to the weather."),
    "not_corrected": (
        "Dessa månader har för lite uppvärmning för att räknas om och är som de mättes: {}.",
        "These months have too little heating to be reckoned and are as metered: {}.",
    ),
    "nothing": (
        "Ingen öppen byggnad av den typen har en siffra att jämföra med.",
        "No public building of that kind has a figure.",
    ),
    "period": ("{} till {}", "{} to {}"),
    "not_reached": (
        "Uppgifterna att jämföra med gick inte att hämta; försök igen.",
        "What to compare with could not be fetched; try again.",
    ),
}


def told(fault: Fault, language: Language) -> str:
    """The sentence of a fault."""
    return pick(language, *FAULTS[fault.code]).format(fault.detail)


def browser_words(language: Language) -> dict[str, object]:
    """The same words for the browser."""
    return {
        "faults": {code: pick(language, *words) for code, words in FAULTS.items()},
        "said": {name: pick(language, *words) for name, words in SAID.items()},
        "compared_with": {use.value: pick(language, *words) for use, words in COMPARED_WITH.items()},
    }


def whole(value: float, language: Language) -> str:
    return number(value, language, 0)
