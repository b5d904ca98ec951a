"""What a new edition says otherwise, and why."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reports.causes import cause_words, restatements
from services.reports.difference import BESIDE, TEXT, Causes, difference
from services.reports.printing import figure_table, printed
from services.reports.report import NO_WORDS, Cell, Change, Publication, Report, Words
from services.reports.wording import LANGUAGES
from services.state.figure_history import FigureChange
from services.state.state import State
from tests.services.jobs.world import point, portfolio
from tests.services.reports.example_report import REPORT
from tests.services.reports.small_report import MORNING, NOT_READ, OCTOBER, ZONE, figure, report, words

LATER = MORNING + timedelta(days=3)


def between(old: dict[str, tuple[Cell, ...]], new: dict[str, tuple[Cell, ...]]) -> tuple[Change, ...]:
    return difference(report(old), report(new))


def test_a_report_does_not_differ_from_itself() -> None:
    """Whenever it is known, and whichever version made it."""
    assert difference(REPORT, replace(REPORT, known=LATER, program="9.9")) == ()


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        (figure(61_000.0), figure(62_970.0), True),
        (figure(61_000.2), figure(61_000.4), False),  # printed as 61 000 both
        (figure(0.5 - 1e-13), figure(0.5), False),
        (figure(1000.5 - 1e-9), figure(1000.5 + 1e-9), False),  # printed as 1 000 and 1 001, and yet one sum
        (figure(NOT_READ), figure(5.0), True),
        (figure(5.0), figure(NOT_READ), True),
        (figure(NOT_READ), figure(replace(NOT_READ, reason_sv="Mätaren är borta.")), True),
        (figure(NOT_READ), figure(NOT_READ), False),
        (figure(5.0, coverage=0.8), figure(5.0), True),  # ungefär, and not any more
        (figure(5.0), replace(figure(5.0), at=MORNING), True),
    ],
)
def test_a_figure_is_changed_where_a_reader_can_see_it(old: Cell, new: Cell, changed: bool) -> None:
    """Values, reasons, whole or not, when a peak was."""
    found = between({"el": (old, None)}, {"el": (new, None)})

    assert [(change.address, change.old, change.new) for change in found] == ([("use/el/use", old, new)] if changed else [])


def test_a_change_is_named_by_its_table_row_and_column() -> None:
    """In both languages."""
    (change,) = between({"el": (figure(1.0), None)}, {"el": (figure(2.0), None)})

    assert change.what == Words("Användning: El, Oktober", "Användning (en): El (en), Oktober (en)")


def test_what_came_is_told_where_it_stands_and_what_went_last() -> None:
    """A building that was bought, and one that is gone."""
    one, two, three = (figure(float(n), name=f"energy_total/building:b{n}/2026-10") for n in (1, 2, 3))

    found = between({"a": (one, None), "b": (two, None)}, {"c": (three, None), "b": (two, None)})

    assert [(change.address, change.old, change.new, change.cause.sv) for change in found] == [
        ("use/c/use", None, three, "Ny i den här utgåvan"),
        ("use/a/use", one, None, "Finns inte i den här utgåvan"),
    ]


def test_words_and_days_of_a_table_are_told_as_they_were_and_are() -> None:
    """A deviation's action, and since when."""
    old, new = {"17": (words("Läs av"), date(2026, 10, 3))}, {"17": (words("Byt mätare"), date(2026, 10, 4))}

    found = between(old, new)

    assert [(change.address, change.old, change.new, change.cause.sv) for change in found] == [
        ("use/17/use", None, None, "Förut: Läs av. Nu: Byt mätare."),
        ("use/17/note", None, None, "Förut: 2026-10-03. Nu: 2026-10-04."),
    ]


