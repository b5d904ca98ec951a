"""Adding to the users file, and taking away, without touching what people wrote in it.

The file is changed by lines, so that comments and groups stay as they are; what came out is read back before it replaces the
old one, in one step, readable by its owner only. Two commands at once wait for each other.
"""

import fcntl
import os
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import yaml

from config.errors import ConfigurationError
from config.municipality.faults import refuse
from services.web.signing.users_file import Grant, Users, check_users, load_users

OWNER_ONLY = 0o600
HEAD = "# Konton för inloggning. Ändra med `energimonitor users`; lösenord står bara som Argon2id-hash.\n"


def add_user(path: Path, name: str, full_name: str, grant: Grant, hashed: str) -> None:
    """A new account; the file is made where it is not there.

    Raises:
        ConfigurationError: the file has faults, the account is there already, or the new one would be faulty.
    """

    def added(lines: list[str], users: Users) -> list[str]:
        if users.user(name) is not None:
            raise ConfigurationError(
                f"{path.name}: there is an account {name} already; `energimonitor users password {name}` sets its password",
                f"{path.name}: kontot {name} finns redan; `energimonitor users password {name}` sätter dess lösenord",
            )
        at, indent = _end_of_users(lines, path)
        entry = [f"{indent}- name: {_quoted(name)}", f"{indent}  rights: {grant.rights.value}"]
        if full_name:
            entry.append(f"{indent}  full_name: {_quoted(full_name)}")
        for key, values in (("owners", grant.owners), ("buildings", grant.buildings)):
            if values:
                entry.append(f"{indent}  {key}: [{', '.join(sorted(values))}]")
        if grant.language:
            entry.append(f"{indent}  language: {grant.language}")
        entry.append(f"{indent}  password: {_quoted(hashed)}")
        return [*lines[:at], *entry, *lines[at:]]

    _edit(path, added)


def remove_user(path: Path, name: str) -> None:
    """The account is no more; the next request of who is signed in with it finds that out.

    Raises:
        ConfigurationError: there is no such account, or the file cannot be edited by lines.
    """

    def removed(lines: list[str], users: Users) -> list[str]:
        first, last = _entry(lines, path, _known(path, users, name))
        kept = [*lines[:first], *lines[last:]]
        return kept if len(users.by_name) > 1 else _with_empty_list(kept)

    _edit(path, removed)


def set_password(path: Path, name: str, hashed: str) -> None:
    """Another password; whoever is signed in with the account is signed out.

    Raises:
        ConfigurationError: there is no such account, or the file cannot be edited by lines.
    """

    def changed(lines: list[str], users: Users) -> list[str]:
        first, last = _entry(lines, path, _known(path, users, name))
        for number in range(first, last):
            found = re.match(r"(\s*(?:- )?password:\s*)", lines[number])
            if found:
                return [*lines[:number], f"{found[1]}{_quoted(hashed)}", *lines[number + 1 :]]
        raise _by_hand(path)

    _edit(path, changed)


def _edit(path: Path, change: Callable[[list[str], Users], list[str]]) -> None:
    with _alone(path):
        users = load_users(path) if path.exists() else Users()
        text = path.read_text(encoding="utf-8-sig") if path.exists() else HEAD
        after = "\n".join(change(text.splitlines(), users)) + "\n"
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mode 0600 from the first byte
        draft = Path(name)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(after)
                file.flush()
                os.fsync(file.fileno())
            checked, faults = check_users(draft)
            if checked is None:
                raise refuse(faults)
            draft.chmod(OWNER_ONLY)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """One edit at a time. The lock is a file of its own: the users file is another one after each edit."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path.with_name(f".{path.name}.lock"), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, OWNER_ONLY)
    except OSError as error:
        raise ConfigurationError(
            f"{path}: {error.strerror}; the folder must be writable by who runs this command",
            f"{path}: {error.strerror}; mappen måste gå att skriva i för den som kör kommandot",
        ) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _known(path: Path, users: Users, name: str) -> str:
    user = users.user(name)
    if user is None:
        raise ConfigurationError(
            f"{path.name}: there is no account {name}; `energimonitor users list` shows them",
            f"{path.name}: kontot {name} finns inte; `energimonitor users list` visar dem som finns",
        )
    return user.name


def _end_of_users(lines: list[str], path: Path) -> tuple[int, str]:
    """Where a new entry goes, and how far in. The list's key is made where it is not there."""
    node = _list(lines)
    if node is not None:
        if node.flow_style:
            raise _by_hand(path)
        return _last_line(node.value[-1], lines) + 1, " " * node.start_mark.column
    for number, line in enumerate(lines):
        if re.match(r"users\s*:", line):
            if not re.fullmatch(r"users\s*:\s*(\[\s*\])?\s*", line):
                raise _by_hand(path)
            lines[number] = "users:"
            return number + 1, "  "
    lines.append("users:")
    return len(lines), "  "


def _entry(lines: Sequence[str], path: Path, name: str) -> tuple[int, int]:
    """First line of the account's entry, and the line after its last."""
    node = _list(lines)
    if node is None or node.flow_style:
        raise _by_hand(path)
    for entry in node.value:
        named = {key.value: value.value for key, value in entry.value if isinstance(value, yaml.ScalarNode)}
        if named.get("name") == name and not entry.flow_style:
            return entry.start_mark.line, _last_line(entry, lines) + 1
    raise _by_hand(path)


def _last_line(entry: yaml.Node, lines: Sequence[str]) -> int:
    """The last line that has something of the entry; a comment below it is what follows's."""
    last: int = min(entry.end_mark.line, len(lines) - 1)
    first: int = entry.start_mark.line
    while last > first and (last >= entry.end_mark.line or not lines[last].strip() or lines[last].lstrip().startswith("#")):
        last -= 1
    return last


def _list(lines: Sequence[str]) -> yaml.SequenceNode | None:
    root = yaml.compose("\n".join(lines) + "\n", Loader=yaml.SafeLoader)
    if isinstance(root, yaml.MappingNode):
        for key, value in root.value:
            if key.value == "users" and isinstance(value, yaml.SequenceNode) and value.value:
                return value
    return None


def _with_empty_list(lines: Sequence[str]) -> list[str]:
    return ["users: []" if re.fullmatch(r"users\s*:\s*", line) else line for line in lines]


def _quoted(text: str) -> str:
    if not text.isprintable():  # a line break would be folded into a blank
        raise ConfigurationError(f"{text!r} is no line of text", f"{text!r} är ingen rad text")
    return "'" + text.replace("'", "''") + "'"


def _by_hand(path: Path) -> ConfigurationError:
    return ConfigurationError(
        f"{path.name}: the accounts are not written one key a line; edit the file by hand",
        f"{path.name}: kontona är inte skrivna med en nyckel per rad; ändra filen för hand",
    )
