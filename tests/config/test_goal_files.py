"""goals.yaml: every contradiction is a fault with its line and its way out; values, sources and limits reach the goal."""

from datetime import date
from pathlib import Path

import pytest

from config.domain.goals import Better, Goal, GoalLimits, KoladaFigure, MeasuredBy
from config.domain.indicators import Missing, Subject, SubjectKind
from config.loading import load_municipality
from tests.config.folders import GOALS, altered, sentences, written

YEARLY = """\
  - id: use
    level: municipality
    owner: skolnamnden
    text_sv: Mindre energi
    text_en: Less energy
    indicator: Energi
    unit: MWh/år
    path: none
    target_year: 2030
    target_value: 900
    source: beslut 2024
    mark: S
"""


def goal(folder: Path, name: str) -> Goal:
    """A loaded goal."""
    found = load_municipality(folder).goals.goal(name)
    assert not isinstance(found, Missing)
    return found


def test_what_feeds_a_goal_reaches_it(tmp_path: Path) -> None:
    """An indicator in kWh feeds a goal in MWh/år by a thousandth."""
    more = YEARLY + "    measured_by: {indicator: energy_total, subject_kind: owner, subject: skolnamnden}\n    better: lower\n"
    kolada = YEARLY.replace("id: use", "id: share").replace("unit: MWh/år", 'unit: "%"')
    kolada += '    better: higher\n    kolada: {kpi: N03102, municipality: "2081"}\n'.replace("higher", "lower")
    folder = written(tmp_path, goals=GOALS + more + kolada)

    use, share = goal(folder, "use"), goal(folder, "share")

    assert use.measured_by == MeasuredBy("energy_total", Subject(SubjectKind.OWNER, "skolnamnden"), "", 0.001)
    assert use.towards is Better.LOWER
    assert share.kolada == KoladaFigure("N03102", "2081")
    assert share.measured_by is None


def test_the_portfolio_is_the_subject_where_none_is_said(tmp_path: Path) -> None:
    """Its figures have the one subject "portfolio"."""
    more = YEARLY + "    measured_by: {indicator: energy, carrier: electricity}\n"

    use = goal(written(tmp_path, goals=GOALS + more), "use")

    assert use.measured_by == MeasuredBy("energy", Subject(SubjectKind.PORTFOLIO, "portfolio"), "electricity", 0.001)


def test_limits_are_the_municipalitys_to_set(tmp_path: Path) -> None:
    """And our conventions where it sets none."""
    set_here = load_municipality(written(tmp_path / "a", goals="limits: {on_track: 0.9, min_values: 6}\n" + GOALS))
    unset = load_municipality(written(tmp_path / "b"))

    assert set_here.goals.limits == GoalLimits(on_track=0.9, min_values=6)
    assert unset.goals.limits == GoalLimits()


def test_a_goal_that_follows_another_begins_where_it_ends(tmp_path: Path) -> None:
    """A revised target; both stay on record."""
    first = YEARLY + "    valid_to: 2026-01-01\n"
    second = YEARLY.replace("id: use", "id: use-2026") + "    valid_from: 2026-01-01\n    supersedes: use\n"

    later = goal(written(tmp_path, goals=GOALS + first + second), "use-2026")

    assert (later.supersedes, later.valid_from, later.valid_to) == ("use", date(2026, 1, 1), None)


