"""Utsläpp: by perspective, by carrier and by owner, and how much of the energy has a factor.

The same energy is counted twice, by where it is (location) and by what was bought (market): the two stand beside each other and
are never added. Biogenic carbon dioxide is stated apart. Avoided emissions compare with what somebody else would have done: they
are information, in a panel of their own, and never taken off.
"""

from config.domain.estate import Carrier
from config.domain.indicators import SubjectKind
from config.domain.panels import About, Audience, Dashboard, Link, Panel, PanelKind, PanelQuery
from config.domain.periods import PeriodKind
from config.domain.windows import LAST_MONTH, ROLLING_YEAR, ROLLING_YEAR_BEFORE, SAME_MONTH, months
from dashboards._figures import published

BOUGHT = tuple(carrier.value for carrier in Carrier if carrier not in (Carrier.WATER, Carrier.SOLAR))
PORTFOLIO = SubjectKind.PORTFOLIO
SENT_OUT = ("electricity_export",)
TWO_YEARS = months(24)
PERSPECTIVES_SV = (
    " Samma energi räknas på två sätt: platsbaserat efter elmixen och fjärrvärmen där vi är, marknadsbaserat efter det vi har "
    "köpt. De läggs aldrig ihop."
)
PERSPECTIVES_EN = (
    " The same energy is counted in two ways: location-based by the electricity mix and the district heating where we are, "
    "market-based by what we have bought. They are never added."
)
SOURCE_SV = (
    "Nyckeltalen emissions_location och emissions_market: energi gånger årets faktor ur factors.yaml, som anger källa och år."
)
SOURCE_EN = (
    "The indicators emissions_location and emissions_market: energy by the year's factor in factors.yaml, with source and year."
)


def course(indicator: str, label: tuple[str, str]) -> tuple[PanelQuery, ...]:
    """The whole estate's month and twelve months, each beside the year before."""
    sv, en = label
    rolling = PeriodKind.ROLLING_YEAR
    return (
        published(indicator, LAST_MONTH, PORTFOLIO, (f"{sv}, månaden", f"{en}, the month")),
        published(indicator, SAME_MONTH, PORTFOLIO, (f"{sv}, månaden året före", f"{en}, the month the year before")),
        published(indicator, ROLLING_YEAR, PORTFOLIO, (f"{sv}, tolv månader", f"{en}, twelve months"), rolling),
        published(indicator, ROLLING_YEAR_BEFORE, PORTFOLIO, (f"{sv}, året före", f"{en}, the year before"), rolling),
    )


def both(kind: SubjectKind) -> tuple[PanelQuery, ...]:
    """Twelve months by both perspectives, per kilowatt-hour, and the share of the energy that has a factor."""
    rolling = PeriodKind.ROLLING_YEAR
    return (
        published("emissions_location", ROLLING_YEAR, kind, ("platsbaserat", "location-based"), rolling),
        published("emission_intensity_location", ROLLING_YEAR, kind, ("platsbaserat per kWh", "location-based per kWh"), rolling),
        published(
            "emissions_location_coverage",
            ROLLING_YEAR,
            kind,
            ("med faktor, platsbaserat", "with a factor, location-based"),
            rolling,
        ),
        published("emissions_market", ROLLING_YEAR, kind, ("marknadsbaserat", "market-based"), rolling),
        published("emission_intensity_market", ROLLING_YEAR, kind, ("marknadsbaserat per kWh", "market-based per kWh"), rolling),
        published(
            "emissions_market_coverage",
            ROLLING_YEAR,
            kind,
            ("med faktor, marknadsbaserat", "with a factor, market-based"),
            rolling,
        ),
    )


def table(name: str, kind: SubjectKind, title: tuple[str, str], link: Link) -> Panel:
    """Twelve months of each subject of the kind."""
    return Panel(
        id=name,
        kind=PanelKind.TABLE,
        unit="kg CO2e",
        title_sv=title[0],
        title_en=title[1],
        sentence_sv="De tolv senaste hela månaderna, och hur stor del av energin som har en faktor. Saknas en faktor för "
        "någon del saknas summan, och raden säger vilken." + PERSPECTIVES_SV,
        sentence_en="The last twelve whole months, and how much of the energy has a factor. Where a part has none the "
        "sum is missing, and the row says which." + PERSPECTIVES_EN,
        source_sv=SOURCE_SV,
        source_en=SOURCE_EN,
        rows="subject",
        queries=both(kind),
        ranked_by="location-based",
        link=link,
        empty_sv="Inget år är beräknat.",
        empty_en="No year is calculated.",
    )


