"""portfolio.yaml: what it says, and every way in which it can be wrong."""

from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from config.domain.estate import Carrier, Direction, Portfolio, Register
from config.loading import load_municipality
from config.municipality.portfolio import check_digit
from tests.config.folders import PORTFOLIO, altered, faults_of, sentences, written


@pytest.fixture
def portfolio(tmp_path: Path) -> Portfolio:
    """The small portfolio, loaded."""
    return load_municipality(written(tmp_path)).portfolio


def test_the_portfolio_holds_what_the_file_says(portfolio: Portfolio) -> None:
    """One building, four points, four meters, five installations."""
    assert list(portfolio.buildings) == ["skola"]
    assert portfolio.buildings["skola"].area_m2 == 5200
    assert list(portfolio.points) == ["el-skola", "el-ut-skola", "el-kok", "fv-skola"]
    assert list(portfolio.meters) == ["m-el", "m-kok", "m-fv-1", "m-fv-2"]
    assert len(portfolio.installations) == 5
    point = portfolio.points["el-skola"]
    assert (point.carrier, point.direction, point.digits, point.interval_s) == (Carrier.ELECTRICITY, Direction.IMPORT, 6, 10)
    assert portfolio.points["el-kok"].parent == "el-skola"


def test_a_device_keeps_its_leading_zeros(tmp_path: Path) -> None:
    """YAML 1.1 reads 01234567 as the octal number 342391; the meter calls itself 01234567."""
    folder = written(tmp_path, portfolio=altered(PORTFOLIO, '"01234567"', "01234567"))

    assert load_municipality(folder).portfolio.meters["m-fv-1"].device == "01234567"


def test_local_times_become_instants(portfolio: Portfolio) -> None:
    """2024-01-01 begins at 23:00 UTC the day before; 2026-03-12 10:40 is winter time, 09:40 UTC."""
    old, new = portfolio.installations_of["fv-skola"]

    assert old.start == datetime(2023, 12, 31, 23, tzinfo=UTC)
    assert old.end == datetime(2026, 3, 12, 9, 15, tzinfo=UTC)
    assert new.start == datetime(2026, 3, 12, 9, 40, tzinfo=UTC)
    assert (old.end_register, new.start_register, new.end) == (4128, 12, None)


def test_one_meter_may_stand_at_two_points_with_a_register_each(portfolio: Portfolio) -> None:
    """An electricity meter counts import and export; it is described once."""
    settled = {item.point: item.register for item in portfolio.installations if item.meter == "m-el"}

    assert settled == {"el-skola": "active_energy_import", "el-ut-skola": "active_energy_export"}


def test_registers_are_written_short_or_whole(portfolio: Portfolio) -> None:
    """A channel stands after a dot; a mapping tells the message's word and unit."""
    assert portfolio.meters["m-el"].registers[2] == Register("active_power", "L1")
    assert portfolio.meters["m-kok"].registers == (Register("active_energy_import", "", "energy", "Wh"),)


def test_marked_values_are_named_on_what_they_belong_to(tmp_path: Path) -> None:
    """Every screen can then show them as invented."""
    text = altered(PORTFOLIO, "area_m2: 5200", "area_m2: {value: 5200, example: true, note: fråga}")
    text = altered(text, "digits: 6", "digits: {value: 6, example: true}")
    loaded = load_municipality(written(tmp_path, portfolio=text))

    assert loaded.portfolio.buildings["skola"].area_m2 == 5200
    assert loaded.portfolio.buildings["skola"].example == {"area_m2"}
    assert loaded.portfolio.points["el-skola"].example == {"digits"}
    assert loaded.examples == 2


def test_a_marked_building_marks_all_inside_it_but_what_is_exempted(tmp_path: Path) -> None:
    """Nothing can be forgotten; a true name inside says so."""
    text = altered(PORTFOLIO, "    name: Skolan\n", "    name: {value: Skolan, example: false}\n    example: true\n")
    estate = load_municipality(written(tmp_path, portfolio=text)).portfolio

    assert estate.buildings["skola"].name == "Skolan"
    assert estate.buildings["skola"].example == {"kind", "owner", "area_m2"}
    assert estate.points["el-skola"].example == {"name", "carrier", "resolution", "digits", "interval_s", "meters"}
    assert estate.points["el-kok"].example == {"name", "carrier", "resolution", "parent", "meters"}


class Case(NamedTuple):
    """What is changed in the small portfolio, and the fault that it gives."""

    old: str
    new: str
    line: int
    key: str
    text: str


