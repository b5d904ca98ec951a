"""The six patterns of domain facts section 2.4, with the figures printed there and figures worked by hand."""

from datetime import date

import polars as pl
import pytest

from config.domain.estate import Carrier
from config.domain.tariffs import Component, ComponentKind
from config.loading import load_municipality
from config.settings import EXAMPLE
from services.analysis.bill.quantities import Used
from tests.services.analysis.bill.examples import GRID, GROUPS, hours, instant, made, point, tariff

JANUARY, JULY = [date(2021, 1, 1)], [date(2021, 7, 1)]


def component(found: pl.DataFrame, name: str) -> float:
    value = found.filter(pl.col("component") == name)["sek"].sum()
    assert isinstance(value, float)
    return value


def test_a_subscription_with_one_month_of_overuse_costs_64_524_kr_a_year() -> None:
    """Domain facts 2.4, test (a): 100 kW subscribed, one month's peak 112 kW, 300 MWh: 7 900 + 15 500 + 12*52 + 40 500."""
    even = (300_000 - 112) / (365 * 24 - 1)
    found = made(point(subscribed_kw=100.0), tariff(*GRID), hours(even, at={instant("2021-02-03 08"): 112.0}))

    assert found.totals["sek"].sum() == pytest.approx(64_524, abs=1e-6)
    assert component(found.lines, "fixed") == pytest.approx(7_900)
    assert component(found.lines, "subscribed_power") == pytest.approx(15_500)
    assert component(found.lines, "overuse") == pytest.approx(12 * 52)
    assert component(found.lines, "energy") == pytest.approx(40_500)


@pytest.mark.parametrize(("months", "kr"), [(JULY, 317.78), (JANUARY, 635.55)])
def test_the_mean_of_three_peaks_is_priced_by_season(months: list[date], kr: float) -> None:
    """Domain facts 2.4, test (c), Sollentuna: 5.7 kW at 55.75 kr April to October, 111.50 kr November to March."""
    three = {"peaks": 3, "peaks_on_different_days": True}
    prices = tariff(
        Component(ComponentKind.PEAK_POWER, 55.75, months=(4, 5, 6, 7, 8, 9, 10), **three),  # type: ignore[arg-type]  # three: fields of many types
        Component(ComponentKind.PEAK_POWER, 111.50, months=(11, 12, 1, 2, 3), **three),  # type: ignore[arg-type]  # three: fields of many types
    )
    first = f"2021-{months[0].month:02}"
    peaks = {instant(f"{first}-05 18"): 6.0, instant(f"{first}-12 07"): 5.6, instant(f"{first}-20 19"): 5.5}

    found = made(point(), prices, hours(0.5, months, at=peaks), months)

    assert found.totals["sek"].to_list() == [pytest.approx(kr, abs=0.006)]
    assert found.lines["quantity"].to_list() == [pytest.approx(5.7)]


def test_three_peaks_of_different_days_are_not_three_hours_of_one_evening() -> None:
    """By hand: hours 9, 8, 7 on one evening and 6, 5 on two others: (9+6+5)/3 of different days, (9+8+7)/3 of any."""
    evening = {instant("2021-01-05 17"): 9.0, instant("2021-01-05 18"): 8.0, instant("2021-01-05 19"): 7.0}
    used = hours(1.0, JANUARY, at=evening | {instant("2021-01-12 08"): 6.0, instant("2021-01-20 08"): 5.0})
    prices = tariff(
        Component(ComponentKind.PEAK_POWER, 1.0, peaks=3, peaks_on_different_days=True),
        Component(ComponentKind.PEAK_POWER, 1.0, peaks=3),
    )

    assert made(point(), prices, used, JANUARY).lines["quantity"].to_list() == [pytest.approx(20 / 3), pytest.approx(8.0)]


def test_the_highest_hour_of_the_month_is_said_with_its_instant_and_length() -> None:
    """Pattern (b), by hand: 40 kW at 30 kr. A peak of 60 minutes is never taken for one of 15."""
    found = made(
        point(),
        tariff(Component(ComponentKind.PEAK_POWER, 30.0, peaks=1)),
        hours(10.0, JANUARY, at={instant("2021-01-14 07"): 40.0}),
        JANUARY,
    )

    (line,) = found.lines.iter_rows(named=True)
    assert (line["sek"], line["unit"], line["interval"]) == (1200.0, "kW·mån", "60 min")
    assert line["at"] == instant("2021-01-14 07")


def test_only_peaks_inside_the_time_window_count() -> None:
    """Pattern (d), weekdays 07-19 in winter: Saturday 50, Monday 06 at 45 and 19 at 44 do not count, Monday 18 at 30 does."""
    window = Component(ComponentKind.PEAK_POWER, 100.0, months=(1,), weekdays_only=True, hours=(7, 19), peaks=1)
    higher = {
        instant("2021-01-09 12"): 50.0,
        instant("2021-01-11 06"): 45.0,
        instant("2021-01-11 19"): 44.0,
        instant("2021-01-11 18"): 30.0,
    }
    used = pl.concat([hours(5.0, JANUARY, at=higher), hours(5.0, JULY)])

    found = made(point(), tariff(window), used, [*JANUARY, *JULY])

    assert found.totals["sek"].to_list() == [3000.0, 0.0]


def test_energy_costs_the_seasons_price() -> None:
    """Pattern (e), district heating: 744 h of January at 37.8 öre, 744 h of July at 10 öre, 10 kWh an hour."""
    prices = tariff(
        Component(ComponentKind.ENERGY, 0.378, months=(11, 12, 1, 2, 3)),
        Component(ComponentKind.ENERGY, 0.10, months=(6, 7, 8)),
        carrier=Carrier.DISTRICT_HEATING,
    )
    used = pl.concat([hours(10.0, JANUARY), hours(10.0, JULY)])

    found = made(point(carrier=Carrier.DISTRICT_HEATING), prices, used, [*JANUARY, *JULY])

    assert found.totals["sek"].to_list() == [pytest.approx(7440 * 0.378), pytest.approx(744.0)]


