"""A point less its sub-meters, by hand."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from config.domain.estate import Carrier, Direction
from config.domain.indicators import INDICATORS
from config.domain.periods import month
from services.figures.calculation import Basis
from services.figures.compute import building_figures
from services.figures.frames import FIGURES, PERIODS
from services.indicators import balance, energy
from services.indicators._own_solar import NO_EXPORT_METER
from tests.services.indicators.example_basis import ZONE, basis, intervals, point, portfolio

MARCH = date(2026, 3, 1)
WHOLE = month(MARCH, ZONE)
MAIN, KITCHEN, FANS = point("el"), point("kök", parent="el"), point("fläktar", parent="el")


def rest(main: float | None, kitchen: float | None, fans: float | None) -> dict[str, dict[str, object]]:
    """Indicator → the main point's row of March (743 hours)."""
    none = pl.DataFrame(schema=dict(FIGURES)), pl.DataFrame(schema=dict(PERIODS))
    frame = pl.concat([intervals(item, WHOLE, value) for item, value in ((MAIN, main), (KITCHEN, kitchen), (FANS, fans))])
    made = basis(portfolio(MAIN, KITCHEN, FANS), frame, [MARCH])
    rows = building_figures(made, [energy.CALCULATION, balance.CALCULATION], *none)
    mine = rows.filter((pl.col("subject") == "el") & (pl.col("period") == "month"))
    return {row["indicator"]: row for row in mine.iter_rows(named=True)}


def only_rest(made: Basis) -> float:
    """The one rest of its main point."""
    return float(balance.calculate(made).filter(pl.col("indicator") == "balance_rest")["value"].item())


def test_the_rest_is_what_nobody_meters_apart() -> None:
    """10 kW less 4 and 3 leaves 3 kW: 30 %."""
    found = rest(10.0, 4.0, 3.0)

    assert found["balance_rest"]["value"] == pytest.approx(3.0 * 743)
    assert found["balance_rest_share"]["value"] == pytest.approx(30.0)


def test_a_rest_below_nought_is_shown_as_it_is() -> None:
    """A sub-meter that counts double; hiding it would hide the fault."""
    assert rest(10.0, 8.0, 3.0)["balance_rest"]["value"] == pytest.approx(-743.0)


def test_a_silent_sub_meter_leaves_no_rest() -> None:
    """It is not taken for nought: its use would be in the rest."""
    found = rest(10.0, 4.0, None)

    assert found["balance_rest"]["value"] is None
    assert found["balance_rest"]["reason"] == balance.NO_READINGS.reason_sv


def test_a_sub_meter_that_was_taken_down_is_in_the_rest() -> None:
    """The fans' meter went in February: 10 kW less the kitchen's 4 leaves 6. Before, the rest was missing for ever after."""
    known = portfolio(MAIN, KITCHEN, FANS)
    gone = tuple(replace(item, end=WHOLE.start) if item.point == "fläktar" else item for item in known.installations)
    frame = pl.concat([intervals(MAIN, WHOLE, 10.0), intervals(KITCHEN, WHOLE, 4.0)])
    made = basis(replace(known, installations=gone), frame, [MARCH])

    assert only_rest(made) == pytest.approx(6.0 * 743)


def test_what_a_sub_meter_sends_out_is_not_its_parents_use() -> None:
    """An export register below an import one: 10 less the kitchen's 4, and the 2 that left are no part of it."""
    out = replace(FANS, direction=Direction.EXPORT)
    frame = pl.concat([intervals(item, WHOLE, value) for item, value in ((MAIN, 10.0), (KITCHEN, 4.0), (out, 2.0))])

    assert only_rest(basis(portfolio(MAIN, KITCHEN, out), frame, [MARCH])) == pytest.approx(6.0 * 743)


def test_own_sun_behind_the_main_meter_is_in_its_sub_meters() -> None:
    """1 bought, 9 made and 2 of it sent out: 8 are used, of which the kitchen's meter shows 6. The rest is 2, not -5."""
    sun, sent = point("sol", Carrier.SOLAR), point("ut", direction=Direction.EXPORT)
    values = ((MAIN, 1.0), (KITCHEN, 6.0), (sun, 9.0), (sent, 2.0))
    made = basis(portfolio(*(item for item, _ in values)), pl.concat([intervals(i, WHOLE, v) for i, v in values]), [MARCH])
    none = pl.DataFrame(schema=dict(FIGURES)), pl.DataFrame(schema=dict(PERIODS))
    rows = building_figures(made, [energy.CALCULATION, balance.CALCULATION], *none).filter(pl.col("subject") == "el")
    found = {row["indicator"]: row["value"] for row in rows.filter(pl.col("period") == "month").iter_rows(named=True)}

    assert found["balance_rest"] == pytest.approx(2.0 * 743)
    assert found["balance_rest_share"] == pytest.approx(25.0)


def test_without_a_meter_for_what_is_sent_out_a_balance_with_sun_is_missing() -> None:
    """How much of the sun the sub-meters used is not known; it says what to enter."""
    sun = point("sol", Carrier.SOLAR)
    values = ((MAIN, 1.0), (KITCHEN, 6.0), (sun, 9.0))
    made = basis(portfolio(*(item for item, _ in values)), pl.concat([intervals(i, WHOLE, v) for i, v in values]), [MARCH])
    row = balance.calculate(made).filter(pl.col("indicator") == "balance_rest").row(0, named=True)

    assert row["value"] is None
    assert row["reason"] == NO_EXPORT_METER[0]


def test_a_rest_of_water_is_of_cubic_metres() -> None:
    """5 m³ less 3 are 2 m³, in an indicator whose unit says so."""
    cold, hot = point("kv", Carrier.WATER), point("vv", Carrier.WATER, parent="kv")
    frame = pl.concat([intervals(cold, WHOLE, 5.0), intervals(hot, WHOLE, 3.0)])
    rows = balance.calculate(basis(portfolio(cold, hot), frame, [MARCH]))

    assert rows.select("indicator", "value").rows() == [("water_balance_rest", pytest.approx(2.0 * 743))]
    assert INDICATORS["water_balance_rest"].unit == "m3"


def test_a_rest_near_nought_is_not_called_too_uncertain() -> None:
    """Of a difference the uncertainty is no share of the value."""
    assert rest(7.0000001, 4.0, 3.0)["balance_rest"]["value"] == pytest.approx(0.0, abs=1e-3)
