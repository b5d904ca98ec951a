"""What figures are called, there and back."""

from datetime import UTC, datetime

import pytest

from config.domain.figure_names import figure_name
from config.domain.indicators import SubjectKind
from config.domain.periods import PeriodKind

ZONE = "Europe/Stockholm"
NAMES = [
    "energy:electricity/building:soltorget/2025-01",
    "energy_total/portfolio:portfolio/2025",
    "water:water/point:735999000000000042/2025-03-30",
    "specific_energy/owner:skolnamnden/2025-06-r12",
    "energy:electricity_export/building_kind:school/2025-06-ytd",
    "energy_total/building:a/2025-12-r12",
]


@pytest.mark.parametrize("text", NAMES)
def test_a_name_comes_back_as_it_was_written(text: str) -> None:
    """Every kind of subject and period."""
    assert str(figure_name(text, ZONE)) == text


def test_twelve_months_end_with_the_month_that_names_them() -> None:
    """By the local clock: July is summer time on both ends."""
    period = figure_name(NAMES[3], ZONE).period

    assert period.kind is PeriodKind.ROLLING_YEAR
    assert (period.start, period.end) == (datetime(2024, 6, 30, 22, tzinfo=UTC), datetime(2025, 6, 30, 22, tzinfo=UTC))
    assert figure_name(NAMES[3], ZONE).subject.kind is SubjectKind.OWNER


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("energi", "write it as energy:electricity/building"),
        ("energi/building:a/2025", "no indicator 'energi'"),
        ("energy/house:a/2025", "no kind of subject; they are point, building"),
        ("energy/building:a/januari", "is no period; write 2025-01-15"),
        ("energy/building:a/2025-13", "month must be in 1..12"),
        ("energy/building:a/2025-02-30", "day"),
        ("energy/building:a/0000", "year"),
        ("energy/building:a/0001-01", "outside the years 1900 to 2200"),  # no instant in UTC
        ("energy/building:a/9999-12-31", "outside the years"),  # no day after it
    ],
)
def test_what_names_no_figure_says_the_way_out(text: str, said: str) -> None:
    """As typed at a prompt or in an address."""
    with pytest.raises(ValueError, match=said):
        figure_name(text, ZONE)
