"""Up to where, or by what, something was done: what a job compares with to see that it is behind."""

from services.state.database import Database


class WatermarksTable:
    """(kind, subject) → a text that the kind gives its meaning."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, kind: str) -> dict[str, str]:
        """Subject → mark."""
        return dict(self._database.rows("SELECT subject, mark FROM watermarks WHERE kind = ?", (kind,)))

    def set(self, kind: str, subject: str, mark: str) -> None:
        """The subject's mark is this one now."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO watermarks VALUES (?, ?, ?) ON CONFLICT (kind, subject) DO UPDATE SET mark = excluded.mark",
                (kind, subject, mark),
            )

    def forget(self, kind: str, subject: str) -> None:
        """There is no mark of the subject any more, if there was one."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM watermarks WHERE kind = ? AND subject = ?", (kind, subject))
