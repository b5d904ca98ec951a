"""What the energy cost by year: the parts that follow energy and power, what is fixed, and the price of a kilowatt-hour."""

from collections.abc import Sequence

from config.domain.figure_names import period_name
from config.domain.periods import Period
from services.reports.contents.material import percent_change
from services.reports.contents.naming import carrier_name, period_words, small
from services.reports.contents.trend_scope import TrendScope, axis_words, calculated, scaled, span_words
from services.reports.contents.trend_words import ComparedWords, compared
from services.reports.report import (
    Chart,
    ChartKind,
    ChartSeries,
    Column,
    ReportedFigure,
    Row,
    Section,
    Sentence,
    Table,
    Words,
)

PARTS = (
    ("cost_energy", Words("Följer energin", "Follows the energy")),
    ("cost_power", Words("Följer effekten", "Follows the power")),
    ("cost_fixed", Words("Fast", "Fixed")),
)
_UNIT = "tkr"


def money_section(scope: TrendScope) -> Section:
    """Years, and the period beside the same months of the year before."""
    return Section(
        "money",
        Words("Vad energin kostade", "What the energy cost"),
        (cost_sentence(scope),),
        _charts(scope),
        tuple(each for each in (calculated(_table(scope)), *_price_tables(scope)) if each.rows),
    )


def cost_sentence(scope: TrendScope) -> Sentence:
    """The period's cost beside that of the same months of the year before."""
    now, before = (_tkr(scope, "cost", each) for each in (scope.period, scope.before))
    when = period_words(scope.period)
    water = "water" in scope.own.carriers("cost", scope.subject, scope.period)
    what = Words("Energi och vatten", "Energy and water") if water else Words("Energin", "The energy")
    words = ComparedWords(
        Words(f"Kostnaden {when.sv}", f"The cost in {when.en}"),
        Words(f"{what.sv} kostade", f"{what.en} cost"),
        Words(f" utan moms {when.sv}", f" without VAT in {when.en}"),
    )
    against = (
        Words("året före", "the year before") if scope.is_year else Words("samma månader året före", "the same months before")
    )
    return compared("cost", words, now, percent_change(now, before), against)


def _tkr(scope: TrendScope, indicator: str, period: Period) -> ReportedFigure:
    return scaled(scope.figure(indicator, period), _UNIT)


def _table(scope: TrendScope) -> Table:
    names = ("cost", *(name for name, _ in PARTS))
    periods = list(scope.spans) if scope.is_year else [*scope.spans, scope.before, scope.period]
    rows = tuple(Row(period_name(each), span_words(each), tuple(_tkr(scope, name, each) for name in names)) for each in periods)
    return Table(
        "cost",
        Words("Kostnad per år, utan moms", "Cost by year, without VAT"),
        Words("År", "Year"),
        (Column("cost", Words("Kostnad", "Cost"), _UNIT), *(Column(name, label, _UNIT) for name, label in PARTS)),
        rows,
        Words(
            "Daterade prislistor gånger uppmätt användning, vatten där det mäts; inte fakturan. Öppna avvikelsers kostnad "
            "står för sig och summeras inte: två kan gälla samma kilowattimmar.",
            "Dated price lists by metered use, water where it is metered; not the bill. The cost of open deviations stands "
            "apart and is not summed: two may be about the same kilowatt-hours.",
        ),
    )


def _price_tables(scope: TrendScope) -> Sequence[Table]:
    carriers = scope.own.carriers("cost_per_energy", scope.subject, scope.latest)
    if not carriers:
        return ()
    return (
        Table(
            "price",
            Words("Kostnad per köpt energi, utan moms", "Cost per energy bought, without VAT"),
            Words("År", "Year"),
            tuple(Column(each, carrier_name(each), "kr/kWh") for each in carriers),
            tuple(
                Row(period_name(span), span_words(span), tuple(scope.figure("cost_per_energy", span, each) for each in carriers))
                for span in scope.spans
            ),
        ),
    )


def _charts(scope: TrendScope) -> tuple[Chart, ...]:
    lines = [tuple(_tkr(scope, name, span) for span in scope.spans) for name, _ in PARTS]
    if len(scope.spans) < 2 or all(each.known is None for line in lines for each in line):
        return ()
    last = [line[-1].known or 0.0 for line in lines]
    largest = PARTS[last.index(max(last))][1]
    return (
        Chart(
            "cost_by_year",
            ChartKind.STACKED,
            Words("Kostnadens delar per år", "Parts of the cost by year"),
            Words(f"Den största delen är den som {small(largest.sv)}.", f"The largest part: {small(largest.en)}."),
            _UNIT,
            Words("År", "Year"),
            tuple(axis_words(span) for span in scope.spans),
            tuple(ChartSeries(name, label, line) for (name, label), line in zip(PARTS, lines, strict=True)),
        ),
    )
