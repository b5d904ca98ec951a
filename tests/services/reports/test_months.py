"""Reports of hard months beside what the months truly were: the figures within what is claimed, every claim of a sentence true.

The truth is `tests.services.reports.months.Truth`: formulas added up, of which the product knows nothing.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import pytest

from config.domain.estate import Carrier
from config.domain.figure_names import figure_name, named_period, period_name
from config.domain.indicators import PORTFOLIO, Subject, SubjectKind
from config.domain.periods import Period, PeriodKind
from services.reports.contents.material import Material, year_before
from services.reports.contents.monthly import monthly
from services.reports.contents.owner import owner_summary
from services.reports.contents.sheet import building_sheet
from services.reports.contents.trend import trend
from services.reports.printing import printed, sentence_text
from services.reports.report import Publication, Report, ReportedFigure, ReportKind
from services.reports.wording import LANGUAGES, NBSP, Language
from tests.services.reports.months import DECEMBER_REPORT, GONE, HOUSES, NOVEMBER_REPORT, ZONE, Months

MAKERS: Mapping[ReportKind, Callable[[Material, Subject, Period], Report]] = {
    ReportKind.MONTHLY: monthly,
    ReportKind.OWNER: owner_summary,
    ReportKind.SHEET: building_sheet,
    ReportKind.TREND: trend,
}
KINDS = {
    "portfolio": SubjectKind.PORTFOLIO,
    **dict.fromkeys(HOUSES, SubjectKind.BUILDING),
    **dict.fromkeys(("bildning", "idrott", "fastighet"), SubjectKind.OWNER),
    **dict.fromkeys(("school", "ice_rink", "culture"), SubjectKind.BUILDING_KIND),
}
WHOLE, HOLED, BOUGHT = "bjorkskolan", "granskolan", "tallskolan"
ALONE, SOLD, SUNNY = "ishallen", "medborgarhuset", "solgarden"
MONTHS = (  # subject, month
    (WHOLE, "2024-02"), (WHOLE, "2025-02"), (WHOLE, "2025-03"), (WHOLE, "2025-09"), (WHOLE, "2025-10"), (WHOLE, "2025-11"),
    (HOLED, "2025-04"), (HOLED, "2025-05"), (HOLED, "2025-09"), (HOLED, "2025-11"),
    (BOUGHT, "2025-06"), (BOUGHT, "2025-07"), (BOUGHT, "2025-10"),
    (ALONE, "2025-04"), (ALONE, "2025-10"), (SOLD, "2025-08"), (SOLD, "2025-09"), (SUNNY, "2025-07"), (SUNNY, "2025-11"),
    ("bildning", "2025-09"), ("bildning", "2025-10"), ("bildning", "2025-11"), ("idrott", "2025-10"), ("fastighet", "2025-10"),
    ("school", "2025-10"), ("ice_rink", "2025-10"), ("culture", "2025-10"), ("portfolio", "2025-10"), ("portfolio", "2025-11"),
)  # fmt: skip
SPANS = (
    ("portfolio", "2024"), ("portfolio", "2025-10-ytd"), ("portfolio", "2025-11-ytd"), ("bildning", "2025-11-ytd"),
    ("idrott", "2025-10-ytd"), ("fastighet", "2024"), ("fastighet", "2025-11-ytd"),
)  # fmt: skip
OF_MONTH = (ReportKind.MONTHLY, ReportKind.OWNER, ReportKind.SHEET)


def subject(name: str) -> Subject:
    return Subject(KINDS[name], PORTFOLIO if name == "portfolio" else name)


def kinds_of(name: str) -> Iterator[ReportKind]:
    """The kinds of report that a month of it has."""
    yield ReportKind.MONTHLY
    if KINDS[name] is SubjectKind.OWNER:
        yield ReportKind.OWNER
    if KINDS[name] is SubjectKind.BUILDING and HOUSES[name].building.public:
        yield ReportKind.SHEET


CASES = [
    *((kind, name, period) for name, period in MONTHS for kind in kinds_of(name)),
    *((ReportKind.TREND, name, period) for name, period in SPANS),
]
OF_MONTHS = [case for case in CASES if case[0] in OF_MONTH]


class Library:
    """Each report made once."""

    def __init__(self, town: Months) -> None:
        self.town = town
        self._made: dict[tuple[ReportKind, str, str, datetime], Report] = {}

    def report(self, kind: ReportKind, name: str, period: str, known: datetime = DECEMBER_REPORT) -> Report:
        key = (kind, name, period, known)
        if key not in self._made:
            self._made[key] = MAKERS[kind](self.town.material(known), subject(name), named_period(period, ZONE))
        return self._made[key]

    def texts(self, kind: ReportKind, name: str, period: str, language: Language, rule: str = "") -> list[str]:
        """The sentences, with ordinary spaces; those of one rule where it is given."""
        report = self.report(kind, name, period)
        told = [each for each in report.all_sentences() if rule in ("", each.rule)]
        return [sentence_text(each, language).replace(NBSP, " ") for each in told]


@pytest.fixture(scope="module")
def library(town: Months) -> Library:
    return Library(town)


def months_in(period: Period) -> list[str]:
    """ "2025-10" … of the period."""
    name = period_name(period)
    year, number = int(name[:4]), int(name[5:7] or 12)
    match period.kind:
        case PeriodKind.MONTH:
            return [name]
        case PeriodKind.ROLLING_YEAR:
            return [f"{year - (n > number)}-{n:02}" for n in range(1, 13)]
        case _:
            return [f"{year}-{n:02}" for n in range(1, number + 1)]


def members(of: Subject) -> list[str]:
    """The houses that it is of."""
    return [name for name, house in HOUSES.items() if of.id in (PORTFOLIO, name, house.building.owner, house.building.kind)]


TRUE = {  # indicator → what it truly was, of the hours that are known or of all
    "energy_total": lambda town, house, month, *, known: town.truth.total(house, month, known=known),
    "cost": lambda town, house, month, *, known: town.truth.cost(house, month, known=known),
    "emissions_location": lambda town, house, month, *, known: town.truth.emissions(house, month, known=known),
    "corrected_energy": lambda town, house, month, *, known: town.truth.normal(house, month),
}


THOUSANDS = frozenset({"MWh", "tkr", "ton CO2e"})  # as a board reads kWh, kr and kg


def published(report: Report) -> Iterator[tuple[str, Subject, Period, str, ReportedFigure]]:
    """Published figures, those in larger units too: indicator, subject, period, carrier, and the figure in its own unit."""
    for address, figure in report.figures():
        if figure.method.startswith(("year-end", "constant-stock")) or address.endswith("/half"):
            continue  # what the report expects, or how sure it is
        made = figure.unit in THOUSANDS and len(figure.made_of) == 1 and figure.known is not None
        name = figure.made_of[0] if made else figure.name
        if name:
            found = figure_name(name, ZONE)
            own = replace(figure, value=1_000 * (figure.known or 0.0), margin=1_000 * figure.margin) if made else figure
            yield found.indicator, found.subject, found.period, found.carrier, own


def is_holed(houses: list[str], months: list[str]) -> bool:
    return HOLED in houses and bool(set(months) & set(GONE))


@pytest.mark.parametrize(("kind", "name", "period"), CASES)
def test_every_figure_of_energy_money_and_emissions_is_the_true_one(
    library: Library, kind: ReportKind, name: str, period: str
) -> None:
    """Of the hours that are known, to a tenth of a per mille; weather-corrected to half a per mille, since the extra hour of
    October has no degree days."""
    seen = 0
    for indicator, of, span, carrier, figure in published(library.report(kind, name, period)):
        houses, months = members(of), months_in(span)
        if indicator not in TRUE or carrier or figure.known is None or any(month < "2022-06" for month in months):
            continue
        if indicator == "corrected_energy" and is_holed(houses, months):
            continue  # moved by degree days of the days that are known: see the test of a hundredth missing
        wanted = sum(TRUE[indicator](library.town, house, month, known=True) for house in houses for month in months)
        close = 5e-4 if indicator == "corrected_energy" else 1e-4
        assert figure.known == pytest.approx(wanted, rel=close), figure.name
        seen += 1

    assert seen or period in ("2025-06", "2025-09", "2025-11") or name == "culture"


@pytest.mark.parametrize(("kind", "name", "period"), CASES)
def test_a_figure_with_a_hole_says_how_much_is_known(library: Library, kind: ReportKind, name: str, period: str) -> None:
    """Whoever forwards the report must see that it is not whole."""
    for indicator, of, span, carrier, figure in published(library.report(kind, name, period)):
        if indicator == "energy_total" and not carrier and span.kind is PeriodKind.MONTH:
            holed = is_holed(members(of), months_in(span))
            assert not (holed and figure.coverage == 1.0), figure.name
            assert not (holed and figure.known is not None and not figure.estimated), figure.name


def test_where_a_hundredth_is_missing_the_truth_lies_within_the_half_width(library: Library) -> None:
    """Seven hours of the night; the sum of the known ones is less than the truth, and the half width says by how much at most."""
    report = library.report(ReportKind.MONTHLY, HOLED, "2025-05")
    may = named_period("2025-05", ZONE)
    found = {
        indicator: figure
        for indicator, of, span, carrier, figure in published(report)
        if indicator in TRUE and not carrier and span == may and of.id == HOLED
    }

    assert set(found) == set(TRUE)
    for indicator, figure in found.items():
        assert figure.known is not None
        assert figure.margin > 0
        assert abs(figure.known - TRUE[indicator](library.town, HOLED, "2025-05", known=False)) <= figure.margin, indicator


@pytest.mark.parametrize("month", ["2025-09", "2025-11"])
@pytest.mark.parametrize("kind", [ReportKind.MONTHLY, ReportKind.SHEET])
def test_where_a_fifth_or_more_is_missing_nothing_is_said_of_the_use(library: Library, kind: ReportKind, month: str) -> None:
    """A sum of four fifths looks like a saving of one."""
    sv, en = (" ".join(library.texts(kind, HOLED, month, language)) for language in ("sv", "en"))

    assert "kan inte bedömas" in sv
    assert "cannot be judged" in en
    assert not re.search(r"(mindre|mer|större|lägre|högre|lika mycket) än i|kWh", sv)
    assert not re.search(r"(less|more|lower|higher) than in|kWh", en)


@dataclass(frozen=True)
class Claims:
    """What a language calls less, more and the same."""

    less: str
    more: str
    same: str


WORDS: Mapping[Language, Claims] = {
    "sv": Claims(r"(mindre|lägre)( om dagen)? än", r"(mer|större|högre)( om dagen)? än", r"ungefär lika (mycket|stor|stora)"),
    "en": Claims(r"(less|lower)( a day)? than", r"(more|higher|larger)( a day)? than", r"about as much"),
}
ABOUT = r"ungefär|omkring|about|some "
SAME = 1.0  # per cent: as much may be called the same


def claim(text: str, language: Language) -> str:
    """Which of less, more and same it says first; "" of none."""
    words = WORDS[language]
    found = {key: re.search(getattr(words, key), text) for key in ("less", "more", "same")}
    places = {key: match.start() for key, match in found.items() if match}
    return min(places, key=lambda key: places[key]) if places else ""


def holds(text: str, language: Language, now: float, before: float) -> bool:
    """Whether the text's claim is true, and its size where it gives one."""
    change, said = 100 * (now / before - 1), claim(text, language)
    if said == "same":
        return abs(change) <= SAME
    size = re.search(r"([\d.,]+) % " + (WORDS[language].less if said == "less" else WORDS[language].more), text)
    close = 1.0 if re.search(ABOUT, text) else 0.1  # per cent of what it was; they are written with one decimal
    exact = size is not None and abs(float(size[1].replace(",", ".")) - abs(change)) < close
    return exact and (change < 0) == (said == "less")


