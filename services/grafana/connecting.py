"""Sends the data source: what panels ask."""

from collections.abc import Mapping
from typing import Any

from config.errors import GrafanaError
from services.grafana import client as calls
from services.grafana.changes import Change, Outcome, difference
from services.grafana.client import GrafanaClient, Refused


def keep_datasource(grafana: GrafanaClient, want: Mapping[str, Any], *, dry_run: bool) -> Change:
    """The data source as it is wanted, and whether Grafana gets an answer through it.

    Raises:
        GrafanaError: another one has its name.
    """
    change = _kept(grafana, want, dry_run)
    if dry_run or change.reason:
        return change
    return Change(change.kind, change.uid, change.outcome, _unreached(grafana, change.uid), change.difference)


def _kept(grafana: GrafanaClient, want: Mapping[str, Any], dry_run: bool) -> Change:
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
    told = difference(_without_empty(seen), _without_empty(wished))
    if not told:
        return Change("datasource", uid, Outcome.UNCHANGED)
    if live.get("readOnly"):
        return Change("datasource", uid, Outcome.KEPT, "kommer ur provisioneringsfiler; skriv filerna igen", told)
    if not dry_run:
        grafana.call(calls.DATASOURCE_CHANGE, {**want, "version": live.get("version")}, uid=uid)
    return Change("datasource", uid, Outcome.CHANGED, difference=told)


def _unreached(grafana: GrafanaClient, uid: str) -> str:
    """Grafana's words when it does not reach the store; "" when it does, or is too old to be asked."""
    try:
        grafana.find(calls.DATASOURCE_HEALTH, uid=uid)
    except Refused as refused:
        return f"Grafana får inget svar från databasen: {refused}"
    return ""


def _without_empty(content: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in content.items() if value not in (None, "")}
