"""JSON Schemas of the municipality's files, for editors that complete and check while one writes.

An editor sees a file's shape only; references, overlaps and check digits are `check-config`'s.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from config.loading import FILES
from config.municipality.billing import ALWAYS

FOLDER = Path(__file__).resolve().parent.parent / "schemas"
DRAFT = "https://json-schema.org/draft/2020-12/schema"
PLAIN = frozenset({"string", "number", "integer", "boolean", "null"})
UNMARKED = frozenset({"id", "example", "note"})  # what cannot be marked as invented
MARKED = {
    "type": "object",
    "title": "Marked value",
    "description": "A value with its mark: example: true where it is invented, false where it is not though its entry is.",
    "properties": {
        "value": {"type": ["string", "number", "boolean", "null"]},
        "example": {"type": "boolean"},
        "note": {"type": "string"},
    },
    "required": ["value"],
    "additionalProperties": False,
}


def schemas() -> Mapping[str, str]:
    """File name → its schema as text."""
    made = {}
    for name, model in FILES.items():
        schema = model.model_json_schema(by_alias=True, mode="validation")
        definitions = schema.setdefault("$defs", {})
        for part in [schema, *list(definitions.values())]:
            for key, value in part.get("properties", {}).items():
                if key not in UNMARKED and _is_plain(value, definitions):
                    described = {word: value.pop(word) for word in ("description", "default", "title") if word in value}
                    part["properties"][key] = {"anyOf": [value, {"$ref": "#/$defs/Marked"}], **described}
        definitions["Marked"] = MARKED
        if "MeterEntry" in definitions:  # "active_power.L1" is short for a register's mapping
            registers = definitions["MeterEntry"]["properties"]["registers"]
            registers["items"] = {"anyOf": [{"type": "string", "pattern": r"^[a-z0-9_]+(\..+)?$"}, registers["items"]]}
            point = definitions["PointEntry"]["properties"]  # a price list's id alone, a value alone: they hold always
            point["tariffs"]["items"] = {"anyOf": [{"type": "string"}, point["tariffs"]["items"]]}
            for key in ALWAYS:
                described = {word: point[key].pop(word) for word in ("description", "default", "title") if word in point[key]}
                point[key] = {"anyOf": [{"type": "number"}, point[key]], **described}
        stem = name.removesuffix(".yaml")
        made[f"{stem}.json"] = json.dumps({"$schema": DRAFT, **schema, "title": name}, indent=1, ensure_ascii=False) + "\n"
    return made


def outdated(folder: Path = FOLDER) -> list[str]:
    """The schemas that the folder lacks or has in another form."""
    return [
        name
        for name, text in schemas().items()
        if not (folder / name).is_file() or (folder / name).read_text(encoding="utf-8") != text
    ]


def write(folder: Path = FOLDER) -> None:
    """All schemas into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in schemas().items():
        (folder / name).write_text(text, encoding="utf-8")


def _is_plain(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> bool:
    if "$ref" in schema:
        return _is_plain(definitions[schema["$ref"].rsplit("/", 1)[-1]], definitions)
    if "anyOf" in schema:
        return all(_is_plain(option, definitions) for option in schema["anyOf"])
    kinds = schema.get("type")
    return (
        "enum" in schema or "const" in schema or (kinds in PLAIN if isinstance(kinds, str) else set(kinds or ["object"]) <= PLAIN)
    )
