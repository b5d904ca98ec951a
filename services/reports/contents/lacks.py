"""What a report lacks, why, and who can supply it: worked out from the reason that each figure gives of itself.

A reason names the file or the meter that would mend it; what it names decides who is told. Of one that names nothing nobody is
guessed.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from config.domain.estate import Building
from config.domain.figure_names import figure_name
from config.domain.indicators import Missing, Subject, SubjectKind
from config.domain.periods import Period
from services.figures.gates import NOT_INSTALLED
from services.reports.contents.material import Material
from services.reports.contents.naming import listed, period_words, row_label
from services.reports.lineage_words import indicator_title
from services.reports.report import Column, ReportedFigure, Row, Table, Words


class Lack(StrEnum):
    """The closed list of what is lacking."""

    READINGS = "readings"
    SUMMER = "summer"  # the heat that follows no weather
    UNMETERED = "unmetered"  # no meter was installed
    FACTOR = "factor"
    PRICE = "price"
    AREA = "area"
    PORTFOLIO = "portfolio"  # something else of the portfolio
    WEATHER = "weather"
    NOT_CALCULATED = "not_calculated"
    OTHER = "other"


# The first that stands in the Swedish reason decides.
_NAMED: tuple[tuple[str, Lack], ...] = (
    (NOT_INSTALLED[0], Lack.UNMETERED),
    ("factors.yaml", Lack.FACTOR),
    ("tariffs.yaml", Lack.PRICE),
    ("Tariff saknas", Lack.PRICE),
    ("ENERGIMONITOR_PRICES", Lack.PRICE),
    ("area_m2", Lack.AREA),
    ("portfolio.yaml", Lack.PORTFOLIO),
    ("energimonitor weather", Lack.WEATHER),
    ("väderdata", Lack.WEATHER),
    ("weather.yaml", Lack.WEATHER),
    ("ngen siffra är publicerad", Lack.NOT_CALCULATED),
    ("hel sommar", Lack.SUMMER),
    ("läs in", Lack.READINGS),
    ("mätaren sänder", Lack.READINGS),
    ("mätvärden", Lack.READINGS),
)
SHORT: Mapping[Lack, Words] = {
    Lack.READINGS: Words("för lite är uppmätt", "too little is measured"),
    Lack.SUMMER: Words("värmen under en hel sommar är inte känd", "the heat of a whole summer is not known"),
    Lack.UNMETERED: Words("det mättes inte då", "it was not metered then"),
    Lack.FACTOR: Words("en utsläppsfaktor saknas", "an emission factor is missing"),
    Lack.PRICE: Words("en prislista saknas", "a price list is missing"),
    Lack.AREA: Words("en area saknas", "an area is missing"),
    Lack.PORTFOLIO: Words("en uppgift om mätpunkten saknas", "a fact of the metering point is missing"),
    Lack.WEATHER: Words("väderdata saknas", "weather data are missing"),
    Lack.NOT_CALCULATED: Words("ingen siffra finns för perioden", "there is no figure of the period"),
    Lack.OTHER: Words("orsaken står under tabellen", "the reason stands under the table"),
}
_FACTOR_OF_NETWORK = Words("Fjärrvärmeleverantören; förs in i factors.yaml", "The heat supplier; entered in factors.yaml")
_WHO: Mapping[Lack, Words] = {
    Lack.UNMETERED: Words("Ingen: mätaren fanns inte då", "Nobody: there was no meter then"),
    Lack.FACTOR: Words("Energileverantören; förs in i factors.yaml", "The energy supplier; entered in factors.yaml"),
    Lack.PRICE: Words("Nätägaren eller leverantören; förs in i tariffs.yaml", "The supplier; entered in tariffs.yaml"),
    Lack.AREA: Words("Den som sköter portfolio.yaml", "Whoever keeps portfolio.yaml"),
    Lack.PORTFOLIO: Words("Den som sköter portfolio.yaml", "Whoever keeps portfolio.yaml"),
    Lack.WEATHER: Words("Den som driver systemet", "Whoever runs the system"),
    Lack.OTHER: Words("Framgår av orsaken", "The reason tells"),
}


def lack_of(missing: Missing) -> Lack:
    """What the reason says is lacking."""
    return next((lack for text, lack in _NAMED if text in missing.reason_sv), Lack.OTHER)


def short_reason(missing: Missing) -> Words:
    """Why, in a few words without figures, as a sentence says it."""
    return SHORT[lack_of(missing)]


_OF_GROUP_SV = re.compile(r"Saknas för \d+ av \d+ byggnader \((?P<names>.*?)\)\. ")
_OF_GROUP_EN = re.compile(r"Missing for \d+ of \d+ buildings \(.*?\)\. ")
_THIN = re.compile(r"Bara \d+ % av periodens timmar är kända")
_TOO_FEW = Missing(
    "För få av periodens timmar är kända, täckningen står vid siffran: läs in det som fattas.",
    "Too few of the period's hours are known, the coverage stands beside the figure: import what lacks.",
)


@dataclass
class _Lacking:
    """One reason: the buildings that it names, the labels of what lacks it, and the owners that it concerns."""

    missing: Missing
    names: str
    labels: dict[str, Words] = field(default_factory=dict)
    owners: dict[str, Words] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lacks:
    """
    Attributes:
        suppliable: how many of the reasons somebody can do something about.
    """

    table: Table
    suppliable: int


def lacks_of(material: Material, subject: Subject, period: Period, tables: Iterable[Table]) -> Lacks:
    """A row a reason, of all figures in the tables that say one; what was nothing, and so has no change, lacks nothing."""
    found = _gathered(material, subject, period, tables)
    nobody = (Lack.UNMETERED, Lack.NOT_CALCULATED)
    return Lacks(_table(found), sum(lack_of(each.missing) not in nobody for each in found))


def _table(found: Iterable[_Lacking]) -> Table:
    return Table(
        key="lacks",
        caption=Words("Det som saknas", "What is missing"),
        corner=Words("Siffra", "Figure"),
        columns=(
            Column("reason", Words("Orsak", "Reason")),
            Column("who", Words("Vem kan komplettera", "Who can supply it")),
        ),
        rows=tuple(
            Row(
                f"{place}",
                row_label(tuple(each.labels.values())),
                (_reason(each), _who(each)),
            )
            for place, each in enumerate(found)
        ),
    )


def _gathered(material: Material, subject: Subject, period: Period, tables: Iterable[Table]) -> list[_Lacking]:
    found: dict[str, _Lacking] = {}
    for row, figure in _missing(tables):
        if not isinstance(figure.value, Missing) or (lack_of(figure.value) is Lack.OTHER and not figure.name):
            continue
        missing, names = _of_all(figure.value, figure.period)
        lacking = found.setdefault(missing.reason_sv, _Lacking(missing, names))
        about = figure_name(figure.name, material.portfolio.timezone) if figure.name else None
        whose = subject if about is None else about.subject
        label = row.label if about is None else Words(indicator_title(about, "sv"), indicator_title(about, "en"))
        if whose != subject:
            name = material.name(whose)
            label = Words(f"{name.sv}: {label.sv}", f"{name.en}: {label.en}")
        if figure.period != period and figure.name and lack_of(missing) is not Lack.NOT_CALCULATED:
            of = period_words(figure.period)
            label = Words(f"{label.sv} ({of.sv})", f"{label.en} ({of.en})")
        lacking.labels.setdefault(label.sv, label)
        _concern(lacking, _concerned(material, whose, names, missing))
    for lacking in found.values():
        if not lacking.owners:
            _concern(lacking, _owners(material, material.buildings(subject)))
    return list(found.values())


def _concerned(material: Material, whose: Subject, names: str, missing: Missing) -> Iterator[str]:
    """Owners of the buildings that lack it: those that the reason names. Of too few hours a group does not know whose."""
    buildings = material.buildings(whose)
    named = [each for each in buildings if each.name in names.split(", ")]
    if missing is _TOO_FEW and whose.kind is not SubjectKind.BUILDING:
        return iter(())
    return _owners(material, named or buildings)


def _owners(material: Material, buildings: Iterable[Building]) -> Iterator[str]:
    return (material.portfolio.owners[each.owner].name for each in buildings)


def _concern(lacking: _Lacking, owners: Iterable[str]) -> None:
    for owner in owners:
        lacking.owners.setdefault(owner, Words(owner, owner))


def _of_all(missing: Missing, period: Period) -> tuple[Missing, str]:
    """The reason without what each figure has of its own, so that one lack is told once; and the buildings that a group names."""
    sv, en = _OF_GROUP_SV.sub("", missing.reason_sv), _OF_GROUP_EN.sub("", missing.reason_en)
    named = _OF_GROUP_SV.match(missing.reason_sv)
    if lack_of(missing) is Lack.NOT_CALCULATED:
        of = period_words(period)
        return Missing(f"Ingen siffra är publicerad för {of.sv}.", f"No figure is published for {of.en}."), ""
    if _THIN.match(sv):
        return _TOO_FEW, ""
    return Missing(sv, en), named["names"] if named else ""


def _missing(tables: Iterable[Table]) -> Iterator[tuple[Row, ReportedFigure]]:
    """Of published figures first: what is made of them lacks the same."""
    every = [
        (row, cell)
        for table in tables
        for row in table.rows
        for cell in row.cells
        if isinstance(cell, ReportedFigure) and isinstance(cell.value, Missing)
    ]
    yield from (each for each in every if each[1].name)
    said = {cell.value for _, cell in every if cell.name}
    yield from (each for each in every if not each[1].name and each[1].value not in said)


def _reason(lacking: _Lacking) -> Words:
    sv, en = lacking.missing.reason_sv, lacking.missing.reason_en
    return Words(f"{sv} Gäller {lacking.names}.", f"{en} Concerns {lacking.names}.") if lacking.names else Words(sv, en)


def _who(lacking: _Lacking) -> Words:
    lack, reason = lack_of(lacking.missing), lacking.missing.reason_sv
    if lack is Lack.PRICE and "portfolio.yaml" in reason:
        return _WHO[Lack.PORTFOLIO]
    if lack is Lack.FACTOR and "fjärrvärme" in reason:
        return _FACTOR_OF_NETWORK
    if lack in (Lack.READINGS, Lack.SUMMER):
        return listed(tuple(lacking.owners.values()))
    if lack is Lack.NOT_CALCULATED:
        owners = listed(tuple(lacking.owners.values()))
        return Words(f"{owners.sv}, om äldre mätvärden finns att läsa in", f"{owners.en}, if there are older readings to import")
    return _WHO[lack]
