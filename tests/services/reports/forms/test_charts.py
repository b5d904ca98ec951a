"""Charts say their unit, their gaps and what is not wholly measured, in the reports' typeface, the same everywhere."""

import hashlib
import os
import re
import struct
import subprocess
import sys
import zlib
from html import unescape
from pathlib import Path
from typing import Any

import altair
import pytest
import vl_convert

from config.errors import ReportError
from services.reports.forms import charts, typeface
from services.reports.forms.chart_plan import plan_of
from services.reports.forms.chart_series import COLOURS, ON_DARK, PAPER
from services.reports.forms.chart_spec import chart_spec
from services.reports.forms.charts import chart_png, chart_svg
from services.reports.printing import printed
from services.reports.report import ChartKind, ChartRole
from services.reports.wording import NBSP
from tests.services.reports.example_report import PUBLISHED
from tests.services.reports.forms.example_charts import BUILDINGS, LOST, MONTHS, chart, figure, series

EXAMPLES = [each for section in printed(PUBLISHED, "sv").sections for each in section.charts]
COURSE = next(each for each in EXAMPLES if each.kind is ChartKind.LINES)
SUMS = """
import hashlib
from services.reports.forms.charts import chart_png, chart_svg
from tests.services.reports.forms.test_charts import EXAMPLES
print(hashlib.sha256(b"".join(chart_svg(each, "sv").encode() + chart_png(each, "sv") for each in EXAMPLES)).hexdigest())
"""


def texts(svg: str) -> list[str]:
    return [unescape(text) for text in re.findall(r"<(?:text|tspan)[^>]*>([^<]+)<", svg)]


def marks(spec: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [layer for layer in spec["layer"] if layer["mark"]["type"] == kind]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.key)
def test_a_chart_says_its_unit_its_labels_and_its_series(example: Any) -> None:
    """Also to who sees no colours and to who sees nothing."""
    svg = chart_svg(example, "sv")

    assert {"kWh", example.labels[-1]} <= set(texts(svg))
    for each in example.series:
        assert each.role in (ChartRole.LOW, ChartRole.HIGH) or each.name in texts(svg)
    band = [text for text in texts(svg) if "–" in text]
    assert band == (["Prognosens undre – övre gräns"] if example is COURSE else [])
    assert f'role="img" aria-label="{example.alt}"' in svg


def test_numbers_on_the_axis_are_written_as_the_language_writes_them() -> None:
    """A decimal comma and a space that does not break in Swedish, a point and a comma in English."""
    small, large = series("El", [0.5, 1.5]), series("El", [900.0, 2_400.0])

    assert "0,5" in texts(chart_svg(chart(ChartKind.COLUMNS, ("a", "b"), small), "sv"))
    assert f"2{NBSP}500" in texts(chart_svg(chart(ChartKind.COLUMNS, ("a", "b"), large), "sv"))
    english = texts(chart_svg(chart(ChartKind.COLUMNS, ("a", "b"), large, language="en"), "en"))
    assert "2,500" in english


def test_shares_are_drawn_as_per_cent() -> None:
    """0.81 is 81 % on the axis, as in the table beside."""
    svg = chart_svg(chart(ChartKind.LINES, ("2024", "2025"), series("Andel", [0.81, 0.9], unit="1"), unit="1"), "sv")

    assert {"%", "90"} <= set(texts(svg))


def test_columns_stand_on_zero_and_fall_below_it() -> None:
    """A cut column would tell a small change as a large one."""
    spec = chart_spec(plan_of(chart(ChartKind.COLUMNS, ("a", "b"), series("Ändring", [-120.0, 95.0])), "sv", 640))

    low, high = marks(spec, "bar")[0]["encoding"]["y"]["scale"]["domain"]
    assert low <= -120 < 0 < 95 <= high


def test_a_pile_has_room_for_its_sum() -> None:
    """And for what is below zero, which is piled downwards."""
    pile = chart(ChartKind.STACKED, ("a",), series("El", [60.0]), series("Värme", [70.0]), series("Såld", [-20.0]))

    low, high = marks(chart_spec(plan_of(pile, "sv", 640)), "bar")[0]["encoding"]["y"]["scale"]["domain"]

    assert low <= -20
    assert high >= 130


def test_what_is_not_wholly_measured_is_hatched_and_marked() -> None:
    """In columns; the sign is explained beside the picture."""
    half = ("El", ChartRole.MEASURED, [figure(10.0), figure(12.0, coverage=0.5)])
    svg = chart_svg(chart(ChartKind.COLUMNS, ("a", "b"), half), "sv")

    assert texts(svg).count("≈") == 1
    assert f"≈{NBSP}allt är inte uppmätt" in texts(svg)
    used = set(re.findall(r'fill="url\(#([^)]+)\)', svg))
    assert used
    assert used == set(re.findall(r'<pattern id="([^"]+)"', svg))


