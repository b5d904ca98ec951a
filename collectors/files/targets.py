"""Whose value it is: a name in a file, and the register of the meter that was there at the time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from config.domain.estate import Direction, Installation, Meter, Portfolio, Register


@dataclass(frozen=True, slots=True)
class Target:
    """Where values of one name go. Of a point: to whichever meter was installed; of a meter: to one register."""

    name: str
    installations: tuple[Installation, ...] = ()
    fixed: tuple[str, str] | None = None  # meter, register

    def register_at(self, instant: datetime) -> tuple[str, str] | None:
        """Meter and register at that instant; None where no meter was installed.

        At the instant of an exchange it is the new meter; the old one's last register is on record.
        """
        if self.fixed is not None:
            return self.fixed
        for item in self.installations:
            if item.start <= instant and (item.end is None or instant < item.end):
                return item.meter, item.register
        last = self.installations[-1] if self.installations else None
        return (last.meter, last.register) if last is not None and instant == last.end else None


class Targets:
    """The portfolio, asked by the names that files use."""

    def __init__(self, portfolio: Portfolio) -> None:
        self._portfolio = portfolio
        self._found: dict[str, Target | str] = {}
        self._devices: dict[str, list[Meter]] = {}
        for meter in portfolio.meters.values():
            self._devices.setdefault(meter.device, []).append(meter)
        self._registers = {
            (meter.id, register.name): register for meter in portfolio.meters.values() for register in meter.registers
        }
        self._installed: dict[tuple[str, str], list[Installation]] = {}
        for item in portfolio.installations:
            self._installed.setdefault((item.meter, item.register), []).append(item)

    def named(self, name: str) -> Target | str:
        """The target, or why there is none, in words."""
        found = self._found.get(name)
        if found is None:
            found = self._found[name] = self._look_up(name)
        return found

    def register(self, key: tuple[str, str]) -> Register:
        """The register of a meter."""
        return self._registers[key]

    def points_at(self, key: tuple[str, str], instant: datetime) -> Iterator[str]:
        """The points that the register is settled for at that instant."""
        for item in self._installed.get(key, ()):
            if item.start <= instant and (item.end is None or instant <= item.end):
                yield item.point

    def one_direction(self, key: tuple[str, str]) -> bool:
        """Whether it is settled for a point whose use cannot be negative."""
        return any(self._portfolio.points[item.point].direction is not Direction.NET for item in self._installed.get(key, ()))

    def _look_up(self, name: str) -> Target | str:
        if name in self._portfolio.points:
            installations = tuple(i for i in self._portfolio.installations_of[name] if (i.meter, i.register) in self._registers)
            return Target(name, installations) if installations else "mätpunkten har ingen mätare i portföljen"
        meter_name, slash, register = name.rpartition("/")
        if slash and (meters := self._meters(meter_name)):
            if (meters[0].id, register) in self._registers:
                return Target(name, fixed=(meters[0].id, register))
            return f"mätaren har inget räkneverk {register}; den har {', '.join(r.name for r in meters[0].registers)}"
        meters = self._meters(name)
        if len(meters) > 1:
            return f"flera mätare har det numret: {', '.join(meter.id for meter in meters)}"
        if meters:
            return self._only_register(name, meters[0])
        return "finns inte i portföljen"

    def _meters(self, name: str) -> list[Meter]:
        meter = self._portfolio.meters.get(name)
        return [meter] if meter is not None else self._devices.get(name, [])

    def _only_register(self, name: str, meter: Meter) -> Target | str:
        settled = [register.name for register in meter.registers if (meter.id, register.name) in self._installed]
        wanted = settled or [register.name for register in meter.registers]
        if len(wanted) == 1:
            return Target(name, fixed=(meter.id, wanted[0]))
        return f"mätaren har flera räkneverk; skriv {meter.id}/ och ett av {', '.join(wanted)}"
