"""Reports by mail over real SMTP: each mailbox gets an edition exactly once, whatever the server does and wherever we end."""

import os
import signal
import socket
import subprocess
import sys
import threading
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from config.errors import ReportError, StoreUnavailable
from services.mail.smtp import SmtpSender
from services.reports.delivery import GIVE_UP, LEASE, Addressed, ReportDelivery
from services.state.database import Database
from services.state.report_mails import MailState, ReportMail, ReportMailsTable
from tests.servers import ROOT, free_port
from tests.services.jobs.world import FixedClock
from tests.services.mail.postbox import Postbox, sender, server
from tests.services.reports.delivering import IN_DOUBT, NOON, PDF, STEPS, compose, delivery, recipients
from tests.services.reports.example_report import PREVIEW, PUBLISHED, REISSUED

pytestmark = pytest.mark.filterwarnings("ignore:.*:DeprecationWarning:aiosmtpd")
ANNA, BO, CECILIA = "anna@example.se", "bo@example.se", "cecilia@example.se"
MINUTE = timedelta(minutes=1)


@dataclass
class Scene:
    """A ledger, a clock, a mailbox and the delivery between them."""

    ledger: ReportMailsTable
    port: int
    box: Postbox = field(default_factory=Postbox)
    clock: FixedClock = field(default_factory=lambda: FixedClock(NOON))
    sending: SmtpSender | None = None
    held: ExitStack = field(default_factory=ExitStack)

    @property
    def delivery(self) -> ReportDelivery:
        return delivery(self.ledger, self.sending or sender(self.port), self.clock)

    def queue(self, *to: str, **options: Any) -> list[str]:
        return self.delivery.queue(PUBLISHED, Addressed(to or (ANNA,)), **options)

    def rounds(self, count: int = 1) -> None:
        """So many rounds, each when everything is due again."""
        for _ in range(count):
            self.delivery.send_due()
            self.clock.at += timedelta(hours=1)

    @property
    def states(self) -> dict[str, MailState]:
        return {mail.recipient: mail.state for mail in self.ledger.of(PUBLISHED.number)}

    @property
    def mail(self) -> ReportMail:
        return self.ledger.of(PUBLISHED.number)[0]


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    box = Postbox()
    with Database(tmp_path / "state.sqlite") as database, server(box) as port:
        made = Scene(ReportMailsTable(database), port, box)
        with made.held:
            yield made


def test_a_report_arrives_with_its_words_and_the_pdf_as_published(scene: Scene) -> None:
    """Under a name that says what it is, and an id that stays the same."""
    assert scene.queue(ANNA, BO) == [ANNA, BO]
    scene.rounds()
    arrived = scene.box.mails[0]

    assert sorted(scene.box.recipients) == [ANNA, BO]
    assert scene.states == {ANNA: MailState.SENT, BO: MailState.SENT}
    assert arrived["Subject"] == PUBLISHED.report.title.sv
    assert arrived["Message-ID"].startswith("<rapport-er-2026-0017-")
    (picture,) = (part for part in arrived.walk() if part["Content-ID"])
    assert picture.get_content() == b"\x89PNG\xff\x00"
    (attached,) = arrived.iter_attachments()
    assert attached.get_filename() == "manadsrapport-bjorkskolan-2026-10-er-2026-0017.sv.pdf"
    assert attached.get_content() == PDF


def test_twice_is_once(scene: Scene) -> None:
    """Queued again, sent again, by another delivery, with the address spelled otherwise."""
    scene.queue()
    scene.rounds()
    assert scene.queue("ANNA@example.se") == []
    scene.rounds(3)

    assert scene.box.recipients == [ANNA]


def test_another_edition_goes_to_who_had_one_only_when_a_person_says_so(scene: Scene) -> None:
    """A plan that comes round again is no reason."""
    scene.queue()
    scene.rounds()
    to = Addressed((ANNA, BO))

    assert scene.delivery.queue(REISSUED, to) == [BO]
    assert scene.delivery.queue(REISSUED, to, other_editions_too=True) == [ANNA]
    scene.rounds()
    assert [mail.edition for mail in scene.ledger.of(PUBLISHED.number)] == [1, 2, 2]


def test_what_was_never_published_so_is_not_queued(scene: Scene) -> None:
    """Nothing is half queued either."""
    with pytest.raises(ReportError, match="publish it first"):
        scene.delivery.queue(PREVIEW, Addressed((ANNA,)))
    with pytest.raises(ReportError, match="was not published as xlsx"):
        scene.delivery.queue(PUBLISHED, Addressed((ANNA,), forms=("pdf", "xlsx")))

    assert scene.states == {}