@pytest.mark.parametrize("language", LANGUAGES.values())
@pytest.mark.parametrize(("kind", "name", "period"), OF_MONTHS)
def test_less_is_said_of_what_fell_and_more_of_what_rose(
    library: Library, kind: ReportKind, name: str, period: str, language: Language
) -> None:
    """Of the use as metered; of a group that is another than a year before, of the buildings that are known in both."""
    rule = "sheet_change" if kind is ReportKind.SHEET else "use"
    before = period_name(year_before(named_period(period, ZONE)))
    for text in library.texts(kind, name, period, language, rule):
        if not claim(text, language):
            assert re.search(r"kan inte|går inte att|cannot", text), text
            continue
        corrected = re.search(r"borträknad|taken off", text) is not None
        both = [house for house in members(subject(name)) if _is_known(house, period) and _is_known(house, before)]
        true = library.town.truth.normal if corrected else library.town.truth.total
        now, then = (sum(true(house, month) for house in both) for month in (period, before))
        if re.search(r"om dagen|a day", text) and period[5:] == "02":
            now, then = now / _days(period), then / _days(before)
        assert holds(text, language, now, then), (text, now, then)


def _is_known(house: str, month: str) -> bool:
    """Whether the house has a figure of the month."""
    known = HOUSES[house]
    first, last = known.first.isoformat(), known.last.isoformat() if known.last else "2100-01-01"
    whole = first <= f"{month}-01" and last >= f"{month}-28"
    return whole and not (house == HOLED and month in ("2025-09", "2025-11"))


