"""Byggnaden just nu: what a building does now, whether today is as usual, what the month has used, how its meters are.

Left out on purpose: a sum of the meters' powers (a sub-meter's is in its parent's), and phases (`active_power.L1`), which the
total has.
"""

from config.domain.panels import Audience, Dashboard, Panel, PanelKind, PanelQuery, Role, Scope
from config.domain.series import INDICATOR_VALUES, INTERVALS, READINGS, Aggregate, Every, SeriesQuery
from config.domain.windows import THIS_MONTH, last_hours
from dashboards.facility_managers._asking import BOTH_WAYS, ENERGY, INWARDS, SOLAR, USED, WATER, today_and_then

POWER = (
    "active_power",
    "active_power_import",
    "active_power_export",
    "active_power_production",
    "active_power_consumption",
    "battery_power",
    "heat_power",
)

POWER_READINGS = SeriesQuery(
    READINGS, where={"register": POWER}, aggregate=Aggregate.LAST, every=Every.QUARTER, by=("meter", "register")
)
HOURLY_POWER = SeriesQuery(INTERVALS, where={"carrier": ENERGY}, aggregate=Aggregate.LAST, every=Every.HOUR, by=("point",))
MONTH = SeriesQuery(INDICATOR_VALUES, where={"indicator": ("energy",), "period": ("month",), "subject_kind": ("building",)})

