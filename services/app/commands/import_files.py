"""`energimonitor import`: registers and hourly use from CSV and Parquet files."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from collectors.files.clashes import Clash, Place
from collectors.files.importing import ImportReport, import_file
from collectors.files.layout import Kind, Layout, Stamp
from config.domain.clock import SystemClock
from config.errors import ConfigurationError

_SHOWN = 20  # of what was not taken; `--rejected` writes all of it to a file


def add_to(app: typer.Typer) -> None:
    app.command("import")(run)


def run(
    files: Annotated[list[Path], typer.Argument(help="CSV (även .gz) eller Parquet.")],
    kind: Annotated[Kind, typer.Option(help="register: mätarställningar; use: användning per timme.")],
    unit: Annotated[str, typer.Option(help="Talens enhet: kWh, MWh, m3 …")] = "",
    unit_column: Annotated[str | None, typer.Option(help="Kolumn med enheten, rad för rad.")] = None,
    time: Annotated[list[str] | None, typer.Option(help="Tidens kolumn, eller två: datum och klockslag.")] = None,
    name: Annotated[str | None, typer.Option(help="Lång form: kolumn med mätpunktens eller mätarens namn.")] = None,
    value: Annotated[list[str] | None, typer.Option(help='Kolumn=mål; "{name}" i målet är namnkolumnens text.')] = None,
    rename: Annotated[list[str] | None, typer.Option(help="Filens namn=vårt namn.")] = None,
    timezone: Annotated[str, typer.Option(help="Klocka utan angiven zon: UTC, UTC+1, Europe/Stockholm.")] = "UTC",
    stamp: Annotated[Stamp, typer.Option(help="Om tiden är stegets början eller slut.")] = Stamp.START,
    step: Annotated[int, typer.Option(help="Stegets längd i minuter: 60, 30 eller 15.")] = 60,
    separator: Annotated[str | None, typer.Option(help='Skiljetecken; "tab" för tabb. Annars funnet i filen.')] = None,
    decimal: Annotated[str | None, typer.Option(help="Decimaltecken: , eller .")] = None,
    encoding: Annotated[str | None, typer.Option(help="Teckenkodning; annars funnen i filen.")] = None,
    time_format: Annotated[str | None, typer.Option(help="Tidens form som i strptime, om den inte är ISO 8601.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Läs och rapportera, men spara inget.")] = False,
    rejected: Annotated[Path | None, typer.Option(help="Skriv allt som inte togs till denna fil, med radnummer.")] = None,
) -> None:
    """Läs in mätarställningar eller timvärden från filer. (Import registers or hourly use from files.)"""
    from services.app.wiring import municipality, open_state, open_store, settings  # the stores' libraries take half a second

    layout = Layout(
        kind=kind,
        unit=unit,
        time=tuple(time or ()),
        name=name,
        values=_pairs(value or [], "--value"),
        names=_pairs(rename or [], "--rename"),
        unit_column=unit_column,
        timezone=timezone,
        stamp=stamp,
        step_minutes=step,
        separator="\t" if separator == "tab" else separator,
        decimal=decimal,
        encoding=encoding,
        time_format=time_format,
    )
    current = settings()
    portfolio = municipality(current).portfolio
    store, state = open_store(current), open_state(current)
    reports, unreadable = [], list[str]()
    try:
        with _progress() as bars:
            for path in files:
                bar = bars.add_task(path.name, total=None)

                def show(done: int, total: int, bar: int = bar) -> None:
                    bars.update(bar, completed=done, total=total)  # type: ignore[arg-type] # rich's TaskID is an int

                try:
                    report = import_file(
                        path, layout, portfolio, store, state.dirty_hours, SystemClock(), show,
                        dry_run=dry_run, imported=state.imported_files,
                    )  # fmt: skip
                except ConfigurationError as error:  # it stops no other file, and hides not what was taken of them
                    unreadable.append(error.sentence(current.language))
                else:
                    reports.append(report)
    finally:
        store.close()
        state.close()
    console = Console()
    for report in reports:
        print_report(console, report)
    if rejected is not None:
        rejected.write_text("".join(_refusal_lines(reports)), encoding="utf-8-sig")
    for words in unreadable:
        typer.echo(words, err=True)
    if unreadable or not all(report.complete for report in reports):
        raise typer.Exit(1)


def print_report(console: Console, report: ImportReport) -> None:
    """What was taken, what not, and why."""
    verb = "skulle sparas (provkörning)" if report.dry_run else "sparade"
    refused = sum(report.reasons.values())
    console.print(
        f"[bold]{escape(str(report.path))}[/bold]: {report.lines} rader, {report.taken} värden {verb}, "
        f"{refused} togs inte, {sum(count for _, count in report.unknown.values())} av okända, {report.blank} tomma",
        highlight=False,
        soft_wrap=True,
    )
    if report.series:
        table = Table("Mätare", "Räkneverk", "Värden", "Från", "Till", title="Sparat" if not report.dry_run else "Skulle sparas")
        for item in sorted(report.series.values(), key=lambda one: (one.meter, one.register)):
            table.add_row(
                escape(item.meter),
                item.register,
                str(item.count),
                f"{item.first:%Y-%m-%d %H:%M}Z",
                f"{item.last:%Y-%m-%d %H:%M}Z",
            )
        console.print(table)
    if report.unknown:
        table = Table("Namn i filen", "Varför", "Värden", title="Okända")
        for unknown, (why, count) in sorted(report.unknown.items()):
            table.add_row(escape(unknown), escape(why), str(count))
        console.print(table)
    if report.clashing:
        console.print(
            f"VARNING: {report.clashing} tider har olika värden i filen; ett av dem räknas. Är det fel: rätta filen och läs in "
            "den igen. (WARNING: times with different values; one of them counts)",
            highlight=False,
            soft_wrap=True,
        )
    for clash in report.clashes[:_SHOWN]:
        console.print(escape(f"  {_which_counts(clash)}"), highlight=False, soft_wrap=True)
    for reason, count in report.reasons.most_common():
        console.print(f"{count} gånger: {reason.sv} ({reason.en})", highlight=False, soft_wrap=True)
    for refused_cell in report.refused[:_SHOWN]:
        where = f"rad {refused_cell.line}" + (f", {refused_cell.column}" if refused_cell.column else "")
        detail = f" ({refused_cell.detail})" if refused_cell.detail else ""
        console.print(
            escape(f"  {where}: {refused_cell.text}: {refused_cell.reason.sv}{detail}"), highlight=False, soft_wrap=True
        )
    if max(len(report.refused), report.clashing) > _SHOWN:
        console.print("  … skriv alla till en fil med --rejected", highlight=False, soft_wrap=True)


def _which_counts(clash: Clash) -> str:
    """Values are in the stored unit; the column stands there where it tells the values apart."""
    apart = any(other.line == clash.counts.line for other in clash.others)

    def place(one: Place) -> str:
        column = f", {one.column}" if apart else ""
        return f"rad {one.line}{column} ({f'{one.value:.10g}'.replace('.', ',')})"

    others = ", ".join(place(other) for other in clash.others)
    return f"{clash.meter} {clash.register} {clash.time:%Y-%m-%d %H:%M}Z: {place(clash.counts)} räknas, inte {others}"


def _refusal_lines(reports: Sequence[ImportReport]) -> list[str]:
    lines = ["fil;rad;kolumn;text;varför;mer\n"]
    for report in reports:
        for item in report.refused:
            cells = (str(report.path), str(item.line), item.column, item.text, item.reason.sv, item.detail)
            lines.append(_csv_line(cells))
        for clash in report.clashes:
            for other in clash.others:
                text, why = str(other.value), "ett annat värde för samma tid räknas"
                lines.append(_csv_line((str(report.path), str(other.line), other.column, text, why, _which_counts(clash))))
    return lines


def _csv_line(cells: Sequence[str]) -> str:
    return ";".join('"' + cell.replace('"', '""') + '"' for cell in cells) + "\n"


def _pairs(texts: Sequence[str], option: str) -> dict[str, str]:
    pairs = {}
    for text in texts:
        left, sign, right = text.partition("=")
        if not sign or not left or not right:
            raise ConfigurationError(
                f"{option} {text!r}: write it as left=right", f"{option} {text!r}: skriv det som vänster=höger"
            )
        pairs[left] = right
    return pairs


def _progress() -> Progress:
    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn(),
        console=console, disable=not console.is_terminal, transient=True,
    )  # fmt: skip
