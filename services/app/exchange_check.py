"""Whether levels that a person gives contradict what was read around an exchange: the store is asked."""

from config.domain.estate import Portfolio
from config.errors import ChangeRefused
from services.jobs.readings import PointReadings, StoredReadings
from services.state.exchange_keeping import LevelCheck
from services.state.exchange_levels import AROUND, Contradiction, contradiction
from services.state.exchanges import LedgerEntry
from services.store.timeseries import TimeSeriesStore


def level_check(portfolio: Portfolio, store: TimeSeriesStore) -> LevelCheck:
    """The check over one store."""

    def check(entry: LedgerEntry, old_register: float | None, new_register: float | None) -> Contradiction | None:
        point = portfolio.points.get(entry.point)
        if point is None:
            raise ChangeRefused(
                f"{entry.point}: the portfolio has no such point (any more); confirm without levels, or enter it",
                f"{entry.point}: mätpunkten finns inte (längre) i portföljen; bekräfta utan mätarställningar, eller lägg in den",
            )
        registers, _ = PointReadings(StoredReadings(store), point, portfolio.installations_of[point.id]).between(
            entry.at - AROUND, entry.at + AROUND
        )
        return contradiction(point, registers.select("time", "value"), entry.at, old_register, new_register)

    return check
