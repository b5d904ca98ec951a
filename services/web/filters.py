"""What a reader leaves of the buildings: by owner, kind, size and words. All of it stands in the address."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import Request

from config.domain.estate import Building, Portfolio
from config.domain.panels import Choice
from services.reports.wording import KINDS, Language, number, pick, swedish_order

SIZES = {"0-1000": (0.0, 1_000.0), "1000-5000": (1_000.0, 5_000.0), "5000-": (5_000.0, float("inf"))}  # m2 Atemp
UNKNOWN_SIZE = "saknas"
LONGEST = 100  # characters of a word that somebody could mean


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    name: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """One list to choose from. `name`: in the address."""

    name: str
    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Filters:
    """ "" leaves everything."""

    owner: str = ""
    kind: str = ""
    size: str = ""
    words: str = ""

    def query(self) -> dict[str, str]:
        """As in the address."""
        values = {"agare": self.owner, "typ": self.kind, "yta": self.size, "q": self.words}
        return {name: value for name, value in values.items() if value}

    def choose(self, portfolio: Portfolio, choice: Choice) -> Choice:
        """The buildings of the choice that they leave."""
        if not self.query():
            return choice
        left = tuple(each for each in choice.buildings if self._leaves(portfolio, portfolio.buildings[each]))
        return Choice(left, whole=choice.whole and len(left) == len(choice.buildings), public=choice.public)

    def offered(self, portfolio: Portfolio, choice: Choice, language: Language) -> list[Filter]:
        """The lists, of what the choice has; one that has a single thing is left out."""
        buildings = [portfolio.buildings[each] for each in choice.buildings]
        owners = {building.owner: owner_name(portfolio, building) for building in buildings}
        kinds = {building.kind: kind_name(building, language) for building in buildings}
        sizes = {
            size: _size_name(size, language) for size in (*SIZES, UNKNOWN_SIZE) if any(_has(size, each) for each in buildings)
        }
        lists = [
            _list("agare", pick(language, "Ägare", "Owner"), _sorted(owners), self.owner),
            _list("typ", pick(language, "Typ", "Kind"), _sorted(kinds), self.kind),
            _list("yta", pick(language, "Yta", "Area"), list(sizes.items()), self.size),
        ]
        return [each for each in lists if len(each.options) > 1 or any(option.chosen for option in each.options)]

    def _leaves(self, portfolio: Portfolio, building: Building) -> bool:
        if self.owner and building.owner != self.owner:
            return False
        if self.kind and building.kind != self.kind:
            return False
        if self.size and not _has(self.size, building):
            return False
        text = searched(portfolio, building)
        return all(word in text for word in self.words.casefold().split())


def filters_of(request: Request) -> Filters:
    """As the address says."""
    asked = request.query_params
    return Filters(*(asked.get(name, "")[:LONGEST] for name in ("agare", "typ", "yta", "q")))


def searched(portfolio: Portfolio, building: Building) -> str:
    """What words are looked for in: in both languages, so that an address works in either."""
    kinds = " ".join(KINDS.get(building.kind, (building.kind,)))
    return f"{building.name} {kinds} {owner_name(portfolio, building)} {building.id}".casefold()


def owner_name(portfolio: Portfolio, building: Building) -> str:
    owner = portfolio.owners.get(building.owner)
    return owner.name if owner else building.owner


def kind_name(building: Building, language: Language) -> str:
    return pick(language, *KINDS[building.kind]) if building.kind in KINDS else building.kind


def _has(size: str, building: Building) -> bool:
    if size == UNKNOWN_SIZE or size not in SIZES:
        return building.area_m2 is None
    low, high = SIZES[size]
    return building.area_m2 is not None and low <= building.area_m2 < high


def _size_name(size: str, language: Language) -> str:
    if size == UNKNOWN_SIZE:
        return pick(language, "yta saknas", "area missing")
    low, high = SIZES[size]
    if high == float("inf"):
        return pick(language, f"från {number(low, 'sv', 0)} m²", f"from {number(low, 'en', 0)} m²")
    if low == 0:
        return pick(language, f"under {number(high, 'sv', 0)} m²", f"under {number(high, 'en', 0)} m²")
    return f"{number(low, language, 0)}–{number(high, language, 0)} m²"


def _sorted(names: dict[str, str]) -> list[tuple[str, str]]:
    return sorted(names.items(), key=lambda each: swedish_order(each[1]))


def _list(name: str, label: str, values: Sequence[tuple[str, str]], chosen: str) -> Filter:
    return Filter(name, label, tuple(Option(value, text, value == chosen) for value, text in values))
