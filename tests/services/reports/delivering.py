"""Deliveries with an archive of our own, for the tests; and a process of it that is killed at a step that is named.

python -m tests.services.reports.delivering FOLDER PORT STEP
"""

import os
import signal
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from services.mail.mail import InlineImage, Mail
from services.mail.smtp import SmtpSender, SmtpServer
from services.reports.delivery import Addressed, ReportDelivery, StepwiseSender
from services.reports.report import Publication
from services.reports.wording import Language, pick
from services.state.database import Database
from services.state.published_reports import KeptFile
from services.state.report_mails import MailWords, ReportMailsTable
from tests.services.jobs.world import FixedClock
from tests.services.reports.example_report import PUBLISHED

NOON = datetime(2026, 11, 4, 12, tzinfo=UTC)
PDF = b"%PDF-1.7 " + bytes(range(256)) * 160
STEPS = (
    "before queue", "after queue", "after attempt", "before DATA", "mid DATA", "before dot",
    "at dot", "after dot", "after 250", "after commit",
)  # fmt: skip
IN_DOUBT = ("at dot", "after dot", "after 250")  # from the commit before the dot to the commit after the answer


class Shelf:
    """An archive that has one PDF of everything."""

    def files(self, number: str, edition: int) -> list[KeptFile]:
        return [KeptFile(language, "pdf", "application/pdf", len(PDF), "") for language in ("en", "sv")]

    def form(self, number: str, edition: int, language: str, suffix: str) -> bytes:
        return PDF


def compose(publication: Publication, language: Language) -> Mail:
    title = publication.report.title.said(language)
    text = pick(language, "Månaden.\n", "The month.\n")
    picture = InlineImage("a1@energimonitor", "manad.png", "image/png", b"\x89PNG\xff\x00")
    return Mail("", "", title, text, NOON, f'<p>{text}</p><img src="cid:a1@energimonitor" alt="">', language, images=(picture,))


def delivery(
    ledger: ReportMailsTable, sender: StepwiseSender | None, clock: FixedClock, composing: Callable[..., Mail] = compose
) -> ReportDelivery:
    return ReportDelivery(ledger, Shelf(), composing, sender, clock)


def recipients(step: str) -> Sequence[str]:
    """Two mailboxes of its own for each step: the first is the one that the process is killed at."""
    name = step.replace(" ", "-").lower()
    return f"{name}@example.se", f"annan.{name}@example.se"


def end() -> None:
    """As the power ends a process."""
    os.kill(os.getpid(), signal.SIGKILL)


class KilledLedger(ReportMailsTable):
    """Ends the process at its step."""

    def __init__(self, database: Database, step: str) -> None:
        super().__init__(database)
        self.database, self.step = database, step

    def at(self, step: str) -> None:
        if step == self.step:
            end()

    def queue(self, *arguments: Any, **options: Any) -> list[str]:
        with self.database.transaction():
            queued = super().queue(*arguments, **options)
            self.at("before queue")
        self.at("after queue")
        return queued

    def attempt(self, mail: str, at: datetime, next_attempt: datetime) -> int | None:
        attempt = super().attempt(mail, at, next_attempt)
        self.at("after attempt")
        return attempt

    def handing_over(self, mail: str, attempt: int, at: datetime) -> bool:
        self.at("before dot")
        ours = super().handing_over(mail, attempt, at)
        self.at("at dot")
        return ours

    def sent(self, mail: str, attempt: int, at: datetime) -> bool:
        self.at("after 250")
        kept = super().sent(mail, attempt, at)
        self.at("after commit")
        return kept

    def refused(self, mail: str, attempt: int, at: datetime, error: MailWords) -> bool:
        raise AssertionError(f"{mail}: {error.en}")


class KilledSender(SmtpSender):
    """Ends the process when half of a mail has been sent."""

    def _connected(self) -> Any:
        connection = super()._connected()
        send = connection.send

        def half(data: Any) -> None:
            if len(data) > len(PDF):
                send(data[: len(data) // 2])
                end()
            send(data)

        connection.send = half  # type: ignore[method-assign,assignment]  # the step is inside the library
        return connection


def deliver(folder: Path, port: int, step: str) -> None:
    """A delivery in the folder, to its end."""
    server = SmtpServer("127.0.0.1", "energimonitor@example.se", port, "plain")
    sender = KilledSender(server) if step == "mid DATA" else SmtpSender(server)
    with Database(folder / "state.sqlite") as database:
        post = delivery(KilledLedger(database, step), sender, FixedClock(NOON))
        post.queue(PUBLISHED, Addressed(recipients(step)))
        post.send_due()


def main(folder: Path, port: int) -> None:
    """A child for each step in a folder of its own, with its number in `pid`; tells by which signal it ended."""
    for step in STEPS:
        place = folder / step
        place.mkdir()
        child = os.fork()  # nothing else runs in this process, and what it has imported need not be imported again
        if child == 0:
            (place / "pid").write_text(str(os.getpid()))
            deliver(place, port, step)
            os._exit(0)
        print(f"{step}: {os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) * -1}", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
