"""STAT: one large figure a row, with what came before it."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from config.domain.panels import Panel, PanelQuery, Role
from services.reports.wording import ago, change_text, moment
from services.web.view.asking import TIMELESS, Line, Point, lines
from services.web.view.cells import note_of, value_text
from services.web.view.grains import Grain, grain_of, time_text, windows_text
from services.web.view.links import figure_address, row_address
from services.web.view.names import tag_word
from services.web.view.rows import rows_of
from services.web.view.situation import Situation
from services.web.view.values import Cell, Figure, Head, Key, Part, Table, TableRow, Trace

HOUR = timedelta(hours=1)
SETTLED_WITHIN = timedelta(hours=2)  # an hour that is not settled after this is missing, before it is waited for


def stat_parts(situation: Situation, panel: Panel) -> tuple[Part, ...]:
    """One part, with a figure a row."""
    figures, cut = _of_rows(situation, panel) if panel.rows else (_of_queries(situation, panel), 0)
    if not figures:
        return ()
    return (
        Part(
            key="all",
            name="",
            unit=panel.unit,
            summary=_summary(situation, [figure for _, figure in figures], cut),
            table=_table(situation, panel, figures, cut),
            figures=tuple(figure for _, figure in figures),
        ),
    )


def _of_queries(situation: Situation, panel: Panel) -> list[tuple[Key, Figure]]:
    values = [*lines(situation, panel, Role.VALUE), *lines(situation, panel, Role.COUNT)]
    by_query = {id(line.query): line for line in values}
    before = {line.query.label_en: line for line in lines(situation, panel, Role.COMPARISON)}
    figures: list[tuple[Key, Figure]] = []
    for query in (*panel.role(Role.VALUE), *panel.role(Role.COUNT)):
        name, then = situation.pick(query.label_sv, query.label_en), before.get(query.label_en)
        figures.append(((query.label_en,), _standing(situation, panel, query, (), name, by_query.get(id(query)), then)))
    return _ranked(panel, figures)


def _of_rows(situation: Situation, panel: Panel) -> tuple[list[tuple[Key, Figure]], int]:
    """Those that the panel has room for, and how many it leaves out."""
    values = [*lines(situation, panel, Role.VALUE), *lines(situation, panel, Role.COUNT)]
    found = {line.key: line for line in values}
    received = {line.key: line.last.value for line in lines(situation, panel, Role.RECEIVED)}
    before = {line.key: line for line in lines(situation, panel, Role.COMPARISON)}
    rows = list(rows_of(situation, panel, values))
    if panel.ranked_by:  # before they are put into words: most of a thousand are left out
        rows.sort(key=lambda row: _rank(found[row[0]].last.value if row[0] in found else None))
    shown = rows[: panel.most] if panel.most else rows
    query = panel.queries[0]
    figures: list[tuple[Key, Figure]] = []
    for key, name in shown:
        line = found.get(key)
        if panel.rows == "register":
            figures.append((key, _momentary(situation, panel, key, name, line, received.get(key))))
        elif line is not None and grain_of(line.query.query) is Grain.HOUR:
            figures.append((key, _settled(situation, panel, key, name, line)))
        elif line is None and grain_of(query.query) is Grain.HOUR:
            figures.append((key, _absent(situation, name, *NO_HOUR)))
        else:
            asked = line.query if line else query
            figures.append((key, _standing(situation, panel, asked, key, name, line, before.get(key))))
    return _ranked(panel, figures), len(rows) - len(shown)


NO_HOUR = ("ingen avräknad timme det senaste dygnet", "no settled hour in the last 24 hours")


def _ranked(panel: Panel, figures: list[tuple[Key, Figure]]) -> list[tuple[Key, Figure]]:
    return sorted(figures, key=lambda each: _rank(each[1].value)) if panel.ranked_by else figures


def _rank(value: float | None) -> tuple[bool, float]:
    """The largest first, what is missing last."""
    return value is None, -(value or 0.0)


def _absent(situation: Situation, name: str, swedish: str, english: str) -> Figure:
    return Figure(name, None, situation.missing, "", None, "", situation.pick(swedish, english), "")


def _momentary(situation: Situation, panel: Panel, key: Key, name: str, line: Line | None, received: float | None) -> Figure:
    """A gauge's last value, if it is not too old to be called now."""
    if line is None or received is None or line.last.value is None:
        return _absent(situation, name, "inget värde det senaste dygnet", "no value in the last 24 hours")
    heard, trace = datetime.fromtimestamp(received / 1000, UTC), _trace(line)
    age, value = situation.now - heard, line.last.value
    text = value_text(situation, value, panel.unit)
    when = f"{moment(situation.local(heard), situation.local(situation.now), situation.language)}, {ago(age, situation.language)}"
    if situation.silent(key[0], heard):
        reason = situation.pick(f"tyst; sist {text} {when}", f"silent; last {text} {when}")
        return Figure(name, None, situation.missing, "", None, "", reason, "", trace)
    return Figure(name, value, text, when, None, situation.pick("uppmätt", "measured"), "", "", trace)


