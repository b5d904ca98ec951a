"""What of a file can be read when some of its entries cannot: so that overlaps and unknown names are told beside misspelt keys.

An entry of one of the file's lists that has a fault is left out whole, and what is said of the rest is said at its true place. A
fault that names something left out is not told: it may be none.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from config.municipality.entries import Model
from config.municipality.faults import Fault
from config.municipality.yaml_source import Keys, YamlSource


@dataclass
class Remainder(YamlSource):
    """A file without some entries of its lists; faults go to the whole file, at the places that entries have there.

    Attributes:
        places: key of a list → the place in the file of each entry that is left.
        unread: ids of what was left out.
        dropped: keys that were left out whole.
    """

    whole: YamlSource = field(default_factory=lambda: YamlSource(""))
    places: dict[str, list[int]] = field(default_factory=dict)
    unread: frozenset[str] = frozenset()
    dropped: frozenset[str] = frozenset()

    def line(self, path: Keys) -> int:
        return self.whole.line(self._in_file(path))

    def key(self, path: Keys) -> str:
        return self.whole.key(self._in_file(path))

    def fault(self, path: Keys, text: str, text_sv: str, *, warning: bool = False) -> None:
        if (path and path[0] in self.dropped) or any(_names(text, name) for name in self.unread):
            return
        self.whole.fault(self._in_file(path), text, text_sv, warning=warning)

    @property
    def faults(self) -> list[Fault]:
        return self.whole.faults

    def _in_file(self, path: Keys) -> Keys:
        if len(path) > 1 and isinstance(path[0], str) and isinstance(path[1], int) and path[0] in self.places:
            left = self.places[path[0]]
            return (path[0], left[path[1]], *path[2:]) if path[1] < len(left) else path
        return path


def remainder(source: YamlSource, model: type[Model]) -> tuple[Remainder, Model] | None:
    """The file without the entries and keys that are wrong; None where what is left is still no such file."""
    data = source.data
    if not isinstance(data, dict):
        return None
    try:
        model.model_validate(data)
    except ValidationError as error:
        wrong = [tuple(item["loc"]) for item in error.errors()]
    else:
        return None
    entries = {(path[0], path[1]) for path in wrong if len(path) > 1 and isinstance(path[1], int)}
    dropped = frozenset(str(path[0]) for path in wrong if path and not (len(path) > 1 and isinstance(path[1], int)))
    places = {
        key: [place for place in range(len(value)) if (key, place) not in entries]
        for key, value in data.items()
        if isinstance(value, list) and key not in dropped
    }
    kept = {
        key: [value[place] for place in places[key]] if key in places else value
        for key, value in data.items()
        if key not in dropped
    }
    left_out = [data[key] for key in dropped if key in data] + [data[key][place] for key, place in entries]
    unread = frozenset(name for value in left_out for name in _ids(value))
    rest = Remainder(source.file, kept, whole=source, places=places, unread=unread, dropped=dropped)
    new_place = {key: {old: new for new, old in enumerate(left)} for key, left in places.items()}
    for path, mark in source.marks.items():
        if len(path) > 1 and path[0] in new_place:
            if path[1] in new_place[str(path[0])]:
                rest.marks[path[0], new_place[str(path[0])][path[1]], *path[2:]] = mark
        elif path[0] not in dropped:
            rest.marks[path] = mark
    try:
        return rest, model.model_validate(kept)
    except ValidationError:  # a key that is needed is missing or wrong
        return None


def _ids(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        name = value.get("id")
        if isinstance(name, str) and name:
            yield name
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _ids(inner)


def _names(text: str, name: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text) is not None
