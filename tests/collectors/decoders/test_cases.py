"""Every decoder against real published messages."""

import re
from pathlib import Path

import pytest

from collectors.messages import Observation
from config.errors import MessageError
from tests.collectors.decoders.matching import Case, differences, read_case, run
from tests.servers import ROOT, shared_folder

CASES = Path(__file__).parent / "cases"
JUDGED = re.compile(r"^### (\S+/\S+):", re.MULTILINE)


def cases_in(folder: Path) -> list[Case]:
    return [read_case(path) for path in sorted(folder.glob("*.json"))]


def families(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []


def judged_wrong() -> set[str]:
    """The expectations that docs/payload-judgements.md argues against, as family/file."""
    return set(JUDGED.findall((ROOT / "docs" / "payload-judgements.md").read_text()))


@pytest.mark.parametrize("family", families(CASES))
def test_each_case_gives_its_values_and_no_other(family: str) -> None:
    """The project's own proof, also where the published collection is not at hand."""
    cases = cases_in(CASES / family)
    answers = run(family, cases)

    found = {case.name: differences(case, answers[case.name]) for case in cases if case.name not in judged_wrong()}
    assert {name: difference for name, difference in found.items() if difference != ([], [])} == {}


@pytest.mark.parametrize("family", families(ROOT.parent / "shared" / "payloads"))
def test_every_published_value_is_found(family: str) -> None:
    """All but those judged wrong by argument; and an argument whose case is found after all is stale."""
    cases = cases_in(shared_folder("payloads") / family)
    answers = run(family, cases)

    missed = {case.name for case in cases if differences(case, answers[case.name])[0]}
    judged = {name for name in judged_wrong() if name.startswith(f"{family}/")}
    assert missed == judged


@pytest.mark.parametrize("family", families(ROOT.parent / "shared" / "payloads"))
def test_every_message_without_a_reading_stays_silent(family: str) -> None:
    """Statuses, commands, errors, masked and broken values: nothing is guessed."""
    cases = cases_in(shared_folder("payloads") / family)
    answers = run(family, cases)

    spoken = {case.name: answers[case.name] for case in cases if not case.expect and _readings(answers[case.name])}
    assert spoken == {}


@pytest.mark.parametrize("family", ["elvaco", "lorawan", "rec", "sparkplug", "wmbusmeters"])
def test_nothing_is_read_that_nobody_wrote(family: str) -> None:
    """A value more than the message's author lists is one we invented."""
    cases = [case for case in cases_in(shared_folder("payloads") / family) if case.name not in judged_wrong()]
    answers = run(family, cases)

    assert [extra for case in cases for extra in differences(case, answers[case.name])[1]] == []


@pytest.mark.parametrize("family", families(ROOT.parent / "shared" / "payloads"))
def test_no_two_readings_of_a_message_are_one_series_at_one_instant(family: str) -> None:
    """A store keyed by device, quantity, channel and time would keep one of the two and lose the other."""
    for name, answer in run(family, cases_in(shared_folder("payloads") / family)).items():
        keys = [(item.device, item.quantity, item.channel, item.time) for item in _readings(answer)]
        assert len(keys) == len(set(keys)), name


def _readings(answer: list[Observation] | MessageError) -> list[Observation]:
    return [] if isinstance(answer, MessageError) else answer
