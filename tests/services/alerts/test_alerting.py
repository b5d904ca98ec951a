"""What holds is told to whom it concerns: once, together, with its end, and not at night."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from config.domain.alerts import AlertKind, Escalation, QuietHours
from config.errors import DeliveryError, DeliveryUnavailable, StoreUnavailable
from services.alerts.alerting import GIVE_UP, AlertingJob, concerns
from services.alerts.condition import SERVICE
from services.alerts.sending import items
from services.state.alerts import MessageState, Part
from tests.services.alerts.scene import DAY, HOUR, MINUTE, NOON, RINK, SCHOOL, ZONE, Scene, condition, receiver, scene
from tests.services.jobs.world import FixedClock


def parts(told: Scene, name: str = "drift") -> list[list[str]]:
    """The parts of each message to a receiver."""
    return [[item.part.value for item in message] for message in told.outbox.to(name)]


def test_what_begins_is_told_once_however_often_it_is_seen(tmp_path: Path) -> None:
    """The job looks every minute."""
    told = scene(tmp_path)
    told.run(MINUTE, condition())
    for _ in range(5):
        told.run(HOUR)

    assert parts(told) == [["begun"]]


def test_its_end_is_told_to_those_who_were_told_of_it(tmp_path: Path) -> None:
    """Over again, in one message and one only."""
    told = scene(tmp_path)
    told.run(MINUTE, condition())
    told.over(HOUR)
    told.over(HOUR)

    assert parts(told) == [["begun"], ["ended"]]
    assert told.outbox.to("drift")[1][0].over["sv"] == "Det är över."


def test_what_comes_again_after_its_end_is_told_again(tmp_path: Path) -> None:
    """Another episode is news."""
    told = scene(tmp_path)
    told.run(MINUTE, condition())
    told.over(HOUR)
    told.run(HOUR, condition())

    assert parts(told) == [["begun"], ["ended"], ["begun"]]


def test_an_end_of_which_nothing_is_to_be_said_is_silent(tmp_path: Path) -> None:
    """A verified saving says it itself."""
    told = scene(tmp_path)
    told.run(MINUTE, condition())
    told.source.words = None
    told.over(HOUR)

    assert parts(told) == [["begun"]]
    assert told.state.alerts.active() == []


@pytest.mark.parametrize("asked", [1e14, float("inf")])
def test_no_server_can_make_us_wait_for_longer_than_a_day(asked: float, tmp_path: Path) -> None:
    """Whatever number stands in its Retry-After."""
    told = scene(tmp_path)
    told.outbox.errors = [DeliveryUnavailable("full", retry_after=asked)]
    told.run(MINUTE, condition())
    told.run(DAY)

    assert parts(told) == [["begun"]]


def test_several_things_of_one_run_are_one_message_the_costliest_first(tmp_path: Path) -> None:
    """A morning with ten deviations is one mail."""
    told = scene(tmp_path)
    told.run(MINUTE, condition("a", sek=100.0), condition("b", sek=900.0), condition("c"))

    assert [[item.title["sv"] for item in message] for message in told.outbox.to("drift")] == [
        ["Rubrik b", "Rubrik a", "Rubrik c"]
    ]


def test_messages_are_no_closer_than_the_receiver_says(tmp_path: Path) -> None:
    """What comes meanwhile is gathered."""
    told = scene(tmp_path, receiver(every=timedelta(minutes=30)))
    told.run(MINUTE, condition("a"))
    told.run(MINUTE, condition("a"), condition("b"))
    told.run(MINUTE, condition("a"), condition("b"), condition("c"))
    told.run(timedelta(minutes=28))

    assert parts(told) == [["begun"], ["begun", "begun"]]


def test_an_urgent_thing_waits_for_nothing(tmp_path: Path) -> None:
    """Neither for the half hour nor for the morning."""
    told = scene(tmp_path, receiver(quiet=QuietHours(time(12), time(14))))
    told.run(MINUTE, condition("usual"), condition("down", urgent=True, place=SERVICE, kind=AlertKind.SERVICE))

    assert [[item.title["sv"] for item in message] for message in told.outbox.to("drift")] == [["Rubrik down"]]
    told.run(2 * HOUR)
    assert [[item.title["sv"] for item in message] for message in told.outbox.to("drift")][1:] == [["Rubrik usual"]]


def test_quiet_hours_hold_over_the_night_and_the_weekend(tmp_path: Path) -> None:
    """Found on Friday evening, told on Monday at seven."""
    friday = datetime(2026, 11, 27, 20, tzinfo=UTC)
    told = scene(tmp_path, receiver(quiet=QuietHours(time(18), time(7), days_off=True)), clock=FixedClock(friday))
    told.run(timedelta(0), condition())
    when = []
    while not told.outbox.sent:
        told.run(timedelta(minutes=30))
        when.append(told.clock.at)

    assert when[-1] == datetime(2026, 11, 30, 6, tzinfo=UTC)


def test_what_begins_and_ends_in_quiet_hours_is_not_told(tmp_path: Path) -> None:
    """Nobody needs to read in the morning that nothing is."""
    told = scene(tmp_path, receiver(quiet=QuietHours(time(12), time(14))))
    told.run(MINUTE, condition())
    told.over(MINUTE)
    told.run(3 * HOUR)

    assert told.outbox.sent == []


def test_what_must_last_is_told_when_it_has_lasted(tmp_path: Path) -> None:
    """A hiccup of a minute wakes nobody, and leaves no trace."""
    told = scene(tmp_path)
    lasting = condition(lasting=timedelta(minutes=5))
    told.run(MINUTE, lasting)
    told.over(MINUTE)
    told.run(MINUTE, lasting)
    for _ in range(4):
        told.run(MINUTE)
    before = len(told.outbox.sent)
    told.run(MINUTE)

    assert (before, parts(told)) == (0, [["begun"]])


def test_what_comes_and_goes_is_one_thing(tmp_path: Path) -> None:
    """It is over when it has been gone for long enough."""
    told = scene(tmp_path, receiver(every=timedelta(0)))
    flapping = condition(calm=timedelta(minutes=10))
    for _ in range(5):
        told.run(MINUTE, flapping)
        told.over(5 * MINUTE)
    assert parts(told) == [["begun"]]
    told.over(5 * MINUTE)
    told.over(5 * MINUTE)

    assert parts(told) == [["begun"], ["ended"]]


def test_what_happened_is_told_once_for_ever(tmp_path: Path) -> None:
    """A saving is verified once; that it is seen for a week changes nothing, nor has it an end."""
    told = scene(tmp_path, receiver(every=timedelta(0)))
    saving = condition("saving:1", kind=AlertKind.SAVING, momentary=True)
    told.run(MINUTE, saving)
    told.run(DAY)
    told.over(DAY)

    assert parts(told) == [["begun"]]


def test_a_source_that_cannot_be_asked_ends_nothing_and_is_told_itself(tmp_path: Path) -> None:
    """A store that is away would otherwise look like a calm night."""
    told = scene(tmp_path, receiver(every=timedelta(0)))
    told.run(MINUTE, condition())
    told.source.error = StoreUnavailable("away")
    for _ in range(12):
        told.run(MINUTE)
    assert parts(told) == [["begun"], ["begun"]]
    assert told.outbox.to("drift")[1][0].title["sv"] == "Larm kan inte avgöras"

    told.source.error = None
    for _ in range(12):
        told.run(MINUTE)
    assert parts(told) == [["begun"], ["begun"], ["ended"]]


# Whom


@pytest.mark.parametrize(
    ("changes", "place", "expected"),
    [
        ({}, SCHOOL, True),
        ({"owners": ("skolnamnden",)}, SCHOOL, True),
        ({"owners": ("skolnamnden",)}, RINK, False),
        ({"buildings": ("ishall",)}, RINK, True),
        ({"buildings": ("ishall",)}, SCHOOL, False),
        ({"owners": ("skolnamnden",), "buildings": ("ishall",)}, RINK, True),
        ({"kinds": frozenset({AlertKind.METERING})}, SCHOOL, False),
    ],
)
def test_a_receiver_hears_of_its_own_buildings_and_kinds(changes: dict[str, object], place: object, expected: bool) -> None:
    """Nobody hears of the buildings of others."""
    assert concerns(receiver(**changes), condition(place=place)) is expected  # type: ignore[arg-type]  # a Place


@pytest.mark.parametrize(("sek", "expected"), [(499.0, False), (500.0, True), (None, True)])
def test_a_deviation_is_told_from_the_receivers_kronor_on(sek: float | None, expected: bool) -> None:
    """What has no price is told: it may cost anything."""
    assert concerns(receiver(least_sek=500.0), condition(sek=sek)) is expected


def test_a_deviation_that_grows_is_told_when_it_reaches_the_kronor(tmp_path: Path) -> None:
    """Small today is not small for ever."""
    told = scene(tmp_path, receiver(least_sek=500.0))
    told.run(MINUTE, condition(sek=100.0))
    told.run(DAY, condition(sek=600.0))

    assert [[item.sek for item in message] for message in told.outbox.to("drift")] == [[600.0]]


def test_nobody_hears_of_the_buildings_of_others_by_any_way(tmp_path: Path) -> None:
    """Neither when it begins, nor by escalation, nor when it ends."""
    schools = receiver("skolor", owners=("skolnamnden",), escalation=Escalation("hallar", HOUR))
    halls = receiver("hallar", owners=("energi",), every=timedelta(0))
    told = scene(tmp_path, schools, halls)
    told.run(MINUTE, condition("s", SCHOOL), condition("r", RINK))
    for _ in range(3):
        told.run(HOUR)
    told.over(HOUR)

    assert {item.building for message in told.outbox.to("hallar") for item in message} == {"ishall"}
    assert {item.building for message in told.outbox.to("skolor") for item in message} == {"skola"}


# Escalation

CHIEF = (receiver("drift", escalation=Escalation("chef", timedelta(hours=4))), receiver("chef", kinds=frozenset()))


def test_what_nobody_acknowledges_is_escalated_once(tmp_path: Path) -> None:
    """After the agreed hours, and its end is told there too."""
    told = scene(tmp_path, *CHIEF)
    told.run(MINUTE, condition())
    told.run(timedelta(hours=3, minutes=59))
    early = parts(told, "chef")
    told.run(MINUTE)
    told.run(5 * HOUR)
    told.over(HOUR)

    assert (early, parts(told, "chef")) == ([], [["escalated"], ["ended"]])


@pytest.mark.parametrize("where", ["by the command", "at the source"])
def test_what_somebody_has_acknowledged_is_not_escalated(where: str, tmp_path: Path) -> None:
    """On the board, or at the prompt."""
    told = scene(tmp_path, *CHIEF)
    told.run(MINUTE, condition())
    if where == "by the command":
        assert told.state.alerts.acknowledge(told.state.alerts.active()[0].id, told.clock.at, "Anna")
    told.run(5 * HOUR, condition(acknowledged="Anna" if where == "at the source" else ""))

    assert parts(told, "chef") == []


def test_an_alert_is_acknowledged_once_and_while_it_holds(tmp_path: Path) -> None:
    """Who comes second is told so."""
    told = scene(tmp_path)
    told.run(MINUTE, condition())
    number = told.state.alerts.active()[0].id
    answers = [told.state.alerts.acknowledge(number, told.clock.at, who) for who in ("Anna", "Bo")]
    told.over(HOUR)

    assert (answers, told.state.alerts.acknowledge(number, told.clock.at, "Bo")) == ([True, False], False)
    assert told.state.alerts.ended()[0].acknowledged_by == "Anna"


def test_the_hours_count_from_when_it_was_told(tmp_path: Path) -> None:
    """Nobody can acknowledge at night what comes in the morning."""
    sleeper = receiver("drift", quiet=QuietHours(time(12), time(18)), escalation=Escalation("chef", timedelta(hours=4)))
    told = scene(tmp_path, sleeper, receiver("chef", kinds=frozenset()))
    told.run(timedelta(0), condition())
    told.run(6 * HOUR)  # 18:00: told now
    told.run(3 * HOUR)

    assert (parts(told), parts(told, "chef")) == ([["begun"]], [])


# What cannot be delivered


def test_what_is_not_taken_is_sent_again_later_and_later_as_it_was(tmp_path: Path) -> None:
    """The same id and the same content, so that a repeat can be dropped."""
    told = scene(tmp_path)
    told.outbox.errors = [DeliveryUnavailable("451 try later")] * 3
    told.run(MINUTE, condition())
    moments = []
    while not told.outbox.sent:
        told.run(MINUTE)
        if len(told.outbox.tried) > len(moments) + 1:
            moments.append(told.clock.at - NOON - MINUTE)

    assert moments == [timedelta(minutes=1), timedelta(minutes=3), timedelta(minutes=7)]
    assert len(set(told.outbox.tried)) == 1
    assert told.state.alerts.messages()[0].state is MessageState.SENT


def test_a_server_that_says_when_is_asked_no_sooner(tmp_path: Path) -> None:
    """Retry-After is honoured."""
    told = scene(tmp_path)
    told.outbox.errors = [DeliveryUnavailable("429", retry_after=7200)]
    told.run(MINUTE, condition())
    told.run(timedelta(minutes=119))
    before = len(told.outbox.tried)
    told.run(MINUTE)

    assert (before, len(told.outbox.sent)) == (1, 1)


def test_what_is_refused_is_not_sent_again_until_a_person_asks(tmp_path: Path) -> None:
    """550 does not become 250 by asking; a mended address does."""
    told = scene(tmp_path)
    told.outbox.errors = [DeliveryError("550 no such user")]
    told.run(MINUTE, condition())
    told.run(DAY)
    refused = told.state.alerts.messages()[0]
    assert (refused.state, refused.error, len(told.outbox.tried)) == (MessageState.FAILED, "550 no such user", 1)

    assert told.state.alerts.retry(told.clock.at) == 1
    told.run(MINUTE)
    assert parts(told) == [["begun"]]


def test_a_message_that_is_refused_is_in_nobodys_way(tmp_path: Path) -> None:
    """Neither in that of the next one nor in that of another receiver."""
    told = scene(tmp_path, receiver("a", every=timedelta(0)), receiver("b"))
    told.outbox.errors = [DeliveryError("554 poison")]
    told.run(MINUTE, condition("x"))
    told.run(MINUTE, condition("x"), condition("y"))

    assert parts(told, "b")[0] == ["begun"]
    assert [[item.title["sv"] for item in message] for message in told.outbox.to("a")] == [["Rubrik y"]]


def test_a_server_that_is_away_for_days_is_given_up_and_shown(tmp_path: Path) -> None:
    """After three days it waits for a person."""
    told = scene(tmp_path)
    told.outbox.errors = [DeliveryUnavailable("away")] * 500
    told.run(MINUTE, condition())
    while told.state.alerts.messages()[0].state is MessageState.PENDING:
        told.run(HOUR)

    assert GIVE_UP <= told.clock.at - NOON <= GIVE_UP + 2 * HOUR


def test_a_way_out_that_is_not_set_up_loses_nothing(tmp_path: Path) -> None:
    """The message waits until there is one."""
    told = scene(tmp_path)
    no_way = AlertingJob([told.source], told.receivers, {}, told.state, told.clock, ZONE, told.calendar)
    told.source.holds = [condition()]
    for task in no_way.pending(told.clock.at):
        no_way.do(task)
    waiting = told.state.alerts.messages()[0]
    told.run(2 * HOUR)

    assert "ENERGIMONITOR_SMTP_HOST" in waiting.error
    assert parts(told) == [["begun"]]


def test_each_receiver_is_a_task_of_its_own(tmp_path: Path) -> None:
    """The runner does the others all the same when one fails by a mistake of ours."""
    told = scene(tmp_path, receiver("a"), receiver("b"))

    assert told.job.pending(NOON) == ["notice", "a", "b"]


def test_what_is_over_and_old_is_forgotten_and_what_holds_is_not(tmp_path: Path) -> None:
    """The ledger does not grow for ever."""
    told = scene(tmp_path, receiver(every=timedelta(0)))
    told.run(MINUTE, condition("a"), condition("b"))
    told.run(MINUTE, condition("a"))
    told.run(400 * DAY)

    assert told.state.alerts.forget_before(told.clock.at) == 1
    assert [alert.key for alert in told.state.alerts.active()] == ["a"]
    assert [each.part for each in told.state.alerts.told(told.state.alerts.active()[0].id)] == [Part.BEGUN]
    assert len(items(told.state.alerts.messages()[0])) >= 1
