"""One series from several stations: who gives a value, what is marked, and what is left a hole."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from services.analysis.bridging import bridged_days, bridged_hours, days_of_hours

BORLANGE, FALUN, SUN = "105260", "105370", "105285"
NOON = datetime(2024, 1, 10, 12, tzinfo=UTC)
SCHEMA = {
    "time": pl.Datetime("us", "UTC"),
    "quantity": pl.String,
    "station": pl.String,
    "value": pl.Float64,
    "quality": pl.String,
}
Row = tuple[datetime, str, str, float, str]


def stored(*rows: Row) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=SCHEMA, orient="row")


def daily(day: int, station: str, value: float, quality: str = "G") -> Row:
    return (datetime(2024, 1, day, tzinfo=UTC), "air_temperature_daily", station, value, quality)


def hourly(time: datetime, station: str, value: float, quantity: str = "air_temperature") -> Row:
    return (time, quantity, station, value, "G")


def test_a_hole_is_filled_from_the_next_station_and_marked_with_its_name() -> None:
    """Never silently: the day says where it was measured."""
    found = bridged_days(
        stored(daily(1, BORLANGE, -6.4), daily(1, FALUN, -7.0), daily(2, FALUN, -8.0), daily(3, BORLANGE, -2.0)),
        [BORLANGE, FALUN],
    )

    assert found.rows() == [
        (date(2024, 1, 1), -6.4, BORLANGE, False),
        (date(2024, 1, 2), -8.0, FALUN, True),
        (date(2024, 1, 3), -2.0, BORLANGE, False),
    ]


def test_a_day_that_no_station_has_stays_a_hole() -> None:
    """Trap 7: no row, so nobody can read 0 °C from it."""
    found = bridged_days(stored(daily(1, BORLANGE, 1.0), daily(3, BORLANGE, 1.0)), [BORLANGE, FALUN])

    assert found["day"].to_list() == [date(2024, 1, 1), date(2024, 1, 3)]


def test_a_station_that_is_not_in_the_plan_gives_nothing() -> None:
    """A station that was taken out of weather.yaml leaves the figures though its values are stored."""
    assert bridged_days(stored(daily(1, "97400", 1.0)), [BORLANGE, FALUN]).is_empty()


def test_a_withdrawn_value_is_none() -> None:
    """What SMHI's check threw out is bridged like any hole."""
    found = bridged_days(stored(daily(1, BORLANGE, 31.0, "-"), daily(1, FALUN, -7.0)), [BORLANGE, FALUN])

    assert found["station"].to_list() == [FALUN]


def test_a_provisional_value_is_the_stations_own_all_the_same() -> None:
    """Yellow means not checked yet, as all recent values are."""
    found = bridged_days(stored(daily(1, BORLANGE, -6.0, "Y"), daily(1, FALUN, -7.0, "G")), [BORLANGE, FALUN])

    assert found["temperature_c"].to_list() == [-6.0]


def test_the_stations_own_24_hours_go_before_the_next_stations_day() -> None:
    """Nearer than 20 km away is the same place."""
    hours = [hourly(datetime(2024, 1, 1, hour, tzinfo=UTC), BORLANGE, float(hour)) for hour in range(24)]

    found = bridged_days(stored(*hours, daily(1, FALUN, -7.0)), [BORLANGE, FALUN])

    assert found.rows() == [(date(2024, 1, 1), 11.5, BORLANGE, False)]


@pytest.mark.parametrize("hours", [(6, 12, 18), tuple(range(23))], ids=["three readings a day", "23 hours"])
def test_a_day_of_fewer_than_24_hours_has_no_mean(hours: tuple[int, ...]) -> None:
    """Manual stations were read by day; their mean is too warm."""
    frame = pl.DataFrame(
        [(datetime(2024, 1, 1, hour, tzinfo=UTC), FALUN, 5.0) for hour in hours],
        schema={"time": SCHEMA["time"], "station": pl.String, "temperature_c": pl.Float64},
        orient="row",
    )

    assert days_of_hours(frame).is_empty()


def test_temperature_and_sun_come_from_their_own_stations() -> None:
    """Irradiance is measured at few places; its hour is the one that ends at the given instant."""
    found = bridged_hours(
        stored(
            hourly(NOON, BORLANGE, -5.0),
            hourly(NOON, SUN, 120.0, "global_irradiance"),
            hourly(NOON + timedelta(hours=1), SUN, 150.0, "global_irradiance"),
        ),
        [BORLANGE, FALUN],
        [SUN],
    )

    assert found.rows() == [(NOON - timedelta(hours=1), None, 120.0), (NOON, -5.0, 150.0)]


def test_an_hour_is_bridged_too() -> None:
    """The first station in the order that has it."""
    found = bridged_hours(stored(hourly(NOON, FALUN, -7.0)), [BORLANGE, FALUN], [])

    assert found["temperature_c"].to_list() == [-7.0]
