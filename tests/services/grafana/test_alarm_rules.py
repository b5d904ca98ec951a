"""What Grafana's rules judge, on real servers: the same number as our own alerts (`services.alerts.service.judged`)."""

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

import polars as pl
import pytest

from config.domain.alarm import Judged
from config.domain.alarms import ALARMS
from config.domain.series import SERVICE
from services.grafana.alarm_rules import asked, rule_json
from services.store.influxdb import InfluxStore
from services.store.influxwire import InfluxTarget, InfluxVersion
from services.store.points import TIME
from tests.dashboards.example import NOW
from tests.servers import HTTP, Influxd1

MINUTE = timedelta(minutes=1)
DEAD_LETTERS = next(alarm for alarm in ALARMS if alarm.id == "dead-letters")
# of the last hour: minutes ago → the counter then, and how much has come
COUNTERS = {
    "it stands still": ({50: 7.0, 30: 7.0, 1: 7.0}, 0),
    "it counts": ({50: 3.0, 30: 5.0, 1: 14.0}, 11),
    "it begins anew at nought": ({50: 40.0, 30: 0.0, 1: 0.0}, 0),
    "it begins anew and counts": ({50: 40.0, 30: 0.0, 1: 12.0}, 12),
    "it is seen once": ({1: 9.0}, 0),
    "it is not seen": ({}, 0),
}


@pytest.fixture(
    params=[pytest.param("influxd1", marks=pytest.mark.influxdb), pytest.param("influxd2", marks=pytest.mark.influxdb2)]
)
def target(request: pytest.FixtureRequest) -> Iterator[InfluxTarget]:
    name = f"t{uuid.uuid4().hex}"
    server = request.getfixturevalue(request.param)
    if isinstance(server, Influxd1):
        server.create_database(name)
        yield InfluxTarget(server.url, name, InfluxVersion.V1)
        return
    server.create_bucket(name)
    yield InfluxTarget(server.url, name, InfluxVersion.V2, org=server.org, token=server.token)


def answered(target: InfluxTarget, statement: str) -> list[float]:
    """Every value, as Grafana's reducer gets them."""
    headers = {"Authorization": f"Token {target.token}"} if target.token else {}
    fields = {"q": statement, "db": target.database}
    answer = HTTP.request("GET", f"{target.url}/query", fields=fields, headers=headers)
    result = answer.json()["results"][0]
    assert "error" not in result, (statement, result)
    return [row[1] for series in result.get("series", []) for row in series["values"]]


def test_a_counter_that_begins_anew_has_not_risen(target: InfluxTarget) -> None:
    """The largest less the smallest would wake somebody at each restart of the service; every case by hand."""
    store = InfluxStore(target)
    found = {}
    for number, (name, (counter, _)) in enumerate(COUNTERS.items()):
        now = NOW + number * timedelta(hours=2)
        points = [(now - ago * MINUTE, "dead_letters", value) for ago, value in counter.items()]
        frame = pl.DataFrame(points, schema={"time": TIME, "measure": pl.String, "value": pl.Float64}, orient="row")
        store.write_pictures(SERVICE, frame)
        bounds = f"time >= {_ms(now - DEAD_LETTERS.within)}ms AND time <= {_ms(now)}ms"
        found[name] = sum(answered(target, asked(DEAD_LETTERS).replace("$timeFilter", bounds)))
    store.close()

    assert found == {name: expected for name, (_, expected) in COUNTERS.items()}


def test_a_rule_adds_up_what_came_and_judges_it_by_its_limit() -> None:
    """Question, reducer, limit; a rule of the latest value has the latest."""
    for alarm in ALARMS:
        _, reduced, limit = (each["model"] for each in rule_json(alarm, "folder")["data"])

        assert reduced["reducer"] == ("sum" if alarm.judged is Judged.RISE else "last"), alarm.id
        assert limit["expression"] == reduced["refId"]
        assert limit["conditions"][0]["evaluator"]["params"] == [alarm.above if alarm.above is not None else alarm.below]


def _ms(instant: datetime) -> int:
    return round(instant.timestamp() * 1000)
