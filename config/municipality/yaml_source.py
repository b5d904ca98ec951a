"""A YAML file as plain values with line numbers and example marks.

Every plain value stays the text that stands in the file; the models read it as what they need. YAML 1.1's own guesses would turn
the device 01234567 into an octal number, 12:30 into 750 and NO into false.
A value may be marked as invented: `{value: 5200, example: true, note: …}` stands for 5200.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from config.municipality.faults import Fault

Keys = tuple[str | int, ...]

MARK = frozenset({"value", "example", "note"})
NULLS = frozenset({"", "~", "null", "Null", "NULL"})
TRUE = frozenset({"true", "True", "TRUE", "yes", "ja"})
LARGEST = 20_000_000  # bytes; thousands of buildings fit into a tenth of it
DEEPEST = 40
# libyaml where it is built in: ten times faster, and a portfolio of a thousand buildings is read at every start
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass
class YamlSource:
    """What a file says.

    Attributes:
        data: mappings, lists, texts and None.
        lines: path → line; of a mapping's entry the line of its key.
        found: what is wrong: path, line, English, Swedish, whether it is a warning.
        marks: path → whether its value is marked as invented; `example: false` exempts one value of an invented entry.
    """

    file: str
    data: Any = None
    lines: dict[Keys, int] = field(default_factory=dict)
    marks: dict[Keys, bool] = field(default_factory=dict)
    found: list[tuple[Keys, int, str, str, bool]] = field(default_factory=list)

    def line(self, path: Keys) -> int:
        """The line of what lies at the path, else of what should hold it."""
        for length in range(len(path), -1, -1):
            found = self.lines.get(path[:length])
            if found is not None:
                return found
        return 1

    def key(self, path: Keys) -> str:
        """The path in words: entries of a list by their id where they have one."""
        words, node = [], self.data
        for part in path:
            inner: Any = None
            if isinstance(part, int):
                inner = node[part] if isinstance(node, list) and part < len(node) else None
                name = inner.get("id") if isinstance(inner, dict) else None
                words.append(name if isinstance(name, str) else str(part + 1))
            else:
                inner = node.get(part) if isinstance(node, dict) else None
                words.append(str(part))
            node = inner
        return ".".join(_printable(word) for word in words)

    def fault(self, path: Keys, text: str, text_sv: str, *, warning: bool = False) -> None:
        """Note what is wrong at the path."""
        self.found.append((path, self.line(path), text, text_sv, warning))

    @property
    def faults(self) -> list[Fault]:
        """What is wrong; named by the ids that are known when all of the file is read."""
        return [Fault(self.file, line, self.key(path), text, text_sv, odd) for path, line, text, text_sv, odd in self.found]


def _printable(word: str) -> str:
    """One line, whatever the file says: a key may be made of control characters."""
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in word)


def read(path: Path) -> YamlSource:
    """The file; what cannot be read is a fault in it, and `data` is None then."""
    source = YamlSource(path.name)
    try:
        content = path.read_bytes()
    except OSError as error:
        source.fault((), f"cannot be read: {error.strerror}", f"kan inte läsas: {error.strerror}")
        return source
    if len(content) > LARGEST:
        source.fault((), f"larger than {LARGEST} bytes; split it", f"större än {LARGEST} byte; dela upp den")
        return source
    try:
        text = content.decode("utf-8-sig")
        _check_shape(text)
        root = yaml.compose(text, Loader=LOADER)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        source.lines[()] = line
        source.fault((), "not UTF-8; save the file as UTF-8", "inte UTF-8; spara filen som UTF-8")
        return source
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        source.lines[()] = mark.line + 1 if mark else 1
        problem = error.problem or error.context or "no YAML"
        source.fault(
            (),
            f"no valid YAML: {problem}; check indentation, quotes and colons",
            f"inte giltig YAML: {problem}; kontrollera indrag, citattecken och kolon",
        )
        return source
    except (yaml.YAMLError, RecursionError) as error:
        problem = " ".join(str(error).split())
        source.fault((), f"no valid YAML: {problem}", f"inte giltig YAML: {problem}")
        return source
    if root is not None:
        source.lines[()] = root.start_mark.line + 1
        source.data = _value(root, (), source)
    return source


def _check_shape(text: str) -> None:
    """Composing recurses, in C without a bound: a file of brackets would end the process, one of aliases would fill memory.

    Raises:
        YAMLError: nested too deep, an alias, or no YAML.
    """
    depth = 0
    for event in yaml.parse(text, Loader=LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        mark = yaml.Mark("", 0, event.start_mark.line if event.start_mark else 0, 0, None, 0)
        if depth > DEEPEST:
            raise yaml.MarkedYAMLError(problem=f"nested deeper than {DEEPEST}", problem_mark=mark)
        if isinstance(event, yaml.AliasEvent):
            raise yaml.MarkedYAMLError(
                problem=f"*{event.anchor}: aliases are not read here, write the values out", problem_mark=mark
            )


def _value(node: yaml.Node, path: Keys, source: YamlSource) -> Any:
    source.lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.ScalarNode):
        text: str = node.value
        return None if not node.style and text in NULLS else text  # plain is None, or "" from libyaml
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*path, index), source) for index, item in enumerate(node.value)]
    entries = dict(_entries(node, path, source))
    if "value" in entries and entries.keys() <= MARK and len(entries) > 1:
        return _marked(entries, path, source)
    return {key: _value(item, (*path, key), source) for key, item in entries.items()}


def _entries(node: yaml.Node, path: Keys, source: YamlSource) -> Iterator[tuple[str, yaml.Node]]:
    seen: dict[str, int] = {}
    for key_node, value_node in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            source.fault(path, "a key must be a word", "en nyckel måste vara ett ord")
            continue
        key, line = key_node.value, key_node.start_mark.line + 1
        if key in seen:
            source.lines[(*path, key)] = line
            source.fault(
                (*path, key),
                f"given twice; the first is on line {seen[key]}, keep one of them",
                f"står två gånger; den första på rad {seen[key]}, behåll en av dem",
            )
            source.lines[(*path, key)] = seen[key]
            continue
        if key == "<<":
            source.lines[(*path, key)] = line
            source.fault(
                (*path, key), "merging is not read here; write the values out", "sammanslagning läses inte; skriv ut värdena"
            )
            continue
        seen[key] = line
        source.lines[(*path, key)] = line
        yield key, value_node


def _marked(entries: dict[str, yaml.Node], path: Keys, source: YamlSource) -> Any:
    example = entries.get("example")
    if example is not None:
        if not isinstance(example, yaml.ScalarNode):
            source.fault(path, "example: true or false", "example: true eller false")
        else:
            source.marks[path] = example.value in TRUE
    for key in MARK & entries.keys():
        source.lines.pop((*path, key), None)
    value = entries["value"]
    if not isinstance(value, yaml.ScalarNode):
        source.fault(
            path,
            "only a single value can be marked; mark each value inside, or give the whole entry example: true",
            "bara ett enskilt värde kan märkas; märk varje värde, eller ge hela posten example: true",
        )
        return None
    return _value(value, path, source)
