"""A real Grafana, started by the script that ENERGIMONITOR_TEST_GRAFANA names (START.sh PORT FOLDER); asked as panels ask."""

import os
import time
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
import pytest

from tests.servers import HTTP, Server

VARIABLE = "ENERGIMONITOR_TEST_GRAFANA"
BASIC = {"Authorization": "Basic YWRtaW46YWRtaW4=", "Content-Type": "application/json"}  # admin:admin, of a new folder


class RealGrafana(Server):
    """Its data lies in `folder`: started again there, it remembers."""

    def command(self) -> list[str]:
        script = os.environ.get(VARIABLE)
        if not script:
            pytest.skip(f"{VARIABLE} names no script that starts a Grafana: START.sh PORT FOLDER")
        return [script, str(self.port), str(self.folder.absolute() / "data")]

    def start(self) -> None:
        super().start()
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            if HTTP.request("GET", f"{self.url}/api/health", retries=3).status == 200:
                return
            time.sleep(0.2)
        raise RuntimeError(f"no Grafana answers on {self.port}")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def version(self) -> str:
        return str(self.call("GET", "/health")["version"])

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """As the administrator."""
        content = None if body is None else orjson.dumps(body)
        answer = HTTP.request(method, f"{self.url}/api{path}", body=content, headers=BASIC)
        assert answer.status < 300, (method, path, answer.status, answer.data[:500])
        return orjson.loads(answer.data) if answer.data else None

    def token(self) -> str:
        """Of a service account that is Admin; an API key where Grafana has no such accounts."""
        if self.version.startswith(("7.", "8.")):
            return str(self.call("POST", "/auth/keys", {"name": "trial", "role": "Admin"})["key"])
        account = self.call("POST", "/serviceaccounts", {"name": "trial", "role": "Admin"})
        return str(self.call("POST", f"/serviceaccounts/{account['id']}/tokens", {"name": "trial"})["key"])

    def ask(self, statement: str, database: str) -> Sequence[Mapping[str, Any]]:
        """The series that the store answers through Grafana's proxy, which adds the token."""
        source = self.call("GET", "/datasources/name/Energimonitor")
        path, headers = f"/api/datasources/proxy/{source['id']}/query", {"Authorization": BASIC["Authorization"]}
        fields = {"q": statement, "db": database, "epoch": "ms"}
        # GET: the proxy of a 9.4 built with a later Go than its own loses answers to a POST (seen: closed network connection)
        answer = HTTP.request("GET", f"{self.url}{path}", fields=fields, headers=headers)
        assert answer.status == 200, (statement, answer.status, answer.data[:500])
        result = orjson.loads(answer.data)["results"][0]
        assert "error" not in result, (statement, result)
        return list(result.get("series", []))

    def query(self, statement: str, start_ms: int, end_ms: int) -> int:
        """Rows of the answer of Grafana's own query engine, which later versions' panels and all alarms go through."""
        asked = {"refId": "A", "datasource": {"uid": "energimonitor", "type": "influxdb"}, "query": statement, "rawQuery": True}
        body = {"queries": [{**asked, "resultFormat": "table"}], "from": str(start_ms), "to": str(end_ms)}
        frames = self.call("POST", "/ds/query", body)["results"]["A"].get("frames") or []
        return sum(len(frame["data"]["values"][0]) for frame in frames if frame["data"]["values"])
