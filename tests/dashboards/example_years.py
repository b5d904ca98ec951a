"""What the environment team, the board and citizens see besides, for the example: goals, years, money, changes."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

import polars as pl

from config.domain.indicators import PORTFOLIO, IndicatorValue, Missing, Subject, SubjectKind
from config.domain.intervals import Method
from config.domain.periods import Period, PeriodKind, day, local_date, month, year
from config.domain.series import CHANGE_PARTS, GOAL_LINES, GOALS, RESTATEMENTS, Series
from services.store.figures import indicator_frame
from tests.dashboards import example
from tests.dashboards.example_pictures import frame, months_before, ms

TODAY = local_date(example.NOW, example.ZONE)
SUBJECTS = (
    Subject(SubjectKind.BUILDING, example.SCHOOL),
    Subject(SubjectKind.BUILDING, "ishallen"),
    Subject(SubjectKind.OWNER, "skolnamnden"),
    Subject(SubjectKind.BUILDING_KIND, "school"),
    Subject(SubjectKind.BUILDING_KIND, "ice_rink"),
    Subject(SubjectKind.PORTFOLIO, PORTFOLIO),
)
MONEY = {"cost_energy": 30_000.0, "cost_power": 14_000.0, "cost_fixed": 8_000.0, "specific_cost": 9.5}
# indicator → carrier and a year's value of the school; the rink is not public and has the double
YEARLY = {
    "energy_total": ("", 812_000.0),
    "corrected_energy": ("", 845_500.0),
    "specific_energy": ("", 128.9),
    "corrected_specific_energy": ("", 134.3),
    "emissions_location": ("", 41_200.0),
    "emissions_market": ("", 118_000.0),
    "renewable_share": ("", 61.5),
    "renewable_share_contracted": ("", 33.0),
    "energy": ("solar", 14_300.0),
    "solar_used": ("solar", 12_100.0),
}
PARTS = {"weather": -21_000.0, "portfolio": 8_000.0, "real": -30_500.0, "unexplained": 500.0, "total": -43_000.0}


class Writable(Protocol):
    """What these need of a store."""

    def write_intervals(self, intervals: pl.DataFrame) -> None: ...

    def write_indicator_values(self, values: pl.DataFrame) -> None: ...

    def write_pictures(self, series: Series, points: pl.DataFrame) -> None: ...


def fill_years(store: Writable) -> None:
    """Beside what `example.fill` and `example_pictures.fill_pictures` write."""
    store.write_intervals(last_months_hours())
    store.write_indicator_values(indicator_frame(list(figures())))
    for series, rows in (
        (GOALS, goals()),
        (GOAL_LINES, goal_lines()),
        (CHANGE_PARTS, change_parts()),
        (RESTATEMENTS, restatements()),
    ):
        store.write_pictures(series, frame(series, rows))


def figures() -> Iterator[IndicatorValue]:
    """Two calendar years and money; last month the care home lacks its figures, and the rink burns chips."""
    last = month(months_before(1), example.ZONE)
    rolling = tuple(
        Period(
            PeriodKind.ROLLING_YEAR,
            month(months_before(back + 11), example.ZONE).start,
            month(months_before(back), example.ZONE).end,
            example.ZONE,
        )
        for back in (1, 13)
    )
    for subject in SUBJECTS:
        double = 2.0 if subject.id in ("ishallen", "ice_rink") else 1.0
        for period in (year(TODAY.year - 2, example.ZONE), year(TODAY.year - 1, example.ZONE)):
            for indicator, (carrier, value) in YEARLY.items():
                yield _value(indicator, subject, period, value * double, carrier)
        for period in (month(months_before(2), example.ZONE), last, *rolling):
            for indicator, value in MONEY.items():
                yield _value(indicator, subject, period, value * (12 if period in rolling else 1))
        if subject.id in ("ishallen", "ice_rink"):
            for period in rolling:
                yield _value("energy_total", subject, period, 1_624_000.0)
    nothing = Missing("Bara 33 % av periodens timmar är kända.", "Only 33 % of the period's hours are known.")
    yield _value("energy_total", Subject(SubjectKind.BUILDING, "aldreboendet"), last, nothing, coverage=0.33)
    yield _value("energy", Subject(SubjectKind.BUILDING, "ishallen"), last, 61_000.0, "biofuel")


def last_months_hours() -> pl.DataFrame:
    """An hour of each method, of the school's electricity in the last whole month."""
    start = month(months_before(1), example.ZONE).start
    rows = []
    for number, method in enumerate(Method):
        row = example.row_of(
            example.ELECTRICITY, example.SCHOOL, "electricity", "import", "main", start + timedelta(hours=number), 40.0
        )
        missing = method is Method.MISSING
        share = {Method.MEASURED: 1.0, Method.MISSING: 0.0}.get(method, 0.5)
        rows.append(row | {"method": method.value, "coverage": share, "value": None if missing else 40.0})
    return pl.DataFrame(rows, schema_overrides={"time": pl.Datetime("us", "UTC"), "value": pl.Float64})


