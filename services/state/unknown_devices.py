"""Devices and registers that the portfolio does not know. Their messages wait in the journal; here is who they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from services.state.database import Database, from_micros, to_micros


class Seen(Protocol):
    """What comes in: the collectors' `UnknownDevice`, by shape."""

    @property
    def family(self) -> str: ...
    @property
    def device(self) -> str: ...
    @property
    def quantity(self) -> str: ...
    @property
    def channel(self) -> str: ...
    @property
    def unit(self) -> str | None: ...
    @property
    def accumulation(self) -> str: ...
    @property
    def topic(self) -> str: ...
    @property
    def value(self) -> float: ...
    @property
    def received(self) -> datetime: ...
    @property
    def position(self) -> str: ...


@dataclass(frozen=True, slots=True)
class KeptDevice:
    """One register of one unknown device; `value`, `topic`, `unit` and `position` are those last seen."""

    family: str
    device: str
    quantity: str
    channel: str
    unit: str | None
    accumulation: str
    topic: str
    value: float
    position: str
    first_seen: datetime
    last_seen: datetime
    count: int


@dataclass(frozen=True, slots=True)
class DeviceGroup:
    """An unknown device with the names of all that it sends; `count` is that of the register most often sent."""

    family: str
    device: str
    count: int
    quantities: tuple[str, ...]
    topic: str
    last: datetime


class UnknownDevicesTable:
    """Fills the collectors' `UnknownDevices`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def seen(self, devices: Sequence[Seen]) -> None:
        """Keep one row a family, device, quantity and channel.

        A batch that is repeated after a crash is not counted twice: only what was received after the last seen counts.
        """
        rows = [
            (d.family, d.device, d.quantity, d.channel, d.unit, str(d.accumulation), d.topic, d.value, d.position,
             to_micros(d.received), to_micros(d.received))
            for d in devices
        ]  # fmt: skip
        if not rows:
            return
        with self._database.transaction() as connection:
            connection.executemany(
                "INSERT INTO unknown_devices VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1) "
                "ON CONFLICT (family, device, quantity, channel) DO UPDATE SET "
                "unit = excluded.unit, accumulation = excluded.accumulation, topic = excluded.topic, value = excluded.value, "
                "position = excluded.position, last_seen = excluded.last_seen, count = count + 1 "
                "WHERE excluded.last_seen > last_seen",
                rows,
            )

    def rows(self, family: str | None = None) -> list[KeptDevice]:
        """All of them, or a family's, by family, device, quantity and channel."""
        rows = self._database.rows(
            "SELECT family, device, quantity, channel, unit, accumulation, topic, value, position, first_seen, last_seen, count "
            "FROM unknown_devices WHERE ? IS NULL OR family = ? ORDER BY family, device, quantity, channel",
            (family, family),
        )
        return [_kept(row) for row in rows]

    def groups(self, limit: int) -> tuple[list[DeviceGroup], int]:
        """Devices by how often they send, the most first, and how many there are in all."""
        rows = self._database.rows(
            # of MAX(last_seen) SQLite takes the topic of the row that has it
            "SELECT family, device, SUM(count * is_most), GROUP_CONCAT(DISTINCT quantity), topic, MAX(last_seen) FROM "
            "(SELECT *, ROW_NUMBER() OVER (PARTITION BY family, device ORDER BY count DESC) = 1 AS is_most FROM unknown_devices "
            "ORDER BY quantity) GROUP BY family, device ORDER BY 3 DESC, family, device LIMIT ?",
            (limit,),
        )
        groups = [
            DeviceGroup(family, device, count, tuple(sorted(quantities.split(","))), topic, from_micros(last))
            for family, device, count, quantities, topic, last in rows
        ]
        return groups, self.count()

    def count(self) -> int:
        """How many devices there are."""
        number: int = self._database.rows("SELECT COUNT(*) FROM (SELECT DISTINCT family, device FROM unknown_devices)")[0][0]
        return number

    def forget(self, family: str, device: str, quantity: str, channel: str) -> None:
        """Delete one row: the portfolio knows it now, or nobody wants it."""
        with self._database.transaction() as connection:
            connection.execute(
                "DELETE FROM unknown_devices WHERE family = ? AND device = ? AND quantity = ? AND channel = ?",
                (family, device, quantity, channel),
            )


def _kept(row: Sequence[Any]) -> KeptDevice:
    family, device, quantity, channel, unit, accumulation, topic, value, position, first, last, count = row
    times = from_micros(first), from_micros(last)
    return KeptDevice(family, device, quantity, channel, unit, accumulation, topic, value, position, *times, count)
