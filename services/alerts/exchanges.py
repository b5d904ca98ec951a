"""Suspected exchanges that wait for a person: until then the hours between are calculated."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from config.domain.alerts import AlertKind
from config.domain.estate import Portfolio
from services.alerts.condition import Condition, Over, place
from services.state.exchanges import ExchangeLedger, LedgerStatus

SETTLES = timedelta(hours=1)  # a late reading often explains a suspicion away within the hour
DECIDED = {LedgerStatus.CONFIRMED: ("Bekräftat", "Confirmed"), LedgerStatus.REJECTED: ("Avvisat", "Rejected")}


class Exchanges:
    """Fills `Source`."""

    name = "exchanges"

    def __init__(self, portfolio: Portfolio, ledger: ExchangeLedger) -> None:
        self._portfolio = portfolio
        self._ledger = ledger

    def holding(self, now: datetime) -> Sequence[Condition]:  # noqa: ARG002 - the ledger says what is open
        """Open entries of points that the portfolio knows."""
        return [
            Condition(
                key=f"exchange:{entry.id}",
                kind=AlertKind.EXCHANGE,
                title_sv=f"Misstänkt mätarbyte: {self._portfolio.points[entry.point].name}",
                title_en=f"Suspected exchange: {self._portfolio.points[entry.point].name}",
                sentence_sv=entry.sentence_sv,
                sentence_en=entry.sentence_en,
                action_sv="Bekräfta med mätarställningarna från protokollet, eller avvisa.",
                action_en="Confirm it with the register readings of the protocol, or reject it.",
                link=f"/matarbyte/{entry.id}",
                lasting=SETTLES,
                place=place(self._portfolio, self._portfolio.points[entry.point].building),
            )
            for entry in self._ledger.rows()
            if entry.point in self._portfolio.points
        ]

    def over(self, key: str, now: datetime) -> Over | None:  # noqa: ARG002 - the ledger says what was decided
        """What was decided, and by whom."""
        entry = self._ledger.entry(int(key.split(":")[1]))
        if entry.status not in DECIDED:
            return Over("Senare avläsningar har förklarat det.", "Later readings have explained it.")
        swedish, english = DECIDED[entry.status]
        return Over(f"{swedish} av {entry.decided_by}.", f"{english} by {entry.decided_by}.")
