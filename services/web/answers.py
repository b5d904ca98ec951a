"""Answers that are data."""

from typing import Any

import orjson
from fastapi import Response


class JsonResponse(Response):
    """Dates, data classes and all, as orjson writes them."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        return orjson.dumps(content)
