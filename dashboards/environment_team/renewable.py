"""Förnybart: where the energy comes from, physically and by contract, how much of it is known, and own solar electricity.

Four classes that make a hundred per cent: renewable, recovered, fossil, other. Physical and contracted shares stand in panels of
their own and are never mixed in one number: a bought guarantee changes the contract and nothing else (domain facts 5).
"""

from config.domain.estate import Carrier
from config.domain.indicators import SubjectKind
from config.domain.panels import About, Audience, Dashboard, Link, Panel, PanelKind, PanelQuery
from config.domain.periods import PeriodKind
from config.domain.windows import ROLLING_YEAR, Window, months
from dashboards._figures import Label, published

PORTFOLIO = SubjectKind.PORTFOLIO
ROLLING = PeriodKind.ROLLING_YEAR
TWO_YEARS = months(24)
SOLAR = (Carrier.SOLAR.value,)
CLASSES = {
    "renewable": ("förnybart", "renewable"),
    "recovered": ("återvunnet", "recovered"),
    "fossil": ("fossilt", "fossil"),
    "other": ("övrigt (kärnkraft, okänt)", "other (nuclear, unknown)"),
}
PHYSICAL, CONTRACTED = "", "_contracted"
SOURCE_SV = "Andelar ur factors.yaml gånger energin per energislag; egen solel som används på plats räknas en gång, som förnybar."
SOURCE_EN = (
    "Shares of factors.yaml by the energy of each carrier; own solar electricity used on the spot counts once, as renewable."
)


def classes(view: str, window: Window, period: PeriodKind = PeriodKind.MONTH) -> tuple[PanelQuery, ...]:
    """The four shares of the whole estate, physical or contracted."""
    return tuple(published(f"{name}_share{view}", window, PORTFOLIO, label, period) for name, label in CLASSES.items())


def shares(name: str, kind: PanelKind, title: Label, sentence: Label, queries: tuple[PanelQuery, ...], *, stacked: bool) -> Panel:
    """A panel of four shares."""
    return Panel(
        id=name,
        kind=kind,
        unit="%",
        title_sv=title[0],
        title_en=title[1],
        sentence_sv=sentence[0],
        sentence_en=sentence[1],
        source_sv=SOURCE_SV,
        source_en=SOURCE_EN,
        rows="",
        queries=queries,
        stacked=stacked,
        empty_sv="Ingen period är beräknad.",
        empty_en="No period is calculated.",
    )


def table(name: str, kind: SubjectKind, title: Label, link: Link) -> Panel:
    """Twelve months of each subject of the kind."""
    columns = (
        ("renewable_share", ("förnybart, fysiskt", "renewable, physical")),
        ("recovered_share", ("återvunnet, fysiskt", "recovered, physical")),
        ("fossil_share", ("fossilt, fysiskt", "fossil, physical")),
        ("renewable_share_contracted", ("förnybart, avtalat", "renewable, contracted")),
        ("fossil_share_contracted", ("fossilt, avtalat", "fossil, contracted")),
        ("origin_coverage", ("känt ursprung, fysiskt", "known origin, physical")),
        ("renewable_share_known", ("förnybart av det kända, fysiskt", "renewable of what is known, physical")),
    )
    return Panel(
        id=name,
        kind=PanelKind.TABLE,
        unit="%",
        title_sv=title[0],
        title_en=title[1],
        sentence_sv="De tolv senaste hela månaderna. Skillnaden mellan fysiskt och avtalat är vad avtalet gör. Är ursprunget "
        "inte känt för all energi saknas andelarna, och raden säger vad som fattas.",
        sentence_en="The last twelve whole months. The difference between physical and contracted is what the contract does. "
        "Where the origin is not known of all energy the shares are missing, and the row says what lacks.",
        source_sv=SOURCE_SV,
        source_en=SOURCE_EN,
        rows="subject",
        queries=tuple(published(indicator, ROLLING_YEAR, kind, label, ROLLING) for indicator, label in columns),
        ranked_by="renewable, physical",
        link=link,
        empty_sv="Inget år är beräknat.",
        empty_en="No year is calculated.",
    )


