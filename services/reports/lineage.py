"""Where a published figure comes from: its rule, the figures and hours it is made of, what was odd, and what it was before.

One step at a time: a rolling year comes from months, a group from its buildings, a ratio from two figures, a building's month
from its settled hours. Every input is itself a figure with a name, so that whoever asks can go on down to the meter.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import polars as pl

from config.domain.estate import Carrier, MeteringPoint, Portfolio
from config.domain.figure_names import FigureName
from config.domain.indicators import INDICATORS, PORTFOLIO, Indicator, IndicatorValue, Missing, Subject, SubjectKind
from config.domain.intervals import Finding
from config.domain.open_figures import reported_as
from config.domain.periods import Period, PeriodKind
from config.domain.series import INDICATOR_VALUES, INTERVALS, SeriesQuery
from config.errors import FigureUnknown
from config.shelf import entries
from services import indicators
from services.figures.calculation import Calculation, Over, Ratio
from services.figures.groups import membership
from services.figures.hours import counted_hours
from services.figures.ratios import HOURS, is_standing, known_hours, standing
from services.reports.known import known_at
from services.state.figure_history import FigureChange, Version
from services.state.state import State
from services.store.figures import filed_at, indicator_values
from services.store.points import EPOCH, MILLISECOND
from services.store.timeseries import TimeSeriesStore

_MOMENT = timedelta(seconds=1)
_LONGER = (PeriodKind.YEAR, PeriodKind.YEAR_TO_DATE, PeriodKind.ROLLING_YEAR)
_ORDER = (PeriodKind.ROLLING_YEAR, PeriodKind.YEAR, PeriodKind.YEAR_TO_DATE, PeriodKind.MONTH, PeriodKind.DAY)
_GROUPS = (SubjectKind.OWNER, SubjectKind.BUILDING_KIND, SubjectKind.PORTFOLIO)


@dataclass(frozen=True, slots=True)
class Input:
    """What a figure is made of: another figure, or (where `figure` is None) something that is known of the subject.

    Attributes:
        role: numerator, denominator, part.
        value: with its unit; Missing with its reason.
        known: where a figure is missing, what is known of it: sums of months and of buildings go on from that.
    """

    role: str
    name: str
    value: float | Missing
    unit: str
    figure: IndicatorValue | None = None
    known: float | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What one figure is made of; rule and scale as in `Lineage`."""

    name: FigureName
    rule: str
    scale: float
    inputs: tuple[Input, ...]


@dataclass(frozen=True, slots=True)
class HoursOf:
    """The settled hours of one metering point in the figure's period.

    Attributes:
        total: the sum of the known hours, in the carrier's unit; None where none is known.
        methods: method → hours; nothing where no hour was settled: the meter is silent.
    """

    point: str
    carrier: str
    total: float | None
    methods: dict[str, int]


@dataclass(frozen=True)
class Lineage:
    """One figure, explained.

    Attributes:
        rule: "ratio", "buildings" (a group's sum), "months" (their sum), "greatest" (of the months), "hours" or "figures".
        scale: of a ratio.
        known_from: since when the figure is so.
        as_known: the instant that was asked for; None: now. Hours, findings and areas are those of now all the same.
        program: the version that explains; the calculation's own version is the figure's `method`.
    """

    name: FigureName
    indicator: Indicator
    value: IndicatorValue
    rule: str
    inputs: tuple[Input, ...]
    hours: tuple[HoursOf, ...]
    findings: tuple[Finding, ...]
    changes: tuple[FigureChange, ...]
    versions: tuple[Version, ...]
    known_from: datetime
    program: str
    scale: float = 1.0
    as_known: datetime | None = None


