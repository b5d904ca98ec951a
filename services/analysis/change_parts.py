"""What changed a year's figure against the year before, in parts that add up to it. Pure.

    total = weather + portfolio + area + factors + real + unexplained

Of each building, E its energy and W = E - E_corrected what the weather added to it (published: metered energy less energy in
normal weather), b the year before and n the year itself:

- the building came or left, or what of it is measured did:   portfolio = E_n - E_b, and nothing else;
- one of its inputs is missing:                               unexplained = E_n - E_b, and nothing else;
- otherwise weather = W_n - W_b,
            area    = (E_b - W_b) / A_b · (A_n - A_b), where the areas of both years are known,
            real    = E_n - E_b - weather - area.

Of emissions, with f = kg / kWh the mean factor of the year's energy, summed over carriers c:

            weather = Σ (W_nc - W_bc) · f_bc,     area = (kg_b - Σ W_bc · f_bc) / A_b · (A_n - A_b),
            factors = Σ E_nc · (f_nc - f_bc):     the same energy with the new factors less with the old,
            real    = kg_n - kg_b - weather - area - factors.

A carrier that is new or gone has no change of factor. A mean factor moves with the months too where factors differ by year and
the years are rolling ones.

A group's parts are the sums of its buildings', each with what is known of it, as its published figure is. What that figure holds
beyond its buildings is unexplained. Numbers are counted in whole steps of 1/1024 kWh or kg, so that parts add up exactly.

Source: ../shared/domain.md section 8 (what changed the number); the split at the old factors and the new energy is the usual one
of index decomposition without a cross term (Laspeyres for energy, Paasche for factors).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from config.domain.indicators import Missing

WEATHER, MOVED, AREA, FACTORS, REAL, UNEXPLAINED = "weather", "portfolio", "area", "factors", "real", "unexplained"
PARTS = (WEATHER, MOVED, AREA, FACTORS, REAL, UNEXPLAINED)
STEPS = 1024  # of one kWh or kg; sums of them are exact in a float up to 10^12
ROUNDING = 1e-6  # of the figures: published ones are rounded, and a difference of no more than this is none


@dataclass(frozen=True, slots=True)
class Carried:
    """A carrier's year in one building.

    Attributes:
        weather: energy less energy in normal weather; 0 of a carrier that is not corrected. [kWh]
    """

    kwh: float
    kg: float
    weather: float = 0.0

    @property
    def factor(self) -> float | None:
        """Mean factor of the energy; None where there was none to speak of. [kg/kWh]"""
        return self.kg / self.kwh if self.kwh >= 1 / STEPS else None


@dataclass(frozen=True, slots=True)
class BuildingYear:
    """One building's year, in the measure's unit.

    Attributes:
        known: what is known of the figure, whether it is published or not; 0 where nothing is.
        lacks: why it cannot be divided; None where every input is known.
        weather: energy less energy in normal weather. [kWh]
        area_m2: heated area in that year; None where that is not known.
        half_width: of the 90 % interval of the figure in normal weather.
        carriers: what emissions are made of; empty of energy.
    """

    known: float
    lacks: Missing | None = None
    weather: float = 0.0
    area_m2: float | None = None
    half_width: float = 0.0
    carriers: Mapping[str, Carried] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BuildingPair:
    """A building in the year before and in the year; `comparable`: the same of it was measured throughout both."""

    building: str
    before: BuildingYear
    now: BuildingYear
    comparable: bool


@dataclass(frozen=True, slots=True)
class Change:
    """A change and its parts. [kWh or kg]

    Attributes:
        parts: of `PARTS`; those that cannot be there (factors of energy, an area that nobody knows) are absent.
        moved: the buildings that came or left, the most first.
        undivided: the buildings whose change cannot be divided, the most first, and why.
        compared: how many buildings the rest is about.
        half_width: of the 90 % interval of the real part.
    """

    total: float
    parts: Mapping[str, float]
    moved: tuple[str, ...] = ()
    undivided: tuple[tuple[str, Missing], ...] = ()
    compared: int = 0
    half_width: float = 0.0


def energy_change(pairs: Iterable[BuildingPair], total: float | None = None) -> Change:
    """The change of energy of some buildings. [kWh]

    Args:
        total: the change of their published figure together; None: the sum of theirs.
    """
    return _change(pairs, _energy_parts, total)


def emissions_change(pairs: Iterable[BuildingPair], total: float | None = None) -> Change:
    """The change of emissions of some buildings. [kg]"""
    return _change(pairs, _emission_parts, total)


def _energy_parts(pair: BuildingPair) -> dict[str, float]:
    parts = {WEATHER: pair.now.weather - pair.before.weather}
    return parts | _area(pair, pair.before.known - pair.before.weather)


def _emission_parts(pair: BuildingPair) -> dict[str, float]:
    weather = factors = of_weather_before = 0.0
    for carrier in sorted({*pair.before.carriers, *pair.now.carriers}):
        before, now = (year.carriers.get(carrier, Carried(0.0, 0.0)) for year in (pair.before, pair.now))
        old = before.factor if before.factor is not None else now.factor
        new = now.factor if now.factor is not None else old
        if old is None or new is None:
            continue
        weather += (now.weather - before.weather) * old
        of_weather_before += before.weather * old
        factors += now.kwh * (new - old)
    return {WEATHER: weather, FACTORS: factors} | _area(pair, pair.before.known - of_weather_before)


def _area(pair: BuildingPair, normal_before: float) -> dict[str, float]:
    before, now = pair.before.area_m2, pair.now.area_m2
    return {} if before is None or now is None or before <= 0 else {AREA: normal_before / before * (now - before)}


def _change(pairs: Iterable[BuildingPair], parts_of: Callable[[BuildingPair], dict[str, float]], total: float | None) -> Change:
    each = sorted(pairs, key=lambda pair: pair.building)
    sums = dict.fromkeys(PARTS, 0)
    seen: set[str] = set()
    moved, undivided = list[tuple[float, str]](), list[tuple[float, str, Missing]]()
    compared, squares = 0, 0.0
    for pair in each:
        difference = _steps(pair.now.known) - _steps(pair.before.known)
        lacks = pair.before.lacks or pair.now.lacks
        if not pair.comparable:
            sums[MOVED] += difference
            moved.append((abs(difference), pair.building))
        elif lacks is not None:
            sums[UNEXPLAINED] += difference
            undivided.append((abs(difference), pair.building, lacks))
        else:
            parts = {name: _steps(value) for name, value in parts_of(pair).items()}
            for name, value in parts.items():
                sums[name] += value
            sums[REAL] += difference - sum(parts.values())
            seen |= parts.keys()
            compared += 1
            squares += pair.before.half_width**2 + pair.now.half_width**2
    whole = sum(sums.values()) if total is None else _steps(total)
    beyond = whole - sum(sums.values())
    is_rounding = abs(beyond) <= _tolerance(each)
    sums[REAL if is_rounding and compared else MOVED if is_rounding and moved else UNEXPLAINED] += beyond
    given = {WEATHER, MOVED, REAL, UNEXPLAINED, *seen} if compared else {MOVED, UNEXPLAINED}
    return Change(
        whole / STEPS,
        {name: sums[name] / STEPS for name in PARTS if name in given},
        tuple(name for _, name in sorted(moved, key=lambda item: (-item[0], item[1]))),
        tuple((name, why) for _, name, why in sorted(undivided, key=lambda item: (-item[0], item[1]))),
        compared,
        squares**0.5,
    )


def _tolerance(pairs: Sequence[BuildingPair]) -> float:
    """In steps: what rounding may leave between a group's figure and the sum of its buildings'."""
    return STEPS * ROUNDING * sum(abs(pair.before.known) + abs(pair.now.known) for pair in pairs) + 2 * len(pairs)


def _steps(value: float) -> int:
    return round(value * STEPS)
