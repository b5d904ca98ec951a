"""Monthly reports and owners' summaries of months that are hard to tell the truth about."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from config.domain.deviations import Deviation, DeviationKind, Saving
from config.domain.figure_names import figure_name, named_period
from config.domain.indicators import PORTFOLIO, Missing, Subject, SubjectKind
from services.reports.contents.actions import actions_table
from services.reports.contents.deviation_table import deviation_tables, open_deviations
from services.reports.contents.material import Material
from services.reports.contents.monthly import monthly
from services.reports.contents.owner import owner_summary
from services.reports.contents.readiness import SIMULATED, too_little
from services.reports.contents.restated import report_before
from services.reports.contents.weather import period_weather
from services.reports.printing import sentence_text
from services.reports.report import Report, ReportedFigure, Table, Words
from services.reports.wording import NBSP, Language
from services.state.state import State
from tests.services.reports.months import DECEMBER_REPORT, NOVEMBER_REPORT, ZONE, Months

ALL = Subject(SubjectKind.PORTFOLIO, PORTFOLIO)
SCHOOLS = Subject(SubjectKind.OWNER, "bildning")
OCTOBER, NOVEMBER = named_period("2025-10", ZONE), named_period("2025-11", ZONE)
NO_DEVIATION = "Ingen avvikelse som började i {} eller tidigare väntar på åtgärd."
FACTS = "{} uppgifter saknas; vem som kan komplettera står under Det som saknas."
RESTATED = " Siffror i tidigare rapporter har ändrats; de står under Ändrade siffror."
WHOLE = "Hela energianvändningen är känd ur mätarna. "
NO_MARKET = "marknadsbaserat kan de inte bedömas: en utsläppsfaktor saknas."

SAID = {
    ("bjorkskolan", "2024-02"): (
        "Björkskolan använde 66 587 kWh i februari 2024, 10,7 % mer än i februari 2023.",
        "Februari 2024 var en dag längre än februari 2023; per dygn var användningen 6,9 % större än i februari 2023.",
        "Vädret i februari 2024 var kallare än normalt, med 110 % av de normala graddagarna; normalårskorrigerat var "
        "användningen per dygn ungefär lika stor som i februari 2023.",
        f"Energi och vatten kostade 64 098 kr utan moms, 9,6 % mer än i februari 2023; utsläppen var 3 513 kg CO₂e platsbaserat; "
        f"{NO_MARKET}",
        NO_DEVIATION.format("februari 2024"),
        WHOLE + FACTS.format("Fyra"),
    ),
    ("tallskolan", "2025-10"): (
        "Tallskolan använde 15 263 kWh i oktober 2025; jämförelse med oktober 2024 kan inte göras: det mättes inte då.",
        "Vädret i oktober 2025 var mildare än normalt, med 84,9 % av de normala graddagarna; normalårskorrigerat kan "
        "användningen inte jämföras med oktober 2024: det mättes inte då.",
        f"Energin kostade 14 904 kr utan moms; utsläppen var 832 kg CO₂e platsbaserat; {NO_MARKET}",
        NO_DEVIATION.format("oktober 2025"),
        WHOLE + FACTS.format("Tre"),
    ),
    ("granskolan", "2025-05"): (
        "Granskolan använde ungefär 19 216 kWh i maj 2025, omkring 20,4 % mindre än i maj 2024.",
        "Vädret i maj 2025 var mildare än normalt, med 74,5 % av de normala graddagarna; normalårskorrigerat var användningen "
        "ungefär 1,3 % större än i maj 2024.",
        f"Energin kostade ungefär 19 281 kr utan moms, omkring 16,5 % mindre än i maj 2024; utsläppen var ungefär 1 058 kg CO₂e "
        f"platsbaserat; {NO_MARKET}",
        NO_DEVIATION.format("maj 2025"),
        "99 % av energins timmar är kända ur mätarna. " + FACTS.format("Fyra"),
    ),
    ("granskolan", "2025-09"): (
        "Energianvändningen i Granskolan i september 2025 kan inte bedömas: för lite är uppmätt.",
        "Vädret i september 2025 var mildare än normalt, med 66,1 % av de normala graddagarna; normalårskorrigerat kan "
        "användningen inte jämföras med september 2024: för lite är uppmätt.",
        "Kostnad och utsläpp kan inte bedömas: för lite är uppmätt.",
        NO_DEVIATION.format("september 2025"),
        FACTS.format("Fem"),
    ),
    ("granskolan", "2025-11"): (
        "Energianvändningen i Granskolan i november 2025 kan inte bedömas: för lite är uppmätt.",
        "Vädret i november 2025 var mildare än normalt, med 90,2 % av de normala graddagarna; normalårskorrigerat kan "
        "användningen inte jämföras med november 2024: för lite är uppmätt.",
        "Kostnad och utsläpp kan inte bedömas: för lite är uppmätt.",
        "Mätningen behöver ses över: ”Mätaren är tyst, fjärrvärme”. Att göra: kontrollera mätaren och dess förbindelse. "
        "Ansvarig: Bildningsnämnden.",
        FACTS.format("Fem"),
    ),
    ("ishallen", "2025-04"): (
        "Ishallen använde 61 119 kWh i april 2025, 5,7 % mindre än i april 2024.",
        "Vädret i april 2025 var mildare än normalt, med 86,7 % av de normala graddagarna; normalårskorrigerat var användningen "
        "ungefär lika stor som i april 2024.",
        "Energin kostade 67 678 kr utan moms, 4,1 % mindre än i april 2024; utsläppen kan inte bedömas: en utsläppsfaktor "
        "saknas.",
        NO_DEVIATION.format("april 2025"),
        WHOLE + FACTS.format("Sex"),
    ),
    ("medborgarhuset", "2025-08"): (
        "Medborgarhuset använde 6 984 kWh i augusti 2025, 1,2 % mindre än i augusti 2024.",
        "Normalårskorrigerat kan användningen inte jämföras med augusti 2024: värmen under en hel sommar är inte känd.",
        f"Kostnaden kan inte bedömas: en prislista saknas; utsläppen var 400 kg CO₂e platsbaserat; {NO_MARKET}",
        NO_DEVIATION.format("augusti 2025"),
        WHOLE + FACTS.format("Fem"),
    ),
    ("solgarden", "2025-07"): (
        "Solgården använde 2 291 kWh i juli 2025, ungefär lika mycket som i juli 2024.",
        "Normalårskorrigerat var användningen ungefär lika stor som i juli 2024.",
        f"Energin kostade 977 kr utan moms, ungefär lika mycket som i juli 2024; utsläppen var 56,7 kg CO₂e platsbaserat; "
        f"{NO_MARKET}",
        NO_DEVIATION.format("juli 2025"),
        WHOLE + FACTS.format("Fyra"),
    ),
    ("bjorkskolan", "2025-11"): (
        "Björkskolan använde 46 079 kWh i november 2025, 18,7 % mindre än i november 2024.",
        "Vädret i november 2025 var mildare än normalt, med 90,2 % av de normala graddagarna; normalårskorrigerat var "
        "användningen 6,1 % mindre än i november 2024.",
        f"Energi och vatten kostade 47 180 kr utan moms, 16,3 % mindre än i november 2024; utsläppen var 2 457 kg CO₂e "
        f"platsbaserat; {NO_MARKET}",
        "Öppen avvikelse: ”Nattanvändning, el”, hittills 576 kr. Att göra: gå igenom vad som är på mellan 00 och 05: "
        "ventilation, belysning, kök. Ansvarig: Bildningsnämnden.",
        WHOLE + FACTS.format("Tre") + RESTATED,
    ),
    (PORTFOLIO, "2025-10"): (
        "Hela beståndet använde 153 721 kWh i oktober 2025; de byggnader som har en siffra för båda åren använde 13,1 % mindre "
        "än i oktober 2024.",
        "Vädret i oktober 2025 var mildare än normalt, med 84,9 % av de normala graddagarna; normalårskorrigerat var "
        "användningen i samma byggnader 1,5 % mindre än i oktober 2024.",
        "Energi och vatten kostade 161 454 kr utan moms; utsläppen kan inte bedömas: en utsläppsfaktor saknas.",
        NO_DEVIATION.format("oktober 2025"),
        WHOLE + FACTS.format("Åtta") + RESTATED,
    ),
}  # leap February, bought, 1 %, 20 % and 60 % missing, exchange and no factor, no price, sun, deviation, bought and sold


@pytest.fixture(scope="module")
def material(town: Months) -> Material:
    """As known when November's reports are made; periods are read once."""
    return town.material(DECEMBER_REPORT)


