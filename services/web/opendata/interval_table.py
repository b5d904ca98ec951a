"""Hours and days of one open series: the sum of a building's main meters of a carrier, missing where one of them is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import polars as pl

from config.domain.estate import MeteringPoint, Portfolio
from config.domain.intervals import Method
from config.domain.periods import day, local_date
from config.domain.series import INTERVALS as SETTLED
from config.domain.series import SeriesQuery
from services.web.opendata.table import CARRIER, COVERAGE, REASON_EN, REASON_SV, Field, Kind, Pace, Table
from services.web.reading import SeriesReader

HOUR = timedelta(hours=1)
_MISSING = Method.MISSING.value
_UNSETTLED = (
    "Timmen är inte avräknad: mätvärden saknas eller väntar.",
    "The hour is not settled: readings are missing or waiting.",
)
_PART = ("En av byggnadens mätare saknar värde.", "One of the building's meters has no value.")
_DAY = ("Alla dygnets timmar har inte värde.", "Not all hours of the day have a value.")


INTERVALS = Table(
    "intervals",
    "Timmar och dygn",
    "Hours and days",
    "En byggnads användning av ett energislag, per timme eller lokalt dygn. Värdet saknas hellre än att gissas; ett dygn har "
    "värde bara där alla dess timmar har det.",
    "A building's use of one carrier, by hour or local day. A value is missing rather than guessed; a day has one only where "
    "all its hours have.",
    (
        Field("building", Kind.TEXT, "Byggnadens id.", "The building's id."),
        Field("carrier", Kind.TEXT, *CARRIER),
        Field("start", Kind.INSTANT, "Första ögonblicket i intervallet.", "First instant inside."),
        Field("end", Kind.INSTANT, "Första ögonblicket utanför.", "First instant outside."),
        Field(
            "value",
            Kind.NUMBER,
            "Energi eller volym i intervallet; null där den saknas.",
            "Energy or volume; null where it is missing.",
            may_lack=True,
        ),
        Field("unit", Kind.TEXT, "Enhet: kWh, eller m3 för vatten.", "Unit: kWh, or m3 for water."),
        Field("coverage", Kind.NUMBER, *COVERAGE),
        Field(
            "method",
            Kind.TEXT,
            "measured (mätt), interpolated (fördelat), estimated (delvis beräknat) eller missing (saknas).",
            "measured, interpolated (a share of a longer difference), estimated (in part) or missing.",
        ),
        REASON_SV,
        REASON_EN,
    ),
    ("start",),
    Pace.HOURLY,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One series and its hours, [start, end) on whole hours; none before anything was measured."""

    building: str
    carrier: str
    points: tuple[MeteringPoint, ...]
    start: datetime
    end: datetime

    @property
    def unit(self) -> str:
        return self.points[0].unit


def measured_from(portfolio: Portfolio, points: Sequence[MeteringPoint]) -> datetime | None:
    """The first whole hour in which one of the points has a meter."""
    starts = [each.start for point in points for each in portfolio.installations_of[point.id]]
    return None if not starts else _whole_hour(min(starts))


