"""Where a line may end, and how wide a text is about: what tables and titles need to have no word cut and no unit torn off."""

import re
from collections.abc import Iterable
from typing import Any

LONGEST_WORD = 32  # letters; longer ones may be broken anywhere, so that they fit a column
PIECE = 12
BREAK, JOIN = "\u200b", "\u2060"  # of no width: a line may end here, and may not
MEASURED = 6  # texts of a column whose widths Typst measures
_WIDE, _NARROW = frozenset("MWmw@%–—≈ÅÄÖ"), frozenset("ijlftrI.,:;'’()|\u00a0 -")
_END = re.compile(f" (?!{JOIN})|\n|{BREAK}|(?<=–)")
_LONG = re.compile(rf"[^\s–-]{{{LONGEST_WORD + 1},}}")
_UNIT = re.compile(r"\b(CO₂|[kMG]?Wh|t?kr|kg|ton|g)/")


def broken(value: Any) -> Any:
    """The value with every text breakable."""
    if isinstance(value, str):
        return breakable(value)
    if isinstance(value, dict):
        return {key: broken(each) for key, each in value.items()}
    return [broken(each) for each in value] if isinstance(value, list | tuple) else value


def breakable(text: str) -> str:
    """With places to break in words that no column could hold, and none in units."""
    return _LONG.sub(_cut, _UNIT.sub(rf"\1/{JOIN}", text.replace(" CO₂", f" {JOIN}CO₂")))


def held(text: str, unit: str) -> str:
    """With a short unit on the line of the word before it."""
    return f"{text.removesuffix(unit)}{JOIN}{unit}" if 0 < len(unit) <= 2 else text


def pieces(texts: Iterable[str]) -> set[str]:
    """What no line can divide."""
    return {piece for text in texts for piece in _END.split(text)}


def widest(texts: Iterable[str]) -> list[str]:
    """Those that may be the widest: measuring all of a long table would take minutes."""
    return sorted(texts, key=lambda text: (-weight(text), text))[:MEASURED]


def weight(text: str) -> float:
    """About how wide it is, in figures."""
    return sum(1.6 if sign in _WIDE else 0.5 if sign in _NARROW else 1.0 for sign in text)


def _cut(word: re.Match[str]) -> str:
    return BREAK.join(word[0][at : at + PIECE] for at in range(0, len(word[0]), PIECE))
