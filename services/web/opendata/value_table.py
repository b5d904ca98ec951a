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
from services.web.opendata.estate_tables import kind_words
from services.web.opendata.problems import too_much
from services.web.opendata.table import COVERAGE, REASON_EN, REASON_SV, Field, Kind, Pace, Table
from services.web.reading import SeriesReader

MOST_ROWS = 200_000
CORRECTED, METERED = "corrected_specific_energy", "specific_energy"
COMPARED = {(CORRECTED, ""), (CORRECTED, "district_heating"), (METERED, "electricity")}
"""Indicator and carrier: electricity does not follow the weather, so it has no corrected figure of its own."""
SHARED_KINDS = (SubjectKind.BUILDING, SubjectKind.BUILDING_KIND, SubjectKind.PORTFOLIO)
_AGE = timedelta(days=800)  # rolling years are filed at their start
_WHOLE = timedelta(hours=1)


VALUES = Table(
    "values",
    "Nyckeltalens värden",
    "Indicator values",
    "Värden för öppna byggnader, för typer av byggnader och för hela beståndet, med täckning, osäkerhet, metod och faktorernas "
    "versioner. En grupps siffra finns bara där den inte avslöjar en byggnad som inte är öppen.",
    "Values of public buildings, kinds of building and the whole portfolio, with coverage, uncertainty, method and the versions "
    "of factors. A group's figure is there only where it tells nothing of a building that is not public.",
    (
        Field("start", Kind.INSTANT, "Periodens första ögonblick.", "First instant of the period."),
        Field("end", Kind.INSTANT, "Första ögonblicket efter perioden.", "First instant after the period."),
        Field(
            "period",
            Kind.TEXT,
            "day, month, year, year_to_date eller rolling_year.",
            "day, month, year, year_to_date or rolling_year.",
        ),
        Field("zone", Kind.TEXT, "Tidszon som perioden följer.", "Time zone that the period follows."),
        Field("indicator", Kind.TEXT, "Nyckeltalets id.", "The indicator's id."),
        Field("carrier", Kind.TEXT, "Energislag; tomt där värdet gäller alla.", "Carrier; empty where the value speaks of all."),
        Field("subject_kind", Kind.TEXT, "building, building_kind eller portfolio.", "building, building_kind or portfolio."),
        Field("subject", Kind.TEXT, "Byggnadens id, typen, eller portfolio.", "The building's id, the kind, or portfolio."),
        Field("value", Kind.NUMBER, "Värdet; null där det saknas.", "The value; null where it is missing.", may_lack=True),
        Field("unit", Kind.TEXT, "Enhet.", "Unit."),
        Field(
            "uncertainty",
            Kind.NUMBER,
            "Halva bredden av 90-procentsintervallet, i värdets enhet.",
            "Half width of the 90 % interval, in the value's unit.",
            may_lack=True,
        ),
        Field("coverage", Kind.NUMBER, *COVERAGE),
        Field(
            "method",
            Kind.TEXT,
            "measured (mätt), estimated (delvis uppskattat) eller missing (saknas).",
            "measured, estimated (in part) or missing.",
        ),
        Field("calculation", Kind.TEXT, "Beräkningens namn och version.", "Name and version of the calculation."),
        Field("factors", Kind.OBJECT, "Faktorer som använts, med version.", "Factors that were used, with version."),
        REASON_SV,
        REASON_EN,
        Field("calculated", Kind.INSTANT, "När värdet blev känt så.", "When the value came to be known so.", may_lack=True),
    ),
    ("start", "indicator", "carrier", "subject_kind", "subject", "period"),
    Pace.DAILY,
)

COMPARISON = Table(
    "comparison",
    "Jämförelse efter typ",
    "Comparison by kind",
    "Energi per kvadratmeter i de öppna byggnaderna av varje typ, senaste hela rullande år: all energi och värme korrigerade "
    "till ett normalår, el som den mättes.",
    "Energy per square metre of the public buildings of each kind, the last whole rolling year: all energy and heat corrected to "
    "a normal year, electricity as metered.",
    (
        Field("kind", Kind.TEXT, "Typ av byggnad.", "Kind of building."),
        Field("kind_sv", Kind.TEXT, "Typen på svenska.", "The kind in Swedish."),
        Field("kind_en", Kind.TEXT, "Typen på engelska.", "The kind in English."),
        Field(
            "carrier",
            Kind.TEXT,
            "Energislag; tomt där siffran gäller all energi.",
            "Carrier; empty where the figure is of all energy.",
        ),
        Field("indicator", Kind.TEXT, "Nyckeltalets id.", "The indicator's id."),
        Field("building", Kind.TEXT, "Byggnadens id.", "The building's id."),
        Field("name", Kind.TEXT, "Byggnadens namn.", "The building's name."),
        Field(
            "value",
            Kind.NUMBER,
            "Användning under tolv månader; null där den saknas. [kWh/m²]",
            "Use of twelve months; null where it is missing. [kWh/m²]",
            may_lack=True,
        ),
        Field("unit", Kind.TEXT, "Enhet.", "Unit."),
        Field("coverage", Kind.NUMBER, *COVERAGE),
        Field("end", Kind.DATE, "Sista dagen i de tolv månaderna.", "Last day of the twelve months."),
        REASON_SV,
        REASON_EN,
    ),
    ("kind", "carrier", "building"),
    Pace.MONTHLY,
)


def value_rows(
    reader: SeriesReader, figures: OpenFigures, where: Mapping[str, tuple[str, ...]], start: datetime | None, end: datetime | None
) -> pl.DataFrame:
    """Columns of `VALUES`, what is open of the figures with these tags whose period is filed in [start, end).

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
    """Columns of `COMPARISON`: each public building's last rolling year, by its kind and carrier."""
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
    return pl.DataFrame(rows, schema=COMPARISON.schema, orient="row").sort(*COMPARISON.key)


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
        .select(*(field.name for field in VALUES.fields))
        .cast(VALUES.schema)
        .sort(*VALUES.key)
    )