def test_a_point_that_is_not_wholly_measured_is_hollow() -> None:
    """In lines; it is told apart without colour."""
    half = ("El", ChartRole.MEASURED, [figure(10.0), figure(12.0, coverage=0.5)])
    spec = chart_spec(plan_of(chart(ChartKind.LINES, ("a", "b"), half), "sv", 640))

    (points,) = marks(spec, "point")
    assert points["encoding"]["fill"]["condition"] == {"test": "datum.estimated", "value": PAPER}
    assert [item["estimated"] for item in points["data"]["values"]] == [False, True]


def test_a_gap_says_that_something_is_missing() -> None:
    """It is no bar of nothing, and no line across."""
    lost = ("El", ChartRole.MEASURED, [figure(10.0), figure(LOST), figure(12.0)])
    columns, course = (chart(kind, ("a", "b", "c"), lost) for kind in (ChartKind.COLUMNS, ChartKind.LINES))
    bars, line = (marks(chart_spec(plan_of(each, "sv", 640)), mark)[0] for each, mark in ((columns, "bar"), (course, "line")))

    assert [item["place"] for item in bars["data"]["values"]] == [0, 2]
    assert [item["value"] for item in line["data"]["values"]] == [10.0, None, 12.0]
    assert line["mark"]["invalid"] == "break-paths-filter-domains"
    assert texts(chart_svg(columns, "sv")).count("saknas") == texts(chart_svg(course, "sv")).count("saknas") == 1


def test_a_year_that_has_not_come_is_no_gap() -> None:
    """A measured line ends there; the forecast goes on."""
    assert "saknas" not in texts(chart_svg(COURSE, "sv"))


def test_a_gap_too_narrow_for_the_word_has_a_cross_that_is_explained() -> None:
    """Sixty words on top of each other would say nothing."""
    many = ("El", ChartRole.MEASURED, [figure(LOST) if place == 3 else figure(10.0) for place in range(60)])
    svg = chart_svg(chart(ChartKind.LINES, [f"{place}" for place in range(60)], many), "sv")

    assert texts(svg).count("saknas") == 1  # in the legend


def test_roles_differ_without_colour() -> None:
    """A path is dashed, a forecast dotted, and between low and high there is one field."""
    spec = chart_spec(plan_of(COURSE, "sv", 640))

    dashes = [tuple(layer["mark"]["strokeDash"]) for layer in marks(spec, "line")]
    assert len(set(dashes)) == 3
    (field,) = marks(spec, "area")
    assert len(field["data"]["values"]) == 6  # 2025 … 2030


def test_one_forecast_has_a_field_of_its_own() -> None:
    """An area of one place would be nothing."""
    one = [
        series("Uppmätt", [5.0, 4.0, None]),
        series("Prognos", [None, None, 3.5], ChartRole.FORECAST),
        series("Lägst", [None, None, 3.0], ChartRole.LOW),
        series("Högst", [None, None, 4.0], ChartRole.HIGH),
    ]
    spec = chart_spec(plan_of(chart(ChartKind.COLUMNS, ("2024", "2025", "2026"), *one), "sv", 640))

    assert [(item["low"], item["high"]) for item in marks(spec, "bar")[-1]["data"]["values"]] == [(3.0, 4.0)]
    slots = {item["series"] for item in marks(spec, "bar")[0]["data"]["values"]}
    assert slots == {"Uppmätt"}  # the forecast stands where the year's bar would


@pytest.mark.parametrize("width", [340, 640])
@pytest.mark.parametrize("labels", [MONTHS, BUILDINGS, tuple(f"{month} {year}" for year in (2025, 2026) for month in MONTHS)])
def test_labels_do_not_collide(labels: tuple[str, ...], width: int) -> None:
    """Those that stand side by side, by 0.56 em a letter; names lie beside their bars and all have one."""
    plan = plan_of(chart(ChartKind.COLUMNS, labels, series("El", [1.0] * len(labels))), "sv", width)
    axis = marks(chart_spec(plan), "bar")[0]["encoding"]["y" if plan.lying else "x"]["axis"]

    if labels == BUILDINGS:
        assert plan.lying is (width == 340)
        assert axis["values"] == list(range(len(labels)))
    else:
        step = (width - 18 - 3 * 0.56 * 13) / len(labels) * (axis["values"][1] - axis["values"][0])
        words = [word for label in labels for word in (label.split(" ") if len(labels) > 12 else [label])]
        assert max(map(len, words)) * 0.56 * 13 <= step
        assert axis["values"][-1] == len(labels) - 1


def test_a_name_longer_than_the_picture_is_told_on_two_lines() -> None:
    """In the legend; what stood outside would not be seen."""
    name = "Normalårskorrigerad energianvändning i de byggnader som har en siffra för vart och ett av de tio åren"
    svg = chart_svg(chart(ChartKind.LINES, ("a", "b"), series(name, [1.0, 2.0]), series("El", [2.0, 3.0])), "sv", 420)

    assert name not in texts(svg)
    assert name in " ".join(texts(svg))
    assert [each for each in texts(svg) if len(each) * 0.56 * 13 > 420] == []


