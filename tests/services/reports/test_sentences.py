"""What the rules say, read whole, in both languages."""

from dataclasses import replace

import pytest

from config.domain.figure_names import named_period
from config.domain.indicators import Missing
from services.figures.gates import NOT_INSTALLED
from services.reports.contents.comparison import Compared, per_day
from services.reports.contents.material import percent_change
from services.reports.contents.naming import genitive, listed, small
from services.reports.contents.sentences import (
    ToAct,
    action_sentence,
    cost_sentence,
    day_sentence,
    share_sentence,
    sureness_sentence,
    untaken_sentence,
    use_sentence,
    weather_sentence,
    year_sentence,
)
from services.reports.contents.weather import PeriodWeather
from services.reports.printing import sentence_text
from services.reports.report import ReportedFigure, Sentence, Words
from services.reports.wording import NBSP

ZONE = "Europe/Stockholm"
OCTOBER, BEFORE = named_period("2026-10", ZONE), named_period("2025-10", ZONE)
LEAP, COMMON = named_period("2024-02", ZONE), named_period("2023-02", ZONE)
YEAR, YEAR_BEFORE = named_period("2026-10-r12", ZONE), named_period("2025-10-r12", ZONE)
SCHOOL, ALL = Words("Björkskolan", "Björkskolan"), Words("hela beståndet", "the whole estate")
FEW = Missing("Bara 60 % av periodens timmar är kända, gränsen är 90 %: läs in det som fattas.", "Only 60 % are known.")
NO_METER = Missing(*NOT_INSTALLED)
NO_FACTOR = Missing("Utsläppsfaktor saknas: ange den i factors.yaml, med källa.", "No emission factor: enter it in factors.yaml.")
NO_SUMMER = Missing("Värmen under en hel sommar är inte känd: läs in den.", "Heat of a whole summer is not known: import it.")


def figure(value: float | Missing, unit: str = "kWh", coverage: float = 1.0, margin: float = 0.0) -> ReportedFigure:
    return ReportedFigure(value, unit, OCTOBER, coverage, "energy-3", margin=margin, name="energy_total/x")


def pair(
    now: float | Missing, before: float | Missing, unit: str = "kWh", *, coverage: float = 1.0, margin: float = 0.0
) -> Compared:
    """`coverage` and `margin` are those of now."""
    return Compared.of(figure(now, unit, coverage, margin), replace(figure(before, unit), period=BEFORE))


def read(sentence: Sentence | None) -> tuple[str, str]:
    """Swedish and English, with ordinary spaces."""
    assert sentence is not None
    return sentence_text(sentence, "sv").replace(NBSP, " "), sentence_text(sentence, "en").replace(NBSP, " ")


