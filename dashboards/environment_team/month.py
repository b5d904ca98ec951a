"""Månaden: what the month that the reader chose used, cost and let out, in all, by owner, by type and by building.

The same columns everywhere, so that a building's row can be compared with its owner's and its type's. Left out on purpose: the
change in per cent, which is the reader's to work out from the two columns beside each other and says nothing of a missing month.
"""

from config.domain.estate import Carrier
from config.domain.indicators import SubjectKind
from config.domain.panels import About, Audience, Dashboard, Link, Panel, PanelKind, PanelQuery, Role
from config.domain.periods import PeriodKind
from config.domain.windows import LAST_MONTH, ROLLING_YEAR, SAME_MONTH, Span, Window, months
from dashboards._figures import published

USED = tuple(carrier.value for carrier in Carrier if carrier not in (Carrier.WATER, Carrier.SOLAR))
YEAR_OF_MONTHS, YEAR_BEFORE = months(12), Window(Span.MONTHS_BEFORE, 12)
SOURCE_SV = (
    "Publicerade nyckeltal för månader enligt lokal tid: energianvändning totalt (energy_total), normalårskorrigerad "
    "(corrected_energy, corrected_specific_energy), kostnad utan moms (cost), utsläpp (emissions_location, emissions_market)."
)
SOURCE_EN = (
    "Published indicators of months of local time: energy use, total (energy_total), weather-corrected (corrected_energy, "
    "corrected_specific_energy), cost without VAT (cost), emissions (emissions_location, emissions_market)."
)
MISSING_SV = " Saknas en siffra står orsaken i raden."
MISSING_EN = " Where a figure is missing the row has the reason."


def summary(kind: SubjectKind) -> tuple[PanelQuery, ...]:
    """The month's columns, of one kind of subject."""
    rolling = PeriodKind.ROLLING_YEAR
    return (
        published("energy_total", LAST_MONTH, kind, ("energi", "energy")),
        published("energy_total", SAME_MONTH, kind, ("energi, året före", "energy, the year before")),
        published("corrected_energy", LAST_MONTH, kind, ("korrigerad", "corrected")),
        published("corrected_energy", SAME_MONTH, kind, ("korrigerad, året före", "corrected, the year before")),
        published("energy_total", ROLLING_YEAR, kind, ("energi, 12 mån", "energy, 12 months"), rolling),
        published(
            "corrected_specific_energy",
            ROLLING_YEAR,
            kind,
            ("korrigerad per m², 12 mån", "corrected per m², 12 months"),
            rolling,
        ),
        published("cost", LAST_MONTH, kind, ("kostnad utan moms", "cost without VAT")),
        published("emissions_location", LAST_MONTH, kind, ("utsläpp, plats", "emissions, location")),
        published("emissions_market", LAST_MONTH, kind, ("utsläpp, marknad", "emissions, market")),
    )


def table(name: str, kind: SubjectKind, title: tuple[str, str], sentence: tuple[str, str], link: Link, most: int = 0) -> Panel:
    """The summary of each subject of the kind."""
    return Panel(
        id=name,
        kind=PanelKind.TABLE,
        unit="kWh",
        title_sv=title[0],
        title_en=title[1],
        sentence_sv=sentence[0] + MISSING_SV,
        sentence_en=sentence[1] + MISSING_EN,
        source_sv=SOURCE_SV,
        source_en=SOURCE_EN,
        rows="subject",
        queries=summary(kind),
        ranked_by="energy",
        most=most,
        link=link,
        empty_sv="Månaden är inte beräknad.",
        empty_en="The month is not calculated.",
    )


