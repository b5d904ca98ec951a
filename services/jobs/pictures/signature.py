"""The energy signature as points: each day's mean heat power against the day's mean outdoor temperature.

    value    = the day's heat / hours of the local day                                  [kW]
    expected = (P0 + k · max(0, Tb - T)) / 24 h, the building's own model                [kW]

The model is the one that corrects the current month (`services.analysis.rolling_signature`, of the twelve months before it), one
for all days, so that they are seen against one line; where no model is usable nothing is expected. Days that are over count, as
far as their energy is published and their temperature known.

What changed decides what is drawn: a building's days are drawn again when one of their figures was calculated anew, when a
temperature came, and when the month is another and with it the model.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import polars as pl

from config.domain.clock import Clock
from config.domain.estate import Portfolio
from config.domain.periods import day as local_day
from config.domain.periods import local_date
from config.domain.series import INDICATOR_VALUES, SIGNATURE, Aggregate, SeriesQuery
from services.analysis.fit_statistics import LEAST_R2
from services.analysis.rolling_signature import BALANCES_C, Floats, rolling_signatures
from services.analysis.weather_correction import WHOLE_DAY
from services.indicators.corrected_signature import GREATEST_CVRMSE
from services.indicators.specific_energy import PARTS
from services.jobs.pictures.picture import redraw
from services.jobs.publish import published
from services.jobs.weather_reading import WeatherReader
from services.state.watermarks import WatermarksTable
from services.store.timeseries import TimeSeriesStore

HISTORY = timedelta(days=400)  # a year that is over and the month that is going on: all that the model is fitted to
AT_ONCE = 40  # buildings drawn together
MOST_TASKS = 10  # a look: a municipality that moves in is drawn within the hour, and nobody waits for it
DRAWN = "signature drawn"  # watermark: building → what its points were made of
_DAY = timedelta(days=1)
HEAT = tuple(sorted(carrier for carrier, part in PARTS.items() if part == "heat"))
_SERIES = ("building", "carrier")
_HOURS_A_DAY = 24.0


@dataclass(frozen=True, slots=True)
class SignatureTask:
    """Buildings that are drawn together, and what they will have been made of."""

    buildings: tuple[str, ...]
    marks: tuple[str, ...]

    def __str__(self) -> str:
        return ", ".join(self.buildings)


class SignatureJob:
    """A task is some buildings."""

    name = "signature"

    def __init__(
        self, portfolio: Portfolio, store: TimeSeriesStore, watermarks: WatermarksTable, clock: Clock, weather: WeatherReader
    ) -> None:
        self._portfolio = portfolio
        self._store = store
        self._watermarks = watermarks
        self._clock = clock
        self._weather = weather

    def pending(self, now: datetime) -> Sequence[SignatureTask]:
        """Buildings whose points are made of something else than there is now; not more than a look may do."""
        first, today = self._window(now)
        rows = self._store.read(
            SeriesQuery(
                INDICATOR_VALUES,
                *self._bounds(first, today),
                _where(tuple(sorted(self._portfolio.buildings))),
                aggregate=Aggregate.MAX,
                by=("subject",),
                field="calculated",
            )
        )
        made_with = f"{today:%Y-%m} {_digest(self._temperatures(first, today))}"
        drawn = self._watermarks.of(DRAWN)
        marks = {name: f"{made_with} {calculated}" for name, calculated in rows.iter_rows()}
        behind = [name for name in sorted(marks) if drawn.get(name) != marks[name]][: AT_ONCE * MOST_TASKS]
        batches = [tuple(behind[at : at + AT_ONCE]) for at in range(0, len(behind), AT_ONCE)]
        return [SignatureTask(batch, tuple(marks[name] for name in batch)) for batch in batches]

    def do(self, task: SignatureTask) -> None:
        """Draw the buildings' days. What changes while they are drawn is pending again: the mark is from before."""
        first, today = self._window(self._clock.now())
        start, end = self._bounds(first, today)
        zone = self._portfolio.timezone
        rows = published(self._store.read(SeriesQuery(INDICATOR_VALUES, start, end, _where(task.buildings))))
        use = rows.filter(pl.col("value").is_not_null()).select(
            pl.col("start").alias("time"),
            pl.col("start").dt.convert_time_zone(zone).dt.date().alias("day"),
            pl.col("subject").alias("building"),
            "carrier",
            pl.col("value").alias("kwh"),
            "coverage",
            (pl.col("end") - pl.col("start")).dt.total_hours().cast(pl.Float64).alias("hours"),
        )
        points = signature_points(use, self._temperatures(first, today), today)
        redraw(self._store, SIGNATURE, points.iter_rows(named=True), start, end, {"building": task.buildings})
        for name, mark in zip(task.buildings, task.marks, strict=True):
            self._watermarks.set(DRAWN, name, mark)

    def _window(self, now: datetime) -> tuple[date, date]:
        """The first day that is drawn, and today, which is not."""
        today = local_date(now, self._portfolio.timezone)
        return today - HISTORY, today

    def _bounds(self, first: date, today: date) -> tuple[datetime, datetime]:
        zone = self._portfolio.timezone
        return local_day(first, zone).start, local_day(today, zone).start

    def _temperatures(self, first: date, today: date) -> pl.DataFrame:
        """Columns `day`, `temperature_c`, of the days that have one; by day."""
        days = self._weather.days(first, today - _DAY).select("day", pl.col("temperature_c").cast(pl.Float64))
        return days.filter(pl.col("temperature_c").is_not_null()).sort("day")