USES = {
    "whole": (
        pair(60_000, 70_000),
        "Björkskolan använde 60 000 kWh i oktober 2026, 14,3 % mindre än i oktober 2025.",
        "Björkskolan used 60,000 kWh in October 2026, 14.3 % less than in October 2025.",
    ),
    "estimated": (
        pair(60_000, 70_000, coverage=0.97),
        "Björkskolan använde ungefär 60 000 kWh i oktober 2026, omkring 14,3 % mindre än i oktober 2025.",
        "Björkskolan used about 60,000 kWh in October 2026, some 14.3 % less than in October 2025.",
    ),
    "missing now": (
        pair(FEW, 70_000, coverage=0.6),
        "Energianvändningen i Björkskolan i oktober 2026 kan inte bedömas: för lite är uppmätt.",
        "The energy use of Björkskolan in October 2026 cannot be judged: too little is measured.",
    ),
    "bought within the year": (
        pair(60_000, NO_METER),
        "Björkskolan använde 60 000 kWh i oktober 2026; jämförelse med oktober 2025 kan inte göras: det mättes inte då.",
        "Björkskolan used 60,000 kWh in October 2026; it cannot be compared with October 2025: it was not metered then.",
    ),
    "nothing before": (
        pair(60_000, 0),
        "Björkskolan använde 60 000 kWh i oktober 2026, mot 0 kWh i oktober 2025.",
        "Björkskolan used 60,000 kWh in October 2026, against 0 kWh in October 2025.",
    ),
    "nothing in either": (
        pair(0, 0),
        "Björkskolan använde 0 kWh i oktober 2026, ungefär lika mycket som i oktober 2025.",
        "Björkskolan used 0 kWh in October 2026, about as much as in October 2025.",
    ),
    "less than half a per cent": (
        pair(69_800, 70_000),
        "Björkskolan använde 69 800 kWh i oktober 2026, ungefär lika mycket som i oktober 2025.",
        "Björkskolan used 69,800 kWh in October 2026, about as much as in October 2025.",
    ),
    "within the uncertainty": (
        pair(66_000, 70_000, coverage=0.92, margin=5_000),
        "Björkskolan använde ungefär 66 000 kWh i oktober 2026, ungefär lika mycket som i oktober 2025.",
        "Björkskolan used about 66,000 kWh in October 2026, about as much as in October 2025.",
    ),
    "a large increase": (
        pair(350_000, 70_000),
        "Björkskolan använde 350 000 kWh i oktober 2026, 400 % mer än i oktober 2025.",
        "Björkskolan used 350,000 kWh in October 2026, 400 % more than in October 2025.",
    ),
    "sent out more than used": (
        pair(-500, 800),
        "Björkskolan använde −500 kWh i oktober 2026, mot 800 kWh i oktober 2025.",
        "Björkskolan used −500 kWh in October 2026, against 800 kWh in October 2025.",
    ),
}


@pytest.mark.parametrize("case", USES)
def test_the_use(case: str) -> None:
    """What is known decides the words, and what is not known is not compared."""
    of, sv, en = USES[case]

    assert read(use_sentence(of, None, SCHOOL, OCTOBER)) == (sv, en)


def test_a_group_that_is_not_the_same_is_compared_by_those_that_are() -> None:
    """A bought building makes no group use more."""
    assert read(use_sentence(pair(153_721, 178_477), pair(138_458, 159_737), ALL, OCTOBER)) == (
        "Hela beståndet använde 153 721 kWh i oktober 2026; de byggnader som har en siffra för båda åren använde 13,3 % mindre "
        "än i oktober 2025.",
        "The whole estate used 153,721 kWh in October 2026; the buildings that have a figure of both years used 13.3 % less than "
        "in October 2025.",
    )


def test_what_a_group_lacks_does_not_hide_what_the_others_did() -> None:
    """The whole cannot be judged; those with figures can."""
    sv, _ = read(use_sentence(pair(FEW, 95_000, coverage=0.8), pair(46_079, 56_655), ALL, OCTOBER))

    assert sv == (
        "Energianvändningen i hela beståndet i oktober 2026 kan inte bedömas: för lite är uppmätt; de byggnader som har en "
        "siffra för båda åren använde 18,7 % mindre än i oktober 2025."
    )


def test_a_leap_february_is_a_day_longer() -> None:
    """Trap 19: a year with a day more is compared by the day."""
    leap = Compared.of(replace(figure(66_587), period=LEAP), replace(figure(60_150), period=COMMON))

    assert read(day_sentence(per_day(leap), part=False)) == (
        "Februari 2024 var en dag längre än februari 2023; per dygn var användningen 6,9 % större än i februari 2023.",
        "February 2024 was one day longer than February 2023; per day the use was 6.9 % more than in February 2023.",
    )
    after = Compared.of(replace(figure(54_018), period=named_period("2025-02", ZONE)), leap.now)
    assert read(day_sentence(per_day(after), part=True))[0] == (
        "Februari 2025 var en dag kortare än februari 2024; per dygn var deras användning 16 % mindre än i februari 2024."
    )
    assert per_day(pair(60_000, 70_000)) is None
    assert day_sentence(None, part=False) is None


def weather(share: float | Missing, normal: float = 380.0) -> PeriodWeather:
    actual = share if isinstance(share, Missing) else normal * share / 100
    return PeriodWeather(figure(actual, ""), figure(normal, ""), figure(share, "%"))


