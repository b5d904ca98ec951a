"""Reports that go out by themselves: on their day, once, with a reason where there is too little data."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.domain.calendar import MunicipalCalendar
from config.domain.figure_names import period_name
from config.domain.indicators import PORTFOLIO, Subject, SubjectKind
from config.domain.periods import Period
from config.domain.report_plans import ReportPlan
from config.errors import ReportError
from services.jobs.report import Reporting, ReportJob, ReportMailsJob
from services.jobs.runner import Summary, run
from services.mail.mail import Mail
from services.reports.report import Publication, Report, ReportKind, Words
from services.reports.wording import Language
from services.state.state import State
from tests.services.jobs.world import FixedClock
from tests.services.reports.delivering import delivery
from tests.services.reports.example_report import PUBLISHED, ZONE

ALL, SCHOOL, BATH = Subject(SubjectKind.PORTFOLIO, PORTFOLIO), *(Subject(SubjectKind.BUILDING, each) for each in ("skola", "bad"))
MONTHLY = ReportPlan("team/monthly/portfolio/sv", "monthly", (ALL,), ("anna@example.se", "bo@example.se"))
SHEETS = ReportPlan("drift/sheet/every building/sv", "sheet", (SCHOOL, BATH), ("drift@example.se",), working_day=5, forms=())
TREND = ReportPlan("board/trend/portfolio/en", "trend", (ALL,), ("board@example.se",), "en", months=(2, 9))
OCTOBER, DAY, SIX = datetime(2026, 10, 20, tzinfo=UTC), timedelta(days=1), datetime(2026, 11, 4, 5, tzinfo=UTC)
LACK = Words("För lite data: 60 % av timmarna är kända.", "Too little data: 60 % of the hours are known.")


class Killed(BaseException):
    """The process ends here."""


@dataclass
class Outbox:
    """Takes everything."""

    taken: list[Mail] = field(default_factory=list)

    def send(self, mail: Mail, before_last_dot: Callable[[], None]) -> None:
        before_last_dot()
        self.taken.append(mail)

    @property
    def got(self) -> list[tuple[str, str]]:
        return sorted((mail.to, mail.subject) for mail in self.taken)


@dataclass
class World:
    """A municipality whose reports are quickly made."""

    state: State
    plans: tuple[ReportPlan, ...] = (MONTHLY,)
    clock: FixedClock = field(default_factory=lambda: FixedClock(OCTOBER))
    outbox: Outbox = field(default_factory=Outbox)
    lack: Words | None = None
    broken: frozenset[Subject] = frozenset()
    published: list[Publication] = field(default_factory=list)
    killed_at: str = ""

    def make(self, kind: ReportKind, subject: Subject, period: Period) -> Report:
        if subject in self.broken:
            raise ReportError("a font is missing", "ett typsnitt saknas")
        title = Words(f"{kind} {subject.id} {period_name(period)}", f"en {kind} {subject.id} {period_name(period)}")
        return replace(PUBLISHED.report, kind=kind, subject=subject, period=period, title=title)

    def publish(self, report: Report) -> Publication:
        """The same report is the publication that is there."""
        had = next((each for each in self.published if each.report == report), None)
        if had is None:
            had = Publication(report, f"ER-2026-{len(self.published) + 1:04}", 1, self.clock.at)
            self.published.append(had)
        self.step("published")
        return had

    def step(self, name: str) -> None:
        if name == self.killed_at:
            raise Killed

    def jobs(self) -> tuple[ReportJob, ReportMailsJob]:
        post = delivery(self.state.report_mails, self.outbox, self.clock, self.letter)
        calendar = MunicipalCalendar()
        reporting = Reporting(self.plans, ZONE, calendar, self.make, lambda *_: self.lack, self.publish, post)
        return ReportJob(reporting, self.state.report_plans, self.clock), ReportMailsJob(post)

    def letter(self, publication: Publication, language: Language) -> Mail:
        notices = " ".join(each.sv for each in publication.report.notices)
        return Mail("", "", publication.report.title.said(language), notices, self.clock.at)

    def run(self, at: datetime | None = None) -> Summary:
        """Both jobs, until there is nothing to do; what came of the reports."""
        self.clock.at = at or self.clock.at
        reports, mails = self.jobs()
        run(reports, self.state.runs, self.clock)  # plans are known first
        summary = run(reports, self.state.runs, self.clock)
        run(mails, self.state.runs, self.clock)
        return summary


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with State.open(tmp_path / "state.sqlite") as state:
        yield World(state)


def test_on_the_third_working_day_it_is_in_the_mailboxes_and_not_again(world: World) -> None:
    """Looked at every quarter of an hour to the end of the next month but one."""
    world.run(OCTOBER)
    for quarter in range(0, 60 * 96, 16):
        world.run(SIX - DAY + quarter * timedelta(minutes=15))

    assert world.outbox.got == [
        ("anna@example.se", "monthly portfolio 2026-10"),
        ("anna@example.se", "monthly portfolio 2026-11"),
        ("bo@example.se", "monthly portfolio 2026-10"),
        ("bo@example.se", "monthly portfolio 2026-11"),
    ]
    assert [turn.since for turn in world.state.report_plans.turns()] == [datetime(2026, 12, 3, 5, tzinfo=UTC), SIX]


def test_each_subject_is_a_report_of_its_own_in_the_plans_language(world: World) -> None:
    """Building sheets on the fifth working day, the board's trend in September, in English."""
    world.plans = (SHEETS, TREND)
    world.run(datetime(2026, 8, 20, tzinfo=UTC))
    world.run(datetime(2026, 9, 7, 12, tzinfo=UTC))

    assert world.outbox.got == [
        ("board@example.se", "en trend portfolio 2026-08-ytd"),
        ("drift@example.se", "sheet bad 2026-08"),
        ("drift@example.se", "sheet skola 2026-08"),
    ]
    assert [len(mail.attachments) for mail in world.outbox.taken] == [0, 0, 1]


