"""What rows a panel ought to have, in which order, and what they are called.

The portfolio promises rows of one building, and rows of buildings, owners and kinds: what the store lacks is then seen to be
missing. Other rows are those that the store has.
"""

from collections.abc import Iterable, Iterator, Sequence

from config.domain.estate import Carrier, Direction
from config.domain.indicators import SubjectKind
from config.domain.panels import CARRIER_NAMES, Panel, PanelKind, PanelQuery, Role, installed_in, subjects_of
from config.domain.quantities import QUANTITIES
from config.domain.series import INDICATOR_VALUES, INTERVALS
from services.web.view.asking import Line
from services.web.view.names import name_of
from services.web.view.situation import Situation
from services.web.view.values import Key


def rows_of(situation: Situation, panel: Panel, found: Sequence[Line]) -> Iterator[tuple[Key, str]]:
    """Each row once, with its name: the promised ones first, then those that the store has besides."""
    keys = dict.fromkeys(line.key for line in found if line.key)
    promised = dict(_promised(situation, panel))
    yield from promised.items()
    query = panel.queries[0]
    for key in keys:
        if key not in promised:
            yield key, row_name(situation, panel, next((each.query for each in found if each.key == key), query), key)


def row_name(situation: Situation, panel: Panel, query: PanelQuery, key: Key) -> str:
    """What a row is called."""
    if panel.rows == "register" and len(key) == 2:
        return _register_name(situation, *key)
    return name_of(situation, query, panel.rows, key[0]) if key else situation.pick(query.label_sv, query.label_en)


def _promised(situation: Situation, panel: Panel) -> Iterator[tuple[Key, str]]:
    query = panel.queries[0]
    match panel.rows:
        case "register" if situation.single:
            yield from _registers(situation, panel)
        case "meter" if situation.single:
            yield from (((meter,), meter) for meter in situation.installed)
        case "point" if situation.single:
            yield from _points(situation, query)
        case "carrier" if situation.single and query.query.series in (INTERVALS, INDICATOR_VALUES):
            yield from _carriers(situation, panel)
        case "building":
            yield from (((each,), name_of(situation, query, "building", each)) for each in situation.choice.buildings)
        case "subject":
            yield from _subjects(situation, query)
        case _:
            pass


def _registers(situation: Situation, panel: Panel) -> Iterator[tuple[Key, str]]:
    wanted = {name for query in panel.queries for name in query.query.where.get("register", ())}
    for meter in situation.installed:
        for register in situation.portfolio.meters[meter].registers:
            if register.name in wanted:
                yield (meter, register.name), _register_name(situation, meter, register.name)


def _register_name(situation: Situation, meter: str, register: str) -> str:
    label = QUANTITIES[register.partition(".")[0]]
    place = " / ".join(situation.places.get(meter, [meter]))
    return f"{place} · {situation.pick(label.label_sv, label.label_en)}"


def _points(situation: Situation, query: PanelQuery) -> Iterator[tuple[Key, str]]:
    wanted = query.query.where.get("carrier")
    for building in situation.choice.buildings:
        installed = {installation.point for installation in installed_in(situation.portfolio, building, situation.now)}
        for point in situation.portfolio.points_in(building):
            if point.id in installed and (wanted is None or point.carrier.value in wanted):
                yield (point.id,), point.name


def _subjects(situation: Situation, query: PanelQuery) -> Iterator[tuple[Key, str]]:
    kind = SubjectKind(query.query.where.get("subject_kind", (SubjectKind.BUILDING.value,))[0])
    if kind is SubjectKind.POINT:
        return
    wanted: Iterable[str] = query.query.where.get("subject") or subjects_of(situation.portfolio, situation.choice, kind)
    yield from (((each,), name_of(situation, query, "subject", each)) for each in wanted)


def _carriers(situation: Situation, panel: Panel) -> Iterator[tuple[Key, str]]:
    """Those that the building's own main points measure."""
    asked = [query.query.where for query in panel.role(Role.VALUE)]
    names: dict[str, None] = {}
    for building in situation.choice.buildings:
        for point in situation.portfolio.points_in(building):
            if point.parent is not None:
                continue
            if panel.kind is PanelKind.BARS:
                if any(
                    point.carrier.value in where.get("carrier", (point.carrier.value,))
                    and point.direction.value in where.get("direction", (point.direction.value,))
                    for where in asked
                ):
                    names[point.carrier.value] = None
            elif point.carrier is not Carrier.WATER:
                exported = point.direction is Direction.EXPORT and point.carrier is not Carrier.SOLAR
                names[f"{point.carrier}_export" if exported else point.carrier.value] = None
    wanted = [set(where["carrier"]) for where in asked if where.get("carrier")]
    for name in names:
        if panel.kind is PanelKind.BARS or not wanted or any(name in each for each in wanted):
            known = CARRIER_NAMES.get(name)
            yield (name,), situation.pick(known.sv, known.en) if known else name
