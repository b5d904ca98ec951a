"""Trenden: ten years of the whole estate, corrected and not, and what changed the figure from one year to the next.

The sums follow the estate as it is entered in the portfolio: a building that was metered later adds to later years. Figures of
the same buildings are the trend report's; per square metre and the division of the change say here what the sums do not.
"""

from config.domain.estate import Carrier
from config.domain.indicators import SubjectKind
from config.domain.panels import About, Audience, Column, Dashboard, Panel, PanelKind, PanelQuery, Role, Scope
from config.domain.periods import PeriodKind
from config.domain.series import CHANGE_PARTS, SeriesQuery
from config.domain.windows import years
from dashboards._figures import Label, published

PORTFOLIO = SubjectKind.PORTFOLIO
TEN_YEARS = years(11)  # the current one is not over, and has no figure
ENERGY, EMISSIONS = "energy", "emissions"  # what `change_parts` are of
STOCK_SV = (
    " Beståndet är inte detsamma alla år: en byggnad som fick mätare senare finns bara i de senare åren. Samma byggnader år för "
    "år står i trendrapporten; se här andelen per kvadratmeter och vad som ändrade siffran."
)
STOCK_EN = (
    " The stock is not the same in all years: a building that was metered later is in the later years only. The same buildings "
    "year by year stand in the trend report; see here the figure per square metre and what changed it."
)
EMPTY_SV = "Inget helt kalenderår är beräknat än."
EMPTY_EN = "No whole calendar year is calculated yet."


def by_year(
    name: str, unit: str, title: Label, sentence: Label, source: Label, lines: tuple[tuple[str, Label, tuple[str, ...]], ...]
) -> Panel:
    """Calendar years of the whole estate; `lines`: indicator, what it is called, and of which carriers."""
    return Panel(
        id=name,
        kind=PanelKind.COLUMNS,
        unit=unit,
        title_sv=title[0],
        title_en=title[1],
        sentence_sv=sentence[0],
        sentence_en=sentence[1],
        source_sv=source[0],
        source_en=source[1],
        rows="",
        queries=tuple(
            published(indicator, TEN_YEARS, PORTFOLIO, label, PeriodKind.YEAR, carriers) for indicator, label, carriers in lines
        ),
        empty_sv=EMPTY_SV,
        empty_en=EMPTY_EN,
    )


def parts(name: str, measure: str, unit: str, title: Label, sentence: Label) -> Panel:
    """What changed the last twelve months against the twelve before."""
    return Panel(
        id=name,
        kind=PanelKind.TABLE,
        unit=unit,
        title_sv=title[0],
        title_en=title[1],
        sentence_sv=sentence[0],
        sentence_en=sentence[1],
        source_sv="Uppdelningen av förändringen, ur byggnadernas egna siffror de båda perioderna.",
        source_en="The division of the change, of the buildings' own figures of the two periods.",
        rows="part",
        queries=(
            PanelQuery(
                Role.VALUE,
                SeriesQuery(
                    CHANGE_PARTS,
                    where={
                        "measure": (measure,),
                        "period": (PeriodKind.ROLLING_YEAR.value,),
                        "subject_kind": (PORTFOLIO.value,),
                    },
                    having={"open": 1},
                ),
                Scope.SUBJECT,
                years(3),
                unit,
                "förändring",
                "change",
                (
                    Column("part", "name", "orsak", "cause"),
                    Column("value", unit, "förändring", "change"),
                    Column("share", "1", "av året före", "of the year before"),
                    Column("coverage", "1", "täckning", "coverage"),
                    Column("sentence", "text", "i ord", "in words", "sentence_en"),
                ),
            ),
        ),
        empty_sv="Två hela år behövs för att dela upp en förändring.",
        empty_en="Two whole years are needed to divide a change.",
    )