def _settled(situation: Situation, panel: Panel, key: Key, name: str, line: Line) -> Figure:
    """The last settled hour's value."""
    point = line.last
    if point.value is None:
        return _absent(situation, name, *NO_HOUR)
    age = situation.now - (point.at + HOUR)
    late = situation.pick(f"släpar: timmen slutade {ago(age, 'sv')}", f"behind: the hour ended {ago(age, 'en')}")
    notes = [late] if age > SETTLED_WITHIN else []
    if point.estimated:
        notes.append(situation.pick("delvis beräknad", "partly calculated"))
    covered = "" if point.coverage is None else situation.covered(point.coverage)
    return Figure(
        name,
        point.value,
        value_text(situation, point.value, panel.unit),
        time_text(situation, point.at, Grain.HOUR),
        point.coverage,
        covered,
        "",
        "; ".join(notes),
        _trace(line),
        point.estimated,
        warns=bool(notes),
        row_address=row_address(situation, panel, line.query, key[0] if key else "", point.row),
    )


def _standing(
    situation: Situation, panel: Panel, query: PanelQuery, key: Key, name: str, line: Line | None, then: Line | None
) -> Figure:
    """The last value there is: a published figure's, a total's, or a count."""
    unit = query.unit
    to = row_address(situation, panel, query, key[0] if key else "", line.last.row if line else None)
    point = line.last if line else None
    if line is None or point is None or point.value is None:
        if query.role is Role.COUNT and line is None:
            return Figure(name, 0.0, value_text(situation, 0.0, unit), windows_text(situation, panel), None, "", "", "")
        reason = line.last.reason if line else _nothing(situation, panel)
        address = figure_address(situation, query, line.last.row) if line else ""
        return Figure(name, None, situation.missing, "", None, "", reason, "", address=address, row_address=to)
    when = "" if point.at == TIMELESS else time_text(situation, point.at, grain_of(query.query), point.row)
    return Figure(
        name,
        point.value,
        value_text(situation, point.value, unit),
        when,
        point.coverage,
        note_of(situation, point, unit),
        "",
        _against(situation, point, then, unit),
        _trace(line),
        point.estimated,
        address=figure_address(situation, query, point.row),
        row_address=to,
    )


def _nothing(situation: Situation, panel: Panel) -> str:
    words = situation.pick(panel.empty_sv, panel.empty_en) or situation.pick("inget värde i perioden", "no value in the period")
    return words[0].lower() + words[1:].rstrip(".")


def _against(situation: Situation, point: Point, then: Line | None, unit: str) -> str:
    """What it was before, and how much has changed."""
    if then is None or point.value is None:
        return ""
    old = then.last
    grain = grain_of(then.query.query)
    label = situation.pick(then.query.label_sv, then.query.label_en)
    name = label if old.at == TIMELESS else f"{label} ({time_text(situation, old.at, grain, old.row)})"
    if old.value is None:
        return f"{name}: {situation.missing}"
    text = f"{name}: {value_text(situation, old.value, unit)}"
    return f"{text}, {change_text(point.value, old.value, situation.language)}" if old.value else text


def _trace(line: Line) -> Trace:
    return tuple((point.at, point.value) for point in line.points if point.value is not None)


def _summary(situation: Situation, figures: Sequence[Figure], cut: int) -> str:
    missing = sum(figure.value is None for figure in figures)
    parts = []
    if missing and len(figures) > 1:
        parts.append(situation.pick(f"{missing} av {len(figures)} saknas.", f"{missing} of {len(figures)} are missing."))
    if cut:
        parts.append(
            situation.pick(
                f"De {len(figures)} största av {len(figures) + cut} visas.",
                f"The {len(figures)} largest of {len(figures) + cut} are shown.",
            )
        )
    return " ".join(parts)


def _table(situation: Situation, panel: Panel, figures: Iterable[tuple[Key, Figure]], cut: int) -> Table:
    rows = tuple(
        TableRow(
            ".".join(key),
            figure.name,
            (
                Cell(
                    figure.value,
                    figure.text if figure.value is not None else f"{figure.text}: {figure.missing}",
                    "missing" if figure.value is None else "estimated" if figure.estimated else "",
                    figure.coverage_text,
                    figure.address,
                    figure.coverage,
                    reason=figure.missing,
                ),
                Cell(figure.when, figure.when),
            ),
            address=figure.row_address,
        )
        for key, figure in figures
    )
    heads = (Head(situation.pick("värde", "value"), panel.unit), Head(situation.pick("när", "when"), "text"))
    return Table(tag_word(situation, panel.rows, panel.queries[0]) if panel.rows else "", heads, rows, cut)
