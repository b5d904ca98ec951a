"""The printed factors of domain facts 4, and invented ones beside them."""

from datetime import date

from config.domain.estate import Carrier
from config.domain.factors import Contract, EnergyMix, Evidence, Factor, Factors, Mark, Perspective, Purpose, Shares

NETWORK = "Provnätet"
CONTRACT = "elavtal"
SUPPLIER = "Energibolaget"
RENEWABLE = Shares(1.0, 0.0, 0.0, 0.0)
RESIDUAL_SHARES = {
    2021: Shares(0.1283, 0.0, 0.5511, 0.3206),
    2022: Shares(0.1367, 0.0, 0.6394, 0.2239),
    2024: Shares(0.1018, 0.0, 0.6821, 0.2161),
}
RESIDUAL = {2021: 371.99, 2022: 467.62, 2024: 464.79}
NORDIC_SHARES = Shares(0.780, 0.0, 0.037, 0.183)
HEAT_SHARES = Shares(0.42, 0.57, 0.01, 0.0)  # Umeå 2022, domain facts 4.3


def factor(
    name: str,
    carrier: Carrier,
    value: float,
    perspective: Perspective,
    years: tuple[int, int | None],
    *,
    unit: str = "g CO2e/kWh",
    network: str = "",
    shares: Shares | None = None,
    biogenic: float | None = None,
) -> Factor:
    """A factor for use in `years`, the last one open where None."""
    return Factor(
        id=name,
        carrier=carrier,
        network=network,
        first_year=years[0],
        last_year=years[0],
        applies_from=years[0],
        applies_to=years[1],
        value=value,
        unit=unit,
        perspective=perspective,
        purpose=Purpose.REPORTING,
        includes=("combustion",),
        source="test",
        mark=Mark.UNVERIFIED,
        shares=shares,
        biogenic=biogenic,
    )


def residual(year: int) -> Factor:
    """Ei's residual mix of a year: CO2 alone."""
    return factor(
        f"residual-{year}",
        Carrier.ELECTRICITY,
        RESIDUAL[year],
        Perspective.MARKET,
        (year, year),
        unit="g CO2/kWh",
        shares=RESIDUAL_SHARES[year],
    )


def mix(
    name: str, carrier: Carrier, shares: Shares, perspective: Perspective = Perspective.LOCATION, network: str = ""
) -> EnergyMix:
    """Where energy comes from, in every year from 2021 on."""
    return EnergyMix(name, carrier, network, 2021, 2021, 2021, None, shares, perspective, "test", Mark.UNVERIFIED)


def evidence(share: float, shares: Shares = RENEWABLE, value: float = 0.0, year: int = 2021) -> Evidence:
    """Guarantees that were cancelled in the spring after the year."""
    return Evidence(year, share, "vattenkraft", shares, value, "g CO2e/kWh", date(year + 1, 2, 1), "intyg", Mark.UNVERIFIED)


def contract(*years: Evidence) -> Contract:
    """The contract, with its evidence."""
    return Contract(CONTRACT, "Elavtal", SUPPLIER, {item.year: item for item in years})


NORDIC = factor("nordisk", Carrier.ELECTRICITY, 59.0, Perspective.LOCATION, (2021, None))
NORDIC_MIX = mix("nordisk-ursprung", Carrier.ELECTRICITY, NORDIC_SHARES)
HEAT = factor(
    "fjv", Carrier.DISTRICT_HEATING, 51.0, Perspective.LOCATION, (2021, None), network=NETWORK, shares=HEAT_SHARES, biogenic=150.0
)
RESIDUALS = tuple(residual(year) for year in RESIDUAL)
FACTORS = Factors((NORDIC, HEAT, *RESIDUALS), mixes=(NORDIC_MIX,), contracts={CONTRACT: contract()})
