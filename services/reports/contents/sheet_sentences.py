"""What a building sheet says, in words that a ten-year-old reads and an engineer finds true. Pure.

Each rule takes figures and gives a sentence, or None where there is nothing to say. What is not wholly measured is "ungefär";
less and more are said only of a change that can be told from none; what is missing is said to be so, with why. Missing figures
come here with plain reasons (`plain_missing`).
"""

from collections.abc import Mapping
from datetime import timedelta

from config.domain.deviations import DeviationKind
from config.domain.estate import Carrier
from config.domain.indicators import Missing
from config.domain.periods import MONTHS_EN, MONTHS_SV, local_date
from services.reports.contents.comparison import Compared
from services.reports.contents.lacks import SHORT, Lack, lack_of
from services.reports.contents.naming import capital, days_of, period_words, small
from services.reports.contents.sentences import LEAST_CHANGE, Verdict, verdict
from services.reports.report import How, Parts, ReportedFigure, Said, Sentence, Words

UNCORRECTED = "uncorrected"  # among the factors of a corrected figure: its months that were left as they are
ADVICE: Mapping[tuple[DeviationKind, str], Words] = {
    (DeviationKind.NIGHT, Carrier.ELECTRICITY.value): Words(
        "På nätterna använder huset mer el än det brukar. Släck lampor och stäng av skärmar och maskiner när ni går hem.",
        "At night the building uses more electricity than usual. Switch off lamps, screens and machines when you go home.",
    ),
    (DeviationKind.WEEKEND, Carrier.ELECTRICITY.value): Words(
        "På lediga dagar använder huset mer el än det brukar. Släck lampor och stäng av skärmar och maskiner inför helgen.",
        "On days off the building uses more electricity than usual. Switch off lamps, screens and machines before the weekend.",
    ),
    (DeviationKind.SCHOOL_HOLIDAY, Carrier.ELECTRICITY.value): Words(
        "På lov använder huset mer el än det brukar. Släck lampor och stäng av skärmar och maskiner inför lovet.",
        "In school holidays the building uses more electricity than usual. Switch off lamps, screens and machines before them.",
    ),
    (DeviationKind.SUMMER, Carrier.ELECTRICITY.value): Words(
        "På sommaren använder huset mer el än det brukar. Stäng av kylskåp och maskiner som ingen använder.",
        "In summer the building uses more electricity than usual. Switch off refrigerators and machines that nobody uses.",
    ),
    (DeviationKind.WARM_WEATHER, Carrier.DISTRICT_HEATING.value): Words(
        "Värmen är på fast det är varmt ute. Säg till vaktmästaren om det är för varmt inne.",
        "The heating is on though it is warm outside. Tell the caretaker if it is too warm inside.",
    ),
}
"""What people in the building can do about a deviation. Of other kinds they can do nothing, and are told nothing."""
_UNKNOWN = Words("en uppgift saknas", "something needed is missing")
_PLAIN: Mapping[Lack, Words] = {
    Lack.READINGS: Words("för få timmar är uppmätta", "too few hours are measured"),
    Lack.UNMETERED: Words("då fanns ingen mätare", "there was no meter then"),
    Lack.NOT_CALCULATED: Words("då mättes det inte", "it was not measured then"),
    Lack.FACTOR: Words("vi vet inte varifrån all energi kom", "where all the energy came from is not known"),
    Lack.PORTFOLIO: Words("en mätare saknas", "a meter is missing"),
    Lack.WEATHER: SHORT[Lack.WEATHER],
}
_HOUR = timedelta(hours=1)


def use_sentence(name: Words, use: Compared, daily: Compared) -> Sentence:
    """The month's energy, and that of its average day."""
    when = period_words(use.now.period)
    if isinstance(use.now.value, Missing):
        why = _why(use.now.value)
        return Sentence(
            "sheet_use",
            (f"Hur mycket energi {name.sv} använde i {when.sv} kan inte bedömas: {why.sv}.",),
            (f"How much energy {name.en} used in {when.en} cannot be judged: {why.en}.",),
        )
    sv, en = _about(use.now)
    return Sentence(
        "sheet_use",
        (
            f"{capital(name.sv)} använde {sv}",
            Said(use.now),
            f" energi i {when.sv}. Det är i snitt {sv}",
            Said(daily.now),
            " om dagen.",
        ),
        (
            f"{capital(name.en)} used {en}",
            Said(use.now),
            f" of energy in {when.en}. That is {en}",
            Said(daily.now),
            " on an average day.",
        ),
    )


