"""Published figures as points of the series `indicators`, and back. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import orjson
import polars as pl

from config.domain.indicators import IndicatorValue, Missing, Subject, SubjectKind
from config.domain.intervals import Method
from config.domain.periods import Period, PeriodKind, local_date, zone_named
from config.domain.series import INDICATOR_VALUES
from services.store.points import EPOCH, MILLISECOND, TIME, TYPES, Columns, microseconds


def figure_points(figures: pl.DataFrame, calculated: datetime) -> pl.DataFrame:
    """Figures (columns `start`, `end`, `zone` and those of the series) as points.

    Args:
        calculated: since when they are known so.
    """
    zones = figures["zone"].unique().to_list()
    parts = [_filed(figures.filter(pl.col("zone") == zone), zone) for zone in sorted(zones)] or [_filed(figures, "UTC")]
    return pl.concat(parts).with_columns(
        pl.col("end").dt.epoch("ms"), pl.lit((calculated - EPOCH) // MILLISECOND, pl.Int64).alias("calculated")
    )


def figures_of(points: pl.DataFrame) -> pl.DataFrame:
    """What a store read of the series, with `start` and `end` as instants; the other columns stay."""
    zones = points["zone"].unique().to_list()
    parts = [_unfiled(points.filter(pl.col("zone") == zone), zone) for zone in sorted(zones)] or [_unfiled(points, "UTC")]
    return pl.concat(parts)


def indicator_frame(values: Sequence[IndicatorValue], calculated: datetime = EPOCH) -> pl.DataFrame:
    """`values` as points of the series `indicators`; one row a value.

    The method says how much of the figure is measured: all of it, some of it (`estimated`), or that it is missing.
    """
    schema: Columns = {
        "time": TIME,
        **dict.fromkeys(INDICATOR_VALUES.tags, pl.String),
        **{name: TYPES[kind] for name, kind in INDICATOR_VALUES.fields.items()},
    }
    return pl.DataFrame([_indicator_row(value, calculated) for value in values], schema=schema, orient="row")


def indicator_values(frame: pl.DataFrame) -> list[IndicatorValue]:
    """The values in what a store read of the series `indicators`."""
    return [
        IndicatorValue(
            indicator=row["indicator"],
            subject=Subject(SubjectKind(row["subject_kind"]), row["subject"]),
            period=_period(PeriodKind(row["period"]), row["time"], EPOCH + row["end"] * MILLISECOND, row["zone"]),
            value=Missing(row["reason"], row["reason_en"]) if row["method"] == Method.MISSING else row["value"],
            coverage=row["coverage"],
            method=row["calculation"],
            factors=orjson.loads(row["factors"]),
            carrier=row["carrier"],
            uncertainty=row["uncertainty"],
        )
        for row in frame.iter_rows(named=True)
    ]


def filed_at(period: Period) -> datetime:
    """The instant at which a figure of the period lies in the store."""
    if period.kind is not PeriodKind.YEAR_TO_DATE:
        return period.start
    last = local_date(period.end - timedelta(hours=1), period.zone)
    return datetime(last.year, last.month, 1, tzinfo=zone_named(period.zone)).astimezone(EPOCH.tzinfo)


def _filed(figures: pl.DataFrame, zone: str) -> pl.DataFrame:
    last_month = pl.col("end").dt.convert_time_zone(_iana(zone)).dt.offset_by("-1mo").dt.convert_time_zone("UTC")
    is_to_date = pl.col("period") == PeriodKind.YEAR_TO_DATE.value
    return figures.with_columns(pl.when(is_to_date).then(last_month).otherwise(pl.col("start")).alias("time")).drop("start")


def _unfiled(points: pl.DataFrame, zone: str) -> pl.DataFrame:
    year = pl.col("time").dt.convert_time_zone(_iana(zone)).dt.truncate("1y").dt.convert_time_zone("UTC")
    is_to_date = pl.col("period") == PeriodKind.YEAR_TO_DATE.value
    return points.with_columns(
        pl.when(is_to_date).then(year).otherwise(pl.col("time")).alias("start"),
        pl.col("end").cast(pl.Datetime("ms")).cast(pl.Datetime("us")).dt.replace_time_zone("UTC"),
    ).drop("time")


def _iana(zone: str) -> str:
    """Metering time has a name of its own among the IANA zones, with the sign turned."""
    return "Etc/GMT-1" if zone == "UTC+1" else zone


def _period(kind: PeriodKind, start: datetime, end: datetime, zone: str) -> Period:
    if kind is PeriodKind.YEAR_TO_DATE:
        on = local_date(start, zone)
        start = datetime(on.year, 1, 1, tzinfo=zone_named(zone)).astimezone(EPOCH.tzinfo)
    return Period(kind, start, end, zone)


def _indicator_row(value: IndicatorValue, calculated: datetime) -> dict[str, object]:
    missing = value.value if isinstance(value.value, Missing) else None
    given = Method.MEASURED if value.coverage >= 1 else Method.ESTIMATED
    return {
        "time": filed_at(value.period),
        "carrier": value.carrier,
        "indicator": value.indicator,
        "period": value.period.kind.value,
        "subject": value.subject.id,
        "subject_kind": value.subject.kind.value,
        "value": None if missing else value.value,
        "uncertainty": value.uncertainty,
        "partial": 0.0 if missing else value.value,
        "coverage": value.coverage,
        "weight": 1.0,
        "method": (Method.MISSING if missing else given).value,
        "calculation": value.method,
        "reason": missing.reason_sv if missing else "",
        "reason_en": missing.reason_en if missing else "",
        "lacks": "input" if missing else "",
        "factors": orjson.dumps(dict(value.factors), option=orjson.OPT_SORT_KEYS).decode(),
        "end": microseconds(value.period.end) // 1000,
        "zone": value.period.zone,
        "calculated": (calculated - EPOCH) // MILLISECOND,
    }
