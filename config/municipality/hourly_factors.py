"""Hourly factors: a CSV file beside factors.yaml, one line an hour.

    time;value;renewable;recovered;fossil;other
    2024-01-01T00:00Z;18.2;0.61;0;0.02;0.37

Separated by `;`, `,` or tab; decimal comma or point where the separator allows it. The four shares are all given or all left out.
An hour that is not there is not known; nothing is put in its place.
"""

import csv
import hashlib
import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator

from config.domain.factors import HourOfMix, Shares
from config.municipality.entries import Words, wrong
from config.municipality.yaml_source import Keys, YamlSource

SHARES = ("renewable", "recovered", "fossil", "other")
ROUNDING = 0.0015
KG = 1.0  # [g/kWh] below it factors are likely written in kg
HOUR = timedelta(hours=1)
MOST_SAID = 20  # lines of a file that are said to be wrong; the rest are counted
SHOWN = 60  # characters of a cell
LARGEST = 50_000_000  # bytes; ten years of hours fit into a hundredth of it


def _csv_name(name: str) -> str:
    if Path(name).name != name or Path(name).suffix != ".csv":
        raise wrong(
            f"{name!r} is no CSV file in this folder; write its name alone, as el-se3.csv",
            f"{name!r} är ingen CSV-fil i mappen; skriv bara dess namn, som el-se3.csv",
        )
    return name


CsvName = Annotated[Words, AfterValidator(_csv_name)]


class _Unreadable(ValueError):
    """What is wrong with a line, in both languages."""

    def __init__(self, text: str, text_sv: str) -> None:
        super().__init__(text)
        self.text, self.text_sv = text, text_sv


def hours_of(source: YamlSource, path: Keys, name: str, folder: Path | None) -> tuple[tuple[HourOfMix, ...], str] | None:
    """The hours of the file by time, and its fingerprint; None, with a fault at `path`, where it cannot be used."""
    try:
        if folder is None:
            raise FileNotFoundError(2, "no folder given")
        if (folder / name).stat().st_size > LARGEST:
            raise OSError(27, f"larger than {LARGEST} bytes; split it")
        content = (folder / name).read_bytes()
        text = content.decode("utf-8-sig")
    except OSError as error:
        source.fault(path, f"{name} cannot be read: {error.strerror}", f"{name} kan inte läsas: {error.strerror}")
        return None
    except UnicodeDecodeError:
        source.fault(path, f"{name} is not UTF-8; save it as UTF-8", f"{name} är inte UTF-8; spara den som UTF-8")
        return None
    rows = csv.reader(lines := text.splitlines(), delimiter=_separator(lines))
    hours: dict[datetime, HourOfMix] = {}
    wrong: list[tuple[int, str, str]] = []
    try:
        columns = _columns([word.strip() for word in next(rows, [])])
        for row in rows:
            if not any(word.strip() for word in row):
                continue
            try:
                hour = _hour(row, columns)
                if hour.start in hours:
                    raise _Unreadable(f"{row[columns['time']]} is given twice", f"{row[columns['time']]} står två gånger")
                hours[hour.start] = hour
            except _Unreadable as error:
                wrong.append((rows.line_num, error.text, error.text_sv))
        if not hours and not wrong:
            raise _Unreadable("no hour is given", "ingen timme är angiven")
    except _Unreadable as error:
        wrong.append((max(1, rows.line_num), error.text, error.text_sv))
    except csv.Error as error:
        wrong.append((rows.line_num, f"no CSV: {error}", f"inte CSV: {error}"))
    for line, said, said_sv in wrong[:MOST_SAID]:
        source.fault(path, f"{name}:{line}: {said}", f"{name}:{line}: {said_sv}")
    if len(wrong) > MOST_SAID:
        more = len(wrong) - MOST_SAID
        source.fault(path, f"{name}: {more} lines more are wrong", f"{name}: ytterligare {more} rader är fel")
    if wrong:
        return None
    ordered = tuple(hours[start] for start in sorted(hours))
    _tell_odd(source, path, name, ordered)
    return ordered, hashlib.sha256(content).hexdigest()[:12]


