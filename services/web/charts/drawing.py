"""Which specification a part has, by what is drawn."""

from services.web.charts.grids import heat_spec, map_spec, scatter_spec
from services.web.charts.house import Spec
from services.web.charts.series import column_spec, hour_spec, line_spec
from services.web.view.values import Columns, HeatMap, HourBars, Lines, Part, Places, Scatter


def spec_of(part: Part) -> Spec | None:
    """None where nothing is drawn, or there is nothing to draw."""
    match part.picture:
        case HourBars() as bars:
            return (
                hour_spec(bars, part.unit) if any(row.value is not None or row.then is not None for row in bars.hours) else None
            )
        case Lines(drawn) | Columns(drawn) if not any(mark.value is not None for each in drawn for mark in each.marks):
            return None  # axes without a mark look like a fault; the sentence says that it is missing
        case Lines() as lines:
            return line_spec(lines, part.unit)
        case Columns() as columns:
            return column_spec(columns, part.unit)
        case HeatMap() as heat:
            return heat_spec(heat)
        case Scatter() as scatter if scatter.dots:
            return scatter_spec(scatter)
        case Places() as places if places.places:
            return map_spec(places)
        case _:
            return None
