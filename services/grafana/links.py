"""Where a row leads to: the board's page of it, where the board has a public address, and Grafana's dashboard of the building."""

from collections.abc import Collection, Iterable

from config.domain.indicators import PORTFOLIO, SubjectKind
from config.domain.panels import Link, PanelQuery
from config.domain.periods import PeriodKind
from config.domain.windows import LAST_MONTH, ROLLING_YEAR
from services.grafana import sdk
from services.grafana.looks import prop
from services.grafana.parts import Part, Scene

# the board's addresses (docs/dashboards.md): of a row's id, in the tag that holds it
PAGES = {
    Link.BUILDING: ("building", "/byggnad/"),
    Link.THREAD: ("thread", "/avvikelse/"),
    Link.EXCHANGE: ("subject", "/matarbyte/"),
    Link.GOAL: ("goal", "/mal/"),
}
WORDS = {
    Link.BUILDING: "Öppna byggnaden på tavlan",
    Link.THREAD: "Öppna avvikelsen på tavlan",
    Link.EXCHANGE: "Ta ställning till bytet på tavlan",
    Link.GOAL: "Öppna målet på tavlan",
}
RAW = "${__value.raw:percentencode}"
# the reader's month, by its end: its start lies in the month before for a browser whose clock is behind ours
MONTH = "${__to:date:YYYY-MM}"
PERIODS = {PeriodKind.MONTH.value: MONTH, PeriodKind.ROLLING_YEAR.value: f"{MONTH}-r12"}


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
    value = f'${{__data.fields["{hidden}"]:percentencode}}' if hidden else RAW
    found = []
    if scene.board_url and link in PAGES:
        found.append({"title": WORDS[link], "url": f"{scene.board_url}{PAGES[link][1]}{value}", "targetBlank": False})
    if link is Link.BUILDING and scene.building_uid and not hidden:
        address = f"/d/{scene.building_uid}?var-building=${{__value.text:percentencode}}"
        found.append({"title": "Byggnaden i Grafana", "url": address, "targetBlank": False})
    return [prop("links", found)] if found else []


def figure_links(part: Part, scene: Scene) -> list[sdk.dashboard.DynamicConfigValue]:
    """Where each figure of a row comes from, on the column that names the rows by id.

    Only where the reader chooses the month: no variable of Grafana's says which month was the last one.
    """
    if not scene.board_url or not part.beside:
        return []
    titles = ((f"Härledning: {query.label_sv}", _figure(part, query)) for query in part.queries)
    found = [
        {"title": title, "url": f"{scene.board_url}/siffra/{name}", "targetBlank": False}
        for title, names in titles
        for name in names
    ]
    return [prop("links", found)] if found else []


def _figure(part: Part, query: PanelQuery) -> Iterable[str]:
    """Its name as an address has it (`config.domain.figure_names`), with Grafana's variables; none of another month."""
    where = query.query.where
    if query.window not in (LAST_MONTH, ROLLING_YEAR):
        return
    (indicator,), (period,), (kind,) = where["indicator"], where["period"], where["subject_kind"]
    carriers = (RAW,) if part.panel.rows == "carrier" else where["carrier"]
    subject = RAW if part.panel.rows == "subject" else PORTFOLIO
    if len(carriers) != 1 or (subject == PORTFOLIO and kind != SubjectKind.PORTFOLIO):
        return
    carrier = f":{carriers[0]}" if carriers[0] else ""
    yield f"{indicator}{carrier}/{kind}:{subject}/{PERIODS[period]}"


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
