"""Panels with their figures filled in, for one building at one instant: plain values that pages and the API show alike.

Nothing is calculated here but what a reader does in the head: the sum of the hours that are drawn, and how old a thing is. What
is absent is said with its reason; a figure that is not now is never shown as if it were.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property

import polars as pl

from config.domain.estate import Carrier, Direction, Portfolio
from config.domain.intervals import Method
from config.domain.panels import CARRIER_NAMES, Dashboard, Panel, PanelKind, PanelQuery, Role, installed_in, one
from config.domain.periods import local_date, zone_named
from config.domain.quantities import QUANTITIES
from config.domain.windows import Span
from config.errors import StoreError
from services.web.reading import SeriesReader
from services.web.wording import DASH, NBSP, Language, ago, amount, clock_time, day_name, length, moment, month_name, pick, share

HOUR = timedelta(hours=1)
SETTLED_WITHIN = timedelta(hours=2)  # an hour that is not settled after this is missing, before it is waited for
SILENT_FACTOR = 3
SILENT_LEAST = timedelta(minutes=5)
SILENT_UNKNOWN = timedelta(days=1)  # a meter that reports on change has agreed to no interval

Key = tuple[str, ...]
Trace = tuple[tuple[datetime, float], ...]  # oldest first


@dataclass(frozen=True, slots=True)
class Figure:
    """One large figure.

    Attributes:
        value: None where it is missing; `missing` says why.
        coverage: share that is measured, where the figure has one.
        note: what is odd about it.
        trace: its last hours, oldest first.
    """

    name: str
    value: float | None
    text: str
    when: str
    coverage: float | None
    coverage_text: str
    missing: str
    note: str
    trace: Trace = ()


@dataclass(frozen=True, slots=True)
class HourRow:
    """One hour of today and the same hour of the other day. `state`: measured, estimated, missing, waiting or ahead."""

    label: str
    value: float | None
    text: str
    coverage: float | None
    coverage_text: str
    state: str
    then: float | None
    then_text: str
    then_coverage: float | None
    then_estimated: bool


@dataclass(frozen=True, slots=True)
class HourChart:
    """The hours of one carrier."""

    key: str
    name: str
    unit: str
    today: str
    then: str
    summary: str
    hours: tuple[HourRow, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """`state`: "", missing or silent."""

    value: float | None
    text: str
    state: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class TableRow:
    name: str
    detail: str
    cells: tuple[Cell, ...]
    state: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class PanelView:
    """A panel, ready to be shown. Of figures, charts and rows it has those of its kind; `empty` says why there are none."""

    id: str
    kind: str
    title: str
    sentence: str
    source: str
    period: str
    unit: str
    trouble: str = ""
    empty: str = ""
    figures: tuple[Figure, ...] = ()
    charts: tuple[HourChart, ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[TableRow, ...] = ()


@dataclass(frozen=True)
class Viewer:
    """One building, one instant, one language."""

    portfolio: Portfolio
    building: str
    now: datetime
    language: Language
    reader: SeriesReader = field(repr=False)

    def panels(self, dashboard: Dashboard) -> list[PanelView]:
        """Every panel; one whose questions the store does not answer says so and stops no other."""
        return [self.panel(panel) for panel in dashboard.panels]

    def panel(self, panel: Panel) -> PanelView:
        base = PanelView(
            id=panel.id,
            kind=panel.kind.value,
            title=self._pick(panel.title_sv, panel.title_en),
            sentence=self._pick(panel.sentence_sv, panel.sentence_en),
            source=self._pick(panel.source_sv, panel.source_en),
            period=self._period(panel),
            unit=panel.unit,
        )
        try:
            filled = self._filled(panel, base)
        except StoreError as error:
            words = self._pick("Saknas: databasen svarar inte", "Missing: the database does not answer")
            return replace(base, trouble=f"{words} ({error}).")
        return filled if filled.figures or filled.charts or filled.rows else replace(filled, empty=self._none_such)

    def _filled(self, panel: Panel, base: PanelView) -> PanelView:
        if panel.kind is PanelKind.STAT:
            return replace(base, figures=tuple(self._figures(panel)))
        if panel.kind is PanelKind.BARS:
            return replace(base, charts=tuple(self._charts(panel)))
        head, rows = self._table(panel)
        return replace(base, head=head, rows=rows)

    # stat

    def _figures(self, panel: Panel) -> Iterator[Figure]:
        coverage_of = {key: rows[-1][1] for key, rows in self._series(panel, Role.COVERAGE).items()}
        received_of = {key: rows[-1][1] for key, rows in self._series(panel, Role.RECEIVED).items()}
        traces = self._series(panel, Role.VALUE)
        for key, name in self._expected(panel):
            trace = traces.get(key, ())
            if panel.rows == "register":
                yield self._momentary(panel, key, name, trace, received_of.get(key))
            else:
                yield self._settled(panel, name, trace, coverage_of.get(key))

    def _momentary(self, panel: Panel, key: Key, name: str, trace: Trace, received: float | None) -> Figure:
        """A gauge's last value, if it is not too old to be called now."""
        if not trace or received is None:
            reason = self._pick("inget värde det senaste dygnet", "no value in the last 24 hours")
            return Figure(name, None, self._missing, "", None, "", reason, "")
        heard = datetime.fromtimestamp(received / 1000, UTC)
        age, value = self.now - heard, trace[-1][1]
        text = amount(value, panel.unit, self.language)
        when = f"{moment(self._local(heard), self._local(self.now), self.language)}, {ago(age, self.language)}"
        if age > self._silent_after(key[0]):
            reason = self._pick(f"tyst; sist {text} {when}", f"silent; last {text} {when}")
            return Figure(name, None, self._missing, "", None, "", reason, "", trace)
        return Figure(name, value, text, when, None, self._pick("uppmätt", "measured"), "", "", trace)

    def _settled(self, panel: Panel, name: str, trace: Trace, coverage: float | None) -> Figure:
        """The last settled hour's value."""
        if not trace:
            reason = self._pick("ingen avräknad timme det senaste dygnet", "no settled hour in the last 24 hours")
            return Figure(name, None, self._missing, "", None, "", reason, "")
        start, value = trace[-1]
        local = self._local(start)
        hour = f"{clock_time(local)}{DASH}{clock_time(self._local(start + HOUR))}"
        if local.date() != self._local(self.now).date():
            hour = f"{local:%Y-%m-%d} {hour}"
        age = self.now - (start + HOUR)
        late = self._pick(f"släpar: timmen slutade {ago(age, 'sv')}", f"behind: the hour ended {ago(age, 'en')}")
        note = late if age > SETTLED_WITHIN else ""
        if coverage is not None and coverage < 1:
            note = "; ".join(each for each in (note, self._pick("delvis beräknad", "partly calculated")) if each)
        covered = "" if coverage is None else self._covered(coverage)
        return Figure(name, value, amount(value, panel.unit, self.language), hour, coverage, covered, "", note, trace)

    # bars

    def _charts(self, panel: Panel) -> Iterator[HourChart]:
        values, coverages = self._series(panel, Role.VALUE), self._series(panel, Role.COVERAGE)
        then, then_coverages = self._series(panel, Role.COMPARISON), self._series(panel, Role.COMPARISON_COVERAGE)
        today_of = panel.role(Role.VALUE)[0].window.period(self.now, self.portfolio.timezone)
        then_of = panel.role(Role.COMPARISON)[0].window.period(self.now, self.portfolio.timezone)
        starts = [today_of.start + number * HOUR for number in range(today_of.hours)]
        for key, name in self._expected(panel):
            hours = self._hours(
                panel,
                starts,
                _by_hour(values.get(key, ())),
                _by_hour(coverages.get(key, ())),
                self._by_wall_clock(then.get(key, ())),
                self._by_wall_clock(then_coverages.get(key, ())),
            )
            day = day_name(local_date(then_of.start, self.portfolio.timezone), self.language)
            yield HourChart(
                key[0],
                name,
                panel.unit,
                self._pick("idag", "today"),
                day,
                self._summary(panel, hours, day),
                hours,
            )

    def _hours(
        self,
        panel: Panel,
        starts: Sequence[datetime],
        values: Mapping[datetime, float],
        coverages: Mapping[datetime, float],
        then: Mapping[tuple[int, int], float],
        then_coverages: Mapping[tuple[int, int], float],
    ) -> tuple[HourRow, ...]:
        rows = []
        for start in starts:
            local = self._local(start)
            wall = (local.hour, local.fold)
            value, coverage = values.get(start), coverages.get(start)
            before, before_coverage = then.get(wall), then_coverages.get(wall)
            state = self._state(start, value, coverage)
            texts = {"missing": self._missing, "waiting": self._pick("väntar", "waiting"), "ahead": ""}
            rows.append(
                HourRow(
                    label=f"{local:%H}{DASH}{self._local(start + HOUR):%H}",
                    value=value,
                    text=texts.get(state, "") if value is None else amount(value, panel.unit, self.language),
                    coverage=coverage if value is not None else None,
                    coverage_text="" if value is None or coverage is None else self._covered(coverage),
                    state=state,
                    then=before,
                    then_text=self._missing if before is None else amount(before, panel.unit, self.language),
                    then_coverage=before_coverage,
                    then_estimated=before is not None and before_coverage is not None and before_coverage < 1,
                )
            )
        return tuple(rows)

    def _state(self, start: datetime, value: float | None, coverage: float | None) -> str:
        if value is not None:
            return "estimated" if coverage is not None and coverage < 1 else "measured"
        if start + HOUR > self.now:
            return "ahead"
        return "waiting" if start + HOUR + SETTLED_WITHIN > self.now else "missing"

    def _summary(self, panel: Panel, hours: Sequence[HourRow], day: str) -> str:
        """Only hours that both days have are compared."""
        both = [(row.value, row.then, row.coverage) for row in hours if row.value is not None and row.then is not None]
        known = [row.value for row in hours if row.value is not None]
        missing = sum(row.state == "missing" for row in hours)
        gaps = ""
        if missing:
            hours_sv, hours_en = ("timme", "hour is") if missing == 1 else ("timmar", "hours are")
            gaps = self._pick(f" {missing} {hours_sv} saknas.", f" {missing} {hours_en} missing.")
        if not known:
            nothing = self._pick("Ingen timme är avräknad än idag.", "No hour of today is settled yet.")
            return nothing + gaps
        if not both:
            total = amount(sum(known), panel.unit, self.language)
            alone = f"Hittills idag {total} på {len(known)} timmar; {day} saknas."
            return self._pick(alone, f"So far today {total} in {len(known)} hours; {day} is missing.") + gaps
        now, then = sum(value for value, _, _ in both), sum(value for _, value, _ in both)
        covered = sum(1.0 if coverage is None else coverage for _, _, coverage in both) / len(both)
        count, today, before = len(both), *(amount(each, panel.unit, self.language) for each in (now, then))
        swedish = f"De {count} timmar som båda dagarna har: {today} idag, {before} {day}."
        english = f"The {count} hours that both days have: {today} today, {before} on {day}."
        difference = self._difference(now - then, panel.unit)
        covered_text = self._covered(covered)
        return f"{self._pick(swedish, english)} {difference} {covered_text[0].upper()}{covered_text[1:]}.{gaps}"

    def _difference(self, more: float, unit: str) -> str:
        text = amount(abs(more), unit, self.language)
        if text == amount(0.0, unit, self.language):
            return self._pick("Det är lika mycket.", "That is the same.")
        way = self._pick("mer" if more > 0 else "mindre", "more" if more > 0 else "less")
        return self._pick(f"Det är {text} {way}.", f"That is {text} {way}.")

    # tables

    def _table(self, panel: Panel) -> tuple[tuple[str, ...], tuple[TableRow, ...]]:
        if panel.queries[0].query.aggregate is None:
            return self._points_table(panel)
        heads = tuple(self._pick(query.label_sv, query.label_en) for query in panel.queries)
        columns = [
            {key: rows[-1][1] for key, rows in _by_key(self._read(query), query.query.by).items()} for query in panel.queries
        ]
        rows = []
        for key, name in self._expected(panel):
            cells = [self._cell(query, column.get(key), key[0]) for query, column in zip(panel.queries, columns, strict=True)]
            silent = any(cell.state == "silent" for cell in cells)
            rows.append(
                TableRow(name, self._where_installed(key[0]), tuple(cells), "silent" if silent else "", self._silent_word(silent))
            )
        return heads, tuple(rows)

    def _cell(self, query: PanelQuery, value: float | None, meter: str) -> Cell:
        if query.role is Role.RECEIVED:
            if value is None:
                days = query.window.count // 24
                reason = self._pick(f"inte hörd på {days} dygn", f"not heard for {days} days")
                return Cell(None, f"{self._missing}: {reason}", "silent")
            heard = datetime.fromtimestamp(value / 1000, UTC)
            age = self.now - heard
            when = moment(self._local(heard), self._local(self.now), self.language)
            return Cell(value, ago(age, self.language), "silent" if age > self._silent_after(meter) else "", when)
        return Cell(value or 0.0, amount(value or 0.0, query.unit, self.language))

    def _points_table(self, panel: Panel) -> tuple[tuple[str, ...], tuple[TableRow, ...]]:
        """Whole points bring their own coverage and reason."""
        query = panel.queries[0]
        found = {str(row[panel.rows]): row for row in self._read(query).iter_rows(named=True)}
        rows = []
        for (key,), name in self._expected(panel, tuple(found)):
            row = found.get(key)
            if row is None:
                reason = self._pick("inte beräknad än", "not calculated yet")
                cells = (Cell(None, f"{self._missing}: {reason}", "missing"), Cell(None, DASH))
            elif row["value"] is None or row["method"] == Method.MISSING:
                reason = str(row["reason"] if self.language == "sv" else row["reason_en"])
                cells = (Cell(None, f"{self._missing}: {reason}", "missing"), Cell(0.0, share(0.0, self.language)))
            else:
                cells = (
                    Cell(row["value"], amount(row["value"], query.unit, self.language)),
                    Cell(row["coverage"], share(row["coverage"], self.language)),
                )
            rows.append(TableRow(name, "", cells, cells[0].state))
        heads = (self._pick(query.label_sv, query.label_en), self._pick("täckning", "coverage"))
        return heads, tuple(rows)

    # what there ought to be

    def _expected(self, panel: Panel, found: Iterable[str] = ()) -> Iterator[tuple[Key, str]]:
        """The rows that the portfolio promises, in its order: what the store lacks is then seen to be missing."""
        if panel.rows == "register":
            wanted = panel.queries[0].query.where.get("register", ())
            for meter in self._meters:
                for register in self.portfolio.meters[meter].registers:
                    if register.name in wanted:
                        label = QUANTITIES[register.quantity]
                        name = f"{self._place(meter)} · {self._pick(label.label_sv, label.label_en)}"
                        yield (meter, register.name), name
        elif panel.rows == "meter":
            yield from (((meter,), meter) for meter in self._meters)
        elif panel.rows == "point":
            wanted = panel.queries[0].query.where.get("carrier", ())
            installed = {installation.point for installation in installed_in(self.portfolio, self.building, self.now)}
            for point in self.portfolio.points_in(self.building):
                if point.id in installed and point.carrier.value in wanted:
                    yield (point.id,), point.name
        else:
            yield from self._carriers(panel, found)

    def _carriers(self, panel: Panel, found: Iterable[str]) -> Iterator[tuple[Key, str]]:
        names: dict[str, None] = {}
        for point in self.portfolio.points_in(self.building):
            if point.parent is not None:
                continue
            if panel.kind is PanelKind.BARS:
                asked = any(
                    point.carrier.value in query.query.where["carrier"]
                    and point.direction.value in query.query.where["direction"]
                    for query in panel.role(Role.VALUE)
                )
                if asked:
                    names[point.carrier.value] = None
            elif point.carrier is not Carrier.WATER:
                exported = point.direction is Direction.EXPORT and point.carrier is not Carrier.SOLAR
                names[f"{point.carrier}_export" if exported else point.carrier.value] = None
        for name in (*names, *(each for each in found if each not in names)):
            known = CARRIER_NAMES.get(name)
            yield (name,), self._pick(known.sv, known.en) if known else name

    @cached_property
    def _meters(self) -> list[str]:
        """Installed now, each once."""
        return list(dict.fromkeys(each.meter for each in installed_in(self.portfolio, self.building, self.now)))

    def _place(self, meter: str) -> str:
        names = self._places.get(meter, [meter])
        return " / ".join(names)

    def _where_installed(self, meter: str) -> str:
        return ", ".join(self._places.get(meter, []))

    @cached_property
    def _places(self) -> dict[str, list[str]]:
        """Meter → the names of its points."""
        places: dict[str, list[str]] = {}
        for each in installed_in(self.portfolio, self.building, self.now):
            places.setdefault(each.meter, []).append(self.portfolio.points[each.point].name)
        return places

    def _silent_after(self, meter: str) -> timedelta:
        """Three times the longest interval that its points have agreed to."""
        agreed = [
            self.portfolio.points[each.point].interval_s
            for each in installed_in(self.portfolio, self.building, self.now)
            if each.meter == meter
        ]
        intervals = [seconds for seconds in agreed if seconds is not None]
        return max(SILENT_LEAST, SILENT_FACTOR * timedelta(seconds=max(intervals))) if intervals else SILENT_UNKNOWN

    # words and reading

    def _read(self, query: PanelQuery) -> pl.DataFrame:
        return self.reader.read(query.resolve(self.portfolio, one(self.building), self.now))

    def _series(self, panel: Panel, role: Role) -> dict[Key, Trace]:
        found: dict[Key, Trace] = {}
        for query in panel.role(role):
            found |= _by_key(self._read(query), query.query.by)
        return found

    def _by_wall_clock(self, trace: Trace) -> dict[tuple[int, int], float]:
        """(hour, which of the two when the clock is set back) → value."""
        placed = ((self._local(instant), value) for instant, value in trace)
        return {(local.hour, local.fold): value for local, value in placed}

    def _local(self, instant: datetime) -> datetime:
        return instant.astimezone(zone_named(self.portfolio.timezone))

    def _covered(self, coverage: float) -> str:
        return self._pick(f"täckning {share(coverage, 'sv')}", f"coverage {share(coverage, 'en')}")

    def _period(self, panel: Panel) -> str:
        zone = self.portfolio.timezone
        texts = []
        for window in dict.fromkeys(query.window for query in panel.queries):
            if window.span is Span.LAST_HOURS:
                span = length(timedelta(hours=window.count), self.language)
                texts.append(self._pick(f"senaste {span.replace('1' + NBSP + 'dygn', 'dygnet')}", f"last {span}"))
                continue
            on = local_date(window.period(self.now, zone).start, zone)
            texts.append(month_name(on, self.language) if window.span is Span.MONTH else day_name(on, self.language))
        return ", ".join(texts)

    def _silent_word(self, silent: bool) -> str:
        return self._pick("tyst", "silent") if silent else ""

    @property
    def _none_such(self) -> str:
        return self._pick("Byggnaden har ingen mätare för detta.", "The building has no meter for this.")

    @property
    def _missing(self) -> str:
        return self._pick("saknas", "missing")

    def _pick(self, swedish: str, english: str) -> str:
        return pick(self.language, swedish, english)


BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)  # of an answer without time


def _by_key(frame: pl.DataFrame, by: Sequence[str]) -> dict[Key, Trace]:
    """Tags → instants and values in order of time."""
    found: dict[Key, list[tuple[datetime, float]]] = {}
    for row in frame.iter_rows(named=True):
        found.setdefault(tuple(str(row[tag]) for tag in by), []).append((row.get("time", BEGINNING), row["value"]))
    return {key: tuple(sorted(rows)) for key, rows in found.items()}


def _by_hour(trace: Trace) -> dict[datetime, float]:
    return dict(trace)
