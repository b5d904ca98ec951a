"""How Grafana's panels are drawn: what shares an axis, where rows lead to, and what an empty cell says."""

from collections.abc import Mapping
from typing import Any

from dashboards.environment_team import goals, month, quality, restated
from dashboards.facility_managers import building_figures, building_meters, estate, morning
from services.grafana.dashboards import dashboard_json
from services.grafana.older import fitted
from tests.dashboards import example

BOARD = "https://energi.example.se"
Json = Mapping[str, Any]


def panels(module: Any, board_url: str = BOARD) -> dict[str, Json]:
    """Title → panel."""
    made = dashboard_json(module.DASHBOARD, example.portfolio(), example=False, board_url=board_url)
    return {panel["title"]: panel for panel in made["panels"]}


def properties(panel: Json, column: str) -> dict[str, Any]:
    """What is said of the column's looks."""
    rules = [rule for rule in panel["fieldConfig"]["overrides"] if rule["matcher"]["options"] == column]
    return {each["id"]: each["value"] for rule in rules for each in rule["properties"]}


def links(panel: Json, column: str) -> dict[str, str]:
    return {link["title"]: link["url"] for link in properties(panel, column).get("links", [])}


def test_a_year_and_the_year_before_share_an_axis() -> None:
    """In panels of their own, equal bars would not mean equal figures."""
    cost = [panel for title, panel in panels(building_figures).items() if title.startswith("Kostnad månad för månad")]

    assert len(cost) == 1
    assert (cost[0]["timeFrom"], cost[0]["timeShift"].split("-")[0]) == ("now-23M/M", "1M/M")


def test_carriers_that_a_building_lacks_have_no_picture_of_their_own() -> None:
    """One picture of the base load, with a line for each carrier that there is."""
    titles = [title for title in panels(building_figures) if title.startswith("Baslast")]

    assert titles == ["Baslast: effekten när ingen är där"]


def test_a_row_leads_to_its_page_of_the_board() -> None:
    """By an id that stands in the row, shown or not."""
    exchange = links(panels(morning)["Mätarbyten att ta ställning till"], "byggnad")
    in_building = links(panels(building_meters)["Mätarbyten att ta ställning till"], "när")
    goal = links(panels(goals)["Beslutade mål"], "mål")

    assert list(exchange.values()) == [f'{BOARD}/matarbyte/${{__data.fields["subject"]:percentencode}}']
    assert in_building == exchange
    assert list(goal.values()) == [f'{BOARD}/mal/${{__data.fields["goal"]:percentencode}}']


def test_a_figure_of_the_readers_month_leads_to_where_it_comes_from() -> None:
    """The month by its end, which lies in it for a browser on UTC too; figures of another month have no such variable."""
    found = panels(month)
    owners = links(found["Per ägare"], "gäller")
    carriers = links(found["Per energislag"], "energislag")
    month_of = "${__to:date:YYYY-MM}"

    assert owners["Härledning: energi"] == f"{BOARD}/siffra/energy_total/owner:${{__value.raw:percentencode}}/{month_of}"
    assert owners["Härledning: energi, 12 mån"].endswith(f"/{month_of}-r12")
    assert "Härledning: energi, året före" not in owners
    assert (
        carriers["Härledning: månaden"] == f"{BOARD}/siffra/energy:${{__value.raw:percentencode}}/portfolio:portfolio/{month_of}"
    )


def test_without_a_board_rows_lead_nowhere() -> None:
    """It has no address that Grafana's readers could open."""
    assert links(panels(month, board_url="")["Per ägare"], "gäller") == {}
    assert links(panels(goals, board_url="")["Beslutade mål"], "mål") == {}


def test_an_empty_cell_says_what_it_means() -> None:
    """A carrier that is not metered lacks nothing, hours that never were are none, and a figure of no carrier is of all."""
    of_quality = panels(quality)
    coverage = properties(of_quality["Täckning per byggnad och energislag"], "Fjärrvärme")
    counted = properties(of_quality["Hur timmarna kom till"], "fördelade timmar")
    carrier = properties(panels(restated)["Utsläpp, platsbaserade"], "energislag")

    assert (coverage["noValue"], counted["noValue"], carrier["noValue"]) == ("–", "inga", "alla energislag")


def test_before_and_after_are_told_to_the_last_kilowatt_hour() -> None:
    """In megawatt-hours of three digits most of what changed looks the same."""
    changed = panels(restated)["Byggnadernas energi"]

    assert properties(changed, "före")["unit"] == properties(changed, "nu")["unit"] == "currency:financial: kWh:suffix"


def test_grafana_9_says_that_a_column_is_missing() -> None:
    """Of a column without any value it writes "null", unless its text is coloured; 10 and later, and 7, are left as they are."""
    made = dashboard_json(goals.DASHBOARD, example.portfolio(), example=False)

    def looks(version: tuple[int, int]) -> dict[str, Any]:
        return properties(fitted(made, version)["panels"][0], "sannolikhet")

    assert (looks((9, 4))["custom.displayMode"], looks((9, 4))["color"]["fixedColor"]) == ("color-text", "text")
    assert "custom.displayMode" not in looks((10, 0))
    assert "custom.displayMode" not in looks((7, 5))


def test_figures_of_many_buildings_have_the_whole_width() -> None:
    """And no colour that calls one of them good or bad."""
    figures = [panel for title, panel in panels(estate).items() if title.startswith("Dygn för dygn, byggnad för byggnad")]

    assert [panel["gridPos"]["w"] for panel in figures] == [24, 24]
    assert figures[0]["fieldConfig"]["defaults"]["color"]["mode"] == "fixed"
