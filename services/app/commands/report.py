"""`report`: make a report to look at, publish it in the archive, find what was published, and what became of its mails."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from config.domain.clock import SystemClock
from config.domain.figure_names import named_period, period_name
from config.domain.indicators import PORTFOLIO, Subject, SubjectKind
from config.domain.periods import Period, PeriodKind, day, zone_named
from config.errors import ConfigurationError
from services.app.report_mail_commands import By, ReportsPlace, add_mail_commands, send_planned
from services.reports.report import REPORT_NAMES, ReportKind

if TYPE_CHECKING:
    from services.reports.archive import ReportArchive
    from services.reports.making import ReportMaker
    from services.reports.report import Publication, Report
    from services.reports.report_keeping import ReportKeeping
    from services.reports.wording import Language

EVERY = "every"
SHOWN = 100
FOLDER = Path("forhandsvisning")


class To(StrEnum):
    """Where a report goes: files to look at, the archive, or there and to those whom audiences.yaml names."""

    PREVIEW = "preview"
    ARCHIVE = "archive"
    RECIPIENTS = "recipients"


class Form(StrEnum):
    """What a preview can be looked at as."""

    PDF = "pdf"
    HTML = "html"
    XLSX = "xlsx"
    CSV = "csv"
    MAIL = "eml"


class LanguageChoice(StrEnum):
    SV = "sv"
    EN = "en"


Period_ = Annotated[str, typer.Argument(metavar="PERIOD", help="Månad som 2026-10; trend även år som 2025.")]
Of = Annotated[
    list[str] | None,
    typer.Option("--of", help="portfolio, owner:ID, building_kind:ID, building:ID eller every; flera går. (Of what.)"),
]
Where = Annotated[
    To, typer.Option("--to", help="preview: filer att se på; archive: publicera; recipients: publicera och sänd enligt planerna.")
]
Forms = Annotated[list[Form] | None, typer.Option("--form", help="Förhandsvisningens former. (Forms of a preview.)")]
Says = Annotated[LanguageChoice, typer.Option("--language", help="Förhandsvisningens språk. (Language of a preview.)")]
Out = Annotated[Path, typer.Option("--folder", help="Förhandsvisningens mapp. (Folder of a preview.)")]
AsKnown = Annotated[
    datetime | None,
    typer.Option("--as-known", formats=["%Y-%m-%d"], help="Som det var känt vid den dagens slut; bara preview. (As known then.)"),
]
Workers = Annotated[int, typer.Option(min=1, max=64, help="Så många processer ritar. (Processes that draw.)")]
Number = Annotated[str, typer.Argument(help="Rapportens nummer, som ER-2026-0017. (The report's number.)")]


def add_to(app: typer.Typer) -> None:
    report = typer.Typer(no_args_is_help=True, help="Rapporter: gör, publicera, sök, jämför. (Reports.)")
    for kind in MADE:
        report.command(kind.value)(_command(kind))
    report.command("list")(list_reports)
    report.command("show")(show_report)
    report.command("difference")(show_difference)
    report.command("reissue")(reissue)
    add_mail_commands(report)
    app.add_typer(report, name="report")


MADE: Mapping[ReportKind, tuple[str, str]] = {  # what it is of where nothing is said, and the command's words
    ReportKind.MONTHLY: (PORTFOLIO, "Gör månadsrapporter: hela beståndet där inget annat sägs. (Monthly reports.)"),
    ReportKind.TREND: (
        PORTFOLIO,
        "Gör styrelsens trendrapport: delår till och med en månad, eller ett år. (The board's trend report.)",
    ),
    ReportKind.SHEET: (EVERY, "Gör byggnadsblad att sätta upp: alla öppna byggnader där ingen sägs. (Building sheets.)"),
    ReportKind.OWNER: (EVERY, "Gör ägarnas sammanfattningar: alla ägare där ingen sägs. (Owners' summaries.)"),
}


def _command(kind: ReportKind) -> Callable[..., None]:
    """The command that makes reports of the kind."""
    usual, words = MADE[kind]

    def make(
        period: Period_,
        of: Of = None,
        to: Where = To.PREVIEW,
        form: Forms = None,
        language: Says = LanguageChoice.SV,
        folder: Out = FOLDER,
        as_known: AsKnown = None,
        workers: Workers = 2,
    ) -> None:
        _make(kind, period, of or [usual], to, _Look(form, language, folder, as_known), workers)

    make.__doc__ = words
    return make


def list_reports(
    text: Annotated[str, typer.Argument(help="Ord att söka efter. (Words to look for.)")] = "",
    kind: Annotated[ReportKind | None, typer.Option(help="Bara denna sort. (Only of this kind.)")] = None,
    year: Annotated[int | None, typer.Option(help="Bara detta år. (Only of this year.)")] = None,
) -> None:
    """Sök i arkivet; det senaste först. (Search the archive.)"""
    with _opened() as place:
        zone = zone_named(place.zone)
        table = Table("nummer", "rapport", "period", "publicerad")
        for found in place.archive.search(text, kind=kind, year=year, limit=SHOWN):
            published = f"{found.published.astimezone(zone):%Y-%m-%d %H:%M}"
            title = f"{REPORT_NAMES[found.kind].said(place.language)}: {found.title.said(place.language)}"
            table.add_row(found.name, escape(title), period_name(found.period), published)
    Console().print(table)
    if not table.row_count:
        typer.echo("Inget i arkivet passar. (Nothing in the archive fits.)")


def show_report(
    number: Number, edition: Annotated[int | None, typer.Option(min=1, help="Utgåva; annars den senaste. (Edition.)")] = None
) -> None:
    """Visa en publicerad rapports första sida, som den publicerades. (First page of a report as published.)"""
    with _opened() as place:
        _tell(place.archive.publication(number, edition), place.language)


def show_difference(number: Number) -> None:
    """Visa vad som är ändrat mellan rapporten som den publicerades och som det är känt nu. (As published against now.)"""
    from services.reports.difference import difference
    from services.reports.printing import figure_text

    with _opened() as place:
        published = place.archive.publication(number)
        now = _again(place, published.report)
        changes = difference(published.report, now, place.archive.causes)
        table = Table("siffra", "som publicerad", "nu", "orsak")
        for change in changes:
            shown = ["" if each is None else figure_text(each, place.language) for each in (change.old, change.new)]
            texts = (change.what.said(place.language), *shown, change.cause.said(place.language))
            table.add_row(*(escape(text) for text in texts))
    if changes:
        Console().print(table)
    else:
        typer.echo(f"{published.name}: inget är ändrat. (Nothing has changed.)")


def reissue(
    number: Number,
    by: By,
    send: Annotated[bool, typer.Option("--send", help="Sänd den enligt planerna, också till dem som fick den förra.")] = False,
) -> None:
    """Publicera en ny utgåva av en rapport vars siffror har ändrats. (A new edition, where figures have changed.)"""
    from services.reports.report_keeping import fingerprint
    from services.state.deviation_keeping import PROMPT, Doer

    told: list[str] = []
    with _opened() as place:
        before = place.archive.publication(number)
        draft = place.archive.draft(_again(place, before.report))
        after = draft.publication
        if draft.is_new:
            after = place.keeping.reissue(before, after.report, Doer(by, PROMPT), fingerprint(after))
        if send and after.name != before.name:
            told = send_planned(place.sending, [after], other_editions_too=True)
    if after.name == before.name:
        typer.echo(f"{before.name}: inget är ändrat, ingen ny utgåva behövs. (Nothing has changed.)")
    else:
        typer.echo(f"{after.name}: {len(after.changes)} ändringar sedan {before.name}. (Changes since then.)")
    for line in told:
        typer.echo(line)


@dataclass(frozen=True, slots=True)
class _Look:
    """How a preview is looked at."""

    forms: Sequence[Form] | None
    language: LanguageChoice
    folder: Path
    as_known: datetime | None


@dataclass(frozen=True, slots=True)
class _Place:
    """What the commands work on."""

    maker: "ReportMaker"
    archive: "ReportArchive"
    keeping: "ReportKeeping"
    sending: ReportsPlace
    language: "Language"
    zone: str


@contextmanager
def _opened() -> Iterator[_Place]:
    from services.app import wiring  # the stores' libraries take half a second
    from services.app.reporting import delivery
    from services.reports.planned_sending import PlannedSending
    from services.reports.report_keeping import ReportKeeping

    chosen = wiring.settings()
    town = wiring.municipality(chosen)
    store, state = wiring.open_store(chosen), wiring.open_state(chosen)
    try:
        archive = wiring.report_archive(chosen, town, state, SystemClock())
        out = delivery(chosen, state, archive, SystemClock())
        plans = [plan for readers in town.audiences for plan in readers.reports]
        sending = ReportsPlace(PlannedSending(plans, out), out)
        maker = wiring.report_maker(chosen, town, store, state)
        keeping = ReportKeeping(archive, state.audit, SystemClock())
        yield _Place(maker, archive, keeping, sending, chosen.language, town.timezone)
    finally:
        store.close()
        state.close()


def _make(kind: ReportKind, period: str, of: Sequence[str], to: To, look: _Look, workers: int) -> None:
    if to is not To.PREVIEW and look.as_known is not None:
        raise typer.BadParameter("det som publiceras är som det är känt nu: --as-known går bara med --to preview")
    with _opened() as place, _progress() as progress:
        about = _period(kind, period, place.zone)
        subjects = [each for text in of for each in _subjects(text, kind, place.maker)]
        known, then = _known(look.as_known, place.zone)
        material = place.maker.material(known, as_known=then)
        making = progress.add_task(f"{REPORT_NAMES[kind].sv} {period_name(about)}: siffror", total=len(subjects))
        reports = []
        for subject in subjects:
            reports.append(place.maker.make(kind, subject, about, material))
            progress.advance(making)
        drawing = progress.add_task("former", total=len(reports))

        def advance() -> None:
            progress.advance(drawing)

        if to is To.PREVIEW:
            told = _previewed(reports, place, look, advance)
        else:
            publications = _published(reports, place, workers, advance)
            told = [f"{each.name}  {each.report.title.said(place.language)}" for each in publications]
            if to is To.RECIPIENTS:
                told += send_planned(place.sending, publications)
    for line in told:
        typer.echo(line)


def _published(reports: Sequence["Report"], place: _Place, workers: int, advance: Callable[[], None]) -> "list[Publication]":
    """Into the archive, drawn on several cores."""
    from services.reports.publishing import publish_all

    found = []
    for publication in publish_all(place.archive, reports, workers):
        found.append(publication)
        advance()
    return found


def _previewed(reports: Sequence["Report"], place: _Place, look: _Look, advance: Callable[[], None]) -> list[str]:
    """Files to look at; each comes into its place whole."""
    from services.reports.previewing import preview_files
    from services.reports.report import Publication
    from services.reports.wording import LANGUAGES

    forms = [form.value for form in look.forms or (Form.PDF, Form.HTML, Form.MAIL)]
    look.folder.mkdir(parents=True, exist_ok=True)
    told = []
    for report in reports:
        publication = Publication(report)
        if len(reports) == 1:
            _tell(publication, place.language)
        for name, data in preview_files(publication, LANGUAGES[look.language.value], forms):
            try:
                _write(look.folder / name, data)
            except OSError as error:
                raise ConfigurationError(
                    f"{look.folder / name}: {error.strerror}; name another folder with --folder, or make room",
                    f"{look.folder / name}: {error.strerror}; ange en annan mapp med --folder, eller gör plats",
                ) from error
            told.append(f"{look.folder / name}")
        advance()
    return told


def _write(path: Path, data: bytes) -> None:
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(data)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _tell(publication: "Publication", language: "Language") -> None:
    """The first page."""
    from services.reports.printing import printed

    page = printed(publication, language)
    console = Console()
    console.print(f"[bold]{escape(page.title)}[/bold]  {escape(page.name)}", highlight=False, soft_wrap=True)
    for text in (*page.notices, *page.sentences):
        console.print(escape(text), highlight=False, soft_wrap=True)


def _again(place: _Place, report: "Report") -> "Report":
    """The same report of what is known now."""
    material = place.maker.material(_known(None, place.zone)[0])
    return place.maker.make(report.kind, report.subject, report.period, material)


def _known(as_known: datetime | None, zone: str) -> tuple[datetime, bool]:
    """The reports' clock, to the second, and whether it has passed."""
    if as_known is None:
        return SystemClock().now().replace(microsecond=0), False
    return (day(as_known.date(), zone).end - timedelta(seconds=1)).astimezone(UTC), True


def _period(kind: ReportKind, text: str, zone: str) -> Period:
    """The period of the report; a trend's month is the year to its end."""
    try:
        found = named_period(text, zone)
        if kind is ReportKind.TREND and found.kind is PeriodKind.MONTH:
            return named_period(text.removesuffix("-12") if text.endswith("-12") else f"{text}-ytd", zone)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    return found


def _subjects(text: str, kind: ReportKind, maker: "ReportMaker") -> list[Subject]:
    if text == EVERY:
        return list(maker.subjects(kind))
    if text == PORTFOLIO:
        return [Subject(SubjectKind.PORTFOLIO, PORTFOLIO)]
    of, colon, name = text.partition(":")
    if not colon or of not in set(SubjectKind):
        raise typer.BadParameter(f"{text!r}: skriv portfolio, every eller KIND:ID, där KIND är {', '.join(SubjectKind)}")
    return [Subject(SubjectKind(of), name)]


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)
