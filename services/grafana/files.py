"""The same as files that Grafana reads at its start and every half minute: for compose, without a token of Grafana's."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
import yaml

from services.grafana.datasource import datasource_file
from services.grafana.provisioning import Wanted
from services.store.influxwire import InfluxTarget

MOUNTED = "/etc/grafana"
UPDATE_S = 30


def write_files(
    folder: Path, want: Wanted, target: InfluxTarget, secret: str, mounted: str = MOUNTED, *, dry_run: bool = False
) -> list[Path]:
    """Write `provisioning/datasources`, `provisioning/dashboards` and `dashboards/<folder>/<uid>.json` below `folder`.

    No secret is written. A file that is right already is left alone, so that Grafana does not load it again.

    Args:
        secret: from where Grafana takes the token: `$__file{/run/secrets/x}` or `$NAME`.
        mounted: `folder`, as Grafana sees it.
    Returns:
        the files that were written, or with `dry_run` would be.
    """
    providers = [_provider(uid, title, mounted) for uid, title in want.folders.items()]
    files: dict[str, bytes] = {
        "provisioning/datasources/energimonitor.yaml": _yaml(datasource_file(target, secret)),
        "provisioning/dashboards/energimonitor.yaml": _yaml({"apiVersion": 1, "providers": providers}),
    }
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