def change_sentence(corrected: Compared, metered: Compared) -> Sentence | None:
    """Less or more than a year before, with the difference in weather taken off where that can be done; None where the month
    itself is not known, which has been said.

    Args:
        corrected, metered: of the average day: February has one day more in a leap year. Where the months are as long as each
            other, metered may be that of the whole month.
    """
    if metered.now.known is None:
        return None
    alike = (UNCORRECTED in corrected.now.factors) == (UNCORRECTED in corrected.before.factors)
    of = corrected if alike and verdict(corrected) is not Verdict.UNKNOWN else metered
    found, before = verdict(of), period_words(of.before.period)
    if found is Verdict.UNKNOWN:
        missing = of.before.value
        why = _why(missing) if isinstance(missing, Missing) else Words("då användes ingen energi", "no energy was used then")
        return Sentence(
            "sheet_change",
            (f"Det går inte att jämföra med {before.sv}: {why.sv}.",),
            (f"It cannot be compared with {before.en}: {why.en}.",),
        )
    weather = _weather(corrected, metered, is_corrected=of is corrected)
    a_day = Words(" om dagen", " a day") if days_of(of.now.period) != days_of(of.before.period) else Words("", "")
    if found is Verdict.SAME:
        return Sentence(
            "sheet_change",
            (f"Det är ungefär lika mycket{a_day.sv} som i {before.sv}{weather.sv}.",),
            (f"That is about as much{a_day.en} as in {before.en}{weather.en}.",),
        )
    about_sv, about_en = _about(of.change)
    less, smaller = ("mindre", "less") if found is Verdict.LESS else ("mer", "more")
    size = Said(of.change, How.SIZE)
    return Sentence(
        "sheet_change",
        (f"Det är {about_sv}", size, f" {less}{a_day.sv} än i {before.sv}{weather.sv}."),
        (f"That is {about_en}", size, f" {smaller}{a_day.en} than in {before.en}{weather.en}."),
    )


def sun_sentence(own: ReportedFigure) -> Sentence | None:
    """Of the electricity that the building used, what its own solar cells made."""
    if own.known is None:
        return None
    sv, en = _about(own)
    return Sentence(
        "sheet_sun",
        (f"Husets egna solceller gav {sv}", Said(own), " av elen som användes."),
        (f"The building's own solar cells gave {en}", Said(own), " of the electricity that was used."),
    )


def renewable_sentence(share: ReportedFigure, use: ReportedFigure) -> Sentence | None:
    """How much of the energy is renewable; None where the use is not known either, which has been said."""
    if use.known is None:
        return None
    if isinstance(share.value, Missing):
        why = _why(share.value)
        return Sentence(
            "sheet_renewable",
            (f"Hur mycket av energin som är förnybar kan inte bedömas: {why.sv}.",),
            (f"How much of the energy is renewable cannot be judged: {why.en}.",),
        )
    sv, en = _about(share)
    return Sentence(
        "sheet_renewable",
        (f"{capital(sv)}", Said(share), " av energin är förnybar: den kommer från sol, vind, vatten och biobränsle."),
        (f"{capital(en)}", Said(share), " of the energy is renewable: it comes from sun, wind, water and biofuel."),
    )


def advice_sentence(advice: Words) -> Sentence:
    return Sentence("sheet_advice", (advice.sv,), (advice.en,))


def sure_sentence(use: Compared, doubt: ReportedFigure) -> Sentence:
    """How much is measured, and how far off the figure may be.

    Args:
        doubt: half width of the use's 90 % interval; 0 where it is as good as none.
    """
    month = _month(use.now)
    if use.now.coverage == 0:
        return Sentence("sheet_sure", (f"Ingen timme i {month.sv} är uppmätt.",), (f"No hour of {month.en} is measured.",))
    if use.now.coverage is not None and use.now.coverage >= 1:
        return Sentence("sheet_sure", (f"Varje timme i {month.sv} är uppmätt.",), (f"Every hour of {month.en} is measured.",))
    sv: Parts = (Said(use.coverage), f" av timmarna i {month.sv} är uppmätta")
    en: Parts = (Said(use.coverage), f" of the hours of {month.en} are measured")
    if use.now.known is None:
        return Sentence("sheet_sure", (*sv, ". Det räcker inte till en siffra."), (*en, ". That is not enough for a figure."))
    if not doubt.known:
        return Sentence("sheet_sure", (*sv, "."), (*en, "."))
    return Sentence(
        "sheet_sure",
        (*sv, ". Månadens siffra kan vara fel med ", Said(doubt), "."),
        (*en, ". The month's figure may be off by ", Said(doubt), "."),
    )


def contact_sentence(owner: str) -> Sentence:
    """Who answers for the building."""
    return Sentence(
        "sheet_contact",
        (f"{owner} ansvarar för huset. Fråga dem om du undrar något, eller har sett något som kan bli bättre.",),
        (f"{owner} is responsible for the building. Ask them if you wonder about something, or have seen what could be better.",),
    )


def plain_missing(missing: Missing) -> Missing:
    """Why, in words for anybody: nothing of files, meters and neighbours."""
    why = _PLAIN.get(lack_of(missing), _UNKNOWN)
    return Missing(f"{capital(why.sv)}.", f"{capital(why.en)}.")


def _why(plain: Missing) -> Words:
    """A plain reason inside a sentence."""
    return Words(small(plain.reason_sv.removesuffix(".")), small(plain.reason_en.removesuffix(".")))


def _weather(corrected: Compared, metered: Compared, *, is_corrected: bool) -> Words:
    """What is said of the weather's part: nothing where it has none in the change, as in summer."""
    if not is_corrected:
        return Words(", men skillnaden i väder är inte borträknad", ", but the difference in weather is not taken off")
    usual, was = corrected.change.known, metered.change.known
    if usual is not None and was is not None and abs(usual - was) <= LEAST_CHANGE:
        return Words("", "")
    return Words(", när skillnaden i väder är borträknad", ", with the difference in weather taken off")


def _about(figure: ReportedFigure) -> tuple[str, str]:
    return ("ungefär ", "about ") if figure.estimated else ("", "")


def _month(figure: ReportedFigure) -> Words:
    number = local_date(figure.period.end - _HOUR, figure.period.zone).month
    return Words(MONTHS_SV[number - 1], MONTHS_EN[number - 1])
