"""Which deviations are told, and in which order."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from config.domain.deviations import Deviation, DeviationKind, Saving
from config.domain.indicators import Missing, Subject, SubjectKind
from services.analysis.attention import has_rebounded, ranked, told_now, without_echoes, worth

DAY = date(2026, 11, 2)
UNPRICED = Missing("Pris saknas.", "No price.")


def found(
    kind: DeviationKind = DeviationKind.NIGHT,
    first: int = 0,
    last: int = 10,
    building: str = "skola",
    sek: float | Missing = 100.0,
    kwh: float | Missing = 80.0,
    evidence: Mapping[str, Any] | None = None,
) -> Deviation:
    return Deviation(
        kind=kind,
        subject=Subject(SubjectKind.BUILDING, building),
        building=building,
        carrier="electricity",
        first_day=DAY + timedelta(days=first),
        last_day=DAY + timedelta(days=last),
        detected=DAY + timedelta(days=first + 3),
        going_on=False,
        kwh=kwh,
        sek=sek,
        kg=UNPRICED,
        sentence_sv="",
        sentence_en="",
        action_sv="",
        action_en="",
        evidence=evidence or {},
    )


def test_one_thing_left_on_is_told_once() -> None:
    """A fan that never stops shows at night, on days off and in the base load: three letters about one fan."""
    night, weekend = found(), found(DeviationKind.WEEKEND, 5, 12)
    base = found(DeviationKind.BASE_LOAD, 0, 14)
    (kept,) = without_echoes([weekend, base, replace(night, detected=DAY + timedelta(days=2))])

    assert kept.kind is DeviationKind.NIGHT
    assert kept.last_day == DAY + timedelta(days=14)
    assert kept.evidence["also"] == ["base_load", "weekend"]


def test_two_buildings_or_a_meter_fault_are_two() -> None:
    """Only kinds with one cause, at one building, are one."""
    items = [found(), found(building="annan"), found(DeviationKind.STUCK_METER)]

    assert len(without_echoes(items)) == 3


def test_the_same_after_a_short_pause_goes_on() -> None:
    """Ten days later it is the same thing, with the sum of both: 200 kr; three weeks later it is news."""
    (joined,) = without_echoes([found(), found(first=20, last=25)])

    assert joined.sek == 200.0
    assert joined.last_day == DAY + timedelta(days=25)
    assert len(without_echoes([found(), found(first=32, last=40)])) == 2


def test_what_has_no_price_is_ranked_by_its_kwh() -> None:
    """It would else be last, or nought."""
    order = ranked([found(building="a", sek=50.0), found(building="b", sek=UNPRICED, kwh=400.0), found(building="c", sek=300.0)])

    assert [item.building for item in order] == ["b", "c", "a"]
    assert worth(found(sek=UNPRICED, kwh=UNPRICED)) == 0.0


def test_the_costliest_of_each_owner_are_told() -> None:
    """A large owner does not take a small one's place."""
    waiting = [("skola", found(sek=1.0)), ("skola", found(sek=3.0)), ("skola", found(sek=2.0)), ("vård", found(sek=0.5))]

    assert told_now(waiting, [], per_week=2) == [1, 2, 3]
    assert told_now(waiting, ["skola"], per_week=2) == [1, 3]
    assert told_now(waiting, ["skola", "skola", "skola"], per_week=2) == [3]


@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.floats(0, 1e6)), max_size=20), st.integers(1, 5), st.lists(st.sampled_from("ab"))
)
def test_no_owner_is_ever_told_more_than_the_week_allows(
    given_items: list[tuple[str, float]], per_week: int, told: list[str]
) -> None:
    """Whatever waits and whatever was told before."""
    waiting = [(owner, found(sek=sek)) for owner, sek in given_items]
    chosen = told_now(waiting, told, per_week)

    for owner in "ab":
        assert sum(waiting[n][0] == owner for n in chosen) <= max(0, per_week - told.count(owner))
    assert len(set(chosen)) == len(chosen)


def test_a_saving_has_rebounded_when_less_than_half_can_be_left() -> None:
    """900 kWh in 30 days is 30 a day; 28 days with at most 400 leave 14.3, with at most 500 perhaps 17.9."""
    verified = Saving(900.0, 600.0, 1200.0, DAY, DAY + timedelta(days=29), "3P")
    recent = Saving(200.0, 0.0, 400.0, DAY, DAY + timedelta(days=27), "3P")

    assert has_rebounded(verified, recent)
    assert not has_rebounded(verified, replace(recent, high=500.0))
