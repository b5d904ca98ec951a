"""How district heating is used, by hand."""

from collections.abc import Sequence
from datetime import date

import polars as pl
import pytest

from config.domain.estate import Carrier
from config.domain.periods import month
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


def figures(*gauges: pl.DataFrame) -> dict[str, dict[str, object]]:
    """Indicator → the building's row of January: 93 kWh of heat in every hour."""
    none = pl.DataFrame(schema=dict(FIGURES)), pl.DataFrame(schema=dict(PERIODS))
    made = basis(portfolio(HEAT), intervals(HEAT, WHOLE, 93.0), [JANUARY], gauges=pl.concat(gauges))
    rows = building_figures(made, [energy.CALCULATION, district_heating.CALCULATION], *none)
    mine = rows.filter((pl.col("period") == "month") & (pl.col("subject") == "skola") & (pl.col("carrier") == "district_heating"))
    return {row["indicator"]: row for row in mine.iter_rows(named=True)}


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
