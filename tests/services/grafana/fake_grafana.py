"""A Grafana of our own for tests: it remembers, numbers and versions as Grafana does, and refuses what it does not know."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import orjson

TOKEN = "glsa_test"
Answer = tuple[int, Any]


class FakeGrafana:
    """The state, the calls it was asked for, and the ways in which it can be made to fail.

    Attributes:
        refused: uids of dashboards that it does not take.
        answers_left: calls that it answers before it answers 500 to everything; None: all.
        rewrites: whether it stores a dashboard otherwise than it was sent, as Grafana does when it migrates one.
    """

    def __init__(self) -> None:
        self.datasources: dict[str, dict[str, Any]] = {}
        self.folders: dict[str, dict[str, Any]] = {}
        self.dashboards: dict[str, dict[str, Any]] = {}
        self.versions: dict[str, list[dict[str, Any]]] = {}
        self.folder_of: dict[str, str] = {}
        self.teams: dict[str, int] = {}
        self.rights: dict[str, list[dict[str, Any]]] = {}
        self.rules: dict[str, dict[str, Any]] = {}
        self.contact_points: dict[str, dict[str, Any]] = {}
        self.policies: dict[str, Any] = {"receiver": "grafana-default-email", "routes": []}
        self.version = "13.0.6"
        self.alerting = True
        self.asked: list[str] = []
        self.refused: set[str] = set()
        self.answers_left: int | None = None
        self.rewrites = False
        self.url = ""
        self._operations: list[tuple[str, str, Callable[..., Answer]]] = [
            ("GET", "/health", lambda _: (200, {"database": "ok", "version": self.version})),
            ("GET", "/datasources/uid/([^/]+)", self._get_datasource),
            ("GET", "/datasources/name/([^/]+)", self._get_datasource_named),
            ("POST", "/datasources", self._post_datasource),
            ("PUT", "/datasources/uid/([^/]+)", self._put_datasource),
            ("GET", "/datasources/uid/([^/]+)/health", lambda _, uid: (200, {"status": "OK"})),
            ("GET", "/folders/([^/]+)", self._get_folder),
            ("POST", "/folders", self._post_folder),
            ("GET", "/dashboards/uid/([^/]+)", self._get_dashboard),
            ("GET", "/dashboards/uid/([^/]+)/versions", lambda _, uid: (200, {"versions": self.versions.get(uid, [])})),
            ("POST", "/dashboards/db", self._post_dashboard),
            ("DELETE", "/dashboards/uid/([^/]+)", self._delete_dashboard),
            ("GET", "/search", self._search),
            ("PUT", "/folders/([^/]+)", self._put_folder),
            ("GET", "/folders/([^/]+)/permissions", self._get_rights),
            ("POST", "/folders/([^/]+)/permissions", self._post_rights),
            ("GET", "/teams/search", lambda _: (200, {"teams": [{"id": id_, "name": name} for name, id_ in self.teams.items()]})),
            ("POST", "/teams", self._post_team),
            (
                "GET",
                "/v1/provisioning/alert-rules",
                lambda _: self._alerts([{**each, "provenance": ""} for each in self.rules.values()]),
            ),
            ("GET", "/v1/provisioning/alert-rules/([^/]+)", lambda _, uid: self._alerts(self.rules[uid])),
            ("POST", "/v1/provisioning/alert-rules", lambda body: self._kept(self.rules, body)),
            ("PUT", "/v1/provisioning/alert-rules/([^/]+)", lambda body, _: self._kept(self.rules, body)),
            ("DELETE", "/v1/provisioning/alert-rules/([^/]+)", lambda _, uid: self._dropped(self.rules, uid)),
            ("GET", "/v1/provisioning/contact-points", lambda _: self._alerts(list(self.contact_points.values()))),
            ("POST", "/v1/provisioning/contact-points", lambda body: self._kept(self.contact_points, body)),
            ("PUT", "/v1/provisioning/contact-points/([^/]+)", lambda body, _: self._kept(self.contact_points, body)),
            ("DELETE", "/v1/provisioning/contact-points/([^/]+)", lambda _, uid: self._dropped(self.contact_points, uid)),
            ("GET", "/v1/provisioning/policies", lambda _: self._alerts(self.policies)),
            ("PUT", "/v1/provisioning/policies", self._put_policies),
        ]

    @property
    def writes(self) -> list[str]:
        """What changed something, or tried to."""
        return [call for call in self.asked if not call.startswith("GET")]

    def edit(self, uid: str, **changes: Any) -> None:
        """As a person does on Grafana's own page."""
        self._store(uid, {**self.dashboards[uid], **changes}, "")

    def unlock(self, things: dict[str, dict[str, Any]], uid: str, **changes: Any) -> None:
        """As a person does with a rule or contact point that is theirs."""
        things[uid] = {**things[uid], "provenance": "", **changes}

    def answer(self, method: str, path: str, body: Any, authorization: str | None) -> Answer:
        if authorization != f"Bearer {TOKEN}":
            return 401, {"message": "Invalid API key"}
        for known, pattern, act in self._operations:
            found = re.fullmatch(pattern, path)
            if method == known and found:
                if self.answers_left is not None:
                    if self.answers_left == 0:
                        return 500, {"message": "database is locked"}
                    self.answers_left -= 1
                self.asked.append(f"{method} {path}")
                return act(body, *found.groups())
        return 501, {"message": f"not an operation of Grafana: {method} {path}"}

    def _get_datasource(self, _: Any, uid: str) -> Answer:
        if uid not in self.datasources:
            return 404, {"message": "Data source not found"}
        return 200, {key: value for key, value in self.datasources[uid].items() if key != "secureJsonData"}

    def _get_datasource_named(self, _: Any, name: str) -> Answer:
        found = [each for each in self.datasources.values() if each["name"] == name]
        return self._get_datasource(_, found[0]["uid"]) if found else (404, {"message": "Data source not found"})

    def _post_datasource(self, body: Any) -> Answer:
        self.datasources[body["uid"]] = {**body, "id": 1, "version": 1, "readOnly": False}
        return 200, {"message": "Datasource added"}

    def _put_datasource(self, body: Any, uid: str) -> Answer:
        if uid not in self.datasources:
            return 404, {"message": "Data source not found"}
        self.datasources[uid] = {**body, "id": 1, "version": self.datasources[uid]["version"] + 1, "readOnly": False}
        return 200, {"message": "Datasource updated"}

    def _get_folder(self, _: Any, uid: str) -> Answer:
        return (200, self.folders[uid]) if uid in self.folders else (404, {"message": "folder not found"})

    def _post_folder(self, body: Any) -> Answer:
        if body["uid"] in self.folders:
            return 412, {"message": "the folder has been changed by someone else"}
        self.folders[body["uid"]] = {**body, "version": 1}
        return 200, self.folders[body["uid"]]

    def _get_dashboard(self, _: Any, uid: str) -> Answer:
        if uid not in self.dashboards:
            return 404, {"message": "Dashboard not found"}
        return 200, {"dashboard": self.dashboards[uid], "meta": {"folderUid": self.folder_of[uid], "provisioned": False}}

    def _post_dashboard(self, body: Any) -> Answer:
        content, uid = body["dashboard"], body["dashboard"]["uid"]
        if uid in self.refused:
            return 400, {"message": "Dashboard name cannot be the same as folder", "status": "name-match"}
        if body["folderUid"] not in self.folders:
            return 400, {"message": "folder not found"}
        live = self.dashboards.get(uid)
        if live is not None and not body["overwrite"] and content.get("version") != live["version"]:
            return 412, {"message": "The dashboard has been changed by someone else", "status": "version-mismatch"}
        self.folder_of[uid] = body["folderUid"]
        self._store(uid, {**content, "preload": False} if self.rewrites else content, body["message"])
        return 200, {"uid": uid, "version": self.dashboards[uid]["version"]}

    def _delete_dashboard(self, _: Any, uid: str) -> Answer:
        del self.dashboards[uid]
        return 200, {"title": "", "message": "Dashboard deleted"}

    def _search(self, _: Any) -> Answer:
        return 200, [{"uid": uid} for uid, each in self.dashboards.items() if "energimonitor" in each.get("tags", [])]

    def _put_folder(self, body: Any, uid: str) -> Answer:
        self.folders[uid] = {**self.folders[uid], "title": body["title"], "version": self.folders[uid]["version"] + 1}
        return 200, self.folders[uid]

    def _get_rights(self, _: Any, uid: str) -> Answer:
        if uid not in self.folders:
            return 404, {"message": "folder not found"}
        new = [{"role": "Viewer", "permission": 1}, {"role": "Editor", "permission": 2}]
        return 200, self.rights.get(uid, new)

    def _post_rights(self, body: Any, uid: str) -> Answer:
        self.rights[uid] = body["items"]
        return 200, {"message": "Folder permissions updated"}

    def _post_team(self, body: Any) -> Answer:
        self.teams[body["name"]] = len(self.teams) + 1
        return 200, {"teamId": self.teams[body["name"]]}

    def _alerts(self, found: Any) -> Answer:
        return (200, found) if self.alerting else (404, {"message": "Not found"})

    def _kept(self, things: dict[str, dict[str, Any]], body: Any) -> Answer:
        things[body["uid"]] = {**body, "id": 7, "updated": "2026-11-24T12:00:00Z", "provenance": "api"}
        return 201, things[body["uid"]]

    def _dropped(self, things: dict[str, dict[str, Any]], uid: str) -> Answer:
        del things[uid]
        return 204, None

    def _put_policies(self, body: Any) -> Answer:
        names = {point["name"] for point in self.contact_points.values()} | {"grafana-default-email"}
        unknown = [branch["receiver"] for branch in body["routes"] if branch["receiver"] not in names]
        if unknown:
            return 400, {"message": f"receiver {unknown[0]!r} does not exist"}
        self.policies = body
        return 202, {"message": "policies updated"}

    def _store(self, uid: str, content: dict[str, Any], message: str) -> None:
        history = self.versions.setdefault(uid, [])
        number = len(history) + 1
        self.dashboards[uid] = {**content, "id": 7, "version": number}
        history.append({"version": number, "message": message})


@contextmanager
def serving(fake: FakeGrafana) -> Iterator[FakeGrafana]:
    """The fake on a free loopback port, under the sub-path that a proxy would give it."""

    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            body = orjson.loads(self.rfile.read(size)) if size else None
            path = self.path.removeprefix("/grafana/api").split("?")[0]
            status, answer = fake.answer(self.command, path, body, self.headers.get("Authorization"))
            content = b"" if answer is None else orjson.dumps(answer)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_DELETE = _any  # noqa: N815 - the names that http.server calls

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    fake.url = f"http://127.0.0.1:{server.server_address[1]}/grafana/"
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
