"""Faults of registers: exchanges, ends, units, signs, standing still."""

from tests.services.settlement.worlds_drafts import Draft, Loose, iso
from tests.services.settlement.worlds_faults import between, placed
from tests.services.settlement.worlds_loads import DAY, HOUR

ANY = ("measured", "interpolated", "estimated")
WIND = 2**32 / 1000  # where a 32-bit register of watt-hours starts again


def exchange_recorded(draft: Draft) -> bool:
    return _exchange(draft, recorded=True, new_id=True)


def exchange_new_id(draft: Draft) -> bool:
    return _exchange(draft, recorded=False, new_id=True)


def exchange_same_id(draft: Draft) -> bool:
    return _exchange(draft, recorded=False, new_id=False)


def reset(draft: Draft) -> bool:
    """After an update the register counts from nought again."""
    return _exchange(draft, recorded=False, new_id=False, from_nought=True)


def _exchange(draft: Draft, recorded: bool, new_id: bool, from_nought: bool = False) -> bool:
    assert draft.interval is not None
    number = placed(draft, draft.interval)
    if number is None:
        return False
    before, after = draft.events[number], draft.events[number + 1]
    at = int(draft.random.integers(before.at + 1, after.at)) if draft.random.random() < 0.8 else before.at + 1
    old = before.shift + float(draft.load.energy(at))
    most = draft.load.largest(draft.start, draft.end)
    level = str(draft.random.choice(["new", "higher", "lower"]))
    new = 0.0
    if level == "higher" and not from_nought:
        least = (
            most * max(3.0, 12 * draft.interval / HOUR) + 100 * draft.resolution
        )  # twelve times what the readings' interval can carry
        new = old + least * between(draft, 1, 10_000)
    elif level == "lower" and not from_nought:
        new = old * draft.random.uniform(0.05, 0.97)
        if old - new < 5 * most:
            new = 0.0
    new = draft.stepped(new)
    came = draft.new_meter() if new_id else before.meter
    draft.relevel(number + 1, new - old, came)
    name = "a used meter" if new > 0 else "a new meter"
    if recorded:
        draft.noted.append(at)
        levels = {"old_meter": before.meter, "old_register": draft.stepped(old), "new_meter": came, "new_register": new}
        draft.exchanges.append({"at": iso(at), **levels})
        draft.exchanges.sort(key=lambda item: str(item["at"]))
        draft.wants("exchange", at, at)
        draft.loose.append(Loose(at - 1, at + 1, ANY, lowest=0.8, extra=draft.resolution))  # two registers round
        draft.says(f"The meter is exchanged for {name}; both registers are on record.", "Nothing is unknown.")
        return True
    after.broken = True
    near_nought = new < 60 * most  # a used meter that stands so low may as well have begun again
    codes = "exchange exchange_suspected" if new_id else "reset exchange_suspected" if near_nought else "exchange_suspected"
    draft.wants(codes, at, at)
    kept = "the id changes" if new_id else "the id stays"
    draft.says(f"The meter is exchanged for {name} at {new:g}; {kept}, nothing is recorded.", "No difference is taken across.")
    return True


def resets(draft: Draft) -> bool:
    """A device that forgets its register at every restart."""
    return reset(draft) and reset(draft) and (draft.random.random() < 0.5 or reset(draft))


def exchange_in_a_gap(draft: Draft) -> bool:
    """Hours of silence, and another meter speaks after them, by its id or by beginning at nought."""
    assert draft.interval is not None
    length = between(draft, max(3 * HOUR, 3 * draft.interval), min(2 * DAY, (draft.end - draft.start) / 5))
    number = placed(draft, length)
    if number is None:
        return False
    first = draft.events[number].at
    lost = draft.between(first, first + length)
    after = draft.events[number + len(lost)]
    old = draft.register(after)
    same_id = bool(draft.random.random() < 0.4)
    new = draft.stepped(draft.use(first, after.at) / 2 if same_id else draft.random.choice([0.0, old * 1.7, old * 0.6]))
    for event in lost:
        event.lost = True
    draft.relevel(number + len(lost), new - old, None if same_id else draft.new_meter())
    after.broken = True
    codes = "reset exchange_suspected" if same_id else "exchange exchange_suspected"
    draft.wants(codes, draft.events[number - 1].at, after.at)
    kept = "stays" if same_id else "changes"
    draft.says(f"The meter is exchanged while nothing is heard; the id {kept}.", "No difference covers the silence.")
    return True


