"""How often the goals' 80 % bands held, and how often goals given a probability were reached, on real buildings.

`python -m benchmarks.goal_backtest [FOLDER]`; FOLDER holds hourly.csv.gz of the Cambridge University Estates archive (16
buildings, 2019-2022, electricity and heat). Every building, carrier and end of month from which `assess` is willing to judge is a
trial: it knows rolling twelve-month sums up to that month, and is asked for the sum of the calendar year that ends next, and of
the year after. The truth is the sum that then came.

To be read with care. A building's twelve origins towards one year's end are one story told twelve times, and all buildings lived
through the same 2020-2022: `stories` counts building × carrier × year. That no trend is carried on from less than four years was
decided on these data (with one, the bands held 33-50 % of the time 7-24 months ahead), so they are no untouched judge of it. Use
is as measured, not weather-corrected; zeros that last more than two days are holes of the publisher's, and a rolling year with
less than 90 % left is not used.
"""

import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl

from config.domain.assessments import Forecast, GoalValue
from config.domain.factors import Mark
from config.domain.goals import Better, Goal, GoalLimits, Level
from config.domain.goals import Path as GoalPath
from services.goals.verdict import assess

ESTATE = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "estate"
HOLE_HOURS = 48
CHANGES = (-0.10, -0.05, -0.02, 0.0, 0.02, 0.05)  # targets against the last rolling year
SPANS = ((1, 3), (4, 6), (7, 12), (13, 24))
BINS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.000001)


@dataclass(frozen=True, slots=True)
class Trial:
    """One forecast and what came.

    Attributes:
        place: where the truth lay: "inside", "below" or "above" the 80 % band.
        width: half of the band, as a share of the truth.
        chances: probability given and whether it came true, of each of `CHANGES`.
    """

    subject: str
    carrier: str
    months: int
    year: int
    place: str
    width: float
    chances: tuple[tuple[float, bool], ...]


def rolling_years(folder: Path) -> dict[tuple[str, str], list[GoalValue]]:
    """(building or "alla", carrier) → rolling twelve-month sums with their coverage. [kWh]"""
    hours = pl.read_csv(folder / "hourly.csv.gz").with_columns(pl.col("time").str.to_datetime("%Y-%m-%dT%H:%M:%SZ").alias("time"))
    found: dict[tuple[str, str], list[GoalValue]] = {}
    for carrier in ("electricity", "heat"):
        column = f"{carrier}_kwh"
        run = pl.col(column).ne(0).cum_sum().over("building")
        months = (
            hours.sort("building", "time")
            .with_columns(run.alias("run"))
            .with_columns(pl.len().over("building", "run").alias("length"))
            .with_columns((pl.col(column).eq(0) & (pl.col("length") > HOLE_HOURS)).alias("hole"))
            .group_by("building", pl.col("time").dt.truncate("1mo").dt.date().alias("month"))
            .agg(pl.col(column).sum().alias("kwh"), pl.col("hole").mean().alias("hole"))
            .sort("building", "month")
        )
        for (name,), rows in months.group_by("building", maintain_order=True):
            found[str(name), carrier] = _rolled(rows)
        found["alla", carrier] = _rolled(months.group_by("month").agg(pl.col("kwh").sum(), pl.col("hole").mean()).sort("month"))
    return found


