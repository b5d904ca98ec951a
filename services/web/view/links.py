"""Where a row or a figure leads to."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from config.domain.figure_names import FigureName
from config.domain.indicators import Subject, SubjectKind
from config.domain.panels import Link, Panel, PanelQuery
from config.domain.periods import Period, PeriodKind
from config.domain.series import EVENTS, INDICATOR_VALUES
from services.web.view.situation import Situation


def figure_address(situation: Situation, query: PanelQuery, row: Mapping[str, Any] | None) -> str:
    """Of a published figure, where it comes from; "" of anything else, and where the reader may not see that."""
    if row is None or query.query.series is not INDICATOR_VALUES or query.query.field not in (None, "value"):
        return ""
    subject = Subject(SubjectKind(row["subject_kind"]), row["subject"])
    if not situation.linked(subject):
        return ""
    end = datetime.fromtimestamp(row["end"] / 1000, UTC)
    period = Period(PeriodKind(row["period"]), row["time"], end, row["zone"])
    name = FigureName(row["indicator"], row["carrier"], subject, period)
    return f"/siffra/{'/'.join(map(_quoted, str(name).split('/')))}{situation.suffix}"


@lru_cache(16_384)
def _quoted(part: str) -> str:
    """A table of a thousand rows has the same few indicators and periods in each, and each subject in every column."""
    return quote(part, safe="")


def row_address(situation: Situation, panel: Panel, query: PanelQuery, key: str, row: Mapping[str, Any] | None) -> str:
    """Where a row leads to, as the panel says; "" where it leads nowhere."""
    match panel.link:
        case Link.BUILDING:
            return _building(situation, panel.rows, query, key, row or {})
        case Link.THREAD:
            thread = _thread(panel, query, key, row or {})
            return f"/avvikelse/{quote(str(thread), safe='')}{situation.suffix}" if thread else ""
        case Link.EXCHANGE:
            exchange = (row or {}).get("subject", key if panel.rows == "subject" else "")
            return f"/matarbyte/{quote(str(exchange), safe='')}{situation.suffix}" if exchange else ""
        case Link.FIGURE:
            return figure_address(situation, query, row)
        case Link.GOAL:
            return goal_address(situation, str((row or {}).get("goal", key if panel.rows == "goal" else "")))
        case _:
            return ""


def goal_address(situation: Situation, goal: str) -> str:
    """Of a goal's page. Whoever sees a panel of goals may open it (`services.web.pages.goals`)."""
    return f"/mal/{quote(goal, safe='')}{situation.suffix}" if goal else ""


def _thread(panel: Panel, query: PanelQuery, key: str, row: Mapping[str, Any]) -> str:
    """Of a deviation; an action has its thread as the subject."""
    if query.query.series is EVENTS:
        return str(row.get("subject", ""))
    return str(row.get("thread", key if panel.rows == "thread" else ""))


def _building(situation: Situation, rows: str, query: PanelQuery, key: str, row: Mapping[str, Any]) -> str:
    building = str(row.get("building", key if rows == "building" else ""))
    if rows == "subject" and query.query.where.get("subject_kind", ("building",)) == ("building",):
        building = key
    if rows == "point" and key in situation.portfolio.points:
        building = situation.portfolio.points[key].building
    if building not in situation.portfolio.buildings or not situation.visited(building):
        return ""
    return f"/byggnad/{quote(building, safe='')}{situation.suffix}"
