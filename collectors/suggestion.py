"""What to paste into portfolio.yaml for a device that nobody knows yet."""

from collections.abc import Sequence
from typing import Protocol

from config.domain.quantities import QUANTITIES, UNITS, Accumulation


class SeenDevice(Protocol):
    """One quantity of an unknown device."""

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


SETTLED = (
    "active_energy_import",
    "heat_energy",
    "active_energy_production",
    "water_volume",
    "active_energy_export",
    "cooling_energy",
)


def suggestion(rows: Sequence[SeenDevice]) -> str:
    """A `meters:` entry for one device, from all its quantities seen.

    What only a person can know stands as CHANGE-ME, so that the loader refuses the entry until it is filled in.
    """
    first = rows[0]
    known = [row for row in rows if row.quantity in QUANTITIES and _unit_fits(row)]
    names = sorted({f"{row.quantity}.{row.channel}" if row.channel else row.quantity for row in known})
    counters = [name for name in names if QUANTITIES[name.partition(".")[0]].accumulation is Accumulation.COUNTER]
    settled = next((name for name in SETTLED if name in counters), counters[0] if counters else "CHANGE-ME")
    lines = [
        "meters:",
        "  - id: CHANGE-ME",
        f"    family: {first.family}",
        f"    device: {_quoted(first.device)}",
        "    from: CHANGE-ME # the day it was installed",
        f"    settle: {settled}",
        f"    registers: [{', '.join(names)}]",
    ]
    lines += [
        f"    # also sends {_plain(row.quantity)}{f' ({_plain(row.unit)})' if row.unit else ', without a unit'}: "
        "a register with as_sent and unit can take it"
        for row in rows
        if row not in known
    ]
    return "\n".join(lines)


def _unit_fits(row: SeenDevice) -> bool:
    unit = UNITS.get(row.unit or "")
    return unit is not None and unit.dimension == QUANTITIES[row.quantity].dimension


def _quoted(text: str) -> str:
    """A YAML double-quoted scalar: a device's id may hold anything."""
    escaped = "".join(char if char.isprintable() and char not in '"\\' else f"\\u{ord(char):04x}" for char in text)
    return f'"{escaped}"'


def _plain(text: str) -> str:
    """Within a comment: one line, whatever the device sent."""
    return "".join(char if char.isprintable() else " " for char in text)[:60]
