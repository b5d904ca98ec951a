"""A parent and its children no longer agree, and which child it is.

What a parent measures beside its children is compared on the days before, working days and days off apart. Where it moves for
good, either the unmetered use has changed, which is no fault, or a meter has. The hours tell which: a child that shows too much
or too little by a factor is mirrored in the residual hour by hour, a real change of use is not. So a child is named when the
residual began to follow that child's own rises and falls by as much as the residual's level moved; else nobody is accused.
Only where the children show more than the parent, and keep doing so, is it told without a name.

Own solar electricity comes in behind the main meter and is in what the children show: what was made, less what was sent out, is
added to a building's one main meter of electricity. Where what is sent out is not measured, nothing is said.

Seen on real series added up to parents: see benchmarks/deviations.py. Where more than a fifth of the parent is unmetered, a child
that is wrong by 20 % often drowns in it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from config.domain.deviations import Deviation, DeviationKind
from config.domain.estate import Carrier, Direction, MeteringPoint
from config.domain.indicators import Subject, SubjectKind
from services.analysis.deviations._episodes import Episode, episodes
from services.analysis.deviations._expected import NORMAL_SPREAD, Mask, Matrix, Rule, expectation, so_far
from services.analysis.deviations._seam import Detector, Material
from services.analysis.deviations._words import amounts, en, since_en, since_sv, sv

SHARE_OF_CHILDREN = 0.02  # that the residual must move by: the meters' own class
_FEWEST_HOURS = 20  # of a day
_PIECE_DAYS, _PIECES, _FEWEST_PIECES = 5, 8, 4  # how the residual followed the child before
_SPREADS, _FIT = 3.0, 0.5
_SMALLEST, _GREATEST = 0.04, 0.6  # moves of a child, as shares of what it shows
_WINDOW_DAYS, _AGAIN_DAYS = 8, 3  # days whose hours are asked, and how often


@dataclass(frozen=True)
class _Family:
    """One parent. Hours are [24 h · days] from the first of the material's days; NaN where any of the meters has none."""

    parent: MeteringPoint
    children: Sequence[MeteringPoint]
    shown: Matrix  # [hours, children]
    residual: Matrix  # [hours]


@dataclass(frozen=True, slots=True)
class _Named:
    """A child that explains it; `factor` is what it shows by what flows."""

    child: MeteringPoint
    factor: float
    day: int


def find(material: Material) -> Iterable[Deviation]:
    families = list(_families(material))
    if not families:
        return
    days = material.days.height
    residual = np.stack([_daily(family.residual, days) for family in families])
    children = np.stack([_daily(family.shown.sum(axis=1), days) for family in families])
    working = np.broadcast_to(material.days["working"].to_numpy(), residual.shape)
    least = np.maximum(SHARE_OF_CHILDREN * so_far(children), material.rules.least_kwh / 24)
    unknown = np.full(days, np.nan)
    parts = [
        expectation(residual, kind, unknown, Rule(0.0, least, material.rules.spreads, keeps, fewest), either_way=True)
        for kind, keeps, fewest in ((working, 28, 12), (~working, 14, 8))
    ]
    expected = np.where(np.isfinite(parts[0].expected), parts[0].expected, parts[1].expected)
    above = parts[0].above | parts[1].above
    persistence = material.rules.persistence[DETECTOR.kind]
    negative = np.isfinite(residual) & (residual < -least)
    for row, family in enumerate(families):
        told = False
        for episode in episodes(above[row], np.isfinite(expected[row]), persistence):
            named = _named(family, residual[row], expected[row], episode)
            if named is not None:
                told = True
                yield _deviation(material, family, episode, residual[row] - expected[row], above[row], named)
        for episode in () if told else episodes(negative[row], np.isfinite(residual[row]), persistence):
            yield _deviation(material, family, episode, residual[row], negative[row], None)


