"""Our own service: the alarms that Grafana has too, jobs that fail or do not run, parts without a sign of life, and messages and
reports that did not arrive."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import polars as pl

from config.domain.alarm import Alarm, Judged, Silence
from config.domain.alerts import UNDELIVERED, AlertKind
from config.domain.deviations import DeviationKind, ThreadState
from config.domain.estate import Portfolio
from config.domain.series import BUILDINGS, DEVIATIONS
from services.alerts.condition import OVER, Condition, Over, place
from services.state.alerts import AlertsTable, MessageState
from services.state.deviations import DeviationThreadsTable
from services.state.report_mails import NOT_ARRIVED, ReportMailsTable
from services.state.runs import Outcome, RunsTable
from services.store.timeseries import TimeSeriesStore

CALM = timedelta(minutes=10)  # what comes and goes is one thing
FAILED_RUNS = 3
LONGEST_RUN = timedelta(hours=6)  # of a job: the first settling of years of imported readings takes hours
LONGEST_WORDS = 300
PARTS = {
    "collector": ("Insamlingen", "The collector"),
    "jobs": ("Beräkningarna", "The calculations"),
    "web": ("Tavlan", "The board"),
}


class Alarms:
    """Fills `Source` from `config.domain.alarms`.

    Those of deviations are left out: each thread is told by itself, and whether it is muted is known here. A building whose
    silent meter is a thread already is left out too.
    """

    name = "alarms"

    def __init__(
        self, alarms: Sequence[Alarm], portfolio: Portfolio, store: TimeSeriesStore, threads: DeviationThreadsTable
    ) -> None:
        self._alarms = [alarm for alarm in alarms if alarm.query.series is not DEVIATIONS]
        self._portfolio = portfolio
        self._store = store
        self._threads = threads

    def holding(self, now: datetime) -> Sequence[Condition]:
        """Every row of every alarm's answer that is past its limit."""
        return [found for alarm in self._alarms for found in self._of(alarm, now)]

    def over(self, key: str, now: datetime) -> Over | None:  # noqa: ARG002 - they are all over in the same way
        return OVER

    def _of(self, alarm: Alarm, now: datetime) -> Iterator[Condition]:
        answer = self._store.read(replace(alarm.query, start=now - alarm.within, end=now))
        general = Condition(
            key=f"alarm:{alarm.id}",
            kind=AlertKind.SERVICE,
            title_sv=alarm.title_sv,
            title_en=alarm.title_en,
            sentence_sv=alarm.sentence_sv,
            sentence_en=alarm.sentence_en,
            urgent=alarm.urgent,
            lasting=alarm.lasting,
            calm=CALM,
        )
        if answer.is_empty():
            if alarm.silence is Silence.ALARM:
                yield general
            return
        told = self._told_by_threads() if alarm.query.series is BUILDINGS else frozenset()
        by = list(alarm.query.by)
        for group in answer.partition_by(by) if by else [answer]:
            if not past(alarm, judged(alarm, group)):
                continue
            if "building" not in by:
                yield general
                continue
            building = str(group["building"][0])
            if building not in told:
                key, link, where = f"{general.key}:{building}", f"/byggnad/{building}", place(self._portfolio, building)
                yield replace(general, key=key, kind=AlertKind.METERING, link=link, place=where)

    def _told_by_threads(self) -> frozenset[str]:
        states = tuple(state for state in ThreadState if state not in (ThreadState.WAITING, ThreadState.CLOSED))
        threads = self._threads.threads(states)
        return frozenset(each.deviation.building for each in threads if each.deviation.kind is DeviationKind.SILENT_METER)


def judged(alarm: Alarm, group: pl.DataFrame) -> float:
    """The group's number. A counter that falls has begun anew: what it counted before is no rise."""
    values = group.sort("time")["value"] if "time" in group.columns else group["value"]
    if alarm.judged is Judged.RISE:
        return float(values.diff().clip(lower_bound=0).sum())
    return float(values[-1])


def past(alarm: Alarm, value: float) -> bool:
    """Whether it is on the wrong side of the limit."""
    return (alarm.above is not None and value > alarm.above) or (alarm.below is not None and value < alarm.below)


class Jobs:
    """Fills `Source`: jobs whose last runs all failed, and jobs that have not looked when they should have.

    Args:
        paces: job → the longest time between two of its looks, by the timetable.
    """

    name = "jobs"

    def __init__(self, runs: RunsTable, paces: Mapping[str, timedelta]) -> None:
        self._runs = runs
        self._paces = paces

    def holding(self, now: datetime) -> Sequence[Condition]:
        return [*self._failing(), *self._late(now)]

    def over(self, key: str, now: datetime) -> Over | None:  # noqa: ARG002 - they are all over in the same way
        return Over("Det går igen.", "It runs again.")

    def _failing(self) -> Iterator[Condition]:
        for job in self._paces:
            runs = [run for run in self._runs.whole(job, FAILED_RUNS + 1) if run.ended is not None][:FAILED_RUNS]
            if len(runs) == FAILED_RUNS and all(run.outcome is Outcome.FAILED for run in runs):
                words = next((run.error for run in self._runs.latest(job, 20) if run.task), runs[0].error)[-LONGEST_WORDS:]
                yield Condition(
                    key=f"job-fails:{job}",
                    kind=AlertKind.SERVICE,
                    title_sv=f"Jobbet {job} misslyckas",
                    title_en=f"The job {job} fails",
                    sentence_sv=f"De {FAILED_RUNS} senaste körningarna misslyckades. Senast: {words}",
                    sentence_en=f"The last {FAILED_RUNS} runs failed. Most recently: {words}",
                )

    def _late(self, now: datetime) -> Iterator[Condition]:
        for tick in self._runs.ticks():
            pace = self._paces.get(tick.job)
            if pace is None or now - tick.at <= max(3 * pace, CALM):
                continue
            running = any(run.outcome is Outcome.RUNNING for run in self._runs.whole(tick.job, 1))
            if running and now - tick.at <= LONGEST_RUN:
                continue
            hours = (now - tick.at).total_seconds() / 3600
            yield Condition(
                key=f"job-late:{tick.job}",
                kind=AlertKind.SERVICE,
                title_sv=f"Jobbet {tick.job} går inte",
                title_en=f"The job {tick.job} does not run",
                sentence_sv=f"Det har inte gått på {hours:.1f} timmar.".replace(".", ",", 1),
                sentence_en=f"It has not run for {hours:.1f} hours.",
                action_sv="Starta om tjänsten, och se loggen.",
                action_en="Restart the service, and look at the log.",
            )


