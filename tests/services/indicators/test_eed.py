"""The EED line. Domain facts 1.1."""

from datetime import date, timedelta

import polars as pl
import pytest

from config.domain.indicators import INDICATORS
from config.domain.periods import month
from services.indicators import energy
from services.indicators.eed import CALCULATION, Reading, calculate, eed_line
from tests.services.indicators.estate_of_factors import HOURS, MARCH, basis_of, electricity, monthly, published
from tests.services.indicators.example_basis import ZONE

BASE = pl.DataFrame({"subject": ["skola"] * 12, "month": list(range(1, 13)), "value": [1000.0] * 12})


@pytest.mark.parametrize(("year", "linear", "compound"), [(2021, 10_000, 10_000), (2026, 9_050, 9_085.4), (2030, 8_290, 8_414.4)])
def test_the_line_from_10_000_mwh(year: int, linear: float, compound: float) -> None:
    """E2021 = 10 000 MWh: 2026 is 9 050 or 9 085.4, 2030 is 8 290 or 8 414.4 MWh by the two readings."""
    assert eed_line(10_000, year) == pytest.approx(linear)
    assert eed_line(10_000, year, Reading.COMPOUND) == pytest.approx(compound, abs=0.05)


def test_there_is_no_line_before_it_begins() -> None:
    """2020 would lie above the base."""
    with pytest.raises(ValueError, match="begins in 2021"):
        eed_line(10_000, 2020)


@pytest.mark.parametrize(("reading", "left"), [("linear", 1 - 3 * 0.019), ("compound", 0.981**3)])
def test_a_month_s_line_is_that_of_the_same_month_of_2021(reading: str, left: float) -> None:
    """March 2024: 1 000 kWh in March 2021, less three years."""
    row = monthly(calculate(basis_of({electricity(): 1.0}, context={"eed_base": BASE, "eed_reading": reading})))["eed_line", ""]

    assert (row["value"], row["calculation"]) == (pytest.approx(1000 * left), f"eed-2 {reading}")


def test_the_place_on_the_line_is_energy_by_line() -> None:
    """743 kWh of 943: 78.8 % of the line."""
    rows = published(basis_of({electricity(): 1.0}, context={"eed_base": BASE}), energy.CALCULATION, CALCULATION)

    assert monthly(rows)["eed_position", ""]["value"] == pytest.approx(HOURS / 943 * 100)


def test_a_year_s_line_is_the_line_of_the_year() -> None:
    """Twelve months of 1 000 kWh: 12 000 * 0.943 in 2024."""
    months = [date(2024, n, 1) for n in range(1, 13)]
    rows = published(basis_of({electricity(): 1.0}, months, context={"eed_base": BASE}), energy.CALCULATION, CALCULATION)
    year = rows.filter((pl.col("period") == "year") & (pl.col("indicator") == "eed_line"))

    assert year["value"].to_list() == [pytest.approx(eed_line(12_000, 2024), abs=1e-3)]


def test_a_running_month_is_not_compared_with_a_whole_one() -> None:
    """Three days of March used 72 kWh; 72 of the month's 943 would be 7.6 % of the line, far better than it is."""
    made = basis_of({electricity(): 1.0}, until=month(MARCH, ZONE).start + timedelta(days=3), context={"eed_base": BASE})
    row = monthly(published(made, energy.CALCULATION, CALCULATION))["eed_position", ""]

    assert row["value"] is None
    assert row["reason"].startswith("Månaden pågår")


@pytest.mark.parametrize("context", [{}, {"eed_base": BASE.filter(pl.col("month") != 3)}], ids=["none", "not of March"])
def test_without_the_base_the_line_is_missing(context: dict[str, pl.DataFrame]) -> None:
    """No year is put in the place of 2021."""
    row = monthly(calculate(basis_of({electricity(): 1.0}, context=context)))["eed_line", ""]

    assert (row["value"], row["lacks"]) == (None, "input")
    assert row["reason"] == "Energianvändningen 2021 är inte känd för månaden: läs in 2021 års mätvärden från fil."


def test_before_2021_there_is_no_row() -> None:
    """The line has not begun."""
    assert calculate(basis_of({electricity(): 1.0}, [date(2020, 3, 1)], context={"eed_base": BASE})).is_empty()


def test_every_figure_has_its_definition() -> None:
    """It is called a comparison, and no duty."""
    assert {*CALCULATION.indicators, *(ratio.indicator for ratio in CALCULATION.ratios)} <= INDICATORS.keys()
    assert "inget krav på kommunen" in INDICATORS["eed_line"].definition_sv
    assert MARCH.year > 2021
