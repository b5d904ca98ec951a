"""What each source says holds, from the state and the store as they are."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from config.domain.alarms import ALARMS
from config.domain.alerts import AlertKind
from config.domain.deviations import Deviation, DeviationKind, Saving
from config.domain.indicators import Missing, Subject, SubjectKind
from config.domain.intervals import Finding, FindingCode
from config.domain.series import BUILDINGS, SERVICE
from services.alerts.condition import Condition, Source
from services.alerts.deviating import Deviations
from services.alerts.exchanges import Exchanges
from services.alerts.service import Alarms, Jobs, Signs, Undelivered, UndeliveredReports
from services.state.report_mails import MailWords
from services.state.runs import Outcome
from services.state.state import State
from services.store.points import TIME
from tests.dashboards import example
from tests.dashboards.example_pictures import frame
from tests.doubles.memory_store import MemoryStore

NOW = example.NOW
TODAY = date(2026, 11, 24)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PORTFOLIO = example.portfolio()


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    with State.open(tmp_path / "state.sqlite") as opened:
        yield opened


def deviation(kind: DeviationKind = DeviationKind.NIGHT, sek: float | Missing = 1240.0, **changes: object) -> Deviation:
    given: dict[str, object] = {
        "kind": kind, "subject": Subject(SubjectKind.BUILDING, example.SCHOOL), "building": example.SCHOOL,
        "carrier": "electricity",
        "first_day": date(2026, 11, 16), "last_day": date(2026, 11, 23), "detected": date(2026, 11, 20), "going_on": True,
        "kwh": 412.0, "sek": sek, "kg": 20.0, "sentence_sv": "Natten är dyr.", "sentence_en": "The night is dear.",
        "action_sv": "Se efter.", "action_en": "Look.",
    }  # fmt: skip
    return Deviation(**(given | changes))  # type: ignore[arg-type]  # any field


def opened(state: State, found: Deviation | None = None, at: datetime = NOW) -> int:
    thread = state.deviation_threads.record(found or deviation(), at, TODAY)
    state.deviation_threads.tell(thread.id, at)
    return thread.id


def only(source: Source, at: datetime = NOW) -> Condition:
    (found,) = source.holding(at)
    return found


# Deviations


def test_an_opened_deviation_is_told_with_its_place_and_page(state: State) -> None:
    """What a facility manager needs to begin."""
    number = opened(state)
    found = only(Deviations(PORTFOLIO, state.deviation_threads))

    assert (found.kind, found.sek, found.link, found.urgent) == (AlertKind.DEVIATION, 1240.0, f"/avvikelse/{number}", False)
    assert (found.place.building, found.place.owner, found.place.name) == (example.SCHOOL, "skolnamnden", "Soltorgets skola")


def test_what_waits_or_is_muted_is_not_told(state: State) -> None:
    """The week's few are told; a person who muted had a reason."""
    source = Deviations(PORTFOLIO, state.deviation_threads)
    waiting = state.deviation_threads.record(deviation(), NOW, TODAY)
    before = source.holding(NOW)
    state.deviation_threads.tell(waiting.id, NOW)
    key = only(source).key
    state.deviation_threads.mute(waiting.id, NOW, "Anna", "Lov", date(2026, 12, 1))
    over = source.over(key, NOW)

    assert (before, source.holding(NOW)) == ([], [])
    assert over is not None
    assert over.sentence_sv == "Tystad till 2026-12-01: Lov"
    assert [each.key for each in source.holding(NOW + 7 * DAY)] == [key]


def test_a_fault_of_metering_has_a_kind_of_its_own_and_no_cost(state: State) -> None:
    """What a silent meter did not measure was used all the same."""
    opened(state, deviation(DeviationKind.SILENT_METER))
    found = only(Deviations(PORTFOLIO, state.deviation_threads))

    assert (found.kind, found.sek) == (AlertKind.METERING, None)


def test_who_acknowledged_it_is_known(state: State) -> None:
    """It is not escalated then."""
    number = opened(state)
    state.deviation_threads.acknowledge(number, NOW, "Anna", "")

    assert only(Deviations(PORTFOLIO, state.deviation_threads)).acknowledged == "Anna"


@pytest.mark.parametrize("how", ["acts", "closes", "it ends"])
def test_the_end_of_a_deviation_says_how_it_ended(how: str, state: State) -> None:
    """By a person, or by itself."""
    source = Deviations(PORTFOLIO, state.deviation_threads)
    number = opened(state)
    key = only(source).key
    if how == "acts":
        state.deviation_threads.act(number, NOW, "Bo", "Ställde om tiduret", TODAY)
    elif how == "closes":
        state.deviation_threads.close(number, NOW, "Bo", "Ska vara så")
    else:
        state.deviation_threads.ended([example.SCHOOL], [], TODAY, NOW)
    over = source.over(key, NOW)
    expected = {
        "acts": "Åtgärdad av Bo: Ställde om tiduret",
        "closes": "Stängd av Bo: Ska vara så",
        "it ends": "Sista dagen var 2026-11-23.",
    }

    assert source.holding(NOW) == []
    assert over is not None
    assert over.sentence_sv == expected[how]