class Signs:
    """Fills `Source`: parts of the service that give no sign of life, or say that something ails them.

    Args:
        ailing: part → what ails it, in Swedish and English; filled by services.app.
    """

    name = "signs"

    def __init__(self, ailing: Callable[[datetime], Mapping[str, tuple[str, str]]]) -> None:
        self._ailing = ailing

    def holding(self, now: datetime) -> Sequence[Condition]:
        return [
            Condition(
                key=f"sign:{part}",
                kind=AlertKind.SERVICE,
                title_sv=f"{PARTS[part][0]} går inte som den ska",
                title_en=f"{PARTS[part][1]} does not run as it should",
                sentence_sv=swedish[:LONGEST_WORDS],
                sentence_en=english[:LONGEST_WORDS],
                action_sv="Se loggen, och starta om den; `energimonitor health` säger hur den mår.",
                action_en="Look at the log, and restart it; `energimonitor health` tells how it is.",
                urgent=part == "collector",
                lasting=timedelta(minutes=2),
                calm=CALM,
            )
            for part, (swedish, english) in self._ailing(now).items()
        ]

    def over(self, key: str, now: datetime) -> Over | None:  # noqa: ARG002 - they are all over in the same way
        return Over("Det går igen.", "It runs again.")


class Undelivered:
    """Fills `Source`: what could not be told to somebody is told to somebody else."""

    name = UNDELIVERED

    def __init__(self, alerts: AlertsTable) -> None:
        self._alerts = alerts

    def holding(self, now: datetime) -> Sequence[Condition]:  # noqa: ARG002 - the ledger says what failed
        failed: dict[str, list[str]] = {}
        for message in self._alerts.messages(MessageState.FAILED, 1_000):
            failed.setdefault(message.receiver, []).append(message.error)
        return [
            Condition(
                key=f"undelivered:{receiver}",
                kind=AlertKind.SERVICE,
                title_sv=f"Larm når inte {receiver}",
                title_en=f"Alerts do not reach {receiver}",
                sentence_sv=f"{_messages_sv(len(errors))} kunde inte lämnas. Senast: {errors[0]}"[:LONGEST_WORDS],
                sentence_en=f"{_messages_en(len(errors))} could not be delivered. Most recently: {errors[0]}"[:LONGEST_WORDS],
                action_sv="Rätta adressen och kör `energimonitor alerts retry`.",
                action_en="Mend the address and run `energimonitor alerts retry`.",
            )
            for receiver, errors in sorted(failed.items())
        ]

    def over(self, key: str, now: datetime) -> Over | None:  # noqa: ARG002 - they are all over in the same way
        return OVER


class UndeliveredReports:
    """Fills `Source`: reports that were refused, came back, or may not have arrived; somebody must say what is to be done."""

    name = "reports"

    def __init__(self, mails: ReportMailsTable) -> None:
        self._mails = mails

    def holding(self, now: datetime) -> Sequence[Condition]:  # noqa: ARG002 - the ledger says what did not arrive
        failed = Counter(mail.number for mail in self._mails.mails(NOT_ARRIVED, 1_000))
        return [
            Condition(
                key=f"report:{number}",
                kind=AlertKind.SERVICE,
                title_sv=f"Rapporten {number} har inte nått alla",
                title_en=f"Report {number} has not reached everybody",
                # what the servers said stands on the report's page: it names people's addresses
                sentence_sv=f"{_messages_sv(count)} kom inte fram, eller kanske inte.",
                sentence_en=f"{_messages_en(count)} did not arrive, or may not have.",
                action_sv="Se på rapportens sida varför; fråga mottagaren, och sänd igen eller säg att det kom fram.",
                action_en="See why on the report's page; ask the recipient, and send it again or say that it arrived.",
                link=f"/rapporter/{number}",
            )
            for number, count in sorted(failed.items())
        ]

    def over(self, key: str, now: datetime) -> Over | None:  # noqa: ARG002 - they are all over in the same way
        return OVER


def _messages_sv(count: int) -> str:
    return "Ett meddelande" if count == 1 else f"{count} meddelanden"


def _messages_en(count: int) -> str:
    return "A message" if count == 1 else f"{count} messages"
