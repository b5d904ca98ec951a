"""Styrelsen: do we reach the goals, what does the energy cost, and what costs most right now.

Faults of metering are left out of what costs most: what they concern is not known to be wasted.
"""

from config.domain.deviations import METERING, DeviationKind
from config.domain.indicators import SubjectKind
from config.domain.panels import About, Audience, Column, Dashboard, Link, Panel, PanelKind, PanelQuery, Role, Scope
from config.domain.periods import PeriodKind
from config.domain.series import DEVIATIONS, SeriesQuery
from config.domain.windows import ROLLING_YEAR, ROLLING_YEAR_BEFORE, TODAY, months
from dashboards._figures import Label, published
from dashboards._goals import GOAL_PANELS

PORTFOLIO = SubjectKind.PORTFOLIO
ROLLING = PeriodKind.ROLLING_YEAR
WASTE = tuple(kind.value for kind in DeviationKind if kind not in METERING)
COST_PARTS: dict[str, Label] = {
    "cost_energy": ("följer energin, med skatt", "follows the energy, with tax"),
    "cost_power": ("följer effekten", "follows the power"),
    "cost_fixed": ("fast", "fixed"),
}
COST_SV = "Nyckeltalen cost, cost_energy, cost_power och cost_fixed: daterade prislistor gånger uppmätt användning, utan moms."
COST_EN = "The indicators cost, cost_energy, cost_power and cost_fixed: dated price lists by measured use, without VAT."
MISSING_SV = " Saknas en prislista saknas summan, och raden säger vilken."
MISSING_EN = " Where a price list is missing so is the sum, and the row says which."


def cost(kind: SubjectKind) -> tuple[PanelQuery, ...]:
    """Twelve months, those before, and per area."""
    return (
        published("cost", ROLLING_YEAR, kind, ("tolv månader", "twelve months"), ROLLING),
        published("cost", ROLLING_YEAR_BEFORE, kind, ("tolv månader, året före", "twelve months, the year before"), ROLLING),
        *(published(name, ROLLING_YEAR, kind, label, ROLLING) for name, label in COST_PARTS.items()),
        published("specific_cost", ROLLING_YEAR, kind, ("per m²", "per m²"), ROLLING),
    )


def cost_table(name: str, kind: SubjectKind, title: Label, sentence: Label) -> Panel:
    """The cost of each subject of the kind."""
    return Panel(
        id=name,
        kind=PanelKind.TABLE,
        unit="kr",
        title_sv=title[0],
        title_en=title[1],
        sentence_sv=sentence[0] + MISSING_SV,
        sentence_en=sentence[1] + MISSING_EN,
        source_sv=COST_SV,
        source_en=COST_EN,
        rows="subject",
        queries=cost(kind),
        ranked_by="twelve months",
        link=Link.FIGURE,
        empty_sv="Inget år är beräknat.",
        empty_en="No year is calculated.",
    )


DASHBOARD = Dashboard(
    uid="styrelsen",
    title_sv="Styrelsen",
    title_en="The board",
    audience=Audience.BOARD,
    description_sv="Når vi målen, vad kostar energin, och vad kostar mest just nu.",
    description_en="Whether we reach the goals, what the energy costs, and what costs most right now.",
    about=About.ESTATE,
    place=1,
    panels=(
        *GOAL_PANELS,
        cost_table(
            "cost",
            PORTFOLIO,
            ("Vad energin kostar", "What the energy costs"),
            (
                "De tolv senaste hela månaderna, bredvid de tolv före dem. Bara den del som följer energin blir mindre av att vi "
                "använder mindre; effekten sänks genom att kapa topparna.",
                "The last twelve whole months, beside the twelve before them. Only the part that follows the energy becomes less "
                "when we use less; the power part falls when peaks are cut.",
            ),
        ),
        Panel(
            id="cost_parts",
            kind=PanelKind.COLUMNS,
            unit="kr",
            title_sv="Kostnadens delar, månad för månad",
            title_en="Parts of the cost, month by month",
            sentence_sv="Hela staplen är månadens kostnad. Vintern styrs av värmen; det som är lika stort hela året är fasta "
            "avgifter." + MISSING_SV,
            sentence_en="The whole bar is the month's cost. Winter follows the heat; what is the same all year is fixed charges."
            + MISSING_EN,
            source_sv=COST_SV,
            source_en=COST_EN,
            rows="",
            queries=tuple(published(name, months(24), PORTFOLIO, label) for name, label in COST_PARTS.items()),
            stacked=True,
            empty_sv="Ingen månad är beräknad.",
            empty_en="No month is calculated.",
        ),
        cost_table(
            "cost_owners",
            SubjectKind.OWNER,
            ("Vad energin kostar, per ägare", "What the energy costs, by owner"),
            (
                "Nämnder och bolag, den dyraste först.",
                "Committees and companies, the costliest first.",
            ),
        ),
        Panel(
            id="deviations",
            kind=PanelKind.TABLE,
            unit="kr",
            title_sv="De fem största avvikelserna",
            title_en="The five largest deviations",
            sentence_sv="Det som kostar mest just nu och som går att göra något åt, i kronor hittills. Varje rad är en uppgift "
            "för den som sköter byggnaden. Fel på mätare räknas inte hit.",
            sentence_en="What costs most right now and can be done something about, in kronor so far. Each row is a task for who "
            "looks after the building. Faults of meters do not count.",
            source_sv="Avvikelser mot varje byggnads eget mönster, prissatta med dess prislistor, utan moms.",
            source_en="Deviations from each building's own pattern, priced by its price lists, without VAT.",
            rows="thread",
            queries=(
                PanelQuery(
                    Role.VALUE,
                    SeriesQuery(DEVIATIONS, where={"kind": WASTE}, having={"open": 1, "muted": 0}),
                    Scope.BUILDING,
                    TODAY,
                    "kr",
                    "kronor",
                    "kronor",
                    (
                        Column("building", "name", "byggnad", "building"),
                        Column("sentence", "text", "vad som har hänt", "what has happened", "sentence_en"),
                        Column("value", "kr", "hittills, utan moms", "so far, without VAT"),
                        Column("kwh", "kWh", "hittills", "so far"),
                        Column("since", "day", "sedan", "since"),
                        Column("action", "text", "att göra först", "to do first", "action_en"),
                        Column("state", "name", "läge", "state"),
                        Column("reason", "text", "vad som saknas", "what is missing", "reason_en"),
                    ),
                ),
            ),
            ranked_by="value",
            most=5,
            link=Link.THREAD,
            empty_sv="Ingen avvikelse är öppen.",
            empty_en="No deviation is open.",
        ),
    ),
)
