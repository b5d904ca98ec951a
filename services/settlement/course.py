"""The register's course: good readings by time, and what is known of the difference between each and the one before. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from services.settlement.units import Marks, Micros, Values


@dataclass(frozen=True, slots=True)
class Course:
    """Good readings of a point.

    Attributes:
        at_us: times, not falling.
        level: the register, in the point's unit.
        step: use since the reading before; NaN where no register tells, as for the first one.
    """

    at_us: Micros
    level: Values
    step: Values

    def keep(self, which: Marks) -> "Course":
        """Without some readings that do not move; the steps of those left are as they were."""
        return Course(self.at_us[which], self.level[which], self.step[which])


def joined(parts: Sequence[Course], known: Sequence[bool]) -> Course:
    """One after another; `known` says of each whether it goes on from the last of the one before without loss."""
    if not parts:
        nothing = np.zeros(0)
        return Course(np.zeros(0, np.int64), nothing, nothing)
    steps = []
    for number, (part, seamless) in enumerate(zip(parts, known, strict=True)):
        step = part.step.copy()
        if len(step):
            step[0] = 0.0 if seamless and number else np.nan
        steps.append(step)
    return Course(
        np.concatenate([part.at_us for part in parts]),
        np.concatenate([part.level for part in parts]),
        np.concatenate(steps),
    )
