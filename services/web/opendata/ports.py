"""What the open data API is made of, and what each table needs of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from config.domain.clock import Clock
from config.domain.estate import Portfolio
from config.domain.goals import Goals
from config.domain.open_figures import OpenFigures
from config.domain.weather import WeatherPlan, WeatherYears
from services.reports.goal_standing import GoalStanding
from services.web.reading import SeriesReader


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes. `contact`: an e-mail address; "" where none is given. `board_url`: as people call the board."""

    name: str
    contact: str = ""
    board_url: str = ""


@dataclass(frozen=True, slots=True)
class OpenData:
    """
    Attributes:
        reader: of the store; answers may be a minute old.
        weather: days and normal year from one instant to another.
        standing: goals as they stand.
    """

    portfolio: Portfolio
    figures: OpenFigures
    reader: SeriesReader
    clock: Clock
    goals: Goals
    standing: GoalStanding
    weather: Callable[[datetime, datetime], WeatherYears]
    plan: WeatherPlan
    publisher: Publisher

    @property
    def zone(self) -> str:
        return self.portfolio.timezone
