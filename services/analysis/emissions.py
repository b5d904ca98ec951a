"""What a kilowatt-hour emits under its supply: by location, by market, and what it would avoid.

The two columns of GHG Protocol, Scope 2, are looked up apart and never stand in for one another:

- location: the mix of the zone; district heating by network and year;
- market: electricity by evidence (guarantees cancelled for the very year), then the supplier's own mix, then the residual mix,
  and never the location's mix. Heat and fuels have no such market: their local factor serves both columns.

Units are not mixed silently: grams of CO2 and of CO2e stand in columns of their own. Own solar electricity that is used on the
spot emits nothing in Scope 2; what is sent out is taken off nowhere, and what it may have avoided elsewhere is a memo.

Source: GHG Protocol Scope 2 Guidance, chapter 7; domain facts 4.1-4.3.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from config.domain.estate import Carrier
from config.domain.factors import Factor, Factors, Perspective
from config.domain.indicators import Missing
from services.analysis.supply import Supply, in_year, no_network, table

CO2, CO2E = "g CO2/kWh", "g CO2e/kWh"


@dataclass(frozen=True, slots=True)
class EmissionRate:
    """What a kilowatt-hour emits, as far as it is known. [g/kWh of all the energy of the supply]

    Attributes:
        co2, co2e: of the part whose factor is in CO2, and in CO2e; both are sums, so that the whole is co2 + co2e.
        known: share of the energy whose factor is known. [0..1]
        biogenic: CO2 from burnt biomass, stated apart; None where no factor says it.
        missing: what lacks of the rest; None where all is known.
        factors: id → version of what was used.
    """

    co2: float = 0.0
    co2e: float = 0.0
    known: float = 0.0
    biogenic: float | None = None
    missing: Missing | None = None
    factors: Mapping[str, str] = field(default_factory=dict)


def location_rate(factors: Factors, supply: Supply) -> EmissionRate:
    """By location. A factor in CO2 alone is refused: the column is CO2e, and part of it would be left out unseen."""
    return _in_co2e(
        no_network(supply) or factors.factor(supply.carrier, supply.year, Perspective.LOCATION, supply.network), supply.year
    )


def market_rate(factors: Factors, supply: Supply) -> EmissionRate:
    """By market: cancelled guarantees for their share, the supplier's own mix or the residual mix for the rest."""
    if supply.carrier is not Carrier.ELECTRICITY:
        return _local_in_market(factors, supply)
    contract = factors.contracts.get(supply.contract)
    evidence = contract.evidence(supply.year) if contract else None
    said = {contract.id: contract.version(supply.year)} if contract else {}
    share = evidence.share if evidence else 0.0
    guaranteed = {CO2: 0.0, CO2E: 0.0}
    if evidence:
        guaranteed[evidence.unit] += share * evidence.value
    if share >= 1.0:
        return EmissionRate(guaranteed[CO2], guaranteed[CO2E], 1.0, None, None, said)
    rest = factors.factor(Carrier.ELECTRICITY, supply.year, Perspective.MARKET, contract.supplier if contract else "")
    if isinstance(rest, Missing):
        return EmissionRate(guaranteed[CO2], guaranteed[CO2E], share, None, in_year(rest, supply.year), said)
    of_rest = _of(rest)
    return EmissionRate(
        guaranteed[CO2] + (1 - share) * of_rest.co2,
        guaranteed[CO2E] + (1 - share) * of_rest.co2e,
        1.0,
        None if of_rest.biogenic is None else (1 - share) * of_rest.biogenic,
        None,
        {**said, **of_rest.factors},
    )


def avoided_rate(factors: Factors, year: int) -> EmissionRate:
    """What a kilowatt-hour that is sent out to the grid may avoid elsewhere, by a consequence method. Memo only. [g/kWh]"""
    return _in_co2e(factors.factor(Carrier.ELECTRICITY, year, Perspective.CONSEQUENCE), year)


def rates(factors: Factors, supplies: Iterable[Supply], perspective: Perspective) -> pl.DataFrame:
    """A row a supply: `services.analysis.supply.KEY`, `co2`, `co2e`, `known`, `biogenic`, `reason`, `reason_en`, `factors`."""
    rate = market_rate if perspective is Perspective.MARKET else location_rate
    found = {supply: rate(factors, supply) for supply in supplies}
    return table(
        found,
        {
            "co2": lambda supply: found[supply].co2,
            "co2e": lambda supply: found[supply].co2e,
            "known": lambda supply: found[supply].known,
            "biogenic": lambda supply: found[supply].biogenic,
        },
        lambda supply: found[supply].missing,
        lambda supply: found[supply].factors,
    )


def hourly_rates(factors: Factors, perspective: Perspective) -> pl.DataFrame:
    """Columns `time`, `value` [g/kWh], `unit`, `id`, `version`: of several for an hour the one published last. By time."""
    given = [item for item in factors.hourly if item.perspective is perspective]
    frames = [
        item.by_hour.select("time", "value").with_columns(
            unit=pl.lit(item.unit), id=pl.lit(item.id), version=pl.lit(item.version)
        )
        for item in sorted(given, key=lambda item: (item.published is not None, item.published, item.id))
    ]
    schema: dict[str, Any] = {
        "time": pl.Datetime("us", "UTC"),
        "value": pl.Float64,
        **dict.fromkeys(("unit", "id", "version"), pl.String),
    }
    return pl.concat([pl.DataFrame(schema=schema), *frames]).unique("time", keep="last", maintain_order=True).sort("time")


def _local_in_market(factors: Factors, supply: Supply) -> EmissionRate:
    lacking = no_network(supply)
    if lacking:
        return EmissionRate(missing=in_year(lacking, supply.year))
    found = factors.factor(supply.carrier, supply.year, Perspective.MARKET, supply.network)
    if isinstance(found, Missing):
        found = factors.factor(supply.carrier, supply.year, Perspective.LOCATION, supply.network)
    return EmissionRate(missing=in_year(found, supply.year)) if isinstance(found, Missing) else _of(found)


def _in_co2e(found: Factor | Missing, year: int) -> EmissionRate:
    """Of a column that is in CO2e: a factor in CO2 alone is no factor of it."""
    if isinstance(found, Missing):
        return EmissionRate(missing=in_year(found, year))
    if found.unit == CO2E:
        return _of(found)
    return EmissionRate(
        missing=Missing(
            f"Utsläppsfaktorn {found.id} är i {found.unit}, men kolumnen är i CO2e: ange den i {CO2E} i factors.yaml.",
            f"The emission factor {found.id} is in {found.unit}, the column in CO2e: enter it in {CO2E} in factors.yaml.",
        )
    )


def _of(factor: Factor) -> EmissionRate:
    in_co2e = factor.unit == CO2E
    return EmissionRate(
        0.0 if in_co2e else factor.value,
        factor.value if in_co2e else 0.0,
        1.0,
        factor.biogenic,
        None,
        {factor.id: factor.version},
    )
