"""factors.yaml: what is wrong with it is said with file, line and way out; contracts, mixes and hours are read."""

from pathlib import Path

import pytest

from config.domain.estate import Carrier
from config.domain.factors import Factors, Perspective, Shares
from config.loading import check_municipality, load_municipality
from tests.config.folders import FACTORS, PORTFOLIO, altered, faults_of, sentences, written

SECOND = """\
  - id: el-2024-igen
    carrier: electricity
    year: 2024
    value: 470
    unit: g CO2/kWh
    perspective: market
    includes: [combustion]
    source: Ei
    mark: S
"""
CONTRACTS = """\
contracts:
  - id: elavtal
    name: Elavtal
    supplier: Energibolaget
    years:
      - year: 2024
        share: 0.25
        origin: vattenkraft
        shares: {renewable: 1, fossil: 0}
        cancelled: 2025-02-20
        document: Annulleringsintyg 1
        mark: V
"""
HOURLY = """\
hourly:
  - id: el-se3-timme
    zone: SE3
    file: se3.csv
    unit: g CO2e/kWh
    perspective: location
    includes: [combustion, upstream, life_cycle]
    source: egen räkning
    mark: D
"""


def factors_of(folder: Path) -> Factors:
    """The folder's factors."""
    return load_municipality(folder).factors


FAULTS = {
    "no year": (altered(FACTORS, "    year: 2024\n", ""), "factors.yaml:2: factors.el-2024.year: is missing; give it"),
    "no unit": (altered(FACTORS, "    unit: g CO2/kWh\n", ""), "factors.yaml:2: factors.el-2024.unit: is missing; give it"),
    "no source": (altered(FACTORS, "    source: Ei\n", ""), "factors.yaml:2: factors.el-2024.source: is missing; give it"),
    "another unit": (
        altered(FACTORS, "g CO2/kWh", "kg CO2/kWh"),
        "factors.yaml:6: factors.el-2024.unit: 'kg CO2/kWh' is none of them; did you mean g CO2/kWh?",
    ),
    "a negative factor": (
        altered(FACTORS, "464.79", "-1"),
        "factors.yaml:5: factors.el-2024.value: '-1' is below the least, 0",
    ),
    "two for the same year": (
        FACTORS + SECOND,
        "factors.yaml:11: factors.el-2024-igen: overlaps el-2024 (line 2) in 2024; "
        "end one with applies_to, or give both published if one is a correction",
    ),
    "two, of which one says no day": (
        FACTORS + SECOND + "    published: 2025-10-01\n",
        "factors.yaml:11: factors.el-2024-igen: overlaps el-2024 (line 2) in 2024; "
        "end one with applies_to, or give both published if one is a correction",
    ),
    "shares that do not sum to 1": (
        FACTORS + "    shares: {renewable: 0.1018, fossil: 0.6821, other: 0.2}\n",
        "factors.yaml:11: factors.el-2024.shares: sum to 0.9839, not 1; put what is not known under other",
    ),
    "a weighting that overlaps": (
        "weightings:\n"
        "  - {rule_set: BBR, carrier: oil, value: 1.8, valid_to: 2026-10-01, source: s, mark: S}\n"
        "  - {rule_set: BBR, carrier: oil, value: 1.9, valid_from: 2026-01-01, source: s, mark: S}\n",
        "factors.yaml:3: weightings.2: overlaps the one of the same rule set and carrier on line 2; end that one with valid_to",
    ),
    "Fgeo twice": (
        "geographic:\n  - {rule_set: BBR, value: 1.1, source: s, mark: U}\n  - {rule_set: BBR, value: 1.2, source: s, mark: U}\n",
        "factors.yaml:3: geographic.2.rule_set: has one already; keep one",
    ),
    "guarantees cancelled too late": (
        altered(CONTRACTS, "2025-02-20", "2025-04-01"),
        "factors.yaml:10: contracts.elavtal.years.1.cancelled: is after 2025-03-31: such guarantees do not count for 2024; "
        "correct it or take the evidence out",
    ),
    "guarantees without a document": (
        altered(CONTRACTS, "        document: Annulleringsintyg 1\n", ""),
        "factors.yaml:6: contracts.elavtal.years.1.document: is missing; give it",
    ),
    "guarantees of unknown extent": (
        altered(CONTRACTS, "share: 0.25", "kwh: 10000"),
        "factors.yaml:6: contracts.elavtal.years.1: give share, or kwh and of_kwh (the contract's whole use of the year)",
    ),
    "fossil origin without emissions": (
        altered(CONTRACTS, "{renewable: 1, fossil: 0}", "{renewable: 0.9, fossil: 0.1}"),
        "factors.yaml:6: contracts.elavtal.years.1.value: is missing: a part of it is fossil; give its emissions",
    ),
    "guarantees cancelled before their year": (
        altered(CONTRACTS, "2025-02-20", "2023-12-31"),
        "factors.yaml:10: contracts.elavtal.years.1.cancelled: is before 2024: no guarantee of that year was there to cancel; "
        "correct the day or the year",
    ),
    "hot water twice": (
        "hot_water:\n"
        "  - {rule_set: BBR, kinds: [school, office], value: 2, source: s, mark: V}\n"
        "  - {rule_set: BBR, kinds: [office], value: 3, source: s, mark: V}\n",
        "factors.yaml:3: hot_water.2.kinds: office has a value of BBR on line 2 already; keep one",
    ),
    "the same year twice": (
        CONTRACTS + CONTRACTS[CONTRACTS.index("      - year") :],
        "factors.yaml:13: contracts.elavtal.years.2.year: has evidence already; put it together",
    ),
    "a kind of building that is none": (
        "hot_water:\n  - {rule_set: BBR, kinds: [skool], value: 2, source: s, mark: V}\n",
        "factors.yaml:2: hot_water.1.kinds.1: no kind of building 'skool'; did you mean school?",
    ),
    "a file elsewhere": (
        altered(HOURLY, "se3.csv", "../se3.csv"),
        "factors.yaml:4: hourly.el-se3-timme.file: '../se3.csv' is no CSV file in this folder; "
        "write its name alone, as el-se3.csv",
    ),
    "a file that is not there": (
        HOURLY,
        "factors.yaml:4: hourly.el-se3-timme.file: se3.csv cannot be read: No such file or directory",
    ),
}


