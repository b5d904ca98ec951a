"""The tables of the open data API: every column with its type and what it means, in Swedish and English.

From these come the OpenAPI document, the page that people read, the DCAT description, and the columns of every answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import polars as pl


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    NUMBER = "number"
    COUNT = "count"  # a whole number
    TRUTH = "truth"
    INSTANT = "instant"  # UTC
    DATE = "date"  # a local day
    OBJECT = "object"  # text → text; JSON text in CSV and Parquet


TYPES: Mapping[Kind, pl.DataType] = {
    Kind.TEXT: pl.String(),
    Kind.NUMBER: pl.Float64(),
    Kind.COUNT: pl.Int64(),
    Kind.TRUTH: pl.Boolean(),
    Kind.INSTANT: pl.Datetime("us", "UTC"),
    Kind.DATE: pl.Date(),
    Kind.OBJECT: pl.String(),
}


@dataclass(frozen=True, slots=True)
class Field:
    """One column. `may_lack`: it may be null."""

    name: str
    kind: Kind
    sv: str
    en: str
    may_lack: bool = False


@dataclass(frozen=True, slots=True)
class Licence:
    """What anybody may do with the data; `attribution`: what they must say."""

    address: str
    name: str
    attribution: str = ""


CC0 = Licence("http://creativecommons.org/publicdomain/zero/1.0/", "CC0 1.0")
"""Facts about the municipality's own buildings: Digg recommends CC0 for open data, since nobody can misuse what asks nothing."""
CC_BY = Licence("http://creativecommons.org/licenses/by/4.0/", "CC BY 4.0", "SMHI")
"""Degree days are made of SMHI's temperatures, whose licence asks that SMHI is named."""


class Pace(StrEnum):
    """How often a table changes, as the EU's list of frequencies names it."""

    HOURLY = "HOURLY"
    DAILY = "DAILY"
    MONTHLY = "MONTHLY"
    IRREGULAR = "IRREG"


@dataclass(frozen=True, slots=True)
class Table:
    """One table.

    Attributes:
        key: the columns that tell rows apart, in the order that the rows have.
    """

    id: str
    title_sv: str
    title_en: str
    description_sv: str
    description_en: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    pace: Pace
    licence: Licence = CC0

    @property
    def schema(self) -> pl.Schema:
        return pl.Schema({field.name: TYPES[field.kind] for field in self.fields})


_T, _N, _C, _I, _D = Kind.TEXT, Kind.NUMBER, Kind.COUNT, Kind.INSTANT, Kind.DATE
_COVERAGE = ("Andel av tiden som är mätt, 0–1.", "Share of the time that is measured, 0 to 1.")
_REASON_SV = Field(
    "reason_sv", _T, "Varför värdet saknas; tomt där det finns.", "Why the value is missing, in Swedish; empty where it is not."
)
_REASON_EN = Field("reason_en", _T, "Samma på engelska.", "The same in English.")
_CARRIER = (
    "Vad som mäts: electricity, district_heating, water, solar …; det som matas ut heter electricity_export.",
    "What is measured: electricity, district_heating, water, solar …; what is sent out is electricity_export.",
)

BUILDINGS = Table(
    "buildings",
    "Byggnader",
    "Buildings",
    "De byggnader vars siffror är öppna, med typ, ägare, yta och läge.",
    "The buildings whose figures are open, with kind, owner, area and position.",
    (
        Field("id", _T, "Byggnadens id; ändras aldrig.", "The building's id; never changes."),
        Field("name", _T, "Namn.", "Name."),
        Field("kind", _T, "Typ av byggnad.", "Kind of building."),
        Field("kind_sv", _T, "Typen på svenska.", "The kind in Swedish."),
        Field("kind_en", _T, "Typen på engelska.", "The kind in English."),
        Field("owner", _T, "Ägarens id.", "The owner's id."),
        Field(
            "owner_name", _T, "Nämnd eller bolag som svarar för byggnaden.", "Committee or company that answers for the building."
        ),
        Field("area_m2", _N, "Uppvärmd area, Atemp. [m²]", "Heated area, Atemp. [m²]", may_lack=True),
        Field("latitude", _N, "Latitud, WGS 84. [°]", "Latitude, WGS 84. [°]", may_lack=True),
        Field("longitude", _N, "Longitud, WGS 84. [°]", "Longitude, WGS 84. [°]", may_lack=True),
        Field(
            "example",
            _T,
            "Uppgifter som är påhittade exempel, åtskilda av blanksteg.",
            "Columns whose values are invented examples, separated by spaces.",
        ),
    ),
    ("id",),
    Pace.IRREGULAR,
)

