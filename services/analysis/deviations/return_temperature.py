"""The water goes back warmer than it used to: a heat exchanger, a valve or a hot-water circulation that lets it through.

Judged on days with at least half of the year's mean flow: on a summer day with little of it the pipe's temperature is read, not
the building's. Nothing is wasted in kWh at the meter; what is told is the heat that went back unused, and kronor are those of the
flow, where the tariff charges it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl

from config.domain.deviations import Deviation, DeviationKind
from config.domain.indicators import Missing, Subject, SubjectKind
from services.analysis.deviations._episodes import Episode, episodes
from services.analysis.deviations._expected import Mask, Matrix, Rule, expectation, so_far
from services.analysis.deviations._heat import KWH_PER_M3_K
from services.analysis.deviations._seam import Detector, Material
from services.analysis.deviations._use import temperature
from services.analysis.deviations._words import en, since_en, since_sv, sv

LEAST_K = 3.0  # above the expected
_ENOUGH_FLOW = 0.5  # of the mean of the year so far
NO_VOLUME = Missing("Värmemätaren sänder ingen volym (register volume).", "The heat meter sends no volume (register volume).")
NO_SUPPLY = Missing("Värmemätaren sänder ingen framledningstemperatur.", "The heat meter sends no flow temperature.")
NO_NETWORK = Missing(
    "Utsläpp beror på nätet: hur varmt returen gör det är inte känt.",
    "Emissions depend on the network: what a warmer return does to it is not known.",
)


def find(material: Material) -> Iterable[Deviation]:
    keys = material.heat.select("point", "building").unique().sort("point").with_row_index("row")
    if keys.is_empty():
        return
    returned, volume, supply = (_matrix(material, keys, name) for name in ("return_c", "volume_m3", "flow_c"))
    with np.errstate(invalid="ignore"):
        flows = np.where(np.isfinite(volume), volume >= _ENOUGH_FLOW * so_far(volume), np.isfinite(returned))
    rule = Rule(share=0.0, least=LEAST_K, spreads=material.rules.spreads)
    found = expectation(returned, flows, temperature(material), rule)
    for row, (_, point, building) in enumerate(keys.iter_rows()):
        for episode in episodes(found.above[row], np.isfinite(found.expected[row]), material.rules.persistence[DETECTOR.kind]):
            seen = _Seen(point, building, returned[row], volume[row], supply[row], found.expected[row], found.above[row])
            yield _told(material, seen, episode)


def _matrix(material: Material, keys: pl.DataFrame, column: str) -> Matrix:
    days = material.days.select("day").with_row_index("at")
    placed = material.heat.join(keys, on="point").join(days, on="day").drop_nulls(column)
    values = np.full((keys.height, days.height), np.nan)
    values[placed["row"].to_numpy(), placed["at"].to_numpy()] = placed[column].to_numpy()
    return values


@dataclass(frozen=True)
class _Seen:
    """One heat meter's days. [°C], [m³]"""

    point: str
    building: str
    returned: Matrix
    volume: Matrix
    supply: Matrix
    expected: Matrix
    above: Mask


def _told(material: Material, seen: _Seen, episode: Episode) -> Deviation:
    numbers = np.flatnonzero(seen.above[episode.first : episode.last + 1]) + episode.first
    returned, expected, flow = seen.returned[numbers], seen.expected[numbers], seen.volume[numbers]
    days = material.days["day"]
    first, last = days[episode.first], days[episode.last]
    kwh: float | Missing = NO_VOLUME
    sek: float | Missing = NO_VOLUME
    if np.isfinite(flow).all():
        kwh = float((flow * (returned - expected)).sum() * KWH_PER_M3_K)
        price = material.prices.price(seen.building, "district_heating", last).sek_per_m3
        spared = _needless(flow, seen.supply[numbers], returned, expected)
        sek = price if isinstance(price, Missing) else spared if isinstance(spared, Missing) else price * spared
    was, usual, point, building = float(returned.mean()), float(expected.mean()), seen.point, seen.building
    name = material.portfolio.buildings[building].name
    when_sv, when_en = since_sv(first, last, going_on=episode.going_on), since_en(first, last, going_on=episode.going_on)
    return Deviation(
        kind=DETECTOR.kind,
        subject=Subject(SubjectKind.POINT, point),
        building=building,
        carrier="district_heating",
        first_day=first,
        last_day=last,
        detected=days[episode.detected],
        going_on=episode.going_on,
        kwh=kwh,
        sek=sek,
        kg=NO_NETWORK,
        sentence_sv=f"{name}: returtemperaturen i fjärrvärmen har {when_sv} legat på {sv(was)} °C mot väntade {sv(usual)} °C.",
        sentence_en=f"{name}: the district heating's return has {when_en} been {en(was)} °C where {en(usual)} °C was expected.",
        action_sv="Kontrollera fjärrvärmecentralen: styrventiler som inte stänger, igensatt växlare, varmvattencirkulation.",
        action_en="Check the substation: control valves that do not close, a fouled exchanger, hot-water circulation.",
        evidence={"return_c": round(was, 2), "expected_c": round(usual, 2), "days_above": len(numbers)},
    )


def _needless(volume: Matrix, supply: Matrix, returned: Matrix, expected: Matrix) -> float | Missing:
    """Cubic metres that a return as expected would have spared for the same heat: ``volume * (1 - fall / (fall + excess))``."""
    if not np.isfinite(supply).all():
        return NO_SUPPLY
    fall = np.maximum(supply - returned, 1.0)
    return float((volume * (1.0 - fall / (fall + returned - expected))).sum())


DETECTOR = Detector(DeviationKind.RETURN_TEMPERATURE, find)
