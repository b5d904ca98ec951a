"""Points, price lists and what was used to the lines of bills and their totals. Pure; many points and months at once.

Months follow `zone`: a supplier's bill follows the metering time, UTC+1 all year (EIFS 2016:2), a report the local clock; in
summer their months begin an hour apart. Windows ("weekdays 07-19") follow the same clock as the months.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

import orjson
import polars as pl

from config.domain.estate import MeteringPoint
from config.domain.periods import month
from config.domain.tariffs import ComponentKind, Tariffs
from services.analysis.bill.agreements import agreements
from services.analysis.bill.components import component_rows, lines
from services.analysis.bill.frames import ASKED, LINES, PARTS, TOTALS, exact_sum, zone_name
from services.analysis.bill.quantities import Used, Wanted, by_day, by_stretch
from services.analysis.bill.rolling import with_rolling_power

METERING_TIME = "UTC+1"
_KEY = ("point", "month")


@dataclass(frozen=True)
class Bill:
    """LINES and TOTALS, by point and month."""

    lines: pl.DataFrame
    totals: pl.DataFrame


def months_asked(
    installed: Mapping[str, tuple[datetime, datetime | None]], months: Iterable[date], until: datetime, zone: str = METERING_TIME
) -> pl.DataFrame:
    """ASKED for points that are installed from one instant to another (None: still are).

    Args:
        months: first days.
        until: what comes after it has not been used yet: a running month has the fixed charges of its days so far.
    """
    rows = []
    for first in months:
        period = month(first, zone)
        for point, (begins, ends) in installed.items():
            since, before = max(period.start, begins), min(period.end, until, ends or period.end)
            if since < before:
                rows.append((point, first, since, before))
    return pl.DataFrame(rows, schema=dict(ASKED), orient="row").sort(*_KEY)


def bill(
    points: Iterable[MeteringPoint],
    tariffs: Tariffs,
    asked: pl.DataFrame,
    used: Used,
    zone: str = METERING_TIME,
    holidays: Collection[date] = (),
) -> Bill:
    """What the points cost in the months asked for.

    A price list that lacks a day, a price, an agreed power or a register makes the month's total Missing, with its reason; the
    lines that are known stand all the same. Missing readings lower the coverage: energy is that of known hours, peaks are of
    measured ones.

    Args:
        asked: ASKED, at most one row a point and month.
        used: see `Used`; steps outside the months are left out.
        zone: of months, days and windows.
        holidays: public holidays and free eves, for components that are not counted on them.
    Returns:
        LINES by point, month, price list and component; TOTALS a row a row of `asked`.
    Source:
        domain facts section 2.4.
    """
    there = zone_name(zone)
    billed = {point.id: point for point in points}
    asked = asked.filter(pl.col("point").is_in(list(billed))).sort(*_KEY)
    held = agreements(billed.values(), tariffs, asked, there)
    taken = held.stretches.select("tariff", "version").unique()
    versions = set(taken.iter_rows())
    priced = [item for item in tariffs.tariffs if (item.id, item.version) in versions]
    wanted = Wanted.by(component for item in priced for component in item.components)
    named = held.stretches["point"].unique()
    days = by_day(_of_points(used, named.to_list()), wanted, there, holidays)
    step = used.step_minutes
    stretches = by_stretch(days, held.stretches, wanted).with_columns(
        ((pl.col("until") - pl.col("since")).dt.total_seconds() / (step * 60)).alias("expected_steps")
    )
    rolling = [item for tariff in priced for item in tariff.components if item.kind is ComponentKind.POWER_GROUP]
    stretches = with_rolling_power(stretches, days, used, rolling)
    of_month = days.group_by("point", pl.col("day").dt.month_start().alias("month"), maintain_order=True).agg(
        exact_sum("kwh").alias("month_kwh")
    )
    rows = (
        stretches.join(of_month, on=_KEY, how="left", maintain_order="left")
        .join(used.uncertainty.rename({"uncertainty": "kwh_uncertainty"}), on=_KEY, how="left", maintain_order="left")
        .join(component_rows(priced, wanted), on=["tariff", "version"], maintain_order="left")
    )
    made = lines(rows, step)
    vat = pl.lit(tariffs.vat_share, dtype=pl.Float64)
    found = pl.concat([_lines(made.with_columns((pl.col("sek") * vat).alias("vat"))), _lines(_lacking(held.lacking))])
    found = found.sort("point", "month", "tariff", "version", "first_day", "number", "component", maintain_order=True)
    carriers = {name: point.carrier.value for name, point in billed.items()}
    return Bill(
        found,
        _totals(
            found, asked.join(_versions(held.stretches), on=_KEY, how="left"), carriers, with_vat=tariffs.vat_share is not None
        ),
    )


def _versions(stretches: pl.DataFrame) -> pl.DataFrame:
    """`point`, `month`, `factors`: which price lists a month stands on."""
    lists = stretches.group_by(_KEY).agg(pl.struct("tariff", "version").unique().alias("versions"))
    return lists.select(*_KEY, pl.col("versions").map_elements(_json, return_dtype=pl.String).alias("factors"))


def _totals(found: pl.DataFrame, asked: pl.DataFrame, carriers: Mapping[str, str], *, with_vat: bool) -> pl.DataFrame:
    """A total, or a part, is there only where every line of it is; of a month in which nothing is charged it is 0."""
    lacking = pl.col("lacks") != ""
    of_input = pl.col("lacks") == "input"
    order = pl.when(of_input).then(0).when(lacking).then(1).otherwise(2)
    columns = [
        exact_sum("sek").alias("known_sek"),
        exact_sum("vat").alias("known_vat"),
        lacking.any().alias("lacking"),
        of_input.any().alias("of_input"),
        pl.col("uncertainty").sum(),
        pl.col("coverage").min(),
        *(pl.col(name).sort_by(order, maintain_order=True).first() for name in ("reason", "reason_en")),
    ]
    for name in PARTS:
        in_part = (pl.col("part") == name) | (pl.col("part") == "")
        columns += [
            pl.when(~(in_part & lacking).any()).then(exact_sum(pl.col("sek").filter(in_part))).alias(f"{name}_sek"),
            exact_sum(pl.col("sek").filter(in_part)).alias(f"{name}_known_sek"),
            pl.col("uncertainty").filter(in_part).sum().alias(f"{name}_uncertainty"),
            pl.col("coverage").filter(in_part).min().fill_null(1.0).alias(f"{name}_coverage"),
        ]
    added = found.group_by(_KEY, maintain_order=True).agg(columns)
    whole = ~pl.col("lacking")
    return (
        asked.join(added, on=_KEY, how="left", maintain_order="left")
        .with_columns(
            pl.col("lacking", "of_input").fill_null(value=False),
            *(
                pl.when(pl.col("lacking").is_null()).then(0.0).otherwise(pl.col(name)).alias(name)
                for name in added.columns
                if name.endswith(("_sek", "_vat", "uncertainty"))
            ),
            *(pl.col(name).fill_null(1.0) for name in added.columns if name.endswith("coverage")),
            pl.col("reason", "reason_en").fill_null(""),
            pl.col("factors").fill_null("{}"),
        )
        .with_columns(
            pl.col("point").replace_strict(dict(carriers), return_dtype=pl.String).alias("carrier"),
            pl.when(whole).then(pl.col("known_sek")).alias("sek"),
            pl.when(whole & pl.lit(with_vat)).then(pl.col("known_vat")).alias("vat"),
            pl.when("of_input").then(pl.lit("input")).when("lacking").then(pl.lit("coverage")).otherwise(pl.lit("")).alias("lacks"),
        )
        .with_columns((pl.col("sek") + pl.col("vat")).alias("sek_with_vat"))
        .select(pl.col(name).cast(kind) for name, kind in TOTALS.items())
    )  # fmt: skip


def _of_points(used: Used, points: list[str]) -> Used:
    """What belongs to the points: of the others nothing is counted."""
    frames = {name: getattr(used, name).filter(pl.col("point").is_in(points)) for name in ("hours", "flow", "reactive")}
    return replace(used, **frames)


def _lacking(months: pl.DataFrame) -> pl.DataFrame:
    """Months of which a day has no price list, as lines that lack something."""
    return months.with_columns(pl.lit("input").alias("lacks"), pl.lit(0.0).alias("uncertainty"), pl.lit(1.0).alias("coverage"))


def _lines(frame: pl.DataFrame) -> pl.DataFrame:
    absent = [
        pl.lit("" if kind == pl.String else None, dtype=kind).alias(name)
        for name, kind in LINES.items()
        if name not in frame.columns
    ]
    return frame.with_columns(absent).select(pl.col(name).cast(kind) for name, kind in LINES.items())  # fmt: skip


def _json(versions: pl.Series) -> str:
    known: dict[str, set[str]] = {}
    for row in versions.to_list():
        known.setdefault(row["tariff"], set()).add(row["version"])
    return orjson.dumps({name: " + ".join(sorted(items)) for name, items in sorted(known.items())}).decode()
