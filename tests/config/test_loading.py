"""A folder as a whole: everything at once, what may be absent, and the other files' own checks."""

from pathlib import Path

import pytest

from config.domain.audiences import Readers
from config.domain.panels import Audience
from config.domain.sources import ClockTrust, Source
from config.domain.tariffs import ComponentKind
from config.errors import ConfigurationError
from config.loading import load_municipality
from tests.config.folders import AUDIENCES, FACTORS, GOALS, PORTFOLIO, SOURCES, TARIFFS, altered, sentences, written


def test_every_fault_of_every_file_comes_at_once(tmp_path: Path) -> None:
    """Nobody mends a portfolio of a thousand meters one fault a run."""
    folder = written(
        tmp_path,
        portfolio=altered(altered(PORTFOLIO, "area_m2: 5200", "area: 5200"), "digits: 6", "digits: sex"),
        sources=altered(SOURCES, "UTC+1", "UTC+9"),
        factors=altered(FACTORS, "    source: Ei\n", ""),
        goals=altered(GOALS, "mark: V", "mark: X"),
    )

    with pytest.raises(ConfigurationError) as refused:
        load_municipality(folder)

    assert str(refused.value).splitlines() == [
        "factors.yaml:2: factors.el-2024.source: is missing; give it",
        "goals.yaml:15: goals.budget.mark: 'X' is none of them; known: D, S, U, V",
        "portfolio.yaml:10: buildings.skola.area: no such key; did you mean area_m2?",
        "portfolio.yaml:17: buildings.skola.points.el-skola.digits: a whole number was expected, not 'sex'",
        "sources.yaml:6: sources.2.timezone: 'UTC+9' is no time zone; "
        "write Europe/Stockholm, UTC or UTC+1 (normal time all year)",
    ]
    assert len(refused.value.faults) == 5


def test_a_fault_in_one_entry_hides_none_of_the_others(tmp_path: Path) -> None:
    """Misspelt keys, overlaps, loops and unknown names of one file in one run, each at its own line."""
    twice = TARIFFS.removeprefix("tariffs:\n")
    folder = written(
        tmp_path,
        tariffs=altered(TARIFFS, "price: 7900", "price: dear").replace("id: el", "id: old") + twice + twice,
        factors=altered(FACTORS, "464.79", "464,79") + "weightings:\n"
        "  - {rule_set: BBR, carrier: gas, value: 1, valid_from: 2024-01-01, valid_to: 2023-01-01, source: s, mark: V}\n",
        goals=altered(GOALS, "target_year: 2040", "target_year: late")
        + altered(altered(GOALS, "id: budget", "id: other"), "target_year: 2040", "target_year: 2019").removeprefix("goals:\n"),
    )

    assert sentences(folder) == [
        "factors.yaml:5: factors.el-2024.value: '464,79': write a decimal point and no blanks, 464.79",
        "factors.yaml:12: weightings.1.valid_to: must be after valid_from",
        "goals.yaml:12: goals.budget.target_year: a whole number was expected, not 'late'",
        "goals.yaml:26: goals.other.target_year: must be after base_year",
        "tariffs.yaml:8: tariffs.old.components.1.price: a number was expected, not 'dear'",
        "tariffs.yaml:24: tariffs.el.valid_from: overlaps the one from 2021-01-01; end that one with valid_to",
    ]


def test_what_names_an_unreadable_entry_is_no_fault(tmp_path: Path) -> None:
    """The building that cannot be read has the point that another one's is measured by, and the owner is there."""
    second = """\
  - id: annex
    name: Annex
    kind: office
    owner: skolnamnden
    points:
      - {id: el-annex, name: El, carrier: electricity, resolution: 1, parent: el-skola, meters: [{id: m-el, from: 2025-01-01}]}
      - {id: el-annex-2, name: El, carrier: electricity, resolution: 1, parent: el-anex}
"""
    folder = written(tmp_path, portfolio=altered(PORTFOLIO, "area_m2: 5200", "area_m2: -5200") + second)

    assert sentences(folder) == [
        "portfolio.yaml:10: buildings.skola.area_m2: '-5200' must be above 0",
        "portfolio.yaml:69: buildings.annex.points.el-annex-2: has no meter yet",
        "portfolio.yaml:69: buildings.annex.points.el-annex-2.parent: no point 'el-anex'; did you mean el-annex?",
    ]