def building(name: str) -> Subject:
    return ALL if name == PORTFOLIO else Subject(SubjectKind.BUILDING, name)


def table(report: Report, key: str) -> Table:
    return next(each for each in report.tables() if each.key == key)


def cell(report: Report, address: str) -> ReportedFigure:
    return dict(report.figures())[address]


def texts(report: Report, language: Language = "sv") -> tuple[str, ...]:
    return tuple(sentence_text(each, language).replace(NBSP, " ") for each in report.sentences)


@pytest.mark.parametrize(("name", "month"), SAID)
def test_the_first_page(material: Material, name: str, month: str) -> None:
    """Read as the environment team reads it."""
    assert texts(monthly(material, building(name), named_period(month, ZONE))) == SAID[name, month]


def test_the_same_buildings_of_a_group(town: Months, material: Material) -> None:
    """What was bought or sold is in the published sum and not in the comparison."""
    report = monthly(material, ALL, OCTOBER)
    did = {each: [town.truth.total(each, month) for month in ("2025-10", "2024-10")] for each in town.portfolio.buildings}
    now, before = (sum(pair[place] for pair in did.values() if all(pair)) for place in (0, 1))

    assert cell(report, "month/same_buildings/now").known == pytest.approx(now, rel=1e-6)
    assert cell(report, "month/same_buildings/change").known == pytest.approx(100 * (now / before - 1), rel=1e-6)
    assert cell(report, "month/energy_total/now") == cell(report, "buildings/all/use"), "the sum is the published figure"
    assert cell(report, "month/energy_total/now") == cell(report, "months/12/use"), "the chart ends with the month"
    names = [row.label.sv for row in table(report, "buildings").rows]
    assert names == ["Björkskolan", "Granskolan", "Hyreshuset", "Ishallen", "Medborgarhuset", "Solgården", "Tallskolan",
                     "Alla tillsammans"]  # fmt: skip


