"""Tables of what there is: buildings, their series, and the indicators."""

from collections.abc import Mapping, Sequence
from functools import cache

import polars as pl

from config.domain.estate import BUILDING_KINDS, Portfolio
from config.domain.indicators import INDICATORS
from config.domain.open_figures import OpenFigures
from config.shelf import entries
from services import indicators
from services.figures.calculation import Calculation, Over, Ratio
from services.web.opendata import tables

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


def building_rows(portfolio: Portfolio, figures: OpenFigures) -> pl.DataFrame:
    """Columns of `tables.BUILDINGS`."""
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
    return _made(rows, tables.BUILDINGS)


def series_rows(portfolio: Portfolio, figures: OpenFigures) -> pl.DataFrame:
    """Columns of `tables.SERIES`."""
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
    return _made(rows, tables.SERIES)


def indicator_rows() -> pl.DataFrame:
    """Columns of `tables.INDICATORS`."""
    words = methods()
    rows = [
        {
            "id": each.id,
            "name_sv": each.name_sv,
            "name_en": each.name_en,
            "unit": each.unit,
            "definition_sv": each.definition_sv,
            "definition_en": each.definition_en,
            "source": each.source,
            "method_sv": words.get(each.id, ("", ""))[0],
            "method_en": words.get(each.id, ("", ""))[1],
        }
        for each in INDICATORS.values()
    ]
    return _made(rows, tables.INDICATORS)


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


def _made(rows: Sequence[Mapping[str, object]], table: tables.Table) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=table.schema, orient="row")
