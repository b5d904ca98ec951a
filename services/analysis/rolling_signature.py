"""Energy signatures of many buildings at once, one for each month, fitted to the twelve months before it. Pure. Domain facts 3.3.

    P(T) = P0 + k · max(0, Tb - T)      [kWh/d]

With the balance temperature Tb given it is a straight line, whose sums are added day by day: a month's sums serve the twelve
windows that it lies in, so a thousand buildings and twelve months cost what a few single fits do. It is the heating shape of
`services.analysis.change_point` on the same grid, and agrees with it; that one tries every shape, for one building, and takes
20 ms for each.

Everything is added elementwise, a day after the other: the same bits however many buildings are asked for together.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.analysis.change_point import LEAST_BEYOND, STEP_K

Floats = NDArray[np.float64]

WINDOW_MONTHS = 12
WINDOW_SHARE = 0.9  # of the window's days must be known: 328 of 365 (domain facts 3.3) [U]
BALANCES_C: Floats = np.arange(
    0.0, 22.0 + STEP_K, STEP_K
)  # tried for Tb; buildings' own lie between 7 and 17 (domain facts 3.1) [S]


@dataclass(frozen=True)
class Signatures:
    """Arrays [months asked for × series]; NaN where there is no signature.

    Attributes:
        base: P0. [kWh/d]
        slope: k, above nought. [kWh/(d·K)]
        balance: place of Tb in `BALANCES_C`; 0 where there is no signature.
        known: days of the window that the fit is made of.
        window: days of the window.
        r2, cvrmse: as `services.analysis.fit_statistics` has them, of three parameters.
        slope_error: standard error of `slope`, with residuals that follow each other counted as fewer. [kWh/(d·K)]
    """

    base: Floats
    slope: Floats
    balance: NDArray[np.intp]
    known: Floats
    window: Floats
    r2: Floats
    cvrmse: Floats
    slope_error: Floats


def rolling_signatures(temperature_c: Floats, use: Floats, months: NDArray[np.intp], asked: Sequence[int]) -> Signatures:
    """One signature for each series and month that is asked for, of the twelve months before that month.

    Args:
        temperature_c: of each day, in time's order; NaN where not known. [days]
        use: NaN where not known. [kWh/d; days × series]
        months: of each day, counted from any month on and never falling. [days]
        asked: months, counted likewise.
    """
    series = use.shape[1]
    known = np.isfinite(use) & np.isfinite(temperature_c)[:, None]
    heat = np.where(known, use, 0.0)
    below = np.maximum(0.0, BALANCES_C - np.where(np.isfinite(temperature_c), temperature_c, 0.0)[:, None])
    needed = sorted({month - back for month in asked for back in range(1, WINDOW_MONTHS + 1)})
    sums = {month: _month_sums(heat, known, below, np.flatnonzero(months == month)) for month in needed}
    found = [
        _fitted(heat, known, below, np.flatnonzero((months >= month - WINDOW_MONTHS) & (months < month)), _window(sums, month))
        for month in asked
    ]
    empty = np.empty((0, series))
    columns = [np.stack([item[place] for item in found]) if found else empty for place in range(8)]
    return Signatures(columns[0], columns[1], columns[2].astype(np.intp), *columns[3:])


def normal_degrees(month: NDArray[np.intp], day_of_month: NDArray[np.intp], temperature_c: Floats) -> Floats:
    """Mean of max(0, Tb - T) over the years of the normal period. [K; 13 × 32 (calendar month and day) × balances]

    Of each day before the mean: that of averaged temperatures would say that a cold September day never comes. NaN where the
    period has no such day.

    Args:
        month, day_of_month, temperature_c: every day of the period, in whatever order as long as it is always the same.
    """
    total = np.zeros((13, 32, len(BALANCES_C)))
    count = np.zeros((13, 32, 1))
    below = np.maximum(0.0, BALANCES_C - temperature_c[:, None])
    np.add.at(total, (month, day_of_month), below)
    np.add.at(count, (month, day_of_month), 1.0)
    with np.errstate(invalid="ignore"):
        return total / count


@dataclass(frozen=True)
class Moved:
    """Of a month's days, each counted as far as it is known; sums by series. [K·d]

    Attributes:
        degrees: how many more degrees below the balance temperature the normal days have than the days that were.
        doubt: how far off that may be, by days of other stations and of none.
        days, with_weather: days that are known, and those of them whose temperature is. [d]
    """

    degrees: Floats
    doubt: Floats
    days: Floats
    with_weather: Floats


def moved(
    balance: NDArray[np.intp], temperature_c: Floats, doubt_k: Floats, unknown_k: float, share: Floats, normal: Floats
) -> Moved:
    """What a month would need to become a normal one. A day without a temperature is taken as normal.

    Args:
        balance: place of each series' balance temperature in `BALANCES_C`.
        temperature_c: NaN where not known. [days]
        doubt_k: how far off each temperature may be. [K; days]
        unknown_k: how far a day without temperature may lie from the normal. [K]
        share: how much of each day's energy is known. [0..1; days × series]
        normal: of `normal_degrees`, of the same days. [K; days × balances]
    """
    degrees, doubt, days, with_weather = (np.zeros(share.shape[1]) for _ in range(4))
    for day, temperature in enumerate(temperature_c):
        usual = normal[day, balance]
        if np.isfinite(temperature):
            actual = np.maximum(0.0, BALANCES_C[balance] - temperature)
            degrees += share[day] * (usual - actual)
            doubt += share[day] * np.where(actual > 0, doubt_k[day], 0.0)
            with_weather += share[day] > 0
        else:
            doubt += share[day] * np.minimum(unknown_k, usual)
        days += share[day] > 0
    return Moved(degrees, doubt, days, with_weather)


def _month_sums(heat: Floats, known: NDArray[np.bool_], below: Floats, days: NDArray[np.intp]) -> Floats:
    """n, Σx, Σx², Σy, Σxy and how many days lie below Tb, for each series and Tb. [6 × series × balances]"""
    sums = np.zeros((6, heat.shape[1], len(BALANCES_C)))
    for day in days:
        counts = known[day].astype(np.float64)[:, None]
        x = below[day][None, :]
        y = heat[day][:, None]
        sums[0] += counts
        sums[1] += counts * x
        sums[2] += counts * (x * x)
        sums[3] += y
        sums[4] += y * x
        sums[5] += counts * (x > 0)
    return sums


def _window(sums: dict[int, Floats], month: int) -> Floats:
    total = np.zeros_like(sums[month - 1])
    for back in range(WINDOW_MONTHS, 0, -1):
        total += sums[month - back]
    return total


def _fitted(
    heat: Floats, known: NDArray[np.bool_], below: Floats, days: NDArray[np.intp], sums: Floats
) -> tuple[Floats, Floats, Floats, Floats, Floats, Floats, Floats, Floats]:
    """The best balance temperature of each series, its line, and how well it follows the window."""
    n, x, xx, y, xy, colder = sums
    spread = n * xx - x * x
    tried = (spread > 0) & (colder >= LEAST_BEYOND) & (n - colder >= LEAST_BEYOND)
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = (n * xy - x * y) / spread
        base = (y - slope * x) / n
        explained = base * y + slope * xy  # Σy² less the sum of squares, which is least where this is greatest
    explained = np.where(tried & (slope > 0), explained, -np.inf)
    best = np.argmax(explained, axis=1)
    at = np.arange(len(best))
    count, whole = n[:, 0], np.full(len(best), float(len(days)))
    valid = np.isfinite(explained[at, best]) & (count >= WINDOW_SHARE * len(days)) & (count > 3)
    best = np.where(valid, best, 0)
    k, p0 = slope[at, best], base[at, best]
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = y[:, 0] / count
        squares, total, following = _residuals(
            heat, known, below[:, best], days, np.where(valid, p0, 0.0), np.where(valid, k, 0.0), mean
        )
        lag = np.clip(following / squares, 0.0, 0.95)
        variance = squares / (count - 3)
        error = np.sqrt(variance * count / spread[at, best] * (1 + lag) / (1 - lag))
        r2 = 1.0 - squares / total
        cvrmse = 100.0 * np.sqrt(variance) / mean
    nothing = np.full(len(best), np.nan)
    return (
        np.where(valid, p0, nothing),
        np.where(valid, k, nothing),
        best.astype(np.float64),
        count,
        whole,
        np.where(valid, r2, nothing),
        np.where(valid, cvrmse, nothing),
        np.where(valid, error, nothing),
    )


def _residuals(
    heat: Floats, known: NDArray[np.bool_], x: Floats, days: NDArray[np.intp], base: Floats, slope: Floats, mean: Floats
) -> tuple[Floats, Floats, Floats]:
    """Σr², Σ(y - mean)² and Σ of each residual times the day before's."""
    squares, total, following, before = (np.zeros(len(base)) for _ in range(4))
    for day in days:
        residual = np.where(known[day], heat[day] - base - slope * x[day], 0.0)
        squares += residual * residual
        total += np.where(known[day], (heat[day] - mean) ** 2, 0.0)
        following += residual * before
        before = residual
    return squares, total, following
