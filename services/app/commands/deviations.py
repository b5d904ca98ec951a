"""`deviations`: what deviates, ranked by kronor, and the thread from alarm to verified saving."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated

import orjson
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from config.domain.clock import SystemClock
from config.domain.deviations import KIND_WORDS, METERING, STATE_WORDS, EventKind, Saving, Thread, ThreadState
from config.domain.indicators import Missing
from config.domain.periods import local_date
from config.errors import ConfigurationError

if TYPE_CHECKING:
    from config.loading import Municipality
    from services.state.deviation_keeping import DeviationKeeping, Doer
    from services.state.state import State

NBSP = "\N{NO-BREAK SPACE}"
Number = Annotated[int, typer.Argument(help="Numret i listan.")]
By = Annotated[str, typer.Option("--by", help="Vem som gör det.")]
Day = Annotated[str, typer.Option("--day", help="Dag, som 2026-11-24.")]
EVENT_SV = {
    EventKind.FOUND: "upptäckt",
    EventKind.OPENED: "meddelad",
    EventKind.ACKNOWLEDGED: "kvitterad",
    EventKind.MUTED: "tystad till",
    EventKind.ACTION: "åtgärd",
    EventKind.VERIFICATION: "uppföljning",
    EventKind.REBOUND: "återkommen",
    EventKind.CLOSED: "stängd",
}


def add_to(app: typer.Typer) -> None:
    deviations = typer.Typer(
        no_args_is_help=True, help="Avvikelser: vad som avviker, vad det kostar, vad som gjordes. (Deviations.)"
    )
    deviations.command("list")(list_deviations)
    deviations.command("show")(show_deviation)
    deviations.command("acknowledge")(acknowledge_deviation)
    deviations.command("mute")(mute_deviation)
    deviations.command("act")(act_on_deviation)
    deviations.command("verify")(verify_deviation)
    deviations.command("close")(close_deviation)
    app.add_typer(deviations, name="deviations")


@contextmanager
def _opened() -> Iterator[tuple["Municipality", "State"]]:
    from services.app import wiring  # the stores' libraries take half a second

    chosen = wiring.settings()
    town = wiring.municipality(chosen)
    state = wiring.open_state(chosen)
    try:
        yield town, state
    finally:
        state.close()


def list_deviations(
    building: Annotated[str | None, typer.Option(help="Bara denna byggnad.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Också väntande, tystade och stängda.")] = False,
) -> None:
    """Visa avvikelserna, den dyraste först. (List the deviations, the costliest first.)"""
    from services.analysis.attention import worth

    with _opened() as (town, state):
        today = local_date(SystemClock().now(), town.timezone)
        threads = state.deviation_threads.threads(tuple(ThreadState), building)
        shown = [item for item in threads if everything or _is_listed(item, today)]
        table = Table("nr", "byggnad", "vad", "sedan", "kr", "kWh", "kg CO2e", "läge")
        for item in sorted(shown, key=lambda each: (-worth(each.deviation), each.id)):
            found = item.deviation
            name = town.portfolio.buildings[found.building].name if found.building in town.portfolio.buildings else found.building
            kind = KIND_WORDS[found.kind].name_sv
            table.add_row(
                str(item.id),
                escape(name),
                f"{kind} *" if found.kind in METERING else kind,
                str(found.first_day),
                *(_amount(value) for value in (found.sek, found.kwh, found.kg)),
                _state(item, today),
            )
    Console().print(table)
    waiting = sum(item.state is ThreadState.WAITING for item in threads)
    muted = sum(item.muted(today) and item.state is not ThreadState.CLOSED for item in threads)
    typer.echo(f"{len(shown)} visas; {waiting} väntar på sin vecka, {muted} är tystade (--all visar dem).")
    if any(item.deviation.kind in METERING for item in shown):
        typer.echo("* mätfel: beloppet är användning som inte mäts eller som mätarna är oense om, inte slöseri.")


def show_deviation(number: Number) -> None:
    """Visa en avvikelse med allt som hänt. (Show one with its thread.)"""
    with _opened() as (town, state):
        item = _thread(town, state, number)
        today = local_date(SystemClock().now(), town.timezone)
        found, words = item.deviation, KIND_WORDS[item.deviation.kind]
        typer.echo(found.sentence_sv)
        typer.echo(f"att göra: {found.action_sv}")
        for name, value in (("kr", found.sek), (f"kWh {words.kwh_sv}", found.kwh), ("kg CO2e", found.kg)):
            typer.echo(f"{name}: {_amount(value)}" + (f" ({value.reason_sv})" if isinstance(value, Missing) else ""))
        typer.echo(f"läge: {_state(item, today)}")
        if item.saving is not None:
            typer.echo(f"verifierad besparing: {_saving_sv(item.saving)}")
        typer.echo(f"underlag: {orjson.dumps(dict(found.evidence), option=orjson.OPT_SORT_KEYS).decode()}")
        for event in state.deviation_threads.events(number):
            day = f" {event.day}" if event.day else ""
            text = f": {event.text}" if event.text else ""
            typer.echo(f"{event.at:%Y-%m-%d %H:%M} {EVENT_SV[event.kind]}{day} ({event.who}){text}")


def acknowledge_deviation(number: Number, by: By, note: Annotated[str, typer.Option(help="Vad du tänker göra.")] = "") -> None:
    """Kvittera: någon tar hand om den. (Acknowledge: somebody takes it on.)"""
    with _keeping() as keeping:
        keeping.acknowledge(number, _doer(by), note)
    typer.echo(f"{number} är kvitterad av {by}.")


def mute_deviation(
    number: Number,
    by: By,
    reason: Annotated[str, typer.Option(help="Varför den inte ska synas.")],
    until: Annotated[str, typer.Option(help="Dag då den syns igen, som 2027-01-01.")],
) -> None:
    """Tysta till en dag, av ett skäl. (Mute until a day, for a reason.)"""
    day = _day(until, "--until")
    with _keeping() as keeping:
        keeping.mute(number, _doer(by), reason, day)
    typer.echo(f"{number} är tystad till {day}.")


def act_on_deviation(number: Number, by: By, text: Annotated[str, typer.Option(help="Vad som gjordes.")], day: Day) -> None:
    """Anteckna en åtgärd med dag. (Record an action with its day.)"""
    taken = _day(day, "--day")
    with _keeping() as keeping:
        keeping.act(number, _doer(by), text, taken)
    typer.echo(f"{number}: åtgärden {taken} är antecknad. `energimonitor deviations verify {number}` visar vad den gav.")


def verify_deviation(
    number: Number,
    kwh: Annotated[float | None, typer.Option(help="Besparing enligt egen uppföljning, kWh.")] = None,
    low: Annotated[float | None, typer.Option(help="Nedre gräns för den, 90 %.")] = None,
    high: Annotated[float | None, typer.Option(help="Övre gräns för den, 90 %.")] = None,
    model: Annotated[str, typer.Option(help="Hur den egna uppföljningen gjordes.")] = "",
) -> None:
    """Följ upp åtgärden: modellens besparing, eller din egen. (Verify by the model, or by your own follow-up.)"""
    with _opened() as (town, state):
        item = _thread(town, state, number)
        if item.action_day is None:
            raise ConfigurationError(
                f"deviation {number} has no action on record; `energimonitor deviations act {number}` records one",
                f"avvikelse {number} har ingen antecknad åtgärd; `energimonitor deviations act {number}` antecknar en",
            )
        today = local_date(SystemClock().now(), town.timezone)
        found = _own(kwh, low, high, model, item.action_day, today) or _by_model(town, item, item.action_day, today)
        text = f"{found.reason_sv}" if isinstance(found, Missing) else _saving_sv(found)
        after = state.deviation_threads.verify(number, SystemClock().now(), found, text)
        typer.echo(text)
        typer.echo(f"{number}: {STATE_WORDS[after.state][0]}")


def close_deviation(number: Number, by: By, reason: Annotated[str, typer.Option(help="Varför den är klar.")]) -> None:
    """Stäng, av ett skäl. (Close, for a reason.)"""
    with _keeping() as keeping:
        keeping.close(number, _doer(by), reason)
    typer.echo(f"{number} är stängd.")


@contextmanager
def _keeping() -> Iterator["DeviationKeeping"]:
    from services.state.deviation_keeping import DeviationKeeping

    with _opened() as (town, state):
        yield DeviationKeeping(state, SystemClock(), town.timezone)


def _doer(by: str) -> "Doer":
    from services.state.deviation_keeping import PROMPT, Doer

    return Doer(by, PROMPT)


def _own(kwh: float | None, low: float | None, high: float | None, model: str, action: date, today: date) -> Saving | None:
    if kwh is None and low is None and high is None:
        return None
    if kwh is None or low is None or high is None or not model:
        raise ConfigurationError(
            "an own follow-up needs all of --kwh, --low, --high and --model",
            "en egen uppföljning behöver alla av --kwh, --low, --high och --model",
        )
    if not low <= kwh <= high:
        raise ConfigurationError(
            f"--low {low:g}, --kwh {kwh:g}, --high {high:g}: the saving must lie inside its interval",
            f"--low {low:g}, --kwh {kwh:g}, --high {high:g}: besparingen måste ligga inom sitt intervall",
        )
    return Saving(kwh, low, high, action, today, model)


def _by_model(town: "Municipality", item: Thread, action: date, today: date) -> Saving | Missing:
    """Up to yesterday: today is not over. Where the model cannot tell, what else a person may do is said."""
    from services.app import wiring

    store = wiring.open_store(wiring.settings())
    try:
        model = wiring.savings(town, store)
        found = model.saving(item.deviation.building, item.deviation.carrier, action, action, today - timedelta(days=1))
    finally:
        store.close()
    if isinstance(found, Saving):
        return found
    return Missing(
        f"{found.reason_sv} Egen uppföljning ges med --kwh, --low, --high och --model.",
        f"{found.reason_en} Give your own follow-up with --kwh, --low, --high and --model.",
    )


def _is_listed(item: Thread, today: date) -> bool:
    return item.state not in (ThreadState.WAITING, ThreadState.CLOSED) and not item.muted(today)


def _state(item: Thread, today: date) -> str:
    words = STATE_WORDS[item.state][0]
    if item.muted(today):
        return f"{words}, tystad till {item.muted_until}: {escape(item.mute_reason)}"
    return words if item.deviation.going_on or item.state is ThreadState.CLOSED else f"{words}, har upphört"


def _thread(town: "Municipality", state: "State", number: int) -> Thread:
    from services.state.deviation_keeping import DeviationKeeping

    return DeviationKeeping(state, SystemClock(), town.timezone).thread(number)


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ConfigurationError(
            f"{option} {text}: write a day as 2026-11-24", f"{option} {text}: skriv en dag som 2026-11-24"
        ) from error


def _amount(value: float | Missing) -> str:
    """As Swedes write it, whole from a hundred on."""
    if isinstance(value, Missing):
        return "saknas"
    text = f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.1f}"
    return text.replace(",", NBSP).replace(".", ",").replace("-", "−")


def _saving_sv(saving: Saving) -> str:
    shown = "" if saving.shown else "; intervallet når ned till noll, så besparingen är inte visad"
    return (
        f"{_amount(saving.kwh)} kWh sparat {saving.first_day} till {saving.last_day} "
        f"(90 %: {_amount(saving.low)} till {_amount(saving.high)}; {saving.model}){shown}"
    )
