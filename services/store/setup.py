"""Makes what the store needs on the server: the database or bucket, and that InfluxQL finds it. Twice changes nothing."""

from typing import Any

import urllib3
from influxdb_client.client.exceptions import InfluxDBError
from influxdb_client.domain.dbrp_create import DBRPCreate
from influxdb_client.service.dbr_ps_service import DBRPsService

from config.errors import StoreError, StoreRefused, StoreUnavailable
from services.store.influxql import name
from services.store.influxwire import InfluxTarget, InfluxVersion, InfluxWire, retry_after


def ensure_database(target: InfluxTarget, retention_days: int | None = None) -> bool:
    """Create the database (1.x) or bucket (2.x) where it is absent; True where it was made.

    Args:
        retention_days: age at which the server deletes points, where it is made now; None keeps them. An existing one's
            retention is not changed: that may delete data, and is a person's decision.
    Raises:
        StoreRefused: the user or token has not the right, with what to give it.
        StoreUnavailable: the server does not answer.
    """
    wire = InfluxWire(target)
    try:
        if target.version is InfluxVersion.V1:
            return _ensure_database(wire, retention_days)
        made = _ensure_bucket(wire, retention_days)
        _ensure_mapping(wire)
        return made
    finally:
        wire.close()


def _ensure_database(wire: InfluxWire, retention_days: int | None) -> bool:
    database = wire.target.database
    listed = wire.statement("SHOW DATABASES", database=False)
    if any(row[0] == database for series in listed for row in series.get("values", ())):
        return False
    duration = f" WITH DURATION {int(retention_days)}d" if retention_days else ""
    try:
        wire.statement(f"CREATE DATABASE {name(database)}{duration}", database=False)
    except StoreRefused as error:
        raise StoreRefused(f"{error} (database {database!r} is absent; an administrator of InfluxDB can create it)") from error
    return True


def _ensure_bucket(wire: InfluxWire, retention_days: int | None) -> bool:
    target = wire.target
    try:
        buckets = wire.client.buckets_api()
        if buckets.find_bucket_by_name(target.database) is not None:
            return False
        rules = [{"type": "expire", "everySeconds": retention_days * 86_400}] if retention_days else []
        buckets.create_bucket(bucket_name=target.database, org=target.org, retention_rules=rules)
    except InfluxDBError as error:
        if _exists_already(error):
            return False
        raise _error(wire, error, f"create bucket {target.database!r} in organisation {target.org!r}") from error
    except urllib3.exceptions.HTTPError as error:
        raise StoreUnavailable(f"InfluxDB {target.url}: {error}; is it running, and the address right?") from error
    return True


def _exists_already(error: InfluxDBError) -> bool:
    return "already exists" in str(getattr(error, "body", ""))


def _ensure_mapping(wire: InfluxWire) -> None:
    """See that InfluxQL finds the bucket and no other: a bucket has a mapping of its own, unless somebody has made another.

    Raises:
        StoreRefused: the database's name is mapped to another bucket; we would write here and read there.
    """
    target = wire.target
    try:
        bucket = wire.client.buckets_api().find_bucket_by_name(target.database)
        mappings: Any = DBRPsService(wire.client.api_client)  # type: ignore[no-untyped-call]  # generated, without types
        database, _, policy = target.database.partition("/")
        named = mappings.get_dbr_ps(org=target.org, db=database).content
        used = [each for each in named if (each.retention_policy == policy if policy else each.default)]
        if any(each.bucket_id != bucket.id for each in used):
            raise StoreRefused(
                f"InfluxDB {target.url}: database {database!r} is mapped to another bucket ({used[0].bucket_id}) than "
                f"{target.database!r} ({bucket.id}): delete that mapping (influx v1 dbrp delete) or choose another name"
            )
        if not used:
            new: Any = DBRPCreate(  # type: ignore[no-untyped-call]  # generated, without types
                org=target.org, bucket_id=bucket.id, database=database, retention_policy=policy or "autogen", default=True
            )
            mappings.post_dbrp(dbrp_create=new)
    except InfluxDBError as error:
        if getattr(error, "status", None) in (401, 403):  # a token of one bucket may not list mappings
            wire.statement("SHOW MEASUREMENTS LIMIT 1")
            return
        raise _error(wire, error, f"see how database {target.database!r} is mapped") from error


def _error(wire: InfluxWire, error: InfluxDBError, what: str) -> StoreError:
    """An ApiException is the server's; any other InfluxDBError is the client's, which did not find the organisation."""
    status: int = getattr(error, "status", None) or 0
    words = getattr(error, "body", None) or getattr(error, "message", None) or str(error)
    said = f"InfluxDB {wire.target.url}: {str(words)[:300]}"
    if status == 429 or status >= 500:
        return StoreUnavailable(said, retry_after(getattr(error, "headers", None) or {}))
    return StoreRefused(f"{said}; the token may not {what}: do it by hand, or give it the right to read and write buckets")
