"""The API's own description, OpenAPI 3.1, made of the tables and endpoints: what it promises is what is served."""

from collections.abc import Mapping
from typing import Any

from services.web.opendata.endpoints import ENDPOINTS, ROOT, TABLES, Endpoint
from services.web.opendata.formats import MEDIA_TYPES, Format
from services.web.opendata.parameters import Parameter
from services.web.opendata.ports import OpenData
from services.web.opendata.problems import MEDIA_TYPE
from services.web.opendata.table import Field, Kind, Table

VERSION = "1.0.0"
_SCHEMAS: Mapping[Kind, Mapping[str, Any]] = {
    Kind.TEXT: {"type": "string"},
    Kind.NUMBER: {"type": "number"},
    Kind.COUNT: {"type": "integer"},
    Kind.TRUTH: {"type": "boolean"},
    Kind.INSTANT: {"type": "string", "format": "date-time"},
    Kind.DATE: {"type": "string", "format": "date"},
    Kind.OBJECT: {"type": "object", "additionalProperties": {"type": "string"}},
}
_FAILURES = {
    "400": "En parameter går inte att använda, eller frågan är för stor. (A parameter cannot be used, or it is too much.)",
    "404": "Det som frågas efter finns inte eller är inte öppet. (There is no such thing, or it is not open.)",
    "406": "Inget format som klienten accepterar. (No format that the client accepts.)",
    "429": "För många frågor; Retry-After säger när. (Too many requests; Retry-After says when.)",
    "503": "Databasen svarar inte just nu. (The database does not answer right now.)",
}


def openapi(data: OpenData) -> dict[str, Any]:
    """The whole document."""
    licence = TABLES[0].licence
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"Öppna energidata, {data.portfolio.municipality}",
            "version": VERSION,
            "description": (
                "Öppna siffror om kommunens byggnader: energi, nyckeltal och mål. Svenska först, engelska efter. "
                "(Open figures about the municipality's buildings: energy, indicators and goals.)"
            ),
            "license": {"name": licence.name, "url": licence.address},
            **({"contact": {"name": data.publisher.name, "email": data.publisher.contact}} if data.publisher.contact else {}),
        },
        "servers": [{"url": ROOT}],
        "paths": {endpoint.path: {"get": _operation(endpoint)} for endpoint in ENDPOINTS},
        "components": {
            "schemas": {
                **{_row_name(table): row_schema(table) for table in TABLES},
                **{_answer_name(table): _answer_schema(table) for table in TABLES},
                "Problem": _PROBLEM,
            }
        },
    }


def row_schema(table: Table) -> dict[str, Any]:
    return {
        "type": "object",
        "required": [field.name for field in table.fields],
        "additionalProperties": False,
        "properties": {field.name: _field_schema(field) for field in table.fields},
    }


def _field_schema(field: Field) -> dict[str, Any]:
    schema = dict(_SCHEMAS[field.kind])
    if field.may_lack:
        schema["type"] = [schema["type"], "null"]
    return {**schema, "description": f"{field.sv} ({field.en})"}


def _answer_schema(table: Table) -> dict[str, Any]:
    text = {"type": "string"}
    properties = {
        "table": {"const": table.id},
        "title_sv": text,
        "title_en": text,
        "publisher": text,
        "licence": {"const": table.licence.address},
        "attribution": text,
        "zone": text,
        "next": {"type": ["string", "null"]},
        "count": {"type": "integer"},
        "rows": {"type": "array", "items": {"$ref": f"#/components/schemas/{_row_name(table)}"}},
    }
    return {"type": "object", "required": list(properties), "additionalProperties": False, "properties": properties}


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    table = endpoint.table
    text = {"schema": {"type": "string"}}
    content = {
        MEDIA_TYPES[Format.JSON]: {"schema": {"$ref": f"#/components/schemas/{_answer_name(table)}"}},
        "text/csv": text,
        MEDIA_TYPES[Format.PARQUET]: {"schema": {"type": "string", "format": "binary"}},
    }
    failures = {
        code: {"description": words, "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
        for code, words in _FAILURES.items()
    }
    return {
        "operationId": table.id.replace("-", "_"),
        "summary": f"{table.title_sv} ({table.title_en})",
        "description": f"{table.description_sv}\n\n{table.description_en}",
        "parameters": [
            *(_parameter(each, "path") for each in endpoint.parts),
            *(_parameter(each, "query") for each in endpoint.all_parameters),
        ],
        "responses": {
            "200": {
                "description": f"{table.title_sv} ({table.title_en})",
                "headers": {
                    "ETag": {
                        "schema": {"type": "string"},
                        "description": "Sänds tillbaka som If-None-Match. (Send back as If-None-Match.)",
                    },
                    "Link": {"schema": {"type": "string"}, "description": "rel=next, license, describedby."},
                },
                "content": content,
            },
            "304": {"description": "Oförändrat. (Not modified.)"},
            **failures,
        },
    }


def _parameter(parameter: Parameter, where: str) -> dict[str, Any]:
    schema: dict[str, Any] = dict(parameter.schema)
    if parameter.several:
        schema = {"type": "array", "items": schema}
    found: dict[str, Any] = {
        "name": parameter.name,
        "in": where,
        "description": f"{parameter.sv} ({parameter.en})",
        "schema": schema,
    }
    if where == "path" or parameter.required:
        found["required"] = True
    if parameter.several:
        found |= {"style": "form", "explode": False}
    return found


def _row_name(table: Table) -> str:
    return "".join(part.capitalize() for part in table.id.split("-")) + "Row"


def _answer_name(table: Table) -> str:
    return "".join(part.capitalize() for part in table.id.split("-"))


_PROBLEM = {
    "type": "object",
    "description": "RFC 9457; detail säger på svenska vad man gör, detail_en på engelska. (detail says in Swedish what to do.)",
    "required": ["type", "title", "title_en", "status", "detail", "detail_en"],
    "additionalProperties": False,
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "title_en": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "detail_en": {"type": "string"},
    },
}
