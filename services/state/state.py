"""All of the state's tables over one file."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from services.state.alerts import AlertsTable
from services.state.audit import AuditTable
from services.state.database import Database
from services.state.dead_letters import DeadLettersTable
from services.state.deviations import DeviationDaysTable, DeviationThreadsTable
from services.state.dirty import DirtyDaysTable, DirtyGroupsTable, DirtyHoursTable
from services.state.exchanges import ExchangeLedger
from services.state.figure_history import FigureChangesTable, FigureHistoryTable
from services.state.findings import FindingsTable
from services.state.goal_values import GoalValuesTable
from services.state.imported_files import ImportedFilesTable
from services.state.message_counts import MessageCountsTable
from services.state.published_reports import PublishedReportsTable
from services.state.report_mails import ReportMailsTable
from services.state.report_plans import ReportPlansTable
from services.state.restatements import RestatementsTable
from services.state.runs import RunsTable
from services.state.sessions import SessionsTable, SignInAttemptsTable
from services.state.spots import SpotsTable
from services.state.unknown_devices import UnknownDevicesTable
from services.state.watermarks import WatermarksTable
from services.state.weather import WeatherTable


@dataclass(frozen=True, slots=True)
class State:
    """What is not a time series. Threads may share it; processes open the same file."""

    database: Database
    dirty_hours: DirtyHoursTable
    dirty_days: DirtyDaysTable
    dirty_groups: DirtyGroupsTable
    restatements: RestatementsTable
    figure_history: FigureHistoryTable
    figure_changes: FigureChangesTable
    dead_letters: DeadLettersTable
    unknown_devices: UnknownDevicesTable
    runs: RunsTable
    spots: SpotsTable
    findings: FindingsTable
    message_counts: MessageCountsTable
    imported_files: ImportedFilesTable
    watermarks: WatermarksTable
    weather: WeatherTable
    exchanges: ExchangeLedger
    goal_values: GoalValuesTable
    deviation_threads: DeviationThreadsTable
    deviation_days: DeviationDaysTable
    sessions: SessionsTable
    sign_in_attempts: SignInAttemptsTable
    audit: AuditTable
    alerts: AlertsTable
    published_reports: PublishedReportsTable
    report_mails: ReportMailsTable
    report_plans: ReportPlansTable

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the file, or make it, and bring it to the newest schema. Raises StoreRefused."""
        database = Database(path)
        dirty_hours, dirty_days, dirty_groups = DirtyHoursTable(database), DirtyDaysTable(database), DirtyGroupsTable(database)
        return cls(
            database=database,
            dirty_hours=dirty_hours,
            dirty_days=dirty_days,
            dirty_groups=dirty_groups,
            restatements=RestatementsTable(database, dirty_days, dirty_groups),
            figure_history=FigureHistoryTable(database),
            figure_changes=FigureChangesTable(database),
            dead_letters=DeadLettersTable(database),
            unknown_devices=UnknownDevicesTable(database),
            runs=RunsTable(database),
            spots=SpotsTable(database),
            findings=FindingsTable(database),
            message_counts=MessageCountsTable(database),
            imported_files=ImportedFilesTable(database),
            watermarks=WatermarksTable(database),
            weather=WeatherTable(database),
            exchanges=ExchangeLedger(database, dirty_hours),
            goal_values=GoalValuesTable(database),
            deviation_threads=DeviationThreadsTable(database),
            deviation_days=DeviationDaysTable(database),
            sessions=SessionsTable(database),
            sign_in_attempts=SignInAttemptsTable(database),
            audit=AuditTable(database),
            alerts=AlertsTable(database),
            published_reports=PublishedReportsTable(database),
            report_mails=ReportMailsTable(database),
            report_plans=ReportPlansTable(database),
        )

    def close(self) -> None:
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
