"""A line without axes, for behind a figure or beside a name: decoration, hidden from screen readers."""

from datetime import datetime

from services.web.view.values import Trace

SIZE = 100.0


def spark(trace: Trace) -> str:
    """The path of a line in a square of 100 by 100 that the page stretches; from 0 or below to its highest."""
    if len(trace) < 2:
        return ""
    first, last = trace[0][0], trace[-1][0]
    top = max(0.0, *(value for _, value in trace))
    bottom = min(0.0, *(value for _, value in trace))
    span, rise = (last - first).total_seconds() or 1.0, (top - bottom) or 1.0

    def place(instant: datetime, value: float) -> str:
        return f"{SIZE * (instant - first).total_seconds() / span:.1f} {4 + (SIZE - 8) * (top - value) / rise:.1f}"

    return "M" + " L".join(place(instant, value) for instant, value in trace)
