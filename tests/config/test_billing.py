"""What a point is billed by: written short or by dates, and what it may not say."""

from datetime import date
from pathlib import Path

import pytest

from config.domain.estate import Agreed
from config.loading import load_municipality
from tests.config.folders import PORTFOLIO, TARIFFS, altered, sentences, written

POINT = "        digits: 6\n"  # of el-skola
LATER = TARIFFS.removeprefix("tariffs:\n").replace("id: el\n", "id: handel\n")


def billed(folder: Path, keys: str) -> Path:
    text = altered(PORTFOLIO, POINT, POINT + "".join(f"        {key}\n" for key in keys.splitlines()))
    return written(folder, portfolio=text, tariffs=TARIFFS + LATER)


def test_what_is_written_short_holds_always(tmp_path: Path) -> None:
    """docs/costs.md: ids of price lists, and what they go by."""
    keys = "tariffs: [el, handel]\nsubscribed_kw: 200\nfuse_a: 63\nheat_power_kw: 48.5\nflow: volume.1\nreactive: free"
    point = load_municipality(billed(tmp_path, keys)).portfolio.points["el-skola"]

    assert point.tariffs == (Agreed("el"), Agreed("handel"))
    assert (point.subscribed_kw, point.fuse_a, point.heat_power_kw) == ((Agreed(200.0),), (Agreed(63),), (Agreed(48.5),))
    assert (point.flow, point.reactive) == ("volume.1", "free")


def test_what_changes_is_written_by_dates(tmp_path: Path) -> None:
    """Old figures keep the old prices."""
    keys = (
        "tariffs: [{id: el, valid_to: 2026-01-01}, {id: handel, valid_from: 2026-01-01}]\n"
        "subscribed_kw: [{value: 200, valid_to: 2026-07-01}, {value: 160, valid_from: 2026-07-01}]"
    )
    point = load_municipality(billed(tmp_path, keys)).portfolio.points["el-skola"]
    new_year, july = date(2026, 1, 1), date(2026, 7, 1)

    assert point.tariffs == (Agreed("el", None, new_year), Agreed("handel", new_year))
    assert point.subscribed_kw == (Agreed(200.0, None, july), Agreed(160.0, july))


def test_an_invented_subscription_is_marked(tmp_path: Path) -> None:
    """As every other value."""
    point = load_municipality(billed(tmp_path, "subscribed_kw: {value: 200, example: true}")).portfolio.points["el-skola"]

    assert point.subscribed_kw == (Agreed(200.0),)
    assert "subscribed_kw" in point.example


HERE = "buildings.skola.points.el-skola"
FAULTS = {
    "an unknown list": (
        "tariffs: [el, handl]",
        f"portfolio.yaml:18: {HERE}.tariffs.2: no price list 'handl' in tariffs.yaml; did you mean handel?",
    ),
    "a list twice": (
        "tariffs: [el, el]",
        f"portfolio.yaml:18: {HERE}.tariffs.2: overlaps the one on line 18; end that one with valid_to",
    ),
    "dates that overlap": (
        "subscribed_kw:\n  - {value: 200, valid_to: 2026-07-01}\n  - {value: 160, valid_from: 2026-06-01}",
        f"portfolio.yaml:20: {HERE}.subscribed_kw.2: overlaps the one on line 19; end that one with valid_to",
    ),
    "an end before its beginning": (
        "fuse_a: [{value: 16, valid_from: 2026-06-01, valid_to: 2026-06-01}]",
        f"portfolio.yaml:18: {HERE}.fuse_a.1.valid_to: must be after valid_from",
    ),
    "a power as people write it": (
        "subscribed_kw: 1 200 kW",
        f"portfolio.yaml:18: {HERE}.subscribed_kw.1.value: '1 200 kW': write the number alone, 1200; the key says its unit",
    ),
    "a fuse of nothing": ("fuse_a: 0", f"portfolio.yaml:18: {HERE}.fuse_a.1.value: '0' must be above 0"),
}


@pytest.mark.parametrize(("keys", "expected"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_says_file_line_key_and_the_way_out(tmp_path: Path, keys: str, expected: str) -> None:
    """A bill by the wrong list looks like any other."""
    assert sentences(billed(tmp_path, keys)) == [expected]


def test_a_list_of_another_carrier_is_a_fault(tmp_path: Path) -> None:
    """The district heating's list on an electricity point."""
    water = TARIFFS + LATER.replace("carrier: electricity", "carrier: water")
    folder = written(tmp_path, portfolio=altered(PORTFOLIO, POINT, POINT + "        tariffs: [handel]\n"), tariffs=water)

    assert sentences(folder) == [
        f"portfolio.yaml:18: {HERE}.tariffs.1: handel prices water, the point measures electricity; name another list"
    ]


def test_a_broken_price_list_makes_no_fault_where_it_is_named(tmp_path: Path) -> None:
    """What it lists is not known then."""
    folder = billed(tmp_path, "tariffs: [el]")
    (folder / "tariffs.yaml").write_text("tariffs: [\n", encoding="utf-8")

    assert [sentence.split(":")[0] for sentence in sentences(folder)] == ["tariffs.yaml"]
