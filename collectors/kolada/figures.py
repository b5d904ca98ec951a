"""A Kolada figure's years as a goal's values.

Shape of version 3, read off public programs that use it, not off Kolada's own pages [S]:
`/data/kpi/{kpi}/municipality/{id}` → {"values": [{"kpi", "municipality", "period": 2024, "values": [{"gender": "T"|"K"|"M",
"value": 38.5 or null, "status": "", "isdeleted": false}]}], "next_url": …}; `/kpi/{kpi}` → the figure's title and description.
A year's value is that of both sexes ("T"). Units are part of the title only ("andel (%)"), so the title is shown to the person.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from collectors.kolada.asking import KoladaClient
from config.domain.assessments import GoalRecord, GoalValue
from config.domain.factors import Mark
from config.domain.goals import Goal, KoladaFigure
from config.errors import KoladaError

LARGEST_VALUE = 1e300  # anything above is a fault of theirs, not a figure
SHOWN = 60
PAGES = 20  # one municipality's years fit on one
BOTH = "T"


@dataclass(frozen=True, slots=True)
class Fetched:
    """What Kolada has for a goal.

    Attributes:
        title: Kolada's own, to be held against what the goal says.
        doubt: why the figure may not be the goal's, Swedish and English; None where nothing speaks against it.
    """

    goal: str
    title: str
    records: tuple[GoalRecord, ...]
    doubt: tuple[str, str] | None


def fetch(client: KoladaClient, goal: Goal, today: date) -> Fetched:
    """The goal's figure, years that are over, in order.

    Raises:
        KoladaError: no such figure, an answer of another shape or about something else, two values of one year, no value at all.
        ValueError: the goal names no figure of Kolada's.
    """
    if goal.kolada is None:
        raise ValueError(f"{goal.id} names no figure of Kolada's")
    figure = goal.kolada
    title = _title(client, figure)
    found: dict[int, float] = {}
    for year, value in _values(client, figure):
        if found.setdefault(year, value) != value:
            raise KoladaError(
                f"Kolada {figure.kpi} {figure.municipality}: two values of {year}; look at kolada.se which is right"
            )
    years = [year for year in sorted(found) if date(year, 12, 31) <= today]
    if not years:
        raise KoladaError(
            f"Kolada {figure.kpi} {figure.municipality}: no value of any year; is it a figure of municipalities (or of regions), "
            f"and the id right? goals.yaml: {goal.id}.kolada"
        )
    source = f"Kolada {figure.kpi}: {title}"
    records = tuple(
        GoalRecord(goal.id, goal.unit, GoalValue(date(year, 12, 31), found[year], source, Mark.SECOND_HAND)) for year in years
    )
    return Fetched(goal.id, title, records, _doubt(goal, title))


def _title(client: KoladaClient, figure: KoladaFigure) -> str:
    path = f"kpi/{figure.kpi}"
    answer = client.ask(path)
    entries = answer.get("values", [answer])
    entry = next((item for item in entries if isinstance(item, dict) and item.get("id") == figure.kpi), None)
    title = None if entry is None else entry.get("title")
    if not isinstance(title, str) or not title.strip():
        raise KoladaError(f"{client.url}/{path}: no figure {figure.kpi}; look it up at kolada.se and correct goals.yaml")
    return " ".join(title.split())


def _values(client: KoladaClient, figure: KoladaFigure) -> Iterator[tuple[int, float]]:
    """Year and value, over all pages; years without a value left out."""
    path: str | None = f"data/kpi/{figure.kpi}/municipality/{figure.municipality}"
    for _ in range(PAGES):
        if path is None:
            return
        answer = client.ask(path)
        entries = answer.get("values")
        if not isinstance(entries, list):
            raise KoladaError(f"{path}: no list of values; is ENERGIMONITOR_KOLADA_URL of version 3?")
        for entry in entries:
            yield from _of_year(path, entry, figure)
        following = answer.get("next_url")
        path = following if entries and isinstance(following, str) and following else None
    if path is not None:
        raise KoladaError(f"{path}: more than {PAGES} pages for one figure; is it Kolada's own address?")


def _of_year(path: str, entry: Any, figure: KoladaFigure) -> Iterator[tuple[int, float]]:
    if not isinstance(entry, dict):
        raise KoladaError(f"{path}: an entry is no object; is ENERGIMONITOR_KOLADA_URL of version 3?")
    about = (entry.get("kpi"), entry.get("municipality"))
    if about != (figure.kpi, figure.municipality):
        raise KoladaError(f"{path}: an entry about {about[0]} {about[1]}, which was not asked for")
    year, parts = entry.get("period"), entry.get("values")
    if not isinstance(year, int) or isinstance(year, bool) or not 1900 <= year <= 2200 or not isinstance(parts, list):
        raise KoladaError(f"{path}: an entry without year or values; is ENERGIMONITOR_KOLADA_URL of version 3?")
    for part in parts:
        if not isinstance(part, dict):
            raise KoladaError(f"{path}: {year}: a value is no object")
        value = part.get("value")
        if part.get("gender") != BOTH or part.get("isdeleted") is True or value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= LARGEST_VALUE:
            raise KoladaError(f"{path}: {year}: {repr(value)[:SHOWN]} is no number; nothing was entered, look at kolada.se")
        yield year, float(value)


def _doubt(goal: Goal, title: str) -> tuple[str, str] | None:
    """Whether the title speaks of shares where the goal does not, or the other way round."""
    shares = "%" in title
    if shares == (goal.unit == "%"):
        return None
    return (
        f"Koladas titel är ”{title}”, och målets enhet {goal.unit}; se efter att de hör ihop",
        f"Kolada's title is “{title}”, and the goal's unit {goal.unit}; see that they belong together",
    )