def _days(month: str) -> int:
    return named_period(month, ZONE).hours // 24


@pytest.mark.parametrize("language", LANGUAGES.values())
@pytest.mark.parametrize(("name", "period"), [case for case in MONTHS if KINDS[case[0]] is SubjectKind.BUILDING])
def test_what_the_weather_is_taken_off_of_fell_or_rose_as_is_said(
    library: Library, name: str, period: str, language: Language
) -> None:
    """An extra day in February is no more use: there days are compared."""
    before = period_name(year_before(named_period(period, ZONE)))
    for text in library.texts(ReportKind.MONTHLY, name, period, language, "weather"):
        part = next((each for each in text.split("; ") if re.search(r"ormalårskorrigerat|orrected for the weather", each)), "")
        if claim(part, language):
            now, then = (library.town.truth.normal(name, month) for month in (period, before))
            assert holds(part, language, now / _days(period), then / _days(before)), part


@pytest.mark.parametrize("language", LANGUAGES.values())
@pytest.mark.parametrize(("kind", "name", "period"), OF_MONTHS)
def test_about_is_said_of_what_is_not_wholly_measured_and_of_nothing_else(
    library: Library, kind: ReportKind, name: str, period: str, language: Language
) -> None:
    """ "Ungefär" on every line would mean nothing on any."""
    about = "ungefär" if language == "sv" else "about"
    use = library.town.material().shelf.figure("energy_total", subject(name), named_period(period, ZONE))
    first = library.texts(kind, name, period, language)[0]
    amount = re.search(r"(\w+) \d[\d \u00a0,]* kWh", first)

    assert (amount is not None and amount[1] == about) == use.estimated, first


