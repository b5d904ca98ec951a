"""Two forms of what figures are calculated by to what lies between them: which days of whose figures, and why in words. Pure."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from pydantic import TypeAdapter

from config.domain.changes import CAUSE_WORDS, Cause
from config.domain.estate import Portfolio
from config.domain.factors import Factors
from config.domain.indicators import Missing
from config.domain.restatements import buildings_touched, restated
from config.domain.tariffs import Tariff, Tariffs
from services.indicators.eed import BASE_YEAR
from services.jobs.forms import REMOVED

_UNTOLD = {"name", "source", "mark", "note", "example", "valid_to"}  # of a price list: they reach no figure of a day it holds
_TARIFF = TypeAdapter(Tariff)
_FIELDS: Mapping[str, tuple[str, str]] = {
    "area_m2": ("area", "area"),
    "kind": ("typ av verksamhet", "kind of building"),
    "owner": ("ägare", "owner"),
    "heat_network": ("fjärrvärmenät", "heat network"),
    "max_power_kw": ("effekt", "power"),
    "contract": ("elavtal", "contract"),
    "end_use": ("ändamål", "end use"),
    "carrier": ("energislag", "carrier"),
    "direction": ("riktning", "direction"),
    "parent": ("överordnad mätpunkt", "parent point"),
    "tariffs": ("prislistor", "price lists"),
    "subscribed_kw": ("abonnerad effekt", "subscribed power"),
    "fuse_a": ("säkring", "fuse"),
    "heat_power_kw": ("effekt för effektgrupp", "power of the power group"),
}
_DATED = ("tariffs", "subscribed_kw", "fuse_a", "heat_power_kw")


@dataclass(frozen=True, slots=True)
class Reason:
    """`first` inside, `end` outside; None: without limit. `carrier` "" where it reaches more than one; `months`: all if empty."""

    cause: Cause
    sv: str
    en: str
    first: date | None = None
    end: date | None = None
    carrier: str = ""
    months: frozenset[int] = frozenset()

    def holds(self, day: date) -> bool:
        """Whether figures of the day move."""
        in_month = not self.months or day.month in self.months
        return in_month and (self.first is None or self.first <= day) and (self.end is None or day < self.end)


Of = Callable[[str], list[Reason]]  # building → why its figures move


def by_factors(before: Factors | None, after: Factors, portfolio: Portfolio) -> Of:
    """`before` None: what it was cannot be read, and everything is made again."""
    if before is None:
        return lambda _: [_unread(Cause.FACTOR)]
    table: dict[str, list[Reason]] = {}
    for item in restated(before, after):
        first = None if item.first_year is None else date(item.first_year, 1, 1)
        end = None if item.last_year is None else date(item.last_year + 1, 1, 1)
        what_sv, what_en = ("ny faktor", "new factor") if item.old is None else ("ändrad faktor", "changed factor")
        sv, en = f"{what_sv}: {_inside(item.reason_sv)}", f"{what_en}: {_inside(item.reason_en)}"
        for building in buildings_touched(item, portfolio):
            table.setdefault(building, []).append(Reason(Cause.FACTOR, sv, en, first, end, str(item.carrier or "")))
    return lambda building: table.get(building, [])


def by_tariffs(before: Tariffs | None, after: Tariffs, portfolio: Portfolio) -> Of:
    """A price list reaches the buildings that have a point billed by it, on the days on which it says something else."""
    if before is None:
        return lambda _: [_unread(Cause.TARIFF)]
    changed = {name: list(_stretches(name, before, after)) for name in {item.id for item in (*before.tariffs, *after.tariffs)}}
    vat = (
        f"moms: {_share(before.vat_share)} → {_share(after.vat_share)}",
        f"VAT: {_share(before.vat_share)} → {_share(after.vat_share)}",
    )

    def of(building: str) -> list[Reason]:
        billed = [(term, point.carrier.value) for point in portfolio.points_in(building) for term in point.tariffs]
        found = [
            Reason(
                reason.cause,
                reason.sv,
                reason.en,
                _later(reason.first, term.valid_from),
                _sooner(reason.end, term.valid_to),
                carrier,
            )
            for term, carrier in billed
            for reason in changed.get(term.value, ())
        ]
        if billed and before.vat_share != after.vat_share:
            found.append(Reason(Cause.TARIFF, *vat))
        return [item for item in dict.fromkeys(found) if item.first is None or item.end is None or item.first < item.end]

    return of


def by_entry(before: str, after: str, zone: str) -> list[Reason]:
    """What the portfolio says of one building. What is dated reaches back to its date, the rest to all days."""
    if REMOVED in (before, after):
        words = ("byggnaden är med i portföljen igen", "the building is in the portfolio again")
        return [Reason(Cause.PORTFOLIO, *words)] if before == REMOVED else []
    old, new = orjson.loads(before), orjson.loads(after)
    found = [Reason(Cause.PORTFOLIO, *words) for words in _differences(old["building"], new["building"])]
    for name in sorted(old["points"].keys() | new["points"].keys()):
        found += _of_point(name, old["points"].get(name), new["points"].get(name))
        one, other = old["installations"].get(name, []), new["installations"].get(name, [])
        if one != other and name in old["points"] and name in new["points"]:
            moved = min(_instants(item for item in (*one, *other) if not (item in one and item in other)), default=None)
            day = None if moved is None else moved.astimezone(ZoneInfo(zone)).date()
            words = f"mätare vid {name} från {day or 'början'}", f"meters at {name} from {day or 'the beginning'}"
            found.append(Reason(Cause.PORTFOLIO, *words, first=day, carrier=new["points"][name]["carrier"]))
    for name in sorted(old["meters"].keys() & new["meters"].keys()):
        if old["meters"][name] != new["meters"][name]:
            found.append(Reason(Cause.PORTFOLIO, f"register hos mätaren {name}", f"registers of the meter {name}"))
    return found


def by_calculations(before: str, after: str) -> list[Reason]:
    """A new version of a method, a limit of the settings, or the program text."""
    old, new = orjson.loads(before), orjson.loads(after)
    moved = sorted(
        {(old["methods"].get(name), method) for name, method in new["methods"].items() if old["methods"].get(name) != method},
        key=lambda pair: pair[1],
    )
    sv = [f"ny beräkning {method}" if was is None else f"ny beräkning {was} → {method}" for was, method in moved]
    en = [f"new calculation {method}" if was is None else f"new calculation {was} → {method}" for was, method in moved]
    for name in sorted(new["limits"]):
        if old["limits"].get(name) != new["limits"][name]:
            moved_to = f"{name}: {old['limits'].get(name)} → {new['limits'][name]}"
            sv.append(f"ändrad gräns {moved_to}")
            en.append(f"changed limit {moved_to}")
    if not sv:
        return [Reason(Cause.VERSION, *CAUSE_WORDS[Cause.VERSION])]
    return [Reason(Cause.VERSION, *words) for words in zip(sv, en, strict=True)]


def by_eed_base(before: str, after: str) -> list[Reason]:
    """A month of the base year reaches the same month of that year and every later one."""
    old, new = dict(orjson.loads(before)), dict(orjson.loads(after))
    moved = frozenset(month for month in old.keys() | new.keys() if old.get(month) != new.get(month))
    words = f"energianvändningen {BASE_YEAR} ändrades", f"the energy use of {BASE_YEAR} changed"
    return [Reason(Cause.BASE, *words, first=date(BASE_YEAR, 1, 1), months=moved)] if moved else []


def _of_point(name: str, old: dict[str, Any] | None, new: dict[str, Any] | None) -> Iterator[Reason]:
    if old is None or new is None:
        sv, en = ("ny mätpunkt", "new metering point") if old is None else ("mätpunkt borttagen:", "metering point removed:")
        yield Reason(Cause.PORTFOLIO, f"{sv} {name}", f"{en} {name}")
        return
    still = [field for field in _DATED if old.get(field) != new.get(field)]
    for field in still:
        terms = [term for term in (*old[field], *new[field]) if not (term in old[field] and term in new[field])]
        days = [None if term["valid_from"] is None else date.fromisoformat(term["valid_from"]) for term in terms]
        first = None if None in days or not days else min(day for day in days if day is not None)
        words = _FIELDS[field]
        yield Reason(Cause.PORTFOLIO, f"{words[0]} vid {name}", f"{words[1]} at {name}", first)
    rest_old, rest_new = ({key: value for key, value in item.items() if key not in _DATED} for item in (old, new))
    for sv, en in _differences(rest_old, rest_new):
        yield Reason(Cause.PORTFOLIO, f"{name}: {sv}", f"{name}: {en}")


def _differences(old: dict[str, Any], new: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for field in sorted(old.keys() | new.keys()):
        one, other = old.get(field), new.get(field)
        if one != other:
            sv, en = _FIELDS.get(field, (field, field))
            yield f"{sv} {_value(one, 0)} → {_value(other, 0)}", f"{en} {_value(one, 1)} → {_value(other, 1)}"


def _stretches(name: str, before: Tariffs, after: Tariffs) -> Iterator[Reason]:
    dated = [item for item in (*before.tariffs, *after.tariffs) if item.id == name]
    edges = sorted({date.min, *(item.valid_from for item in dated), *(item.valid_to for item in dated if item.valid_to)})
    for first, end in zip(edges, [*edges[1:], None], strict=True):
        old, new = before.tariff(name, first), after.tariff(name, first)
        if _price(old) != _price(new):
            was_sv, was_en = (
                ("ny prislista", "new price list") if isinstance(old, Missing) else ("ändrad prislista", "changed price list")
            )
            since = new.valid_from if isinstance(new, Tariff) else first
            yield Reason(
                Cause.TARIFF,
                f"{was_sv} {name} från {since}",
                f"{was_en} {name} from {since}",
                None if first == date.min else first,
                end,
            )


def _price(found: Tariff | Missing) -> object:
    if isinstance(found, Missing):
        return found.reason_sv
    return {name: value for name, value in _TARIFF.dump_python(found, mode="json").items() if name not in _UNTOLD}


def _instants(installations: Iterator[dict[str, Any]]) -> Iterator[datetime]:
    for item in installations:
        yield datetime.fromisoformat(item["start"])
        if item["end"] is not None:
            yield datetime.fromisoformat(item["end"])


def _unread(cause: Cause) -> Reason:
    sv, en = CAUSE_WORDS[cause]
    return Reason(cause, f"{sv} (vad som gällde förut går inte att läsa)", f"{en} (what held before cannot be read)")


def _inside(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _value(value: object, language: int) -> str:
    if value is None or value == "":
        return ("saknas", "missing")[language]
    text = f"{value:.10g}" if isinstance(value, float) else str(value)
    return text.replace(".", ",") if language == 0 and isinstance(value, float) else text


def _share(value: float | None) -> str:
    return "–" if value is None else f"{round(value * 100, 4):g} %"


def _later(one: date | None, other: date | None) -> date | None:
    return other if one is None else one if other is None else max(one, other)


def _sooner(one: date | None, other: date | None) -> date | None:
    return other if one is None else one if other is None else min(one, other)
