"""What a table of the open data API is: columns with their type and what they mean, in Swedish and English.

Each table stands beside what makes its rows. From it come the OpenAPI document, the page that people read, the DCAT description,
and the columns of every answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import polars as pl


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    NUMBER = "number"
    COUNT = "count"  # a whole number
    TRUTH = "truth"
    INSTANT = "instant"  # UTC
    DATE = "date"  # a local day
    OBJECT = "object"  # text → text; JSON text in CSV and Parquet


TYPES: Mapping[Kind, pl.DataType] = {
    Kind.TEXT: pl.String(),
    Kind.NUMBER: pl.Float64(),
    Kind.COUNT: pl.Int64(),
    Kind.TRUTH: pl.Boolean(),
    Kind.INSTANT: pl.Datetime("us", "UTC"),
    Kind.DATE: pl.Date(),
    Kind.OBJECT: pl.String(),
}


@dataclass(frozen=True, slots=True)
class Field:
    """One column. `may_lack`: it may be null."""

    name: str
    kind: Kind
    sv: str
    en: str
    may_lack: bool = False


@dataclass(frozen=True, slots=True)
class Licence:
    """What anybody may do with the data; `attribution`: what they must say."""

    address: str
    name: str
    attribution: str = ""


CC0 = Licence("http://creativecommons.org/publicdomain/zero/1.0/", "CC0 1.0")
"""Facts about the municipality's own buildings: Digg recommends CC0 for open data, since nobody can misuse what asks nothing."""
CC_BY = Licence("http://creativecommons.org/licenses/by/4.0/", "CC BY 4.0", "SMHI")
"""Degree days are made of SMHI's temperatures, whose licence asks that SMHI is named."""


class Pace(StrEnum):
    """How often a table changes, as the EU's list of frequencies names it."""

    HOURLY = "HOURLY"
    DAILY = "DAILY"
    MONTHLY = "MONTHLY"
    IRREGULAR = "IRREG"


@dataclass(frozen=True, slots=True)
class Table:
    """One table.

    Attributes:
        key: the columns that tell rows apart, in the order that the rows have.
    """

    id: str
    title_sv: str
    title_en: str
    description_sv: str
    description_en: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    pace: Pace
    licence: Licence = CC0

    @property
    def schema(self) -> pl.Schema:
        return pl.Schema({field.name: TYPES[field.kind] for field in self.fields})


# Columns that several tables have.
COVERAGE = ("Andel av tiden som är mätt, 0–1.", "Share of the time that is measured, 0 to 1.")
REASON_SV = Field(
    "reason_sv",
    Kind.TEXT,
    "Varför värdet saknas; tomt där det finns.",
    "Why the value is missing, in Swedish; empty where it is not.",
)
REASON_EN = Field("reason_en", Kind.TEXT, "Samma på engelska.", "The same in English.")
CARRIER = (
    "Vad som mäts: electricity, district_heating, water, solar …; det som matas ut heter electricity_export.",
    "What is measured: electricity, district_heating, water, solar …; what is sent out is electricity_export.",
)
