"""Silent and stuck meters, return temperature, and meters that disagree."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from config.domain.deviations import Deviation
from config.domain.estate import Carrier, Direction, MeteringPoint, Portfolio
from config.domain.indicators import Missing
from services.analysis.deviations import balance, return_temperature, silent_meter, stuck_meter
from services.analysis.deviations._heat import KWH_PER_M3_K, heat_days
from services.analysis.deviations._seam import Hearing
from tests.services.analysis.deviations.estate import portfolio
from tests.services.analysis.deviations.made import LAST, LOCAL, ZONE, Load, material, one_building, point_hours, school_load

BEGIN = date(2026, 9, 14)  # ten weeks before LAST


def recent(load: Load, carrier: Carrier = Carrier.ELECTRICITY) -> tuple[pl.DataFrame, Portfolio]:
    hours = point_hours({"el-skola": ("skola", carrier, "main", load)}, BEGIN, LAST)
    return hours, portfolio([("el-skola", "skola", carrier, None)], zone=ZONE)


def until(load: Load, end: datetime, otherwise: float | None = None) -> Load:
    return lambda local: load(local) if local < end else otherwise


QUIET = datetime(2026, 11, 20, 0, tzinfo=LOCAL)


def test_a_meter_that_has_been_silent_for_three_days_is_told() -> None:
    """72 hours; what it usually measures is said and is not called a waste: 10·20 + 14·6 + 12·0.2 = 286.4 kWh a school day."""
    (found,) = silent_meter.find(material(*recent(until(school_load, QUIET))))

    assert found.subject.id == "el-skola"
    assert found.evidence["hours"] == 72
    assert found.evidence["usual_a_day"] == pytest.approx(286.4)
    assert found.detected == date(2026, 11, 21)
    assert found.kwh == pytest.approx(3 * 286.4)


def test_a_meter_that_is_late_by_a_night_is_not_silent() -> None:
    """Twenty-three hours."""
    end = datetime(2026, 11, 22, 1, tzinfo=LOCAL)

    assert list(silent_meter.find(material(*recent(until(school_load, end))))) == []


def test_a_meter_read_once_a_week_is_not_silent_between_its_readings() -> None:
    """Three times the agreed interval."""
    hours, estate = recent(until(school_load, datetime(2026, 11, 15, tzinfo=LOCAL)))
    weekly = {name: replace(item, interval_s=7 * 86_400) for name, item in estate.points.items()}

    assert list(silent_meter.find(material(hours, replace(estate, points=weekly)))) == []


def test_a_meter_that_was_taken_down_is_not_silent() -> None:
    """Its installation has ended."""
    hours, estate = recent(until(school_load, QUIET))
    ended = tuple(replace(item, end=QUIET.astimezone(UTC)) for item in estate.installations)

    assert list(silent_meter.find(material(hours, replace(estate, installations=ended)))) == []


LISTENING = datetime(2026, 11, 13, tzinfo=LOCAL)  # ten days before the material ends


def never_heard(**hearing: Any) -> list[Deviation]:
    """A meter installed in 2010 that never said anything, and who was heard beside it."""
    hours, estate = recent(lambda _: None)
    heard = replace(Hearing(listening=LISTENING, earliest=LISTENING), **hearing)
    return list(silent_meter.find(replace(material(hours, estate), hearing=heard)))


def test_a_meter_that_was_never_heard_says_so_and_counts_from_when_it_could_have_been() -> None:
    """Ten days since the first value of anything came, not sixteen years since the portfolio installed it."""
    (found,) = never_heard()

    assert "har aldrig hörts: på 10 dygn har inget värde kommit" in found.sentence_sv
    assert "has never been heard: no value has come in 10 days" in found.sentence_en
    assert found.first_day == date(2026, 11, 13)
    assert found.evidence["never_heard"] is True
    assert isinstance(found.kwh, Missing)


@pytest.mark.parametrize(
    "hearing",
    [
        {"listening": None, "earliest": None},
        {"listening": datetime(2026, 11, 22, 12, tzinfo=LOCAL)},
        {"catching_up": True},
        {"unsettled": frozenset({"el-skola"})},
        {"last": {"m-el-skola": datetime(2026, 11, 22, 20, tzinfo=LOCAL)}},
    ],
    ids=["nobody was heard", "heard for twelve hours", "history comes in", "of its own too", "heard, not settled"],
)
def test_a_meter_that_nobody_could_have_heard_yet_is_not_told(hearing: dict[str, Any]) -> None:
    """First start: the portfolio has meters before the service has values."""
    assert never_heard(**hearing) == []


def test_a_meter_last_heard_before_the_ten_weeks_has_fallen_silent() -> None:
    """Its hours are out of sight; that it was heard in July is known."""
    (found,) = never_heard(last={"m-el-skola": datetime(2026, 7, 16, tzinfo=LOCAL)})

    assert "har varit tyst i 130 dygn" in found.sentence_sv


def test_a_meter_that_begins_to_speak_is_not_silent_while_its_history_comes_in() -> None:
    """It was first heard this morning, so far with values of last week."""
    hours, estate = recent(until(school_load, QUIET))
    today = {"m-el-skola": datetime(2026, 11, 23, 8, tzinfo=LOCAL)}

    assert list(silent_meter.find(replace(material(hours, estate), hearing=Hearing(first=today, last=today)))) == []


@pytest.mark.parametrize("value", [0.0, 6.2])
def test_a_meter_that_repeats_itself_is_stuck(value: float) -> None:
    """Noughts or the last value, for three days where it never had the same value two hours running."""
    (found,) = stuck_meter.find(material(*recent(until(school_load, QUIET, otherwise=value))))

    assert found.evidence["hours"] == pytest.approx(72, abs=1)
    assert found.going_on


def test_heat_that_is_not_needed_is_not_stuck() -> None:
    """A run of noughts in warm weather."""
    hours, estate = recent(until(school_load, QUIET, otherwise=0.0), Carrier.DISTRICT_HEATING)

    assert list(stuck_meter.find(material(hours, estate, temperature=lambda day: 20.0))) == []
    assert len(list(stuck_meter.find(material(hours, estate, temperature=lambda day: 2.0)))) == 1


def gauges(extra_k: float, since: date) -> pl.DataFrame:
    """1 m³ an hour, 80 °C there, 40 °C back with a ripple of 0.5 K from day to day; E8 and E9 as the meter counts them."""
    start = datetime(2026, 1, 5, tzinfo=UTC)
    rows = []
    for n in range(24 * 300):
        time = start + timedelta(hours=n)
        day = time.astimezone(LOCAL).date()
        back = 40.0 + (0.5 if day.toordinal() % 2 else -0.5) + (extra_k if day >= since else 0.0)
        rows += [(time, "volume", 1.0), (time, "volume_temperature_flow", 80.0), (time, "volume_temperature_return", back)]
    return pl.DataFrame(
        rows, schema={"time": pl.Datetime("us", "UTC"), "quantity": pl.String, "value": pl.Float64}, orient="row"
    ).with_columns(building=pl.lit("skola"), point=pl.lit("el-skola"), meter=pl.lit("m"), channel=pl.lit(""))


def returns(extra_k: float, since: date = date(2026, 10, 1)) -> list[Deviation]:
    hours, estate = one_building(school_load, Carrier.DISTRICT_HEATING)
    return list(return_temperature.find(material(hours, estate, gauges=gauges(extra_k, since))))


def test_a_warm_return_is_told_on_the_fifth_day_and_priced_by_its_flow() -> None:
    """8 K from the 1st to the 31st of October (300 days end then): 31 days, one of 25 hours: 745 m³.

    Fall 32 K in place of 40 K: 745·(1 − 32/40) = 149 m³ needless, at 3,15 kr 469 kr; 745·8·1.149 kWh went back unused.
    """
    (found,) = returns(8.0)

    assert found.first_day == date(2026, 10, 1)
    assert found.detected == date(2026, 10, 5)
    assert found.sek == pytest.approx(469, rel=0.03)
    assert found.kwh == pytest.approx(745 * 8 * KWH_PER_M3_K, rel=0.03)
    assert isinstance(found.kg, Missing)
    assert found.evidence["expected_c"] == pytest.approx(40, abs=0.6)


def test_two_degrees_are_no_news() -> None:
    """Below the least of 3 K."""
    assert returns(2.0) == []


def test_the_mean_return_is_weighted_by_what_flowed() -> None:
    """23 hours of 1 m³ at 40 °C and one of 10 m³ at 73 °C: (23·40 + 10·73) / 33 = 50 °C; the plain mean is 41.4 °C."""
    start = datetime(2026, 3, 2, 23, tzinfo=UTC)
    rows = [(start + timedelta(hours=n), 1.0, 40.0) for n in range(23)] + [(start + timedelta(hours=23), 10.0, 73.0)]
    parts = {"volume": [row[1] for row in rows], "volume_temperature_return": [row[1] * row[2] for row in rows]}
    times = pl.Series([row[0] for row in rows], dtype=pl.Datetime("us", "UTC"))
    frame = pl.concat(
        pl.DataFrame(
            {"building": "b", "point": "p", "meter": "m", "channel": "", "quantity": name, "time": times, "value": values}
        )
        for name, values in parts.items()
    )
    row = heat_days(frame, ZONE).row(0, named=True)

    assert row["return_c"] == pytest.approx(50.0)
    assert row["volume_m3"] == pytest.approx(33.0)


def family(scale: float, since: date) -> tuple[pl.DataFrame, Portfolio]:
    """A main meter over two children and 1 kW beside them; the kitchen shows `scale` times its use from a day on."""

    def kitchen(local: datetime) -> float:
        return 3.0 + 5.0 * ((local.toordinal() * 7 + local.hour * 5) % 11) / 11

    def hall(local: datetime) -> float:
        return 4.0 + 6.0 * ((local.toordinal() * 5 + local.hour * 3) % 13) / 13

    hours = point_hours(
        {
            "huvud": ("skola", Carrier.ELECTRICITY, "main", lambda local: kitchen(local) + hall(local) + 1.0),
            "kok": (
                "skola",
                Carrier.ELECTRICITY,
                "sub",
                lambda local: kitchen(local) * (scale if local.date() >= since else 1.0),
            ),
            "sal": ("skola", Carrier.ELECTRICITY, "sub", hall),
        },
        BEGIN,
        LAST,
    )
    points = [("huvud", "skola", Carrier.ELECTRICITY, None), ("kok", "skola", Carrier.ELECTRICITY, "huvud")]
    return hours, portfolio([*points, ("sal", "skola", Carrier.ELECTRICITY, "huvud")], zone=ZONE)


@pytest.mark.parametrize("scale", [1.2, 1.5, 0.67])
def test_the_child_that_shows_wrong_is_named_with_its_factor(scale: float) -> None:
    """A wrong transformer ratio, or a phase that fell off."""
    (found,) = balance.find(material(*family(scale, date(2026, 11, 9))))

    assert found.subject.id == "kok"
    assert found.evidence["factor"] == pytest.approx(scale, rel=0.05)
    assert found.detected <= date(2026, 11, 15)


def test_meters_that_agree_are_left_alone() -> None:
    """The residual is the 1 kW that nobody meters."""
    assert list(balance.find(material(*family(1.0, LAST)))) == []


def test_sub_meters_that_the_sun_feeds_do_not_show_too_much() -> None:
    """By day the roof gives 9 kW, of which 1 is sent out: the main meter takes in 8 less than is used; the children are right."""
    hours, estate = family(1.0, LAST)
    by_day = pl.col("time").dt.convert_time_zone(ZONE).dt.hour().is_between(9, 15)
    main = hours.filter(pl.col("point") == "huvud").with_columns(pl.col("value") - pl.when(by_day).then(8.0).otherwise(0.0))
    sun, sent = (
        main.with_columns(
            pl.lit(name).alias("point"),
            pl.lit(reported_as).alias("reported_as"),
            pl.when(by_day).then(kw).otherwise(0.0).alias("value"),
        )
        for name, reported_as, kw in (("sol", "solar", 9.0), ("ut", "electricity_export", 1.0))
    )
    points = {
        "sol": MeteringPoint("sol", "sol", "skola", Carrier.SOLAR, Direction.IMPORT, 0.001),
        "ut": MeteringPoint("ut", "ut", "skola", Carrier.ELECTRICITY, Direction.EXPORT, 0.001),
    }
    shining = replace(estate, points={**estate.points, **points})
    fed = pl.concat([main, hours.filter(pl.col("point") != "huvud"), sun, sent])

    assert list(balance.find(material(fed, shining))) == []


def test_where_nobody_measures_what_is_sent_out_no_sub_meter_is_accused() -> None:
    """How much of the sun they used is not known."""
    hours, estate = family(2.0, BEGIN)
    sun = MeteringPoint("sol", "sol", "skola", Carrier.SOLAR, Direction.IMPORT, 0.001)

    assert list(balance.find(material(hours, replace(estate, points={**estate.points, "sol": sun})))) == []


def test_children_that_showed_too_much_from_the_first_day_are_told_without_a_name() -> None:
    """There is no before to compare with; that they show more than the main meter is enough."""
    (found,) = balance.find(material(*family(2.0, BEGIN)))

    assert found.subject.id == "huvud"
    assert "mer än huvudmätaren" in found.sentence_sv
