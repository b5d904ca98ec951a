"""Durable QoS 1: Mosquitto → journal → decode → InfluxDB, counted in the store.

    python -m benchmarks.intake.measure [--messages 300000] [--live 200000] [--influxdb2]

Receiver and intake are processes of their own, publisher, broker and database share the machine with them. Backlog: the messages
wait in the broker's queue for a persistent session when the receiver starts. Live: the publisher sends as fast as the broker
acknowledges. 1,000 meters send wmbusmeters' JSON of about 100 bytes. The clock stops when the last message is in the store.
CPU is each process's own, user and system, from the start to that moment. Stock paho gets a tenth of the messages.
"""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from collectors.journal import JournalReader, JournalWriter, Progress
from config.domain.clock import SystemClock
from config.domain.series import READINGS, Aggregate, SeriesQuery
from services.store.influxdb import InfluxStore
from services.store.influxwire import InfluxTarget, InfluxVersion
from tests.servers import ROOT, Influxd1, Influxd2, Mosquitto
from tests.system import chain
from tests.system.publishing import publish

METERS = 1_000
PATIENCE_S = 300.0


@dataclass(frozen=True, slots=True)
class Result:
    name: str
    stored: int
    seconds: float
    journal_seconds: float
    cpu: dict[str, float]
    rss_mb: dict[str, float]

    def line(self) -> str:
        cpu = ", ".join(f"{name} {seconds / self.seconds:4.0%}" for name, seconds in self.cpu.items())
        rss = ", ".join(f"{name} {size:.0f} MB" for name, size in self.rss_mb.items())
        return (
            f"{self.name}: {self.stored:,} stored in {self.seconds:.2f} s = {self.stored / self.seconds:,.0f} messages/s; "
            f"journal {self.stored / self.journal_seconds:,.0f}/s; CPU: {cpu}; peak RSS: {rss}"
        )


def messages(count: int) -> Iterator[tuple[bytes, bytes]]:
    """About 100 bytes each; message i is meter i mod 1,000 at second i div 1,000."""
    stamps: dict[int, str] = {}
    for number in range(count):
        step = number // METERS
        if step not in stamps:
            stamps[step] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(1_735_689_600 + step * 10))
        meter = 20_000_000 + number % METERS
        body = (
            f'{{"media":"heat","meter":"kamheat","id":"{meter}",'
            f'"total_energy_consumption_kwh":{step},"timestamp":"{stamps[step]}"}}'
        )
        yield f"wmbusmeters/{meter}".encode(), body.encode()


class Watch:
    """CPU and peak memory of some processes."""

    def __init__(self, processes: dict[str, int]) -> None:
        self._processes = {name: psutil.Process(pid) for name, pid in processes.items()}
        self._begun = self._cpu()
        self.rss: dict[str, float] = {}

    def _cpu(self) -> dict[str, float]:
        return {name: sum(process.cpu_times()[:2]) for name, process in self._processes.items()}

    def look(self) -> None:
        for name, process in self._processes.items():
            self.rss[name] = max(self.rss.get(name, 0.0), process.memory_info().rss / 1e6)

    def cpu(self) -> dict[str, float]:
        return {name: now - self._begun[name] for name, now in self._cpu().items()}


def start(*words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "tests.system.chain", *words], cwd=ROOT)


