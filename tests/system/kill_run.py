"""Kill everything while messages flow, and count.

    python -m tests.system.kill_run --messages 200000 --kills 20 [--influxd2 BINARY]

Receiver and intake are processes of their own. At random moments one of receiver, intake and InfluxDB is killed with SIGKILL and
started again; the broker is restarted (SIGTERM) three times; where a small file system can be mounted, the journal's disk is full
for some seconds. The publisher goes on after each break with the first message that was not acknowledged. At the end every
message that the broker acknowledged must be in the store once.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl

from collectors.journal import JournalReader, Progress
from config.domain.series import READINGS, SeriesQuery
from services.store.influxdb import InfluxStore
from services.store.influxwire import InfluxTarget, InfluxVersion
from tests.servers import ROOT, Influxd1, Influxd2, Mosquitto
from tests.system.estate import compare
from tests.system.publishing import publish

FIRST = datetime(2025, 1, 1, tzinfo=UTC)
METERS = 16
DISK_BYTES = 96 * 1024**2
PATIENCE_S = 180.0


@dataclass
class Account:
    """What was done and what was counted."""

    store: str
    published: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    full_disk_s: float = 0.0
    seconds: float = 0.0
    counted: dict[str, int] = field(default_factory=dict)
    journalled: int = 0

    def lines(self) -> Iterator[str]:
        yield f"store {self.store}; {self.published} messages acknowledged by the broker in {self.seconds:.0f} s"
        yield "killed or restarted: " + ", ".join(f"{name} {count}" for name, count in sorted(self.kills.items()))
        yield f"journal's disk full for {self.full_disk_s:.1f} s" if self.full_disk_s else "the full disk was not tried"
        yield f"in the journal: {self.journalled} (a message that comes twice is there twice)"
        yield ", ".join(f"{name} {count}" for name, count in self.counted.items())


def expected(messages: int) -> pl.DataFrame:
    """Message i is meter i mod 16 at minute i div 16, value i."""
    numbers = pl.DataFrame({"i": range(messages)})
    return numbers.select(
        (pl.lit("heat-") + (20_000_000 + pl.col("i") % METERS).cast(pl.String)).alias("meter"),
        pl.lit("heat_energy").alias("register"),
        (pl.lit(FIRST) + pl.duration(minutes=pl.col("i") // METERS)).cast(pl.Datetime("us", "UTC")).alias("time"),
        pl.col("i").cast(pl.Float64).alias("value"),
    )


def telegrams(messages: int) -> Iterator[tuple[bytes, bytes]]:
    """The same as wmbusmeters sends it."""
    for number in range(messages):
        meter = 20_000_000 + number % METERS
        time_text = (FIRST + timedelta(minutes=number // METERS)).strftime("%Y-%m-%dT%H:%M:%SZ")
        body = (
            f'{{"media":"heat","meter":"kamheat","name":"{meter}","id":"{meter}","status":"OK",'
            f'"total_energy_consumption_kwh":{number},"timestamp":"{time_text}"}}'
        )
        yield f"wmbusmeters/{meter}".encode(), body.encode()


class Process:
    """One of our two processes."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self._arguments = [sys.executable, "-m", "tests.system.chain", *arguments]
        self._log = folder / f"{arguments[0]}.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(self._arguments, cwd=ROOT, stdout=log, stderr=log)

    def kill(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(20)

    def stop(self) -> None:
        assert self._process is not None
        self._process.terminate()
        self._process.wait(60)

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None


class SmallDisk:
    """A file system of its own for the journal, where we may mount one; it can be filled up."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        mounted = os.geteuid() == 0 and subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(folder)], capture_output=True, check=False
        )
        self.mounted = bool(mounted) and mounted.returncode == 0  # type: ignore[union-attr] # False has none

    def fill(self, seconds: float) -> None:
        filler = self.folder / "filler"
        with filler.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 65_536)
            except OSError:
                pass  # full, as wanted
        time.sleep(seconds)
        filler.unlink()

    def close(self) -> None:
        if self.mounted:
            subprocess.run(["umount", "-l", str(self.folder)], check=False)


def run(
    folder: Path,
    server: Influxd1 | Influxd2,
    messages: int,
    kills: int,
    *,
    rate: float,
    seed: int = 1,
    say: Callable[[str], None] = lambda words: None,
) -> Account:
    """One run on a started InfluxDB."""
    chance = random.Random(seed)
    name = f"kill{seed}"
    if isinstance(server, Influxd2):
        server.create_bucket(name)
        target = InfluxTarget(server.url, name, InfluxVersion.V2, org=server.org, token=server.token)
        account = Account("InfluxDB 2.x")
    else:
        server.create_database(name)
        target = InfluxTarget(server.url, name, InfluxVersion.V1)
        account = Account("InfluxDB 1.x")
    disk = SmallDisk(folder / "journal")
    store_words = ["--influxdb", target.url, "--database", name, "--version", target.version.value]
    if target.token:
        store_words += ["--org", target.org, "--token", target.token]
    try:
        with Mosquitto(folder / "mosquitto") as broker:
            receiver = Process(folder, "receive", "--port", str(broker.port), "--journal", str(disk.folder))
            intake = Process(
                folder, "intake", "--journal", str(disk.folder), "--state", str(folder / "state.sqlite"), *store_words
            )
            receiver.start()
            intake.start()
            _subscribed(folder)
            begun = time.monotonic()
            publishing = threading.Thread(target=_publish, args=(broker.port, messages, rate, account))
            publishing.start()
            victims = ["receiver", "intake", "influxd"] * kills + ["broker"] * (3 if kills >= 3 else 1)
            chance.shuffle(victims)
            pause = messages / rate / (len(victims) + 1)
            for number, victim in enumerate(victims):
                time.sleep(pause * chance.uniform(0.4, 1.6))
                _hit(victim, receiver, intake, server, broker)
                account.kills[victim] += 1
                say(f"{number + 1}/{len(victims)} {victim}; {account.published} acknowledged")
                if disk.mounted and number == len(victims) // 2:
                    before = time.monotonic()
                    disk.fill(3.0)
                    account.full_disk_s = time.monotonic() - before
            publishing.join()
            account.seconds = time.monotonic() - begun
            _drained(disk.folder, account, messages, receiver, intake, say)
            receiver.stop()
            intake.stop()
        stored = InfluxStore(target).read(SeriesQuery(READINGS))
        account.counted = compare(expected(account.published), stored)
    finally:
        disk.close()
    return account


def _subscribed(folder: Path) -> None:
    """The publisher may begin when the receiver's session is there: before that the broker keeps nothing for us."""
    deadline = time.monotonic() + 30
    while "energimonitor-test" not in (folder / "mosquitto" / "log").read_text(errors="replace"):
        if time.monotonic() > deadline:
            raise RuntimeError((folder / "receive.log").read_text())
        time.sleep(0.05)
    time.sleep(0.5)


def _publish(port: int, messages: int, rate: float, account: Account) -> None:
    def progress(count: int) -> None:
        account.published = count

    publish(port, telegrams(messages), rate=rate, progress=progress)


def _hit(victim: str, receiver: Process, intake: Process, server: Influxd1 | Influxd2, broker: Mosquitto) -> None:
    match victim:
        case "receiver":
            receiver.kill()
            receiver.start()
        case "intake":
            intake.kill()
            intake.start()
        case "influxd":
            server.kill()
            server.start()
        case "broker":
            broker.stop()
            broker.start()


def _drained(
    journal: Path, account: Account, messages: int, receiver: Process, intake: Process, say: Callable[[str], None]
) -> None:
    """Wait until nothing more comes: the broker's queue is empty and the intake has reached the journal's end."""
    deadline = time.monotonic() + PATIENCE_S
    last, since = -1, time.monotonic()
    while time.monotonic() < deadline:
        for process in (receiver, intake):
            if not process.alive:
                raise RuntimeError("a process ended by itself")
        with JournalReader(journal) as reader:
            behind = reader.count_after(Progress(journal).position())
            held = reader.count_after(Progress(journal).position()._replace(day="", id=0))
        if held != last:
            last, since = held, time.monotonic()
        say(f"journal {held}, behind {behind}")
        if behind == 0 and held >= messages and time.monotonic() - since > 4:
            account.journalled = held
            return
        time.sleep(1)
    account.journalled = last


def main() -> None:
    """The full run, with its account printed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=200_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--rate", type=float, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--influxdb2", action="store_true", help="against ENERGIMONITOR_TEST_INFLUXD2")
    options = parser.parse_args()
    kind = Influxd2 if options.influxdb2 else Influxd1
    with tempfile.TemporaryDirectory() as temporary, kind(Path(temporary) / "influxd") as server:
        account = run(
            Path(temporary),
            server,
            options.messages,
            options.kills,
            rate=options.rate,
            seed=options.seed,
            say=lambda words: print(words, file=sys.stderr),
        )
    print("\n".join(account.lines()))


if __name__ == "__main__":
    main()