def rollover(draft: Draft) -> bool:
    """The register passes the end that its digits give."""
    return _rolled(draft, 10.0 ** int(draft.random.integers(4, 7)), digits=True)


def rollover_32_bit(draft: Draft) -> bool:
    """The width of the register gives its end, though nobody stated its digits."""
    return _rolled(draft, WIND, digits=False)


def rollover_untold(draft: Draft) -> bool:
    """A register of nines passes its end, and its digits are not on record."""
    return _rolled(draft, 10.0 ** int(draft.random.integers(5, 7)), digits=False, sure=False)


def rollover_in_a_gap(draft: Draft) -> bool:
    """The register passes its end while nothing is heard."""
    assert draft.interval is not None
    return _rolled(draft, 10.0**6, digits=True, silent=between(draft, 3 * HOUR + 2 * draft.interval, DAY))


def _rolled(draft: Draft, end: float, digits: bool, sure: bool = True, silent: float = 0.0) -> bool:
    assert draft.interval is not None
    if draft.use(draft.start - DAY, draft.end + DAY) > 0.4 * end:
        return False
    number = placed(draft, silent + draft.interval)
    if number is None:
        return False
    first = draft.events[number].at
    lost = draft.between(first + 1, first + silent)
    for event in lost:
        event.lost = True
    after = draft.events[number + 1 + len(lost)]
    # The end is passed somewhere between the two: what is used before it is drawn.
    passed = draft.use(draft.load.first, first) + draft.random.uniform(0.1, 0.9) * draft.use(first, after.at)
    for event in draft.events:
        event.shift = end - passed - (end if event.at >= after.at else 0.0)
    used = draft.use(first, after.at)
    after_shown, before_shown = draft.shown(after), draft.shown(draft.events[number])
    if after_shown >= before_shown:
        return False  # nothing was used over the end
    draft.digits = round(len(str(int(end))) - 1) if digits else None
    codes = "rollover" if sure else "rollover reset exchange_suspected"
    draft.wants(codes, after.at, after.at)
    hour = after.at // HOUR * HOUR
    draft.loose.append(
        Loose(hour - HOUR, hour + HOUR, ("measured", "interpolated") if sure else (*ANY, "missing"), knowable=sure)
    )
    if not sure:
        draft.loose_tolerance(hour - HOUR, hour + HOUR, used)
    known = "its digits are known" if digits else "its digits are not on record"
    draft.says(f"The register passes {end:.3f}; {known}.", "The difference goes on across the end.")
    return True


def unit_declared(draft: Draft) -> bool:
    """The unit field changes with the value."""
    if draft.unit != "kWh":
        return False
    number = placed(draft, 0.0)
    if number is None:
        return False
    unit, factor = ("MWh", 0.001) if draft.random.random() < 0.6 else ("Wh", 1000.0)
    for event in draft.events[number:]:
        event.unit, event.factor = unit, factor
    at = draft.events[number].at
    draft.allowed.append(("unit_changed", at, at))
    draft.says(f"The register comes in {unit} from here on, and the unit field says so.", "Convert; nothing happened.")
    return True


def unit_undeclared(draft: Draft) -> bool:
    """The value is a thousandth, or a thousandfold, from here on; the unit field does not say so."""
    number = placed(draft, 0.0)
    if number is None:
        return False
    factor = 0.001 if draft.random.random() < 0.6 else 1000.0
    at, back = draft.events[number].at, draft.end
    if draft.random.random() < 0.25 and draft.end - at > 4 * DAY:
        back = int(at + draft.random.uniform(DAY, draft.end - at - DAY))
    for event in draft.between(at, back if back < draft.end else draft.end + 2 * DAY):
        event.factor = factor
    draft.wants("unit_changed", at, back)
    hour = at // HOUR * HOUR
    draft.loose.append(Loose(hour - HOUR, back + 2 * HOUR, ANY))
    draft.subwindow = False
    draft.says(
        f"The register comes {factor:g} times as large; the unit field still says {draft.unit}.", "A change of unit, not a reset."
    )
    return True