def test_a_folder_that_is_none_is_said(tmp_path: Path) -> None:
    """The setting's name is the way out."""
    with pytest.raises(ConfigurationError, match="is no folder; name the municipality's folder in ENERGIMONITOR_MUNICIPALITY"):
        load_municipality(tmp_path / "nowhere")


@pytest.mark.parametrize("name", ["portfolio", "sources"])
def test_what_is_needed_must_be_there(tmp_path: Path, name: str) -> None:
    """Without buildings or sources there is nothing to do."""
    assert sentences(written(tmp_path, **{name: None})) == [f"{name}.yaml:1: cannot be read: No such file or directory"]


def test_what_is_absent_is_missing_not_nought(tmp_path: Path) -> None:
    """A municipality may begin without goals, factors, tariffs and audiences; each is a warning."""
    loaded = load_municipality(written(tmp_path, goals=None, factors=None, tariffs=None, audiences=None))

    assert (loaded.goals.goals, loaded.factors.factors, loaded.tariffs.tariffs, loaded.audiences) == ((), (), (), ())
    assert [warning.file for warning in loaded.warnings] == ["audiences.yaml", "factors.yaml", "goals.yaml", "tariffs.yaml"]


def test_a_misspelt_file_is_a_fault(tmp_path: Path) -> None:
    """Its goals would silently be missing."""
    folder = written(tmp_path, goals=None)
    (folder / "goal.yaml").write_text(GOALS)

    assert "goal.yaml:1: no file of a municipality; did you mean goals.yaml?" in sentences(folder)


def test_the_version_follows_every_file(tmp_path: Path) -> None:
    """A figure says with which portfolio and factors it was calculated."""
    before = load_municipality(written(tmp_path)).portfolio.version
    again = load_municipality(written(tmp_path)).portfolio.version
    after = load_municipality(written(tmp_path, factors=FACTORS + "# granskad\n")).portfolio.version

    assert before == again
    assert before != after


def test_sources_stand_in_their_order(tmp_path: Path) -> None:
    """The first that covers a topic is the one."""
    assert load_municipality(written(tmp_path)).sources == (
        Source("ams/#", "amsleser"),
        Source("elvaco/#", "elvaco", "UTC+1", ClockTrust.DEVICE),
    )


SOURCE_FAULTS = {
    "# inside": ("ams/#", "ams/#/x", "sources.yaml:2: sources.1.topic: # stands alone, as the last level: meters/#"),
    "+ beside text": ("ams/#", "ams/a+", "sources.yaml:2: sources.1.topic: + stands for a whole level: meters/+/state"),
    "shared": (
        "ams/#",
        "$share/a/b",
        "sources.yaml:2: sources.1.topic: write the topic without $share; sharing is a setting of the installation",
    ),
    "twice": ("elvaco/#", "ams/#", "sources.yaml:4: sources.2.topic: the same as on line 2; keep one"),
    "never reached": (
        "elvaco/#",
        "ams/+/x",
        "sources.yaml:4: sources.2.topic: never reached: ams/# on line 2 covers it; put this one before it",
    ),
    "clock": (
        "timezone: UTC+1",
        "clock: mine",
        "sources.yaml:6: sources.2.clock: 'mine' is none of them; known: device, receipt",
    ),
    "unit's kind": (
        "timezone: UTC+1",
        "units: {heat_energy: m3}",
        "sources.yaml:6: sources.2.units.heat_energy: unit m3 is volume, heat_energy is energy",
    ),
    "no family": ("    family: amsleser\n", "", "sources.yaml:2: sources.1.family: is missing; give it"),
}


@pytest.mark.parametrize(("old", "new", "expected"), SOURCE_FAULTS.values(), ids=SOURCE_FAULTS.keys())
def test_a_source_that_cannot_work_is_a_fault(tmp_path: Path, old: str, new: str, expected: str) -> None:
    """Messages would be lost, or read as another device's."""
    assert sentences(written(tmp_path, sources=altered(SOURCES, old, new))) == [expected]


