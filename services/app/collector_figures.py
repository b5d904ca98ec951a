"""The collector as the jobs see it, by its sign of life and its journal: it may be another process, or another container."""

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

from collectors.journal import JournalReader, Progress
from services.app.heartbeat import told
from services.jobs.pictures.service import Seen

_NOUGHT = timedelta(0)


class CollectorFigures:
    """Fills `services.jobs.pictures.service.Collector`.

    Args:
        data_dir: where signs of life lie.
        journal: the journal's folder.
    """

    def __init__(self, data_dir: Path, journal: Path) -> None:
        self._data_dir = data_dir
        self._journal = journal

    def seen(self, now: datetime) -> Seen | None:
        """What its last sign of life says."""
        state = told(self._data_dir, "collector", now)
        if state is None:
            return None
        received, dropped, lost = (state.get(name) for name in ("received", "dropped_by_broker", "sessions_lost"))
        return Seen(
            datetime.fromisoformat(str(state["at"])),
            received if isinstance(received, int) else None,
            dropped if isinstance(dropped, int) else None,
            lost if isinstance(lost, int) else None,
        )

    def lag(self, now: datetime) -> timedelta | None:
        """By the first message behind the intake's position; not known where the journal cannot be read just now.

        Files are opened anew each time: a journal's connection belongs to a thread.
        """
        if not self._journal.is_dir():
            return None
        progress = Progress(self._journal)
        try:
            with JournalReader(self._journal) as reader:
                waiting = reader.after(progress.position(), 1)
        except sqlite3.Error:
            return None
        finally:
            progress.close()
        return max(_NOUGHT, now - waiting[0][1].received) if waiting else _NOUGHT
