"""True loads that drive the registers of the invented worlds: what a building really uses, in steps of five minutes."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float64]

STEP = 300  # seconds
HOUR = 3600
DAY = 86400
WEEK = 7 * DAY


@dataclass(frozen=True)
class Load:
    """Power by step from `first` (epoch seconds), and what it sums to.

    Attributes:
        power: per hour (kW, or m³ an hour), even within a step; negative where a net point gives back.
    """

    first: int
    power: Vector

    def energy(self, times: npt.ArrayLike) -> Vector:
        """Used since `first`."""
        edges = self.first + STEP * np.arange(len(self.power) + 1)
        sums = np.concatenate([[0.0], np.cumsum(self.power) * STEP / HOUR])
        return np.asarray(np.interp(np.asarray(times, dtype=float), edges, sums), dtype=float)

    def largest(self, start: float, end: float) -> float:
        """The highest power between two instants."""
        first, last = int((start - self.first) // STEP), int((end - self.first) // STEP) + 1
        return float(np.abs(self.power[max(0, first) : max(1, last)]).max())


Shape = Callable[[Vector, np.random.Generator], Vector]


def constant(times: Vector, random: np.random.Generator) -> Vector:
    """The same day and night."""
    return np.full(len(times), random.uniform(0.6, 1.4))


def daily(times: Vector, random: np.random.Generator) -> Vector:
    """A night's base and a bow by day, alike every day."""
    base, opens, shuts = random.uniform(0.2, 0.5), random.uniform(4, 8), random.uniform(16, 21)
    hour = times % DAY / HOUR
    bow = np.sin(np.pi * np.clip((hour - opens) / (shuts - opens), 0, 1))
    return base + random.uniform(1.0, 2.0) * bow


def school(times: Vector, random: np.random.Generator) -> Vector:
    """Work days and a base at nights and weekends, never nought, each day a little other than the last."""
    base = random.uniform(0.25, 0.45)
    hour, day = times % DAY / HOUR, (times // DAY).astype(int)
    open_day = (day + 3) % 7 < 5  # 1970-01-01 was a Thursday
    lively = random.uniform(0.85, 1.15, len(day))[np.searchsorted(np.unique(day), day)]
    use = random.uniform(1.2, 2.0) * lively * open_day / (1 + np.exp(-2 * (hour - 6.5))) / (1 + np.exp(1.5 * (hour - 16)))
    return np.asarray((base + use) * _flicker(len(times), random, 0.04), dtype=float)


def winter_heat(times: Vector, random: np.random.Generator) -> Vector:
    """Heating that follows a temperature which wanders over days and swings over the day."""
    knots = np.cumsum(random.normal(0, 0.12, 2 + int((times[-1] - times[0]) // DAY)))
    slow = np.interp(times, times[0] + DAY * np.arange(len(knots)), knots)
    swing = random.uniform(0.05, 0.2) * np.cos(2 * np.pi * (times % DAY / HOUR - 4) / 24)
    return np.clip(1.0 + slow + swing, 0.35, 2.5) * _flicker(len(times), random, 0.05)


def summer_heat(times: Vector, random: np.random.Generator) -> Vector:
    """A little hot water: mostly nought, now and then a tap for a quarter of an hour."""
    hour = times % DAY / HOUR
    chance = np.where((hour > 4) & (hour < 21), random.uniform(0.02, 0.05), 0.002)
    return _taps(times, chance, random)


def season_ends(times: Vector, random: np.random.Generator) -> Vector:
    """Heating without hot water in a spring that gets warm: nought on warm days first, then for days on end."""
    share = (times - times[0]) / (times[-1] - times[0])
    warmth = -6 + random.uniform(18, 24) * share + random.uniform(3, 5) * np.cos(2 * np.pi * (times % DAY / HOUR - 14) / 24)
    days = random.normal(0, 1.5, 2 + int((times[-1] - times[0]) // DAY))
    weather = np.interp(times, times[0] + DAY * np.arange(len(days)), days)
    if random.random() < 0.3:
        warmth = warmth[::-1]
    return np.asarray(np.clip(10 - warmth - weather, 0, None) / 10, dtype=float)


def water(times: Vector, random: np.random.Generator) -> Vector:
    """Nought at nights and weekends, draws by day."""
    hour, day = times % DAY / HOUR, (times // DAY).astype(int)
    chance = np.where((hour > 6) & (hour < 16) & ((day + 3) % 7 < 5), random.uniform(0.15, 0.4), 0.0)
    return _taps(times, chance, random)


def dwellings(times: Vector, random: np.random.Generator) -> Vector:
    """Water of a block of flats: little at night, never nothing for long."""
    hour = times % DAY / HOUR
    return (0.15 + 1.6 * np.exp(-(((hour - 7) / 2.5) ** 2)) + 1.8 * np.exp(-(((hour - 18) / 3) ** 2))) * random.uniform(
        0.6, 1.4, len(times)
    )


def solar(times: Vector, random: np.random.Generator) -> Vector:
    """Panels: nought at night, clear and clouded days."""
    half = random.uniform(3.5, 8.5)
    hour, day = times % DAY / HOUR, (times // DAY).astype(int)
    clear = random.beta(1.2, 1.0, len(day))[np.searchsorted(np.unique(day), day)]
    bow = np.clip(np.cos(np.pi / 2 * (hour - 11) / half), 0, None) * (np.abs(hour - 11) < half)
    return np.maximum(0.05, clear) * bow**1.3 * _flicker(len(times), random, 0.15)


def furnace(times: Vector, random: np.random.Generator) -> Vector:
    """A workshop that idles, and for some hours runs thirty times as hard."""
    idle = 0.05
    power = np.full(len(times), idle)
    for _ in range(int(random.integers(1, 4))):
        first = int(random.integers(len(times) // 4, len(times)))
        power[first : first + int(random.integers(2, 10)) * 12] = idle * random.uniform(15, 40)
    return power


def net(times: Vector, random: np.random.Generator) -> Vector:
    """Use less the panels' production."""
    return np.asarray(school(times, random) - random.uniform(1.0, 3.0) * solar(times, random), dtype=float)


def _flicker(count: int, random: np.random.Generator, size: float) -> Vector:
    """Noise about 1 that lasts for a while, as loads switch on and off."""
    noise = random.normal(0, size, count)
    smooth = np.convolve(noise, np.ones(6) / 6**0.5, mode="same")
    return np.clip(1 + smooth, 0.2, None)


def _taps(times: Vector, chance: Vector, random: np.random.Generator) -> Vector:
    open_tap = random.random(len(times)) < chance
    held = open_tap | np.roll(open_tap, 1)
    held[0] = False
    return held * random.uniform(0.5, 2.0, len(times))


def made(shape: Shape, start: int, end: int, scale: float, random: np.random.Generator) -> Load:
    """A load of that shape from three days before `start` to three days after `end`, `scale` times as large."""
    first = start - 3 * DAY
    times = np.arange(first, end + 3 * DAY, STEP, dtype=float)
    return Load(first, shape(times, random) * scale)
