"""The models' base and the kinds of value that several files have, each fault with its way out."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Annotated, Any, TypeVar, get_args, get_origin
from zoneinfo import ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, WithJsonSchema
from pydantic_core import PydanticCustomError

from config.domain.estate import BUILDING_KINDS
from config.domain.factors import Mark
from config.domain.periods import zone_named
from config.domain.quantities import QUANTITIES, UNITS
from config.municipality.faults import meant
from config.municipality.yaml_source import Keys, YamlSource


class Entry(BaseModel):
    """A mapping in a file. Unknown keys are faults: a misspelt one would otherwise be a value that is missing."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, use_attribute_docstrings=True)


Model = TypeVar("Model", bound=Entry)


def wrong(text: str, text_sv: str) -> PydanticCustomError:
    """A fault in both languages, to be raised by a validator."""
    return PydanticCustomError("municipality", "{text}", {"text": text, "text_sv": text_sv})


def _slug(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9_-]+", text):
        raise wrong(
            f"{text!r} is no id; use a-z, 0-9, - and _, as in skola-1",
            f"{text!r} är inget id; använd a-z, 0-9, - och _, som i skola-1",
        )
    return text


def _plain(text: str) -> str:
    if not text.strip() or any(unicodedata.category(letter) in ("Cc", "Cs") for letter in text):
        raise wrong("must be a line of text", "måste vara en rad text")
    return text


STEPS = {"s": 1, "sek": 1, "min": 60, "h": 3600, "tim": 3600, "d": 86_400}


def _seconds(given: object) -> object:
    found = re.fullmatch(r"(\d{1,9})\s*([a-z]+)", given.strip()) if isinstance(given, str) else None
    if found is None or found[2] not in STEPS or int(found[1]) == 0:
        raise wrong(
            f"{_shown(given)} is no interval; write 10 s, 5 min, 1 h or 1 d",
            f"{_shown(given)} är inget intervall; skriv 10 s, 5 min, 1 h eller 1 d",
        )
    return int(found[1]) * STEPS[found[2]]


