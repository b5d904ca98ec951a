"""Where a kilowatt-hour comes from, in four classes that sum to the whole: renewable, recovered, fossil, other.

Twice, and never mixed: physical (the location's mix) and contracted (cancelled guarantees of origin for their share, the
supplier's or the residual mix for the rest). Recovered heat is not renewable, and the plastics in burnt waste are fossil: that is
for the shares that are entered to say. What nobody says is unknown, and an unknown part leaves the whole without a share.

Source: directive (EU) 2018/2001 (RED) for the share; domain facts section 5 for the four classes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from config.domain.estate import Carrier
from config.domain.factors import Factors, Perspective, Shares
from config.domain.indicators import Missing
from services.analysis.supply import Supply, in_year, no_network, table

CLASSES = ("renewable", "recovered", "fossil", "other")
NOTHING = Shares(0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a kilowatt-hour of a supply comes from.

    Attributes:
        shares: of all the energy of the supply; they sum to `known`.
        known: share of the energy whose origin is known. [0..1]
        missing: what lacks of the rest; None where all is known.
        factors: id → version of what was used.
    """

    shares: Shares = NOTHING
    known: float = 0.0
    missing: Missing | None = None
    factors: Mapping[str, str] = field(default_factory=dict)


def physical_origin(factors: Factors, supply: Supply) -> Origin:
    """By location."""
    found = no_network(supply) or factors.mix(supply.carrier, supply.year, Perspective.LOCATION, supply.network)
    if isinstance(found, Missing):
        return Origin(missing=in_year(found, supply.year))
    return Origin(found.shares, 1.0, None, {found.id: found.version})


def contracted_origin(factors: Factors, supply: Supply) -> Origin:
    """By contract. A network's heat and a fuel are the same however they are bought, where nothing else is entered."""
    if supply.carrier is not Carrier.ELECTRICITY:
        of_market = factors.mix(supply.carrier, supply.year, Perspective.MARKET, supply.network)
        if isinstance(of_market, Missing) or no_network(supply):
            return physical_origin(factors, supply)
        return Origin(of_market.shares, 1.0, None, {of_market.id: of_market.version})
    contract = factors.contracts.get(supply.contract)
    evidence = contract.evidence(supply.year) if contract else None
    said = {contract.id: contract.version(supply.year)} if contract else {}
    share = evidence.share if evidence else 0.0
    guaranteed = evidence.shares if evidence else NOTHING
    if share >= 1.0:
        return Origin(guaranteed, 1.0, None, said)
    rest = factors.mix(Carrier.ELECTRICITY, supply.year, Perspective.MARKET, contract.supplier if contract else "")
    if isinstance(rest, Missing):
        return Origin(_blend(guaranteed, share, NOTHING), share, in_year(rest, supply.year), said)
    return Origin(_blend(guaranteed, share, rest.shares), 1.0, None, {**said, rest.id: rest.version})


def origins(factors: Factors, supplies: Iterable[Supply], perspective: Perspective) -> pl.DataFrame:
    """A row a supply: `services.analysis.supply.KEY`, the four CLASSES, `known`, `reason`, `reason_en`, `factors`."""
    origin = contracted_origin if perspective is Perspective.MARKET else physical_origin
    found = {supply: origin(factors, supply) for supply in supplies}
    return table(
        found,
        {
            "renewable": lambda supply: found[supply].shares.renewable,
            "recovered": lambda supply: found[supply].shares.recovered,
            "fossil": lambda supply: found[supply].shares.fossil,
            "other": lambda supply: found[supply].shares.other,
            "known": lambda supply: found[supply].known,
        },
        lambda supply: found[supply].missing,
        lambda supply: found[supply].factors,
    )


def hourly_origins(factors: Factors) -> pl.DataFrame:
    """Columns `time`, the four CLASSES, `id`, `version`: the hours whose shares are known, by location. By time."""
    given = [item for item in factors.hourly if item.perspective is Perspective.LOCATION]
    frames = [
        item.by_hour.select("time", *CLASSES).drop_nulls().with_columns(id=pl.lit(item.id), version=pl.lit(item.version))
        for item in sorted(given, key=lambda item: (item.published is not None, item.published, item.id))
    ]
    whole: dict[str, Any] = {
        "time": pl.Datetime("us", "UTC"),
        **dict.fromkeys(CLASSES, pl.Float64),
        **dict.fromkeys(("id", "version"), pl.String),
    }
    return pl.concat([pl.DataFrame(schema=whole), *frames]).unique("time", keep="last", maintain_order=True).sort("time")


def _blend(one: Shares, share: float, other: Shares) -> Shares:
    def mixed(name: str) -> float:
        first, second = getattr(one, name), getattr(other, name)
        return float(share * first + (1 - share) * second)

    return Shares(*(mixed(name) for name in CLASSES))
