"""Registers to hourly intervals of a metering point. Pure: frames in, frames out.

This module settles clean registers and gaps; the signature is final, the inside is the next issue's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from config.domain.estate import Installation, MeteringPoint
from config.domain.intervals import Finding


@dataclass(frozen=True, slots=True)
class Settlement:
    """What came of one window of one point.

    Attributes:
        intervals: one row an hour from start to end, none left out; columns `start` (UTC), `value` (null exactly where the
            method is missing), `coverage` (0..1), `method` (`config.domain.intervals.Method`).
        findings: oddities, by start.
    """

    intervals: pl.DataFrame
    findings: tuple[Finding, ...]


def settle(
    point: MeteringPoint, installations: Sequence[Installation], readings: pl.DataFrame, start: datetime, end: datetime
) -> Settlement:
    """Hourly intervals of `point` from `start` to `end` (whole UTC hours).

    Args:
        installations: of the point, by start; the seam between two is an exchange on record.
        readings: columns `time` (UTC, null where the device sent none), `received` (UTC), `meter`, `value`, `unit`; any order,
            duplicates allowed; some may lie outside the window and are used.
    """
    raise NotImplementedError
