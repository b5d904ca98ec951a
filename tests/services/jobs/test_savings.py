"""The savings model over a store: published days, the stored weather of the town's station, and the calendar."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from config.domain.deviations import Saving
from config.domain.estate import Carrier
from config.domain.indicators import IndicatorValue, Missing, Subject, SubjectKind
from config.domain.periods import day
from config.domain.weather import Station, WeatherPlan, WeatherQuantity
from services.jobs.savings import SavingsModel
from services.jobs.surroundings import Surroundings
from services.store.figures import indicator_frame
from tests.doubles.memory_store import MemoryStore
from tests.services.indicators.example_basis import ZONE, point, portfolio

ACTION = date(2026, 1, 5)
DAYS = [ACTION + timedelta(days=n) for n in range(-365, 60)]
STATION = Station("105260", "Borlänge Flygplats")
MILD = [7.0 - 14.0 * float(np.cos(2 * np.pi * item.timetuple().tm_yday / 365)) for item in DAYS]


def filled(unknown: int = 0) -> SavingsModel:
    """30 kWh a degree below 15 °C on 200; a tenth less from the action on; the first days not wholly read."""
    store = MemoryStore()
    values = []
    for number, (on, temperature) in enumerate(zip(DAYS, MILD, strict=True)):
        kwh = (200.0 + 30.0 * max(0.0, 15.0 - temperature)) * (0.9 if on >= ACTION else 1.0)
        subject = Subject(SubjectKind.BUILDING, "skola")
        coverage = 0.5 if number < unknown else 1.0
        values.append(IndicatorValue("energy", subject, day(on, ZONE), kwh, coverage, "energy-2", {}, "district_heating", 1.0))
    store.write_indicator_values(indicator_frame(values, datetime(2026, 6, 1, tzinfo=UTC)))
    rows = [
        (datetime(on.year, on.month, on.day, tzinfo=UTC), "air_temperature_daily", "105260", temperature, "G", 0)
        for on, temperature in zip(DAYS, MILD, strict=True)
    ]
    columns = ["time", "quantity", "station", "value", "quality", "received"]
    store.write_weather(
        pl.DataFrame(rows, schema=columns, orient="row").with_columns(pl.col("time").cast(pl.Datetime("us", "UTC")))
    )
    plan = WeatherPlan({WeatherQuantity.AIR_TEMPERATURE_DAILY: (STATION,)})
    return SavingsModel(Surroundings(portfolio(point("v", Carrier.DISTRICT_HEATING)), store, weather_plan=plan))


def test_what_is_published_and_stored_gives_the_saving() -> None:
    """A tenth of what the sixty days would have used, and the words name model, fit and days."""
    found = filled().saving("skola", "district_heating", ACTION, ACTION, DAYS[-1])
    would_have = sum(200.0 + 30.0 * max(0.0, 15.0 - item) for on, item in zip(DAYS, MILD, strict=True) if on >= ACTION)

    assert isinstance(found, Saving)
    assert found.kwh == pytest.approx(0.1 * would_have)
    assert found.low < found.kwh < found.high
    assert (found.first_day, found.last_day) == (ACTION, DAYS[-1])
    assert found.model == "IPMVP C, dygnsmodell av året före, bryter vid 15 °C, R² 1,00, CVRMSE 0 %, 60 av 60 dygn"


def test_days_that_are_not_wholly_known_are_no_baseline() -> None:
    """Half a day's use would look like a saving before the measure."""
    found = filled(unknown=40).saving("skola", "district_heating", ACTION, ACTION, DAYS[-1])

    assert isinstance(found, Missing)
    assert "325 av 365 dygn" in found.reason_sv
