"""sources.yaml: which messages are of which family, and how their clocks and units are to be read."""

from collections.abc import Collection

from pydantic import Field

from config.domain.quantities import QUANTITIES, UNITS
from config.domain.sources import ClockTrust, Source
from config.municipality.entries import Entry, UnitName, Words, Zone
from config.municipality.faults import meant
from config.municipality.yaml_source import YamlSource


class SourceEntry(Entry):
    topic: Words
    """MQTT topic filter, also what is subscribed to."""
    family: Words | None
    """A decoder family, or a group of them; null ignores the messages on purpose (the journal keeps them)."""
    timezone: Zone | None = None
    """Of wall clocks without offset; the municipality's where not given. UTC+1: normal time all year."""
    clock: ClockTrust = ClockTrust.DEVICE
    """device: the message's own time; receipt: the device's clock is known to be wrong."""
    units: dict[str, UnitName] = Field({})
    """Quantity → unit to assume where neither message nor portfolio states one."""
    note: str | None = None


class SourcesFile(Entry):
    """Topic filters and what their messages are; the first that covers a topic is the one."""

    note: str | None = None
    sources: tuple[SourceEntry, ...]


def sources(source: YamlSource, file: SourcesFile, families: Collection[str] | None = None) -> tuple[Source, ...]:
    """The table, in its order; faults lie in the source."""
    for index, entry in enumerate(file.sources):
        path = ("sources", index)
        wrong = _wrong_filter(entry.topic)
        if wrong is not None:
            source.fault((*path, "topic"), *wrong)
        for number, earlier in enumerate(file.sources[:index]):
            if entry.topic == earlier.topic:
                line = source.line(("sources", number))
                source.fault((*path, "topic"), f"the same as on line {line}; keep one", f"samma som på rad {line}; behåll en")
            elif covers(earlier.topic, entry.topic):
                line = source.line(("sources", number))
                source.fault(
                    (*path, "topic"),
                    f"never reached: {earlier.topic} on line {line} covers it; put this one before it",
                    f"nås aldrig: {earlier.topic} på rad {line} täcker det; ställ detta före",
                    warning=True,
                )
        if families is not None and entry.family is not None and entry.family not in families:
            out, out_sv = meant(entry.family, families)
            source.fault(
                (*path, "family"),
                f"no decoder family {entry.family!r}; {out}",
                f"avkodarfamiljen {entry.family!r} finns inte; {out_sv}",
            )
        for quantity, unit in entry.units.items():
            known = QUANTITIES.get(quantity)
            if known is not None and UNITS[unit].dimension != known.dimension:
                source.fault(
                    (*path, "units", quantity),
                    f"unit {unit} is {UNITS[unit].dimension}, {quantity} is {known.dimension}",
                    f"enheten {unit} är {UNITS[unit].dimension}, {quantity} är {known.dimension}",
                )
    if not file.sources:
        source.fault(("sources",), "no source: nothing will be received", "ingen källa: ingenting tas emot", warning=True)
    return tuple(Source(entry.topic, entry.family, entry.timezone, entry.clock, dict(entry.units)) for entry in file.sources)


def _wrong_filter(topic: str) -> tuple[str, str] | None:
    levels = topic.split("/")
    if levels[0] == "$share":
        return (
            "write the topic without $share; sharing is a setting of the installation",
            "skriv ämnet utan $share; delning är en inställning för installationen",
        )
    if any("#" in level and (level != "#" or index < len(levels) - 1) for index, level in enumerate(levels)):
        return "# stands alone, as the last level: meters/#", "# står ensamt, som sista nivå: meters/#"
    if any("+" in level and level != "+" for level in levels):
        return "+ stands for a whole level: meters/+/state", "+ står för en hel nivå: meters/+/state"
    if len(topic.encode()) > 65_535:
        return "longer than MQTT allows", "längre än MQTT tillåter"
    return None


def covers(wide: str, narrow: str) -> bool:
    """Whether every topic of the filter `narrow` is one of `wide`."""
    outer, inner = wide.split("/"), narrow.split("/")
    if narrow.startswith("$") and outer[0] in ("+", "#"):
        return False
    for index, level in enumerate(outer):
        if level == "#":
            return True
        if index >= len(inner) or inner[index] == "#" or (level != "+" and level != inner[index]):
            return False
    return len(outer) == len(inner)
