"""The users file: who may sign in with a password, and what groups of an OpenID Connect site may do.

    users:
      - name: anna.ek
        rights: facility_manager
        owners: [kommunfastigheter]
        password: $argon2id$v=19$m=65536,t=3,p=4$…
    groups:
      - id: Energi.Miljo
        rights: environment_team

`energimonitor users` writes the first list; the second is written by hand.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from config.domain.estate import Portfolio
from config.municipality.entries import Entry, Slug, Words, checked, wrong
from config.municipality.faults import Fault, in_order, meant, refuse
from config.municipality.yaml_source import Keys, YamlSource, read
from services.reports.wording import Language
from services.web.signing.passwords import is_hash
from services.web.visitor import Rights

NAME = re.compile(r"[A-Za-z0-9åäöÅÄÖ._@-]{1,64}")


def _name(text: str) -> str:
    if not NAME.fullmatch(text):
        raise wrong(
            f"{text!r} is no account name; use letters, digits and . _ @ -, at most 64",
            f"{text!r} är inget kontonamn; använd bokstäver, siffror och . _ @ -, högst 64",
        )
    return text


def _hash(text: str) -> str:
    if not is_hash(text):  # what stands there may be a password: it is not repeated
        raise wrong(
            "no Argon2id hash, or one that is too quick; set it with `energimonitor users password`",
            "ingen Argon2id-hash, eller en för snabb; sätt den med `energimonitor users password`",
        )
    return text


def _granted(rights: Rights) -> Rights:
    if rights is Rights.PUBLIC:
        raise wrong("public is for those who have not signed in", "public är för dem som inte har loggat in")
    return rights


AccountName = Annotated[str, AfterValidator(_name)]
Granted = Annotated[Rights, AfterValidator(_granted)]


class GrantEntry(Entry):
    rights: Granted
    """reader, facility_manager, environment_team or administrator."""
    owners: tuple[Slug, ...] = ()
    """Of a facility manager: owners whose buildings they look after."""
    buildings: tuple[Slug, ...] = ()
    """Of a facility manager: single buildings."""
    language: Language | None = None
    """In which the board is written to them; what the OpenID Connect site says of them where not given, else Swedish."""
    note: str | None = None


class UserEntry(GrantEntry):
    name: AccountName
    full_name: Words | None = None
    """As the log of changes and the board show them; the account's name where not given."""
    password: Annotated[str, AfterValidator(_hash), Field(max_length=512)]
    """Argon2id hash."""


class GroupEntry(GrantEntry):
    id: Words
    """A value of the roles or groups that the OpenID Connect site gives: a role's name, or a group's object id (Entra ID)."""


class UsersFile(Entry):
    """Accounts and groups."""

    note: str | None = None
    users: tuple[UserEntry, ...] = ()
    groups: tuple[GroupEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Grant:
    """What somebody may do."""

    rights: Rights
    owners: frozenset[str] = frozenset()
    buildings: frozenset[str] = frozenset()
    language: Language | None = None


@dataclass(frozen=True, slots=True)
class User:
    """An account of the file."""

    name: str
    full_name: str
    password: str = field(repr=False)
    grant: Grant


@dataclass(frozen=True, slots=True)
class Users:
    """The file. Names are compared without case: nobody may pass for another by a capital letter."""

    by_name: Mapping[str, User] = field(default_factory=dict)
    by_group: Mapping[str, Grant] = field(default_factory=dict)

    def user(self, name: str) -> User | None:
        return self.by_name.get(name.strip().casefold())


def load_users(path: Path, portfolio: Portfolio | None = None) -> Users:
    """The accounts of a file.

    Args:
        portfolio: whose owners and buildings may be named; they are not checked where None.
    Raises:
        ConfigurationError: every fault, one a line, with file and line. No hash and no password is repeated.
    """
    users, faults = check_users(path, portfolio)
    if users is None:
        raise refuse(faults)
    return users


def check_users(path: Path, portfolio: Portfolio | None = None) -> tuple[Users | None, tuple[Fault, ...]]:
    """The accounts, None where a fault is in the way; and all faults by line."""
    source = read(path)
    file = checked(source, UsersFile)
    if file is not None:
        _check_grants(source, "users", file.users, portfolio)
        _check_grants(source, "groups", file.groups, portfolio)
        _check_once(source, "users", "name", [entry.name.casefold() for entry in file.users])
        _check_once(source, "groups", "id", [entry.id for entry in file.groups])
    faults = in_order(source.faults)
    if file is None or any(not fault.warning for fault in faults):
        return None, faults
    users = {
        entry.name.casefold(): User(entry.name, entry.full_name or entry.name, entry.password, _grant(entry))
        for entry in file.users
    }
    return Users(users, {entry.id: _grant(entry) for entry in file.groups}), faults


def _check_grants(source: YamlSource, key: str, entries: Collection[GrantEntry], portfolio: Portfolio | None) -> None:
    for index, entry in enumerate(entries):
        path: Keys = (key, index)
        if entry.rights is Rights.FACILITY_MANAGER and not (entry.owners or entry.buildings):
            source.fault(
                (*path, "rights"),
                "a facility manager looks after something: give owners or buildings",
                "en driftansvarig ansvarar för något: ange owners eller buildings",
            )
        if entry.rights is not Rights.FACILITY_MANAGER and (entry.owners or entry.buildings):
            source.fault(
                (*path, "owners" if entry.owners else "buildings"),
                "only a facility manager's rights are bound to owners and buildings; leave it out",
                "bara en driftansvarigs rättigheter är bundna till ägare och byggnader; ta bort det",
            )
        if portfolio is None:
            continue
        for name, known, named in (
            ("owners", portfolio.owners, entry.owners),
            ("buildings", portfolio.buildings, entry.buildings),
        ):
            for number, identifier in enumerate(named):
                if identifier not in known:
                    out, out_sv = meant(identifier, known)
                    source.fault(
                        (*path, name, number), f"not in the portfolio: {identifier!r}; {out}",
                        f"finns inte i portföljen: {identifier!r}; {out_sv}",
                    )  # fmt: skip


def _check_once(source: YamlSource, key: str, name: str, values: list[str]) -> None:
    for index, value in enumerate(values):
        first = values.index(value)
        if first != index:
            line = source.line((key, first))
            source.fault((key, index, name), f"the same as on line {line}", f"samma som på rad {line}")


def _grant(entry: GrantEntry) -> Grant:
    return Grant(entry.rights, frozenset(entry.owners), frozenset(entry.buildings), entry.language)
