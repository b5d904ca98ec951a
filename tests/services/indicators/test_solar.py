"""Solar key figures by hand: domain facts 2.3."""

from dataclasses import replace
from datetime import date, datetime

import polars as pl
import pytest

from config.domain.estate import Carrier, Direction, MeteringPoint, Portfolio
from config.domain.periods import month
from services.figures.compute import building_figures, group_figures
from services.figures.frames import FIGURES, PERIODS
from services.figures.periods import longer_periods
from services.indicators import energy, solar
from services.indicators._own_solar import MORE_OUT_THAN_MADE, NO_EXPORT_METER
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


def test_borlanges_ice_rink_made_15_per_cent_of_its_electricity() -> None:
    """Domain facts 2.3 [V; D]: 237 000 kWh of 2024 used on the spot are 15 % of some 1.58 GWh; 1 343 000 were bought."""
    months = [date(2024, number, 1) for number in range(1, 13)]
    each = {BOUGHT: 1_343_000 / 8784, MADE: 237_000 / 8784, SENT: 0.0}
    frame = pl.concat([intervals(item, month(first, ZONE), value) for item, value in each.items() for first in months])
    made = basis(portfolio(*each), frame, months)
    calculations = [energy.CALCULATION, solar.CALCULATION]
    spans = longer_periods(months, ZONE, date(2025, 1, 1))
    rows = building_figures(made, calculations, pl.DataFrame(schema=dict(FIGURES)), spans).filter(pl.col("period") == "year")
    year = {row["indicator"]: row["value"] for row in rows.iter_rows(named=True)}

    assert year["electricity_used"] == pytest.approx(1.58e6, rel=0.001)
    assert year["self_sufficiency"] == pytest.approx(15.0, abs=0.05)
    assert year["self_consumption"] == pytest.approx(100.0)


def test_no_sensor_in_the_plane_no_performance_ratio() -> None:
    """The sun on flat ground is never used in its place."""
    found = figures(hours((BOUGHT, 30.0), (MADE, 20.0), (SENT, 5.0)), portfolio(BOUGHT, MADE, SENT))

    assert found["performance_ratio"]["value"] is None
    assert found["performance_ratio"]["reason"] == solar.NO_SENSOR.reason_sv


def test_without_a_meter_for_what_is_sent_out_own_use_is_unknown() -> None:
    """It is not taken for all of it."""
    found = figures(hours((BOUGHT, 30.0), (MADE, 20.0)), portfolio(BOUGHT, MADE))

    assert found["self_consumption"]["value"] is None
    assert found["self_consumption"]["reason"] == NO_EXPORT_METER[0]
    assert found["energy"]["value"] == 20.0 * 720


def test_a_net_register_has_taken_off_what_was_sent_out() -> None:
    """20 kWh made an hour; net -5 in 360 hours and +30 in 360: 1 800 sent out, 12 600 of 14 400 used, 23 400 used in all."""
    net = replace(BOUGHT, direction=Direction.NET)
    frame = pl.concat([intervals(net, WHOLE, [-5.0] * 360 + [30.0] * 360), intervals(MADE, WHOLE, 20.0)])
    found = figures(frame, portfolio(net, MADE))

    assert found["self_consumption"]["value"] == pytest.approx(12_600 / 14_400 * 100)
    assert found["self_sufficiency"]["value"] == pytest.approx(12_600 / (10_800 + 12_600) * 100)


def test_a_solar_plant_uses_nothing_of_what_it_makes() -> None:
    """It is there to send it out, and says so by its kind: 0 %, and no meter to be asked for."""
    known = portfolio(MADE)
    plant = replace(known, buildings={"skola": replace(known.buildings["skola"], kind="solar_plant")})
    found = figures(hours((MADE, 20.0)), plant)

    assert found["solar_used"]["value"] == 0.0
    assert found["self_consumption"]["value"] == 0.0


def test_more_sent_out_than_made_is_a_fault_and_no_nought() -> None:
    """0 % of own use would look like an answer; the two meters have changed places."""
    found = figures(hours((BOUGHT, 30.0), (MADE, 20.0), (SENT, 50.0)), portfolio(BOUGHT, MADE, SENT))

    assert found["solar_used"]["value"] is None
    assert found["solar_used"]["reason"] == MORE_OUT_THAN_MADE[0]


def test_an_export_meter_put_up_later_says_nothing_of_the_month_before() -> None:
    """Nought sent out would make all that was made own use."""
    known = portfolio(BOUGHT, MADE, SENT)
    later = tuple(replace(item, start=WHOLE.end) if item.point == "ut" else item for item in known.installations)
    found = figures(hours((BOUGHT, 30.0), (MADE, 20.0)), replace(known, installations=later))

    assert found["self_consumption"]["value"] is None
    assert found["self_consumption"]["reason"] == NO_EXPORT_METER[0]


def test_a_group_is_as_self_sufficient_as_all_its_buildings() -> None:
    """15 of own sun in 45 kWh is a third of the school; of the school and a house that buys 300 it is 15/345, 4.35 %."""
    house = point("el-hus", building="hus")
    known = portfolio(BOUGHT, MADE, SENT, house)
    frame = hours((BOUGHT, 30.0), (MADE, 20.0), (SENT, 5.0), (house, 300.0))
    calculations = [energy.CALCULATION, solar.CALCULATION]
    made = basis(known, frame, [JUNE])
    none = pl.DataFrame(schema=dict(FIGURES)), pl.DataFrame(schema=dict(PERIODS))
    groups = group_figures(building_figures(made, calculations, *none), calculations, known, made.limits, made.until)
    row = groups.filter((pl.col("indicator") == "self_sufficiency") & (pl.col("subject_kind") == "portfolio"))

    assert row["value"].item() == pytest.approx(15 / 345 * 100)


def test_a_dark_month_has_no_self_consumption() -> None:
    """PV = 0 is undefined: "saknas" (domain facts 2.3)."""
    found = figures(hours((BOUGHT, 30.0), (MADE, 0.0), (SENT, 0.0)), portfolio(BOUGHT, MADE, SENT))

    assert found["self_consumption"]["value"] is None
    assert found["self_consumption"]["reason"] == solar.NO_SUN.reason_sv
    assert found["self_sufficiency"]["value"] == 0.0


def test_one_plant_of_unknown_power_leaves_no_performance_ratio() -> None:
    """Both plants' energy by the sun on one of them would be 1.6, a better plant than there is."""
    second = replace(MADE, id="sol-2", max_power_kw=None)
    frame = hours((BOUGHT, 30.0), (MADE, 20.0), (second, 20.0), (SENT, 5.0))
    found = figures(frame, portfolio(BOUGHT, MADE, second, SENT), sensor())

    assert found["performance_ratio"]["value"] is None
    assert found["performance_ratio"]["reason"] == solar.NO_POWER.reason_sv


def test_no_peak_power_no_specific_yield() -> None:
    """And it says what to enter and where."""
    plain = replace(MADE, max_power_kw=None)
    found = figures(hours((BOUGHT, 30.0), (plain, 20.0), (SENT, 5.0)), portfolio(BOUGHT, plain, SENT))

    assert found["specific_yield"]["value"] is None
    assert "max_power_kw" in str(found["specific_yield"]["reason"])