def test_nothing_at_all_is_drawn_as_such() -> None:
    """All of it missing: a word each, no number on the axis."""
    none = ("El", ChartRole.MEASURED, [figure(LOST)] * 12)
    said = texts(chart_svg(chart(ChartKind.COLUMNS, MONTHS, none), "sv"))

    assert said.count("saknas") == 12
    assert not [text for text in said if text.isdigit()]


def test_the_specification_is_vega_lite() -> None:
    """By altair's schema: the program that draws passes over what it does not know."""
    half, lost = [figure(-1.0, coverage=0.5)], [figure(LOST)]
    one = chart(
        ChartKind.COLUMNS,
        ("2026",),
        ("Såld", ChartRole.MEASURED, half),
        ("Köpt", ChartRole.COMPARISON, lost),
        series("Väg", [2.0], ChartRole.PATH),
    )

    for each in (one, COURSE):
        spec = chart_spec(plan_of(each, "sv", 640))
        assert len(altair.LayerChart.from_dict(spec, validate=True).layer) == len(spec["layer"])


@pytest.mark.parametrize("kind", list(ChartKind))
def test_nothing_is_too_little_to_draw(kind: ChartKind) -> None:
    """No label and no series; one label; nothing but zeros."""
    assert texts(chart_svg(chart(kind, ()), "sv")) == ["kWh"]
    assert "2026" in texts(chart_svg(chart(kind, ("2026",), series("El", [7.0])), "sv"))
    assert "0" in texts(chart_svg(chart(kind, ("a", "b"), series("El", [0.0, 0.0])), "sv"))


def test_colours_can_be_seen() -> None:
    """At least 3:1 against the paper, in light and in dark (WCAG 2.1, 1.4.11)."""
    assert [colour for colour in COLOURS if contrast(colour, PAPER) < 3] == []
    assert [colour for colour in COLOURS if contrast(ON_DARK[colour], ON_DARK[PAPER]) < 3] == []


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """WCAG 2.1, relative luminance of #rrggbb."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_hostile_words_stay_words() -> None:
    """In labels, names and the text alternative."""
    hostile = "<b>\"&'\\</b>"
    svg = chart_svg(chart(ChartKind.COLUMNS, (hostile, "b"), series(hostile, [1.0, 2.0]), series("El", [1.0, 2.0])), "sv")

    assert "<b>" not in svg
    assert texts(svg).count(hostile) == 2


def test_the_same_chart_gives_the_same_bytes_in_another_process_and_zone() -> None:
    """Nothing of it follows the machine's clock, and nothing the order of a process."""
    here = hashlib.sha256(b"".join(chart_svg(each, "sv").encode() + chart_png(each, "sv") for each in EXAMPLES)).hexdigest()

    there = subprocess.run(
        [sys.executable, "-c", SUMS], env={**os.environ, "TZ": "Pacific/Kiritimati"}, capture_output=True, text=True, check=True
    )

    assert there.stdout.strip() == here


def test_text_is_drawn_in_the_png() -> None:
    """Without its font vl-convert draws none, and says nothing of it: the same picture without its texts has other pixels."""
    svg = chart_svg(EXAMPLES[0], "sv")

    assert chart_png(EXAMPLES[0], "sv") != vl_convert.svg_to_png(re.sub(r"<text.*?</text>", "", svg), scale=2, ppi=72)


def test_a_png_is_packed_and_whole() -> None:
    """The pixels are those that were drawn."""
    loose = vl_convert.svg_to_png(chart_svg(EXAMPLES[0], "sv"), scale=2, ppi=72)
    tight = chart_png(EXAMPLES[0], "sv")

    assert len(tight) < 0.25 * len(loose)
    assert pixels(tight) == pixels(loose)


def pixels(png: bytes) -> tuple[bytes, bytes]:
    """What a PNG says of itself and its unpacked lines; every sum is right."""
    chunks: dict[bytes, bytes] = {}
    place = 8
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        kind, data = png[place + 4 : place + 8], png[place + 8 : place + 8 + length]
        assert png[place + 8 + length : place + 12 + length] == struct.pack(">I", zlib.crc32(kind + data))
        chunks[kind] = chunks.get(kind, b"") + data
        place += 12 + length
    return chunks[b"IHDR"], zlib.decompress(chunks[b"IDAT"])


def test_an_absent_font_is_an_error(tmp_path: Path) -> None:
    """Not a chart without words."""
    for name in list(typeface.FILES)[1:]:
        (tmp_path / name).write_bytes((typeface.FOLDER / name).read_bytes())

    with pytest.raises(ReportError, match=r"SourceSans3-Regular\.ttf is not there"):
        charts.registered(tmp_path)


def test_a_typeface_that_is_not_drawn_with_is_an_error(tmp_path: Path) -> None:
    """vl-convert takes an empty folder without a word."""
    with pytest.raises(ReportError, match="is not drawn with"):
        charts.drawn_with("'Source Sans 17'", tmp_path)
