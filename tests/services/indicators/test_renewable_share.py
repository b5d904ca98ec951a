"""Origin of the energy used, in four classes and three ways. Domain facts 5, traps 11 and 18."""

from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.domain.estate import Direction
from config.domain.factors import Factors, HourlyFactor, HourOfMix, Mark, Perspective, Shares
from config.domain.indicators import INDICATORS
from config.domain.periods import month
from services.analysis.shares import CLASSES
from services.figures.calculation import Limits
from services.figures.compute import group_figures
from services.indicators.renewable_share import CALCULATION, calculate
from tests.services.analysis.example_factors import CONTRACT, FACTORS, contract, evidence
from tests.services.indicators.estate_of_factors import (
    HOURS,
    MARCH,
    basis_of,
    electricity,
    estate,
    heat,
    made,
    monthly,
    published,
    sent,
)
from tests.services.indicators.example_basis import ZONE

WAYS = ("", "_contracted", "_hourly")


def hourly(shares: list[Shares | None]) -> HourlyFactor:
    """Hours from the beginning of March on."""
    start = month(MARCH, ZONE).start
    hours = tuple(HourOfMix(start + timedelta(hours=n), 20.0, item) for n, item in enumerate(shares))
    return HourlyFactor("el-se3", "SE3", "g CO2e/kWh", Perspective.LOCATION, ("combustion",), "S", Mark.DERIVED, hours, "f00")


GREEN, GREY = Shares(0.9, 0.0, 0.0, 0.1), Shares(0.5, 0.0, 0.1, 0.4)
BY_HOUR = replace(FACTORS, hourly=(hourly([GREEN if n % 2 == 0 else GREY for n in range(HOURS)]),))


def test_each_class_is_the_sum_of_its_carriers() -> None:
    """743 kWh of electricity (78 / 0 / 3.7 / 18.3 %) and 7 430 of heat (42 / 57 / 1 / 0 %), per 743 h."""
    rows = monthly(calculate(basis_of({electricity(): 1.0, heat(): 10.0})))

    assert {name: rows[f"{name}_energy", ""]["value"] / HOURS for name in CLASSES} == pytest.approx(
        {"renewable": 0.78 + 4.2, "recovered": 5.7, "fossil": 0.037 + 0.1, "other": 0.183}
    )
    assert rows["energy_used", ""]["value"] == pytest.approx(8173.0)


def test_recovered_heat_is_no_renewable_energy() -> None:
    """Trap 11: 42 % renewable and 57 % recovered; never 99 %."""
    rows = monthly(published(basis_of({heat(): 10.0}), CALCULATION))

    assert rows["renewable_share", ""]["value"] == pytest.approx(42.0)
    assert rows["recovered_share", ""]["value"] == pytest.approx(57.0)


def test_buying_guarantees_moves_the_contracted_share_alone() -> None:
    """Uddevalla 2016: 48 to 84 % with nothing changed but paper. Physical and contracted are never one number."""
    bought = replace(FACTORS, contracts={CONTRACT: contract(evidence(1.0, year=2024))})
    before, after = (
        monthly(published(basis_of({electricity(): 1.0, heat(): 10.0}, factors=factors), CALCULATION))
        for factors in (FACTORS, bought)
    )

    assert before["renewable_share", ""]["value"] == after["renewable_share", ""]["value"]
    assert before["renewable_share_contracted", ""]["value"] == pytest.approx((0.1018 + 4.2) / 11 * 100)
    assert after["renewable_share_contracted", ""]["value"] == pytest.approx((1.0 + 4.2) / 11 * 100)


def test_own_solar_counts_once_and_what_is_sent_out_does_not() -> None:
    """3 kWh made, 1 sent out: 2 used on the spot, all renewable; 1 kWh bought at 78 %. (2 + 0.78) / 3."""
    rows = monthly(published(basis_of({electricity(): 1.0, made(): 3.0, sent(): 1.0}), CALCULATION))

    assert rows["energy_used", "solar"]["value"] == pytest.approx(2 * HOURS)
    assert rows["energy_used", ""]["value"] == pytest.approx(3 * HOURS)
    assert rows["renewable_share", ""]["value"] == pytest.approx(2.78 / 3 * 100)
    assert "egen solel, använd på plats" in rows["renewable_energy", ""]["factors"]


def test_a_net_register_s_export_is_no_use() -> None:
    """Net: 2 kWh in and 1 out in turn; 3 made an hour. Bought 744, sent out 371, own use 2 229 - 371."""
    net = replace(electricity("el-netto"), direction=Direction.NET)
    values = [2.0 if hour % 2 == 0 else -1.0 for hour in range(HOURS)]
    rows = monthly(calculate(basis_of({net: values, made(): 3.0})))

    assert rows["energy_used", "electricity"]["value"] == pytest.approx(744.0)
    assert rows["energy_used", "solar"]["value"] == pytest.approx(3 * HOURS - 371)


