"""The calls to Grafana that we make, all by UID, on grafana-api's low-level client.

Its ready-made methods are not used: 19 of their 95 calls are gone in Grafana 13, those by numeric id first of all.
"""

from collections.abc import Mapping
from json import JSONDecodeError
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import requests
from grafana_api.grafana_api import GrafanaAPI, GrafanaException

from config.errors import ConfigurationError, GrafanaError

# Every call, as Grafana's own list of operations writes it; a contract test compares the two.
HEALTH = "GET /health"
DATASOURCE = "GET /datasources/uid/{uid}"
DATASOURCE_NAMED = "GET /datasources/name/{name}"
DATASOURCE_CREATE = "POST /datasources"
DATASOURCE_CHANGE = "PUT /datasources/uid/{uid}"
DATASOURCE_HEALTH = "GET /datasources/uid/{uid}/health"
FOLDER = "GET /folders/{folder_uid}"
FOLDER_CREATE = "POST /folders"
FOLDER_CHANGE = "PUT /folders/{folder_uid}"
DASHBOARD = "GET /dashboards/uid/{uid}"
DASHBOARD_SAVE = "POST /dashboards/db"
DASHBOARD_VERSIONS = "GET /dashboards/uid/{uid}/versions"
DASHBOARD_DELETE = "DELETE /dashboards/uid/{uid}"
SEARCH = "GET /search"
TEAMS = "GET /teams/search"
TEAM_CREATE = "POST /teams"
PERMISSIONS = "GET /folders/{folder_uid}/permissions"
PERMISSIONS_CHANGE = "POST /folders/{folder_uid}/permissions"
RULES = "GET /v1/provisioning/alert-rules"
RULE = "GET /v1/provisioning/alert-rules/{UID}"
RULE_CREATE = "POST /v1/provisioning/alert-rules"
RULE_CHANGE = "PUT /v1/provisioning/alert-rules/{UID}"
RULE_DELETE = "DELETE /v1/provisioning/alert-rules/{UID}"
CONTACT_POINTS = "GET /v1/provisioning/contact-points"
CONTACT_POINT_CREATE = "POST /v1/provisioning/contact-points"
CONTACT_POINT_CHANGE = "PUT /v1/provisioning/contact-points/{UID}"
CONTACT_POINT_DELETE = "DELETE /v1/provisioning/contact-points/{UID}"
POLICIES = "GET /v1/provisioning/policies"
POLICIES_CHANGE = "PUT /v1/provisioning/policies"
CALLS = (
    HEALTH,
    DATASOURCE,
    DATASOURCE_NAMED,
    DATASOURCE_CREATE,
    DATASOURCE_CHANGE,
    DATASOURCE_HEALTH,
    FOLDER,
    FOLDER_CREATE,
    FOLDER_CHANGE,
    DASHBOARD,
    DASHBOARD_SAVE,
    DASHBOARD_VERSIONS,
    DASHBOARD_DELETE,
    SEARCH,
    TEAMS,
    TEAM_CREATE,
    PERMISSIONS,
    PERMISSIONS_CHANGE,
    RULES,
    RULE,
    RULE_CREATE,
    RULE_CHANGE,
    RULE_DELETE,
    CONTACT_POINTS,
    CONTACT_POINT_CREATE,
    CONTACT_POINT_CHANGE,
    CONTACT_POINT_DELETE,
    POLICIES,
    POLICIES_CHANGE,
)
ADVICE = {
    401: "give a valid service-account token in ENERGIMONITOR_GRAFANA_TOKEN_FILE",
    403: "the service account needs the role Admin (data sources are Admin's); what files provision cannot be changed",
    404: "is the address Grafana's own, with its sub-path?",
    412: "somebody saved it in the same moment: run again",
}


class Refused(GrafanaError):
    """Grafana answered, and said no."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class GrafanaClient:
    """One Grafana. Every method raises GrafanaError, which says what to do."""

    def __init__(
        self,
        url: str,
        *,
        token: str = "",
        username: str = "",
        password: str = "",
        timeout_s: float = 15.0,
        ca_file: str | None = None,
    ) -> None:
        """
        Args:
            url: with the sub-path that Grafana is served under, if any.
            token: of a service account; else user and password.
        Raises:
            ConfigurationError: the address is none.
        """
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ConfigurationError(f"ENERGIMONITOR_GRAFANA_URL: {url!r} is no address like http://grafana:3000")
        self.url = url.rstrip("/")
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        prefix = parts.path.strip("/")
        self._api = GrafanaAPI(
            token or (username, password),
            host=host,
            port=parts.port,
            url_path_prefix=f"{prefix}/" if prefix else "",
            protocol=parts.scheme,
            verify=ca_file or True,
            timeout=timeout_s,
        )

    def call(
        self,
        operation: str,
        body: Mapping[str, Any] | None = None,
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        **named: str,
    ) -> Any:
        """One of `CALLS`, with the names in its path filled in; None where Grafana answers with nothing.

        Raises:
            Refused: Grafana answered with an error.
            GrafanaError: Grafana cannot be reached, or what answers is not Grafana.
        """
        method, template = operation.split(" ", 1)
        path = template.format(**{name: quote(value, safe="") for name, value in named.items()})
        path += f"?{urlencode(query)}" if query else ""
        try:
            return getattr(self._api, method)(path, json=body, headers=headers)
        except GrafanaException as error:
            status = int(error.status_code)
            words = f"Grafana at {self.url} answers {status} to {method} /api{path}: {error.message}"
            raise Refused(f"{words}; {ADVICE[status]}" if status in ADVICE else words, status) from error
        except (ValueError, TypeError) as error:
            if isinstance(error, JSONDecodeError) and not error.doc:
                return None  # 202 or 204: done, and nothing to say
            # no JSON: a ValueError of requests; of grafana-api, where the page has "message" in it, a TypeError
            raise GrafanaError(
                f"{self.url} answered {method} /api{path} with something that is not JSON; is it Grafana?"
            ) from error
        except requests.RequestException as error:
            advice = "start Grafana or correct ENERGIMONITOR_GRAFANA_URL; everything else goes on without it"
            raise GrafanaError(f"Grafana at {self.url} does not answer ({type(error).__name__}); {advice}") from error

    def find(self, operation: str, **named: str) -> Any | None:
        """As `call`; None where Grafana has no such thing."""
        try:
            return self.call(operation, None, query=None, headers=None, **named)
        except Refused as refused:
            if refused.status == 404:
                return None
            raise
