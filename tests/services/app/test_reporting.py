"""Planned reports as the settings put them together, and what the doctor says of their mails."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.domain.figure_names import named_period
from config.domain.indicators import Subject, SubjectKind
from config.domain.report_plans import ReportPlan
from config.loading import Municipality, load_municipality
from config.settings import Settings
from services.app.doctor.answers import Verdict
from services.app.doctor.mails import reports_arrive
from services.app.reporting import reporting
from services.state.report_mails import MailWords
from services.state.state import State
from tests.config.folders import AUDIENCES, altered, written
from tests.doubles.memory_store import MemoryStore
from tests.services.jobs.world import FixedClock

NOON, WORDS = datetime(2026, 11, 4, 12, tzinfo=UTC), MailWords("450 upptagen", "450 busy")
PLANNED = altered(
    AUDIENCES, "[skolnamnden]}", "[skolnamnden], reports: [{kind: monthly, of: every owner, recipients: [a@example.se]}]}"
)
SERVER = {"smtp_host": "mail.example.se", "smtp_sender": "energi@example.se"}


@pytest.fixture
def town(tmp_path: Path) -> Municipality:
    return load_municipality(written(tmp_path / "town", audiences=PLANNED))


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    with State.open(tmp_path / "state.sqlite") as opened:
        yield opened


def test_what_is_planned_is_what_the_audiences_say(tmp_path: Path, town: Municipality, state: State) -> None:
    """With too little data in an empty store, and no mail server: nothing is due and nothing is tried."""
    made = reporting(Settings(data_dir=tmp_path), town, MemoryStore(), state, FixedClock(NOON))
    (plan,) = made.plans
    (subject,) = plan.subjects
    lack = made.too_little(subject, named_period("2026-10", made.zone))

    assert (plan.id, subject.id) == ("board/monthly/every owner/sv", "skolnamnden")
    assert lack is not None
    assert lack.sv.startswith("För lite data")
    assert not made.delivery.waits(NOON)


def test_sheets_of_every_building_are_of_those_that_are_public(tmp_path: Path, town: Municipality, state: State) -> None:
    """A sheet of another is refused, and would be asked for again every quarter of an hour."""
    school, closed = Subject(SubjectKind.BUILDING, "skola"), Subject(SubjectKind.BUILDING, "bad")
    known = town.portfolio.buildings["skola"]
    portfolio = replace(
        town.portfolio,
        buildings={"skola": known, "bad": replace(known, id="bad", public=False)},
        points={name: replace(point, public=True) for name, point in town.portfolio.points.items()},
    )
    plans = (ReportPlan("board/sheet/every building/sv", "sheet", (closed, school), ("a@example.se",)),)
    opened = replace(town, portfolio=portfolio, audiences=(replace(town.audiences[0], reports=plans),))
    made = reporting(Settings(data_dir=tmp_path), opened, MemoryStore(), state, FixedClock(NOON))

    assert [plan.subjects for plan in made.plans] == [(school,)]


def test_the_doctor_says_how_reports_mails_stand(town: Municipality, state: State) -> None:
    """No server, all well, not taken yet, refused."""
    bare, chosen, ledger = Settings(), Settings(**SERVER), state.report_mails
    without, well = (reports_arrive(settings, town, ledger) for settings in (bare, chosen))
    ledger.queue("ER-2026-0001", 1, "sv", {"a@example.se": "rapport-1"}, ("abc", b""), NOON)
    attempt = ledger.attempt("rapport-1", NOON, NOON)
    assert attempt is not None
    ledger.postponed("rapport-1", attempt, NOON, NOON, WORDS)
    waiting = reports_arrive(chosen, town, ledger)
    ledger.refused("rapport-1", attempt, NOON, WORDS)
    refused = reports_arrive(chosen, town, ledger)

    assert [each.verdict for each in (without, well, waiting, refused)] == [
        Verdict.BAD, Verdict.GOOD, Verdict.WATCH, Verdict.BAD,
    ]  # fmt: skip
    assert "ENERGIMONITOR_SMTP_HOST" in without.advice
    assert "450 upptagen" in waiting.seen
    assert (refused.seen, "report deliveries" in refused.advice) == ("1 avvisade", True)
