"""Charts of reports as SVG and PNG, drawn by vl-convert in the reports' own typeface.

vl-convert starts a thread of its own: a process that has drawn must not fork, but spawn. Drawn once, a chart is kept for the next
form that prints it.
"""

import html
import re
import struct
import zlib
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

import orjson
import vl_convert

from config.errors import ReportError
from services.reports.forms.chart_legend import legend
from services.reports.forms.chart_plan import TEXT, Plan, hatched_colours, plan_of
from services.reports.forms.chart_series import PAPER, QUIET, TINT
from services.reports.forms.chart_spec import chart_spec
from services.reports.forms.typeface import FAMILY, FOLDER, typeface
from services.reports.printing import PrintedChart
from services.reports.wording import Language

WIDTH, NARROW = 640, 420  # px: of a column of text on paper or in a page; on a telephone and in a mail
_VEGA_LITE = "6.4"
_LOCALES: Mapping[Language, Literal["sv-SE", "en-US"]] = {"sv": "sv-SE", "en": "en-US"}
_PIXELS_PER_INCH = 72  # at scale 1
_PNG = b"\x89PNG\r\n\x1a\n"
_UNIT = 16  # above the axis [px]
_AXIS = f'font-size="{TEXT}" fill="{QUIET}"'
_FAMILY = f"'{FAMILY}'"  # in quotes: a name with a word that begins with a digit is no name otherwise, and nothing is drawn
_PROBE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="20"><text y="15" font-size="14" font-family="{}">Åg₂</text></svg>'
)
_ROOT = re.compile(r'<svg [^>]*width="[\d.]+" height="(?P<height>[\d.]+)"[^>]*>')
_TAG = re.compile(r"<[a-z][^<>]*>")
_ROLES = re.compile(r' (?:role|aria-[a-z]+|class|pointer-events)="[^"]*"')  # the picture is one, with one text alternative


def chart_svg(chart: PrintedChart, language: Language, width: int = WIDTH) -> str:
    """The chart as a standalone SVG, with its text alternative; texts are text.

    Raises:
        ReportError: the reports' fonts are not there, or are not drawn with.
    """
    registered()
    plan = plan_of(chart, language, width)
    return _framed(plan, _drawn(orjson.dumps(chart_spec(plan)), language))


def chart_png(chart: PrintedChart, language: Language, scale: float = 2, width: int = WIDTH) -> bytes:
    """The same as pixels, `scale` for each px of the SVG.

    Raises:
        ReportError: as above.
    """
    return _packed(vl_convert.svg_to_png(chart_svg(chart, language, width), scale=scale, ppi=_PIXELS_PER_INCH))


@cache
def registered(folder: Path = FOLDER) -> None:
    """Nothing, once vl-convert knows the reports' typeface and draws with it.

    Raises:
        ReportError: as above.
    """
    typeface(folder)
    drawn_with(_FAMILY, folder)


def drawn_with(family: str, folder: Path) -> None:
    """Nothing, where a family of the folder is drawn with: without a word vl-convert lays out otherwise and leaves texts out of a
    PNG where it does not know it."""
    vl_convert.register_font_directory(str(folder))
    ours, nobodys = (vl_convert.svg_to_png(_PROBE.format(each)) for each in (family, "'No such font'"))
    if ours == nobodys:
        raise ReportError(
            f"charts: {family} in {folder} is not drawn with; install energimonitor again",
            f"diagram: {family} i {folder} används inte när det ritas; installera om energimonitor",
        )


def _packed(png: bytes) -> bytes:
    """The same pixels in a seventh of the bytes: vl-convert packs them loosely, and a mail goes to many."""
    chunks, place = [], len(_PNG)
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        chunks.append((png[place + 4 : place + 8], png[place + 8 : place + 8 + length]))
        place += length + 12  # length, kind and sum besides
    pixels = zlib.decompress(b"".join(data for kind, data in chunks if kind == b"IDAT"))
    before = [chunk for chunk in chunks if chunk[0] not in (b"IDAT", b"IEND")]
    packed = [*before, (b"IDAT", zlib.compress(pixels, 7)), (b"IEND", b"")]
    return _PNG + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in packed
    )


@lru_cache(maxsize=64)
def _drawn(spec: bytes, language: Language) -> str:
    locale = _LOCALES[language]
    found = orjson.loads(spec)
    found["config"]["font"] = _FAMILY
    return str(
        vl_convert.vegalite_to_svg(
            found, vl_version=_VEGA_LITE, format_locale=locale, time_format_locale=locale, allowed_base_urls=[]
        )
    )


def _framed(plan: Plan, drawing: str) -> str:
    """The drawing below its legend and unit, with patterns and text alternative."""
    root = _ROOT.match(drawing)
    if root is None:
        raise ReportError("charts: vl-convert gave no SVG with a size", "diagram: vl-convert gav ingen SVG med storlek")
    said_beside, top = legend(plan)
    unit = html.escape(plan.chart.unit)
    below = top + float(root["height"])
    if plan.lying:  # the axis lies below
        said, height = f'<text x="{plan.width - 10}" y="{below + 12:g}" text-anchor="end" {_AXIS}>{unit}</text>', below + 18
    else:
        said, top, height = f'<text x="2" y="{top + 14}" {_AXIS}>{unit}</text>', top + _UNIT, below + _UNIT
    patterns = "".join(_pattern(plan, colour) for colour in hatched_colours(plan))
    inner = _TAG.sub(lambda tag: _ROLES.sub("", tag[0]), drawing[root.end() :].removesuffix("</svg>"))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{plan.width}" height="{height:g}" viewBox="0 0 {plan.width} {height:g}" '
        f'role="img" aria-label="{html.escape(plan.chart.alt)}" font-family="{_FAMILY}"><defs>{patterns}</defs>'
        f'<rect width="{plan.width}" height="{height:g}" fill="{PAPER}"/>{said_beside}{said}'
        f'<g transform="translate(0,{top})">{inner}</g></svg>'
    )


def _pattern(plan: Plan, colour: str) -> str:
    """Stripes of the colour on paper; finer ones where the whole bar is light too."""
    ground, stripe = (TINT, 1.5) if colour == QUIET else (PAPER, 2.6)
    return (
        f'<pattern id="{plan.hatch(colour)}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<rect width="6" height="6" fill="{ground}"/><rect width="{stripe}" height="6" fill="{colour}"/></pattern>'
    )