IN = "buildings.skola.points."
FAULTS = {
    "unknown key": Case(
        "area_m2: 5200",
        "aera_m2: 5200",
        10,
        "buildings.skola.aera_m2",
        "no such key; did you mean area_m2?",
    ),
    "key given twice": Case(
        "area_m2: 5200",
        "area_m2: 5200\n    area_m2: 52",
        11,
        "buildings.skola.area_m2",
        "given twice; the first is on line 10, keep one of them",
    ),
    "decimal comma": Case(
        "area_m2: 5200",
        "area_m2: 5200,5",
        10,
        "buildings.skola.area_m2",
        "'5200,5': write a decimal point and no blanks, 5200.5",
    ),
    "no number": Case(
        "area_m2: 5200",
        "area_m2: stor",
        10,
        "buildings.skola.area_m2",
        "a number was expected, not 'stor'",
    ),
    "infinite": Case(
        "area_m2: 5200",
        "area_m2: 1e999",
        10,
        "buildings.skola.area_m2",
        "'1e999' is no finite number",
    ),
    "blanks between thousands": Case(
        "area_m2: 5200",
        "area_m2: 5 200",
        10,
        "buildings.skola.area_m2",
        "'5 200': write a decimal point and no blanks, 5200",
    ),
    "a number with its unit": Case(
        "area_m2: 5200",
        "area_m2: 5200 m2",
        10,
        "buildings.skola.area_m2",
        "'5200 m2': write the number alone, 5200; the key says its unit",
    ),
    "more digits than a line holds": Case(
        "digits: 6",
        "digits: " + "6" * 5000,
        17,
        IN + "el-skola.digits",
        "a whole number was expected, not '" + "6" * 59 + "…",
    ),
    "an interval of ages": Case(
        "interval: 10 s",
        "interval: " + "9" * 5000 + " s",
        18,
        IN + "el-skola.interval",
        "'" + "9" * 59 + "… is no interval; write 10 s, 5 min, 1 h or 1 d",
    ),
    "a year outside the calendar": Case(
        "to: 2026-03-12T10:15",
        "to: 9999-12-31T23:59-12:00",
        54,
        IN + "fv-skola.meters.m-fv-1.to",
        "'9999-12-31T23:59-12:00' is no time; write 2026-11-23, or 2026-11-23T10:30 in local time",
    ),
    "a register that ends below its beginning": Case(
        "end_register: 4128",
        "start_register: 5000\n            end_register: 4128",
        56,
        IN + "fv-skola.meters.m-fv-1.end_register",
        "is below start_register, 5000; correct one, or give the point's digits if it went round",
    ),
    "no area at all": Case(
        "area_m2: 5200",
        "area_m2: 0",
        10,
        "buildings.skola.area_m2",
        "'0' must be above 0",
    ),
    "latitude off the globe": Case(
        "area_m2: 5200",
        "latitude: 604",
        10,
        "buildings.skola.latitude",
        "'604' is above the most, 90",
    ),
    "unknown kind": Case(
        "kind: school",
        "kind: skool",
        8,
        "buildings.skola.kind",
        "no kind of building 'skool'; did you mean school?",
    ),
    "unknown owner": Case(
        "owner: skolnamnden",
        "owner: skolnamden",
        9,
        "buildings.skola.owner",
        "no owner 'skolnamden'; did you mean skolnamnden?",
    ),
    "owner's kind": Case(
        "kind: committee",
        "kind: comittee",
        4,
        "owners.skolnamnden.kind",
        "'comittee' is none of them; did you mean committee?",
    ),
    "missing name": Case(
        "    name: Skolan\n",
        "",
        6,
        "buildings.skola.name",
        "is missing; give it",
    ),
    "empty name": Case(
        "name: Skolan",
        "name:",
        7,
        "buildings.skola.name",
        "a text was expected, not nothing",
    ),
    "id with capitals": Case(
        "id: skola\n",
        "id: Skola\n",
        6,
        "buildings.Skola.id",
        "'Skola' is no id; use a-z, 0-9, - and _, as in skola-1",
    ),
    "point's id taken": Case(
        "id: el-kok",
        "id: el-skola",
        34,
        IN + "el-skola.id",
        "el-skola is a point already (portfolio.yaml:13); ids are unique, choose another",
    ),
    "point called as the building": Case(
        "id: el-kok",
        "id: skola",
        34,
        IN + "skola.id",
        "skola is a building already (portfolio.yaml:6); ids are unique, choose another",
    ),
    "meter called as a point": Case(
        "id: m-kok",
        "id: el-kok",
        40,
        IN + "el-kok.meters.el-kok.id",
        "el-kok is a point already (portfolio.yaml:34); ids are unique, choose another",
    ),
    "meter described twice": Case(
        "id: m-fv-2",
        "id: m-fv-1",
        57,
        IN + "fv-skola.meters.m-fv-1.id",
        "meter m-fv-1 is described on portfolio.yaml:50 already; give its id alone here, or choose another id",
    ),
    "meter described nowhere": Case(
        "          - id: m-el\n            from: 2024-01-01\n            settle",
        "          - id: m-el2\n            from: 2024-01-01\n            settle",
        31,
        IN + "el-ut-skola.meters.m-el2",
        "meter m-el2 is described nowhere: give family, device and registers; did you mean m-el?",
    ),
    "unknown carrier": Case(
        "carrier: district_heating",
        "carrier: district_heeting",
        47,
        IN + "fv-skola.carrier",
        "'district_heeting' is none of them; did you mean district_heating?",
    ),
    "unknown direction": Case(
        "direction: export",
        "direction: out",
        28,
        IN + "el-ut-skola.direction",
        "'out' is none of them; known: export, import, net",
    ),
    "interval without unit": Case(
        "interval: 10 s",
        "interval: 10",
        18,
        IN + "el-skola.interval",
        "'10' is no interval; write 10 s, 5 min, 1 h or 1 d",
    ),
    "interval of nothing": Case(
        "interval: 10 s",
        "interval: 0 s",
        18,
        IN + "el-skola.interval",
        "'0 s' is no interval; write 10 s, 5 min, 1 h or 1 d",
    ),
    "unknown zone": Case(
        "Europe/Stockholm",
        "Europe/Borlange",
        2,
        "timezone",
        "'Europe/Borlange' is no time zone; write Europe/Stockholm, UTC or UTC+1 (normal time all year)",
    ),
    "unknown parent": Case(
        "parent: el-skola",
        "parent: el-skol",
        38,
        IN + "el-kok.parent",
        "no point 'el-skol'; did you mean el-skola?",
    ),
    "parent of another carrier": Case(
        "parent: el-skola",
        "parent: fv-skola",
        38,
        IN + "el-kok.parent",
        "fv-skola measures district_heating, this one electricity; a sub-meter has its parent's carrier",
    ),
    "its own parent": Case(
        "parent: el-skola",
        "parent: el-kok",
        38,
        IN + "el-kok.parent",
        "is its own parent: el-kok → el-kok; remove one",
    ),
    "unknown quantity": Case(
        "[active_energy_import, active_energy_export",
        "[active_energy_imprt, active_energy_export",
        24,
        IN + "el-skola.meters.m-el.registers.1.quantity",
        "no quantity 'active_energy_imprt'; did you mean active_energy_import?",
    ),
    "unknown unit": Case(
        "unit: Wh",
        "unit: kwh",
        44,
        IN + "el-kok.meters.m-kok.registers.1.unit",
        "no unit 'kwh'; did you mean kWh?",
    ),
    "unit of another kind": Case(
        "unit: Wh",
        "unit: m3",
        44,
        IN + "el-kok.meters.m-kok.registers.1",
        "unit m3 is volume, active_energy_import is energy; correct one",
    ),
    "register twice": Case(
        "active_power.L1",
        "active_energy_export",
        24,
        IN + "el-skola.meters.m-el.registers.3",
        "register active_energy_export is given twice; give one of them a channel",
    ),
    "settles what it has not": Case(
        "settle: active_energy_export",
        "settle: active_energy_exprt",
        33,
        IN + "el-ut-skola.meters.m-el.settle",
        "the meter has no register active_energy_exprt; did you mean active_energy_export?",
    ),
    "settles the wrong way": Case(
        "settle: active_energy_export",
        "settle: active_energy_import",
        33,
        IN + "el-ut-skola.meters.m-el.settle",
        "active_energy_import is not what a point of electricity export settles; one of: "
        "active_energy_export, active_energy_production, energy",
    ),
    "nothing to settle": Case(
        "unit: Wh}]",
        "unit: Wh, channel: L1}, {quantity: active_energy_import, channel: L2}]",
        40,
        IN + "el-kok.meters.m-kok.settle",
        "which register is electricity import? Give settle, one of: active_energy_import.L1, active_energy_import.L2",
    ),
    "two meters at once": Case(
        "to: 2026-03-12T10:15",
        "to: 2026-03-12T10:45",
        60,
        IN + "fv-skola.meters.m-fv-2.from",
        "meter m-fv-1 (portfolio.yaml:50) still stands here until 2026-03-12 09:45 UTC; end it with to",
    ),
    "ends before it begins": Case(
        "to: 2026-03-12T10:15",
        "to: 2023-03-12",
        54,
        IN + "fv-skola.meters.m-fv-1.to",
        "must be after from",
    ),
    "an hour that the clock skips": Case(
        "from: 2026-03-12T10:40",
        "from: 2026-03-29T02:30",
        60,
        IN + "fv-skola.meters.m-fv-2.from",
        "the clock in Europe/Stockholm skips 2026-03-29 02:30:00; give another time",
    ),
    "no time": Case(
        "from: 2026-03-12T10:40",
        "from: 12 mars",
        60,
        IN + "fv-skola.meters.m-fv-2.from",
        "'12 mars' is no time; write 2026-11-23, or 2026-11-23T10:30 in local time",
    ),
    "negative register": Case(
        "start_register: 12",
        "start_register: -12",
        61,
        IN + "fv-skola.meters.m-fv-2.start_register",
        "only a net register may be negative",
    ),
    "register too large": Case(
        "            registers: [active_energy_import, a",
        "            start_register: 1000000\n            registers: [active_energy_import, a",
        24,
        IN + "el-skola.meters.m-el.start_register",
        "does not fit into 6 digits; correct it or digits",
    ),
    "end register of a standing meter": Case(
        "start_register: 12",
        "end_register: 12",
        61,
        IN + "fv-skola.meters.m-fv-2.end_register",
        "belongs to a removed meter; give to",
    ),
    "device of two meters": Case(
        '"01234568"',
        '"01234567"',
        59,
        IN + "fv-skola.meters.m-fv-2.device",
        "01234567 is the device of m-fv-1 (portfolio.yaml:50) too, both with heat_energy, volume: their "
        "messages cannot be told apart; share the registers out, or give m-fv-1 again here",
    ),
    "a list that is a word": Case(
        "meters:\n          - id: m-kok",
        "meters: m-kok\n        note:\n          - id: m-kok",
        39,
        IN + "el-kok.meters",
        "a list was expected, not 'm-kok'; begin each entry with -",
    ),
    "a mark on a list": Case(
        "registers: [heat_energy, volume]\n          - id: m-fv-2",
        "registers: {value: [heat_energy], example: true}\n          - id: m-fv-2",
        56,
        IN + "fv-skola.meters.m-fv-1.registers",
        "only a single value can be marked; mark each value inside, or give the whole entry example: true",
    ),
}