SERIES = Table(
    "series",
    "Mätserier",
    "Series",
    "Vilka serier som finns: en per öppen byggnad och energislag, summan av byggnadens huvudmätare. Ett energislag är öppet bara "
    "där alla byggnadens huvudmätare för det är det.",
    "Which series there are: one a public building and carrier, the sum of the building's main meters. A carrier is open only "
    "where all the building's main meters of it are.",
    (
        Field("building", _T, "Byggnadens id.", "The building's id."),
        Field("carrier", _T, *_CARRIER),
        Field("unit", _T, "Enhet: kWh, eller m3 för vatten.", "Unit: kWh, or m3 for water."),
        Field("points", _C, "Antal mätpunkter i summan.", "Number of metering points in the sum."),
        Field("first", _I, "Första timmen som mätts.", "First hour that was measured.", may_lack=True),
        Field(
            "example",
            Kind.TRUTH,
            "Om någon av mätarna är ett påhittat exempel.",
            "Whether one of the meters is an invented example.",
        ),
    ),
    ("building", "carrier"),
    Pace.IRREGULAR,
)

INTERVALS = Table(
    "intervals",
    "Timmar och dygn",
    "Hours and days",
    "En byggnads användning av ett energislag, per timme eller lokalt dygn. Värdet saknas hellre än att gissas; ett dygn har "
    "värde bara där alla dess timmar har det.",
    "A building's use of one carrier, by hour or local day. A value is missing rather than guessed; a day has one only where "
    "all its hours have.",
    (
        Field("building", _T, "Byggnadens id.", "The building's id."),
        Field("carrier", _T, *_CARRIER),
        Field("start", _I, "Första ögonblicket i intervallet.", "First instant inside."),
        Field("end", _I, "Första ögonblicket utanför.", "First instant outside."),
        Field(
            "value",
            _N,
            "Energi eller volym i intervallet; null där den saknas.",
            "Energy or volume; null where it is missing.",
            may_lack=True,
        ),
        Field("unit", _T, "Enhet: kWh, eller m3 för vatten.", "Unit: kWh, or m3 for water."),
        Field("coverage", _N, *_COVERAGE),
        Field(
            "method",
            _T,
            "measured (mätt), interpolated (fördelat), estimated (delvis beräknat) eller missing (saknas).",
            "measured, interpolated (a share of a longer difference), estimated (in part) or missing.",
        ),
        _REASON_SV,
        _REASON_EN,
    ),
    ("start",),
    Pace.HOURLY,
)

INDICATORS = Table(
    "indicators",
    "Nyckeltal",
    "Indicators",
    "Vad varje publicerat nyckeltal är: namn, enhet, definition, källa och hur det räknas över tid och grupper.",
    "What each published indicator is: names, unit, definition, source, and how it goes over to longer periods and groups.",
    (
        Field("id", _T, "Nyckeltalets id.", "The indicator's id."),
        Field("name_sv", _T, "Namn på svenska.", "Name in Swedish."),
        Field("name_en", _T, "Namn på engelska.", "Name in English."),
        Field("unit", _T, "Enhet; 1 är en andel.", "Unit; 1 is a share."),
        Field("definition_sv", _T, "Definition på svenska.", "Definition in Swedish."),
        Field("definition_en", _T, "Definition på engelska.", "Definition in English."),
        Field(
            "source",
            _T,
            "Standard, regel eller facit som definitionen följer.",
            "Standard, rule or reference that the definition follows.",
        ),
        Field(
            "method_sv",
            _T,
            "Hur det räknas över till längre perioder och grupper.",
            "How it goes over to longer periods and groups, in Swedish.",
        ),
        Field("method_en", _T, "Samma på engelska.", "The same in English."),
    ),
    ("id",),
    Pace.IRREGULAR,
)

