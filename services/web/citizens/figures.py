"""A public building's figures in plain words: each with what it means, how much of it is measured, or why it is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

from config.domain.estate import Building
from config.domain.figure_names import FigureName
from config.domain.indicators import INDICATORS, Subject, SubjectKind
from config.domain.panels import CARRIER_NAMES, Name
from config.domain.periods import Period, PeriodKind, local_date
from services.reports.wording import Language, amount, number, pick, share
from services.web.opendata.ports import OpenData
from services.web.opendata.value_table import value_rows

_YEARS = timedelta(days=800)
_MEANING = {
    "energy_total": (
        "All energi huset köpt, och den el det gjort på taket och använt självt.",
        "All energy that the house bought, and the electricity that it made on its roof and used itself.",
    ),
    "corrected_specific_energy": (
        "Energi per kvadratmeter, omräknad till ett normalt år: så kan stora och små hus jämföras, i milda och kalla vintrar.",
        "Energy per square metre in a normal year: so large and small houses can be compared, in mild and cold winters.",
    ),
    "emissions_location": (
        "Utsläppen från elen och fjärrvärmen där vi bor, i kilogram koldioxid.",
        "The emissions of electricity and district heating where we live, in kilograms of carbon dioxide.",
    ),
    "renewable_share": (
        "Hur mycket av energin som kommer från sol, vind, vatten och biobränsle.",
        "How much of the energy comes from sun, wind, water and biofuel.",
    ),
}
_BY_CARRIER = "energy"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the last twelve months.

    Attributes:
        text: with its unit; "saknas" where it is missing, and then `missing` says why.
        change: against the twelve months before.
        address: of where the figure comes from.
    """

    name: str
    text: str
    meaning: str
    coverage: str
    change: str
    missing: str
    address: str
    definition: str


def figures_of(data: OpenData, building: Building, language: Language) -> list[Figure]:
    """What is open of the building's last rolling year: the whole first, then by carrier."""
    where = {
        "indicator": (*_MEANING, _BY_CARRIER),
        "subject_kind": (SubjectKind.BUILDING.value,),
        "subject": (building.id,),
        "period": (PeriodKind.ROLLING_YEAR.value,),
    }
    now = data.clock.now().replace(second=0, microsecond=0)
    rows = value_rows(data.reader, data.figures, where, now - 2 * _YEARS, None)
    shown: list[Figure] = []
    for indicator in _MEANING:
        shown += _last(rows.filter((pl.col("indicator") == indicator) & (pl.col("carrier") == "")), data, language)
    for carrier in rows.filter(pl.col("indicator") == _BY_CARRIER)["carrier"].unique().sort().to_list():
        shown += _last(rows.filter((pl.col("indicator") == _BY_CARRIER) & (pl.col("carrier") == carrier)), data, language)
    return shown


def months_of(data: OpenData, building: Building, language: Language) -> tuple[list[str], list[tuple[str, list[str]]]]:
    """Energy of the last twelve whole months: carriers, and a row a month with a text for each."""
    where = {
        "indicator": (_BY_CARRIER,),
        "subject_kind": (SubjectKind.BUILDING.value,),
        "subject": (building.id,),
        "period": (PeriodKind.MONTH.value,),
    }
    now = data.clock.now().replace(second=0, microsecond=0)
    rows = value_rows(data.reader, data.figures, where, now - timedelta(days=400), now).filter(pl.col("end") <= now)
    carriers = rows["carrier"].unique().sort().to_list()
    found: dict[str, dict[str, str]] = {}
    latest = rows["start"].unique().sort().tail(12)
    for row in rows.filter(pl.col("start").is_in(latest.implode())).sort("start", descending=True).iter_rows(named=True):
        month = f"{local_date(row['start'], data.zone):%Y-%m}"
        text = pick(language, "saknas", "missing") if row["value"] is None else number(row["value"], language)
        found.setdefault(month, {})[row["carrier"]] = text
    missing = pick(language, "saknas", "missing")
    return [carrier_name(each, language) for each in carriers], [
        (month, [texts.get(carrier, missing) for carrier in carriers]) for month, texts in found.items()
    ]


def carrier_name(carrier: str, language: Language) -> str:
    name = CARRIER_NAMES.get(carrier, Name(carrier, carrier))
    return pick(language, name.sv, name.en)


def _last(rows: pl.DataFrame, data: OpenData, language: Language) -> Sequence[Figure]:
    if rows.is_empty():
        return ()
    ordered = rows.sort("start")
    row = ordered.row(-1, named=True)
    indicator = INDICATORS[row["indicator"]]
    period = Period(PeriodKind.ROLLING_YEAR, row["start"], row["end"], row["zone"])
    name = FigureName(row["indicator"], row["carrier"], Subject(SubjectKind.BUILDING, row["subject"]), period)
    is_missing = row["value"] is None
    meaning = _MEANING.get(row["indicator"], ("", ""))
    return (
        Figure(
            carrier_name(row["carrier"], language) if row["carrier"] else pick(language, indicator.name_sv, indicator.name_en),
            pick(language, "saknas", "missing") if is_missing else amount(row["value"], indicator.unit, language),
            pick(language, *meaning),
            pick(language, f"{share(row['coverage'], language)} mätt", f"{share(row['coverage'], language)} measured"),
            "" if is_missing else _change(ordered, row["start"], row["value"], data, language),
            pick(language, row["reason_sv"], row["reason_en"]) if is_missing else "",
            f"/siffra/{name}",
            pick(language, indicator.definition_sv, indicator.definition_en),
        ),
    )


def _change(rows: pl.DataFrame, start: datetime, value: float, data: OpenData, language: Language) -> str:
    """Against the rolling year that ended twelve months earlier, where it has a value."""
    on = local_date(start, data.zone)
    before = [
        row["value"]
        for row in rows.iter_rows(named=True)
        if local_date(row["start"], data.zone) == on.replace(year=on.year - 1) and row["value"]
    ]
    if not before:
        return ""
    apart = value / before[0] - 1
    direction = pick(language, "mer", "more") if apart > 0 else pick(language, "mindre", "less")
    text = number(abs(apart) * 100, language, 1)
    return pick(language, f"{text} % {direction} än året före", f"{text} % {direction} than the year before")
