"""Grafana for real, by hand, with the data of an installation that is filled already: provisioned from nothing by the command,
twice, then every panel asked through Grafana and its figures compared with the store's.

    ENERGIMONITOR_TEST_GRAFANA=/path/start.sh ENERGIMONITOR_STORE=influxdb2 ENERGIMONITOR_INFLUXDB_URL=… \\
        ENERGIMONITOR_INFLUXDB_TOKEN=… ENERGIMONITOR_MUNICIPALITY=… python -m tests.system.grafana_trial FOLDER

Grafana goes on in FOLDER until the program is ended (Ctrl-C), so that its pages can be looked at.
"""

import sys
from pathlib import Path

import typer.testing

from config.domain.clock import SystemClock
from services.app import wiring
from services.app.cli import build
from tests.services.grafana.asking import questions, the_same
from tests.system.real_grafana import RealGrafana


def main(folder: Path) -> None:
    chosen = wiring.settings()
    town = wiring.municipality(chosen)
    database = chosen.influxdb_database
    goals = {goal.id: goal.text_sv for goal in town.goals.goals}
    with RealGrafana(folder) as grafana:
        environment = {"ENERGIMONITOR_GRAFANA_URL": grafana.url, "ENERGIMONITOR_GRAFANA_TOKEN": grafana.token()}
        print(f"Grafana {grafana.version} at {grafana.url}")
        for _ in range(2):
            said = typer.testing.CliRunner().invoke(build(), ["provision"], env=environment, catch_exceptions=False)
            print(said.output)
        store = wiring.open_store(chosen)
        now = SystemClock().now()
        building = next(iter(town.portfolio.buildings))
        for board in wiring.boards():
            empty, rows, total = [], 0, 0
            for question in questions(board, town.portfolio, goals):
                found = the_same(question, store, town.portfolio, building, now, lambda asked: grafana.ask(asked, database))
                total, rows = total + 1, rows + found
                if not found:
                    empty.append(question.title)
            print(f"{board.uid:24} {total:3} questions, {rows:6} rows; without rows: {', '.join(dict.fromkeys(empty)) or 'none'}")
        store.close()
        input("Enter ends Grafana. ")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
