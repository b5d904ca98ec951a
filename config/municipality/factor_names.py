"""What portfolio.yaml names in factors.yaml: contracts must be there; a network that is not may be misspelt."""

from config.domain.estate import Carrier
from config.domain.factors import Factors
from config.municipality.faults import meant
from config.municipality.portfolio import PortfolioFile
from config.municipality.yaml_source import Keys, YamlSource

HEAT = frozenset({Carrier.DISTRICT_HEATING, Carrier.DISTRICT_COOLING})


def check_names(source: YamlSource, file: PortfolioFile, factors: Factors) -> None:
    """Faults and warnings lie in the portfolio's source."""
    networks = {item.network for item in factors.factors if item.carrier in HEAT}
    networks |= {item.network for item in factors.mixes if item.carrier in HEAT}
    networks |= {gap.network for gap in factors.gaps if gap.carrier in HEAT}
    named: list[tuple[Keys, str | None]] = [(("heat_network",), file.heat_network)]
    contracts: list[tuple[Keys, str | None]] = [(("contract",), file.contract)]
    for index, building in enumerate(file.buildings):
        named.append((("buildings", index, "heat_network"), building.heat_network))
        contracts += [
            (("buildings", index, "points", number, "contract"), point.contract) for number, point in enumerate(building.points)
        ]
    for path, network in named:
        if network is not None and network not in networks:
            out, out_sv = meant(network, networks - {""})
            source.fault(
                path,
                f"factors.yaml knows no network {network!r}: its figures will be missing; {out}",
                f"factors.yaml har inget nät {network!r}: dess siffror kommer att saknas; {out_sv}",
                warning=True,
            )
    for path, contract in contracts:
        if contract is not None and contract not in factors.contracts:
            out, out_sv = meant(contract, factors.contracts)
            source.fault(
                path,
                f"no contract {contract!r} in factors.yaml; {out}",
                f"avtalet {contract!r} finns inte i factors.yaml; {out_sv}",
            )