DASHBOARD = Dashboard(
    uid="byggnaden-just-nu",
    title_sv="Byggnaden just nu",
    title_en="The building now",
    audience=Audience.FACILITY_MANAGERS,
    description_sv="Effekt just nu, idag mot samma veckodag, månadens energi och mätarnas hälsa.",
    description_en="Power now, today against the same weekday, the month's energy and the health of the meters.",
    place=3,
    panels=(
        Panel(
            id="power",
            kind=PanelKind.STAT,
            unit="kW",
            title_sv="Effekt just nu",
            title_en="Power now",
            sentence_sv="Det senaste värde som varje mätare med effektvisning har sänt, och dess senaste dygn. "
            "Undermätare ingår i sin huvudmätare: lägg inte ihop dem.",
            sentence_en="The latest value that each meter with a power reading has sent, and its last 24 hours. "
            "Sub-meters are part of their main meter: do not add them up.",
            source_sv="Mätarens eget effektvärde, oförändrat.",
            source_en="The meter's own power reading, unchanged.",
            rows="register",
            queries=(
                PanelQuery(Role.VALUE, POWER_READINGS, Scope.METER, last_hours(24), "kW", "effekt", "power"),
                PanelQuery(
                    Role.RECEIVED,
                    SeriesQuery(
                        READINGS,
                        where={"register": POWER},
                        aggregate=Aggregate.MAX,
                        by=("meter", "register"),
                        field="received",
                    ),
                    Scope.METER,
                    last_hours(24),
                    "ms",
                    "senast mottaget",
                    "last received",
                ),
            ),
        ),
        Panel(
            id="hourly_power",
            kind=PanelKind.STAT,
            unit="kW",
            title_sv="Medeleffekt, senaste avräknade timme",
            title_en="Mean power, latest settled hour",
            sentence_sv="Energin i den senaste hela timmen som är avräknad; kWh under en timme är medeleffekten i kW. "
            "Visas också för mätare utan effektvisning.",
            sentence_en="The energy of the latest whole hour that is settled; kWh in one hour is the mean power in kW. "
            "Shown for meters without a power reading too.",
            source_sv="Avräknade timmar ur mätarställningar.",
            source_en="Settled hours from meter registers.",
            rows="point",
            queries=(
                PanelQuery(Role.VALUE, HOURLY_POWER, Scope.POINT, last_hours(24), "kW", "medeleffekt", "mean power"),
                PanelQuery(
                    Role.COVERAGE,
                    SeriesQuery(
                        INTERVALS,
                        where=HOURLY_POWER.where,
                        aggregate=Aggregate.LAST,
                        every=Every.HOUR,
                        by=("point",),
                        field="coverage",
                    ),
                    Scope.POINT,
                    last_hours(24),
                    "1",
                    "täckning",
                    "coverage",
                ),
            ),
        ),
        Panel(
            id="today",
            kind=PanelKind.BARS,
            unit="kWh",
            title_sv="Idag mot samma veckodag förra veckan",
            title_en="Today against the same weekday last week",
            sentence_sv="Energi per timme och energislag. Randiga timmar är helt eller delvis beräknade, inte uppmätta.",
            sentence_en="Energy per hour and carrier. Striped hours are wholly or partly calculated, not measured.",
            source_sv="Avräknade timmar ur mätarställningar; undermätare räknas inte två gånger.",
            source_en="Settled hours from meter registers; sub-meters are not counted twice.",
            rows="carrier",
            queries=(
                *today_and_then(USED, INWARDS, "kWh"),
                *today_and_then(SOLAR, BOTH_WAYS, "kWh"),
            ),
        ),
        Panel(
            id="water_today",
            kind=PanelKind.BARS,
            unit="m3",
            title_sv="Vatten idag mot samma veckodag förra veckan",
            title_en="Water today against the same weekday last week",
            sentence_sv="Volym per timme. Flöde nätter och helger, när ingen är där, tyder på en läcka.",
            sentence_en="Volume per hour. Flow at night and at weekends, when nobody is there, points to a leak.",
            source_sv="Avräknade timmar ur mätarställningar; undermätare räknas inte två gånger.",
            source_en="Settled hours from meter registers; sub-meters are not counted twice.",
            rows="carrier",
            queries=today_and_then(WATER, INWARDS, "m3"),
        ),
        Panel(
            id="month",
            kind=PanelKind.TABLE,
            unit="kWh",
            title_sv="Energi hittills denna månad",
            title_en="Energy so far this month",
            sentence_sv="Summan per energislag, och hur stor del av hela månaden som är uppmätt hittills. "
            "Utmatad el visas för sig och dras inte av.",
            sentence_en="The sum per carrier, and the share of the whole month that is measured so far. "
            "Exported electricity is shown by itself and not taken off.",
            source_sv="Nyckeltalet energianvändning (energy), beräknat ur avräknade timmar.",
            source_en="The indicator energy use (energy), calculated from settled hours.",
            rows="carrier",
            queries=(
                PanelQuery(Role.VALUE, MONTH, Scope.SUBJECT, THIS_MONTH, "kWh", "energi", "energy"),
                PanelQuery(
                    Role.COVERAGE,
                    SeriesQuery(INDICATOR_VALUES, where=MONTH.where, field="coverage"),
                    Scope.SUBJECT,
                    THIS_MONTH,
                    "1",
                    "täckning",
                    "coverage",
                ),
                PanelQuery(
                    Role.REASON,
                    SeriesQuery(INDICATOR_VALUES, where=MONTH.where, field="reason"),
                    Scope.SUBJECT,
                    THIS_MONTH,
                    "",
                    "orsak",
                    "reason",
                ),
            ),
        ),
        Panel(
            id="meters",
            kind=PanelKind.TABLE,
            unit="",
            title_sv="Mätarnas hälsa",
            title_en="Health of the meters",
            sentence_sv="När varje mätare senast hördes, och hur många värden den har sänt senaste dygnet. "
            "Tyst är en mätare som inte hörts på tre gånger sin avtalade tid.",
            sentence_en="When each meter was last heard, and how many values it has sent in the last 24 hours. "
            "Silent is a meter that has not been heard for three times its agreed interval.",
            source_sv="Mottagna mätvärden; tiden är när meddelandet kom till oss.",
            source_en="Readings received; the time is when the message reached us.",
            rows="meter",
            queries=(
                PanelQuery(
                    Role.RECEIVED,
                    SeriesQuery(READINGS, aggregate=Aggregate.MAX, by=("meter",), field="received"),
                    Scope.METER,
                    last_hours(7 * 24),
                    "ms",
                    "senast hörd",
                    "last heard",
                ),
                PanelQuery(
                    Role.COUNT,
                    SeriesQuery(READINGS, aggregate=Aggregate.COUNT, by=("meter",)),
                    Scope.METER,
                    last_hours(24),
                    "",
                    "värden senaste dygnet",
                    "values in the last 24 h",
                ),
            ),
        ),
    ),
)
