"""The parts of a change in words. What a model says is "about"; what nobody can say is said with its reason."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from config.domain.indicators import Missing
from config.domain.periods import MONTHS_EN, MONTHS_SV, Period, PeriodKind, local_date
from services.analysis.change_parts import AREA, FACTORS, MOVED, REAL, UNEXPLAINED, WEATHER, Change
from services.jobs.change_words import amount

Words = tuple[str, str]  # Swedish, English

MOST_NAMES = 3
WHOLE = 0.995  # a coverage from which a figure is not "about"
TON = 1000.0
NO_DATED_AREA = Missing(
    "Ändrad area kan inte bedömas: portföljen har en area per byggnad, utan datum. Det den betyder ligger i den verkliga "
    "förändringen.",
    "A changed area cannot be judged: the portfolio has one area for each building, without a date. What it means lies in the "
    "real change.",
)


@dataclass(frozen=True, slots=True)
class Told:
    """What the sentences of one change speak of.

    Attributes:
        unit: "kWh" or "kg".
        before: the figure of the year before.
        coverage: the least of both years.
        called: building → its name.
    """

    change: Change
    period: Period
    unit: str
    before: float
    coverage: float
    called: Callable[[str], str]

    def words(self, part: str) -> Words:
        """The sentence of one part."""
        sentence = {
            WEATHER: self._weather,
            MOVED: self._moved,
            AREA: self._area,
            FACTORS: self._factors,
            REAL: self._real,
            UNEXPLAINED: self._unexplained,
        }[part]
        return sentence()

    def total(self) -> Words:
        """The sentence of the whole."""
        sv, en = year_words(self.period)
        about = ("ungefär ", "about ") if self.coverage < WHOLE else ("", "")
        more = self._more(self.change.total)
        shares = self._share(self.change.total)
        return f"{sv}: {about[0]}{more[0]}{shares[0]}.", f"{en}: {about[1]}{more[1]}{shares[1]}."

    def _weather(self) -> Words:
        value = self.change.parts[WEATHER]
        if not self._says_something(value):
            return "Vädret krävde lika mycket värme båda åren.", "The weather needed as much heat in both years."
        (more, more_en), warmer = self._more(value), value < 0
        return (
            f"Vädret: ungefär {more}, eftersom det krävde {'mindre' if warmer else 'mer'} värme än året före.",
            f"Weather: about {more_en}, since it needed {'less' if warmer else 'more'} heat than the year before.",
        )

    def _moved(self) -> Words:
        count = len(self.change.moved)
        if not count:
            return "Inga byggnader har kommit till eller lämnat.", "No buildings came or left."
        names, (more, more_en) = self._names(self.change.moved), self._more(self.change.parts[MOVED])
        return (
            f"{count} {'byggnad' if count == 1 else 'byggnader'} har kommit till eller lämnat, eller mäts på annat sätt "
            f"({names[0]}): {more}.",
            f"{count} {'building' if count == 1 else 'buildings'} came or left, or {'is' if count == 1 else 'are'} metered "
            f"otherwise ({names[1]}): {more_en}.",
        )

    def _area(self) -> Words:
        value = self.change.parts[AREA]
        if not self._says_something(value):
            return "Arean är densamma båda åren.", "The area is the same in both years."
        more, more_en = self._more(value)
        return (
            f"Ändrad area: ungefär {more}, räknat på användningen per kvadratmeter året före.",
            f"Changed area: about {more_en}, by the use per square metre of the year before.",
        )

    def _factors(self) -> Words:
        value = self.change.parts[FACTORS]
        if not self._says_something(value):
            return "Utsläppsfaktorerna är desamma båda åren.", "The emission factors are the same in both years."
        more, more_en = self._more(value)
        return (
            f"Ändrade utsläppsfaktorer: ungefär {more} av samma energi.",
            f"Changed emission factors: about {more_en} of the same energy.",
        )

    def _real(self) -> Words:
        value, count = self.change.parts[REAL], self.change.compared
        (more, more_en), (share, share_en) = self._more(value), self._share(value)
        buildings = (
            ("jämförbar byggnad", "comparable building") if count == 1 else ("jämförbara byggnader", "comparable buildings")
        )
        if not self._says_something(value):
            return f"Ingen verklig förändring i {count} {buildings[0]}.", f"No real change in {count} {buildings[1]}."
        sv = f"Verklig förändring i {count} {buildings[0]}: ungefär {more}{share}."
        en = f"Real change in {count} {buildings[1]}: about {more_en}{share_en}."
        if abs(value) < self.change.half_width:
            wide, wide_en = self._amounts(self.change.half_width)
            sv += f" Osäkerheten är större (±\N{NO-BREAK SPACE}{wide}): om något verkligen ändrats kan inte bedömas."
            en += f" The uncertainty is larger (±\N{NO-BREAK SPACE}{wide_en}): whether anything really changed cannot be judged."
        return sv, en

    def _unexplained(self) -> Words:
        value, undivided = self.change.parts[UNEXPLAINED], self.change.undivided
        if not undivided and not self._says_something(value):
            return "Allt är uppdelat.", "All of it is divided."
        more, more_en = self._more(value)
        if not undivided:
            return (
                f"Kan inte delas upp: {more} i den publicerade summan som ingen av byggnaderna har.",
                f"Cannot be divided: {more_en} of the published sum that none of the buildings has.",
            )
        names, reason, count = self._names([name for name, _ in undivided]), undivided[0][1], len(undivided)
        where = ("byggnad", "building") if count == 1 else ("byggnader", "buildings")
        return (
            f"Kan inte delas upp: {more} i {count} {where[0]} ({names[0]}). {reason.reason_sv}",
            f"Cannot be divided: {more_en} in {count} {where[1]} ({names[1]}). {reason.reason_en}",
        )

    def _names(self, buildings: Sequence[str]) -> Words:
        named, left = [self.called(name) for name in buildings[:MOST_NAMES]], len(buildings) - MOST_NAMES
        rest = (f" och {left} till", f" and {left} more") if left > 0 else ("", "")
        return ", ".join(named) + rest[0], ", ".join(named) + rest[1]

    def _more(self, value: float) -> Words:
        if not self._says_something(value):
            return "lika mycket", "as much"
        sv, en = self._amounts(abs(value))
        return (f"{sv} mer", f"{en} more") if value > 0 else (f"{sv} mindre", f"{en} less")

    def _amounts(self, value: float) -> Words:
        unit, scale = (self.unit, 1.0) if self.unit != "kg" else ("ton CO2e", TON) if value >= TON else ("kg CO2e", 1.0)
        sv, en = (amount(value / scale, unit, language) for language in (0, 1))
        return sv, en.replace("ton CO2e", "tonnes CO2e")

    def _share(self, value: float) -> Words:
        if self.before <= 0 or not self._says_something(value):
            return "", ""
        percent = 100 * value / self.before
        text = f"{percent:+.1f}" if abs(percent) < 10 else f"{percent:+.0f}"
        sv = text.replace(".", ",").replace("-", "\N{MINUS SIGN}")
        return f" ({sv}\N{NO-BREAK SPACE}%)", f" ({text}\N{NO-BREAK SPACE}%)"

    def _says_something(self, value: float) -> bool:
        """Half a kilowatt-hour, or kilogramme, of a year is nothing."""
        return abs(value) >= 0.5


def not_known(period: Period, before: Missing | None, now: Missing | None) -> Words:
    """The sentence of a whole that cannot be told: one of the two figures is missing."""
    sv, en = year_words(period)
    which = ("året före", "the year before") if before is not None else ("året", "the year")
    lacks = before or now
    reason = ("", "") if lacks is None else (lacks.reason_sv, lacks.reason_en)
    return (
        f"{sv} kan inte bedömas: siffran för {which[0]} saknas. {reason[0]}".strip(),
        f"{en} cannot be judged: the figure of {which[1]} is missing. {reason[1]}".strip(),
    )


def year_words(period: Period) -> Words:
    """The year against the one before."""
    last = local_date(period.end - timedelta(hours=1), period.zone)
    if period.kind is PeriodKind.YEAR:
        return f"{last.year} mot {last.year - 1}", f"{last.year} against {last.year - 1}"
    sv, en = MONTHS_SV[last.month - 1], MONTHS_EN[last.month - 1]
    return (
        f"Tolv månader till och med {sv} {last.year} mot de tolv före",
        f"Twelve months to the end of {en} {last.year} against the twelve before",
    )