def test_a_plan_that_is_made_in_the_middle_of_a_month_sends_no_old_reports(world: World) -> None:
    """It begins the month after."""
    world.run(SIX + 5 * DAY)
    assert world.outbox.got == []
    world.run(datetime(2026, 12, 3, 6, tzinfo=UTC))

    assert [subject for _, subject in world.outbox.got] == ["monthly portfolio 2026-11"] * 2


def test_days_that_were_missed_are_caught_up_within_the_month(world: World) -> None:
    """The service was down from the 1st to the 25th; what was down for longer sends no older report."""
    world.run(OCTOBER)
    world.run(datetime(2026, 11, 25, 12, tzinfo=UTC))
    world.run(datetime(2027, 2, 20, 12, tzinfo=UTC))

    assert [subject for _, subject in world.outbox.got[:2]] == ["monthly portfolio 2026-10", "monthly portfolio 2027-01"]


def test_with_too_little_data_it_waits_tells_why_and_goes_when_there_is_enough(world: World) -> None:
    """An hour after the readings came; nothing is said of a lack that is over."""
    world.run(OCTOBER)
    world.lack = LACK
    world.run(SIX)
    (turn,) = world.state.report_plans.waiting()
    assert (turn.reason_sv, turn.since, world.outbox.got) == (LACK.sv, SIX, [])
    world.lack = None
    world.run(SIX + timedelta(minutes=59))
    assert world.outbox.got == []
    world.run(SIX + timedelta(minutes=60))

    assert len(world.outbox.taken) == 2
    assert LACK not in world.published[0].report.notices
    assert world.state.report_plans.waiting() == []


def test_after_its_days_of_waiting_it_goes_with_the_reason_on_the_first_page(world: World) -> None:
    """Seven where the plan says nothing else."""
    world.run(OCTOBER)
    world.lack = LACK
    for day in range(7):
        world.run(SIX + day * DAY)
        assert world.outbox.got == []
    world.run(SIX + 7 * DAY)

    assert [mail.text.count(LACK.sv) for mail in world.outbox.taken] == [1, 1]
    (turn,) = world.state.report_plans.turns()
    assert (turn.number, turn.reason_sv) == ("ER-2026-0001", LACK.sv)


