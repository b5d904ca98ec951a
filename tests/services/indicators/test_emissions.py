"""Emissions of buildings and points, by hand. Domain facts 4, traps 9-14 and 18."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from config.domain.estate import Carrier, Direction
from config.domain.factors import Factors, HourlyFactor, HourOfMix, Mark, Perspective
from config.domain.indicators import INDICATORS
from config.domain.periods import day, month
from services.figures.calculation import Limits
from services.figures.compute import group_figures
from services.indicators.emissions import CALCULATION, calculate
from tests.services.analysis.example_factors import CONTRACT, FACTORS, NORDIC, RESIDUALS, contract, evidence, factor
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
    use,
)
from tests.services.indicators.example_basis import ZONE, point

FIRST_HOUR = month(MARCH, ZONE).start


def test_each_carrier_and_the_total_by_location() -> None:
    """743 h: 743 kWh of electricity at 59 g and 7 430 of heat at 51 g: 43.837 + 378.93 = 422.767 kg."""
    rows = monthly(calculate(basis_of({electricity(): 1.0, heat(): 10.0})))

    assert {carrier: rows["emissions_location", carrier]["value"] for carrier in ("electricity", "district_heating", "")} == (
        pytest.approx({"electricity": 43.837, "district_heating": 378.93, "": 422.767})
    )


def test_by_market_the_residual_mix_counts_and_its_unit_is_told_apart() -> None:
    """743 kWh at 464.79 g CO2 = 345.339 kg CO2; heat as by location, in CO2e."""
    rows = monthly(calculate(basis_of({electricity(): 1.0, heat(): 10.0})))

    assert rows["emissions_market_co2", ""]["value"] == pytest.approx(345.33897)
    assert rows["emissions_market_co2e", ""]["value"] == pytest.approx(378.93)
    assert rows["emissions_market", ""]["value"] == pytest.approx(345.33897 + 378.93)


def test_cancelled_guarantees_count_in_the_market_column_alone() -> None:
    """Ei's example as a building: 278.99 g by market, 59 g by location, whatever was bought."""
    spring = date(2021, 3, 1)
    factors = replace(FACTORS, contracts={CONTRACT: contract(evidence(0.25))})
    rows = monthly(published(basis_of({electricity(): 1.0}, [spring], factors=factors), CALCULATION), spring)

    assert rows["emission_intensity_market", "electricity"]["value"] == pytest.approx(278.99, abs=0.005)
    assert rows["emission_intensity_location", "electricity"]["value"] == pytest.approx(59.0)


def test_a_point_under_contract_and_one_without_are_two_things() -> None:
    """One main is 0 g with proof, the other residual mix: half of 464.79 g."""
    factors = replace(FACTORS, contracts={CONTRACT: contract(evidence(1.0, year=2024))})
    rows = monthly(published(basis_of({electricity(): 1.0, point("el-2"): 1.0}, factors=factors), CALCULATION))

    assert rows["emission_intensity_market", ""]["value"] == pytest.approx(464.79 / 2)


def test_a_missing_factor_blocks_the_total_and_says_what_to_enter() -> None:
    """Trap 13: Borlänge's heat has no factor. The electricity's 43.837 kg stand apart, with what they are of."""
    known = estate(electricity(), heat(), network="Borlänge")
    rows = monthly(published(basis_of({electricity(): 1.0, heat(): 10.0}, known=known), CALCULATION))
    total = rows["emissions_location", ""]

    assert (total["value"], total["method"], total["lacks"], total["partial"]) == (
        None,
        "missing",
        "input",
        pytest.approx(43.837),
    )
    assert total["reason"] == (
        "Utsläppsfaktor saknas: ange platsbaserad utsläppsfaktor för fjärrvärmenätet Borlänge, år 2024, "
        "i factors.yaml, med källa."
    )
    assert rows["emissions_location", "district_heating"]["value"] is None
    assert rows["emissions_location", "electricity"]["value"] == pytest.approx(43.837)
    assert rows["emissions_location_known", ""]["value"] == pytest.approx(43.837)
    assert rows["emissions_location_coverage", ""]["value"] == pytest.approx(100 / 11)


