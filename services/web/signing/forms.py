"""A form as it came: only with the token of the session that it was made for, and only texts."""

import hmac
from collections.abc import Mapping
from datetime import date

from fastapi import HTTPException, Request
from starlette.datastructures import FormData

from config.errors import ChangeRefused
from services.reports.wording import pick
from services.web.shell import language_of
from services.web.visitor import visitor_of

MOST_FIELDS = 20
URLENCODED = "application/x-www-form-urlencoded"


class Form:
    """Fields by name; each once."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self._fields = fields

    def text(self, name: str) -> str:
        """The field, "" where it is not there. Line breaks are kept, other control characters are not."""
        written = self._fields.get(name, "").replace("\r\n", "\n")
        return "".join(letter for letter in written if letter.isprintable() or letter == "\n").strip()

    def raw(self, name: str) -> str:
        """The field as it was typed."""
        return self._fields.get(name, "")

    def day(self, name: str) -> date:
        """The field as a day. Raises ChangeRefused."""
        written = self.text(name)
        try:
            return date.fromisoformat(written)
        except ValueError as error:
            raise ChangeRefused(f"{written!r}: write a day as 2026-11-24", f"”{written}”: skriv en dag som 2026-11-24") from error

    def number(self, name: str) -> float | None:
        """The field as a number, with a decimal comma or point; None where it is empty. Raises ChangeRefused."""
        written = self.text(name)
        plain = "".join(written.split()).replace("\N{MINUS SIGN}", "-").replace(",", ".")
        if not plain:
            return None
        try:
            found = float(plain)
        except ValueError:
            found = float("nan")
        if not abs(found) < 1e15:  # also where it is no number at all
            raise ChangeRefused(f"{written!r} is no number; write 4128,5", f"”{written}” är inget tal; skriv som 4128,5")
        return found

    def ticked(self, name: str) -> bool:
        return bool(self._fields.get(name))


async def read_form(request: Request) -> Form:
    """The fields, whoever sent them.

    Raises:
        HTTPException: 415 another kind of body, 400 no form.
    """
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != URLENCODED:
        raise HTTPException(415, pick(language_of(request), "Det här är inget formulär.", "This is no form."))
    data: FormData = await request.form(max_files=0, max_fields=MOST_FIELDS)
    return Form({name: value for name, value in data.items() if isinstance(value, str)})


async def form_of(request: Request) -> Form:
    """A form of somebody who has signed in, sent from a page of theirs.

    Raises:
        HTTPException: 403 nobody has signed in, or the token is not the session's.
    """
    form = await read_form(request)
    token = visitor_of(request).token
    if not token or not hmac.compare_digest(token.encode(), form.raw("token").encode()):
        raise HTTPException(403, stale(request))
    return form


def stale(request: Request) -> str:
    """Why a form was not taken."""
    return pick(
        language_of(request),
        "Formuläret hör inte till din inloggning. Gå tillbaka, ladda om sidan och försök igen.",
        "The form does not belong to your session. Go back, reload the page and try again.",
    )
