"""Tables of what there is: buildings, their series, and the indicators."""

from collections.abc import Mapping, Sequence
from functools import cache

import polars as pl

from config.domain.estate import BUILDING_KINDS, Portfolio
from config.domain.indicators import INDICATORS as KNOWN_INDICATORS
from config.domain.open_figures import OpenFigures
from config.shelf import entries
from services import indicators
from services.figures.calculation import Calculation, Over, Ratio
from services.web.opendata.table import CARRIER, Field, Kind, Pace, Table

_OVER = {
    Over.SUM: ("Summeras över tid och över byggnader.", "Added over time and over buildings."),
    Over.MAX: (
        "Det största över tid; för grupper finns det inte, eftersom toppar inte sammanfaller.",
        "The greatest over time; groups have none, since peaks do not fall on the same hour.",
    ),
    Over.NONE: (
        "Ges för det som det räknats för, inget längre och inga grupper.",
        "For what it was calculated for, nothing longer and no groups.",
    ),
}


BUILDINGS = Table(
    "buildings",
    "Byggnader",
    "Buildings",
    "De byggnader vars siffror är öppna, med typ, ägare, yta och läge.",
    "The buildings whose figures are open, with kind, owner, area and position.",
    (
        Field("id", Kind.TEXT, "Byggnadens id; ändras aldrig.", "The building's id; never changes."),
        Field("name", Kind.TEXT, "Namn.", "Name."),
        Field("kind", Kind.TEXT, "Typ av byggnad.", "Kind of building."),
        Field("kind_sv", Kind.TEXT, "Typen på svenska.", "The kind in Swedish."),
        Field("kind_en", Kind.TEXT, "Typen på engelska.", "The kind in English."),
        Field("owner", Kind.TEXT, "Ägarens id.", "The owner's id."),
        Field(
            "owner_name",
            Kind.TEXT,
            "Nämnd eller bolag som svarar för byggnaden.",
            "Committee or company that answers for the building.",
        ),
        Field("area_m2", Kind.NUMBER, "Uppvärmd area, Atemp. [m²]", "Heated area, Atemp. [m²]", may_lack=True),
        Field("latitude", Kind.NUMBER, "Latitud, WGS 84. [°]", "Latitude, WGS 84. [°]", may_lack=True),
        Field("longitude", Kind.NUMBER, "Longitud, WGS 84. [°]", "Longitude, WGS 84. [°]", may_lack=True),
        Field(
            "example",
            Kind.TEXT,
            "Uppgifter som är påhittade exempel, åtskilda av blanksteg.",
            "Columns whose values are invented examples, separated by spaces.",
        ),
    ),
    ("id",),
    Pace.IRREGULAR,
)

SERIES = Table(
    "series",
    "Mätserier",
    "Series",
    "Vilka serier som finns: en per öppen byggnad och energislag, summan av byggnadens huvudmätare. Ett energislag är öppet bara "
    "där alla byggnadens huvudmätare för det är det.",
    "Which series there are: one a public building and carrier, the sum of the building's main meters. A carrier is open only "
    "where all the building's main meters of it are.",
    (
        Field("building", Kind.TEXT, "Byggnadens id.", "The building's id."),
        Field("carrier", Kind.TEXT, *CARRIER),
        Field("unit", Kind.TEXT, "Enhet: kWh, eller m3 för vatten.", "Unit: kWh, or m3 for water."),
        Field("points", Kind.COUNT, "Antal mätpunkter i summan.", "Number of metering points in the sum."),
        Field("first", Kind.INSTANT, "Första timmen som mätts.", "First hour that was measured.", may_lack=True),
        Field(
            "example",
            Kind.TRUTH,
            "Om någon av mätarna är ett påhittat exempel.",
            "Whether one of the meters is an invented example.",
        ),
    ),
    ("building", "carrier"),
    Pace.IRREGULAR,
)

