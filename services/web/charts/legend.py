"""What colours, stripes and dashes mean, in words beside the picture."""

from dataclasses import dataclass

from services.reports.wording import Language, amount, pick
from services.web.charts.grids import SHADES, heat_limits
from services.web.charts.house import COLOURS, DASHES
from services.web.view.values import Columns, Drawn, HeatMap, HourBars, Lines, Part, Places, Scatter


@dataclass(frozen=True, slots=True)
class Entry:
    """`look`: the classes of board.css that draw the sample."""

    look: str
    text: str


def legend_of(part: Part, language: Language) -> list[Entry]:
    """Nothing where the picture has one kind of mark that its title names."""
    calculated = pick(language, "helt eller delvis beräknat", "wholly or partly calculated")
    match part.picture:
        case HourBars() as bars:
            entries = [Entry("bar c0", bars.today)]
            if any(row.state == "estimated" for row in bars.hours):
                entries.append(Entry("bar hatched", calculated))
            if any(row.state == "missing" for row in bars.hours):
                entries.append(Entry("bar void", pick(language, "saknas", "missing")))
            return [*entries, Entry("line then", bars.then)] if bars.then else entries
        case Lines(drawn):
            entries = [Entry(_line_look(each), each.name) for each in drawn] if len(drawn) > 1 else []
            return [*entries, Entry("hollow", calculated)] if _estimated(drawn) else entries
        case Columns(drawn):
            entries = [Entry(f"bar {_shade(each)}", each.name) for each in drawn] if len(drawn) > 1 else []
            return [*entries, Entry("bar hatched", calculated)] if _estimated(drawn) else entries
        case HeatMap() as heat if limits := heat_limits(heat):
            low, high = (amount(each, part.unit, language) for each in limits)
            entries = [Entry("bar heat-0", low), Entry(f"bar heat-{SHADES - 1}", high)]
            if any(cell.estimated for cell in heat.cells):
                entries.append(Entry("line mark", calculated))
            return [*entries, Entry("bar nothing", pick(language, "saknas, eller har inte varit än", "missing, or not yet"))]
        case Scatter() as scatter:
            entries = [Entry("line dashed", scatter.expected)] if scatter.expected else []
            entries.append(Entry("diamond", scatter.last))
            return [*entries, Entry("hollow", calculated)] if any(dot.estimated for dot in scatter.dots) else entries
        case Places() as places:
            sized = pick(language, f"större: mer {places.size}", f"larger: more {places.size}")
            missing = Entry("hollow", pick(language, "saknas", "missing"))
            return [Entry("round", sized), *([missing] if any(each.size is None for each in places.places) else [])]
        case _:
            return []


def _estimated(drawn: tuple[Drawn, ...]) -> bool:
    return any(mark.estimated for each in drawn for mark in each.marks)


def _shade(each: Drawn) -> str:
    return "then" if each.role == "comparison" else f"c{each.place % COLOURS}"


def _line_look(each: Drawn) -> str:
    styles = ("", "dashed", "dotted", "dashdotted")
    plain = styles[each.place % len(DASHES)]
    style = {"comparison": "dashed", "path": "dashed", "forecast": "dotted", "edge": "dotted"}.get(each.role, plain)
    return f"line {_shade(each)} {style}".rstrip()
