"""What is remembered of the weather besides its values."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from config.domain.weather import LicensedDegreeDays, WeatherFinding, WeatherFindingCode, WeatherQuantity
from services.state.state import State
from services.state.weather import SeenFinding, WeatherTable

NOW = datetime(2024, 2, 3, 2, tzinfo=UTC)
DAILY = WeatherQuantity.AIR_TEMPERATURE_DAILY


@pytest.fixture
def table(tmp_path: Path) -> Iterator[WeatherTable]:
    with State.open(tmp_path / "state.sqlite") as state:
        yield state.weather


def finding(code: WeatherFindingCode, words: str = "så") -> WeatherFinding:
    return WeatherFinding(code, DAILY, "105260", words, "so")


def licensed(month: int, degree_days: float, product: str = "SMHI Graddagar") -> LicensedDegreeDays:
    return LicensedDegreeDays(product, "Borlänge", date(2024, month, 1), degree_days, 615.0, 17.0, "1991-2020")


def test_a_look_is_remembered_by_quantity(table: WeatherTable) -> None:
    """The newest counts."""
    table.set_looked(DAILY, NOW)
    table.set_looked(DAILY, NOW + timedelta(hours=3))

    assert table.looked() == {DAILY: NOW + timedelta(hours=3)}


def test_a_finding_that_stays_keeps_its_since_and_one_that_heals_goes(table: WeatherTable) -> None:
    """A person sees how long a station has been closed."""
    closed, cut = finding(WeatherFindingCode.STATION_CLOSED), finding(WeatherFindingCode.UNREADABLE)
    table.replace_findings(DAILY, "105260", [closed, cut], NOW)
    table.replace_findings(DAILY, "105260", [finding(WeatherFindingCode.STATION_CLOSED, "ännu")], NOW + timedelta(days=1))

    assert table.findings() == [SeenFinding(finding(WeatherFindingCode.STATION_CLOSED, "ännu"), NOW)]


def test_another_stations_findings_are_left_alone(table: WeatherTable) -> None:
    """Each station's are replaced by themselves."""
    table.replace_findings(DAILY, "105260", [finding(WeatherFindingCode.STATION_CLOSED)], NOW)
    table.replace_findings(DAILY, "105370", [], NOW)
    table.replace_findings(WeatherQuantity.AIR_TEMPERATURE, "105260", [], NOW)

    assert len(table.findings()) == 1


def test_bought_degree_days_are_kept_and_replaced_by_month(table: WeatherTable) -> None:
    """A corrected delivery replaces; another product lies beside it."""
    table.keep_licensed([licensed(1, 725.0), licensed(2, 560.0)], NOW)
    table.keep_licensed([licensed(1, 726.0), licensed(1, 967.0, "Energi-Index")], NOW)

    assert table.licensed() == [licensed(1, 967.0, "Energi-Index"), licensed(1, 726.0), licensed(2, 560.0)]
