"""What is left out, where days stand below a line, and what takes the whole width."""

from datetime import datetime, timedelta

import pytest

from config.domain.panels import one
from services.web.charts.series import line_spec
from services.web.view.cells import margin_text
from services.web.view.situation import Situation
from services.web.view.values import Drawn, Lines, Mark, PanelView, spanning
from tests.dashboards import example
from tests.doubles.memory_store import MemoryStore

NOON = datetime(2026, 11, 16, 12)  # noqa: DTZ001 - the wall clock, as marks have it


@pytest.mark.parametrize(
    ("value", "margin", "unit", "told"),
    [
        (2_001_564.0, 0.003, "kWh", ""),
        (85.3, 0.0004, "kWh/kWp", ""),
        (0.862, 0.00001, "1", ""),
        (970_078.0, 1_492.0, "kWh", "±\xa01\xa0492\xa0kWh"),
        (35.5, 1.01, "°C", "±\xa01,01\xa0°C"),
    ],
)
def test_a_margin_that_the_figure_does_not_show_is_left_out(value: float, margin: float, unit: str, told: str) -> None:
    """± 0,000 says nothing; neither does a three-thousandth of two million."""
    situation = Situation(example.portfolio(), one(example.SCHOOL), example.NOW, "sv", MemoryStore())

    assert margin_text(situation, value, margin, unit) == told


@pytest.mark.parametrize(
    ("step", "count", "named"),
    [
        (timedelta(days=1), 3, 3),
        (timedelta(days=1), 14, 7),
        (timedelta(hours=1), 48, None),
        (timedelta(days=1), 40, None),
    ],
)
def test_a_line_of_few_days_has_days_below_it(step: timedelta, count: int, named: int | None) -> None:
    """Of three days the axis itself would write 06:00, 12:00, 18:00; of hours and of many days it finds its own."""
    marks = tuple(Mark(NOON + place * step, "", "", 1.0, "") for place in range(count))

    across = line_spec(Lines((Drawn("", 0, "", marks),)), "kWh")["layer"][0]["encoding"]["x"]
    days = across["axis"].get("values")
    assert (None if days is None else len(days)) == named
    assert set(days or ()) <= {
        each["at"] for each in line_spec(Lines((Drawn("", 0, "", marks),)), "")["layer"][0]["data"]["values"]
    }


def test_a_panel_with_nothing_to_show_is_a_line_across() -> None:
    """Not a box as high as the picture beside it; the picture then has the whole width too."""
    empty = PanelView("b", "lines", "", "", "", "", "kWh", empty="Inget har antecknats.")
    full = PanelView("a", "lines", "", "", "", "", "kWh")

    assert spanning([full, empty]) == {"a", "b"}