VALUES = Table(
    "values",
    "Nyckeltalens värden",
    "Indicator values",
    "Värden för öppna byggnader, för typer av byggnader och för hela beståndet, med täckning, osäkerhet, metod och faktorernas "
    "versioner. En grupps siffra finns bara där den inte avslöjar en byggnad som inte är öppen.",
    "Values of public buildings, kinds of building and the whole portfolio, with coverage, uncertainty, method and the versions "
    "of factors. A group's figure is there only where it tells nothing of a building that is not public.",
    (
        Field("start", _I, "Periodens första ögonblick.", "First instant of the period."),
        Field("end", _I, "Första ögonblicket efter perioden.", "First instant after the period."),
        Field(
            "period", _T, "day, month, year, year_to_date eller rolling_year.", "day, month, year, year_to_date or rolling_year."
        ),
        Field("zone", _T, "Tidszon som perioden följer.", "Time zone that the period follows."),
        Field("indicator", _T, "Nyckeltalets id.", "The indicator's id."),
        Field("carrier", _T, "Energislag; tomt där värdet gäller alla.", "Carrier; empty where the value speaks of all."),
        Field("subject_kind", _T, "building, building_kind eller portfolio.", "building, building_kind or portfolio."),
        Field("subject", _T, "Byggnadens id, typen, eller portfolio.", "The building's id, the kind, or portfolio."),
        Field("value", _N, "Värdet; null där det saknas.", "The value; null where it is missing.", may_lack=True),
        Field("unit", _T, "Enhet.", "Unit."),
        Field(
            "uncertainty",
            _N,
            "Halva bredden av 90-procentsintervallet, i värdets enhet.",
            "Half width of the 90 % interval, in the value's unit.",
            may_lack=True,
        ),
        Field("coverage", _N, *_COVERAGE),
        Field(
            "method",
            _T,
            "measured (mätt), estimated (delvis uppskattat) eller missing (saknas).",
            "measured, estimated (in part) or missing.",
        ),
        Field("calculation", _T, "Beräkningens namn och version.", "Name and version of the calculation."),
        Field("factors", Kind.OBJECT, "Faktorer som använts, med version.", "Factors that were used, with version."),
        _REASON_SV,
        _REASON_EN,
        Field("calculated", _I, "När värdet blev känt så.", "When the value came to be known so.", may_lack=True),
    ),
    ("start", "indicator", "carrier", "subject_kind", "subject", "period"),
    Pace.DAILY,
)

GOALS = Table(
    "goals",
    "Mål",
    "Goals",
    "Beslutade mål med källa, väg, senaste värde, bedömning och sannolikhet. Det som är eget mått och inte beslutat är märkt.",
    "Decided goals with source, path, latest value, verdict and probability. Yardsticks of our own are marked.",
    (
        Field("id", _T, "Målets id.", "The goal's id."),
        Field(
            "level",
            _T,
            "Vem som beslutat: eu, nation, region, municipality eller company.",
            "Who decided: eu, nation, region, municipality or company.",
        ),
        Field("owner", _T, "Den som svarar för målet.", "Who answers for it."),
        Field("text_sv", _T, "Målet på svenska.", "The goal in Swedish."),
        Field("text_en", _T, "Målet på engelska.", "The goal in English."),
        Field("indicator", _T, "Vad det mäts i.", "What it is measured by."),
        Field("unit", _T, "Enhet.", "Unit."),
        Field(
            "path",
            _T,
            "Vägens form: linear, yearly_of_base, yearly_compound eller none.",
            "Shape of the path: linear, yearly_of_base, yearly_compound or none.",
        ),
        Field("base_year", _C, "Basår.", "Base year.", may_lack=True),
        Field("base_value", _N, "Basvärde.", "Base value.", may_lack=True),
        Field("target_year", _C, "Målår.", "Target year.", may_lack=True),
        Field("target_value", _N, "Målvärde.", "Target value.", may_lack=True),
        Field("year", _C, "Det år som bedömningen gäller.", "The year that the verdict is about."),
        Field("verdict", _T, "on_track, at_risk, will_miss eller cannot_judge.", "on_track, at_risk, will_miss or cannot_judge."),
        Field("verdict_sv", _T, "Bedömningen på svenska.", "The verdict in Swedish."),
        Field("verdict_en", _T, "Bedömningen på engelska.", "The verdict in English."),
        Field("probability", _N, "Sannolikheten att nå målet, 0–1.", "Probability of reaching it, 0 to 1.", may_lack=True),
        Field("latest_value", _N, "Senaste värde.", "Latest value.", may_lack=True),
        Field(
            "latest_end",
            _D,
            "Sista dagen i det senaste värdets tolv månader.",
            "Last day of the latest value's twelve months.",
            may_lack=True,
        ),
        Field(
            "on_path", _N, "Var vägen ligger vid det senaste värdet.", "Where the path lies at the latest value.", may_lack=True
        ),
        Field(
            "gap",
            _N,
            "Avstånd till vägen; över 0 är den sämre sidan.",
            "Distance from the path; above 0 is the worse side.",
            may_lack=True,
        ),
        Field("own_yardstick", Kind.TRUTH, "Eget mått: ingen har beslutat det.", "Our own yardstick: nobody has decided it."),
        Field(
            "mark",
            _T,
            "Hur säker källan är: V sedd i första hand, S i andra hand, U obekräftad.",
            "How sure the source is: V seen first-hand, S second-hand, U unverified.",
        ),
        Field("source", _T, "Källa.", "Source."),
        Field("reason_sv", _T, "Vad bedömningen vilar på eller saknar.", "What the verdict rests on or lacks, in Swedish."),
        Field("reason_en", _T, "Samma på engelska.", "The same in English."),
        Field("method", _T, "Bedömningsmodellens namn och version.", "Name and version of the model."),
    ),
    ("id",),
    Pace.MONTHLY,
)