def test_a_published_figure_that_stands_in_two_places_is_told_once() -> None:
    """A month in the key figures and in the chart. Two made figures are two, alike as they may be."""
    old, new, made = figure(1.0), figure(2.0), replace(figure(1.0), name="")

    found = between(
        {"a": (old, old), "b": (made, made)}, {"a": (new, new), "b": (replace(made, value=2.0), figure(2.0, name=""))}
    )

    assert [change.address for change in found] == ["use/a/use", "use/b/use", "use/b/note"]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda old: replace(old, sentences=()), TEXT),
        (lambda old: replace(old, notices=(words("Läs"),)), TEXT),
        (lambda old: report({"el": (replace(figure(1.0), method="energy 1.3"), None)}), BESIDE),
        (lambda old: report({"el": (replace(figure(1.0), margin=2.0), None)}), BESIDE),
    ],
)
def test_where_no_figure_moved_and_something_else_did_one_line_says_so(change: Callable[[Report], Report], what: Words) -> None:
    """An edition without a line would leave its reader to look for what is new."""
    old = report({"el": (figure(1.0), None)})

    found = difference(old, change(old))

    assert [(each.what, each.old, each.new, each.cause == NO_WORDS) for each in found] == [(what, None, None, False)]


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=4), st.lists(st.sampled_from([0.0, 1e-12, 0.001, 5.0]), min_size=4))
def test_reports_without_a_change_print_the_same(values: list[float], moved: list[float]) -> None:
    """And those with one do not: nothing is told that cannot be seen, and nothing seen is left out but the last bits of a sum."""
    old = report({f"r{n}": (figure(value, name=""), None) for n, value in enumerate(values)})
    new = report({f"r{n}": (figure(value + moved[n], name=""), None) for n, value in enumerate(values)})

    said = [[_texts(each, address) for address, _ in each.figures()] for each in (old, new)]
    close = [abs(moved[n]) <= 1e-9 * max(abs(value), abs(value + moved[n])) for n, value in enumerate(values)]
    seen = {f"use/r{n}/use" for n in range(len(values)) if said[0][n] != said[1][n] and not close[n]}

    assert {change.address for change in difference(old, new)} == seen


def _texts(of: Report, address: str) -> list[str]:
    tables = [figure_table(printed(Publication(of), language)) for language in LANGUAGES.values()]
    return [row.cells[3].text for table in tables for row in table.rows if row.key == address]


def _moved(subject: str, at: datetime, why: str, kind: str = "building", indicator: str = "energy_total") -> FigureChange:
    said = f"Oktober 2026, {subject}: 1 → 2 kWh" + (f", {why}" if why else "")
    return FigureChange(
        at,
        indicator,
        "",
        kind,
        subject,
        "month",
        OCTOBER.start,
        OCTOBER.end,
        1.0,
        2.0,
        "late" if why else "",
        said,
        said,
        why,
        why,
    )


@pytest.fixture(scope="module")
def why(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Causes]:
    """Causes from a log in which five buildings moved, and the whole."""
    at = MORNING + timedelta(days=1)
    buildings = [f"b{n}" for n in range(5)]
    known = portfolio(*(point(f"{name}-el", building=name) for name in buildings), point("skola-el"))
    with State.open(Path(tmp_path_factory.mktemp("log")) / "state.sqlite") as state:
        state.figure_changes.add(
            [
                *(_moved(name, at, "ett dygn kom in sent") for name in buildings),
                _moved("portfolio", at, "", kind="portfolio"),
                _moved("skola", MORNING - timedelta(days=1), "en faktor ändrades"),
                _moved("skola", LATER + timedelta(hours=1), "en tariff ändrades"),
                _moved("skola", LATER, "ett mätarbyte avgjordes"),
            ]
        )
        yield restatements(state.figure_changes, known)


def test_the_cause_is_what_happened_between_the_two_reports(why: Causes) -> None:
    """Neither what the first report knew already nor what came after the second."""
    cause = why("energy_total/building:skola/2026-10", ZONE, MORNING, LATER)

    assert cause == Words("Ett mätarbyte avgjordes", "Ett mätarbyte avgjordes")


def test_a_cause_of_many_words_is_told_by_its_name() -> None:
    """A new file of factors has dozens; the log of changes has them all. An entry from before causes were kept apart is read."""
    long = _moved("skola", LATER, "ändrad faktor: " + "el 2026, " * 20)
    old = replace(_moved("skola", LATER, "ett dygn kom in sent"), why_sv="", why_en="")
    none = _moved("portfolio", LATER, "", kind="portfolio")

    told = [cause_words(each).sv for each in (replace(long, cause="factor"), old, none)]

    assert told == ["En faktor ändrades", "Ett dygn kom in sent", ""]


def test_a_group_is_told_by_its_buildings(why: Causes) -> None:
    """Each cause once, three of those it is of by name: a group has no cause of its own."""
    cause = why("energy_total/portfolio:portfolio/2026-10", ZONE, MORNING, LATER)

    assert cause.sv == "Ett dygn kom in sent (b0, b1, b2 med flera); Ett mätarbyte avgjordes (skola)"


def test_a_figure_made_of_others_has_their_causes_and_one_of_no_known_name_none(why: Causes) -> None:
    """A change in per cent moved since one of the two did."""
    made = replace(figure(1.0), name="", made_of=("energy_total/building:b1/2026-10", "energy_total/building:b2/2026-10"))
    unknown = figure(1.0, name="forgotten/building:b1/2026-10")
    old = report({"a": (made, unknown)})
    new = report({"a": (replace(made, value=2.0), replace(unknown, value=2.0))}, known=LATER)

    found = difference(old, new, why)

    assert [change.cause.sv for change in found] == ["Ett dygn kom in sent", ""]
