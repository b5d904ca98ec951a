"""Brings Grafana to what we want, over its HTTP API: only differences are sent, and what people made by hand is kept.

Each step stands by itself and twice changes nothing, so a run that ends half-way is mended by the next one. Who changed a
dashboard is read off two marks: a tag with the fingerprint of what we sent, and the message of the last saved version. The tag
alone would be enough if no Grafana ever rewrote what it stores.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import unified_diff
from enum import StrEnum
from typing import Any

import orjson

from config.domain.estate import Portfolio
from config.domain.panels import Audience, Dashboard
from config.errors import GrafanaError
from services.grafana import client as calls
from services.grafana.client import GrafanaClient, Refused
from services.grafana.dashboards import TAG, dashboard_json
from services.grafana.datasource import datasource_json
from services.store.influxwire import InfluxTarget

FOLDER_TITLES = {
    Audience.FACILITY_MANAGERS: "Fastighetsförvaltare",
    Audience.ENVIRONMENT_TEAM: "Miljögruppen",
    Audience.BOARD: "Styrelsen",
    Audience.CITIZENS: "Medborgare",
}


@dataclass(frozen=True, slots=True)
class Placed:
    """A dashboard's JSON and the folder that it belongs in."""

    folder: str
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Everything that Grafana shall have. `folders`: uid → title."""

    datasource: Mapping[str, Any]
    folders: Mapping[str, str]
    dashboards: tuple[Placed, ...]


class Outcome(StrEnum):
    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    KEPT = "kept"  # changed by hand: not touched


@dataclass(frozen=True, slots=True)
class Change:
    """What was done, or in a dry run would be done, with one thing."""

    kind: str
    uid: str
    outcome: Outcome
    reason: str = ""
    difference: tuple[str, ...] = ()


def wanted(dashboards: Sequence[Dashboard], portfolio: Portfolio, target: InfluxTarget, *, example: bool) -> Wanted:
    """The data source, a folder for each audience that has a dashboard, and the dashboards.

    Args:
        target: the store as Grafana reaches it, with a token that may only read.
        example: whether figures or attributes are invented.
    """
    folders = {folder_uid(dashboard.audience): FOLDER_TITLES[dashboard.audience] for dashboard in dashboards}
    placed = [
        Placed(folder_uid(dashboard.audience), dashboard_json(dashboard, portfolio, example=example)) for dashboard in dashboards
    ]
    return Wanted(datasource_json(target), folders, tuple(placed))


def folder_uid(audience: Audience) -> str:
    """Never changes: rights are given to folders."""
    return f"energimonitor-{audience.value.replace('_', '-')}"


def provision(grafana: GrafanaClient, want: Wanted, *, dry_run: bool = False, overwrite: Collection[str] = ()) -> list[Change]:
    """Send what differs; with `dry_run` only say what differs.

    Args:
        overwrite: uids of dashboards whose changes by hand are to be replaced.
    Raises:
        GrafanaError: Grafana cannot be reached or refused a step; what was done stays, and the next run goes on from there.
    """
    if "version" not in (health := grafana.call(calls.HEALTH)) and "database" not in health:
        raise GrafanaError(f"{grafana.url} answers, but not as Grafana does: {str(health)[:200]}")
    datasource = _datasource(grafana, want.datasource, dry_run)
    changes = [datasource if dry_run else replace(datasource, reason=datasource.reason or _unreached(grafana, datasource.uid))]
    changes += [_folder(grafana, uid, title, dry_run) for uid, title in want.folders.items()]
    changes += [_dashboard(grafana, placed, dry_run, overwrite) for placed in want.dashboards]
    return changes


def fingerprint(content: Mapping[str, Any]) -> str:
    """Of a dashboard as it looks, whatever Grafana numbered it."""
    return hashlib.sha256(_sorted(_normal(content))).hexdigest()[:12]


def marked(content: Mapping[str, Any]) -> dict[str, Any]:
    """The dashboard with the fingerprint of itself among its tags."""
    return {**content, "tags": [*content.get("tags", []), f"{TAG}:{fingerprint(content)}"]}


def _datasource(grafana: GrafanaClient, want: Mapping[str, Any], dry_run: bool) -> Change:
    uid, name = want["uid"], want["name"]
    live = grafana.find(calls.DATASOURCE, uid=uid)
    if live is None:  # Grafana 8 and earlier have no such call; and the name may be another's
        live = grafana.find(calls.DATASOURCE_NAMED, name=name)
        if live is not None and live.get("uid") != uid:
            other = f"has a data source {name!r} that is not ours (uid {live.get('uid')!r})"
            raise GrafanaError(f"Grafana at {grafana.url} {other}; rename or remove it")
    if live is None:
        if not dry_run:
            grafana.call(calls.DATASOURCE_CREATE, want)
        return Change("datasource", uid, Outcome.CREATED)
    seen = {key: live.get(key) for key in want if key != "secureJsonData"}
    wished = {key: value for key, value in want.items() if key != "secureJsonData"}
    difference = _difference(_without_empty(seen), _without_empty(wished))
    if not difference:
        return Change("datasource", uid, Outcome.UNCHANGED)
    if live.get("readOnly"):
        return Change("datasource", uid, Outcome.KEPT, "it comes from a provisioning file; write the files again", difference)
    if not dry_run:
        grafana.call(calls.DATASOURCE_CHANGE, {**want, "version": live.get("version")}, uid=uid)
    return Change("datasource", uid, Outcome.CHANGED, difference=difference)


def _unreached(grafana: GrafanaClient, uid: str) -> str:
    """Grafana's words when it does not reach the store; "" when it does, or is too old to be asked."""
    try:
        grafana.find(calls.DATASOURCE_HEALTH, uid=uid)
    except Refused as refused:
        return f"Grafana does not get an answer from the store: {refused}"
    return ""


