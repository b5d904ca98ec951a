"""Refusals by real servers: InfluxDB 1.6.7, and 2.x where its binary is named."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import orjson
import pytest

from config.domain.readings import Reading
from config.domain.series import READINGS, SeriesQuery
from config.errors import PointRejected, StoreRefused, StoreUnavailable
from services.store.influxdb import InfluxStore
from services.store.influxwire import InfluxTarget, InfluxVersion
from services.store.setup import ensure_database
from tests.servers import HTTP, Influxd1, Influxd2
from tests.services.store.small_disk import small_disk

START = datetime(2025, 1, 15, 6, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Place:
    """A server that answers, and an absent database on it."""

    target: InfluxTarget
    server: Influxd1 | Influxd2

    def write_raw(self, line: str) -> None:
        """A point that is not ours."""
        path = "/write?db=" if self.target.version is InfluxVersion.V1 else f"/api/v2/write?org={self.target.org}&bucket="
        headers = {"Authorization": f"Token {self.target.token}"} if self.target.token else {}
        answer = HTTP.request("POST", f"{self.target.url}{path}{self.target.database}", body=line.encode(), headers=headers)
        assert answer.status == 204, answer.data


@pytest.fixture(
    params=[pytest.param("influxd1", marks=pytest.mark.influxdb), pytest.param("influxd2", marks=pytest.mark.influxdb2)]
)
def place(request: pytest.FixtureRequest) -> Place:
    name = f"t{uuid.uuid4().hex}"
    server = request.getfixturevalue(request.param)
    if isinstance(server, Influxd1):
        return Place(InfluxTarget(server.url, name, InfluxVersion.V1), server)
    return Place(InfluxTarget(server.url, name, InfluxVersion.V2, org=server.org, token=server.token), server)


@pytest.fixture
def store(place: Place) -> Iterator[InfluxStore]:
    made = InfluxStore(place.target)
    yield made
    made.close()


def readings(count: int, start: datetime = START) -> list[Reading]:
    return [Reading("m", "heat_energy", start + timedelta(minutes=at), float(at), start) for at in range(count)]


def test_set_up_twice_changes_nothing(place: Place, store: InfluxStore) -> None:
    """It runs at every start."""
    assert ensure_database(place.target) is True
    store.write_readings(readings(3))

    assert ensure_database(place.target) is False
    assert ensure_database(place.target, retention_days=1) is False
    assert store.read(SeriesQuery(READINGS)).height == 3


def test_an_absent_database_is_refused_and_nothing_is_dropped(store: InfluxStore) -> None:
    """A misspelt name is a person's to mend."""
    with pytest.raises(StoreRefused, match=r"create 't[0-9a-f]+' \(energimonitor setup\)"):
        store.write_readings(readings(3))
    with pytest.raises(StoreRefused, match="not found"):
        store.read(SeriesQuery(READINGS))


