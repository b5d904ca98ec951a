"""Questions about published figures that the dashboards of several audiences ask."""

from config.domain.indicators import INDICATORS, SubjectKind
from config.domain.panels import PanelQuery, Role, Scope
from config.domain.periods import PeriodKind
from config.domain.series import INDICATOR_VALUES, Aggregate, Every, SeriesQuery
from config.domain.windows import Window

Label = tuple[str, str]  # Swedish, English


def published(
    indicator: str,
    window: Window,
    kind: SubjectKind,
    label: Label | None = None,
    period: PeriodKind = PeriodKind.MONTH,
    carriers: tuple[str, ...] = ("",),
    role: Role = Role.VALUE,
) -> PanelQuery:
    """Published figures of one kind of subject, as points: each brings its coverage, its ± and the reason why it is missing.

    Args:
        carriers: "" is of all of them together, or of none in particular.
        label: in place of the indicator's name.
    """
    row = INDICATORS[indicator]
    where = {"indicator": (indicator,), "carrier": carriers, "period": (period.value,), "subject_kind": (kind.value,)}
    label_sv, label_en = label or (row.name_sv, row.name_en)
    return PanelQuery(role, SeriesQuery(INDICATOR_VALUES, where=where), Scope.SUBJECT, window, row.unit, label_sv, label_en)


def coverage_by(
    tag: str,
    indicator: str,
    window: Window,
    kind: SubjectKind,
    label: Label,
    carriers: tuple[str, ...],
    every: Every | None = None,
) -> PanelQuery:
    """How much of each month was measured, as the value itself: of missing figures too, which points without a number are.

    Args:
        tag: what each row is of; of several figures in it the least.
        every: a day gives each month its own point, at its start; None: one for the whole window.
    """
    where = {"indicator": (indicator,), "carrier": carriers, "period": (PeriodKind.MONTH.value,), "subject_kind": (kind.value,)}
    query = SeriesQuery(INDICATOR_VALUES, where=where, aggregate=Aggregate.MIN, every=every, by=(tag,), field="coverage")
    return PanelQuery(Role.VALUE, query, Scope.SUBJECT, window, "1", *label)
