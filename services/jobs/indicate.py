"""Dirty days to published figures: of the buildings they lie in, then of the groups these belong to.

What changed decides what is calculated: the months of the dirty days (and the months after them where a model looks back), the
longer periods that these months lie in, the groups of the buildings. Only figures that came out otherwise are written; what they
replace is kept, and where a period was over, the change log says what moved and why.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl

from config.domain.clock import Clock
from config.domain.estate import Portfolio
from config.domain.indicators import SubjectKind
from config.domain.periods import PeriodKind, local_date, month
from config.domain.series import INDICATOR_VALUES, INTERVALS, SeriesQuery
from config.shelf import entries
from services import indicators
from services.figures.calculation import Basis, Calculation, Limits, Over
from services.figures.compute import DIGITS, building_figures, going_over, group_figures
from services.figures.frames import FIGURES, HOURS, PERIODS
from services.figures.groups import membership
from services.figures.hours import counted_hours
from services.figures.periods import (
    days_and_months,
    filed_reach,
    first_of_month,
    longer_periods,
    months_of,
    reach,
    without_months,
)
from services.figures.sums import sums
from services.jobs.publish import Publisher, published
from services.jobs.surroundings import Surroundings
from services.state.dirty import GroupPeriod
from services.state.state import State
from services.store.timeseries import TimeSeriesStore

log = logging.getLogger(__name__)

AT_ONCE = 40  # buildings calculated together: a thousand small steps cost the same for one building and for many
MOST_BUILDING_PERIODS = 2_000  # of a group's members, each with a hundred figures
MOST_BUILDING_DAYS = 30_000  # of which few figures are published
MOST_BUILDING_MONTHS = 560  # of which there are no more than this at a time, so that a long history fits in memory
HISTORY_MONTHS = 25  # two years of history before the first month, whatever day it begins


@dataclass(frozen=True, slots=True)
class BuildingsTask:
    """Buildings whose dirty days are calculated together."""

    buildings: tuple[str, ...]

    def __str__(self) -> str:
        return ", ".join(self.buildings)


@dataclass(frozen=True, slots=True)
class GroupsTask:
    """The groups whose buildings' figures changed are added up again."""

    def __str__(self) -> str:
        return "groups"


