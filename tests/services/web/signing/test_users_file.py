"""The users file: read with its faults by line, edited without touching what people wrote in it."""

import multiprocessing
import stat
from pathlib import Path

import pytest

from config.errors import ConfigurationError
from services.web.signing.editing import add_user, remove_user, set_password
from services.web.signing.passwords import Passwords
from services.web.signing.users_file import Grant, load_users
from services.web.visitor import Rights
from tests.dashboards import example

HASH = Passwords(memory_kib=19_456, passes=2).hash("fyra ord på rad räcker")
READER = Grant(Rights.READER)
FILE = f"""# Vår lista
users:
  # sköter skolorna
  - name: anna.ek
    full_name: Anna Ek
    rights: facility_manager
    buildings: [{example.SCHOOL}]
    password: '{HASH}'
  - name: Bo
    rights: administrator   # tills vidare
    password: '{HASH}'
# från Entra ID
groups:
  - id: 5b1c3b2e-0000-4c1f-9c2e-1f2e3d4c5b6a
    rights: environment_team
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "users.yaml"
    found.write_text(FILE)
    return found


def test_accounts_and_groups_are_read(path: Path) -> None:
    """Names are found without regard to case; the groups stand beside them."""
    users = load_users(path, example.portfolio())
    anna = users.user("ANNA.EK")

    assert anna is not None
    assert (anna.full_name, anna.grant.rights, anna.grant.buildings) == (
        "Anna Ek",
        Rights.FACILITY_MANAGER,
        frozenset({example.SCHOOL}),
    )
    assert [grant.rights for grant in users.by_group.values()] == [Rights.ENVIRONMENT_TEAM]
    assert HASH not in repr(users)


FAULTS = {
    "a building that is none": (
        f"[{example.SCHOOL}]",
        "[skolann]",
        "users.yaml:7: users.1.buildings.1: not in the portfolio: 'skolann'",
    ),
    "rights that are none": ("administrator   # tills vidare", "admin", "users.yaml:10: users.2.rights: 'admin' is none of them"),
    "public": (
        "administrator   # tills vidare",
        "public",
        "users.yaml:10: users.2.rights: public is for those who have not signed in",
    ),
    "a manager of nothing": (
        f"    buildings: [{example.SCHOOL}]\n",
        "",
        "users.yaml:6: users.1.rights: a facility manager looks after",
    ),
    "buildings without being a manager": (
        "environment_team",
        f"reader\n    buildings: [{example.SCHOOL}]",
        "only a facility manager's",
    ),
    "the same name in another case": ("name: Bo", "name: Anna.Ek", "users.yaml:9: users.2.name: the same as on line 4"),
    "a name with a line break": ("name: Bo", 'name: "Bo\\nEk"', "is no account name"),
    "a key that is none": ("full_name", "fullname", "no such key; did you mean full_name?"),
}


@pytest.mark.parametrize(("old", "new", "words"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_told_with_its_line(path: Path, old: str, new: str, words: str) -> None:
    """As in every YAML file of the house."""
    path.write_text(FILE.replace(old, new))

    with pytest.raises(ConfigurationError) as told:
        load_users(path, example.portfolio())
    assert words in str(told.value)


@pytest.mark.parametrize(
    "written",
    [
        "hemligt i klartext",
        "$2b$12$abcdefghijklmnopqrstuuGwWwWw",
        "$argon2i$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$aaaa",
        "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$aaaaaaaa",
    ],
)
def test_what_is_no_slow_hash_is_refused_and_not_repeated(path: Path, written: str) -> None:
    """Somebody writes a password there, and sends the error message on."""
    path.write_text(FILE.replace(HASH, written, 1))

    with pytest.raises(ConfigurationError) as told:
        load_users(path)
    assert "users.yaml:8: users.1.password" in str(told.value)
    assert written not in str(told.value) + told.value.sv


def test_adding_keeps_what_people_wrote(path: Path) -> None:
    """Comments, order and groups; the new one stands last among the accounts."""
    add_user(path, "cilla", "Cilla d'Arc", Grant(Rights.FACILITY_MANAGER, frozenset({"energi"}), frozenset(), "en"), HASH)
    lines = path.read_text().splitlines()
    cilla = load_users(path).user("cilla")

    assert [line for line in FILE.splitlines() if line not in lines] == []
    assert cilla is not None
    assert (cilla.full_name, cilla.grant.owners, cilla.grant.language) == ("Cilla d'Arc", frozenset({"energi"}), "en")
    assert lines.index("  - name: 'cilla'") < lines.index("# från Entra ID")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_is_made_closed_to_others(tmp_path: Path) -> None:
    """Before the first hash lies in it."""
    path = tmp_path / "new" / "users.yaml"
    add_user(path, "anna", "", READER, HASH)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(load_users(path).by_name) == ["anna"]


def test_removing_takes_one_entry(path: Path) -> None:
    """Its own lines; the comment above the list and the other account stay. The last one takes the list along."""
    remove_user(path, "ANNA.EK")
    left = path.read_text()
    remove_user(path, "bo")

    assert "anna.ek" not in left
    assert "rights: administrator   # tills vidare" in left
    assert "# från Entra ID" in left
    assert load_users(path).by_name == {}
    assert len(load_users(path).by_group) == 1
    add_user(path, "ny", "", READER, HASH)
    assert list(load_users(path).by_name) == ["ny"]


def test_a_password_is_changed_in_its_place(path: Path) -> None:
    """And nothing else is."""
    new = Passwords(memory_kib=19_456, passes=2).hash("ett helt annat lösenord")
    set_password(path, "bo", new)
    users = load_users(path)

    assert users.by_name["bo"].password == new
    assert users.by_name["anna.ek"].password == HASH
    assert path.read_text().count("\n") == FILE.count("\n")


EDITS = {
    "an account that is there": lambda path: add_user(path, "ANNA.EK", "", READER, HASH),
    "one that is not": lambda path: remove_user(path, "cilla"),
    "a name that is none": lambda path: add_user(path, "a: b", "", READER, HASH),
    "a manager of nothing": lambda path: add_user(path, "d", "", Grant(Rights.FACILITY_MANAGER), HASH),
    "no hash": lambda path: set_password(path, "bo", "klartext"),
    "a name that would end the quotes": lambda path: add_user(path, "d", "x'\n  - name: e", READER, HASH),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_an_edit_that_cannot_be_changes_nothing(path: Path, edit: object) -> None:
    """The file is read back before it replaces the old one."""
    with pytest.raises(ConfigurationError):
        edit(path)  # type: ignore[operator]  # a table of functions
    assert path.read_text() == FILE
    assert [each.name for each in path.parent.iterdir() if not each.name.endswith(".lock")] == ["users.yaml"]


def test_the_last_line_of_a_file_is_edited_too(tmp_path: Path) -> None:
    """A file that holds accounts only ends with the last one's password."""
    path = tmp_path / "users.yaml"
    new = Passwords(memory_kib=19_456, passes=2).hash("ett helt annat lösenord")
    for name in ("a", "b"):
        add_user(path, name, "", READER, HASH)
    set_password(path, "b", new)
    remove_user(path, "a")

    assert {name: user.password for name, user in load_users(path).by_name.items()} == {"b": new}


def test_lists_on_one_line_are_left_to_people(tmp_path: Path) -> None:
    """Rather than rewriting a file in our own way."""
    path = tmp_path / "users.yaml"
    path.write_text(f"users: [{{name: a, rights: reader, password: '{HASH}'}}]\n")

    with pytest.raises(ConfigurationError, match="edit the file by hand"):
        add_user(path, "b", "", READER, HASH)


def test_two_commands_at_once_lose_nothing(path: Path) -> None:
    """The second waits for the first, and reads what it wrote."""
    workers = [multiprocessing.Process(target=add_user, args=(path, f"p{number}", "", READER, HASH)) for number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)

    assert {f"p{number}" for number in range(4)} <= load_users(path).by_name.keys()
