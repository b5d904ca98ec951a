"""A report as one HTML document that needs nothing beside it: WCAG 2.1 AA, light and dark, from telephone to paper.

Charts are drawn twice, for wide and narrow screens, and have their table beside them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from services.reports.forms.chart_series import ON_DARK
from services.reports.forms.charts import NARROW, WIDTH, chart_svg
from services.reports.printing import CellState, PrintedCell, PrintedChart, PrintedHead, PrintedReport, figure_table
from services.reports.wording import NBSP, pick

TEMPLATES = Path(__file__).parent / "templates"
SENTENCE = 40  # letters: a text so long is given the width of one


@dataclass(frozen=True)
class PageForm:
    """In one file, charts and colours and all."""

    media_type: str = "text/html"
    suffix: str = "html"

    def render(self, report: PrintedReport) -> bytes:
        def drawn(width: int) -> Callable[[PrintedChart], Markup]:
            return lambda chart: Markup(chart_svg(chart, report.language, width))  # noqa: S704 - our own; its texts are escaped

        return (
            templates()
            .get_template("page.html")
            .render(
                report=report,
                figures=figure_table(report),
                look=look,
                apart=apart,
                sentence=SENTENCE,
                wide=drawn(WIDTH),
                narrow=drawn(NARROW),
                dark=_DARK,
                say=lambda swedish, english: pick(report.language, swedish, english),
            )
            .encode()
        )


@cache
def templates() -> Environment:
    """The texts of a report can never become markup."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def look(head: PrintedHead, cell: PrintedCell) -> str:
    """The classes of a table's cell."""
    words = "day" if isinstance(cell.value, date) else "sentence" if len(cell.text) > SENTENCE else "words"
    kind = "number" if head.numeric else words
    return f"{kind} missing" if cell.state is CellState.MISSING else kind


def apart(cell: PrintedCell) -> list[str]:
    """A peak, its day and its time, or "saknas" and its letter: each goes to a line of its own where a column is narrow."""
    if cell.figure is None or (cell.figure.at is None and not cell.letter):
        return [cell.text]
    amount, opening, moment = cell.text.partition(f"{NBSP}(")
    return [amount, *f"{opening}{moment}".split(NBSP)[1:]]


# The drawings bring the colours of paper, as attributes; a dark page puts its own in their place.
_DARK = Markup(  # noqa: S704 - colours of ours
    "\n".join(
        f'.drawing [{what}="{light}"] {{ {what}: {dark}; }}' for light, dark in ON_DARK.items() for what in ("fill", "stroke")
    )
)
