"""Use by day on working days of June to August above the summer before, at the level that the building has had lately.

The weeks before tell nothing of a summer by themselves: a school empties, an office cools. So a day is taken as a share of the
same weeks a year ago, and that share is compared on those of the last usual working days. Silent in a building's first summer.
"""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from config.domain.deviations import Deviation, DeviationKind
from services.analysis.deviations._expected import Expectation, Matrix, Rule, expectation, median
from services.analysis.deviations._seam import DAY_HOURS, Detector, Material
from services.analysis.deviations._use import Slot, table, temperature, told

SUMMER_MONTHS = (6, 7, 8)
_YEAR, _AROUND = 364, 10
_FEWEST = 8  # working days of the three weeks a year ago

SLOT = Slot(
    kind=DeviationKind.SUMMER,
    column="day_kw",
    hours=DAY_HOURS,
    keeps=28,
    fewest=14,
    where_sv="under sommarens arbetsdagar (kl. 06–22)",
    where_en="on working days of the summer (06–22)",
    action_sv="Jämför kyla, ventilation och kök med förra sommaren; stäng det som ingen använder under semestern.",
    action_en="Compare cooling, ventilation and kitchen with last summer; shut what nobody uses in the holidays.",
    carriers=("electricity", "district_cooling"),
)


def find(material: Material) -> Iterable[Deviation]:
    seen = table(material, SLOT.column, SLOT.carriers)
    if not seen.subjects:
        return ()
    working = np.broadcast_to(material.days["working"].to_numpy(), seen.values.shape)
    summer = np.broadcast_to(material.days["day"].dt.month().is_in(SUMMER_MONTHS).to_numpy(), seen.values.shape)
    year_ago = _year_ago(np.where(working, seen.values, np.nan))
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(year_ago > 0, seen.values / year_ago, np.nan)
        rule: Rule = SLOT.rule(material)
        found = expectation(share, working, temperature(material), replace(rule, least=rule.least / year_ago), trusted=~summer)
    expected = np.where(summer, found.expected * year_ago, np.nan)
    return told(material, SLOT, seen, Expectation(expected, found.limit * year_ago, found.above & summer))


def _year_ago(known: Matrix) -> Matrix:
    """[subjects, days]: the median of the three weeks around the same day of the week a year ago."""
    found = np.full(known.shape, np.nan)
    for day in range(_YEAR + _AROUND, known.shape[1]):
        around = known[:, day - _YEAR - _AROUND : day - _YEAR + _AROUND + 1]
        found[:, day] = np.where(np.isfinite(around).sum(axis=1) >= _FEWEST, median(around), np.nan)
    return found


DETECTOR = Detector(DeviationKind.SUMMER, find)
