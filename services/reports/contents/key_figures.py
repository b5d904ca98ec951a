"""The month's figures, and those of the twelve months that end with it, each beside the year before."""

from collections.abc import Iterator

from config.domain.estate import Carrier
from config.domain.indicators import INDICATORS, Missing, Subject
from config.domain.periods import Period
from services.reports.contents.comparison import (
    Compared,
    compared,
    comparison_columns,
    per_day,
    published_rows,
    rolling_year,
    same_buildings,
)
from services.reports.contents.material import Material, year_before
from services.reports.contents.naming import carrier_name, small
from services.reports.report import Table, Words

_CORNER = Words("Nyckeltal", "Figure")
BOTH_YEARS = Words("– byggnader med siffra båda åren", "– buildings with a figure of both years")
_EXPORTED = "_export"
_Rows = Iterator[tuple[str, Words, Compared, bool]]


def month_table(material: Material, subject: Subject, period: Period) -> Table:
    """Use, corrected use, water, cost, emissions, renewable share and peaks; what nobody has calculated has no row."""
    return Table(
        key="month",
        caption=Words("Månaden i siffror", "The month in figures"),
        corner=_CORNER,
        columns=comparison_columns(period),
        rows=published_rows(_month(material, subject, period)),
        note=Words(
            "Kostnaden är vad prislistorna ger, utan moms. Normalårskorrigerad energi gäller uppvärmda byggnader.",
            "The cost is what the price lists give, without VAT. Weather-corrected energy is of heated buildings.",
        ),
    )


def rolling_table(material: Material, subject: Subject, period: Period) -> Table:
    """The twelve months that end with the month."""
    year = rolling_year(period)
    names = ("specific_energy", "corrected_specific_energy", "cost", "emissions_location", "emissions_market")
    return Table(
        key="rolling",
        caption=Words("Tolv månader", "Twelve months"),
        corner=_CORNER,
        columns=comparison_columns(year),
        rows=published_rows(
            (
                *_use(material, subject, year),
                *((name, indicator_words(name), compared(material, name, subject, year), True) for name in names),
            )
        ),
    )


def carrier_table(material: Material, subject: Subject, period: Period) -> Table:
    """Bought energy of each carrier; what was made and sent out stands after it."""
    found = {
        carrier
        for each in (period, year_before(period))
        for carrier in material.shelf.carriers("energy", subject, each)
        if carrier != Carrier.WATER
    }
    rows = [(each, carrier_name(each), compared(material, "energy", subject, period, each), True) for each in _in_order(found)]
    sun = Words(
        "Producerad solel ingår i användningen så långt den används på plats. Utmatad el dras inte av.",
        "Solar electricity is part of the use as far as it is used on the spot. What is sent out is not taken off.",
    )
    return Table(
        key="carriers",
        caption=Words("Per energislag", "By carrier"),
        corner=Words("Energislag", "Carrier"),
        columns=comparison_columns(period),
        rows=published_rows(rows),
        note=sun if any(_is_made(each) for each in found) else Words("", ""),
    )


def indicator_words(name: str) -> Words:
    """What an indicator is called."""
    return Words(INDICATORS[name].name_sv, INDICATORS[name].name_en)


def figure_label(name: str) -> Words:
    """The indicator's name; of the first of all figures no more than needed."""
    return Words("Energianvändning", "Energy use") if name == "energy_total" else indicator_words(name)


def _month(material: Material, subject: Subject, period: Period) -> _Rows:
    def of(indicator: str, carrier: str = "") -> Compared:
        return compared(material, indicator, subject, period, carrier)

    yield from _use(material, subject, period)
    daily = per_day(same_buildings(material, subject, period) or of("energy_total"))
    if daily is not None:
        yield "per_day", Words("– per dygn", "– per day"), daily, True
    yield "corrected_energy", indicator_words("corrected_energy"), of("corrected_energy"), True
    corrected = same_buildings(material, subject, period, "corrected_energy")
    if corrected is not None:
        yield "corrected_same", BOTH_YEARS, corrected, True
    usual = per_day(corrected or of("corrected_energy"))
    if usual is not None:
        yield "corrected_per_day", Words("– per dygn", "– per day"), usual, True
    yield "water", Words("Vatten", "Water"), of("water", Carrier.WATER.value), True
    yield from _money(of("cost"), of("cost_known"))
    for name, label in (
        ("cost_energy", Words("– energi och flöde", "– energy and flow")),
        ("cost_power", Words("– effekt", "– power")),
        ("cost_fixed", Words("– fast avgift", "– fixed charge")),
    ):
        yield name, label, of(name), True
    for name in ("emissions_location", "emissions_market"):
        yield name, indicator_words(name), of(name), True
        known = of(f"{name}_known")
        if isinstance(of(name).now.value, Missing) and known.now.known is not None:
            yield f"{name}_known", Words("– den kända delen", "– the known part"), known, True
    yield "renewable_share", indicator_words("renewable_share"), of("renewable_share"), False
    for carrier in _in_order(set(material.shelf.carriers("peak_power", subject, period))):
        called = carrier_name(carrier)
        label = Words(f"Effekttopp, {small(called.sv)}", f"Peak power, {small(called.en)}")
        yield f"peak_{carrier}", label, of("peak_power", carrier), True


def _use(material: Material, subject: Subject, period: Period) -> _Rows:
    yield "energy_total", figure_label("energy_total"), compared(material, "energy_total", subject, period), True
    shared = same_buildings(material, subject, period)
    if shared is not None:
        yield "same_buildings", BOTH_YEARS, shared, True


def _money(cost: Compared, known: Compared) -> _Rows:
    yield "cost", Words("Kostnad utan moms", "Cost without VAT"), cost, True
    if isinstance(cost.now.value, Missing) and known.now.known is not None:
        yield "cost_known", Words("– den kända delen", "– the known part"), known, True


def _in_order(carriers: set[str]) -> list[str]:
    """As the estate lists them; what was made and sent out last."""
    order = [each.value for each in Carrier]
    return sorted(carriers, key=lambda each: (_is_made(each), order.index(each.removesuffix(_EXPORTED)), each))


def _is_made(carrier: str) -> bool:
    return carrier == Carrier.SOLAR.value or carrier.endswith(_EXPORTED)
