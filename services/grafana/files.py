"""The same as files that Grafana reads at its start and every half minute: for compose, without a token of Grafana's."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
import yaml

from services.grafana.alarm_rules import GROUP, RECEIVER
from services.grafana.datasource import datasource_file, escaped
from services.grafana.provisioning import Wanted
from services.store.influxwire import InfluxTarget

MOUNTED = "/etc/grafana"
UPDATE_S = 30


def write_files(
    folder: Path, want: Wanted, target: InfluxTarget, secret: str, mounted: str = MOUNTED, *, dry_run: bool = False
) -> list[Path]:
    """Write `provisioning/{datasources,dashboards,alerting}` and `dashboards/<folder>/<uid>.json` below `folder`.

    No secret is written. A file that is right already is left alone, so that Grafana does not load it again.

    Args:
        secret: from where Grafana takes the token: `$__file{/run/secrets/x}` or `$NAME`.
        mounted: `folder`, as Grafana sees it.
    Returns:
        the files that were written, or with `dry_run` would be.
    """
    providers = [_provider(folder.uid, folder.title, mounted) for folder in want.folders]
    files: dict[str, bytes] = {
        "provisioning/datasources/energimonitor.yaml": _yaml(datasource_file(target, secret)),
        "provisioning/dashboards/energimonitor.yaml": _yaml({"apiVersion": 1, "providers": providers}),
    }
    if want.rules:
        files["provisioning/alerting/energimonitor.yaml"] = _yaml(_alerting(want))
    for placed in want.dashboards:
        name = f"dashboards/{placed.folder}/{placed.content['uid']}.json"
        files[name] = orjson.dumps(placed.content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    return [folder / name for name, content in files.items() if _written(folder / name, content, dry_run)]


def _provider(uid: str, title: str, mounted: str) -> dict[str, Any]:
    return {
        "name": uid,
        "orgId": 1,
        "folder": title,
        "folderUid": uid,
        "type": "file",
        "disableDeletion": False,
        "allowUiUpdates": False,
        "updateIntervalSeconds": UPDATE_S,
        "options": {"path": f"{mounted.rstrip('/')}/dashboards/{uid}"},
    }


def _alerting(want: Wanted) -> dict[str, Any]:
    """Rules by folder, and the contact point, which each rule names itself.

    Notification policies are left out on purpose: a file would replace the whole tree, other people's branches too.
    """
    told = {"notification_settings": {"receiver": RECEIVER}} if want.contact_points else {}
    titles = {folder.uid: folder.title for folder in want.folders}
    groups = [
        {
            "orgId": 1,
            "name": GROUP,
            "folder": titles[uid],
            "interval": "1m",
            "rules": [_in_group(rule) | told for rule in want.rules if rule["folderUID"] == uid],
        }
        for uid in dict.fromkeys(rule["folderUID"] for rule in want.rules)
    ]
    receivers = [{key: point[key] for key in ("uid", "type", "settings")} for point in want.contact_points]
    points = [{"orgId": 1, "name": RECEIVER, "receivers": receivers}] if receivers else []
    return {"apiVersion": 1, "groups": groups, "contactPoints": escaped(points)}


def _in_group(rule: Mapping[str, Any]) -> dict[str, Any]:
    """Grafana takes the queries of a rule as they stand, dollar signs too; the rest it expands."""
    told = {key: value for key, value in rule.items() if key not in ("orgID", "folderUID", "ruleGroup", "data")}
    return {**escaped(told), "data": rule["data"]}


def _yaml(content: Mapping[str, Any]) -> bytes:
    head = "# Written by `energimonitor provision --files`; a change by hand is lost at the next run.\n"
    return (head + yaml.safe_dump(content, allow_unicode=True, sort_keys=False)).encode()


def _written(file: Path, content: bytes, dry_run: bool) -> bool:
    """Whether it had to be written. Grafana never sees half a file."""
    if file.is_file() and file.read_bytes() == content:
        return False
    if dry_run:
        return True
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f".{file.name}.new")
    fresh.write_bytes(content)
    fresh.replace(file)
    return True
