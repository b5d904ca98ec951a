"""What a silent and a stuck meter have in common: a point, and the use that is not known. Pure."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl

from config.domain.deviations import Deviation, DeviationKind
from config.domain.estate import Installation, MeteringPoint
from config.domain.indicators import Missing, Subject, SubjectKind
from services.analysis.deviations._seam import Material
from services.analysis.deviations._words import amounts, en, sv

NOTHING_KNOWN = Missing(
    "Väntad användning är inte känd: mätaren har inte gett ett helt dygn på tio veckor.",
    "The expected use is not known: the meter has not given a whole day in ten weeks.",
)
NO_KWH = Missing("Vatten mäts i m³.", "Water is measured in m³.")
ACTION_SILENT = (
    "Kontrollera mätarens strömförsörjning, batteri och radiotäckning, och att insamlingen fortfarande är ansluten.",
    "Check the meter's supply, battery and radio coverage, and that the collection is still connected.",
)
ACTION_NEVER_HEARD = (
    "Kontrollera att mätaren är ansluten och att dess id i portfolio.yaml är det som den sänder "
    "(energimonitor unknown-devices visar vad som kommer från okända enheter).",
    "Check that the meter is connected and that its id in portfolio.yaml is the one that it sends "
    "(energimonitor unknown-devices shows what comes from unknown devices).",
)
ACTION_STUCK = (
    "Läs av mätaren på plats och jämför; en mätare som står still medan anläggningen går byts ut.",
    "Read the meter on the spot and compare; a meter that stands still while the plant runs is exchanged.",
)


def installed(material: Material, point: MeteringPoint) -> Installation | None:
    """The meter that is there now and has been since its installation; None where there is none now."""
    for item in material.portfolio.installations_of[point.id]:
        if item.start <= material.until and (item.end is None or item.end >= material.until):
            return item
    return None


def usual_day(hours: pl.DataFrame) -> float | None:
    """The median day of whole days. [the point's unit]"""
    days = hours.drop_nulls("value").group_by("day").agg(pl.col("value").sum(), pl.len()).filter(pl.col("len") >= 23)["value"]
    return float(np.median(days.to_numpy())) if len(days) else None


def metering_fault(
    material: Material,
    kind: DeviationKind,
    point: MeteringPoint,
    since: datetime,
    told_after: timedelta,
    a_day: float | None,
    words: tuple[str, str],
    action: tuple[str, str],
    facts: Mapping[str, Any] | None = None,
) -> Deviation:
    """The deviation of a meter that says nothing, or nothing true, up to now.

    Args:
        words: what it does, with `{days}` for how long.
        facts: what else stands in the evidence.
    """
    hours = (material.until - since) / timedelta(hours=1)
    kwh: float | Missing = NO_KWH if point.unit != "kWh" else NOTHING_KNOWN if a_day is None else a_day * hours / 24
    last = local_day(material, material.until - timedelta(seconds=1))
    sek, kg = (
        (kwh, kwh) if isinstance(kwh, Missing) else amounts(kwh, material.prices.price(point.building, point.carrier.value, last))
    )
    building = material.portfolio.buildings[point.building].name
    known = a_day is not None and point.unit == "kWh"
    usual_sv = f" Den brukar mäta {sv(a_day)} kWh om dygnet." if known and a_day is not None else ""
    usual_en = f" It usually measures {en(a_day)} kWh a day." if known and a_day is not None else ""
    return Deviation(
        kind=kind,
        subject=Subject(SubjectKind.POINT, point.id),
        building=point.building,
        carrier=point.carrier.value,
        first_day=local_day(material, since),
        last_day=last,
        detected=min(last, local_day(material, since + told_after)),
        going_on=True,
        kwh=kwh,
        sek=sek,
        kg=kg,
        sentence_sv=f"{building}: mätaren vid {point.name} {words[0].format(days=sv(hours / 24))}.{usual_sv}",
        sentence_en=f"{building}: the meter at {point.name} {words[1].format(days=en(hours / 24))}.{usual_en}",
        action_sv=action[0],
        action_en=action[1],
        evidence={
            "since": since.isoformat(),
            "hours": round(hours, 1),
            "usual_a_day": None if a_day is None else round(a_day, 3),
            **(facts or {}),
        },
    )


def local_day(material: Material, instant: datetime) -> date:
    zone = material.portfolio.timezone
    day: date = pl.Series([instant]).dt.convert_time_zone(zone).dt.date()[0]
    return day
