"""The answer of one who knows which readings of a world are good: what is asked must be possible."""

from typing import Any

import numpy as np

from tests.services.settlement.worlds_drafts import Draft, iso
from tests.services.settlement.worlds_expectations import expectation
from tests.services.settlement.worlds_loads import HOUR
from tests.services.settlement.worlds_stretches import Kind, edges_of, knots_of, stretches_of

METHODS = {Kind.PLAIN: "measured", Kind.LOST: "measured", Kind.SPREAD: "interpolated", Kind.BROKEN: "estimated"}


def knowing_answer(draft: Draft, name: str) -> dict[str, Any]:
    """Even between good readings, as the register shows them; missing where there is no difference for long."""
    edges, odd = edges_of(draft), [item for item in stretches_of(draft) if item.kind is not Kind.PLAIN]
    knots = [instant for instant, _ in knots_of(draft)]
    levels = np.interp(edges, knots, [draft.stepped(float(level)) for level in draft.load.energy(knots)])
    intervals = []
    for start, use in zip(edges, np.diff(levels), strict=False):
        touching = [item for item in odd if item.start < start + HOUR and item.end > start]
        method = METHODS.get(max((item.kind for item in touching), default=Kind.PLAIN), "missing")
        plain = 1 - sum(min(start + HOUR, item.end) - max(start, item.start) for item in touching) / HOUR
        intervals.append(
            {
                "start": iso(start),
                "value": None if method == "missing" else float(use),
                "coverage": 1.0 if method == "measured" else max(0.0, min(0.998, plain)),
                "method": method,
            }
        )
    wanted = expectation(draft)["findings"]["required"]
    findings = [
        {"code": item["any_of"][0], "start": item["from"], "end": item["to"], "evidence": {"known": True}} for item in wanted
    ]
    return {"scenario": name, "intervals": intervals, "findings": findings}