def test_points_older_than_the_retention_are_named(place: Place, store: InfluxStore) -> None:
    """In the server's words; the young ones are written. (The server's clock decides: the points lie around its present.)"""
    ensure_database(place.target, retention_days=30)
    date = HTTP.request("GET", f"{place.target.url}/ping").headers["Date"]
    now = datetime.strptime(date, "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
    mixed = [
        *readings(3, now - timedelta(days=400)),
        *readings(5, now - timedelta(hours=1)),
        *readings(1, now - timedelta(days=99)),
    ]

    with pytest.raises(PointRejected, match="retention policy") as caught:
        store.write_readings(mixed)

    assert sorted(caught.value.rejected) == [0, 1, 2, 8]
    assert store.read(SeriesQuery(READINGS)).height == 5


def test_points_that_meet_a_foreign_type_are_named(place: Place, store: InfluxStore) -> None:
    """Somebody wrote text into `value` one week: that week's readings are refused, all others written."""
    ensure_database(place.target)
    place.write_raw(f'readings,meter=x,register=y value="text" {round(START.timestamp() * 1e9)}')
    mixed = [*readings(4), *readings(4, START - timedelta(days=30)), *readings(4, START + timedelta(days=30))]

    with pytest.raises(PointRejected, match="type conflict") as caught:
        store.write_readings(mixed)

    assert sorted(caught.value.rejected) == [0, 1, 2, 3]
    assert store.read(SeriesQuery(READINGS, where={"meter": ("m",)})).height == 8


def test_a_filter_of_thousands_and_two_hundred_thousand_points(place: Place, store: InfluxStore) -> None:
    """Beyond the row limits of answers that are not chunked."""
    ensure_database(place.target)
    many = [
        Reading(f"m{at % 400}", "heat_energy", START + timedelta(minutes=at // 400), float(at), START) for at in range(200_000)
    ]
    store.write_readings(many)

    found = store.read(SeriesQuery(READINGS, where={"meter": tuple(f"m{at}" for at in range(3_000))}))

    assert found.height == 200_000
    assert found["value"].sum() == 200_000 * 199_999 / 2


class AskingInfluxd1(Influxd1):
    """With users."""

    def command(self) -> list[str]:
        command = super().command()
        path = self.folder / "influxdb.conf"
        path.write_text(path.read_text().replace("[http]\n", "[http]\nauth-enabled = true\n"))
        return command

    def query(self, statement: str) -> int:
        """As the administrator."""
        credentials = urlencode({"u": "admin", "p": "lösen"})
        return HTTP.request("POST", f"{self.url}/query?{credentials}", fields={"q": statement}, encode_multipart=False).status


@pytest.mark.influxdb
def test_users_and_rights_of_version_1(tmp_path: Path) -> None:
    """No user, a wrong password, no right to the database, no right to create it; and a password with å."""
    with AskingInfluxd1(tmp_path / "influxd") as server:
        assert server.query("CREATE USER admin WITH PASSWORD 'lösen' WITH ALL PRIVILEGES") == 200
        assert server.query("CREATE USER anna WITH PASSWORD 'anna'") == 200
        nobody = InfluxTarget(server.url, "energi", InfluxVersion.V1)
        wrong = replace(nobody, username="admin", password="fel")
        anna = replace(nobody, username="anna", password="anna")
        admin = replace(nobody, username="admin", password="lösen")

        with pytest.raises(StoreRefused, match="an administrator of InfluxDB can create it"):
            ensure_database(anna)
        assert ensure_database(admin) is True
        for target in (nobody, wrong, anna):
            store = InfluxStore(target)
            with pytest.raises(StoreRefused, match=r"give user '.*' the right to read and write 'energi'"):
                store.write_readings(readings(1))
            with pytest.raises(StoreRefused):
                store.read(SeriesQuery(READINGS))
            store.close()
        assert server.query("GRANT ALL ON energi TO anna") == 200
        assert ensure_database(anna) is False
        store = InfluxStore(anna)
        store.write_readings(readings(2))
        assert store.read(SeriesQuery(READINGS)).height == 2
        store.close()


def _token(server: Influxd2, bucket: str, *actions: str) -> str:
    """A new token with rights to one bucket."""
    org = orjson.loads(server.call("GET", f"/api/v2/orgs?org={server.org}")[1])["orgs"][0]["id"]
    found = orjson.loads(server.call("GET", f"/api/v2/buckets?name={bucket}")[1])["buckets"][0]["id"]
    rights = [{"action": action, "resource": {"type": "buckets", "id": found, "orgID": org}} for action in actions]
    status, answer = server.call("POST", "/api/v2/authorizations", {"orgID": org, "permissions": rights})
    assert status == 201, answer
    token: str = orjson.loads(answer)["token"]
    return token


@pytest.mark.influxdb2
def test_tokens_and_rights_of_version_2(influxd2: Influxd2) -> None:
    """A wrong token, one that may only read, one that may only write, one that may not create."""
    name = f"t{uuid.uuid4().hex}"
    operator = InfluxTarget(influxd2.url, name, org=influxd2.org, token=influxd2.token)
    assert ensure_database(operator) is True
    wrong = replace(operator, token="fel")
    reader = replace(operator, token=_token(influxd2, name, "read"))
    writer = replace(operator, token=_token(influxd2, name, "write"))

    for target in (wrong, reader):
        store = InfluxStore(target)
        with pytest.raises(StoreRefused, match="give the token the right to read and write"):
            store.write_readings(readings(1))
        store.close()
    store = InfluxStore(writer)
    store.write_readings(readings(1))
    with pytest.raises(StoreRefused):
        store.read(SeriesQuery(READINGS))
    store.close()
    with pytest.raises(StoreRefused, match="the token may not create bucket 'other'"):
        ensure_database(replace(reader, database="other"))
    with pytest.raises(StoreRefused):
        ensure_database(wrong)
    with pytest.raises(StoreRefused, match=r"organi[sz]ation"):
        ensure_database(replace(operator, database="other", org="fel"))
    assert ensure_database(reader) is False


@pytest.mark.influxdb2
def test_a_bucket_with_a_slash_is_database_and_retention_policy(influxd2: Influxd2) -> None:
    """As buckets are called that came from version 1."""
    target = InfluxTarget(influxd2.url, f"t{uuid.uuid4().hex}/raw", org=influxd2.org, token=influxd2.token)

    assert ensure_database(target) is True

    store = InfluxStore(target)
    store.write_readings(readings(2))
    assert store.read(SeriesQuery(READINGS)).height == 2
    store.close()


@pytest.mark.influxdb2
def test_a_name_that_is_mapped_to_another_bucket_is_refused(influxd2: Influxd2) -> None:
    """We would write into one bucket and read from another, and every figure would be missing."""
    name = f"t{uuid.uuid4().hex}"
    for bucket in (name, f"{name}other"):
        influxd2.create_bucket(bucket)
    other = orjson.loads(influxd2.call("GET", f"/api/v2/buckets?name={name}other")[1])["buckets"][0]
    mapping = {
        "orgID": other["orgID"],
        "bucketID": other["id"],
        "database": name,
        "retention_policy": "autogen",
        "default": True,
    }
    assert influxd2.call("POST", "/api/v2/dbrps", mapping)[0] == 201

    with pytest.raises(StoreRefused, match=f"database '{name}' is mapped to another bucket \\({other['id']}\\)"):
        ensure_database(InfluxTarget(influxd2.url, name, org=influxd2.org, token=influxd2.token))


def test_a_server_that_is_not_there_is_waited_for(place: Place) -> None:
    """Set-up at a start before the database's."""
    with pytest.raises(StoreUnavailable):
        ensure_database(replace(place.target, url="http://127.0.0.1:9"))


@pytest.mark.parametrize(
    "kind", [pytest.param(Influxd1, marks=pytest.mark.influxdb), pytest.param(Influxd2, marks=pytest.mark.influxdb2)]
)
def test_a_full_disk_under_influxdb_loses_nothing(tmp_path: Path, kind: type[Influxd1] | type[Influxd2]) -> None:
    """What was acknowledged is there when somebody has made room and started it anew. (It does not go on by itself: its log
    keeps the error.)"""
    with small_disk(tmp_path / "disk", megabytes=28) as disk:
        ballast = disk / "ballast"
        ballast.write_bytes(b"\0" * (16 << 20))
        with kind(disk / "influxd") as server:
            if isinstance(server, Influxd1):
                target = InfluxTarget(server.url, "energi", InfluxVersion.V1)
            else:
                target = InfluxTarget(server.url, "energi", org=server.org, token=server.token)
            ensure_database(target)
            store = InfluxStore(target)
            written = _fill(store)
            ballast.unlink()
            server.stop()
            server.start()
            store.write_readings(_incompressible(written))

            found = store.read(SeriesQuery(READINGS))
            store.close()

    assert written > 3
    assert found.height == (written + 1) * 5_000


def _fill(store: InfluxStore) -> int:
    """Write until the disk is full; the number of batches that were acknowledged."""
    for batch in range(400):
        try:
            store.write_readings(_incompressible(batch))
        except StoreUnavailable as error:
            assert "disk is full: make room" in str(error)  # noqa: PT017 - it is not the only claim
            return batch
    raise AssertionError("the disk did not fill")


def _incompressible(batch: int) -> list[Reading]:
    """5,000 readings that take room."""
    return [
        Reading(f"{uuid.uuid5(uuid.NAMESPACE_OID, str(at))}", "r", START + timedelta(seconds=batch), hash((batch, at)) / 7, START)
        for at in range(5_000)
    ]
