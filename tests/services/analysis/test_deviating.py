"""The days' use that deviations are judged on."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from config.domain.estate import Carrier, Direction, Installation, Meter, MeteringPoint, Portfolio, Register
from services.analysis.deviating import day_use, detectors
from tests.services.analysis.deviations.estate import portfolio

ZONE = "Europe/Stockholm"
DAY = date(2026, 11, 10)
MIDNIGHT = datetime(2026, 11, 9, 23, tzinfo=UTC)


def estate() -> Portfolio:
    """A school that buys, makes and sends out electricity, with a sub-meter in its kitchen."""
    made = portfolio([("el", "skola", Carrier.ELECTRICITY, None)], zone=ZONE)
    more = {
        "ut": MeteringPoint("ut", "ut", "skola", Carrier.ELECTRICITY, Direction.EXPORT, 0.001),
        "sol": MeteringPoint("sol", "sol", "skola", Carrier.SOLAR, Direction.EXPORT, 0.001),
        "kok": MeteringPoint("kok", "kok", "skola", Carrier.ELECTRICITY, Direction.IMPORT, 0.001, parent="el"),
    }
    begun = datetime(2020, 1, 1, tzinfo=UTC)
    return Portfolio(
        made.municipality,
        ZONE,
        made.owners,
        made.buildings,
        {**made.points, **more},
        {**made.meters, **{f"m-{name}": Meter(f"m-{name}", "test", name, (Register("energy"),)) for name in more}},
        (*made.installations, *(Installation(name, f"m-{name}", "energy", begun) for name in more)),
    )


def hours(**loads: list[float | None]) -> pl.DataFrame:
    """Hours of one local day by point."""
    kind = {"el": "electricity", "ut": "electricity_export", "sol": "solar", "kok": "electricity"}
    return pl.concat(
        pl.DataFrame(
            {
                "building": "skola",
                "point": point,
                "reported_as": kind[point],
                "level": "sub" if point == "kok" else "main",
                "time": pl.Series([MIDNIGHT + timedelta(hours=n) for n in range(24)], dtype=pl.Datetime("us", "UTC")),
                "day": DAY,
                "value": pl.Series(values, dtype=pl.Float64),
                "method": ["missing" if value is None else "measured" for value in values],
            }
        )
        for point, values in loads.items()
    )


def sun(night: float, by_day: float) -> list[float | None]:
    return [by_day if 8 <= n < 16 else night for n in range(24)]


def test_use_is_bought_and_made_less_sent_out() -> None:
    """By day 10 + 6 − 4 = 12 kW in eight hours, else 10 kW: 06-22 (8·12 + 8·10)/16 = 11 kW; the kitchen is in it already."""
    (row,) = day_use(hours(el=[10.0] * 24, sol=sun(0.0, 6.0), ut=sun(0.0, 4.0), kok=[3.0] * 24), estate()).rows(named=True)

    assert row["reported_as"] == "electricity"
    assert row["night_kw"] == pytest.approx(10.0)
    assert row["day_kw"] == pytest.approx(11.0)
    assert row["kwh"] == pytest.approx(10 * 24 + 8 * 2)


def test_without_the_solar_meter_nothing_is_known_of_the_use() -> None:
    """Bought electricity falls when the sun shines; taken for the use it would be a saving by day and a waste at night."""
    (row,) = day_use(hours(el=[10.0] * 24, sol=[None] * 24, ut=sun(0.0, 4.0)), estate()).rows(named=True)

    assert (row["night_kw"], row["day_kw"], row["kwh"]) == (None, None, None)


def test_two_hours_of_a_night_are_no_night() -> None:
    """Three of five are asked for."""
    gap: list[float | None] = [None if n in (0, 1, 2) else 10.0 for n in range(24)]
    (row,) = day_use(hours(el=gap, sol=[0.0] * 24, ut=[0.0] * 24), estate()).rows(named=True)

    assert row["night_kw"] is None
    assert row["day_kw"] == pytest.approx(10.0)
    assert row["kwh"] is None


def test_the_base_load_is_the_tenth_percentile_of_the_night() -> None:
    """Of 5, 6, 7, 8, 9 kW: 5 + 0.4·(6 − 5) = 5.4 kW."""
    night: list[float | None] = [5.0, 6.0, 7.0, 8.0, 9.0, *[20.0] * 19]
    (row,) = day_use(hours(el=night, sol=[0.0] * 24, ut=[0.0] * 24), estate()).rows(named=True)

    assert row["low_kw"] == pytest.approx(5.4)
    assert row["night_kw"] == pytest.approx(7.0)


def test_every_kind_has_one_detector() -> None:
    """The shelf is found by looking in the folder."""
    kinds = [detector.kind for detector in detectors()]

    assert len(kinds) == len(set(kinds)) == 10