@dataclass(frozen=True)
class LineageReader:
    """Reads figures and where they come from. Changes nothing."""

    portfolio: Portfolio
    store: TimeSeriesStore
    state: State
    program: str
    calculations: Sequence[Calculation] = field(default_factory=lambda: entries(indicators, "CALCULATION", Calculation))

    def explain(self, name: FigureName, as_known: datetime | None = None) -> Lineage:
        """The figure's lineage, now or as it was known at an instant.

        Raises:
            FigureUnknown: no such figure is published, or was then.
        """
        points = self._points([name.subject.id], name.period, [name.indicator], as_known)
        mine = _of(points, name)
        if mine.is_empty():
            raise FigureUnknown(self._unknown(name, as_known))
        value = indicator_values(mine)[0]
        rule, scale, inputs = self._inputs(name, as_known)
        metered = self._metered(name)
        return Lineage(
            name=name,
            indicator=INDICATORS[name.indicator],
            value=value,
            rule=rule,
            inputs=inputs,
            hours=tuple(self._hours(metered, name.period)),
            findings=tuple(item for one in metered for item in self._findings(one, name.period)),
            changes=tuple(self.state.figure_changes.of(*_address(name), name.period.start, name.period.end)),
            versions=tuple(self.state.figure_history.versions(*_address(name), filed_at(name.period))),
            known_from=EPOCH + mine["calculated"][0] * MILLISECOND,
            program=self.program,
            scale=scale,
            as_known=as_known,
        )

    def listed(self, subject: Subject, period: Period, as_known: datetime | None = None) -> list[IndicatorValue]:
        """Every published figure of a subject for one period, by indicator and carrier."""
        points = self._points([subject.id], period, None, as_known)
        return indicator_values(_within(points, subject, period).sort("indicator", "carrier"))

    def periods(self, subject: Subject, now: datetime) -> list[Period]:
        """Those that have begun and of which the subject has energy or water published: the longest first, the newest first."""
        where = {
            "subject": (subject.id,),
            "subject_kind": (subject.kind.value,),
            "indicator": ("energy", "energy_total", "water"),
        }
        read = self.store.read(SeriesQuery(INDICATOR_VALUES, where=where))
        found = {value.period for value in indicator_values(read.unique(["period", "time", "end", "zone"]))}
        begun = [one for one in found if one.start < now]
        return sorted(begun, key=lambda one: (_ORDER.index(one.kind), -one.end.timestamp()))

    def upstream(self, name: FigureName, as_known: datetime | None = None) -> list[Step]:
        """The figure and all figures it comes from, down to those that come from hours, each once, itself first."""
        found: dict[str, Step] = {}
        waiting = [name]
        while waiting:
            one = waiting.pop(0)
            if str(one) not in found:
                step = found[str(one)] = Step(one, *self._inputs(one, as_known))
                waiting += [_name_of(item.figure) for item in step.inputs if item.figure is not None]
        return list(found.values())

    def values(self, names: Sequence[FigureName], as_known: datetime | None = None) -> list[IndicatorValue]:
        """Of those among `names` that are published."""
        return [value for value, _ in self._valued(names, as_known)]

    def metering_points(self, names: Iterable[FigureName]) -> list[MeteringPoint]:
        """Whose hours the figures come from."""
        found = {item.id: item for one in names for item in self._metered(one, groups=True)}
        return [found[key] for key in sorted(found)]

    # inputs

    def _valued(self, names: Sequence[FigureName], as_known: datetime | None) -> list[tuple[IndicatorValue, float]]:
        """Those among `names` that are published, and what is known of each."""
        if not names:
            return []
        start, end = min(filed_at(one.period) for one in names), max(filed_at(one.period) for one in names) + _MOMENT
        subjects = sorted({one.subject.id for one in names})
        points = self._between(subjects, start, end, sorted({one.indicator for one in names}), as_known)
        wanted = {str(one) for one in names}
        both = zip(indicator_values(points), points["partial"], strict=True)
        return [(value, known) for value, known in both if str(_name_of(value)) in wanted]

    def _inputs(self, name: FigureName, as_known: datetime | None) -> tuple[str, float, tuple[Input, ...]]:
        """Rule, scale, and what the figure is made of."""
        ratio = self._ratio(name.indicator)
        if ratio is not None:
            return "ratio", ratio.scale, tuple(self._ratio_inputs(ratio, name, as_known))
        if name.subject.kind in _GROUPS:
            return "buildings", 1.0, self._figures(self._members(name), as_known)
        calculation = next((item for item in self.calculations if name.indicator in item.indicators), None)
        if calculation is None:
            return "hours", 1.0, ()
        over = calculation.indicators[name.indicator]
        if name.period.kind in _LONGER and over is not Over.NONE:
            rule = "greatest" if over is Over.MAX else "months"
            return rule, 1.0, self._figures(self._months(name), as_known)
        made_of = [indicator for indicator in calculation.made_of if indicator != name.indicator]
        if not made_of:
            return "hours", 1.0, ()
        points = self._points([name.subject.id], name.period, made_of, as_known)
        found = indicator_values(_within(points, name.subject, name.period).sort("indicator", "carrier"))
        fitting = [value for value in found if name.carrier in ("", value.carrier)]
        return "figures", 1.0, tuple(_input("part", value, None) for value in fitting)

    def _ratio(self, indicator: str) -> Ratio | None:
        declared = (ratio for calculation in self.calculations for ratio in calculation.ratios)
        return next((ratio for ratio in declared if ratio.indicator == indicator), None)

    def _ratio_inputs(self, ratio: Ratio, name: FigureName, as_known: datetime | None) -> Iterable[Input]:
        above = self._figures([FigureName(ratio.numerator, name.carrier, name.subject, name.period)], as_known, "numerator")
        yield from above
        if ratio.denominator == HOURS:
            yield Input("denominator", HOURS, float(name.period.hours), "h")
            return
        until = self._until(name, (ratio.indicator, ratio.numerator), as_known)
        if ratio.per_hour:
            coverage = above[0].figure.coverage if above and above[0].figure is not None else 0.0
            yield Input("denominator", HOURS, known_hours(name.period, until, coverage), "h")
        if is_standing(ratio.denominator):
            known = standing(ratio.denominator, self.portfolio, name.subject.kind.value, name.subject.id, name.period, until)
            unit = {"area_m2": "m2", "solar_kwp": "kW"}[ratio.denominator]
            yield Input("denominator", ratio.denominator, ratio.undefined if known is None else known, unit)
            return
        carrier = name.carrier if ratio.denominator_carrier is None else ratio.denominator_carrier
        below = FigureName(ratio.denominator, carrier, name.subject, name.period)
        yield from self._figures([below], as_known, "denominator")

    def _until(self, name: FigureName, figures: Sequence[str], as_known: datetime | None) -> datetime:
        """Up to when hours were expected as the figures were made: what comes out the same later is not written anew."""
        points = self._points([name.subject.id], name.period, figures, as_known)
        made = _within(points, name.subject, name.period).filter(pl.col("carrier") == name.carrier)["calculated"].max()
        at = name.period.end if made is None else EPOCH + int(str(made)) * MILLISECOND
        return at.replace(minute=0, second=0, microsecond=0)

    def _members(self, name: FigureName) -> list[FigureName]:
        table = membership(self.portfolio).filter(
            (pl.col("subject_kind") == name.subject.kind.value) & (pl.col("subject") == name.subject.id)
        )
        return [
            FigureName(name.indicator, name.carrier, Subject(SubjectKind.BUILDING, building), name.period)
            for building in table["building"].sort()
        ]

    def _months(self, name: FigureName) -> list[FigureName]:
        where = {
            "subject": (name.subject.id,),
            "subject_kind": (name.subject.kind.value,),
            "indicator": (name.indicator,),
            "period": (PeriodKind.MONTH.value,),
            "carrier": (name.carrier,),
        }
        read = self.store.read(SeriesQuery(INDICATOR_VALUES, name.period.start, name.period.end, where))
        return [_name_of(value) for value in indicator_values(read.sort("time"))]

    def _figures(self, names: Sequence[FigureName], as_known: datetime | None, role: str = "part") -> tuple[Input, ...]:
        by_name = {str(_name_of(value)): (value, known) for value, known in self._valued(names, as_known)}
        return tuple(_input(role, *by_name[str(one)]) for one in names if str(one) in by_name)

    # reading

    def _points(
        self, subjects: Sequence[str], period: Period, asked: Sequence[str] | None, as_known: datetime | None
    ) -> pl.DataFrame:
        at = filed_at(period)
        return self._between(subjects, at, at + _MOMENT, asked, as_known)

    def _between(
        self, subjects: Sequence[str], start: datetime, end: datetime, asked: Sequence[str] | None, as_known: datetime | None
    ) -> pl.DataFrame:
        if as_known is not None:
            points = known_at(self.store, self.state.figure_history, as_known, start, end, subjects)
            return points if asked is None else points.filter(pl.col("indicator").is_in(list(asked)))
        where = {"subject": tuple(subjects)} | ({} if asked is None else {"indicator": tuple(asked)})
        return self.store.read(SeriesQuery(INDICATOR_VALUES, start, end, where))

    def _metered(self, name: FigureName, *, groups: bool = False) -> list[MeteringPoint]:
        """The points whose hours a figure of a point or building comes from; of a group, only where asked for."""
        kind, subject = name.subject.kind, name.subject.id
        if kind is SubjectKind.POINT:
            return [self.portfolio.points[subject]] if subject in self.portfolio.points else []
        if kind is SubjectKind.BUILDING:
            return [item for item in self.portfolio.points_in(subject) if _speaks_of(name, item)]
        if not groups:
            return []
        return [item for one in self._members(name) for item in self._metered(one)]

    def _hours(self, points: Sequence[MeteringPoint], period: Period) -> Iterable[HoursOf]:
        if not points:
            return
        where = {"point": tuple(item.id for item in points)}
        read = self.store.read(SeriesQuery(INTERVALS, period.start, period.end, where))
        hours = counted_hours(read, self.portfolio, {item.building for item in points})
        found = hours.partition_by("point", as_dict=True)
        for point in points:
            of_point = found.get((point.id,), hours.clear())
            counted = of_point.group_by("method").len().sort("method")
            is_known = of_point["value"].is_not_null().any()
            yield HoursOf(
                point.id,
                reported_as(point),
                float(of_point["value"].sum()) if is_known else None,
                dict(zip(counted["method"], counted["len"], strict=True)),
            )

    def _findings(self, point: MeteringPoint, period: Period) -> list[Finding]:
        return self.state.findings.of(point.id, period.start, period.end)

    def _unknown(self, name: FigureName, as_known: datetime | None) -> str:
        known = {
            SubjectKind.BUILDING: self.portfolio.buildings,
            SubjectKind.POINT: self.portfolio.points,
            SubjectKind.OWNER: self.portfolio.owners,
            SubjectKind.BUILDING_KIND: {item.kind for item in self.portfolio.buildings.values()},
            SubjectKind.PORTFOLIO: {PORTFOLIO},
        }[name.subject.kind]
        if name.subject.id not in known:
            return f"{name}: no {name.subject.kind} {name.subject.id!r} in portfolio.yaml"
        if as_known is not None:
            return f"{name}: nobody knew it yet at {as_known:%Y-%m-%d %H:%M} UTC"
        carriers = f" with carrier {name.carrier!r}" if name.carrier else " without a carrier"
        return (
            f"{name}: no such figure{carriers}; energimonitor figures list {name.subject.kind}:{name.subject.id} shows which are"
        )