def _families(material: Material) -> Iterator[_Family]:
    points = material.portfolio.points
    below: dict[str, list[MeteringPoint]] = {}
    for point in points.values():
        if point.parent is not None and _adds_up(points[point.parent], point):
            below.setdefault(point.parent, []).append(point)
    suns = {parent: _own_sun(material, points[parent]) for parent in below}
    below = {parent: children for parent, children in below.items() if suns[parent] is not None}
    wanted = [name for parent, children in below.items() for name in (parent, *(child.id for child in children))]
    wanted += [name for sun in suns.values() for name in sun or {}]
    hours = material.hours.filter(pl.col("point").is_in(wanted) & (pl.col("method") == "measured"))
    if hours.is_empty():
        return
    place = _places(material)
    table = hours.join(place, on="day").with_columns(
        (pl.col("at") * 24 + pl.col("time").dt.convert_time_zone(material.portfolio.timezone).dt.hour()).alias("hour")
    )
    by_point: Mapping[str, pl.DataFrame] = {str(key[0]): rows for key, rows in table.partition_by("point", as_dict=True).items()}
    for parent, children in below.items():
        if (
            parent in by_point
            and points[parent].building in material.buildings
            and all(child.id in by_point for child in children)
            and all(name in by_point for name in suns[parent] or {})
        ):
            length = material.days.height * 24
            shown = np.stack([_placed(by_point[child.id], length) for child in children], axis=1)
            total = _placed(by_point[parent], length)
            for name, sign in (suns[parent] or {}).items():
                total = total + sign * _placed(by_point[name], length)
            whole = np.isfinite(total) & np.isfinite(shown).all(axis=1)
            shown = np.where(whole[:, None], shown, np.nan)
            yield _Family(points[parent], children, shown, np.where(whole, total, np.nan) - shown.sum(axis=1))


def _own_sun(material: Material, parent: MeteringPoint) -> dict[str, float] | None:
    """Points whose hours are added to the parent's, with their sign; None where it is not known what was sent out."""
    main = [point for point in material.portfolio.points_in(parent.building) if point.parent is None]
    bought = [point for point in main if point.carrier is Carrier.ELECTRICITY and point.direction is not Direction.EXPORT]
    made = [point.id for point in main if point.carrier is Carrier.SOLAR]
    if not made or bought != [parent]:
        return {}
    out = [point.id for point in main if point.carrier is Carrier.ELECTRICITY and point.direction is Direction.EXPORT]
    return {**dict.fromkeys(made, 1.0), **dict.fromkeys(out, -1.0)} if out else None


def _adds_up(parent: MeteringPoint, child: MeteringPoint) -> bool:
    same = parent.carrier is child.carrier and parent.carrier is not Carrier.WATER
    return same and parent.direction is Direction.IMPORT and child.direction is Direction.IMPORT


def _places(material: Material) -> pl.DataFrame:
    return material.days.select("day").with_row_index("at").with_columns(pl.col("at").cast(pl.Int64))


def _placed(rows: pl.DataFrame, length: int) -> Matrix:
    values = np.full(length, np.nan)
    known = rows.drop_nulls("value")
    values[known["hour"].to_numpy()] = known["value"].to_numpy()  # of the hour that autumn has twice, one is taken
    return values


def _daily(hours: Matrix, days: int) -> Matrix:
    """[days]: mean power of days that are known."""
    table = hours.reshape(days, 24)
    count = np.isfinite(table).sum(axis=1)
    mean = np.where(np.isfinite(table), table, 0.0).sum(axis=1) / np.maximum(count, 1)
    return np.where(count >= _FEWEST_HOURS, mean, np.nan)


def _named(family: _Family, residual: Matrix, expected: Matrix, episode: Episode) -> _Named | None:
    """The child that the residual has begun to follow by as much as the residual's level has moved.

    Asked when the episode is seen, and again while it lasts: a use that changed first must not hide a meter that does later.
    """
    moved = residual - expected
    days = [episode.detected, *range(episode.detected + _AGAIN_DAYS, episode.last + 1, _AGAIN_DAYS)]
    for day in days:
        first = max(episode.first, day - _WINDOW_DAYS + 1)
        named = _follows(family, moved, first, day)
        if named is not None:
            return named
    return None


def _follows(family: _Family, moved: Matrix, first: int, last: int) -> _Named | None:
    before = [_followed(family, piece, piece + _PIECE_DAYS) for piece in _pieces(first)]
    known = [item for item in before if item is not None]
    now = _followed(family, first, last + 1)
    if len(known) < _FEWEST_PIECES or now is None or not np.isfinite(moved[first : last + 1]).any():
        return None
    usual = np.median(np.stack(known), axis=0)
    spread = np.maximum(NORMAL_SPREAD * np.median(np.abs(np.stack(known) - usual), axis=0), 0.005)
    shown = np.array([_known_mean(family.shown[first * 24 : (last + 1) * 24, child]) for child in range(now.size)])
    wanted = _known_mean(moved[first : last + 1]) / np.maximum(shown, 1e-9)
    strength = np.abs(now - usual) / spread
    fits = (strength > _SPREADS) & (np.abs(now - usual - wanted) < _FIT * np.abs(wanted))
    fits &= (np.abs(wanted) > _SMALLEST) & (np.abs(wanted) < _GREATEST)
    if not fits.any():
        return None
    child = int(np.argmax(np.where(fits, strength, 0.0)))
    return _Named(family.children[child], 1.0 / (1.0 + float(wanted[child])), last)


