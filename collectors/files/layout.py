"""How a file is to be read: what its columns mean."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from config.domain.periods import zone_named
from config.errors import ConfigurationError


class Kind(StrEnum):
    """What the numbers are."""

    REGISTER = "register"  # what a register showed at that instant
    USE = "use"  # what was used in a step of time


class Stamp(StrEnum):
    """Which end of its step a use is named by."""

    START = "start"
    END = "end"


NAME = "{name}"  # in a target: what the name column says


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a table, by their headers.

    Attributes:
        kind: registers or use.
        unit: of the numbers, unless `unit_column` says it a line; "" where only that does.
        time: the time's column, or a date's and a clock's; () finds it among the usual headers.
        name: long form: the column that says whose value a line is. None is the wide form: a column a meter.
        values: value column → target: a metering point, a meter, "meter/register" or a device id, with "{name}" standing for
            what the name column says. Empty: in the wide form every other column is a target by its header; in the long form
            the only other column has the values.
        names: what the file calls something → what we call it.
        timezone: of times without offset: "UTC", "UTC+1" (normal time all year), or an IANA name such as Europe/Stockholm.
        stamp: whether a use is named by the start or the end of its step.
        step_minutes: width of a use: 60, or a part of it that goes up in an hour; parts are added to whole hours.
        separator: of columns; found in the header where None.
        decimal: "," or "."; where None a comma is the decimal sign unless it could be something else.
        encoding: found where None: UTF-8, UTF-16 with its mark, else Windows-1252.
        time_format: of `strptime`, where the time is no ISO 8601.
    """

    kind: Kind
    unit: str
    time: tuple[str, ...] = ()
    name: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    unit_column: str | None = None
    timezone: str = "UTC"
    stamp: Stamp = Stamp.START
    step_minutes: int = 60
    separator: str | None = None
    decimal: str | None = None
    encoding: str | None = None
    time_format: str | None = None

    def __post_init__(self) -> None:
        try:
            zone_named(self.timezone)
        except (KeyError, ValueError, OSError) as error:
            raise ConfigurationError(
                f"time zone {self.timezone!r}: unknown; write UTC, UTC+1 or Europe/Stockholm",
                f"tidszonen {self.timezone!r} är okänd; skriv UTC, UTC+1 eller Europe/Stockholm",
            ) from error
        if self.step_minutes <= 0 or 60 % self.step_minutes:
            raise ConfigurationError(
                f"step of {self.step_minutes} minutes does not go up in an hour; write 60, 30 or 15",
                f"steg om {self.step_minutes} minuter går inte jämnt upp i en timme; skriv 60, 30 eller 15",
            )
        if self.decimal not in (None, ",", "."):
            raise ConfigurationError(
                f"decimal sign {self.decimal!r}: write , or .", f"decimaltecknet {self.decimal!r}: skriv , eller ."
            )
        if not self.unit and self.unit_column is None:
            raise ConfigurationError(
                "no unit: say which unit the numbers have, or which column says it",
                "ingen enhet: ange vilken enhet talen har, eller vilken kolumn som säger det",
            )
