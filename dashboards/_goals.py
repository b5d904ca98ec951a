"""Panels of goals: every goal with its value, path, verdict and probability, and its picture.

Goals whose decision was seen, goals that are on record from elsewhere, and yardsticks of our own are three tables: they are not
the same promise, and nobody should be able to mistake one for another.
"""

from config.domain.panels import Column, Link, Panel, PanelKind, PanelQuery, Role, Scope
from config.domain.series import GOAL_LINES, GOALS, SeriesQuery
from config.domain.windows import TODAY, around
from dashboards._figures import Label

GOAL_YEARS = around(20)  # the goals that we know reach from 2020 to 2045
GOAL_COLUMNS = (
    Column("text", "text", "mål", "goal", "text_en"),
    Column("verdict", "text", "läge", "verdict", "verdict_en"),
    Column("probability", "1", "sannolikhet", "probability"),
    Column("value", "", "senaste värde", "latest value"),
    Column("path", "", "målets väg då", "the goal's path then"),
    Column("target", "", "mål, värde", "target"),
    Column("unit", "text", "enhet", "unit"),
    Column("latest", "day", "värde fram till", "value until"),
    Column("reason", "text", "vad som saknas, och varför läget är så", "what is missing, and why it stands so", "reason_en"),
)
SOURCE_SV = "Målen ur goals.yaml, med källa; värden ur publicerade nyckeltal, filer och Kolada; bedömda på dagens kunskap."
SOURCE_EN = "Goals of goals.yaml, with source; values of published indicators, files and Kolada; judged by what is known today."
HOW_SV = (
    " Sannolikheten gäller att ligga på målets väg vid årets slut, eller att nå målet där ingen väg är beslutad. Saknas den "
    "säger raden vad som ska föras in."
)
HOW_EN = (
    " The probability is of lying on the goal's path at the end of the year, or of reaching the goal where no path is decided. "
    "Where it is missing the row says what is to be entered."
)


def _table(name: str, query: PanelQuery, title: Label, sentence: Label, empty: Label) -> Panel:
    """Goals of one standing."""
    return Panel(
        id=name,
        kind=PanelKind.TABLE,
        unit="",
        title_sv=title[0],
        title_en=title[1],
        sentence_sv=sentence[0] + HOW_SV,
        sentence_en=sentence[1] + HOW_EN,
        source_sv=SOURCE_SV,
        source_en=SOURCE_EN,
        rows="goal",
        queries=(query,),
        ranked_by="probability",  # what can be judged first
        link=Link.GOAL,
        empty_sv=empty[0],
        empty_en=empty[1],
    )


def _goals(label: Label, own: bool, verified: bool | None = None) -> PanelQuery:
    """Goals as they stand today; our own yardsticks are asked for by themselves, since nobody has decided them.

    Args:
        verified: those whose decision was seen, or was not; all where None.
    """
    having = {"open": 1, "own": int(own)} | ({} if verified is None else {"verified": int(verified)})
    return PanelQuery(Role.VALUE, SeriesQuery(GOALS, having=having), Scope.NONE, TODAY, "", *label, GOAL_COLUMNS)


def _lines() -> PanelQuery:
    """What was measured, the path, and the forecast with its edges: a line each, of every goal."""
    return PanelQuery(
        Role.VALUE, SeriesQuery(GOAL_LINES, having={"open": 1}), Scope.NONE, GOAL_YEARS, "", "målets bild", "the goal's picture"
    )


GOAL_PANELS = (
    _table(
        "decided",
        _goals(("beslutade mål", "decided goals"), own=False, verified=True),
        ("Beslutade mål", "Decided goals"),
        (
            "Mål vars beslut vi har sett.",
            "Goals whose decision we have seen.",
        ),
        (
            "Inget beslutat mål är infört i goals.yaml, eller så är dagens bild inte gjord än.",
            "No decided goal is entered in goals.yaml, or today's picture is not made yet.",
        ),
    ),
    _table(
        "unverified",
        _goals(("obekräftade mål", "unverified goals"), own=False, verified=False),
        ("Mål vars beslut inte är sett av oss", "Goals whose decision we have not seen"),
        (
            "Mål som sägs gälla men vars beslut vi bara känner i andra hand. Bekräfta dem mot källan innan de citeras.",
            "Goals said to hold, whose decision we know second-hand only. Confirm them with the source before citing them.",
        ),
        ("Alla beslutade mål är bekräftade.", "All decided goals are confirmed."),
    ),
    _table(
        "own",
        _goals(("egna jämförelser", "comparisons of our own"), own=True),
        ("Egna jämförelser, inte beslutade mål", "Comparisons of our own, not decided goals"),
        (
            "Linjer att jämföra sig med. Ingen har beslutat dem för kommunen, och att ligga fel är inget brutet löfte.",
            "Lines to compare with. Nobody has decided them for the municipality, and to lie off them breaks no promise.",
        ),
        ("Ingen egen jämförelse är införd.", "No comparison of our own is entered."),
    ),
    Panel(
        id="pictures",
        kind=PanelKind.LINES,
        unit="",
        title_sv="Målens bilder",
        title_en="Pictures of the goals",
        sentence_sv="En bild per mål, i målets egen enhet: det mätta, vägen dit, och prognosen med sitt 80-procentiga band. "
        "Ligger vägen inom bandet är det inte avgjort. Ett mål utan väg eller med för få värden har färre linjer. Även egna "
        "jämförelser har bilder: tabellerna säger vilka de är.",
        sentence_en="A picture a goal, in the goal's own unit: what was measured, the path, and the forecast with its 80 per "
        "cent band. Where the path lies within the band nothing is settled. A goal without a path or with too few values has "
        "fewer lines. Comparisons of our own have pictures too: the tables say which they are.",
        source_sv=SOURCE_SV,
        source_en=SOURCE_EN,
        rows="line",
        facet="goal",
        queries=(_lines(),),
        link=Link.GOAL,
        empty_sv="Inget mål har värden eller en väg att rita, eller så är dagens bild inte gjord än.",
        empty_en="No goal has values or a path to draw, or today's picture is not made yet.",
    ),
)