GOAL_LINES = Table(
    "goal-lines",
    "Målens linjer",
    "Lines of the goals",
    "Varje måls uppmätta värden, väg och prognos.",
    "Each goal's measured values, path and forecast.",
    (
        Field("goal", _T, "Målets id.", "The goal's id."),
        Field("line", _T, "measured (uppmätt), path (väg) eller forecast (prognos).", "measured, path or forecast."),
        Field("end", _D, "Sista dagen i perioden.", "Last day of the period."),
        Field("value", _N, "Värdet i målets enhet.", "The value in the goal's unit."),
        Field(
            "low",
            _N,
            "Undre gräns: prognosens 80 %, det uppmättas 90 %.",
            "Lower bound: 80 % of a forecast, 90 % of what is measured.",
            may_lack=True,
        ),
        Field("high", _N, "Övre gräns.", "Upper bound.", may_lack=True),
        Field("unit", _T, "Enhet.", "Unit."),
    ),
    ("goal", "line", "end"),
    Pace.MONTHLY,
)

DEGREE_DAYS = Table(
    "degree-days",
    "Graddagar",
    "Degree days",
    "Kommunens graddagar per månad, uppmätta och för ett normalår. Egna graddagar av SMHI:s öppna dygnsmedeltemperaturer, inte "
    "SMHI:s produkt Graddagar.",
    "The municipality's degree days by month, actual and of a normal year. Made by ourselves of SMHI's open daily means; not "
    "SMHI's product Graddagar.",
    (
        Field("month", _T, "Månaden, som 2026-01.", "The month, as 2026-01."),
        Field(
            "degree_days",
            _N,
            "Graddagar; null om något dygn saknas. [K·d]",
            "Degree days; null where a day is missing. [K·d]",
            may_lack=True,
        ),
        Field(
            "normal_degree_days",
            _N,
            "Samma månad ett normalår; februari efter årets längd. [K·d]",
            "The same month of a normal year; February as long as the year's. [K·d]",
            may_lack=True,
        ),
        Field("days", _C, "Dygn vars temperatur är känd.", "Days whose temperature is known."),
        Field("days_in_month", _C, "Dygn i månaden.", "Days in the month."),
        Field("bridged_days", _C, "Dygn som tagits från en annan station.", "Days that were taken from another station."),
        Field("base_temperature_c", _N, "Bastemperatur. [°C]", "Base temperature. [°C]"),
        Field("station", _T, "Stationens id hos SMHI.", "The station's id at SMHI."),
        Field("normal_period", _T, "Normalperiod.", "Normal period."),
        Field(
            "method",
            _T,
            "Regeln: daily-mean är summan av max(0, bas − dygnsmedel).",
            "The rule: daily-mean is the sum of max(0, base - daily mean).",
        ),
        Field("source", _T, "Källa, som den ska anges.", "Source, as it must be named."),
        _REASON_SV,
        _REASON_EN,
    ),
    ("month",),
    Pace.DAILY,
    CC_BY,
)

COMPARISON = Table(
    "comparison",
    "Jämförelse efter typ",
    "Comparison by kind",
    "Energi per kvadratmeter i de öppna byggnaderna av varje typ, senaste hela rullande år: all energi och värme korrigerade "
    "till ett normalår, el som den mättes.",
    "Energy per square metre of the public buildings of each kind, the last whole rolling year: all energy and heat corrected to "
    "a normal year, electricity as metered.",
    (
        Field("kind", _T, "Typ av byggnad.", "Kind of building."),
        Field("kind_sv", _T, "Typen på svenska.", "The kind in Swedish."),
        Field("kind_en", _T, "Typen på engelska.", "The kind in English."),
        Field(
            "carrier", _T, "Energislag; tomt där siffran gäller all energi.", "Carrier; empty where the figure is of all energy."
        ),
        Field("indicator", _T, "Nyckeltalets id.", "The indicator's id."),
        Field("building", _T, "Byggnadens id.", "The building's id."),
        Field("name", _T, "Byggnadens namn.", "The building's name."),
        Field(
            "value",
            _N,
            "Användning under tolv månader; null där den saknas. [kWh/m²]",
            "Use of twelve months; null where it is missing. [kWh/m²]",
            may_lack=True,
        ),
        Field("unit", _T, "Enhet.", "Unit."),
        Field("coverage", _N, *_COVERAGE),
        Field("end", _D, "Sista dagen i de tolv månaderna.", "Last day of the twelve months."),
        _REASON_SV,
        _REASON_EN,
    ),
    ("kind", "carrier", "building"),
    Pace.MONTHLY,
)

TABLES = (BUILDINGS, SERIES, INTERVALS, INDICATORS, VALUES, GOALS, GOAL_LINES, DEGREE_DAYS, COMPARISON)
