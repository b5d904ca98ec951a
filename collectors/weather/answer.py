"""What both of SMHI's formats come to: instants, numbers, quality; and what is not taken, said in words."""

from dataclasses import dataclass
from datetime import UTC, datetime

import polars as pl

from collectors.weather.parameters import PARAMETERS
from config.domain.weather import VALUES, Quality, WeatherFinding, WeatherFindingCode, WeatherQuantity
from config.errors import WeatherError

IMPOSSIBLE_SHARE = 0.02  # more than this outside what weather can be, and it is the unit that is wrong, not the sensor
_START = 80
_FIRST, _END = datetime(1700, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)  # Uppsala is measured since 1722


@dataclass(frozen=True)
class Answer:
    """One period of one station.

    Attributes:
        values: columns `config.domain.weather.VALUES`, one row an instant, by time.
    """

    quantity: WeatherQuantity
    station: str
    name: str
    values: pl.DataFrame
    findings: tuple[WeatherFinding, ...] = ()


def judged(rows: pl.DataFrame, quantity: WeatherQuantity, station: str, name: str, source: str) -> Answer:
    """The rows that are values; of one instant twice the checked one, else the later row.

    Args:
        rows: columns `time`, `value`, `quality`, `given` (whether the row has a value at all); null what cannot be read.
        source: address or file, for the errors.
    Raises:
        WeatherError: most of what was given cannot be read, or cannot be in the unit.
    """
    parameter = PARAMETERS[quantity]
    given = rows.filter("given")
    readable = given.filter(
        pl.col("time").is_between(_FIRST, _END, closed="left").fill_null(value=False)
        & pl.col("value").is_finite().fill_null(value=False)
        & pl.col("quality").is_not_null()
    )
    unreadable = given.height - readable.height
    if unreadable > readable.height:
        raise WeatherError(
            f"{source}: station {station}: {unreadable} of {given.height} rows cannot be read; "
            "has the format changed? Nothing was taken"
        )
    taken = [Quality.CHECKED.value, Quality.PROVISIONAL.value, Quality.MODEL.value]
    approved = readable.filter(pl.col("quality").is_in(taken))
    possible = approved.filter(pl.col("value").is_between(parameter.lowest, parameter.highest))
    impossible = approved.height - possible.height
    if impossible > IMPOSSIBLE_SHARE * approved.height and impossible > 1:
        example = approved.filter(~pl.col("value").is_between(parameter.lowest, parameter.highest))["value"][0]
        raise WeatherError(
            f"{source}: station {station}: {impossible} of {approved.height} values, {example:g} among them, are no "
            f"{quantity.unit}; has the unit changed? Nothing was taken"
        )
    values = (
        possible.with_row_index("row")
        .sort("time", pl.col("quality") == Quality.CHECKED.value, "row")
        .unique("time", keep="last", maintain_order=True)
        .sort("time")
        .select(list(VALUES))
        .cast(VALUES)
    )
    rejected = readable.height - approved.height
    dropped = (
        (WeatherFindingCode.UNREADABLE, unreadable, "rader gick inte att läsa", "rows could not be read"),
        (
            WeatherFindingCode.NOT_APPROVED,
            rejected,
            "värden är inte godkända",
            "values are not approved",
        ),
        (WeatherFindingCode.IMPOSSIBLE, impossible, "värden kan inte vara väder", "values cannot be weather"),
    )
    findings = tuple(
        WeatherFinding(
            code,
            quantity,
            station,
            f"{name or station}: {count} {sv} och togs inte med; de dygnen saknas eller fylls från nästa station",
            f"{name or station}: {count} {en} and were left out; those days are missing or filled from the next station",
        )
        for code, count, sv, en in dropped
        if count
    )
    return Answer(quantity, station, name, values, findings)


def text_of(content: bytes, source: str, station: str, wanted: str) -> str:
    """The answer as text.

    Raises:
        WeatherError: it is empty, or a web page.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    start = text.lstrip()[:_START]
    if not start:
        raise WeatherError(f"{source}: station {station}: an empty answer in place of {wanted}; a later look asks again")
    if start.startswith("<"):
        raise WeatherError(
            f"{source}: station {station}: a web page in place of {wanted} ({' '.join(start.split())!r}); "
            "is there a proxy or a sign-in page between us and SMHI?"
        )
    return text


def check_unit(unit: str | None, quantity: WeatherQuantity, station: str, source: str) -> None:
    """Raises WeatherError where the unit is another than the parameter's."""
    if unit is None or unit.strip().lower() not in PARAMETERS[quantity].units:
        raise WeatherError(
            f"{source}: station {station}: the unit is {unit!r}, {quantity.unit} was expected; nothing was taken, "
            "a newer version of this program may know it"
        )


def check_station(found: str | None, station: str, source: str) -> None:
    """Raises WeatherError where the answer is another station's."""
    if found is not None and found.strip() != station:
        raise WeatherError(f"{source}: the answer is of station {found}, {station} was asked for; nothing was taken")


def check_summary(summary: str | None, quantity: WeatherQuantity, station: str, source: str) -> None:
    """Raises WeatherError where the description is another parameter's: minima, maxima and monthly means have the same name."""
    wanted = PARAMETERS[quantity].summary
    if summary is not None and wanted not in summary.lower():
        raise WeatherError(
            f"{source}: station {station}: this is {summary!r}, {wanted!r} was expected; choose SMHI's parameter "
            f"{PARAMETERS[quantity].number}"
        )
