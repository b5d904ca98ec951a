"""What figures are calculated by is not what they were calculated by: the days between the two are calculated again.

Of each building the state keeps what its figures stand on: factors, price lists, its entry in the portfolio, the calculations,
the base year of its EED line. The comparison is one of digests; only what differs is read and told apart. A building's days and
groups are marked in the transaction that keeps the new forms, so a loss of the process costs nothing but the looking again.

What is not on record yet, a building of a store older than the record, is taken note of; its figures stand, unless they name an
older version of their calculation.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import cached_property

import orjson
import polars as pl

from config.domain.changes import CAUSE_WORDS, Cause
from config.domain.clock import Clock
from config.domain.indicators import PORTFOLIO, SubjectKind
from config.domain.periods import PeriodKind
from config.domain.series import INDICATOR_VALUES, SeriesQuery
from config.shelf import entries
from services import indicators
from services.figures.calculation import Calculation, Limits
from services.jobs.forms import (
    CALCULATIONS,
    EED,
    ENTRY,
    FACTORS,
    OCCUPATION,
    REMOVED,
    Forms,
    base_form,
    code_fingerprint,
    factors_from,
    forms_of,
    methods,
    tariffs_from,
)
from services.jobs.publish import published
from services.jobs.reasons import Of, Reason, by_calculations, by_eed_base, by_entry, by_factors, by_tariffs
from services.jobs.surroundings import Surroundings
from services.state.dirty import GroupPeriod
from services.state.figure_history import FigureChange
from services.state.restatements import Restated, digest_of
from services.state.state import State
from services.store.timeseries import TimeSeriesStore

log = logging.getLogger(__name__)


class RestateJob:
    """A task is a building, of the portfolio or of the record."""

    name = "restate"

    def __init__(
        self,
        store: TimeSeriesStore,
        state: State,
        clock: Clock,
        surroundings: Surroundings,
        limits: Limits | None = None,
        calculations: Sequence[Calculation] | None = None,
        code: str | None = None,
    ) -> None:
        self._portfolio = surroundings.portfolio
        self._store = store
        self._state = state
        self._table = state.restatements
        self._clock = clock
        self._surroundings = surroundings
        self._limits = limits or Limits()
        self._calculations = entries(indicators, "CALCULATION", Calculation) if calculations is None else list(calculations)
        self._code = code_fingerprint() if code is None else code
        self._compared: dict[tuple[str, str], Of] = {}

    def pending(self, now: datetime) -> Sequence[str]:  # noqa: ARG002 - what figures stand on does not depend on the time
        """Buildings whose figures were calculated by something else, and those that are gone from the portfolio."""
        known, base = self._table.calculated_by(), self._surroundings.eed_base()
        bases = {name: digest_of(base_form(part, name)) for (name,), part in base.partition_by("subject", as_dict=True).items()}
        none = digest_of(base_form(base.clear(), ""))
        found = [name for name, digests in self._digests.items() if known.get(name) != {**digests, EED: bases.get(name, none)}]
        gone = digest_of(REMOVED)
        return [
            *found,
            *(name for name, of in sorted(known.items()) if name not in self._digests and of.get(ENTRY) not in (gone, None)),
        ]

    def do(self, task: str) -> None:
        """Mark what moved since the building's forms on record, and keep those that hold now."""
        known = self._table.calculated_by().get(task, {})
        if task not in self._portfolio.buildings:
            self._removed(task, known)
            return
        forms = {**self._forms.common, ENTRY: self._forms.entries[task], EED: base_form(self._surroundings.eed_base(), task)}
        figures = self._figures(task)
        days = _days_of(figures, self._portfolio.timezone)
        if not known:
            self._mark(task, forms, self._by_an_older_method(figures), days)
            return
        reasons = [
            reason
            for kind, form in forms.items()
            if known.get(kind) != digest_of(form)
            for reason in self._reasons(task, kind, known.get(kind), form)
        ]
        groups = self._groups(task, known.get(ENTRY), figures)
        self._mark(task, forms, reasons, days, groups)

    @cached_property
    def _forms(self) -> Forms:
        around = self._surroundings
        occupation = around.calendar, around.indoor
        return forms_of(self._portfolio, around.factors, around.tariffs, self._limits, self._calculations, self._code, occupation)

    @cached_property
    def _digests(self) -> dict[str, dict[str, str]]:
        common = {kind: digest_of(text) for kind, text in self._forms.common.items()}
        return {name: {**common, ENTRY: digest_of(text)} for name, text in self._forms.entries.items()}

    def _mark(
        self,
        building: str,
        forms: dict[str, str],
        reasons: Iterable[Reason],
        days: Sequence[date],
        groups: Iterable[GroupPeriod] = (),
    ) -> None:
        told, marked = [], dict[str, set[date]]()
        for reason in reasons:
            touched = [day for day in days if reason.holds(day)]
            if touched:
                marked.setdefault(reason.cause.value, set()).update(touched)
                told.append(Restated(reason.cause.value, reason.carrier, touched[0], touched[-1], reason.sv, reason.en))
        if told:
            log.info("figures are restated", extra={"building": building, "why": [item.sentence_en for item in told]})
        self._table.move(building, forms, told, {cause: sorted(found) for cause, found in marked.items()}, groups)

    def _reasons(self, building: str, kind: str, before: str | None, after: str) -> list[Reason]:
        if before is None:
            return []
        if kind == EED:
            return by_eed_base(self._table.form(before) or "[]", after)
        old = self._table.form(before) or ""
        if kind == ENTRY:
            return by_entry(old or REMOVED, after, self._portfolio.timezone)
        if kind == CALCULATIONS:
            return by_calculations(old or '{"methods":{},"limits":{}}', after)
        if kind == OCCUPATION:
            return [Reason(Cause.RANGE, *CAUSE_WORDS[Cause.RANGE])]
        of = self._compared.get((kind, before))
        if of is None:
            around = self._surroundings
            if kind == FACTORS:
                of = by_factors(factors_from(old), around.factors, self._portfolio)
            else:
                of = by_tariffs(tariffs_from(old), around.tariffs, self._portfolio)
            self._compared[kind, before] = of
        return of(building)

    def _figures(self, building: str) -> pl.DataFrame:
        """All that is published of the building."""
        query = SeriesQuery(INDICATOR_VALUES, where={"subject": (building,), "subject_kind": (SubjectKind.BUILDING.value,)})
        return published(self._store.read(query))

    def _by_an_older_method(self, figures: pl.DataFrame) -> Iterator[Reason]:
        """Of a store without record: the months whose figures name an older version of their calculation."""
        table = methods(self._calculations)
        named = (
            figures.filter((pl.col("period") == PeriodKind.MONTH.value) & pl.col("indicator").is_in(list(table)))
            .with_columns(
                pl.col("calculation").str.split(" ").list.first().alias("was"),
                pl.col("indicator").replace_strict(table, return_dtype=pl.String).alias("is"),
            )
            .filter((pl.col("calculation") != "") & (pl.col("was") != pl.col("is")))
            .select(
                pl.col("start").dt.convert_time_zone(self._portfolio.timezone).dt.date(),
                (pl.col("end").dt.convert_time_zone(self._portfolio.timezone)).dt.date(),
                "was",
                "is",
            )
            .unique()
            .sort("start", "was", "is")
        )
        for start, end, was, now in named.iter_rows():
            yield Reason(Cause.VERSION, f"ny beräkning {was} → {now}", f"new calculation {was} → {now}", start, end)

    def _groups(self, building: str, entry: str | None, figures: pl.DataFrame) -> Iterator[GroupPeriod]:
        """The groups that the building is in or was in, where it moved or what is known of it for ratios did."""
        was = orjson.loads(self._table.form(entry) or REMOVED) if entry is not None else None
        now = orjson.loads(self._forms.entries[building]) if building in self._forms.entries else None
        if was == now:
            return
        rows = figures.select("period", "start", "end").unique().sort("period", "start", "end").rows()
        for item in (was, now):
            if item is not None:
                for kind, subject in (
                    (SubjectKind.OWNER, item["building"]["owner"]),
                    (SubjectKind.BUILDING_KIND, item["building"]["kind"]),
                    (SubjectKind.PORTFOLIO, PORTFOLIO),
                ):
                    yield from (GroupPeriod(kind.value, subject, *row) for row in rows)

    def _removed(self, building: str, known: dict[str, str]) -> None:
        """A building that is gone leaves its figures as they were; its groups are added up without it, and the log says so."""
        now = self._clock.now()
        sv = f"{building} är inte längre med i portföljen: siffrorna står kvar, räknas inte om och ingår inte i grupperna"
        en = f"{building} is no longer in the portfolio: its figures stay, are not calculated again and are in no group"
        groups = list(self._groups(building, known.get(ENTRY), self._figures(building)))
        with self._state.database.transaction():
            self._state.figure_changes.add(
                [
                    FigureChange(
                        now, "", "", SubjectKind.BUILDING.value, building, "", now, now, None, None, Cause.PORTFOLIO.value, sv, en
                    )
                ]
            )
            self._table.move(building, {ENTRY: REMOVED}, groups=groups)
        log.warning("a building is no longer in the portfolio; its figures stay", extra={"building": building})


def _days_of(figures: pl.DataFrame, zone: str) -> list[date]:
    """Local days that have figures, and the first day of each month that has."""
    kinds = (PeriodKind.DAY.value, PeriodKind.MONTH.value)
    days = figures.filter(pl.col("period").is_in(kinds)).select(pl.col("start").dt.convert_time_zone(zone).dt.date().unique())
    return days["start"].sort().to_list()