@pytest.mark.parametrize(("text", "expected"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_is_said_with_file_line_and_way_out(tmp_path: Path, text: str, expected: str) -> None:
    """A factor that is half given would become a figure that is half right."""
    assert sentences(written(tmp_path, factors=text)) == [expected]


def test_a_correction_beside_what_it_corrects_is_no_fault(tmp_path: Path) -> None:
    """Both published: the old report stays as it was."""
    text = FACTORS + "    published: 2025-06-02\n    preliminary: true\n" + SECOND + "    published: 2025-10-01\n"

    assert sentences(written(tmp_path, factors=text)) == []


def test_what_holds_until_replaced_may_be_replaced(tmp_path: Path) -> None:
    """The Nordic mean of 2021-23 and a later one overlap on purpose."""
    older = altered(FACTORS, "year: 2024\n", "year: 2022\n    until_replaced: true\n").replace("el-2024", "aldre")

    assert sentences(written(tmp_path, factors=older + SECOND)) == []


def test_a_factor_in_kilograms_is_seen(tmp_path: Path) -> None:
    """Trap 9: 0.090 was read as a factor; 0.46479 is the residual mix in kg."""
    folder = written(tmp_path, factors=altered(FACTORS, "464.79", "0.46479"))

    assert [(fault.warning, fault.sentence("sv")) for fault in faults_of(folder)] == [
        (
            True,
            "factors.yaml:5: factors.el-2024.value: 0.46479 g/kWh är mycket litet: står det i kg? Skriv då 464.79",
        )
    ]


def test_the_share_of_a_contract_is_read_or_follows_from_its_kilowatt_hours(tmp_path: Path) -> None:
    """Ei's example: 10 000 of 40 000 kWh."""
    text = altered(CONTRACTS, "share: 0.25", "kwh: 10000\n        of_kwh: 40000")
    evidence = factors_of(written(tmp_path, factors=text)).contracts["elavtal"].evidence(2024)

    assert evidence is not None
    assert (evidence.share, evidence.value, evidence.shares) == (0.25, 0.0, Shares(1.0, 0.0, 0.0, 0.0))


def test_more_guarantees_than_use_cover_all_of_it_and_no_more(tmp_path: Path) -> None:
    """A share above 1 would make the rest negative."""
    text = altered(CONTRACTS, "share: 0.25", "kwh: 50000\n        of_kwh: 40000")
    evidence = factors_of(written(tmp_path, factors=text)).contracts["elavtal"].evidence(2024)

    assert evidence is not None
    assert evidence.share == 1.0


def test_rounded_shares_are_brought_to_sum_one(tmp_path: Path) -> None:
    """Ei's 2023: 6.51 + 14.68 + 78.82 = 100.01; four classes that sum to 100.01 % look wrong on a board."""
    text = FACTORS + "    shares: {renewable: 0.0651, fossil: 0.7882, other: 0.1468}\n"
    mix = factors_of(written(tmp_path, factors=text)).mix(Carrier.ELECTRICITY, 2024, Perspective.MARKET)

    assert getattr(mix, "shares").renewable == pytest.approx(0.0651 / 1.0001, rel=1e-12)  # noqa: B009 - may be Missing
    shares = getattr(mix, "shares")  # noqa: B009 - may be Missing
    assert shares.renewable + shares.recovered + shares.fossil + shares.other == pytest.approx(1.0, abs=1e-15)


HOURS = "time;value;renewable;recovered;fossil;other\n2024-01-01T00:00Z;18,2;0.61;0;0.02;0.37\n2024-01-01T01:00+00:00;19;;;;\n"


def test_hours_are_read_with_or_without_shares(tmp_path: Path) -> None:
    """The mix of an hour may be known where its shares are not."""
    folder = written(tmp_path, factors=HOURLY)
    (folder / "se3.csv").write_text(HOURS, encoding="utf-8")
    (hourly,) = factors_of(folder).hourly

    assert [(hour.start.isoformat(), hour.value, hour.shares) for hour in hourly.hours] == [
        ("2024-01-01T00:00:00+00:00", 18.2, Shares(0.61, 0.0, 0.02, 0.37)),
        ("2024-01-01T01:00:00+00:00", 19.0, None),
    ]


def test_an_unpacked_hour_has_a_version_of_its_own(tmp_path: Path) -> None:
    """A figure says which file it stands on, though the file has no edition."""
    folder = written(tmp_path, factors=HOURLY)
    (folder / "se3.csv").write_text(HOURS, encoding="utf-8")
    (one,) = factors_of(folder).hourly
    (folder / "se3.csv").write_text(HOURS.replace("19", "20"), encoding="utf-8")
    (other,) = factors_of(folder).hourly

    assert one.version != other.version


BAD_HOURS = {
    "no columns": ("2024-01-01T00:00Z;18\n", "1: the first line names the columns"),
    "some shares": ("time;value;renewable\n", "1: the first line names the columns"),
    "nothing": ("", "1: the first line names the columns"),
    "no hour": ("time;value\n", "1: no hour is given"),
    "no time": ("time;value\nigår;18\n", "2: 'igår' is no time"),
    "no zone": ("time;value\n2024-01-01T00:00;18\n", "2: '2024-01-01T00:00' says no zone"),
    "half an hour": ("time;value\n2024-01-01T00:30Z;18\n", "2: '2024-01-01T00:30Z' is no full hour"),
    "twice": ("time;value\n2024-01-01T00:00Z;1\n2024-01-01T01:00+01:00;2\n", "3: 2024-01-01T01:00+01:00 is given twice"),
    "no number": ("time;value\n2024-01-01T00:00Z;n/a\n", "2: 'n/a' is no number from 0 up"),
    "below nought": ("time;value\n2024-01-01T00:00Z;-4\n", "2: '-4' is no number from 0 up"),
    "too few": ("time;value\n2024-01-01T00:00Z\n", "2: 1 values, 2 columns"),
    "a decimal comma between commas": ("time,value\n2024-01-01T00:00Z,18,2\n", "2: 3 values, 2 columns; with decimal commas"),
    "a column twice": ("time;value;value\n2024-01-01T00:00Z;18;19\n", "1: two columns have the same name"),
    "the first year of all": ("time;value\n0001-01-01T00:00+14:00;18\n", "2: '0001-01-01T00:00+14:00' is no year"),
    "endless": ("time;value\n2024-01-01T00:00Z;" + "9" * 140_000, "2: no CSV: field larger"),
    "shares": (HOURS.replace("0.37", "0.27"), "2: the shares sum to 0.9000, not 1"),
}


@pytest.mark.parametrize(("text", "expected"), BAD_HOURS.values(), ids=BAD_HOURS.keys())
def test_a_bad_line_of_hours_is_named(tmp_path: Path, text: str, expected: str) -> None:
    """Among 8 760 lines one must be found."""
    folder = written(tmp_path, factors=HOURLY)
    (folder / "se3.csv").write_text(text, encoding="utf-8")
    said = sentences(folder)

    assert len(said) == 1
    assert said[0].startswith("factors.yaml:4: hourly.el-se3-timme.file: se3.csv:" + expected)


def test_every_bad_line_of_hours_is_named_at_once_up_to_twenty(tmp_path: Path) -> None:
    """A person mends the file in one go; a file of another kind does not fill the screen."""
    folder = written(tmp_path, factors=HOURLY)
    bad = "".join(f"2024-01-01T{hour:02}:00Z;{'x' if hour % 2 else 1}\n" for hour in range(24))
    (folder / "se3.csv").write_text("time;value\n" + bad, encoding="utf-8")
    of_one = [text.split("se3.csv:")[1].split(":")[0] for text in sentences(folder)]
    (folder / "se3.csv").write_text("time;value\n" + "x;y\n" * 100, encoding="utf-8")
    of_other = sentences(folder)

    assert of_one == [str(line) for line in range(3, 26, 2)]
    assert len(of_other) == 21
    assert any("se3.csv: 80 lines more are wrong" in text for text in of_other)


def test_hours_that_lack_and_hours_in_kilograms_are_told(tmp_path: Path) -> None:
    """Used all the same: an hour that is not there is not known."""
    folder = written(tmp_path, factors=HOURLY)
    (folder / "se3.csv").write_text("time;value\n2024-01-01T00:00Z;0.02\n2024-01-01T03:00Z;0.03\n", encoding="utf-8")
    warnings = [(fault.text, fault.text_sv) for fault in load_municipality(folder).warnings]

    assert warnings == [
        (
            "se3.csv: 2 hours lack, the first 2024-01-01T01:00Z: what needs them will be missing; add them if they exist",
            "se3.csv: 2 timmar fattas, den första 2024-01-01T01:00Z: det som kräver dem kommer att saknas; "
            "lägg till dem om de finns",
        ),
        (
            "se3.csv: no value is above 0.03 g/kWh, which is very little: are they in kg? Then give 1000 times as much",
            "se3.csv: inget värde är över 0.03 g/kWh, vilket är mycket litet: står de i kg? Ange då 1000 gånger så mycket",
        ),
    ]


def test_hours_that_are_no_text_are_a_fault(tmp_path: Path) -> None:
    """An Excel file with another name."""
    folder = written(tmp_path, factors=HOURLY)
    (folder / "se3.csv").write_bytes(b"\xff\xfe\x00\x01")

    assert sentences(folder) == ["factors.yaml:4: hourly.el-se3-timme.file: se3.csv is not UTF-8; save it as UTF-8"]


def named(portfolio: str = PORTFOLIO) -> str:
    """The portfolio with a network and a contract for the whole file."""
    return altered(portfolio, "timezone: Europe/Stockholm\n", "timezone: Europe/Stockholm\ncontract: elavtal\n")


def test_the_file_s_contract_is_that_of_its_bought_electricity(tmp_path: Path) -> None:
    """Heat is not bought under it, and what is sent out is not bought."""
    points = load_municipality(written(tmp_path, portfolio=named(), factors=CONTRACTS)).portfolio.points

    assert {name: point.contract for name, point in points.items()} == {
        "el-skola": "elavtal",
        "el-ut-skola": "",
        "el-kok": "elavtal",
        "fv-skola": "",
    }


def test_a_building_s_own_network_goes_before_the_file_s(tmp_path: Path) -> None:
    """Two networks in one municipality."""
    text = altered(PORTFOLIO, "timezone: Europe/Stockholm\n", "timezone: Europe/Stockholm\nheat_network: Stora nätet\n")
    own = altered(text, "    area_m2: 5200\n", "    area_m2: 5200\n    heat_network: Lilla nätet\n")
    found = [check_municipality(written(tmp_path, portfolio=given))[0] for given in (text, own)]

    assert [item.portfolio.buildings["skola"].heat_network for item in found if item] == ["Stora nätet", "Lilla nätet"]


def test_a_contract_that_is_nowhere_is_a_fault(tmp_path: Path) -> None:
    """Its points would silently be residual mix."""
    folder = written(tmp_path, portfolio=named().replace("contract: elavtal", "contract: elavtall"), factors=CONTRACTS)

    assert sentences(folder) == ["portfolio.yaml:3: contract: no contract 'elavtall' in factors.yaml; did you mean elavtal?"]


def test_a_network_that_factors_do_not_know_is_a_warning(tmp_path: Path) -> None:
    """Borlange is not Borlänge: its heat would be missing, with the factor entered."""
    text = altered(PORTFOLIO, "    area_m2: 5200\n", "    area_m2: 5200\n    heat_network: Lillkoping\n")
    gap = "missing:\n  - {carrier: district_heating, network: Lillköping, reason_sv: saknas, reason_en: missing}\n"
    faults = faults_of(written(tmp_path, portfolio=text, factors=FACTORS + gap))

    assert [(fault.warning, fault.sentence()) for fault in faults] == [
        (
            True,
            "portfolio.yaml:11: buildings.skola.heat_network: factors.yaml knows no network 'Lillkoping': "
            "its figures will be missing; did you mean Lillköping?",
        )
    ]


def test_heat_is_not_bought_under_an_electricity_contract(tmp_path: Path) -> None:
    """It would be taken for emission-free."""
    text = altered(
        PORTFOLIO, "        carrier: district_heating\n", "        carrier: district_heating\n        contract: elavtal\n"
    )

    assert sentences(written(tmp_path, portfolio=text, factors=CONTRACTS)) == [
        "portfolio.yaml:48: buildings.skola.points.fv-skola.contract: belongs to a point of bought electricity; take it out"
    ]
