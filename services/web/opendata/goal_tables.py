"""Goals as they stand and their lines. What is measured by a figure that is not open is told as missing, with that reason."""

from datetime import date

import polars as pl

from config.domain.assessments import Assessment
from config.domain.goals import Goal
from config.domain.indicators import Missing
from config.domain.open_figures import OpenFigures
from services.web.opendata import tables
from services.web.opendata.ports import OpenData

NOT_OPEN = (
    "Målet mäts med en siffra som inte är öppen, eftersom den skulle visa en byggnad som inte är det.",
    "The goal is measured by a figure that is not open, since it would show a building that is not.",
)


def goal_rows(data: OpenData) -> pl.DataFrame:
    """Columns of `tables.GOALS`."""
    rows = [_row(goal, data) for goal in data.goals.goals]
    return pl.DataFrame(rows, schema=tables.GOALS.schema, orient="row").sort("id")


def goal_line_rows(data: OpenData, only: tuple[str, ...] = ()) -> pl.DataFrame:
    """Columns of `tables.GOAL_LINES`; of these goals, of all where none is named."""
    rows: list[dict[str, object]] = []
    now = data.clock.now()
    for goal in data.goals.goals:
        if (only and goal.id not in only) or not is_open(goal, data.figures):
            continue
        course = data.standing.course(goal, now)
        same = {"goal": goal.id, "unit": goal.unit}
        rows += [
            {**same, "line": "measured", "end": each.end, "value": each.value, **_band(each.value, each.uncertainty)}
            for each in course.measured
        ]
        rows += [{**same, "line": "path", "end": _last_day(year), "value": value} for year, value in course.path]
        rows += [
            {**same, "line": "forecast", "end": _last_day(each.year), "value": each.expected, "low": each.low, "high": each.high}
            for each in course.forecasts
        ]
    return pl.DataFrame(rows, schema=tables.GOAL_LINES.schema, orient="row").sort(*tables.GOAL_LINES.key)


def is_open(goal: Goal, figures: OpenFigures) -> bool:
    """Whether what it is measured by may be shown; values that were entered from files are public already."""
    return goal.measured_by is None or figures.has(goal.measured_by.subject, goal.measured_by.carrier)


def _row(goal: Goal, data: OpenData) -> dict[str, object]:
    judged = data.standing.assessment(goal, data.clock.now()) if is_open(goal, data.figures) else None
    return {
        "id": goal.id,
        "level": goal.level.value,
        "owner": goal.owner,
        "text_sv": goal.text_sv,
        "text_en": goal.text_en,
        "indicator": goal.indicator,
        "unit": goal.unit,
        "path": goal.path.value,
        "base_year": goal.base_year,
        "target_year": goal.target_year,
        "own_yardstick": goal.own_yardstick,
        "mark": goal.mark.value,
        "source": goal.source,
        **(_hidden(goal, data) if judged is None else _judged(judged)),
    }


def _judged(judged: Assessment) -> dict[str, object]:
    latest = None if isinstance(judged.latest, Missing) else judged.latest
    place = None if isinstance(judged.place, Missing) else judged.place
    return {
        "base_value": _known(judged.base_value),
        "target_value": _known(judged.target),
        "year": judged.year,
        "verdict": judged.verdict.value,
        "verdict_sv": judged.verdict.sv,
        "verdict_en": judged.verdict.en,
        "probability": _known(judged.probability),
        "latest_value": latest.value if latest else None,
        "latest_end": latest.end if latest else None,
        "on_path": place.on_path if place else None,
        "gap": place.gap if place else None,
        "reason_sv": " ".join(swedish for swedish, _ in judged.reasons),
        "reason_en": " ".join(english for _, english in judged.reasons),
        "method": judged.method,
    }


def _hidden(goal: Goal, data: OpenData) -> dict[str, object]:
    target = goal.target
    return {
        "base_value": goal.base_value,
        "target_value": None if isinstance(target, Missing) else target,
        "year": goal.target_year or data.clock.now().year,
        "verdict": "cannot_judge",
        "verdict_sv": "kan inte visas",
        "verdict_en": "cannot be shown",
        "reason_sv": NOT_OPEN[0],
        "reason_en": NOT_OPEN[1],
        "method": "",
    }


def _known(value: float | Missing) -> float | None:
    return None if isinstance(value, Missing) else value


def _band(value: float, half: float) -> dict[str, float]:
    return {"low": value - half, "high": value + half} if half > 0 else {}


def _last_day(year: int) -> date:
    return date(year, 12, 31)