WEATHER = {
    "mild": (
        weather(80),
        pair(50_000, 55_000),
        "Vädret i oktober 2026 var mildare än normalt, med 80 % av de normala graddagarna; normalårskorrigerat var användningen "
        "9,1 % mindre än i oktober 2025.",
        "The weather of October 2026 was milder than normal, with 80 % of the normal degree days; corrected for the weather, the "
        "use was 9.1 % less than in October 2025.",
    ),
    "cold, and no change": (
        weather(113),
        pair(50_000, 50_100),
        "Vädret i oktober 2026 var kallare än normalt, med 113 % av de normala graddagarna; normalårskorrigerat var användningen "
        "ungefär lika stor som i oktober 2025.",
        "The weather of October 2026 was colder than normal, with 113 % of the normal degree days; corrected for the weather, "
        "the use was about as much as in October 2025.",
    ),
    "normal, and no summer known": (
        weather(99),
        pair(NO_SUMMER, 50_000),
        "Vädret i oktober 2026 var ungefär som normalt, med 99 % av de normala graddagarna; normalårskorrigerat kan användningen "
        "inte jämföras med oktober 2025: värmen under en hel sommar är inte känd.",
        "The weather of October 2026 was about normal, with 99 % of the normal degree days; corrected for the weather, the use "
        "cannot be compared with October 2025: the heat of a whole summer is not known.",
    ),
    "summer": (
        weather(60, normal=40),
        pair(20_000, 25_000),
        "Normalårskorrigerat var användningen 20 % mindre än i oktober 2025.",
        "Corrected for the weather, the use was 20 % less than in October 2025.",
    ),
    "no temperatures": (
        weather(Missing("Dygnstemperatur saknas; hämta eller läs in väderdata", "No daily temperature; import weather")),
        pair(20_000, 25_000),
        "Vädret i oktober 2026 kan inte bedömas: väderdata saknas; normalårskorrigerat var användningen 20 % mindre än i oktober "
        "2025.",
        "The weather of October 2026 cannot be judged: weather data are missing; corrected for the weather, the use was 20 % "
        "less than in October 2025.",
    ),
}


@pytest.mark.parametrize("case", WEATHER)
def test_the_weather(case: str) -> None:
    """Against normal, and what is left when it is taken away; never that one caused the other."""
    of, corrected, sv, en = WEATHER[case]

    assert read(weather_sentence(of, corrected, OCTOBER, part=False)) == (sv, en)


def test_a_summer_month_of_what_is_not_heated_says_nothing_of_weather() -> None:
    """No heated area, no degree days that matter: no sentence."""
    unpublished = replace(figure(NO_METER), method="")

    assert weather_sentence(weather(60, normal=40), Compared.of(unpublished, unpublished), OCTOBER, part=False) is None


COSTS = {
    "whole": (
        pair(40_000, 50_000, "kr"),
        figure(4_200, "kg CO2e"),
        figure(11_000, "kg CO2/CO2e"),
        "Energi och vatten kostade 40 000 kr utan moms, 20 % mindre än i oktober 2025; utsläppen var 4 200 kg CO₂e platsbaserat "
        "och 11 000 kg CO₂/CO₂e marknadsbaserat.",
        "Energy and water cost 40,000 kr without VAT, 20 % less than in October 2025; the emissions were 4,200 kg CO₂e "
        "location-based and 11,000 kg CO₂/CO₂e market-based.",
    ),
    "a factor is missing": (
        pair(40_000, 50_000, "kr", coverage=0.95),
        figure(4_200, "kg CO2e", 0.95),
        figure(NO_FACTOR, "kg CO2/CO2e"),
        "Energi och vatten kostade ungefär 40 000 kr utan moms, omkring 20 % mindre än i oktober 2025; utsläppen var ungefär 4 "
        "200 kg CO₂e platsbaserat; marknadsbaserat kan de inte bedömas: en utsläppsfaktor saknas.",
        "Energy and water cost about 40,000 kr without VAT, some 20 % less than in October 2025; the emissions were about 4,200 "
        "kg CO₂e location-based; market-based they cannot be judged: an emission factor is missing.",
    ),
    "no price list": (
        pair(Missing("Tariff saknas: ange den i portfolio.yaml.", "No tariff: enter it in portfolio.yaml."), 50_000, "kr"),
        figure(NO_FACTOR, "kg CO2e"),
        figure(NO_FACTOR, "kg CO2/CO2e"),
        "Kostnaden kan inte bedömas: en prislista saknas; utsläppen kan inte bedömas: en utsläppsfaktor saknas.",
        "The cost cannot be judged: a price list is missing; the emissions cannot be judged: an emission factor is missing.",
    ),
    "too little of all": (
        pair(FEW, 50_000, "kr"),
        figure(FEW, "kg CO2e"),
        figure(FEW, "kg CO2/CO2e"),
        "Kostnad och utsläpp kan inte bedömas: för lite är uppmätt.",
        "Cost and emissions cannot be judged: too little is measured.",
    ),
}