def test_without_a_mail_server_it_waits(scene: Scene) -> None:
    """Whoever names one later gets all of it."""
    scene.queue()
    post = delivery(scene.ledger, None, scene.clock)
    post.send_due()

    assert not post.waits(scene.clock.at)
    assert (scene.mail.state, scene.mail.attempts) == (MailState.QUEUED, 0)
    assert scene.delivery.waits(scene.clock.at)


def test_one_of_three_is_refused_and_the_others_get_it(scene: Scene) -> None:
    """The refused one is kept with the server's words, until a person has mended it."""
    scene.box.refused = {BO: "550 5.1.1 no such user"}
    scene.queue(ANNA, BO, CECILIA)
    scene.rounds(3)

    assert scene.states == {ANNA: MailState.SENT, BO: MailState.REFUSED, CECILIA: MailState.SENT}
    refused = scene.ledger.mails([MailState.REFUSED])[0]
    assert (refused.attempts, "550 5.1.1 no such user" in refused.error_sv) == (1, True)
    scene.box.refused = {}
    assert scene.ledger.send_again(refused.id, scene.clock.at)
    scene.rounds()
    assert sorted(scene.box.recipients) == [ANNA, BO, CECILIA]


@pytest.mark.parametrize("where", ["mail", "rcpt", "answers"])
def test_a_four_is_tried_again_and_a_five_is_not(scene: Scene, where: str) -> None:
    """At MAIL, at RCPT, after the dot: the server says that it did not take it, so nothing is in doubt."""
    codes = ("421", "550", "450", "553", "451", "452")
    setattr(scene.box, where, [f"{code} 4.3.2 not so" for code in codes])
    everybody = scene.queue(*(f"{code}@example.se" for code in codes))
    scene.rounds()
    expected = {f"{code}@example.se": MailState.QUEUED if code < "500" else MailState.REFUSED for code in codes}

    assert (scene.states, scene.box.taken) == (expected, [])
    assert all(mail.recipient[:3] in mail.error_en for mail in scene.ledger.mails())
    for mail in scene.ledger.mails([MailState.REFUSED]):
        scene.ledger.send_again(mail.id, scene.clock.at)
    scene.rounds(2)
    assert sorted(scene.box.recipients) == sorted(everybody)


def silent(scene: Scene) -> None:
    listening = scene.held.enter_context(socket.create_server(("127.0.0.1", 0)))
    scene.sending = sender(listening.getsockname()[1], timeout_s=0.5)


def slow_at_mail(scene: Scene) -> None:
    scene.box.slow = {"MAIL": 1.5}
    scene.sending = sender(scene.port, timeout_s=0.5)


def nobody(scene: Scene) -> None:
    scene.sending = sender(free_port())


def no_starttls(scene: Scene) -> None:
    scene.sending = sender(scene.port, security="starttls")


def no_tls(scene: Scene) -> None:
    scene.sending = sender(scene.port, security="tls", timeout_s=0.5)


@pytest.mark.parametrize("fault", [nobody, silent, slow_at_mail, no_starttls, no_tls])
def test_what_ends_before_the_dot_is_sent_again_by_itself(scene: Scene, fault: Callable[[Scene], None]) -> None:
    """And arrives once."""

    fault(scene)
    scene.queue()
    scene.delivery.send_due()
    waiting = scene.mail
    scene.sending, scene.box.slow = sender(scene.port), {}
    scene.clock.at = waiting.next_attempt
    scene.rounds(2)

    assert (waiting.state, waiting.attempts, bool(waiting.error_sv)) == (MailState.QUEUED, 1, True)
    assert scene.box.recipients == [ANNA]


def test_a_line_that_is_cut_in_the_middle_of_the_mail_leaves_nothing_in_doubt(scene: Scene) -> None:
    """Though "handing over" was on record already: the dot could not be sent. (Cut before that: tests/services/mail.)"""
    listening, gone = scene.held.enter_context(socket.create_server(("127.0.0.1", 0))), threading.Event()

    def serve() -> None:
        connection, _ = listening.accept()
        with connection, connection.makefile("rwb", buffering=0) as talk:
            for line in (b"220 a\r\n", b"250 a\r\n", b"250 a\r\n", b"250 a\r\n", b"354 a\r\n"):
                talk.write(line)
                talk.readline()
        gone.set()

    class Watching(ReportMailsTable):
        def handing_over(self, mail: str, attempt: int, at: datetime) -> bool:
            assert gone.wait(10)
            return super().handing_over(mail, attempt, at)

    thread = threading.Thread(target=serve)
    thread.start()
    scene.queue()
    watching = Watching(scene.ledger._database)
    delivery(watching, sender(listening.getsockname()[1]), scene.clock).send_due()
    thread.join()

    assert (scene.mail.state, scene.mail.attempts) == (MailState.QUEUED, 1)
    scene.clock.at = scene.mail.next_attempt
    scene.rounds()
    assert scene.box.recipients == [ANNA]


