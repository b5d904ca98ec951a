"""A municipality's folder of YAML → one value, or every fault in it at once.

portfolio.yaml (and portfolio-*.yaml), sources.yaml      needed
goals.yaml, factors.yaml, tariffs.yaml, audiences.yaml,
calendar.yaml, weather.yaml, indoor.yaml                 what they would give is missing without them
"""

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from config.domain.alerts import Receiver
from config.domain.audiences import Readers
from config.domain.calendar import MunicipalCalendar
from config.domain.estate import Portfolio
from config.domain.factors import Factors
from config.domain.goals import Goals
from config.domain.indoor import IndoorRanges
from config.domain.sources import Source
from config.domain.tariffs import Tariffs
from config.domain.weather import WeatherPlan
from config.municipality.audiences import AudiencesFile, audiences
from config.municipality.billing import check_price_lists
from config.municipality.calendar import CalendarFile, calendar
from config.municipality.entries import Entry, Model, checked
from config.municipality.factor_names import check_names
from config.municipality.factors import FactorsFile, factors
from config.municipality.faults import Fault, in_order, meant, refuse
from config.municipality.goal_entries import GoalsFile
from config.municipality.goals import goals
from config.municipality.indoor import IndoorFile, indoor
from config.municipality.portfolio import PortfolioFile, portfolio
from config.municipality.receivers import receivers
from config.municipality.remainder import Remainder, remainder
from config.municipality.report_plans import Estate
from config.municipality.sources import SourcesFile, sources
from config.municipality.tariffs import TariffsFile, tariffs
from config.municipality.weather import WeatherFile, weather
from config.municipality.yaml_source import YamlSource, read

PORTFOLIO, SOURCES = "portfolio.yaml", "sources.yaml"
GOALS, FACTORS, TARIFFS, AUDIENCES = "goals.yaml", "factors.yaml", "tariffs.yaml", "audiences.yaml"
WEATHER = "weather.yaml"
CALENDAR = "calendar.yaml"
INDOOR = "indoor.yaml"
FILES: Mapping[str, type[Entry]] = {
    PORTFOLIO: PortfolioFile,
    SOURCES: SourcesFile,
    GOALS: GoalsFile,
    FACTORS: FactorsFile,
    TARIFFS: TariffsFile,
    AUDIENCES: AudiencesFile,
    CALENDAR: CalendarFile,
    WEATHER: WeatherFile,
    INDOOR: IndoorFile,
}
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Municipality:
    """Everything that a folder says.

    Attributes:
        examples: how many values are invented; each is named by the `example` of the thing it belongs to.
        warnings: what is odd but can be used.
    """

    folder: Path
    name: str
    timezone: str
    portfolio: Portfolio
    sources: tuple[Source, ...]
    goals: Goals
    factors: Factors
    tariffs: Tariffs
    audiences: tuple[Readers, ...]
    examples: int
    warnings: tuple[Fault, ...]
    calendar: MunicipalCalendar  # the public holidays alone where there is no calendar.yaml
    weather: WeatherPlan = field(default_factory=WeatherPlan)
    indoor: IndoorRanges = field(default_factory=IndoorRanges)
    receivers: tuple[Receiver, ...] = ()  # of alerts


def load_municipality(folder: Path, known_families: Collection[str] | None = None) -> Municipality:
    """The municipality of a folder.

    Args:
        known_families: the decoder families and groups that exist; families are not checked where None.
    Raises:
        ConfigurationError: every fault, one a line ("file:line: key: what; way out"); its `faults` has them as `Fault`s.
    """
    municipality, faults = check_municipality(folder, known_families)
    if municipality is None:
        raise refuse(faults)
    return municipality


