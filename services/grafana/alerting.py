"""Sends alert rules, contact points and our branch of the notification policies, and takes away what is no longer ours."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.grafana import client as calls
from services.grafana.alarm_rules import LABEL, RECEIVER, VALUE
from services.grafana.changes import Change, Outcome, difference, part_of
from services.grafana.client import GrafanaClient, Refused
from services.grafana.older import Version

# so that the tree stays everybody's: without it Grafana locks all of it in its pages, as 9.4 does in spite of it (seen)
STAYS_EDITABLE = {"X-Disable-Provenance": "true"}
HEEDS_IT: Version = (10, 0)
BY_HAND = "ändrad för hand i Grafana"
FROM_FILES = "kommer ur provisioneringsfiler; skriv filerna igen"
Json = Mapping[str, Any]


def keep_rules(grafana: GrafanaClient, rules: Sequence[Json], *, dry_run: bool) -> list[Change]:
    """The rules, and without those of ours that are wanted no more."""
    live = {rule["uid"]: rule for rule in grafana.call(calls.RULES)}
    changes = [_rule(grafana, live.get(rule["uid"]), rule, dry_run) for rule in rules]
    wanted = {rule["uid"] for rule in rules}
    for uid, rule in live.items():
        if uid not in wanted and (rule.get("labels") or {}).get(LABEL) == VALUE:
            changes.append(_removed_rule(grafana, uid, rule, dry_run))
    return changes


def keep_contact_points(grafana: GrafanaClient, points: Sequence[Json], *, dry_run: bool) -> list[Change]:
    """The integrations of our contact point."""
    live = {point["uid"]: point for point in grafana.call(calls.CONTACT_POINTS)}
    changes = []
    strangers = [uid for uid, point in live.items() if point["name"] == RECEIVER and not uid.startswith("energimonitor-")]
    if strangers and points:
        return [Change("contact point", RECEIVER, Outcome.KEPT, "en kontaktpunkt med det namnet finns redan; döp om den")]
    for point in points:
        uid, found = point["uid"], live.get(point["uid"])
        if found is None:
            if not dry_run:
                grafana.call(calls.CONTACT_POINT_CREATE, point)
            changes.append(Change("contact point", uid, Outcome.CREATED))
            continue
        told = difference(part_of(found, point), point)
        if not told:
            changes.append(Change("contact point", uid, Outcome.UNCHANGED))
        elif found.get("provenance") != "api":
            changes.append(Change("contact point", uid, Outcome.KEPT, _whose(found), told))
        else:
            if not dry_run:
                grafana.call(calls.CONTACT_POINT_CHANGE, point, UID=uid)
            changes.append(Change("contact point", uid, Outcome.CHANGED, difference=told))
    return changes


def keep_route(grafana: GrafanaClient, route: Json | None, version: Version, *, dry_run: bool) -> list[Change]:
    """Our branch of the tree of notification policies; every other branch, and the root, stay as they are.

    The tree is one thing in Grafana and is sent whole: read, our branch put in, sent back.
    """
    tree = grafana.call(calls.POLICIES)
    branches = list(tree.get("routes") or [])
    ours = [branch for branch in branches if _is_ours(branch)]
    if route is None and not ours:
        return []
    if route is not None and ours:
        told = difference(part_of(ours[0], route), route)
        outcome = Outcome.KEPT if told else Outcome.UNCHANGED
        return [Change("notification policy", RECEIVER, outcome, BY_HAND if told else "", told)]
    if version < HEEDS_IT:
        what = f"Grafana {version[0]}.{version[1]} skulle låsa alla larmvägar: lägg själv till {LABEL} = {VALUE} → {RECEIVER}"
        return [Change("notification policy", RECEIVER, Outcome.LACKING, what)]
    if tree.get("provenance") == "file":
        return [Change("notification policy", RECEIVER, Outcome.KEPT, FROM_FILES)]
    if not dry_run:
        others = [branch for branch in branches if not _is_ours(branch)]
        sent = {key: value for key, value in tree.items() if key != "provenance"}
        sent["routes"] = others if route is None else [*others, route]
        grafana.call(calls.POLICIES_CHANGE, sent, headers=STAYS_EDITABLE)
    return [Change("notification policy", RECEIVER, Outcome.REMOVED if route is None else Outcome.CREATED)]


def drop_contact_points(grafana: GrafanaClient, points: Sequence[Json], *, dry_run: bool) -> list[Change]:
    """Those of ours that are wanted no more; after the branch that names them is gone."""
    wanted = {point["uid"] for point in points}
    changes = []
    for point in grafana.call(calls.CONTACT_POINTS):
        uid = point["uid"]
        if not uid.startswith("energimonitor-") or uid in wanted:
            continue
        if point.get("provenance") != "api":
            changes.append(Change("contact point", uid, Outcome.KEPT, _whose(point)))
            continue
        try:
            if not dry_run:
                grafana.call(calls.CONTACT_POINT_DELETE, UID=uid)
        except Refused as refused:
            changes.append(Change("contact point", uid, Outcome.KEPT, f"Grafana behåller den: {refused}"))
        else:
            changes.append(Change("contact point", uid, Outcome.REMOVED))
    return changes


def _rule(grafana: GrafanaClient, live: Json | None, want: Json, dry_run: bool) -> Change:
    uid = want["uid"]
    if live is None:
        if not dry_run:
            grafana.call(calls.RULE_CREATE, want)
        return Change("alert rule", uid, Outcome.CREATED)
    told = difference(part_of(live, want), want)
    if not told:
        return Change("alert rule", uid, Outcome.UNCHANGED)
    if _provenance(grafana, uid) != "api":
        return Change("alert rule", uid, Outcome.KEPT, _whose(live), told)
    if not dry_run:
        grafana.call(calls.RULE_CHANGE, want, UID=uid)
    return Change("alert rule", uid, Outcome.CHANGED, difference=told)


def _removed_rule(grafana: GrafanaClient, uid: str, live: Json, dry_run: bool) -> Change:
    if _provenance(grafana, uid) != "api":
        return Change("alert rule", uid, Outcome.KEPT, f"behövs inte längre, men {_whose(live)}")
    if not dry_run:
        grafana.call(calls.RULE_DELETE, UID=uid)
    return Change("alert rule", uid, Outcome.REMOVED)


def _provenance(grafana: GrafanaClient, uid: str) -> str:
    """Where a rule comes from; the list of rules does not tell in every Grafana (9.4)."""
    return str((grafana.find(calls.RULE, UID=uid) or {}).get("provenance", ""))


def _whose(live: Json) -> str:
    return FROM_FILES if live.get("provenance") == "file" else BY_HAND


def _is_ours(branch: Json) -> bool:
    return [LABEL, "=", VALUE] in [list(matcher) for matcher in branch.get("object_matchers") or []]
