"""A message as JSON, for programs: webhooks and MQTT get the same bytes."""

from typing import Any

import orjson

from services.alerts.sending import Item, items
from services.state.alerts import Message

VERSION = 1


def event_json(message: Message, board: str) -> bytes:
    """The message: `id` by which a repeat is dropped, when it was `written`, and `alerts`, each with both languages."""
    told = [alert(item, board) for item in items(message)]
    return orjson.dumps(
        {"version": VERSION, "id": message.id, "written": message.written, "alerts": told}, option=orjson.OPT_SORT_KEYS
    )


def alert(item: Item, board: str) -> dict[str, Any]:
    """One thing that it tells; what is not known is null."""
    return {
        "alert": item.alert,
        "part": item.part.value,
        "kind": item.kind,
        "urgent": item.urgent,
        "since": item.since,
        "title": item.title,
        "sentence": item.sentence,
        "action": item.action,
        "over": item.over,
        "building": item.building or None,
        "place": item.place or None,
        "owner": item.owner or None,
        "sek": item.sek,
        "link": f"{board.rstrip('/')}{item.link}" if board and item.link else None,
    }