def _pieces(end: int) -> list[int]:
    """First days of the pieces before `end`, as many as there are."""
    return [end - _PIECE_DAYS * (n + 1) for n in range(_PIECES) if end - _PIECE_DAYS * (n + 1) >= 0]


def _followed(family: _Family, first: int, last: int) -> Matrix | None:
    """[children]: by how much the residual follows each child from hour to hour; None of too few hours."""
    steps = np.diff(family.shown[first * 24 : last * 24], axis=0)
    residual = np.diff(family.residual[first * 24 : last * 24])
    whole = np.isfinite(steps).all(axis=1) & np.isfinite(residual)
    if whole.sum() < 60:
        return None
    slopes: Matrix = np.linalg.lstsq(steps[whole], residual[whole], rcond=None)[0].astype(np.float64)
    return slopes


def _known_mean(values: Matrix) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if known.size else 0.0


def _deviation(
    material: Material, family: _Family, episode: Episode, moved: Matrix, odd: Mask, named: _Named | None
) -> Deviation:
    parent = family.parent
    days = material.days["day"]
    first, last = days[episode.first], days[episode.last]
    span = slice(episode.first, episode.last + 1)
    kw = float(moved[span][odd[span]].mean())
    kwh = float(np.abs(moved[span][odd[span]]).sum() * 24)
    sek, kg = amounts(kwh, material.prices.price(parent.building, parent.carrier.value, last))
    building = material.portfolio.buildings[parent.building].name
    when_sv, when_en = since_sv(first, last, going_on=episode.going_on), since_en(first, last, going_on=episode.going_on)
    evidence = {"residual_moved_kw": round(kw, 3), "children": [child.id for child in family.children]}
    if named is None:
        sentence_sv = f"{building}: undermätarna vid {parent.name} visar {when_sv} {sv(-kw)} kW mer än huvudmätaren."
        sentence_en = f"{building}: the sub-meters at {parent.name} have {when_en} shown {en(-kw)} kW more than the main meter."
        action_sv = "Kontrollera omsättningstal och inkoppling på undermätarna, och att ingen av dem sitter utanför huvudmätaren."
        action_en = "Check the transformer ratios and the wiring of the sub-meters, and that none sits outside the main meter."
    else:
        child, percent = named.child, (named.factor - 1) * 100
        evidence |= {"child": child.id, "factor": round(named.factor, 3)}
        more_sv, more_en = ("för mycket", "too much") if percent > 0 else ("för lite", "too little")
        sentence_sv = (
            f"{building}: {child.name} visar {when_sv} sannolikt {sv(abs(percent))} % {more_sv}: "
            f"resten vid {parent.name} har flyttat sig {sv(kw)} kW och följer den mätaren timme för timme."
        )
        sentence_en = (
            f"{building}: {child.name} has {when_en} probably shown {en(abs(percent))} % {more_en}: "
            f"the rest at {parent.name} has moved by {en(kw)} kW and follows that meter hour by hour."
        )
        action_sv = f"Kontrollera {child.name}: omsättningstal, fasinkoppling, enhet eller pulsvärde efter byte eller ombyggnad."
        action_en = f"Check {child.name}: transformer ratio, phase wiring, unit or pulse value after an exchange or a rebuild."
    return Deviation(
        kind=DETECTOR.kind,
        subject=Subject(SubjectKind.POINT, parent.id if named is None else named.child.id),
        building=parent.building,
        carrier=parent.carrier.value,
        first_day=first,
        last_day=last,
        detected=days[episode.detected if named is None else named.day],
        going_on=episode.going_on,
        kwh=kwh,
        sek=sek,
        kg=kg,
        sentence_sv=sentence_sv,
        sentence_en=sentence_en,
        action_sv=action_sv,
        action_en=action_en,
        evidence=evidence,
    )


DETECTOR = Detector(DeviationKind.BALANCE, find)
