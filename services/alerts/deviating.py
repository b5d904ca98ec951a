"""Deviations that were opened, that came back, and savings that were verified; with what people did about them.

None is urgent: each is judged by whole days, and has lasted several, when it is found.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from config.domain.alerts import AlertKind
from config.domain.deviations import KIND_WORDS, METERING, EventKind, Thread, ThreadState
from config.domain.estate import Portfolio
from config.domain.indicators import Missing
from config.domain.periods import local_date
from services.alerts.condition import Condition, Over, place
from services.state.database import to_micros
from services.state.deviations import DeviationThreadsTable

TOLD_OF = (ThreadState.OPENED, ThreadState.ACKNOWLEDGED)
NEWS = timedelta(days=7)  # an older verification is no news, whenever alerts are switched on


class Deviations:
    """Fills `Source`."""

    name = "deviations"

    def __init__(self, portfolio: Portfolio, threads: DeviationThreadsTable) -> None:
        self._portfolio = portfolio
        self._threads = threads

    def holding(self, now: datetime) -> Sequence[Condition]:
        """Threads that are told and go on, and the savings of the last days."""
        today = local_date(now, self._portfolio.timezone)
        open_ones = (
            self._condition(thread)
            for thread in self._threads.threads(TOLD_OF)
            if thread.deviation.going_on and not thread.muted(today)
        )
        return [*open_ones, *self._savings(now)]

    def over(self, key: str, now: datetime) -> Over | None:
        """By the thread as it is now; a saving says itself that the deviation is over."""
        _, number, opened = key.split(":")
        thread = self._threads.thread(int(number))
        if thread is None or _opened(thread) != opened or thread.state is ThreadState.VERIFIED:
            return None
        if thread.muted(local_date(now, self._portfolio.timezone)):
            day, why = thread.muted_until, thread.mute_reason
            return Over(f"Tystad till {day}: {why}", f"Muted until {day}: {why}")
        done = {ThreadState.ACTING: EventKind.ACTION, ThreadState.CLOSED: EventKind.CLOSED}.get(thread.state)
        if done is None:
            day = thread.deviation.last_day
            return Over(f"Sista dagen var {day}.", f"The last day was {day}.")
        event = [each for each in self._threads.events(thread.id) if each.kind is done][-1]
        words = {EventKind.ACTION: ("Åtgärdad", "Acted on"), EventKind.CLOSED: ("Stängd", "Closed")}[done]
        return Over(f"{words[0]} av {event.who}: {event.text}", f"{words[1]} by {event.who}: {event.text}")

    def _condition(self, thread: Thread) -> Condition:
        found, words = thread.deviation, KIND_WORDS[thread.deviation.kind]
        events = self._threads.events(thread.id)
        back = any(each.kind is EventKind.REBOUND and each.at == thread.opened for each in events)
        kind = AlertKind.METERING if found.kind in METERING else AlertKind.REBOUND if back else AlertKind.DEVIATION
        taken_on = [each.who for each in events if each.kind is EventKind.ACKNOWLEDGED]
        return Condition(
            key=f"deviation:{thread.id}:{_opened(thread)}",
            kind=kind,
            title_sv=words.name_sv,
            title_en=words.name_en,
            sentence_sv=found.sentence_sv,
            sentence_en=found.sentence_en,
            action_sv=found.action_sv,
            action_en=found.action_en,
            # what a silent meter did not measure was used all the same: it is no cost
            sek=None if isinstance(found.sek, Missing) or kind is AlertKind.METERING else found.sek,
            link=f"/avvikelse/{thread.id}",
            acknowledged=taken_on[-1] if thread.state is ThreadState.ACKNOWLEDGED and taken_on else "",
            place=place(self._portfolio, found.building),
        )

    def _savings(self, now: datetime) -> Iterator[Condition]:
        for thread in self._threads.threads((ThreadState.VERIFIED,)):
            verified = [each.at for each in self._threads.events(thread.id) if each.kind is EventKind.VERIFICATION]
            if thread.saving is None or not verified or verified[-1] < now - NEWS:
                continue
            saving, words = thread.saving, KIND_WORDS[thread.deviation.kind]
            kwh, low, high = (_thousands(value) for value in (saving.kwh, saving.low, saving.high))
            yield Condition(
                key=f"saving:{thread.id}:{thread.action_day}",
                kind=AlertKind.SAVING,
                title_sv=words.name_sv,
                title_en=words.name_en,
                sentence_sv=f"Åtgärden {thread.action_day} sparade {kwh} kWh på {saving.days} dygn (90 %: {low} till {high}).",
                sentence_en=f"The action of {thread.action_day} saved {kwh} kWh in {saving.days} days (90 %: {low} to {high}).",
                link=f"/avvikelse/{thread.id}",
                momentary=True,
                place=place(self._portfolio, thread.deviation.building),
            )


def _opened(thread: Thread) -> str:
    return "" if thread.opened is None else str(to_micros(thread.opened))


def _thousands(value: float) -> str:
    return f"{value:,.0f}".replace(",", "\N{NO-BREAK SPACE}")