def signature_points(use: pl.DataFrame, temperatures: pl.DataFrame, today: date) -> pl.DataFrame:
    """Rows of the series `signature` but for `lacks` and `open`. Pure.

    Args:
        use: of days before `today`, at most `HISTORY`: `time` (start of the local day), `day`, `building`, `carrier`, `kwh`,
            `coverage`, `hours` (of the day).
        temperatures: `day`, `temperature_c`.
        today: its month's model is used.
    """
    known = use.join(temperatures, on="day", how="inner").sort(*_SERIES, "day")
    series = known.select(_SERIES).unique().sort(_SERIES).with_row_index("series")
    if series.is_empty():
        return pl.DataFrame(schema=dict.fromkeys(("time", *_SERIES), pl.String))
    placed = known.join(series, on=_SERIES, maintain_order="left")
    base, slope, balance = _models(placed, series.height, today)
    at = placed["series"].to_numpy()
    warmth = placed["temperature_c"].to_numpy()
    expected = (base[at] + slope[at] * np.maximum(0.0, balance[at] - warmth)) / _HOURS_A_DAY
    return placed.select(
        "time",
        *_SERIES,
        (pl.col("kwh") / pl.col("hours")).alias("value"),
        pl.col("temperature_c").alias("temperature"),
        pl.Series("expected", expected).fill_nan(None),
        "coverage",
    )


def _models(placed: pl.DataFrame, count: int, today: date) -> tuple[Floats, Floats, Floats]:
    """P0 [kWh/d], k [kWh/(d·K)] and Tb [°C] of each series; NaN where no model is usable."""
    days = pl.DataFrame({"day": pl.date_range(today - HISTORY, today - _DAY, eager=True)}).with_row_index("row")
    rows = placed.join(days, on="day", maintain_order="left")
    temperature, use = np.full(days.height, np.nan), np.full((days.height, count), np.nan)
    temperature[rows["row"].to_numpy()] = rows["temperature_c"].to_numpy()
    whole = rows.filter(pl.col("coverage") >= WHOLE_DAY)
    use[whole["row"].to_numpy(), whole["series"].to_numpy()] = whole["kwh"].to_numpy()
    months = (days["day"].dt.year().cast(pl.Int64) * 12 + days["day"].dt.month()).to_numpy().astype(np.intp)
    found = rolling_signatures(temperature, use, months, [today.year * 12 + today.month])
    with np.errstate(invalid="ignore"):
        usable = (found.r2[0] >= LEAST_R2) & (found.cvrmse[0] <= GREATEST_CVRMSE)
    nothing = np.full(count, np.nan)
    return np.where(usable, found.base[0], nothing), np.where(usable, found.slope[0], nothing), BALANCES_C[found.balance[0]]


def _where(buildings: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    return {
        "subject": buildings, "subject_kind": ("building",), "period": ("day",), "indicator": ("energy",), "carrier": HEAT,
    }  # fmt: skip


def _digest(temperatures: pl.DataFrame) -> str:
    return hashlib.sha256(temperatures.write_csv().encode()).hexdigest()[:16]
