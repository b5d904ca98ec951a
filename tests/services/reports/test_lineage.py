"""Any published figure can be followed back to its hours, and made again by hand from its export."""

import csv
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from config.domain.figure_names import figure_name
from config.domain.indicators import Missing, Subject, SubjectKind
from config.domain.intervals import Finding, FindingCode
from config.domain.periods import PeriodKind, month
from config.errors import ConfigurationError, FigureUnknown
from services.reports.figure_export import Sources, export_figure
from services.reports.lineage import Lineage
from tests.services.indicators.example_basis import ZONE
from tests.services.reports.published import NOW, Published, published, weather

JANUARY = "energy:electricity/building:skola/2025-01"
Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    found = published(tmp_path_factory.mktemp("state"))
    yield found
    found.state.close()


def explain(made: Published, text: str) -> Lineage:
    return made.reader.explain(figure_name(text, ZONE))


def test_a_building_s_month_comes_from_its_hours(made: Published) -> None:
    """January: 744 measured hours, whose sum is the figure; the unit, the method and the factor-free rule are told."""
    found = explain(made, JANUARY)

    (hours,) = found.hours
    assert found.rule == "hours"
    assert (hours.point, hours.methods) == ("skola-el", {"measured": 744})
    assert hours.total == pytest.approx(found.value.value)
    assert (found.value.method, found.known_from, found.program) == ("energy-3", NOW, "0.0-prov")


def test_a_silent_point_is_named_among_the_hours(made: Published) -> None:
    """A building is known to three quarters: whoever asks why has to see whose hours lack."""
    point = made.portfolio.points["skola-el"]
    (hours,) = made.reader._hours([point], month(date(2031, 1, 1), ZONE))

    assert (hours.point, hours.total, hours.methods) == ("skola-el", None, {})


@pytest.mark.parametrize(
    ("text", "rule", "inputs"),
    [
        ("energy:electricity/building:skola/2024", "months", 12),
        ("energy:electricity/building:skola/2025-01-r12", "months", 12),
        ("energy:electricity/building:skola/2025-02-ytd", "months", 2),
        ("peak_power:electricity/building:skola/2024", "greatest", 12),
        ("energy:electricity/owner:skolnämnden/2025-01", "buildings", 2),
        ("energy:electricity/portfolio:portfolio/2024", "buildings", 2),
        ("specific_energy:electricity/building:skola/2024", "ratio", 2),
        ("emissions_market:electricity/building:skola/2024-01", "figures", 1),
    ],
)
def test_every_figure_says_what_it_is_made_of(made: Published, text: str, rule: str, inputs: int) -> None:
    """One step; each part is a figure that can be asked for in turn, or is known of the building."""
    found = explain(made, text)

    assert (found.rule, len(found.inputs)) == (rule, inputs)
    for item in found.inputs:
        if item.figure is not None:
            assert explain(made, item.name).value == item.figure


def test_all_steps_lead_down_to_hours(made: Published) -> None:
    """Of a group's ratio of a year: no figure is named that is not there, and the last ones are of hours."""
    steps = made.reader.upstream(figure_name("specific_energy/owner:skolnämnden/2024", ZONE))

    names = {str(step.name) for step in steps}
    assert all(item.name in names for step in steps for item in step.inputs if item.figure is not None)
    assert {step.rule for step in steps if not step.inputs} == {"hours"}
    assert len(names) == len(steps)


def test_a_missing_part_is_told_with_its_reason(made: Published) -> None:
    """The other school has no May: the group's rolling year shows which part lacks."""
    found = explain(made, "energy:electricity/building:annan/2024")

    (gone,) = [item for item in found.inputs if isinstance(item.value, Missing)]
    assert gone.name == "energy:electricity/building:annan/2024-05"
    assert isinstance(gone.value, Missing)
    assert gone.value.reason_sv


def test_what_was_odd_stands_with_the_figure(made: Published) -> None:
    """Findings of its points in its period, and no others."""
    for on in (datetime(2025, 1, 10, tzinfo=NOW.tzinfo), datetime(2024, 6, 1, tzinfo=NOW.tzinfo)):
        finding = Finding("skola-el", FindingCode.GAP, on, on + timedelta(hours=3), "Ett glapp.", "A gap.", {"kwh": 3.0})
        made.state.findings.replace("skola-el", on, on + timedelta(hours=4), [finding])

    (found,) = explain(made, JANUARY).findings
    assert found.start == datetime(2025, 1, 10, tzinfo=NOW.tzinfo)
    assert explain(made, "energy:district_heating/building:skola/2025-01").findings == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("energy:gas/building:skola/2025-01", "figures list building:skola shows which are"),
        ("energy:electricity/building:skula/2025-01", "no building 'skula' in portfolio.yaml"),
        ("energy:electricity/building:skola/2019-01", "no such figure"),
    ],
)
def test_a_figure_that_is_not_there_says_the_way_out(made: Published, text: str, said: str) -> None:
    """An error, not an empty page."""
    with pytest.raises(FigureUnknown, match=said):
        explain(made, text)