def _zone(name: str) -> str:
    try:
        zone_named(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise wrong(
            f"{name!r} is no time zone; write Europe/Stockholm, UTC or UTC+1 (normal time all year)",
            f"{name!r} är ingen tidszon; skriv Europe/Stockholm, UTC eller UTC+1 (normaltid hela året)",
        ) from error
    return name


FIRST_YEAR, END_YEAR = 1900, 2200  # no meter stood before, and a slip of the pen may leave the calendar in another zone


def _moment(given: object) -> object:
    text = given if isinstance(given, str) else ""
    try:
        moment = date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else datetime.fromisoformat(text)
        if not FIRST_YEAR <= moment.year < END_YEAR:
            raise ValueError(text)
        return moment
    except ValueError as error:
        raise wrong(
            f"{_shown(given)} is no time; write 2026-11-23, or 2026-11-23T10:30 in local time",
            f"{_shown(given)} är ingen tid; skriv 2026-11-23, eller 2026-11-23T10:30 i lokal tid",
        ) from error


def _shown(given: object) -> str:
    """What stands there; "…" for what is no plain value."""
    return _cut(repr(given)) if isinstance(given, str) else "…"


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def known_quantity(name: str) -> str:
    """`name`, if it is a quantity."""
    if name not in QUANTITIES:
        out, out_sv = meant(name, QUANTITIES)
        raise wrong(f"no quantity {name!r}; {out}", f"storheten {name!r} finns inte; {out_sv}")
    return name


def known_kind(name: str) -> str:
    """`name`, if it is a kind of building."""
    if name not in BUILDING_KINDS:
        out, out_sv = meant(name, BUILDING_KINDS)
        raise wrong(f"no kind of building {name!r}; {out}", f"byggnadstypen {name!r} finns inte; {out_sv}")
    return name


def known_unit(name: str) -> str:
    """`name`, if it is a unit."""
    if name not in UNITS:
        near = next((unit for unit in UNITS if unit.lower() == name.lower()), None)
        out, out_sv = (f"did you mean {near}?", f"menade du {near}?") if near else meant(name, UNITS)
        raise wrong(f"no unit {name!r}; {out}", f"enheten {name!r} finns inte; {out_sv}")
    return name


def _number(given: object) -> object:
    """As it stands where it is plain; the way out where it is a number as people write it."""
    if not isinstance(given, str) or re.fullmatch(r"-?\d+(\.\d+)?", given):
        return given
    found = re.fullmatch(r"([-\u2212]?)(\d[\d\s\u00a0\u202f]*(?:[.,]\d+)?)\s*((?![eE][+-]?\d)[^\W\d_].*|[%°].*)?", given.strip())
    if found is None:
        return given
    sign, digits, unit = found.groups()
    plain = ("-" if sign else "") + re.sub(r"\s", "", digits).replace(",", ".")
    if unit is not None and unit.startswith("%"):
        share = f"{float(plain) / 100:.10g}"
        raise wrong(f"{given!r}: write the share, {share}", f"{given!r}: skriv andelen, {share}")
    if unit:
        raise wrong(
            f"{given!r}: write the number alone, {plain}; the key says its unit",
            f"{given!r}: skriv bara talet, {plain}; nyckeln säger enheten",
        )
    raise wrong(
        f"{given!r}: write a decimal point and no blanks, {plain}",
        f"{given!r}: skriv decimalpunkt och inga mellanslag, {plain}",
    )


SHOWN = 60  # characters of what stands there
SLUG_SCHEMA = {"type": ["string", "integer"], "pattern": "^[a-z0-9_-]+$"}
Slug = Annotated[str, AfterValidator(_slug), WithJsonSchema(SLUG_SCHEMA)]
Words = Annotated[str, AfterValidator(_plain), Field(max_length=2000)]
Seconds = Annotated[
    int,
    BeforeValidator(_seconds),
    WithJsonSchema({"type": "string", "pattern": r"^\d+\s*(s|sek|min|h|tim|d)$", "examples": ["5 min"]}),
]
Zone = Annotated[str, AfterValidator(_zone), WithJsonSchema({"type": "string", "examples": ["Europe/Stockholm", "UTC", "UTC+1"]})]
Moment = Annotated[
    date | datetime,
    BeforeValidator(_moment),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}", "examples": ["2026-11-23", "2026-11-23T10:30"]}),
]
QuantityName = Annotated[str, AfterValidator(known_quantity), WithJsonSchema({"type": "string", "enum": sorted(QUANTITIES)})]
UnitName = Annotated[str, AfterValidator(known_unit), WithJsonSchema({"type": "string", "enum": list(UNITS)})]
Number = Annotated[float, BeforeValidator(_number)]
Year = Annotated[int, Field(ge=1990, le=2100)]
MarkLetter = Annotated[Mark, WithJsonSchema({"type": "string", "enum": [mark.value for mark in Mark]})]


def checked(source: YamlSource, model: type[Model]) -> Model | None:
    """The file as the model; None where it is not, with every reason among the source's faults."""
    if source.data is None:
        if not source.faults:
            source.fault((), "the file is empty", "filen är tom")
        return None
    try:
        return model.model_validate(source.data)
    except ValidationError as error:
        for item in error.errors():
            path: Keys = tuple(item["loc"])
            text, text_sv = _in_words(item, model, path)
            source.fault(path, text, text_sv)
        return None


def in_swedish(item: Any) -> str:
    """A fault of pydantic's in one value of a flat model."""
    return _in_words(item, Entry, ())[1]


