"""Use above the expected in some hours of some days: what night, days off, breaks, summer and base load have in common. Pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from config.domain.deviations import Deviation, DeviationKind
from config.domain.indicators import Subject, SubjectKind
from services.analysis.deviations._episodes import Episode, episodes
from services.analysis.deviations._expected import Expectation, Mask, Matrix, Rule, expectation
from services.analysis.deviations._noughts import always_needed, stood_still
from services.analysis.deviations._seam import ALL_HOURS, Material
from services.analysis.deviations._words import CARRIERS_EN, CARRIERS_SV, amounts, en, since_en, since_sv, sv

CARRIERS = tuple(CARRIERS_SV)


@dataclass(frozen=True, slots=True)
class Slot:
    """Some hours of some days.

    Attributes:
        column: of DAY_USE, or `mean_kw`.
        hours: in a day that the column speaks of.
        rule: `share`, `least` and `spreads` are the material's; this gives the rest and may tighten the share.
        where_sv, where_en: "nattetid (kl. 00–05)".
    """

    kind: DeviationKind
    column: str
    hours: int
    keeps: int
    fewest: int
    where_sv: str
    where_en: str
    action_sv: str
    action_en: str
    share_of_rule: float = 1.0
    carriers: tuple[str, ...] = CARRIERS

    def rule(self, material: Material) -> Rule:
        rules = material.rules
        return Rule(
            share=rules.share * self.share_of_rule,
            least=rules.least_kwh / self.hours,
            spreads=rules.spreads,
            keeps=self.keeps,
            fewest=self.fewest,
        )


@dataclass(frozen=True)
class Table:
    """`values` [subjects, days] of the column; `subjects` are (building, carrier)."""

    subjects: Sequence[tuple[str, str]]
    values: Matrix


def table(material: Material, column: str, carriers: Sequence[str]) -> Table:
    """The column over all of the material's days, NaN where not known; `mean_kw` is the whole day's.

    Nothing is known of days on which the meter stood still.
    """
    use = material.use.filter(pl.col("reported_as").is_in(carriers)).with_columns((pl.col("kwh") / ALL_HOURS).alias("mean_kw"))
    keys = use.select("building", "reported_as").unique().sort("building", "reported_as").with_row_index("row")
    days = material.days.select("day").with_row_index("at")
    placed = use.join(keys, on=["building", "reported_as"]).join(days, on="day")
    values = _placed(placed, column, (keys.height, days.height))
    still = stood_still(_placed(placed, "kwh", values.shape), always_needed(keys["reported_as"], temperature(material)))
    return Table(keys.select("building", "reported_as").rows(), np.where(still, np.nan, values))


def _placed(rows: pl.DataFrame, column: str, shape: tuple[int, ...]) -> Matrix:
    known = rows.drop_nulls(column)
    values = np.full(shape, np.nan)
    values[known["row"].to_numpy(), known["at"].to_numpy()] = known[column].to_numpy()
    return values


def temperature(material: Material) -> Matrix:
    """The outdoor air's mean of each of the material's days; NaN where not known."""
    known = material.days.select("day").join(
        material.weather.select("day", "temperature_c"), on="day", how="left", maintain_order="left"
    )
    return known["temperature_c"].cast(pl.Float64).fill_null(float("nan")).to_numpy()


def use_above(material: Material, slot: Slot, relevant: Callable[[Table], Mask]) -> Iterator[Deviation]:
    """Episodes of use above what the building's own history lets expect, on the relevant days."""
    seen = table(material, slot.column, slot.carriers)
    if not seen.subjects:
        return
    found = expectation(seen.values, relevant(seen), temperature(material), slot.rule(material))
    yield from told(material, slot, seen, found)


def told(material: Material, slot: Slot, seen: Table, found: Expectation) -> Iterator[Deviation]:
    """The episodes in words."""
    persistence = material.rules.persistence[slot.kind]
    for row in np.flatnonzero(found.above.any(axis=1)):
        for episode in episodes(found.above[row], np.isfinite(found.expected[row]), persistence):
            yield _deviation(material, slot, seen, found, int(row), episode)


def _deviation(material: Material, slot: Slot, seen: Table, found: Expectation, row: int, episode: Episode) -> Deviation:
    building, carrier = seen.subjects[row]
    span = slice(episode.first, episode.last + 1)
    above = found.above[row, span]
    used = float(seen.values[row, span][above].mean())
    expected = float(found.expected[row, span][above].mean())
    kwh = float((seen.values[row, span] - found.expected[row, span])[above].sum() * slot.hours)
    days = material.days["day"]
    first, last = days[episode.first], days[episode.last]
    sek, kg = amounts(kwh, material.prices.price(building, carrier, last))
    name = material.portfolio.buildings[building].name
    count = int(above.sum())
    when_sv, when_en = since_sv(first, last, going_on=episode.going_on), since_en(first, last, going_on=episode.going_on)
    return Deviation(
        kind=slot.kind,
        subject=Subject(SubjectKind.BUILDING, building),
        building=building,
        carrier=carrier,
        first_day=first,
        last_day=last,
        detected=days[episode.detected],
        going_on=episode.going_on,
        kwh=kwh,
        sek=sek,
        kg=kg,
        sentence_sv=(
            f"{name}: {CARRIERS_SV[carrier]} {slot.where_sv} har {when_sv} legat på {sv(used)} kW "
            f"mot väntade {sv(expected)} kW ({count} dygn, {sv(kwh)} kWh för mycket)."
        ),
        sentence_en=(
            f"{name}: {CARRIERS_EN[carrier]} {slot.where_en} has {when_en} been {en(used)} kW "
            f"where {en(expected)} kW was expected ({count} days, {en(kwh)} kWh too much)."
        ),
        action_sv=slot.action_sv,
        action_en=slot.action_en,
        evidence={
            "used_kw": round(used, 3),
            "expected_kw": round(expected, 3),
            "limit_kw": round(float(found.limit[row, span][above].mean()), 3),
            "days_above": count,
            "hours_a_day": slot.hours,
        },
    )
