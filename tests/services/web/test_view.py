"""What panels show of one building at one instant; figures by hand from the example."""

from datetime import UTC, datetime, timedelta

import pytest

from config.domain.indicators import IndicatorValue
from config.domain.panels import one
from config.domain.readings import Reading
from config.errors import StoreUnavailable
from dashboards.facility_managers.building_now import DASHBOARD
from services.reports.wording import Language
from services.web.view.situation import Situation
from services.web.view.values import HourBars, HourRow, PanelView, Part
from services.web.view.viewer import Viewer
from tests.dashboards import example
from tests.doubles.memory_store import MemoryStore


@pytest.fixture(scope="module")
def store() -> MemoryStore:
    filled = MemoryStore()
    example.fill(filled)
    return filled


def panels(
    store: MemoryStore, building: str = example.SCHOOL, language: Language = "sv", now: datetime = example.NOW
) -> dict[str, PanelView]:
    situation = Situation(example.portfolio(), one(building), now, language, store)
    return {panel.id: panel for panel in Viewer(situation).panels(DASHBOARD)}


def hours(part: Part) -> tuple[HourRow, ...]:
    assert isinstance(part.picture, HourBars)
    return part.picture.hours


def test_power_now_is_each_meters_last_value(store: MemoryStore) -> None:
    """With its time; phases are left out, meters without a power reading too."""
    figures = {figure.name: figure for figure in panels(store)["power"].parts[0].figures}

    heat = figures["Fjärrvärme · Värmeeffekt"]
    assert (heat.text, heat.when, heat.missing) == ("81,6\xa0kW", "kl.\xa013:40, för 12\xa0s sedan", "")
    assert list(figures) == [
        "Elmätare, huvud · Effekt, uttag",
        "Fjärrvärme · Värmeeffekt",
        "Solceller tak · Producerad effekt",
        "Kök, undermätare · Effekt, uttag",
    ]


def test_an_old_value_is_not_called_now(store: MemoryStore) -> None:
    """The kitchen's meter has agreed to every 15 minutes and was last heard at 10:30 (09:30 UTC): three hours ago."""
    kitchen = panels(store)["power"].parts[0].figures[3]

    assert kitchen.value is None
    assert kitchen.text == "saknas"
    assert kitchen.missing == "tyst; sist 7,25\xa0kW kl.\xa010:30, för 3\xa0h sedan"


def test_the_last_settled_hour_says_which_it_is(store: MemoryStore) -> None:
    """12 to 13 Swedish time: 60 kWh in it is a mean power of 60 kW; also the sub-meter, never the water."""
    figures = panels(store)["hourly_power"].parts[0].figures

    assert [(each.name, each.text, each.when, each.coverage_text) for each in figures] == [
        ("Elmätare, huvud", "60,0\xa0kW", "12:00–13:00", "täckning 100\xa0%"),
        ("Fjärrvärme", "75,5\xa0kW", "12:00–13:00", "täckning 100\xa0%"),
        ("Solceller tak", "18,0\xa0kW", "12:00–13:00", "täckning 100\xa0%"),
        ("Kök, undermätare", "6,00\xa0kW", "12:00–13:00", "täckning 100\xa0%"),
    ]


def test_a_settlement_that_is_behind_says_so(store: MemoryStore) -> None:
    """Four hours later nothing more has been settled."""
    figures = panels(store, now=example.NOW + timedelta(hours=4))["hourly_power"].parts[0].figures

    assert figures[0].note == "släpar: timmen slutade för 4\xa0h sedan"


def test_today_is_compared_with_the_hours_that_both_days_have(store: MemoryStore) -> None:
    """Heat: 13 hours settled today, one missing: 12 x 75.5 = 906 kWh; the same 12 last Tuesday: 12 x 71.25 = 855."""
    charts = {part.key: part for part in panels(store)["today"].parts}

    assert charts["district_heating"].summary == (
        "De 12 timmar som båda dagarna har: 906\xa0kWh idag, 855\xa0kWh tisdag 17\xa0nov. Det är 51,0\xa0kWh mer. "
        "Täckning 100\xa0%. 1 timme saknas."
    )
    assert list(charts) == ["electricity", "district_heating", "solar"]


def test_each_hour_says_how_it_came_about(store: MemoryStore) -> None:
    """Electricity: two hours interpolated, of 13 settled; heat: one missing; from 13 on nothing can be there yet."""
    charts = {part.key: part for part in panels(store)["today"].parts}

    electricity = [row.state for row in hours(charts["electricity"])]
    heat = hours(charts["district_heating"])[6]
    assert electricity == ["measured"] * 5 + ["estimated"] * 2 + ["measured"] * 6 + ["ahead"] * 11
    assert (heat.label, heat.text, heat.value, heat.state) == ("06–07", "saknas", None, "missing")


def test_a_submeter_is_not_added_to_its_parent(store: MemoryStore) -> None:
    """60 kWh an hour by day, of which the kitchen's 6 are a part."""
    electricity = panels(store)["today"].parts[0]

    assert hours(electricity)[12].value == 60.0


