"""How the trend report says what figures mean. Rules, not taste: a figure that is not wholly measured is "ungefär", a change
within the uncertainty is none, and what is not known is said with its reason."""

from collections.abc import Iterable
from dataclasses import dataclass

from config.domain.indicators import Missing
from services.reports.contents.lacks import SHORT, Lack, lack_of
from services.reports.contents.naming import listed, spelled
from services.reports.report import How, Parts, ReportedFigure, Said, Sentence, Words

LESS, MORE = Words("mindre än", "less than"), Words("mer än", "more than")
AS_MUCH = Words("ungefär lika mycket som", "about as much as")
MOST_SPELLED = 12
ALIKE = 0.5  # per cent: a smaller change of a year is told as none


@dataclass(frozen=True, slots=True)
class ComparedWords:
    """
    Attributes:
        what: the figure as the subject of a sentence: "Energikostnaden januari–oktober 2026".
        lead, after: around the figure: "Energin kostade", " utan moms januari–oktober 2026".
        less, more, alike: up to what it is compared with: "mindre än".
    """

    what: Words
    lead: Words
    after: Words
    less: Words = LESS
    more: Words = MORE
    alike: Words = AS_MUCH


def about(figure: ReportedFigure) -> Words:
    """What stands before a figure that is not wholly measured, or is a model's."""
    return Words("ungefär ", "about ") if figure.estimated else Words("", "")


def reason(figure: ReportedFigure) -> Words:
    """Why it is missing, as a sentence ends with it: shortly where the table below says it at length; "" where it is not."""
    missing = figure.value
    if not isinstance(missing, Missing):
        return Words("", "")
    lack = lack_of(missing)
    if lack is Lack.OTHER:
        return Words(tail(missing.reason_sv), tail(missing.reason_en))
    return Words(f"{SHORT[lack].sv}.", f"{SHORT[lack].en}.")


def is_alike(change: ReportedFigure) -> bool:
    """Whether a known change in per cent is so small that it may be none."""
    return change.known is not None and abs(change.known) <= max(ALIKE, change.margin)


def compared(rule: str, words: "ComparedWords", now: ReportedFigure, change: ReportedFigure, against: Words) -> Sentence:
    """ "Energin kostade 9 832 tkr januari–oktober 2026, 3,3 % mindre än samma månader året före."

    Args:
        against: what it is compared with: "samma månader året före".
    """
    if now.known is None:
        why = reason(now)
        return Sentence(
            f"{rule}.missing",
            (f"{words.what.sv} kan inte anges: {why.sv}",),
            (f"{words.what.en} cannot be given: {why.en}",),
        )
    near = about(now)
    sv: Parts = (f"{words.lead.sv} {near.sv}", Said(now), words.after.sv)
    en: Parts = (f"{words.lead.en} {near.en}", Said(now), words.after.en)
    if change.known is None:
        why = reason(change)
        return Sentence(
            f"{rule}.uncompared",
            (*sv, f"; mot {against.sv} kan det inte jämföras: {why.sv}"),
            (*en, f"; it cannot be compared with {against.en}: {why.en}"),
        )
    alike = is_alike(change)
    same = words.alike if alike else words.less if change.known < 0 else words.more
    size: Parts = () if alike else (Said(change, How.SIZE), " ")
    rule = f"{rule}.alike" if alike else f"{rule}.changed"
    return Sentence(rule, (*sv, ", ", *size, f"{same.sv} {against.sv}."), (*en, ", ", *size, f"{same.en} {against.en}."))


def joined(rule: str, parts: Iterable[tuple[Parts, Parts]], end: str = ".") -> Sentence:
    """One sentence of clauses, "A, B och C."."""
    clauses = tuple(parts)
    sv, en = (_listed([clause[place] for clause in clauses], last) for place, last in enumerate((" och ", " and ")))
    return Sentence(rule, (*sv, end), (*en, end))


def counted(count: int) -> Words:
    """How many goals, or other things of neuter gender, as a word where there is one."""
    if count <= 1:
        return Words("ett", "one") if count else Words("inget", "none")
    return spelled(count) if count <= MOST_SPELLED else Words(f"{count}", f"{count}")


def names(items: Iterable[str], most: int = 3) -> Words:
    """ "Björkskolan, Tallskolan och Granskolan"."""
    return listed(tuple(Words(each, each) for each in items), most)


def _listed(clauses: list[Parts], last: str) -> Parts:
    parts: list[str | Said] = []
    for place, clause in enumerate(clauses):
        if place:
            parts.append(last if place == len(clauses) - 1 else ", ")
        parts.extend(clause)
    return tuple(parts)


def tail(text: str) -> str:
    """A reason as it goes on after a colon, with its full stop."""
    return f"{text[:1].lower()}{text[1:]}" if text[1:2].islower() else text
