"""What may be asked for in an address: each parameter with what it means, read strictly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from starlette.datastructures import QueryParams

from config.domain.periods import day
from services.web.opendata.problems import bad_request

DEFAULT_LIMIT, MOST_LIMIT = 1_000, 50_000
MOST_VALUES = 50  # of one parameter that takes several
FIRST_YEAR, LAST_YEAR = 1990, 2100


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter. `schema` is JSON Schema of one value; `several`: a comma between them, or the parameter again."""

    name: str
    sv: str
    en: str
    schema: Mapping[str, Any] = field(default_factory=lambda: {"type": "string"})
    several: bool = False
    required: bool = False


LIMIT = Parameter(
    "limit",
    f"Högst så många rader på en sida; {DEFAULT_LIMIT} där inget sägs.",
    f"So many rows on a page at most; {DEFAULT_LIMIT} where nothing is said.",
    {"type": "integer", "minimum": 1, "maximum": MOST_LIMIT, "default": DEFAULT_LIMIT},
)
CURSOR = Parameter(
    "cursor", "Nästa sida, som svaret gav den i next och Link.", "The next page, as the answer gave it in next and Link."
)
FORMAT = Parameter(
    "format",
    "json, csv, excel (CSV med semikolon och decimalkomma) eller parquet; går före Accept.",
    "json, csv, excel (CSV with semicolon and decimal comma) or parquet; goes before Accept.",
    {"type": "string", "enum": ["json", "csv", "excel", "parquet"]},
)
COMMON = (LIMIT, CURSOR, FORMAT)
FROM = Parameter(
    "from",
    "Första lokala dag (2026-01-31) eller tidpunkt med zon (2026-01-31T00:00Z) som tas med.",
    "First local day (2026-01-31) or instant with a zone (2026-01-31T00:00Z) that is taken.",
)
TO = Parameter(
    "to", "Första lokala dag eller tidpunkt som inte tas med.", "First local day or instant that is not taken."
)  # fmt: skip


class Given:
    """The parameters of one request.

    Raises:
        Problem: from the start where one is unknown or given twice; from each reading where it cannot be used.
    """

    def __init__(self, query: QueryParams, known: Sequence[Parameter], zone: str) -> None:
        self._zone = zone
        names = {parameter.name: parameter for parameter in known}
        for name in query:
            if name not in names:
                told = ", ".join(names)
                raise bad_request("?", f"Okänd parameter; de som finns är {told}.", f"Unknown parameter; there are {told}.")
            if len(query.getlist(name)) > 1 and not names[name].several:
                raise bad_request(name, "Ange den en gång.", "Give it once.")
        for name, parameter in names.items():
            if parameter.required and not query.get(name):
                raise bad_request(name, f"Den måste anges. {parameter.sv}", f"It must be given. {parameter.en}")
        self._query = query

    def text(self, name: str) -> str | None:
        return self._query.get(name)

    def one_of(self, name: str, allowed: Sequence[str], default: str) -> str:
        value = self._query.get(name, default)
        if value not in allowed:
            told = ", ".join(allowed)
            raise bad_request(name, f"Välj en av {told}.", f"Choose one of {told}.")
        return value

    def several(self, name: str, allowed: Sequence[str] | None = None) -> tuple[str, ...]:
        """The values, each once; none where it is not given."""
        values = tuple(dict.fromkeys(part.strip() for given in self._query.getlist(name) for part in given.split(",")))
        if len(values) > MOST_VALUES:
            raise bad_request(name, f"Högst {MOST_VALUES} värden.", f"{MOST_VALUES} values at most.")
        if allowed is not None and not set(values) <= set(allowed):
            raise bad_request(name, "Något av värdena finns inte.", "One of the values does not exist.")
        return values

    def limit(self) -> int:
        given = self._query.get("limit")
        if given is None:
            return DEFAULT_LIMIT
        if not given.isascii() or not given.isdecimal() or len(given) > len(str(MOST_LIMIT)) or not 1 <= int(given) <= MOST_LIMIT:
            raise bad_request(
                "limit", f"Ange ett heltal från 1 till {MOST_LIMIT}.", f"Give a whole number from 1 to {MOST_LIMIT}."
            )
        return int(given)

    def instant(self, name: str) -> datetime | None:
        """UTC; of a day its local midnight."""
        given = self._query.get(name)
        if given is None:
            return None
        wrong = bad_request(
            name,
            "Skriv en dag som 2026-01-31, eller en tidpunkt med zon som 2026-01-31T00:00:00Z.",
            "Write a day as 2026-01-31, or an instant with a zone as 2026-01-31T00:00:00Z.",
        )
        try:
            found = datetime.fromisoformat(given)
            if not FIRST_YEAR <= found.year <= LAST_YEAR:
                raise wrong
            if len(given) == len("2026-01-31"):
                return day(date.fromisoformat(given), self._zone).start
        except ValueError:
            raise wrong from None
        if found.tzinfo is None:
            raise wrong
        return found.astimezone(UTC)
