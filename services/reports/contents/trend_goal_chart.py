"""A goal in a picture: what was measured, the path, and the forecast with its band."""

from dataclasses import replace
from datetime import date

from config.domain.indicators import Missing
from config.domain.periods import year
from services.goals.path import on_path, with_measured_base
from services.reports.contents.material import METHOD
from services.reports.contents.trend_goal_figures import JudgedGoal, goal_value
from services.reports.contents.trend_goal_tables import verdict_words
from services.reports.contents.trend_scope import TrendScope
from services.reports.report import Chart, ChartKind, ChartRole, ChartSeries, ReportedFigure, Words


def goal_chart(scope: TrendScope, each: JudgedGoal) -> Chart:
    """Years from the base to the target, with the last twelve months in their place where they are no year."""
    goal, lines = each.goal, each.course
    measured = {value.end: value for value in lines.measured}
    path = dict(lines.path)
    forecasts = {item.year: item for item in lines.forecasts}
    last = max(measured)
    first = min([*path, *(end.year for end in measured)])
    ends = {date(number, 12, 31) for number in range(first, max([*path, *forecasts, last.year]) + 1)} | {last}
    labels = sorted(ends)
    whole = with_measured_base(goal, lines.measured)
    kept = {end: goal_value(scope, goal, value) for end, value in measured.items() if end in ends}

    def of(value: float | None, end: date, method: str) -> ReportedFigure | None:
        if value is None:
            return None
        return replace(each.remains, value=value, period=year(end.year, scope.zone), method=method)

    def on(end: date) -> float | None:
        lies = on_path(whole, end)
        return None if isinstance(lies, Missing) else lies

    def ahead(end: date, which: str) -> ReportedFigure | None:
        if end == last:
            return kept[last]  # the fan opens where what is known ends
        item = forecasts.get(end.year) if (end.month, end.day) == (12, 31) and end > last else None
        return of(None if item is None else getattr(item, which), end, each.judged.method)

    def line(which: str) -> tuple[ReportedFigure | None, ...]:
        return tuple(ahead(end, which) for end in labels)

    series = [
        ChartSeries("measured", _measured_words(each), tuple(kept.get(end) for end in labels)),
        ChartSeries(
            "path", Words("Vägen till målet", "The path to the target"), tuple(of(on(end), end, METHOD) for end in labels),
            ChartRole.PATH,
        ),
    ]  # fmt: skip
    if forecasts:
        series += [
            ChartSeries("forecast", Words("Prognos", "Forecast"), line("expected"), ChartRole.FORECAST),
            ChartSeries("low", Words("Prognosens undre gräns (80 %)", "Lower edge (80 %)"), line("low"), ChartRole.LOW),
            ChartSeries("high", Words("Prognosens övre gräns (80 %)", "Upper edge (80 %)"), line("high"), ChartRole.HIGH),
        ]
    verdict = verdict_words(each)
    return Chart(
        f"goal_{goal.id}",
        ChartKind.LINES,
        Words(goal.text_sv, goal.text_en),
        Words(f"Bedömning: {verdict.sv}. {_side(each).sv}", f"Verdict: {verdict.en}. {_side(each).en}"),
        goal.unit,
        Words("Tolv månader till", "Twelve months to"),
        tuple(_label(end) for end in labels),
        tuple(series),
    )


def _measured_words(each: JudgedGoal) -> Words:
    return Words("Uppmätt", "Measured") if each.is_metered else Words("Rapporterat", "Reported")


def _side(each: JudgedGoal) -> Words:
    if each.gap is None or each.gap.known is None:
        return Words("Det finns ingen väg att jämföra med.", "There is no path to compare with.")
    if each.gap.known > 0:
        return Words("Det senaste värdet ligger sämre till än vägen.", "The latest value lies on the worse side of the path.")
    return Words("Det senaste värdet ligger på vägen eller bättre.", "The latest value lies on the path or better.")


def _label(end: date) -> Words:
    text = f"{end.year}" if (end.month, end.day) == (12, 31) else f"{end:%Y-%m}"
    return Words(text, text)
