"""SMTP: one connection a mail, and what each answer means.

The server's certificate is always checked, and with STARTTLS nothing is said before the way is secret: a server that does not
offer it gets no mail. A mail counts as sent when the server has said 250 to its last line; how it says good-bye changes nothing.

A connection that ends before the dot that ends a mail has delivered nothing (RFC 5321, 4.1.1.10); after the dot nobody knows
before the server has answered (RFC 5321, 4.2.5; RFC 1047). So the dot is a step of its own, told to who must not send twice.
"""

import re
import smtplib
import ssl
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from email.errors import MessageError
from pathlib import Path
from typing import Any, Literal

from config.errors import ConfigurationError, DeliveryError, DeliveryInDoubt, DeliveryUnavailable
from services.mail.mail import Mail, composed

PORTS = {"starttls": 587, "tls": 465, "plain": 25}
LONGEST_WORDS = 300
LAST_ANSWER_S = 600.0  # RFC 5321, 4.5.3.2.6: a spurious timeout here is what makes doubles
LATER_S = 3_600.0  # between attempts where a person has to mend a setting first
GO_ON, TAKEN = 354, 250
NOT_LET_IN = frozenset({530, 534, 535, 538})  # RFC 4954, section 6: whatever command it answers, it is about the account


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Which server, and as whom.

    Attributes:
        port: the usual one of `security` where None.
        sender: the address that mail comes from.
        timeout_s: longest silence of the server at any step.
        last_answer_s: longest silence after the whole mail, where it must not be sent twice.
    """

    host: str
    sender: str
    port: int | None = None
    security: Literal["starttls", "tls", "plain"] = "starttls"
    username: str | None = None
    password: str = field(default="", repr=False)
    ca_file: Path | None = None
    timeout_s: float = 20.0
    last_answer_s: float = LAST_ANSWER_S


class SmtpSender:
    """Fills `MailSender`.

    Raises (when made):
        ConfigurationError: the certificates to trust cannot be read.
    """

    def __init__(self, server: SmtpServer) -> None:
        self._server = server
        try:
            self._context = ssl.create_default_context(cafile=None if server.ca_file is None else str(server.ca_file))
        except (OSError, ssl.SSLError) as error:
            raise ConfigurationError(
                f"ENERGIMONITOR_SMTP_CA_FILE: {server.ca_file} cannot be used: {error}",
                f"ENERGIMONITOR_SMTP_CA_FILE: {server.ca_file} kan inte användas: {error}",
            ) from error

    def send(self, mail: Mail, before_last_dot: Callable[[], None] | None = None) -> None:
        """Hand it to the server.

        Args:
            before_last_dot: called when all but the last dot has been sent: what ends until then was not taken and can be sent
                again. What it raises ends the connection without the dot, and comes through.
        """
        try:
            message = composed(mail, self._server.sender)
        except (ValueError, MessageError) as error:
            raise DeliveryError(
                f"{mail.to}: no mail can be made of it: {error}", f"{mail.to}: inget mejl kan göras av det: {error}"
            ) from error
        connection: _Connection | None = None
        try:
            connection = self._connected()
            if before_last_dot is not None:
                connection.before_last_dot, connection.last_answer_s = before_last_dot, self._server.last_answer_s
            try:
                connection.send_message(message)
            finally:
                with suppress(smtplib.SMTPException, OSError):
                    connection.quit()
        except (smtplib.SMTPException, OSError) as error:
            if connection is not None and connection.in_doubt:
                raise self._in_doubt(error, mail.to) from error
            raise self._meant(error, mail.to) from error

    def _connected(self) -> "_Connection":
        server = self._server
        port = server.port or PORTS[server.security]
        if server.security == "tls":
            connection: _Connection = _TlsConnection(server.host, port, timeout=server.timeout_s, context=self._context)
        else:
            connection = _Connection(server.host, port, timeout=server.timeout_s)
        with ExitStack() as left:
            left.callback(connection.close)
            if server.security == "starttls":
                connection.starttls(context=self._context)
            if server.username is not None:
                self._sign_in(connection, server.username)
            left.pop_all()
        return connection

    def _sign_in(self, connection: smtplib.SMTP, username: str) -> None:
        try:
            connection.login(username, self._server.password)
        except UnicodeEncodeError:  # smtplib says ASCII only. From None: the error holds what could not be said
            raise DeliveryUnavailable(
                f"{self._server.host}: ENERGIMONITOR_SMTP_USERNAME and _PASSWORD may hold no letters but a to z",
                LATER_S,
                f"{self._server.host}: ENERGIMONITOR_SMTP_USERNAME och _PASSWORD får inte ha andra bokstäver än a till z",
            ) from None

    def _in_doubt(self, error: Exception, to: str) -> DeliveryInDoubt:
        where, why = f"{self._server.host}: {to}", f"{type(error).__name__}: {error}"
        return DeliveryInDoubt(
            f"{where}: got the whole mail and did not say whether it took it ({why})",
            sv=f"{where}: fick hela mejlet men sade inte om det togs emot ({why})",
        )

    def _meant(self, error: smtplib.SMTPException | OSError, to: str) -> DeliveryError:
        """The library's and the server's words as ours."""
        where = f"{self._server.host}: {to}"
        if isinstance(error, smtplib.SMTPRecipientsRefused):
            code, words = next(iter(error.recipients.values()))
            return _by_code(where, code, words)
        if isinstance(error, smtplib.SMTPAuthenticationError):
            return _not_let_in(where, error.smtp_code)
        if isinstance(error, smtplib.SMTPConnectError | smtplib.SMTPHeloError) and error.smtp_code >= 500:
            answer = f"{error.smtp_code} {_said(error.smtp_error)}"  # it talks to nobody, or not to us: nothing of the message
            return DeliveryUnavailable(
                f"{where}: turns us away ({answer}); look at ENERGIMONITOR_SMTP_HOST and _PORT",
                LATER_S,
                f"{where}: avvisar oss ({answer}); se ENERGIMONITOR_SMTP_HOST och _PORT",
            )
        if isinstance(error, smtplib.SMTPNotSupportedError):
            return DeliveryUnavailable(
                f"{where}: {error}; nothing is sent in the clear, look at ENERGIMONITOR_SMTP_SECURITY",
                LATER_S,
                f"{where}: {error}; inget sänds i klartext, se ENERGIMONITOR_SMTP_SECURITY",
            )
        if isinstance(error, ssl.SSLError):
            return DeliveryUnavailable(
                f"{where}: TLS: {error.reason or error}; look at ENERGIMONITOR_SMTP_HOST, _CA_FILE and _SECURITY",
                LATER_S,
                f"{where}: TLS: {error.reason or error}; se ENERGIMONITOR_SMTP_HOST, _CA_FILE och _SECURITY",
            )
        if isinstance(error, smtplib.SMTPResponseException):
            return _by_code(where, error.smtp_code, error.smtp_error)
        return DeliveryUnavailable(
            f"{where}: {type(error).__name__}: {error}; sent again by itself",
            sv=f"{where}: {type(error).__name__}: {error}; sänds igen av sig självt",
        )


class _Connection(smtplib.SMTP):
    """The library's own, but for the dot that ends a mail.

    Attributes:
        in_doubt: the dot is sent and has no answer.
    """

    before_last_dot: Callable[[], None] | None = None
    last_answer_s: float | None = None
    in_doubt = False

    def data(self, msg: Any) -> tuple[int, bytes]:
        """As the library's: the server's answer to the last line."""
        code, answer = self.docmd("DATA")
        if code != GO_ON:
            raise smtplib.SMTPDataError(code, answer)
        body = re.sub(rb"(?m)^\.", b"..", msg)  # 4.5.2
        with ExitStack() as cut:
            cut.callback(self.close)  # not even a QUIT may be said inside a mail
            self.send(body if body.endswith(b"\r\n") else body + b"\r\n")
            if self.before_last_dot is not None:
                self.before_last_dot()
            cut.pop_all()
        if self.sock is not None and self.last_answer_s is not None:
            self.sock.settimeout(self.last_answer_s)
        self.send(b".\r\n")  # the system takes three bytes or, when this fails, none
        self.in_doubt = True
        code, answer = self.getreply()
        self.in_doubt = not 200 <= code < 600
        return (TAKEN, answer) if 200 <= code < 300 else (code, answer)


class _TlsConnection(_Connection, smtplib.SMTP_SSL):
    """TLS from the first byte."""


def _by_code(where: str, code: int, words: bytes | str) -> DeliveryError:
    """RFC 5321, 4.2.1: a 5 says never, a 4 says not now. Anything else is no answer to what we said."""
    said = _said(words)
    if code in NOT_LET_IN:
        return _not_let_in(where, code)
    if 500 <= code < 600:
        return DeliveryError(
            f"{where}: refused: {code} {said}; mend the address",
            f"{where}: avvisat: {code} {said}; rätta adressen",
        )
    return DeliveryUnavailable(f"{where}: not now: {code} {said}", sv=f"{where}: inte nu: {code} {said}")


def _not_let_in(where: str, code: int) -> DeliveryUnavailable:
    return DeliveryUnavailable(
        f"{where}: does not let us in ({code}); mend ENERGIMONITOR_SMTP_USERNAME and _PASSWORD",
        LATER_S,
        f"{where}: släpper inte in oss ({code}); rätta ENERGIMONITOR_SMTP_USERNAME och _PASSWORD",
    )


def _said(words: bytes | str) -> str:
    """A server's words on one line."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return " ".join(text.split())[:LONGEST_WORDS]