def test_a_saving_is_told_and_its_deviation_ends_without_a_word_and_a_rebound_is_another_thing(state: State) -> None:
    """The whole thread: opened, acted on, verified, come back."""
    source = Deviations(PORTFOLIO, state.deviation_threads)
    number = opened(state)
    first = only(source).key
    state.deviation_threads.act(number, NOW, "Bo", "Tidur", TODAY)
    saving = Saving(12_400.0, 9_000.0, 15_800.0, date(2026, 11, 1), date(2026, 11, 20), "model")
    state.deviation_threads.verify(number, NOW, saving, "")
    verified = only(source)
    silent = source.over(first, NOW)
    late = source.holding(NOW + 8 * DAY)
    state.deviation_threads.reopen(number, NOW + 9 * DAY, "Tillbaka")
    rebound = only(source, NOW + 9 * DAY)

    assert (verified.kind, verified.momentary, silent, late) == (AlertKind.SAVING, True, None, [])
    assert "12\N{NO-BREAK SPACE}400 kWh" in verified.sentence_sv
    assert rebound.kind is AlertKind.REBOUND
    assert rebound.key != first


# Exchanges


def test_an_exchange_waits_for_a_person_and_its_end_says_who_decided(state: State) -> None:
    """Until then the hours between are calculated."""
    source = Exchanges(PORTFOLIO, state.exchanges)
    since = NOW - DAY
    finding = Finding(example.ELECTRICITY, FindingCode.EXCHANGE_SUSPECTED, since, since + HOUR, "Ny räknare.", "New counter.")
    state.exchanges.notice(example.ELECTRICITY, [finding], NOW)
    found = only(source)
    state.exchanges.decide(1, NOW, accepted=False, by="Anna")
    over = source.over(found.key, NOW)

    assert source.holding(NOW) == []
    assert over is not None
    assert over.sentence_sv == "Avvisat av Anna."
    assert (found.kind, found.link, found.lasting) == (AlertKind.EXCHANGE, "/matarbyte/1", HOUR)
    assert found.title_sv == "Misstänkt mätarbyte: Elmätare, huvud"


# Alarms


def service(*rows: tuple[str, int, float]) -> MemoryStore:
    """Measure, minutes ago, value."""
    store = MemoryStore()
    points = [(NOW - ago * MINUTE, measure, value) for measure, ago, value in rows]
    store.write_pictures(
        SERVICE, pl.DataFrame(points, schema={"time": TIME, "measure": pl.String, "value": pl.Float64}, orient="row")
    )
    return store


WELL = (("messages", 1, 50.0), ("lag", 1, 0.5))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (WELL, set()),
        ((("messages", 1, 50.0), ("lag", 1, 1200.0)), {"alarm:intake-late"}),
        ((("messages", 40, 50.0), ("lag", 1, 0.5)), {"alarm:no-messages"}),
        ((("messages", 1, 0.0), ("lag", 1, 0.5)), {"alarm:no-messages"}),
        ((*WELL, ("dead_letters", 50, 3.0), ("dead_letters", 1, 14.0)), {"alarm:dead-letters"}),
        ((*WELL, ("dead_letters", 50, 3.0), ("dead_letters", 1, 13.0)), set()),
        ((*WELL, ("sessions_lost", 50, 0.0), ("sessions_lost", 1, 1.0)), {"alarm:session-lost"}),
        ((*WELL, ("sessions_lost", 50, 3.0), ("sessions_lost", 1, 0.0)), set()),  # the collector has begun anew
        ((*WELL, ("dropped", 50, 7.0), ("dropped", 1, 8.0)), {"alarm:dropped-at-broker"}),
        ((*WELL, ("unknown_devices", 600, 1.0), ("unknown_devices", 1, 2.0)), {"alarm:unknown-devices"}),
    ],
)
def test_intake_alarms_by_the_same_questions_as_grafana(
    rows: tuple[tuple[str, int, float], ...], expected: set[str], state: State
) -> None:
    """Each by its own limit."""
    found = Alarms(ALARMS, PORTFOLIO, service(*rows), state.deviation_threads).holding(NOW)

    assert {each.key for each in found} == expected


def test_what_loses_data_or_blinds_us_is_urgent() -> None:
    """The rest can wait for the morning."""
    assert {alarm.id for alarm in ALARMS if alarm.urgent} == {"no-messages", "dropped-at-broker"}