def test_of_nothing_known_there_is_no_known_part() -> None:
    """0 kg would look like an answer."""
    rows = monthly(calculate(basis_of({heat(): 10.0}, known=estate(heat(), network="Borlänge"))))

    assert ("emissions_location_known", "") not in rows
    assert rows["energy_with_location_factor", ""]["value"] == 0.0
    assert rows["emissions_location", ""]["value"] is None


def test_no_use_at_all_needs_no_factor() -> None:
    """Heat that stood still all July emitted nothing, whatever the network."""
    known = estate(electricity(), heat(), network="Borlänge")
    rows = monthly(calculate(basis_of({electricity(): 1.0, heat(): 0.0}, known=known)))

    assert rows["emissions_location", ""]["value"] == pytest.approx(43.837)


def test_the_market_column_never_borrows_from_the_location() -> None:
    """Trap 10: without a residual mix of the year the market column is missing, and the location's is there."""
    rows = monthly(calculate(basis_of({electricity(): 1.0}, factors=Factors((NORDIC,)))))

    assert rows["emissions_market", ""]["value"] is None
    assert "marknadsbaserad utsläppsfaktor för el (residualmix), år 2024" in rows["emissions_market", ""]["reason"]
    assert rows["emissions_location", ""]["value"] == pytest.approx(43.837)


def test_what_is_sent_out_is_taken_off_nowhere() -> None:
    """Trap 12: 743 kWh bought and 743 sent out emit what 743 kWh bought emit; the memo stands apart."""
    memo = factor("konsekvens", Carrier.ELECTRICITY, 300.0, Perspective.CONSEQUENCE, (2024, 2024))
    factors = replace(FACTORS, factors=(*FACTORS.factors, memo))
    rows = monthly(calculate(basis_of({electricity(): 1.0, made(): 3.0, sent(): 1.0}, factors=factors)))

    assert rows["emissions_location", ""]["value"] == pytest.approx(43.837)
    assert rows["emissions_avoided", "electricity_export"]["value"] == pytest.approx(222.9)
    assert {carrier for indicator, carrier in rows if indicator == "emissions_avoided"} == {"electricity_export"}


def test_the_memo_is_missing_without_a_consequence_factor() -> None:
    """Neither 59 nor 465 g is an answer to what might have been avoided."""
    rows = monthly(calculate(basis_of({electricity(): 1.0, made(): 3.0, sent(): 1.0})))

    assert rows["emissions_avoided", "electricity_export"]["value"] is None
    assert "konsekvensbaserad" in rows["emissions_avoided", "electricity_export"]["reason"]


def test_own_solar_used_on_the_spot_emits_nothing() -> None:
    """Scope 2 is what was bought."""
    with_sun = monthly(calculate(basis_of({electricity(): 1.0, made(): 3.0, sent(): 1.0})))
    without = monthly(calculate(basis_of({electricity(): 1.0})))

    assert with_sun["emissions_market", ""]["value"] == without["emissions_market", ""]["value"]
    assert with_sun["energy_bought", ""]["value"] == pytest.approx(743.0)


def test_a_net_register_takes_nothing_off_either() -> None:
    """Half of the hours 2 kWh in, the rest 1 kWh out: bought is 372 * 2 = 744 kWh, not 373."""
    net = replace(electricity("el-netto"), direction=Direction.NET)
    values = [2.0 if hour % 2 == 0 else -1.0 for hour in range(HOURS)]
    rows = monthly(calculate(basis_of({net: values, made(): 3.0})))

    assert rows["energy_bought", ""]["value"] == pytest.approx(744.0)
    assert rows["emissions_location", ""]["value"] == pytest.approx(744 * 0.059)


