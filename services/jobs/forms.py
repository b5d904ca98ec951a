"""What figures are calculated by, as texts that can be kept and compared: factors, price lists, entries, calculations. Pure.

Only what can reach a figure is in a form: a corrected note, source or name changes none.
"""

import hashlib
import importlib
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import orjson
import polars as pl
from pydantic import TypeAdapter, ValidationError

from config.domain.calendar import MunicipalCalendar
from config.domain.estate import Portfolio
from config.domain.factors import Factors
from config.domain.indoor import IndoorRanges
from config.domain.tariffs import Tariffs
from services.figures.calculation import Calculation, Limits

FACTORS, TARIFFS, ENTRY, CALCULATIONS, EED = "factors", "tariffs", "entry", "calculations", "eed base"
OCCUPATION = "occupation"
REMOVED = "null"  # the entry of a building that is no longer in the portfolio
_CODE = ("services.indicators", "services.figures", "services.analysis", "config.domain")
_NAMES = frozenset({"name", "public", "example", "latitude", "longitude"})
_NOTED = frozenset({"source", "mark"})
_FACTORS = TypeAdapter(Factors)
_TARIFFS = TypeAdapter(Tariffs)


@dataclass(frozen=True, slots=True)
class Forms:
    """Of a municipality as it is configured now.

    Attributes:
        common: kind → text, the same for all buildings.
        entries: building → text.
    """

    common: Mapping[str, str]
    entries: Mapping[str, str]


def forms_of(
    portfolio: Portfolio,
    factors: Factors,
    tariffs: Tariffs,
    limits: Limits,
    calculations: Sequence[Calculation],
    code: str,
    occupation: tuple[MunicipalCalendar, IndoorRanges] | None = None,
) -> Forms:
    """
    Args:
        code: a fingerprint of the program's own calculations, see `code_fingerprint`.
        occupation: when rooms are occupied, and within what they should be.
    """
    calendar, ranges = occupation or (MunicipalCalendar(), IndoorRanges())
    return Forms(
        {
            FACTORS: _text(_FACTORS.dump_python(factors)),
            TARIFFS: _text(_TARIFFS.dump_python(tariffs)),
            OCCUPATION: _occupation(calendar, ranges),
            CALCULATIONS: _text({"methods": methods(calculations), "limits": asdict(limits), "code": code}),
        },
        {building: entry_form(portfolio, building) for building in portfolio.buildings},
    )


def entry_form(portfolio: Portfolio, building: str) -> str:
    """A building, its points, and the meters that are or were installed at them."""
    points = sorted(portfolio.points_in(building), key=lambda item: item.id)
    meters = sorted(portfolio.meters_in(building), key=lambda item: item.id)
    return _text(
        {
            "building": _told(asdict(portfolio.buildings[building])),
            "points": {item.id: _told(asdict(item)) for item in points},
            "installations": {item.id: [asdict(one) for one in portfolio.installations_of[item.id]] for item in points},
            "meters": {item.id: [asdict(register) for register in item.registers] for item in meters},
        }
    )


def _occupation(calendar: MunicipalCalendar, ranges: IndoorRanges) -> str:
    spans = [
        [(year.autumn_first_day, year.autumn_last_day), (year.spring_first_day, year.spring_last_day)]
        + [(item.first_day, item.last_day) for item in year.breaks]
        for year in calendar.school_years
    ]
    closed = [(item.first_day, item.last_day) for item in calendar.closed]
    where = (calendar.country, calendar.subdivision, sorted(calendar.school_kinds))
    noted = _NOTED | _NAMES
    limits = [{name: value for name, value in asdict(item).items() if name not in noted} for item in ranges.ranges]
    return _text({"where": where, "closed": closed, "school_years": spans, "ranges": limits})


def base_form(base: pl.DataFrame, building: str) -> str:
    """What the EED line of the building is drawn from."""
    rows = base.filter(pl.col("subject") == building).sort("month").select("month", "value").rows()
    return _text(rows) if rows else "[]"


def factors_from(form: str) -> Factors | None:
    """None where another version of the program wrote what this one cannot read."""
    try:
        return _FACTORS.validate_json(form)
    except ValidationError:
        return None


def tariffs_from(form: str) -> Tariffs | None:
    """None where another version of the program wrote what this one cannot read."""
    try:
        return _TARIFFS.validate_json(form)
    except ValidationError:
        return None


def methods(calculations: Iterable[Calculation]) -> dict[str, str]:
    """Indicator → name and version of the method that its module declares as METHOD; those without one are left out."""
    table: dict[str, str] = {}
    for calculation in calculations:
        module = sys.modules[calculation.calculate.__module__]
        method = getattr(module, "METHOD", None)
        if isinstance(method, str):
            table |= dict.fromkeys(calculation.indicators, method)
    return table


@cache
def code_fingerprint() -> str:
    """Of the program text that figures come from, so that a version that nobody remembered to raise leaves no old figure.

    Too much is recalculated after some upgrades, and nothing is written that comes out as it was.
    """
    digest = hashlib.sha256()
    for package in _CODE:
        for name, content in sorted(_sources(files(importlib.import_module(package)))):
            digest.update(f"{package} {name} {len(content)}\n".encode() + content)
    return digest.hexdigest()[:16]


def _sources(folder: Traversable, prefix: str = "") -> Iterable[tuple[str, bytes]]:
    for item in folder.iterdir():
        if item.is_dir():
            yield from _sources(item, f"{prefix}{item.name}/")
        elif item.name.endswith(".py"):
            yield prefix + item.name, item.read_bytes()


def _told(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name not in _NAMES}


def _text(value: object) -> str:
    return orjson.dumps(value, default=_in_order, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS).decode()


def _in_order(value: object) -> list[Any]:
    """A set has another order in every process; the form of the same factors must not."""
    if isinstance(value, frozenset):
        return sorted(value)
    raise TypeError(f"a {type(value).__name__} in what figures are calculated by: say how it is written")
