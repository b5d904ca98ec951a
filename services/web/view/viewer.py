"""Fills panels in: one choice of buildings, one instant, one language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from config.domain.panels import Dashboard, Panel, PanelKind
from config.errors import StoreError
from services.reports.wording import DASH, share
from services.web.view.figures import stat_parts
from services.web.view.grains import windows_text
from services.web.view.heat_map import heat_parts
from services.web.view.hours import hour_parts
from services.web.view.over_time import time_parts
from services.web.view.places import place_parts
from services.web.view.scatter import scatter_parts
from services.web.view.situation import Situation
from services.web.view.tables import table_parts
from services.web.view.values import MOST_ROWS, PanelView, Part

FILLING: Mapping[PanelKind, Callable[[Situation, Panel], tuple[Part, ...]]] = {
    PanelKind.STAT: stat_parts,
    PanelKind.BARS: hour_parts,
    PanelKind.TABLE: table_parts,
    PanelKind.LINES: time_parts,
    PanelKind.COLUMNS: time_parts,
    PanelKind.HEAT_MAP: heat_parts,
    PanelKind.SCATTER: scatter_parts,
    PanelKind.MAP: place_parts,
}


@dataclass(frozen=True)
class Viewer:
    situation: Situation

    def panels(self, dashboard: Dashboard) -> list[PanelView]:
        """Every panel, whole; one whose questions the store does not answer says so and stops no other."""
        viewer = replace(self, situation=self.situation.asking(dashboard))
        return [viewer.panel(panel) for panel in dashboard.panels]

    def page(self, dashboard: Dashboard) -> list[PanelView]:
        """Every panel with as many rows as a page has room for."""
        return replace(self, situation=replace(self.situation, most_rows=MOST_ROWS)).panels(dashboard)

    def panel(self, panel: Panel) -> PanelView:
        """One panel, filled in."""
        pick = self.situation.pick
        base = PanelView(
            id=panel.id,
            kind=panel.kind.value,
            title=pick(panel.title_sv, panel.title_en),
            sentence=pick(panel.sentence_sv, panel.sentence_en),
            source=pick(panel.source_sv, panel.source_en),
            period=windows_text(self.situation, panel),
            unit=panel.unit,
        )
        try:
            parts = FILLING[panel.kind](self.situation, panel)
        except StoreError as error:
            words = pick("Saknas: databasen svarar inte", "Missing: the database does not answer")
            return replace(base, trouble=f"{words} ({error}).")
        if not parts:
            return replace(base, empty=pick(panel.empty_sv, panel.empty_en) or self._none_such)
        return replace(base, parts=parts, coverage=_coverage(self.situation, parts))

    @property
    def _none_such(self) -> str:
        if self.situation.single:
            return self.situation.pick("Byggnaden har ingen mätare för detta.", "The building has no meter for this.")
        return self.situation.pick("Det finns inget att visa för perioden.", "There is nothing to show for the period.")


def _coverage(situation: Situation, parts: tuple[Part, ...]) -> str:
    """From the least to the most of what is shown: no mean of figures that weigh unequally."""
    known = [cell.coverage for part in parts for row in part.table.rows for cell in row.cells if cell.coverage is not None]
    if not known:
        return ""
    low, high = (share(each, situation.language) for each in (min(known), max(known)))
    return low if low == high else f"{low}{DASH}{high}"
