"""What is wrong with a file, where, and the way out; in Swedish and in English. All of it at once, never the first only."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from config.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, or odd where `warning`.

    Attributes:
        file: name of the file inside the municipality's folder.
        line: from 1.
        key: the path of keys; entries of a list by their id where they have one ("buildings.skola-1.area_m2").
    """

    file: str
    line: int
    key: str
    text: str
    text_sv: str
    warning: bool = False

    def sentence(self, language: str = "en") -> str:
        """ "portfolio.yaml:14: buildings.skola-1.area_m2: what; way out" """
        words = self.text_sv if language == "sv" else self.text
        return f"{self.file}:{self.line}: {f'{self.key}: ' if self.key else ''}{words}"


def in_order(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """By file and line, each once."""
    return tuple(sorted(dict.fromkeys(faults), key=lambda item: (item.file, item.line, item.key)))


def refuse(faults: Iterable[Fault]) -> ConfigurationError:
    """The error that carries all faults, one a line, in both languages."""
    ordered = in_order(fault for fault in faults if not fault.warning)
    english, swedish = ("\n".join(fault.sentence(language) for fault in ordered) for language in ("en", "sv"))
    return ConfigurationError(english, swedish, ordered)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant."""
    found = difflib.get_close_matches(word, list(known), 1, 0.6)
    return found[0] if found else None


def meant(word: str, known: Iterable[str]) -> tuple[str, str]:
    """The way out for an unknown word, English and Swedish: the nearest known word, or all of them where they are few."""
    words = sorted(known)
    near = nearest(word, words)
    if near is not None:
        return f"did you mean {near}?", f"menade du {near}?"
    if not words:
        return "none is known", "inget är känt"
    if len(words) <= 20:
        return f"known: {', '.join(words)}", f"kända: {', '.join(words)}"
    return "see docs/configuration.md for those known", "se docs/configuration.md för dem som är kända"
