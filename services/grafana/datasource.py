"""The data source: InfluxQL over InfluxDB 1 or 2, as the HTTP API takes it and as a provisioning file has it."""

from base64 import b64encode
from hashlib import scrypt
from typing import Any

from services.grafana.dashboards import DATASOURCE_UID
from services.store.influxwire import InfluxTarget, InfluxVersion

NAME = "Energimonitor"


def datasource_json(target: InfluxTarget) -> dict[str, Any]:
    """As `POST /datasources` takes it, secret included.

    Grafana never gives a secret back, so `jsonData` carries a slow, salted fingerprint: a renewed token is then seen as a change.

    Args:
        target: `url` as Grafana's server reaches it, with a token that may only read.
    """
    secret = _secrets(target)
    described = _described(target)
    if secret:
        described["jsonData"]["energimonitorSecret"] = _fingerprint("".join(secret.values()))
        described["secureJsonData"] = secret
    return described


def datasource_file(target: InfluxTarget, secret: str) -> dict[str, Any]:
    """As a provisioning file has it; no secret is written.

    Args:
        secret: from where Grafana takes the token (2.x) or password (1.x): `$__file{/run/secrets/x}`, or `$NAME` of its
            environment.
    """
    described: dict[str, Any] = escaped(_described(target))
    if target.version is InfluxVersion.V2:
        described["secureJsonData"] = {"httpHeaderValue1": f"Token {secret}"}
    elif target.username:
        described["secureJsonData"] = {"password": secret}
    return {"apiVersion": 1, "datasources": [described | {"orgId": 1, "editable": False}]}


def escaped(value: Any) -> Any:
    """Grafana expands `$` in provisioning files; `$$` is one."""
    if isinstance(value, dict):
        return {key: escaped(each) for key, each in value.items()}
    if isinstance(value, list):
        return [escaped(each) for each in value]
    return value.replace("$", "$$") if isinstance(value, str) else value


def _described(target: InfluxTarget) -> dict[str, Any]:
    described: dict[str, Any] = {
        "uid": DATASOURCE_UID,
        "name": NAME,
        "type": "influxdb",
        "access": "proxy",
        "url": target.url,
        "database": target.database,  # Grafana 9.4 and earlier read it here, later ones in jsonData
        "user": target.username if target.version is InfluxVersion.V1 else "",
        "basicAuth": False,
        "isDefault": False,
        # POST: the ids of a large building do not fit in an address
        "jsonData": {"version": "InfluxQL", "dbName": target.database, "httpMode": "POST"},
    }
    if target.version is InfluxVersion.V2:
        described["jsonData"]["httpHeaderName1"] = "Authorization"
    return described


def _secrets(target: InfluxTarget) -> dict[str, str]:
    if target.version is InfluxVersion.V2:
        return {"httpHeaderValue1": f"Token {target.token}"}
    return {"password": target.password} if target.password else {}


def _fingerprint(secret: str) -> str:
    return b64encode(scrypt(secret.encode(), salt=b"energimonitor/grafana", n=2**14, r=8, p=1, dklen=9)).decode()
