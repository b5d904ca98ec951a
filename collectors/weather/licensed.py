"""Bought degree days or energy indices per month, from a CSV that a person makes of the delivery.

    month;degree_days;normal
    2024-01;725;615

Separated by `;`, tab or `,`; decimal comma where the separator allows it; `normal` may be left out or empty. Swedish heads are
read too: månad, graddagar (or index), normal.
"""

import csv
import math
import re
from datetime import date

from config.domain.weather import LicensedDegreeDays
from config.errors import WeatherError

_HEADS = {"månad": "month", "manad": "month", "graddagar": "degree_days", "index": "degree_days", "normalår": "normal"}
_MOST = 100_000.0  # no month on Earth has as many
_LOWEST_BASE, _HIGHEST_BASE = 5.0, 25.0  # as of our own, in weather.yaml
_SHOWN = 60


def read_licensed(
    content: bytes, source: str, product: str, place: str, base_temperature_c: float, normal_period: str, today: date
) -> list[LicensedDegreeDays]:
    """The months of a file, by month; none that begins after `today`.

    Raises:
        WeatherError: it is no such file, or the terms are none; every faulty line, one a line ("file:line: what; way out").
    """
    _check_terms(base_temperature_c, normal_period)
    try:
        lines = content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise WeatherError(f"{source}: not UTF-8; save it as UTF-8", f"{source}: inte UTF-8; spara den som UTF-8") from error
    separator = next((mark for mark in ";\t," if lines and mark in lines[0]), ";")
    rows = csv.reader(lines, delimiter=separator)
    found: dict[date, LicensedDegreeDays] = {}
    faults: list[tuple[str, str]] = []  # English, Swedish
    try:
        head = [_HEADS.get(cell.strip().lower(), cell.strip().lower()) for cell in next(rows, [])]
        if not {"month", "degree_days"} <= set(head):
            raise WeatherError(
                f"{source}:1: the first line names the columns: month;degree_days;normal",
                f"{source}:1: första raden namnger kolumnerna: månad;graddagar;normal",
            )
        for cells in rows:
            if not any(cell.strip() for cell in cells):
                continue
            try:
                month, degree_days, normal = _row(head, [cell.strip() for cell in cells])
                if month in found:
                    raise _Unreadable(f"{month:%Y-%m} is given twice; keep one", f"{month:%Y-%m} står två gånger; behåll en")
                if month > today:
                    raise _Unreadable(
                        f"{month:%Y-%m} has not begun; degree days are of months that have been: correct it, or leave it out",
                        f"{month:%Y-%m} har inte börjat; graddagar gäller månader som har varit: rätta den, eller ta bort den",
                    )
            except _Unreadable as wrong:
                faults.append((f"{source}:{rows.line_num}: {wrong}", f"{source}:{rows.line_num}: {wrong.sv}"))
                continue
            found[month] = LicensedDegreeDays(product, place, month, degree_days, normal, base_temperature_c, normal_period)
    except csv.Error as error:
        where = f"{source}:{rows.line_num}"
        faults.append((f"{where}: no CSV: {error}; save it anew", f"{where}: ingen CSV: {error}; spara den på nytt"))
    if faults:
        raise WeatherError("\n".join(text for text, _ in faults), "\n".join(sv for _, sv in faults))
    if not found:
        raise WeatherError(f"{source}: no month is given", f"{source}: ingen månad är angiven")
    return [found[month] for month in sorted(found)]


class _Unreadable(ValueError):
    """What is wrong with a line; `sv`: in Swedish."""

    def __init__(self, text: str, sv: str) -> None:
        super().__init__(text)
        self.sv = sv


def _check_terms(base_temperature_c: float, normal_period: str) -> None:
    if not _LOWEST_BASE <= base_temperature_c <= _HIGHEST_BASE:
        raise WeatherError(
            f"base {base_temperature_c:g} °C: no base temperature of degree days; write --base 17",
            f"bas {base_temperature_c:g} °C: ingen bastemperatur för graddagar; skriv --base 17",
        )
    years = re.fullmatch(r"(\d{4})-(\d{4})", normal_period)
    if years is None or years[1] >= years[2]:
        raise WeatherError(
            f"normal period {normal_period!r}: write its years, as --normal-period 1991-2020",
            f"normalperiod {normal_period!r}: skriv dess år, som --normal-period 1991-2020",
        )


def _row(head: list[str], cells: list[str]) -> tuple[date, float, float | None]:
    """Month, degree days and their normal."""
    if any(cells[len(head) :]):
        raise _Unreadable(
            f"{len(cells)} values, {len(head)} columns; write a decimal point where commas separate columns, or separate by ;",
            f"{len(cells)} värden, {len(head)} kolumner; skriv decimalpunkt där komma skiljer kolumner, eller skilj med ;",
        )
    row = dict(zip(head, cells, strict=False))
    normal = row.get("normal", "")
    return _month(row.get("month", "")), _number(row.get("degree_days", "")), _number(normal) if normal else None


def _month(text: str) -> date:
    match = re.fullmatch(r"(\d{4})-?(\d{2})(?:-01)?", text)
    if match is None or not 1700 <= int(match[1]) < 2200 or not 1 <= int(match[2]) <= 12:
        raise _Unreadable(f"{text[:_SHOWN]!r} is no month; write 2024-01", f"{text[:_SHOWN]!r} är ingen månad; skriv 2024-01")
    return date(int(match[1]), int(match[2]), 1)


def _number(text: str) -> float:
    try:
        value = float(re.sub(r"[\s\u00a0\u202f]", "", text).replace(",", "."))
    except ValueError:
        value = math.nan
    if not 0 <= value < _MOST:
        raise _Unreadable(
            f"{text[:_SHOWN]!r} is no number of degree days; an absent month has no line",
            f"{text[:_SHOWN]!r} är inget antal graddagar; en månad som saknas har ingen rad",
        )
    return value