def test_what_there_is_can_be_listed(made: Published) -> None:
    """Periods, then the figures of one; as known before anything was published there are none."""
    school = Subject(SubjectKind.BUILDING, "skola")

    periods = made.reader.periods(school, NOW)
    assert periods[0].kind is PeriodKind.ROLLING_YEAR
    assert {one.kind for one in periods} == set(PeriodKind) - {PeriodKind.HOUR}
    assert max(one.start for one in periods) < NOW
    january = month(date(2025, 1, 1), ZONE)
    listed = made.reader.listed(school, january)
    assert {"energy", "emissions_market", "corrected_energy"} <= {value.indicator for value in listed}
    assert made.reader.listed(school, january, NOW - timedelta(days=1)) == []


def test_a_late_day_is_told_and_the_old_figure_can_be_explained(tmp_path: Path) -> None:
    """A day of January becomes known to have used more: the change, the version before, and its explanation as known then."""
    made = published(tmp_path)
    before = explain(made, JANUARY).value.value
    made.clock.at = NOW + timedelta(days=9)
    made.hours("skola-el", lambda at: 100.0, date(2025, 1, 8), date(2025, 1, 8))
    made.work()

    found = explain(made, JANUARY)
    old = made.reader.explain(figure_name(JANUARY, ZONE), NOW + timedelta(days=1))
    assert found.value.value != before
    assert old.value.value == before
    assert [version.fields["value"] for version in found.versions] == [before]
    assert [(change.old, change.new) for change in found.changes] == [(before, found.value.value)]
    year = made.reader.explain(figure_name("energy:electricity/building:skola/2025-02-ytd", ZONE), NOW + timedelta(days=1))
    assert year.inputs[0].value == before
    with pytest.raises(FigureUnknown, match="nobody knew it yet"):
        made.reader.explain(figure_name(JANUARY, ZONE), NOW - timedelta(days=1))
    made.state.close()


# made again by hand: only what lies in the folder is used, with nothing but arithmetic


@pytest.fixture
def folder(made: Published, tmp_path: Path) -> "Folder":
    return Folder(made, tmp_path)


class Folder:
    """Exports, read as anybody would."""

    def __init__(self, made: Published, path: Path) -> None:
        self._made, self._path = made, path
        configuration = path / "municipality"
        configuration.mkdir()
        (configuration / "factors.yaml").write_text("factors: []\n")
        self._sources = Sources(lambda start, end: weather(), configuration)

    def of(self, text: str) -> tuple[float, dict[str, Rows]]:
        """The figure, and the files' rows."""
        out = self._path / "out"
        export_figure(self._made.reader, self._sources, figure_name(text, ZONE), out)
        files = {path.stem: list(csv.DictReader(path.read_text().splitlines())) for path in out.glob("*.csv")}
        return json.loads((out / "figure.json").read_bytes())["value"], files


def value(rows: Rows, figure: str) -> float:
    return next(float(row["value"]) for row in rows if row["figure"] == figure)


def test_energy_by_hand(folder: Folder) -> None:
    """The sum of the point's hours."""
    figure, files = folder.of(JANUARY)

    hours = [float(row["value"]) for row in files["hours"] if row["point"] == "skola-el"]
    assert len(hours) == 744
    assert sum(hours) == pytest.approx(figure, rel=1e-9)
    assert [row["meter"] for row in files["readings"]] == ["m-skola-el"]


def test_emissions_by_hand(folder: Folder) -> None:
    """Energy times the factor that the figure itself names."""
    figure, files = folder.of("emissions_market:electricity/building:skola/2024-01")

    (mine,) = [row for row in files["figures"] if row["indicator"] == "emissions_market"]
    (named,) = [version for version in json.loads(mine["factors"]).values() if "g CO2" in version]
    grams = float(named.split(", ")[1].split(" ")[0].replace(",", "."))
    energy = value(files["figures"], "energy:electricity/building:skola/2024-01")
    assert energy * grams / 1000 == pytest.approx(figure, rel=1e-9)