def _speaks_of(name: FigureName, point: MeteringPoint) -> bool:
    if point.parent is not None:
        return False
    if name.carrier:
        return reported_as(point) == name.carrier
    return (point.carrier is Carrier.WATER) == (name.indicator == "water")


def _address(name: FigureName) -> tuple[str, str, str, str, str]:
    return name.indicator, name.carrier, name.subject.kind.value, name.subject.id, name.period.kind.value


def _name_of(value: IndicatorValue) -> FigureName:
    return FigureName(value.indicator, value.carrier, value.subject, value.period)


def _input(role: str, value: IndicatorValue, known: float | None) -> Input:
    left = known if isinstance(value.value, Missing) else None
    return Input(role, str(_name_of(value)), value.value, INDICATORS[value.indicator].unit, value, left)


def _within(points: pl.DataFrame, subject: Subject, period: Period) -> pl.DataFrame:
    end = round((period.end - EPOCH) / MILLISECOND)
    return points.filter(
        (pl.col("subject") == subject.id)
        & (pl.col("subject_kind") == subject.kind.value)
        & (pl.col("period") == period.kind.value)
        & (pl.col("end") == end)
    )


def _of(points: pl.DataFrame, name: FigureName) -> pl.DataFrame:
    return _within(points, name.subject, name.period).filter(
        (pl.col("indicator") == name.indicator) & (pl.col("carrier") == name.carrier)
    )