def test_biogenic_carbon_stands_apart() -> None:
    """7 430 kWh of heat at 150 g of CO2 from wood: 1 114.5 kg, in no other figure."""
    rows = monthly(calculate(basis_of({electricity(): 1.0, heat(): 10.0})))

    assert rows["emissions_biogenic", ""]["value"] == pytest.approx(1114.5)
    assert rows["emissions_location", ""]["value"] == pytest.approx(422.767)


def test_burnt_biofuel_must_say_its_biogenic_carbon() -> None:
    """0 g of fossil carbon is half the truth."""
    pellets = point("pellets", Carrier.BIOFUEL)
    wood = factor("pellets", Carrier.BIOFUEL, 0.0, Perspective.LOCATION, (2021, None))
    rows = monthly(calculate(basis_of({pellets: 1.0}, factors=Factors((wood,)))))

    assert rows["emissions_location", ""]["value"] == 0.0
    assert rows["emissions_biogenic", ""]["value"] is None
    assert (
        rows["emissions_biogenic", ""]["reason"]
        == "Biogena utsläpp är inte angivna: ange biogenic för biobränsle i factors.yaml."
    )


def test_a_sub_meter_s_emissions_are_in_its_parent_s() -> None:
    """Trap 16, in kilograms; the sub-meter has its own figure as a point."""
    kitchen = electricity("kök", parent="el")
    rows = calculate(basis_of({electricity(): 2.0, kitchen: 1.0}))

    assert monthly(rows)["emissions_location", ""]["value"] == pytest.approx(2 * 43.837)
    assert monthly(rows, subject="kök")["emissions_location", "electricity"]["value"] == pytest.approx(43.837)


def test_the_days_of_a_month_add_up_to_it() -> None:
    """And each follows the local clock: 23 hours on the day the clock skips one."""
    rows = calculate(basis_of({electricity(): 1.0, heat(): 10.0})).filter(
        (pl.col("indicator") == "emissions_location") & (pl.col("carrier") == "")
    )
    days = rows.filter(pl.col("period") == "day")
    skipped = days.filter(pl.col("start") == day(date(2024, 3, 31), ZONE).start)["value"].item()

    assert days["value"].sum() == pytest.approx(422.767)
    assert skipped == pytest.approx(23 * (0.059 + 0.51))


def test_each_year_has_its_own_factor() -> None:
    """Residual mix 2022: 467.62 g, 2024: 464.79 g; 2023 is not in the example and is missing."""
    starts = [date(year, 3, 1) for year in (2022, 2023, 2024)]
    rows = calculate(basis_of({electricity(): 1.0}, starts))
    found = [monthly(rows, on)["emissions_market", ""]["value"] for on in starts]

    assert found == [pytest.approx(HOURS * 0.46762), None, pytest.approx(HOURS * 0.46479)]


def test_a_restated_factor_changes_figures_and_leaves_the_old_ones_to_be_made_again() -> None:
    """Trap 14: as known in August 470 g, as known now 464.79 g; each figure names the version that it stands on."""
    first = replace(RESIDUALS[2], id="forsta", value=470.0, published=date(2025, 6, 2), preliminary=True)
    final = replace(RESIDUALS[2], id="slutlig", published=date(2025, 10, 1))
    now = replace(FACTORS, factors=(NORDIC, first, final))
    found = [
        monthly(calculate(basis_of({electricity(): 1.0}, factors=factors)))["emissions_market", ""]
        for factors in (now.as_known(date(2025, 8, 1)), now)
    ]

    assert [row["value"] for row in found] == [pytest.approx(HOURS * 0.470), pytest.approx(HOURS * 0.46479)]
    assert "slutlig, 464,79 g CO2/kWh, obekräftad, publicerad 2025-10-01" in found[1]["factors"]
    assert "forsta, 470 g CO2/kWh, obekräftad, preliminär, publicerad 2025-06-02" in found[0]["factors"]
    assert "inga annullerade ursprungsgarantier för 2024" in found[0]["factors"]


