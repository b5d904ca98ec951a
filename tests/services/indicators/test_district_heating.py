"""How district heating is used, by hand."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from config.domain.estate import Agreed, Carrier, MeteringPoint
from config.domain.factors import Mark
from config.domain.periods import month
from config.domain.tariffs import Component, ComponentKind, Tariff, Tariffs
from services.figures.compute import building_figures
from services.figures.frames import FIGURES, PERIODS
from services.indicators import district_heating, energy
from tests.services.indicators.example_basis import HOUR, ZONE, basis, intervals, point, portfolio

JANUARY = date(2026, 1, 1)
WHOLE = month(JANUARY, ZONE)
HEAT = point("värme", Carrier.DISTRICT_HEATING)


def gauge(quantity: str, values: Sequence[float | None]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "building": "skola",
            "point": "värme",
            "meter": "m-värme",
            "quantity": quantity,
            "channel": "",
            "time": [WHOLE.start + n * HOUR for n in range(len(values))],
            "value": values,
        },
        schema_overrides={"time": pl.Datetime("us", "UTC"), "value": pl.Float64},
    ).drop_nulls()


def figures(
    *gauges: pl.DataFrame, points: Sequence[MeteringPoint] = (HEAT,), subject: str = "skola", tariffs: Tariffs | None = None
) -> dict[str, dict[str, object]]:
    """Indicator → the subject's row of January: 93 kWh of heat in every hour of each point."""
    none = pl.DataFrame(schema=dict(FIGURES)), pl.DataFrame(schema=dict(PERIODS))
    frame = pl.concat([intervals(item, WHOLE, 93.0) for item in points])
    made = basis(portfolio(*points), frame, [JANUARY], gauges=pl.concat(gauges), tariffs=tariffs or Tariffs())
    rows = building_figures(made, [energy.CALCULATION, district_heating.CALCULATION], *none)
    mine = rows.filter((pl.col("period") == "month") & (pl.col("subject") == subject) & (pl.col("carrier") == "district_heating"))
    return {row["indicator"]: row for row in mine.iter_rows(named=True)}


def flow(price: float, months: tuple[int, ...] = ()) -> Tariffs:
    """A price list of 2026 that charges cubic metres."""
    component = Component(ComponentKind.FLOW, price, months=months)
    dates = date(2026, 1, 1), date(2027, 1, 1)
    listed = Tariff("fv", "Värme", Carrier.DISTRICT_HEATING, "Nätet", *dates, (component,), "provet", Mark.VERIFIED)
    return Tariffs(0.25, (listed,))


def priced(item: MeteringPoint = HEAT) -> MeteringPoint:
    return replace(item, tariffs=(Agreed("fv"),))


def at_40_degrees() -> tuple[pl.DataFrame, ...]:
    """1 488 m³ with 40 °C of drop."""
    return (
        gauge("volume", HALF),
        gauge("volume_temperature_return", [COLD, 3 * WARM] * 372),
        gauge("volume_temperature_flow", [90.0, 270.0] * 372),
    )


HALF = [1.0, 3.0] * 372  # m³ in an hour, by turns
COLD, WARM = 35.0, 55.0  # °C of the return, by turns


def test_the_return_temperature_is_weighted_by_volume() -> None:
    """1 m³ at 35 °C and 3 m³ at 55 °C are 50 °C, not 45; from the counters of volume times temperature (E9/V)."""
    found = figures(
        gauge("volume", HALF),
        gauge("volume_temperature_return", [1.0 * COLD, 3.0 * WARM] * 372),
        gauge("volume_temperature_flow", [90.0, 270.0] * 372),
    )

    assert found["return_temperature"]["value"] == pytest.approx(50.0)
    assert found["flow_temperature"]["value"] == pytest.approx(90.0)
    assert found["temperature_drop"]["value"] == pytest.approx(40.0)


def test_mean_temperatures_do_where_there_are_no_counters() -> None:
    """The same month from the gauges."""
    found = figures(
        gauge("volume", HALF), gauge("return_temperature", [COLD, WARM] * 372), gauge("flow_temperature", [90.0] * 744)
    )

    assert found["return_temperature"]["value"] == pytest.approx(50.0)


