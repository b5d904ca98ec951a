"""Questions that several of the facility managers' dashboards ask."""

from config.domain.deviations import METERING, DeviationKind
from config.domain.estate import Carrier, Direction
from config.domain.indicators import SubjectKind
from config.domain.panels import Column, PanelQuery, Role, Scope
from config.domain.periods import PeriodKind
from config.domain.series import DEVIATIONS, INTERVALS, Aggregate, Every, Series, SeriesQuery
from config.domain.windows import SAME_WEEKDAY, TODAY, Window
from dashboards._figures import Label
from dashboards._figures import published as figures_of

ENERGY = tuple(carrier.value for carrier in Carrier if carrier is not Carrier.WATER)
USED = tuple(name for name in ENERGY if name != Carrier.SOLAR)
INWARDS = (Direction.IMPORT.value, Direction.NET.value)
BOTH_WAYS = tuple(direction.value for direction in Direction)
WATER = (Carrier.WATER.value,)
SOLAR = (Carrier.SOLAR.value,)
WASTE = tuple(kind.value for kind in DeviationKind if kind not in METERING)
METER_FAULTS = tuple(kind.value for kind in DeviationKind if kind in METERING)

BUILDING = Column("building", "name", "byggnad", "building")
WHEN = Column("time", "ms", "när", "when")
DEVIATION_COLUMNS = (
    Column("kind", "name", "slag", "kind"),
    Column("sentence", "text", "vad som har hänt", "what has happened", "sentence_en"),
    Column("value", "kr", "kostnad hittills, utan moms", "cost so far, without VAT"),
    Column("kwh", "kWh", "energi hittills", "energy so far"),
    Column("since", "day", "sedan", "since"),
    Column("state", "name", "läge", "state"),
    Column("action", "text", "att göra först", "to do first", "action_en"),
    Column("reason", "text", "vad som saknas", "what is missing", "reason_en"),
)


def main_hours(carriers: tuple[str, ...], directions: tuple[str, ...] = INWARDS) -> SeriesQuery:
    """Settled hours of some carriers, added over the main meters of a carrier: sub-meters are in their parents."""
    where = {"level": ("main",), "carrier": carriers, "direction": directions}
    return SeriesQuery(INTERVALS, where=where, aggregate=Aggregate.SUM, every=Every.HOUR, by=("carrier",))


def asked(
    role: Role, query: SeriesQuery, window: Window, unit: str, label_sv: str, label_en: str, scope: Scope = Scope.BUILDING
) -> PanelQuery:
    """One question about the chosen buildings."""
    return PanelQuery(role, query, scope, window, unit, label_sv, label_en)


def today_and_then(
    carriers: tuple[str, ...], directions: tuple[str, ...], unit: str, covered: Aggregate = Aggregate.MIN
) -> tuple[PanelQuery, ...]:
    """Today's hours of some carriers and those of the same weekday, each with its coverage.

    Args:
        covered: how the coverage of several points becomes one. Of a building the least: an hour is whole only when all of it was
            measured. Of many buildings the mean: the share of their meters' hours that was measured.
    """
    use = main_hours(carriers, directions)
    coverage = SeriesQuery(INTERVALS, where=use.where, aggregate=covered, every=Every.HOUR, by=("carrier",), field="coverage")
    return (
        asked(Role.VALUE, use, TODAY, unit, "idag", "today"),
        asked(Role.COVERAGE, coverage, TODAY, "1", "täckning idag", "coverage today"),
        asked(Role.COMPARISON, use, SAME_WEEKDAY, unit, "samma veckodag förra veckan", "same weekday last week"),
        asked(Role.COMPARISON_COVERAGE, coverage, SAME_WEEKDAY, "1", "täckning förra veckan", "coverage last week"),
    )


def with_coverage(query: SeriesQuery, window: Window, unit: str, label_sv: str, label_en: str) -> tuple[PanelQuery, ...]:
    """An aggregate of settled hours, and the least coverage of the same hours."""
    coverage = SeriesQuery(
        INTERVALS, where=query.where, aggregate=Aggregate.MIN, every=query.every, by=query.by, field="coverage"
    )
    return (
        asked(Role.VALUE, query, window, unit, label_sv, label_en),
        asked(Role.COVERAGE, coverage, window, "1", "täckning", "coverage"),
    )


def published(
    indicator: str,
    window: Window,
    carriers: tuple[str, ...] = ("",),
    period: PeriodKind = PeriodKind.MONTH,
    role: Role = Role.VALUE,
    label: Label | None = None,
) -> PanelQuery:
    """Published figures of the chosen buildings, with all that belongs to them; see `dashboards._figures.published`."""
    return figures_of(indicator, window, SubjectKind.BUILDING, label, period, carriers, role)


def table_of(
    series: Series,
    window: Window,
    unit: str,
    columns: tuple[Column, ...],
    where: dict[str, tuple[str, ...]] | None = None,
    **having: int | str,
) -> PanelQuery:
    """Points of what the state knows, one a row, that hold still."""
    query = SeriesQuery(series, where=where or {}, having={"open": 1, **having})
    return PanelQuery(Role.VALUE, query, Scope.BUILDING, window, unit, "värde", "value", columns)


def open_deviations(kinds: tuple[str, ...], columns: tuple[Column, ...]) -> PanelQuery:
    """Deviations that are open and that nobody has muted."""
    return table_of(DEVIATIONS, TODAY, "kr", columns, {"kind": kinds}, muted=0)
