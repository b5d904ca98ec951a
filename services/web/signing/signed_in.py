"""From a cookie to a visitor: sessions begin at sign-in, and end at sign-out, by time, or when the account is another."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta

from fastapi import Request, Response

from config.domain.clock import Clock
from services.state.audit import Act, Entry
from services.state.state import State
from services.web.signing.accounts import Account, Accounts
from services.web.signing.addresses import Addresses
from services.web.visitor import NOBODY, Visitor

COOKIE, BEFORE = "energimonitor", "energimonitor-before"  # the second: of a browser that has not signed in yet
HOST_ONLY = (
    "__Host-"  # a browser takes such a cookie over TLS only, for this very name, for all paths: no other site can plant it
)
SEEN_EVERY = timedelta(minutes=1)  # a session's last use need not be written more often


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long a session lasts without a request, and in all."""

    idle: timedelta = timedelta(hours=2)
    at_most: timedelta = timedelta(hours=12)


class SignedIn:
    """Reads and writes the cookies. Any thread, any number of processes over the same state."""

    def __init__(
        self,
        accounts: Accounts,
        state: State,
        clock: Clock,
        addresses: Addresses,
        lasting: Lasting,
        *,
        always_secure: bool = False,
    ) -> None:
        """
        Args:
            always_secure: people call the board by https, whatever a request looks like from here.
        """
        self._accounts = accounts
        self._state = state
        self._clock = clock
        self._addresses = addresses
        self._lasting = lasting
        self._always_secure = always_secure

    def visitor(self, request: Request) -> Visitor:
        """Who asks; nobody where there is no session, or none any more."""
        secret = request.cookies.get(self._name(request, COOKIE), "")
        session = self._state.sessions.of(secret) if secret else None
        if session is None:
            return NOBODY
        now = self._clock.now()
        account = self._accounts.again(session.account, session.claims)
        old = session.seen + self._lasting.idle < now or session.begun + self._lasting.at_most < now
        if old or account is None or not hmac.compare_digest(account.mark, session.mark):
            with self._state.database.transaction():
                if self._state.sessions.end(secret):
                    why = "too old" if old else "the account has changed" if account else "the account is gone"
                    self._log(request, Act.SESSION_ENDED, "", session.account, {"why": why})
            return NOBODY
        if session.seen + SEEN_EVERY < now:
            self._state.sessions.touch(secret, now)
        grant = account.grant
        return Visitor(account.name, grant.rights, grant.buildings, grant.owners, form_token(secret), account.language)

    def begin(self, request: Request, response: Response, account: Account, claims: dict[str, object]) -> None:
        """A new session with a new secret; the browser's older one ends."""
        secret = secrets.token_urlsafe(32)
        with self._state.database.transaction():
            self._state.sessions.end(request.cookies.get(self._name(request, COOKIE), ""))
            self._state.sessions.begin(secret, account.id, account.mark, claims, self._clock.now())
            self._log(request, Act.SIGNED_IN, account.name, account.id, {"rights": account.grant.rights})
        self._give(request, response, COOKIE, secret)
        self._take(request, response, BEFORE)

    def refuse(self, request: Request, subject: str, why: str) -> None:
        """Put a refused sign-in in the log. What was typed as a name is not: it may be a password in the wrong field."""
        self._log(request, Act.SIGN_IN_REFUSED, "", subject, {"why": why})

    def end(self, request: Request, response: Response, visitor: Visitor) -> None:
        """Signed out."""
        with self._state.database.transaction():
            if self._state.sessions.end(request.cookies.get(self._name(request, COOKIE), "")):
                self._log(request, Act.SIGNED_OUT, visitor.name, "", {})
        self._take(request, response, COOKIE)

    def browser(self, request: Request) -> str:
        """The secret of a browser that has not signed in; "" where it has none yet."""
        return request.cookies.get(self._name(request, BEFORE), "")

    def mark_browser(self, request: Request, response: Response, secret: str) -> None:
        """Give it the secret."""
        self._give(request, response, BEFORE, secret)

    def _give(self, request: Request, response: Response, cookie: str, secret: str) -> None:
        # Lax, not Strict: a link in a mail, and the way back from the other site, must find who is signed in.
        secure = self._is_secure(request)
        response.set_cookie(self._name(request, cookie), secret, path="/", secure=secure, httponly=True, samesite="lax")

    def _take(self, request: Request, response: Response, cookie: str) -> None:
        secure = self._is_secure(request)
        response.delete_cookie(self._name(request, cookie), path="/", secure=secure, httponly=True, samesite="lax")

    def _name(self, request: Request, cookie: str) -> str:
        return f"{HOST_ONLY}{cookie}" if self._is_secure(request) else cookie

    def _is_secure(self, request: Request) -> bool:
        return self._always_secure or self._addresses.is_secure(request)

    def _log(self, request: Request, act: Act, who: str, subject: str, after: dict[str, object]) -> None:
        self._state.audit.write(Entry(self._clock.now(), who, self._addresses.of(request), act, subject, after=after))


def new_browser() -> str:
    """A secret for a browser that has not signed in."""
    return secrets.token_urlsafe(32)


def form_token(secret: str) -> str:
    """What forms of a session, or of a browser before it, must send back. Who does not hold the secret cannot tell it."""
    return hmac.new(secret.encode(), b"form", hashlib.sha256).hexdigest()
