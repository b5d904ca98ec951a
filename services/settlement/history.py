"""What is usual at the point around a spot: each hour's use on whole UTC days from HISTORY before to HISTORY after it. Pure."""

from dataclasses import dataclass

import numpy as np

from services.settlement.course import Course
from services.settlement.pieces import pieces
from services.settlement.reach import HISTORY
from services.settlement.units import DAY_US, HOUR_US, Marks, Micros, Values, day_from, micros_of

_HISTORY_US = micros_of(HISTORY)
_WEEK = 168  # hours
_KIND = np.repeat([0, 0, 0, 0, 0, 24, 24], 24) + np.tile(np.arange(24), 7)  # of each: hour of a work day, or of a weekend
_ROUNDING_US = 1_000
_SHRINK = 0.5  # hours of the mean that each hour of the kind of day is mixed with: one day's whim is no profile
_UNSEEN = 0.25  # of the hours to be spread over
_LONE = 2  # stretches of nought, of hours that are used else: not what is usual
_SHRINK_WEEK = 2.0  # and hours of that, with which each hour of the week is mixed


@dataclass(frozen=True, slots=True)
class Usual:
    """Hours around a spot.

    Attributes:
        start_us: of each hour that is known, by time.
        use: of each.
    """

    start_us: Micros
    use: Values

    def expected(self, first_us: int, last_us: int, *, seen_only: bool = False) -> float:
        """What is used as a rule between two instants; `seen_only`: in such hours as have been seen on other days."""
        if not len(self.use) or last_us <= first_us:
            return 0.0
        hours = np.arange(first_us - first_us % HOUR_US, last_us, HOUR_US)
        share = (np.minimum(hours + HOUR_US, last_us) - np.maximum(hours, first_us)) / HOUR_US
        count, total = _by_kind(self._week())
        count, total = np.where(count > 0, count, _both(count)), np.where(count > 0, total, _both(total))
        mean = np.where(count > 0, total / np.maximum(count, 1), 0.0 if seen_only else float(self.use.mean()))
        return float((mean[_KIND[_hour_of_week(hours)]] * share).sum())

    def weights(self, hours: Micros) -> Values | None:
        """Each hour's usual use, for spreading; None where too many such hours were never seen on such a day."""
        week = self._seen()._week()
        count, total = _by_kind(week)
        if (count[_KIND[_hour_of_week(hours)]] == 0).mean() > _UNSEEN:
            return None
        mean = total.sum() / max(1.0, float(count.sum()))
        count, total = np.where(count > 0, count, _both(count)), np.where(count > 0, total, _both(total))
        kind = ((total + _SHRINK * mean) / (count + _SHRINK))[_KIND]
        return np.asarray(((week[1] + _SHRINK_WEEK * kind) / (week[0] + _SHRINK_WEEK))[_hour_of_week(hours)])

    def _seen(self) -> "Usual":
        """Without hours of nought that are not usual here: a power cut or a stuck register tells nothing of what is used."""
        zero = self.use == 0
        if not zero.any():
            return self
        begins = zero & ~np.concatenate([[False], zero[:-1]])
        hour = self.start_us // HOUR_US % 24
        if begins.sum() > _LONE or not np.isin(hour[zero], hour[~zero]).all():
            return self
        return Usual(self.start_us[~zero], self.use[~zero])

    def _week(self) -> tuple[Values, Values]:
        """How many hours were seen, and their use, by hour of the week."""
        where = _hour_of_week(self.start_us)
        count = np.bincount(where, minlength=_WEEK).astype(np.float64)
        return count, np.asarray(np.bincount(where, weights=self.use, minlength=_WEEK), dtype=np.float64)


def _hour_of_week(hours: Micros) -> Micros:
    return np.asarray((hours // HOUR_US + 72) % _WEEK)  # 1970-01-01 was a Thursday; Monday begins


def _by_kind(week: tuple[Values, Values]) -> tuple[Values, Values]:
    """By hour of a work day and hour of a weekend."""
    count, total = (np.asarray(np.bincount(_KIND, weights=bins, minlength=48), dtype=np.float64) for bins in week)
    return count, total


def _both(bins: Values) -> Values:
    """Work days and weekends together."""
    return np.tile(bins[:24] + bins[24:], 2)


class History:
    """Hours of a course that are plainly known, kept for the asking.

    Args:
        telling: steps that say what an hour's use is: short ones, or as long as the meter's own interval.
        first_us, last_us: the hours that are being settled; those around them are looked at more than once.
    """

    def __init__(self, course: Course, telling: Marks, first_us: int, last_us: int) -> None:
        self._course = course
        self._telling = telling
        at = course.at_us
        self._low = self._high = day_from(first_us)
        if len(at):
            self._low = max(day_from(first_us) - _HISTORY_US - DAY_US, day_from(int(at[0])))
            self._high = max(self._low, min(day_from(last_us) + _HISTORY_US + 2 * DAY_US, day_from(int(at[-1])) + DAY_US))
        self._kept: tuple[Values, Marks] | None = None

    def around(self, first_us: int, last_us: int) -> Usual:
        """The hours before `first_us` and after `last_us`, and none that the spot itself touches."""
        starts, uses = [], []
        for low, high in (
            (day_from(first_us) - _HISTORY_US, first_us - first_us % HOUR_US),
            (-(-last_us // HOUR_US) * HOUR_US, day_from(last_us) + DAY_US + _HISTORY_US),
        ):
            use, known = self._hours(low, high)
            found = np.flatnonzero(known)
            starts.append(low + found * HOUR_US)
            uses.append(use[found])
        return Usual(np.concatenate(starts), np.concatenate(uses))

    def _hours(self, low: int, high: int) -> tuple[Values, Marks]:
        if self._low <= low and high <= self._high:
            if self._kept is None:
                self._kept = self._counted(self._low, self._high)
            part = slice((low - self._low) // HOUR_US, (high - self._low) // HOUR_US)
            return self._kept[0][part], self._kept[1][part]
        at = self._course.at_us
        if not len(at) or high <= at[0] or low >= at[-1]:
            return np.zeros(0), np.zeros(0, np.bool_)
        inner_low, inner_high = max(low, self._low), min(high, self._high)
        if inner_low < inner_high and (low >= self._low or at[0] >= inner_low) and (high <= self._high or at[-1] < inner_high):
            use, known = self._hours(inner_low, inner_high)
            pad = np.zeros((inner_low - low) // HOUR_US)
            return np.concatenate([pad, use]), np.concatenate([pad.astype(np.bool_), known])
        return self._counted(low, high)

    def _counted(self, low: int, high: int) -> tuple[Values, Marks]:
        count = (high - low) // HOUR_US
        cut = pieces(self._course.at_us, self._course.step, low, count)
        telling = self._telling[cut.step] & np.isfinite(cut.use)
        hour, use, us = cut.hour[telling], cut.use[telling], cut.us[telling]
        known = np.bincount(hour, weights=us, minlength=count) >= HOUR_US - _ROUNDING_US
        return np.asarray(np.bincount(hour, weights=use, minlength=count), dtype=np.float64), known
