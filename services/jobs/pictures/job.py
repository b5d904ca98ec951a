"""Draws the pictures whose inputs changed since they were last drawn."""

from collections.abc import Hashable, Sequence
from datetime import datetime

from config.domain.clock import Clock
from config.errors import MonitorError
from services.jobs.pictures.picture import Picture, today

UNKNOWN = object()  # equal to nothing but itself: what could not be asked


class PicturesJob:
    """A task is a picture, by name. What was drawn is remembered by this process only: a new one draws everything once.

    The local day and the hour count as inputs of each: after midnight there is a new day to draw, and a store that was emptied
    has its pictures back within the hour.
    """

    name = "pictures"

    def __init__(self, pictures: Sequence[Picture], zone: str, clock: Clock) -> None:
        self._pictures = {picture.name: picture for picture in pictures}
        self._zone = zone
        self._clock = clock
        self._drawn: dict[str, Hashable] = {}

    def pending(self, now: datetime) -> Sequence[str]:
        """The pictures that are not as their inputs are; one that cannot say so is drawn, which tells what ails it."""
        return [name for name, picture in self._pictures.items() if self._asked(picture, now) != self._drawn.get(name, UNKNOWN)]

    def do(self, task: str) -> None:
        """Draw it. What changes while it is drawn is drawn the next time."""
        now, picture = self._clock.now(), self._pictures[task]
        inputs = self._inputs(picture, now)
        picture.draw(now)
        self._drawn[task] = inputs

    def _asked(self, picture: Picture, now: datetime) -> Hashable:
        try:
            return self._inputs(picture, now)
        except MonitorError:
            return None

    def _inputs(self, picture: Picture, now: datetime) -> Hashable:
        return today(now, self._zone).start, now.replace(minute=0, second=0, microsecond=0), picture.inputs(now)
