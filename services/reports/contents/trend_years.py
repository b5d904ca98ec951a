"""Use year by year, corrected and not, of the stock as it was and of the same buildings throughout."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from config.domain.estate import UNHEATED_KINDS, Building
from config.domain.figure_names import period_name
from config.domain.indicators import Missing
from config.domain.periods import Period, PeriodKind
from services.analysis.constant_stock import METHOD, ConstantStock, StockBuilding, StockYear, constant_stock
from services.reports.contents.material import coverage_figure, percent_change, year_before
from services.reports.contents.naming import days_of
from services.reports.contents.trend_scope import TrendScope, axis_words, scaled, span_words
from services.reports.contents.trend_words import ComparedWords, compared, counted, reason
from services.reports.report import (
    Chart,
    ChartKind,
    ChartRole,
    ChartSeries,
    Column,
    ReportedFigure,
    Row,
    Section,
    Sentence,
    Table,
    Words,
)
from services.reports.wording import swedish_order

METERED, CORRECTED = "heated_building_energy", "corrected_energy"
PER_AREA = "kWh/m2"
DAYS = 365
_MOST = 0.5  # of the buildings known last must be in a constant stock: a span that leaves fewer is made shorter
_METERED_OTHERWISE = Missing(
    "En mätpunkt har kommit till eller lämnat: samma sak mäts inte alla år.",
    "A metering point came or left: the same is not measured in all years.",
)


@dataclass(frozen=True, slots=True)
class Stock:
    """The same buildings over some spans. `figures`, `per_area`: one a span."""

    spans: tuple[Period, ...]
    stock: ConstantStock
    figures: tuple[ReportedFigure, ...]
    per_area: tuple[ReportedFigure, ...]


def years_section(scope: TrendScope) -> Section:
    """Charts and tables; the sentence is of the same buildings, which is what tells whether houses became better."""
    stocks = {name: longest_stock(scope, name) for name in (METERED, CORRECTED)}
    pairs, last = list(pairwise(scope.years)), (year_before(scope.latest), scope.latest)
    pairs += [last] if last not in pairs else []  # that of the sentence, of the first year too
    tables = [_years_table(scope), _stock_table(scope, stocks), _pairs_table(scope, pairs), _left_out_table(stocks)]
    return Section(
        "years",
        Words("Användningen år för år", "Use year by year"),
        (same_sentence(scope),),
        _charts(scope, stocks[CORRECTED]),
        tuple(each for each in tables if each.rows),
        Words("Inget helt år är beräknat än.", "No whole year is calculated yet."),
    )


def same_sentence(scope: TrendScope) -> Sentence:
    """The last twelve months in normal weather, of the buildings that are known in those before too."""
    before, now = year_before(scope.latest), scope.latest
    same = stock_of(scope, CORRECTED, (before, now))
    count, span = counted(len(same.stock.members)), span_words(now)
    if not same.stock.members:
        why = reason(same.figures[0])
        return Sentence(
            "years.no_stock",
            (f"Om samma byggnader använder mindre i normalt väder kan inte bedömas: {why.sv}",),
            (f"Whether the same buildings use less in normal weather cannot be judged: {why.en}",),
        )
    several = Words(f"De {count.sv} byggnader", f"{count.en} buildings")
    those = several if len(same.stock.members) > 1 else Words("Den enda byggnad", "only building")
    words = ComparedWords(
        Words("Användningen i samma byggnader", "The use of the same buildings"),
        Words(
            f"{those.sv} som går att jämföra använde i normalt väder",
            f"In normal weather the {those.en} that can be compared used",
        ),
        Words(f" ({span.sv})", f" ({span.en})"),
    )
    against = Words("året före", "the year before") if scope.is_year else Words("de tolv månaderna före", "the twelve before")
    return compared("years.same", words, same.figures[1], percent_change(same.figures[1], same.figures[0]), against)


def longest_stock(scope: TrendScope, indicator: str) -> Stock:
    """The same buildings over as many of the spans, counted from the last, as half of the buildings are in."""
    spans = scope.spans
    for first in range(len(spans)):
        found = stock_of(scope, indicator, spans[first:])
        if len(found.stock.members) >= _MOST * max(1, _known_last(scope, indicator)):
            return found
    return stock_of(scope, indicator, spans[-1:])


def stock_of(scope: TrendScope, indicator: str, spans: Sequence[Period]) -> Stock:
    """Of the heated buildings: plants have no area, and no weather to correct for."""
    buildings = [each for each in scope.material.buildings(scope.subject) if each.kind not in UNHEATED_KINDS]
    names = [period_name(each) for each in spans]
    stock = constant_stock([_building(scope, each, indicator, spans) for each in buildings], names)
    figures, per_area = [], []
    for span, name in zip(spans, names, strict=True):
        total = stock.sums[name]
        made_of = tuple(f"{indicator}/building:{member}/{name}" for member in stock.members)
        figure = ReportedFigure(total.kwh, "kWh", span, total.coverage, METHOD, margin=total.half_width, made_of=made_of)
        figures.append(scaled(figure, "MWh"))
        margin = 0.0 if isinstance(stock.area_m2, Missing) or not stock.area_m2 else total.half_width / stock.area_m2
        per_area.append(replace(figure, value=total.kwh_per_m2, unit=PER_AREA, margin=margin))
    return Stock(tuple(spans), stock, tuple(figures), tuple(per_area))


def _building(scope: TrendScope, building: Building, indicator: str, spans: Sequence[Period]) -> StockBuilding:
    years = {}
    for span in spans:
        figure = scope.of_building(indicator, building.id, span)
        years[period_name(span)] = StockYear(figure.value, figure.coverage or 0.0, figure.margin)
    steady = all(scope.is_steady(building.id, before, now) for before, now in pairwise(spans))
    return StockBuilding(building.id, building.name, years, building.area_m2, None if steady else _METERED_OTHERWISE)


def _known_last(scope: TrendScope, indicator: str) -> int:
    buildings = scope.material.buildings(scope.subject)
    return sum(scope.of_building(indicator, each.id, scope.spans[-1]).known is not None for each in buildings)


def _mwh(scope: TrendScope, indicator: str, period: Period) -> ReportedFigure:
    return scaled(scope.figure(indicator, period), "MWh")


def _years_table(scope: TrendScope) -> Table:
    rows = []
    for span in scope.spans:
        use = _mwh(scope, "energy_total", span)
        cells = (
            use,
            _mwh(scope, CORRECTED, span),
            scope.figure("specific_energy", span),
            scope.figure("corrected_specific_energy", span),
            coverage_figure(use),
        )
        rows.append(Row(period_name(span), span_words(span), cells))
    return Table(
        "years",
        Words("Beståndet som det var varje år", "The stock as it was each year"),
        Words("År", "Year"),
        (
            Column("use", Words("Uppmätt", "Metered"), "MWh"),
            Column("corrected", Words("Normalt väder", "Normal weather"), "MWh"),
            Column("specific", Words("Uppmätt per area", "Metered per area"), PER_AREA),
            Column("corrected_specific", Words("Normalt väder per area", "Normal weather per area"), PER_AREA),
            Column("coverage", Words("Täckning", "Coverage"), "%"),
        ),
        tuple(rows),
        _with_leap(
            scope,
            "Uppmätt är all energi; de andra kolumnerna är uppvärmda byggnaders. En byggnad som fick mätare senare finns bara i "
            "de senare åren.",
            "Metered is all energy; the other columns are of heated buildings. A building that was metered later is in the "
            "later years only.",
        ),
    )


def _with_leap(scope: TrendScope, sv: str, en: str) -> Words:
    """A leap year is a day longer, which is said where there is one."""
    if all(days_of(span) == DAYS for span in scope.spans):
        return Words(sv, en)
    return Words(f"{sv} Skottår är en dag längre (0,3 %).", f"{en} Leap years are a day longer (0.3 %).")


def _stock_table(scope: TrendScope, stocks: dict[str, Stock]) -> Table:
    metered, corrected = stocks[METERED], stocks[CORRECTED]
    known = [
        dict(zip(each.spans, figures, strict=True))
        for figures, each in (
            (metered.figures, metered),
            (corrected.figures, corrected),
            (metered.per_area, metered),
            (corrected.per_area, corrected),
        )
    ]
    rows = [Row(period_name(span), span_words(span), tuple(each.get(span) for each in known)) for span in scope.spans]
    every = len([each for each in scope.material.buildings(scope.subject) if each.kind not in UNHEATED_KINDS])
    counts = len(metered.stock.members), len(corrected.stock.members)
    return Table(
        "same_buildings",
        Words("Samma byggnader alla år", "The same buildings in all years"),
        Words("År", "Year"),
        (
            Column("use", Words("Uppmätt", "Metered"), "MWh"),
            Column("corrected", Words("Normalt väder", "Normal weather"), "MWh"),
            Column("specific", Words("Uppmätt per area", "Metered per area"), PER_AREA),
            Column("corrected_specific", Words("Normalt väder per area", "Normal weather per area"), PER_AREA),
        ),
        tuple(row for row in rows if any(counts) and any(cell is not None for cell in row.cells)),
        Words(
            f"Uppmätt: {counts[0]} av {every} uppvärmda byggnader. Normalt väder: {counts[1]} av {every}; ett år står tomt där "
            "färre än hälften går att jämföra.",
            f"Metered: {counts[0]} of {every} heated buildings. Normal weather: {counts[1]} of {every}; a year is empty where "
            "fewer than half can be compared.",
        ),
    )


def _pairs_table(scope: TrendScope, pairs: Sequence[tuple[Period, Period]]) -> Table:
    rows = []
    for before, now in pairs:
        metered, corrected = (stock_of(scope, name, (before, now)) for name in (METERED, CORRECTED))
        count = float(len(corrected.stock.members))
        cells = (
            percent_change(_mwh(scope, METERED, now), _mwh(scope, METERED, before)),
            percent_change(metered.figures[1], metered.figures[0]),
            percent_change(_mwh(scope, CORRECTED, now), _mwh(scope, CORRECTED, before)),
            percent_change(corrected.figures[1], corrected.figures[0]),
            corrected.figures[1],
            ReportedFigure(count, "", now, 1.0, METHOD, made_of=corrected.figures[1].made_of),
        )
        rows.append(Row(period_name(now), _against(before, now), cells))
    return Table(
        "changes",
        Words(
            "Förändring mot året före: hela beståndet och samma byggnader", "Change against the year before: all, and the same"
        ),
        Words("Jämförelse", "Comparison"),
        (
            Column("metered_all", Words("Uppmätt, alla", "Metered, all"), "%"),
            Column("metered_same", Words("Uppmätt, samma", "Metered, the same"), "%"),
            Column("corrected_all", Words("Normalt väder, alla", "Normal weather, all"), "%"),
            Column("corrected_same", Words("Normalt väder, samma", "Normal weather, the same"), "%"),
            Column("same_use", Words("Samma byggnader använde", "The same buildings used"), "MWh"),
            Column("count", Words("Antal samma", "How many")),
        ),
        tuple(rows),
        Words(
            "Uppvärmda byggnader. ”Samma” är de vars siffror är hela båda åren och där samma sak mäts; energi och antal gäller "
            "normalt väder.",
            "Heated buildings. “The same” are those whose figures are whole in both years and where the same is measured; "
            "energy and number are of normal weather.",
        ),
    )


def _against(before: Period, now: Period) -> Words:
    if now.kind is PeriodKind.YEAR:
        return Words(f"{period_name(now)} mot {period_name(before)}", f"{period_name(now)} against {period_name(before)}")
    span = span_words(now)
    return Words(f"{span.sv} mot de tolv före", f"{span.en} against the twelve before")


def _left_out_table(stocks: dict[str, Stock]) -> Table:
    why = [dict(stocks[name].stock.left_out) for name in (METERED, CORRECTED)]
    names = sorted({*why[0], *why[1]}, key=swedish_order)
    rows = tuple(
        Row(
            name,
            Words(name, name),
            tuple(Words(each[name].reason_sv, each[name].reason_en) if name in each else None for each in why),
        )
        for name in names
    )
    return Table(
        "left_out",
        Words("Byggnader som inte är med i ”samma byggnader alla år”", "Buildings that are not among “the same in all years”"),
        Words("Byggnad", "Building"),
        (Column("metered", Words("Uppmätt", "Metered")), Column("corrected", Words("Normalt väder", "Normal weather"))),
        rows,
    )


def _charts(scope: TrendScope, same: Stock) -> tuple[Chart, ...]:
    if len(scope.spans) < 2:
        return ()
    labels = tuple(axis_words(span) for span in scope.spans)

    def over(figures: Sequence[ReportedFigure]) -> tuple[ReportedFigure | None, ...]:
        known = dict(zip(same.spans, figures, strict=True))
        return tuple(known.get(span) for span in scope.spans)

    charts = []
    for key, unit, names, own in (
        ("use_by_year", "MWh", ("energy_total", CORRECTED), same.figures),
        ("use_by_area", PER_AREA, ("specific_energy", "corrected_specific_energy"), same.per_area),
    ):
        title = (
            Words("Energi per år", "Energy by year")
            if unit == "MWh"
            else Words("Energi per kvadratmeter och år", "Energy per square metre and year")
        )
        lines = [
            tuple(_mwh(scope, name, span) if unit == "MWh" else scope.figure(name, span) for span in scope.spans)
            for name in names
        ]
        series = [
            ChartSeries("use", Words("Uppmätt", "Metered"), lines[0]),
            ChartSeries("corrected", Words("Normalt väder", "Normal weather"), lines[1], ChartRole.COMPARISON),
        ]
        if same.stock.members:
            name_of = Words("Samma byggnader, normalt väder", "The same buildings, normal weather")
            series.append(ChartSeries("same", name_of, over(own), ChartRole.PATH))
        charts.append(Chart(key, ChartKind.COLUMNS, title, _alt(lines[0]), unit, Words("År", "Year"), labels, tuple(series)))
    return tuple(charts)


def _alt(metered: Sequence[ReportedFigure]) -> Words:
    known = [each.known for each in metered if each.known is not None]
    if len(known) < 2:
        return Words("Bara ett år är känt.", "Only one year is known.")
    sv, en = ("lägre", "lower") if known[-1] < known[0] else ("högre", "higher")
    return Words(
        f"Den uppmätta energin är {sv} sist än först i perioden.",
        f"The metered energy is {en} at the end than at the beginning.",
    )