INDICATORS = Table(
    "indicators",
    "Nyckeltal",
    "Indicators",
    "Vad varje publicerat nyckeltal är: namn, enhet, definition, källa och hur det räknas över tid och grupper.",
    "What each published indicator is: names, unit, definition, source, and how it goes over to longer periods and groups.",
    (
        Field("id", Kind.TEXT, "Nyckeltalets id.", "The indicator's id."),
        Field("name_sv", Kind.TEXT, "Namn på svenska.", "Name in Swedish."),
        Field("name_en", Kind.TEXT, "Namn på engelska.", "Name in English."),
        Field("unit", Kind.TEXT, "Enhet; 1 är en andel.", "Unit; 1 is a share."),
        Field("definition_sv", Kind.TEXT, "Definition på svenska.", "Definition in Swedish."),
        Field("definition_en", Kind.TEXT, "Definition på engelska.", "Definition in English."),
        Field(
            "source",
            Kind.TEXT,
            "Standard eller regel som definitionen följer; own definition: vår egen.",
            "Standard or rule that the definition follows; own definition: ours.",
        ),
        Field(
            "method_sv",
            Kind.TEXT,
            "Hur det räknas över till längre perioder och grupper.",
            "How it goes over to longer periods and groups, in Swedish.",
        ),
        Field("method_en", Kind.TEXT, "Samma på engelska.", "The same in English."),
    ),
    ("id",),
    Pace.IRREGULAR,
)


def building_rows(portfolio: Portfolio, figures: OpenFigures) -> pl.DataFrame:
    """Columns of `BUILDINGS`."""
    rows = []
    for building in figures.buildings:
        swedish, english = kind_words(building.kind)
        owner = portfolio.owners.get(building.owner)
        rows.append(
            {
                "id": building.id,
                "name": building.name,
                "kind": building.kind,
                "kind_sv": swedish,
                "kind_en": english,
                "owner": building.owner,
                "owner_name": owner.name if owner else building.owner,
                "area_m2": building.area_m2,
                "latitude": building.latitude,
                "longitude": building.longitude,
                "example": " ".join(sorted(building.example)),
            }
        )
    return _made(rows, BUILDINGS)


def series_rows(portfolio: Portfolio, figures: OpenFigures) -> pl.DataFrame:
    """Columns of `SERIES`."""
    rows = []
    for building in figures.buildings:
        for carrier in figures.carriers(building.id):
            points = figures.points(building.id, carrier)
            if not points:
                continue
            starts = [each.start for point in points for each in portfolio.installations_of[point.id]]
            rows.append(
                {
                    "building": building.id,
                    "carrier": carrier,
                    "unit": points[0].unit,
                    "points": len(points),
                    "first": min(starts, default=None),
                    "example": any(point.example for point in points),
                }
            )
    return _made(rows, SERIES)


def indicator_rows() -> pl.DataFrame:
    """Columns of `INDICATORS`."""
    words = methods()
    rows = [
        {
            "id": each.id,
            "name_sv": each.name_sv,
            "name_en": each.name_en,
            "unit": each.unit,
            "definition_sv": each.definition_sv,
            "definition_en": each.definition_en,
            "source": each.source or "own definition",
            "method_sv": words.get(each.id, ("", ""))[0],
            "method_en": words.get(each.id, ("", ""))[1],
        }
        for each in KNOWN_INDICATORS.values()
    ]
    return _made(rows, INDICATORS)


@cache
def methods() -> dict[str, tuple[str, str]]:
    """Indicator → how it goes over to longer periods and groups, as its calculation declares it."""
    found: dict[str, tuple[str, str]] = {}
    for calculation in entries(indicators, "CALCULATION", Calculation):
        found |= {name: _OVER[over] for name, over in calculation.indicators.items()}
        found |= {ratio.indicator: _of_ratio(ratio) for ratio in calculation.ratios}
    return found


def kind_words(kind: str) -> tuple[str, str]:
    return BUILDING_KINDS.get(kind, (kind, kind))


def _of_ratio(ratio: Ratio) -> tuple[str, str]:
    over = f"{ratio.numerator} / {ratio.denominator}"
    return (
        f"Kvoten {over} på varje nivå, aldrig ett medelvärde av kvoter.",
        f"The ratio {over} at every level, never a mean of ratios.",
    )


def _made(rows: Sequence[Mapping[str, object]], table: Table) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=table.schema, orient="row")