def test_of_a_group_the_building_that_changed_most_stands_with_the_buildings(material: Material) -> None:
    """The first page has five sentences; which building it was is told where all are listed."""
    report = monthly(material, ALL, named_period("2025-10", ZONE))
    (section,) = (each for each in report.sections if each.key == "buildings")

    assert [sentence_text(each, "sv").replace(NBSP, " ") for each in section.sentences] == [
        "Störst var minskningen i Björkskolan, från 46 112 kWh till 36 118 kWh."
    ]


def test_degree_days_are_those_of_the_local_days(town: Months, material: Material) -> None:
    """March has a day of 23 hours, October one of 25, a leap February 29 days."""
    for month in ("2024-02", "2025-03", "2025-10"):
        found, (actual, normal) = period_weather(material, named_period(month, ZONE)), town.truth.degree_days(month)
        assert found.actual.known == pytest.approx(actual)
        assert found.normal.known == pytest.approx(normal)
        assert found.share.known == pytest.approx(100 * actual / normal)


def every(material: Material) -> Iterator[Report]:
    """All reports of two months."""
    subjects = sorted(material.shelf.subjects, key=lambda each: (each.kind, each.id))
    for subject in subjects:
        for period in (OCTOBER, NOVEMBER):
            yield monthly(material, subject, period)
            if subject.kind is SubjectKind.OWNER:
                yield owner_summary(material, subject, period)


def test_no_sentence_has_a_number_of_its_own(material: Material) -> None:
    """Figures come from tables, and counts are words; years stay. A deviation's action is its own words."""
    for report in every(material):
        for sentence in report.all_sentences():
            if sentence.rule != "action":
                for part in (*sentence.sv, *sentence.en):
                    words = re.sub(r"\b(19|20)\d\d\b", "", part) if isinstance(part, str) else ""
                    assert not re.search(r"\d", words), part
            assert [figure for figure in sentence.sv if not isinstance(figure, str)] == [
                figure for figure in sentence.en if not isinstance(figure, str)
            ], "both languages tell the same"


def test_figures_that_have_a_name_are_the_published_ones(material: Material) -> None:
    """Whoever follows a name back finds the value that the report has."""
    for report in every(material):
        for address, figure in report.figures():
            if figure.name:
                name = figure_name(figure.name, ZONE)
                published = material.shelf.figure(name.indicator, name.subject, name.period, name.carrier)
                assert figure == published, address