def test_the_extra_day_of_a_leap_february_is_told_and_taken_off(library: Library) -> None:
    """The school did as it did in 2023: 10.7 % more was metered, of which the cold is the most and the day the rest."""
    assert library.texts(ReportKind.MONTHLY, WHOLE, "2024-02", "sv", "per_day")[0].startswith(
        "Februari 2024 var en dag längre än februari 2023; per dygn"
    )
    assert library.texts(ReportKind.SHEET, WHOLE, "2024-02", "sv", "sheet_change") == [
        "Det är ungefär lika mycket om dagen som i februari 2023, när skillnaden i väder är borträknad."
    ]


@pytest.mark.parametrize(("month", "hours"), [("2025-03", 743), ("2025-10", 745)])
def test_the_clock_s_short_and_long_month_have_their_own_hours(library: Library, month: str, hours: int) -> None:
    """Every hour counts once: a base load would be 1.3 per mille off otherwise."""
    assert named_period(month, ZONE).hours == hours
    assert library.texts(ReportKind.SHEET, WHOLE, month, "en", "sheet_sure") == [
        f"Every hour of {'March' if hours == 743 else 'October'} is measured."
    ]


@pytest.mark.parametrize("kind", [ReportKind.MONTHLY, ReportKind.SHEET])
def test_a_building_that_was_bought_is_compared_with_nothing(library: Library, kind: ReportKind) -> None:
    """Half a June of another owner is no last year."""
    sv = " ".join(library.texts(kind, BOUGHT, "2025-10", "sv"))

    assert re.search(r"(jämförelse med oktober 2024 kan inte göras: det mättes inte då|då fanns ingen mätare)", sv)
    assert claim(sv, "sv") == ""


