"""Which files were imported when, so that importing one again stores the very same readings."""

from datetime import datetime

from services.state.database import Database, from_micros, to_micros


class ImportedFilesTable:
    """Fills the collectors' `ImportedFiles`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def received(self, fingerprint: str, now: datetime) -> datetime:
        """When the file of that fingerprint first came: `now` for one never seen."""
        with self._database.transaction() as connection:
            connection.execute("INSERT OR IGNORE INTO imported_files VALUES (?, ?)", (fingerprint, to_micros(now)))
            (micros,) = connection.execute("SELECT received FROM imported_files WHERE fingerprint = ?", (fingerprint,)).fetchone()
        return from_micros(micros)
