"""Where a row leads to: the board's page of it, where the board has a public address, and Grafana's dashboard of the building."""

from collections.abc import Collection

from config.domain.panels import Link
from services.grafana import sdk
from services.grafana.looks import prop
from services.grafana.parts import Scene

# the board's addresses (docs/dashboards.md): of a row's id, in the tag that holds it
PAGES = {Link.BUILDING: ("building", "/byggnad/"), Link.THREAD: ("thread", "/avvikelse/")}
WORDS = {Link.BUILDING: "Öppna byggnaden på tavlan", Link.THREAD: "Öppna avvikelsen på tavlan"}


def needed(link: Link, tags: Collection[str]) -> str:
    """The tag that a row's link is made of; "" where the series has none."""
    tag = PAGES.get(link, ("", ""))[0]
    if link is Link.BUILDING and tag not in tags and "subject" in tags:
        return "subject"
    return tag if tag in tags else ""


def row_links(link: Link, hidden: str, scene: Scene) -> list[sdk.dashboard.DynamicConfigValue]:
    """The links of a row, on a column that shows its id by name, or on another.

    Args:
        hidden: the column that holds the id and is not shown; "" where the links stand on the id itself, whose raw value they
            take (Grafana gives other columns as they look, which is their name).
    """
    value = f'${{__data.fields["{hidden}"]:percentencode}}' if hidden else "${__value.raw:percentencode}"
    found = []
    if scene.board_url and link in PAGES:
        found.append({"title": WORDS[link], "url": f"{scene.board_url}{PAGES[link][1]}{value}", "targetBlank": False})
    if link is Link.BUILDING and scene.building_uid and not hidden:
        address = f"/d/{scene.building_uid}?var-building=${{__value.text:percentencode}}"
        found.append({"title": "Byggnaden i Grafana", "url": address, "targetBlank": False})
    return [prop("links", found)] if found else []


def board_links(scene: Scene) -> list[sdk.dashboard.DashboardLink]:
    """Beside the dashboard: the others of its audience, and the same on the board."""
    tag = audience_tag(scene.dashboard.audience.value)
    others = sdk.dashboard.DashboardLink(
        title="Fler tavlor",
        type_val=sdk.dashboard.DashboardLinkType.DASHBOARDS,
        icon="dashboard",
        tags=[tag],
        as_dropdown=True,
        include_vars=False,
        keep_time=False,
    )
    if not scene.board_url:
        return [others]
    page = sdk.dashboard.DashboardLink(
        title="Samma siffror på tavlan",
        type_val=sdk.dashboard.DashboardLinkType.LINK,
        icon="external link",
        url=f"{scene.board_url}/tavla/{scene.dashboard.uid}",
        target_blank=True,
    )
    return [others, page]


def audience_tag(audience: str) -> str:
    """Common to the dashboards of an audience."""
    return f"energimonitor-{audience.replace('_', '-')}"