def by_month(name: str, indicator: str, unit: str, title: tuple[str, str], sentence: tuple[str, str]) -> Panel:
    """Months of one perspective, its carriers on each other."""
    return Panel(
        id=name,
        kind=PanelKind.COLUMNS,
        unit=unit,
        title_sv=title[0],
        title_en=title[1],
        sentence_sv=sentence[0],
        sentence_en=sentence[1],
        source_sv=SOURCE_SV,
        source_en=SOURCE_EN,
        rows="carrier",
        queries=(published(indicator, TWO_YEARS, PORTFOLIO, carriers=BOUGHT),),
        stacked=True,
        empty_sv="Ingen månad är beräknad.",
        empty_en="No month is calculated.",
    )


DASHBOARD = Dashboard(
    uid="utslapp",
    title_sv="Utsläpp",
    title_en="Emissions",
    audience=Audience.ENVIRONMENT_TEAM,
    description_sv="Utsläppen ur energin platsbaserat och marknadsbaserat, per energislag och ägare, och hur mycket av energin "
    "som har en faktor.",
    description_en="Emissions of the energy, location-based and market-based, by carrier and owner, and how much of the energy "
    "has a factor.",
    about=About.ESTATE,
    monthly=True,
    place=2,
    panels=(
        Panel(
            id="perspectives",
            kind=PanelKind.TABLE,
            unit="kg CO2e",
            title_sv="Hela beståndet",
            title_en="The whole estate",
            sentence_sv="Månaden, samma månad året före, och tolv månader." + PERSPECTIVES_SV,
            sentence_en="The month, the same month of the year before, and twelve months." + PERSPECTIVES_EN,
            source_sv=SOURCE_SV,
            source_en=SOURCE_EN,
            rows="subject",
            queries=(
                *course("emissions_location", ("platsbaserat", "location-based")),
                *course("emissions_market", ("marknadsbaserat", "market-based")),
            ),
            link=Link.FIGURE,
            empty_sv="Månaden är inte beräknad.",
            empty_en="The month is not calculated.",
        ),
        by_month(
            "location",
            "emissions_location",
            "kg CO2e",
            ("Platsbaserat, per energislag", "Location-based, by carrier"),
            (
                "Hela beståndets utsläpp efter elmixen och fjärrvärmen där vi är. Staplarna blir lägre när vi använder mindre "
                "eller när nätens egen energi blir renare, inte av vad vi avtalar.",
                "The whole estate's emissions by the electricity mix and the district heating where we are. The bars become "
                "lower when we use less or the networks' own energy becomes cleaner, not by what we agree.",
            ),
        ),
        by_month(
            "market",
            "emissions_market",
            "kg CO2/CO2e",
            ("Marknadsbaserat, per energislag", "Market-based, by carrier"),
            (
                "Hela beståndets utsläpp efter det vi har köpt: ursprungsgarantier som är annullerade för året, annars nordisk "
                "residualmix. Residualmixen anges i CO2 och fjärrvärmen i CO2e; enheten säger båda.",
                "The whole estate's emissions by what we bought: guarantees of origin cancelled for the year, else the Nordic "
                "residual mix. The residual mix is stated in CO2 and the district heating in CO2e; the unit says both.",
            ),
        ),
        table("owners", SubjectKind.OWNER, ("Per ägare, tolv månader", "By owner, twelve months"), Link.FIGURE),
        table(
            "kinds",
            SubjectKind.BUILDING_KIND,
            ("Per byggnadstyp, tolv månader", "By type of building, twelve months"),
            Link.FIGURE,
        ),
        table("buildings", SubjectKind.BUILDING, ("Per byggnad, tolv månader", "By building, twelve months"), Link.BUILDING),
        Panel(
            id="with_factor",
            kind=PanelKind.LINES,
            unit="%",
            title_sv="Andel av energin som har en faktor",
            title_en="Share of the energy that has a factor",
            sentence_sv="Under 100 % fattas en faktor, och då saknas summan: den kända delen är inte hela utsläppet. För in "
            "faktorn i factors.yaml, så räknas månaderna om.",
            sentence_en="Below 100 % a factor is missing, and so is the sum: the known part is not the whole emission. Enter the "
            "factor in factors.yaml, and the months are calculated again.",
            source_sv="Nyckeltalen emissions_location_coverage och emissions_market_coverage, hela beståndet.",
            source_en="The indicators emissions_location_coverage and emissions_market_coverage, the whole estate.",
            rows="",
            queries=(
                published("emissions_location_coverage", TWO_YEARS, PORTFOLIO, ("platsbaserat", "location-based")),
                published("emissions_market_coverage", TWO_YEARS, PORTFOLIO, ("marknadsbaserat", "market-based")),
            ),
            empty_sv="Ingen månad är beräknad.",
            empty_en="No month is calculated.",
        ),
        Panel(
            id="known",
            kind=PanelKind.TABLE,
            unit="kg CO2e",
            title_sv="Den kända delen",
            title_en="The known part",
            sentence_sv="Utsläppen ur den energi som har en faktor, per ägare och för tolv månader. Är andelen i panelen ovanför "
            "mindre än 100 % är det här en underskattning; den ska inte jämföras med andra år.",
            sentence_en="Emissions of the energy that has a factor, by owner and for twelve months. Where the share in the panel "
            "above is less than 100 % this is too little; it is not to be compared with other years.",
            source_sv="Nyckeltalen emissions_location_known och emissions_market_known.",
            source_en="The indicators emissions_location_known and emissions_market_known.",
            rows="subject",
            queries=tuple(
                published(f"emissions_{of}_known", ROLLING_YEAR, SubjectKind.OWNER, label, PeriodKind.ROLLING_YEAR)
                for of, label in (
                    ("location", ("platsbaserat", "location-based")),
                    ("market", ("marknadsbaserat", "market-based")),
                )
            ),
            ranked_by="location-based",
            link=Link.FIGURE,
            empty_sv="Inget år är beräknat.",
            empty_en="No year is calculated.",
        ),
        Panel(
            id="biogenic",
            kind=PanelKind.COLUMNS,
            unit="kg CO2",
            title_sv="Biogen koldioxid, redovisad för sig",
            title_en="Biogenic carbon dioxide, stated apart",
            sentence_sv="Koldioxid ur eldad biomassa i fjärrvärmen. Den ingår inte i något av utsläppen ovan och läggs inte till "
            "dem.",
            sentence_en="Carbon dioxide of biomass burnt for the district heating. It is in neither of the emissions above and "
            "is not added to them.",
            source_sv="Nyckeltalet emissions_biogenic: energi gånger den biogena delen av årets faktor.",
            source_en="The indicator emissions_biogenic: energy by the biogenic part of the year's factor.",
            rows="subject",
            queries=(published("emissions_biogenic", TWO_YEARS, PORTFOLIO),),
            empty_sv="Ingen faktor anger biogen koldioxid.",
            empty_en="No factor states biogenic carbon dioxide.",
        ),
        Panel(
            id="avoided",
            kind=PanelKind.COLUMNS,
            unit="kg CO2e",
            title_sv="Undvikna utsläpp, bara som upplysning",
            title_en="Avoided emissions, for information only",
            sentence_sv="Vad andra kan ha sluppit släppa ut tack vare el som vi matat ut. Det är en jämförelse med något som "
            "inte hände: den dras aldrig av från utsläppen ovan och räknas inte mot något mål.",
            sentence_en="What others may have been spared to emit thanks to electricity that we sent out. It compares with "
            "something that did not happen: it is never taken off the emissions above, and counts towards no goal.",
            source_sv="Nyckeltalet emissions_avoided, med en konsekvensfaktor ur factors.yaml; saknas den saknas siffran.",
            source_en="The indicator emissions_avoided, with a consequence factor of factors.yaml; without one the figure is "
            "missing.",
            rows="subject",
            queries=(published("emissions_avoided", TWO_YEARS, PORTFOLIO, carriers=SENT_OUT),),
            empty_sv="Ingen el matas ut, eller så är ingen månad beräknad.",
            empty_en="No electricity is sent out, or no month is calculated.",
        ),
    ),
)