def check_municipality(
    folder: Path, known_families: Collection[str] | None = None
) -> tuple[Municipality | None, tuple[Fault, ...]]:
    """The municipality, None where a fault is in the way, and all faults and warnings by file and line."""
    if not folder.is_dir():
        return None, (
            Fault(
                str(folder),
                1,
                "",
                "is no folder; name the municipality's folder in ENERGIMONITOR_MUNICIPALITY or --municipality",
                "är ingen mapp; ange kommunens mapp i ENERGIMONITOR_MUNICIPALITY eller --municipality",
            ),
        )
    reading = _Folder(folder)
    estates = [reading.file(path.name, PortfolioFile) for path in reading.portfolio_files()]
    complete = all(file is not None and not isinstance(source, Remainder) for source, file in estates)
    whole = [(source, file) for source, file in estates if file is not None]
    estate, examples = None, 0
    if whole and whole[0][0].file == PORTFOLIO:
        estate, examples = portfolio(whole, reading.version(), known_families)
    owners = {owner.id for _, file in whole for owner in file.owners}
    # Where a portfolio file could not be read its owners are unknown: their absence elsewhere is then no fault.
    named = owners if complete else _Anything()
    taken = reading.part(SOURCES, SourcesFile, lambda source, file: sources(source, file, known_families))
    standing = [building for _, file in whole for building in file.buildings] if named is owners else None
    placed = None if standing is None else {building.id for building in standing}
    decided = reading.part(GOALS, GoalsFile, lambda source, file: goals(source, file, named, placed))
    known = reading.part(FACTORS, FactorsFile, lambda source, file: factors(source, file, folder))
    if known is not None or not (folder / FACTORS).exists():  # else nothing is known of what they name
        for source, file in whole:
            check_names(source, file, known or Factors())
    priced = reading.part(TARIFFS, TariffsFile, tariffs)
    if priced is not None or not (folder / TARIFFS).exists():
        for source, file in whole:
            check_price_lists(source, file.buildings, priced or Tariffs())
    surveyed = reading.part(WEATHER, WeatherFile, weather)
    readers = reading.part(
        AUDIENCES,
        AudiencesFile,
        lambda source, file: (
            audiences(source, file, Estate(named, standing)),
            receivers(source, file.alerts, named, placed, folder),
        ),
    )
    zone = whole[0][1].timezone if whole and whole[0][0].file == PORTFOLIO else None
    days = reading.part(CALENDAR, CalendarFile, lambda source, file: calendar(source, file, zone))
    rooms = reading.part(INDOOR, IndoorFile, indoor)
    faults = in_order(fault for source in reading.read for fault in source.faults)
    if estate is None or taken is None or any(not fault.warning for fault in faults):
        return None, faults
    examples += reading.marked_outside_portfolio()
    return (
        Municipality(
            folder,
            estate.municipality,
            estate.timezone,
            estate,
            taken,
            decided or Goals(),
            known or Factors(),
            priced or Tariffs(),
            readers[0] if readers else (),
            examples,
            faults,
            days or MunicipalCalendar(),
            surveyed or WeatherPlan(),
            rooms or IndoorRanges(),
            readers[1] if readers else (),
        ),
        faults,
    )


class _Anything(frozenset[str]):
    """Holds every name."""

    def __contains__(self, item: object) -> bool:
        return True


class _Folder:
    """The files that have been read, with their faults."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.read: list[YamlSource] = []
        listed = YamlSource(folder.name)
        for path in sorted(folder.iterdir()):
            if path.suffix not in (".yaml", ".yml") or path.name.startswith("."):
                continue
            if path.name not in FILES and not _is_portfolio(path):
                out, out_sv = meant(path.name, FILES)
                self.read.append(YamlSource(path.name))
                self.read[-1].fault((), f"no file of a municipality; {out}", f"ingen fil i en kommuns mapp; {out_sv}")
        self.read.append(listed)

    def portfolio_files(self) -> list[Path]:
        """portfolio.yaml first, also where it is absent: its absence is then the fault."""
        more = sorted(path for path in self._folder.iterdir() if _is_portfolio(path) and path.name != PORTFOLIO)
        return [self._folder / PORTFOLIO, *more]

    def file(self, name: str, model: type[Model]) -> tuple[YamlSource, Model | None]:
        """The file, or what can be read of it."""
        source = read(self._folder / name)
        self.read.append(source)
        file = checked(source, model)
        rest = remainder(source, model) if file is None else None
        return rest or (source, file)

    def part(self, name: str, model: type[Model], made: Callable[[YamlSource, Model], Value]) -> Value | None:
        """What the file gives; None with a warning where an optional file is absent."""
        if not (self._folder / name).exists() and name not in (PORTFOLIO, SOURCES):
            source = YamlSource(name)
            source.fault(
                (),
                "not there: what it would give is shown as missing",
                "finns inte: det den skulle ge visas som saknas",
                warning=True,
            )
            self.read.append(source)
            return None
        source, file = self.file(name, model)
        if file is None:
            return None
        value = made(source, file)  # of a remainder for its faults alone
        return None if isinstance(source, Remainder) else value

    def version(self) -> str:
        """A fingerprint of all files, so that a figure can say what it was calculated with."""
        digest = hashlib.sha256()
        for path in sorted(self._folder.iterdir()):
            if path.name in FILES or _is_portfolio(path):
                content = path.read_bytes()
                digest.update(f"{path.name} {len(content)}\n".encode() + content)
        return digest.hexdigest()[:12]

    def marked_outside_portfolio(self) -> int:
        return sum(sum(source.marks.values()) for source in self.read if not _is_portfolio(self._folder / source.file))


def _is_portfolio(path: Path) -> bool:
    return path.name == PORTFOLIO or (path.name.startswith("portfolio-") and path.suffix == ".yaml")