def parts_by_year(name: str, measure: str, unit: str, title: Label, sentence: Label) -> Panel:
    """The same of calendar years."""
    where = {"measure": (measure,), "period": (PeriodKind.YEAR.value,), "subject_kind": (PORTFOLIO.value,)}
    return Panel(
        id=name,
        kind=PanelKind.COLUMNS,
        unit=unit,
        title_sv=title[0],
        title_en=title[1],
        sentence_sv=sentence[0],
        sentence_en=sentence[1],
        source_sv="Uppdelningen av förändringen mot året före, ur byggnadernas egna siffror de båda åren.",
        source_en="The division of the change against the year before, of the buildings' own figures of the two years.",
        rows="part",
        queries=(
            PanelQuery(
                Role.VALUE,
                SeriesQuery(CHANGE_PARTS, where=where, having={"open": 1}),
                Scope.SUBJECT,
                TEN_YEARS,
                unit,
                "förändring mot året före",
                "change against the year before",
            ),
        ),
        empty_sv="Två hela kalenderår behövs för att dela upp en förändring.",
        empty_en="Two whole calendar years are needed to divide a change.",
    )


DASHBOARD = Dashboard(
    uid="trenden",
    title_sv="Trenden",
    title_en="The trend",
    audience=Audience.BOARD,
    description_sv="Upp till tio år av energi, utsläpp och förnybart, och vad som ändrade siffran.",
    description_en="Up to ten years of energy, emissions and renewables, and what changed the figure.",
    about=About.ESTATE,
    place=2,
    panels=(
        by_year(
            "energy",
            "kWh",
            ("Energi per år", "Energy by year"),
            (
                "Den okorrigerade energin är vad som köptes; den normalårskorrigerade är vad ett normalt år hade krävt. Sjunker "
                "bara den första har vädret hjälpt till." + STOCK_SV,
                "Uncorrected energy is what was bought; the weather-corrected one is what a normal year would have needed. Where "
                "only the former falls the weather has helped." + STOCK_EN,
            ),
            (
                "Nyckeltalen energy_total och corrected_energy per kalenderår.",
                "The indicators energy_total and corrected_energy by calendar year.",
            ),
            (
                ("energy_total", ("okorrigerad", "uncorrected"), ("",)),
                ("corrected_energy", ("normalårskorrigerad", "weather-corrected"), ("",)),
            ),
        ),
        by_year(
            "per_area",
            "kWh/m2",
            ("Energi per kvadratmeter och år", "Energy per square metre and year"),
            (
                "Uppvärmda byggnaders energi delad med deras area. Den påverkas mindre av att byggnader kommer till eller "
                "lämnar, och är den siffra som visar om husen blivit effektivare.",
                "The energy of heated buildings by their area. It is less moved by buildings that come or leave, and is the "
                "figure that shows whether the houses have become more efficient.",
            ),
            (
                "Nyckeltalen specific_energy och corrected_specific_energy per kalenderår.",
                "The indicators specific_energy and corrected_specific_energy by calendar year.",
            ),
            (
                ("specific_energy", ("okorrigerad", "uncorrected"), ("",)),
                ("corrected_specific_energy", ("normalårskorrigerad", "weather-corrected"), ("",)),
            ),
        ),
        parts(
            "change",
            ENERGY,
            "kWh",
            ("Vad som ändrade energin", "What changed the energy"),
            (
                "De tolv senaste hela månaderna mot de tolv före. Bara den verkliga förändringen är vår egen: väder, area och "
                "byggnader som kommit eller lämnat hade ändrat siffran ändå. Minus är mindre energi.",
                "The last twelve whole months against the twelve before. Only the real change is our own: weather, area and "
                "buildings that came or left would have changed the figure anyway. Minus is less energy.",
            ),
        ),
        parts_by_year(
            "change_years",
            ENERGY,
            "kWh",
            ("Vad som ändrade energin, år för år", "What changed the energy, year by year"),
            (
                "Varje kalenderår mot året före. Delarna är tillsammans hela förändringen, som står bredvid dem.",
                "Each calendar year against the year before. The parts together make the whole change, which stands beside them.",
            ),
        ),
        by_year(
            "emissions",
            "kg CO2e",
            ("Utsläpp per år, platsbaserade", "Emissions by year, location-based"),
            (
                "Utsläppen ur energin efter elmixen och fjärrvärmen där vi är, med varje års faktorer. Undvikna utsläpp ingår "
                "inte." + STOCK_SV,
                "Emissions of the energy by the electricity mix and the district heating where we are, with each year's factors. "
                "Avoided emissions are not in them." + STOCK_EN,
            ),
            (
                "Nyckeltalet emissions_location per kalenderår; faktorer med källa och år i factors.yaml.",
                "The indicator emissions_location by calendar year; factors with source and year in factors.yaml.",
            ),
            (("emissions_location", ("platsbaserade", "location-based"), ("",)),),
        ),
        by_year(
            "emissions_market",
            "kg CO2/CO2e",
            ("Utsläpp per år, marknadsbaserade", "Emissions by year, market-based"),
            (
                "Samma energi efter vad vi har köpt: ett nytt elavtal ändrar den här siffran utan att något ändras i husen. "
                "Läggs aldrig ihop med den platsbaserade.",
                "The same energy by what we bought: a new contract changes this figure though nothing changes in the houses. "
                "Never added to the location-based one.",
            ),
            (
                "Nyckeltalet emissions_market per kalenderår; annullerade ursprungsgarantier, annars nordisk residualmix.",
                "The indicator emissions_market by calendar year; cancelled guarantees of origin, else the Nordic residual mix.",
            ),
            (("emissions_market", ("marknadsbaserade", "market-based"), ("",)),),
        ),
        parts(
            "change_emissions",
            EMISSIONS,
            "kg CO2e",
            ("Vad som ändrade utsläppen", "What changed the emissions"),
            (
                "De tolv senaste hela månaderna mot de tolv före, platsbaserat. Ändrade faktorer är nätens förändring, inte vår; "
                "minus är mindre utsläpp.",
                "The last twelve whole months against the twelve before, location-based. Changed factors are the networks' "
                "change, not ours; minus is less emissions.",
            ),
        ),
        by_year(
            "renewable",
            "%",
            ("Förnybar andel per år", "Renewable share by year"),
            (
                "Fysiskt är vad som når oss, avtalat vad vi har köpt. Bara den fysiska andelen säger något om näten och våra "
                "egna solceller.",
                "Physical is what reaches us, contracted what we bought. Only the physical share says anything of the networks "
                "and our own solar cells.",
            ),
            (
                "Nyckeltalen renewable_share och renewable_share_contracted per kalenderår.",
                "The indicators renewable_share and renewable_share_contracted by calendar year.",
            ),
            (
                ("renewable_share", ("fysiskt", "physical"), ("",)),
                ("renewable_share_contracted", ("avtalat", "contracted"), ("",)),
            ),
        ),
        by_year(
            "solar",
            "kWh",
            ("Egen solel per år", "Own solar electricity by year"),
            (
                "Vad våra solceller producerade, och hur mycket av det som användes på plats; resten matades ut på nätet. Bara "
                "hela år visas: en anläggning som kom till under ett år syns fullt ut först året efter.",
                "What our solar cells produced, and how much of it was used on the spot; the rest was sent out. Whole years "
                "only: a plant that came during a year shows in full the year after.",
            ),
            (
                "Nyckeltalen energy (solel) och solar_used per kalenderår.",
                "The indicators energy (solar) and solar_used by calendar year.",
            ),
            (
                ("energy", ("producerad", "produced"), (Carrier.SOLAR.value,)),
                ("solar_used", ("använd på plats", "used on the spot"), (Carrier.SOLAR.value,)),
            ),
        ),
    ),
)
