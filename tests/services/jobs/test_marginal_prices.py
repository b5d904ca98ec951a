"""What a kilowatt-hour more emits and costs."""

from datetime import date
from pathlib import Path

import pytest

from config.domain.factors import Factors
from config.domain.indicators import Missing
from config.loading import load_municipality
from services.jobs.marginal_prices import MarginalPrices
from tests.config.folders import written
from tests.services.jobs.world import portfolio

FACTORS = """\
factors:
  - id: el-plats-2026
    carrier: electricity
    year: 2026
    value: 20
    unit: g CO2e/kWh
    perspective: location
    includes: [combustion]
    source: prov
    mark: S
"""


def test_emissions_are_those_of_the_place_and_kronor_are_asked_for(tmp_path: Path) -> None:
    """20 g by location; where nobody gives a tariff's price the amount says what to enter."""
    town = load_municipality(written(tmp_path / "town", factors=FACTORS))
    price = MarginalPrices(portfolio(), town.factors).price("skola", "electricity", date(2026, 11, 2))

    assert price.g_per_kwh == pytest.approx(20.0)
    assert isinstance(price.sek_per_kwh, Missing)
    assert "tariffs.yaml" in price.sek_per_kwh.reason_sv


def test_kronor_come_from_whoever_knows_the_tariffs() -> None:
    """Asked with building, carrier and day."""

    def sek(building: str, carrier: str, on: date) -> float | Missing:
        return 1.25 if (building, carrier, on) == ("skola", "electricity", date(2026, 11, 2)) else 0.0

    price = MarginalPrices(portfolio(), Factors(), sek_per_kwh=sek).price("skola", "electricity", date(2026, 11, 2))

    assert price.sek_per_kwh == 1.25
    assert isinstance(price.g_per_kwh, Missing)


def test_a_heat_network_without_a_factor_is_missing() -> None:
    """No two networks have the same; none is borrowed."""
    price = MarginalPrices(portfolio(), Factors()).price("skola", "district_heating", date(2026, 11, 2))

    assert isinstance(price.g_per_kwh, Missing)
    assert "heat_network" in price.g_per_kwh.reason_sv
