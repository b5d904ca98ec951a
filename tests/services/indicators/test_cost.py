"""The cost of a school, worked by hand: 744 hours of January at 2 kWh, or as said."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import orjson
import polars as pl
import pytest

from config.domain.estate import Agreed, Carrier, Direction, MeteringPoint
from config.domain.factors import Mark
from config.domain.indicators import INDICATORS
from config.domain.periods import month
from config.domain.tariffs import Component, ComponentKind, Tariff, Tariffs
from services.analysis.hourly_prices import hourly_prices
from services.indicators.cost import CALCULATION, calculate
from tests.services.indicators.example_basis import ZONE, basis, intervals, point, portfolio

JANUARY = date(2026, 1, 1)
USED = 2.0 * 744
LISTS = (
    ("nät", Carrier.ELECTRICITY, (Component(ComponentKind.FIXED, 1200.0), Component(ComponentKind.ENERGY, 0.25))),
    ("skatt", Carrier.ELECTRICITY, (Component(ComponentKind.TAX, 0.411),)),
    ("värme", Carrier.DISTRICT_HEATING, (Component(ComponentKind.ENERGY, 0.5),)),
    ("spot", Carrier.ELECTRICITY, (Component(ComponentKind.SPOT, 0.05, area="SE3"),)),
    ("toppar", Carrier.ELECTRICITY, (Component(ComponentKind.PEAK_POWER, 50.0, peaks=1),)),
    (
        "rullande",
        Carrier.DISTRICT_HEATING,
        (Component(ComponentKind.POWER_GROUP, 480.0, from_kw=0.0, fixed_sek=0.0, rolling_months=12),),
    ),
)


def priced(name: str, *lists: str, carrier: Carrier = Carrier.ELECTRICITY, **terms: Any) -> MeteringPoint:
    return replace(point(name, carrier, **terms), tariffs=tuple(Agreed(item) for item in lists))


def tariffs(vat_share: float | None = 0.25, until: date | None = None) -> Tariffs:
    return Tariffs(
        vat_share,
        tuple(
            Tariff(name, name, carrier, "Leverantör", date(2020, 1, 1), until, parts, "prislista", Mark.VERIFIED)
            for name, carrier, parts in LISTS
        ),
    )


def january(
    *points: MeteringPoint, value: float | Iterable[float | None] | None = 2.0, prices: Tariffs | None = None, **given: Any
) -> dict[tuple[str, str, str], dict[str, Any]]:
    """Figures of January by indicator, subject and carrier."""
    asked = month(JANUARY, ZONE)
    frame = pl.concat([intervals(item, asked, value) for item in points])
    made = basis(portfolio(*points), frame, [JANUARY], tariffs=prices or tariffs(), **given)
    return {(row["indicator"], row["subject"], row["carrier"]): row for row in calculate(made).iter_rows(named=True)}


def test_a_month_costs_its_fixed_charge_its_energy_and_its_tax() -> None:
    """1,200/12 + 1,488 · (0.25 + 0.411) = 1,083.57 kr; with VAT of 25 % 1,354.46 kr."""
    found = january(priced("e", "nät", "skatt"))
    row = found["cost", "skola", ""]

    assert row["value"] == pytest.approx(100 + USED * 0.661)
    assert found["cost_with_vat", "skola", ""]["value"] == pytest.approx(1.25 * (100 + USED * 0.661))
    assert found["cost_energy", "skola", ""]["value"] == pytest.approx(USED * 0.661)
    assert found["cost_fixed", "skola", ""]["value"] == pytest.approx(100)
    assert found["cost_power", "skola", ""]["value"] == 0.0
    assert orjson.loads(row["factors"]) == {"nät": "2020-01-01", "skatt": "2020-01-01"}


def test_carriers_stand_by_themselves_and_together() -> None:
    """Electricity 0.411 and heat 0.5 kr/kWh."""
    found = january(priced("e", "skatt"), priced("v", "värme", carrier=Carrier.DISTRICT_HEATING))

    assert found["cost", "skola", "electricity"]["value"] == pytest.approx(USED * 0.411)
    assert found["cost", "skola", "district_heating"]["value"] == pytest.approx(USED * 0.5)
    assert found["cost", "skola", ""]["value"] == pytest.approx(USED * 0.911)
    assert found["cost", "v", "district_heating"]["value"] == pytest.approx(USED * 0.5)


def test_a_point_without_a_price_list_makes_the_cost_missing_and_says_where_to_enter_it() -> None:
    """Never the cost of what happens to be known; that stands apart."""
    found = january(priced("e", "skatt"), priced("v", carrier=Carrier.DISTRICT_HEATING))
    row = found["cost", "skola", ""]

    assert row["value"] is None
    assert row["lacks"] == "input"
    assert "mätpunkten v under tariffs i portfolio.yaml" in row["reason"]
    assert found["cost_known", "skola", ""]["value"] == pytest.approx(USED * 0.411)
    assert row["partial"] == pytest.approx(USED * 0.411)


def test_of_a_building_without_any_price_list_nothing_is_known() -> None:
    """No known part at all, rather than one of 0 kr."""
    found = january(priced("e"))

    assert found["cost", "skola", ""]["value"] is None
    assert ("cost_known", "skola", "") not in found


def test_a_price_list_that_has_ended_is_said() -> None:
    """The days that have no price are named by the list."""
    row = january(priced("e", "skatt"), prices=tariffs(until=date(2026, 1, 1)))["cost", "skola", ""]

    assert row["value"] is None
    assert "Tariffen skatt har inget pris för 2026-01-01" in row["reason"]


def test_without_a_rate_of_vat_only_the_cost_with_vat_lacks() -> None:
    """And says which entry."""
    found = january(priced("e", "skatt"), prices=tariffs(vat_share=None))

    assert found["cost", "skola", ""]["value"] == pytest.approx(USED * 0.411)
    assert found["cost_with_vat", "skola", ""]["value"] is None
    assert "vat_share" in found["cost_with_vat", "skola", ""]["reason"]


def test_a_sub_meter_is_added_to_nothing() -> None:
    """Its use is in its parent's; with a price list of its own it has a cost of its own."""
    found = january(priced("e", "skatt"), priced("under", "skatt", parent="e"))

    assert found["cost", "under", "electricity"]["value"] == pytest.approx(USED * 0.411)
    assert found["cost", "skola", ""]["value"] == pytest.approx(USED * 0.411)