def _folder(grafana: GrafanaClient, uid: str, title: str, dry_run: bool) -> Change:
    live = grafana.find(calls.FOLDER, folder_uid=uid)
    if live is None:
        if not dry_run:
            grafana.call(calls.FOLDER_CREATE, {"uid": uid, "title": title})
        return Change("folder", uid, Outcome.CREATED)
    if live["title"] != title:
        return Change("folder", uid, Outcome.KEPT, f"renamed by hand to {live['title']!r}")
    return Change("folder", uid, Outcome.UNCHANGED)


def _dashboard(grafana: GrafanaClient, placed: Placed, dry_run: bool, overwrite: Collection[str]) -> Change:
    want = marked(placed.content)
    uid, mark = want["uid"], fingerprint(placed.content)
    found = grafana.find(calls.DASHBOARD, uid=uid)
    if found is None:
        if not dry_run:
            grafana.call(calls.DASHBOARD_SAVE, _save(want, placed.folder, mark))
        return Change("dashboard", uid, Outcome.CREATED)
    live, meta = found["dashboard"], found.get("meta", {})
    sent = _sent(live)
    difference = _difference(_normal(live), _normal(want))
    if not difference and sent == mark:
        return Change("dashboard", uid, Outcome.UNCHANGED)
    if meta.get("provisioned"):
        return Change("dashboard", uid, Outcome.KEPT, "it comes from a provisioning file; write the files again", difference)
    untouched = sent is not None and (fingerprint(live) == sent or _saved_last_by_us(grafana, uid, sent))
    if untouched and sent == mark:  # Grafana rewrote our own JSON when it stored it
        return Change("dashboard", uid, Outcome.UNCHANGED)
    if not untouched and uid not in overwrite:
        advice = f"changed by hand: save a copy under another name, then run `energimonitor provision --overwrite {uid}`"
        return Change("dashboard", uid, Outcome.KEPT, advice, difference)
    if not dry_run:
        # where a person moved it to, it stays; the version makes Grafana refuse when somebody saved it just now
        folder = meta.get("folderUid") or placed.folder
        try:
            grafana.call(calls.DASHBOARD_SAVE, _save({**want, "version": live.get("version")}, folder, mark))
        except Refused as refused:
            if refused.status == 412:
                return Change("dashboard", uid, Outcome.KEPT, "somebody saved it in the same moment: run again", difference)
            raise
    return Change("dashboard", uid, Outcome.CHANGED, difference=difference)


def _save(content: Mapping[str, Any], folder: str, mark: str) -> dict[str, Any]:
    return {"dashboard": {**content, "id": None}, "folderUid": folder, "message": f"{TAG} {mark}", "overwrite": False}


def _sent(live: Mapping[str, Any]) -> str | None:
    """The fingerprint of what we sent, or None where we did not."""
    marks = [tag.removeprefix(f"{TAG}:") for tag in live.get("tags", []) if tag.startswith(f"{TAG}:")]
    return marks[0] if marks else None


def _saved_last_by_us(grafana: GrafanaClient, uid: str, sent: str) -> bool:
    answer = grafana.find(calls.DASHBOARD_VERSIONS, uid=uid)
    versions = answer.get("versions", []) if isinstance(answer, dict) else answer or []  # a list in Grafana 9 and 10
    if not versions:
        return False
    last = max(versions, key=lambda version: version.get("version", 0))
    return bool(last.get("message") == f"{TAG} {sent}")


def _normal(content: Mapping[str, Any]) -> dict[str, Any]:
    """Without what Grafana numbers and without our own mark."""
    normal = {key: value for key, value in content.items() if key not in ("id", "version")}
    return normal | {"tags": [tag for tag in content.get("tags", []) if not tag.startswith(f"{TAG}:")]}


def _without_empty(content: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in content.items() if value not in (None, "")}


def _sorted(content: Mapping[str, Any]) -> bytes:
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS)


def _difference(live: Mapping[str, Any], want: Mapping[str, Any]) -> tuple[str, ...]:
    before, after = (
        orjson.dumps(each, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2).decode().splitlines() for each in (live, want)
    )
    return tuple(unified_diff(before, after, "in Grafana", "wanted", n=1, lineterm=""))
