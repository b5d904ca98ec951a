"""Ändrade siffror: published figures that came out otherwise afterwards, with the cause and the old value beside the new one.

By what they are measured in, since old and new need a unit; what is left stands last, in words, which have their units.
"""

from config.domain.indicators import INDICATORS, SubjectKind
from config.domain.panels import About, Audience, Column, Dashboard, Panel, PanelKind, PanelQuery, Role, Scope
from config.domain.series import RESTATEMENTS, SeriesQuery
from config.domain.windows import days
from dashboards._figures import Label

QUARTER = days(92)
ENERGY = ("energy_total", "energy", "heated_building_energy", "corrected_energy", "energy_bought")
COST = ("cost", "cost_energy", "cost_power", "cost_fixed")
EMISSIONS = ("emissions_location",)
REST = tuple(name for name in INDICATORS if name not in (*ENERGY, *COST, *EMISSIONS))
GROUPS = (SubjectKind.PORTFOLIO, SubjectKind.OWNER, SubjectKind.BUILDING_KIND)


def changes(kinds: tuple[SubjectKind, ...], indicators: tuple[str, ...], unit: str) -> PanelQuery:
    """Changes of the last three months; their old and new values where they have one unit."""
    numbers = (Column("old", unit, "före", "before"), Column("value", unit, "nu", "now")) if unit else ()
    columns = (
        Column("time", "ms", "ändrad", "changed"),
        Column("subject", "name", "av", "of"),
        Column("indicator", "name", "nyckeltal", "indicator"),
        Column("carrier", "name", "energislag", "carrier"),
        Column("of", "name", "period", "period"),
        *numbers,
        Column("sentence", "text", "vad som har ändrats, och varför", "what changed, and why", "sentence_en"),
    )
    where = {"subject_kind": tuple(kind.value for kind in kinds), "indicator": indicators}
    return PanelQuery(Role.VALUE, SeriesQuery(RESTATEMENTS, where=where), Scope.SUBJECT, QUARTER, unit, "nu", "now", columns)


def table(
    name: str, kinds: tuple[SubjectKind, ...], indicators: tuple[str, ...], unit: str, title: Label, sentence: Label
) -> Panel:
    """One group of indicators."""
    return Panel(
        id=name,
        kind=PanelKind.TABLE,
        unit=unit,
        title_sv=title[0],
        title_en=title[1],
        sentence_sv=sentence[0],
        sentence_en=sentence[1],
        source_sv="Historiken över publicerade nyckeltal: varje version finns kvar, och en rapport kan göras om som den var.",
        source_en="The history of published indicators: every version is kept, and a report can be made again as it was.",
        rows="subject",
        queries=(changes(kinds, indicators, unit),),
        ranked_by="time",
        most=50,
        empty_sv="Ingen siffra har ändrats de senaste tre månaderna.",
        empty_en="No figure has changed in the last three months.",
    )


DASHBOARD = Dashboard(
    uid="andrade-siffror",
    title_sv="Ändrade siffror",
    title_en="Restated figures",
    audience=Audience.ENVIRONMENT_TEAM,
    description_sv="Publicerade siffror för perioder som är slut och som har blivit andra, med orsak, före och nu.",
    description_en="Published figures of periods that are over and that have come out otherwise, with cause, before and now.",
    about=About.ESTATE,
    place=6,
    panels=(
        table(
            "groups",
            GROUPS,
            ENERGY,
            "kWh",
            ("Beståndets, ägarnas och typernas energi", "Energy of the estate, of owners and of types"),
            (
                "Siffror som kan stå i en rapport som redan är skickad. Skicka den nya med orsaken, eller ta med den i nästa.",
                "Figures that may stand in a report already sent. Send the new one with its cause, or put it in the next.",
            ),
        ),
        table(
            "energy",
            (SubjectKind.BUILDING,),
            ENERGY,
            "kWh",
            ("Byggnadernas energi", "Energy of the buildings"),
            (
                "Vilka byggnader det kom av: sena mätvärden, ett avgjort mätarbyte, en ändrad area eller en ny beräkning.",
                "Which buildings it came from: late readings, a decided meter exchange, a changed area or a new calculation.",
            ),
        ),
        table(
            "emissions",
            (*GROUPS, SubjectKind.BUILDING),
            EMISSIONS,
            "kg CO2e",
            ("Utsläpp, platsbaserade", "Emissions, location-based"),
            (
                "Ändras oftast av att årets faktor har kommit eller rättats, inte av en annan användning.",
                "Changed mostly because the year's factor came or was put right, not because the use was another.",
            ),
        ),
        table(
            "cost",
            (*GROUPS, SubjectKind.BUILDING),
            COST,
            "kr",
            ("Kostnader", "Costs"),
            (
                "Utan moms. Ändras av mätvärden och av prislistor som förs in i efterhand.",
                "Without VAT. Changed by readings, and by price lists that are entered afterwards.",
            ),
        ),
        table(
            "rest",
            (*GROUPS, SubjectKind.BUILDING),
            REST,
            "",
            ("Övriga nyckeltal", "Other indicators"),
            (
                "Allt annat som ändrats: andelar, effekter, per kvadratmeter. Enheten står i meningen.",
                "All else that changed: shares, powers, per square metre. The unit is in the sentence.",
            ),
        ),
    ),
)
