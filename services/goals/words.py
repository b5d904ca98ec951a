"""Why a goal's figures are absent, in words that stand beside the goal's own text. Pure."""

from collections.abc import Iterator

from config.domain.assessments import Assessment, Verdict
from config.domain.goals import Goal
from config.domain.indicators import Missing

Words = tuple[str, str]  # Swedish, English


def lacking(goal: Goal, judged: Assessment, *figures: object) -> tuple[Words, ...]:
    """Why those of the figures that are `Missing` are so, each reason once.

    Of a goal that cannot be judged also what is to be entered.
    """
    return tuple(dict.fromkeys(_reasons(goal, judged, figures)))


def of_its_own(reason: Words, goal: Goal) -> Words:
    """The reason without the goal's text in front of it."""
    return _without(reason[0], goal.text_sv), _without(reason[1], goal.text_en)


def _reasons(goal: Goal, judged: Assessment, figures: tuple[object, ...]) -> Iterator[Words]:
    for figure in figures:
        if isinstance(figure, Missing):
            yield of_its_own((figure.reason_sv, figure.reason_en), goal)
    if judged.verdict is Verdict.CANNOT_JUDGE and goal.to_enter_sv:
        yield goal.to_enter_sv, goal.to_enter_en or goal.to_enter_sv


def _without(reason: str, text: str) -> str:
    rest = reason.removeprefix(f"{text}: ")
    return rest[:1].upper() + rest[1:]
