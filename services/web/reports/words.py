"""What of reports is said on their pages: changes of figures and reports in lists, in the reader's language. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from config.domain.indicators import Missing
from services.reports.printing import figure_text, moment_text
from services.reports.report import Change, ReportedFigure
from services.reports.wording import NBSP, Language, pick, unit_text


@dataclass(frozen=True, slots=True)
class ToldFigure:
    """`detail`: why it is missing, or when it was; "" where neither."""

    text: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ToldChange:
    """`cause`: "" where no restatement says it. `old`, `new`: None where words changed, which the cause then tells of."""

    what: str
    old: ToldFigure | None
    new: ToldFigure | None
    cause: str


def told_changes(changes: Iterable[Change], language: Language, zone: str) -> list[ToldChange]:
    """Each with its units: an older edition may have told the same in another."""
    return [
        ToldChange(
            each.what.said(language),
            _told(each.old, each.new, language, zone),
            _told(each.new, each.old, language, zone),
            each.cause.said(language),
        )
        for each in changes
    ]


def counted_changes(count: int, language: Language) -> str:
    if count == 1:
        return pick(language, "1 ändring", "1 change")
    return pick(language, f"{count} ändringar", f"{count} changes")


def size_words(size: int) -> str:
    """Of a file, in whole kB, one at least."""
    return f"{max(1, round(size / 1_000))}{NBSP}kB"


def _told(figure: ReportedFigure | None, other: ReportedFigure | None, language: Language, zone: str) -> ToldFigure | None:
    if figure is None:
        return None if other is None else ToldFigure(pick(language, "finns inte", "is not there"))
    text = figure_text(figure, language)
    if isinstance(figure.value, Missing):
        return ToldFigure(text, pick(language, figure.value.reason_sv, figure.value.reason_en))
    unit = "%" if figure.unit == "1" else unit_text(figure.unit)
    return ToldFigure(f"{text}{NBSP}{unit}" if unit else text, "" if figure.at is None else moment_text(figure.at, zone))
