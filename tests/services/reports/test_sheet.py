"""The building sheet: what it says word for word, in both languages, and what it keeps to itself."""

from dataclasses import replace

import pytest

from config.domain.deviations import DeviationKind
from config.domain.estate import Carrier, Portfolio
from config.domain.figure_names import named_period
from config.domain.indicators import Missing, Subject, SubjectKind
from config.errors import ReportError
from services.reports.contents.comparison import Compared
from services.reports.contents.sheet import building_sheet
from services.reports.contents.sheet_sentences import (
    ADVICE,
    UNCORRECTED,
    change_sentence,
    plain_missing,
    renewable_sentence,
    sun_sentence,
    sure_sentence,
    use_sentence,
)
from services.reports.making import ReportMaker
from services.reports.printing import printed, sentence_text
from services.reports.report import Publication, Report, ReportedFigure, ReportKind, Sentence, Words
from services.reports.wording import NBSP
from tests.services.reports.months import GOALS, ZONE, Months, weather_years

OCTOBER, BEFORE = named_period("2025-10", ZONE), named_period("2024-10", ZONE)
FEBRUARY, LEAP = named_period("2025-02", ZONE), named_period("2024-02", ZONE)
NAME = Words("Björkskolan", "Björkskolan")
NO_METER = plain_missing(Missing("Ingen mätare var installerad under perioden.", "No meter was installed in the period."))
FEW = plain_missing(Missing("Bara 80 % av periodens timmar är kända, gränsen är 90 %: läs in det som fattas.", ""))


def kwh(value: float | Missing, *, coverage: float = 1.0, margin: float = 0.0, before: bool = False) -> ReportedFigure:
    return ReportedFigure(value, "kWh", BEFORE if before else OCTOBER, coverage, "energy-3", margin=margin, name="e")


def pair(now: float | Missing, before: float | Missing, coverage: float = 1.0, margin: float = 0.0) -> Compared:
    return Compared.of(kwh(now, coverage=coverage, margin=margin), kwh(before, before=True))


def said(sentence: Sentence | None) -> tuple[str, str]:
    assert sentence is not None
    return tuple(sentence_text(sentence, language).replace(NBSP, " ") for language in ("sv", "en"))  # type: ignore[return-value]  # two


def test_the_month_and_its_average_day_come_first() -> None:
    """A month of 62,000 kWh is a number; a day of 2,000 can be held against one's own home."""
    assert said(use_sentence(NAME, pair(62_000.0, 70_000.0), pair(2_000.0, 2_258.0))) == (
        "Björkskolan använde 62 000 kWh energi i oktober 2025. Det är i snitt 2 000 kWh om dagen.",
        "Björkskolan used 62,000 kWh of energy in October 2025. That is 2,000 kWh on an average day.",
    )


def test_what_is_not_wholly_measured_is_about() -> None:
    """The amount, its day and the change that is made of them."""
    use, daily = pair(62_000.0, 70_000.0, 0.95), pair(2_000.0, 2_258.0, 0.95)

    assert said(use_sentence(NAME, use, daily)) == (
        "Björkskolan använde ungefär 62 000 kWh energi i oktober 2025. Det är i snitt ungefär 2 000 kWh om dagen.",
        "Björkskolan used about 62,000 kWh of energy in October 2025. That is about 2,000 kWh on an average day.",
    )
    assert said(change_sentence(use, use))[0].startswith("Det är ungefär 11,4 % mindre än i oktober 2024")


def test_what_is_missing_cannot_be_judged_and_says_why() -> None:
    """A wall that says nothing looks as if nothing was used; one reason is enough, so the change is silent."""
    assert said(use_sentence(NAME, pair(FEW, 1.0), pair(FEW, 1.0))) == (
        "Hur mycket energi Björkskolan använde i oktober 2025 kan inte bedömas: för få timmar är uppmätta.",
        "How much energy Björkskolan used in October 2025 cannot be judged: too few hours are measured.",
    )
    assert change_sentence(pair(FEW, 1.0), pair(FEW, 1.0)) is None


