"""A few statements about things, written as Turtle, RDF/XML and JSON-LD. As much of each as DCAT needs, and no more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

import orjson

PREFIXES: Mapping[str, str] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}


@dataclass(frozen=True, slots=True)
class Thing:
    """Another thing, by its whole address."""

    address: str


@dataclass(frozen=True, slots=True)
class Words:
    """A literal. `kind`: a name as xsd:date; "" where it is plain text."""

    text: str
    language: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Nested:
    """A thing without an address of its own."""

    type: str
    says: tuple[tuple[str, "Value"], ...]


Value = Thing | Words | Nested


@dataclass(frozen=True, slots=True)
class Described:
    """What is said of one thing: (property, value), names as dcterms:title."""

    address: str
    type: str
    says: Sequence[tuple[str, Value]]


def turtle(things: Sequence[Described]) -> bytes:
    """RDF 1.1 Turtle."""
    lines = [f"@prefix {name}: <{address}> ." for name, address in PREFIXES.items()]
    for thing in things:
        lines += ["", f"{_angle(thing.address)} a {thing.type} ;"]
        said = [f"    {name} {_in_turtle(value)}" for name, value in thing.says]
        lines.append(" ;\n".join(said) + " .")
    return ("\n".join(lines) + "\n").encode()


def rdf_xml(things: Sequence[Described]) -> bytes:
    """RDF/XML."""
    for name, address in PREFIXES.items():
        ElementTree.register_namespace(name, address)
    root = ElementTree.Element(_qualified("rdf:RDF"))
    for thing in things:
        node = ElementTree.SubElement(root, _qualified(thing.type), {_qualified("rdf:about"): thing.address})
        _say(node, thing.says)
    ElementTree.indent(root)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def json_ld(things: Sequence[Described]) -> bytes:
    """JSON-LD 1.1."""
    graph = [{"@id": thing.address, "@type": thing.type, **_grouped(thing.says)} for thing in things]
    return orjson.dumps({"@context": dict(PREFIXES), "@graph": graph}, option=orjson.OPT_INDENT_2)


def _in_turtle(value: Value) -> str:
    match value:
        case Thing():
            return _angle(value.address)
        case Words():
            text = value.text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
            ending = f"@{value.language}" if value.language else f"^^{value.kind}" if value.kind else ""
            return f'"{text}"{ending}'
        case Nested():
            said = " ; ".join([f"a {value.type}", *(f"{name} {_in_turtle(each)}" for name, each in value.says)])
            return f"[ {said} ]"


def _angle(address: str) -> str:
    """What an address may not hold in Turtle is written as an escape of the address itself."""
    return "<" + "".join(f"%{ord(each):02X}" if each in '<>"{}|^`\\ ' else each for each in address) + ">"


def _say(node: ElementTree.Element, says: Sequence[tuple[str, Value]]) -> None:
    for name, value in says:
        child = ElementTree.SubElement(node, _qualified(name))
        match value:
            case Thing():
                child.set(_qualified("rdf:resource"), value.address)
            case Words():
                child.text = value.text
                if value.language:
                    child.set("{http://www.w3.org/XML/1998/namespace}lang", value.language)
                if value.kind:
                    child.set(_qualified("rdf:datatype"), _whole(value.kind))
            case Nested():
                _say(ElementTree.SubElement(child, _qualified(value.type)), value.says)


def _grouped(says: Sequence[tuple[str, Value]]) -> dict[str, object]:
    found: dict[str, list[object]] = {}
    for name, value in says:
        found.setdefault(name, []).append(_in_json(value))
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def _in_json(value: Value) -> object:
    match value:
        case Thing():
            return {"@id": value.address}
        case Words():
            kind = {"@type": value.kind} if value.kind else {}
            return {"@value": value.text, **({"@language": value.language} if value.language else kind)}
        case Nested():
            return {"@type": value.type, **_grouped(value.says)}


def _whole(name: str) -> str:
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local


def _qualified(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{PREFIXES[prefix]}}}{local}"
