"""What Grafana's panels ask gives the board's figures, on a real InfluxDB: every target of every dashboard."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from services.app import wiring
from services.store.influxdb import InfluxStore
from services.store.influxwire import InfluxTarget, InfluxVersion
from tests.dashboards import example, example_pictures, example_years
from tests.servers import HTTP, Influxd1
from tests.services.grafana.asking import questions, the_same


@pytest.mark.influxdb
def test_what_grafana_sends_gives_the_boards_figures(influxd1: Influxd1) -> None:
    """Each target with its bounds and the reader's choice in place of the variables; and most of them have something to show."""
    influxd1.create_database("grafana")
    store = InfluxStore(InfluxTarget(influxd1.url, "grafana", InfluxVersion.V1))
    example.fill(store)
    example_pictures.fill_pictures(store)
    example_years.fill_years(store)
    portfolio = example.portfolio()

    def ask(statement: str) -> Sequence[Mapping[str, Any]]:
        answer = HTTP.request(
            "POST", f"{influxd1.url}/query", fields={"q": statement, "db": "grafana", "epoch": "ms"}, encode_multipart=False
        )
        result = answer.json()["results"][0]
        assert "error" not in result, (statement, result)
        return list(result.get("series", []))

    rows = [
        the_same(question, store, portfolio, example.SCHOOL, example.NOW, ask)
        for board in wiring.boards()
        for question in questions(board, portfolio)
    ]
    store.close()

    assert len(rows) > 100
    assert sum(count > 0 for count in rows) > 200
