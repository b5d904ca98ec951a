"""Every call that we make to Grafana is one that Grafana 13 has."""

import re

import pytest

from services.grafana import client
from tests.servers import ROOT

OPERATIONS = {
    re.sub(r"{\w+}", "{}", line)
    for line in (ROOT / "tests/contracts/grafana_13_operations.txt").read_text().splitlines()
    if line and not line.startswith("#")
}


@pytest.mark.parametrize("call", client.CALLS)
def test_grafana_13_has_every_call_that_we_make(call: str) -> None:
    """Method and path, whatever the parameters are named: 19 of the 95 calls of grafana-api 1.0.3 are gone."""
    assert re.sub(r"{\w+}", "{}", call) in OPERATIONS


def test_the_list_of_operations_is_whole() -> None:
    """321 were read off Grafana's own client; calls by numeric id are not among them."""
    assert len(OPERATIONS) == 321
    assert "GET /datasources/{}" not in OPERATIONS


def test_every_call_of_the_client_is_on_the_list_of_calls() -> None:
    """A call written past `CALLS` would escape the comparison."""
    written = {
        found
        for path in (ROOT / "services/grafana").glob("*.py")
        for found in re.findall(r'"((?:GET|POST|PUT|PATCH|DELETE) /[^"]*)"', path.read_text())
    }

    assert written == set(client.CALLS)
