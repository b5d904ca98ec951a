"""Receivers of alerts in audiences.yaml: what they become, and what is wrong with them, by line and in both languages."""

from datetime import time, timedelta
from pathlib import Path

import pytest

from config.domain.alerts import AlertKind, Channel, Escalation, QuietHours
from config.loading import check_municipality
from tests.config.folders import PORTFOLIO, SOURCES

HEAD = "audiences: []\nalerts:\n"
GOOD = """\
  - id: drift
    channel: email
    address: drift@example.se
    owners: [skolnamnden]
    least_sek: 500
    every: 15 min
    quiet: {from: "18:00", to: "07:00", days_off: true}
    escalate: {to: system, after: 24 h}
  - id: system
    channel: webhook
    address: https://example.se/larm
    secret_file: nyckel
    language: en
"""


def folder(path: Path, alerts: str) -> Path:
    (path / "portfolio.yaml").write_text(PORTFOLIO)
    (path / "audiences.yaml").write_text(HEAD + alerts)
    return path


def test_receivers_are_read_with_all_that_they_say(tmp_path: Path) -> None:
    """What is not said has its usual value; who hears of some buildings only does not hear of the service."""
    made, faults = check_municipality(folder_with_sources(tmp_path, GOOD))
    assert made is not None, faults
    drift, system = made.receivers

    assert (drift.owners, drift.least_sek, drift.every) == (("skolnamnden",), 500.0, timedelta(minutes=15))
    assert drift.quiet == QuietHours(time(18), time(7), days_off=True)
    assert drift.escalation == Escalation("system", timedelta(days=1))
    assert AlertKind.SERVICE not in drift.kinds
    assert (system.channel, system.kinds, system.secret_file) == (Channel.WEBHOOK, frozenset(AlertKind), tmp_path / "nyckel")


def folder_with_sources(path: Path, alerts: str) -> Path:
    (path / "sources.yaml").write_text(SOURCES)
    return folder(path, alerts)


@pytest.mark.parametrize(
    ("old", "new", "line", "english", "swedish"),
    [
        ("address: drift@example.se", "address: drift", 5, "no mail address", "ingen e-postadress"),
        ("https://example.se/larm", "http://example.se/larm", 13, "no https address", "ingen https-adress"),
        ("owners: [skolnamnden]", "owners: [skolnamden]", 6, "did you mean skolnamnden?", "menade du skolnamnden?"),
        ('"18:00"', '"18.00"', 9, "no time of day", "inget klockslag"),
        ("to: system", "to: systemet", 10, "no other receiver", "ingen annan mottagare"),
        ("to: system", "to: drift", 10, "no other receiver", "ingen annan mottagare"),
        ("  - id: system", "  - id: drift", 11, "given twice", "står två gånger"),
        ("channel: webhook", "channel: email", 14, "only a webhook is signed", "bara en webhook signeras"),
        ("channel: email\n    address: drift@example.se", "channel: mqtt\n    address: larm/#", 5, "no topic", "inget ämne"),
    ],
)
def test_a_fault_is_named_by_its_line_in_both_languages(
    old: str, new: str, line: int, english: str, swedish: str, tmp_path: Path
) -> None:
    """Whoever edits the file finds it."""
    assert old in GOOD
    _, faults = check_municipality(folder_with_sources(tmp_path, GOOD.replace(old, new, 1)))
    found = [fault for fault in faults if fault.file == "audiences.yaml" and not fault.warning]

    assert any(fault.line == line and english in fault.text and swedish in fault.text_sv for fault in found), faults


def test_an_escalation_to_someone_who_may_not_hear_of_it_is_warned_of(tmp_path: Path) -> None:
    """It would never be told."""
    narrow = GOOD.replace("    language: en\n", "    buildings: [skola]\n")
    made, faults = check_municipality(folder_with_sources(tmp_path, narrow))

    assert made is not None
    assert ["does not hear of all the buildings" in fault.text for fault in faults if fault.file == "audiences.yaml"] == [True]