def test_a_certificate_or_an_account_that_is_wrong_waits_an_hour_for_a_person(scene: Scene) -> None:
    """With what to mend. The certificate itself: tests/services/mail."""
    scene.sending = sender(scene.port, security="starttls")
    scene.queue()
    scene.delivery.send_due()

    assert scene.mail.next_attempt == NOON + timedelta(hours=1)
    assert "ENERGIMONITOR_SMTP_SECURITY" in scene.mail.error_sv


@pytest.mark.parametrize("taken", [True, False], ids=["it was taken", "it was not"])
def test_what_ends_after_the_dot_is_in_doubt_until_a_person_has_spoken(scene: Scene, *, taken: bool) -> None:
    """Cut off before the answer, or no answer in time; it is then in the mailbox once, as long as the person was right."""
    scene.box.deaf = True
    scene.box.answers = [] if taken else ["451 and nobody hears it"]
    scene.queue()
    scene.rounds(3)
    doubtful = scene.mail

    assert (doubtful.state, doubtful.attempts, len(scene.box.taken)) == (MailState.IN_DOUBT, 1, int(taken))
    assert "sade inte om det togs emot" in doubtful.error_sv
    scene.box.deaf = False
    assert scene.ledger.arrived(doubtful.id, NOON) if taken else scene.ledger.send_again(doubtful.id, NOON)
    scene.rounds(2)
    assert (scene.mail.state, scene.box.recipients) == (MailState.SENT, [ANNA])


def test_an_answer_that_comes_too_late_leaves_it_in_doubt_and_stops_no_other(scene: Scene) -> None:
    """The server took it, three times as slowly as we wait."""
    scene.box.delay_s, scene.sending = 1.5, sender(scene.port, last_answer_s=0.5)
    scene.queue()
    scene.rounds()
    scene.box.delay_s, scene.sending = 0.0, None
    scene.queue(BO)
    scene.rounds()

    assert scene.states == {ANNA: MailState.IN_DOUBT, BO: MailState.SENT}


def test_a_server_that_is_away_is_not_asked_for_every_mail(scene: Scene) -> None:
    """Three in a row are enough; all of them arrive when it is back."""
    everybody = [f"{number}@example.se" for number in range(6)]
    scene.box.rcpt = ["451 later"] * 3
    scene.queue(*everybody)
    scene.delivery.send_due()

    assert [mail.attempts for mail in scene.ledger.of(PUBLISHED.number)] == [1, 1, 1, 0, 0, 0]
    scene.clock.at += MINUTE
    scene.rounds(2)
    assert Counter(scene.box.recipients) == Counter(everybody)


def test_after_five_days_it_is_given_up_and_shown(scene: Scene) -> None:
    """RFC 5321, 4.5.4.1. A person can still send it."""
    scene.box.rcpt = ["450 mailbox busy"] * 2
    scene.queue()
    scene.delivery.send_due()
    scene.clock.at = NOON + GIVE_UP
    scene.delivery.send_due()

    assert (scene.mail.state, scene.mail.error_sv[:20]) == (MailState.REFUSED, "Gavs upp efter 5 dyg")
    scene.ledger.send_again(scene.mail.id, scene.clock.at)
    scene.rounds()
    assert scene.box.recipients == [ANNA]


def test_a_retry_is_the_same_mail_though_the_program_says_it_otherwise_now(scene: Scene) -> None:
    """What is in doubt and sent again can be known by who has both."""
    scene.box.deaf = True
    scene.queue()
    scene.rounds()
    scene.box.deaf = False
    scene.ledger.send_again(scene.mail.id, scene.clock.at)

    def otherwise(*arguments: Any) -> Any:
        return replace(compose(*arguments), subject="Nya ord")

    delivery(scene.ledger, sender(scene.port), scene.clock, otherwise).send_due()
    first, second = scene.box.taken
    assert first == second


