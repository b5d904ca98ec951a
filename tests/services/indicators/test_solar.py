"""Solar key figures by hand: domain facts 2.3."""

from dataclasses import replace
from datetime import date, datetime

import polars as pl
import pytest

from config.domain.estate import Carrier, Direction, MeteringPoint, Portfolio
from config.domain.periods import month
from services.figures.compute import building_figures
from services.figures.frames import FIGURES, PERIODS
from services.indicators import energy, solar
from tests.services.indicators.example_basis import EMPTY, HOUR, ZONE, basis, intervals, point, portfolio

JUNE = date(2026, 6, 1)
WHOLE = month(JUNE, ZONE)
BOUGHT = point("el")
MADE = replace(point("sol", Carrier.SOLAR), max_power_kw=100.0)
SENT = point("ut", direction=Direction.EXPORT)


def figures(frame: pl.DataFrame, known: Portfolio, gauges: pl.DataFrame | None = None) -> dict[str, dict[str, object]]:
    """Indicator → the building's row of June, of solar."""
    none = pl.DataFrame(schema=dict(FIGURES)), pl.DataFrame(schema=dict(PERIODS))
    empty = pl.DataFrame(schema=dict(EMPTY["gauges"]))
    made = basis(known, frame, [JUNE], gauges=empty if gauges is None else gauges)
    rows = building_figures(made, [energy.CALCULATION, solar.CALCULATION], *none)
    mine = rows.filter((pl.col("period") == "month") & (pl.col("subject") == "skola") & (pl.col("carrier") == "solar"))
    return {row["indicator"]: row for row in mine.iter_rows(named=True)}


def hours(*points: tuple[MeteringPoint, float | None]) -> pl.DataFrame:
    return pl.concat([intervals(item, WHOLE, value) for item, value in points])


def sensor(hours_told: int = 720) -> pl.DataFrame:
    """250 W/m² in every hour, of a sensor in the plane of the panels."""
    times: list[datetime] = [WHOLE.start + n * HOUR for n in range(hours_told)]
    return pl.DataFrame(
        {
            "building": "skola",
            "point": "sol",
            "meter": "m-sol",
            "quantity": "irradiance",
            "channel": "",
            "time": times,
            "value": 250.0,
        },
        schema_overrides={"time": pl.Datetime("us", "UTC")},
    )


def test_what_is_used_on_the_spot() -> None:
    """Of 20 kWh an hour 5 are sent out while 30 are bought: (20-5)/20 = 75 %, (20-5)/(30+20-5) = 33.3 %."""
    found = figures(hours((BOUGHT, 30.0), (MADE, 20.0), (SENT, 5.0)), portfolio(BOUGHT, MADE, SENT))

    assert found["solar_used"]["value"] == 15.0 * 720
    assert found["self_consumption"]["value"] == pytest.approx(75.0)
    assert found["self_sufficiency"]["value"] == pytest.approx(100 / 3)


def test_yield_and_performance() -> None:
    """20 kW of 100 kWp for 720 h: Yf 144 kWh/kWp; 250 W/m² for 720 h: Yr 180 h; PR 0.8 (IEC 61724-1: Yf / Yr)."""
    found = figures(hours((BOUGHT, 30.0), (MADE, 20.0), (SENT, 5.0)), portfolio(BOUGHT, MADE, SENT), sensor())

    assert found["specific_yield"]["value"] == pytest.approx(144.0)
    assert found["reference_yield"]["value"] == pytest.approx(180.0)
    assert found["performance_ratio"]["value"] == pytest.approx(0.8)


def test_no_sensor_in_the_plane_no_performance_ratio() -> None:
    """The sun on flat ground is never used in its place."""
    found = figures(hours((BOUGHT, 30.0), (MADE, 20.0), (SENT, 5.0)), portfolio(BOUGHT, MADE, SENT))

    assert found["performance_ratio"]["value"] is None
    assert found["performance_ratio"]["reason"] == solar.NO_SENSOR.reason_sv


def test_without_a_meter_for_what_is_sent_out_own_use_is_unknown() -> None:
    """It is not taken for all of it."""
    found = figures(hours((BOUGHT, 30.0), (MADE, 20.0)), portfolio(BOUGHT, MADE))

    assert found["self_consumption"]["value"] is None
    assert found["self_consumption"]["reason"] == solar.NO_EXPORT.reason_sv
    assert found["energy"]["value"] == 20.0 * 720


def test_a_dark_month_has_no_self_consumption() -> None:
    """PV = 0 is undefined: "saknas" (domain facts 2.3)."""
    found = figures(hours((BOUGHT, 30.0), (MADE, 0.0), (SENT, 0.0)), portfolio(BOUGHT, MADE, SENT))

    assert found["self_consumption"]["value"] is None
    assert found["self_consumption"]["reason"] == solar.NO_SUN.reason_sv
    assert found["self_sufficiency"]["value"] == 0.0


def test_no_peak_power_no_specific_yield() -> None:
    """And it says what to enter and where."""
    plain = replace(MADE, max_power_kw=None)
    found = figures(hours((BOUGHT, 30.0), (plain, 20.0), (SENT, 5.0)), portfolio(BOUGHT, plain, SENT))

    assert found["specific_yield"]["value"] is None
    assert "max_power_kw" in str(found["specific_yield"]["reason"])
