"""Goals as they stand and their lines. What is measured by a figure that is not open is told as missing, with that reason."""

from datetime import date

import polars as pl

from config.domain.assessments import Assessment
from config.domain.goals import Goal
from config.domain.indicators import Missing
from config.domain.open_figures import OpenFigures
from services.web.opendata.ports import OpenData
from services.web.opendata.table import Field, Kind, Pace, Table

NOT_OPEN = (
    "Målet mäts med en siffra som inte är öppen, eftersom den skulle visa en byggnad som inte är det.",
    "The goal is measured by a figure that is not open, since it would show a building that is not.",
)


GOALS = Table(
    "goals",
    "Mål",
    "Goals",
    "Beslutade mål med källa, väg, senaste värde, bedömning och sannolikhet. Det som är eget mått och inte beslutat är märkt.",
    "Decided goals with source, path, latest value, verdict and probability. Yardsticks of our own are marked.",
    (
        Field("id", Kind.TEXT, "Målets id.", "The goal's id."),
        Field(
            "level",
            Kind.TEXT,
            "Vem som beslutat: eu, nation, region, municipality eller company.",
            "Who decided: eu, nation, region, municipality or company.",
        ),
        Field("owner", Kind.TEXT, "Den som svarar för målet.", "Who answers for it."),
        Field("text_sv", Kind.TEXT, "Målet på svenska.", "The goal in Swedish."),
        Field("text_en", Kind.TEXT, "Målet på engelska.", "The goal in English."),
        Field("indicator", Kind.TEXT, "Vad det mäts i.", "What it is measured by."),
        Field("unit", Kind.TEXT, "Enhet.", "Unit."),
        Field(
            "path",
            Kind.TEXT,
            "Vägens form: linear, yearly_of_base, yearly_compound eller none.",
            "Shape of the path: linear, yearly_of_base, yearly_compound or none.",
        ),
        Field("base_year", Kind.COUNT, "Basår.", "Base year.", may_lack=True),
        Field("base_value", Kind.NUMBER, "Basvärde.", "Base value.", may_lack=True),
        Field("target_year", Kind.COUNT, "Målår.", "Target year.", may_lack=True),
        Field("target_value", Kind.NUMBER, "Målvärde.", "Target value.", may_lack=True),
        Field("year", Kind.COUNT, "Det år som bedömningen gäller.", "The year that the verdict is about."),
        Field(
            "verdict",
            Kind.TEXT,
            "on_track, at_risk, will_miss eller cannot_judge.",
            "on_track, at_risk, will_miss or cannot_judge.",
        ),
        Field("verdict_sv", Kind.TEXT, "Bedömningen på svenska.", "The verdict in Swedish."),
        Field("verdict_en", Kind.TEXT, "Bedömningen på engelska.", "The verdict in English."),
        Field(
            "probability", Kind.NUMBER, "Sannolikheten att nå målet, 0–1.", "Probability of reaching it, 0 to 1.", may_lack=True
        ),
        Field("latest_value", Kind.NUMBER, "Senaste värde.", "Latest value.", may_lack=True),
        Field(
            "latest_end",
            Kind.DATE,
            "Sista dagen i det senaste värdets tolv månader.",
            "Last day of the latest value's twelve months.",
            may_lack=True,
        ),
        Field(
            "on_path",
            Kind.NUMBER,
            "Var vägen ligger vid det senaste värdet.",
            "Where the path lies at the latest value.",
            may_lack=True,
        ),
        Field(
            "gap",
            Kind.NUMBER,
            "Avstånd till vägen; över 0 är den sämre sidan.",
            "Distance from the path; above 0 is the worse side.",
            may_lack=True,
        ),
        Field("own_yardstick", Kind.TRUTH, "Eget mått: ingen har beslutat det.", "Our own yardstick: nobody has decided it."),
        Field(
            "mark",
            Kind.TEXT,
            "Hur säker källan är: V sedd i första hand, S i andra hand, U obekräftad.",
            "How sure the source is: V seen first-hand, S second-hand, U unverified.",
        ),
        Field("source", Kind.TEXT, "Källa.", "Source."),
        Field(
            "reason_sv", Kind.TEXT, "Vad bedömningen vilar på eller saknar.", "What the verdict rests on or lacks, in Swedish."
        ),
        Field("reason_en", Kind.TEXT, "Samma på engelska.", "The same in English."),
        Field("method", Kind.TEXT, "Bedömningsmodellens namn och version.", "Name and version of the model."),
    ),
    ("id",),
    Pace.MONTHLY,
)

GOAL_LINES = Table(
    "goal-lines",
    "Målens linjer",
    "Lines of the goals",
    "Varje måls uppmätta värden, väg och prognos.",
    "Each goal's measured values, path and forecast.",
    (
        Field("goal", Kind.TEXT, "Målets id.", "The goal's id."),
        Field("line", Kind.TEXT, "measured (uppmätt), path (väg) eller forecast (prognos).", "measured, path or forecast."),
        Field("end", Kind.DATE, "Sista dagen i perioden.", "Last day of the period."),
        Field("value", Kind.NUMBER, "Värdet i målets enhet.", "The value in the goal's unit."),
        Field(
            "low",
            Kind.NUMBER,
            "Undre gräns: prognosens 80 %, det uppmättas 90 %.",
            "Lower bound: 80 % of a forecast, 90 % of what is measured.",
            may_lack=True,
        ),
        Field("high", Kind.NUMBER, "Övre gräns.", "Upper bound.", may_lack=True),
        Field("unit", Kind.TEXT, "Enhet.", "Unit."),
    ),
    ("goal", "line", "end"),
    Pace.MONTHLY,
)


def goal_rows(data: OpenData) -> pl.DataFrame:
    """Columns of `GOALS`."""
    rows = [_row(goal, data) for goal in data.goals.goals]
    return pl.DataFrame(rows, schema=GOALS.schema, orient="row").sort("id")


def goal_line_rows(data: OpenData, only: tuple[str, ...] = ()) -> pl.DataFrame:
    """Columns of `GOAL_LINES`; of these goals, of all where none is named."""
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
    return pl.DataFrame(rows, schema=GOAL_LINES.schema, orient="row").sort(*GOAL_LINES.key)


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