def test_a_source_may_ignore_on_purpose(tmp_path: Path) -> None:
    """`family: null` is said, not forgotten."""
    folder = written(tmp_path, sources=altered(SOURCES, "family: amsleser", "family: null"))

    assert load_municipality(folder).sources[0].family is None


OTHER_FAULTS = {
    "factor twice": (
        "factors",
        FACTORS + FACTORS.removeprefix("factors:\n"),
        "factors.yaml:11: factors.el-2024.id: the same id as on line 2",
    ),
    "invented factor that looks seen": (
        "factors",
        altered(FACTORS, "464.79", "{value: 464.79, example: true}"),
        "factors.yaml:10: factors.el-2024.mark: an invented value is marked U",
    ),
    "shares": (
        "factors",
        FACTORS + "    shares: {renewable: 0.1, fossil: 0.8}\n",
        "factors.yaml:11: factors.el-2024.shares: sum to 0.9000, not 1; put what is not known under other",
    ),
    "heat without network": (
        "factors",
        altered(FACTORS, "carrier: electricity", "carrier: district_heating"),
        "factors.yaml:2: factors.el-2024.network: name the network: no two networks have the same factor",
    ),
    "goal's owner": (
        "goals",
        altered(GOALS, "owner: skolnamnden", "owner: skolnamden"),
        "goals.yaml:4: goals.budget.owner: no owner 'skolnamden'; did you mean skolnamnden?",
    ),
    "goal without change": (
        "goals",
        altered(GOALS, "    yearly_change: -0.164\n", ""),
        "goals.yaml:2: goals.budget.yearly_change: path yearly_compound needs it",
    ),
    "goal that ends before": (
        "goals",
        altered(GOALS, "target_year: 2040", "target_year: 2019"),
        "goals.yaml:12: goals.budget.target_year: must be after base_year",
    ),
    "invented goal that looks decided": (
        "goals",
        altered(GOALS, "base_value: 100", "base_value: {value: 100, example: true}"),
        "goals.yaml:15: goals.budget.mark: a goal with invented values is marked U",
    ),
    "tariffs overlap": (
        "tariffs",
        TARIFFS + altered(TARIFFS, "2021-01-01", "2021-07-01").removeprefix("tariffs:\n"),
        "tariffs.yaml:15: tariffs.el.valid_from: overlaps the one from 2021-01-01; end that one with valid_to",
    ),
    "tariff ends before": (
        "tariffs",
        altered(TARIFFS, "valid_to: 2022-01-01", "valid_to: 2020-01-01"),
        "tariffs.yaml:7: tariffs.el.valid_to: must be after valid_from",
    ),
    "peak without peaks": (
        "tariffs",
        altered(TARIFFS, "{kind: fixed,", "{kind: peak_power,"),
        "tariffs.yaml:8: tariffs.el.components.1.peaks: peak_power needs it",
    ),
    "hole between power groups": (
        "tariffs",
        altered(
            TARIFFS,
            "{kind: fixed, price: 7900}",
            "{kind: power_group, from_kw: 0, to_kw: 50, fixed_sek: 1, price: 1}, {kind: power_group, from_kw: "
            "60, fixed_sek: 1, price: 1}",
        ),
        "tariffs.yaml:8: tariffs.el.components.2.from_kw: the group below ends at 50.0; begin here at the same power",
    ),
    "tariff hole in time": (
        "tariffs",
        TARIFFS + altered(TARIFFS, "2021-01-01\n    valid_to: 2022-01-01", "2022-03-01").removeprefix("tariffs:\n"),
        "tariffs.yaml:15: tariffs.el.valid_from: no price from 2022-01-01 to 2022-02-28: costs of those days will be missing; "
        "enter the list of that time",
    ),
    "tariff of another carrier": (
        "tariffs",
        TARIFFS
        + altered(
            altered(TARIFFS, "2021-01-01\n    valid_to: 2022-01-01", "2022-01-01"), "carrier: electricity", "carrier: water"
        ).removeprefix("tariffs:\n"),
        "tariffs.yaml:13: tariffs.el.carrier: is water, from 2021-01-01 it was electricity; another carrier is another id",
    ),
    "tariff without a price": (
        "tariffs",
        altered(TARIFFS, "[{kind: fixed, price: 7900}]", "[]"),
        "tariffs.yaml:8: tariffs.el.components: a price list without a price; give its lines, or take it out",
    ),
    "months without a price": (
        "tariffs",
        altered(TARIFFS, "{kind: fixed, price: 7900}", "{kind: energy, price: 1, months: [1, 2, 3, 4, 5, 6, 8, 9, 10, 12]}"),
        "tariffs.yaml:8: tariffs.el.components: use in July, November costs nothing; if that is so, say it with price: 0",
    ),
    "a month twice": (
        "tariffs",
        altered(TARIFFS, "{kind: fixed, price: 7900}", "{kind: overuse, price: 1, months: [1, 1]}"),
        "tariffs.yaml:8: tariffs.el.components.1.months: a month is given twice; keep one",
    ),
    "a fuse twice": (
        "tariffs",
        altered(TARIFFS, "{kind: fixed, price: 7900}", "{kind: fuse, price: 1, fuse_a: 16}, {kind: fuse, price: 2, fuse_a: 16}"),
        "tariffs.yaml:8: tariffs.el.components.2.fuse_a: 16 A has a price on line 8 already; keep one",
    ),
    "an hour that is none": (
        "tariffs",
        altered(TARIFFS, "{kind: fixed, price: 7900}", "{kind: energy, price: 1, hours: [6, 6]}"),
        "tariffs.yaml:8: tariffs.el.components.1.hours: begin and end at the same hour; leave them out for all hours",
    ),
    "three hours": (
        "tariffs",
        altered(TARIFFS, "{kind: fixed, price: 7900}", "{kind: energy, price: 1, hours: [6, 7, 8]}"),
        "tariffs.yaml:8: tariffs.el.components.1.hours: 3 given, 2 expected",
    ),
    "outside of nothing": (
        "tariffs",
        altered(TARIFFS, "{kind: fixed, price: 7900}", "{kind: energy, price: 1, outside: true}"),
        "tariffs.yaml:8: tariffs.el.components.1.outside: outside of what? Give months, hours or weekdays_only as in the price "
        "that it completes",
    ),
    "spot without its area": (
        "tariffs",
        altered(TARIFFS, "{kind: fixed,", "{kind: spot,"),
        "tariffs.yaml:8: tariffs.el.components.1.area: spot needs it",
    ),
    "a key of another kind": (
        "tariffs",
        altered(TARIFFS, "price: 7900", "price: 7900, fuse_a: 16"),
        "tariffs.yaml:8: tariffs.el.components.1.fuse_a: belongs to fuse, not to fixed; take it out",
    ),
    "no group for small powers": (
        "tariffs",
        altered(TARIFFS, "{kind: fixed, price: 7900}", "{kind: power_group, from_kw: 10, fixed_sek: 1, price: 1}"),
        "tariffs.yaml:8: tariffs.el.components.1.from_kw: powers up to 10 kW have no group: their costs will be missing; "
        "begin at 0 if it is theirs too",
    ),
    "no group for large powers": (
        "tariffs",
        altered(TARIFFS, "{kind: fixed, price: 7900}", "{kind: power_group, from_kw: 0, to_kw: 50, fixed_sek: 1, price: 1}"),
        "tariffs.yaml:8: tariffs.el.components.1.to_kw: powers above 50 kW have no group: their costs will be missing; "
        "leave to_kw out in the last group",
    ),
    "a decimal comma between braces": (
        "tariffs",
        altered(TARIFFS, "price: 7900", "price: 0,135"),
        "tariffs.yaml:8: tariffs.el.components.1.135: no such key; is it the rest of a decimal comma? Write a point, 0.135",
    ),
    "goal of a share in per cent": (
        "goals",
        altered(
            GOALS,
            "target_year: 2040\n    yearly_change: -0.164",
            "target_year: 2040\n    yearly_change: -0.164\n    target_share: 37",
        ),
        "goals.yaml:14: goals.budget.target_share: is 37 times the base; write 0.37 for 37 %, or give target_value",
    ),
    "goal of a share of nothing": (
        "goals",
        altered(
            altered(GOALS, "base_value: 100", "base_value: 0"), "target_year: 2040", "target_year: 2040\n    target_share: 0.37"
        ),
        "goals.yaml:11: goals.budget.base_value: of 0 has no shares; correct it, or give target_value",
    ),
    "goal's change with its sign": (
        "goals",
        altered(GOALS, "-0.164", "−16,4 %"),
        "goals.yaml:13: goals.budget.yearly_change: '−16,4 %': write the share, -0.164",
    ),
    "factor with its unit": (
        "factors",
        altered(FACTORS, "464.79", "1 464.79 g/kWh"),
        "factors.yaml:5: factors.el-2024.value: '1 464.79 g/kWh': write the number alone, 1464.79; the key says its unit",
    ),
    "factor published before it was measured": (
        "factors",
        FACTORS + "    published: 2023-06-01\n",
        "factors.yaml:11: factors.el-2024.published: is before 2024, which was measured; correct one of them",
    ),
    "audience's owner": (
        "audiences",
        altered(AUDIENCES, "[skolnamnden]", "[lovisa]"),
        "audiences.yaml:2: audiences.board.owners.1: no owner 'lovisa'; known: skolnamnden",
    ),
    "citizens see all": (
        "audiences",
        altered(AUDIENCES, "id: board", "id: citizens"),
        "audiences.yaml:2: audiences.citizens.public_only: citizens see open data only; give public_only: true",
    ),
    "no address": (
        "audiences",
        altered(AUDIENCES, "owners: [skolnamnden]", "recipients: [styrelsen]"),
        "audiences.yaml:2: audiences.board.recipients.1: 'styrelsen' is no mail address; write it as name@example.se, "
        "a domain with å, ä or ö in its xn-- form",
    ),
}


