"""How often the 90 % interval of a saving holds the truth: a tenth planted away from a known day on, with real buildings.

    python -m benchmarks.savings_coverage ../shared/data/estate [--windows 30,90,180,365] [--seed 1]

Each building's interval is calibrated on the other buildings only. Days that a publisher filled with noughts are no days. Prints
the coverage of the trials, how wide the intervals are, how far the forecasts were off, and the factors that all buildings
together give: those of `services.analysis.savings`.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from services.analysis.baseline import Floats, fitted
from services.analysis.fit_statistics import GREATEST_CVRMSE_DAILY, LEAST_R2
from services.analysis.savings import BASELINE_DAYS, LEAST_BASELINE_DAYS, LEAST_SHARE, scale_of

TRIALS = 200  # of each carrier and window, drawn without putting back; all where there are fewer
CUT = 0.1
LEVEL = 0.9
STEP = 7  # days between the measures that are tried
SEASON_ENDS_C = 12.0  # a day without heat is a hole below this, and a summer's day above


@dataclass(frozen=True, slots=True)
class Trial:
    """A measure at a building: `forecast` of the days since, their `use` had nothing been done, and the error's unit. [kWh]"""

    building: str
    forecast: float
    use: float
    scale: float

    @property
    def units(self) -> float:
        return abs(self.forecast - self.use) / self.scale


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of the trials drawn, of one carrier and window. Shares of the expected use where not said otherwise."""

    trials: int
    buildings: int
    held: float
    half_width: float
    off: float
    factor: float  # of all trials


def daily(folder: Path) -> pl.DataFrame:
    """`building`, `day`, `heat`, `electricity` (null where not wholly known), `temperature_c`, `day_off`."""
    day = pl.col("time").str.slice(0, 10).str.to_date().alias("day")
    hours = pl.read_csv(folder / "hourly.csv.gz").with_columns(day)
    weather = pl.read_csv(folder / "surroundings.csv.gz").with_columns(day)
    temperatures = weather.group_by("day").agg(pl.col("air_temperature_c").mean().alias("temperature_c"))
    named = {"heat": "heat_kwh", "electricity": "electricity_kwh"}
    parts = [
        expression
        for name, column in named.items()
        for expression in (
            pl.col(column).sum().cast(pl.Float64).alias(name),
            pl.col(column).count().alias(f"{name}_hours"),
            (pl.col(column) == 0).sum().alias(f"{name}_noughts"),
        )
    ]
    days = hours.group_by("building", "day").agg(parts).join(temperatures, on="day")
    summer = pl.col("temperature_c") > SEASON_ENDS_C
    heat = (pl.col("heat_hours") == 24) & ((pl.col("heat_noughts") < 24) | summer)
    power = (pl.col("electricity_hours") == 24) & (pl.col("electricity_noughts") < 24)
    return days.select(
        "building",
        "day",
        pl.when(heat).then("heat").alias("heat"),
        pl.when(power).then("electricity").alias("electricity"),
        "temperature_c",
        (pl.col("day").dt.weekday() > 5).cast(pl.Float64).alias("day_off"),
    ).sort("building", "day")


def trials(days: pl.DataFrame, carrier: str, window: int) -> list[Trial]:
    """Every measure that a model may speak of."""
    found = []
    for (building,), own in days.partition_by("building", as_dict=True, maintain_order=True).items():
        columns = [own[name].to_numpy() for name in (carrier, "temperature_c", "day_off")]
        for at in range(BASELINE_DAYS, own.height - window + 1, STEP):
            before = _known([column[at - BASELINE_DAYS : at] for column in columns])
            since = _known([column[at : at + window] for column in columns])
            if len(before[0]) >= LEAST_BASELINE_DAYS and len(since[0]) >= LEAST_SHARE * window:
                trial = _trial(str(building), before, since, of_heat=carrier == "heat")
                found += [] if trial is None else [trial]
    return found


def _known(columns: Sequence[Floats]) -> list[Floats]:
    there = np.isfinite(columns[0]) & np.isfinite(columns[1])
    return [column[there] for column in columns]


def _trial(building: str, before: Sequence[Floats], since: Sequence[Floats], *, of_heat: bool) -> Trial | None:
    baseline = fitted(*before, of_heat=of_heat)
    if baseline is None or baseline.statistics.cvrmse > GREATEST_CVRMSE_DAILY:
        return None
    if of_heat and baseline.statistics.r2 < LEAST_R2:
        return None
    forecast, error = baseline.expected(since[1], since[2])
    return Trial(building, forecast, float(since[0].sum()), scale_of(forecast, error))


def coverage(found: Sequence[Trial], seed: int) -> Coverage:
    """Of `TRIALS` of them: a tenth is taken away from the use, and the interval must hold what was taken."""
    drawn = np.random.default_rng(seed).permutation(len(found))[:TRIALS]
    factors = {
        building: float(np.quantile([item.units for item in found if item.building != building], LEVEL))
        for building in {found[at].building for at in drawn}
    }
    held, widths, off = [], [], []
    for at in drawn:
        item = found[at]
        truth, reach = CUT * item.use, factors[item.building] * item.scale
        saved = item.forecast - (item.use - truth)
        held.append(saved - reach <= truth <= saved + reach)
        widths.append(reach / item.forecast)
        off.append(abs(saved - truth) / item.forecast)
    return Coverage(
        len(drawn),
        len(factors),
        float(np.mean(held)),
        float(np.median(widths)),
        float(np.median(off)),
        float(np.quantile([item.units for item in found], LEVEL)),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("estate", type=Path)
    parser.add_argument("--windows", default="30,90,180,365")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    days = daily(given.estate)
    print("carrier      window  trials  buildings  held   half width  median error  factor of all")
    for carrier in ("heat", "electricity"):
        for window in map(int, given.windows.split(",")):
            found = coverage(trials(days, carrier, window), given.seed)
            print(
                f"{carrier:12} {window:6} {found.trials:7} {found.buildings:10}  {found.held:5.1%} {found.half_width:10.1%} "
                f"{found.off:13.1%} {found.factor:14.2f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
