"""One cell as a time or a number. What cannot be read is refused with a reason; nothing is guessed."""

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

BLANKS = frozenset({"", "-", "–", "nan", "null", "none", "na", "n/a", "#n/a", "saknas"})
_SPACES = str.maketrans("", "", " '\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}")  # between thousands


class Reason(Enum):
    """Why a line or a cell was not taken: Swedish, English."""

    NO_CELL = ("raden har för få kolumner", "the line has too few columns")
    NO_TIME = ("tiden går inte att läsa", "the time cannot be read")
    NO_SUCH_TIME = ("klockslaget finns inte: klockan ställdes fram", "no such time: the clock was put forward")
    TIME_TWICE = (
        "klockslaget finns två gånger det dygnet och raden står inte två gånger",
        "the time comes twice that day and the line does not come twice",
    )
    TOO_OLD = ("tiden ligger före år 2000", "the time lies before the year 2000")
    IN_FUTURE = ("tiden ligger i framtiden", "the time lies in the future")
    NOT_ON_STEP = ("tiden ligger inte på ett helt steg", "the time is not on a whole step")
    HOUR_INCOMPLETE = ("timmen har inte alla sina delar", "the hour has not all its parts")
    NO_NUMBER = ("värdet är inget tal", "the value is no number")
    COMMA = (
        "kommat kan vara decimal- eller tusentalstecken; ange vilket",
        "the comma may be a decimal sign or between thousands; say which",
    )
    NEGATIVE = ("negativ användning vid en punkt med en riktning", "negative use at a point of one direction")
    ABSURD = ("orimligt stort tal", "an absurdly large number")
    UNIT = ("enheten passar inte storheten", "the unit does not fit the quantity")
    NOT_INSTALLED = ("ingen mätare var installerad då", "no meter was installed then")
    REJECTED = ("databasen tog inte emot värdet", "the database did not take the value")

    @property
    def sv(self) -> str:
        return self.value[0]

    @property
    def en(self) -> str:
        return self.value[1]


class Refusal(Exception):
    """A cell that is not taken; handled where lines are read, and never leaves the import."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(reason.en)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class WallClock:
    """A time that comes twice on the day the clock is put back. `instants`: the earlier, the later."""

    wall: datetime
    instants: tuple[datetime, datetime]


def time_of(cells: list[Any], zone: ZoneInfo | timezone, time_format: str | None) -> datetime | WallClock:
    """The instant that the cells (one, or a date's and a clock's) say, or the two it may be.

    Raises:
        Refusal
    """
    moment = _stated(cells, time_format)
    if not 1 < moment.year < 9999:  # an offset would carry it out of the calendar
        raise Refusal(Reason.TOO_OLD if moment.year <= 1 else Reason.IN_FUTURE)
    if moment.tzinfo is not None:
        return moment.astimezone(UTC)
    earlier, later = (moment.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    before, after = earlier.utcoffset() or timedelta(0), later.utcoffset() or timedelta(0)
    if before < after:
        raise Refusal(Reason.NO_SUCH_TIME)
    if before > after:
        return WallClock(moment, (earlier.astimezone(UTC), later.astimezone(UTC)))
    return earlier.astimezone(UTC)


def _stated(cells: list[Any], time_format: str | None) -> datetime:
    """Aware where an offset is given, else naive."""
    if len(cells) == 1 and isinstance(cells[0], datetime):
        return cells[0]
    text = " ".join(cell.isoformat() if isinstance(cell, date) else str(cell).strip() for cell in cells)
    try:
        if time_format is not None:
            return datetime.strptime(text, time_format)  # noqa: DTZ007 - the zone is the layout's
        text, midnight = _without_24(text)
        return datetime.fromisoformat(text) + midnight
    except (ValueError, OverflowError) as error:
        raise Refusal(Reason.NO_TIME) from error


def _without_24(text: str) -> tuple[str, timedelta]:
    """24:00 is the end of the day; and a lone hour ("2026-01-02 7") is written with two digits."""
    day, _, clock = text.partition(" ")
    if clock.startswith("24") and clock.strip("240:") == "":
        return f"{day} 00:00", timedelta(days=1)
    if clock and clock.split(":")[0].isdigit() and len(clock.split(":")[0]) == 1:
        return f"{day} 0{clock}", timedelta(0)
    return text, timedelta(0)


def number_of(cell: Any, decimal: str | None, separator: str) -> float | None:
    """The cell's number; None where it is blank.

    A comma is the decimal sign where `decimal` says so, or where it says nothing and columns are not separated by commas.

    Raises:
        Refusal
    """
    if cell is None:
        return None
    if isinstance(cell, bool):
        raise Refusal(Reason.NO_NUMBER)
    if not isinstance(cell, str):
        try:
            number = float(cell)
        except (TypeError, ValueError) as error:
            raise Refusal(Reason.NO_NUMBER) from error
        return None if math.isnan(number) else _finite(number)
    text = cell.strip()
    if text.lower() in BLANKS:
        return None
    text = text.translate(_SPACES).replace("−", "-")
    if "," in text:
        if decimal == "." or (decimal is None and separator in (",", "")) or text.count(",") > 1 or "." in text:
            raise Refusal(Reason.COMMA)
        text = text.replace(",", ".")
    elif decimal == "," and "." in text:
        raise Refusal(Reason.COMMA)
    if not text.isascii() or set(text) - set("0123456789+-.eE"):
        raise Refusal(Reason.NO_NUMBER)
    try:
        return _finite(float(text))
    except ValueError as error:
        raise Refusal(Reason.NO_NUMBER) from error


def _finite(number: float) -> float:
    if not math.isfinite(number):
        raise Refusal(Reason.NO_NUMBER)
    return number
