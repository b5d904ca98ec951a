"""A PDF read back as a screen reader reads it, by its tags, and as an eye does, by where its letters are."""

import io
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from pdfminer.converter import PDFLayoutAnalyzer
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import resolve1
from pdfminer.utils import decode_text

Rows = list[list[str]]
BREAK, JOIN = "\u200b", "\u2060"
MARGIN, EDGE = 22 * 72 / 25.4, 8 * 72 / 25.4  # pt: of the text at both sides; what printers cannot reach


@dataclass(frozen=True, slots=True)
class Letter:
    """Its box is in pt from the lower left corner; `mcid` is None of decoration: headers, footers, repeated headings."""

    text: str
    box: tuple[float, float, float, float]
    upright: bool
    mcid: int | None


@dataclass(frozen=True, slots=True)
class PageRead:
    number: int
    width: float
    height: float
    letters: list[Letter]

    @property
    def text(self) -> str:
        """Decoration too, as `bare`."""
        return bare("".join(letter.text for letter in self.letters))

    def strays(self) -> list[str]:
        """Letters beyond the margins."""
        found = []
        for letter in self.letters:
            left, low, right, high = letter.box
            beside = left < MARGIN - 1 or right > self.width - MARGIN + 1
            if _is_seen(letter) and (beside or low < EDGE or high > self.height - EDGE):
                found.append(letter.text)
        return found

    def overlaps(self) -> list[str]:
        """Pairs of letters that stand on one another, by more of the smaller one than kerning does (a comma below a T)."""
        seen = sorted((letter for letter in self.letters if _is_seen(letter) and letter.upright), key=lambda each: each.box[0])
        found = []
        for place, one in enumerate(seen):
            for other in seen[place + 1 :]:
                if other.box[0] >= one.box[2]:
                    break
                if _common(one.box, other.box, 0) > 0.6 and _common(one.box, other.box, 1) > 0.35:
                    found.append(one.text + other.text)
        return found


@dataclass(frozen=True, slots=True)
class Element:
    """A tagged element: its kind, and its texts and elements in reading order."""

    kind: str
    parts: "list[str | Element]"

    @property
    def children(self) -> "list[Element]":
        return [part for part in self.parts if isinstance(part, Element)]

    def whole(self) -> "Iterator[Element]":
        """Itself and what is in it, in reading order."""
        yield self
        for child in self.children:
            yield from child.whole()

    @property
    def text(self) -> str:
        return "".join(bare(part) if isinstance(part, str) else part.text for part in self.parts)


@dataclass(frozen=True, slots=True)
class PdfRead:
    """`catalog`, `info`: of the file. `element`: all of it."""

    pages: list[PageRead]
    element: Element
    catalog: dict[str, Any]
    info: dict[str, Any]

    @property
    def tables(self) -> list[Rows]:
        """Cells, headings first; texts as `bare`."""
        return [
            [[cell.text for cell in row.children] for row in table.whole() if row.kind == "TR"]
            for table in self.element.whole()
            if table.kind == "Table"
        ]

    @property
    def kinds(self) -> list[str]:
        return [each.kind for each in self.element.whole()]

    def attached(self) -> bytes:
        """The first file in it."""
        names = resolve1(resolve1(resolve1(self.catalog["Names"])["EmbeddedFiles"])["Names"])
        data: bytes = resolve1(resolve1(resolve1(names[1])["EF"])["F"]).get_data()
        return data


def bare(text: str) -> str:
    """Without ordinary spaces, of which a line that ends has none, and signs of no width; hard spaces stay."""
    return text.translate(dict.fromkeys(map(ord, f" \n{BREAK}{JOIN}")))


def read_pdf(pdf: bytes) -> PdfRead:
    """All of it, which takes a quarter of a second a page."""
    document = PDFDocument(PDFParser(io.BytesIO(pdf)))
    pages, marked = [], {}
    for number, page in enumerate(PDFPage.create_pages(document), 1):
        pages.append(_page(number, page))
        marked[page.pageid] = texts = defaultdict[int, str](str)
        for letter in pages[-1].letters:
            if letter.mcid is not None:
                texts[letter.mcid] += letter.text
    root = resolve1(document.catalog["StructTreeRoot"])
    whole = Element("", list(_parts(root["K"], None, marked)))
    return PdfRead(pages, whole, document.catalog, {key: decode_text(value) for key, value in document.info[0].items()})


def read_pages(pdf: bytes, wanted: Collection[int]) -> list[PageRead]:
    """Some pages, numbered from 1, without the tags of the document."""
    pages = enumerate(PDFPage.create_pages(PDFDocument(PDFParser(io.BytesIO(pdf)))), 1)
    return [_page(number, page) for number, page in pages if number in wanted]


def _page(number: int, page: PDFPage) -> PageRead:
    left, low, right, high = page.mediabox
    manager = PDFResourceManager()
    device = _Letters(manager)
    PDFPageInterpreter(manager, device).process_page(page)
    return PageRead(number, right - left, high - low, device.letters)


class _Letters(PDFLayoutAnalyzer):
    """Keeps letters with the marked content that they are in, and what a mark within it says that they stand for."""

    def __init__(self, manager: PDFResourceManager) -> None:
        super().__init__(manager)
        self.letters: list[Letter] = []
        self.marks: list[tuple[int | None, str | None]] = [(None, None)]

    def begin_tag(self, tag: Any, props: Any = None) -> None:
        mcid = None if tag.name == "Artifact" else self.marks[-1][0]
        known = props if isinstance(props, dict) else {}
        said = known.get("ActualText")
        self.marks.append((known.get("MCID", mcid), decode_text(said) if said is not None else None))

    def end_tag(self) -> None:
        self.marks.pop()

    def render_char(self, *args: Any, **kwargs: Any) -> float:
        advance: float = super().render_char(*args, **kwargs)
        char: Any = self.cur_item._objs[-1]
        mcid, said = self.marks[-1]
        self.letters.append(Letter(char.get_text() if said is None else said, char.bbox, char.upright, mcid))
        return advance

    def receive_layout(self, ltpage: Any) -> None:
        """Letters are all that is kept."""


def _parts(kids: Any, page: int | None, marked: dict[int, defaultdict[int, str]]) -> Iterator[str | Element]:
    for kid in kids if isinstance(kids, list) else [kids]:
        found = resolve1(kid)
        if isinstance(found, int) and page is not None:
            yield marked[page][found]
        elif isinstance(found, dict):
            on = found["Pg"].objid if "Pg" in found else page
            if "S" in found:
                yield Element(found["S"].name, list(_parts(resolve1(found.get("K", [])), on, marked)))
            elif "MCID" in found and on is not None:
                yield marked[on][found["MCID"]]


def _is_seen(letter: Letter) -> bool:
    return letter.text.strip(f" \u00a0\u00ad{BREAK}{JOIN}\n") != ""


def _common(one: tuple[float, ...], other: tuple[float, ...], axis: int) -> float:
    """How much of the smaller one's length both have."""
    smaller = min(one[axis + 2] - one[axis], other[axis + 2] - other[axis])
    return (min(one[axis + 2], other[axis + 2]) - max(one[axis], other[axis])) / smaller if smaller > 0 else 0.0
