"""What a lasting step from one level to another is called, and what was used over it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from config.domain.estate import MeteringPoint
from config.domain.intervals import ExchangeDecision, Finding
from services.settlement.findings import finding
from services.settlement.units import HOUR_US, instant, micros

_NOUGHT = 0.01  # of the old level: below it the register began again from nought
_WIDTHS = (16, 24, 31, 32)  # bits of registers in meters and gateways
_STEPS = (0.001, 0.01, 0.1, 1.0, 10.0)  # what one count is, in the point's unit
_DECIMALS = range(3, 11)
_MOST_DIGITS = 15
_CLOSE = 0.002  # of a register whose end is only inferred: so near it must have come
_LIKELY = 1.5  # times the usual use
_LIKELY_END = 3.0  # and at an end that nobody told of
_DECIDED_US = 2 * HOUR_US  # a decision names the finding's moment, which moves a little when late readings come


@dataclass(frozen=True, slots=True)
class Break:
    """The step between two good readings, from level `old` to `new`.

    Attributes:
        most: what can have been used between them at most; None where nothing is known.
        usual: what is used in such a time where the point works hard as a rule.
        beside: what is used in such a time at the pace of the steps before and after, the faster of them.
    """

    point: MeteringPoint
    last_us: int
    first_us: int
    old: float
    new: float
    most: float | None
    usual: float | None = None
    beside: float = 0.0

    def is_use(self, room: float, *, both: bool) -> bool:
        """Whether the register simply went on.

        Args:
            room: by how much it may seem to fall.
            both: it may fall as far as it may rise.
        """
        change = self.new - self.old
        if both:
            change = abs(change)
        return change >= -room and (self.most is None or change <= self.most)

    def is_strained(self) -> bool:
        """Whether it went on at an unusual pace."""
        return self.usual is not None and abs(self.new - self.old) > _LIKELY * self.usual

    def end_passed(self) -> float | None:
        """Where the register's end lies if it passed it here."""
        digits = self.point.digits
        told = None if digits is None else 10.0 ** min(digits, _MOST_DIGITS)
        if told is not None and self.old <= told:
            return told if self._fits(told, 0.1) else None
        # Anything may begin anew near a round number; that it had just so much left must show in how well the use fits.
        likely = max(_LIKELY_END * (self.usual or 0.0), _LIKELY * self.beside)
        return next((end for end in _ends() if self._fits(end, _CLOSE) and end - self.old + self.new <= likely), None)

    def _fits(self, end: float, close: float) -> bool:
        use = end - self.old + self.new
        if self.old > end or not -self.point.resolution <= use or self.old < end / 2:
            return False
        if self.most is None:
            return use <= close / 10 * end
        return use <= self.most and use <= close * end * 2


def _ends() -> list[float]:
    tens = [10.0**decimals for decimals in _DECIMALS]
    return sorted({*tens, *(2.0**width * step for width in _WIDTHS for step in _STEPS)})


def named(found: Break, confirmed: Sequence[ExchangeDecision]) -> tuple[float, Finding | None]:
    """Use over the step (NaN where nobody knows), and the finding, if it is one."""
    facts: dict[str, Any] = {
        "before": found.old,
        "after": found.new,
        "last_before": instant(found.last_us).isoformat(),
        "first_after": instant(found.first_us).isoformat(),
    }
    decision = _decision(found, confirmed)
    if decision is not None:
        return _decided(found, decision, facts)
    end = found.end_passed() if found.new < found.old else None
    if end is not None:
        use = max(0.0, end - found.old + found.new)
        return use, finding(found.point.id, "rollover", found.first_us, found.first_us, facts | {"end": end, "use": use})
    nought = found.new < found.old and abs(found.new) <= max(abs(found.old) * _NOUGHT, found.most or 0.0)
    return float("nan"), finding(
        found.point.id, "reset" if nought else "exchange_suspected", found.first_us, found.first_us, facts
    )


def _decision(found: Break, confirmed: Sequence[ExchangeDecision]) -> ExchangeDecision | None:
    near = [
        item
        for item in confirmed
        if item.point == found.point.id and found.last_us - _DECIDED_US <= micros(item.at) <= found.first_us + _DECIDED_US
    ]
    return min(near, key=lambda item: (abs(micros(item.at) - found.first_us), item.at), default=None)


def _decided(found: Break, decision: ExchangeDecision, facts: dict[str, Any]) -> tuple[float, Finding | None]:
    facts |= {"decided_at": decision.at.isoformat(), "accepted": decision.accepted}
    if not decision.accepted:
        if found.new >= found.old:
            return found.new - found.old, None  # the register went on, and what it rose by was used
        return float("nan"), finding(found.point.id, "no_exchange", found.first_us, found.first_us, facts)
    use = float("nan")
    if decision.old_register is not None and decision.new_register is not None:
        facts |= {"old_register": decision.old_register, "new_register": decision.new_register}
        parts = decision.old_register - found.old, found.new - decision.new_register
        if min(parts) >= -2 * found.point.resolution:
            use = max(0.0, parts[0]) + max(0.0, parts[1])
    return use, finding(found.point.id, "exchange_confirmed", found.first_us, found.first_us, facts)
