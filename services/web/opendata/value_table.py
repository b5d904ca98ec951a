"""Published figures that are open, and the comparison of buildings of one kind."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import polars as pl

from config.domain.indicators import INDICATORS, Subject, SubjectKind
from config.domain.intervals import Method
from config.domain.open_figures import OpenFigures
from config.domain.periods import PeriodKind
from config.domain.series import INDICATOR_VALUES, Aggregate, SeriesQuery
from services.store.figures import figures_of
from services.web.open_words import with_open_reasons
from services.web.opendata import tables
from services.web.opendata.estate_tables import kind_words
from services.web.opendata.problems import too_much
from services.web.reading import SeriesReader

MOST_ROWS = 200_000
CORRECTED, METERED = "corrected_specific_energy", "specific_energy"
COMPARED = {(CORRECTED, ""), (CORRECTED, "district_heating"), (METERED, "electricity")}
"""Indicator and carrier: electricity does not follow the weather, so it has no corrected figure of its own."""
SHARED_KINDS = (SubjectKind.BUILDING, SubjectKind.BUILDING_KIND, SubjectKind.PORTFOLIO)
_AGE = timedelta(days=800)  # rolling years are filed at their start
_WHOLE = timedelta(hours=1)


def value_rows(
    reader: SeriesReader, figures: OpenFigures, where: Mapping[str, tuple[str, ...]], start: datetime | None, end: datetime | None
) -> pl.DataFrame:
    """Columns of `tables.VALUES`, what is open of the figures with these tags whose period is filed in [start, end).

    Raises:
        Problem: there are more than are answered at once.
    """
    query = SeriesQuery(INDICATOR_VALUES, start, end, where, aggregate=Aggregate.COUNT, field="end")
    counted = reader.read(query)
    if counted.height and counted["value"][0] > MOST_ROWS:
        raise too_much(
            f"Frågan omfattar fler än {MOST_ROWS} värden; fråga om färre nyckeltal, byggnader eller dagar åt gången.",
            f"The question covers more than {MOST_ROWS} values; ask for fewer indicators, buildings or days at a time.",
        )
    read = figures_of(reader.read(SeriesQuery(INDICATOR_VALUES, start, end, where)))
    return _as_table(_open(read, figures))


def comparison_rows(reader: SeriesReader, figures: OpenFigures, now: datetime) -> pl.DataFrame:
    """Columns of `tables.COMPARISON`: each public building's last rolling year, by its kind and carrier."""
    where = {
        "indicator": (CORRECTED, METERED),
        "period": (PeriodKind.ROLLING_YEAR.value,),
        "subject_kind": (SubjectKind.BUILDING.value,),
        "subject": figures.subjects(SubjectKind.BUILDING),
    }
    read = _open(figures_of(reader.read(SeriesQuery(INDICATOR_VALUES, now - _AGE, None, where))), figures)
    last = read.sort("end").group_by("subject", "indicator", "carrier", maintain_order=True).last()
    buildings = figures.portfolio.buildings
    rows = []
    for row in last.iter_rows(named=True):
        if (row["indicator"], row["carrier"]) not in COMPARED:
            continue
        building = buildings[row["subject"]]
        swedish, english = kind_words(building.kind)
        rows.append(
            {
                "kind": building.kind,
                "kind_sv": swedish,
                "kind_en": english,
                "carrier": row["carrier"],
                "indicator": row["indicator"],
                "building": building.id,
                "name": building.name,
                "value": row["value"],
                "unit": INDICATORS[row["indicator"]].unit,
                "coverage": row["coverage"],
                "end": (row["end"] - _WHOLE).date(),
                "reason_sv": row["reason"],
                "reason_en": row["reason_en"],
            }
        )
    return pl.DataFrame(rows, schema=tables.COMPARISON.schema, orient="row").sort(*tables.COMPARISON.key)


def _open(read: pl.DataFrame, figures: OpenFigures) -> pl.DataFrame:
    """The rows whose subject and carrier are open, with reasons that anybody may read."""
    named = read.select("subject_kind", "subject", "carrier").unique().rows()
    shown = [row for row in named if row[0] in _shared() and figures.has(Subject(SubjectKind(row[0]), row[1]), row[2])]
    schema = {"subject_kind": pl.String, "subject": pl.String, "carrier": pl.String}
    kept = read.join(pl.DataFrame(shown, schema=schema, orient="row"), on=list(schema), how="semi", maintain_order="left")
    missing = pl.col("method") == Method.MISSING.value
    return with_open_reasons(kept, figures.portfolio).with_columns(
        pl.when(~missing).then("value").alias("value"), pl.when(~missing).then("uncertainty").alias("uncertainty")
    )


def _shared() -> Sequence[str]:
    return [kind.value for kind in SHARED_KINDS]


def _as_table(read: pl.DataFrame) -> pl.DataFrame:
    units = {name: indicator.unit for name, indicator in INDICATORS.items()}
    known = pl.col("calculated") > 0
    return (
        read.filter(pl.col("indicator").is_in(list(units)))
        .with_columns(
            pl.col("indicator").replace_strict(units, return_dtype=pl.String).alias("unit"),
            pl.col("reason").alias("reason_sv"),
            pl.when(known).then(pl.from_epoch("calculated", "ms").dt.replace_time_zone("UTC")).alias("calculated"),
        )
        .select(*(field.name for field in tables.VALUES.fields))
        .cast(tables.VALUES.schema)
        .sort(*tables.VALUES.key)
    )