def test_a_file_that_the_archive_has_lost_waits_for_the_backup(scene: Scene) -> None:
    """No mail goes without its attachment."""
    scene.queue()

    class Lost:
        def files(self, *_: object) -> Any:
            raise AssertionError

        def form(self, *_: object) -> bytes:
            raise ReportError("file: bring it back from a backup", "fil: hämta tillbaka den från en säkerhetskopia")

    ReportDelivery(scene.ledger, Lost(), compose, sender(scene.port), scene.clock).send_due()

    assert (scene.mail.state, scene.mail.error_sv) == (MailState.QUEUED, "fil: hämta tillbaka den från en säkerhetskopia")
    scene.clock.at = scene.mail.next_attempt
    scene.rounds()
    assert scene.box.recipients == [ANNA]


def test_what_this_version_cannot_read_is_shown_and_stops_no_other(scene: Scene) -> None:
    """Queued before an upgrade that thinks otherwise of mails."""
    scene.queue()
    with scene.ledger._database.transaction() as connection:
        connection.execute("UPDATE report_mail_contents SET content = ?", (zlib.compress(b'{"letter": 1}'),))
    scene.delivery.queue(REISSUED, Addressed((BO,)))
    scene.rounds()

    assert scene.states == {ANNA: MailState.REFUSED, BO: MailState.SENT}
    assert "en annan version" in scene.mail.error_sv


def test_nothing_is_sent_that_cannot_be_put_on_record(scene: Scene) -> None:
    """A full disk right before the dot: no dot."""
    scene.queue()

    class Full(ReportMailsTable):
        def handing_over(self, *_: object) -> bool:
            raise StoreUnavailable("disk full")

    with pytest.raises(StoreUnavailable):
        delivery(Full(scene.ledger._database), sender(scene.port), scene.clock).send_due()

    assert scene.box.taken == []
    scene.clock.at += LEASE
    scene.rounds()
    assert scene.box.recipients == [ANNA]


def test_two_processes_at_once_send_each_mail_once(scene: Scene, tmp_path: Path) -> None:
    """Each with its own connection to the file."""
    everybody = [f"{number}@example.se" for number in range(8)]
    scene.queue(*everybody)
    begin = threading.Barrier(2)

    def process() -> None:
        with Database(tmp_path / "state.sqlite") as database:
            post = delivery(ReportMailsTable(database), sender(scene.port), FixedClock(NOON))
            begin.wait()
            post.send_due()

    threads = [threading.Thread(target=process) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Counter(scene.box.recipients) == Counter(everybody)
    assert set(scene.states.values()) == {MailState.SENT}


class Killing(Postbox):
    """Ends the process that speaks, when it has named its mailbox or said its last dot. `folder`: where it left its number."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder

    def end(self, step: str) -> None:
        number = self.folder / step / "pid"
        if number.exists():
            os.kill(int(number.read_text()), signal.SIGKILL)
            number.unlink()

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if address == recipients("before DATA")[0]:
            self.end("before DATA")
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if envelope.rcpt_tos == [recipients("after dot")[0]]:
            self.end("after dot")
        return await super().handle_DATA(server, session, envelope)


def test_killed_at_every_step_each_recipient_gets_it_once(tmp_path: Path) -> None:
    """SIGKILL, then a process that finds what is left. Only between two commits is it in doubt, and then a person is asked."""
    box, found = Killing(tmp_path), {}
    with server(box) as port:
        command = [sys.executable, "-m", "tests.services.reports.delivering", str(tmp_path), str(port)]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True).stdout
        assert ended.splitlines() == [f"{step}: {signal.SIGKILL}" for step in STEPS]
        for step in STEPS:
            with Database(tmp_path / step / "state.sqlite") as database:
                scene = Scene(ReportMailsTable(database), port, box, FixedClock(NOON + LEASE), sender(port))
                scene.queue(*recipients(step))
                scene.rounds(2)
                first, second = recipients(step)
                found[step] = scene.states[first]
                assert (scene.states[second], box.recipients.count(second)) == (MailState.SENT, 1), step
                if step in IN_DOUBT:
                    there = box.recipients.count(first)
                    assert there == (0 if step == "at dot" else 1), step
                    mail = next(each for each in scene.ledger.of(PUBLISHED.number) if each.recipient == first)
                    assert "kan ha kommit fram" in mail.error_sv
                    decide = scene.ledger.arrived if there else scene.ledger.send_again
                    assert decide(mail.id, scene.clock.at)
                    scene.rounds(2)
                assert (scene.states[first], box.recipients.count(first)) == (MailState.SENT, 1), step

    assert found == {step: MailState.IN_DOUBT if step in IN_DOUBT else MailState.SENT for step in STEPS}
    ids = Counter(message_from_bytes(each, policy=policy.default)["Message-ID"] for each in box.taken)
    assert set(ids.values()) == {1}