DASHBOARD = Dashboard(
    uid="fornybart",
    title_sv="Förnybart",
    title_en="Renewables",
    audience=Audience.ENVIRONMENT_TEAM,
    description_sv="Förnybar, återvunnen och fossil andel, fysiskt och avtalat, hur mycket vars ursprung är känt, och den egna "
    "solelen.",
    description_en="Renewable, recovered and fossil share, physical and contracted, how much is of known origin, and own solar "
    "electricity.",
    about=About.ESTATE,
    monthly=True,
    place=3,
    panels=(
        shares(
            "physical",
            PanelKind.STAT,
            ("Fysiskt, tolv månader", "Physical, twelve months"),
            (
                "Den energi som faktiskt når oss: elmixen där vi är, fjärrvärmens bränslen och den egna solelen. De fyra delarna "
                "är tillsammans 100 %. Återvunnen värme räknas inte som förnybar.",
                "The energy that really reaches us: the electricity mix where we are, the fuels of the district heating and own "
                "solar electricity. The four parts make 100 %. Recovered heat does not count as renewable.",
            ),
            classes(PHYSICAL, ROLLING_YEAR, ROLLING),
            stacked=False,
        ),
        shares(
            "contracted",
            PanelKind.STAT,
            ("Avtalat, tolv månader", "Contracted, twelve months"),
            (
                "Det vi har köpt: annullerade ursprungsgarantier, och residualmix för resten av elen. Ett nytt avtal ändrar den "
                "här siffran utan att något ändras i näten; jämför med den fysiska.",
                "What we bought: cancelled guarantees of origin, and the residual mix for the rest of the electricity. A new "
                "contract changes this figure though nothing changes in the networks; compare with the physical one.",
            ),
            classes(CONTRACTED, ROLLING_YEAR, ROLLING),
            stacked=False,
        ),
        shares(
            "physical_months",
            PanelKind.COLUMNS,
            ("Fysiskt, månad för månad", "Physical, month by month"),
            (
                "Andelarna av hela beståndets energi. På vintern väger fjärrvärmen mest, på sommaren elen.",
                "The shares of the whole estate's energy. In winter the district heating weighs most, in summer the electricity.",
            ),
            classes(PHYSICAL, TWO_YEARS),
            stacked=True,
        ),
        shares(
            "contracted_months",
            PanelKind.COLUMNS,
            ("Avtalat, månad för månad", "Contracted, month by month"),
            (
                "Andelarna av hela beståndets energi efter avtal.",
                "The shares of the whole estate's energy by contract.",
            ),
            classes(CONTRACTED, TWO_YEARS),
            stacked=True,
        ),
        shares(
            "origin",
            PanelKind.LINES,
            ("Andel energi vars ursprung är känt", "Share of the energy of known origin"),
            (
                "Under 100 % saknas andelar för något energislag i factors.yaml, och då är siffrorna ovan ofullständiga.",
                "Below 100 % the shares of a carrier are missing in factors.yaml, and then the figures above are incomplete.",
            ),
            (
                published("origin_coverage", TWO_YEARS, PORTFOLIO, ("fysiskt", "physical")),
                published("origin_coverage_contracted", TWO_YEARS, PORTFOLIO, ("avtalat", "contracted")),
            ),
            stacked=False,
        ),
        table("owners", SubjectKind.OWNER, ("Per ägare, tolv månader", "By owner, twelve months"), Link.FIGURE),
        table("buildings", SubjectKind.BUILDING, ("Per byggnad, tolv månader", "By building, twelve months"), Link.BUILDING),
        Panel(
            id="solar",
            kind=PanelKind.COLUMNS,
            unit="kWh",
            title_sv="Egen solel: producerad och använd på plats",
            title_en="Own solar electricity: produced and used on the spot",
            sentence_sv="Hela beståndets solceller, månad för månad. Skillnaden mellan staplarna är el som matades ut på nätet: "
            "den är inte vår användning och dras inte av från utsläppen.",
            sentence_en="The whole estate's solar cells, month by month. The difference between the bars is electricity sent "
            "out: it is not our use and is not taken off the emissions.",
            source_sv="Nyckeltalen energianvändning (energy) för solel och egenanvänd solel (solar_used).",
            source_en="The indicators energy use (energy) of solar electricity and own use of it (solar_used).",
            rows="",
            queries=(
                published("energy", TWO_YEARS, PORTFOLIO, ("producerad", "produced"), carriers=SOLAR),
                published("solar_used", TWO_YEARS, PORTFOLIO, ("använd på plats", "used on the spot"), carriers=SOLAR),
            ),
            empty_sv="Inga solceller mäts.",
            empty_en="No solar cells are measured.",
        ),
        Panel(
            id="solar_buildings",
            kind=PanelKind.TABLE,
            unit="kWh",
            title_sv="Solel per byggnad, tolv månader",
            title_en="Solar electricity by building, twelve months",
            sentence_sv="Egenanvändning är hur stor del av solelen som byggnaden själv tog hand om, självförsörjning hur stor "
            "del av dess el som kom från solen. Låg specifik produktion bredvid andra byggnaders är värd en titt på "
            "anläggningen.",
            sentence_en="Self-consumption is the share of the solar electricity that the building used itself, self-sufficiency "
            "the share of its electricity that came from the sun. A low specific yield beside other buildings' is worth a look "
            "at the plant.",
            source_sv="Nyckeltalen energy (solel), solar_used, self_consumption, self_sufficiency och specific_yield.",
            source_en="The indicators energy (solar), solar_used, self_consumption, self_sufficiency and specific_yield.",
            rows="subject",
            queries=(
                published("energy", ROLLING_YEAR, SubjectKind.BUILDING, ("producerad", "produced"), ROLLING, SOLAR),
                *(
                    published(indicator, ROLLING_YEAR, SubjectKind.BUILDING, None, ROLLING, SOLAR)
                    for indicator in ("solar_used", "self_consumption", "self_sufficiency", "specific_yield")
                ),
            ),
            ranked_by="produced",
            link=Link.BUILDING,
            empty_sv="Ingen av de valda byggnaderna har solceller som mäts.",
            empty_en="None of the chosen buildings has solar cells that are measured.",
        ),
    ),
)
