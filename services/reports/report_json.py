"""A report as JSON and back, so that the archive can compare what was published with what is known now."""

from typing import Any

import orjson
from pydantic import TypeAdapter, ValidationError

from config.errors import ReportError
from services.reports.report import Publication

_ADAPTER = TypeAdapter(Publication)


def publication_json(publication: Publication) -> bytes:
    """The same publication gives the same bytes."""
    plain: Any = _ADAPTER.dump_python(publication, mode="json")
    return orjson.dumps(plain, option=orjson.OPT_SORT_KEYS)


def publication_of(data: bytes) -> Publication:
    """The publication that `publication_json` wrote.

    Raises:
        ReportError: it is none, or of a form that this version does not know.
    """
    try:
        return _ADAPTER.validate_json(data)
    except ValidationError as error:
        raise ReportError(
            f"not a report of this version: {error.error_count()} faults, the first at {error.errors()[0]['loc']}",
            f"ingen rapport i den här versionens form: {error.error_count()} fel, det första vid {error.errors()[0]['loc']}",
        ) from error
