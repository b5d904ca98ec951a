"""The invented worlds: reproducible, asked of as the published ones are, and possible."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.servers import shared_folder
from tests.services.settlement.worlds import KINDS, drafts, worlds
from tests.services.settlement.worlds_drafts import Draft, Event, Loose, epoch
from tests.services.settlement.worlds_expectations import expectation, scenario
from tests.services.settlement.worlds_knowing import knowing_answer
from tests.services.settlement.worlds_loads import DAY, Load

PUBLISHED = (
    *(
        f"yardstick/{name}"
        for name in ("a-clean", "b-six-hours-silent", "c-one-false-zero", "d-id-changes", "e-recorded", "f-same-id")
    ),
    *(f"gaps/{name}" for name in ("at-the-end", "at-the-start", "six-hours", "hourly-readings-one-lost", "register-runs-on")),
    *(f"gaps/{name}" for name in ("one-reading-missing-at-the-hour", "daily-readings")),
    *(
        f"registers/{name}"
        for name in ("zeros-for-three-hours", "two-spikes", "water-new-meter", "reset-and-back", "single-zero-hourly")
    ),
    *(f"stuck/{name}" for name in ("flat-then-jump", "thirty-hours-then-catches-up", "for-good")),
    *(f"real/{name}" for name in ("b31-electricity-spikes", "b71-electricity-daily-one-lost", "b57-electricity-stuck-summer")),
    *(f"real/{name}" for name in ("b77-heat-used-meter-same-id", "b2-electricity-four-days")),
)


def rebuilt(published: dict[str, Any]) -> Draft:
    """The world of a published scenario, its faults told by its findings; load even within an hour."""
    given, point = published["input"], published["input"]["metering_point"]
    start, end, interval = epoch(given["from"]), epoch(given["to"]), point["interval_s"]
    hours = np.array(published["truth"])
    around = np.full(3 * 24, hours.mean())
    load = Load(start - 3 * DAY, np.repeat(np.concatenate([around, hours, around]), 12))
    draft = Draft(
        np.random.default_rng(0),
        point["carrier"],
        point["direction"],
        point["unit"],
        point["resolution"],
        interval,
        start,
        end,
        load,
        [],
    )
    wanted = [(item["any_of"], epoch(item["from"]), epoch(item["to"])) for item in published["expect"]["findings"]["required"]]
    false = [(first, last) for codes, first, last in wanted if codes == ["false_reading"]]
    stuck = [(first, last) for codes, first, last in wanted if codes == ["stuck"]]
    begins = [first for codes, first, _ in wanted if {"exchange_suspected", "reset"} & set(codes)]
    heard = {epoch(reading["time"]) for reading in given["readings"]}
    for at in range(start + (min(heard) - start) % interval, end + 1, interval):
        event = Event(at, 0.0, at + 3, at, lost=at not in heard)
        event.good = not any(first <= at <= last for first, last in false) and not any(first < at < last for first, last in stuck)
        event.broken = any(at - interval < moment <= at for moment in begins)
        draft.events.append(event)
    for item in given["exchanges"]:
        draft.noted.append(epoch(item["at"]))
        draft.loose.append(Loose(epoch(item["at"]) - 1, epoch(item["at"]) + 1, ("measured", "interpolated", "estimated"), 0.8))
    return draft


def asked(row: dict[str, Any]) -> tuple[Any, ...]:
    return (row["from"], row["to"], row["mark"], *sorted(row["methods"]), row["value"], row["knowable"], *row["coverage"])


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_world_made_here_is_asked_the_same(name: str) -> None:
    """Marks, methods and ranges hour by hour, and sums within the 2 % that an even load inside an hour may cost."""
    published = json.loads((shared_folder("settlement") / f"{name}.json").read_text())
    expect = published["expect"]

    made = expectation(rebuilt(published))

    assert [asked(row) for row in made["hours"]] == [asked(row) for row in expect["hours"]]
    assert [(item["from"], item["to"]) for item in made["sums"]] == [(item["from"], item["to"]) for item in expect["sums"]]
    for mine, theirs in zip(made["sums"], expect["sums"], strict=True):
        assert mine["low"] == pytest.approx(theirs["low"], rel=0.02, abs=0.02)
        assert mine["high"] == pytest.approx(theirs["high"], rel=0.04)
        assert mine.get("spread_error", 0.0) == pytest.approx(theirs.get("spread_error", 0.0), rel=0.02)


def test_the_same_seed_gives_the_same_worlds() -> None:
    """A failure is found again by its name, in a longer run too."""
    short, longer = list(worlds(5, 4)), list(worlds(5, 6))

    assert short == longer[:4]
    assert list(worlds(6, 1)) != short[:1]


def test_every_kind_is_in_a_run_of_ordinary_length() -> None:
    """Each first once, then by weight."""
    names = [name.rsplit("-", 2)[0] for name, _ in drafts(2, len(KINDS))]

    assert names == [name for name, _, _ in KINDS]


def test_readings_come_in_the_order_of_their_arrival() -> None:
    """As the contract says of the list."""
    for world in worlds(3, 12):
        received = [reading["received"] for reading in world["input"]["readings"]]

        assert received == sorted(received)


def test_who_knows_the_good_readings_passes(tmp_path: Path) -> None:
    """What is asked of each kind of world can be given, by the scorer's own judgement."""
    scorer = shared_folder("tools") / "score_settlement"
    answers = []
    for name, draft in drafts(11, len(KINDS)):
        path = tmp_path / "worlds" / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(scenario(draft, name)))
        answers.append(json.dumps(knowing_answer(draft, name)))
    (tmp_path / "answers").write_text("\n".join(answers))
    reply = [sys.executable, "-c", f"print(open({str(tmp_path / 'answers')!r}).read())"]

    run = subprocess.run(
        [sys.executable, scorer, "--quick", "--dir", tmp_path / "worlds", "--", *reply],
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stdout + run.stderr