def goals() -> Iterator[Mapping[str, object]]:
    """A decided goal on its path, one whose decision nobody saw and that lacks values, and a yardstick of our own."""
    for name, own, verified, value, said in (
        ("solel-2030", 0, 1, 4.1, ("på väg", "on track")),
        ("sverige-2040", 0, 0, None, ("kan inte bedömas", "cannot be judged")),
        ("eed-linje", 1, 0, 9_800.0, ("når inte", "will miss")),
    ):
        known = value is not None
        yield {
            "time": day(TODAY, example.ZONE).start,
            "goal": name,
            "level": "municipality",
            "value": value,
            "target": 5.0,
            "path": 4.2 if known else None,
            "forecast": 4.9 if known else None,
            "probability": 0.81 if known else None,
            "year": TODAY.year,
            "target_year": 2030,
            "latest": ms(datetime(TODAY.year - 1, 12, 31, 23, tzinfo=UTC)) if known else None,
            "unit": "MW",
            "text": f"Målet {name}",
            "text_en": f"The goal {name}",
            "verdict": said[0],
            "verdict_en": said[1],
            "reason": "" if known else "Inga värden är införda.",
            "reason_en": "" if known else "No values are entered.",
            "own": own,
            "verified": verified,
            "open": 1,
        }


def goal_lines() -> Iterator[Mapping[str, object]]:
    """Measured to last year, the path to the target year, and the forecast between its edges from this year on."""
    for on in range(2020, 2031):
        path = 3.13 + (5 - 3.13) * (on - 2020) / 10
        lines = {"path": path}
        if on < TODAY.year:
            lines["measured"] = path - 0.1
        else:
            lines |= {"forecast": path - 0.15, "low": path - 0.4, "high": path + 0.1}
        for line, value in lines.items():
            at = day(date(on, 12, 31), example.ZONE).start
            yield {"time": at, "goal": "solel-2030", "line": line, "value": value, "coverage": 1.0, "open": 1}


def change_parts() -> Iterator[Mapping[str, object]]:
    """Of the last calendar year and of the last twelve months; how the area changed is not known."""
    last = Period(
        PeriodKind.ROLLING_YEAR,
        month(months_before(12), example.ZONE).start,
        month(months_before(1), example.ZONE).end,
        example.ZONE,
    )
    for measure, size in (("energy", 1.0), ("emissions", 0.05)):
        for period in (year(TODAY.year - 1, example.ZONE), last):
            for part, value in (*PARTS.items(), ("area", None)):
                yield {
                    "time": period.start,
                    "measure": measure,
                    "part": part,
                    "period": period.kind.value,
                    "subject": PORTFOLIO,
                    "subject_kind": SubjectKind.PORTFOLIO.value,
                    "value": None if value is None else value * size,
                    "share": None if value is None else value / 812_000,
                    "coverage": 0.97,
                    "end": ms(period.end),
                    "sentence": f"Delen {part}.",
                    "sentence_en": f"The part {part}.",
                    "open": 1,
                }


def restatements() -> Iterator[Mapping[str, object]]:
    """The portfolio's October: a factor came, and late readings moved the energy and the share."""
    for indicator, cause, old, value in (
        ("energy_total", "late", 812_000.0, 814_100.0),
        ("emissions_location", "factor", 41_900.0, 41_200.0),
        ("cost", "tariff", 880_000.0, 879_000.0),
        ("renewable_share", "factor", 60.1, 61.5),
    ):
        yield {
            "time": example.NOW.replace(second=0) - timedelta(days=2),
            "carrier": "",
            "cause": cause,
            "indicator": indicator,
            "of": "2026-10",
            "subject": PORTFOLIO,
            "subject_kind": SubjectKind.PORTFOLIO.value,
            "value": value,
            "old": old,
            "sentence": "Oktober 2026 ändrades.",
            "sentence_en": "October 2026 changed.",
        }


def _value(
    indicator: str, subject: Subject, period: Period, value: float | Missing, carrier: str = "", coverage: float = 0.98
) -> IndicatorValue:
    return IndicatorValue(indicator, subject, period, value, coverage, f"{indicator}-1", {}, carrier)
