"""Beståndet: every chosen building on a map and in a list, and what they use together.

What many buildings use together is added by carrier, over main meters only. Carriers stand beside each other: a kilowatt-hour of
heat and one of electricity are not the same thing.
"""

from config.domain.panels import About, Audience, Column, Dashboard, Link, Panel, PanelKind, PanelQuery, Role, Scope
from config.domain.series import BUILDINGS, INDICATOR_VALUES, Aggregate, Every, SeriesQuery
from config.domain.windows import TODAY, past_days
from dashboards.facility_managers._asking import (
    BOTH_WAYS,
    BUILDING,
    INWARDS,
    SOLAR,
    USED,
    WATER,
    asked,
    table_of,
    today_and_then,
)

MONTH = past_days(30)
ENERGY = Column("energy", "kWh", "energi igår", "energy yesterday")
BEFORE = Column("energy_before", "kWh", "samma veckodag förra veckan", "same weekday last week")
COVERAGE = Column("coverage", "1", "täckning igår", "coverage yesterday")
SPECIFIC = Column("value", "kWh/m2", "normalårskorrigerat, senaste året", "weather-corrected, last year")
DEVIATIONS = Column("deviations", "", "öppna avvikelser", "open deviations")
SILENT = Column("silent", "", "tysta mätare", "silent meters")
DAY_TOTAL = SeriesQuery(
    INDICATOR_VALUES,
    where={"indicator": ("energy_total",), "period": ("day",), "subject_kind": ("building",)},
    aggregate=Aggregate.LAST,
    every=Every.DAY,
    by=("subject",),
)


def _days(indicator: str, carriers: tuple[str, ...], unit: str) -> tuple[PanelQuery, ...]:
    """What is known of each day, added over buildings, whether a building's day is whole enough to be published or not.

    Not of hours: a thousand buildings have one and a half million of them in a month.
    """
    where = {"indicator": (indicator,), "period": ("day",), "subject_kind": ("building",), "carrier": carriers}

    def each(aggregate: Aggregate, field: str) -> SeriesQuery:
        return SeriesQuery(INDICATOR_VALUES, where=where, aggregate=aggregate, every=Every.DAY, by=("carrier",), field=field)

    return (
        asked(Role.VALUE, each(Aggregate.SUM, "partial"), MONTH, unit, "per dygn", "per day", Scope.SUBJECT),
        asked(Role.COVERAGE, each(Aggregate.MEAN, "coverage"), MONTH, "1", "täckning", "coverage", Scope.SUBJECT),
    )


