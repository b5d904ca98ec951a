"""Who is signed in: sessions, sign-ins under way at another site, and attempts that were made too often.

What a browser holds is never kept, only its SHA-256: who reads the file, or a copy of it, can sign in as nobody. The secrets are
256 random bits, so no salt and no slow hash is needed.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson

from services.state.database import Database, from_micros, to_micros

FORGOTTEN = timedelta(days=1)  # without an attempt: the next one is the first again


@dataclass(frozen=True, slots=True)
class Session:
    """One browser that has signed in.

    Attributes:
        account: "user:NAME" of the users file, "oidc:SUBJECT" of the other site.
        mark: fingerprint of what the account was allowed when the session began; another one ends it.
        claims: what the other site said of the person; empty for accounts of the users file.
    """

    account: str
    mark: str
    claims: Mapping[str, Any]
    begun: datetime
    seen: datetime


@dataclass(frozen=True, slots=True)
class Flow:
    """A sign-in that was sent to another site and has not come back.

    Attributes:
        nonce: what the other site's token must repeat.
        verifier: PKCE's secret, of which only the hash has been sent.
        target: where on the board the person wanted to go.
    """

    nonce: str
    verifier: str
    target: str
    begun: datetime


class SessionsTable:
    """Sessions and flows, each found by the secret that the browser holds."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, secret: str, account: str, mark: str, claims: Mapping[str, Any], at: datetime) -> None:
        """Keep a new session; a secret is used once."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO sessions (digest, account, mark, claims, begun, seen) VALUES (?, ?, ?, ?, ?, ?)",
                (digest(secret), account, mark, orjson.dumps(dict(claims)), to_micros(at), to_micros(at)),
            )

    def of(self, secret: str) -> Session | None:
        """The session of that secret, whatever its age."""
        rows = self._database.rows("SELECT account, mark, claims, begun, seen FROM sessions WHERE digest = ?", (digest(secret),))
        if not rows:
            return None
        account, mark, claims, begun, seen = rows[0]
        return Session(account, mark, orjson.loads(claims), from_micros(begun), from_micros(seen))

    def touch(self, secret: str, at: datetime) -> None:
        """It was used."""
        with self._database.transaction() as connection:
            connection.execute("UPDATE sessions SET seen = ? WHERE digest = ?", (to_micros(at), digest(secret)))

    def end(self, secret: str) -> bool:
        """It is no more; whether it was."""
        with self._database.transaction() as connection:
            return connection.execute("DELETE FROM sessions WHERE digest = ?", (digest(secret),)).rowcount > 0

    def end_all(self, account: str) -> int:
        """Every session of the account; how many."""
        with self._database.transaction() as connection:
            return connection.execute("DELETE FROM sessions WHERE account = ?", (account,)).rowcount

    def send(self, state: str, browser: str, flow: Flow) -> None:
        """A browser is sent to the other site with `state`."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO sign_in_flows (state, browser, nonce, verifier, target, begun) VALUES (?, ?, ?, ?, ?, ?)",
                (digest(state), digest(browser), flow.nonce, flow.verifier, flow.target, to_micros(flow.begun)),
            )

    def come_back(self, state: str, browser: str) -> Flow | None:
        """The flow, once: whoever shows the same state again, or from another browser, gets none."""
        with self._database.transaction() as connection:
            row = connection.execute(
                "SELECT browser, nonce, verifier, target, begun FROM sign_in_flows WHERE state = ?", (digest(state),)
            ).fetchone()
            connection.execute("DELETE FROM sign_in_flows WHERE state = ?", (digest(state),))
        if row is None or row[0] != digest(browser):
            return None
        return Flow(row[1], row[2], row[3], from_micros(row[4]))

    def forget_before(self, instant: datetime) -> int:
        """Delete sessions that were begun and flows that were sent earlier; how many."""
        with self._database.transaction() as connection:
            return sum(
                connection.execute(f"DELETE FROM {table} WHERE begun < ?", (to_micros(instant),)).rowcount  # noqa: S608 - our own names
                for table in ("sessions", "sign_in_flows")
            )


@dataclass(frozen=True, slots=True)
class Patience:
    """`free` attempts under one key, then each waits twice as long as the one before, from one second to `longest`."""

    free: int
    longest: timedelta = timedelta(minutes=15)

    def after(self, attempts: int) -> timedelta:
        """How long to wait after so many attempts."""
        over = attempts - self.free
        return timedelta(0) if over < 0 else min(timedelta(seconds=2.0 ** min(over, 20)), self.longest)


class SignInAttemptsTable:
    """Attempts to sign in, by key (an account, an address, both). In the file, so that a restart or another process counts on."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def attempt(self, keys: Mapping[str, Patience], at: datetime) -> timedelta:
        """Count an attempt under each key, before it is known how it ends: many at once are not let through together.

        Returns:
            How long to wait first; then nothing was counted. Nought: go on.
        """
        with self._database.transaction() as connection:
            counted: list[tuple[str, int, int]] = []
            longest = timedelta(0)
            for key, patience in keys.items():
                row = connection.execute("SELECT attempts, last, until FROM sign_in_attempts WHERE key = ?", (key,)).fetchone()
                attempts = 0 if row is None or from_micros(row[1]) + FORGOTTEN < at else row[0]
                if row is not None:
                    longest = max(longest, from_micros(row[2]) - at)
                counted.append((key, attempts + 1, to_micros(at + patience.after(attempts + 1))))
            if longest > timedelta(0):
                return longest
            connection.executemany(
                "INSERT OR REPLACE INTO sign_in_attempts (key, attempts, last, until) VALUES (?, ?, ?, ?)",
                [(key, attempts, to_micros(at), until) for key, attempts, until in counted],
            )
            return timedelta(0)

    def succeeded(self, keys: Sequence[str]) -> None:
        """Those attempts were the owner's own."""
        with self._database.transaction() as connection:
            connection.executemany("DELETE FROM sign_in_attempts WHERE key = ?", [(key,) for key in keys])

    def forget_before(self, instant: datetime) -> int:
        """Delete what was last tried earlier; how many keys."""
        with self._database.transaction() as connection:
            return connection.execute("DELETE FROM sign_in_attempts WHERE last < ?", (to_micros(instant),)).rowcount


def digest(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
