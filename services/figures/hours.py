"""Stored intervals as the hours that figures count: of the portfolio as it is now, with the local day they lie in. Pure."""

from collections.abc import Iterable
from typing import Any

import polars as pl

from config.domain.estate import Portfolio
from config.domain.open_figures import reported_as
from services.figures.frames import HOURS, TIME


def counted_hours(intervals: pl.DataFrame, portfolio: Portfolio, buildings: Iterable[str]) -> pl.DataFrame:
    """`intervals` (series INTERVALS, by tags and time) as HOURS, by point and time.

    Hours written under tags that the portfolio has changed since lie beside the new ones in the store; they do not count. So a
    point's hours all have the same tags, and come by time already.
    """
    wanted = set(buildings)
    rows = [
        (point.id, point.building, point.carrier.value, point.direction.value, reported_as(point))
        for point in portfolio.points.values()
        if point.building in wanted
    ]
    known = pl.DataFrame(
        rows, schema=dict.fromkeys(("point", "building", "carrier", "direction", "reported_as"), pl.String), orient="row"
    )
    levels = pl.DataFrame(
        [
            (point.id, "main" if point.parent is None else "sub")
            for point in portfolio.points.values()
            if point.building in wanted
        ],
        schema={"point": pl.String, "level": pl.String},
        orient="row",
    )
    hours = intervals.join(
        known.join(levels, on="point"), on=["point", "building", "carrier", "direction", "level"], maintain_order="left"
    )
    missing = pl.col("method") == "missing"
    interpolated = pl.col("method") == "interpolated"
    return (
        hours.with_columns(
            pl.col("time").dt.convert_time_zone(portfolio.timezone).dt.date().alias("day"),
            pl.when(~missing).then(pl.col("value")).alias("value"),
            *(
                pl.when(interpolated & (pl.col(name) > 0))
                .then(pl.col(name))
                .cast(pl.Datetime("ms"))
                .cast(pl.Datetime("us"))
                .dt.replace_time_zone("UTC")
                .alias(name)
                for name in ("span_start", "span_end")
            ),
        )
        .select(pl.col(name).cast(kind) for name, kind in HOURS.items())
        .sort("point", maintain_order=True)
    )


def installed_spans(portfolio: Portfolio, buildings: Iterable[str]) -> pl.DataFrame:
    """Columns `point`, `building`, `reported_as`, `level`, `resolution`, `installed_from`, `installed_to` (null: still is)."""
    wanted = set(buildings)
    rows = []
    for point in portfolio.points.values():
        installations = portfolio.installations_of[point.id]
        if point.building in wanted and installations:
            rows.append(
                (
                    point.id,
                    point.building,
                    reported_as(point),
                    "main" if point.parent is None else "sub",
                    point.resolution,
                    installations[0].start,
                    installations[-1].end,
                )
            )
    schema: dict[str, Any] = {
        **dict.fromkeys(("point", "building", "reported_as", "level"), pl.String),
        "resolution": pl.Float64,
        "installed_from": TIME,
        "installed_to": TIME,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def installed_subjects(portfolio: Portfolio, buildings: Iterable[str]) -> pl.DataFrame:
    """From when to when buildings and points measured a carrier, and (carrier "") anything; of buildings their main points.

    Columns `subject_kind`, `subject`, `carrier`, `installed_from`, `installed_to` (null: still).
    """
    spans = installed_spans(portfolio, buildings)
    still = pl.col("installed_to").is_null().any()
    from_to = (
        pl.col("installed_from").min(),
        pl.when(still).then(None).otherwise(pl.col("installed_to").max()).alias("installed_to"),
    )
    tables = (
        frame.group_by(
            pl.lit(kind).alias("subject_kind"), pl.col(kind).alias("subject"), carrier.alias("carrier"), maintain_order=True
        ).agg(from_to)
        for kind, frame in (("building", spans.filter(pl.col("level") == "main")), ("point", spans))
        for carrier in (pl.col("reported_as"), pl.lit(""))
    )
    return pl.concat(tables)
