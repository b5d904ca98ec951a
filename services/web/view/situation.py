"""Who looks at what, when and in which language: what every kind of panel is filled in with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import TypeVar

import polars as pl

from config.domain.estate import Building, Portfolio
from config.domain.indicators import Subject
from config.domain.panels import Choice, Dashboard, PanelQuery, installed_in
from config.domain.periods import zone_named
from config.domain.series import GOALS, SeriesQuery
from config.domain.silence import allowed_silence
from config.errors import StoreError
from services.reports.wording import Language, amount, kept_language, language_suffix, pick, share
from services.web.open_words import with_open_reasons
from services.web.reading import SeriesReader
from services.web.view.gathering import GatheringReader

GOALS_KNOWN = timedelta(days=40)
Row = TypeVar("Row")


def everywhere(_: Subject | str) -> bool:
    """Everything has its page."""
    return True


@dataclass(frozen=True)
class Situation:
    """
    Attributes:
        linked: whether the reader may open the page of a subject's figures.
        visited: whether the reader may open a building's page.
        most_rows: of a table; None: all, as files have them.
        own: the reader's own language, which no address needs to say.
    """

    portfolio: Portfolio
    choice: Choice
    now: datetime
    language: Language
    reader: SeriesReader = field(repr=False)
    linked: Callable[[Subject], bool] = field(default=everywhere, repr=False)
    visited: Callable[[str], bool] = field(default=everywhere, repr=False)
    most_rows: int | None = None
    own: Language = "sv"

    def read(self, query: PanelQuery) -> pl.DataFrame:
        """The answer about the chosen buildings, asked now; with reasons that anybody may read where anybody does.

        Raises:
            StoreError: there is none.
        """
        frame = self.reader.read(query.resolve(self.portfolio, self.choice, self.now))
        return with_open_reasons(frame, self.portfolio) if self.choice.public else frame

    def asking(self, dashboard: Dashboard) -> "Situation":
        """The same, when all that a dashboard asks is going to be asked."""
        queries = (query.resolve(self.portfolio, self.choice, self.now) for panel in dashboard.panels for query in panel.queries)
        return replace(self, reader=GatheringReader(self.reader, queries))

    def room(self, rows: Sequence[Row]) -> tuple[Sequence[Row], int]:
        """As many of them as there is room for, and how many are beyond."""
        if self.most_rows is None or len(rows) <= self.most_rows:
            return rows, 0
        return rows[: self.most_rows], len(rows) - self.most_rows

    @property
    def single(self) -> Building | None:
        """The only building that is looked at."""
        return self.portfolio.buildings[self.choice.buildings[0]] if len(self.choice.buildings) == 1 else None

    def local(self, instant: datetime) -> datetime:
        return instant.astimezone(zone_named(self.portfolio.timezone))

    def wall(self, instant: datetime) -> datetime:
        """The local wall clock, without a zone: for what is drawn."""
        return self.local(instant).replace(tzinfo=None)

    def pick(self, swedish: str, english: str) -> str:
        return pick(self.language, swedish, english)

    def amount(self, value: float, unit: str) -> str:
        return amount(value, unit, self.language)

    def covered(self, coverage: float) -> str:
        return self.pick(f"täckning {share(coverage, 'sv')}", f"coverage {share(coverage, 'en')}")

    @property
    def missing(self) -> str:
        return self.pick("saknas", "missing")

    @property
    def suffix(self) -> str:
        """Keeps the language in an address without a query."""
        return language_suffix(self.language, self.own)

    @property
    def kept_language(self) -> str:
        """What an address must say to keep it; "" where it need not."""
        return kept_language(self.language, self.own)

    @cached_property
    def installed(self) -> list[str]:
        """Meters of the chosen buildings that are installed now, each once."""
        found = (each.meter for building in self.choice.buildings for each in installed_in(self.portfolio, building, self.now))
        return list(dict.fromkeys(found))

    @cached_property
    def places(self) -> dict[str, list[str]]:
        """Meter of the chosen buildings → the names of its points."""
        places: dict[str, list[str]] = {}
        for building in self.choice.buildings:
            for each in installed_in(self.portfolio, building, self.now):
                places.setdefault(each.meter, []).append(self.portfolio.points[each.point].name)
        return places

    def silent(self, meter: str, heard: datetime) -> bool:
        """Whether a meter that was last heard then has been quiet for too long."""
        allowed = self._allowed.get(meter)
        return allowed is not None and self.now - heard > allowed

    @cached_property
    def _allowed(self) -> dict[str, timedelta]:
        return allowed_silence(self.portfolio, self.now)

    @cached_property
    def goal_names(self) -> dict[str, str]:
        """Goal → what it says; lines of goals bring their id only."""
        start = self.now.replace(minute=0, second=0, microsecond=0) - GOALS_KNOWN
        try:
            frame = self.reader.read(SeriesQuery(GOALS, start, having={"open": 1}))
        except StoreError:
            return {}
        return dict(zip(frame["goal"], frame[self.pick("text", "text_en")], strict=True))
