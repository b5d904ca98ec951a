"""What a new set of factors changes in figures that were made with the old one: which, from what to what, and in which years.

A figure is restated only where something that it is calculated from changed; a corrected note or source changes no figure.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from config.domain.estate import Carrier, Portfolio
from config.domain.factors import CARRIERS, EnergyMix, Evidence, Factor, Factors, Perspective, Purpose, Shares, decimal_comma
from config.domain.indicators import Missing

Words = tuple[str, str]  # Swedish, English
NONE = ("saknas", "missing")


@dataclass(frozen=True, slots=True)
class Restatement:
    """One change that reaches figures.

    Attributes:
        id: of the factor, mix, contract or rule set that counts now; where it is gone, of the one that counted.
        carrier: whose figures; None: of all.
        network: "" where it reaches every network that has nothing of its own.
        contract: only points under this contract; "" where it reaches all.
        first_year, last_year: the years of use; None: from the first on, or until further notice.
        old, new: as they counted, in Swedish and English; None where there was or is nothing.
    """

    id: str
    carrier: Carrier | None
    network: str
    contract: str
    first_year: int | None
    last_year: int | None
    old: Words | None
    new: Words | None
    what: Words

    @property
    def reason_sv(self) -> str:
        """ "Utsläppsfaktor för el, marknadsbaserad, 2024: 470 g CO2/kWh → 464,79 g CO2/kWh (el-2024)" """
        old, new = (self.old or NONE)[0], (self.new or NONE)[0]
        return f"{self.what[0]}, {self._years('från', 'alla år')}: {old} → {new} ({self.id})"

    @property
    def reason_en(self) -> str:
        old, new = (self.old or NONE)[1], (self.new or NONE)[1]
        return f"{self.what[1]}, {self._years('from', 'all years')}: {old} → {new} ({self.id})"

    def touches(self, year: int) -> bool:
        """Whether figures of the year are restated."""
        return (self.first_year or year) <= year <= (self.last_year or year)

    def _years(self, since: str, every: str) -> str:
        if self.first_year is None:
            return every if self.last_year is None else f"–{self.last_year}"
        if self.last_year is None:
            return f"{since} {self.first_year}"
        return f"{self.first_year}" if self.first_year == self.last_year else f"{self.first_year}–{self.last_year}"


def restated(before: Factors, after: Factors) -> tuple[Restatement, ...]:
    """Every change from `before` to `after` that reaches a figure, by what it is, and by year."""
    found = [
        *_emissions(before, after),
        *_mixes(before, after),
        *_contracts(before, after),
        *_hourly(before, after),
        *_rules(before, after),
    ]
    return tuple(sorted(found, key=lambda item: (item.what, item.network, item.first_year or 0, item.id)))


def buildings_touched(restatement: Restatement, portfolio: Portfolio) -> frozenset[str]:
    """The buildings whose figures a restatement may move: those that use the carrier, of the network, under the contract."""
    heat = restatement.carrier in (Carrier.DISTRICT_HEATING, Carrier.DISTRICT_COOLING)
    # what is sent out is weighed with electricity's factors too
    carriers = {restatement.carrier, Carrier.SOLAR} if restatement.carrier is Carrier.ELECTRICITY else {restatement.carrier}
    return frozenset(
        point.building
        for point in portfolio.points.values()
        if (restatement.carrier is None or point.carrier in carriers)
        and (not restatement.contract or point.contract == restatement.contract)
        and (not heat or not restatement.network or portfolio.buildings[point.building].heat_network == restatement.network)
    )


_COLUMNS = {
    Perspective.LOCATION: ("platsbaserad", "location-based"),
    Perspective.MARKET: ("marknadsbaserad", "market-based"),
    Perspective.CONSEQUENCE: ("konsekvensbaserad", "consequence-based"),
}


def _emissions(before: Factors, after: Factors) -> Iterator[Restatement]:
    def said(item: Factor) -> Words:
        sv, en = f"{decimal_comma(item.value)} {item.unit}", f"{item.value:.10g} {item.unit}"
        if item.biogenic is None:
            return sv, en
        return f"{sv}, biogent {decimal_comma(item.biogenic)} g CO2/kWh", f"{en}, biogenic {item.biogenic:.10g} g CO2/kWh"

    return _looked_up(
        before.factors,
        after.factors,
        lambda year, key: tuple(_found(factors.factor(key[0], year, key[2], key[1])) for factors in (before, after)),
        said,
        ("Utsläppsfaktor för", "Emission factor of"),
    )


def _mixes(before: Factors, after: Factors) -> Iterator[Restatement]:
    every: list[list[Factor | EnergyMix]] = [
        [*factors.mixes, *(item for item in factors.factors if item.shares is not None)] for factors in (before, after)
    ]
    return _looked_up(
        every[0],
        every[1],
        lambda year, key: tuple(_found(factors.mix(key[0], year, key[2], key[1])) for factors in (before, after)),
        lambda item: _shares(item.shares),
        ("Ursprung av", "Origin of"),
    )


_Key = tuple[Carrier, str, Perspective]


def _looked_up(
    before: Sequence[Factor | EnergyMix],
    after: Sequence[Factor | EnergyMix],
    at: Callable[[int, _Key], tuple[Factor | EnergyMix | None, ...]],
    said: Callable[..., Words],
    what: Words,
) -> Iterator[Restatement]:
    """Looks every use up in both, in each stretch of years over which neither answer can change."""
    items = [item for item in (*before, *after) if item.purpose is Purpose.REPORTING]
    for key in sorted({(item.carrier, item.network, item.perspective) for item in items}):
        carrier, network, perspective = key
        fitting = [i for i in items if (i.carrier, i.perspective) == (carrier, perspective) and i.network in (network, "")]
        edges = sorted({i.applies_from for i in fitting} | {i.applies_to + 1 for i in fitting if i.applies_to is not None})
        changes: list[Restatement] = []
        for first, following in zip(edges, [*edges[1:], None], strict=True):
            old, new = at(first, key)
            texts = None if old is None else said(old), None if new is None else said(new)
            counts = new or old
            if texts[0] == texts[1] or counts is None:
                continue
            column_sv, column_en = _COLUMNS[perspective]
            name_sv, name_en = CARRIERS[carrier]
            where = f" ({network})" if network else ""
            change = Restatement(
                counts.id,
                carrier,
                network,
                "",
                first,
                None if following is None else following - 1,
                texts[0],
                texts[1],
                (f"{what[0]} {name_sv}{where}, {column_sv}", f"{what[1]} {name_en}{where}, {column_en}"),
            )
            last = changes[-1] if changes else None
            if last and last.last_year == first - 1 and (last.old, last.new, last.id) == (*texts, counts.id):
                changes[-1] = replace(last, last_year=change.last_year)
            else:
                changes.append(change)
        yield from changes


def _contracts(before: Factors, after: Factors) -> Iterator[Restatement]:
    def said(item: Evidence) -> Words:
        covered, (origin_sv, origin_en) = round(item.share * 100, 6), _shares(item.shares)
        return (
            f"{decimal_comma(covered)} % annullerade ursprungsgarantier, {decimal_comma(item.value)} {item.unit}, {origin_sv}",
            f"{covered:.10g} % with cancelled guarantees of origin, {item.value:.10g} {item.unit}, {origin_en}",
        )

    for name in sorted(before.contracts.keys() | after.contracts.keys()):
        contracts = [factors.contracts.get(name) for factors in (before, after)]
        years = sorted({year for contract in contracts if contract is not None for year in contract.years})
        suppliers = {contract.supplier for contract in contracts if contract is not None}
        for year in years:
            found = [contract.evidence(year) if contract is not None else None for contract in contracts]
            old, new = (None if evidence is None else said(evidence) for evidence in found)
            if old != new:
                words = f"Elavtal {name}", f"Electricity contract {name}"
                yield Restatement(name, Carrier.ELECTRICITY, "", name, year, year, old, new, words)
        if len(suppliers) > 1:  # the supplier's own mix is another one now, in every year
            old, new = (None if contract is None else (contract.supplier,) * 2 for contract in contracts)
            words = f"Elavtal {name}, leverantör", f"Electricity contract {name}, supplier"
            yield Restatement(name, Carrier.ELECTRICITY, "", name, None, None, old, new, words)


def _hourly(before: Factors, after: Factors) -> Iterator[Restatement]:
    tables = [{item.id: item for item in factors.hourly} for factors in (before, after)]
    for name in sorted(tables[0].keys() | tables[1].keys()):
        items = [table.get(name) for table in tables]
        hours = [{hour.start: (hour, item.unit) for hour in item.hours} if item is not None else {} for item in items]
        touched = {start.year for start in hours[0].keys() | hours[1].keys() if hours[0].get(start) != hours[1].get(start)}
        old, new = (None if item is None else (f"timvärden {item.fingerprint}", f"hours {item.fingerprint}") for item in items)
        zone = next(item.zone for item in items if item is not None)
        for year in sorted(touched):
            # the last hours of a UTC year lie in the next local one
            what = "Timfaktorer för el", "Hourly factors of electricity"
            yield Restatement(name, Carrier.ELECTRICITY, zone, "", year, year + 1, old, new, what)


def _rules(before: Factors, after: Factors) -> Iterator[Restatement]:
    weights = [_weights(factors) for factors in (before, after)]
    for rule_set, carrier in sorted(weights[0].keys() | weights[1].keys()):
        old, new = (table.get((rule_set, carrier)) for table in weights)
        if old != new:
            name_sv, name_en = CARRIERS[carrier]
            what = f"Viktningsfaktor för {name_sv}, {rule_set}", f"Weighting factor of {name_en}, {rule_set}"
            yield Restatement(rule_set, carrier, "", "", None, None, old, new, what)
    for rule_set in sorted(before.geographic.keys() | after.geographic.keys()):
        old, new = (
            _number(factors.geographic[rule_set][0]) if rule_set in factors.geographic else None for factors in (before, after)
        )
        if old != new:
            what = f"Geografisk justeringsfaktor, {rule_set}", f"Geographic factor, {rule_set}"
            yield Restatement(rule_set, None, "", "", None, None, old, new, what)
    waters = [
        {
            (item.rule_set, kind): (f"{decimal_comma(item.value)} kWh/m²,år", f"{item.value:.10g} kWh/m²,year")
            for item in factors.hot_water
            for kind in item.kinds
        }
        for factors in (before, after)
    ]
    for rule_set, kind in sorted(waters[0].keys() | waters[1].keys()):
        old, new = (table.get((rule_set, kind)) for table in waters)
        if old != new:
            what = f"Normalt tappvarmvatten, {kind}, {rule_set}", f"Normal hot water, {kind}, {rule_set}"
            yield Restatement(rule_set, None, "", "", None, None, old, new, what)


def _weights(factors: Factors) -> Mapping[tuple[str, Carrier], Words]:
    """All that a rule set says of a carrier, in one text."""
    table: dict[tuple[str, Carrier], list[Words]] = {}
    for item in factors.weightings:
        sv, en = _number(item.value)
        if item.valid_from:
            sv, en = f"{sv} från {item.valid_from}", f"{en} from {item.valid_from}"
        if item.valid_to:
            sv, en = f"{sv} till {item.valid_to}", f"{en} until {item.valid_to}"
        table.setdefault((item.rule_set, item.carrier), []).append((sv, en))
    return {
        key: ("; ".join(sv for sv, _ in sorted(texts)), "; ".join(en for _, en in sorted(texts))) for key, texts in table.items()
    }


def _number(value: float) -> Words:
    return decimal_comma(value), f"{value:.10g}"


def _found(item: Factor | EnergyMix | Missing) -> Factor | EnergyMix | None:
    return None if isinstance(item, Missing) else item


def _shares(shares: Shares | None) -> Words:
    if shares is None:
        return "", ""
    parts = (
        ("förnybart", "renewable", shares.renewable),
        ("återvunnet", "recovered", shares.recovered),
        ("fossilt", "fossil", shares.fossil),
        ("övrigt", "other", shares.other),
    )
    return (
        " / ".join(f"{decimal_comma(round(share * 100, 4))} % {sv}" for sv, _, share in parts),
        " / ".join(f"{round(share * 100, 4):g} % {en}" for _, en, share in parts),
    )
