"""The goals in tables: where each is, how it is judged, and those that nobody has given a value."""

from collections.abc import Sequence

from config.domain.assessments import VERDICTS
from config.domain.goals import Goal, GoalLimits
from services.reports.contents.trend_goal_figures import JudgedGoal, last_day, why
from services.reports.goal_words import LEVELS, MARKS
from services.reports.report import NO_WORDS, Cell, Column, Row, Table, Words

_GOAL = Words("Mål", "Goal")


def goal_tables(goals: Sequence[JudgedGoal], limits: GoalLimits) -> tuple[Table, ...]:
    """What our meters follow, what others report, and what has no value; none of what there is none of."""
    metered = [each for each in goals if each.is_metered]
    reported = [each for each in goals if not each.is_metered and each.latest is not None]
    others = [each for each in goals if not each.is_metered and each.latest is None]
    tables = (
        _place_table("goals", Words("Mål som våra mätare följer", "Goals followed by our meters"), metered),
        _verdict_table("goals", Words("Mål som våra mätare följer", "Goals followed by our meters"), metered, limits),
        _source_table(reported),
        _verdict_table("reported", Words("Mål utanför våra mätare", "Goals outside our meters"), reported, limits),
        _empty_table(others),
    )
    return tuple(table for table in tables if table.rows)


def verdict_words(each: JudgedGoal) -> Words:
    return Words(*VERDICTS[each.judged.verdict])


def _place_table(key: str, of: Words, goals: Sequence[JudgedGoal]) -> Table:
    return Table(
        f"{key}_place",
        Words(f"{of.sv}: var vi är", f"{of.en}: where we are"),
        _GOAL,
        (
            Column("latest", Words("Senaste värde", "Latest value")),
            Column("end", Words("12 mån till", "12 months to")),
            Column("path", Words("Vägen då", "The path then")),
            Column("gap", Words("Sämre än vägen", "Worse than the path")),
            Column("target", Words("Målvärde", "Target")),
            Column("year", Words("År", "Year")),
        ),
        tuple(
            _row(each, (each.latest, last_day(each.latest), each.path, each.gap, each.target, _until(each.goal)))
            for each in goals
            if each.latest is not None
        ),
        Words("Minus är bättre än vägen.", "A minus is better than the path."),
    )


def _source_table(goals: Sequence[JudgedGoal]) -> Table:
    return Table(
        "reported_place",
        Words("Mål utanför våra mätare: rapporterade värden", "Goals outside our meters: reported values"),
        _GOAL,
        (
            Column("latest", Words("Senaste värde", "Latest value")),
            Column("end", Words("Gäller till", "Up to")),
            Column("source", Words("Källa", "Source")),
            Column("path", Words("Vägen då", "The path then")),
            Column("target", Words("Målvärde", "Target")),
            Column("year", Words("År", "Year")),
        ),
        tuple(
            _row(
                each,
                (
                    each.latest,
                    last_day(each.latest),
                    each.latest.source or NO_WORDS,
                    each.path,
                    each.target,
                    _until(each.goal),
                ),
            )
            for each in goals
            if each.latest is not None
        ),
        Words(
            "Värdena är andras: ur filer, ur Kolada eller ur beslutet självt.",
            "The values are others': from files, from Kolada or from the decision itself.",
        ),
    )


def _verdict_table(key: str, of: Words, goals: Sequence[JudgedGoal], limits: GoalLimits) -> Table:
    sure, miss = f"{100 * limits.on_track:.0f}", f"{100 * limits.will_miss:.0f}"
    return Table(
        f"{key}_verdict",
        Words(f"{of.sv}: bedömning", f"{of.en}: verdict"),
        _GOAL,
        (
            Column("verdict", Words("Bedömning", "Verdict")),
            Column("probability", Words("Sannolikhet", "Probability"), "%"),
            Column("remains", Words("Återstår till målet", "Remains to the target")),
            Column("decided", Words("Beslutat av; källa", "Decided by; source")),
            Column("why", Words("Vad bedömningen vilar på", "What the verdict rests on")),
        ),
        tuple(
            _row(each, (verdict_words(each), each.probability, each.remains, _decided(each.goal), Words(*why(each))))
            for each in goals
        ),
        Words(
            f"På väg: minst {sure} % sannolikhet. Når inte: under {miss} %. Risk: däremellan. 1 och 99 % betyder högst och minst "
            "det: mer vet ingen modell.",
            f"On track: a probability of {sure} % at least. Will miss: below {miss} %. At risk: between. 1 and 99 % mean at most "
            "and at least that: no model knows more.",
        ),
    )


def _empty_table(goals: Sequence[JudgedGoal]) -> Table:
    return Table(
        "goals_unvalued",
        Words("Mål som ingen har gett något värde för", "Goals of which nobody has given a value"),
        _GOAL,
        (
            Column("decided", Words("Beslutat av; källa", "Decided by; source")),
            Column("year", Words("År", "Year")),
            Column("why", Words("Vad som saknas", "What is missing")),
        ),
        tuple(Row(each.goal.id, _name(each), (_decided(each.goal), _until(each.goal), Words(*why(each)))) for each in goals),
    )


def _row(each: JudgedGoal, cells: tuple[Cell, ...]) -> Row:
    return Row(each.goal.id, _name(each), cells, each.goal.unit)


def _name(each: JudgedGoal) -> Words:
    own = (" (egen jämförelse)", " (own yardstick)") if each.goal.own_yardstick else ("", "")
    return Words(f"{each.goal.text_sv}{own[0]}", f"{each.goal.text_en}{own[1]}")


def _decided(goal: Goal) -> Words:
    level, mark = LEVELS[goal.level], MARKS[goal.mark]
    return Words(f"{goal.owner}, {level[0]}; {mark[0]}", f"{goal.owner}, {level[1]}; {mark[1]}")


def _until(goal: Goal) -> Words:
    return Words(f"{goal.target_year}", f"{goal.target_year}") if goal.target_year else Words("varje år", "every year")
