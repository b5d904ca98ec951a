"""What a kilowatt-hour more emits and costs."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from config.domain.estate import Agreed, Carrier, Portfolio
from config.domain.factors import Factors, Mark
from config.domain.indicators import Missing
from config.domain.periods import day
from config.domain.tariffs import Component, ComponentKind, Tariff, Tariffs
from config.loading import load_municipality
from services.jobs.marginal_prices import MarginalPrices, stored_spot
from tests.config.folders import written
from tests.doubles.memory_store import MemoryStore
from tests.services.indicators.example_basis import point
from tests.services.indicators.example_basis import portfolio as indicator_portfolio
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
    assert "under tariffs i portfolio.yaml" in price.sek_per_kwh.reason_sv


def priced(*components: Component, name: str = "el") -> Tariffs:
    item = Tariff(name, name, Carrier.ELECTRICITY, "L", date(2020, 1, 1), None, components, "lista", Mark.VERIFIED)
    return Tariffs(0.25, (item,))


def billed(*lists: str) -> Portfolio:
    return indicator_portfolio(replace(point("e"), tariffs=tuple(Agreed(name) for name in lists)))


WEDNESDAY, SATURDAY = date(2026, 11, 4), date(2026, 11, 7)


@pytest.mark.parametrize(("on", "sek"), [(WEDNESDAY, 0.2 + 0.5 + 0.411), (SATURDAY, 0.2 + 0.411)])
def test_kronor_are_those_that_move_with_the_day(on: date, sek: float) -> None:
    """Energy all day 0.20, on working days 07-19 one krona more (half of the hours), tax; power and fixed charges stay out."""
    lists = priced(
        Component(ComponentKind.ENERGY, 0.2),
        Component(ComponentKind.ENERGY, 1.0, weekdays_only=True, hours=(7, 19)),
        Component(ComponentKind.TAX, 0.411),
        Component(ComponentKind.FIXED, 7900.0),
        Component(ComponentKind.PEAK_POWER, 50.0, peaks=1),
    )
    price = MarginalPrices(billed("el"), Factors(), lists).price("skola", "electricity", on)

    assert price.sek_per_kwh == pytest.approx(sek)
    assert isinstance(price.g_per_kwh, Missing)


def test_the_spot_price_is_the_days_mean_and_asked_for_where_it_lacks() -> None:
    """96 quarters at 1 and 3 kr by turns, 2 in the mean, and 0.05 on top."""
    store = MemoryStore()
    start = day(WEDNESDAY, "Europe/Stockholm").start
    rows = [(start + n * timedelta(minutes=15), "SE3", 1.0 + 2 * (n % 2), 15, 0) for n in range(96)]
    columns = {
        "time": pl.Datetime("us", "UTC"),
        "area": pl.String,
        "value": pl.Float64,
        "minutes": pl.Int64,
        "received": pl.Int64,
    }
    store.write_prices(pl.DataFrame(rows, schema=columns, orient="row"))
    lists = priced(Component(ComponentKind.SPOT, 0.05, area="SE3"))
    prices = MarginalPrices(billed("el"), Factors(), lists, spot=stored_spot(store, "Europe/Stockholm"))

    assert prices.price("skola", "electricity", WEDNESDAY).sek_per_kwh == pytest.approx(2.05)
    lacking = prices.price("skola", "electricity", SATURDAY).sek_per_kwh
    assert isinstance(lacking, Missing)
    assert "ENERGIMONITOR_PRICES" in lacking.reason_sv


def test_without_a_price_list_kronor_say_what_to_enter() -> None:
    """Of the point that has none."""
    lacking = MarginalPrices(billed(), Factors(), priced(Component(ComponentKind.ENERGY, 0.2))).price(
        "skola", "electricity", WEDNESDAY
    )

    assert isinstance(lacking.sek_per_kwh, Missing)
    assert "mätpunkten e under tariffs i portfolio.yaml" in lacking.sek_per_kwh.reason_sv


def test_a_heat_network_without_a_factor_is_missing() -> None:
    """No two networks have the same; none is borrowed."""
    price = MarginalPrices(portfolio(), Factors()).price("skola", "district_heating", date(2026, 11, 2))

    assert isinstance(price.g_per_kwh, Missing)
    assert "heat_network" in price.g_per_kwh.reason_sv
