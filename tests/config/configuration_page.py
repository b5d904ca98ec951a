"""Fills the tables of docs/configuration.md from settings and file models. `python -m tests.config.configuration_page`"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, get_args

from pydantic import SecretStr
from pydantic_core import PydanticUndefined

from config.domain.quantities import STORED_UNITS, UNITS
from config.loading import FILES
from config.municipality.entries import Entry
from config.settings import EXAMPLE, PREFIX, Settings
from tests.servers import ROOT

PAGE = ROOT / "docs" / "configuration.md"
TABLE = re.compile(r"(<!-- table: (?P<name>[\w.]+) -->\n).*?(<!-- end -->)", re.DOTALL)
OBVIOUS = {
    "id": "Its id.",
    "name": "Its name, as people say it.",
    "note": "Free text, for yourselves.",
    "owner": "Id of the owner.",
    "kind": "What it is.",
    "latitude": "WGS 84. [degrees]",
    "longitude": "WGS 84. [degrees]",
    "owners": "Who answers for buildings.",
    "buildings": "Buildings and plants, with their points.",
    "points": "Its metering points.",
    "sources": "In the order in which they are tried.",
    "factors": "Emission factors.",
    "missing": "What was looked for and not found.",
    "shares": "Where the energy comes from. The four sum to 1.",
    "weightings": "Weighting factors of building rule sets.",
    "geographic": "Geographic factors of building rule sets.",
    "goals": "The goals.",
    "tariffs": "The price lists.",
    "audiences": "The audiences.",
    "components": "The lines of the bill.",
    "carrier": "What it is about.",
    "network": "District-heating network or electricity zone; not given where it holds for all.",
    "value": "The figure.",
    "unit": "Its unit.",
    "perspective": "By which way of looking.",
    "includes": "What is counted.",
    "source": "Where it is from.",
    "mark": "V seen first-hand, S second-hand, D derived, U unverified.",
    "published": "When; of two the one published last counts.",
    "preliminary": "A final one will replace it.",
    "example": "It is invented.",
    "reason_en": "The same in English.",
    "renewable": "Share from renewable sources. [0..1]",
    "price": "SEK without VAT per the kind's unit.",
    "rule_set": "The building rules it belongs to.",
    "valid_from": "First day on which it holds.",
    "valid_to": "First day on which it no longer holds.",
    "year": "The year.",
    "level": "Who decided.",
    "text_sv": "What was decided, in Swedish.",
    "text_en": "The same in English.",
    "scope_en": "The same in English.",
    "base_year": "The year it is counted from.",
    "base_value": "The value of that year.",
    "target_year": "The year it is to be reached.",
    "target_value": "The value to be reached.",
    "decided": "When.",
    "document": "The decision.",
    "supplier": "Who sends the bill.",
    "weekdays_only": "Counted Monday to Friday only.",
    "peaks_on_different_days": "peak_power: each day gives one hour at most.",
    "title_sv": "What they are called, in Swedish.",
    "title_en": "The same in English.",
    "language": "Of what is sent to them.",
}


def page() -> str:
    """docs/configuration.md as it should be."""
    made = {"Settings": settings_table(), "Units": units_table(), **{model.__name__: keys_table(model) for model in models()}}
    return TABLE.sub(lambda found: f"{found[1]}{made[found['name']]}{found[3]}", PAGE.read_text())


def models() -> list[type[Entry]]:
    """Every kind of mapping that the files hold, each after the one that holds it."""
    found: dict[str, type[Entry]] = {}

    def walk(kind: Any) -> None:
        if isinstance(kind, type) and issubclass(kind, Entry):
            if kind.__name__ not in found:
                found[kind.__name__] = kind
                for field in kind.model_fields.values():
                    walk(field.annotation)
        else:
            for inner in get_args(kind):
                walk(inner)

    for model in FILES.values():
        walk(model)
    return list(found.values())


def row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def settings_table() -> str:
    """One row a setting."""
    rows = []
    for name, field in Settings.model_fields.items():
        secret = field.annotation is SecretStr or SecretStr in get_args(field.annotation)
        values = [value for kind in (field.annotation, *get_args(field.annotation)) for value in get_args(kind)]
        choices = (
            f" One of {', '.join(f'`{value}`' for value in values)}."
            if all(isinstance(v, str) for v in values) and values
            else ""
        )
        default = (
            "—"
            if field.default in (None, "")
            else "the packaged example"
            if field.default == EXAMPLE
            else f"`{_plain(field.default)}`"
        )
        rows.append(row(f"`{PREFIX}{name.upper()}`", default, f"{field.description}{choices}{' **Secret.**' if secret else ''}"))
    return row("variable", "default", "is") + row("---", "---", "---") + "".join(rows)


def units_table() -> str:
    """One row a dimension: the units that are read, and the one that is stored."""
    rows = [
        row(
            dimension.replace("_", " "),
            ", ".join(f"`{name}`" for name, unit in UNITS.items() if unit.dimension == dimension),
            stored or "1",
        )
        for dimension, stored in STORED_UNITS.items()
    ]
    return row("dimension", "units that are read", "stored in") + row("---", "---", "---") + "".join(rows)


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def keys_table(model: type[Entry]) -> str:
    """One row a key: whether it is needed, what it may be, what it says."""
    schema = model.model_json_schema(by_alias=True)
    definitions = schema.get("$defs", {})
    rows = []
    for name, field in model.model_fields.items():
        key = field.alias or name
        kind = " or ".join(dict.fromkeys(_kinds(schema["properties"][key], definitions)))
        if field.is_required():
            need = "needed"
        elif field.default in (None, PydanticUndefined, (), "") or field.default == {}:
            need = ""
        else:
            need = f"`{_plain(field.default)}`"
        rows.append(row(f"`{key}`", need, kind, " ".join((field.description or OBVIOUS[key]).split())))
    return row("key", "default", "kind", "says") + row("---", "---", "---", "---") + "".join(rows)


def _kinds(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Iterator[str]:
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        if "enum" in definitions[name]:
            yield from _kinds(definitions[name], definitions)
        else:
            heading = name.removesuffix("Entry").lower()
            yield f"[{heading}](#{heading})"
    elif "anyOf" in schema:
        for option in schema["anyOf"]:
            if option.get("type") != "null":
                yield from _kinds(option, definitions)
    elif "enum" in schema:
        few = schema["enum"]
        if few == list(UNITS):
            yield "a [unit](#units)"
        else:
            yield ", ".join(f"`{value}`" for value in few) if len(few) <= 20 else "a [quantity](reference.md#quantities)"
    elif schema.get("type") == "array":
        yield "list of " + " or ".join(_kinds(schema.get("items", schema.get("prefixItems", [{}])[0]), definitions))
    elif schema.get("type") == "object":
        yield "quantity: unit"
    elif schema.get("pattern") == "^[a-z0-9_-]+$":
        yield "id"
    elif schema.get("format") == "date":
        yield "day"
    elif "examples" in schema:
        yield ", ".join(f"`{value}`" for value in schema["examples"])
    else:
        yield {"string": "text", "integer": "whole number", "boolean": "`true` or `false`"}.get(schema["type"], schema["type"])


if __name__ == "__main__":
    PAGE.write_text(page())
