"""A mail as a value, and the seam to whatever sends it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from typing import Protocol

LONGEST_SUBJECT, ONE_LINE = 200, 60  # letters; of a subject that needs no folding


@dataclass(frozen=True, slots=True)
class Attachment:
    """`media_type`: as "application/pdf"."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class InlineImage:
    """A picture that the HTML shows, as `cid:` and its id.

    Attributes:
        id: unique in the world, as "a1b2@energimonitor"; becomes its Content-ID.
        name: of the file, for programs that show it beside the mail.
    """

    id: str
    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """One message to one address.

    Attributes:
        id: the same for the same message however often it is sent; becomes its Message-ID, by which a repeat is dropped.
        written: when it was written, aware; its Date, which a repeat does not change either.
        text, html: the same words twice; html "" where there is no twin.
        images: those that the html shows.
    """

    id: str
    to: str
    subject: str
    text: str
    written: datetime
    html: str = ""
    language: str = "sv"
    attachments: Sequence[Attachment] = ()
    images: Sequence[InlineImage] = ()


class _Policy(EmailPolicy):
    """The library's own, but for how a subject is folded: it loses a space between two encoded words, and adds one before some
    that need no code."""

    def fold(self, name: str, value: str) -> str:
        if name.lower() == "subject" and not (value.isascii() and len(value) <= ONE_LINE):
            words = Header(str(value), "utf-8", header_name=name).encode(linesep=self.linesep)
            return f"{name}: {words}{self.linesep}"
        return str(super().fold(name, value))

    def fold_binary(self, name: str, value: str) -> bytes:
        return self.fold(name, value).encode("ascii", "surrogateescape")


class MailSender(Protocol):
    """Sends a mail. Sending it again sends the same bytes under the same Message-ID.

    Raises:
        DeliveryUnavailable: it was not taken now, or nobody knows whether it was; send it again later.
        DeliveryError: it will not be taken as it is.
    """

    def send(self, mail: Mail) -> None: ...


def composed(mail: Mail, sender: str) -> EmailMessage:
    """The mail as it travels: the same mail gives the same bytes.

    Raises:
        ValueError: an address is none, or an image has no html to stand in. Line breaks cannot get into a header: they are spaces
            before they come to one.
    """
    message = EmailMessage(_Policy())
    message["From"] = _address(sender, "Energimonitor")
    message["To"] = _address(mail.to)
    message["Subject"] = one_line(mail.subject)[:LONGEST_SUBJECT]
    message["Date"] = format_datetime(mail.written)
    message["Message-ID"] = f"<{one_line(mail.id)}@{sender.rsplit('@', 1)[-1]}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday replies
    if mail.images and not mail.html:
        raise ValueError(f"mail {mail.id}: images without html")
    message.set_content(mail.text, cte="quoted-printable")  # not every server takes eight bits
    if mail.html:
        message.add_alternative(mail.html, subtype="html")
        _illustrate(message, mail)
        message.set_boundary(f"text-{one_line(mail.id)}")
    for each in mail.attachments:
        kind, _, subkind = each.media_type.partition("/")
        message.add_attachment(each.content, maintype=kind, subtype=subkind, filename=one_line(each.name))
    if mail.attachments:
        message.set_boundary(f"parts-{one_line(mail.id)}")
        for part in message.iter_parts():  # the pair of texts, when there is one, is the first part
            if part.get_content_maintype() == "multipart":
                part.set_boundary(f"text-{one_line(mail.id)}")
    message["Content-Language"] = mail.language  # last: making content takes headers of content away
    return message


def _illustrate(message: EmailMessage, mail: Mail) -> None:
    """The images travel with the html, so that a program that shows only the text need not have them."""
    if not mail.images:
        return
    page = message.get_body(("html",))
    if page is None:
        raise ValueError(f"mail {mail.id}: its html is not there")
    for each in mail.images:
        kind, _, subkind = each.media_type.partition("/")
        name, place = one_line(each.name), f"<{one_line(each.id)}>"
        page.add_related(each.content, kind, subkind, cid=place, filename=name, disposition="inline")
    page.set_boundary(f"images-{one_line(mail.id)}")


def one_line(text: str) -> str:
    """Without line breaks and other control characters: what a building is called must not add headers."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _address(text: str, name: str = "") -> Address:
    if not text or one_line(text) != text:  # Address fails on "" with an IndexError
        raise ValueError(f"{text!r} is no mail address")
    return Address(name, addr_spec=text)
