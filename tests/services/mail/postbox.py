"""A mail server of our own on the loopback (aiosmtpd), and what it took."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from services.mail.smtp import SmtpSender, SmtpServer
from tests.servers import free_port


class Postbox:
    """Keeps what it takes.

    Attributes:
        answers: what is said first to the last line of a mail; `mail`, `rcpt`: to these commands.
        refused: recipient → what is always said to it.
        delay_s: before it answers the last line; `slow`: seconds before it answers a command.
        deaf: takes the mail and hangs up without a word.
    """

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.recipients: list[str] = []
        self.mail: list[str] = []
        self.rcpt: list[str] = []
        self.answers: list[str] = []
        self.refused: dict[str, str] = {}
        self.delay_s = 0.0
        self.slow: dict[str, float] = {}
        self.deaf = False

    async def handle_MAIL(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802 - aiosmtpd's name
        await asyncio.sleep(self.slow.get("MAIL", 0))
        if self.mail:
            return self.mail.pop(0)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802 - aiosmtpd's name
        answer = self.rcpt.pop(0) if self.rcpt else self.refused.get(address, "")
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        await asyncio.sleep(self.delay_s)
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            self.taken.append(envelope.content)
            self.recipients += envelope.rcpt_tos
        if self.deaf:
            server.transport.close()
        return answer

    @property
    def mails(self) -> list[EmailMessage]:
        return [message_from_bytes(each, policy=policy.default) for each in self.taken]


@contextmanager
def server(box: Postbox, **options: Any) -> Iterator[int]:
    controller = Controller(box, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def sender(port: int, **changes: Any) -> SmtpSender:
    base: dict[str, Any] = {
        "host": "127.0.0.1",
        "sender": "energimonitor@example.se",
        "port": port,
        "security": "plain",
        "timeout_s": 5.0,
        "last_answer_s": 5.0,
    }
    return SmtpSender(SmtpServer(**(base | changes)))
