"""`energimonitor check-config` and `energimonitor schemas`: is what we were told in order?"""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer

from collectors import decoders
from collectors.decoding import Decoder
from collectors.groups import by_group
from config.domain.factors import Factors, Mark
from config.errors import ConfigurationError
from config.loading import Municipality, check_municipality
from config.municipality import schemas as editor_schemas
from config.municipality.faults import Fault
from config.settings import load_settings, readable_by_others
from config.shelf import entries


class Language(StrEnum):
    SV = "sv"
    EN = "en"


def add_to(app: typer.Typer) -> None:
    """Registers the commands."""
    app.command("check-config")(check_config)
    app.command("schemas")(schemas)


def check_config(
    municipality: Annotated[
        Path | None, typer.Option(help="Kommunens mapp; annars den som inställningarna anger. (The municipality's folder.)")
    ] = None,
    language: Annotated[Language, typer.Option(help="Språk. (Language.)")] = Language.SV,
) -> None:
    """Kontrollera inställningar och kommunens filer; alla fel på en gång. (Check settings and files; every fault at once.)"""
    settings_faults, folder = _settings(municipality, language.value)
    families = by_group(entries(decoders, "DECODER", Decoder)).keys()
    checked, faults = check_municipality(folder, families) if folder is not None else (None, ())
    wrong = [*settings_faults, *(fault for fault in faults if not fault.warning)]
    for line in _listed(settings_faults, faults, language.value):
        typer.echo(line)
    if wrong:
        count = len(wrong)
        typer.echo(
            f"{count} fel. Rätta dem och kör igen." if language is Language.SV else f"{count} faults. Mend them, run again."
        )
        raise typer.Exit(1)
    if checked is not None:
        for line in summary(checked, language.value):
            typer.echo(line)


def schemas(
    write: Annotated[bool, typer.Option("--write", help="Skriv schemana. (Write them.)")] = False,
    to: Annotated[
        Path | None, typer.Option(help="Mapp; annars programmets egen. (Folder; the program's own by default.)")
    ] = None,
) -> None:
    """JSON-scheman för kommunens filer, till redigerare. (JSON Schemas of the municipality's files, for editors.)"""
    folder = editor_schemas.FOLDER if to is None else to
    if write:
        editor_schemas.write(folder)
    old = editor_schemas.outdated(folder)
    for name in editor_schemas.schemas():
        typer.echo(
            f"{folder / name}: {'gammalt; kör med --write (old; run with --write)' if name in old else 'aktuellt (up to date)'}"
        )
    if old:
        raise typer.Exit(1)


def _settings(municipality: Path | None, language: str) -> tuple[list[str], Path | None]:
    """Faults of the environment, and the municipality's folder as far as it is known."""
    try:
        settings = load_settings()
        return [], municipality or settings.municipality
    except ConfigurationError as error:
        return error.sentence(language).splitlines(), municipality


def _listed(settings_faults: Sequence[str], faults: Sequence[Fault], language: str) -> Iterator[str]:
    """Faults and warnings, grouped by file."""
    swedish = language == "sv"
    readable = readable_by_others()
    if settings_faults or readable:
        yield "Inställningar (miljövariabler)" if swedish else "Settings (environment)"
        yield from (f"  {'FEL     ' if swedish else 'FAULT   '} {fault}" for fault in settings_faults)
        for variable in readable:
            text = "filen kan läsas av alla konton; kör chmod o-r" if swedish else "every account may read the file; chmod o-r"
            yield f"  {'VARNING' if swedish else 'WARNING'}  {variable}: {text}"
    for file, group in groupby(faults, key=lambda fault: fault.file):
        yield file
        for fault in group:
            words = ("VARNING" if fault.warning else "FEL") if swedish else ("WARNING" if fault.warning else "FAULT")
            yield f"  {words:<8} {fault.sentence(language)}"


def summary(municipality: Municipality, language: str) -> Iterator[str]:
    """What the folder holds, how much of it is invented or uncertain, and what is missing."""
    swedish = language == "sv"
    estate = municipality.portfolio
    counts = (
        (len(estate.owners), "ägare", "owners"),
        (len(estate.buildings), "byggnader", "buildings"),
        (len(estate.points), "mätpunkter", "metering points"),
        (len(estate.meters), "mätare", "meters"),
        (len(municipality.sources), "källor", "sources"),
        (len(municipality.goals.goals), "mål", "goals"),
        (len(municipality.factors.factors), "faktorer", "factors"),
        (len(municipality.tariffs.tariffs), "prislistor", "tariffs"),
        (len(municipality.audiences), "målgrupper", "audiences"),
    )
    yield f"{municipality.name} ({municipality.folder}), {municipality.timezone}, version {estate.version}"
    yield "  " + ", ".join(f"{count} {sv if swedish else en}" for count, sv, en in counts)
    if municipality.examples:
        shown = "påhittade värden (example), visas som exempel" if swedish else "invented values (example), shown as such"
        yield f"  {municipality.examples} {shown}"
    marks = [
        *(goal.mark for goal in municipality.goals.goals),
        *(factor.mark for factor in municipality.factors.factors),
        *_marks_of_supply(municipality.factors),
        *(tariff.mark for tariff in municipality.tariffs.tariffs),
    ]
    text = "mål, faktorer och priser efter märke" if swedish else "goals, factors and prices by mark"
    yield f"  {text}: " + ", ".join(f"{mark.value} {marks.count(mark)}" for mark in Mark)
    lacking = list(_missing(municipality, swedish))
    if lacking:
        yield 'Saknas, och visas som "saknas":' if swedish else "Missing, and shown as such:"
        yield from (f"  - {line}" for line in lacking)


def _marks_of_supply(factors: Factors) -> Iterator[Mark]:
    """Of everything in factors.yaml besides the emission factors: mixes, hours, contracts, the building rules."""
    for items in (factors.mixes, factors.hourly, factors.weightings, factors.hot_water):
        yield from (item.mark for item in items)
    yield from (evidence.mark for contract in factors.contracts.values() for evidence in contract.years.values())
    yield from (mark for _, mark in factors.geographic.values())


def _missing(municipality: Municipality, swedish: bool) -> Iterator[str]:
    estate = municipality.portfolio
    bare = [building.id for building in estate.buildings.values() if building.area_m2 is None]
    if bare:
        yield f"{'area (Atemp) för' if swedish else 'area (Atemp) of'} {len(bare)}: {', '.join(bare)}"
    limitless = sum(point.max_power_kw is None for point in estate.points.values())
    if limitless:
        text = "effektgräns (max_power_kw) för" if swedish else "power limit (max_power_kw) of"
        yield f"{text} {limitless} {'mätpunkter' if swedish else 'points'}"
    for factor in municipality.factors.gaps:
        yield factor.missing.reason_sv if swedish else factor.missing.reason_en
    for goal in municipality.goals.gaps:
        yield goal.text_sv if swedish else goal.text_en
