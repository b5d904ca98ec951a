"""The components of price lists as rows, and each kind's lines. Pure.

Charges by the year are a twelfth a month, and of a month that is shared or still running the share of its days. Charges by the
month on a peak are whole as soon as the peak is there; where a price list changes within the month each weighs by its days.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from config.domain.estate import REACTIVE_FREE
from config.domain.indicators import Missing
from config.domain.tariffs import Component, ComponentKind, Tariff
from services.analysis.bill.frames import (
    LINES,
    NO_FLOW,
    NO_FUSE,
    NO_GROUP,
    NO_HEAT_POWER,
    NO_PEAK,
    NO_REACTIVE,
    NO_READINGS,
    NO_ROLLING_POWER,
    NO_SPOT,
    NO_SUBSCRIPTION,
    TIME,
    said,
)
from services.analysis.bill.quantities import ENERGY_KINDS, Wanted, peak_of
from services.analysis.bill.rolling import rolling_column
from services.analysis.bill.windows import Window

YEAR = 1 / 12  # of a charge by the year, a month
LIKELY_MISSED = 0.05  # with this share of hours unmeasured a higher peak among them is as likely as the interval leaves out

_COMPONENTS: dict[str, Any] = {
    "tariff": pl.String,
    "version": pl.String,
    "number": pl.Int32,
    "kind": pl.String,
    "price": pl.Float64,
    "charged_in": pl.List(pl.Int8),
    "from_kw": pl.Float64,
    "to_kw": pl.Float64,
    "fixed_sek": pl.Float64,
    "fuse": pl.Int64,
    "free_share": pl.Float64,
    "column": pl.String,
}


def component_rows(tariffs: Iterable[Tariff], wanted: Wanted) -> pl.DataFrame:
    """A row a component; `column` is where its quantity stands in the frame of `by_stretch`."""
    rows = [
        (
            tariff.id,
            tariff.version,
            number,
            item.kind.value,
            item.price,
            [] if item.outside else list(item.months),
            item.from_kw,
            item.to_kw,
            item.fixed_sek,
            item.fuse_a,
            item.free_share,
            _column(item, wanted),
        )
        for tariff in tariffs
        for number, item in enumerate(tariff.components)
    ]
    return pl.DataFrame(rows, schema=_COMPONENTS, orient="row")


def _column(item: Component, wanted: Wanted) -> str:
    window = Window.of(item)
    if item.kind in ENERGY_KINDS:
        return wanted.energy[window]
    if item.kind is ComponentKind.SPOT:
        return wanted.spot[item.area, window]
    if item.kind in (ComponentKind.OVERUSE, ComponentKind.PEAK_POWER):
        return wanted.peaks[peak_of(item)]
    return rolling_column(item)


@dataclass(frozen=True)
class Line:
    """What a kind of component gives, as expressions on a stretch with its component.

    Attributes:
        lacking: conditions and what is said where they hold, the first counts; "input" unless `lacks` says otherwise.
    """

    part: str
    unit: str | pl.Expr
    quantity: pl.Expr
    price: pl.Expr = pl.col("price")  # noqa: RUF009 - an expression is never changed - an expression is a value
    sek: pl.Expr | None = None
    coverage: pl.Expr = pl.lit(1.0)  # noqa: RUF009 - an expression is never changed
    uncertainty: pl.Expr = pl.lit(0.0)  # noqa: RUF009 - an expression is never changed
    at: pl.Expr = pl.lit(None, dtype=TIME)  # noqa: RUF009 - an expression is never changed
    interval: str = ""
    lacking: tuple[tuple[pl.Expr, Missing, str], ...] = ()
    component: str = ""


def lines(rows: pl.DataFrame, step_minutes: int) -> pl.DataFrame:
    """Lines (LINES without `vat`) of stretches and their components, joined.

    Args:
        rows: the columns of `by_stretch` and `component_rows`; besides `expected_steps`, `month_kwh`, `kwh_uncertainty` and
            the columns of rolling power.
    """
    charged = rows.filter((pl.col("charged_in").list.len() == 0) | pl.col("charged_in").list.contains(pl.col("month").dt.month()))
    parts = []
    for (kind, column), of_kind in charged.partition_by("kind", "column", as_dict=True, maintain_order=True).items():
        made = _MAKERS[ComponentKind(str(kind))]
        frame = of_kind
        if kind == ComponentKind.FUSE.value:
            frame = _fuses(of_kind)
        elif kind == ComponentKind.POWER_GROUP.value:
            frame = _groups(of_kind, str(column))
        parts += [_written(frame, item, str(kind)) for item in made(str(column), step_minutes)]
    return pl.concat(parts) if parts else pl.DataFrame(schema=dict(LINES)).drop("vat")


def _written(frame: pl.DataFrame, line: Line, kind: str) -> pl.DataFrame:
    lacks, reason, reason_en = pl.lit(""), pl.lit(""), pl.lit("")
    for condition, missing, what in reversed(line.lacking):
        sv, en = said(missing)
        holds = condition.fill_null(value=False)
        lacks = pl.when(holds).then(pl.lit(what)).otherwise(lacks)
        reason, reason_en = (pl.when(holds).then(new).otherwise(old) for new, old in ((sv, reason), (en, reason_en)))
    sek = line.quantity * line.price if line.sek is None else line.sek
    return frame.select(
        "point",
        "carrier",
        "month",
        "tariff",
        "version",
        "first_day",
        "last_day",
        "number",
        pl.lit(line.component or kind).alias("component"),
        pl.lit(line.part).alias("part"),
        line.quantity.cast(pl.Float64).alias("quantity"),
        (pl.lit(line.unit) if isinstance(line.unit, str) else line.unit).alias("unit"),
        line.price.cast(pl.Float64).alias("price"),
        sek.cast(pl.Float64).alias("sek"),
        line.uncertainty.fill_null(0.0).fill_nan(0.0).alias("uncertainty"),
        line.coverage.fill_null(0.0).fill_nan(0.0).clip(0.0, 1.0).alias("coverage"),
        line.at.alias("at"),
        pl.lit(line.interval).alias("interval"),
        lacks.alias("lacks"),
        reason.alias("reason"),
        reason_en.alias("reason_en"),
    ).with_columns(pl.when(pl.col("lacks") == "").then(pl.col("sek")).alias("sek"))


def _fixed(_column: str, _step: int) -> list[Line]:
    return [Line("fixed", "år", pl.col("month_share") * YEAR)]


def _fuses(rows: pl.DataFrame) -> pl.DataFrame:
    """The price of the point's fuse; the first row without a size where the list has none of it."""
    chosen = rows.filter(pl.col("fuse") == pl.col("fuse_a"))
    none = rows.unique("stretch", keep="first", maintain_order=True).join(chosen, on="stretch", how="anti", maintain_order="left")
    return pl.concat([chosen, none.with_columns(pl.lit(None, dtype=pl.Int64).alias("fuse"))])