CHANGES = {
    "less, and the weather had a part": (
        pair(1_900.0, 2_000.0), pair(1_800.0, 2_100.0),
        "Det är 5 % mindre än i oktober 2024, när skillnaden i väder är borträknad.",
        "That is 5 % less than in October 2024, with the difference in weather taken off.",
    ),
    "more, though less was metered in a milder month": (
        pair(2_100.0, 2_000.0), pair(1_800.0, 2_100.0),
        "Det är 5 % mer än i oktober 2024, när skillnaden i väder är borträknad.",
        "That is 5 % more than in October 2024, with the difference in weather taken off.",
    ),
    "a day's use in usual weather beside the month's as metered": (
        pair(61.3, 64.5), pair(1_900.0, 2_000.0),
        "Det är 5 % mindre än i oktober 2024.",
        "That is 5 % less than in October 2024.",
    ),
    "no more than can be told from none": (
        pair(1_940.0, 2_000.0, margin=100.0), pair(1_800.0, 2_100.0),
        "Det är ungefär lika mycket som i oktober 2024, när skillnaden i väder är borträknad.",
        "That is about as much as in October 2024, with the difference in weather taken off.",
    ),
    "a month that no weather moves": (
        pair(1_900.0, 2_000.0), pair(1_900.0, 2_000.0),
        "Det är 5 % mindre än i oktober 2024.",
        "That is 5 % less than in October 2024.",
    ),
    "no normal year": (
        pair(FEW, FEW), pair(1_800.0, 2_000.0),
        "Det är 10 % mindre än i oktober 2024, men skillnaden i väder är inte borträknad.",
        "That is 10 % less than in October 2024, but the difference in weather is not taken off.",
    ),
    "nothing to compare with": (
        pair(1_900.0, NO_METER), pair(1_900.0, NO_METER),
        "Det går inte att jämföra med oktober 2024: då fanns ingen mätare.",
        "It cannot be compared with October 2024: there was no meter then.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CHANGES)
def test_less_or_more_than_a_year_before_is_said_so(case: str) -> None:
    """A cold winter is nobody's fault and a mild one nobody's merit."""
    corrected, metered, sv, en = CHANGES[case]

    assert said(change_sentence(corrected, metered)) == (sv, en)


def test_of_two_months_of_which_one_alone_was_corrected_the_metered_are_compared() -> None:
    """The one says what a normal October takes and the other what a mild one took."""
    left = Compared.of(replace(kwh(1_900.0), factors={UNCORRECTED: "2025-10"}), kwh(2_100.0, before=True))

    sv, _ = said(change_sentence(left, pair(1_900.0, 2_000.0)))
    assert sv == "Det är 5 % mindre än i oktober 2024, men skillnaden i väder är inte borträknad."


def test_after_a_leap_february_days_are_compared() -> None:
    """28 days beside 29: the month alone would be 3.4 % less of nothing saved."""
    of = Compared.of(replace(kwh(1_900.0), period=FEBRUARY), replace(kwh(2_000.0), period=LEAP))

    assert said(change_sentence(of, of)) == (
        "Det är 5 % mindre om dagen än i februari 2024.",
        "That is 5 % less a day than in February 2024.",
    )


def test_the_sun_s_part_and_what_is_renewable() -> None:
    """What children ask of the panels on the roof, in the digits of the table."""
    share = ReportedFigure(20.5, "%", OCTOBER, 1.0, "solar-2", name="s")

    assert said(sun_sentence(share)) == (
        "Husets egna solceller gav 20,5 % av elen som användes.",
        "The building's own solar cells gave 20.5 % of the electricity that was used.",
    )
    assert said(renewable_sentence(replace(share, coverage=0.97), kwh(1.0))) == (
        "Ungefär 20,5 % av energin är förnybar: den kommer från sol, vind, vatten och biobränsle.",
        "About 20.5 % of the energy is renewable: it comes from sun, wind, water and biofuel.",
    )


def test_how_sure_it_is_stands_in_hours() -> None:
    """An hour is a thing that everybody knows; a half width is told as what the month may be off by."""
    whole, most, few = pair(1_000.0, 1.0), pair(990.0, 1.0, 0.95, 51.0), pair(FEW, 1.0, 0.8)
    doubt, none = kwh(51.0), kwh(0.0)

    assert said(sure_sentence(whole, none)) == ("Varje timme i oktober är uppmätt.", "Every hour of October is measured.")
    assert said(sure_sentence(most, doubt)) == (
        "95 % av timmarna i oktober är uppmätta. Månadens siffra kan vara fel med 51,0 kWh.",
        "95 % of the hours of October are measured. The month's figure may be off by 51.0 kWh.",
    )
    assert said(sure_sentence(few, none)) == (
        "80 % av timmarna i oktober är uppmätta. Det räcker inte till en siffra.",
        "80 % of the hours of October are measured. That is not enough for a figure.",
    )


def sheet(town: Months, building: str, month: str, portfolio: Portfolio | None = None) -> Report:
    material = town.material() if portfolio is None else replace(town.material(), portfolio=portfolio)
    return building_sheet(material, Subject(SubjectKind.BUILDING, building), named_period(month, ZONE))


def words_of(report: Report) -> str:
    """All that is printed of it, in both languages."""
    return "\n".join(str(printed(Publication(report), language)) for language in ("sv", "en"))


def test_the_page_holds_one_table_one_chart_and_what_people_there_can_do(town: Months) -> None:
    """What stands there is all that fits, in this order."""
    found = printed(Publication(sheet(town, "bjorkskolan", "2025-11")), "sv")

    assert [section.key for section in found.sections] == ["month", "months", "advice", "sure"]
    assert [row.key for row in found.sections[0].tables[0].rows] == ["use", "daily", "corrected", "renewable", "water"]
    assert found.sections[1].charts[0].labels[:3] == (f"nov{NBSP}2024", "dec", "jan")
    assert len(found.sections[1].charts[0].labels) == 13
    assert found.sections[2].sentences == (ADVICE[DeviationKind.NIGHT, "electricity"].sv,)
    assert found.sections[3].sentences[-1].startswith("Bildningsnämnden ansvarar för huset.")


def test_whose_weather_it_is_is_said_where_figures_are_corrected_by_it(town: Months) -> None:
    """The licence of the observations asks for it, on the wall too."""
    source = weather_years().terms.source
    note = next(sheet(town, "bjorkskolan", "2025-10").tables()).note

    assert source
    assert note.sv.endswith(source)
    assert note.en.endswith(source)


def test_the_chart_begins_where_anything_is_known(town: Months) -> None:
    """Tallskolan was bought in June 2025: twenty bars that are missing would hide the four that are not."""
    chart = printed(Publication(sheet(town, "tallskolan", "2025-10")), "en").sections[1].charts[0]

    assert chart.labels == (f"Jul{NBSP}2025", "Aug", "Sep", f"Oct{NBSP}2025")
    assert [each.key for each in chart.series] == ["use"]


def test_what_nobody_in_the_building_can_mend_is_no_advice(town: Months) -> None:
    """A silent meter is open at Granskolan."""
    assert "advice" not in [section.key for section in sheet(town, "granskolan", "2025-11").sections]


def test_reasons_name_no_file_no_meter_and_no_other_building(town: Months) -> None:
    """Granskolan lacks hours, the ice rink a factor in factors.yaml; the wall is told so in words for anybody."""
    told = words_of(sheet(town, "granskolan", "2025-09")) + words_of(sheet(town, "ishallen", "2025-10"))

    assert "För få timmar är uppmätta." in told
    assert "Vi vet inte varifrån all energi kom." in told
    assert [word for word in (".yaml", "läs in", "kontrollera", "Småortens") if word in told] == []


def closing(portfolio: Portfolio, building: str, carrier: Carrier) -> Portfolio:
    """The same with the building's meter of the carrier not public."""
    points = {
        name: replace(item, public=False) if item.building == building and item.carrier is carrier else item
        for name, item in portfolio.points.items()
    }
    return replace(portfolio, points=points)


def test_a_carrier_that_is_not_open_is_not_on_the_page(town: Months) -> None:
    """Its owner marked it so, and a wall is more public than any page."""
    closed = closing(town.portfolio, "bjorkskolan", Carrier.WATER)

    assert "Vatten om dagen" in words_of(sheet(town, "bjorkskolan", "2025-10"))
    assert "Vatten om dagen" not in words_of(sheet(town, "bjorkskolan", "2025-10", closed))


def test_a_building_that_is_not_public_has_no_sheet(town: Months) -> None:
    """The refusal says what to do: mark it, or make the report that is for its owner."""
    with pytest.raises(ReportError, match=r"Medborgarhuset: the building is not public.* or make the monthly report"):
        sheet(town, "medborgarhuset", "2025-08")


def test_a_building_with_a_hidden_main_meter_has_no_sheet(town: Months) -> None:
    """The sum less the open meters would be the hidden one's."""
    closed = closing(town.portfolio, "bjorkskolan", Carrier.DISTRICT_HEATING)

    with pytest.raises(ReportError, match="a main meter of its energy is not public"):
        sheet(town, "bjorkskolan", "2025-10", closed)


def test_a_household_s_building_has_no_sheet_whatever_is_marked(town: Months) -> None:
    """Hours of one family are personal data, and so is a month of them on a stair."""
    marked = replace(town.portfolio.buildings["hyreshuset"], public=True)
    opened = replace(town.portfolio, buildings={**town.portfolio.buildings, "hyreshuset": marked})

    with pytest.raises(ReportError, match="tell how a household lives"):
        sheet(town, "hyreshuset", "2025-10", opened)


def test_every_sheet_that_is_asked_for_is_one_that_there_is(town: Months) -> None:
    """Else the first building that is not public would keep the schools from theirs."""
    maker = ReportMaker(town.portfolio, town.store, town.state, GOALS, town.material().weather, "0.0-prov")

    assert [each.id for each in maker.subjects(ReportKind.SHEET)] == [
        "bjorkskolan",
        "granskolan",
        "ishallen",
        "solgarden",
        "tallskolan",
    ]
    assert "medborgarhuset" in [each.id for each in maker.subjects(ReportKind.MONTHLY)]
