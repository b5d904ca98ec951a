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


def read_licensed(
    content: bytes, source: str, product: str, place: str, base_temperature_c: float, normal_period: str
) -> list[LicensedDegreeDays]:
    """The months of a file, by month.

    Raises:
        WeatherError: it is no such file; names the line.
    """
    try:
        lines = content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise WeatherError(f"{source}: not UTF-8; save it as UTF-8") from error
    separator = next((mark for mark in ";\t," if lines and mark in lines[0]), ";")
    rows = csv.reader(lines, delimiter=separator)
    head = [_HEADS.get(cell.strip().lower(), cell.strip().lower()) for cell in next(rows, [])]
    if not {"month", "degree_days"} <= set(head):
        raise WeatherError(f"{source}:1: the first line names the columns: month;degree_days;normal")
    found: dict[date, LicensedDegreeDays] = {}
    for cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        where = f"{source}:{rows.line_num}"
        row = dict(zip(head, (cell.strip() for cell in cells), strict=False))
        month = _month(row.get("month", ""), where)
        if month in found:
            raise WeatherError(f"{where}: {month:%Y-%m} is given twice; keep one")
        normal = row.get("normal", "")
        found[month] = LicensedDegreeDays(
            product,
            place,
            month,
            _number(row.get("degree_days", ""), where),
            _number(normal, where) if normal else None,
            base_temperature_c,
            normal_period,
        )
    if not found:
        raise WeatherError(f"{source}: no month is given")
    return [found[month] for month in sorted(found)]


def _month(text: str, where: str) -> date:
    match = re.fullmatch(r"(\d{4})-?(\d{2})(?:-01)?", text)
    try:
        return date(int(match[1]), int(match[2]), 1) if match else _no_month(text, where)
    except ValueError:
        return _no_month(text, where)


def _no_month(text: str, where: str) -> date:
    raise WeatherError(f"{where}: {text!r} is no month; write 2024-01")


def _number(text: str, where: str) -> float:
    try:
        value = float(re.sub(r"[\s\u00a0\u202f]", "", text).replace(",", "."))
    except ValueError:
        value = math.nan
    if not 0 <= value < _MOST:
        raise WeatherError(f"{where}: {text!r} is no number of degree days; an absent month has no line")
    return value
