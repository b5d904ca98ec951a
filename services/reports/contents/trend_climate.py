"""Renewable share and emissions by year, each perspective named: they answer different questions and are never mixed."""

from config.domain.figure_names import period_name
from config.domain.periods import Period
from services.reports.contents.material import year_before
from services.reports.contents.trend_scope import TrendScope, axis_words, calculated, scaled, span_words
from services.reports.contents.trend_words import about, reason
from services.reports.report import (
    Chart,
    ChartKind,
    ChartRole,
    ChartSeries,
    Column,
    Parts,
    ReportedFigure,
    Row,
    Said,
    Section,
    Sentence,
    Table,
    Words,
)

PHYSICAL, CONTRACTED = "renewable_share", "renewable_share_contracted"
CLASSES = (
    (PHYSICAL, Words("Förnybart", "Renewable")),
    ("recovered_share", Words("Återvunnet", "Recovered")),
    ("fossil_share", Words("Fossilt", "Fossil")),
    ("other_share", Words("Övrigt", "Other")),
    (CONTRACTED, Words("Förnybart, avtalat", "Renewable, contracted")),
    ("origin_coverage", Words("Känt ursprung", "Origin known")),
)
LOCATION, MARKET = "emissions_location", "emissions_market"
_ALIKE = 0.5  # percentage points


def renewable_section(scope: TrendScope) -> Section:
    """The physical share in four classes, the contracted beside it."""
    lines = [tuple(scope.figure(name, span) for span in scope.spans) for name in (PHYSICAL, CONTRACTED)]
    compared = scope.spans if scope.is_year else (*scope.years, year_before(scope.latest), scope.latest)
    table = Table(
        "renewable",
        Words("Energins ursprung per år", "Origin of the energy by year"),
        Words("År", "Year"),
        tuple(Column(name, label, "%") for name, label in CLASSES),
        tuple(
            Row(period_name(span), span_words(span), tuple(scope.figure(name, span) for name, _ in CLASSES)) for span in compared
        ),
        Words(
            "De fyra första är fysiska, efter elnätets och fjärrvärmens mix, och blir 100 %. Avtalat är efter ursprungsgarantier "
            "och residualmix: det ändras av köp, inte av energin.",
            "The first four are physical, by the mix of grid and district heating, and make 100 %. Contracted is by guarantees "
            "of origin and residual mix: it is changed by purchases, not by the energy.",
        ),
    )
    known = any(each.known is not None for line in lines for each in line)
    charts = (_shares(scope, *lines),) if len(scope.spans) > 1 and known else ()
    return Section("renewable", Words("Förnybar andel", "Renewable share"), (renewable_sentence(scope),), charts, _shown(table))


def renewable_sentence(scope: TrendScope) -> Sentence:
    """The physical share beside that of a year before, and the contracted one by its name."""
    now, before = (scope.figure(PHYSICAL, each) for each in (scope.latest, year_before(scope.latest)))
    contracted, span = scope.figure(CONTRACTED, scope.latest), span_words(scope.latest)
    if now.known is None:
        why = reason(now)
        return Sentence(
            "renewable.missing",
            (f"Den förnybara andelen kan inte anges ({span.sv}): {why.sv}",),
            (f"The renewable share cannot be given ({span.en}): {why.en}",),
        )
    near = about(now)
    sv: Parts = (f"Den fysiskt förnybara andelen var {near.sv}", Said(now), f" ({span.sv})")
    en: Parts = (f"The physically renewable share was {near.en}", Said(now), f" ({span.en})")
    if before.known is not None:
        if abs(now.known - before.known) <= max(_ALIKE, now.margin + before.margin):
            sv, en = (*sv, ", ungefär som året före"), (*en, ", about as the year before")
        else:
            way_sv, way_en = ("en minskning", "down") if now.known < before.known else ("en ökning", "up")
            sv, en = (*sv, f", {way_sv} från ", Said(before)), (*en, f", {way_en} from ", Said(before))
    if contracted.known is not None:
        sv, en = (*sv, "; enligt avtal ", Said(contracted)), (*en, "; by contract ", Said(contracted))
    return Sentence("renewable", (*sv, "."), (*en, "."))


