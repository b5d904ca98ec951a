"""What a building would have used, from its own history alone, day by day, and whether a day lies above it. Pure.

A day is compared on the last days of its own kind that were as usual: their median, moved by the weather (as far as the building
follows it) and by the season (as far as the year before did). A day that lay above is not learned from, or a waste would become
its own norm; after `forget_days` in a row it is: then it is how the building is used, and a person has been told.
Nothing after a day is looked at to judge it.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

NORMAL_SPREAD = 1.4826  # of a normal distribution: standard deviation by median absolute deviation
BALANCE_C = 17.0  # degree days' base; warmer days are counted as cooling
_LEARN_DAYS, _LEARN_EVERY, _LEARN_LEAST = 400, 28, 60
_YEAR, _SEASON_HALF = 364, 10  # 52 weeks, so that weekdays meet
_FOLLOWS_WEATHER = 0.2  # share of the variation that the weather must explain before it is followed


@dataclass(frozen=True, slots=True)
class Rule:
    """When a day lies above: by more than each of the three.

    Attributes:
        share: of the expected.
        least: in the unit of the values; or [subjects, days] of it.
        spreads: times the building's own spread around the expected.
        keeps: days of the kind that the median is taken over.
        fewest: of them, below which nothing is expected.
        forget_days: days in a row above, after which they are learned from.
    """

    share: float
    least: float | Matrix
    spreads: float = 3.0
    keeps: int = 28
    fewest: int = 12
    forget_days: int = 90


@dataclass(frozen=True)
class Expectation:
    """All [subjects, days]; NaN where nothing could be expected or the day is not of the kind."""

    expected: Matrix
    limit: Matrix  # above this a day lies above
    above: Mask

    def excess(self, values: Matrix) -> Matrix:
        """What lay above the expected on the days that lie above; 0 on others."""
        return np.where(self.above, values - self.expected, 0.0)


def expectation(
    values: Matrix,
    learned: Mask,
    temperature_c: Matrix,
    rule: Rule,
    *,
    also_judged: Mask | None = None,
    trusted: Mask | None = None,
    either_way: bool = False,
) -> Expectation:
    """The expectation of every day of the kind.

    Args:
        values: [subjects, days]; NaN where not known.
        learned: [subjects, days]: the days of the kind: each is judged by those before it.
        temperature_c: [days]; the mean of the outdoor air, NaN where not known.
        also_judged: days of another kind that are judged by the days of this one and not learned from.
        trusted: days that are learned from even where they lie above.
        either_way: values may be negative, and a day that lies as far below is odd too.
    """
    subjects, days = values.shape
    known = np.isfinite(values) & learned
    asked = known if also_judged is None else np.isfinite(values) & (learned | also_judged)
    weather = _degrees(temperature_c)
    least = np.broadcast_to(rule.least, values.shape)
    slopes = np.zeros((subjects, 2))
    adjusted = np.full((subjects, days), np.nan)
    expected, limit = np.full((subjects, days), np.nan), np.full((subjects, days), np.nan)
    above = np.zeros((subjects, days), dtype=np.bool_)
    kept = _Kept(subjects, rule.keeps)
    streak = np.zeros(subjects, dtype=np.int64)
    for day in range(days):
        if day % _LEARN_EVERY == 0 and day:
            first = max(0, day - _LEARN_DAYS)
            slopes = _slopes(values[:, first:day], known[:, first:day], weather[first:day])
            kept.refill(values, slopes, weather)
        follows = slopes.any(axis=1)
        by_weather = np.where(follows, slopes @ np.nan_to_num(weather[day], nan=np.nan), 0.0)
        if not asked[:, day].any():
            continue
        level, spread = kept.level()
        level = level + _season(adjusted, day, rule.keeps, level)
        judged = asked[:, day] & (kept.count >= rule.fewest) & np.isfinite(by_weather)
        now = np.where(judged, level + by_weather, np.nan)
        now = now if either_way else np.maximum(now, 0.0)
        margin = np.maximum(np.maximum(rule.share * np.abs(now), least[:, day]), rule.spreads * spread)
        difference = np.abs(values[:, day] - now) if either_way else values[:, day] - now
        over = judged & (difference > margin)
        expected[:, day], limit[:, day], above[:, day] = now, now + margin, over
        streak = np.where(known[:, day], np.where(over, streak + 1, 0), streak)
        adjusted[:, day] = np.where(known[:, day], values[:, day] - by_weather, np.nan)
        usual = ~over | (streak > rule.forget_days)
        if trusted is not None:
            usual |= trusted[:, day]
        kept.add(day, adjusted[:, day], known[:, day] & np.isfinite(adjusted[:, day]) & usual)
    return Expectation(expected, limit, above)


class _Kept:
    """The last usual days of each subject, as a ring."""

    def __init__(self, subjects: int, size: int) -> None:
        self._values = np.full((subjects, size), np.nan)
        self._days = np.full((subjects, size), -1, dtype=np.int64)
        self._next = np.zeros(subjects, dtype=np.int64)
        self.count = np.zeros(subjects, dtype=np.int64)

    def add(self, day: int, values: Matrix, taken: Mask) -> None:
        rows = np.flatnonzero(taken)
        at = self._next[rows]
        self._values[rows, at], self._days[rows, at] = values[rows], day
        self._next[rows] = (at + 1) % self._values.shape[1]
        self.count[rows] = np.minimum(self.count[rows] + 1, self._values.shape[1])

    def refill(self, values: Matrix, slopes: Matrix, weather: Matrix) -> None:
        """The same days with new slopes."""
        held = self._days >= 0
        by_weather = np.einsum("sk,snk->sn", slopes, np.nan_to_num(weather[np.maximum(self._days, 0)]))
        self._values = np.where(held, np.take_along_axis(values, np.maximum(self._days, 0), axis=1) - by_weather, np.nan)

    def level(self) -> tuple[Matrix, Matrix]:
        """Median, and the standard deviation that the median absolute deviation stands for."""
        level = median(self._values)
        return level, NORMAL_SPREAD * median(np.abs(self._values - level[:, None]))


def median(values: Matrix) -> Matrix:
    """Of each row, NaNs left out; NaN of a row that has nothing else."""
    ordered = np.sort(values, axis=1)  # NaNs last
    count = np.isfinite(values).sum(axis=1)
    rows = np.arange(values.shape[0])
    low, high = np.maximum((count - 1) // 2, 0), np.minimum(count // 2, values.shape[1] - 1)
    middle: Matrix = (ordered[rows, low] + ordered[rows, high]) / 2
    return np.where(count > 0, middle, np.nan)


def so_far(values: Matrix, days: int = 365) -> Matrix:
    """[subjects, days]: the mean of what is known of the days before, a year at most; 0 where nothing is."""
    known = np.isfinite(values)
    total = np.cumsum(np.where(known, values, 0.0), axis=1)
    count = np.cumsum(known, axis=1)
    before = np.pad(total, ((0, 0), (1, 0)))[:, :-1] - np.pad(total, ((0, 0), (days + 1, 0)))[:, : values.shape[1]]
    many = np.pad(count, ((0, 0), (1, 0)))[:, :-1] - np.pad(count, ((0, 0), (days + 1, 0)))[:, : values.shape[1]]
    mean: Matrix = before / np.maximum(many, 1)
    return mean


def _season(adjusted: Matrix, day: int, before: int, level: Matrix) -> Matrix:
    """How much higher this time of the year lay than the weeks before it, a year ago; 0 where it did not or is not known."""
    then = day - _YEAR
    reach = round(before * 1.5)
    if then - _SEASON_HALF - reach < 0:
        return np.zeros(adjusted.shape[0])
    around = adjusted[:, then - _SEASON_HALF : then + _SEASON_HALF + 1]
    earlier = adjusted[:, then - reach : then]
    rise = median(around) - median(earlier)
    return np.clip(np.nan_to_num(rise), 0.0, np.maximum(0.5 * np.nan_to_num(level), 0.0))


def weather_slopes(values: Matrix, known: Mask, temperature_c: Matrix) -> Matrix:
    """[subjects, 2]: what a degree below and above the balance temperature adds; 0 where use does not follow the weather."""
    return _slopes(values, known, _degrees(temperature_c))


def _degrees(temperature_c: Matrix) -> Matrix:
    """[days, 2]: below and above the balance temperature."""
    return np.stack([np.maximum(0.0, BALANCE_C - temperature_c), np.maximum(0.0, temperature_c - BALANCE_C)], axis=1)


def _slopes(values: Matrix, known: Mask, weather: Matrix) -> Matrix:
    usual = known & np.isfinite(weather).all(axis=1)
    weight = usual.astype(np.float64)
    count = weight.sum(axis=1)
    inputs = np.nan_to_num(weather)
    safe = np.maximum(count, 1.0)
    mean_inputs = weight @ inputs / safe[:, None]
    filled = np.where(usual, values, 0.0)
    mean_values = filled.sum(axis=1) / safe
    centred = (inputs[None, :, :] - mean_inputs[:, None, :]) * weight[:, :, None]
    rest = np.where(usual, values - mean_values[:, None], 0.0)
    square = np.einsum("sdk,sdl->skl", centred, centred) + 1e-6 * np.eye(2)
    cross = np.einsum("sdk,sd->sk", centred, rest)
    slopes = np.maximum(np.linalg.solve(square, cross[:, :, None])[:, :, 0], 0.0)
    left = (rest - np.einsum("sdk,sk->sd", centred, slopes)) ** 2
    total = (rest**2).sum(axis=1)
    explained = 1.0 - left.sum(axis=1) / np.maximum(total, 1e-9)
    follows = (count >= _LEARN_LEAST) & (explained >= _FOLLOWS_WEATHER)
    found: Matrix = np.where(follows[:, None], slopes, 0.0)
    return found
