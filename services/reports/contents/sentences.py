"""The rules by which sentences are made of figures. Pure: each takes figures and gives a sentence, or None where it has nothing
to say.

What every rule keeps to:

- What is known and not wholly measured is "ungefär".
- A change within the uncertainty of both figures, or under half a per cent, is "ungefär lika mycket", never less or more.
- What is missing "kan inte bedömas", with the reason in a few words; the whole reason stands under its table.
- A group that is not the same buildings as a year before is compared by those that are.
- No figure but those of the tables: counts are words. No cause that the figures do not show.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from config.domain.indicators import Missing
from config.domain.periods import Period, PeriodKind, local_date, month
from services.reports.contents.comparison import DAILY, Compared
from services.reports.contents.lacks import short_reason
from services.reports.contents.naming import capital, days_of, period_words, small, spelled
from services.reports.contents.weather import PeriodWeather
from services.reports.report import How, Parts, ReportedFigure, Said, Sentence, Words

LEAST_CHANGE = 0.5  # per cent: less is nothing when rounded to whole ones
MILD, COLD = 97.0, 103.0  # per cent of normal degree days, between which the weather was about normal
HEATING = 100.0  # normal degree days, below which a month's weather says little of its heat
MOST_SPELLED = 12
_HOUR = timedelta(hours=1)


class Verdict(Enum):
    """What a change comes to."""

    SAME = "same"
    MORE = "more"
    LESS = "less"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Scale:
    """What less, more and as much of something are called."""

    less: Words
    more: Words
    same: Words


AMOUNT = Scale(Words("mindre", "less"), Words("mer", "more"), Words("ungefär lika mycket", "about as much"))
SIZE = Scale(Words("mindre", "less"), Words("större", "more"), Words("ungefär lika stor", "about as much"))


@dataclass(frozen=True, slots=True)
class ToAct:
    """An open deviation, as a sentence needs it.

    Attributes:
        place: the building; None where the report is of it.
    """

    name: Words
    place: Words | None
    cost: ReportedFigure
    action: Words
    owner: Words


def verdict(of: Compared) -> Verdict:
    """Whether it is more or less than a year before, as far as that can be told."""
    change = of.change.known
    if change is None:
        return Verdict.SAME if of.now.known == 0 and of.before.known == 0 else Verdict.UNKNOWN
    if abs(change) <= max(of.change.margin, LEAST_CHANGE):
        return Verdict.SAME
    return Verdict.MORE if change > 0 else Verdict.LESS


def use_sentence(of: Compared, shared: Compared | None, who: Words, period: Period) -> Sentence:
    """What was used, beside the same month of the year before.

    Args:
        shared: the buildings with a figure of both years, where those are not all.
        who: as `buildings_of` names the subject.
    """
    when = period_words(period)
    if isinstance(of.now.value, Missing):
        why = short_reason(of.now.value)
        sv: Parts = (f"Energianvändningen i {who.sv} i {when.sv} kan inte bedömas: {why.sv}",)
        en: Parts = (f"The energy use of {who.en} in {when.en} cannot be judged: {why.en}",)
    else:
        about = _about(of.now)
        sv = (f"{capital(who.sv)} använde {about.sv}", Said(of.now), f" i {when.sv}")
        en = (f"{capital(who.en)} used {about.en}", Said(of.now), f" in {when.en}")
    told = _by_the_same(of, shared)
    return Sentence("use", (*sv, *told.sv, "."), (*en, *told.en, "."))


def day_sentence(daily: Compared | None, *, part: bool) -> Sentence | None:
    """The use per day, where the months differ in length: of a leap February. Comes after the sentence of use.

    Args:
        part: whether it is of the buildings that have a figure of both years alone.
    """
    if daily is None or verdict(daily) is Verdict.UNKNOWN:
        return None
    when, before = period_words(daily.now.period), period_words(daily.before.period)
    more = days_of(daily.now.period) - days_of(daily.before.period)
    days, told = spelled(abs(more)), beside(daily, SIZE)
    longer = Words("längre", "longer") if more > 0 else Words("kortare", "shorter")
    whose = Words("deras användning", "their use") if part else Words("användningen", "the use")
    return Sentence(
        "per_day",
        (f"{capital(when.sv)} var {days.sv} dag {longer.sv} än {before.sv}; per dygn var {whose.sv} ", *told.sv, "."),
        (f"{when.en} was {days.en} day {longer.en} than {before.en}; per day {whose.en} was ", *told.en, "."),
    )


def weather_sentence(weather: PeriodWeather, corrected: Compared, period: Period, *, part: bool) -> Sentence | None:
    """How the weather was against normal, and how the use did with it taken away.

    Args:
        corrected: of the same buildings in both years; per day where the months differ in length.
        part: whether those are not all.
    """
    told = [each for each in (_weather(weather, period), _corrected(corrected, part=part)) if each is not None]
    if not told:
        return None
    sv, en = told[0].sv, told[0].en
    for each in told[1:]:
        sv, en = (*sv, "; ", *each.sv), (*en, "; ", *each.en)
    return Sentence("weather", (*_capital(sv), "."), (*_capital(en), "."))


def share_sentence(whole: Compared, parts: Sequence[tuple[Words, Compared]]) -> Sentence | None:
    """Of a group whose use changed: the building that changed most the same way."""
    direction = verdict(whole)
    if direction not in (Verdict.LESS, Verdict.MORE):
        return None
    comparable = [each for each in parts if verdict(each[1]) is not Verdict.UNKNOWN]
    alike = [(name, of) for name, of in comparable if verdict(of) is direction]
    if len(comparable) < 2 or not alike:
        return None
    name, most = max(alike, key=lambda each: abs((each[1].now.known or 0.0) - (each[1].before.known or 0.0)))
    was, now = _about(most.before), _about(most.now)
    change = Words("minskningen", "decrease") if direction is Verdict.LESS else Words("ökningen", "increase")
    return Sentence(
        "share",
        (f"Störst var {change.sv} i {name.sv}, från {was.sv}", Said(most.before), f" till {now.sv}", Said(most.now), "."),
        (
            f"The largest {change.en} was that of {name.en}, from {was.en}",
            Said(most.before),
            f" to {now.en}",
            Said(most.now),
            ".",
        ),
    )


def cost_sentence(cost: Compared, location: ReportedFigure, market: ReportedFigure, *, water: bool, same: bool) -> Sentence:
    """What it cost without VAT, and what was let out, in both perspectives; never one in the other's place.

    Args:
        water: whether water is part of the cost.
        same: whether the cost is of the same buildings in both years, so that they can be compared.
    """
    emitted = _emissions(location, market)
    if not cost.published:
        return Sentence("cost", (*_capital(emitted.sv), "."), (*_capital(emitted.en), "."))
    if market.known is None and isinstance(cost.now.value, Missing) and isinstance(location.value, Missing):
        why = short_reason(cost.now.value)
        if why == short_reason(location.value):
            return Sentence(
                "cost",
                (f"Kostnad och utsläpp kan inte bedömas: {why.sv}.",),
                (f"Cost and emissions cannot be judged: {why.en}.",),
            )
    money = _cost(cost, water=water, same=same)
    return Sentence("cost", (*_capital(money.sv), "; ", *emitted.sv, "."), (*_capital(money.en), "; ", *emitted.en, "."))


def year_sentence(of: Compared, shared: Compared | None) -> Sentence:
    """What was used in the twelve months that ended, beside those before them.

    Args:
        shared: the buildings with a figure of both, where those are not all.
    """
    end = period_words(month(local_date(of.now.period.end - _HOUR, of.now.period.zone), of.now.period.zone))
    if isinstance(of.now.value, Missing):
        why = short_reason(of.now.value)
        sv: Parts = (f"De tolv månaderna till och med {end.sv} kan inte bedömas: {why.sv}",)
        en: Parts = (f"The twelve months to the end of {end.en} cannot be judged: {why.en}",)
    else:
        about = _about(of.now)
        sv = (f"Under tolv månader till och med {end.sv} användes {about.sv}", Said(of.now))
        en = (f"In the twelve months to the end of {end.en}, {about.en}", Said(of.now), " was used")
    told = _by_the_same(of, shared)
    return Sentence("year", (*sv, *told.sv, "."), (*en, *told.en, "."))


def untaken_sentence(untaken: int) -> Sentence | None:
    """How many open deviations nobody has taken on; None where there is none.

    What they cost is not added up: two can be about the same kilowatt-hours.
    """
    if not untaken:
        return None
    few = spelled(untaken) if untaken <= MOST_SPELLED else Words("många", "many")
    one = untaken == 1
    return Sentence(
        "untaken",
        (f"{capital(few.sv)} {'avvikelse' if one else 'avvikelser'} har ingen tagit på sig: besluta vem som gör det.",),
        (f"{capital(few.en)} {'deviation is' if one else 'deviations are'} not taken on by anybody: decide who does.",),
    )


def action_sentence(deviations: Sequence[ToAct], faults: Sequence[ToAct], period: Period) -> Sentence:
    """What to do first: the dearest open deviation that had begun when the period ended, else a fault of metering.

    Args:
        deviations: of use; the dearest first, those without a price after the others.
        faults: of metering.
    """
    when = period_words(period)
    if not deviations and not faults:
        return Sentence(
            "action",
            (f"Ingen avvikelse som började i {when.sv} eller tidigare väntar på åtgärd.",),
            (f"No deviation that began in {when.en} or before waits for action.",),
        )
    first = (*deviations, *faults)[0]
    if not deviations:
        head = Words("Mätningen behöver ses över:", "Metering needs to be seen to:")
    elif len(deviations) == 1:
        head = Words("Öppen avvikelse:", "Open deviation:")
    elif first.cost.known is None:
        head = Words("Störst av rapportens öppna avvikelser är", "The largest open deviation of the report is")
    else:
        head = Words("Dyrast av rapportens öppna avvikelser är", "The dearest open deviation of the report is")
    at = Words(f" i {first.place.sv}", f" at {first.place.en}") if first.place else Words("", "")
    cost = _so_far(first) if deviations else Told((), ())
    owner = Words(f" Ansvarig: {first.owner.sv}.", f" Responsible: {first.owner.en}.") if first.owner.sv else Words("", "")
    to_do = Words(small(_ended(first.action.sv)), small(_ended(first.action.en)))
    return Sentence(
        "action",
        (f"{head.sv} ”{first.name.sv}”{at.sv}", *cost.sv, f". Att göra: {to_do.sv}{owner.sv}"),
        (f"{head.en} “{first.name.en}”{at.en}", *cost.en, f". To do: {to_do.en}{owner.en}"),
    )


def sureness_sentence(of: Compared, lacking: int, *, restated: bool) -> Sentence:
    """How sure the report is, and what is missing from it.

    Args:
        lacking: how many reasons the report gives for what is missing.
        restated: whether earlier months came out otherwise.
    """
    sv: Parts = ()
    en: Parts = ()
    if of.now.estimated:
        sv, en = (
            (Said(of.coverage), " av energins timmar är kända ur mätarna."),
            (Said(of.coverage), " of the energy's hours are known from meters."),
        )
    elif of.now.known is not None:
        sv, en = ("Hela energianvändningen är känd ur mätarna.",), ("All of the energy use is known from meters.",)
    if lacking:
        facts = _facts(lacking)
        sv = (*sv, f" {facts.sv} saknas; vem som kan komplettera står under Det som saknas.")
        en = (*en, f" {facts.en} missing; who can supply it stands under What is missing.")
    if restated:
        sv = (*sv, " Siffror i tidigare rapporter har ändrats; de står under Ändrade siffror.")
        en = (*en, " Figures of earlier reports have changed; they stand under Restated figures.")
    return Sentence("sureness", _stripped(sv), _stripped(en))


@dataclass(frozen=True, slots=True)
class Told:
    """A piece of a sentence."""

    sv: Parts
    en: Parts


def beside(of: Compared, scale: Scale, *, again: bool = False) -> Told:
    """ "13 % mindre än i oktober 2025", "ungefär lika mycket som i oktober 2025"; of what can be told only.

    Args:
        again: "ungefär" has been said of the figure itself, and another word is taken.
    Raises:
        ValueError: the change cannot be told.
    """
    found, then = verdict(of), _then(of.before.period)
    if found is Verdict.UNKNOWN:
        raise ValueError("a change that cannot be told")
    if found is Verdict.SAME:
        same = scale.same
        return Told((f"{same.sv} som {then.sv}",), (f"{same.en} as {then.en}",))
    word = scale.less if found is Verdict.LESS else scale.more
    about = Words("", "")
    if of.change.estimated:
        about = Words("omkring ", "some ") if again else Words("ungefär ", "about ")
    size = Said(of.change, How.SIZE)
    return Told((about.sv, size, f" {word.sv} än {then.sv}"), (about.en, size, f" {word.en} than {then.en}"))


def _by_the_same(of: Compared, shared: Compared | None) -> Told:
    """How a use that was just said compares: by the buildings known in both years, where those are not all."""
    if shared is not None and verdict(shared) is not Verdict.UNKNOWN:
        told = beside(shared, AMOUNT)
        return Told(
            ("; de byggnader som har en siffra för båda åren använde ", *told.sv),
            ("; the buildings that have a figure of both years used ", *told.en),
        )
    return Told((), ()) if of.now.known is None else _after(of, AMOUNT, again=of.now.estimated)


def _then(before: Period) -> Words:
    """When a year before: a month by its name, more of them by what they are."""
    if before.kind is not PeriodKind.MONTH:
        return Words("samma tid året före", "in the same time of the year before")
    when = period_words(before)
    return Words(f"i {when.sv}", f"in {when.en}")


def _after(of: Compared, scale: Scale, *, again: bool) -> Told:
    """How a figure that was just said compares with the year before, or why it does not."""
    before, then = period_words(of.before.period), _then(of.before.period)
    if isinstance(of.before.value, Missing):
        why = short_reason(of.before.value)
        return Told(
            (f"; jämförelse med {before.sv} kan inte göras: {why.sv}",),
            (f"; it cannot be compared with {before.en}: {why.en}",),
        )
    if of.before.value < 0 or (of.now.known or 0.0) < 0 or (of.before.value == 0 and of.now.known != 0):
        return Told((", mot ", Said(of.before), f" {then.sv}"), (", against ", Said(of.before), f" {then.en}"))
    told = beside(of, scale, again=again)
    return Told((", ", *told.sv), (", ", *told.en))


def _weather(weather: PeriodWeather, period: Period) -> Told | None:
    when, normal = period_words(period), weather.normal.known
    if isinstance(weather.share.value, Missing):
        why = short_reason(weather.share.value)
        return Told(
            (f"vädret i {when.sv} kan inte bedömas: {why.sv}",), (f"the weather of {when.en} cannot be judged: {why.en}",)
        )
    if normal is None or normal < HEATING:
        return None
    share = weather.share.value
    how = (
        Words("mildare än normalt", "milder than normal") if share < MILD
        else Words("kallare än normalt", "colder than normal") if share > COLD
        else Words("ungefär som normalt", "about normal")
    )  # fmt: skip
    return Told(
        (f"vädret i {when.sv} var {how.sv}, med ", Said(weather.share), " av de normala graddagarna"),
        (f"the weather of {when.en} was {how.en}, with ", Said(weather.share), " of the normal degree days"),
    )


def _corrected(corrected: Compared, *, part: bool) -> Told | None:
    if not corrected.published:
        return None
    before = period_words(corrected.before.period)
    lacking = next((each.value for each in (corrected.now, corrected.before) if isinstance(each.value, Missing)), None)
    if lacking is not None:
        why = short_reason(lacking)
        return Told(
            (f"normalårskorrigerat kan användningen inte jämföras med {before.sv}: {why.sv}",),
            (f"corrected for the weather, the use cannot be compared with {before.en}: {why.en}",),
        )
    if verdict(corrected) is Verdict.UNKNOWN:
        return None
    told = beside(corrected, SIZE)
    whose = Words("användningen i samma byggnader", "the use of the same buildings") if part else Words("användningen", "the use")
    a_day = Words(" per dygn", " per day") if corrected.now.unit == DAILY else Words("", "")
    return Told(
        (f"normalårskorrigerat var {whose.sv}{a_day.sv} ", *told.sv),
        (f"corrected for the weather, {whose.en}{a_day.en} was ", *told.en),
    )


def _cost(cost: Compared, *, water: bool, same: bool) -> Told:
    if isinstance(cost.now.value, Missing):
        why = short_reason(cost.now.value)
        return Told((f"kostnaden kan inte bedömas: {why.sv}",), (f"the cost cannot be judged: {why.en}",))
    what = Words("energi och vatten", "energy and water") if water else Words("energin", "the energy")
    about = _about(cost.now)
    told = _after(cost, AMOUNT, again=cost.now.estimated) if same else Told((), ())
    return Told(
        (f"{what.sv} kostade {about.sv}", Said(cost.now), " utan moms", *told.sv),
        (f"{what.en} cost {about.en}", Said(cost.now), " without VAT", *told.en),
    )


def _emissions(location: ReportedFigure, market: ReportedFigure) -> Told:
    both = ((location, Words("platsbaserat", "location-based")), (market, Words("marknadsbaserat", "market-based")))
    known = [(figure, way) for figure, way in both if figure.known is not None]
    lacking = [(figure.value, way) for figure, way in both if isinstance(figure.value, Missing)]
    if not known:
        why = short_reason(lacking[0][0])
        return Told((f"utsläppen kan inte bedömas: {why.sv}",), (f"the emissions cannot be judged: {why.en}",))
    sv: Parts = ("utsläppen var ",)
    en: Parts = ("the emissions were ",)
    for place, (figure, way) in enumerate(known):
        about = _about(figure)
        sv = (*sv, " och " if place else "", about.sv, Said(figure), f" {way.sv}")
        en = (*en, " and " if place else "", about.en, Said(figure), f" {way.en}")
    for missing, way in lacking:
        why = short_reason(missing)
        sv, en = (*sv, f"; {way.sv} kan de inte bedömas: {why.sv}"), (*en, f"; {way.en} they cannot be judged: {why.en}")
    return Told(sv, en)


def _so_far(first: ToAct) -> Told:
    if first.cost.known is None:
        return Told((", utan känt pris",), (", of unknown price",))
    return Told((", hittills ", Said(first.cost)), (", so far ", Said(first.cost)))


def _facts(count: int) -> Words:
    if count == 1:
        return Words("En uppgift", "One fact is")
    number = spelled(count) if count <= MOST_SPELLED else Words("många", "many")
    return Words(f"{capital(number.sv)} uppgifter", f"{capital(number.en)} facts are")


def _about(figure: ReportedFigure) -> Words:
    return Words("ungefär ", "about ") if figure.estimated else Words("", "")


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _capital(parts: Parts) -> Parts:
    first = parts[0]
    return (capital(first), *parts[1:]) if isinstance(first, str) else parts


def _stripped(parts: Parts) -> Parts:
    first = parts[0] if parts else ""
    return (first.lstrip(), *parts[1:]) if isinstance(first, str) and parts else parts