@pytest.mark.parametrize(("name", "text", "expected"), OTHER_FAULTS.values(), ids=OTHER_FAULTS.keys())
def test_the_other_files_have_their_own_checks(tmp_path: Path, name: str, text: str, expected: str) -> None:
    """A factor without its network or a price list with a hole would give a wrong figure later."""
    assert sentences(written(tmp_path, **{name: text})) == [expected]


def test_a_hole_in_prices_is_told_and_stops_nothing(tmp_path: Path) -> None:
    """Its costs are missing with the reason; everything else is calculated."""
    hole = TARIFFS + altered(TARIFFS, "2021-01-01\n    valid_to: 2022-01-01", "2022-03-01").removeprefix("tariffs:\n")

    assert [warning.line for warning in load_municipality(written(tmp_path, tariffs=hole)).warnings] == [15]


def test_a_price_by_times_and_a_spot_price_are_read_whole(tmp_path: Path) -> None:
    """Patterns (d) and spot of docs/costs.md; what a list may say no component may lose."""
    lines = (
        "[{kind: energy, price: 0.8, months: [11, 12, 1, 2, 3], weekdays_only: true, not_on_holidays: true, hours: [6, 22]}, "
        "{kind: energy, price: 0.3, months: [11, 12, 1, 2, 3], weekdays_only: true, not_on_holidays: true, hours: [6, 22], "
        "outside: true}, {kind: spot, price: 0.05, area: SE3}, "
        "{kind: power_group, from_kw: 0, fixed_sek: 1, price: 2, rolling_months: 12, mean_over_day: true}]"
    )
    (tariff,) = load_municipality(
        written(tmp_path, tariffs=altered(TARIFFS, "[{kind: fixed, price: 7900}]", lines))
    ).tariffs.tariffs
    day, other, spot, group = tariff.components

    assert (day.not_on_holidays, day.outside, other.outside) == (True, False, True)
    assert (day.months, day.hours, other.hours) == ((11, 12, 1, 2, 3), (6, 22), (6, 22))
    assert (spot.kind, spot.area) == (ComponentKind.SPOT, "SE3")
    assert (group.rolling_months, group.mean_over_day) == (12, True)


def test_an_audience_is_read_whole(tmp_path: Path) -> None:
    """Dashboards and reports go by it."""
    assert load_municipality(written(tmp_path)).audiences == (
        Readers(Audience.BOARD, "Styrelsen", "Board", "sv", ("skolnamnden",), False, ()),
    )
