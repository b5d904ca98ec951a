"""One value of a table, in words."""

from datetime import UTC, datetime, timedelta
from typing import Any

from config.domain.panels import Column, PanelQuery
from services.reports.wording import NBSP, ago, day_name, length, moment, number
from services.web.view.asking import Point
from services.web.view.links import figure_address
from services.web.view.names import name_of
from services.web.view.situation import Situation
from services.web.view.values import Cell

YEARS = frozenset({"year", "target_year"})  # numbers that nobody groups by thousands


def point_cell(situation: Situation, query: PanelQuery, point: Point | None, absent: str, unit: str = "") -> Cell:
    """A value with what belongs to it.

    Args:
        absent: why there is none at all.
    """
    if point is None or point.value is None:
        reason = absent if point is None else point.reason
        address = "" if point is None else figure_address(situation, query, point.row)
        return missing_cell(situation, reason, 0.0 if point is not None and point.row is not None else None, address)
    text = value_text(situation, point.value, unit or query.unit)
    return Cell(
        point.value,
        text,
        "estimated" if point.estimated else "",
        note_of(situation, point, unit or query.unit),
        figure_address(situation, query, point.row),
        point.coverage,
        point.margin,
    )


def missing_cell(situation: Situation, reason: str, coverage: float | None = None, address: str = "") -> Cell:
    """Never 0, and why."""
    text = f"{situation.missing}: {reason}" if reason else situation.missing
    return Cell(None, text, "missing", "", address, coverage, None, reason)


def note_of(situation: Situation, point: Point, unit: str) -> str:
    """Uncertainty and coverage, where a value has them."""
    parts = []
    if point.margin is not None and (told := margin_text(situation, point.value, point.margin, unit)):
        parts.append(told)
    if point.coverage is not None:
        parts.append(situation.covered(point.coverage))
    return " · ".join(parts)


def margin_text(situation: Situation, value: float | None, margin: float, unit: str) -> str:
    """Half the 90 % interval; "" where the figure as it is written does not show it: ± 0,003 kWh of 2 001 564 kWh is noise."""
    if value is not None and len({value_text(situation, each, unit) for each in (value - margin, value, value + margin)}) == 1:
        return ""
    return f"±{NBSP}{situation.amount(margin, unit)}"


def value_text(situation: Situation, value: float, unit: str) -> str:
    if unit == "s":
        return length(timedelta(seconds=value), situation.language)
    if unit == "ms":
        return instant_text(situation, value)
    if unit == "" and value != int(value):  # in a unit that stands elsewhere
        return number(value, situation.language)
    return situation.amount(value, unit)


def instant_text(situation: Situation, milliseconds: float) -> str:
    instant = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return moment(situation.local(instant), situation.local(situation.now), situation.language)


def heard_cell(situation: Situation, query: PanelQuery, milliseconds: float | None, meter: str) -> Cell:
    """When a meter was last heard, and whether that is too long ago."""
    if milliseconds is None:
        days = query.window.count // 24
        reason = situation.pick(f"inte hörd på {days} dygn", f"not heard for {days} days")
        return Cell(None, f"{situation.missing}: {reason}", "silent", reason=reason)
    heard = datetime.fromtimestamp(milliseconds / 1000, UTC)
    when = moment(situation.local(heard), situation.local(situation.now), situation.language)
    state = "silent" if situation.silent(meter, heard) else ""
    return Cell(_iso(situation, heard), ago(situation.now - heard, situation.language), state, when)


def column_cell(situation: Situation, query: PanelQuery, column: Column, row: dict[str, Any]) -> Cell:
    """A column of a table of points."""
    if column.unit == "text":
        text = str(row[column.name_en if column.name_en and situation.language == "en" else column.name] or "")
        return Cell(text, text)
    value = row[column.name]
    if column.unit == "name":
        return Cell(value, name_of(situation, query, column.name, str(value), row))
    if isinstance(value, datetime):
        return _time_cell(situation, column.unit, value)
    if value is None:
        return missing_cell(situation, str(row.get(situation.pick("reason", "reason_en")) or ""))
    if column.unit in ("day", "ms"):
        return _time_cell(situation, column.unit, datetime.fromtimestamp(value / 1000, UTC))
    margin = row.get("uncertainty") if column.name == "value" else None
    coverage = row.get("coverage") if column.name == "value" else None
    note = margin_text(situation, value, margin, column.unit) if margin else ""
    if column.name in YEARS:
        return Cell(value, f"{value:.0f}")
    return Cell(
        value, value_text(situation, value, column.unit), "", note, figure_address(situation, query, row), coverage, margin
    )


def _time_cell(situation: Situation, unit: str, instant: datetime) -> Cell:
    local, now = situation.local(instant), situation.local(situation.now)
    if unit == "day":
        name = day_name(local.date(), situation.language)
        return Cell(f"{local:%Y-%m-%d}", name if local.year == now.year else f"{name} {local.year}")
    return Cell(_iso(situation, instant), moment(local, now, situation.language))


def _iso(situation: Situation, instant: datetime) -> str:
    return situation.local(instant).isoformat(timespec="minutes")
