"""Where in the municipality's files something stands, for what is only known to be wrong when readings have come."""

from pathlib import Path

from config.municipality.yaml_source import read

MAIN = "portfolio.yaml"


def place_of_meter(folder: Path, point: str, meter: str) -> str:
    """ "portfolio.yaml:57", the line of the meter's entry at the point; the file alone where it has no such entry (any more)."""
    more = sorted(path for path in folder.glob("portfolio-*.yaml"))
    for path in (folder / MAIN, *more):
        source = read(path)
        for building, at in _listed(source.data, "buildings"):
            for place, entry in _listed(at, "points"):
                if entry.get("id") != point:
                    continue
                for number, stood in _listed(entry, "meters"):
                    if stood.get("id") == meter:
                        return f"{path.name}:{source.line(('buildings', building, 'points', place, 'meters', number))}"
    return MAIN


def _listed(holder: object, key: str) -> list[tuple[int, dict[str, object]]]:
    entries = holder.get(key) if isinstance(holder, dict) else None
    return [(index, entry) for index, entry in enumerate(entries if isinstance(entries, list) else []) if isinstance(entry, dict)]