def test_what_is_sent_out_or_made_is_no_cost() -> None:
    """Neither asks for a price list."""
    made, out = point("sol", Carrier.SOLAR), point("ut", direction=Direction.EXPORT)
    found = january(priced("e", "skatt"), made, out)

    assert found["cost", "skola", ""]["value"] == pytest.approx(USED * 0.411)


def test_unknown_hours_lower_the_coverage() -> None:
    """744 hours, 186 of them unknown: what is known is billed, and the gate decides by the coverage."""
    row = january(priced("e", "skatt"), value=[2.0] * 558 + [None] * 186)["cost", "skola", ""]

    assert row["coverage"] == pytest.approx(0.75)
    assert row["partial"] == pytest.approx(558 * 2 * 0.411)


def test_a_peak_that_was_not_measured_is_not_sure() -> None:
    """The highest hour, 9 kW at 50 kr; a tenth of the hours unknown may have held a higher one."""
    hours: list[float | None] = [2.0 + (n % 24) / 10 for n in range(744)]
    hours[100] = 9.0
    full = january(priced("e", "toppar"), value=hours)["cost", "skola", ""]
    hours[400:475] = [None] * 75
    holed = january(priced("e", "toppar"), value=hours)["cost", "skola", ""]

    assert full["value"] == pytest.approx(450.0)
    assert holed["uncertainty"] > full["uncertainty"]


def test_spot_is_each_hours_price_and_the_suppliers_part() -> None:
    """Half of the hours at 1 kr and half at 0, on 2 kWh each, and 0.05 kr on top."""
    start = month(JANUARY, ZONE).start
    prices = pl.DataFrame(
        {
            "area": "SE3",
            "time": [start + timedelta(hours=n) for n in range(744)],
            "sek_per_kwh": [float(n % 2) for n in range(744)],
        },
        schema_overrides={"time": pl.Datetime("us", "UTC")},
    )
    found = january(priced("e", "spot"), context={"prices": prices})

    assert found["cost", "skola", ""]["value"] == pytest.approx(744.0 + USED * 0.05)
    assert january(priced("e", "spot"))["cost", "skola", ""]["value"] is None


def test_power_of_the_last_twelve_months_comes_from_what_is_published_of_them() -> None:
    """The highest of eleven months before and this one: 60 kW at 480 kr a year; one month less known and it is missing."""
    heat = priced("v", "rullande", carrier=Carrier.DISTRICT_HEATING)
    before = [date(2025, n, 1) for n in range(2, 13)]
    peaks = pl.DataFrame({"point": "v", "month": before, "kw": [60.0 if first.month == 2 else 30.0 for first in before]})

    assert january(heat, context={"earlier_peaks": peaks})["cost", "skola", ""]["value"] == pytest.approx(60 * 480 / 12)
    assert january(heat, context={"earlier_peaks": peaks[1:]})["cost", "skola", ""]["value"] is None


@pytest.mark.parametrize(("day", "quarters"), [(date(2026, 3, 29), 92), (date(2026, 5, 5), 96), (date(2026, 10, 25), 100)])
def test_quarters_are_hours_on_days_of_92_96_and_100(day: date, quarters: int) -> None:
    """Trap 6 of domain facts section 9: how many rows a day has is taken from the data."""
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=1 if day.month == 3 else 2)
    times = [start + timedelta(minutes=15 * n) for n in range(quarters)]
    told = pl.DataFrame({"area": "SE3", "time": times, "value": [float(n % 4) for n in range(quarters)], "minutes": 15})
    hours = hourly_prices(told)

    assert hours.height == quarters // 4
    assert set(hours["sek_per_kwh"]) == {1.5}


def test_an_hour_of_which_a_quarter_lacks_has_no_price() -> None:
    """Three quarters are not the hour; whole hours of the older series are."""
    start = datetime(2026, 5, 5, tzinfo=UTC)
    told = pl.DataFrame(
        {
            "area": "SE3",
            "time": [start, start + timedelta(minutes=15), start + timedelta(minutes=30), start + timedelta(hours=1)],
            "value": [1.0, 1.0, 1.0, 0.4],
            "minutes": [15, 15, 15, 60],
        }
    )

    assert hourly_prices(told).select("time", "sek_per_kwh").rows() == [(start + timedelta(hours=1), 0.4)]


def test_every_indicator_of_it_is_published() -> None:
    """A row without a definition would be nameless."""
    assert {*CALCULATION.indicators, *(ratio.indicator for ratio in CALCULATION.ratios)} <= set(INDICATORS)
