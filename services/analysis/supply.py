"""Under what the energy of a metering point is bought: carrier, network, contract and year; what its factors are looked up by."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import orjson
import polars as pl

from config.domain.estate import Building, Carrier, MeteringPoint
from config.domain.factors import CARRIERS
from config.domain.indicators import Missing

HEAT = frozenset({Carrier.DISTRICT_HEATING, Carrier.DISTRICT_COOLING})
KEY = ("carrier", "network", "contract", "year")


@dataclass(frozen=True, slots=True, order=True)
class Supply:
    """What decides the factors of a kilowatt-hour.

    Attributes:
        network: of district heating and cooling; "" otherwise, and where the building does not say it.
        contract: of bought electricity; "" where there is none.
    """

    carrier: Carrier
    network: str
    contract: str
    year: int


def terms(point: MeteringPoint, building: Building) -> tuple[str, str, str]:
    """Carrier, network and contract of a point."""
    network = building.heat_network if point.carrier in HEAT else ""
    contract = point.contract if point.carrier is Carrier.ELECTRICITY else ""
    return point.carrier.value, network, contract


def no_network(supply: Supply) -> Missing | None:
    """What lacks where the building does not say which network it is connected to: no two networks have the same factor."""
    if supply.carrier not in HEAT or supply.network:
        return None
    sv, en = CARRIERS[supply.carrier]
    return Missing(
        f"Nätet för {sv} är inte angivet: ange heat_network för byggnaden i portfolio.yaml.",
        f"The network of {en} is not given: enter heat_network of the building in portfolio.yaml.",
    )


def in_year(missing: Missing, year: int) -> Missing:
    """With the year that it is asked for, where the words do not say it."""
    if str(year) in missing.reason_sv:
        return missing
    return Missing(f"{missing.reason_sv} Gäller år {year}.", f"{missing.reason_en} Asked for the year {year}.")


def supplies_of(frame: pl.DataFrame) -> list[Supply]:
    """Each once, in order. `frame`: columns `carrier`, `network`, `contract`, `year`."""
    return sorted(Supply(Carrier(carrier), *rest) for carrier, *rest in frame.select(KEY).unique().iter_rows())


def table(
    supplies: Iterable[Supply],
    columns: Mapping[str, Callable[[Supply], float | None]],
    missing: Callable[[Supply], Missing | None],
    factors: Callable[[Supply], Mapping[str, str]],
) -> pl.DataFrame:
    """A row a supply: KEY, `columns`, `reason` and `reason_en` ("" where nothing lacks), `factors` (JSON, id → version)."""
    rows = [
        (
            supply.carrier.value,
            supply.network,
            supply.contract,
            supply.year,
            *(value(supply) for value in columns.values()),
            lacking.reason_sv if (lacking := missing(supply)) else "",
            lacking.reason_en if lacking else "",
            orjson.dumps(dict(factors(supply)), option=orjson.OPT_SORT_KEYS).decode(),
        )
        for supply in supplies
    ]
    schema = {
        **dict.fromkeys(("carrier", "network", "contract"), pl.String),
        "year": pl.Int32,
        **dict.fromkeys(columns, pl.Float64),
        **dict.fromkeys(("reason", "reason_en", "factors"), pl.String),
    }
    return pl.DataFrame(rows, schema=schema, orient="row")