def test_a_solar_plant_sends_all_out() -> None:
    """A park has no use of its own: nothing it makes is own use, and nothing is missing."""
    rows = monthly(calculate(basis_of({made(): 3.0}, known=estate(made(), kind="solar_plant"))))

    assert rows["energy_used", ""]["value"] == 0.0
    assert rows["renewable_energy", ""]["value"] == 0.0


def test_without_a_meter_for_what_is_sent_out_own_use_is_missing() -> None:
    """Taking all that was made as used would count exported energy as own."""
    rows = monthly(calculate(basis_of({electricity(): 1.0, made(): 3.0})))

    assert rows["renewable_energy", ""]["value"] is None
    assert rows["energy_used", ""]["value"] is None
    assert rows["energy_used", ""]["reason"].startswith("Inmatningen till nätet mäts inte: ange mätpunkten")


def test_energy_sent_out_by_no_known_cells_is_told() -> None:
    """Someone has put up solar cells that the portfolio does not know."""
    rows = monthly(calculate(basis_of({electricity(): 1.0, sent(): 1.0})))

    assert rows["energy_used", ""]["value"] is None
    assert rows["energy_used", ""]["reason"].startswith("Solcellernas produktion mäts inte")


def test_an_export_register_that_stands_at_nought_needs_no_cells() -> None:
    """Every electricity meter has one."""
    rows = monthly(calculate(basis_of({electricity(): 1.0, sent(): 0.0})))

    assert rows["energy_used", ""]["value"] == pytest.approx(HOURS)


def test_a_building_without_cells_has_no_solar_row() -> None:
    """A row of 0 kWh solar at every house would drown those that have cells."""
    rows = monthly(calculate(basis_of({electricity(): 1.0, sent(): 0.0})))

    assert ("energy_used", "solar") not in rows


def test_a_net_register_without_readings_leaves_own_use_missing() -> None:
    """What it sent out is not nought because nobody heard it."""
    net = replace(electricity("el-netto"), direction=Direction.NET)
    rows = monthly(calculate(basis_of({net: None, made(): 3.0})))

    assert rows["energy_used", "solar"]["value"] is None
    assert rows["energy_used", "solar"]["lacks"] == "coverage"


def test_more_sent_out_than_made_is_a_fault_and_no_use_below_nought() -> None:
    """The two meters have changed places."""
    rows = monthly(calculate(basis_of({electricity(): 1.0, made(): 1.0, sent(): 3.0})))

    assert rows["renewable_energy", ""]["value"] is None
    assert rows["renewable_energy", ""]["reason"].startswith("Mer har matats ut än solcellerna gjorde")


def test_unknown_origin_leaves_the_share_missing_and_says_how_much_is_known() -> None:
    """Domain facts 5: Borlänge's heat is of unknown origin. 1 of 11 kWh is known, 78 % of it renewable."""
    known = estate(electricity(), heat(), network="Borlänge")
    rows = monthly(published(basis_of({electricity(): 1.0, heat(): 10.0}, known=known), CALCULATION))

    assert [rows[f"{name}_share", ""]["value"] for name in CLASSES] == [None] * 4
    assert "fjärrvärmenätet Borlänge, år 2024" in rows["renewable_share", ""]["reason"]
    assert rows["origin_coverage", ""]["value"] == pytest.approx(100 / 11)
    assert rows["renewable_share_known", ""]["value"] == pytest.approx(78.0)
    assert rows["renewable_energy", "electricity"]["value"] == pytest.approx(0.78 * HOURS)
    assert rows["energy_used", ""]["value"] == pytest.approx(11 * HOURS)


def test_of_nothing_known_there_is_no_known_part() -> None:
    """0 % renewable would look like an answer."""
    rows = monthly(published(basis_of({heat(): 10.0}, known=estate(heat(), network="Borlänge")), CALCULATION))

    assert ("renewable_energy_known", "") not in rows
    assert ("renewable_share_known", "") not in rows
    assert rows["origin_coverage", ""]["value"] == 0.0


def test_by_the_hour_use_meets_the_mix_of_its_hour() -> None:
    """2 kWh in each green hour and 1 in each grey: (372 * 2 * 0.9 + 371 * 0.5) of 1 115 kWh, 76.7 %; the year's mix says 78."""
    values = [2.0 if n % 2 == 0 else 1.0 for n in range(HOURS)]
    rows = monthly(published(basis_of({electricity(): values}, factors=BY_HOUR), CALCULATION))

    assert rows["renewable_share_hourly", ""]["value"] == pytest.approx((744 * 0.9 + 371 * 0.5) / 1115 * 100)
    assert rows["renewable_share", ""]["value"] == pytest.approx(78.0)


def test_by_the_hour_own_solar_is_used_in_the_hour_it_is_made() -> None:
    """Made 4 kWh by day and sent out 3 then; 1 bought at night: own use 372, bought 371 at the grey mix."""
    by_day = [4.0 if n % 2 == 0 else 0.0 for n in range(HOURS)]
    out = [3.0 if n % 2 == 0 else 0.0 for n in range(HOURS)]
    night = [0.0 if n % 2 == 0 else 1.0 for n in range(HOURS)]
    made_of = basis_of({electricity(): night, made(): by_day, sent(): out}, factors=BY_HOUR)
    rows = monthly(published(made_of, CALCULATION))

    assert rows["energy_used_hourly", ""]["value"] == pytest.approx(743.0)
    assert rows["renewable_energy_hourly", ""]["value"] == pytest.approx(372 + 371 * 0.5)


