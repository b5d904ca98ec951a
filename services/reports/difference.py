"""What a report says otherwise than an earlier edition of it.

Figures are compared as they are printed, in both languages: what nobody can read is no change, and neither is the last bit of a
sum. A published figure that stands in several places is told once, at the first. Where no figure and no word of a table moved
and something else did (a sentence, a method's version, the order of rows), one change says so: a report without a change says
the same as the one before.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime
from math import isclose

from config.domain.indicators import Missing
from services.reports.printing import figure_text
from services.reports.report import NO_WORDS, Cell, Change, Report, ReportedFigure, Words
from services.reports.wording import LANGUAGES, number, share

Causes = Callable[
    [str, str, datetime, datetime], Words
]  # figure's name, zone, known before, known now → why; NO_WORDS: nobody says
SAME = 1e-9  # relative: two sums of the same hours, added up in another order
TEXT = Words("Text eller uppställning", "Text or layout")
TEXT_WHY = Words(
    "En mening, en rubrik eller en ordning är en annan; siffrorna är desamma.",
    "A sentence, a heading or an order is another; the figures are the same.",
)
BESIDE = Words("Uppgifter vid siffrorna", "What stands beside the figures")
BESIDE_WHY = Words(
    "Täckning, ±, metod eller faktorversion är en annan; siffrorna är desamma.",
    "Coverage, ±, method or version of a factor is another; the figures are the same.",
)


def no_cause(_name: str, _zone: str, _before: datetime, _now: datetime) -> Words:
    """Nobody says why."""
    return NO_WORDS


def difference(old: Report, new: Report, causes: Causes = no_cause) -> tuple[Change, ...]:
    """What `new` says otherwise than `old`, in its order, and then what only `old` had; nothing where they say the same."""
    before, after = _cells(old), _cells(new)
    changes: dict[object, Change] = {}
    for address in [*after, *(address for address in before if address not in after)]:
        change = _change(address, before.get(address), after.get(address))
        if change is None:
            continue
        why = _cause(change, old, new, causes)
        changes.setdefault(_identity(change), replace(change, cause=why) if why != NO_WORDS else change)
    if not changes and not _alike(old, replace(new, known=old.known, program=old.program)):
        return (_other(old, new),)
    return tuple(changes.values())


@dataclass(frozen=True, slots=True)
class _Placed:
    cell: Cell
    what: Words


def _cells(report: Report) -> dict[str, _Placed]:
    """Address → cell, where there is something."""
    return {
        f"{table.key}/{row.key}/{column.key}": _Placed(cell, _what(table.caption, row.label, column.label))
        for table in report.tables()
        for row in table.rows
        for column, cell in zip(table.columns, row.cells, strict=True)
        if cell is not None
    }


def _what(caption: Words, row: Words, column: Words) -> Words:
    return Words(*(f"{caption.said(say)}: {row.said(say)}, {column.said(say)}" for say in LANGUAGES.values()))


def _change(address: str, before: _Placed | None, after: _Placed | None) -> Change | None:
    placed = after or before
    if placed is None:
        return None
    old, new = (None if there is None else there.cell for there in (before, after))
    was, is_now = (cell if isinstance(cell, ReportedFigure) else None for cell in (old, new))
    if was is not None and is_now is not None:
        return None if _same_figure(was, is_now) else Change(address, placed.what, was, is_now)
    if old == new:
        return None
    if old is None:
        return Change(address, placed.what, was, is_now, Words("Ny i den här utgåvan", "New in this edition"))
    if new is None:
        return Change(address, placed.what, was, is_now, Words("Finns inte i den här utgåvan", "Not in this edition"))
    said, now = _said(old), _said(new)
    moved = Words(f"Förut: {said.sv}. Nu: {now.sv}.", f"Before: {said.en}. Now: {now.en}.")
    return Change(address, placed.what, was, is_now, moved)


def _identity(change: Change) -> object:
    """Equal for two places of one published figure."""
    figures = [figure for figure in (change.old, change.new) if figure is not None]
    if not figures or not figures[0].name:
        return change.address
    return tuple((figure.name, figure.value, figure.unit) for figure in figures)


def _same_figure(old: ReportedFigure, new: ReportedFigure) -> bool:
    """Whether they are printed alike where they stand, or differ by the last bits only."""
    if old.unit != new.unit or old.period != new.period or old.at != new.at or old.estimated != new.estimated:
        return False
    if isinstance(old.value, Missing) or isinstance(new.value, Missing):
        return old.value == new.value
    alike = all(figure_text(old, say) == figure_text(new, say) for say in LANGUAGES.values())
    return alike or isclose(old.value, new.value, rel_tol=SAME)


def _cause(change: Change, old: Report, new: Report, causes: Causes) -> Words:
    figure = change.new or change.old
    if figure is None or change.old is None or change.new is None:
        return NO_WORDS
    names = (figure.name,) if figure.name else figure.made_of
    told = [causes(name, new.zone, old.known, new.known) for name in names]
    once = [words for words in dict.fromkeys(told) if words != NO_WORDS]
    return Words("; ".join(words.sv for words in once), "; ".join(words.en for words in once))


def _said(cell: Cell) -> Words:
    if isinstance(cell, Words):
        return Words(cell.sv.rstrip("."), cell.en.rstrip("."))
    if isinstance(cell, ReportedFigure):
        return Words(figure_text(cell, "sv"), figure_text(cell, "en"))
    return Words(f"{cell}", f"{cell}")


def _other(old: Report, new: Report) -> Change:
    """Of two that differ somewhere, and in no cell of a table as it is printed."""
    bare = [replace(report, known=new.known, program=new.program) for report in (old, new)]
    if _alike(*bare, beside=False):
        return Change("", BESIDE, None, None, BESIDE_WHY)
    return Change("", TEXT, None, None, TEXT_WHY)


def _alike(one: object, other: object, *, beside: bool = True) -> bool:
    """Equal but for the last bits of figures. `beside`: and what stands beside them is to be equal too."""
    if isinstance(one, ReportedFigure) and isinstance(other, ReportedFigure):
        return _same_figure(one, other) and (not beside or _same_beside(one, other))
    if is_dataclass(one) and type(one) is type(other):
        return all(_alike(getattr(one, each.name), getattr(other, each.name), beside=beside) for each in fields(one))
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(_alike(*both, beside=beside) for both in zip(one, other, strict=True))
    return one == other


def _same_beside(one: ReportedFigure, other: ReportedFigure) -> bool:
    """Coverage and ± as they are printed, and where the figure is from."""
    printed = [
        (
            None if figure.coverage is None else share(figure.coverage, "sv"),
            number(figure.margin, "sv"),
            figure.method,
            dict(figure.factors),
            figure.name,
            figure.made_of,
            figure.source,
        )
        for figure in (one, other)
    ]
    return printed[0] == printed[1]
