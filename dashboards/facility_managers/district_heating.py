"""Fjärrvärmen: how well a building uses its district heating. Months as published, and the meter's own temperatures now."""

from config.domain.estate import Carrier
from config.domain.panels import Audience, Dashboard, Link, Panel, PanelKind, PanelQuery, Role, Scope
from config.domain.series import READINGS, Aggregate, Every, SeriesQuery
from config.domain.windows import LAST_MONTH, Span, Window, last_hours, months
from dashboards.facility_managers._asking import published

HEAT = (Carrier.DISTRICT_HEATING.value,)
WEEK = last_hours(7 * 24)
YEAR = months(12)
YEAR_BEFORE = Window(Span.MONTHS_BEFORE, 12)
TEMPERATURES = ("flow_temperature", "return_temperature")
THEN = ("ett år tidigare", "a year earlier")

DASHBOARD = Dashboard(
    uid="fjarrvarmen",
    title_sv="Fjärrvärmen",
    title_en="District heating",
    audience=Audience.FACILITY_MANAGERS,
    description_sv="Fram- och returtemperatur, avkylning, överflöde och vad en grads lägre retur sparar.",
    description_en="Flow and return temperature, temperature drop, overflow, and what a return one degree lower would spare.",
    place=6,
    monthly=True,
    carriers=(Carrier.DISTRICT_HEATING,),
    panels=(
        Panel(
            id="last_month",
            kind=PanelKind.STAT,
            unit="",
            title_sv="Förra månaden",
            title_en="Last month",
            sentence_sv="Bra är stor avkylning, lite vatten per megawattimme och litet överflöde. Kronorna är vad en grads "
            "lägre returtemperatur hade sparat i flödesavgift; noll betyder att prislistan inte har någon sådan avgift.",
            sentence_en="Good is a large temperature drop, little water a megawatt-hour and little overflow. The kronor are "
            "what a return one degree lower would have spared of the flow charge; nought means that the price list has none.",
            source_sv="Värmemätarens volym och temperaturer (E8, E9 där den har dem), vägda med flödet.",
            source_en="The heat meter's volume and temperatures (E8, E9 where it has them), weighted by the flow.",
            rows="",
            queries=(
                published("temperature_drop", LAST_MONTH, HEAT),
                published("volume_per_energy", LAST_MONTH, HEAT),
                published("overflow_share", LAST_MONTH, HEAT),
                published("saved_volume_1c", LAST_MONTH, HEAT),
                published("saved_cost_1c", LAST_MONTH, HEAT),
            ),
            link=Link.FIGURE,
            empty_sv="Förra månaden är inte beräknad, eller så är fjärrvärmen inte mätt.",
            empty_en="Last month is not calculated, or the district heating is not metered.",
        ),
        Panel(
            id="temperatures",
            kind=PanelKind.LINES,
            unit="°C",
            title_sv="Fram- och returtemperatur månad för månad",
            title_en="Flow and return temperature month by month",
            sentence_sv="Flödesvägda månadsmedel. Avståndet mellan linjerna är avkylningen. Kryper returen uppåt år från år är "
            "växlaren smutsig, en ventil läcker eller så är en rundgång öppen.",
            sentence_en="Monthly means, weighted by the flow. The distance of the lines is the temperature drop. If the return "
            "creeps upwards from year to year the exchanger is fouled, a valve leaks or a bypass is open.",
            source_sv="Nyckeltalen flow_temperature och return_temperature.",
            source_en="The indicators flow_temperature and return_temperature.",
            rows="",
            queries=(
                published("flow_temperature", months(25), HEAT),
                published("return_temperature", months(25), HEAT),
            ),
            link=Link.FIGURE,
            empty_sv="Värmemätaren sänder inga temperaturer.",
            empty_en="The heat meter sends no temperatures.",
        ),
        Panel(
            id="drop",
            kind=PanelKind.COLUMNS,
            unit="°C",
            title_sv="Avkylning mot året före",
            title_en="Temperature drop against the year before",
            sentence_sv="Högre är bättre. Låg avkylning under sommaren är vanlig, när bara varmvattnet går; låg avkylning på "
            "vintern är det inte.",
            sentence_en="Higher is better. A low drop in summer is usual, when only hot water is made; a low drop in winter is "
            "not.",
            source_sv="Nyckeltalet avkylning (temperature_drop).",
            source_en="The indicator temperature drop (temperature_drop).",
            rows="",
            queries=(
                published("temperature_drop", YEAR, HEAT, label=("avkylning", "temperature drop")),
                published("temperature_drop", YEAR_BEFORE, HEAT, role=Role.COMPARISON, label=THEN),
            ),
            link=Link.FIGURE,
            empty_sv="Värmemätaren sänder inga temperaturer.",
            empty_en="The heat meter sends no temperatures.",
        ),
        Panel(
            id="overflow",
            kind=PanelKind.COLUMNS,
            unit="%",
            title_sv="Överflödets andel av vattnet",
            title_en="The share of overflow in the water",
            sentence_sv="Den del av fjärrvärmevattnet som inte hade behövts vid 45 °C avkylning (vårt eget mått, inte "
            "leverantörens). Under noll är bättre än måttet. En stapel som växer mot året före är värd ett besök i "
            "undercentralen.",
            sentence_en="The part of the district-heating water that would not have been needed at a drop of 45 °C (our own "
            "yardstick, not the supplier's). Below nought is better than the yardstick. A bar that grows against the year "
            "before is worth a visit to the substation.",
            source_sv="Nyckeltalet överflödets andel (overflow_share).",
            source_en="The indicator share of overflow (overflow_share).",
            rows="",
            queries=(
                published("overflow_share", YEAR, HEAT, label=("överflöde", "overflow")),
                published("overflow_share", YEAR_BEFORE, HEAT, role=Role.COMPARISON, label=THEN),
            ),
            link=Link.FIGURE,
            empty_sv="Värmemätaren sänder ingen volym.",
            empty_en="The heat meter sends no volume.",
        ),
        Panel(
            id="temperatures_now",
            kind=PanelKind.LINES,
            unit="°C",
            title_sv="Temperaturerna den senaste veckan",
            title_en="The temperatures of the last week",
            sentence_sv="Mätarens egna temperaturer, medel per timme, ovägda. Returen ska ligga lugnt. Toppar varje natt är "
            "ofta en varmvattencirkulation utan reglering; en retur nära framledningen betyder att vattnet går rakt igenom.",
            sentence_en="The meter's own temperatures, means of each hour, not weighted. The return should lie calm. Peaks "
            "every night are often hot-water circulation without control; a return near the flow means that water runs straight "
            "through.",
            source_sv="Värmemätarens egna värden, oförändrade.",
            source_en="The heat meter's own values, unchanged.",
            rows="register",
            queries=(
                PanelQuery(
                    Role.VALUE,
                    SeriesQuery(
                        READINGS,
                        where={"register": TEMPERATURES},
                        aggregate=Aggregate.MEAN,
                        every=Every.HOUR,
                        by=("meter", "register"),
                    ),
                    Scope.METER,
                    WEEK,
                    "°C",
                    "temperatur",
                    "temperature",
                ),
                PanelQuery(
                    Role.RECEIVED,
                    SeriesQuery(
                        READINGS,
                        where={"register": TEMPERATURES},
                        aggregate=Aggregate.MAX,
                        by=("meter", "register"),
                        field="received",
                    ),
                    Scope.METER,
                    WEEK,
                    "ms",
                    "senast mottaget",
                    "last received",
                ),
            ),
            empty_sv="Värmemätaren har inte sänt några temperaturer den senaste veckan.",
            empty_en="The heat meter has sent no temperatures in the last week.",
        ),
    ),
)
