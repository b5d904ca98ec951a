"""Published figures as a goal's values."""

from datetime import date

import polars as pl

from config.domain.factors import Mark
from config.domain.goals import Goal, Level, MeasuredBy, Path
from config.domain.indicators import Subject, SubjectKind
from config.domain.periods import month
from services.figures.frames import FIGURES
from services.goals.measured import goal_values

ZONE = "Europe/Stockholm"
GOAL = Goal(
    id="energi",
    level=Level.MUNICIPALITY,
    owner="skolnämnden",
    text_sv="Energi",
    text_en="Energy",
    indicator="energianvändning",
    unit="MWh/år",
    path=Path.NONE,
    source="provet",
    mark=Mark.VERIFIED,
    measured_by=MeasuredBy("energy_total", Subject(SubjectKind.PORTFOLIO, "portfolio"), scale=0.001),
)


def year_of(value: float | None) -> pl.DataFrame:
    """The figure of 2025."""
    row = {
        "indicator": "energy_total",
        "carrier": "",
        "subject_kind": "portfolio",
        "subject": "portfolio",
        "period": "year",
        "start": month(date(2025, 1, 1), ZONE).start,
        "end": month(date(2025, 12, 1), ZONE).end,
        "zone": ZONE,
        "value": value,
        "uncertainty": 1000.0,
        "partial": value or 0.0,
        "coverage": 1.0,
        "weight": 8760.0,
        "method": "missing" if value is None else "measured",
    }
    return pl.DataFrame([row], schema={name: kind for name, kind in FIGURES.items() if name in row})


def test_what_we_calculated_is_not_shown_as_seen() -> None:
    """90 000 ± 1 000 kWh are 90 ± 1 MWh on 31 December, marked as our own arithmetic: its factors may be second-hand."""
    (value,) = goal_values(GOAL, year_of(90_000.0))

    assert (value.end, value.value, value.uncertainty) == (date(2025, 12, 31), 90.0, 1.0)
    assert value.mark is Mark.DERIVED


def test_a_missing_figure_is_no_value() -> None:
    """And never nought, which would reach any target."""
    assert goal_values(GOAL, year_of(None)) == ()
