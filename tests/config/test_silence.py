"""When a meter has been quiet for too long."""

from datetime import UTC, datetime, timedelta

import pytest

from config.domain.silence import allowed_silence, silent_after
from tests.dashboards.example import NOW, portfolio


@pytest.mark.parametrize(
    ("agreed", "allowed"),
    [
        ([3600], timedelta(hours=3)),
        ([60, 900], timedelta(minutes=45)),
        ([10], timedelta(minutes=5)),
        ([None], timedelta(days=1)),
        ([None, 3600], timedelta(hours=3)),
    ],
)
def test_a_meter_may_be_quiet_for_three_of_its_longest_interval(agreed: list[int | None], allowed: timedelta) -> None:
    """Five minutes at least; a day where it reports on change."""
    assert silent_after(agreed) == allowed


def test_only_installed_meters_are_waited_for() -> None:
    """The care home's meter was exchanged in June."""
    spring = datetime(2026, 3, 1, tzinfo=UTC)

    now, then = allowed_silence(portfolio(), NOW), allowed_silence(portfolio(), spring)

    assert ("m-alv" in now, "m-alv-gammal" in now) == (True, False)
    assert ("m-alv" in then, "m-alv-gammal" in then) == (False, True)
    assert now["m-skola-vatten"] == timedelta(days=1)