DASHBOARD = Dashboard(
    uid="manaden",
    title_sv="Månaden",
    title_en="The month",
    audience=Audience.ENVIRONMENT_TEAM,
    description_sv="Månadens energi, kostnad och utsläpp: i allt, per ägare, per byggnadstyp och per byggnad, korrigerat och "
    "inte.",
    description_en="The month's energy, cost and emissions: in all, by owner, by type and by building, corrected and not.",
    about=About.ESTATE,
    monthly=True,
    place=1,
    panels=(
        table(
            "all",
            SubjectKind.PORTFOLIO,
            ("Hela beståndet", "The whole estate"),
            (
                "Månadens summa bredvid samma månad året före. Den okorrigerade energin är vad som köptes och vad räkningen och "
                "utsläppen följer; den korrigerade är ett normalt års och visar om vi har blivit effektivare, utan väder.",
                "The month's sum beside the same month of the year before. Uncorrected energy is what was bought, and what the "
                "bill and the emissions follow; the corrected one is a normal year's and shows whether we have become more "
                "efficient, weather aside.",
            ),
            Link.FIGURE,
        ),
        Panel(
            id="carriers",
            kind=PanelKind.TABLE,
            unit="kWh",
            title_sv="Per energislag",
            title_en="By carrier",
            sentence_sv="Köpt energi av varje slag i hela beståndet, utan korrigering. El som matas ut visas på tavlan Förnybart "
            "och dras inte av här." + MISSING_SV,
            sentence_en="Bought energy of each carrier of the whole estate, uncorrected. Electricity sent out is shown on the "
            "dashboard Renewables and is not taken off here." + MISSING_EN,
            source_sv="Nyckeltalet energianvändning (energy) per energislag, månader enligt lokal tid.",
            source_en="The indicator energy use (energy) by carrier, months of local time.",
            rows="carrier",
            queries=(
                published("energy", LAST_MONTH, SubjectKind.PORTFOLIO, ("månaden", "the month"), carriers=USED),
                published(
                    "energy",
                    SAME_MONTH,
                    SubjectKind.PORTFOLIO,
                    ("samma månad året före", "same month the year before"),
                    carriers=USED,
                ),
                published(
                    "energy",
                    ROLLING_YEAR,
                    SubjectKind.PORTFOLIO,
                    ("tolv månader", "twelve months"),
                    PeriodKind.ROLLING_YEAR,
                    USED,
                ),
            ),
            ranked_by="twelve months",
            link=Link.FIGURE,
            empty_sv="Månaden är inte beräknad.",
            empty_en="The month is not calculated.",
        ),
        Panel(
            id="twelve_months",
            kind=PanelKind.COLUMNS,
            unit="kWh",
            title_sv="Tolv månader mot året före",
            title_en="Twelve months against the year before",
            sentence_sv="Hela beståndets normalårskorrigerade energi, månad för månad, bredvid samma månad året före. Ligger "
            "staplarna lägre än året före flera månader i rad har något blivit bättre på riktigt.",
            sentence_en="The whole estate's weather-corrected energy, month by month, beside the same month of the year before. "
            "Where the bars lie lower than the year before for several months, something has really become better.",
            source_sv="Nyckeltalet normalårskorrigerad energianvändning (corrected_energy), egna graddagar ur SMHI:s öppna data.",
            source_en="The indicator weather-corrected energy use (corrected_energy), own degree days from SMHI's open data.",
            rows="subject",
            queries=(
                published(
                    "corrected_energy", YEAR_OF_MONTHS, SubjectKind.PORTFOLIO, ("normalårskorrigerad", "weather-corrected")
                ),
                published(
                    "corrected_energy",
                    YEAR_BEFORE,
                    SubjectKind.PORTFOLIO,
                    ("normalårskorrigerad, året före", "weather-corrected, the year before"),
                    role=Role.COMPARISON,
                ),
            ),
            empty_sv="Ingen månad är beräknad.",
            empty_en="No month is calculated.",
        ),
        table(
            "owners",
            SubjectKind.OWNER,
            ("Per ägare", "By owner"),
            (
                "Nämnder och bolag med alla sina byggnader, även dem som filtret inte visar.",
                "Committees and companies with all their buildings, those too that the filter leaves out.",
            ),
            Link.FIGURE,
        ),
        table(
            "kinds",
            SubjectKind.BUILDING_KIND,
            ("Per byggnadstyp", "By type of building"),
            (
                "Alla byggnader av varje typ. Per kvadratmeter går typens byggnader att jämföra med varandra.",
                "All buildings of each type. Per square metre the buildings of a type can be compared with each other.",
            ),
            Link.FIGURE,
        ),
        table(
            "buildings",
            SubjectKind.BUILDING,
            ("Per byggnad", "By building"),
            (
                "De valda byggnaderna, den som använde mest först.",
                "The chosen buildings, the one that used most first.",
            ),
            Link.BUILDING,
        ),
    ),
)
