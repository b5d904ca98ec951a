"""The frames of a bill, and the words for what one can lack."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from config.domain.indicators import Missing

TIME = pl.Datetime("us", "UTC")
STEPS = 2.0**30  # sums are taken in whole billionths: the same bits in whatever order

# which months of which points are billed; `since`..`until` is what of the month the point was measured and that is over
ASKED: Mapping[str, Any] = {"point": pl.String, "month": pl.Date, "since": TIME, "until": TIME}

LINES: Mapping[str, Any] = {
    "point": pl.String,
    "carrier": pl.String,
    "month": pl.Date,
    "tariff": pl.String,
    "version": pl.String,  # the price list's first day
    "first_day": pl.Date,
    "last_day": pl.Date,  # inside
    "number": pl.Int32,  # of the component in its price list
    "component": pl.String,
    "part": pl.String,  # energy, power or fixed
    "quantity": pl.Float64,
    "unit": pl.String,
    "price": pl.Float64,  # SEK per unit, without VAT; of a spot price the mean that was paid
    "sek": pl.Float64,  # without VAT; null where the line lacks something
    "vat": pl.Float64,  # null where no rate of VAT is given
    "uncertainty": pl.Float64,  # half width of the 90 % interval of `sek`
    "coverage": pl.Float64,  # share of the hours it is counted on that are known
    "at": TIME,  # when a peak was
    "interval": pl.String,  # what a peak is the mean power of; "" for other lines
    "lacks": pl.String,  # "", "coverage" (readings) or "input" (a price, a power, a register)
    "reason": pl.String,
    "reason_en": pl.String,
}

TOTALS: Mapping[str, Any] = {
    "point": pl.String,
    "carrier": pl.String,
    "month": pl.Date,
    "sek": pl.Float64,  # without VAT; null where a line lacks something
    "vat": pl.Float64,
    "sek_with_vat": pl.Float64,
    "energy_sek": pl.Float64,
    "power_sek": pl.Float64,
    "fixed_sek": pl.Float64,
    "known_sek": pl.Float64,  # of the lines that are known, and of each part
    "energy_known_sek": pl.Float64,
    "power_known_sek": pl.Float64,
    "fixed_known_sek": pl.Float64,
    "uncertainty": pl.Float64,
    "energy_uncertainty": pl.Float64,
    "power_uncertainty": pl.Float64,
    "fixed_uncertainty": pl.Float64,
    "coverage": pl.Float64,  # of the line that is known least
    "energy_coverage": pl.Float64,
    "power_coverage": pl.Float64,
    "fixed_coverage": pl.Float64,
    "lacks": pl.String,
    "reason": pl.String,
    "reason_en": pl.String,
    "factors": pl.String,  # JSON, price list → version
}
PARTS = ("energy", "power", "fixed")

NO_TARIFF = Missing(
    "Tariff saknas: ange tariff för mätpunkten {} under tariffs i portfolio.yaml.",
    "No tariff: enter the tariff of the point {} under tariffs in portfolio.yaml.",
)
NO_SUBSCRIPTION = Missing(
    "Abonnerad effekt saknas: ange subscribed_kw för {} i portfolio.yaml.",
    "No subscribed power: enter subscribed_kw of {} in portfolio.yaml.",
)
NO_FUSE = Missing(
    "Säkringsstorlek saknas, eller har inget pris i prislistan: ange fuse_a för {} i portfolio.yaml.",
    "No fuse size, or none that the price list has: enter fuse_a of {} in portfolio.yaml.",
)
NO_HEAT_POWER = Missing(
    "Debiteringseffekt saknas: ange heat_power_kw för {} i portfolio.yaml, som leverantören anger den.",
    "No power to charge by: enter heat_power_kw of {} in portfolio.yaml, as the supplier states it.",
)
NO_ROLLING_POWER = Missing(
    "Effekt ur rullande månader kräver mätvärden för dem alla: läs in dem, eller ange heat_power_kw för {} i portfolio.yaml.",
    "Power of rolling months needs readings of all of them: import them, or enter heat_power_kw of {} in portfolio.yaml.",
)
NO_GROUP = Missing(
    "Ingen effektgrupp i prislistan har effekten för {}: rätta grupperna i tariffs.yaml.",
    "No power group of the price list has the power of {}: correct the groups in tariffs.yaml.",
)
NO_FLOW = Missing(
    "Flödet saknas: mätaren för {} sänder inga m3; ange räkneverket med flow i portfolio.yaml.",
    "No flow: the meter of {} sends no m3; name the register with flow in portfolio.yaml.",
)
NO_REACTIVE = Missing(
    "Reaktiv energi mäts inte för {}: ange räkneverket med reactive i portfolio.yaml, eller reactive: free om uttaget ryms "
    "i den fria delen.",
    "Reactive energy of {} is not measured: name the register with reactive in portfolio.yaml, or reactive: free if it stays "
    "within the free share.",
)
NO_SPOT = Missing(
    "Spotpris saknas: sätt ENERGIMONITOR_PRICES=elprisetjustnu så att priserna hämtas.",
    "No day-ahead price: set ENERGIMONITOR_PRICES=elprisetjustnu to have the prices fetched.",
)
NO_READINGS = Missing(
    "Inga mätvärden för perioden: kontrollera att mätaren sänder, eller läs in dem från fil.",
    "No readings for the period: check that the meter sends, or import them from a file.",
)
NO_PEAK = Missing(
    "Ingen uppmätt timme i tariffens tid har en effekt: läs in timvärden.",
    "No measured hour in the tariff's time has a power: import hourly readings.",
)
NO_VAT = Missing("Momssatsen saknas: ange vat_share i tariffs.yaml.", "No rate of VAT: enter vat_share in tariffs.yaml.")


def exact_sum(column: str | pl.Expr) -> pl.Expr:
    """The sum in whole steps. Nulls are left out; of none it is 0."""
    values = pl.col(column) if isinstance(column, str) else column
    return (values * STEPS).round().cast(pl.Int64).sum().cast(pl.Float64) * (1 / STEPS)


def zone_name(zone: str) -> str:
    """The zone as the time-zone database has it: "UTC+1", the metering time, is called Etc/GMT-1 there."""
    return "Etc/GMT-1" if zone == "UTC+1" else zone


def said(missing: Missing, name: str = "point") -> tuple[pl.Expr, pl.Expr]:
    """Both reasons, with the point's name where they have a place for it."""
    return tuple(  # type: ignore[return-value]  # two reasons, two expressions
        pl.format(words, pl.col(name)) if "{}" in words else pl.lit(words) for words in (missing.reason_sv, missing.reason_en)
    )