@pytest.mark.parametrize("case", FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_says_file_line_key_and_the_way_out(tmp_path: Path, case: Case) -> None:
    """Whoever reads it must be able to mend it without asking."""
    found = sentences(written(tmp_path, portfolio=altered(PORTFOLIO, case.old, case.new)))

    assert f"portfolio.yaml:{case.line}: {case.key}: {case.text}" in found


def test_a_position_with_its_numbers_exchanged_is_asked_about(tmp_path: Path) -> None:
    """15.4 north, 60.5 east is the Arabian Sea."""
    text = altered(PORTFOLIO, "area_m2: 5200\n", "area_m2: 5200\n    latitude: 15.4212\n    longitude: 60.4861\n")

    assert sentences(written(tmp_path, portfolio=text)) == [
        "portfolio.yaml:11: buildings.skola.latitude: 15.4212, 60.4861 lies outside Sweden; are latitude and longitude exchanged?"
    ]


def test_a_register_that_may_have_gone_round_is_asked_about(tmp_path: Path) -> None:
    """With seven digits 9 999 900 may end at 40; a slip of the pen looks the same."""
    text = altered(PORTFOLIO, "        resolution: 1\n", "        resolution: 1\n        digits: 7\n")
    text = altered(text, "end_register: 4128", "start_register: 9999900\n            end_register: 40")

    assert sentences(written(tmp_path, portfolio=text)) == [
        f"portfolio.yaml:57: {IN}fv-skola.meters.m-fv-1.end_register: is below start_register, 9999900; "
        "right only if the register went round"
    ]


def test_a_public_point_needs_a_public_building(tmp_path: Path) -> None:
    """Open data of a point would name its building."""
    text = altered(altered(PORTFOLIO, "    public: true\n", ""), "name: El\n", "name: El\n        public: true\n")

    assert sentences(written(tmp_path, portfolio=text)) == [
        "portfolio.yaml:14: buildings.skola.points.el-skola.public: "
        "the point is public but its building skola is not; say public: true there too"
    ]


def test_one_register_is_settled_for_one_point_at_a_time(tmp_path: Path) -> None:
    """Its use would be counted twice."""
    text = altered(PORTFOLIO, "        direction: export\n", "")
    text = altered(text, "settle: active_energy_export", "settle: active_energy_import")

    assert sentences(written(tmp_path, portfolio=text)) == [
        "portfolio.yaml:32: buildings.skola.points.el-ut-skola.meters.m-el.settle: register active_energy_import of m-el is "
        "settled for el-skola (portfolio.yaml:20) too; one register's use would count twice"
    ]


def test_parents_in_a_circle_are_all_named(tmp_path: Path) -> None:
    """Each of them is a place where the circle can be broken."""
    text = altered(PORTFOLIO, "        digits: 6\n", "        parent: el-kok\n")

    assert sentences(written(tmp_path, portfolio=text)) == [
        "portfolio.yaml:17: buildings.skola.points.el-skola.parent: is its own parent: el-skola → el-kok → el-skola; remove one",
        "portfolio.yaml:38: buildings.skola.points.el-kok.parent: is its own parent: el-kok → el-skola → el-kok; remove one",
    ]


def test_a_family_that_no_decoder_has_is_a_fault(tmp_path: Path) -> None:
    """Its messages would never be read."""
    found = faults_of(written(tmp_path), frozenset({"amsleser", "tasmota", "wmbusmeter", "elvaco"}))

    assert [(fault.line, fault.key.rpartition(".")[2]) for fault in found] == [(51, "family"), (58, "family")]
    assert found[0].text == "no decoder family 'wmbusmeters'; did you mean wmbusmeter?"


GSRN = {  # trap 15; domain facts, section 6: the first three are valid, the fourth is not
    "735999000123456780": None,
    "735999123456789018": None,
    "735999000000000013": None,
    "735999000123456781": "the GSRN's check digit should be 0; compare with the invoice",
    "12345": "5 digits: no GSRN (18); kept as an id of your own",
    "400000000000000008": "a Swedish GSRN begins with 735999; compare with the invoice",
}


@pytest.mark.parametrize(("number", "warning"), GSRN.items())
def test_a_point_id_of_digits_is_checked_as_a_gsrn(tmp_path: Path, number: str, warning: str | None) -> None:
    """Some grid companies use numbers of their own: a warning, and the number is kept."""
    folder = written(tmp_path, portfolio=altered(PORTFOLIO, "id: fv-skola", f'id: "{number}"'))
    loaded = load_municipality(folder)

    assert number in loaded.portfolio.points
    assert [fault.text for fault in loaded.warnings] == ([warning] if warning else [])


def test_the_check_digit_is_the_one_of_gs1() -> None:
    """GS1's own example: GTIN-13 629104150021 has the check digit 3."""
    assert check_digit("629104150021") == 3


def test_a_portfolio_may_be_shared_out(tmp_path: Path) -> None:
    """A thousand buildings do not fit on a screen; references go from file to file."""
    folder = written(tmp_path)
    (folder / "portfolio-lek.yaml").write_text(
        "buildings:\n  - {id: forskola, name: Förskolan, kind: preschool, owner: skolnamnden}\n"
    )

    assert list(load_municipality(folder).portfolio.buildings) == ["skola", "forskola"]


def test_only_the_main_file_names_the_municipality(tmp_path: Path) -> None:
    """Two time zones would be two truths."""
    folder = written(tmp_path)
    (folder / "portfolio-lek.yaml").write_text("timezone: UTC\n")

    assert sentences(folder) == ["portfolio-lek.yaml:1: timezone: belongs in portfolio.yaml only"]


def test_a_point_without_a_meter_is_told(tmp_path: Path) -> None:
    """It may be planned, or forgotten: a warning."""
    text = PORTFOLIO + "      - {id: vatten, name: Vatten, carrier: water, resolution: 0.001}\n"
    loaded = load_municipality(written(tmp_path, portfolio=text))

    assert [(fault.line, fault.text) for fault in loaded.warnings] == [(63, "has no meter yet")]