@pytest.mark.parametrize("case", COSTS)
def test_cost_and_emissions(case: str) -> None:
    """Both perspectives of emissions, neither in the other's place (trap 10)."""
    cost, location, market, sv, en = COSTS[case]

    assert read(cost_sentence(cost, location, market, water=True, same=True)) == (sv, en)


def test_the_cost_of_another_stock_is_not_compared() -> None:
    """Nor is water told of where there is none."""
    sv, _ = read(cost_sentence(pair(40_000, 50_000, "kr"), figure(1, "kg CO2e"), figure(2, "kg CO2e"), water=False, same=False))

    assert sv.startswith("Energin kostade 40 000 kr utan moms; utsläppen var ")


def act(name: str, cost: float | Missing, place: str = "") -> ToAct:
    return ToAct(
        Words(name, name), Words(place, place) if place else None, figure(cost, "kr"),
        Words("Se över drifttiderna.", "See to the hours."), Words("Skolnämnden", "Skolnämnden"),
    )  # fmt: skip


ACTIONS = {
    "none": (
        (), (),
        "Ingen avvikelse som började i oktober 2026 eller tidigare väntar på åtgärd.",
        "No deviation that began in October 2026 or before waits for action.",
    ),
    "one": (
        (act("Nattanvändning, el", 4_005.0),), (),
        "Öppen avvikelse: ”Nattanvändning, el”, hittills 4 005 kr. Att göra: se över drifttiderna. Ansvarig: Skolnämnden.",
        "Open deviation: “Nattanvändning, el”, so far 4,005 kr. To do: see to the hours. Responsible: Skolnämnden.",
    ),
    "the dearest of several": (
        (act("Nattanvändning, el", 4_005.0, "Energihuset"), act("Hög returtemperatur, fjärrvärme", NO_FACTOR, "Solgården")), (),
        "Dyrast av rapportens öppna avvikelser är ”Nattanvändning, el” i Energihuset, hittills 4 005 kr. Att göra: se över "
        "drifttiderna. Ansvarig: Skolnämnden.",
        "The dearest open deviation of the report is “Nattanvändning, el” at Energihuset, so far 4,005 kr. To do: see to the "
        "hours. Responsible: Skolnämnden.",
    ),
    "none has a price": (
        (act("Nattanvändning, el", NO_FACTOR), act("Baslasten har ökat, el", NO_FACTOR)), (),
        "Störst av rapportens öppna avvikelser är ”Nattanvändning, el”, utan känt pris. Att göra: se över drifttiderna. "
        "Ansvarig: Skolnämnden.",
        "The largest open deviation of the report is “Nattanvändning, el”, of unknown price. To do: see to the hours. "
        "Responsible: Skolnämnden.",
    ),
    "only metering": (
        (), (act("Mätaren är tyst, el", 400.0, "Björkskolan"),),
        "Mätningen behöver ses över: ”Mätaren är tyst, el” i Björkskolan. Att göra: se över drifttiderna. Ansvarig: Skolnämnden.",
        "Metering needs to be seen to: “Mätaren är tyst, el” at Björkskolan. To do: see to the hours. Responsible: Skolnämnden.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", ACTIONS)
def test_what_to_do(case: str) -> None:
    """The dearest first; what metering lost is never told as money wasted."""
    deviations, faults, sv, en = ACTIONS[case]

    assert read(action_sentence(deviations, faults, OCTOBER)) == (sv, en)


def test_the_building_that_changed_most_the_same_way() -> None:
    """In kilowatt-hours, not in per cent, and only where the group itself went that way."""
    parts = [
        (Words("Skola", "School"), pair(90, 100)),
        (Words("Stadshuset", "City hall"), pair(900, 1_000, coverage=0.97)),
        (Words("Simhallen", "Pool"), pair(1_500, 1_200)),
        (Words("Ny", "New"), pair(70, NO_METER)),
    ]

    assert read(share_sentence(pair(1_990, 2_300), parts)) == (
        "Störst var minskningen i Stadshuset, från 1 000 kWh till ungefär 900 kWh.",
        "The largest decrease was that of City hall, from 1,000 kWh to about 900 kWh.",
    )
    assert share_sentence(pair(2_301, 2_300), parts) is None
    assert share_sentence(pair(FEW, 2_300), parts) is None
    assert share_sentence(pair(90, 100), [parts[0], parts[3]]) is None, "the only one to be compared is not the largest of any"


def test_how_sure_it_is() -> None:
    """Known, partly known, and what lacks; counts are words."""
    partly = pair(60_000, 70_000, coverage=0.974)

    assert read(sureness_sentence(pair(60_000, 70_000), 0, restated=False)) == (
        "Hela energianvändningen är känd ur mätarna.", "All of the energy use is known from meters.",
    )  # fmt: skip
    assert read(sureness_sentence(partly, 1, restated=True)) == (
        "97,4 % av energins timmar är kända ur mätarna. En uppgift saknas; vem som kan komplettera står under Det som saknas. "
        "Siffror i tidigare rapporter har ändrats; de står under Ändrade siffror.",
        "97.4 % of the energy's hours are known from meters. One fact is missing; who can supply it stands under What is "
        "missing. Figures of earlier reports have changed; they stand under Restated figures.",
    )
    sv, en = read(sureness_sentence(pair(FEW, 1.0, coverage=0.6), 14, restated=False))
    assert sv == "Många uppgifter saknas; vem som kan komplettera står under Det som saknas."
    assert en.startswith("Many facts are missing;")


def test_the_owners_year_and_what_to_decide() -> None:
    """Twelve months beside those before; money that runs while nobody has taken it on."""
    of = Compared.of(replace(figure(1_348_248, coverage=0.99), period=YEAR), replace(figure(1_390_807), period=YEAR_BEFORE))

    assert read(year_sentence(of, None)) == (
        "Under tolv månader till och med oktober 2026 användes ungefär 1 348 248 kWh, omkring 3,1 % mindre än samma tid året "
        "före.",
        "In the twelve months to the end of October 2026, about 1,348,248 kWh was used, some 3.1 % less than in the same time of "
        "the year before.",
    )
    assert read(untaken_sentence(2)) == (
        "Två avvikelser har ingen tagit på sig: besluta vem som gör det.",
        "Two deviations are not taken on by anybody: decide who does.",
    )
    assert untaken_sentence(0) is None


def test_the_half_width_of_a_change_is_that_of_a_ratio() -> None:
    """By hand: 90 ± 3 of 100 ± 4 is -10 % ± sqrt(3² + (0.9 * 4)²) = ± 4.69 per cent."""
    change = percent_change(figure(90, margin=3.0), figure(100, margin=4.0))

    assert change.known == pytest.approx(-10.0)
    assert change.margin == pytest.approx(4.6861, abs=1e-4)


def test_names_inside_sentences() -> None:
    """Swedish genitive, lists, and words that keep their capitals."""
    assert [genitive(name) for name in ("Skolnämnden", "Tunabyggens", "Marx")] == ["Skolnämndens", "Tunabyggens", "Marx"]
    assert listed((Words("A", "A"), Words("B", "B"), Words("C", "C"))) == Words("A, B och C", "A, B and C")
    assert listed((Words("A", "A"), Words("B", "B"), Words("C", "C")), 2) == Words("A, B med flera", "A, B and others")
    assert (small("Baslasten"), small("EU-mål")) == ("baslasten", "EU-mål")