@pytest.mark.parametrize(("name", "rest"), [("bildning", 18.7), ("fastighet", 22.9)])
def test_a_group_that_bought_or_sold_is_judged_by_the_buildings_of_both_years(library: Library, name: str, rest: float) -> None:
    """With the bought or sold building in it the change would be that of the estate."""
    (text,) = library.texts(ReportKind.MONTHLY, name, "2025-10", "sv", "use")
    both = [house for house in members(subject(name)) if _is_known(house, "2025-10") and _is_known(house, "2024-10")]
    now, before = (sum(library.town.truth.total(house, month) for house in both) for month in ("2025-10", "2024-10"))

    assert 100 * (1 - now / before) == pytest.approx(rest, abs=0.05)
    assert f"de byggnader som har en siffra för båda åren använde {rest:.1f}".replace(".", ",") in text


def test_a_month_after_the_sale_has_no_use_rather_than_none(library: Library) -> None:
    """0 kWh would be the best month ever."""
    (text,) = library.texts(ReportKind.MONTHLY, SOLD, "2025-09", "sv", "use")

    assert text == "Energianvändningen i Medborgarhuset i september 2025 kan inte bedömas: det mättes inte då."


def test_late_days_move_the_month_they_lie_in_and_the_next_report_says_so(library: Library) -> None:
    """Five days of September came after it was published; as known then the old figure stands, marked as not whole."""
    before, after = (library.report(ReportKind.MONTHLY, WHOLE, "2025-09", known) for known in (NOVEMBER_REPORT, DECEMBER_REPORT))
    true = library.town.truth.total(WHOLE, "2025-09")
    old, new = (next(f for i, _, _, _, f in published(report) if i == "energy_total") for report in (before, after))
    restated = next(s for s in library.report(ReportKind.MONTHLY, WHOLE, "2025-11").sections if s.key == "restated")
    told = {row.key: row for row in restated.tables[0].rows}
    values = [cell.known for row in told.values() for cell in row.cells if isinstance(cell, ReportedFigure)][:2]

    assert old.estimated
    assert not new.estimated
    assert old.known is not None
    assert old.known < true
    assert abs(old.known - true) <= old.margin
    assert new.known == pytest.approx(true, rel=1e-6)
    assert values == [pytest.approx(old.known), pytest.approx(true)]