def test_volume_per_energy_and_what_a_degree_spares() -> None:
    """2 m³ and 93 kWh in a mean hour: 21.5 m³/MWh. With 40 °C of drop, one more spares the share 1 - 40/41 of the water."""
    found = figures(
        gauge("volume", HALF),
        gauge("volume_temperature_return", [COLD, 3 * WARM] * 372),
        gauge("volume_temperature_flow", [90.0, 270.0] * 372),
    )

    assert found["volume_per_energy"]["value"] == pytest.approx(2000 / 93)
    assert found["saved_volume_1c"]["value"] == pytest.approx(2.0 * 744 / 41)


def test_a_degree_is_worth_its_water_and_carries_its_heat() -> None:
    """1 488/41 m³ at Borlänge Energi's 3.15 kr (2021) are 114.32 kr; a degree of 1 488 m³ is 1 709.7 kWh."""
    found = figures(*at_40_degrees(), points=[priced()], tariffs=flow(3.15))

    assert found["saved_cost_1c"]["value"] == pytest.approx(114.32, abs=0.005)
    assert found["returned_heat_1c"]["value"] == pytest.approx(1_709.7, abs=0.05)


def test_a_price_list_that_charges_no_flow_in_the_month_saves_nothing() -> None:
    """Nought here is known, not missing."""
    found = figures(*at_40_degrees(), points=[priced()], tariffs=flow(3.15, months=(10, 11, 12)))

    assert found["saved_cost_1c"]["value"] == 0.0


def test_without_a_price_list_the_kronor_are_missing_and_the_water_is_not() -> None:
    """It says at which point to enter it."""
    found = figures(*at_40_degrees())

    assert found["saved_cost_1c"]["value"] is None
    assert found["saved_cost_1c"]["reason"] == "Tariff saknas: ange tariff för mätpunkten värme under tariffs i portfolio.yaml."
    assert found["saved_volume_1c"]["value"] == pytest.approx(2.0 * 744 / 41)


def test_overflow_is_the_water_beyond_a_drop_of_45_degrees() -> None:
    """744 · 93 kWh at 1.149 kWh/(m³·K) and 45 °C are 1 338.2 m³; 1 488 flowed: 149.8 m³ too much, 10.1 %."""
    found = figures(*at_40_degrees())

    assert found["overflow_volume"]["value"] == pytest.approx(149.8, abs=0.05)
    assert found["overflow_share"]["value"] == pytest.approx(10.07, abs=0.005)


def test_of_a_building_with_two_heat_meters_each_has_its_own_temperature() -> None:
    """1 m³ at 35 °C at one and 3 at 55 °C at the other: the building's 50 °C would hide which."""
    other = point("värme-2", Carrier.DISTRICT_HEATING)
    told = [gauge("volume", [1.0] * 744), gauge("return_temperature", [COLD] * 744), gauge("flow_temperature", [90.0] * 744)]
    second = [gauge("volume", [3.0] * 744), gauge("return_temperature", [WARM] * 744), gauge("flow_temperature", [90.0] * 744)]
    moved = [frame.with_columns(pl.lit("värme-2").alias("point"), pl.lit("m-värme-2").alias("meter")) for frame in second]
    found = {
        name: figures(*told, *moved, points=[HEAT, other], subject=name)["return_temperature"]["value"]
        for name in ("skola", "värme", "värme-2")
    }

    assert found == {"skola": pytest.approx(50.0), "värme": pytest.approx(35.0), "värme-2": pytest.approx(55.0)}


def test_of_a_building_with_one_heat_meter_the_meter_has_no_rows_of_its_own() -> None:
    """They would say the same twice."""
    assert "return_temperature" not in figures(*at_40_degrees(), subject="värme")


def test_hours_without_a_temperature_do_not_count_as_nought_degrees() -> None:
    """A twentieth of the hours lack it: the mean is of those that tell, and the coverage says so."""
    told: list[float | None] = [None if n % 20 == 0 else 50.0 for n in range(744)]
    found = figures(gauge("volume", [2.0] * 744), gauge("return_temperature", told), gauge("flow_temperature", [90.0] * 744))

    assert found["return_temperature"]["value"] == pytest.approx(50.0)
    assert found["return_temperature"]["coverage"] == pytest.approx(706 / 744)


def test_a_meter_that_sends_no_volume() -> None:
    """Missing, and it says what the meter does not send."""
    found = figures(gauge("return_temperature", [50.0] * 744))

    assert found["return_temperature"]["value"] is None
    assert found["heat_volume"]["reason"] == district_heating.NO_VOLUME.reason_sv