def test_what_changed_since_the_report_before(town: Months, material: Material) -> None:
    """Five days of September came between October's reports and November's: as it was, as it is, and why."""
    report, earlier = monthly(material, building("bjorkskolan"), NOVEMBER), town.material(NOVEMBER_REPORT)
    september = named_period("2025-09", ZONE)
    rows = {row.key: row for row in table(report, "restated").rows}
    old, new, why = rows["2025-08-31-energy_total"].cells

    assert isinstance(old, ReportedFigure)
    assert old.known == earlier.shelf.figure("energy_total", building("bjorkskolan"), september).known
    assert new == material.shelf.figure("energy_total", building("bjorkskolan"), september)
    assert why == Words("Fem dygn kom in sent", "Five days came in late")
    assert table(monthly(material, ALL, NOVEMBER), "restated").rows[0].cells[2] == Words(
        "Fem dygn kom in sent (Björkskolan)", "Five days came in late (Björkskolan)"
    ), "a group's cause is its building's"
    unchanged = monthly(earlier, building("bjorkskolan"), OCTOBER)
    assert all(each.key != "restated" for each in unchanged.tables())
    assert report_before(material, NOVEMBER) < NOVEMBER_REPORT


def test_what_is_missing_and_who_can_supply_it(material: Material) -> None:
    """Once a reason, with the owner of the meter, the supplier of the factor, or who keeps the file."""
    rows = [
        (row.label.sv, *(each.sv for each in row.cells if isinstance(each, Words)))
        for row in table(monthly(material, ALL, NOVEMBER), "lacks").rows
    ]
    who = {(why.split(":")[0], by) for _, why, by in rows}

    assert ("För få av periodens timmar är kända, täckningen står vid siffran", "Bildningsnämnden") in who
    assert ("Tariff saknas", "Den som sköter portfolio.yaml") in who
    assert ("Arean saknas för Medborgarhuset", "Den som sköter portfolio.yaml") in who
    assert ("Utsläppsfaktor saknas", "Fjärrvärmeleverantören; förs in i factors.yaml") in who
    assert ("Ingen mätare var installerad under perioden.", "Ingen: mätaren fanns inte då") in who
    assert len({why for _, why, _ in rows}) == len(rows)
    assert not any("Priset är inte känt" in why for _, why, _ in rows), "nobody is guessed"


def test_a_report_with_too_little_data_says_how_much_and_whose(material: Material) -> None:
    """So that the delivery can wait, and the reader sees it first."""
    assert too_little(material, building("granskolan"), named_period("2025-09", ZONE)) == Words(
        f"För lite data: 80{NBSP}% av timmarna i september{NBSP}2025 är kända, gränsen är 90{NBSP}%.",
        f"Too little data: 80{NBSP}% of the hours of September{NBSP}2025 are known, the limit is 90{NBSP}%.",
    )
    thin = too_little(material, SCHOOLS, NOVEMBER)
    assert thin is not None
    assert thin.sv.endswith("Det gäller Granskolan.")
    assert too_little(material, ALL, NOVEMBER) is None, "nine tenths of all hours are known"
    assert too_little(material, building("medborgarhuset"), OCTOBER) is None, "no meter, so no readings lack"
    future = too_little(material, ALL, named_period("2026-01", ZONE))
    assert future is not None
    assert "är inte beräknad än" in future.sv
    invented = monthly(replace(material, simulated=True), building("granskolan"), NOVEMBER)
    assert [each.sv[:12] for each in invented.notices] == [SIMULATED.sv[:12], "För lite dat"]


def test_the_same_report_made_again_is_the_same(town: Months) -> None:
    """From a shelf of its own, at the same clock."""
    one, other = (monthly(town.material(DECEMBER_REPORT), SCHOOLS, NOVEMBER) for _ in range(2))

    assert one == other


def test_the_owners_summary(material: Material) -> None:
    """The building whose deviations cost most first; the money that runs, and what nobody has taken on."""
    report = owner_summary(material, SCHOOLS, NOVEMBER)

    assert texts(report)[3:5] == (
        "En avvikelse har ingen tagit på sig: besluta vem som gör det.",
        "Öppen avvikelse: ”Nattanvändning, el” i Björkskolan, hittills 576 kr. Att göra: gå igenom vad som är på mellan 00 och "
        "05: ventilation, belysning, kök. Ansvarig: Bildningsnämnden.",
    )
    assert [row.label.sv for row in table(report, "ranked").rows] == [
        "Björkskolan", "Granskolan", "Tallskolan", "Alla tillsammans",
    ]  # fmt: skip
    assert cell(report, "ranked/bjorkskolan/cost").known == 576.0
    assert cell(report, "ranked/granskolan/open").known == 0.0, "a silent meter is no waste"
    january = owner_summary(material, SCHOOLS, named_period("2025-01", ZONE))
    assert not any(key.startswith("course/energy_total_year") for key, _ in january.figures()), "the year so far is the month"