def test_missing_hours_lower_the_coverage_and_the_gate_closes() -> None:
    """A third of the month is not known: no total, and the reason speaks of readings."""
    values: list[float | None] = [1.0] * 500 + [None] * (HOURS - 500)
    row = monthly(published(basis_of({electricity(): values}), CALCULATION))["emissions_location", ""]

    assert (row["value"], row["lacks"], row["coverage"]) == (None, "coverage", pytest.approx(500 / HOURS))
    assert row["reason"].startswith("Bara 67 % av periodens timmar är kända")


def test_a_building_that_has_sent_nothing_says_so() -> None:
    """Missing, with what to do; not 0 kg."""
    row = monthly(calculate(basis_of({electricity(): None})))["emissions_location", ""]

    assert (row["value"], row["lacks"]) == (None, "coverage")
    assert row["reason"].startswith("Inga mätvärden för perioden")


def test_the_uncertainty_is_that_of_the_energy() -> None:
    """Two carriers, each with its register's rounding: in quadrature, in kilograms."""
    made_of = basis_of({electricity(): 1.0, heat(): 10.0})
    sums = made_of.sums.filter((pl.col("subject_kind") == "point") & (pl.col("period") == "month"))
    kwh = dict(sums.select("subject", "uncertainty").iter_rows())
    row = monthly(calculate(made_of))["emissions_location", ""]

    assert row["uncertainty"] == pytest.approx(((kwh["el"] * 0.059) ** 2 + (kwh["fv"] * 0.051) ** 2) ** 0.5, abs=1e-6)


def test_a_group_s_intensity_is_a_ratio_of_sums() -> None:
    """Trap 18: 743 kWh at 59 g and 7 430 kWh at 51 g are 51.73 g/kWh, not the mean 55."""
    school, hall = electricity(), replace(heat("fv-hall"), building="hall")
    made_of = basis_of({school: 1.0, hall: 10.0})
    groups = group_figures(published(made_of, CALCULATION), [CALCULATION], made_of.portfolio, Limits(), made_of.until)
    row = monthly(groups, subject="portfolio")["emission_intensity_location", ""]

    assert row["value"] == pytest.approx((743 * 59 + 7430 * 51) / 8173)


def test_a_group_with_a_building_without_a_factor_is_missing_and_names_it() -> None:
    """Trap 13 for the whole portfolio."""
    school, hall = electricity(), replace(heat("fv-hall"), building="hall")
    made_of = basis_of({school: 1.0, hall: 10.0}, known=estate(school, hall, network="Borlänge"))
    groups = group_figures(published(made_of, CALCULATION), [CALCULATION], made_of.portfolio, Limits(), made_of.until)
    rows = monthly(groups, subject="portfolio")

    assert rows["emissions_location", ""]["value"] is None
    assert rows["emissions_location", ""]["reason"].startswith("Saknas för 1 av 2 byggnader (hall).")
    assert rows["emissions_location_known", ""]["value"] == pytest.approx(43.837)
    assert rows["emissions_location_coverage", ""]["value"] == pytest.approx(100 / 11)


def hourly(values: list[float], start: datetime = FIRST_HOUR, unit: str = "g CO2e/kWh") -> HourlyFactor:
    """Hours from the beginning of the month on."""
    hours = tuple(HourOfMix(start + timedelta(hours=n), value) for n, value in enumerate(values))
    return HourlyFactor("el-se3", "SE3", unit, Perspective.LOCATION, ("combustion",), "S", Mark.DERIVED, hours, "f00")


def test_by_the_hour_use_meets_the_factor_of_its_hour() -> None:
    """2 kWh in each hour of 10 g and 1 kWh in each of 40 g: 372 * 20 + 371 * 40 g = 22.28 kg; the mean would be 27.9."""
    factors = replace(FACTORS, hourly=(hourly([10.0 if n % 2 == 0 else 40.0 for n in range(HOURS)]),))
    values = [2.0 if n % 2 == 0 else 1.0 for n in range(HOURS)]
    rows = monthly(calculate(basis_of({electricity(): values, heat(): 10.0}, factors=factors)))

    assert rows["emissions_location_hourly", "electricity"]["value"] == pytest.approx(22.28)
    assert rows["emissions_location_hourly", ""]["value"] == pytest.approx(22.28 + 378.93)
    assert rows["emissions_location", "electricity"]["value"] == pytest.approx((372 * 2 + 371) * 0.059)
    assert "timvärden f00" in rows["emissions_location_hourly", "electricity"]["factors"]