def test_silent_meters_are_told_by_building_unless_a_thread_tells_of_them(state: State) -> None:
    """Twice of one meter is once too much."""
    store = service(*WELL)
    midnight = example.MIDNIGHT
    rows = [
        {"time": midnight, "building": name, "kind": "school", "owner": "x", "silent": silent, "deviations": 0, "meters": 2}
        | {"name": name, "public": 1, "open": 1}
        for name, silent in ((example.SCHOOL, 1), ("ishallen", 0), ("aldreboendet", 2))
    ]  # fmt: skip
    store.write_pictures(BUILDINGS, frame(BUILDINGS, rows))
    source = Alarms(ALARMS, PORTFOLIO, store, state.deviation_threads)
    before = {each.key: each.place.owner for each in source.holding(NOW)}
    opened(state, deviation(DeviationKind.SILENT_METER))

    assert before == {f"alarm:silent-meters:{example.SCHOOL}": "skolnamnden", "alarm:silent-meters:aldreboendet": "energi"}
    assert [each.key for each in source.holding(NOW)] == ["alarm:silent-meters:aldreboendet"]


# Jobs, signs of life, undelivered


def run(state: State, job: str, outcome: Outcome, at: datetime, error: str = "") -> None:
    if error:
        state.runs.task_failed(job, "uppgift", at, at, error)
    state.runs.end(state.runs.begin(job, at), at, outcome, 0)


def test_a_job_fails_when_its_last_three_runs_failed(state: State) -> None:
    """One failure is an accident, and one success ends it."""
    source = Jobs(state.runs, {"settle": MINUTE})
    for number in range(3):
        before = source.holding(NOW)
        run(state, "settle", Outcome.FAILED, NOW + number * MINUTE, "databasen svarar inte")
    found = only(source)
    run(state, "settle", Outcome.DONE, NOW + HOUR)

    assert (before, source.holding(NOW)) == ([], [])
    assert found.sentence_sv == "De 3 senaste körningarna misslyckades. Senast: databasen svarar inte"


def test_a_job_that_does_not_look_is_late_by_its_own_pace_and_one_that_works_is_not(state: State) -> None:
    """The first settling of years takes hours."""
    source = Jobs(state.runs, {"settle": MINUTE, "weather": HOUR})
    for job in ("settle", "weather"):
        state.runs.looked(job, NOW, 0)
    late = [each.key for each in source.holding(NOW + HOUR)]
    state.runs.begin("settle", NOW)

    assert late == ["job-late:settle"]
    assert source.holding(NOW + HOUR) == []
    assert [each.key for each in source.holding(NOW + 7 * HOUR)] == ["job-late:settle", "job-late:weather"]


def test_a_collector_without_a_sign_of_life_is_urgent_and_a_board_is_not() -> None:
    """What is not received may be lost; what is not shown is there in the morning."""
    found = Signs(lambda now: {"collector": ("Tyst.", "Silent."), "web": ("Borta.", "Gone.")}).holding(NOW)

    assert [(each.key, each.urgent) for each in found] == [("sign:collector", True), ("sign:web", False)]
    assert (found[0].sentence_sv, found[0].title_sv) == ("Tyst.", "Insamlingen går inte som den ska")


def test_what_does_not_reach_somebody_is_told(state: State) -> None:
    """By those whom it does reach."""
    source = Undelivered(state.alerts)
    state.alerts.write("m", "drift", [], {"items": []}, NOW, urgent=False)
    state.alerts.failed("m", NOW, "550 no such user")
    found = only(source)
    state.alerts.retry(NOW)

    assert (found.key, "550 no such user" in found.sentence_sv, source.holding(NOW)) == ("undelivered:drift", True, [])


def test_a_report_that_did_not_reach_somebody_is_told_until_it_has(state: State) -> None:
    """One alert a report, however many mailboxes; it leads to the report's page."""
    source, ledger = UndeliveredReports(state.report_mails), state.report_mails
    ledger.queue("ER-2026-0017", 1, "sv", {"a@example.se": "m1", "b@example.se": "m2"}, ("abc", b""), NOW)
    assert source.holding(NOW) == []
    for mail in ("m1", "m2"):
        attempt = ledger.attempt(mail, NOW, NOW)
        assert attempt is not None
        ledger.refused(mail, attempt, NOW, MailWords("550 okänd", "550 unknown"))
    found = only(source)
    ledger.send_again("m1", NOW)
    ledger.send_again("m2", NOW)

    assert (found.key, found.link, found.sentence_sv) == (
        "report:ER-2026-0017",
        "/rapporter/ER-2026-0017",
        "2 meddelanden kom inte fram, eller kanske inte.",
    )
    assert source.holding(NOW) == []


def test_every_job_of_the_timetable_has_a_pace() -> None:
    """Worked out by hand from the cron fields."""
    from services.app.timetable import paces

    found = paces()

    assert {name: found[name] for name in ("settle", "notice", "weather", "housekeeping")} == {
        "settle": MINUTE, "notice": 15 * MINUTE, "weather": HOUR, "housekeeping": DAY,
    }  # fmt: skip
    assert UTC is NOW.tzinfo