def test_an_hour_that_just_ended_is_waited_for() -> None:
    """It is missing only when settlement has had two hours."""
    charts = panels(MemoryStore())["today"].parts

    states = [row.state for row in hours(charts[0])]
    assert states == ["missing"] * 11 + ["waiting"] * 2 + ["ahead"] * 11
    assert charts[0].summary == "Ingen timme är avräknad än idag. 11 timmar saknas."


@pytest.mark.parametrize(("day", "count", "twice"), [((2026, 10, 25), 25, 2), ((2026, 3, 29), 23, 0)], ids=["autumn", "spring"])
def test_a_day_of_the_clock_change_has_its_own_hours(day: tuple[int, int, int], count: int, twice: int) -> None:
    """The hour from two to three comes twice, or not at all."""
    chart = panels(MemoryStore(), now=datetime(*day, 12, tzinfo=UTC))["today"].parts[0]

    assert len(hours(chart)) == count
    assert [row.label[:2] for row in hours(chart)].count("02") == twice


def test_the_months_energy_has_coverage_and_reasons(store: MemoryStore) -> None:
    """78.4 % is written as 78 %, never rounded up; oil says why it is missing; what is not calculated yet says so."""
    rows = {
        row.name: [(cell.text, cell.note, cell.coverage) for cell in row.cells]
        for row in panels(store)["month"].parts[0].table.rows
    }

    assert rows == {
        "El": [("24\xa0123\xa0kWh", "täckning 78\xa0%", 0.784)],
        "Fjärrvärme": [("42\xa0052\xa0kWh", "täckning 78\xa0%", 0.782)],
        "Solel, producerad": [("1\xa0202\xa0kWh", "täckning 78\xa0%", 0.784)],
        "Olja": [("saknas: Inga mätvärden för perioden.", "", 0.0)],
    }
    rink = panels(store, "ishallen")["month"].parts[0].table.rows
    assert [cell.text for cell in rink[0].cells] == ["saknas: inte beräknad än"]


def test_a_silent_meter_is_marked_in_words(store: MemoryStore) -> None:
    """Water has agreed to no interval: five hours are no silence. 250 of the kitchen's 288 values came."""
    rows = {row.name: row for row in panels(store)["meters"].parts[0].table.rows}

    assert [(name, row.note) for name, row in rows.items()] == [
        ("m-skola-el", ""),
        ("m-skola-varme", ""),
        ("m-skola-sol", ""),
        ("m-skola-vatten", ""),
        ("m-skola-kok", "tyst"),
    ]
    assert [cell.text for cell in rows["m-skola-kok"].cells] == ["för 3\xa0h sedan", "250"]
    assert rows["m-skola-el"].detail == "Elmätare, huvud"


def test_a_meter_that_was_never_heard_is_missing(store: MemoryStore) -> None:
    """And the meter that it replaced is not listed any more."""
    rows = panels(store, "aldreboendet")["meters"].parts[0].table.rows

    assert [(row.name, row.note, row.cells[0].text) for row in rows] == [
        ("m-alv", "tyst", "saknas: inte hörd på 7\xa0dygn".replace("\xa0", " "))
    ]


def test_a_building_without_meters_says_so(store: MemoryStore) -> None:
    """In every panel; nothing is 0."""
    assert {panel.empty for panel in panels(store, "depan").values()} == {"Byggnaden har ingen mätare för detta."}


def test_a_store_that_does_not_answer_is_said_in_the_panel() -> None:
    """With its words, and no panel pretends to be empty."""
    broken = MemoryStore()
    broken.fail_with = StoreUnavailable("InfluxDB at http://influxdb:8086 does not answer")

    shown = panels(broken)

    assert all(panel.trouble.startswith("Saknas: databasen svarar inte") for panel in shown.values())
    assert "http://influxdb:8086" in shown["power"].trouble


def test_english_is_english(store: MemoryStore) -> None:
    """Numbers too."""
    shown = panels(store, language="en")

    assert shown["month"].parts[0].table.rows[0].cells[0].text == "24,123\xa0kWh"
    assert shown["power"].parts[0].figures[3].missing == "silent; last 7.25\xa0kW 10:30, 3\xa0h ago"
    assert shown["today"].parts[1].summary == (
        "The 12 hours that both days have: 906\xa0kWh today, 855\xa0kWh on Tuesday 17\xa0Nov. That is 51.0\xa0kWh more. "
        "Coverage 100\xa0%. 1 hour is missing."
    )


def test_a_clock_that_runs_fast_gives_no_negative_age(store: MemoryStore) -> None:
    """A meter's gateway may be some seconds ahead of us."""
    ahead = MemoryStore()
    at = example.NOW + timedelta(seconds=5)
    ahead.write_readings([Reading("m-rink", "active_power_import", example.NOW, 5.0, at)])

    assert panels(ahead, "ishallen")["power"].parts[0].figures[0].when == "kl.\xa013:40, för 0\xa0s sedan"


def test_an_indicator_of_another_month_is_not_this_months(store: MemoryStore) -> None:
    """On the first of December nothing is calculated yet."""
    assert isinstance(example.indicator_values()[0], IndicatorValue)
    rows = panels(store, now=datetime(2026, 12, 1, 6, tzinfo=UTC))["month"].parts[0].table.rows

    assert {row.cells[0].text for row in rows} == {"saknas: inte beräknad än"}
