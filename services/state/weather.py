"""What is known of the weather besides its values: when it was looked for, what was odd, and degree days that were bought.

Bought degree days lie here and not with the weather, because they may not be passed on: nothing that publishes reads this table.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from config.domain.weather import LicensedDegreeDays, WeatherFinding, WeatherFindingCode, WeatherQuantity
from services.state.database import Database, from_micros, to_micros


@dataclass(frozen=True, slots=True)
class SeenFinding:
    """A finding and since when it has been so."""

    finding: WeatherFinding
    since: datetime


class WeatherTable:
    """Looks, findings and licensed degree days."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def looked(self) -> dict[WeatherQuantity, datetime]:
        """Quantity → when all its stations were last asked."""
        rows = self._database.rows("SELECT quantity, at FROM weather_looks")
        return {WeatherQuantity(quantity): from_micros(at) for quantity, at in rows}

    def set_looked(self, quantity: WeatherQuantity, at: datetime) -> None:
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO weather_looks VALUES (?, ?) ON CONFLICT (quantity) DO UPDATE SET at = excluded.at",
                (quantity.value, to_micros(at)),
            )

    def replace_findings(self, quantity: WeatherQuantity, station: str, findings: Sequence[WeatherFinding], at: datetime) -> None:
        """The station's findings are now these; one that was there keeps its `since`."""
        with self._database.transaction() as connection:
            known = dict(
                connection.execute(
                    "SELECT code, since FROM weather_findings WHERE quantity = ? AND station = ?", (quantity.value, station)
                ).fetchall()
            )
            connection.execute("DELETE FROM weather_findings WHERE quantity = ? AND station = ?", (quantity.value, station))
            connection.executemany(
                "INSERT OR REPLACE INTO weather_findings VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (
                        quantity.value,
                        station,
                        item.code.value,
                        known.get(item.code.value, to_micros(at)),
                        item.sentence_sv,
                        item.sentence_en,
                    )
                    for item in findings
                ],
            )

    def findings(self) -> list[SeenFinding]:
        """All of them, by quantity and station."""
        rows = self._database.rows(
            "SELECT code, quantity, station, sentence_sv, sentence_en, since FROM weather_findings "
            "ORDER BY quantity, station, code"
        )
        return [
            SeenFinding(WeatherFinding(WeatherFindingCode(row[0]), WeatherQuantity(row[1]), *row[2:5]), from_micros(row[5]))
            for row in rows
        ]

    def keep_licensed(self, months: Sequence[LicensedDegreeDays], at: datetime) -> None:
        """A month that is given again replaces the earlier one of the same product, place, base and normal period."""
        with self._database.transaction() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO licensed_degree_days VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        item.product,
                        item.place,
                        item.base_temperature_c,
                        item.normal_period,
                        item.month.isoformat(),
                        item.degree_days,
                        item.normal,
                        to_micros(at),
                    )
                    for item in months
                ],
            )

    def licensed(self) -> list[LicensedDegreeDays]:
        """All of them, by product, place, base, normal period and month."""
        rows = self._database.rows(
            "SELECT product, place, month, degree_days, normal, base_temperature_c, normal_period FROM licensed_degree_days "
            "ORDER BY product, place, base_temperature_c, normal_period, month"
        )
        return [LicensedDegreeDays(row[0], row[1], date.fromisoformat(row[2]), *row[3:]) for row in rows]