def _fuse(_column: str, _step: int) -> list[Line]:
    return [Line("fixed", "år", pl.col("month_share") * YEAR, lacking=((pl.col("fuse").is_null(), NO_FUSE, "input"),))]


def _subscribed(_column: str, _step: int) -> list[Line]:
    kw = pl.col("subscribed_kw")
    return [
        Line("power", "kW·år", kw * pl.col("month_share") * YEAR, lacking=((kw.is_null(), NO_SUBSCRIPTION, "input"),)),
    ]


def _overuse(column: str, step: int) -> list[Line]:
    peak, kw = pl.col(column), pl.col("subscribed_kw")
    over = (peak - kw).clip(lower_bound=0.0)
    # what the peak may be off counts only as far as it can lift the peak above the subscription, or is above it
    off = (peak + _peak_uncertainty(step) - kw).clip(0.0, _peak_uncertainty(step))
    return [
        Line(
            "power",
            "kW·mån",
            over * pl.col("weight"),
            coverage=_measured(),
            uncertainty=off * pl.col("price") * pl.col("weight"),
            at=pl.col(f"{column}_at"),
            interval=f"{step} min",
            lacking=((kw.is_null(), NO_SUBSCRIPTION, "input"), *_no_peak(column)),
        )
    ]


def _peak(column: str, step: int) -> list[Line]:
    return [
        Line(
            "power",
            "kW·mån",
            pl.col(column) * pl.col("weight"),
            coverage=_measured(),
            uncertainty=_peak_uncertainty(step) * pl.col("price") * pl.col("weight"),
            at=pl.col(f"{column}_at"),
            interval=f"{step} min",
            lacking=_no_peak(column),
        )
    ]


def _groups(rows: pl.DataFrame, rolling: str) -> pl.DataFrame:
    """The group that the point's power lies in, of each price list one; `in_group` is false where none has it.

    What the supplier states counts before what we make of readings.
    """
    made = pl.col(rolling) if rolling else pl.lit(None, dtype=pl.Float64)
    with_kw = rows.with_columns(pl.coalesce("heat_power_kw", made).alias("kw"))
    above = (pl.col("kw") > pl.col("from_kw")) | ((pl.col("kw") == 0) & (pl.col("from_kw") == 0))
    chosen = with_kw.filter(above & (pl.col("to_kw").is_null() | (pl.col("kw") <= pl.col("to_kw"))))
    none = with_kw.unique("stretch", keep="first", maintain_order=True).join(
        chosen, on="stretch", how="anti", maintain_order="left"
    )
    return pl.concat([chosen.with_columns(in_group=pl.lit(value=True)), none.with_columns(in_group=pl.lit(value=False))])


def _group(rolling: str, _step: int) -> list[Line]:
    share, kw = pl.col("month_share") * YEAR, pl.col("kw")
    lacking = (
        (kw.is_null(), NO_ROLLING_POWER if rolling else NO_HEAT_POWER, "input"),
        (~pl.col("in_group"), NO_GROUP, "input"),
    )
    return [
        Line("fixed", "år", share, price=pl.col("fixed_sek"), lacking=lacking, component="power_group_fixed"),
        Line("power", "kW·år", kw * share, lacking=lacking),
    ]


