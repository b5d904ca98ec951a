"""Brings Grafana to what we want, over its HTTP API: only differences are sent, and what people made by hand is kept.

Each step stands by itself and twice changes nothing, so a run that ends half-way is mended by the next one. What this Grafana has
no call for, or what our token may not do, is told, and the rest goes on.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from config.domain.alarm import Alarm
from config.domain.alarms import ALARMS
from config.domain.estate import Portfolio
from config.domain.panels import About, Audience, Dashboard
from config.errors import GrafanaError
from services.grafana import client as calls
from services.grafana.access import keep_rights, keep_team
from services.grafana.alarm_rules import contact_points, route, rule_json
from services.grafana.alerting import drop_contact_points, keep_contact_points, keep_route, keep_rules
from services.grafana.changes import Change, Outcome
from services.grafana.client import GrafanaClient, Refused
from services.grafana.connecting import keep_datasource
from services.grafana.dashboards import dashboard_json
from services.grafana.datasource import datasource_json
from services.grafana.older import Version, fitted, version_of
from services.grafana.placing import Placed, keep_dashboard, keep_folder, prune_dashboards
from services.store.influxwire import InfluxTarget

TITLES: Mapping[str, str] = {  # where audiences.yaml has no other
    Audience.FACILITY_MANAGERS: "Fastighetsförvaltare",
    Audience.ENVIRONMENT_TEAM: "Miljögruppen",
    Audience.BOARD: "Energi och klimat för styrelsen",
    Audience.CITIZENS: "Medborgare och företag",
}
NOT_THERE = (404, 405, 501)  # no such call
NOT_ALLOWED = 403


@dataclass(frozen=True, slots=True)
class Folder:
    """Of an audience. `team`: who may read it besides editors; "" where everybody who has signed in may."""

    uid: str
    title: str
    team: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Everything that Grafana shall have."""

    datasource: Mapping[str, Any]
    folders: tuple[Folder, ...]
    dashboards: tuple[Placed, ...]
    rules: tuple[Mapping[str, Any], ...] = ()
    contact_points: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Choices:
    """What a municipality chooses about its Grafana.

    Attributes:
        titles: audience → what it is called.
        goals: id → the goal in a few words.
        board_url: the board's public address, "" where it has none.
        addresses, webhook: whom Grafana tells of alarms.
        alarms: those that are wanted.
    """

    titles: Mapping[str, str] = field(default_factory=dict)
    goals: Mapping[str, str] | None = None
    board_url: str = ""
    addresses: tuple[str, ...] = ()
    webhook: str = ""
    alarms: tuple[Alarm, ...] = ALARMS


def wanted(
    dashboards: Sequence[Dashboard],
    portfolio: Portfolio,
    target: InfluxTarget,
    *,
    example: bool,
    choices: Choices | None = None,
) -> Wanted:
    """The data source, a folder for each audience that has a dashboard, the dashboards, and the alarms.

    Args:
        target: the store as Grafana reaches it, with a token that may only read.
        example: whether figures or attributes are invented.
    """
    chosen = choices or Choices()
    audiences = list(dict.fromkeys(dashboard.audience for dashboard in dashboards))
    folders = [_folder(audience, {**TITLES, **chosen.titles}) for audience in audiences]
    placed = [
        Placed(
            folder_uid(dashboard.audience),
            dashboard_json(
                dashboard,
                portfolio,
                example=example,
                goals=chosen.goals,
                board_url=chosen.board_url,
                building_uid=_building_uid(dashboards, dashboard.audience),
            ),
        )
        for dashboard in dashboards
    ]
    rules = [rule_json(alarm, folder_uid(alarm.audience)) for alarm in chosen.alarms if alarm.audience in audiences]
    points = contact_points(chosen.addresses, chosen.webhook)
    return Wanted(datasource_json(target), tuple(folders), tuple(placed), tuple(rules), tuple(points))


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
    version = version_of(health)
    told = str(health.get("version", "utan versionsnummer"))
    changes = [keep_datasource(grafana, want.datasource, dry_run=dry_run)]
    for folder in want.folders:
        changes.append(keep_folder(grafana, folder.uid, folder.title, dry_run=dry_run))
        changes += _where_there_is("rights", folder.uid, told, partial(_readers, grafana, folder, dry_run))
    for placed in want.dashboards:
        fit = replace(placed, content=fitted(placed.content, version))
        changes.append(keep_dashboard(grafana, fit, dry_run=dry_run, overwrite=overwrite))
    uids = {str(placed.content["uid"]) for placed in want.dashboards}
    changes += prune_dashboards(grafana, uids, dry_run=dry_run)
    changes += _where_there_is("alerting", "", told, partial(_alerting, grafana, want, version, dry_run))
    return changes


def _alerting(grafana: GrafanaClient, want: Wanted, version: Version, dry_run: bool) -> list[Change]:
    """A branch is sent after the contact point that it names, and taken away before it."""
    points = want.contact_points
    changes = keep_rules(grafana, want.rules, dry_run=dry_run)
    made = keep_contact_points(grafana, points, dry_run=dry_run)
    usable = bool(points) and not any(change.outcome is Outcome.KEPT and change.uid == points[0]["name"] for change in made)
    changes += made
    changes += keep_route(grafana, route() if usable else None, version, dry_run=dry_run)
    return changes + drop_contact_points(grafana, points, dry_run=dry_run)


def _readers(grafana: GrafanaClient, folder: Folder, dry_run: bool) -> list[Change]:
    if not folder.team:
        return [keep_rights(grafana, folder.uid, None, public=True, dry_run=dry_run)]
    team, number = keep_team(grafana, folder.team, dry_run=dry_run)
    return [team, keep_rights(grafana, folder.uid, number, public=False, dry_run=dry_run)]


def _where_there_is(kind: str, uid: str, version: str, step: Callable[[], list[Change]]) -> list[Change]:
    """The step's changes; what this Grafana lacks or our token may not do is told in their place."""
    try:
        return step()
    except Refused as refused:
        if refused.status in NOT_THERE:
            return [Change(kind, uid, Outcome.LACKING, f"Grafana {version} har inget anrop för det")]
        if refused.status == NOT_ALLOWED:
            return [Change(kind, uid, Outcome.LACKING, f"nyckeln får inte: {refused}")]
        raise


def _folder(audience: Audience, titles: Mapping[str, str]) -> Folder:
    title = titles[audience]
    return Folder(folder_uid(audience), title, "" if audience is Audience.CITIZENS else f"Energimonitor: {title}")


def _building_uid(dashboards: Sequence[Dashboard], audience: Audience) -> str:
    """The audience's first dashboard of one building of any kind: that is where rows lead to."""
    found = [each for each in dashboards if each.audience is audience and each.about is About.BUILDING and not each.carriers]
    return min(found, key=lambda each: each.place).uid if found else ""