def deviation(name: str, sek: float | Missing, first: date, kind: DeviationKind = DeviationKind.NIGHT) -> Deviation:
    return Deviation(
        kind, building(name), name, "electricity", first, first + timedelta(days=9), first, True, 100.0, sek, 5.0,
        "Sedan dess.", "Since then.", "Gör något.", "Do something.",
    )  # fmt: skip


@pytest.fixture
def acted(material: Material, tmp_path: Path) -> Iterator[Material]:
    """The same figures, with threads of its own."""
    state = State.open(tmp_path / "state.sqlite")
    yield replace(material, state=state)
    state.close()


def tell(material: Material, told: Deviation) -> int:
    threads = material.state.deviation_threads
    thread = threads.record(told, NOVEMBER_REPORT, NOVEMBER_REPORT.date())
    threads.tell(thread.id, NOVEMBER_REPORT)
    return thread.id


def test_open_deviations_are_told_the_dearest_first(acted: Material) -> None:
    """Not those that began later, are muted, closed, or not told; what has no price after what has, metering last."""
    threads, unknown = acted.state.deviation_threads, Missing("Flödespris saknas: ange det i tariffs.yaml.", "No flow price.")
    cheap = tell(acted, deviation("bjorkskolan", 100.0, date(2025, 10, 20)))
    dear = tell(acted, deviation("granskolan", 900.0, date(2025, 9, 1)))
    unpriced = tell(acted, deviation("tallskolan", unknown, date(2025, 10, 1)))
    silent = tell(acted, deviation("ishallen", 5_000.0, date(2025, 10, 1), DeviationKind.SILENT_METER))
    tell(acted, deviation("solgarden", 9_000.0, date(2025, 11, 2)))
    muted = tell(acted, deviation("hyreshuset", 9_000.0, date(2025, 10, 1)))
    threads.mute(muted, NOVEMBER_REPORT, "prov", "vet om det", date(2026, 6, 1))
    closed = tell(acted, deviation("medborgarhuset", 9_000.0, date(2025, 8, 1)))
    threads.close(closed, NOVEMBER_REPORT, "prov", "klart")
    threads.record(deviation("ishallen", 9_000.0, date(2025, 10, 1)), NOVEMBER_REPORT, NOVEMBER_REPORT.date())

    found = open_deviations(acted, ALL, OCTOBER)
    assert [each.id for each in found] == [dear, cheap, unpriced, silent]
    use, metering = deviation_tables(found, acted.portfolio, ALL)
    assert [row.key for row in use.rows] == [f"{dear}", f"{cheap}", f"{unpriced}"]
    assert [row.key for row in metering.rows] == [f"{silent}"]
    who = {row.label.sv for row in table(monthly(acted, ALL, OCTOBER), "lacks").rows}
    assert "Tallskolan: nattanvändning, el" in who, "a price that lacks is something to supply"


def test_actions_stand_with_what_they_verifiably_saved(acted: Material) -> None:
    """An action without a verified saving says so; one that is verified is open no more."""
    threads = acted.state.deviation_threads
    saved, waits = (tell(acted, deviation(name, 100.0, date(2025, 9, 1))) for name in ("bjorkskolan", "granskolan"))
    for number in (saved, waits):
        threads.act(number, NOVEMBER_REPORT, "prov", "Tidkanalen rättad.", date(2025, 10, 7))
    saving = Saving(1_000.0, 800.0, 1_200.0, date(2025, 10, 8), date(2025, 11, 3), "baseline-1")
    threads.verify(saved, NOVEMBER_REPORT, saving, "Sparat.")

    rows = {row.label.sv: row.cells for row in actions_table(acted, SCHOOLS, OCTOBER).rows}
    first, second = rows["Björkskolan: nattanvändning, el"], rows["Granskolan: nattanvändning, el"]
    assert first[:2] == (date(2025, 10, 7), Words("Tidkanalen rättad.", "Tidkanalen rättad."))
    assert isinstance(first[2], ReportedFigure)
    assert (first[2].known, first[2].margin, first[2].method) == (1_000.0, 200.0, "baseline-1")
    assert isinstance(second[2], ReportedFigure)
    assert isinstance(second[2].value, Missing)
    report = monthly(acted, SCHOOLS, OCTOBER)
    assert [row.label.sv for row in table(report, "deviations").rows] == [
        "Granskolan: nattanvändning, el (åtgärdad, ej verifierad)"
    ]
    assert texts(report)[-2] == NO_DEVIATION.format("oktober 2025"), "nobody is asked to do what is done"