def emissions_section(scope: TrendScope) -> Section:
    """Both perspectives by year, with the share of the energy that has a factor."""
    columns = (
        ("location", Words("Platsbaserade", "By location"), "ton CO2e", LOCATION),
        ("market", Words("Marknadsbaserade", "By market"), "ton CO2/CO2e", MARKET),
    )
    shares = (
        ("location_share", Words("Energi med faktor, plats", "Energy with a factor, location"), "emissions_location_coverage"),
        ("market_share", Words("Energi med faktor, marknad", "Energy with a factor, market"), "emissions_market_coverage"),
    )

    def cells(span: Period) -> tuple[ReportedFigure, ...]:
        return (
            *(scaled(scope.figure(name, span), unit) for _, _, unit, name in columns),
            *(scope.figure(name, span) for _, _, name in shares),
        )

    table = Table(
        "emissions",
        Words("Utsläpp per år", "Emissions by year"),
        Words("År", "Year"),
        (
            *(Column(key, label, unit) for key, label, unit, _ in columns),
            *(Column(key, label, "%") for key, label, _ in shares),
        ),
        tuple(Row(period_name(span), span_words(span), cells(span)) for span in scope.spans),
        Words(
            "Platsbaserade: elnätets mix och fjärrvärmens faktor för året. Marknadsbaserade: ursprungsgarantier, annars "
            "leverantörens eller residualmixen. Utmatad solel dras aldrig av.",
            "By location: the mix of the grid and the factor of district heating of the year. By market: guarantees of origin, "
            "else the supplier's or the residual mix. Solar electricity sent out is never deducted.",
        ),
    )
    return Section("emissions", Words("Utsläpp", "Emissions"), (emissions_sentence(scope),), tables=_shown(table))


def emissions_sentence(scope: TrendScope) -> Sentence:
    """Both perspectives of the last twelve months in one breath."""
    span = span_words(scope.latest)
    location = scaled(scope.figure(LOCATION, scope.latest), "ton CO2e")
    market = scaled(scope.figure(MARKET, scope.latest), "ton CO2/CO2e")
    if location.known is None:
        why = reason(location)
        return Sentence(
            "emissions.missing",
            (f"Utsläppen kan inte anges ({span.sv}): {why.sv}",),
            (f"The emissions cannot be given ({span.en}): {why.en}",),
        )
    near = about(location)
    sv: Parts = (f"Utsläppen var platsbaserat {near.sv}", Said(location))
    en: Parts = (f"The emissions were {near.en}", Said(location), " by location")
    if market.known is not None:
        near = about(market)
        sv, en = (*sv, f" och marknadsbaserat {near.sv}", Said(market)), (*en, f" and {near.en}", Said(market), " by market")
    return Sentence("emissions", (*sv, f" ({span.sv})."), (*en, f" ({span.en})."))


def _shown(table: Table) -> tuple[Table, ...]:
    told = calculated(table)
    return (told,) if told.rows else ()


def _shares(scope: TrendScope, physical: tuple[ReportedFigure, ...], contracted: tuple[ReportedFigure, ...]) -> Chart:
    known = [each.known for each in physical if each.known is not None]
    more = len(known) > 1 and known[-1] >= known[0]
    return Chart(
        "renewable_by_year",
        ChartKind.LINES,
        Words("Förnybar andel av energin", "Renewable share of the energy"),
        Words(
            f"Den fysiska andelen är {'högre' if more else 'lägre'} sist än först.",
            f"The physical share is {'higher' if more else 'lower'} at the end than at the beginning.",
        ),
        "%",
        Words("År", "Year"),
        tuple(axis_words(span) for span in scope.spans),
        (
            ChartSeries("physical", Words("Fysiskt", "Physical"), physical),
            ChartSeries("contracted", Words("Avtalat", "Contracted"), contracted, ChartRole.COMPARISON),
        ),
    )
