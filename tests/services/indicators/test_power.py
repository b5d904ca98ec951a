"""Peaks, base load, load factor and utilisation time, by hand."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from config.domain.estate import Portfolio
from config.domain.periods import month, zone_named
from services.figures.compute import building_figures
from services.figures.frames import FIGURES, PERIODS
from services.figures.periods import longer_periods
from services.indicators import energy, power
from tests.services.indicators.example_basis import HOUR, ZONE, basis, intervals, point, portfolio

MARCH = date(2026, 3, 1)
AFTER = date(2026, 6, 1)
WHOLE = month(MARCH, ZONE)
HOURS = WHOLE.hours  # 743: the clock goes forward on the 29th


def figures(frame: pl.DataFrame, known: Portfolio) -> dict[str, dict[str, object]]:
    """Indicator → the building's row of March, of electricity."""
    none = pl.DataFrame(schema=dict(FIGURES)), pl.DataFrame(schema=dict(PERIODS))
    rows = building_figures(basis(known, frame, [MARCH]), [energy.CALCULATION, power.CALCULATION], *none)
    mine = rows.filter((pl.col("period") == "month") & (pl.col("subject") == "skola") & (pl.col("carrier") == "electricity"))
    return {row["indicator"]: row for row in mine.iter_rows(named=True)}


def load(peak_at: int = 200, peak: float = 50.0) -> list[float]:
    """10 kW between 00 and 05, 20 kW by day, and one peak."""
    values = []
    for n in range(HOURS):
        local = (WHOLE.start + n * HOUR).astimezone(zone_named(ZONE))
        values.append(10.0 if local.hour < 5 else 20.0)
    values[peak_at] = peak
    return values


def test_the_peak_is_the_highest_hour_and_says_when() -> None:
    """50 kW in one hour; domain facts 2.3: which resolution it is must stand beside it."""
    item = point("el")
    row = figures(intervals(item, WHOLE, load()), portfolio(item))["peak_power"]

    instant = (WHOLE.start + 200 * HOUR).strftime("%Y-%m-%dT%H:%MZ")
    assert row["value"] == 50.0
    assert row["factors"] == f'{{"at":"{instant}","interval":"60 min"}}'


def test_a_year_does_not_take_a_month_without_nights_for_nought() -> None:
    """January is read once: its hours are known together, its nights are not. 10 kW in eleven months is known of 8 016 h; the
    twelfth's, at most the 7 440 kWh that were used, is in the ± and in the coverage."""
    item, months = point("el"), [date(2025, n, 1) for n in range(1, 13)]
    spans = {"span_start": month(months[0], ZONE).start, "span_end": month(months[0], ZONE).end}
    read_once = intervals(item, month(months[0], ZONE), 10.0, method="interpolated").with_columns(
        pl.lit(0.0).alias("coverage"), *(pl.lit(int(at.timestamp() * 1000)).alias(name) for name, at in spans.items())
    )
    frame = pl.concat([read_once, *(intervals(item, month(first, ZONE), 10.0) for first in months[1:])])
    made = basis(portfolio(item), frame, months)
    rows = building_figures(
        made, [energy.CALCULATION, power.CALCULATION], pl.DataFrame(schema=dict(FIGURES)), longer_periods(months, ZONE, AFTER)
    )
    year = {row["indicator"]: row for row in rows.filter(pl.col("period") == "year").iter_rows(named=True)}

    assert year["base_energy"]["value"] is None
    assert year["base_energy"]["partial"] == pytest.approx(10.0 * 8016)
    assert year["base_energy"]["coverage"] == pytest.approx(8016 / 8760)
    assert year["base_energy"]["uncertainty"] == pytest.approx(7440, abs=1)


def test_a_month_that_is_running_has_no_base_load_yet() -> None:
    """Three days of March are no March; 0.0 kW would look like a building that is switched off."""
    item = point("el")
    made = basis(portfolio(item), intervals(item, WHOLE, 10.0).head(72), [MARCH], until=WHOLE.start + 72 * HOUR)
    none = pl.DataFrame(schema=dict(FIGURES)), pl.DataFrame(schema=dict(PERIODS))
    rows = building_figures(made, [energy.CALCULATION, power.CALCULATION], *none)
    row = rows.filter((pl.col("indicator") == "base_load") & (pl.col("period") == "month"))

    assert row["value"].item() is None
    assert row["reason"].item() == "Baslast ges för hela månader."


@pytest.mark.parametrize(("resolution", "shown"), [(0.01, True), (1.0, True), (20.0, False)])
def test_a_coarse_register_s_peak_is_no_surer_than_its_steps(resolution: float, shown: bool) -> None:
    """An hour is the difference of two readings, each off by up to half a step: 1.645 · step/√6 = 0.67 steps. Of 20 kWh steps a
    peak of 50 is ± 13.4 kW, 27 %: not shown."""
    item = replace(point("el"), resolution=resolution)
    row = figures(intervals(item, WHOLE, load()), portfolio(item))["peak_power"]

    assert row["uncertainty"] == pytest.approx(0.6715 * resolution, rel=1e-3)
    assert (row["value"] is not None) is shown


def test_points_of_a_building_peak_together() -> None:
    """Two mains of 50 kW at different hours make 70 kW, not 100."""
    one, two = point("el-1"), point("el-2")
    frame = pl.concat([intervals(one, WHOLE, load(200)), intervals(two, WHOLE, load(300))])

    assert figures(frame, portfolio(one, two))["peak_power"]["value"] == 70.0


def test_an_hour_that_shares_a_difference_has_no_peak() -> None:
    """What a gap was filled with is a guess."""
    item = point("el")
    frame = intervals(item, WHOLE, load()).with_columns(
        pl.when(pl.int_range(pl.len()) == 200).then(pl.lit("interpolated")).otherwise(pl.col("method")).alias("method")
    )

    assert figures(frame, portfolio(item))["peak_power"]["value"] == 20.0


def test_base_load_is_that_of_the_nights() -> None:
    """10 kW in every hour between 00 and 05, so each percentile of them is 10; 743 hours of it are 7 430 kWh."""
    item = point("el")
    found = figures(intervals(item, WHOLE, load()), portfolio(item))
    total = sum(load())

    assert found["base_energy"]["value"] == 10.0 * HOURS
    assert found["base_load"]["value"] == 10.0
    assert found["base_load_share"]["value"] == pytest.approx(10.0 * HOURS / total * 100)


def test_load_factor_and_utilisation_time() -> None:
    """E / (P·h) and E / P."""
    item = point("el")
    found = figures(intervals(item, WHOLE, load()), portfolio(item))
    total = sum(load())

    assert found["load_factor"]["value"] == pytest.approx(total / 50.0 / HOURS)
    assert found["utilisation_time"]["value"] == pytest.approx(total / 50.0)


def test_a_month_without_a_measured_hour_has_no_peak_and_no_base_load() -> None:
    """Missing with its reason, never nought."""
    item = point("el")
    found = figures(intervals(item, WHOLE, None), portfolio(item))

    assert {found[name]["value"] for name in ("peak_power", "base_energy", "base_load", "load_factor")} == {None}
    assert found["peak_power"]["reason"] == power.NO_PEAK.reason_sv