DASHBOARD = Dashboard(
    uid="bestandet",
    title_sv="Beståndet",
    title_en="The estate",
    audience=Audience.FACILITY_MANAGERS,
    description_sv="Alla valda byggnader på karta och i lista, och vad de använder tillsammans: idag, och dygn för dygn.",
    description_en="All chosen buildings on a map and in a list, and what they use together: today, and day by day.",
    about=About.ESTATE,
    place=2,
    panels=(
        Panel(
            id="map",
            kind=PanelKind.MAP,
            unit="kWh",
            title_sv="Karta",
            title_en="Map",
            sentence_sv="En cirkel per byggnad, större ju mer energi den använde igår. Öppna en byggnad för att se varför. "
            "Byggnader utan läge i portföljen finns bara i listan.",
            sentence_en="A circle a building, larger the more energy it used yesterday. Open a building to see why. Buildings "
            "without a place in the portfolio are in the list only.",
            source_sv="Lägen ur portföljen; energin är nyckeltalet energianvändning totalt (energy_total) det senaste hela "
            "dygnet.",
            source_en="Places from the portfolio; the energy is the indicator energy use, total (energy_total), of the last "
            "whole day.",
            rows="building",
            queries=(table_of(BUILDINGS, TODAY, "kWh", (ENERGY, BEFORE, SPECIFIC, DEVIATIONS, SILENT)),),
            link=Link.BUILDING,
            empty_sv="Ingen av de valda byggnaderna har ett läge i portföljen, eller så är dagens bild inte gjord än.",
            empty_en="None of the chosen buildings has a place in the portfolio, or today's picture is not made yet.",
        ),
        Panel(
            id="list",
            kind=PanelKind.TABLE,
            unit="kWh",
            title_sv="Byggnaderna",
            title_en="The buildings",
            sentence_sv="En rad per byggnad, den som använde mest igår först. Kolumnen kWh/m² är korrigerad till ett normalt år "
            "och går att jämföra mellan byggnader av samma slag. Kronorna är den dyraste öppna avvikelsens: två kan gälla samma "
            "kilowattimmar, så de läggs inte ihop. Saknas något står orsaken i byggnaden.",
            sentence_en="A row a building, the one that used most yesterday first. The column kWh/m² is corrected to a normal "
            "year and can be compared between buildings of one kind. The kronor are those of the dearest open deviation: two "
            "can be about the same kilowatt-hours, so they are not added up. Where something is missing the building's page has "
            "the reason.",
            source_sv="Dagens bild av varje byggnad, ur publicerade nyckeltal, avvikelser och mätarnas konton.",
            source_en="Today's picture of each building, from published indicators, deviations and the meters' accounts.",
            rows="building",
            queries=(
                table_of(
                    BUILDINGS,
                    TODAY,
                    "kWh",
                    (
                        BUILDING,
                        Column("owner", "name", "ägare", "owner"),
                        Column("kind", "name", "slag", "kind"),
                        ENERGY,
                        BEFORE,
                        COVERAGE,
                        SPECIFIC,
                        Column("sek", "kr", "dyraste avvikelsen, utan moms", "dearest open deviation, without VAT"),
                        DEVIATIONS,
                        SILENT,
                        Column("meters", "", "mätare", "meters"),
                    ),
                ),
            ),
            ranked_by="energy",
            link=Link.BUILDING,
            empty_sv="Dagens bild är inte gjord än. Den görs strax efter midnatt: kontrollera beräkningarna om den dröjer.",
            empty_en="Today's picture is not made yet. It is made soon after midnight: check the jobs if it is late.",
        ),
        Panel(
            id="building_days",
            kind=PanelKind.STAT,
            unit="kWh",
            title_sv="Dygn för dygn, byggnad för byggnad",
            title_en="Day by day, building by building",
            sentence_sv="Varje byggnads energi det senaste kända dygnet, och linjen bakom är de senaste trettio. En linje som "
            "stiger utan att det har blivit kallare, eller som inte sjunker på helgen, är värd en titt.",
            sentence_en="Each building's energy of the latest known day, and the line behind is the last thirty. A line that "
            "rises though it has not become colder, or that does not fall at weekends, is worth a look.",
            source_sv="Nyckeltalet energianvändning totalt (energy_total) per dygn.",
            source_en="The indicator energy use, total (energy_total), by day.",
            rows="subject",
            queries=(
                PanelQuery(Role.VALUE, DAY_TOTAL, Scope.SUBJECT, MONTH, "kWh", "energi per dygn", "energy per day"),
                PanelQuery(
                    Role.COVERAGE,
                    SeriesQuery(
                        INDICATOR_VALUES,
                        where=DAY_TOTAL.where,
                        aggregate=Aggregate.LAST,
                        every=Every.DAY,
                        by=("subject",),
                        field="coverage",
                    ),
                    Scope.SUBJECT,
                    MONTH,
                    "1",
                    "täckning",
                    "coverage",
                ),
            ),
            ranked_by="energy per day",
            most=60,
            link=Link.BUILDING,
            empty_sv="Inget dygn är beräknat.",
            empty_en="No day is calculated.",
        ),
        Panel(
            id="today",
            kind=PanelKind.BARS,
            unit="kWh",
            title_sv="Hela urvalet idag mot samma veckodag förra veckan",
            title_en="All chosen buildings today against the same weekday last week",
            sentence_sv="Energi per timme och energislag i de valda byggnaderna tillsammans. Täckningen är andelen av mätarnas "
            "timmar som är uppmätt; de senaste timmarna kan vara för låga tills alla mätare har avräknats.",
            sentence_en="Energy per hour and carrier of the chosen buildings together. Coverage is the share of the meters' "
            "hours that is measured; the latest hours can be too low until every meter is settled.",
            source_sv="Avräknade timmar ur mätarställningar; undermätare räknas inte två gånger.",
            source_en="Settled hours from meter registers; sub-meters are not counted twice.",
            rows="carrier",
            queries=(
                *today_and_then(USED, INWARDS, "kWh", Aggregate.MEAN),
                *today_and_then(SOLAR, BOTH_WAYS, "kWh", Aggregate.MEAN),
            ),
            facet="carrier",
            empty_sv="Ingen timme är avräknad idag i de valda byggnaderna.",
            empty_en="No hour of today is settled in the chosen buildings.",
        ),
        Panel(
            id="days",
            kind=PanelKind.LINES,
            unit="kWh",
            title_sv="Dygn för dygn, per energislag",
            title_en="Day by day, per carrier",
            sentence_sv="De valda byggnadernas energi per dygn under trettio dygn. Täckningen är andelen av "
            "mätarnas timmar som är uppmätt. Faller linjen och täckningen samtidigt är det mätvärden som fattas, inte energi "
            "som har sparats.",
            sentence_en="The chosen buildings' energy per day for thirty days. Coverage is the share of the "
            "meters' hours that is measured. If the line and the coverage fall together readings are missing, and no energy was "
            "saved.",
            source_sv="Nyckeltalet energianvändning (energy) per dygn och byggnad, även dygn som bara delvis är kända; "
            "undermätare räknas inte två gånger.",
            source_en="The indicator energy use (energy) by day and building, also days that are known in part only; sub-meters "
            "are not counted twice.",
            rows="carrier",
            queries=_days("energy", (*USED, *SOLAR), "kWh"),
            empty_sv="Inget dygn är avräknat i de valda byggnaderna.",
            empty_en="No day is settled in the chosen buildings.",
        ),
        Panel(
            id="water_days",
            kind=PanelKind.LINES,
            unit="m3",
            title_sv="Vatten dygn för dygn",
            title_en="Water day by day",
            sentence_sv="De valda byggnadernas vatten per dygn. Ett steg uppåt som stannar kvar är ofta en "
            "läcka: öppna listan och leta efter byggnaden där natten inte längre är tyst.",
            sentence_en="The chosen buildings' water per day. A step upwards that stays is often a leak: open "
            "the list and look for the building where the night is no longer silent.",
            source_sv="Nyckeltalet vattenanvändning (water) per dygn och byggnad, även dygn som bara delvis är kända; "
            "undermätare räknas inte två gånger.",
            source_en="The indicator water use (water) by day and building, also days that are known in part only; sub-meters "
            "are not counted twice.",
            rows="carrier",
            queries=_days("water", WATER, "m3"),
            empty_sv="De valda byggnaderna har ingen avräknad vattenmätare.",
            empty_en="The chosen buildings have no settled water meter.",
        ),
    ),
)
