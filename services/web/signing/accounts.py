"""Accounts as they stand in the users file at this moment: a change of the file counts from the next request on."""

import hashlib
import logging
import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from config.domain.estate import Portfolio
from config.errors import ConfigurationError
from services.reports.wording import LANGUAGES, Language
from services.web.signing.users_file import Grant, User, Users, load_users
from services.web.visitor import Rights

log = logging.getLogger(__name__)

_RANK = (Rights.READER, Rights.FACILITY_MANAGER, Rights.ENVIRONMENT_TEAM, Rights.ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who has signed in, and what they may do now.

    Attributes:
        id: "user:NAME" of the file, "oidc:SUBJECT" of another site.
        name: as the log of changes calls them.
        mark: fingerprint of all that a session stands on; another one ends it.
        language: in which the board is written to them.
    """

    id: str
    name: str
    grant: Grant
    mark: str
    language: Language = "sv"


class Accounts:
    """The users file, read again when it has changed. One that cannot be read lets nobody in: a removed account stays out."""

    def __init__(self, path: Path | None, portfolio: Portfolio) -> None:
        self._path = path
        self._portfolio = portfolio
        self._lock = threading.Lock()
        self._seen: tuple[int, int, int] | None = None
        self._users = Users()

    def user(self, name: str) -> User | None:
        """The account of that name in the file."""
        return self._current().user(name)

    def of_user(self, user: User) -> Account:
        """The account of an entry of the file."""
        account = f"user:{user.name.casefold()}"
        mark = _mark(account, user.password, user.grant)
        return Account(account, user.full_name, user.grant, mark, user.grant.language or "sv")

    def of_claims(self, claims: Mapping[str, Any]) -> Account | None:
        """What the file grants somebody of another site: of the groups they are in, the one with most rights.

        A facility manager of several groups looks after what all of them do. None: no group of the file is theirs.

        Args:
            claims: `subject`, `name`, `groups`, `locale`, as `services.web.signing.oidc` gives them.
        """
        by_group = self._current().by_group
        grants = [by_group[group] for group in claims["groups"] if group in by_group]
        if not grants:
            return None
        account, grant = f"oidc:{claims['subject']}", _widest(grants)
        language = grant.language or spoken(str(claims.get("locale", "")))
        return Account(account, str(claims["name"]), grant, _mark(account, str(claims["name"]), grant), language)

    def again(self, account: str, claims: Mapping[str, Any]) -> Account | None:
        """The account of a session as it stands now; None where it is gone."""
        if account.startswith("oidc:"):
            return self.of_claims(claims)
        user = self.user(account.removeprefix("user:"))
        return None if user is None else self.of_user(user)

    def _current(self) -> Users:
        if self._path is None:
            return Users()
        with self._lock:
            try:
                found = self._path.stat()
                now = (found.st_mtime_ns, found.st_size, found.st_ino)
            except OSError:
                now = (0, 0, 0)
            if now != self._seen:
                self._seen = now
                try:
                    self._users = load_users(self._path, self._portfolio)
                except ConfigurationError as error:
                    self._users = Users()
                    log.error("the users file cannot be used; nobody can sign in until it is mended: %s", error)
            return self._users


def spoken(locale: str) -> Language:
    """The board's language for a locale (BCP 47, also with an underscore); Swedish for those that we do not have."""
    return LANGUAGES.get(locale.replace("_", "-").split("-")[0].lower(), "sv")


def _widest(grants: Collection[Grant]) -> Grant:
    rights = max((grant.rights for grant in grants), key=_RANK.index)
    alike = [grant for grant in grants if grant.rights is rights]
    return Grant(
        rights,
        frozenset().union(*(grant.owners for grant in alike)),
        frozenset().union(*(grant.buildings for grant in alike)),
        next((grant.language for grant in alike if grant.language), None),
    )


def _mark(account: str, secret: str, grant: Grant) -> str:
    parts = [account, secret, grant.rights.value, sorted(grant.owners), sorted(grant.buildings)]
    return hashlib.sha256(orjson.dumps(parts)).hexdigest()