def _rolled(rows: pl.DataFrame) -> list[GoalValue]:
    kwh, hole, months = rows["kwh"].to_numpy(), rows["hole"].to_numpy(), rows["month"].to_list()
    values = []
    for last in range(11, len(kwh)):
        window = slice(last - 11, last + 1)
        end = (months[last] + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        values.append(GoalValue(end, float(kwh[window].sum()), "estate", coverage=1 - float(hole[window].mean())))
    return values


def goal_of(year: int, target: float) -> Goal:
    """A goal of a lower use at the end of a year."""
    return Goal(
        id="g", level=Level.COMPANY, owner="o", text_sv="m", text_en="g", indicator="i", unit="kWh", path=GoalPath.NONE,
        source="s", mark=Mark.DERIVED, target_year=year, target_value=target, better=Better.LOWER,
    )  # fmt: skip


def trials(values: dict[tuple[str, str], list[GoalValue]], limits: GoalLimits) -> Iterator[Trial]:
    """Every forecast that can be held against what came."""
    for (subject, carrier), series in values.items():
        known = {value.end: value for value in series if value.coverage >= limits.min_coverage}
        for origin in series:
            if origin.end not in known:
                continue  # as_of would be judged from an older value: the same trial again
            for year in (origin.end.year, origin.end.year + 1):
                truth = known.get(date(year, 12, 31))
                if truth is None or truth.end <= origin.end:
                    continue
                found = [_asked(series, origin, year, origin.value * (1 + change), limits) for change in CHANGES]
                if any(forecast is None for forecast in found):
                    continue
                kept = [forecast for forecast in found if forecast is not None]
                chances = tuple(
                    (float(forecast.probability), truth.value <= float(forecast.target))  # type: ignore[arg-type] # no Missing: a target was given
                    for forecast in kept
                )
                low, high = kept[0].low, kept[0].high
                place = "below" if truth.value < low else "above" if truth.value > high else "inside"
                months = (year - origin.end.year) * 12 + 12 - origin.end.month
                yield Trial(subject, carrier, months, year, place, (high - low) / 2 / truth.value, chances)


def _asked(series: Sequence[GoalValue], origin: GoalValue, year: int, target: float, limits: GoalLimits) -> Forecast | None:
    forecast = assess(goal_of(year, target), series, origin.end, limits).target_year
    return forecast if isinstance(forecast, Forecast) else None


def held(found: Sequence[Trial]) -> str:
    """One line: share inside, below, above, with the number of trials and of stories."""
    places = [trial.place for trial in found]
    stories = len({(trial.subject, trial.carrier, trial.year) for trial in found})
    shares = {place: places.count(place) / len(places) for place in ("inside", "below", "above")}
    return (
        f"{shares['inside']:6.1%} held ({shares['below']:.1%} came below, {shares['above']:.1%} above), {len(found)} trials in "
        f"{stories} stories, band ±{np.median([trial.width for trial in found]):.1%}"
    )


def main() -> None:
    """Print the figures."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ESTATE
    found = list(trials(rolling_years(folder), GoalLimits()))
    buildings = [trial for trial in found if trial.subject != "alla"]
    print(f"80 % bands, buildings: {held(buildings)}")
    print(f"80 % bands, all together: {held([trial for trial in found if trial.subject == 'alla'])}")
    for low, high in SPANS:
        chosen = [trial for trial in buildings if low <= trial.months <= high]
        if chosen:
            print(f"  {low:2}-{high:2} months ahead: {held(chosen)}")
    for carrier in ("electricity", "heat"):
        for year in (2021, 2022):
            chosen = [trial for trial in buildings if trial.carrier == carrier and trial.year == year]
            if chosen:
                print(f"  {carrier}, {year}: {held(chosen)}")
    by_subject: dict[str, list[Trial]] = defaultdict(list)
    for trial in buildings:
        by_subject[trial.subject].append(trial)
    print(
        "  by building: "
        + ", ".join(f"{name} {sum(t.place == 'inside' for t in ts)}/{len(ts)}" for name, ts in by_subject.items())
    )
    print(
        f"probability of reaching a target of {', '.join(f'{change:+.0%}' for change in CHANGES)} against the last rolling year:"
    )
    chances = [chance for trial in buildings for chance in trial.chances]
    for least, most in pairwise(BINS):
        chosen_chances = [(stated, came) for stated, came in chances if least <= stated < most]
        if chosen_chances:
            stated, came = np.mean(chosen_chances, axis=0)
            print(
                f"  stated {least:.0%}-{min(most, 1):.0%}, on average {stated:.0%}: {came:.0%} reached, "
                f"{len(chosen_chances)} trials"
            )
    print(f"  Brier score {np.mean([(stated - came) ** 2 for stated, came in chances]):.3f} (0.25: a coin)")


if __name__ == "__main__":
    main()