def run(folder: Path, server: Influxd1 | Influxd2, name: str, count: int, *, backlog: bool, stock: bool) -> Result:
    """One measurement with a fresh broker, journal and database."""
    if isinstance(server, Influxd2):
        server.create_bucket(name)
        target = InfluxTarget(server.url, name, InfluxVersion.V2, org=server.org, token=server.token)
    else:
        server.create_database(name)
        target = InfluxTarget(server.url, name, InfluxVersion.V1)
    journal = folder / "journal"
    store_words = ["--influxdb", target.url, "--database", name, "--version", target.version.value]
    if target.token:
        store_words += ["--org", target.org, "--token", target.token]
    with Mosquitto(folder / "mosquitto") as broker:
        receive = ["receive", "--port", str(broker.port), "--journal", str(journal), *(["--stock"] if stock else [])]
        _make_session(broker, folder / "before")
        if backlog:
            publish(broker.port, messages(count))
        processes: list[subprocess.Popen[bytes]] = []
        try:
            intake = start(
                *("intake", "--journal", str(journal), "--state", str(folder / "state.sqlite"), "--buildings", str(METERS)),
                *store_words,
            )
            processes.append(intake)
            time.sleep(3)  # it waits for the journal; its start is not what is measured
            receiver = start(*receive)
            processes.append(receiver)
            publisher = None
            if not backlog:
                _connected(folder, 2)
                publisher = subprocess.Popen(
                    [sys.executable, "-m", "benchmarks.intake.measure", "--publish", str(broker.port), str(count)], cwd=ROOT
                )
            if publisher is not None:
                processes.append(publisher)
            assert broker.process is not None
            assert server.process is not None
            pids = {
                "receiver": receiver.pid,
                "intake": intake.pid,
                "mosquitto": broker.process.pid,
                "influxd": server.process.pid,
            }
            watch = Watch(pids | ({"publisher": publisher.pid} if publisher else {}))
            if backlog:
                _connected(folder, 2)
            begun = time.monotonic()
            journal_seconds = seconds = 0.0
            with JournalReader(journal) as reader:
                deadline = begun + PATIENCE_S
                while time.monotonic() < deadline:
                    with suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
                        watch.look()
                    position = Progress(journal).position()
                    held = reader.count_after(position._replace(day="", id=0))
                    if not journal_seconds and held >= count:
                        journal_seconds = time.monotonic() - begun
                    if journal_seconds and reader.count_after(position) == 0:
                        seconds = time.monotonic() - begun
                        break
                    time.sleep(0.05)
            cpu = watch.cpu() if publisher is None else _cpu_after(watch)
        finally:
            for process in processes:
                process.terminate()
                process.wait(30)
        found = InfluxStore(target).read(SeriesQuery(READINGS, aggregate=Aggregate.COUNT))
        stored = int(found["value"][0])
        if stored != count:
            raise RuntimeError(f"{stored} in the store, {count} published")
    return Result(name, stored, seconds, journal_seconds, cpu, watch.rss)


def _cpu_after(watch: Watch) -> dict[str, float]:
    try:
        return watch.cpu()
    except psutil.NoSuchProcess:
        return {}


def _make_session(broker: Mosquitto, folder: Path) -> None:
    """The persistent session, subscribed once, so that the broker queues for it."""
    import threading

    stop = threading.Event()
    with JournalWriter(folder) as journal:
        session = chain.session(broker.port, journal)
        thread = threading.Thread(target=session.run, args=(stop,))
        thread.start()
        while not session.figures.connected:
            time.sleep(0.05)
        time.sleep(0.5)
        stop.set()
        thread.join()


def _connected(folder: Path, times: int) -> None:
    log = folder / "mosquitto" / "log"
    while log.read_text(errors="replace").count(f"as {chain.CLIENT_ID}") < times:
        time.sleep(0.01)


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=300_000)
    parser.add_argument("--live", type=int, default=200_000)
    parser.add_argument("--influxdb2", action="store_true", help="against ENERGIMONITOR_TEST_INFLUXD2")
    parser.add_argument(
        "--publish", nargs=2, type=int, metavar=("PORT", "COUNT"), help="only publish (used by the script itself)"
    )
    options = parser.parse_args()
    if options.publish:
        publish(options.publish[0], messages(options.publish[1]))
        return
    today = SystemClock().now().date()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {today}")
    kind = Influxd2 if options.influxdb2 else Influxd1
    with tempfile.TemporaryDirectory() as temporary, kind(Path(temporary) / "influxd") as server:
        for name, count, backlog, stock in (
            ("backlog_batched", options.messages, True, False),
            ("backlog_stock", options.messages // 10, True, True),
            ("live_batched", options.live, False, False),
            ("live_stock", options.live // 10, False, True),
        ):
            print(run(Path(temporary) / name, server, name, count, backlog=backlog, stock=stock).line(), flush=True)


if __name__ == "__main__":
    main()