def hour_rows(reader: SeriesReader, portfolio: Portfolio, asked: Asked) -> pl.DataFrame:
    """Columns of `INTERVALS`, a row an hour, none left out.

    A point counts in the hours in which it has a meter; an hour in which none has one is missing.
    """
    where = {"building": (asked.building,), "point": tuple(point.id for point in asked.points)}
    read = reader.read(SeriesQuery(SETTLED, asked.start, asked.end, where))
    stored = read.unique(["time", "point"], keep="last", maintain_order=True).select(
        "time", "point", "value", "coverage", "method"
    )
    expected = pl.concat([_installed(portfolio, point, asked) for point in asked.points])
    hours = (
        expected.join(stored, on=["time", "point"], how="left")
        .with_columns(
            pl.col("coverage").fill_null(0.0),
            pl.when(pl.col("value").is_null()).then(pl.lit(_MISSING)).otherwise("method").alias("method"),
        )
        .sort("time", "point")
        .group_by("time", maintain_order=True)
        .agg(
            pl.when(pl.col("value").is_not_null().all()).then(pl.col("value").sum()).alias("value"),
            pl.col("coverage").mean(),
            *_methods(),
        )
    )
    grid = pl.DataFrame({"time": _grid(asked.start, asked.end)})
    joined = grid.join(hours, on="time", how="left", maintain_order="left").with_columns(
        pl.col("coverage").fill_null(0.0), pl.col("method").fill_null(_MISSING), pl.col("some").fill_null(value=False)
    )
    missing = pl.col("value").is_null()
    return _as_table(
        joined.with_columns(
            (pl.col("time") + HOUR).alias("end"),
            *(
                pl.when(~missing)
                .then(pl.lit(""))
                .when("some")
                .then(pl.lit(_PART[at]))
                .otherwise(pl.lit(_UNSETTLED[at]))
                .alias(name)
                for at, name in enumerate(("reason_sv", "reason_en"))
            ),
        ),
        asked,
    )


def day_rows(hours: pl.DataFrame, asked: Asked, zone: str) -> pl.DataFrame:
    """Columns of `INTERVALS`, a row a local day of `hours`, whose first and last day are whole."""
    midnights = [day(local_date(instant, zone), zone).start for instant in hours["start"].to_list()]
    grouped = (
        hours.with_columns(pl.Series("time", midnights, dtype=pl.Datetime("us", "UTC")))
        .group_by("time", maintain_order=True)
        .agg(
            pl.col("end").max(),
            pl.when(pl.col("value").is_not_null().all()).then(pl.col("value").sum()).alias("value"),
            pl.col("coverage").mean(),
            *_methods(),
        )
    )
    missing = pl.col("value").is_null()
    reasons = (
        pl.when(~missing).then(pl.lit("")).when("some").then(pl.lit(_DAY[at])).otherwise(pl.lit(_UNSETTLED[at])).alias(name)
        for at, name in enumerate(("reason_sv", "reason_en"))
    )
    return _as_table(grouped.with_columns(*reasons), asked)


def _methods() -> tuple[pl.Expr, pl.Expr]:
    """The method of a sum, and whether some of its parts are there."""
    method, first = pl.col("method"), pl.col("method").first()
    of_all = pl.when((method == _MISSING).any()).then(pl.lit(_MISSING)).when((method == first).all()).then(first)
    return of_all.otherwise(pl.lit(Method.ESTIMATED.value)).alias("method"), (method != _MISSING).any().alias("some")


def _installed(portfolio: Portfolio, point: MeteringPoint, asked: Asked) -> pl.DataFrame:
    """`time` and `point` of the hours in which the point has a meter, or that lie between two of its meters."""
    found = portfolio.installations_of[point.id]
    if not found:
        return pl.DataFrame(schema={"time": pl.Datetime("us", "UTC"), "point": pl.String})
    start = max(asked.start, _whole_hour(found[0].start))
    last = found[-1].end
    end = asked.end if last is None else min(asked.end, last)
    times = _grid(start, end)
    return pl.DataFrame({"time": times, "point": pl.Series([point.id]).repeat_by(times.len()).explode().head(times.len())})


def _grid(start: datetime, end: datetime) -> pl.Series:
    count = max(0, -(-(end - start) // HOUR))
    return pl.Series("time", [start + at * HOUR for at in range(count)], dtype=pl.Datetime("us", "UTC"))


def _whole_hour(instant: datetime) -> datetime:
    whole = instant.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    return whole if whole == instant else whole + HOUR


def _as_table(frame: pl.DataFrame, asked: Asked) -> pl.DataFrame:
    return frame.select(
        pl.lit(asked.building).alias("building"),
        pl.lit(asked.carrier).alias("carrier"),
        pl.col("time").alias("start"),
        "end",
        "value",
        pl.lit(asked.unit).alias("unit"),
        "coverage",
        "method",
        "reason_sv",
        "reason_en",
    ).cast(INTERVALS.schema)
