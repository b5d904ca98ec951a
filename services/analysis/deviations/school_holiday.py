"""A school that is used in the break as if it were open: use by day on weekdays of a break.

Expected lies between the days off and the school days as they were lately, where earlier breaks of the same name lay (of any name
where there were none), but never above `MOST_OPEN` of the way: a closed school that takes more than that of what a full one adds
is worth telling at every break, until somebody says that it is meant so (mute it with the reason).
"""

from collections.abc import Iterable

import numpy as np

from config.domain.deviations import Deviation, DeviationKind
from services.analysis.calendar import BREAK, TERM
from services.analysis.deviations._expected import Expectation, Mask, Matrix, expectation, median
from services.analysis.deviations._seam import DAY_HOURS, Detector, Material
from services.analysis.deviations._use import Slot, Table, table, temperature, told

MOST_OPEN = 0.5  # of the way from a day off to a school day
_FEWEST_DAYS = 3  # of earlier breaks, to learn from

SLOT = Slot(
    kind=DeviationKind.SCHOOL_HOLIDAY,
    column="day_kw",
    hours=DAY_HOURS,
    keeps=14,
    fewest=8,
    where_sv="under skollovets vardagar (kl. 06–22)",
    where_en="on weekdays of the school holiday (06–22)",
    action_sv="Lägg in lovet i styrsystemets kalender; bekräfta vilka lokaler som används av fritids eller uthyrning.",
    action_en="Enter the break in the control system's calendar; confirm which rooms are used by after-school care or let out.",
)


def find(material: Material) -> Iterable[Deviation]:
    schools = {name for name, item in material.portfolio.buildings.items() if item.kind in material.school_kinds}
    seen = _of(table(material, SLOT.column, SLOT.carriers), schools)
    working = material.days["working"].to_numpy()
    in_break = (material.days["school"] == BREAK).fill_null(value=False).to_numpy() & working
    in_term = (material.days["school"] == TERM).fill_null(value=False).to_numpy() & working
    if not seen.subjects or not in_break.any():
        return ()
    shape, rule, weather = seen.values.shape, SLOT.rule(material), temperature(material)
    judged = np.broadcast_to(in_break, shape)
    off = expectation(seen.values, np.broadcast_to(~working, shape), weather, rule, also_judged=judged)
    full = expectation(seen.values, np.broadcast_to(in_term, shape), weather, rule, also_judged=judged)
    return told(material, SLOT, seen, _between(material, seen.values, off, full, judged))


def _of(seen: Table, buildings: set[str]) -> Table:
    rows = [row for row, (building, _) in enumerate(seen.subjects) if building in buildings]
    return Table([seen.subjects[row] for row in rows], seen.values[rows])


def _between(material: Material, values: Matrix, off: Expectation, full: Expectation, judged: Mask) -> Expectation:
    added = full.expected - off.expected
    with np.errstate(divide="ignore", invalid="ignore"):
        open_share = np.where(judged & (added > 0), np.clip((values - off.expected) / added, 0.0, 1.0), np.nan)
    expected = np.full(values.shape, np.nan)
    names = material.days["break_sv"].to_numpy()
    numbers = (material.days["break_sv"] != material.days["break_sv"].shift(1, fill_value="")).cum_sum().to_numpy()
    for number in np.unique(numbers[judged[0]]):
        days = (numbers == number) & judged[0]
        earlier = (numbers < number) & judged[0]
        same = earlier & (names == names[days][0])
        usual = _learned(open_share, same)
        usual = np.where(np.isnan(usual), _learned(open_share, earlier), usual)
        usual = np.minimum(np.where(np.isnan(usual), MOST_OPEN, usual), MOST_OPEN)
        expected[:, days] = off.expected[:, days] + usual[:, None] * np.maximum(added[:, days], 0.0)
    # the day off's own margin, by its spread, and no less than the share of what is expected here
    margin = np.maximum(off.limit - off.expected, material.rules.share * expected)
    above = np.isfinite(expected) & (values > expected + margin)
    return Expectation(expected, expected + margin, above)


def _learned(open_share: Matrix, days: Mask) -> Matrix:
    """[subjects]: how open it was on those days; NaN of too few."""
    if not days.any():
        return np.full(open_share.shape[0], np.nan)
    chosen = open_share[:, days]
    return np.where(np.isfinite(chosen).sum(axis=1) >= _FEWEST_DAYS, median(chosen), np.nan)


DETECTOR = Detector(DeviationKind.SCHOOL_HOLIDAY, find)