def test_hours_without_a_factor_lower_the_coverage() -> None:
    """95 % of the energy has an hour's factor: the figure is of it, and says that 5 % lack."""
    factors = replace(FACTORS, hourly=(hourly([10.0] * 706),))
    row = monthly(calculate(basis_of({electricity(): 1.0}, factors=factors)))["emissions_location_hourly", "electricity"]

    assert (row["value"], row["coverage"]) == (pytest.approx(7.06), pytest.approx(706 / HOURS))
    assert row["uncertainty"] >= 37 * 0.010


@pytest.mark.parametrize(
    "factors",
    [FACTORS, replace(FACTORS, hourly=(hourly([10.0] * HOURS, datetime(2023, 1, 1, tzinfo=UTC)),)),
     replace(FACTORS, hourly=(hourly([10.0] * HOURS, unit="g CO2/kWh"),))],
    ids=["none", "of another year", "in CO2 alone"],
)  # fmt: skip
def test_without_the_hours_the_hourly_figure_is_missing(factors: Factors) -> None:
    """The year's factor is not put in its place: it stands in a figure of its own."""
    row = monthly(calculate(basis_of({electricity(): 1.0}, factors=factors)))["emissions_location_hourly", ""]

    assert (row["value"], row["lacks"]) == (None, "input")
    assert "under hourly i factors.yaml" in row["reason"]


def test_a_market_s_hours_are_a_column_of_their_own() -> None:
    """Hourly certificates, where a municipality has them; without them there is no such row."""
    market = replace(hourly([5.0] * HOURS), perspective=Perspective.MARKET)
    with_hours = monthly(calculate(basis_of({electricity(): 1.0}, factors=replace(FACTORS, hourly=(market,)))))
    without = monthly(calculate(basis_of({electricity(): 1.0})))

    assert with_hours["emissions_market_hourly", "electricity"]["value"] == pytest.approx(HOURS * 0.005)
    assert with_hours["emissions_location_hourly", "electricity"]["value"] is None
    assert ("emissions_market_hourly", "electricity") not in without


def test_it_does_not_matter_in_which_pieces_it_is_calculated() -> None:
    """Two buildings at once or one by one, bit for bit."""
    both = {
        electricity(): 1.1,
        replace(heat("fv-hall"), building="hall"): 10.3,
        replace(electricity("el-hall"), building="hall"): 0.7,
    }
    whole = calculate(basis_of(both))
    known = estate(*both)
    parts = []
    for name in ("hall", "skola"):
        one = {item: value for item, value in both.items() if item.building == name}
        made_of = basis_of(one, known=known)
        parts.append(calculate(replace(made_of, buildings=(name,))))
    keys = ["indicator", "carrier", "subject_kind", "subject", "period", "start"]

    assert whole.sort(keys).equals(pl.concat(parts).sort(keys))


def test_every_figure_has_its_definition() -> None:
    """A figure without one cannot be quoted."""
    named = {*CALCULATION.indicators, *(ratio.indicator for ratio in CALCULATION.ratios)}

    assert named <= INDICATORS.keys()
    assert {row["indicator"] for row in calculate(basis_of({electricity(): 1.0, heat(): 1.0})).iter_rows(named=True)} <= named


def test_a_water_meter_emits_nothing_here() -> None:
    """It is no energy; a building of water alone has no row."""
    water = point("vatten", Carrier.WATER)

    assert calculate(basis_of({water: 1.0})).is_empty()
    assert use({water: 1.0}).height == HOURS