def test_an_hour_in_which_more_left_than_was_made_takes_nothing_from_another() -> None:
    """Clocks that differ: +2 and -1 in turn. By the month 1 kWh of 743 net; by the hour the plus counts alone."""
    make = [2.0 if n % 2 == 0 else 1.0 for n in range(HOURS)]
    out = [0.0 if n % 2 == 0 else 2.0 for n in range(HOURS)]
    made_of = basis_of({electricity(): 1.0, made(): make, sent(): out}, factors=BY_HOUR)
    rows = monthly(calculate(made_of))

    assert rows["energy_used", "solar"]["value"] == pytest.approx(744 + 371 - 742)
    assert rows["energy_used_hourly", ""]["value"] == pytest.approx(743 + 744)


@pytest.mark.parametrize("factors", [FACTORS, replace(FACTORS, hourly=(hourly([None] * HOURS),))], ids=["none", "no shares"])
def test_without_hours_the_hourly_share_is_missing(factors: Factors) -> None:
    """The year's mix is not put in its place."""
    rows = monthly(published(basis_of({electricity(): 1.0}, factors=factors), CALCULATION))

    assert rows["renewable_share_hourly", ""]["value"] is None
    assert "timvärden med andelar under hourly i factors.yaml" in rows["renewable_share_hourly", ""]["reason"]


def test_hours_without_a_mix_are_out_of_both_sides_of_the_share() -> None:
    """700 of 743 hours are known, all green: 90 %, not 84.8; and the coverage says that hours lack."""
    factors = replace(FACTORS, hourly=(hourly([GREEN] * 700),))
    row = monthly(published(basis_of({electricity(): 1.0}, factors=factors), CALCULATION))["renewable_share_hourly", ""]

    assert (row["value"], row["coverage"]) == (pytest.approx(90.0), pytest.approx(700 / HOURS))


NONE_OR_MUCH = st.just(0.0) | st.floats(1, 1000)  # less than its register can tell is missing, and has no share


@settings(max_examples=15, deadline=None)
@given(
    el=st.floats(0.1, 1000),
    warmth=NONE_OR_MUCH,
    sun=NONE_OR_MUCH,
    out=st.floats(0, 1),
    share=st.floats(0.01, 1),
)
def test_the_four_classes_sum_to_the_energy_used(el: float, warmth: float, sun: float, out: float, share: float) -> None:
    """100 % in each of the three ways, whatever was used and bought."""
    factors = replace(BY_HOUR, contracts={CONTRACT: contract(evidence(share, year=2024))})
    values = {electricity(): el, heat(): warmth, made(): sun, sent(): out * sun}
    rows = monthly(published(basis_of(values, factors=factors), CALCULATION))

    for way in WAYS:
        assert sum(rows[f"{name}_share{way}", ""]["value"] for name in CLASSES) == pytest.approx(100.0, abs=1e-3)
    assert rows["origin_coverage", ""]["value"] == pytest.approx(100.0, abs=1e-3)


def test_a_group_s_share_is_a_ratio_of_sums() -> None:
    """Trap 18: 1 part electricity at 78 % and 10 of heat at 42 %: 45.3 %, not the mean 60."""
    school, hall = electricity(), replace(heat("fv-hall"), building="hall")
    made_of = basis_of({school: 1.0, hall: 10.0})
    groups = group_figures(published(made_of, CALCULATION), [CALCULATION], made_of.portfolio, Limits(), made_of.until)

    assert monthly(groups, subject="portfolio")["renewable_share", ""]["value"] == pytest.approx((0.78 + 4.2) / 11 * 100)


def test_a_year_is_the_sum_of_its_months() -> None:
    """Twelve months of 2024, electricity twice as high in winter; the share of the year is that of the sums."""
    months = [date(2024, n, 1) for n in range(1, 13)]
    rows = published(basis_of({electricity(): 1.0, heat(): 2.0}, months), CALCULATION)
    year = rows.filter((pl.col("period") == "year") & (pl.col("indicator") == "renewable_share") & (pl.col("carrier") == ""))

    assert year["value"].to_list() == [pytest.approx((0.78 + 0.84) / 3 * 100)]


def test_every_figure_has_its_definition() -> None:
    """A figure without one cannot be quoted."""
    named = {*CALCULATION.indicators, *(ratio.indicator for ratio in CALCULATION.ratios)}
    values = {electricity(): 1.0, heat(): 1.0, made(): 2.0, sent(): 1.0}

    assert named <= INDICATORS.keys()
    assert {row["indicator"] for row in calculate(basis_of(values)).iter_rows(named=True)} <= named