def test_a_ratio_by_hand(folder: Folder) -> None:
    """Numerator by denominator, times the scale."""
    figure, files = folder.of("specific_energy:district_heating/building:skola/2024")

    parts = {row["role"]: float(row["value"]) for row in files["steps"] if row["rule"] == "ratio"}
    (scale,) = {float(row["scale"]) for row in files["steps"] if row["rule"] == "ratio"}
    assert parts["numerator"] / parts["denominator"] * scale == pytest.approx(figure, rel=1e-9)


def test_a_load_factor_by_hand(folder: Folder) -> None:
    """Energy by the known hours and by the peak."""
    figure, files = folder.of("load_factor:electricity/building:skola/2025-01")

    energy, hours, peak = (float(row["value"]) for row in files["steps"] if row["rule"] == "ratio")
    assert hours == 744
    assert energy / (hours * peak) == pytest.approx(figure, rel=1e-9)


def test_the_mean_power_of_a_running_month_is_by_the_hours_that_are_over(tmp_path: Path) -> None:
    """On the second of March at six by the local clock 30 hours are over, and 24 of them known."""
    made = published(tmp_path)
    made.hours("skola-el", lambda at: 10.0 + at.hour % 7, date(2025, 3, 1), date(2025, 3, 1))
    made.work()

    energy, hours, peak = made.reader.explain(figure_name("load_factor:electricity/building:skola/2025-03", ZONE)).inputs
    partial = energy.known
    assert isinstance(energy.value, Missing)  # 24 of 30 hours are 80 %
    assert hours.value == pytest.approx(24)
    assert partial == pytest.approx(sum(10.0 + n % 7 for n in range(24)))
    assert peak.known == 16.0
    made.state.close()


def test_a_bought_building_by_hand(tmp_path: Path) -> None:
    """The committee's year: the other school's energy from April on, and as much of its area; what is known counts."""
    made = published(tmp_path, datetime(2024, 3, 31, 22, tzinfo=UTC))
    folder = Folder(made, tmp_path)
    figure, files = folder.of("specific_energy/owner:skolnämnden/2024")

    above, below = (float(row["value"]) for row in files["steps"] if row["rule"] == "ratio")
    assert below == pytest.approx(1000 + 1000 * 6601 / 8784)
    assert above / below == pytest.approx(figure, rel=1e-9)
    parts = [row for row in files["steps"] if row["figure"] == "heated_building_energy/owner:skolnämnden/2024"]
    assert [row["value"] != "" for row in parts] == [False, True]
    assert sum(float(row["value"] or row["known"]) for row in parts) == pytest.approx(above, rel=1e-9)
    made.state.close()


def test_a_rolling_year_by_hand(folder: Folder) -> None:
    """The sum of twelve months, each the sum of its hours."""
    name = "energy:electricity/building:skola/2025-01-r12"
    figure, files = folder.of(name)

    months = [float(row["value"]) for row in files["steps"] if row["figure"] == name]
    assert len(months) == 12
    assert sum(months) == pytest.approx(figure, rel=1e-9)
    assert sum(float(row["value"]) for row in files["hours"]) == pytest.approx(figure, rel=1e-9)


def test_a_group_by_hand(folder: Folder) -> None:
    """The sum of the buildings, and of all their hours."""
    name = "energy:electricity/owner:skolnämnden/2025-01"
    figure, files = folder.of(name)

    assert sum(float(row["value"]) for row in files["steps"] if row["figure"] == name) == pytest.approx(figure, rel=1e-9)
    assert sum(float(row["value"]) for row in files["hours"]) == pytest.approx(figure, rel=1e-9)
    assert {row["point"] for row in files["hours"]} == {"skola-el", "annan-el"}


def test_corrected_energy_by_hand(folder: Folder) -> None:
    """Heat less base, by the month's own degree days to the normal year's, and the base again (domain facts 3.2)."""
    figure, files = folder.of("corrected_energy:district_heating/building:skola/2025-01")

    heat = value(files["figures"], "heated_building_energy:district_heating/building:skola/2025-01")
    base = value(files["figures"], "corrected_base:district_heating/building:skola/2025-01")
    days = [row for row in files["weather"] if row["day"].startswith("2025-01")]
    actual = sum(max(0.0, 17.0 - float(row["temperature_c"])) for row in days)
    normal = sum(float(row["degree_days"]) for row in files["normal_days"] if row["month"] == "1")
    assert (heat - base) * normal / actual + base == pytest.approx(figure, rel=1e-9)


def test_two_exports_never_mix(folder: Folder) -> None:
    """A folder that has something in it is refused, and nothing in it is touched."""
    folder.of(JANUARY)

    with pytest.raises(ConfigurationError, match="name a new folder"):
        folder.of(JANUARY)