def _energy(column: str, _step: int) -> list[Line]:
    quantity = pl.col(column)
    return [
        Line(
            "energy",
            _energy_unit(),
            quantity,
            coverage=_covered(),
            uncertainty=pl.col("price").abs() * _energy_uncertainty(quantity),
            lacking=((pl.col("steps").fill_null(0) == 0, NO_READINGS, "coverage"),),
        )
    ]


def _spot(column: str, _step: int) -> list[Line]:
    """The day-ahead price of each hour and what the supplier adds to it. An hour without a price is not known."""
    kwh, priced, known = pl.col(column), pl.col(f"{column}_priced"), pl.col(f"{column}_steps")
    sek = pl.col(f"{column}_sek") + kwh * pl.col("price")
    mean = pl.when(kwh != 0).then(sek / kwh).otherwise(pl.col("price"))
    return [
        Line(
            "energy",
            _energy_unit(),
            kwh,
            price=mean,
            sek=sek,
            coverage=_covered() * pl.when(known > 0).then(priced / known).otherwise(1.0),
            uncertainty=mean.abs() * _energy_uncertainty(kwh),
            lacking=(
                (pl.col("steps").fill_null(0) == 0, NO_READINGS, "coverage"),
                ((known > 0) & (priced == 0), NO_SPOT, "input"),
            ),
        )
    ]


def _reactive(_column: str, step: int) -> list[Line]:
    """Of the month's highest reactive hour what lies above the free share of its highest active hour."""
    free = pl.col("reactive") == REACTIVE_FREE
    hours, most = pl.col("reactive_hours"), pl.col("reactive_kw")
    over = (most - pl.col("free_share") * pl.col("peak0")).clip(lower_bound=0.0)
    return [
        Line(
            "power",
            "kVAr·mån",
            pl.when(free).then(0.0).otherwise(over * pl.col("weight")),
            coverage=pl.when(free).then(1.0).otherwise(hours * (60 / step) / pl.col("expected_steps")),
            interval="60 min",
            lacking=(
                (~free & (hours.fill_null(0) == 0), NO_REACTIVE, "input"),
                (~free & pl.col("peak0").is_null(), NO_PEAK, "coverage"),
            ),
        )
    ]


def _flow(_column: str, step: int) -> list[Line]:
    hours = pl.col("flow_hours").fill_null(0)
    return [
        Line(
            "energy",
            "m3",
            pl.col("flow_m3"),
            coverage=hours * (60 / step) / pl.col("expected_steps"),
            # a heat meter's flow sensor, class 2 of EN 1434: some 2 %; a stated bound, not a measured one [U]
            uncertainty=0.02 * pl.col("flow_m3") * pl.col("price"),
            lacking=((hours == 0, NO_FLOW, "input"),),
        )
    ]


_MAKERS: Mapping[ComponentKind, Any] = {
    ComponentKind.FIXED: _fixed,
    ComponentKind.FUSE: _fuse,
    ComponentKind.SUBSCRIBED_POWER: _subscribed,
    ComponentKind.OVERUSE: _overuse,
    ComponentKind.PEAK_POWER: _peak,
    ComponentKind.POWER_GROUP: _group,
    ComponentKind.ENERGY: _energy,
    ComponentKind.TAX: _energy,
    ComponentKind.SPOT: _spot,
    ComponentKind.REACTIVE: _reactive,
    ComponentKind.FLOW: _flow,
}


def _energy_unit() -> pl.Expr:
    return pl.when(pl.col("carrier") == "water").then(pl.lit("m3")).otherwise(pl.lit("kWh"))


def _covered() -> pl.Expr:
    return pl.col("covered_steps") / pl.col("expected_steps")


def _measured() -> pl.Expr:
    return pl.col("measured_steps") / pl.col("expected_steps")


def _energy_uncertainty(quantity: pl.Expr) -> pl.Expr:
    """The month's, by the part of its energy that is charged here."""
    share = pl.when(pl.col("month_kwh") != 0).then((quantity / pl.col("month_kwh")).abs().clip(0.0, 1.0)).otherwise(1.0)
    return pl.col("kwh_uncertainty").fill_null(0.0) * share


def _peak_uncertainty(step: int) -> pl.Expr:
    """One step of the register at either edge of the hour, and what hours that were not measured may have held. [kW]

    The highest hours of days lie above their median as a tail that falls off exponentially (its mean excess is `spread_kw`). Of
    N hours of which a share f was not measured, the peak is among these with probability f and then exceeds the known one by
    more than u with probability exp(-u/spread): so with 5 % beyond, u = spread·ln(f/0.05).
    """
    unmeasured = (1.0 - _measured()).clip(0.0, 1.0)
    missed = pl.when(unmeasured > LIKELY_MISSED).then((unmeasured * (1 / LIKELY_MISSED)).log()).otherwise(0.0)
    return pl.col("resolution") * (60 / step) + pl.col("spread_kw").fill_null(0.0) * missed


def _no_peak(column: str) -> tuple[tuple[pl.Expr, Missing, str], ...]:
    return ((pl.col(column).is_null(), NO_PEAK, "coverage"),)
