"""By what entry of the portfolio each point was last settled, so that a corrected entry corrects history."""

from services.state.database import Database


class SettledAsTable:
    """Point → fingerprint of its entry and its installations."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> dict[str, str]:
        return dict(self._database.rows("SELECT point, fingerprint FROM settled_as"))

    def set(self, point: str, fingerprint: str) -> None:
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO settled_as VALUES (?, ?) ON CONFLICT (point) DO UPDATE SET fingerprint = excluded.fingerprint",
                (point, fingerprint),
            )