FAULTS = {
    "base after target": (
        altered(GOALS, "base_year: 2020", "base_year: 2041"),
        "goals.yaml:12: goals.budget.target_year: must be after base_year",
    ),
    "a unit that is not the indicator's": (
        GOALS + altered(YEARLY, "unit: MWh/år", "unit: ton") + "    measured_by: {indicator: energy}\n",
        "goals.yaml:22: goals.use.unit: 'ton' cannot be made of energy's 'kWh'; give the goal in it, or another indicator",
    ),
    "an indicator that is none": (
        GOALS + YEARLY + "    measured_by: {indicator: energy_totel}\n",
        "goals.yaml:28: goals.use.measured_by.indicator: no indicator 'energy_totel'; did you mean energy_total?",
    ),
    "an owner that is none": (
        GOALS + YEARLY + "    measured_by: {indicator: energy, subject_kind: owner, subject: skolnamden}\n",
        "goals.yaml:28: goals.use.measured_by.subject: no owner 'skolnamden'; did you mean skolnamnden?",
    ),
    "a building that is none": (
        GOALS + YEARLY + "    measured_by: {indicator: energy, subject_kind: building, subject: skolan}\n",
        "goals.yaml:28: goals.use.measured_by.subject: no building 'skolan'; did you mean skola?",
    ),
    "a kind without its name": (
        GOALS + YEARLY + "    measured_by: {indicator: energy, subject_kind: building_kind}\n",
        "goals.yaml:28: goals.use.measured_by.subject: subject_kind building_kind needs it",
    ),
    "a named portfolio": (
        GOALS + YEARLY + "    measured_by: {indicator: energy, subject: skola}\n",
        "goals.yaml:28: goals.use.measured_by.subject: the portfolio is one; leave it out",
    ),
    "a year twice on record": (
        GOALS + YEARLY + "    known:\n      - {year: 2020, value: 1, mark: S}\n      - {year: 2020, value: 2, mark: S}\n",
        "goals.yaml:30: goals.use.known.2.year: 2020 has a value on line 29 already; keep one of them",
    ),
    "a record that is not the base": (
        altered(GOALS, "    mark: V\n", "    mark: V\n    known: [{year: 2020, value: 90, mark: S}]\n"),
        "goals.yaml:16: goals.budget.known.1.value: 90 is not the base_value of the same year, 100; mend one of them",
    ),
    "a direction against the numbers": (
        altered(GOALS, "    mark: V\n", "    mark: V\n    better: higher\n"),
        "goals.yaml:16: goals.budget.better: base, target and yearly change say lower; mend them or leave it out",
    ),
    "an id that Kolada has not": (
        GOALS + YEARLY + '    kolada: {kpi: N3102, municipality: "2081"}\n',
        "goals.yaml:28: goals.use.kolada.kpi: 'N3102' is no id of Kolada's; write it as N03102",
    ),
    "ends before it begins": (
        GOALS + YEARLY + "    valid_from: 2026-01-01\n    valid_to: 2025-01-01\n",
        "goals.yaml:29: goals.use.valid_to: must be after valid_from",
    ),
    "follows no goal": (
        GOALS + YEARLY + "    supersedes: buget\n",
        "goals.yaml:28: goals.use.supersedes: no goal 'buget'; did you mean budget?",
    ),
    "follows a goal that goes on": (
        GOALS + YEARLY + YEARLY.replace("id: use", "id: use-2") + "    valid_from: 2026-01-01\n    supersedes: use\n",
        "goals.yaml:40: goals.use-2.valid_from: overlaps use on line 16; give that one valid_to: 2026-01-01",
    ),
    "two decisions on one day": (
        GOALS
        + YEARLY
        + "    valid_from: 2020-01-01\n    valid_to: 2027-01-01\n"
        + YEARLY.replace("id: use", "id: use-2")
        + "    valid_from: 2026-01-01\n",
        "goals.yaml:42: goals.use-2.valid_from: overlaps use on line 16; give that one valid_to: 2026-01-01",
    ),
    "limits upside down": (
        "limits: {on_track: 0.3, will_miss: 0.5}\n" + GOALS,
        "goals.yaml:1: limits.will_miss: must be below on_track",
    ),
}


@pytest.mark.parametrize(("text", "sentence"), FAULTS.values(), ids=FAULTS.keys())
def test_a_contradiction_is_a_fault_with_its_line_and_way_out(tmp_path: Path, text: str, sentence: str) -> None:
    """A goal that contradicts itself would be followed up in public."""
    assert sentences(written(tmp_path, goals=text)) == [sentence]
