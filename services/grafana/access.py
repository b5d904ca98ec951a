"""Who may open which folder: an audience's team; what is open to all, everybody who has signed in. Nobody without signing in.

Rights are given when a folder is as Grafana made it. What a person has changed since is theirs: it is told, and kept.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from services.grafana import client as calls
from services.grafana.changes import Change, Outcome
from services.grafana.client import GrafanaClient

VIEW, EDIT, ADMIN = 1, 2, 4
OPEN = frozenset({("Viewer", VIEW), ("Editor", EDIT)})  # what Grafana gives a new folder
Item = Mapping[str, Any]


def keep_team(grafana: GrafanaClient, name: str, *, dry_run: bool) -> tuple[Change, int | None]:
    """The team, made where it is missing, and its number. People are put into it in Grafana, or by its sign-in."""
    found = grafana.call(calls.TEAMS, query={"name": name}).get("teams") or []
    if found:
        return Change("team", name, Outcome.UNCHANGED), int(found[0]["id"])
    if dry_run:
        return Change("team", name, Outcome.CREATED), None
    made = grafana.call(calls.TEAM_CREATE, {"name": name})
    return Change("team", name, Outcome.CREATED), int(made["teamId"])


def keep_rights(grafana: GrafanaClient, folder: str, team: int | None, *, public: bool, dry_run: bool) -> Change:
    """The folder's readers.

    Args:
        team: its number; None where it is not made yet.
        public: everybody who has signed in may read.
    """
    live = grafana.find(calls.PERMISSIONS, folder_uid=folder)
    if live is None:
        return Change("rights", folder, Outcome.CREATED if dry_run else Outcome.LACKING)
    roles = {(item["role"], item["permission"]) for item in _own(live) if item.get("role")}
    teams = {(item["teamId"], item["permission"]) for item in _own(live) if item.get("teamId")}
    wanted_teams = set() if public or team is None else {(team, VIEW)}
    if public and roles == OPEN and not teams:
        return Change("rights", folder, Outcome.UNCHANGED)
    if not public and roles == {("Editor", EDIT)} and teams == wanted_teams and team is not None:
        return Change("rights", folder, Outcome.UNCHANGED)
    if roles != OPEN or teams:
        return Change("rights", folder, Outcome.KEPT, "någon har ändrat vem som får läsa mappen")
    if not dry_run:
        readers = [{"role": "Viewer", "permission": VIEW}] if public else [{"teamId": team, "permission": VIEW}]
        people = [{"userId": item["userId"], "permission": item["permission"]} for item in _own(live) if item.get("userId")]
        items = [*readers, {"role": "Editor", "permission": EDIT}, *people]
        grafana.call(calls.PERMISSIONS_CHANGE, {"items": items}, folder_uid=folder)
    return Change("rights", folder, Outcome.CHANGED)


def _own(items: Sequence[Item]) -> list[Item]:
    """Without what is inherited from the organisation: administrators may do all."""
    return [item for item in items if not item.get("inherited") and item.get("role") != "Admin"]
