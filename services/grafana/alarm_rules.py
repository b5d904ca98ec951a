"""Our alarms as Grafana's alert rules (unified alerting, Grafana 9 and up), and what Grafana then tells whom.

What comes over the API is locked in Grafana's pages: a threshold is changed here, and nobody's change is trampled.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from config.domain.alarm import Alarm, Judged, Silence
from services.grafana.dashboards import DATASOURCE_UID
from services.grafana.statements import TIME_FILTER
from services.store.influxql import compile_influxql, name

GROUP = "energimonitor"
LABEL, VALUE = "energimonitor", "larm"
RECEIVER = "Energimonitor"
EXPRESSIONS = "__expr__"
STEP_MS = 60_000


def rule_json(alarm: Alarm, folder: str) -> dict[str, Any]:
    """As `POST /v1/provisioning/alert-rules` takes it."""
    span = {"from": int(alarm.within.total_seconds()), "to": 0}

    def expression(ref: str, **model: Any) -> dict[str, Any]:
        model = {"refId": ref, "datasource": {"type": EXPRESSIONS, "uid": EXPRESSIONS}, **model}
        return {"refId": ref, "queryType": "", "datasourceUid": EXPRESSIONS, "relativeTimeRange": span, "model": model}

    def reduced(ref: str, reducer: str) -> dict[str, Any]:
        return expression(ref, type="reduce", expression="A", reducer=reducer, settings={"mode": "dropNN"})

    judged = reduced("B", "sum" if alarm.judged is Judged.RISE else "last")
    evaluator = {"type": "gt", "params": [alarm.above]} if alarm.above is not None else {"type": "lt", "params": [alarm.below]}
    limit = expression("C", type="threshold", expression="B", conditions=[{"type": "query", "evaluator": evaluator}])
    return {
        "uid": f"energimonitor-{alarm.id}",
        "orgID": 1,
        "folderUID": folder,
        "ruleGroup": GROUP,
        "title": alarm.title_sv,
        "condition": "C",
        "data": [_question(alarm, span), judged, limit],
        "noDataState": "Alerting" if alarm.silence is Silence.ALARM else "OK",
        "execErrState": "Error",
        "for": duration(alarm.lasting),
        "annotations": {"summary": alarm.title_sv, "description": alarm.sentence_sv},
        "labels": {LABEL: VALUE, "audience": alarm.audience.value, "alarm": alarm.id},
    }


def contact_points(addresses: Sequence[str], webhook: str) -> list[dict[str, Any]]:
    """One contact point, with an integration for each way that the settings name."""
    found: list[dict[str, Any]] = []
    if addresses:
        settings = {"addresses": ";".join(addresses), "singleEmail": True}
        found.append({"uid": "energimonitor-epost", "name": RECEIVER, "type": "email", "settings": settings})
    if webhook:
        settings = {"url": webhook, "httpMethod": "POST"}
        found.append({"uid": "energimonitor-webhook", "name": RECEIVER, "type": "webhook", "settings": settings})
    return found


def route() -> dict[str, Any]:
    """Our branch of the notification policies: our alarms, grouped, told once a day until they are over."""
    return {
        "receiver": RECEIVER,
        "object_matchers": [[LABEL, "=", VALUE]],
        "group_by": ["alertname"],
        "group_wait": "1m",
        "group_interval": "10m",
        "repeat_interval": "1d",
    }


def duration(span: timedelta) -> str:
    """As Grafana writes it back: the largest unit that fits."""
    seconds = int(span.total_seconds())
    for unit, size in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def asked(alarm: Alarm) -> str:
    """The InfluxQL of the rule: the values that are judged, or the steps upwards between them.

    A counter that begins anew at 0 falls; that is no rise, and no difference of the largest and the smallest either.
    """
    values = compile_influxql(alarm.query, time_filter=TIME_FILTER)
    if alarm.judged is not Judged.RISE:
        return values
    groups = f" GROUP BY {', '.join(map(name, alarm.query.by))}" if alarm.query.by else ""
    return f'SELECT NON_NEGATIVE_DIFFERENCE("value") AS "value" FROM ({values}){groups}'  # noqa: S608 - all of it quoted


def _question(alarm: Alarm, span: dict[str, int]) -> dict[str, Any]:
    tags = " ".join(f"$tag_{tag}" for tag in alarm.query.by)
    model = {
        "refId": "A",
        "datasource": {"type": "influxdb", "uid": DATASOURCE_UID},
        "query": asked(alarm),
        "rawQuery": True,
        "resultFormat": "time_series",
        "alias": tags or alarm.title_sv,
        "intervalMs": STEP_MS,
        "maxDataPoints": 43_200,
    }
    return {"refId": "A", "queryType": "", "datasourceUid": DATASOURCE_UID, "relativeTimeRange": span, "model": model}
