"""Grafana's own types (grafana-foundation-sdk), and the query class that they lack.

The classic dashboard schema is used on purpose: it is read by Grafana 9 to 13 and is what file provisioning and
`/api/dashboards/db` take. Importing it warns that a newer schema exists (Grafana 12 and up only).
"""

import json
import warnings
from dataclasses import dataclass
from typing import Any

from grafana_foundation_sdk.cog import builder, encoder, variants

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    from grafana_foundation_sdk.builders import common as common_builders
    from grafana_foundation_sdk.builders import dashboard as dashboard_builders
    from grafana_foundation_sdk.builders import geomap as geomap_builders
    from grafana_foundation_sdk.builders import stat, table, text, timeseries
    from grafana_foundation_sdk.builders import xychart as xychart_builders
    from grafana_foundation_sdk.models import common, dashboard, xychart

__all__ = [
    "InfluxQL",
    "common",
    "common_builders",
    "dashboard",
    "dashboard_builders",
    "geomap_builders",
    "plain",
    "stat",
    "table",
    "text",
    "timeseries",
    "xychart",
    "xychart_builders",
]


@dataclass(frozen=True, slots=True)
class InfluxQL(variants.Dataquery, builder.Builder[variants.Dataquery]):
    """A raw InfluxQL query of a panel, as Grafana's InfluxDB data source stores it."""

    ref: str
    statement: str
    alias: str
    as_table: bool
    datasource: common.DataSourceRef

    def build(self) -> variants.Dataquery:
        return self

    def to_json(self) -> dict[str, object]:
        """Called by the SDK's encoder."""
        return {
            "refId": self.ref,
            "datasource": self.datasource,
            "query": self.statement,
            "rawQuery": True,
            "resultFormat": "table" if self.as_table else "time_series",
            "alias": self.alias,
        }


def plain(thing: object) -> Any:
    """The SDK's object as JSON values."""
    return json.loads(json.dumps(thing, cls=encoder.JSONEncoder))