def test_emissions_of_a_network_without_factor_are_missing_for_the_year_that_lacks_it(library: Library) -> None:
    """The factor of 2024 is no factor of 2025, and 2024 stays as it was."""
    (lacking,) = library.texts(ReportKind.MONTHLY, ALONE, "2025-10", "sv", "cost")
    figure = library.town.material().shelf.figure("emissions_location", subject(ALONE), named_period("2024-10", ZONE))

    assert "utsläppen kan inte bedömas: en utsläppsfaktor saknas" in lacking
    assert figure.known == pytest.approx(library.town.truth.emissions(ALONE, "2024-10"), rel=1e-6)


def test_an_area_that_is_missing_is_named_with_who_enters_it(library: Library) -> None:
    """Whoever reads that something is missing should know whom to ask."""
    report = printed(Publication(library.report(ReportKind.MONTHLY, SOLD, "2025-08")), "sv")
    rows = [
        cell.text for section in report.sections if section.key == "lacks" for row in section.tables[0].rows for cell in row.cells
    ]

    assert any("area_m2" in text for text in rows)
    assert "Den som sköter portfolio.yaml" in rows


def test_what_is_sent_out_is_nobody_s_use_here(library: Library) -> None:
    """In July the cells made six times what the preschool used; its use and its own share are the true ones."""
    truth, material = library.town.truth, library.town.material()
    july = named_period("2025-07", ZONE)
    share = material.shelf.figure("self_sufficiency", subject(SUNNY), july, Carrier.SOLAR.value)
    use, bought = truth.total(SUNNY, "2025-07"), truth.energy(SUNNY, "2025-07", Carrier.ELECTRICITY)
    need = use - truth.energy(SUNNY, "2025-07", Carrier.DISTRICT_HEATING)

    assert truth.energy(SUNNY, "2025-07", Carrier.SOLAR) > 6 * need
    assert share.known == pytest.approx(100 * (need - bought) / need, rel=1e-6)
    assert library.texts(ReportKind.SHEET, SUNNY, "2025-07", "en", "sheet_sun") == [
        f"The building's own solar cells gave {share.known:.1f} % of the electricity that was used."
    ]


def test_an_exchanged_meter_loses_and_adds_nothing(library: Library) -> None:
    """812,000 kWh stood on the old one and 12 on the new; both levels are on record."""
    (text,) = library.texts(ReportKind.MONTHLY, ALONE, "2025-04", "en", "use")

    assert text.startswith(f"Ishallen used {library.town.truth.total(ALONE, '2025-04'):,.0f} kWh in April 2025")


STEADY, MOVED = (WHOLE, ALONE, SUNNY), (BOUGHT, SOLD, "hyreshuset")


def test_what_changed_the_year_is_divided_as_it_truly_was(library: Library) -> None:
    """Weather and real change of the three buildings that stayed; what was bought, sold or new stands beside them, so that a sale
    is nobody's saving."""
    truth = library.town.truth
    now, before = (months_in(named_period(name, ZONE)) for name in ("2025-11-r12", "2024-11-r12"))
    told = dict(library.report(ReportKind.TREND, "portfolio", "2025-11-ytd").figures())

    def changed(houses: tuple[str, ...], of: Callable[[str, str], float]) -> float:
        late, early = (sum(of(house, month) for house in houses for month in months) for months in (now, before))
        return (late - early) / 1_000

    real, moved = changed(STEADY, truth.normal), changed(MOVED, truth.total)
    for part, true in (("weather", changed(STEADY, truth.total) - real), ("real", real), ("portfolio", moved)):
        assert told[f"change_energy/2025-11-r12/{part}"].known == pytest.approx(true, abs=0.02), part
    (said,) = {*library.texts(ReportKind.TREND, "portfolio", "2025-11-ytd", "sv", "years.same.changed")}
    normal = 100 * (
        1 - sum(truth.normal(h, m) for h in STEADY for m in now) / sum(truth.normal(h, m) for h in STEADY for m in before)
    )
    assert f"{normal:.1f} % mindre än de tolv månaderna före".replace(".", ",") in said