def _in_words(item: Any, model: type[Entry], path: Keys) -> tuple[str, str]:
    """A fault of pydantic's, with the way out."""
    given, context = item["input"], item.get("ctx", {})
    shown = _cut(repr(given)) if isinstance(given, str | int | float) else ("nothing" if given is None else "that")
    visat = _cut(repr(given)) if isinstance(given, str | int | float) else ("ingenting" if given is None else "det")
    match item["type"]:
        case "municipality":
            return context["text"], context["text_sv"]
        case "missing":
            return "is missing; give it", "saknas; ange det"
        case "extra_forbidden" if given is None and re.fullmatch(r"\d+", str(path[-1])):
            return (
                f"no such key; is it the rest of a decimal comma? Write a point, 0.{path[-1]}",
                f"nyckeln finns inte; är det resten av ett decimalkomma? Skriv punkt, 0.{path[-1]}",
            )
        case "extra_forbidden":
            out, out_sv = meant(str(path[-1]), _keys_at(model, path[:-1]))
            return f"no such key; {out}", f"nyckeln finns inte; {out_sv}"
        case "enum" | "literal_error":
            known = [word.strip("'") for word in re.split(r", | or ", context["expected"])]
            out, out_sv = meant(str(given), known)
            return f"{shown} is none of them; {out}", f"{visat} är inget av dem; {out_sv}"
        case "float_parsing" | "float_type":
            return f"a number was expected, not {shown}", f"ett tal väntades, inte {visat}"
        case "int_parsing" | "int_type" | "int_from_float" | "int_parsing_size":
            return f"a whole number was expected, not {shown}", f"ett heltal väntades, inte {visat}"
        case "bool_parsing" | "bool_type":
            return f"true or false was expected, not {shown}", f"true eller false väntades, inte {visat}"
        case "string_type":
            return f"a text was expected, not {shown}", f"en text väntades, inte {visat}"
        case "date_from_datetime_parsing" | "date_parsing" | "date_type":
            return f"a day was expected, as 2026-11-23, not {shown}", f"en dag väntades, som 2026-11-23, inte {visat}"
        case "list_type" | "tuple_type":
            return (
                f"a list was expected, not {shown}; begin each entry with -",
                f"en lista väntades, inte {visat}; börja varje post med -",
            )
        case "dict_type" | "model_type" | "model_attributes_type":
            return (
                f"a mapping was expected, not {shown}; write key: value",
                f"nycklar väntades, inte {visat}; skriv nyckel: värde",
            )
        case "greater_than_equal":
            return f"{shown} is below the least, {context['ge']:g}", f"{visat} är under det minsta, {context['ge']:g}"
        case "greater_than":
            return f"{shown} must be above {context['gt']:g}", f"{visat} måste vara över {context['gt']:g}"
        case "less_than_equal":
            return f"{shown} is above the most, {context['le']:g}", f"{visat} är över det största, {context['le']:g}"
        case "less_than":
            return f"{shown} must be below {context['lt']:g}", f"{visat} måste vara under {context['lt']:g}"
        case "too_long" | "too_short":
            count = context["max_length"] if item["type"] == "too_long" else context["min_length"]
            return f"{context['actual_length']} given, {count} expected", f"{context['actual_length']} angivna, {count} väntades"
        case "string_pattern_mismatch":
            return f"{shown} is not written as {context['pattern']}", f"{visat} är inte skrivet som {context['pattern']}"
        case "string_too_long":
            most = context["max_length"]
            return f"longer than {most} characters; shorten it", f"längre än {most} tecken; korta det"
        case "finite_number":
            return f"{shown} is no finite number", f"{visat} är inget ändligt tal"
        case _:
            return str(item["msg"]), str(item["msg"])


def _keys_at(model: type[Entry], path: Keys) -> list[str]:
    """The keys that the mapping at the path may have."""
    kind: Any = model
    for part in path:
        kind = _inner(kind, part)
    return [field.alias or name for name, field in kind.model_fields.items()] if _is_entry(kind) else []


def _is_entry(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Entry)


def _inner(kind: Any, part: str | int) -> Any:
    if _is_entry(kind):
        fields: Mapping[str, Any] = kind.model_fields
        found = next((field.annotation for name, field in fields.items() if (field.alias or name) == part), None)
        return _unwrapped(found)
    arguments = get_args(kind)
    return _unwrapped(arguments[-1 if get_origin(kind) is dict else 0]) if arguments else None


def _unwrapped(kind: Any) -> Any:
    """Without `| None`, annotations, and the dots of a tuple."""
    if get_origin(kind) is Annotated:
        return _unwrapped(get_args(kind)[0])
    options = [option for option in get_args(kind) if option is not type(None)]
    if type(None) in get_args(kind) and len(options) == 1:
        return _unwrapped(options[0])
    return kind


def in_utc(moment: date | datetime, zone: str) -> datetime | None:
    """The instant of a day's beginning, a local wall clock or an instant; None where the wall clock skips it in spring."""
    local = moment if isinstance(moment, datetime) else datetime.combine(moment, time())
    if local.tzinfo is not None:
        return local.astimezone(UTC)
    there = local.replace(tzinfo=zone_named(zone))
    instant = there.astimezone(UTC)
    return instant if instant.astimezone(there.tzinfo).replace(tzinfo=None) == local else None
