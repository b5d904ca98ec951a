"""`users`: accounts of the users file. Passwords are asked on the terminal, never taken from the command line."""

import getpass
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from config.domain.clock import SystemClock
from config.errors import ConfigurationError

if TYPE_CHECKING:
    from services.state.audit import Act

Name = Annotated[str, typer.Argument(help="Kontots namn, som anna.ek.")]
RIGHTS_SV = {
    "reader": "läsare",
    "facility_manager": "driftansvarig",
    "environment_team": "miljögrupp",
    "administrator": "administratör",
}


def add_to(app: typer.Typer) -> None:
    users = typer.Typer(no_args_is_help=True, help="Konton som får logga in på tavlan. (Accounts of the board.)")
    users.command("add")(add)
    users.command("list")(list_users)
    users.command("remove")(remove)
    users.command("password")(password)
    app.add_typer(users, name="users")


def add(
    name: Name,
    rights: Annotated[str, typer.Option(help="reader, facility_manager, environment_team eller administrator.")],
    full_name: Annotated[str, typer.Option(help="Som loggen visar; kontots namn annars.")] = "",
    owner: Annotated[list[str] | None, typer.Option(help="En driftansvarigs ägare; kan upprepas.")] = None,
    building: Annotated[list[str] | None, typer.Option(help="En driftansvarigs byggnad; kan upprepas.")] = None,
    language: Annotated[str, typer.Option(help="sv eller en.")] = "sv",
) -> None:
    """Lägg till ett konto; lösenordet frågas det efter. (Add an account; its password is asked for.)"""
    from services.app import wiring
    from services.state.audit import Act
    from services.web.signing.editing import add_user
    from services.web.signing.users_file import Grant
    from services.web.visitor import Rights

    if rights not in RIGHTS_SV:
        raise typer.BadParameter(", ".join(RIGHTS_SV), param_hint="--rights")
    if language not in ("sv", "en"):
        raise typer.BadParameter("sv eller en", param_hint="--language")
    path = _file()
    portfolio = wiring.municipality(wiring.settings()).portfolio
    for option, given, known in (("--owner", owner, portfolio.owners), ("--building", building, portfolio.buildings)):
        for identifier in given or []:
            if identifier not in known:
                raise typer.BadParameter(f"{identifier} finns inte i portföljen", param_hint=option)
    grant = Grant(Rights(rights), frozenset(owner or ()), frozenset(building or ()), "en" if language == "en" else None)
    add_user(path, name, full_name, grant, _hashed(name))
    _log(Act.ACCOUNT_ADDED, name, {"rights": rights, "owners": sorted(grant.owners), "buildings": sorted(grant.buildings)})
    typer.echo(f"{name} är tillagd som {RIGHTS_SV[rights]}. Tavlan läser filen vid nästa besök.")


def list_users() -> None:
    """Visa kontona, utan lösenord. (List the accounts, without passwords.)"""
    from services.app import wiring
    from services.web.signing.users_file import load_users

    users = load_users(_file(), wiring.municipality(wiring.settings()).portfolio)
    table = Table("konto", "namn", "rätt", "ägare", "byggnader", "språk")
    for user in sorted(users.by_name.values(), key=lambda each: each.name.casefold()):
        grant = user.grant
        owners, buildings = ", ".join(sorted(grant.owners)), ", ".join(sorted(grant.buildings))
        table.add_row(user.name, user.full_name, RIGHTS_SV[grant.rights], owners, buildings, grant.language or "sv")
    for group, grant in sorted(users.by_group.items()):
        owners, buildings = ", ".join(sorted(grant.owners)), ", ".join(sorted(grant.buildings))
        table.add_row("(grupp)", group, RIGHTS_SV[grant.rights], owners, buildings, grant.language or "")
    Console().print(table)


def remove(name: Name) -> None:
    """Ta bort ett konto; den som är inloggad med det loggas ut. (Remove an account; its sessions end.)"""
    from services.app import wiring
    from services.state.audit import Act
    from services.web.signing.editing import remove_user

    remove_user(_file(), name)
    with wiring.open_state(wiring.settings()) as state:
        state.sessions.end_all(f"user:{name.strip().casefold()}")
    _log(Act.ACCOUNT_REMOVED, name, {})
    typer.echo(f"{name} är borttagen och utloggad.")


def password(name: Name) -> None:
    """Sätt ett nytt lösenord; den som är inloggad loggas ut. (Set another password; sessions end.)"""
    from services.app import wiring
    from services.state.audit import Act
    from services.web.signing.editing import set_password
    from services.web.signing.users_file import load_users

    path = _file()
    if load_users(path).user(name) is None:
        set_password(path, name, "")  # says that there is no such account, before anything is asked
    set_password(path, name, _hashed(name))
    with wiring.open_state(wiring.settings()) as state:
        state.sessions.end_all(f"user:{name.strip().casefold()}")
    _log(Act.ACCOUNT_PASSWORD, name, {})
    typer.echo(f"Lösenordet för {name} är ändrat.")


def _file() -> Path:
    from services.app import wiring

    path = wiring.settings().users_file
    if path is None:
        raise ConfigurationError(
            "ENERGIMONITOR_USERS_FILE: name the file that accounts are kept in, as /etc/energimonitor/users.yaml",
            "ENERGIMONITOR_USERS_FILE: ange filen som konton står i, som /etc/energimonitor/users.yaml",
        )
    return path


def _hashed(name: str) -> str:
    """The hash of a password that was typed twice; from a pipe, where there is no terminal, of its first line."""
    from services.web.signing.passwords import Passwords, weakness

    if sys.stdin.isatty():
        written = getpass.getpass(f"Lösenord för {name}: ")
        if getpass.getpass("En gång till: ") != written:
            raise ConfigurationError("the two are not the same; nothing was changed", "de två är inte lika; inget är ändrat")
    else:
        written = sys.stdin.readline().rstrip("\n")
    weak = weakness(written, name)
    if weak is not None:
        raise ConfigurationError(f"the password is too weak: {weak[0]}", f"lösenordet är för svagt: {weak[1]}")
    return Passwords().hash(written)


def _log(act: "Act", name: str, after: dict[str, object]) -> None:
    from services.app import wiring
    from services.state.audit import Entry
    from services.state.deviation_keeping import PROMPT

    now: datetime = SystemClock().now()
    with wiring.open_state(wiring.settings()) as state:
        state.audit.write(Entry(now, _who(), PROMPT, act, f"user:{name.strip().casefold()}", after=after))


def _who() -> str:
    """The machine's name for who types; a container's user may have none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"
