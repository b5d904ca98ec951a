"""What the pages themselves say, beside what the report says."""

from typing import Any

from services.reports.printing import PrintedReport
from services.reports.wording import Language, pick

FOOTER = 60  # letters: a longer title or subject would not fit beside the number


def footer(report: PrintedReport) -> str:
    """Kind, number and edition, and what the report is of."""
    publication = report.publication
    edition = pick(report.language, "utgåva", "edition")
    name = f"{publication.number} · {edition} {publication.edition}" if publication.number else report.name
    short = [text for text in (report.title, report.subject) if len(text) <= FOOTER]
    return " · ".join([report.kind, name, *short[:1]])


def page_words(language: Language) -> dict[str, Any]:
    """By the names that the Typst files know."""
    return {
        "page": pick(language, "Sida", "Page"),
        "of": pick(language, "av", "of"),
        "contents": pick(language, "Innehåll", "Contents"),
        "no_rows": pick(language, "Inga rader.", "No rows."),
        "attached": pick(
            language,
            "Rapporten som data (JSON): varje siffra med enhet, täckning, ±, metod och faktorer",
            "The report as data (JSON): every figure with unit, coverage, ±, method and factors",
        ),
        "grounds": pick(language, "Metod och täckning", "Method and coverage"),
        "grounds_lead": pick(
            language,
            "Så säkra är siffrorna. Täckning är hur stor del av perioden som är uppmätt, i procent. ± är halva bredden av det "
            "intervall där nio fall av tio hamnar, i siffrans enhet: 0 där det är mindre än siffrorna visar, – där det inte är "
            "beräknat. Flera värden i följd är tabellens kolumner. Metodernas nummer och faktorernas bokstäver "
            "leder till listorna.",
            "How certain the figures are. Coverage is the share of the period that is measured, in per cent. ± is half the width "
            "of the interval that nine cases of ten fall in, in the figure's unit: 0 where it is less than the digits show, – "
            "where it is not calculated. Several values follow the columns of the table. The numbers of the methods and the "
            "letters of the factors lead to the lists.",
        ),
        "methods": pick(language, "Metoder", "Methods"),
        "factors": pick(language, "Faktorer och källor", "Factors and sources"),
        "grounds_heads": [
            pick(language, "Rad", "Row"),
            pick(language, "Täckning, %", "Coverage, %"),
            "± (90 %)",
            pick(language, "Metod", "Method"),
        ],
    }
