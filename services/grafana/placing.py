"""Sends folders and dashboards, and takes away the dashboards that are no longer ours to show.

Who changed a dashboard is read off two marks: a tag with the fingerprint of what we sent, and the message of the last saved
version. The tag alone would be enough if no Grafana ever rewrote what it stores.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from services.grafana import client as calls
from services.grafana.changes import Change, Outcome, difference, digest
from services.grafana.client import GrafanaClient, Refused
from services.grafana.dashboards import TAG

# what we called folders before audiences.yaml named them: no person's choice
FORMER_TITLES = frozenset({"Fastighetsförvaltare", "Miljögruppen", "Styrelsen", "Medborgare"})
SAVED_JUST_NOW = "någon sparade den i samma ögonblick: kör igen"


@dataclass(frozen=True, slots=True)
class Placed:
    """A dashboard's JSON and the folder that it belongs in."""

    folder: str
    content: Mapping[str, Any]


def keep_folder(grafana: GrafanaClient, uid: str, title: str, *, dry_run: bool) -> Change:
    """The folder; a name that a person gave it stays."""
    live = grafana.find(calls.FOLDER, folder_uid=uid)
    if live is None:
        if not dry_run:
            grafana.call(calls.FOLDER_CREATE, {"uid": uid, "title": title})
        return Change("folder", uid, Outcome.CREATED)
    if live["title"] == title:
        return Change("folder", uid, Outcome.UNCHANGED)
    if live["title"] not in FORMER_TITLES:
        return Change("folder", uid, Outcome.KEPT, f"omdöpt för hand till {live['title']!r}")
    if not dry_run:
        grafana.call(calls.FOLDER_CHANGE, {"title": title, "version": live.get("version")}, folder_uid=uid)
    return Change("folder", uid, Outcome.CHANGED, f"hette {live['title']!r}")


def keep_dashboard(grafana: GrafanaClient, placed: Placed, *, dry_run: bool, overwrite: Collection[str]) -> Change:
    """The dashboard; one that a person changed stays, unless named in `overwrite`. One that is refused holds up no other."""
    want = marked(placed.content)
    uid, mark = want["uid"], fingerprint(placed.content)
    found = grafana.find(calls.DASHBOARD, uid=uid)
    if found is None:
        return Change("dashboard", uid, Outcome.CREATED) if dry_run else _saved(grafana, want, placed.folder, Outcome.CREATED)
    live, meta = found["dashboard"], found.get("meta", {})
    sent = _sent(live)
    told = difference(_normal(live), _normal(want))
    if not told and sent == mark:
        return Change("dashboard", uid, Outcome.UNCHANGED)
    if meta.get("provisioned"):
        return Change("dashboard", uid, Outcome.KEPT, "kommer ur provisioneringsfiler; skriv filerna igen", told)
    untouched = _untouched(grafana, live)
    if untouched and sent == mark:  # Grafana rewrote our own JSON when it stored it
        return Change("dashboard", uid, Outcome.UNCHANGED)
    if not untouched and uid not in overwrite:
        advice = f"ändrad för hand: spara en kopia under annat namn, kör sedan `energimonitor provision --overwrite {uid}`"
        return Change("dashboard", uid, Outcome.KEPT, advice, told)
    if dry_run:
        return Change("dashboard", uid, Outcome.CHANGED, difference=told)
    # where a person moved it to, it stays; the version makes Grafana refuse when somebody saved it just now
    folder = meta.get("folderUid") or placed.folder
    return _saved(grafana, {**want, "version": live.get("version")}, folder, Outcome.CHANGED, told)


def prune_dashboards(grafana: GrafanaClient, wanted: Collection[str], *, dry_run: bool) -> list[Change]:
    """Those that we once sent and want no more; a copy that a person made bears our tags but was never saved by us."""
    changes = []
    for found in grafana.call(calls.SEARCH, query={"tag": TAG, "type": "dash-db", "limit": "5000"}):
        uid = found["uid"]
        if uid in wanted:
            continue
        whole = grafana.find(calls.DASHBOARD, uid=uid)
        if whole is None:
            continue
        untouched = _untouched(grafana, whole["dashboard"])
        if not untouched and not _ever_saved_by_us(grafana, uid):
            continue
        if whole.get("meta", {}).get("provisioned"):
            changes.append(Change("dashboard", uid, Outcome.KEPT, "behövs inte längre; ta bort den ur provisioneringsfilerna"))
        elif not untouched:
            changes.append(
                Change("dashboard", uid, Outcome.KEPT, "behövs inte längre, men är ändrad för hand: ta bort den själv")
            )
        else:
            if not dry_run:
                grafana.call(calls.DASHBOARD_DELETE, uid=uid)
            changes.append(Change("dashboard", uid, Outcome.REMOVED))
    return changes


def fingerprint(content: Mapping[str, Any]) -> str:
    """Of a dashboard as it looks, whatever Grafana numbered it."""
    return digest(_normal(content))


def marked(content: Mapping[str, Any]) -> dict[str, Any]:
    """The dashboard with the fingerprint of itself among its tags."""
    return {**content, "tags": [*content.get("tags", []), f"{TAG}:{fingerprint(content)}"]}


def _saved(
    grafana: GrafanaClient, content: Mapping[str, Any], folder: str, outcome: Outcome, told: tuple[str, ...] = ()
) -> Change:
    message = f"{TAG} {_sent(content)}"
    body = {"dashboard": {**content, "id": None}, "folderUid": folder, "message": message, "overwrite": False}
    uid = content["uid"]
    try:
        grafana.call(calls.DASHBOARD_SAVE, body)
    except Refused as refused:
        if refused.status == 412:
            return Change("dashboard", uid, Outcome.KEPT, SAVED_JUST_NOW, told)
        if refused.status == 400:  # as where a folder has been given its name
            return Change("dashboard", uid, Outcome.REFUSED, str(refused), told)
        raise
    return Change("dashboard", uid, outcome, difference=told)


def _sent(live: Mapping[str, Any]) -> str | None:
    """The fingerprint of what we sent, or None where we did not."""
    marks = [tag.removeprefix(f"{TAG}:") for tag in live.get("tags", []) if tag.startswith(f"{TAG}:")]
    return marks[0] if marks else None


def _untouched(grafana: GrafanaClient, live: Mapping[str, Any]) -> bool:
    sent = _sent(live)
    if sent is None:
        return False
    if fingerprint(live) == sent:
        return True
    messages = _messages(grafana, live["uid"])
    return bool(messages) and messages[-1] == f"{TAG} {sent}"


def _ever_saved_by_us(grafana: GrafanaClient, uid: str) -> bool:
    return any(message.startswith(f"{TAG} ") for message in _messages(grafana, uid))


def _messages(grafana: GrafanaClient, uid: str) -> list[str]:
    """Of the saved versions, the last one last. Grafana 7 and 8 cannot be asked by uid: then none."""
    answer = grafana.find(calls.DASHBOARD_VERSIONS, uid=uid)
    versions = answer.get("versions", []) if isinstance(answer, dict) else answer or []  # a list in Grafana 9 and 10
    return [version.get("message") or "" for version in sorted(versions, key=lambda version: version.get("version", 0))]


def _normal(content: Mapping[str, Any]) -> dict[str, Any]:
    """Without what Grafana numbers and without our own mark."""
    normal = {key: value for key, value in content.items() if key not in ("id", "version")}
    return normal | {"tags": [tag for tag in content.get("tags", []) if not tag.startswith(f"{TAG}:")]}