class IndicateJob:
    """A task is some buildings, or the groups of buildings."""

    name = "indicate"

    def __init__(
        self,
        portfolio: Portfolio,
        store: TimeSeriesStore,
        state: State,
        clock: Clock,
        surroundings: Surroundings,
        limits: Limits | None = None,
        calculations: Sequence[Calculation] | None = None,
    ) -> None:
        self._portfolio = portfolio
        self._store = store
        self._state = state
        self._clock = clock
        self._surroundings = surroundings
        self._limits = limits or Limits()
        self._calculations = entries(indicators, "CALCULATION", Calculation) if calculations is None else list(calculations)
        self._looks_back = max((item.looks_back_months for item in self._calculations), default=0)
        over = going_over(item for item in self._calculations if item.groups)
        self._added = tuple(sorted(name for name, how in over.items() if how is Over.SUM))
        self._publisher = Publisher(portfolio, store, state)
        self._failed: set[str] = set()

    def pending(self, now: datetime) -> Sequence[BuildingsTask | GroupsTask]:  # noqa: ARG002 - what is dirty does not depend on the time
        """Buildings with dirty days, the longest waiting first, then the groups, which they will have marked.

        Buildings whose task failed come alone, behind the others, so that the one at fault holds up no other.
        """
        buildings = self._state.dirty_days.pending_buildings()
        together = [name for name in buildings if name not in self._failed]
        batches = [tuple(together[at : at + AT_ONCE]) for at in range(0, len(together), AT_ONCE)]
        alone = [(name,) for name in buildings if name in self._failed]
        groups = [GroupsTask()] if buildings or self._state.dirty_groups.any() else []
        return [*map(BuildingsTask, [*batches, *alone]), *groups]

    def do(self, task: BuildingsTask | GroupsTask) -> None:
        """Calculate what is dirty. Marks are cleared last, and only those taken at the beginning."""
        if isinstance(task, GroupsTask):
            self._groups()
        else:
            self._failed.update(task.buildings)
            self._buildings(task.buildings)
            self._failed.difference_update(task.buildings)

    def _buildings(self, names: Sequence[str]) -> None:
        taken = {name: self._state.dirty_days.take(name) for name in names}
        for name in names:
            if name not in self._portfolio.buildings:
                log.warning("dirty days of a building that is not in the portfolio are left", extra={"building": name})
        known = tuple(sorted(name for name in names if name in self._portfolio.buildings and taken[name].days))
        ended = local_date(self._clock.now(), self._portfolio.timezone) - timedelta(days=1)
        months = months_of(day for name in known for day in taken[name].days)
        reasons = {name: taken[name].reasons for name in known}
        months = self._with_followers(months, ended)

        # by time: months that look back find the earlier ones published
        size = max(1, MOST_BUILDING_MONTHS // max(1, len(known)))
        for at in range(0, len(months), size):
            self._calculate(known, months[at : at + size], months[at + size :], ended, reasons)
        for name in names:
            self._state.dirty_days.clear(name, taken[name].up_to)

    def _with_followers(self, months: Sequence[date], ended: date) -> list[date]:
        """The months and those after them whose models look back on them."""
        last = max([*months, first_of_month(ended + timedelta(days=1))], default=ended)
        ahead = {first_of_month(first, n) for first in months for n in range(self._looks_back + 1)}
        return sorted(first for first in ahead if first <= last)

    def _calculate(
        self,
        buildings: tuple[str, ...],
        months: Sequence[date],
        later: Sequence[date],
        ended: date,
        reasons: Mapping[str, Mapping[date, frozenset[str]]],
    ) -> None:
        """Calculate some months, and the longer periods in which none of those lies that are still to come (`later`).

        A year of which half is calculated would be published as missing, and a moment later be news.
        """
        zone = self._portfolio.timezone
        basis = self._basis(buildings, months)
        long_periods = without_months(longer_periods(months, zone, ended), later, zone)
        figures = building_figures(basis, self._calculations, self._known_months(buildings, long_periods), long_periods)
        asked = pl.concat([basis.periods, long_periods])
        subjects = {*buildings, *(item.id for name in buildings for item in self._portfolio.points_in(name))}
        changed = self._publisher.publish(
            figures, tuple(sorted(subjects)), ("building", "point"), asked, self._clock.now(), reasons
        )
        self._state.dirty_groups.mark(self._groups_of(changed))

    def _basis(self, buildings: tuple[str, ...], months: Sequence[date]) -> Basis:
        zone = self._portfolio.timezone
        now = self._clock.now()
        until = now.replace(minute=0, second=0, microsecond=0)
        periods = days_and_months(months, zone)
        hours = pl.concat(
            [
                counted_hours(
                    self._store.read(SeriesQuery(INTERVALS, start, end, {"building": buildings})), self._portfolio, buildings
                )
                for start, end in _stretches(months, zone)
            ]
            or [pl.DataFrame(schema=dict(HOURS))]
        ).sort("point", maintain_order=True)
        added = sums(hours, self._portfolio, periods, until, buildings)
        start, end = month(first_of_month(months[0], -HISTORY_MONTHS), zone).start, month(months[-1], zone).end
        return Basis(
            portfolio=self._portfolio,
            factors=self._surroundings.factors,
            tariffs=self._surroundings.tariffs,
            limits=self._limits,
            buildings=buildings,
            hours=hours,
            sums=added,
            periods=periods,
            until=until,
            history=self._history(buildings, added, start, end),
            weather=self._surroundings.weather(start, end, hours_from=month(months[0], zone).start),
            gauges=self._surroundings.gauges(buildings, [*_stretches(months, zone)]),
            context=self._surroundings.context(buildings, months),
        )

    def _history(self, buildings: tuple[str, ...], added: pl.DataFrame, start: datetime, end: datetime) -> pl.DataFrame:
        """Daily energy per building and carrier: what is published, and in its place what was added up just now."""
        zone = self._portfolio.timezone
        day = pl.col("start").dt.convert_time_zone(zone).dt.date().alias("day")
        where = {"subject": buildings, "subject_kind": ("building",), "period": ("day",), "indicator": ("energy", "water")}
        known = published(self._store.read(SeriesQuery(INDICATOR_VALUES, start, end, where)))
        columns = ["building", "reported_as", "day", "value", "coverage"]
        # what is known of a day, gate or no gate: the model decides by coverage what it takes
        old = known.filter(pl.col("coverage") > 0).select(
            pl.col("subject").alias("building"),
            pl.col("carrier").alias("reported_as"),
            day,
            pl.col("partial").alias("value"),
            "coverage",
        )
        new = added.filter((pl.col("subject_kind") == "building") & (pl.col("period") == "day")).select(
            # published figures are rounded so: a model must get the same bits from both
            *(pl.col("subject").alias("building"), "reported_as", day, pl.col("value", "coverage").round_sig_figs(DIGITS))
        )
        merged = pl.concat([new, old.join(new, on=["building", "reported_as", "day"], how="anti")])
        return merged.filter(pl.col("value").is_not_null() & (pl.col("coverage") > 0)).select(columns).sort(columns[:3])

    def _known_months(self, buildings: tuple[str, ...], long_periods: pl.DataFrame) -> pl.DataFrame:
        """Monthly figures that are published, of the points and buildings, in the longer periods."""
        if long_periods.is_empty():
            return pl.DataFrame(schema=dict(FIGURES))
        points = [item.id for name in buildings for item in self._portfolio.points_in(name)]
        start, end = reach(long_periods)
        where = {"subject": (*buildings, *points), "subject_kind": ("building", "point"), "period": ("month",)}
        return published(self._store.read(SeriesQuery(INDICATOR_VALUES, start, end, where))).select(list(FIGURES))

    def _groups_of(self, changed: pl.DataFrame) -> Iterable[GroupPeriod]:
        """The periods of the groups whose buildings' figures changed."""
        rows = (
            changed.filter(pl.col("subject_kind") == SubjectKind.BUILDING.value)
            .select("subject", "period", "start", "end")
            .unique()
            .join(membership(self._portfolio), left_on="subject", right_on="building", suffix="_group")
            .select("subject_kind", "subject_group", "period", "start", "end")
            .unique()
        )
        return (GroupPeriod(*row) for row in rows.iter_rows())

    def _groups(self) -> None:
        taken = self._state.dirty_groups.take()
        groups = pl.DataFrame(
            sorted({(item.subject_kind, item.subject) for item in taken.periods}),
            schema={"subject_kind": pl.String, "subject": pl.String},
            orient="row",
        )
        members = membership(self._portfolio).join(groups, on=["subject_kind", "subject"])["building"].unique().sort()
        rows = {(item.period, item.start, item.end, None, None, self._portfolio.timezone) for item in taken.periods}
        periods = pl.DataFrame(sorted(rows, key=lambda row: row[:3]), schema=dict(PERIODS), orient="row")
        is_day = pl.col("period") == PeriodKind.DAY.value
        for of_kind, most in ((periods.filter(is_day), MOST_BUILDING_DAYS), (periods.filter(~is_day), MOST_BUILDING_PERIODS)):
            for part in of_kind.iter_slices(max(1, most // max(1, len(members)))):
                self._add_up(groups, tuple(members), part)
        self._state.dirty_groups.clear(taken.up_to)

    def _add_up(self, groups: pl.DataFrame, members: tuple[str, ...], asked: pl.DataFrame) -> None:
        """The groups' figures of some periods."""
        of_members = pl.concat(self._of_members(members, of_kind) for _, of_kind in asked.group_by("period", maintain_order=True))
        until = self._clock.now().replace(minute=0, second=0, microsecond=0)
        figures = group_figures(of_members, self._calculations, self._portfolio, self._limits, until)
        mine = figures.join(groups, on=["subject_kind", "subject"], how="semi", maintain_order="left")
        kinds = tuple(groups["subject_kind"].unique().sort())
        self._publisher.publish(mine, tuple(groups["subject"].unique().sort()), kinds, asked, self._clock.now(), {})

    def _of_members(self, members: tuple[str, ...], asked: pl.DataFrame) -> pl.DataFrame:
        """What groups add up: the buildings' figures of periods of one kind. Ratios are made anew of the sums."""
        start, end = filed_reach(asked)
        where = {
            "subject": members, "subject_kind": ("building",), "period": (asked["period"][0],), "indicator": self._added,
        }  # fmt: skip
        rows = published(self._store.read(SeriesQuery(INDICATOR_VALUES, start, end, where)))
        return rows.join(asked.select("start", "end"), on=["start", "end"], how="semi").select(list(FIGURES))


def _stretches(months: Sequence[date], zone: str) -> list[tuple[datetime, datetime]]:
    """Months that follow each other, as one stretch of time."""
    stretches: list[tuple[datetime, datetime]] = []
    for first in months:
        start, end = month(first, zone).start, month(first, zone).end
        if stretches and stretches[-1][1] == start:
            stretches[-1] = (stretches[-1][0], end)
        else:
            stretches.append((start, end))
    return stretches