def test_the_fuse_gives_the_step() -> None:
    """Pattern (f): 63 A at 6 050 kr a year, 35 A at 4 025."""
    steps = tariff(Component(ComponentKind.FUSE, 4025.0, fuse_a=35), Component(ComponentKind.FUSE, 6050.0, fuse_a=63))
    points = [point("a", fuse_a=63), point("b", fuse_a=35)]

    found = made(points, steps, pl.concat([hours(name="a"), hours(name="b")]))

    by_point = found.totals.group_by("point", maintain_order=True).agg(pl.col("sek").sum())
    assert by_point["sek"].to_list() == [pytest.approx(6050), pytest.approx(4025)]


@pytest.mark.parametrize(("fuse_a", "kr"), [(16, 2_100), (20, 2_550), (25, 3_100), (35, 4_025), (50, 4_775), (63, 6_050)])
def test_every_printed_fuse_costs_its_year(fuse_a: int, kr: float) -> None:
    """Domain facts 2.4 [S], by Borlänge's own price list of 2025: the twelve bills add up to the printed year."""
    year = [date(2025, number, 1) for number in range(1, 13)]
    billed = point(tariffs=("elnat-sakring",), fuse_a=fuse_a)

    found = made(billed, load_municipality(EXAMPLE).tariffs.tariffs, hours(1.0, year), year)

    assert found.totals["sek"].sum() == pytest.approx(kr)


@pytest.mark.parametrize(
    ("name", "kr"),
    [
        ("elnat-lagspanning", 64_524),
        ("elnat-hogspanning", 54_324),  # 10 500 + 150 · 100 + 52 · 12 + 0.094 · 300 000
    ],
)
def test_borlanges_own_lists_of_2021_give_the_printed_bill(name: str, kr: float) -> None:
    """Test (a) of domain facts 2.4 from the file that is shipped; the same load at 10 kV by hand. Reactive is within its 25 %."""
    even = (300_000 - 112) / (365 * 24 - 1)
    used = hours(even, at={instant("2021-02-03 08"): 112.0})
    billed = point(tariffs=(name,), subscribed_kw=100.0, reactive="free")

    found = made(billed, load_municipality(EXAMPLE).tariffs.tariffs, used)

    assert found.totals["sek"].sum() == pytest.approx(kr, abs=1e-6)


def test_120_kw_of_district_heating_cost_55_770_kr_a_year() -> None:
    """Domain facts 2.4: group 100-250 kW, 6 810 + 408 * 120, before energy and flow."""
    heat = point(carrier=Carrier.DISTRICT_HEATING, heat_power_kw=120.0)

    found = made(heat, tariff(*GROUPS, carrier=Carrier.DISTRICT_HEATING), hours(20.0))

    assert found.totals["sek"].sum() == pytest.approx(55_770)
    assert found.totals["fixed_sek"].sum() == pytest.approx(6_810)
    assert found.totals["power_sek"].sum() == pytest.approx(48_960)


@pytest.mark.parametrize(
    ("kw", "kr"), [(0.0, 660.0), (50.0, 660 + 488 * 50), (50.001, 2360 + 453 * 50.001), (501.0, 42_280 + 316 * 501)]
)
def test_a_power_on_the_edge_lies_in_the_lower_group(kw: float, kr: float) -> None:
    """Groups are above their first power, up to their last."""
    heat = point(carrier=Carrier.DISTRICT_HEATING, heat_power_kw=kw)

    found = made(heat, tariff(*GROUPS, carrier=Carrier.DISTRICT_HEATING), hours(20.0))

    assert found.totals["sek"].sum() == pytest.approx(kr)


def test_flow_is_charged_by_the_cubic_metre() -> None:
    """744 h of 2 m³ at 3.15 kr."""
    used = hours(10.0, JANUARY)
    flow = used.select("point", "time", pl.lit(2.0).alias("value"))
    prices = tariff(Component(ComponentKind.FLOW, 3.15), carrier=Carrier.DISTRICT_HEATING)

    found = made(point(carrier=Carrier.DISTRICT_HEATING), prices, Used(used, flow=flow), JANUARY)

    assert found.totals["sek"].to_list() == [pytest.approx(1488 * 3.15)]
    assert found.lines["unit"].to_list() == ["m3"]


def test_reactive_power_is_free_up_to_its_share_of_the_highest_active_power() -> None:
    """By hand: 100 kW highest, 25 % free, 37 kVAr highest: 12 kVAr at 25 kr."""
    used = hours(60.0, JANUARY, at={instant("2021-01-14 07"): 100.0})
    reactive = used.select("point", "time", pl.when(pl.col("value") == 100).then(30.0).otherwise(37.0).alias("value"))
    prices = tariff(Component(ComponentKind.REACTIVE, 25.0, free_share=0.25))

    assert made(point(), prices, Used(used, reactive=reactive), JANUARY).totals["sek"].to_list() == [pytest.approx(300.0)]


def test_energy_tax_and_vat_stand_beside_the_energy() -> None:
    """1 000 kWh at 41.1 öre is 411 kr, and 25 % on that."""
    used = hours(0.0, JANUARY, at={instant("2021-01-14 07"): 1000.0})

    (total,) = made(point(), tariff(Component(ComponentKind.TAX, 0.411)), used, JANUARY).totals.iter_rows(named=True)

    assert (total["sek"], total["vat"], total["sek_with_vat"]) == (
        pytest.approx(411.0),
        pytest.approx(102.75),
        pytest.approx(513.75),
    )