def sign_turned(draft: Draft) -> bool:
    """The register comes with a minus sign."""
    number = placed(draft, 0.0)
    if number is None:
        return False
    for event in draft.events[number:]:
        event.factor = -1.0
    at = draft.events[number].at
    hour = at // HOUR * HOUR
    draft.wants("sign_flip", at, draft.end)
    draft.loose.append(Loose(hour - HOUR, draft.end, ANY))
    draft.subwindow = False
    draft.says("The register comes with a minus sign.", "It is the same register, and use stays positive.")
    return True


def counts_backwards(draft: Draft) -> bool:
    """The register counts down at the pace of the use."""
    number = placed(draft, (draft.end - draft.start) / 4)
    if number is None:
        return False
    start = draft.events[number]
    top = draft.register(start)
    for event in draft.events[number + 1 :]:
        event.said = draft.stepped(top - draft.use(start.at, event.at))
        event.good = False
    hour = start.at // HOUR * HOUR
    draft.wants("sign_flip", start.at, draft.end)
    draft.allowed.append(("gap", start.at, draft.end))
    draft.backwards = hour
    draft.subwindow = False
    draft.says("The register counts down at the pace of the use.", "Wired wrong: never negative use, and someone must be told.")
    return True


def _moves_seldom(draft: Draft) -> bool:
    """The register often says the same twice: where a standstill begins and ends is not to be seen."""
    return (
        draft.interval is None
        or draft.use(draft.start, draft.end) * draft.interval / (draft.end - draft.start) < draft.resolution
    )


def stuck_and_caught_up(draft: Draft) -> bool:
    """One value is repeated for hours while the building runs, then comes the present one."""
    assert draft.interval is not None
    length = between(draft, max(3 * HOUR, 8 * draft.interval), min(2.5 * DAY, (draft.end - draft.start) / 4))
    if _moves_seldom(draft):
        return False
    number = placed(draft, length, earliest=0.25)
    if number is None:
        return False
    first = draft.events[number]
    run = draft.between(first.at + 1, first.at + length)
    after = draft.events[number + len(run) + 1]
    for event in run:
        event.said, event.good = draft.shown(first), False
    draft.wants("stuck", first.at, after.at)
    draft.allowed.append(("gap", first.at, after.at))
    draft.says(f"One value is repeated for {length / 3600:.1f} h, then it catches up.", "The jump belongs to all those hours.")
    return True


def stuck_for_good(draft: Draft) -> bool:
    """The register stands still under load and never moves again."""
    if _moves_seldom(draft):
        return False
    number = placed(draft, max(DAY, (draft.end - draft.start) / 6), earliest=0.4)
    if number is None:
        return False
    first = draft.events[number]
    for event in draft.events[number + 1 :]:
        event.said, event.good = draft.shown(first), False
    draft.occupies(first.at, draft.end + DAY)
    draft.wants("stuck", first.at, draft.end)
    draft.allowed.append(("gap", first.at, draft.end))
    draft.says("The register stands still under load and never moves again.", "Unknown, flagged, and never a saving.")
    return True


def stands_still(draft: Draft) -> bool:
    """The counting stops under load, then goes on from the same value."""
    assert draft.interval is not None
    length = between(draft, max(20 * HOUR, 10 * draft.interval), max(21 * HOUR, (draft.end - draft.start) / 4))
    if _moves_seldom(draft):
        return False
    number = placed(draft, length, earliest=0.3)
    if number is None:
        return False
    first = draft.events[number]
    run = draft.between(first.at + 1, first.at + length)
    after = run.pop()  # it stands where the counting goes on: the first good one, though it says the same
    lost = draft.use(first.at, after.at)
    for event in run:
        event.said, event.good = draft.shown(first), False
    for event in draft.events[number + len(run) + 1 :]:
        event.shift -= lost
    after.broken = True
    one = draft.load.largest(first.at, after.at + HOUR) * draft.interval / HOUR
    hour = after.at // HOUR * HOUR
    draft.loose.append(Loose(hour, hour + HOUR, ANY, lowest=0.4 if draft.interval < HOUR else 0.0, extra=one))
    draft.wants("stuck", first.at, after.at)
    draft.allowed.append(("gap", first.at, after.at))
    draft.says(
        f"The counting stops for {length / 3600:.1f} h and goes on from the same value.", "The use between is on no register."
    )
    return True
