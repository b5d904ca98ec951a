"""goals.yaml: what was decided, by whom, measured how, and the path to it; and what was looked for and not found."""

from collections.abc import Collection

from config.domain.goals import Goal, GoalGap, GoalLimits, Goals, KoladaFigure, MeasuredBy
from config.domain.indicators import Subject, SubjectKind
from config.municipality.goal_checks import VALUES, check_goal, check_measured, check_succession, check_values
from config.municipality.goal_entries import GoalEntry, GoalsFile
from config.municipality.yaml_source import Keys, YamlSource


def goals(source: YamlSource, file: GoalsFile, owners: Collection[str], buildings: Collection[str] | None = None) -> Goals:
    """The goals; faults lie in the source. Buildings that goals name are not checked where None."""
    seen: dict[str, int] = {}
    read = []
    for index, entry in enumerate(file.goals):
        path: Keys = ("goals", index)
        if entry.id in seen:
            line = source.line(("goals", seen[entry.id]))
            source.fault((*path, "id"), f"the same id as on line {line}", f"samma id som på rad {line}")
        seen.setdefault(entry.id, index)
        check_goal(source, path, entry, owners)
        check_values(source, path, entry)
        scale = check_measured(source, path, entry, owners, buildings)
        read.append(_goal(source, path, entry, scale))
    check_succession(source, file, seen)
    limits = file.limits
    if limits.will_miss >= limits.on_track:
        source.fault(("limits", "will_miss"), "must be below on_track", "måste ligga under on_track")
    return Goals(
        tuple(read),
        tuple(GoalGap(gap.text_sv, gap.text_en) for gap in file.missing),
        GoalLimits(
            limits.on_track,
            limits.will_miss,
            limits.min_values,
            limits.min_span_months,
            limits.min_coverage,
            limits.max_age_months,
        ),
    )


def _goal(source: YamlSource, path: Keys, entry: GoalEntry, scale: float) -> Goal:
    measured = entry.measured_by
    return Goal(
        id=entry.id,
        level=entry.level,
        owner=entry.owner,
        text_sv=entry.text_sv,
        text_en=entry.text_en,
        indicator=entry.indicator,
        unit=entry.unit,
        path=entry.path,
        source=entry.source,
        mark=entry.mark,
        base_year=entry.base_year,
        base_value=entry.base_value,
        target_year=entry.target_year,
        target_value=entry.target_value,
        target_share=entry.target_share,
        yearly_change=entry.yearly_change,
        scope_sv=entry.scope_sv or "",
        scope_en=entry.scope_en or "",
        decided=entry.decided,
        document=entry.document or "",
        known={known.year: (known.value, known.mark) for known in entry.known},
        own_yardstick=entry.own_yardstick,
        example=frozenset(key for key in VALUES if source.marks.get((*path, key), False)),
        better=entry.better,
        measured_by=None
        if measured is None
        else MeasuredBy(
            measured.indicator,
            Subject(SubjectKind(measured.subject_kind), measured.subject or measured.subject_kind),
            "" if measured.carrier is None else measured.carrier.value,
            scale,
        ),
        kolada=None if entry.kolada is None else KoladaFigure(entry.kolada.kpi, entry.kolada.municipality),
        valid_from=entry.valid_from,
        valid_to=entry.valid_to,
        supersedes=entry.supersedes or "",
        to_enter_sv=entry.to_enter_sv or "",
        to_enter_en=entry.to_enter_en or "",
    )