def _separator(lines: list[str]) -> str:
    return next((mark for mark in ";\t," if lines and mark in lines[0]), ";")


def _tell_odd(source: YamlSource, path: Keys, name: str, hours: Sequence[HourOfMix]) -> None:
    """Hours that lack between the first and the last, and values so small that they are likely in kg."""
    lacking = round((hours[-1].start - hours[0].start) / HOUR) + 1 - len(hours)
    if lacking:
        gap = next(early.start + HOUR for early, late in pairwise(hours) if late.start - early.start > HOUR)
        source.fault(
            path,
            f"{name}: {lacking} hours lack, the first {gap:%Y-%m-%dT%H:%MZ}: what needs them will be missing; "
            "add them if they exist",
            f"{name}: {lacking} timmar fattas, den första {gap:%Y-%m-%dT%H:%MZ}: det som kräver dem kommer att saknas; "
            "lägg till dem om de finns",
            warning=True,
        )
    largest = max(hour.value for hour in hours)
    if 0 < largest < KG:
        source.fault(
            path,
            f"{name}: no value is above {largest:g} g/kWh, which is very little: are they in kg? Then give 1000 times as much",
            f"{name}: inget värde är över {largest:g} g/kWh, vilket är mycket litet: står de i kg? Ange då 1000 gånger så mycket",
            warning=True,
        )


def _columns(header: list[str]) -> dict[str, int]:
    columns = {name: place for place, name in enumerate(header)}
    if len(columns) < len(header):
        raise _Unreadable("two columns have the same name; keep one", "två kolumner har samma namn; behåll en")
    given = [name for name in SHARES if name in columns]
    if not {"time", "value"} <= columns.keys() or (given and len(given) < len(SHARES)):
        raise _Unreadable(
            "the first line names the columns: time;value, or time;value;renewable;recovered;fossil;other",
            "första raden namnger kolumnerna: time;value, eller time;value;renewable;recovered;fossil;other",
        )
    return columns


def _hour(row: list[str], columns: dict[str, int]) -> HourOfMix:
    if len(row) < len(columns) or any(word.strip() for word in row[len(columns) :]):
        raise _Unreadable(
            f"{len(row)} values, {len(columns)} columns; with decimal commas separate columns by ;",
            f"{len(row)} värden, {len(columns)} kolumner; skilj kolumner åt med ; där decimalkomma används",
        )
    start = _start(row[columns["time"]].strip())
    value = _number(row[columns["value"]])
    if "fossil" not in columns or not any(row[columns[name]].strip() for name in SHARES):
        return HourOfMix(start, value)
    shares = [_number(row[columns[name]]) for name in SHARES]
    total = sum(shares)
    if abs(total - 1) > ROUNDING:
        raise _Unreadable(f"the shares sum to {total:.4f}, not 1", f"andelarna har summan {total:.4f}, inte 1")
    return HourOfMix(start, value, Shares(*(share / total for share in shares)))


def _start(text: str) -> datetime:
    try:
        start = datetime.fromisoformat(text)
    except ValueError as error:
        raise _Unreadable(
            f"{text!r} is no time; write 2024-01-01T00:00Z", f"{text!r} är ingen tid; skriv 2024-01-01T00:00Z"
        ) from error
    if start.tzinfo is None:
        raise _Unreadable(
            f"{text!r} says no zone: an hour is doubled each autumn; write UTC, as 2024-01-01T00:00Z",
            f"{text!r} saknar zon: en timme är dubbel varje höst; skriv UTC, som 2024-01-01T00:00Z",
        )
    if not 1900 <= start.year < 2200:
        raise _Unreadable(f"{text!r} is no year of factors", f"{text!r} är inget år för faktorer")
    start = start.astimezone(UTC)
    if (start.minute, start.second, start.microsecond) != (0, 0, 0):
        raise _Unreadable(f"{text!r} is no full hour", f"{text!r} är ingen hel timme")
    return start


def _number(text: str) -> float:
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or value < 0:
        shown = repr(text.strip()[:SHOWN])
        raise _Unreadable(f"{shown} is no number from 0 up", f"{shown} är inget tal från 0 och uppåt")
    return value