def test_the_reason_is_said_once_where_the_report_says_it_itself(world: World) -> None:
    """The contents have it among their notices already."""
    world.run(OCTOBER)
    world.lack, made = LACK, world.make
    world.make = lambda *about: replace(made(*about), notices=(LACK,))  # type: ignore[method-assign]  # another maker
    world.run(SIX + 8 * DAY)

    assert world.published[0].report.notices == (LACK,)


def test_one_that_waits_goes_though_its_month_is_over_and_not_when_its_plan_is_gone(world: World) -> None:
    """Due on the 13th, waiting for twenty days."""
    late = replace(MONTHLY, working_day=10, waits=20 * DAY)
    world.plans, world.lack = (late,), LACK
    world.run(OCTOBER)
    due = datetime(2026, 11, 13, 5, tzinfo=UTC)
    world.run(due)
    world.plans = ()
    world.run(due + 21 * DAY)
    assert world.outbox.got == []
    world.plans = (late,)
    world.run(due + 20 * DAY)

    assert [subject for _, subject in world.outbox.got] == ["monthly portfolio 2026-10"] * 2


def test_a_report_that_cannot_be_made_stops_no_other_and_is_made_when_it_can(world: World) -> None:
    """A missing font, a full disk."""
    world.plans = (SHEETS,)
    world.run(OCTOBER)
    world.broken = frozenset({SCHOOL})
    summary = world.run(SIX + 5 * DAY)

    assert list(summary.failed.values()) == ["a font is missing"]
    assert [subject for _, subject in world.outbox.got] == ["sheet bad 2026-10"]
    world.broken = frozenset()
    world.run(SIX + 5 * DAY)
    assert [subject for _, subject in world.outbox.got] == ["sheet bad 2026-10", "sheet skola 2026-10"]


@pytest.mark.parametrize("step", ["published", "queued", "done"])
def test_a_process_that_ends_between_two_steps_is_made_up_for_without_doubles(world: World, step: str) -> None:
    """The report is the publication that is there, and the mailbox that has it gets no other."""
    world.run(OCTOBER)
    world.clock.at, world.killed_at = SIX, step
    reports, _ = world.jobs()
    queue, done = world.state.report_mails.queue, world.state.report_plans.done
    job_ledgers = {"queued": ("report_mails", queue), "done": ("report_plans", done)}
    (turn,) = reports.pending(SIX)
    if step == "published":
        with pytest.raises(Killed):
            reports.do(turn)
    else:
        _, real = job_ledgers[step]

        def ended(*arguments: object, **options: object) -> object:
            real(*arguments, **options)  # type: ignore[operator]  # as it came
            raise Killed

        owner = world.state.report_mails if step == "queued" else world.state.report_plans
        setattr(owner, real.__name__, ended)
        with pytest.raises(Killed):
            reports.do(turn)
        delattr(owner, real.__name__)
    world.killed_at = ""
    world.run(SIX)
    world.run(SIX + DAY)

    assert len(world.published) == 1
    assert world.outbox.got == [(to, "monthly portfolio 2026-10") for to in MONTHLY.recipients]


def test_two_schedulers_at_once_send_one_mail_to_each(world: World, tmp_path: Path) -> None:
    """Two services by mistake over one state."""
    world.plans = (SHEETS, MONTHLY)
    world.run(OCTOBER)
    world.clock.at = SIX + 5 * DAY
    begin = threading.Barrier(2)

    def service() -> None:
        with State.open(tmp_path / "state.sqlite") as state:
            mine = replace(world, state=state)
            begin.wait()
            mine.run()

    threads = [threading.Thread(target=service) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Counter(world.outbox.got).most_common(1)[0][1] == 1
    assert len(world.outbox.got) == 4


def test_where_nothing_is_planned_there_is_nothing_to_do(world: World) -> None:
    """Nor where no reports can be made at all."""
    world.plans = ()

    assert world.jobs()[0].pending(SIX) == []
    assert ReportJob(None, world.state.report_plans, world.clock).pending(SIX) == []
    assert ReportMailsJob(None).pending(SIX) == []
